"""What does insisting on each pair of a plan cost, for a whole county or province at once?

``explain.py`` answers for one pair, with everything around it. Here all prices of a plan of mode
total come out of one table, and a change of it is one shortest path: fast enough for a province.
The prices to search by are those of the certificate, so nothing is solved again.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lingyan_matching import price_kernel
from lingyan_matching.carrier import Carrier, choose, loops_on
from lingyan_matching.chosen import marked
from lingyan_matching.explain import Price, cheapest_first
from lingyan_matching.goals import is_plain
from lingyan_matching.plan import Plan
from lingyan_matching.problem import Graph, Pair, Problem
from lingyan_matching.regret import Regret
from lingyan_matching.residual import NotBestError, goal_names
from lingyan_matching.scale import balanced_divmod
from lingyan_matching.seating import members_of
from lingyan_matching.total import Tariff, edge_costs, goals_of, tariff_of

SEAT_BASE = 4
LIFT, FAR = 1 << 6, 1 << 12
"""How many times the worth of any seat a node that cannot be reached is lifted, and is far."""


@dataclass(frozen=True, slots=True)
class Worth:
    """How all goals live in one integer of 64 bits.

    A round trip passes the hub once, so it fills one seat and gives up one at most: then a seat
    needs to weigh only four times the next class. Points and changes are those of the tariff.
    """

    tariff: Tariff
    names: tuple[str, ...]
    seat: Mapping[int, int]
    below: int
    inner: int

    @classmethod
    def of(cls, problem: Problem, plan: Plan, tariff: Tariff, inner: int) -> Worth:
        """`inner` is what the open rows of the plan cost by the tariff."""
        classes = sorted(tariff.seat)
        weights = [tariff.gap * SEAT_BASE**place for place in range(len(classes) + 1)]
        seat = dict(zip(reversed(classes), weights, strict=False))
        return cls(tariff, goal_names(problem, plan), seat, weights[-1], inner)

    def amounts(self, loss: int) -> tuple[int, ...]:
        """Read a loss as goals again.

        What the rows cost after the change is a number between 0 and the gap; the rest are seats.
        """
        tariff = self.tariff
        after = (self.inner + loss) % tariff.gap
        seats, found = (loss - (after - self.inner)) // tariff.gap, {}
        for name in reversed([name for name in self.names if name not in ("changes", "score")]):
            higher, found[name] = balanced_divmod(seats, SEAT_BASE)
            seats = higher
        rows = sum(amount for name, amount in found.items() if name.startswith("class-"))
        new, old = self._parted(after), self._parted(self.inner)
        found["score"] = new[0] - old[0] + tariff.sign * tariff.best * rows
        found["changes"] = new[1] - old[1]
        return tuple(found[name] for name in self.names)

    def _parted(self, inner: int) -> tuple[int, int]:
        """The points and the changes in a sum of costs."""
        points, change = self.tariff.score_weight, self.tariff.change_weight
        if change >= points:
            return inner % change, inner // change
        return inner // points, inner % points


class PriceBook:
    """The prices of one plan of mode total; it is read only, and can be asked at any time.

    Raises NotBestError if the certificate does not prove the plan: then there are no prices.
    """

    def __init__(self, graph: Graph, plan: Plan, *, carrier: str = "auto") -> None:
        """Prepare for questions.

        1. Read the prices of the certificate, and check them against every edge.
        2. Find the cheapest ways from the hub, with a seat worth four of the next class.
        3. Take these prices off all costs, which proves them, and find the ways back to the hub.
        """
        if plan.mode != "total":
            raise NotBestError("only a plan of mode total has a book of prices")
        if graph.problem.bounds or not is_plain(goals_of(plan.settings)):
            raise NotBestError("the book knows neither bounds over several posts nor other goals")
        self.plan, self.graph = plan, marked(graph, plan.settings)
        self.problem = self.graph.problem
        tariff = tariff_of(self.graph, goals_of(plan.settings))
        top = tariff.gap * SEAT_BASE ** (len(tariff.seat) + 1)
        self.lift, self.far = LIFT * top, FAR * top
        edges = len(self.graph.edge_score)
        self.on: Carrier = choose(carrier, edges=edges, number_max=8 * self.far)
        self.loops = loops_on(self.on, price_kernel)
        self.cost = edge_costs(self.graph, tariff, plan.settings, self.on)
        self._read_plan()
        inner = sum(self.on.ints(self.on.picked(self.cost, [e for e in self.held if e >= 0])))
        self.worth = Worth.of(self.problem, plan, tariff, inner)
        self._weigh_seats()
        self._settle(self._known_prices())

    # --- preparation ---------------------------------------------------------------------------

    def _read_plan(self) -> None:
        graph, on = self.graph, self.on
        column = on.column
        self.edges = tuple(
            column(part)
            for part in (
                graph.edge_person,
                graph.edge_post,
                graph.post_ptr,
                graph.person_ptr,
                graph.person_edge,
            )
        )
        rows = [row for row in self.plan.assignments if not row.pinned]
        try:
            people = column([graph.person_index[row.person] for row in rows])
            posts = column([graph.post_index[row.post] for row in rows])
        except KeyError as unknown:
            raise NotBestError(f"the plan names {unknown}, whom the problem does not") from None
        held = on.filled(len(graph.room), -1)
        if self.loops.edges_of_rows((people, posts), self.edges, held):
            raise NotBestError("the plan holds a pair that is not open")
        self.held: list[int] = on.ints(held)
        holder_ptr = on.filled(len(graph.seats) + 1, 0)
        self.load = on.filled(len(graph.seats), 0)
        holder = on.filled(len(rows), 0)
        self.loops.count_holders(self.edges, held, holder_ptr, holder, self.load)
        self.full_unit = self._full_units()
        members = members_of(self.full_unit, len(graph.limit))
        self.parts = (
            held,
            column(self.full_unit),
            holder_ptr,
            holder,
            column(members[0]),
            column(members[1]),
        )

    def _full_units(self) -> list[int]:
        """The unit of each person, or -1 if it could send one more."""
        graph = self.graph
        if not graph.limit:
            return [-1] * len(graph.room)
        people = [person for person, edge in enumerate(self.held) if edge >= 0]
        sent = Counter(graph.unit_of[person] for person in people)
        return [
            unit if unit >= 0 and sent[unit] >= graph.limit[unit] else -1 for unit in graph.unit_of
        ]

    def _weigh_seats(self) -> None:
        """What each post loses by giving up a seat, and gains by filling one; units change none."""
        graph, worth = self.graph, self.worth
        give, fill = [], []
        loads = self.on.ints(self.load)
        for post, (load, row) in enumerate(zip(loads, self.problem.posts, strict=True)):
            seat, lower = worth.seat[row.klass], graph.lower[post]
            give.append(seat + worth.below * (load <= lower) if load else self.far)
            more = seat + worth.below * (load < lower)
            fill.append(more if load < graph.seats[post] else self.far)
        fill += [0 if limit > 0 else self.far for limit in graph.limit]
        column = self.on.column
        self.ends = (column(give), column(fill), column([self.far]))

    def _known_prices(self) -> list[int]:
        """The prices of posts and units out of the certificate, the lot taken out."""
        try:
            level = self.plan.certificate["levels"][0]
            scale, posts, units = level["scale"], level["u"], level["pi"]
            known = [(price + scale // 2) // scale for price in posts]
            known += [-((price + scale // 2) // scale) for price in units]
        except (KeyError, IndexError, TypeError):
            raise NotBestError("the plan carries no prices") from None
        nodes = len(self.graph.seats) + len(self.graph.limit)
        if len(known) != nodes or max(map(abs, known), default=0) > self.lift:
            raise NotBestError("the prices of the plan are not those of the problem")
        return known

    def _settle(self, known: list[int]) -> None:
        """Steps 1 to 3 of the preparation."""
        on, loops, edges, parts = self.on, self.loops, self.edges, self.parts
        nodes = len(known)
        self.slack = on.filled(len(self.cost), 0)
        self.person_price = on.filled(len(self.held), 0)
        prices = (on.column(known), self.person_price)
        shut = (self.ends[0], on.filled(nodes, self.far), self.ends[2])
        self._prove(loops.take_off_prices(edges, self.cost, parts, shut, prices, self.slack))
        forth = self._scratch(nodes)
        loops.ways_from_hub(edges, self.cost, parts, self.ends, prices, forth)
        level = on.ints(forth[2])
        lost = [int(price == self.far) for price in level]
        level = [
            own if own < self.far else price + self.lift
            for own, price in zip(level, known, strict=True)
        ]
        self.level = on.column(level)
        prices = (self.level, self.person_price)
        self._prove(loops.take_off_prices(edges, self.cost, parts, self.ends, prices, self.slack))
        back = self._scratch(nodes)
        home = on.filled(len(self.held), 0)
        loops.ways_to_hub(edges, self.slack, parts, self.ends, (*prices, home), back)
        self.forth, self.back, self.search = forth, back, self._scratch(nodes)
        self.room = on.filled(len(self.cost), 0)
        self.columns = (
            edges[1],
            edges[3],
            edges[4],
            self.slack,
            self.level,
            self.person_price,
            edges[0],
            edges[2],
            back[2],
            on.column(lost),
            self.ends[2],
        )

    def _scratch(self, nodes: int) -> tuple[Any, ...]:
        """Heap, places, distances, stamps, entries and the last stamp of a search."""
        return (*(self.on.filled(nodes, 0) for _ in range(5)), self.on.filled(1, 0))

    @staticmethod
    def _prove(wrong: int) -> None:
        if wrong:
            raise NotBestError("the prices of the plan do not prove it")

    # --- searches ------------------------------------------------------------------------------

    @property
    def exits(self) -> Any:
        """What the cheapest way from each node to the hub costs, prices taken off."""
        return self.back[2]

    @cached_property
    def plan_id(self) -> str:
        """The name of the plan; to find it all rows are read."""
        return self.plan.id

    @cached_property
    def rows(self) -> tuple[Pair, ...]:
        """All pairs of the plan, by post and then person."""
        return tuple((row.person, row.post) for row in self.plan.assignments)

    def search_from(self, node: int, radius: int) -> None:
        self.search[5][0] += 1
        self.loops.spread(node, radius, 0, self.columns, self.parts, self.search)

    def search_from_person(self, person: int, radius: int) -> None:
        self.loops.spread_from_person(person, radius, self.columns, self.parts, self.search)

    def distance(self, node: int, radius: int) -> int:
        """How far a node is from where the last search began; over the hub it is the radius."""
        dist, seen, stamp = self.search[2], self.search[3], self.search[5][0]
        known = node >= 0 and seen[node] == stamp and dist[node] < radius
        return int(dist[node]) if known else radius

    # --- prices --------------------------------------------------------------------------------

    def losses(self) -> Any:
        """What insisting on each open edge loses, all goals in one integer (see `regret`)."""
        found = self.on.filled(len(self.cost), 0)
        self.loops.price_all(self.columns, self.parts, self.search, found)
        return found

    def regret(self, loss: int) -> Regret | None:
        """A loss goal by goal; None if it cannot be."""
        if loss >= self.lift // 2:
            return None
        return Regret(self.worth.names, self.worth.amounts(loss), self.problem.sense)

    def of_post(self, post_id: str) -> list[Price]:
        """What insisting on each eligible person for this post would cost, cheapest first.

        The same as ``explain.prices``, without the chains of those who would move.
        """
        if post_id not in self.graph.post_index:
            raise KeyError(f"there is no post {post_id!r}")
        post, graph = self.graph.post_index[post_id], self.graph
        first, last = graph.post_ptr[post], graph.post_ptr[post + 1]
        self.loops.price_post(post, self.columns, self.parts, self.search, self.room)
        found = self.on.ints(self.room[first:last])
        people, held = self.problem.people, self.held
        prices = [
            Price(
                people[graph.edge_person[edge]].id,
                post_id,
                graph.edge_score[edge],
                held[graph.edge_person[edge]] == edge,
                self.regret(loss),
            )
            for edge, loss in zip(range(first, last), found, strict=True)
        ]
        return sorted([*prices, *self._closed(post)], key=cheapest_first)

    def _closed(self, post: int) -> Iterator[Price]:
        """The prices of those who have no place to give: they are pinned, here or elsewhere."""
        problem, room = self.problem, self.graph.room
        if min(room, default=1) > 0:
            return
        banned, pinned = set(problem.bans), set(problem.pins)
        first, last = (bisect_left(problem.edge_post, post + step) for step in (0, 1))
        for edge in range(first, last):
            person = problem.edge_person[edge]
            pair = (problem.people[person].id, problem.posts[post].id)
            if room[person] <= 0 and pair not in banned:
                here = pair in pinned
                yield Price(*pair, problem.edge_score[edge], here, self.regret(0) if here else None)
