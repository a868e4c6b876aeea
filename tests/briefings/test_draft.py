"""A draft from a template with the figures of this moment, or what has to be mended."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from docx import Document

from lingyan.briefings.exports.draft import draft
from lingyan.briefings.models import BriefingTemplate
from lingyan.briefings.queries.drafts import find_place, find_template
from lingyan.briefings.rules.supplied import KEYS, Supplied, find_supplied
from lingyan.briefings.rules.writing import NOTHING_TOLD
from lingyan.cli import main
from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.indicators import registry
from lingyan.platform.indicators.definitions import Indicator, Measure, PeriodKind, Record
from lingyan.platform.indicators.sources import FromRecords
from tests.world import World

TODAY = date(2026, 3, 10)
NINE = Indicator(
    code="T-NINE", rows=("Z09",), name="九件事", unit="件", basis="试验",
    kind=PeriodKind.OF_PERIOD, measure=Measure.NUMBER,
    source=FromRecords(lambda asked: [Record("t.T", str(one), "", ()) for one in range(9)]),
    heads=(), group="试验", rule="R-0-13", readers=(),
)  # fmt: skip
TEXT = "一、结对共建\n结对{P-3-PAIRS}，办成{Z09|写法=9件}，又办成{Z09|写法=8件}，另有7件。\n"


@pytest.fixture
def house(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(registry, "INDICATORS", {**registry.INDICATORS})
    monkeypatch.setattr(registry, "_BY_ROW", {**registry._BY_ROW})
    registry.register((NINE,))
    path = Path(settings.DATA_FOLDER) / "lingyan.sqlite3"
    path.touch()
    with clock.at(TODAY):
        yield world
    path.unlink()


def template(world: World, text: str = TEXT, **more: Any) -> None:
    made = {"name": "试写", "series": "组工简报", "title": "结对共建", "county": world.county}
    BriefingTemplate.objects.create(**made | more, text=text)


def words(world: World, out: Path, *, name: str = "试写", period: str = "2026") -> list[str]:
    return [
        "briefing", name, "--place", world.county.code, "--period", period, "--out", str(out),
    ]  # fmt: skip


def test_a_draft_is_written_and_what_failed_is_marked(
    house: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template(house)
    out = tmp_path / "draft.docx"

    assert main(words(house, out)) == 0

    said = capsys.readouterr().out
    assert "3 个数字，2 处核对未过" in said
    assert "第 2 行第 32 字：“8件”与实际的 9 不符" in said
    document: Any = Document(str(out))
    text = [one.text for one in document.paragraphs]
    marked = [
        run.text
        for one in document.paragraphs
        for run in one.runs
        if run.font.highlight_color is not None
    ]
    assert "草稿，未经核对和签发" in text[:2]
    assert "结对0对，办成9件，又办成8件，另有7件。" in text
    assert marked == ["8件", "7"]
    assert any(one.startswith("序号：2；文中表述：9件；指标：T-NINE 九件事") for one in text)


BROKEN = {
    "办成{Z09": "第 1 行第 3 字：这里的“{”没有对应的“}”",
    "第一行\n办成{Z09|数量=3}": "第 2 行第 3 字：“数量”不是可写的项",
    "办成{Z99}": "第 1 行第 3 字：没有“Z99”这个指标",
    "办成{Z09|期间=2027}": "统计期还没有开始",
    "办成{Z09|地方=月亮}": "本县没有“月亮”",
    "办成{Z09|不超过=P-3-PAIRS}": "9件 是其中的一部分，却多于总数 0",
    "办成{Z09|合计=P-3-PAIRS+P-3-PAIRS}": "9件 不等于 P-3-PAIRS + P-3-PAIRS 的合计 0",
    "（一）标题": "“（一）”前面少了一层",
}


@pytest.mark.parametrize("text", BROKEN)
def test_there_is_no_file_of_a_text_that_is_broken_or_contradicts_itself(
    text: str, house: World
) -> None:
    made = draft(Supplied("", "试写", "组工简报", "结对", text), house.county, period="2026",
                 actor=Actor.system(), today=TODAY)  # fmt: skip

    assert BROKEN[text] in str(made.broken[0])


@pytest.mark.parametrize(
    ("period", "said"), [("2027", "统计期还没有开始"), ("去年春", "看不出统计期")]
)
def test_a_period_that_is_none_or_lies_ahead_is_refused(
    period: str, said: str, house: World
) -> None:
    with pytest.raises(Refused, match=said):
        draft(Supplied("", "试写", "组工简报", "结对", TEXT), house.county, period=period,
              actor=Actor.system(), today=TODAY)  # fmt: skip


def test_the_command_writes_nothing_of_a_broken_text(
    house: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template(house, "办成\n办成{Z09")

    assert main([*words(house, tmp_path / "draft.docx"), "--format", "json"]) == 2
    errors = json.loads(capsys.readouterr().out)["errors"]
    assert errors == [{"line": 2, "column": 3, "reason": "这里的“{”没有对应的“}”"}]
    assert main([*words(house, tmp_path / "draft.docx"), "--lang", "en"]) == 2
    assert "试写 line 2, column 3: this { is not closed" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_wrong_words_on_the_line_end_with_2(
    house: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = words(house, tmp_path / "draft.docx")
    code = house.county.code
    for wrong, said in (
        (["briefing", "没有", *good[2:]], "没有“没有”这个模板；可用的有：xuanhan、taibai"),
        ([*good[:-1], str(tmp_path / "draft.pdf")], "请以 .docx 结尾"),
        (good[:2], "缺少 --place、--period、--out"),
        ([*good, "--digest", "ab"], "这里用不着 --digest"),
        (["briefing", "verify", "a.zip", "--place", code], "这里用不着 --place"),
        (["briefing", "verify"], "缺少 FILE"),
        (["briefing", "xuanhan", "--place", "1", *good[4:]], "没有代码为“1”的地方"),
        (
            ["briefing", "xuanhan", *good[2:], "--lang", "en", "--period", "2027"],
            "the period has not begun",
        ),
        (
            ["briefing", "xuanhan", *good[2:], "--lang", "en", "--period", "last"],
            "write the period as 2026",
        ),
    ):
        assert main(wrong) == 2, wrong
        assert said in capsys.readouterr().err
    assert main(["briefing", "verify", "--format", "json"]) == 2
    assert json.loads(capsys.readouterr().out)["errors"] == [{"reason": "缺少 FILE。"}]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("key", KEYS)
def test_a_supplied_text_can_be_drafted_anywhere(key: str, house: World) -> None:
    """Even where there is not one record yet: what has no value is marked."""
    supplied = find_template(key, house.county.code)
    assert supplied is not None

    made = draft(supplied, house.county, period="2026", actor=Actor.system(), today=TODAY)

    assert [str(one) for one in made.broken] == []
    assert {one.refusal.code for one in made.marked} <= {NOTHING_TOLD}


def test_a_place_is_found_by_the_code_of_today(house: World) -> None:
    assert find_place(house.pine.code) == house.pine
    assert find_place("") is None
    assert find_place("999999999999") is None


def test_the_county_s_own_text_comes_before_the_one_that_came_with_us(house: World) -> None:
    template(house, "办成{Z09}。", key="xuanhan", name="我县的")

    for name in ("xuanhan", "我县的"):
        found = find_template(name, house.pine.code)
        assert found is not None
        assert found.text == "办成{Z09}。"
    assert find_template("xuanhan", "") == find_supplied("xuanhan")
