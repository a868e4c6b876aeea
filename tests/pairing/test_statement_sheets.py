"""Statements and the matrix come in as sheets and go out the same; the command line agrees."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from lingyan.cli import main
from lingyan.common import clock
from lingyan.directory.models import AdjoiningTowns, Place
from lingyan.pairing import matching
from lingyan.pairing.actions import rounds
from lingyan.pairing.models import PairAnswer, PairRound
from lingyan.pairing.problem.from_sheets import read_pairing
from lingyan.pairing.sheets import PAIR_MATRIX, PAIR_UNITS, PAIR_VILLAGES
from lingyan.platform.exchange import actions as exchange
from lingyan.platform.exchange.exporting import export_records
from lingyan.platform.exchange.registry import KINDS
from lingyan_matching import canonical, to_json
from tests.pairing.round_scene import RoundScene, again
from tests.pairing.scene import TODAY, paired
from tests.platform.sheets import brought_in, problems, sent, workbook
from tests.world import World

UNIT_HEADS = ("单位", "行业", "资金", "最多结对", "愿意的村", "不愿意的村", "不愿意的理由")


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    with clock.at(TODAY):
        yield


def units_sheet(*rows: tuple[Any, ...]) -> bytes:
    return workbook(UNIT_HEADS, rows)


def test_a_unit_comes_in_by_sheet_and_is_taken_back(world: World) -> None:
    scene = RoundScene(world)
    round = scene.stated()
    finance = scene.unit(round, world.finance)
    row = ("县财政局", "财政、金融", 3, 2, "溪口村、石桥村", "磨坊村", "路太远")

    run = brought_in("pair_units", units_sheet(row), world.officer, option=str(round.pk))

    stated = scene.unit(round, world.finance)
    answers = {one.round_village.village.short_name: (one.answer, one.reason)
               for one in PairAnswer.objects.filter(round_unit=finance, side="unit")
               .select_related("round_village__village")}  # fmt: skip
    assert (stated.sectors, stated.resources["fund"], stated.upper) == (["财政", "金融"], 3, 2)
    assert stated.resources["talent"] == 2  # an empty cell says nothing
    assert answers == {
        "松树村": ("asked", ""), "溪口村": ("willing", ""), "石桥村": ("willing", ""),
        "磨坊村": ("refused", "路太远"),
    }  # fmt: skip
    exchange.undo_import(run, actor=world.officer)
    back = scene.unit(round, world.finance)
    assert (back.sectors, back.upper) == (finance.sectors, finance.upper)
    assert PairAnswer.objects.filter(round_unit=finance, side="unit").count() == 1


@pytest.mark.parametrize(
    ("row", "heading"),
    [
        (("县水利局", None, None, None, None, None, None), "单位"),
        (("县财政局", None, None, None, "东坡村", None, None), "愿意的村"),
        (("县财政局", None, None, None, None, "磨坊村", None), "不愿意的理由"),
        (("县财政局", None, None, None, "磨坊村", "磨坊村", "远"), "不愿意的村"),
        (("县财政局", None, None, 0, None, None, None), "单位"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_cell(
    world: World, row: tuple[Any, ...], heading: str
) -> None:
    round = RoundScene(world).stated()

    run = sent("pair_units", units_sheet(row), world.officer, option=str(round.pk))

    assert [told for _, told, _ in problems(run)] == [heading]


def test_after_collecting_nothing_comes_in(world: World) -> None:
    round = RoundScene(world).computed()
    row = ("县财政局", "财政", 4, 2, None, None, None)

    run = sent("pair_units", units_sheet(row), world.officer, option=str(round.pk))

    assert "不在征集意愿阶段" in problems(run)[0][2]


def test_every_sheet_of_a_round_comes_back_the_same(world: World, tmp_path: Path) -> None:
    scene = RoundScene(world)
    round = scene.stated()
    weights = {
        **round.settings["weights"],
        "near": 40,
        "related": 30,
        "complement": 20,
        "consent": 10,
    }
    PairRound.objects.update(settings={**round.settings, "weights": weights})
    round = again(round)
    rounds.set_matrix(round, [("财政", "茶叶", 600)], actor=world.officer)
    rows = [("财政", "茶叶", 800), ("财政", "养殖", 300)]
    heads = ("单位行业", "村产业", "相关程度")
    brought_in("pair_matrix", workbook(heads, rows), world.officer, option=str(round.pk))
    assert again(round).settings["matrix"] == [["财政", "养殖", 300], ["财政", "茶叶", 800]]

    for sheet, count in ((PAIR_UNITS, 2), (PAIR_VILLAGES, 4), (PAIR_MATRIX, 2)):
        path = tmp_path / f"{sheet.kind}.xlsx"
        with path.open("w+b") as target:
            export_records(
                KINDS[sheet.kind],
                target,
                actor=world.officer,
                option=str(round.pk),
                purpose="核对填报",
            )
        run = sent(sheet.kind, path.read_bytes(), world.officer, option=str(round.pk))
        assert (run.same_count, run.new_count, run.changed_count) == (count, 0, 0), sheet.kind


def whole(world: World) -> tuple[RoundScene, PairRound]:
    """Points, adjoining towns, pins, bans, answers, a present pair, a matrix, weights."""
    scene = RoundScene(world)
    Place.objects.filter(pk=world.mill.pk).update(
        latitude=Decimal("31.353837"), longitude=Decimal("107.721921")
    )
    Place.objects.filter(pk=world.north.pk).update(
        latitude=Decimal("31.2"), longitude=Decimal("107.6")
    )
    AdjoiningTowns.objects.create(first=world.north, second=world.south)
    paired(world, village=world.stone)
    round = scene.stated()
    weights = {
        **round.settings["weights"],
        "near": 40,
        "related": 30,
        "complement": 20,
        "consent": 10,
    }
    PairRound.objects.update(settings={**round.settings, "weights": weights})
    round = again(round)
    rounds.set_matrix(round, [("财政", "茶叶", 600)], actor=world.officer)
    rounds.fix_pair(
        round,
        kind="ban",
        unit_id=world.finance.pk,
        village_id=world.brook.pk,
        reason="上次没有走动",
        actor=world.officer,
    )
    rounds.fix_pair(
        round,
        kind="pin",
        unit_id=world.school.pk,
        village_id=world.mill.pk,
        reason="学校在那里",
        actor=world.officer,
    )
    return scene, again(round)


def test_the_command_line_finds_the_plan_of_the_page(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scene, round = whole(world)
    client = world.client(world.officer)
    for name in ("village", "unit"):
        answer = client.get(reverse(f"pair_round_{name}_book", args=[round.pk]))
        (tmp_path / f"{name}.xlsx").write_bytes(answer.content)

    from lingyan.common.workbook import read_workbook

    books = [
        read_workbook((tmp_path / f"{name}.xlsx").read_bytes(), filename=f"{name}.xlsx")
        for name in ("village", "unit")
    ]
    read = read_pairing(*books, None).problem
    own = matching.gather(round)
    assert to_json(canonical(read.problem)) == to_json(canonical(own.problem))
    words = [
        "match", "pairing", "--villages", str(tmp_path / "village.xlsx"),
        "--units", str(tmp_path / "unit.xlsx"), "--out", str(tmp_path / "out"),
        "--seed", str(round.seed),
    ]  # fmt: skip
    assert main(words) == 0, capsys.readouterr()
    document = json.loads((tmp_path / "out" / "plan.json").read_text("utf-8"))
    plan = scene.plan(round)
    drafts = {(str(one.unit_id), str(one.village_id)) for one in plan.drafts.all()}
    assert {(one["person"], one["post"]) for one in document["assignments"]} == drafts
    assert drafts >= {(str(world.school.pk), str(world.mill.pk))}


def test_only_the_county_takes_the_books_of_a_round(world: World) -> None:
    round = RoundScene(world).stated()
    url = reverse("pair_round_unit_book", args=[round.pk])

    assert world.client(world.unit_admin).get(url).status_code == 403
    assert world.client(world.stranger).get(url).status_code in (403, 404)
