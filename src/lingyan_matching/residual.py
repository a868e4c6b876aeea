"""What could still change in a plan, and what would each change cost?

A plan is a flow hub → unit → person → post → hub. Its residual graph has one arc for everything
that could still change: a person may join a post or leave it, a seat may be filled or given up,
a unit may send one more or one fewer. An arc costs what the county would lose by it, all goals in
one Python integer. A plan is best exactly if no round trip has a negative cost; then prices of the
nodes exist under which no arc is cheaper than 0, and every question "what would it cost if …" is
one shortest path. Prices serve the search only and are never shown: they are not unique.

The bounds (seats of a post, load of a person, limit of a unit, and bounds over several posts or
people) form trees on both sides, so the flow stays integral: a bound is one more node on the way. A
constraint that is not a tree does not belong here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from copy import copy
from itertools import pairwise

from lingyan_matching.goals import names_of_goals
from lingyan_matching.lot import FULL_BITS, tickets
from lingyan_matching.plan import Plan
from lingyan_matching.problem import Bound, Graph, Pair, Problem, build, tickets_of, with_marks
from lingyan_matching.scale import Scale
from lingyan_matching.trees import ROOT, Crossing, trees_of
from lingyan_matching.ways import Tree, Ways, grow, grow_to, lifted, raised, way_to

Places = tuple[int, int]
"""A person and a post by their index."""

POSTING_GOALS = ("lower", "class")
PAIRING_GOALS = ("bounds", "villages")
"""What the goals that count seats are called: below lower bounds, and by class."""


class NotBestError(ValueError):
    """The plan is not the best one for its goals, so no prices can be read off it."""


class Residual:
    """The residual graph of one plan; it can be changed step by step and stays the best plan.

    Nodes are numbered posts first, then people, then units, then bounds, then the hub. `arcs[a][b]`
    is the cost of the arc from a to b. Frozen pairs (pins) count as load and have no arcs.
    """

    def __init__(
        self,
        problem: Problem,
        scale: Scale,
        gains: dict[Places, int],
        *,
        taken: Iterable[Places],
        frozen: Iterable[Places] = (),
        first_only: bool = False,
    ) -> None:
        self.problem, self.scale, self.gains = problem, scale, gains
        self.first_person = len(problem.posts)
        self.first_unit = self.first_person + len(problem.people)
        self.first_bound = self.first_unit + len(problem.units)
        self.hub = self.first_bound + len(problem.bounds)
        self._hang_nodes()
        self.taken, self.frozen, self.first_only = set(taken), set(frozen), first_only
        self.arcs: list[dict[int, int]] = [{} for _ in range(self.hub + 1)]
        self.forth: Ways | None = None
        self.back: Ways | None = None
        self._lost: dict[int, int] = {}
        self._edges: list[list[int]] | None = None
        self.price = [0] * (self.hub + 1)
        self.held_back: int | None = None
        self._weigh_seats()
        self._count_loads()
        self._lay_arcs()

    def _hang_nodes(self) -> None:
        """Find the node above each node; those of posts take what comes, the others give."""
        found = trees_of(self.problem)
        if isinstance(found, Crossing):
            raise NotBestError(f"not a flow: {found.text_en()}")

        def node(number: int) -> int:
            return self.hub if number == ROOT else self.first_unit + number

        self.above = [
            *map(node, found.above_post),
            *map(node, found.above_person),
            *map(node, found.above_set),
        ]
        self.sender = self.above[self.first_person : self.first_unit]
        self.takes = [True] * self.first_person + [False] * len(self.problem.people)
        self.takes += found.of_posts

    def line(self, node: int) -> Iterable[int]:
        """A node and whatever stands above it, the hub left out."""
        while node != self.hub:
            yield node
            node = self.above[node]

    def _weigh_seats(self) -> None:
        """Per node: its room, how many seats a lower bound asks for, and what a seat is worth."""
        problem, scale = self.problem, self.scale
        self.room = [
            *(post.upper for post in problem.posts),
            *(person.upper for person in problem.people),
            *(unit.limit for unit in problem.units),
            *(self.room_of(bound) for bound in problem.bounds),
        ]
        self.lower = [
            *(post.lower for post in problem.posts),
            *(person.lower for person in problem.people),
            *(0 for _ in problem.units),
            *(bound.lower for bound in problem.bounds),
        ]
        lower, klass = PAIRING_GOALS if self.first_only else POSTING_GOALS
        self.below = scale.worth(lower)
        self.seat = [scale.worth(f"{klass}-{post.klass}") for post in problem.posts]
        self.seat += [0] * (self.hub - self.first_person)

    def room_of(self, bound: Bound) -> int:
        """How many pairs a bound has room for; without an upper one nobody is too many."""
        return len(self.problem.people) if bound.upper is None else bound.upper

    def _count_loads(self) -> None:
        self.load = [0] * self.hub
        for person, post in self.taken:
            for node in (*self.line(post), *self.line(self.first_person + person)):
                self.load[node] += 1

    def _lay_arcs(self) -> None:
        arcs, first = self.arcs, self.first_person
        of_people = arcs[first : self.first_unit]
        for (person, post), gain in self.gains.items():
            of_people[person][post] = -gain
        for pair in self.taken:
            del arcs[first + pair[0]][pair[1]]
            if pair not in self.frozen:
                arcs[pair[1]][first + pair[0]] = self.gains[pair]
        for node in range(self.hub):
            self._refresh(node)

    def _refresh(self, node: int) -> None:
        """Lay the arcs between a node and its holder again, after its load has changed.

        Post → hub fills a seat, hub → post gives one up; hub or unit → person takes a person in,
        the other way lets go; the same for hub and unit. Seats below a lower bound are worth more,
        and each next seat at most as much as the one before, so the cost is convex.
        """
        holder, load = self.above[node], self.load[node]
        giver, taker = (node, holder) if self.takes[node] else (holder, node)
        more = load < self.room[node] and node != self.held_back
        self._lay(giver, taker, -self._worth(node, load), possible=more)
        less = min(load, self.room[node]) > 0
        self._lay(taker, giver, self._worth(node, load - 1), possible=less)

    def _lay(self, start: int, end: int, cost: int, *, possible: bool) -> None:
        if possible:
            self.arcs[start][end] = cost
        else:
            self.arcs[start].pop(end, None)

    def _worth(self, node: int, seat: int) -> int:
        """What the next seat is worth when `seat` of them are filled.

        In pairing only the first unit of a village counts for its class.
        """
        counted = self.seat[node] if seat <= 0 or not self.first_only else 0
        return counted + (self.below if seat < self.lower[node] else 0)

    def worth_of_next(self, node: int) -> int:
        """What one more through a node is worth by itself."""
        return self._worth(node, self.load[node])

    def worth(self) -> int:
        """What the open rows are worth, all goals and the lot in one integer."""
        fixed = [0] * self.hub
        for person, post in self.frozen:
            for node in (*self.line(post), *self.line(self.first_person + person)):
                fixed[node] += 1
        return sum(self.gains[pair] for pair in self.taken - self.frozen) + sum(
            self._worth(node, seat)
            for node in range(self.hub)
            for seat in range(fixed[node], self.load[node])
        )

    def downwards(self) -> list[int]:
        """The nodes of the bounds, each after the one above it."""
        found: list[int] = []
        waiting = set(range(self.first_bound, self.hub))
        while waiting:
            ready = sorted(node for node in waiting if self.above[node] not in waiting)
            found += ready
            waiting -= set(ready)
        return found

    def settle(self, start: Sequence[int] = ()) -> None:
        """Find prices under which no arc is cheaper than 0, or say that the plan is not best.

        1. Start from what is known, or from 0 everywhere.
        2. Lower the price of each node that an arc reaches more cheaply, until none does.
        3. A node lowered as often as there are nodes lies on a round trip that would improve
           the plan: then there are no prices.
        """
        price = self.price = list(start) or [0] * (self.hub + 1)
        waiting = deque(range(self.hub, -1, -1))
        queued, lowered = [True] * len(price), [0] * len(price)
        while waiting:
            node = waiting.popleft()
            queued[node] = False
            own = price[node]
            for target, cost in self.arcs[node].items():
                if own + cost < price[target]:
                    price[target] = own + cost
                    if not queued[target]:
                        queued[target] = True
                        lowered[target] += 1
                        if lowered[target] > len(price):
                            raise NotBestError("the plan can be improved")
                        waiting.append(target)

    def loosen(self) -> None:
        """Take all bounds over several posts or people away, to be laid again by `tighten`."""
        for node in range(self.first_bound, self.hub):
            self.room[node], self.lower[node] = len(self.problem.people), 0
            self._refresh(node)

    def tighten(self, node: int, *, room: int, lower: int) -> None:
        """Let a bound hold from now on; the plan stays the best one under all that hold.

        1. What flows through the node beyond its room has to find another way around, one pair
           after the other: seats are given up, or other people take them.
        2. What is missing below its lower bound is led through it as long as that is worth it.
        """
        self._forget()
        above = self.above[node]
        before, behind = (node, above) if self.takes[node] else (above, node)
        self.room[node] = room
        self._refresh(node)
        while self.load[node] > room:
            assert self._led(before, behind) is not None, "pins are within the bounds"
        self.lower[node], self.held_back = lower, node
        self._refresh(node)
        while self.load[node] < min(lower, room):
            if self._led(behind, before, most=self.below) is None:
                break
        self.held_back = None
        self._refresh(node)

    def _led(self, source: int, target: int, *, most: int | None = None) -> int | None:
        """Push one unit on the cheapest way between two nodes, if it costs less than the most.

        Prices rise by how far each node lies, at most by the length of that way.
        """
        way, length = grow_to(source, target, self.price, self.arcs)
        cost = None if length is None else length + self.price[target] - self.price[source]
        if most is not None and (cost is None or cost >= most):
            short = max(0, most + self.price[source] - self.price[target])
            self.price = lifted(self.price, way, short)
            return None
        if cost is not None and length is not None:
            self.price = lifted(self.price, way, length)
            self._apply(way_to(way, target), set())
        return cost

    def tree(self, source: int) -> Tree:
        """Find the cheapest way from one node to every other."""
        if self.forth is None:
            self.forth = Ways(self.hub, self.price, self.arcs, self.people)
        return self.forth.tree(source, back=self.back)

    def tree_to(self, target: int) -> Tree:
        """Find the cheapest way from every node to one: its paths run against the arcs."""
        if self.back is None:
            against: list[dict[int, int]] = [{} for _ in self.arcs]
            for start, ends in enumerate(self.arcs):
                for end, cost in ends.items():
                    against[end][start] = cost
            price = [-price for price in self.price]
            self.back = Ways(self.hub, price, against, self.people)
        return self.back.tree(target, back=self.forth)

    @property
    def people(self) -> range:
        """The nodes of the people: they are entered from other nodes only."""
        return range(self.first_person, self.first_unit)

    def _forget(self) -> None:
        """Whatever was found out before a change does not hold after it."""
        self.forth = self.back = None
        self._lost = {}

    def _once(self, source: int) -> Tree:
        """The cheapest ways from one node, for a graph that is about to change."""
        return grow(source, self.price, self.arcs, self.people)

    def insist(self, person: int, post: int) -> int | None:
        """Force a pair into the plan and keep it there; None where the bounds do not allow it."""
        self._forget()
        pair, node = (person, post), self.first_person + person
        if pair in self.taken:
            self._freeze(pair)
            return 0
        loss = self._turn(post, node, -self.gains[pair], {pair})
        if loss is not None:
            self._freeze(pair)
        return loss

    def forbid(self, person: int, post: int) -> int:
        """Take a pair out of the plan for good, and mend the plan at the least cost."""
        self._forget()
        pair, node, loss = (person, post), self.first_person + person, 0
        if pair in self.taken:
            self._freeze(pair)
            found = self._turn(node, post, self.gains[pair], {pair})
            assert found is not None, "the person can always go back and leave the seat empty"
            loss = found
        self.frozen.discard(pair)
        self.arcs[node].pop(post, None)
        self.gains.pop(pair, None)
        return loss

    def offer(self, person: int, post: int, gain: int) -> int:
        """Allow a new pair and use it if that makes the plan better."""
        self._forget()
        pair, node = (person, post), self.first_person + person
        self.gains[pair] = gain
        loss = self._turn(post, node, -gain, {pair}, only_if_better=True) or 0
        if pair not in self.taken:
            self.arcs[node][post] = -gain
        return loss

    def release(self, person: int, post: int) -> int:
        """Give up a pin; the pair stays only if it is part of the best plan."""
        self._forget()
        pair, node = (person, post), self.first_person + person
        gain = self.gains[pair]
        self.frozen.discard(pair)
        loss = self._turn(node, post, gain, {pair}, only_if_better=True) or 0
        if pair in self.taken:
            self.arcs[post][node] = gain
        return loss

    def withdraw(self, person: int) -> int:
        """Take a person out of the pool; each post left is filled again at the least cost.

        What the person brought is lost, but the place in the unit's limit is free again.
        """
        self._forget()
        node = self.first_person + person
        sender, loss = self.sender[person], 0
        self.arcs[node].clear()
        self.arcs[sender].pop(node, None)
        for post in range(self.first_person):
            self.arcs[post].pop(node, None)
        for pair in sorted(pair for pair in self.taken if pair[0] == person):
            way = self._once(sender)
            brought = self.gains[pair] + self._worth(node, self.load[node] - 1)
            loss += brought + way.cost[pair[1]]
            self.price = raised(self.price, way)
            self._apply(way.path(pair[1]), {pair})
            self.arcs[node].clear()
            self.arcs[sender].pop(node, None)
        return loss

    def ways_to_seated(self, person: int, post: int, toward: Tree) -> Tree:
        """The ways to a person who sits at a post, out of those to the post.

        Whoever takes one post at most can only be set free by that post.
        """
        node, pair = self.first_person + person, (person, post)
        if self.room[node] > 1 or pair in self.frozen:
            return self.tree_to(node)
        cost = {start: way + self.gains[pair] for start, way in toward.cost.items()}
        return Tree(node, {**cost, node: 0}, {**toward.before, post: node, node: node})

    def loss_without(self, person: int, post: int, toward: Tree) -> int:
        """What would be lost if somebody who sits at a post withdrew.

        The post is filled again from where the unit's place is free; no way leads over the person.
        """
        node = self.first_person + person
        if self.room[node] > 1:
            if person not in self._lost:
                self._lost[person] = self.copy().withdraw(person)
            return self._lost[person]
        brought = self.gains[person, post] + self._worth(node, 0)
        return brought + toward.cost[self.sender[person]]

    def _freeze(self, pair: Places) -> None:
        self.frozen.add(pair)
        self.arcs[pair[1]].pop(self.first_person + pair[0], None)

    def edges_of(self, person: int) -> list[int]:
        """The numbers of all edges of a person in the problem."""
        if self._edges is None:
            self._edges = [[] for _ in self.problem.people]
            for edge, owner in enumerate(self.problem.edge_person):
                self._edges[owner].append(edge)
        return self._edges[person]

    def score(self, pair: Places) -> int:
        """The score of an open pair as it was given."""
        if "score" not in self.scale.names:
            return next(
                self.problem.edge_score[edge]
                for edge in self.edges_of(pair[0])
                if self.problem.edge_post[edge] == pair[1]
            )
        amounts = self.scale.amounts(self.gains[pair])
        score = amounts[self.scale.names.index("score")]
        return -score if self.problem.sense == "min" else score

    def copy(self) -> Residual:
        """A second graph to try a change on."""
        twin: Residual = copy(self)
        twin.gains, twin.taken, twin.frozen = dict(self.gains), set(self.taken), set(self.frozen)
        twin.arcs = [dict(ends) for ends in self.arcs]
        twin.price, twin.load = list(self.price), list(self.load)
        twin._forget()
        return twin

    def push(self, path: Sequence[int]) -> None:
        """Carry out the moves of a path; prices are not kept."""
        self._forget()
        self._apply(path, set())

    def _turn(
        self,
        source: int,
        target: int,
        cost: int,
        flips: set[Places],
        *,
        only_if_better: bool = False,
    ) -> int | None:
        """Close the round trip of a given arc (target → source) by the cheapest way back.

        1. Find the cheapest ways from the end of the arc; none to its start: impossible.
        2. Take them into the prices, so that the arc itself is priced at 0 or more afterwards.
        3. Push one unit around, unless it must pay for itself and does not.
        """
        way = self._once(source)
        self.price = raised(self.price, way)
        if target not in way.cost:
            return None
        loss = way.cost[target] + cost
        if only_if_better and loss >= 0:
            return 0
        self._apply(way.path(target), flips)
        return loss

    def _apply(self, path: Sequence[int], flips: set[Places]) -> None:
        """Flip each pair on the path and lay the arcs of everything touched again."""
        touched = {node for node in path if node != self.hub}
        for person, post in flips ^ set(self.pairs_on(path)):
            pair, node, change = (person, post), self.first_person + person, 1
            if pair in self.taken:
                change = -1
                self.arcs[node][post] = -self.gains[pair]
                self.arcs[post].pop(node, None)
            else:
                self.arcs[node].pop(post, None)
                self.arcs[post][node] = self.gains[pair]
            self.taken ^= {pair}
            for changed in (*self.line(post), *self.line(node)):
                self.load[changed] += change
                touched.add(changed)
        for changed in sorted(touched):
            self._refresh(changed)

    def pairs_on(self, path: Sequence[int]) -> Iterable[Places]:
        """The pairs that a path joins or parts."""
        people = self.people
        for start, end in pairwise(path):
            if start in people and end < self.first_person:
                yield start - self.first_person, end
            elif end in people and start < self.first_person:
                yield end - self.first_person, start


def residual_of(graph: Graph, plan: Plan, *, lots: bool = False) -> Residual:
    """The settled residual graph of a plan that is best for its goals.

    The lot decides who moves where equally good ways exist; prices do not need it.
    """
    if plan.certificate.get("kind") == "bound":
        raise NotBestError("a solver found the plan, there are no prices")
    problem = problem_of(graph, plan)
    bits = lot_bits(problem, plan) if lots else 0
    scale = Scale.of(problem, goal_names(problem, plan), lot_bits=bits)
    drawn = None
    if bits and problem is graph.problem and len(problem.edge_post) == len(graph.edge_post):
        drawn = [lot >> FULL_BITS - bits for lot in tickets_of(graph, plan.seed)]
    residual = Residual(
        problem,
        scale,
        edge_gains(problem, scale, plan.settings.base, seed=plan.seed, bits=bits, drawn=drawn),
        taken=_numbered(problem, [(row.person, row.post) for row in plan.assignments]),
        frozen=_numbered(problem, problem.pins),
        first_only=plan.mode == "pairing",
    )
    residual.settle()
    return residual


def problem_of(graph: Graph, plan: Plan) -> Problem:
    """The problem that the plan answers: pins, bans and limits of its settings included."""
    settings = plan.settings
    return with_marks(
        graph.problem,
        pins=settings.pins,
        bans=settings.bans,
        limits=dict(settings.limits),
    )


def lot_bits(problem: Problem, plan: Plan) -> int:
    """How many bits of each ticket counted in the plan; 0 if it drew no lots."""
    if plan.settings.goals and "lot" not in plan.settings.goals:
        return 0
    if plan.mode == "pairing":
        from lingyan_matching.pairing_goals import task_of

        return task_of(build(problem), lot=True).worth.bits
    from lingyan_matching.draw import draw_of

    return draw_of(len(problem.people)).bits


def goal_names(problem: Problem, plan: Plan) -> tuple[str, ...]:
    """The goals in their order; the lot, which decides last, has no name of its own."""
    if plan.mode == "total":
        return names_of_goals(problem, plan.settings.goals or ("seats", "score"))
    lower = any(p.lower for p in problem.people) or any(p.lower for p in problem.posts)
    classes = [f"villages-{number}" for number in sorted({post.klass for post in problem.posts})]
    return (*(["bounds"] if lower else []), *classes, "score")


def edge_gains(
    problem: Problem,
    scale: Scale,
    base: Iterable[Pair],
    *,
    seed: int,
    bits: int = 0,
    drawn: Sequence[int] | None = None,
) -> dict[Places, int]:
    """What each open pair is worth by itself: its score, whether it is a change, and its lot.

    `drawn` are the lots of all pairs, where somebody has drawn them already and nothing is banned.
    """
    points = -scale.worth("score") if problem.sense == "min" else scale.worth("score")
    pairs = zip(problem.edge_person, problem.edge_post, strict=True)
    gains = dict(zip(pairs, [points * score for score in problem.edge_score], strict=True))
    for pair in _numbered(problem, problem.bans):
        gains.pop(pair, None)
    if change := scale.worth("changes"):
        for pair in gains.keys() - set(_numbered(problem, base)):
            gains[pair] -= change
    if bits:
        if drawn is None:
            people = [person.id for person in problem.people]
            posts = [post.id for post in problem.posts]
            drawn = tickets(seed, [(people[i], posts[g]) for i, g in gains], bits)
        gains = {pair: gain - lot for (pair, gain), lot in zip(gains.items(), drawn, strict=True)}
    return gains


def _numbered(problem: Problem, pairs: Iterable[Pair]) -> Iterable[Places]:
    people = {person.id: number for number, person in enumerate(problem.people)}
    posts = {post.id: number for number, post in enumerate(problem.posts)}
    return [(people[i], posts[g]) for i, g in pairs if i in people and g in posts]
