"""Which digits typed by hand are known as no figures, and which block a text?"""

from __future__ import annotations

import pytest

from lingyan.briefings.rules.numbers import typed_numbers, unbound, unbound_above
from lingyan.briefings.rules.text import Spot, Words, parse

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    "text",
    [
        "2020年收入", "2025—2026年", "2026年1月23日", "截至1月底", "3月5日", "2026-01-23",
        "9:30集合",
        "中组发〔2023〕14号", "第12期", "第20届", "GB/T 9704-2012", "五项举措", "千家万户",
        "百年变局",
        "三会一课", "一线", "四议两公开一监督", "“十四五”规划", "二十届三中全会", "第二十个村",
        "十个全覆盖", "{X01|单位=余家}",
    ],
)  # fmt: skip
def test_years_dates_document_numbers_and_ordinals_are_no_figures(text: str) -> None:
    assert not unbound(parse(text))


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("选派87名", ["87"]),
        ("超75%", ["75%"]),
        ("近1.08万件", ["1.08"]),
        ("3,200万元", ["3,200"]),
        ("\uff15\uff16\uff10余场", ["\uff15\uff16\uff10"]),
        ("13月45日", ["13", "45"]),
        ("3个月", ["3"]),
        ("1999人，2000人", ["1999", "2000"]),
        ("三百余人", ["三百余"]),
        ("两千多名", ["两千多"]),
        ("百余件", ["百余"]),
        ("八十七名", ["八十七"]),
        ("二十多个村", ["二十多"]),
        ("十余场", ["十余"]),
        ("占百分之三十五", ["百分之三十五"]),
        ("\u0668\u0667名", ["\u0668\u0667"]),
        ("2020年新增5个", ["5"]),
    ],
)
def test_any_other_number_is_marked(text: str, typed: list[str]) -> None:
    assert [one.text for one in typed_numbers(Words(text, Spot(1, 1)))] == typed


def test_a_typed_number_says_where_it_stands_and_a_declared_one_passes() -> None:
    (mistake,) = unbound(parse("一行\n{X01}名，12名，{文字=5|理由=文件原文}项"))

    assert (mistake.spot, mistake.refusal.code) == (Spot(2, 8), "briefings.text.unbound")
    assert "12" in mistake.refusal.text


def test_numbers_of_headings_are_no_figures() -> None:
    assert not unbound(parse("一、甲\n1. 乙\n（1）丙"))


def test_what_is_printed_behind_a_number_is_typed_as_well() -> None:
    (mistake,) = unbound(parse("共{X01|单位=名和临时的200人}"))

    assert (mistake.spot.line, mistake.refusal.code) == (1, "briefings.text.unbound")


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        ("新选派87名第一书记", []),
        ("2026年新选派87名第一书记，超75%有经历", []),
        ("新选派187名第一书记", ["187"]),
        ("新选派87名第一书记，75%有经历", ["75%"]),
        ("新选派88名第一书记", ["88"]),
        ("以三项行动促振兴", []),
    ],
)
def test_the_title_says_no_number_that_the_text_does_not_say(title: str, typed: list[str]) -> None:
    found = list(unbound_above("标题", title, ("87名", "超75%", "")))

    assert [one.refusal.text.partition("“")[2].partition("”")[0] for one in found] == typed
    assert {str(one.spot) for one in found} <= {"正文之外"}
