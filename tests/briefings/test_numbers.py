"""Which digits typed by hand are known as no figures, and which block a text?"""

from __future__ import annotations

import pytest

from lingyan.briefings.rules.numbers import typed_numbers, unbound
from lingyan.briefings.rules.text import Spot, Words, parse

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    "text",
    [
        "2020年收入", "2025—2026年", "2026年1月23日", "截至1月底", "3月5日", "2026-01-23",
        "9:30集合",
        "中组发〔2023〕14号", "第12期", "第20届", "GB/T 9704-2012", "五项举措", "千家万户",
        "百年变局",
        "三会一课", "一线", "四议两公开一监督",
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
