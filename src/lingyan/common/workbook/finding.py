"""Which worksheet of a file holds the data of a definition?"""

from __future__ import annotations

from lingyan.common.cells import choice_key
from lingyan.common.sheet import ParsedSheet, RawSheet, Sheet, find_headings, parse_sheet
from lingyan.common.workbook.reading import Workbook
from lingyan.common.workbook.unreadable import UnreadableFile

GUIDANCE_TITLE = "填写说明"
CHOICES_TITLE = "选项"


def titled_sheet(workbook: Workbook, sheet: Sheet) -> RawSheet | None:
    """The worksheet of that name; for a second sheet that a file may lack."""
    names = {choice_key(name): raw for name, raw in workbook.sheets.items()}
    return names.get(choice_key(sheet.title)) or names.get(choice_key(sheet.kind))


def find_sheet(workbook: Workbook, sheet: Sheet) -> RawSheet:
    """The worksheet of that name, else the only one, else the only one with its headings."""
    if titled := titled_sheet(workbook, sheet):
        return titled
    candidates = [
        raw
        for raw in workbook.sheets.values()
        if raw.rows and not raw.hidden and raw.name not in (GUIDANCE_TITLE, CHOICES_TITLE)
    ]
    if len(candidates) > 1:
        candidates = [raw for raw in candidates if _has_required(raw, sheet)]
    if len(candidates) == 1:
        return candidates[0]
    names = "、".join(workbook.sheets)
    raise UnreadableFile("no_sheet", title=sheet.title, kind=sheet.kind, names=names)


def _has_required(raw: RawSheet, sheet: Sheet) -> bool:
    required = {column.name for column in sheet.columns if column.required}
    return required <= find_headings(raw, sheet).positions.keys()


def parse_workbook(workbook: Workbook, sheet: Sheet) -> ParsedSheet:
    """Find the worksheet of a definition and read every row of it."""
    return parse_sheet(find_sheet(workbook, sheet), sheet, file=workbook.filename)
