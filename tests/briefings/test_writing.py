"""How is a figure printed, is it true, and do figures of a sentence fit each other?"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, cast

import pytest

from lingyan.briefings.rules.text import Figure, parse
from lingyan.briefings.rules.writing import Told, contradictions, refuse_written, write
from lingyan.platform.indicators.definitions import Indicator, Measure, Parts, PeriodKind
from lingyan.platform.indicators.sources import FromRecords

pytestmark = pytest.mark.pure

NOWHERE = FromRecords(lambda question: cast("Sequence[Any]", ()))


def indicator(unit: str, measure: Measure, kind: PeriodKind = PeriodKind.OF_PERIOD) -> Indicator:
    return Indicator(
        "T-1", "一个数", unit, "口径", kind, measure, NOWHERE, ("村",), "试", "R-0-17", ()
    )


COUNT = indicator("场(次)", Measure.NUMBER)
PEOPLE = indicator("人", Measure.NUMBER)
MONEY = indicator("元", Measure.TOTAL)
SHARE = indicator("%", Measure.SHARE)
CHANGE = indicator("岁", Measure.CHANGE)


def parts(part: float, of: int = 0) -> Parts:
    return Parts(Fraction(str(part)), of)


def figure(text: str) -> Figure:
    (found,) = parse(text).figures
    return found


@pytest.mark.parametrize(
    ("of", "told", "text", "written"),
    [
        (COUNT, parts(565), "{X}", "560余场(次)"),
        (COUNT, parts(565), "{X|写法=准确}", "565场(次)"),
        (COUNT, parts(565), "{X|单位=场}", "560余场"),
        (COUNT, parts(565), "{X|写法=准确|单位=无}", "565"),
        (PEOPLE, parts(12), "{X|写法=准确|单位=名}", "12名"),
        (PEOPLE, parts(12), "{X|写法=概数}", "10余人"),
        (PEOPLE, parts(0), "{X|单位=名}", "0名"),
        (MONEY, parts(32_450_000), "{X}", "3200余万元"),
        (MONEY, parts(32_450_000), "{X|写法=准确}", "3245万元"),
        (MONEY, parts(325_050), "{X|写法=准确}", "325050元"),
        (MONEY, parts(15_100), "{X|写法=准确}", "1.51万元"),
        (SHARE, parts(66, 87), "{X}", "75.9%"),
        (SHARE, parts(0, 30), "{X}", "0%"),
        (SHARE, parts(1, 3000), "{X}", "0.0%"),  # not nobody
        (SHARE, parts(66, 87), "{X|写法=超75%}", "超75%"),
    ],
)
def test_a_figure_is_printed_as_the_text_wants_it(
    of: Indicator, told: Parts, text: str, written: str
) -> None:
    assert write(of, told, figure(text)) == written


@pytest.mark.parametrize(
    ("of", "told", "wording", "codes"),
    [
        (COUNT, parts(565), "560余场", []),
        (COUNT, parts(570), "560余场", ["wording.untrue"]),
        (SHARE, parts(66, 87), "超75%", []),
        (SHARE, parts(65, 87), "超75%", ["wording.untrue"]),
        (MONEY, parts(32_450_000), "3200余万元", []),
        (CHANGE, Parts(Fraction(426), 10, Fraction(490), 10), "下降6.4岁", []),
        (CHANGE, Parts(Fraction(426), 10, Fraction(490), 10), "上升6.4岁", ["wording.untrue"]),
        (COUNT, parts(75), "75%", ["briefings.figure.unit"]),
        (SHARE, parts(3, 4), "75场", ["briefings.figure.unit"]),
        (COUNT, parts(75), "很多场", ["wording.unreadable"]),
        (SHARE, parts(0, 0), "准确", ["briefings.figure.nothing"]),
        (COUNT, parts(565), "565场，另有30场", ["wording.unreadable"]),
        (COUNT, parts(565), "565场、30场", ["wording.unreadable"]),
        (COUNT, parts(565), "准确|单位=余场", ["wording.untrue"]),
    ],
)
def test_what_is_written_is_held_against_the_value(
    of: Indicator, told: Parts, wording: str, codes: list[str]
) -> None:
    one = figure(f"{{X|写法={wording}}}")

    found = refuse_written(one, Told(of, told, write(of, told, one)))

    assert [refusal.code for refusal in found] == codes


def codes_of(text: str, *values: tuple[Indicator, Parts], **named: Parts) -> list[str]:
    parsed = parse(text)
    assert not parsed.mistakes
    told = {
        one.position: Told(of, sums, write(of, sums, one))
        for one, (of, sums) in zip(parsed.figures, values, strict=True)
    }
    others = {
        (one.position, code): Told(PEOPLE, sums, "")
        for one in parsed.figures
        for code, sums in named.items()
    }
    return [one.refusal.code for one in contradictions(parsed, told, others)]


@pytest.mark.parametrize(
    ("text", "values", "codes"),
    [
        ("共{A}，其中{B}。", [(PEOPLE, parts(87)), (PEOPLE, parts(12))], []),
        ("共{A}，其中{B}。", [(PEOPLE, parts(12)), (PEOPLE, parts(87))], ["part"]),
        ("共{A}。其中{B}。", [(PEOPLE, parts(12)), (PEOPLE, parts(87))], []),
        ("共{A}，其中{B}。", [(PEOPLE, parts(12)), (COUNT, parts(87))], []),
        ("共{A}，其中{B|不超过=Z}。", [(PEOPLE, parts(12)), (PEOPLE, parts(87))], []),
        (
            "共{A}，其中{B}，占{C}。",
            [(PEOPLE, parts(87)), (PEOPLE, parts(66)), (SHARE, parts(66, 87))],
            [],
        ),
        (
            "共{A}，其中{B}，占比达{C}。",
            [(PEOPLE, parts(87)), (PEOPLE, parts(60)), (SHARE, parts(66, 87))],
            ["share"],
        ),
        (
            "共{A}，其中{B}，满意率{C}。",
            [(PEOPLE, parts(87)), (PEOPLE, parts(60)), (SHARE, parts(9, 10))],
            [],
        ),
    ],
)
def test_a_part_and_its_share_fit_the_whole_of_the_sentence(
    text: str, values: list[tuple[Indicator, Parts]], codes: list[str]
) -> None:
    assert codes_of(text, *values) == [f"briefings.figure.{code}" for code in codes]


def test_relations_that_the_text_names_are_checked() -> None:
    one, many = (PEOPLE, parts(12)), (PEOPLE, parts(87))

    assert not codes_of("{A|不超过=Z}", one, Z=parts(12))
    assert codes_of("{A|不超过=Z}", many, Z=parts(12)) == ["briefings.figure.part"]
    assert not codes_of("{A|合计=Y+Z}", one, Y=parts(5), Z=parts(7))
    assert codes_of("{A|合计=Y+Z}", one, Y=parts(5), Z=parts(8)) == ["briefings.figure.sum"]
    share = (SHARE, parts(66, 87))
    assert not codes_of("{A|占比=Y/Z|写法=超75%}", share, Y=parts(66), Z=parts(87))
    assert codes_of("{A|占比=Y/Z}", share, Y=parts(1), Z=parts(3)) == ["briefings.figure.share"]
    assert codes_of("{A|占比=Y/Z}", share, Y=parts(1), Z=parts(0)) == ["briefings.figure.share"]
