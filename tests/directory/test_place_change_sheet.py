"""The sheet of changes: read, carried out, exported to the same, and taken back as a whole."""

from __future__ import annotations

from typing import Any

from lingyan.directory.models import Place, PlaceChange, PlaceEdition, PlaceSuccession
from lingyan.platform.audit.verify import verify_chain
from lingyan.platform.exchange import actions
from lingyan.platform.exchange.models import Import
from tests.platform.sheets import sent, workbook
from tests.world import World

HEADINGS = (
    "办理", "原区划", "新名称", "原村继续", "新代码", "代码版本", "划入乡镇", "生效日期",
    "批复文号",
)  # fmt: skip
MERGER = (
    "合并", "松树村、溪口村", "青溪村村民委员会", "", "990100100210", "2026", "", "2026-01-05",
    "山民发（2026）1号",
)  # fmt: skip
MOVE = ("划转", "石桥村（南河镇）", "", "", "", "", "北山镇", "2026-01-06", "山民发（2026）2号")


def told(world: World, *rows: tuple[Any, ...]) -> Import:
    return sent("place_changes", workbook(HEADINGS, list(rows)), world.admin)


def test_the_sheet_joins_and_moves_villages(world: World) -> None:
    run = told(world, MERGER, MOVE)
    assert (run.new_count, run.wrong_count) == (2, 0)

    actions.apply_import(run, actor=world.admin)

    assert PlaceChange.objects.count() == 2
    assert Place.objects.get(short_name="青溪村").code == "990100100210"
    world.stone.refresh_from_db()
    assert world.stone.parent == world.north
    assert verify_chain().text is None


def test_the_same_sheet_again_says_the_same(world: World) -> None:
    actions.apply_import(told(world, MERGER, MOVE), actor=world.admin)

    again = told(world, MERGER, MOVE)

    assert (again.same_count, again.new_count, again.wrong_count) == (2, 0, 0)


def test_an_import_of_changes_is_taken_back_as_a_whole(world: World) -> None:
    def picture() -> list[Any]:
        return list(Place.objects.order_by("pk").values_list("pk", "path", "code", "ended_on"))

    before = picture()
    run = told(world, MERGER, MOVE)
    actions.apply_import(run, actor=world.admin)
    run.refresh_from_db()
    actions.undo_import(run, actor=world.admin)

    assert (
        list(Place.objects.order_by("pk").values_list("pk", "path", "code", "ended_on")) == before
    )
    assert not PlaceChange.objects.exists()
    assert not PlaceEdition.objects.exists()
    assert not PlaceSuccession.objects.exists()


def test_what_is_wrong_is_said_cell_by_cell(world: World) -> None:
    lonely = ("合并", "松树村", "青溪村", "", "", "", "", "2026-01-05", "号")
    unknown = ("更名", "天上村", "东岭村", "", "", "", "", "2026-01-05", "号")
    same_town = ("划转", "石桥村", "", "", "", "", "南河镇", "2026-01-05", "号")
    run = told(world, lonely, unknown, same_town)

    reasons = [str(row.details) for row in run.checked_rows.order_by("number")]
    assert run.wrong_count == 3
    assert "两个以上的村" in reasons[0]
    assert "没有这个村" in reasons[1] or "没有这个乡镇" in reasons[1]
    assert "请选另一个乡镇" in reasons[2]
    assert not PlaceChange.objects.exists()


def test_one_village_in_two_rows_is_refused(world: World) -> None:
    rename = ("更名", "松树村", "青松村", "", "", "", "", "2026-01-05", "号")
    run = told(world, MERGER, rename)
    assert run.wrong_count == 1


def test_an_order_that_was_carried_out_is_not_altered_by_a_sheet(world: World) -> None:
    actions.apply_import(told(world, MERGER), actor=world.admin)
    other = (*MERGER[:2], "清溪村", *MERGER[3:])
    assert told(world, other).wrong_count == 1
