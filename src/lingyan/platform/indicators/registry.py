"""Which indicators are there? `config.wiring` fills this list at start."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from lingyan.common.refusals import Refusal
from lingyan.platform.indicators.definitions import UNITS, Indicator

INDICATORS: dict[str, Indicator] = {}
"""By code, in the order of pages."""

DEFINED: list[Callable[[str], Iterable[Indicator]]] = []
"""Functions that give what counties define themselves: all, or the one with this code."""

_BY_ROW: dict[str, str] = {}

UNKNOWN = "indicators.unknown"
AHEAD = Refusal("indicators.ahead", "统计期还没有开始，请选今天或以前的")
BAD_PERIOD = Refusal(
    "indicators.bad_period",
    "看不出统计期，请写 2026、2026Q1、2026-03 或 2025-01-01..2026-01-23",
)


def register(indicators: Iterable[Indicator]) -> None:
    """Take up a module's indicators; one code, one row and one unit each, or it is a defect."""
    for one in indicators:
        assert one.unit in UNITS, f"{one.code}: {one.unit} is no unit of R-0-13"
        held = INDICATORS.setdefault(one.code, one)
        assert held is one, f"{one.code} is defined twice"
        for row in one.rows:
            assert _BY_ROW.setdefault(row, one.code) == one.code, f"{row} is served twice"


def find(code_or_row: str) -> Indicator | None:
    """IND-3-03 or X12, in whatever case."""
    asked = code_or_row.strip().upper()
    found = INDICATORS.get(asked) or INDICATORS.get(_BY_ROW.get(asked, ""))
    if found is not None or not asked:
        return found
    return next((one for ask in DEFINED for one in ask(asked)), None)


def everything() -> list[Indicator]:
    """Those of the product, then those that counties define."""
    return [*INDICATORS.values(), *(one for ask in DEFINED for one in ask(""))]


def rows() -> Mapping[str, str]:
    """Which indicator serves which row of the articles."""
    return dict(_BY_ROW)


def refuse_unknown(code_or_row: str) -> Refusal:
    return Refusal(UNKNOWN, f"没有“{code_or_row}”这个指标，请从指标目录里选")
