"""How does a plan of pairings leave as a workbook, and as a file that anybody can check?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, BinaryIO

from lingyan.common import clock, workbook
from lingyan.common.sheet import Column, Kind, Sheet
from lingyan.pairing.matching import LoadedPlan
from lingyan.pairing.matching.pricing import OUTCOME_LABELS
from lingyan.pairing.models import PairAdjustment
from lingyan.pairing.problem import PairingProblem, Pin
from lingyan.pairing.problem.document import plan_document, plan_parts
from lingyan.pairing.problem.reasons import reasons_of_all
from lingyan.pairing.problem.words import gain_text, hall_texts
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.exchange.exporting import banner, export_banner
from lingyan_matching.residual import NotBestError, residual_of

Adjustments = Sequence[PairAdjustment]
STAYS = "其余不动：调整时保持原样"
ADJUSTMENTS = Sheet(
    "adjustments",
    "调整记录",
    (
        Column("made_at", "时间"),
        Column("title", "调整", max_length=200),
        Column("outcome", "结果"),
        Column("price", "代价", max_length=2000),
        Column("changed", "变动对数", Kind.INTEGER),
        Column("reason", "理由", max_length=2000),
        Column("made_by", "调整人"),
        Column("plan", "得到的方案"),
    ),
)


def write_plan_workbook(
    target: BinaryIO, loaded: LoadedPlan, adjustments: Adjustments, *, actor: Actor
) -> int:
    """Every sheet that the command line writes, and the changes by hand; says how many rows."""
    parts: list[Any] = plan_parts(
        with_pins(loaded, adjustments),
        loaded.engine_plan,
        shortage="\n".join(hall_texts(loaded.engine_plan, loaded.names)),
        engine=engine_reasons(loaded),
    )
    rows = [_adjustment_row(one) for one in reversed(adjustments)]
    return workbook.write_book(
        target, [*parts, (ADJUSTMENTS, rows)], banner=export_banner(actor, "结对方案研究")
    )


def plan_file(loaded: LoadedPlan, adjustments: Adjustments, *, as_of: str) -> dict[str, Any]:
    """The whole of plan.json as the command line writes it, so that its `verify` accepts it."""
    document = plan_document(
        with_pins(loaded, adjustments),
        loaded.engine_plan,
        as_of=as_of,
        engine=engine_reasons(loaded),
        created=clock.now().isoformat(timespec="seconds"),
    )
    return {**document, "banner": banner()} if banner() else document


def engine_reasons(loaded: LoadedPlan) -> Mapping[tuple[str, str], Mapping[str, Any]]:
    """What the engine says of everybody: the next best, its price, what would flip it."""
    graph, plan = loaded.graph, loaded.engine_plan
    try:
        residual = residual_of(graph, plan, lots=True)
    except NotBestError:
        return {}
    return reasons_of_all(loaded.problem, graph, plan, residual=residual)


def with_pins(loaded: LoadedPlan, adjustments: Adjustments) -> PairingProblem:
    """The problem with the reason of every pair that was fixed, for whoever writes it out."""
    said = {(pin.unit, pin.village): pin.reason for pin in loaded.problem.settings.pins}
    for one in reversed(adjustments):
        pairs = [(str(one.unit_id), str(one.village_id))]
        if one.other_unit_id is not None:
            other = (str(one.other_unit_id), str(one.other_village_id))
            pairs = [(pairs[0][0], other[1]), (other[0], pairs[0][1])]
        said |= dict.fromkeys(pairs, one.reason)
    fixed = {*loaded.graph.problem.pins, *loaded.engine_plan.settings.pins}
    pins = tuple(
        Pin(*pair, said.get(pair, STAYS) if pair in loaded.asked else STAYS)
        for pair in sorted(fixed)
    )
    return replace(loaded.problem, settings=replace(loaded.problem.settings, pins=pins))


def _adjustment_row(made: PairAdjustment) -> dict[str, Any]:
    return {
        "made_at": made.made_at.strftime("%Y-%m-%d %H:%M"),
        "title": made.title,
        "outcome": OUTCOME_LABELS.get(made.price.get("outcome", "")),
        "price": gain_text(made.gains),
        "changed": len(made.price.get("moves", [])),
        "reason": made.reason,
        "made_by": made.made_by_name,
        "plan": str(made.after),
    }
