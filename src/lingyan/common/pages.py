"""Which worksheets of several workbooks hold what, and what is wrong in them?

Both match commands read this way: one main worksheet per workbook, and further worksheets by
their title, wherever they stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lingyan.common.sheet import (
    CellError,
    ParsedRow,
    ParsedSheet,
    RawSheet,
    Sheet,
    find_headings,
    parse_sheet,
)
from lingyan.common.workbook import UnreadableFile, Workbook
from lingyan_matching.said import Said


@dataclass(frozen=True, slots=True)
class Page:
    """One worksheet, read by one definition."""

    sheet: Sheet
    file: str
    title: str
    parsed: ParsedSheet

    @property
    def rows(self) -> tuple[ParsedRow, ...]:
        return self.parsed.rows

    @property
    def columns(self) -> frozenset[str]:
        """Names of the columns that the worksheet has."""
        names = frozenset(column.name for column in self.sheet.columns)
        return names - self.parsed.missing_columns

    def heading(self, name: str) -> str:
        return next(column.heading for column in self.sheet.columns if column.name == name)


class BadSheets(ValueError):  # noqa: N818 - reads like BadInstance of the engine
    """The workbooks cannot be used; `errors` holds every bad cell."""

    def __init__(self, errors: Iterable[CellError]) -> None:
        self.errors = tuple(errors)
        super().__init__(f"{len(self.errors)} errors")


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong and how to mend it, in both languages."""

    reason: str
    mend: str
    reason_en: str
    mend_en: str


@dataclass(slots=True)
class Findings:
    """Collects what is wrong (errors) and what is only worth a look (notes)."""

    errors: list[CellError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def refuse(self, page: Page, row: ParsedRow, column: str, value: str, flaw: Flaw) -> None:
        self.errors.append(
            CellError(
                page.file,
                page.title,
                row.number,
                page.heading(column),
                value,
                flaw.reason,
                flaw.mend,
                flaw.reason_en,
                flaw.mend_en,
            )
        )

    def note(self, page: Page, row: ParsedRow, column: str, value: str, text: Said) -> None:
        where, heading = f"{page.file}“{page.title}”第 {row.number} 行", page.heading(column)
        english = f'{page.file}, sheet "{page.title}", row {row.number}, "{heading}" ({value}): '
        self.notes.append(Said(f"{where}“{heading}”（{value}）：{text}", english + text.english))

    def stop(self) -> None:
        if self.errors:
            raise BadSheets(self.errors)


def main_page(book: Workbook, sheet: Sheet, *, beside: Sequence[Sheet] = ()) -> Page:
    """The worksheet that the command is about: by its title, else the one with most headings."""
    titles = {other.title for other in beside}
    raw = book.sheets.get(sheet.title)
    if raw is None:
        others = [each for name, each in book.sheets.items() if name.strip() not in titles]
        raw = max(others, key=lambda each: _likeness(each, sheet), default=None)
    unlike = raw is not None and raw.name != sheet.title and not _likeness(raw, sheet)
    if raw is None or (unlike and len(book.sheets) > 1):
        names = "、".join(book.sheets)
        raise UnreadableFile("no_sheet", title=sheet.title, names=names, kind=sheet.kind)
    return _page(book, raw, sheet)


def _likeness(raw: RawSheet, sheet: Sheet) -> int:
    return 0 if raw.hidden else len(find_headings(raw, sheet).positions)


def _page(book: Workbook, raw: RawSheet, sheet: Sheet) -> Page:
    return Page(sheet, book.filename, raw.name, parse_sheet(raw, sheet, file=book.filename))


def extra_pages(books: Iterable[Workbook], sheet: Sheet) -> tuple[Page, ...]:
    """Every worksheet of that title; an empty one is as good as none."""
    return tuple(
        _page(book, raw, sheet)
        for book in books
        for raw in book.sheets.values()
        if raw.name.strip() == sheet.title and len(raw.rows) > 1
    )


def rows_of(pages: Iterable[Page]) -> Iterator[tuple[Page, ParsedRow, Mapping[str, Any]]]:
    for page in pages:
        for row in page.rows:
            yield page, row, row.values


def workbook_from_json(filename: str, data: Mapping[str, Any], sheets: Sequence[Sheet]) -> Workbook:
    """A rules file in JSON, read as the workbook that it stands for.

    Keys are kinds or titles of worksheets, each a list of objects whose keys are headings or
    column names.
    """
    found = {}
    for sheet in sheets:
        rows = data.get(sheet.kind, data.get(sheet.title))
        if isinstance(rows, list) and rows:
            found[sheet.title] = RawSheet(sheet.title, _rows_of_json(rows, sheet))
    return Workbook(filename, found)


def _rows_of_json(rows: Sequence[Any], sheet: Sheet) -> list[tuple[Any, ...]]:
    heading_of = {column.name: column.heading for column in sheet.columns}
    objects = [row if isinstance(row, Mapping) else {} for row in rows]
    headings = list(dict.fromkeys(heading_of.get(key, key) for row in objects for key in row))
    table: list[tuple[Any, ...]] = [tuple(headings)]
    for row in objects:
        named = {heading_of.get(key, key): _cell(value) for key, value in row.items()}
        table.append(tuple(named.get(heading) for heading in headings))
    return table


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return "、".join(map(str, value))
    if isinstance(value, bool):
        return "是" if value else "否"
    return value
