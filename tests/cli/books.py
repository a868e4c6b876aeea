"""Workbooks typed by hand, for the command line."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from lingyan.cli import main

DAY = datetime.date
Rows = Sequence[Sequence[Any]]

NEEDS: Rows = (
    ("村", "乡镇", "村类型", "第一书记", "队员", "两委及财务人员"),
    ("罗盘村", "龙泉土家族乡", "产业基础薄弱村", 1, 1, "王甲一、赵甲二"),
    ("毕城村", "白马镇", "基层党组织软弱村", 1, None, None),
    ("大窝村", "三墩土家族乡", None, None, None, None),
)
PEOPLE_HEAD = (
    "姓名", "单位", "性别", "出生日期", "政治面貌", "转正日期", "参加工作日期", "入库状态",
    "健康状况", "处分和审查", "回避村", "近亲属", "熟悉经济工作", "熟悉党群工作", "志愿1", "志愿2",
)  # fmt: skip


def person(name: str, unit: str = "县农业农村局", **changes: Any) -> tuple[Any, ...]:
    """A person who meets every condition, but for what is changed (by heading)."""
    values: dict[str, Any] = {
        "姓名": name,
        "单位": unit,
        "性别": "男",
        "出生日期": DAY(1988, 5, 1),
        "政治面貌": "中共党员",
        "转正日期": DAY(2012, 7, 1),
        "参加工作日期": DAY(2010, 8, 1),
        "入库状态": "在库",
    }
    return tuple((values | changes).get(heading) for heading in PEOPLE_HEAD)


PEOPLE: Rows = (
    PEOPLE_HEAD,
    person("李甲一", 熟悉经济工作=4, 志愿1="罗盘村"),
    person("李甲二", 熟悉党群工作=4, 志愿1="毕城村", 志愿2="罗盘村"),
    person("李甲三", "县林业局", 熟悉经济工作=2),
    person("李甲四", "县林业局", 回避村="大窝村"),
    person("李甲五", "县财政局", 健康状况="不适合驻村"),
)


def book(path: Path, sheets: Mapping[str, Rows]) -> Path:
    """A workbook of plain cells."""
    workbook = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"})
    for title, rows in sheets.items():
        page = workbook.add_worksheet(title)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    workbook.close()
    return path


class Desk:
    """A folder with a needs and a people workbook, and the command to try them with."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys
        self.out = folder / "out"
        self.needs(NEEDS)
        self.people(PEOPLE)

    def needs(self, rows: Rows, **more: Rows) -> None:
        book(self.folder / "needs.xlsx", {"需求清单": rows, **more})

    def people(self, rows: Rows, **more: Rows) -> None:
        book(self.folder / "people.xlsx", {"人选": rows, **more})

    def rules(self, **sheets: Rows) -> None:
        book(self.folder / "rules.xlsx", sheets)

    def run(self, *words: object) -> tuple[int, str, str]:
        status = main([str(word) for word in words])
        said = self.capsys.readouterr()
        return status, said.out, said.err

    def match(self, *more: object) -> tuple[int, str, str]:
        words: list[object] = ["match", "posting", "--needs", self.folder / "needs.xlsx"]
        words += ["--people", self.folder / "people.xlsx", "--out", self.out]
        if (self.folder / "rules.xlsx").exists():
            words += ["--rules", self.folder / "rules.xlsx"]
        if "--as-of" not in more:
            words += ["--as-of", "2026-03-01"]
        return self.run(*words, *more)

    def errors(self, *more: object) -> list[dict[str, Any]]:
        """The errors as data; nothing else may have happened."""
        status, out, err = self.match("--format", "json", *more)
        assert status == 2, out
        assert err == ""
        assert not self.out.exists()
        found: list[dict[str, Any]] = json.loads(out)["errors"]
        return found

    def plan(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads((self.out / "plan.json").read_text("utf-8"))
        return document

    def verify(self, *more: object) -> tuple[int, str, str]:
        return self.run("match", "verify", self.out / "plan.json", *more)

    def verify_with_books(self, *more: object) -> tuple[int, str, str]:
        words: list[object] = ["--needs", self.folder / "needs.xlsx"]
        words += ["--people", self.folder / "people.xlsx"]
        if (self.folder / "rules.xlsx").exists():
            words += ["--rules", self.folder / "rules.xlsx"]
        return self.verify(*words, *more)
