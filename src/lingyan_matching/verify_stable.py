"""Is this plan stable, and is no stable plan better for the side that it claims to favour?

Nothing here solves: the plan is held against the problem itself. Standard library only.

What "stable" means. A person prefers posts in the order of his ranks; posts that he did not mention
follow, by score; equal ones by the lot. A post prefers people in the same way. A pair blocks if

- the person would rather have the post: it beats the one he has, or he has none and his unit may
  still send somebody, or his unit is full but the pair stands before the last one that it holds
  (a full unit lets higher wishes go first, then scores, then the lot); and
- the post would rather have the person: it has an empty seat or the person beats its worst one.

Where a bound over several posts or people is full, the same is asked of it as of a full unit:
within the smallest full set around it the pair must stand before the last one held. A township
lets posts of the first class go first, then those wanted more.

Pinned people and the seats they take stand outside: nobody blocks against a pin.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lingyan_matching.lot import tiebreak
from lingyan_matching.plan import Plan, same_json
from lingyan_matching.problem import Person, Post, Problem
from lingyan_matching.trees import Crossing, trees_of
from lingyan_matching.verify_bound import check_bound

BEST_GOALS = ("seats", "score", "lot")
"""The goals of mode stable-best, in their order; the lot may be left out."""

NO_END = 1 << 60
Key = tuple[int, ...]
"""How good an edge is for one side, least best: mentioned or not, then rank or score, then lot."""


@dataclass(frozen=True, slots=True)
class BlockingPair:
    """A person and a post that would both rather have each other."""

    person: str
    post: str


Full = dict[int, int]
"""The full sets of one side, by number, with the last edge that each holds, or -1."""


@dataclass(frozen=True, slots=True)
class View:
    """One plan beside its problem, as far as stability is concerned; edges are numbers.

    `at` person → edge held. On each side `sets` name, for each person (post), all sets that it
    stands in, from the inside out: itself, the unit (none for a post), bounds. `full` are the full
    ones with the last edge that they hold.
    """

    problem: Problem
    seed: int | None
    open_edges: tuple[int, ...]
    at: Mapping[int, int]
    person_sets: list[list[int]]
    post_sets: list[list[int]]
    person_full: Full
    post_full: Full

    def person_key(self, edge: int) -> Key:
        """How good an edge is for its person, and for all sets of that person."""
        return self._key(edge, self.problem.edge_person_rank)

    def post_key(self, edge: int) -> Key:
        """How good an edge is for its post, and for all sets of that post: first by its class."""
        return (self._filling(edge), *self._key(edge, self.problem.edge_post_rank))

    def _filling(self, edge: int) -> int:
        return self.problem.posts[self.problem.edge_post[edge]].klass

    def _key(self, edge: int, ranks: Sequence[int] | None) -> Key:
        return (*self._class(edge, ranks), self._lot(edge))

    def _class(self, edge: int, ranks: Sequence[int] | None) -> tuple[int, int]:
        if ranks is not None and ranks[edge]:
            return 0, ranks[edge]
        score = self.problem.edge_score[edge]
        return 1, score if self.problem.sense == "min" else -score

    def _before(self, edge: int, other: int, ranks: Sequence[int] | None) -> bool:
        """Whether an edge is better than another; lots are drawn only for equal wishes."""
        own, its = self._class(edge, ranks), self._class(other, ranks)
        return self._lot(edge) < self._lot(other) if own == its else own < its

    def person_prefers(self, edge: int, other: int) -> bool:
        """Whether the people's side would rather have the first of two edges."""
        return self._before(edge, other, self.problem.edge_person_rank)

    def post_prefers(self, edge: int, other: int) -> bool:
        """Whether the posts' side would rather have the first of two edges."""
        own, its = self._filling(edge), self._filling(other)
        if own != its:
            return own < its
        return self._before(edge, other, self.problem.edge_post_rank)

    def _lot(self, edge: int) -> int:
        if self.seed is None:
            return 0
        person = self.problem.people[self.problem.edge_person[edge]]
        post = self.problem.posts[self.problem.edge_post[edge]]
        return tiebreak(self.seed, person.id, post.id)

    def full_around(self, side: str, edge: int) -> list[int]:
        """The full sets of a side around an edge, from the inside out."""
        if side == "people":
            sets, full = self.person_sets[self.problem.edge_person[edge]], self.person_full
        else:
            sets, full = self.post_sets[self.problem.edge_post[edge]], self.post_full
        return [number for number in sets if number in full]

    def given_up(self, side: str, edge: int) -> int | None:
        """Which held edge a side gives up for this one; None: none, -1: it has no room at all."""
        full = self.full_around(side, edge)
        if not full:
            return None
        return (self.person_full if side == "people" else self.post_full)[full[0]]

    def prefers(self, side: str, edge: int, other: int) -> bool:
        """Whether a side would rather have the first of two edges."""
        better = self.person_prefers if side == "people" else self.post_prefers
        return better(edge, other)

    def wanted(self, side: str, edge: int) -> bool:
        """Whether a side would rather have this edge than an empty place or the last one held."""
        return self.is_better(side, edge, self.given_up(side, edge))

    def is_better(self, side: str, edge: int, held: int | None) -> bool:
        """Whether a side would rather have this edge than the one that it gives up for it."""
        return held is None or (held >= 0 and self.prefers(side, edge, held))

    def given_up_for(self, edge: int) -> int | None:
        """Which held edge the people's side gives up for this one; None: none, -1: refused."""
        return self.given_up("people", edge)

    def wanted_by_people(self, edge: int) -> bool:
        """Whether the person, and the unit, would rather have this edge than what they hold."""
        return self.wanted("people", edge)

    def wanted_by_post(self, edge: int) -> bool:
        """Whether the post would rather have this edge than an empty seat or its worst one."""
        return self.wanted("posts", edge)


