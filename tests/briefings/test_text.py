"""What is read of the text of a briefing, and where is it wrong?"""

from __future__ import annotations

import pytest

from lingyan.briefings.rules.paper import declared_in
from lingyan.briefings.rules.text import Block, Declared, Figure, Spot, Words, parse

pytestmark = pytest.mark.pure


def test_a_sentence_holds_words_figures_and_declared_text() -> None:
    parsed = parse(
        "新选派{X01}名，{x12\uff5c期间=去年以来 | 写法=560余场}，{文字=2035|理由=规划年份}年"
    )

    (block,) = parsed.blocks
    assert not parsed.mistakes
    assert [type(piece) for piece in block.pieces] == [
        Words, Figure, Words, Figure, Words, Declared, Words,
    ]  # fmt: skip
    first, second = parsed.figures
    assert (first.position, first.code, first.spot) == (0, "X01", Spot(1, 4))
    assert (second.position, second.code, second.period, second.wording) == (
        1, "X12", "去年以来", "560余场",
    )  # fmt: skip
    (declared,) = parsed.pieces(Declared)
    assert (declared.text, declared.reason) == ("2035", "规划年份")
    (listed,) = declared_in(parsed)
    assert (listed.text, listed.line) == ("2035", 1)
    assert listed.around == "新选派…名，…，2035年"


def test_relations_name_the_codes_of_other_figures() -> None:
    part, total, share = parse("{X04|不超过=X01}{X01|合计=x04+X05}{X02|占比=X04/X01}").figures

    assert part.at_most == "X01"
    assert total.sum_of == ("X04", "X05")
    assert share.share_of == ("X04", "X01")


@pytest.mark.parametrize(
    ("line", "level", "number", "lead"),
    [
        ("一、选优派强", 1, "一、", 1),
        ("（一）主要做法", 2, "（一）", 1),
        ("1. 建清单", 3, "1.", 1),
        ("（1）具体情况", 4, "（1）", 1),
        ("一、选优派强。新选派{X01}名。", 1, "一、", 1),
        ("1.5万元是多少", 0, "", 0),
        ("全县情况如下。", 0, "", 0),
    ],
)
def test_numbered_lines_are_headings_or_begin_with_one(
    line: str, level: int, number: str, lead: int
) -> None:
    (block,) = parse(line).blocks

    assert (block.level, block.number, block.lead) == (level, number, lead)


def test_a_heading_of_its_own_is_told_from_one_that_runs_on() -> None:
    alone, runs_on = parse("一、选优派强\n二、管好用好。其中{X04}名受到提拔。").blocks

    assert alone.is_heading
    assert not runs_on.is_heading
    assert isinstance(runs_on.pieces[0], Words)
    assert runs_on.pieces[0].text == "管好用好。"


@pytest.mark.parametrize(
    ("text", "code", "spot"),
    [
        ("一\n二三{X01", "open_brace", Spot(2, 3)),
        ("{X01{X02}", "open_brace", Spot(1, 1)),
        ("一}", "stray_brace", Spot(1, 2)),
        ("{}", "bad_token", Spot(1, 1)),
        ("{一二}", "bad_token", Spot(1, 1)),
        ("{理由=一}", "bad_token", Spot(1, 1)),
        ("{文字=}", "bad_token", Spot(1, 1)),
        ("{文字=3}", "reason_missing", Spot(1, 1)),
        ("{X01|颜色=红}", "bad_option", Spot(1, 1)),
        ("{X01|期间=}", "bad_option", Spot(1, 1)),
        ("{X01|期间=2025|期间=2026}", "bad_option", Spot(1, 1)),
        ("{X01|写法=" + "名" * 41 + "}", "too_long", Spot(1, 1)),
        ("{X01|占比=X02}", "bad_relation", Spot(1, 1)),
        ("{X01|合计=X02+一}", "bad_relation", Spot(1, 1)),
        ("（一）二", "level", Spot(1, 1)),
        ("一、甲\n（1）乙", "level", Spot(2, 1)),
        ("一、甲\n三、乙", "count", Spot(2, 1)),
        ("一、甲\n（一）、乙", "comma", Spot(2, 1)),
    ],
)
def test_every_mistake_says_where_it_stands(text: str, code: str, spot: Spot) -> None:
    (mistake,) = parse(text).mistakes

    assert mistake.refusal.code == f"briefings.text.{code}"
    assert mistake.spot == spot
    assert str(mistake).startswith(str(spot))


@pytest.mark.parametrize(
    "text",
    [
        "一、甲\n（一）乙\n1. 丙\n（1）丁\n二、戊\n（一）己",
        "一、甲\n1. 乙\n2. 丙\n二、丁\n1. 戊",
        "",
    ],
)
def test_numbers_that_follow_each_other_are_no_mistake(text: str) -> None:
    assert not parse(text).mistakes


def test_what_cannot_be_read_stays_as_words() -> None:
    text = "前{X01后\n{坏|一=二}末}"

    def told(block: Block) -> str:
        return "".join(piece.text for piece in block.pieces if isinstance(piece, Words))

    assert "\n".join(map(told, parse(text).blocks)) == text
