"""`lingyan indicators` and `lingyan evidence`: what they print, and say of wrong input."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from lingyan.cli import main
from lingyan.common import clock
from lingyan.platform.indicators import registry
from tests.pairing.scene import paired
from tests.world import World

COUNTY = "990100000000"


@pytest.fixture
def house(world: World) -> Iterator[World]:
    """One pair of 松树村; the file that tells the command that there is a database."""
    path = Path(settings.DATA_FOLDER) / "lingyan.sqlite3"
    path.touch()
    with clock.at(date(2026, 3, 10)):
        paired(world)
        yield world
    path.unlink()


def said(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert main([*words, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_every_indicator_of_a_place(house: World, capsys: pytest.CaptureFixture[str]) -> None:
    found = said(capsys, "indicators", "--place", COUNTY)

    assert [one["code"] for one in found] == list(registry.INDICATORS)
    assert next(one for one in found if one["row"] == "X08") == {
        "code": "IND-3-01", "row": "X08", "name": registry.INDICATORS["IND-3-01"].name,
        "value": 1, "unit": "个", "text": "1个",
    }  # fmt: skip
    south = said(capsys, "indicators", "--place", "990100101000", "--period", "2026-03")
    assert next(one for one in south if one["row"] == "X08")["value"] == 0


def test_what_a_county_asks_for_itself_is_a_number_of_its_own_places(
    house: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pairs = registry.INDICATORS["P-3-PAIRS"]
    own = [
        replace(pairs, code=f"YB-{place}", within=place.path)
        for place in (house.county, house.elsewhere)
    ]
    monkeypatch.setattr(registry, "DEFINED", [lambda code: own])

    found = said(capsys, "indicators", "--place", COUNTY)

    assert [one["code"] for one in found][-1] == f"YB-{house.county}"
    assert not any(one["code"] == f"YB-{house.elsewhere}" for one in found)


def test_the_records_of_a_row_or_a_code(house: World, capsys: pytest.CaptureFixture[str]) -> None:
    for asked in ("X08", "ind-3-01"):
        found = said(capsys, "evidence", asked, "--place", COUNTY)
        assert (found["value"], found["count"], found["hidden"]) == (1, 1, 0)
        [record] = found["records"]
        assert record["type"] == "pairing.Pairing"
        assert record["cells"]["单位"] == "县财政局"
    assert main(["evidence", "X08", "--place", COUNTY]) == 0
    assert "共 1 条" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        (("evidence", "X99", "--place", COUNTY), "没有“X99”这个指标", "no indicator"),
        (("evidence", "X08", "--place", "1"), "没有代码为“1”的地方", "no place"),
        (("indicators", "--place", COUNTY, "--period", "2027"), "统计期还没有开始", "not begun"),
        (("indicators", "--place", COUNTY, "--period", "2026-3"), "看不出统计期", "as 2026"),
        (("indicators",), "缺少必须的选项：--place", "--place"),
    ],
)
def test_wrong_input_ends_with_2_and_says_what_is_wrong(
    house: World, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], zh: str, en: str
) -> None:
    assert main(list(words)) == 2
    assert zh in capsys.readouterr().err
    assert main([*words, "--lang", "en"]) == 2
    assert en in capsys.readouterr().err
    if len(words) > 1:
        assert main([*words, "--format", "json"]) == 2
        assert zh in json.loads(capsys.readouterr().out)["errors"][0]["reason"]
