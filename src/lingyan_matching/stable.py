"""Who goes where so that no person and post would both rather have each other? (mode B)

Deferred acceptance from either end. A refusal is an edge that is not there. Pins stand outside:
the pinned people and their seats are taken out first. A unit that may send fewer people than would
go is one more chooser on the people's side, by a published rule: higher wish first, then the score
of what nobody mentioned, then the lot. With such a rule a stable plan always exists. Lower bounds
cannot be promised by a stable plan: what is missing is stated, and the plan points to mode total.
Upper bounds over several posts or people make each side one chooser (``stable_trees.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from time import perf_counter
from typing import Any

from lingyan_matching import deferred
from lingyan_matching.carrier import Carrier, choose, loops_on
from lingyan_matching.chosen import (
    assignments_of,
    certificate_of,
    filling_goals,
    marked,
    refuse_second_posts,
    score_unit,
    seats_filled,
    short_bounds,
)
from lingyan_matching.deferred import NOTHING
from lingyan_matching.plan import Assignment, Goal, Plan, Settings
from lingyan_matching.preferences import (
    Ranking,
    UnitOrder,
    largest_key,
    order_units,
    preference_classes,
    rank_people,
    rank_posts,
)
from lingyan_matching.problem import Bound, Graph, Problem, holds, snapshot_of
from lingyan_matching.said import Said
from lingyan_matching.stable_trees import Choosers, choosers_of, propose_under_bounds

SIDES = ("people", "posts")
Room = tuple[list[int], list[int]]
"""The seats of each post, and how many people each unit may send."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """Both sides' strict orders, and the order of the units; `tied` if the lot had to decide.

    `bounded` are both sides where bounds hold over several posts or people.
    """

    people: Ranking
    posts: Ranking
    units: UnitOrder
    tied: bool
    bounded: Choosers | None = None


def solve_stable(
    graph: Graph, *, side: str, settings: Settings, seed: int, carrier: str = "auto"
) -> Plan:
    """The stable plan that is best for one side.

    1. Break ties by the lot, so that both sides have strict orders.
    2. Let the side that is to be favoured propose; the answer is the best stable plan for it.
    3. Let the other side propose as well: equal answers mean that there is only one stable plan.
    """
    refuse_second_posts(graph.problem, f"stable-{side}")
    settings = replace(settings, goals=())
    open_graph = marked(graph, settings)
    started = perf_counter()
    chosen = choose(carrier, edges=len(open_graph.edge_post), number_max=largest_key(open_graph))
    wishes = rank_wishes(open_graph, seed=seed, carrier=chosen)
    ranked = perf_counter()
    other = SIDES[1 - SIDES.index(side)]
    held = propose(open_graph, wishes, side=side, carrier=chosen)
    unique = held == propose(open_graph, wishes, side=other, carrier=chosen)
    solved = perf_counter()
    rows = assignments_of(open_graph, [edge for edge in held if edge >= 0])
    sha256 = snapshot_of(graph)
    return Plan(
        mode=f"stable-{side}",
        seed=seed,
        snapshot_sha256=sha256,
        assignments=rows,
        goals=_goals(open_graph.problem, rows),
        certificate=certificate_of("stable", sha256, stable=_claim(open_graph, rows, side, unique)),
        carrier=chosen.name,
        elapsed_ms={
            "build": round(1000 * (ranked - started)),
            "solve": round(1000 * (solved - ranked)),
            "certify": round(1000 * (perf_counter() - solved)),
        },
        settings=settings,
        notes=_notes(open_graph, rows, wishes, side=side, unique=unique),
    )


def only_stable(graph: Graph, plan: Plan) -> bool:
    """Whether there is just one stable plan under the settings of this one (稳定方案唯一).

    A plan of mode B has it in its certificate, where the checker proves it; for any other plan both
    ends are computed: they agree if and only if there is no third (ties as the lot breaks them).
    """
    claim = plan.certificate.get("stable") or {}
    if "unique" in claim:
        return bool(claim["unique"])
    open_graph = marked(graph, plan.settings)
    carrier = choose("auto", edges=len(open_graph.edge_post), number_max=largest_key(open_graph))
    wishes = rank_wishes(open_graph, seed=plan.seed, carrier=carrier)
    people, posts = (propose(open_graph, wishes, side=side, carrier=carrier) for side in SIDES)
    return people == posts


def rank_wishes(graph: Graph, *, seed: int, carrier: Carrier) -> Wishes:
    """Bring what both sides want into strict orders."""
    of_people = preference_classes(graph, graph.edge_person_rank, carrier)
    of_posts = preference_classes(graph, graph.edge_post_rank, carrier)
    people = rank_people(graph, of_people, seed=seed, carrier=carrier)
    posts = rank_posts(graph, of_posts, seed=seed, carrier=carrier)
    units = order_units(graph, of_people, seed=seed, carrier=carrier)
    bounded = None
    if graph.problem.bounds:
        bounded = choosers_of(graph, (of_people, of_posts), seed=seed, carrier=carrier)
    return Wishes(people, posts, units, people.tied or posts.tied, bounded)


def propose(
    graph: Graph, wishes: Wishes, *, side: str, carrier: Carrier, fixed: int = NOTHING
) -> list[int]:
    """Run deferred acceptance from one side: each person's edge, or -1.

    A `fixed` edge stands outside, as a pin does: its person, its seat and the place of its unit
    are taken out first; that its bounds have room for it has been seen to.
    """
    if wishes.bounded is not None:
        return propose_under_bounds(wishes.bounded, side=side, fixed=fixed)
    seats, places = list(graph.seats), _places(graph)
    if fixed != NOTHING:
        person, unit = graph.edge_person[fixed], graph.unit_of[graph.edge_person[fixed]]
        seats[graph.edge_post[fixed]] -= 1
        if unit >= 0:
            places[unit] = min(places[unit], graph.limit[unit] - 1)
    run = people_propose if side == "people" else posts_propose
    held = run(graph, wishes, carrier, (seats, places), fixed)
    if fixed != NOTHING:
        held[person] = fixed
    return held


def people_propose(
    graph: Graph, wishes: Wishes, carrier: Carrier, room: Room, fixed: int
) -> list[int]:
    """Deferred acceptance in which the people apply; who is fixed has come to the end."""
    column, fill = carrier.column, carrier.filled
    ptr, units = wishes.people.ptr, wishes.units
    held = fill(len(graph.room), -1)
    rooms = [min(seats, have) for seats, have in zip(room[0], _degrees(graph), strict=True)]
    heap_ptr = [0, *accumulate(rooms)]
    offered = column(carrier.ints(ptr))
    if fixed != NOTHING:
        offered[graph.edge_person[fixed]] = ptr[graph.edge_person[fixed] + 1]
    loops_on(carrier, deferred).people_propose(
        _edge_columns(graph, wishes.posts.place, units, carrier),
        (
            column(ptr),
            column(wishes.people.order),
            offered,
            held,
            column(units.of),
        ),
        (
            column(wishes.posts.ptr),
            column(wishes.posts.order),
            column(rooms),
            column(heap_ptr),
            fill(heap_ptr[-1], 0),
            fill(len(rooms), 0),
        ),
        (
            column(units.ptr),
            column(room[1]),
            column(units.edge),
            fill(len(units.edge), 0),
            fill(len(graph.limit), 0),
        ),
    )
    return carrier.ints(held)


def posts_propose(
    graph: Graph, wishes: Wishes, carrier: Carrier, room: Room, fixed: int
) -> list[int]:
    """Deferred acceptance in which the posts invite; who is fixed holds the best there is."""
    column, fill = carrier.column, carrier.filled
    ptr, units = wishes.posts.ptr, wishes.units
    held, place = fill(len(graph.room), -1), wishes.people.place
    if fixed != NOTHING:
        place = column(carrier.ints(place))
        place[fixed] = -1
        held[graph.edge_person[fixed]] = fixed
    loops_on(carrier, deferred).posts_propose(
        _edge_columns(graph, place, units, carrier),
        (held, column(units.of)),
        (
            column(ptr),
            column(wishes.posts.order),
            column(carrier.ints(ptr)),
            column(room[0]),
            fill(len(graph.edge_post) + 1, 0),
        ),
        (
            column(units.ptr),
            column(room[1]),
            column(units.edge),
            fill(len(units.edge), 0),
            fill(len(graph.limit), 0),
            fill(len(graph.limit), 0),
        ),
    )
    return carrier.ints(held)


def _edge_columns(
    graph: Graph, place: Sequence[int], units: UnitOrder, carrier: Carrier
) -> tuple[Any, ...]:
    column = carrier.column
    return column(graph.edge_person), column(graph.edge_post), column(place), units.key


def _degrees(graph: Graph) -> list[int]:
    return [after - before for before, after in pairwise(graph.post_ptr)]


def _places(graph: Graph) -> list[int]:
    """Unit limits, cut to the number of people there are, so that no loop runs for nothing."""
    people = len(graph.problem.people)
    return [min(limit, people) for limit in graph.limit]


def _claim(
    graph: Graph, rows: Sequence[Assignment], side: str, unique: bool
) -> dict[str, str | int | bool]:
    return {
        "optimal_for": side,
        "unique": unique,
        "blocking_pairs": 0,
        "edges_read": len(graph.edge_post),
        "seats_filled": len(rows),
    }


def _goals(problem: Problem, rows: Sequence[Assignment]) -> tuple[Goal, ...]:
    """What the plan reaches; every stable plan of this drawing fills the same seats."""
    score = sum(row.score for row in rows)
    return (
        *filling_goals(problem, rows),
        Goal("seats", len(rows), len(rows), "seats"),
        Goal("score", score, score, score_unit(problem)),
        Goal("blocking_pairs", 0, 0, "pairs"),
    )


@dataclass(frozen=True, slots=True)
class ShortPost:
    """A post that a plan leaves below its upper bound, and perhaps below its lower one."""

    post: str
    filled: int
    lower: int
    upper: int

    @property
    def missing(self) -> int:
        """How many people it lacks for its lower bound."""
        return max(0, self.lower - self.filled)

    def sentence(self) -> str:
        """What every stable plan has in common here (the rural hospitals theorem)."""
        return Said(
            f"在任何互选稳定的方案里，“{self.post}”都只能到 {self.filled} 人"
            f"（共 {self.upper} 个岗位）。要补齐，只能：放宽某条资格 / 增加人选 / "
            "改用统筹最优 / 接受若干对不稳定互选。",
            f'in every stable plan "{self.post}" gets {self.filled} of {self.upper}; to fill it, '
            "relax a condition, add people, use mode total, or accept blocking pairs.",
        )


def short_posts(problem: Problem, rows: Sequence[Assignment]) -> tuple[ShortPost, ...]:
    """The posts with empty seats.

    Roth (1986): under strict orders and upper bounds, every stable plan fills the same number of
    seats of every post, and gives a post with empty seats exactly the same people. With a unit
    rule the numbers still agree (both sides choose by ordered matroids, Fleiner 2003). With ties
    it holds for the orders as drawn by this lot; another drawing may fill more (mode stable-best).
    """
    filled = seats_filled(rows)
    return tuple(
        ShortPost(post.id, filled.get(post.id, 0), post.lower, post.upper)
        for post in problem.posts
        if filled.get(post.id, 0) < post.upper
    )


def truth_is_best(wishes: Wishes, side: str) -> bool:
    """Whether no person can gain by hiding the truth: people apply, strict lists, no unit rule.

    Under bounds over several posts or people nothing is promised.
    """
    free = wishes.bounded is None and max(wishes.units.of, default=-1) < 0
    return side == "people" and not wishes.tied and free


ONLY_ONE = Said(
    "稳定方案唯一：无论先顾人选还是先顾村，结果都是这一个。",
    "there is only one stable plan, whichever side is favoured.",
)
TRUTH_IS_BEST = Said(
    "在这种方式下，人选如实填报志愿最有利。",
    "in this mode nobody gains by hiding his true wishes.",
)
TIES_ARE_DRAWN = Said(
    "有并列的志愿或意向，按公布的抽签定先后；抽签不同，结果可能不同。",
    "equal wishes are ordered by the published lot; another drawing may give another plan.",
)
FULL_UNITS = Said(
    "派出单位名额不够时：志愿名次靠前者先派，都未填志愿的看匹配度，再看公布的抽签。",
    "a unit that cannot send everybody sends the higher wish first, then the better score, "
    "then by the published lot.",
)


BOUNDS_NEED_TOTAL = Said(
    "互选稳定的方案保证不了总量的下限；要先满足下限，请改用统筹最优（total）。",
    "a stable plan cannot promise lower bounds; use mode total to meet them first.",
)


def missing_minimums(missing: Sequence[tuple[str, int]]) -> Said:
    """The posts whose lower bound a stable plan does not reach."""
    names = "、".join(f"“{post}”缺 {count} 人" for post, count in missing)
    english = ", ".join(f'"{post}" lacks {count}' for post, count in missing)
    return Said(
        f"互选稳定的方案保证不了下限：{names}。要先满足下限，请改用统筹最优（total）。",
        f"a stable plan cannot promise lower bounds: {english}; use mode total to meet them first.",
    )


def full_bounds(problem: Problem, rows: Sequence[Assignment]) -> tuple[Bound, ...]:
    """The bounds that take no more."""
    pairs = [(row.person, row.post) for row in rows]
    return tuple(
        bound
        for bound in problem.bounds
        if bound.upper is not None and sum(holds(bound, pair) for pair in pairs) >= bound.upper
    )


def full_text(bound: Bound) -> Said:
    """Why nobody else comes in under a full bound."""
    return Said(
        f"总量“{bound.id}”的上限 {bound.upper} 已满：其中先看岗位的优先级，再看意向（志愿）名次，"
        "没有名次的看匹配度，最后看公布的抽签。",
        f'the bound "{bound.id}" is full with {bound.upper}: within it posts of the first class go '
        "first, then higher wishes, then better scores, then the published lot.",
    )


def _notes(
    graph: Graph, rows: Sequence[Assignment], wishes: Wishes, *, side: str, unique: bool
) -> tuple[str, ...]:
    """What must be said beside the plan, in plain words."""
    notes: list[str] = []
    if unique:
        notes.append(ONLY_ONE)
    if truth_is_best(wishes, side):
        notes.append(TRUTH_IS_BEST)
    if wishes.tied:
        notes.append(TIES_ARE_DRAWN)
    if max(wishes.units.of, default=-1) >= 0:
        notes.append(FULL_UNITS)
    short = short_posts(graph.problem, rows)
    missing = [post for post in short if post.missing]
    if missing:
        notes.append(missing_minimums([(post.post, post.missing) for post in missing]))
    if missed := short_bounds(graph.problem, rows):
        notes += [*missed, BOUNDS_NEED_TOTAL]
    full = full_bounds(graph.problem, rows)
    notes += map(full_text, full)
    # Under a full bound another stable plan may seat its people at other posts.
    held = {post for bound in full if bound.people is None for post in bound.posts or ()}
    everything = any(bound.people is None and bound.posts is None for bound in full)
    if not wishes.tied and not everything:
        notes += [post.sentence() for post in short if post.post not in held]
    return tuple(notes)
