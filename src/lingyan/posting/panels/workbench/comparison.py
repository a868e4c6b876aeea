"""How do two plans of a round differ, goal by goal, village by village, wish by wish?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import lingyan_matching as engine
from lingyan.common.shelf import Shelf
from lingyan.posting.matching import LoadedPlan
from lingyan.posting.matching.pricing import names_ready
from lingyan.posting.models import Plan
from lingyan.posting.panels.workbench.charts import Bars, grouped_bars
from lingyan.posting.panels.workbench.words import Step, chain
from lingyan.posting.problem.price_words import gain_text, goal_label
from lingyan_matching.compare import NOT_MENTIONED, Comparison, Share

COMPARED = Shelf(12)
BLOCKING_SHOWN = 20
STABLE = (Plan.Origin.STABLE_PEOPLE, Plan.Origin.STABLE_POSTS, Plan.Origin.STABLE_BEST)
MARKET_LABELS = (
    ("first_choice", "到第一志愿的（有志愿并已拟派的人里）"),
    ("top_three", "到前三志愿的（有志愿并已拟派的人里）"),
    ("people_taking_part", "填报志愿的人选"),
    ("posts_taking_part", "提出意向的岗位"),
    ("seats_filled", "配备的岗位"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One figure in both plans; `better` says which is better: a, b or neither."""

    label: str
    unit: str
    a: int
    b: int
    more_is_better: bool = True

    @property
    def gain(self) -> int:
        return self.b - self.a

    @property
    def size(self) -> int:
        return abs(self.gain)

    @property
    def tone(self) -> str:
        if not self.gain:
            return ""
        return "up" if (self.gain > 0) == self.more_is_better else "down"


@dataclass(frozen=True, slots=True)
class MarketLine:
    label: str
    a: Share
    b: Share


@dataclass(frozen=True, slots=True)
class VillageLine:
    id: UUID
    name: str
    filled: tuple[int, int]
    score: tuple[int, int]
    seats: int
    better: bool


@dataclass(frozen=True, slots=True)
class Compared:
    goals: tuple[Line, ...]
    moves: list[Step]
    people_moved: int
    better: list[VillageLine]
    worse: list[VillageLine]
    equal: int
    wishes: Bars
    chart: str
    blocking: tuple[list[str], list[str]]
    blocking_counts: tuple[int, int]
    empty: list[tuple[str, int, int]]
    units: list[tuple[str, int, int, int]]
    market: list[MarketLine]


def compared(ids: tuple[UUID, UUID], a: LoadedPlan, b: LoadedPlan) -> Compared:
    """Both plans stand on one snapshot; worked out once for each pair."""
    return COMPARED.get(ids, lambda: _compared(a, b))


def _compared(a: LoadedPlan, b: LoadedPlan) -> Compared:
    found: Comparison = engine.compare(a.graph, a.engine_plan, b.engine_plan)
    names = names_ready(a)
    wishes = _wishes(found)
    villages = [_village(a, one) for one in found.villages if one.verdict != "equal"]
    return Compared(
        _goals(a, b, found),
        chain(found.moves, names),
        found.people_moved,
        [one for one in villages if one.better],
        [one for one in villages if not one.better],
        found.count("equal"),
        wishes,
        grouped_bars(wishes, title="各志愿到了多少人", unit="人"),
        (_pairs(found, 0, names), _pairs(found, 1, names)),
        (len(found.blocking[0]), len(found.blocking[1])),
        [(names[load.id], load.a, load.b) for load in found.empty],
        [(load.id, load.bound, load.a, load.b) for load in found.units if load.a or load.b],
        [
            MarketLine(label, getattr(found.market[0], name), getattr(found.market[1], name))
            for name, label in MARKET_LABELS
        ],
    )


def price_of_stability(a: Plan, b: Plan) -> str:
    """What the county gives up so that no pair would rather have each other; else nothing."""
    stable = [plan for plan in (a, b) if plan.origin in STABLE]
    others = [plan for plan in (a, b) if plan.origin not in STABLE]
    if not (stable and others):
        return ""
    one, other = stable[0].figures, others[0].figures
    by_class = {
        line["class"]: line["filled"] - before["filled"]
        for before, line in zip(other["classes"], one["classes"], strict=True)
    }
    text = gain_text(by_class, one["fit_total"] - other["fit_total"])
    return f"{text}；换来不稳定互选由 {other['blocking_pairs']} 对减到 {one['blocking_pairs']} 对。"


def best_text(a: Plan, b: Plan, *, people_moved: int) -> str:
    """Whether the largest stable plan is better than the computed stable one beside it."""
    bests = [plan for plan in (a, b) if plan.origin == Plan.Origin.STABLE_BEST]
    ends = [plan for plan in (a, b) if plan.origin in STABLE[:2]]
    if not (bests and ends):
        return ""
    best, end = bests[0], ends[0]
    until = "求解到时限还没有证完，已找到的里面，" if best.figures.get("out_of_time") else ""
    if not people_moved:
        return f"{until}没有配得更多、匹配度更高的稳定方案：两个方案相同。"
    more = best.figures["filled"] - end.figures["filled"]
    points = best.figures["fit_total"] - end.figures["fit_total"]
    if more:
        return f"{until}并列里还能多配 {more} 人，仍然没有不稳定互选。"
    if points:
        return f"{until}不能配得更多，但匹配度合计多 {points} 分，仍然没有不稳定互选。"
    return f"{until}不能配得更多，匹配度合计也相同，只是同样好的另一种安排。"


def _goals(a: LoadedPlan, b: LoadedPlan, found: Comparison) -> tuple[Line, ...]:
    """Seats by class counted from the rows, so that any two plans can stand side by side."""
    klass = {post.id: post.klass for post in a.graph.problem.posts}
    lines = [
        Line(
            goal_label(f"class-{number}"),
            "个",
            _seats(a, klass, number),
            _seats(b, klass, number),
        )
        for number in sorted(set(klass.values()))
    ]
    lines.append(Line(goal_label("score"), "分", _points(a), _points(b)))
    counts = [len(pairs) for pairs in found.blocking]
    lines.append(Line(goal_label("blocking"), "对", counts[0], counts[1], more_is_better=False))
    return tuple(lines)


def _seats(loaded: LoadedPlan, klass: Mapping[str, int], number: int) -> int:
    return sum(klass[row.post] == number for row in loaded.engine_plan.assignments)


def _points(loaded: LoadedPlan) -> int:
    return sum(row.score for row in loaded.engine_plan.assignments)


def _village(loaded: LoadedPlan, one: Any) -> VillageLine:
    place = loaded.villages[one.village]
    better = one.verdict == "better"
    return VillageLine(place.pk, place.short_name, one.filled, one.score, one.seats, better)


def _wishes(found: Comparison) -> Bars:
    ranks = sorted({rank for side in found.wish_ranks for rank in side if rank != NOT_MENTIONED})
    labels = [f"第{rank}志愿" for rank in ranks] + ["志愿以外"]
    keys = [*ranks, NOT_MENTIONED]
    first, second = (tuple(side.get(key, 0) for key in keys) for side in found.wish_ranks)
    return Bars(tuple(labels), first, second)


def _pairs(found: Comparison, which: int, names: Mapping[str, str]) -> list[str]:
    shown = found.blocking[which][:BLOCKING_SHOWN]
    return [f"{names[person]} 与 {names[post]}" for person, post in shown]


__all__ = ["Compared", "compared"]
