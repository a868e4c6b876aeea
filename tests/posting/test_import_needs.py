"""The sheet of needs becomes need lists of villages, and comes out as it was."""

from __future__ import annotations

import io
from typing import Any

import pytest

from lingyan.platform.exchange import actions, exporting
from lingyan.platform.exchange.registry import KINDS
from lingyan.posting.actions.need_lists import issue_need_list
from lingyan.posting.models import NeedItem, NeedList
from tests.platform.sheets import brought_in, changes, problems, sent, workbook
from tests.world import World

HEADINGS = ("村", "乡镇", "村类型", "第一书记", "队员", "需要能力", "需求程度")


def file(*rows: tuple[Any, ...]) -> bytes:
    return workbook(HEADINGS, rows)


PINE = ("松树村", None, "软弱村", 1, 2, "党群、法治", 3)
STONE = ("石桥村", "南河镇", "薄弱村", None, None, None, None)


def test_a_row_becomes_a_confirmed_list_that_can_be_issued(world: World) -> None:
    run = brought_in("needs", file(PINE, STONE), world.officer)

    pine = NeedList.objects.get(village=world.pine)
    assert run.new_count == 2
    assert (pine.state, pine.first_secretary_seats, pine.member_seats) == ("confirmed", 1, 2)
    assert pine.village_types == ["weak_org"]
    item = pine.items.get()
    assert (item.capabilities, item.severity, item.domain) == (["party_work", "law"], 3, "team")
    stone = NeedList.objects.get(village=world.stone)
    assert stone.items.get().capabilities == ["economy"]
    assert issue_need_list(stone, actor=world.officer).state == "issued"


def test_a_list_that_waits_is_changed_and_one_in_force_gets_a_successor(world: World) -> None:
    brought_in("needs", file(PINE, STONE), world.officer)
    issue_need_list(NeedList.objects.get(village=world.stone), actor=world.officer)

    run = sent(
        "needs",
        file(("松树村", None, None, None, 3, None, 4), ("石桥村", None, None, None, 1, None, None)),
        world.officer,
    )
    assert changes(run) == [
        (2, [["队员", "2", "3"], ["需求程度", "3", "4"]]),
        (3, [["队员", "0", "1"]]),
    ]
    actions.apply_import(run, actor=world.officer)

    assert NeedList.objects.get(village=world.pine).member_seats == 3
    assert NeedItem.objects.get(need_list__village=world.pine).severity == 4
    states = NeedList.objects.filter(village=world.stone).values_list("state", "member_seats")
    assert sorted(states) == [("confirmed", 1), ("issued", 0)]

    actions.undo_import(run, actor=world.officer)
    assert NeedList.objects.get(village=world.pine).member_seats == 2
    assert NeedItem.objects.get(need_list__village=world.pine).severity == 3
    assert NeedList.objects.get(village=world.stone).state == "issued"


def test_undo_is_refused_once_the_list_has_been_issued(world: World) -> None:
    from lingyan.common.refusals import Refused

    run = brought_in("needs", file(PINE), world.officer)
    issue_need_list(NeedList.objects.get(village=world.pine), actor=world.officer)

    with pytest.raises(Refused, match="导入之后又改动过"):
        actions.undo_import(run, actor=world.officer)

    assert NeedList.objects.get().state == "issued"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("松村", None, None, 1, 0, "法治", 3), "没有这个村；相近的有：北山镇松树村"),
        (("松树村", "南河镇", None, 1, 0, "法治", 3), "没有这个村"),
        (("松树村", None, None, 2, 0, "法治", 3), "不能大于 1"),
        (("东坡村", None, None, 1, 0, "法治", 3), "没有这个村"),
    ],
)
def test_a_wrong_village_or_number_is_named(
    world: World, row: tuple[Any, ...], reason: str
) -> None:
    run = sent("needs", file(STONE, row), world.officer)

    assert run.state == "refused"
    assert any(number == 3 and reason in text for number, _, text in problems(run)), problems(run)
    assert NeedList.objects.count() == 0


