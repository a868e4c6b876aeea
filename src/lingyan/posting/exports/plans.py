"""How does a whole plan leave as a workbook, and as a file that anybody can check?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, BinaryIO
from uuid import UUID

import lingyan_matching as engine
from lingyan.common import clock, workbook
from lingyan.common.sheet import Column, Kind, Sheet
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.exchange.exporting import banner, export_banner
from lingyan.posting.matching import LoadedPlan, asks_solver, split_post
from lingyan.posting.matching.pricing import Pair, names_ready, residual_ready
from lingyan.posting.models import Adjustment
from lingyan.posting.problem import Pin, PostingProblem
from lingyan.posting.problem.document import plan_document
from lingyan.posting.problem.plan_sheets import FIGURES, plan_parts
from lingyan.posting.problem.price_words import stored_people_moved, stored_price_text
from lingyan.posting.problem.reasons import reasons_of_all
from lingyan_matching.explain import by_solver

ADJUSTMENTS = Sheet(
    "adjustments",
    "调整记录",
    (
        Column("made_at", "时间"),
        Column("kind", "方式"),
        Column("person", "人选"),
        Column("other", "互换人选"),
        Column("post", "岗位"),
        Column("price", "代价", max_length=2000),
        Column("moved", "变动人数", Kind.INTEGER),
        Column("reason", "理由", max_length=2000),
        Column("warnings", "越过的提醒", max_length=2000),
        Column("decided", "决定人和日期"),
        Column("made_by", "调整人"),
        Column("plan", "得到的方案"),
    ),
)


def write_plan_workbook(
    target: BinaryIO,
    plan_id: UUID,
    loaded: LoadedPlan,
    beside: Mapping[str, LoadedPlan],
    adjustments: Sequence[Adjustment],
    *,
    actor: Actor,
) -> int:
    """Every sheet that the command line writes, and the changes by hand; says how many rows."""
    problem = with_pins(loaded.posting_problem, adjustments)
    plans = {"total": loaded.engine_plan}
    plans |= {mode: other.engine_plan for mode, other in beside.items()}
    texts, _ = shortage(loaded)
    parts = plan_parts(
        problem,
        plans,
        shortage=texts,
        engine=engine_reasons(plan_id, loaded),
        unpriced=unpriced(plan_id, loaded),
    )
    figures = next(rows for sheet, rows in parts if sheet is FIGURES)
    assert isinstance(figures, list)
    figures.append(_adjustments_line(adjustments))
    return workbook.write_book(
        target,
        [*parts, (ADJUSTMENTS, adjustment_rows(adjustments))],
        banner=export_banner(actor, "方案研究"),
    )


def engine_reasons(plan_id: UUID, loaded: LoadedPlan) -> dict[Pair, dict[str, Any]]:
    """What the engine says of everybody: the next best, its price, what would flip it.

    Where the plan is not the best one, nobody knows prices, and only who is sent is explained.
    """
    if by_solver(loaded.engine_plan):
        return {}
    names, ready = names_ready(loaded), residual_ready(plan_id, loaded)
    problem, graph, plan = loaded.posting_problem, loaded.graph, loaded.engine_plan
    if ready is not None:
        return reasons_of_all(problem, graph, plan, names=names, residual=ready)
    return {
        (row.person, row.post): engine.explain(
            graph, plan, row.person, row.post, names=names
        ).to_json()
        for row in loaded.engine_plan.assignments
    }


def unpriced(plan_id: UUID, loaded: LoadedPlan) -> str:
    """How to ask for prices that are not written out; nothing where they are."""
    if asks_solver(loaded):
        return (
            "没有逐一计算，空着不是 0：方案由求解器算定，换一个人都要重新求解。"
            "要知道哪一个，在工作台打开那个岗位或人选，点“算一算代价”。"
        )
    if residual_ready(plan_id, loaded) is None:
        return "没有写进表里，空着不是 0：在工作台打开那个岗位或人选就能看到。"
    return ""


def _adjustments_line(adjustments: Sequence[Adjustment]) -> dict[str, Any]:
    swaps = sum(one.kind == Adjustment.Kind.SWAP for one in adjustments)
    note = f"其中互换 {swaps} 次，理由见“{ADJUSTMENTS.title}”"
    return {"name": "人工调整", "value": len(adjustments), "unit": "次", "note": note}


def plan_file(
    plan_id: UUID, loaded: LoadedPlan, adjustments: Sequence[Adjustment]
) -> dict[str, Any]:
    """The whole of plan.json as the command line writes it, so that its `verify` accepts it."""
    _, hall = shortage(loaded)
    document = plan_document(
        with_pins(loaded.posting_problem, adjustments),
        loaded.engine_plan,
        engine=engine_reasons(plan_id, loaded),
        hall=hall,
        notes=[f"坚持派去的代价{told}"] if (told := unpriced(plan_id, loaded)) else [],
        created=clock.now().isoformat(timespec="seconds"),
    )
    return {**document, "banner": banner()} if banner() else document


def shortage(loaded: LoadedPlan) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """The sentence of each post that competes for too few people, and the counted sets."""
    seats = sum(post.upper for post in loaded.graph.problem.posts)
    if len(loaded.engine_plan.assignments) == seats:
        return {}, []
    names = names_ready(loaded)
    found = engine.why_empty(
        loaded.graph, loaded.engine_plan, lift=loaded.posting_problem.liftable(), names=names
    )
    texts: dict[str, str] = {}
    for one in found.sets:
        if one.people:
            texts.update(dict.fromkeys(one.posts, one.text(names)))
    return texts, [one.to_json() for one in found.sets]


def with_pins(problem: PostingProblem, adjustments: Iterable[Adjustment]) -> PostingProblem:
    """The problem with the reasons of pins made by hand, for whoever writes them out."""
    pins = [pin for one in adjustments for pin in _pins(one)]
    return replace(problem, settings=replace(problem.settings, pins=tuple(pins)))


def _pins(adjustment: Adjustment) -> list[Pin]:
    """The pairs that a pin or a swap has fixed; a swap's posts stand among its moves."""
    kinds = Adjustment.Kind
    if adjustment.kind not in (kinds.PIN, kinds.SWAP):
        return []
    posts = {move["person"]: move["to"] for move in adjustment.price.get("moves", [])}
    if adjustment.kind == kinds.PIN:
        posts = {adjustment.person.number: f"{adjustment.village_id}/{adjustment.role}"}
    people = [adjustment.person.number, getattr(adjustment.other_person, "number", None)]
    return [
        Pin(person, *split_post(posts[person]), adjustment.reason, *_decided(adjustment))
        for person in people
        if person and posts.get(person)
    ]


def _decided(adjustment: Adjustment) -> tuple[str, date]:
    decided_on = adjustment.price.get("decided_on")
    day = date.fromisoformat(decided_on) if decided_on else adjustment.made_at.date()
    return adjustment.price.get("decided_by") or adjustment.made_by_name, day


def adjustment_rows(adjustments: Sequence[Adjustment]) -> list[dict[str, Any]]:
    """The first change first."""
    return [_adjustment_row(one) for one in reversed(adjustments)]


def _adjustment_row(one: Adjustment) -> dict[str, Any]:
    village = one.village.short_name if one.village else ""
    price = one.price
    return {
        "made_at": one.made_at.strftime("%Y-%m-%d %H:%M"),
        "kind": one.get_kind_display(),
        "person": one.person.name,
        "other": one.other_person.name if one.other_person else None,
        "post": f"{village}{one.get_role_display()}" if one.village else None,
        "price": stored_price_text(price),
        "moved": stored_people_moved(price),
        "reason": one.reason,
        "warnings": "；".join(price.get("warnings", [])) or None,
        "decided": " ".join(filter(None, [price.get("decided_by"), price.get("decided_on")]))
        or None,
        "made_by": one.made_by_name,
        "plan": str(one.after),
    }