def look(problem: Problem, pairs: Iterable[tuple[str, str]], *, seed: int | None) -> View:
    """Lay a plan beside its problem; without a seed, equal wishes stay equal."""
    edge_of = {
        (problem.people[i].id, problem.posts[g].id): edge
        for edge, (i, g) in enumerate(zip(problem.edge_person, problem.edge_post, strict=True))
    }
    pins, bans = set(problem.pins), set(problem.bans)
    taken = [edge_of[pair] for pair in pairs]
    fixed = {edge_of[pair] for pair in pins}
    closed = {problem.edge_person[edge] for edge in fixed}
    closed.update(i for i, person in enumerate(problem.people) if not person.upper)
    free = [edge for edge in taken if edge not in fixed]
    holding = set(free)
    banned = {edge_of[pair] for pair in bans if pair in edge_of}
    person_sets, post_sets, room = _sets_of(problem)
    view = View(
        problem,
        seed,
        tuple(
            edge
            for edge, person in enumerate(problem.edge_person)
            if person not in closed and edge not in banned and edge not in holding
        ),
        {problem.edge_person[edge]: edge for edge in free},
        person_sets,
        post_sets,
        {},
        {},
    )
    person_room, post_room = (
        dict(enumerate([*(own.upper for own in side), *room]))
        for side in (problem.people, problem.posts)
    )
    for edge in fixed:
        for number in person_sets[problem.edge_person[edge]]:
            person_room[number] -= 1
        for number in post_sets[problem.edge_post[edge]]:
            post_room[number] -= 1
    columns = (problem.edge_person, problem.edge_post)
    view.person_full.update(_full(free, person_room, person_sets, columns[0], view.person_key))
    view.post_full.update(_full(free, post_room, post_sets, columns[1], view.post_key))
    return view


def _sets_of(problem: Problem) -> tuple[list[list[int]], list[list[int]], list[int]]:
    """The sets around each person and each post, from the inside out, and the room of the outer.

    Units and bounds are counted on after the people, and after the posts. A bound without an upper
    end limits nobody here; nor does one that picks people and posts at once, under which no plan of
    these modes is made.
    """
    room = [unit.limit for unit in problem.units]
    room += [NO_END if bound.upper is None else bound.upper for bound in problem.bounds]
    unit_of = {unit.id: number for number, unit in enumerate(problem.units)}
    around: list[list[int]] = [
        [unit_of[person.unit]] if person.unit in unit_of else [] for person in problem.people
    ]
    at: list[list[int]] = [[] for _ in problem.posts]
    if problem.bounds:
        size = [sum(person.unit == unit.id for person in problem.people) for unit in problem.units]
        for number, bound in enumerate(problem.bounds, start=len(problem.units)):
            members: Sequence[Person | Post] = problem.posts
            sets, named = at, bound.posts
            if bound.people is not None:
                members, sets, named = problem.people, around, bound.people
            inside = {member.id for member in members} if named is None else set(named)
            if bound.people is not None and bound.posts is not None:
                inside = set()
            size.append(len(inside))
            for leaf, member in enumerate(members):
                if member.id in inside:
                    sets[leaf].append(number)
        for sets in (around, at):
            for own in sets:
                own.sort(key=lambda number: size[number])
    people, posts = len(problem.people), len(problem.posts)
    return (
        [[leaf, *(people + number for number in own)] for leaf, own in enumerate(around)],
        [[leaf, *(posts + number for number in own)] for leaf, own in enumerate(at)],
        room,
    )


