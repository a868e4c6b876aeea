"""Does a file hold demo data? Its first line says so, and so does whatever is made from it."""

from __future__ import annotations

from collections.abc import Iterable

from lingyan.common.workbook.reading import Workbook

DEMO_MARK = "演示数据"
DEMO_BANNER = f"{DEMO_MARK}：全部人员和数据均为虚构，不得用于实际工作"


def demo_banner(books: Iterable[Workbook]) -> str:
    """The line for what is made from these files; empty where none of them is a demo's."""
    sheets = (sheet for book in books for sheet in book.sheets.values())
    first = (str(sheet.rows[0][0]) for sheet in sheets if sheet.rows and sheet.rows[0])
    return DEMO_BANNER if any(line.startswith(DEMO_MARK) for line in first) else ""
