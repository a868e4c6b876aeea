"""Is this plan stable, and is no stable plan better for the side that it claims to favour?

Nothing here solves: the plan is held against the problem itself. Standard library only.

What "stable" means. A person prefers posts in the order of his ranks; posts that he did not mention
follow, by score; equal ones by the lot. A post prefers people in the same way. A pair blocks if

- the person would rather have the post: it beats the one he has, or he has none and his unit may
  still send somebody, or his unit is full but the pair stands before the last one that it holds
  (a full unit lets higher wishes go first, then scores, then the lot); and
- the post would rather have the person: it has an empty seat or the person beats its worst one.

Pinned people and the seats they take stand outside: nobody blocks against a pin.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from lingyan_matching.lot import SOLVER_BITS, tickets, tiebreak
from lingyan_matching.plan import Plan
from lingyan_matching.problem import Problem

BEST_GOALS = ("seats", "score", "lot")
"""The goals of mode stable-best, in their order; the lot may be left out."""

Owner = TypeVar("Owner", bound=Hashable)
Key = tuple[int, int, int]
"""How good an edge is for one side, least best: mentioned or not, then rank or score, then lot."""


@dataclass(frozen=True, slots=True)
class BlockingPair:
    """A person and a post that would both rather have each other."""

    person: str
    post: str


@dataclass(frozen=True, slots=True)
class View:
    """One plan beside its problem, as far as stability is concerned; edges are numbers.

    `at` person → edge held; `worst` full post → the worst edge it holds; `last` full unit → the
    last edge it holds. A full post without a seat of its own, or unit without a place, has -1.
    """

    problem: Problem
    seed: int | None
    open_edges: tuple[int, ...]
    at: Mapping[int, int]
    worst: Mapping[int, int]
    last: Mapping[str, int]

    def person_key(self, edge: int) -> Key:
        """How good an edge is for its person, and for the unit of that person."""
        return self._key(edge, self.problem.edge_person_rank)

    def post_key(self, edge: int) -> Key:
        """How good an edge is for its post."""
        return self._key(edge, self.problem.edge_post_rank)

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
        return self._before(edge, other, self.problem.edge_post_rank)

    def _lot(self, edge: int) -> int:
        if self.seed is None:
            return 0
        person = self.problem.people[self.problem.edge_person[edge]]
        post = self.problem.posts[self.problem.edge_post[edge]]
        return tiebreak(self.seed, person.id, post.id)

    def unit_of(self, edge: int) -> str | None:
        """The unit that sends the person of this edge."""
        return self.problem.people[self.problem.edge_person[edge]].unit

    def given_up_for(self, edge: int) -> int | None:
        """Which held edge the people's side gives up for this one; None: none, -1: refused."""
        return self.at.get(self.problem.edge_person[edge], self.last.get(self.unit_of(edge) or ""))

    def wanted_by_people(self, edge: int) -> bool:
        """Whether the person, and the unit, would rather have this edge than what they hold."""
        held = self.given_up_for(edge)
        return held is None or (held >= 0 and self.person_prefers(edge, held))

    def wanted_by_post(self, edge: int) -> bool:
        """Whether the post would rather have this edge than an empty seat or its worst one."""
        held = self.worst.get(self.problem.edge_post[edge])
        return held is None or (held >= 0 and self.post_prefers(edge, held))


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
    free = [edge for edge in taken if edge not in fixed]
    holding = set(free)
    banned = {edge_of[pair] for pair in bans if pair in edge_of}
    view = View(
        problem,
        seed,
        tuple(
            edge
            for edge, person in enumerate(problem.edge_person)
            if person not in closed and edge not in banned and edge not in holding
        ),
        {problem.edge_person[edge]: edge for edge in free},
        {},
        {},
    )
    seats = {g: post.upper for g, post in enumerate(problem.posts)}
    places = {unit.id: unit.limit for unit in problem.units}
    for edge in fixed:
        seats[problem.edge_post[edge]] -= 1
        if (name := view.unit_of(edge)) in places:
            places[name] -= 1
    worst = _last_of_full(free, seats, problem.edge_post.__getitem__, view.post_key)
    last = _last_of_full(free, places, view.unit_of, view.person_key)
    return View(problem, seed, view.open_edges, view.at, worst, last)


def _last_of_full(
    held: Iterable[int],
    room: Mapping[Owner, int],
    owner_of: Callable[[int], Owner | None],
    key: Callable[[int], Key],
) -> dict[Owner, int]:
    """For each owner without room left: the last edge that it holds, or -1."""
    edges: dict[Owner, list[int]] = {owner: [] for owner in room}
    for edge in held:
        owner = owner_of(edge)
        if owner is not None and owner in edges:
            edges[owner].append(edge)
    return {
        owner: max(mine, key=key, default=-1)
        for owner, mine in edges.items()
        if len(mine) >= room[owner]
    }