def _full(
    held: Iterable[int],
    room: Mapping[int, int],
    sets: Sequence[Sequence[int]],
    leaf_of: Sequence[int],
    key: Callable[[int], Key],
) -> Full:
    """The sets without room left, with the last edge that they hold, or -1."""
    edges: dict[int, list[int]] = {number: [] for number in room}
    for edge in held:
        for number in sets[leaf_of[edge]]:
            edges[number].append(edge)
    return {
        number: max(mine, key=key, default=-1)
        for number, mine in edges.items()
        if len(mine) >= room[number]
    }


def blocking_edges(view: View) -> list[int]:
    """The edges of all blocking pairs, in one pass over the edges."""
    by_person, by_post = view.problem.edge_person, view.problem.edge_post
    people = {by_person[edge]: edge for edge in view.open_edges}
    posts = {by_post[edge]: edge for edge in view.open_edges}
    given = {person: view.given_up("people", edge) for person, edge in people.items()}
    taken = {post: view.given_up("posts", edge) for post, edge in posts.items()}
    return [
        edge
        for edge in view.open_edges
        if view.is_better("people", edge, given[by_person[edge]])
        and view.is_better("posts", edge, taken[by_post[edge]])
    ]


def blocking_pairs(
    problem: Problem, pairs: Iterable[tuple[str, str]], *, seed: int | None = None
) -> tuple[BlockingPair, ...]:
    """Who would rather have each other; without a seed only strictly better ones count."""
    view = look(problem, pairs, seed=seed)
    return tuple(
        BlockingPair(
            problem.people[problem.edge_person[edge]].id,
            problem.posts[problem.edge_post[edge]].id,
        )
        for edge in blocking_edges(view)
    )


def rotation_towards_people(view: View) -> tuple[int, ...]:
    """A round of exchanges after which people are better off, and the plan is still stable."""
    return _rotation(view, gains="people", loses="posts")


def rotation_towards_posts(view: View) -> tuple[int, ...]:
    """A round of exchanges after which posts are better off, and the plan is still stable."""
    return _rotation(view, gains="posts", loses="people")


def _rotation(view: View, *, gains: str, loses: str) -> tuple[int, ...]:
    """Find a round of exchanges from one stable plan to the next, which one side would rather have.

    1. The other side names, for the innermost full set around each edge, the best edge that the
       gaining side would rather have.
    2. A held edge is replaced by the best of those of all full sets that it stands in. For this the
       gaining side gives up an edge, the next in the chain; nothing given up ends the chain.
    3. A chain that closes is such a round; no closed chain means that none is left.
    """
    best: dict[int, int] = {}
    for edge in view.open_edges:
        full = view.full_around(loses, edge)
        if (
            full
            and (full[0] not in best or view.prefers(loses, edge, best[full[0]]))
            and view.wanted(gains, edge)
        ):
            best[full[0]] = edge
    key = view.person_key if loses == "people" else view.post_key
    step: dict[int, int] = {}
    entered: dict[int, int] = {}
    for held in view.at.values():
        choices = [best[number] for number in view.full_around(loses, held) if number in best]
        if choices:
            entered[held] = min(choices, key=key)
            given_up = view.given_up(gains, entered[held])
            if given_up is not None:
                step[held] = given_up
    return tuple(entered[held] for held in closed_chain(step))


def closed_chain(step: Mapping[int, int]) -> tuple[int, ...]:
    """Find a cycle in a map of single steps; empty if every chain ends."""
    seen: dict[int, int] = {}
    for start in step:
        node: int | None = start
        trail: list[int] = []
        while node is not None and node not in seen:
            seen[node] = start
            trail.append(node)
            node = step.get(node)
        if node is not None and seen[node] == start:
            return tuple(trail[trail.index(node) :])
    return ()


def check_stable(
    problem: Problem, plan: Plan, certificate: Mapping[str, Any] | None = None
) -> tuple[str | None, tuple[str, ...]]:
    """The first thing that is wrong with a stable plan, or None; and what was checked.

    `problem` is the problem under the pins, bans and limits of the run; that the plan is feasible
    in it has been checked before.

    1. No pair blocks, under strict orders with ties broken by the lot of the plan.
    2. No rotation is left towards the side that the mode names.
    3. Whether one is left towards the other side tells whether this is the only stable plan.
    4. What the certificate states agrees.
    """
    if problem.bounds and isinstance(crossing := trees_of(problem), Crossing):
        return f"{crossing.text()} / {crossing.text_en()}", ()
    claim = (plan.certificate if certificate is None else certificate).get("stable") or {}
    side = plan.mode.removeprefix("stable-")
    view = look(problem, ((row.person, row.post) for row in plan.assignments), seed=plan.seed)
    checked = ["无不稳定互选 / no blocking pair"]
    if blocking := blocking_edges(view):
        return _blocks(view, blocking[0], len(blocking)), tuple(checked)
    found = {towards: rotation(view) for towards, rotation in ROTATIONS.items()}
    other = next(towards for towards in ROTATIONS if towards != side)
    for towards in ROTATIONS if claim.get("unique") else (side,):
        checked.append(f"{SIDE_ZH[towards]}已最优 / best for {towards}")
        if found[towards]:
            return _turns(view, found[towards], towards), tuple(checked)
    claims = {
        "optimal_for": side,
        "unique": not found[other],
        "blocking_pairs": 0,
        "edges_read": len(view.open_edges) + len(view.at),
        "seats_filled": len(plan.assignments),
    }
    return _misstated(claim, claims) or _wrong_goals(plan) or _wrong_run(plan), tuple(checked)


