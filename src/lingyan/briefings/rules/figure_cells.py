"""What does a list say of one record behind a number: its own cells, and what it adds?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from lingyan.platform.indicators.definitions import TOO_FEW, Indicator, Measure, Record

COMPARING = (Measure.CHANGE, Measure.POINTS, Measure.GROWTH)  # say themselves how something moved


def heads_of(indicator: Indicator) -> tuple[str, ...]:
    """What a record adds stands behind its own cells, where it is not simply one."""
    return (*indicator.heads, *_added_heads(indicator))


def _added_heads(indicator: Indicator) -> tuple[str, ...]:
    heads: tuple[str, ...] = ()
    if indicator.measure in (Measure.SHARE, Measure.POINTS):
        heads = ("计入",)
    if indicator.measure in COMPARING:
        heads = (*heads, "属于")
    return heads


def cells_of(indicator: Indicator, record: Record) -> tuple[str | int | Decimal | date, ...]:
    added: list[str] = []
    if indicator.measure in (Measure.SHARE, Measure.POINTS):
        adds = record.of and is_told(indicator, record)
        added.append(_share_of(record) if adds else _nothing(indicator))
    if indicator.measure in COMPARING:
        added.append("对比的一期（届）" if record.is_base else "本期（届）")
    return (*record.cells, *added)


def is_told(indicator: Indicator, record: Record) -> bool:
    """A record that sums up a few, such as a vote of nine, says no more than its number (7.7)."""
    return record.of <= 1 or record.of >= indicator.shown_from


def _nothing(indicator: Indicator) -> str:
    """Why a record adds nothing that may be told."""
    return TOO_FEW if indicator.shown_from else "不计"


def _share_of(record: Record) -> str:
    part = Fraction(record.part)
    if record.of == 1 and part in (0, 1):
        return "是" if part else "否"
    whole = part.denominator == 1
    return f"{part.numerator if whole else round(float(part), 2)} / {record.of}"