def test_two_villages_of_one_name_are_listed_with_their_towns(world: World) -> None:
    world.stone.name = world.stone.short_name = "松树村"
    world.stone.save()

    run = sent("needs", file(PINE), world.officer)

    assert problems(run)[0][2] == "同名的村不止一个：北山镇松树村、南河镇松树村"
    assert run.checked_rows.get().details[3] == "请在“乡镇”列写明乡镇，或写成 村名（乡镇）"
    assert sent("needs", file(("松树村", "南河镇", *PINE[2:])), world.officer).state == "checked"


def test_the_same_village_twice_is_refused(world: World) -> None:
    run = sent("needs", file(PINE, ("北山镇松树村", *PINE[1:])), world.officer)

    assert any("与另一行是同一个村" in text for _, _, text in problems(run))


def test_the_export_comes_in_again_as_the_same(world: World) -> None:
    brought_in("needs", file(PINE, STONE), world.officer)
    target = io.BytesIO()

    exporting.export_records(
        KINDS["needs"], target, option="", actor=world.officer, purpose="名册核对"
    )

    run = sent("needs", target.getvalue(), world.officer)
    assert (run.same_count, problems(run), changes(run)) == (2, [], [])


def two_sheets(heads: list[tuple[Any, ...]], items: list[tuple[Any, ...]]) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    page = book.active
    assert page is not None
    page.title = "需求清单"
    for row in [HEADINGS, *heads]:
        page.append(row)
    beside = book.create_sheet("需求条目")
    for row in [("村", "体检项目", "需求程度", "需要能力", "说明"), *items]:
        beside.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


HEAD = ("松树村", None, "软弱村", 1, 0, None, None)
ITEMS = [
    ("松树村", "书记队伍", 4, "党群", "书记空缺"),
    ("松树村", "矛盾纠纷", 3, "社会管理、法治", None),
]


def test_the_second_worksheet_holds_the_needs_one_by_one(world: World) -> None:
    run = brought_in("needs", two_sheets([HEAD], ITEMS), world.officer)

    need_list = NeedList.objects.get(village=world.pine)
    assert run.notices == []
    assert [(item.item, item.severity, item.text) for item in need_list.items.all()] == [
        ("G1", 3, ""),
        ("T1", 4, "书记空缺"),
    ]
    target = io.BytesIO()
    exporting.export_records(
        KINDS["needs"], target, option="", actor=world.officer, purpose="名册核对"
    )
    again = sent("needs", target.getvalue(), world.officer)
    assert (again.same_count, problems(again), changes(again)) == (1, [], [])

    fewer = sent("needs", two_sheets([HEAD], ITEMS[:1]), world.officer)
    assert changes(fewer)[0][1][0][0] == "需求条目"
    actions.apply_import(fewer, actor=world.officer)
    assert NeedItem.objects.count() == 1
    actions.undo_import(fewer, actor=world.officer)
    assert NeedItem.objects.count() == 2


def test_a_need_of_a_village_that_the_main_sheet_lacks_is_named_with_its_sheet(
    world: World,
) -> None:
    data = two_sheets(
        [HEAD],
        [*ITEMS, ("石桥村", "矛盾纠纷", 3, "法治", None), ("松木村", "矛盾纠纷", 3, "法治", None)],
    )

    run = sent("needs", data, world.officer)

    found = [
        (row.number, row.label, row.details[2]) for row in run.checked_rows.filter(verdict="wrong")
    ]
    assert (4, "需求条目", "“需求清单”工作表里没有这个村") in found
    assert any(number == 5 and "没有这个村；相近的有" in reason for number, _, reason in found)


def test_what_was_written_is_named_in_the_words_of_the_sheet(world: World) -> None:
    """Several needs cannot be changed by one row; the cell is shown as written, never as a code."""
    brought_in("needs", two_sheets([HEAD], ITEMS), world.officer)

    run = sent("needs", file(("松树村", None, None, None, None, "党群、法治", 3)), world.officer)

    wrong = run.checked_rows.get(verdict="wrong")
    assert wrong.details[:2] == ["需要能力", "熟悉党群工作、法治"]
    assert "一行表格" in wrong.details[2]