def blocking_edges(view: View) -> list[int]:
    """The edges of all blocking pairs, in one pass over the edges."""
    return [
        edge
        for edge in view.open_edges
        if view.wanted_by_people(edge) and view.wanted_by_post(edge)
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
    """Find a round of exchanges after which the plan is still stable and people are better off.

    1. Each full post names its next best edge that the people's side would rather have.
    2. For it the people's side gives up an edge: the person's own, or the last of a full unit.
       The post that loses this one is the next in the chain; nothing given up ends the chain.
    3. A chain that closes is such a round; no closed chain means none is left.
    """
    best: dict[int, int] = {}
    for edge in view.open_edges:
        post = view.problem.edge_post[edge]
        if (post not in best or view.post_prefers(edge, best[post])) and (
            view.wanted_by_people(edge)
        ):
            best[post] = edge
    given_up = {post: view.given_up_for(edge) for post, edge in best.items()}
    step = {
        post: view.problem.edge_post[edge] for post, edge in given_up.items() if edge is not None
    }
    return tuple(best[post] for post in closed_chain(step))


def rotation_towards_posts(view: View) -> tuple[int, ...]:
    """Find a round of exchanges after which the plan is still stable and posts are better off.

    1. Each person, and for its unplaced people each full unit, names the best edge that the post
       would rather have.
    2. A held edge is replaced by the better of the person's own and, if the unit is full, the
       unit's. The worst edge of the post that is entered is the next in the chain; an empty seat
       ends the chain.
    3. A chain that closes is such a round; no closed chain means none is left.
    """
    own: dict[int, int] = {}
    reserve: dict[str | None, int] = {}
    for edge in view.open_edges:
        person, unit = view.problem.edge_person[edge], view.unit_of(edge)
        if person in view.at:
            if (
                person not in own or view.person_prefers(edge, own[person])
            ) and view.wanted_by_post(edge):
                own[person] = edge
        elif (
            unit in view.last
            and (unit not in reserve or view.person_prefers(edge, reserve[unit]))
            and view.wanted_by_post(edge)
        ):
            reserve[unit] = edge
    step: dict[int, int] = {}
    entered: dict[int, int] = {}
    for person, held in view.at.items():
        choices = [own[person]] if person in own else []
        if view.unit_of(held) in reserve:
            choices.append(reserve[view.unit_of(held)])
        if choices:
            edge = min(choices, key=view.person_key)
            entered[held] = edge
            displaced = view.worst.get(view.problem.edge_post[edge])
            if displaced is not None:
                step[held] = displaced
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

    That the plan is stable (nobody has a strictly better pair) and how much it reaches is checked
    here; that no stable plan reaches more is the word of the solver, and the plan says so.
    """
    claim = (plan.certificate if certificate is None else certificate).get("stable") or {}
    view = look(problem, ((row.person, row.post) for row in plan.assignments), seed=None)
    checked = ["无不稳定互选（并列不计） / no blocking pair, ties aside"]
    if blocking := blocking_edges(view):
        return _blocks(view, blocking[0], len(blocking)), tuple(checked)
    for goal in plan.goals:
        if goal.name != "blocking_pairs" and goal.proved == "optimal":
            return (
                f"目标 {goal.name} 只由求解器证明，方案却写作已证明 / "
                f"goal {goal.name} is proved by the solver only, but the plan says otherwise"
            ), tuple(checked)
    claims = {"blocking_pairs": 0, "edges_read": len(view.open_edges) + len(view.at)}
    wrong = _misstated(claim, claims) or _wrong_goals(plan) or _wrong_bound(view, plan, certificate)
    if wrong:
        return wrong, tuple(checked)
    checked.append("凭证写的各项达到值属实 / what the certificate says is reached is reached")
    return None, tuple(checked)


def _wrong_bound(view: View, plan: Plan, certificate: Mapping[str, Any] | None) -> str | None:
    """What the solver says it reached, goal by goal, against the rows; pins are not its work."""
    goals = plan.settings.goals
    if goals not in (BEST_GOALS, BEST_GOALS[:-1]):
        return f"目标次序 {goals} 不成立 / the order of goals {goals} is not one"
    bits = SOLVER_BITS if "lot" in goals else 0
    if plan.ties_left != (bits < (len(view.open_edges) + len(view.at)).bit_length() + 1):
        return "并列是否未尽写得不属实 / whether ties are left is stated wrongly"
    stated = (plan.certificate if certificate is None else certificate).get("bound")
    reached = _reached(view, plan)
    names = [*(["lower"] if "lower" in reached else []), *goals]
    right = [{"goal": name, "value": reached[name], "proved_by": "solver"} for name in names]
    if stated != right:
        return (
            f"凭证写求解器达到 {stated}，按安排重算为 {right} / "
            f"the certificate says the solver reached {stated}, the rows give {right}"
        )
    return None


def _reached(view: View, plan: Plan) -> dict[str, int]:
    """What the rows without pins reach in each goal of mode stable-best."""
    problem, rows = view.problem, [*view.at.values()]
    sign = -1 if problem.sense == "min" else 1
    pinned = Counter(post for _, post in problem.pins)
    filled = Counter(problem.posts[problem.edge_post[edge]].id for edge in rows)
    lower = {post.id: max(0, post.lower - pinned[post.id]) for post in problem.posts}
    names = [
        (problem.people[problem.edge_person[e]].id, problem.posts[problem.edge_post[e]].id)
        for e in rows
    ]
    found = {
        "seats": len(rows),
        "score": sign * sum(problem.edge_score[edge] for edge in rows),
        "lot": -sum(tickets(plan.seed, names, SOLVER_BITS)),
    }
    if any(lower.values()):
        found["lower"] = sum(min(filled[name], low) for name, low in lower.items())
    return found


def _wrong_run(plan: Plan) -> str | None:
    """A plan of mode B has no goals to order, and no ties: the lot has broken them."""
    if plan.settings.goals:
        return "双向稳定的方案没有目标次序 / a stable plan has no order of goals"
    if plan.ties_left:
        return "并列是否未尽写得不属实 / whether ties are left is stated wrongly"
    return None


def _misstated(claim: Mapping[str, Any], truth: Mapping[str, Any]) -> str | None:
    for name, value in truth.items():
        if claim.get(name) != value:
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
