"""A bundle of four figures, as an issued briefing makes it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from lingyan.briefings.rules import bundle as rules
from lingyan.briefings.rules.bundle import Bundle, BundledFigure, BundledNumber
from lingyan.platform.indicators.definitions import Measure, Parts, Record, add_up

SOURCE = (
    "一、选优派强\n新选派{X01}，其中有经历的占{X02|写法=超75%}，较上届{T02}，到位{X14|不超过=X16}。"
)
TEXT = "一、选优派强\n新选派3人，其中有经历的占超75%，较上届下降6.4岁，到位3200余万元。"


def number(named: str, code: str, measure: Measure, part: int, of: int = 1) -> BundledNumber:
    return BundledNumber(named, code, measure, rules.as_told(Parts(Fraction(part), of)), True)


PLANNED = number("X16", "IND-16", Measure.TOTAL, 40_000_000)


def figure(
    position: int,
    written: str,
    measure: Measure,
    unit: str,
    value: str,
    records: list[Record],
    *named: BundledNumber,
) -> BundledFigure:
    return BundledFigure(
        position, written, f"IND-{position}", "指标", 1, "口径", measure, unit, value,
        rules.as_told(add_up(records)), "宣汉县", "2025-01-01", "2026-01-24", "2026-01-23",
        tuple(map(rules.bundled, records)), named,
    )  # fmt: skip


def record(key: str, **more: Any) -> Record:
    return Record("posting.Posting", key, "51/1722/", ("张三", "洛盘村"), **more)


def bundle() -> Bundle:
    people = [record(str(one), counts=f"p{one % 3}") for one in range(4)]
    share = [record(str(one), part=one < 4) for one in range(5)]
    ages = [
        *(record(str(one), part=Fraction(213, 5)) for one in range(3)),
        record("old", part=Decimal(49), is_base=True),
    ]
    money = [record("a", part=Decimal("32000000.00")), record("b", part=Decimal("450000.5"))]
    return Bundle(
        head={"series": "组工简报", "number": "第3期", "title": "三项行动"},
        source=SOURCE,
        text=TEXT,
        figures=(
            figure(0, "3人", Measure.NUMBER, "人", "3", people),
            figure(1, "超75%", Measure.SHARE, "%", "80.0", share),
            figure(2, "下降6.4岁", Measure.CHANGE, "岁", "-6.4", ages),
            figure(3, "3200余万元", Measure.TOTAL, "元", "32450000.50", money, PLANNED),
        ),
    )
