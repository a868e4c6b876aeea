"""What does insisting on a pair cost in a stable plan?

A stable plan has no prices that prove it, so the plan is made again with the pair fixed: the same
mode, the same lot. What is lost is told as everywhere, seats by class first; then the pairs that
would rather have each other than what they got, which there were none of before; then points.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from lingyan_matching.carrier import choose
from lingyan_matching.changes import Task, Withdraw, solve_task, task_after
from lingyan_matching.chosen import marked
from lingyan_matching.explain import Price, cheapest_first
from lingyan_matching.explain_solved import is_proved
from lingyan_matching.plan import Plan
from lingyan_matching.preferences import largest_key
from lingyan_matching.problem import BadInstance, Graph, Pair, Problem, build, edge_between, holds
from lingyan_matching.regret import Move, Regret, moves_between
from lingyan_matching.solver import SECONDS_MAX
from lingyan_matching.stable import Wishes, propose, rank_wishes
from lingyan_matching.stable_trees import has_room
from lingyan_matching.verify_stable import blocking_pairs

NONE = -1
QUICK_MODES = ("stable-people", "stable-posts")


@dataclass(frozen=True, slots=True)
class Rerun:
    """What comes of fixing a pair: all pairs of the plan then, and those that would block it."""

    rows: tuple[Pair, ...]
    blocking: tuple[Pair, ...]
    proved: bool = True


class StableBook:
    """Both sides' orders, made once, so that a plan of mode B is made again in milliseconds.

    A plan of mode stable-best asks the solver for each pair: fractions of a second each, so a
    page asks for one pair at a time (`asks_solver`).
    """

    def __init__(
        self,
        graph: Graph,
        plan: Plan,
        *,
        carrier: str = "auto",
        seconds_max: float = SECONDS_MAX,
    ) -> None:
        self.seconds_max, self.out_of_time = seconds_max, 0
        self.plan, self.given, self.graph = plan, graph, marked(graph, plan.settings)
        self.problem: Problem = self.graph.problem
        edges, key = len(self.graph.edge_post), largest_key(self.graph)
        self.on = choose(carrier, edges=edges, number_max=key)
        self.rows = tuple((row.person, row.post) for row in plan.assignments)
        columns = zip(self.problem.edge_person, self.problem.edge_post, strict=True)
        people, posts = self.problem.people, self.problem.posts
        scores = zip(columns, self.problem.edge_score, strict=True)
        self.score = {(people[i].id, posts[g].id): score for (i, g), score in scores}

    @property
    def asks_solver(self) -> bool:
        """Whether each price takes a solver, too long for all of a post on one page."""
        return self.plan.mode not in QUICK_MODES

    @cached_property
    def wishes(self) -> Wishes:
        return rank_wishes(self.graph, seed=self.plan.seed, carrier=self.on)

    @cached_property
    def place(self) -> tuple[Sequence[int], Sequence[int], Sequence[int]]:
        """Where each edge stands in the order of its person, of its post, and of its unit."""
        wishes, ints = self.wishes, self.on.ints
        return ints(wishes.people.place), ints(wishes.posts.place), ints(wishes.units.key)

    # --- one pair ------------------------------------------------------------------------------

    def price(self, person_id: str, post_id: str) -> Price:
        """What insisting on an eligible pair costs; no regret means that it cannot be."""
        pair = (person_id, post_id)
        score = self.score[pair]
        if pair in self.rows:
            return Price(*pair, score, True, self._regret(self.rows, 0))
        found = self.rerun(person_id, post_id)
        if found is None:
            return Price(*pair, score, False, None)
        regret = self._regret(found.rows, len(found.blocking))
        chain = self._chain(person_id, found.rows)
        return Price(*pair, score, False, regret, chain, found.blocking, found.proved)

    def _chain(self, person_id: str, rows: Iterable[Pair]) -> tuple[Move, ...]:
        """Who moves: first the person insisted on, then the others by name."""
        moves = moves_between(self.rows, rows)
        return tuple(sorted(moves, key=lambda move: (move.person != person_id, move.person)))

    def _regret(self, rows: Sequence[Pair], blocking: int) -> Regret:
        before, after = self._values(self.rows), self._values(rows)
        sign = -1 if self.problem.sense == "min" else 1
        amounts = {name: before[name] - after[name] for name in before}
        amounts["blocking_pairs"] = blocking
        amounts["score"] = sign * sum(self.score[pair] for pair in self.rows)
        amounts["score"] -= sign * sum(self.score[pair] for pair in rows)
        return Regret(tuple(amounts), tuple(amounts.values()), self.problem.sense)

    def _values(self, rows: Sequence[Pair]) -> dict[str, int]:
        """Seats filled: those below lower bounds where there are any, then by class."""
        filled, posts = Counter(post for _, post in rows), self.problem.posts
        found = {}
        lows = [(filled[post.id], post.lower) for post in posts]
        if self.problem.bounds:
            pairs = [*rows]
            lows += [(sum(holds(b, p) for p in pairs), b.lower) for b in self.problem.bounds]
        if any(low for _, low in lows):
            found["lower"] = sum(min(have, low) for have, low in lows)
        for klass in sorted({post.klass for post in posts}):
            found[f"class-{klass}"] = sum(filled[p.id] for p in posts if p.klass == klass)
        return found

    # --- the plan made again -------------------------------------------------------------------

    def rerun(self, person_id: str, post_id: str) -> Rerun | None:
        """Fix an eligible pair and make the plan again; None where the bounds do not allow it."""
        if self.asks_solver:
            return self._solved((person_id, post_id))
        graph = self.graph
        person, post = graph.person_index[person_id], graph.post_index[post_id]
        edge = edge_between(graph.edge_person, graph.post_ptr, person, post)
        unit = graph.unit_of[person]
        if edge is None or graph.seats[post] <= 0 or (unit >= 0 and graph.limit[unit] <= 0):
            return None
        side, bounded = self.plan.mode.removeprefix("stable-"), self.wishes.bounded
        if bounded is not None and not has_room(bounded, edge):
            return None
        held = propose(graph, self.wishes, side=side, carrier=self.on, fixed=edge)
        people, posts = self.problem.people, self.problem.posts
        pairs = [graph.ids(own) for own in held if own != NONE]
        pairs += [(people[i].id, posts[g].id) for i, g, _ in graph.pinned]
        pairs.sort(key=lambda pair: pair[::-1])
        if bounded is not None:
            found = blocking_pairs(self.problem, pairs, seed=self.plan.seed)
            return Rerun(tuple(pairs), tuple((block.person, block.post) for block in found))
        blocking = tuple(graph.ids(own) for own in sorted(self._blocking(held, edge)))
        return Rerun(tuple(pairs), blocking)

    def _solved(self, pair: Pair) -> Rerun | None:
        """Ask the solver; a pinned pair need not be stable, so this is another model each time."""
        settings = self.plan.settings
        with_pin = replace(settings, pins=tuple(sorted({*settings.pins, pair})))
        try:
            return self._solved_again(Task(self.given.problem, with_pin))
        except BadInstance:
            return None

    def _solved_again(self, task: Task) -> Rerun:
        from lingyan_matching.best import rows_again

        graph = marked(build(task.problem), task.settings)
        chosen, proved = rows_again(
            graph,
            goals=task.settings.goals,
            seed=self.plan.seed,
            seconds_max=self.seconds_max,
        )
        proved = proved and is_proved(self.plan)
        self.out_of_time += not proved
        rows = tuple((row.person, row.post) for row in chosen)
        found = blocking_pairs(self.problem, rows)
        return Rerun(rows, tuple((block.person, block.post) for block in found), proved)

    def withdrawal(self, person_id: str) -> Regret:
        """What is lost if a person leaves: the plan is made again, as stable as before."""
        task = task_after(self.given, self.plan, Withdraw(person_id))
        if self.asks_solver:
            return self._regret(self._solved_again(task).rows, 0)
        rows = [(row.person, row.post) for row in solve_task(task, self.plan).assignments]
        return self._regret(rows, 0)

    def _blocking(self, held: Sequence[int], fixed: int) -> set[int]:
        """The edges that block a plan with a fixed pair.

        Without the pair nothing blocks the rest, so only what touches it can: edges of its person,
        of its post, and of those whom its unit has no place for.
        """
        graph, (_, post_place, unit_place) = self.graph, self.place
        person, post = graph.edge_person[fixed], graph.edge_post[fixed]
        unit = self.wishes.units.of[person]
        touched = set(range(graph.post_ptr[post], graph.post_ptr[post + 1]))
        waiting = [i for i, own in enumerate(self.wishes.units.of) if own == unit >= 0]
        for who in (person, *(i for i in waiting if held[i] == NONE)):
            touched.update(graph.person_edge[graph.person_ptr[who] : graph.person_ptr[who + 1]])
        load, sent = Counter[int](), Counter[int]()
        worst: dict[int, int] = defaultdict(lambda: NONE)
        last: dict[int, int] = defaultdict(lambda: NONE)
        for who, edge in enumerate(held):
            if edge != NONE:
                at, own = graph.edge_post[edge], self.wishes.units.of[who]
                load[at], sent[own] = load[at] + 1, sent[own] + 1
                worst[at] = max(worst[at], post_place[edge])
                last[own] = max(last[own], unit_place[edge])
        full = {u: last[u] for u in range(len(graph.limit)) if sent[u] >= graph.limit[u]}
        return {
            edge
            for edge in touched
            if self._person_wants(edge, held, full)
            and (
                load[graph.edge_post[edge]] < graph.seats[graph.edge_post[edge]]
                or post_place[edge] < worst[graph.edge_post[edge]]
            )
        }

    def _person_wants(self, edge: int, held: Sequence[int], full: Mapping[int, int]) -> bool:
        """Whether the person, and a full unit for him, would rather have this edge."""
        person_place, _, unit_place = self.place
        who = self.graph.edge_person[edge]
        if held[who] != NONE:
            return person_place[edge] < person_place[held[who]]
        unit = self.wishes.units.of[who]
        return unit not in full or unit_place[edge] < full[unit]

    # --- one post ------------------------------------------------------------------------------

    def of_post(self, post_id: str) -> list[Price]:
        """What insisting on each eligible person for a post costs, cheapest first."""
        if post_id not in self.graph.post_index:
            raise KeyError(f"there is no post {post_id!r}")
        pairs = [pair for pair in self.open_pairs() if pair[1] == post_id]
        return sorted((self.price(*pair) for pair in pairs), key=cheapest_first)

    def in_turn(self, asked: Sequence[Pair], *, enough: int) -> Iterator[Price]:
        """Prices of pairs, first of those that both sides like most.

        Nothing is known of a price before the plan is made again, so it never ends early, whatever
        is `enough`.
        """
        del enough
        for pair in sorted(asked, key=self._liking):
            yield self.price(*pair)

    def _liking(self, pair: Pair) -> tuple[int, Pair]:
        """How far down a pair stands in both orders; who is pinned elsewhere comes last."""
        graph, (of_person, of_post, _) = self.graph, self.place
        person, post = graph.person_index[pair[0]], graph.post_index[pair[1]]
        edge = edge_between(graph.edge_person, graph.post_ptr, person, post)
        return (len(of_person) if edge is None else of_person[edge] + of_post[edge], pair)

    def open_pairs(self) -> list[Pair]:
        """All eligible pairs that are not banned."""
        closed = set(self.problem.bans)
        return [pair for pair in self.score if pair not in closed]


def stable_prices(
    graph: Graph, plan: Plan, post_id: str, *, book: StableBook | None = None
) -> list[Price]:
    """What insisting on each eligible person for a post of a stable plan costs, cheapest first."""
    return (book or StableBook(graph, plan)).of_post(post_id)


def blocking_text(blocking: Sequence[Pair], names: Mapping[str, str]) -> str:
    """In plain words, who would rather have each other."""
    if not blocking:
        return ""
    pairs = "、".join(f"{names.get(i, i)}与{names.get(g, g)}" for i, g in blocking)
    return f"这 {len(blocking)} 对更愿意选对方，却不能如愿：{pairs}。"
