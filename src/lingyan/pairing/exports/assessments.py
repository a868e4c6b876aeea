"""How do the scores of units leave, for the yearly target appraisal (R-3-06, R-13-05)?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, BinaryIO

from lingyan.common.sheet import Column, Kind, Sheet
from lingyan.pairing.models import PairAssessment
from lingyan.pairing.queries.assessments import UnitYear
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.exchange.exporting import export_list

UNIT_SCORES = Sheet(
    kind="pair_unit_scores",
    title="单位结对得分",
    columns=(
        Column("unit", "单位"),
        Column("year", "年度", Kind.INTEGER),
        Column("pairs", "结对数", Kind.INTEGER),
        Column("confirmed", "已确认", Kind.INTEGER),
        Column("score", "结对得分"),
        Column("evidence", "每对得分和佐证", max_length=5000),
    ),
    key=(),
    guidance=(),
)


Address = Callable[[PairAssessment], str]


def write_units(
    target: BinaryIO, lines: Sequence[UnitYear], *, year: int, address: Address, actor: Actor
) -> None:
    """One row per unit; `address` is where the year of one pair can be read."""
    export_list(UNIT_SCORES, _rows(lines, year, address), target, actor=actor)


def _rows(lines: Sequence[UnitYear], year: int, address: Address) -> Iterator[dict[str, Any]]:
    for line in lines:
        yield {
            "unit": str(line.unit),
            "year": year,
            "pairs": line.pairs,
            "confirmed": len(line.confirmed),
            "score": line.shown_score,
            "evidence": "；".join(
                f"{one.pairing.village} {one.shown_score} {address(one)}" for one in line.confirmed
            ),
        }
