"""`lingyan template KIND OUT.xlsx`: what it makes is what `match` reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from lingyan.cli.template import KINDS, sheets_of
from lingyan.common.workbook import read_workbook
from tests.cli.books import Desk, book


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_makes_a_workbook_with_its_worksheet(desk: Desk, kind: str) -> None:
    out = desk.folder / "模板.xlsx"

    status, said, _ = desk.run("template", kind, out)

    assert status == 0
    assert "已写出" in said
    titles = read_workbook(out).sheets
    assert all(sheet.title in titles for sheet in sheets_of(kind))


def test_what_may_be_filled_in_is_not_written_over(desk: Desk) -> None:
    out = desk.folder / "模板.xlsx"
    for _ in range(2):  # nobody has touched it in between
        assert desk.run("template", "needs", out)[0] == 0
    kept = book(out, {"需求清单": (("村",), ("罗盘村",))}).read_bytes()

    status, _, err = desk.run("template", "needs", out)

    assert (status, out.read_bytes()) == (2, kept)
    assert "没有覆盖" in err
    assert "--force" in err
    assert desk.run("template", "needs", out, "--force")[0] == 0
    assert out.read_bytes() != kept


def filled(path: Path, kind: str, **values: object) -> Path:
    """A template filled in by hand below its headings."""
    headings = [column.heading for column in sheets_of(kind)[0].columns]
    row = [values.get(heading) for heading in headings]
    return book(path, {sheets_of(kind)[0].title: (headings, row)})


def test_filled_templates_go_straight_into_match(desk: Desk) -> None:
    needs = filled(desk.folder / "n.xlsx", "needs", 村="罗盘村")
    people = filled(
        desk.folder / "p.xlsx", "people", 姓名="李甲一", 政治面貌="中共党员",
        转正日期="2012-07", 参加工作日期="2010年8月", 出生日期="1988.5",
    )  # fmt: skip

    status, out, err = desk.match("--needs", needs, "--people", people)

    assert (status, err) == (0, "")
    assert "配备 1 人" in out


def test_empty_templates_are_said_to_be_empty(desk: Desk) -> None:
    desk.run("template", "needs", desk.folder / "needs.xlsx", "--force")
    desk.run("template", "people", desk.folder / "people.xlsx", "--force")

    reasons = [error["reason"] for error in desk.errors()]

    assert reasons == ["工作表里没有一个村", "工作表里没有一个人选"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("template", "needs", "模板.csv"), ".xlsx"),
        (("template", "needs"), "缺少必须的选项"),
        (("template", "frob", "x.xlsx"), "可选"),
    ],
)
def test_a_wrong_line_is_refused(desk: Desk, words: tuple[str, ...], said: str) -> None:
    status, _, err = desk.run(*words)

    assert status == 2
    assert said in err
