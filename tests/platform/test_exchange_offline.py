"""An exported workbook is worked on elsewhere, while the records go on changing here."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest

from lingyan.directory.actions.people import change_person
from lingyan.directory.models import Person, Unit
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.exchange import actions, exporting
from lingyan.platform.exchange.models import Import
from lingyan.platform.exchange.registry import KINDS
from lingyan.posting.imports import people
from tests.platform.sheets import brought_in, problems, sent, workbook
from tests.world import World

Edit = Callable[[Any], None]


@pytest.fixture
def book(world: World) -> bytes:
    """The pool with two people, as the officer took it along."""
    heading = next(one.heading for one in people.PEOPLE.columns if one.name == "number")
    rows = [
        ("李甲一", "县财政局", world.li.number, "四级主任科员", "中共党员", "在库"),
        ("王甲二", "县财政局", world.wang.number, "四级主任科员", "中共党员", "在库"),
    ]
    data = workbook(("姓名", "单位", heading, "职级", "政治面貌", "入库状态"), rows)
    assert brought_in("people", data, world.admin).state == "applied"
    return taken_along(world.admin)


def taken_along(actor: Actor, code: str = "people") -> bytes:
    target = io.BytesIO()
    exporting.export_records(KINDS[code], target, option="", actor=actor, purpose="名册核对")
    return target.getvalue()


def edited(data: bytes, edit: Edit, title: str = "人选") -> bytes:
    """As Excel saves it after somebody has worked on it."""
    found = openpyxl.load_workbook(io.BytesIO(data))
    page = found[next(name for name in found.sheetnames if name.startswith(title))]
    edit(page)
    target = io.BytesIO()
    found.save(target)
    return target.getvalue()


def cell(page: Any, name: str, heading: str) -> Any:
    headings = [str(one.value or "").rstrip("*") for one in page[2]]
    row = next(row for row in page.iter_rows(min_row=2) if name in [one.value for one in row])
    return row[headings.index(heading)]


def set_rank(name: str, rank: str) -> Edit:
    def edit(page: Any) -> None:
        cell(page, name, "职级").value = rank

    return edit


def change_here(world: World, person: Person, **values: Any) -> None:
    change_person(person, actor=world.admin, values=values)


def rank_of(person: Person) -> str:
    return Person.objects.get(pk=person.pk).rank


def test_nothing_changed_on_either_side_comes_back_as_the_same(world: World, book: bytes) -> None:
    run = sent("people", book, world.admin)

    assert (run.state, run.changed_count, run.new_count) == ("checked", 0, 0)
    assert run.meanwhile == []


def test_what_changed_only_in_the_workbook_is_brought_in(world: World, book: bytes) -> None:
    run = brought_in("people", edited(book, set_rank("李甲一", "三级主任科员")), world.admin)

    assert run.meanwhile == []
    assert rank_of(world.li) == "三级主任科员"


def test_what_changed_only_here_is_kept_and_said(world: World, book: bytes) -> None:
    change_here(world, world.li, rank="二级主任科员")
    data = edited(book, set_rank("王甲二", "三级主任科员"))

    run = brought_in("people", data, world.admin)

    assert (rank_of(world.li), rank_of(world.wang)) == ("二级主任科员", "三级主任科员")
    assert run.changed_count == 1
    assert run.notices[0] == "导出之后库中改动过、表中没有动的有 1 处，保留库中内容"


def test_what_changed_on_both_sides_is_kept_here_until_somebody_chooses(
    world: World, book: bytes, django_capture_on_commit_callbacks: Any
) -> None:
    change_here(world, world.li, rank="二级主任科员")
    data = edited(book, set_rank("李甲一", "三级主任科员"))

    run = sent("people", data, world.admin)

    [found] = run.meanwhile
    told = [found[name] for name in ("heading", "base", "theirs", "mine", "both", "is_mine")]
    assert told == ["职级", "四级主任科员", "二级主任科员", "三级主任科员", True, False]
    assert (run.changed_count, rank_of(world.li)) == (0, "二级主任科员")

    client = world.client(world.admin)
    url = f"/exchange/imports/{run.pk}/"
    page = client.get(url).content.decode()
    assert all(text in page for text in ("两边都改动过", "二级主任科员", "三级主任科员"))
    client.post(f"{url}merge/", {f"cell:{found['row']}:rank": "mine"})
    run.refresh_from_db()
    assert (run.changed_count, run.meanwhile[0]["is_mine"]) == (1, True)
    assert AuditEntry.objects.filter(action="exchange.import.cells_chosen").exists()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{url}apply/")

    assert rank_of(world.li) == "三级主任科员"
    actions.undo_import(Import.objects.get(pk=run.pk), actor=world.admin)
    assert rank_of(world.li) == "二级主任科员"


def test_a_choice_ends_when_the_records_change_again(world: World, book: bytes) -> None:
    change_here(world, world.li, rank="二级主任科员")
    run = sent("people", edited(book, set_rank("李甲一", "三级主任科员")), world.admin)
    run = actions.choose_cells(run, cells=[f"{run.meanwhile[0]['row']}:rank"], actor=world.admin)
    change_here(world, world.li, rank="一级主任科员")

    run = actions.check_import(run, actor=world.admin)

    assert run.meanwhile[0]["is_mine"] is False
    assert run.changed_count == 0


def test_sorting_the_rows_changes_nothing(world: World, book: bytes) -> None:
    change_here(world, world.li, rank="二级主任科员")

    def turned(page: Any) -> None:
        rows = [[one.value for one in row] for row in page.iter_rows()]
        turned_rows = [*rows[:2], *reversed(rows[2:])]
        for number, row in enumerate(turned_rows, 1):
            for position, value in enumerate(row, 1):
                page.cell(number, position).value = value

    run = sent("people", edited(book, turned), world.admin)

    assert (run.state, run.changed_count) == ("checked", 0)
    assert [one["theirs"] for one in run.meanwhile] == ["二级主任科员"]


def test_a_record_that_went_meanwhile_is_not_made_anew(world: World) -> None:
    brought_in("units", workbook(("单位",), [("县水利局",)]), world.admin)
    data = taken_along(world.admin, "units")
    Unit.objects.filter(name="县水利局").delete()

    run = sent("units", data, world.admin)

    assert run.state == "refused"
    [(_, heading, reason)] = problems(run)
    assert (heading, reason) == ("单位", "导出之后，这条记录已从库中删去或改了名称")


def test_a_row_typed_in_addition_is_new(world: World) -> None:
    data = edited(taken_along(world.admin, "units"), lambda page: page.append(["县水利局"]), "单位")

    run = brought_in("units", data, world.admin)

    assert (run.new_count, run.same_count) == (1, 2)


@pytest.mark.parametrize("how", ["one letter", "a row less", "no seal"])
def test_an_altered_page_of_versions_is_refused_in_a_sentence(
    world: World, book: bytes, how: str
) -> None:
    def alter(page: Any) -> None:
        if how == "one letter":
            page["A2"].value = page["A2"].value.replace("0", "1", 1)
        elif how == "a row less":
            page.delete_rows(2)
        else:
            page.delete_rows(page.max_row)

    run = sent("people", edited(book, alter, "版本"), world.admin)

    assert run.state == "refused"
    [(_, _, reason)] = problems(run)
    assert "隐藏的“版本”页被改动过" in reason


def test_the_page_of_versions_is_hidden_and_holds_nothing_that_the_sheet_does_not(
    world: World, book: bytes
) -> None:
    found = openpyxl.load_workbook(io.BytesIO(book))

    assert found["版本"].sheet_state == "veryHidden"
    assert found["版本"].protection.sheet
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        text = b"".join(archive.read(name) for name in archive.namelist()).decode("utf-8", "ignore")
    assert str(world.li.pk) not in text


def test_a_stranger_chooses_nothing(world: World, book: bytes) -> None:
    change_here(world, world.li, rank="二级主任科员")
    run = sent("people", edited(book, set_rank("李甲一", "三级主任科员")), world.admin)
    url = f"/exchange/imports/{run.pk}/merge/"
    choice = {f"cell:{run.meanwhile[0]['row']}:rank": "mine"}

    for actor in (world.stranger, world.north_org, world.candidate):
        assert world.client(actor).post(url, choice).status_code == 404
    run.refresh_from_db()
    assert run.choices == {}