def check_stable_best(
    problem: Problem, plan: Plan, certificate: Mapping[str, Any] | None = None
) -> tuple[str | None, tuple[str, ...]]:
    """The first thing that is wrong with a plan of mode stable-best, or None; what was checked.

    That the plan is stable (nobody has a strictly better pair) is checked here; how far it is from
    the best one is read off the prices of the certificate, and what these leave open is told.
    """
    if problem.bounds and isinstance(crossing := trees_of(problem), Crossing):
        return f"{crossing.text()} / {crossing.text_en()}", ()
    claim = (plan.certificate if certificate is None else certificate).get("stable") or {}
    view = look(problem, ((row.person, row.post) for row in plan.assignments), seed=None)
    checked = ["无不稳定互选（并列不计） / no blocking pair, ties aside"]
    if blocking := blocking_edges(view):
        return _blocks(view, blocking[0], len(blocking)), tuple(checked)
    claims = {"blocking_pairs": 0, "edges_read": len(view.open_edges) + len(view.at)}
    if wrong := _misstated(claim, claims) or _wrong_goals(plan) or _wrong_order(plan):
        return wrong, tuple(checked)
    own = plan.certificate if certificate is None else certificate
    violation, lines = check_bound(problem, plan, own)
    return violation, (*checked, *lines)


def _wrong_order(plan: Plan) -> str | None:
    goals = plan.settings.goals
    if goals not in (BEST_GOALS, BEST_GOALS[:-1]):
        return f"目标次序 {goals} 不成立 / the order of goals {goals} is not one"
    return None


def _wrong_run(plan: Plan) -> str | None:
    """A plan of mode B has no goals to order, and no ties: the lot has broken them."""
    if plan.settings.goals:
        return "双向稳定的方案没有目标次序 / a stable plan has no order of goals"
    if plan.ties_left:
        return "并列是否未尽写得不属实 / whether ties are left is stated wrongly"
    return None


def _misstated(claim: Mapping[str, Any], truth: Mapping[str, Any]) -> str | None:
    for name, value in truth.items():
        if not same_json(claim.get(name), value):
            return (
                f"复核凭证写 {name} = {claim.get(name)}，实为 {value} / "
                f"the certificate says {name} = {claim.get(name)}, it is {value}"
            )
    return None


def _wrong_goals(plan: Plan) -> str | None:
    """Goals that every mode of stable plans states."""
    truth = {
        "seats": len(plan.assignments),
        "blocking_pairs": 0,
        "score": sum(row.score for row in plan.assignments),
    }
    for goal in plan.goals:
        if truth.get(goal.name, goal.value) != goal.value:
            return (
                f"目标 {goal.name} 写的是 {goal.value}，实为 {truth[goal.name]} / "
                f"goal {goal.name} states {goal.value}, it is {truth[goal.name]}"
            )
    return None


SIDE_ZH = {"people": "人选一方", "posts": "岗位一方"}
ROTATIONS = {"people": rotation_towards_people, "posts": rotation_towards_posts}


def _names(view: View, edge: int) -> tuple[str, str]:
    problem = view.problem
    return (
        problem.people[problem.edge_person[edge]].id,
        problem.posts[problem.edge_post[edge]].id,
    )


def _blocks(view: View, edge: int, count: int) -> str:
    person, post = _names(view, edge)
    return (
        f"“{person}”与“{post}”都更愿意选对方，方案不稳定（共 {count} 对） / "
        f'"{person}" and "{post}" would both rather have each other: not stable ({count} pairs)'
    )


def _turns(view: View, rotation: Sequence[int], side: str) -> str:
    pairs = [_names(view, edge) for edge in rotation]
    listed = "、".join(f"“{person}”到“{post}”" for person, post in pairs)
    listed_en = ", ".join(f'"{person}" to "{post}"' for person, post in pairs)
    return (
        f"还有对{SIDE_ZH[side]}更好的稳定方案：轮换 {listed} / "
        f"a stable plan exists that is better for {side}: rotate {listed_en}"
    )
