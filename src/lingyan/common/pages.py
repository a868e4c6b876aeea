"""Which worksheets of several workbooks hold what, and what is wrong in them?

Both match commands read this way: one main worksheet per workbook, and further worksheets by
their title, wherever they stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lingyan.common.cell_text import shorten
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
from lingyan.common.workbook.finding import GUIDANCE_TITLE
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
        _refuse_several(others, sheet)
    unlike = raw is not None and raw.name != sheet.title and not _likeness(raw, sheet)
    if raw is None or (unlike and len(book.sheets) > 1):
        names = "、".join(book.sheets)
        raise UnreadableFile("no_sheet", title=sheet.title, names=names, kind=sheet.kind)
    return _page(book, raw, sheet)


def _refuse_several(others: Iterable[RawSheet], sheet: Sheet) -> None:
    """One worksheet for each town would mean that all towns but one are dropped without a word."""
    required = {column.name for column in sheet.columns if column.required}
    alike = [
        raw.name
        for raw in others
        if not raw.hidden
        and len(raw.rows) > 1
        and required <= find_headings(raw, sheet).positions.keys()
    ]
    if len(alike) > 1:
        raise UnreadableFile("which_sheet", title=sheet.title, names="、".join(alike))


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


NAMES_SHOWN = 10


def left_out(
    books: Iterable[Workbook], pages: Iterable[Page], *, elsewhere: Iterable[str] = ()
) -> list[Said]:
    """Headings and worksheets that nothing was read from: a misspelt one must not pass unseen.

    `elsewhere` are titles for the other kind of matching: one rules file may serve both.
    """
    pages = tuple(pages)
    notes = [
        Said(
            f"{page.file}“{page.title}”：没有用到的列：{_some(page.parsed.ignored_headings)}；"
            "若是表头写错了，请改正后重做",
            f'{page.file}, sheet "{page.title}": columns left out: '
            f"{_some(page.parsed.ignored_headings)}; if a heading is misspelt, correct it",
        )
        for page in pages
        if page.parsed.ignored_headings
    ]
    read = {(page.file, page.title) for page in pages}
    known = {GUIDANCE_TITLE, *elsewhere}
    for book in books:
        unread = [
            name
            for name, raw in book.sheets.items()
            if (book.filename, name) not in read
            and len(raw.rows) > 1
            and not raw.hidden
            and name.strip() not in known
        ]
        if unread:
            notes.append(
                Said(
                    f"{book.filename}：没有用到的工作表：{_some(unread)}；"
                    "若是表名写错了，请改正后重做",
                    f"{book.filename}: worksheets left out: {_some(unread)}; "
                    "if a name is misspelt, correct it",
                )
            )
    return notes


def _some(names: Sequence[str]) -> str:
    more = "等" if len(names) > NAMES_SHOWN else ""
    return "、".join(shorten(name) for name in names[:NAMES_SHOWN]) + more


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
        if rows:
            found[sheet.title] = RawSheet(sheet.title, _rows_of_json(rows, sheet))
    return Workbook(filename, found)


def _rows_of_json(rows: Sequence[Mapping[str, Any]], sheet: Sheet) -> list[tuple[Any, ...]]:
    heading_of = {column.name: column.heading for column in sheet.columns}
    headings = list(dict.fromkeys(heading_of.get(key, key) for row in rows for key in row))
    table: list[tuple[Any, ...]] = [tuple(headings)]
    for row in rows:
        named = {heading_of.get(key, key): _cell(value) for key, value in row.items()}
        table.append(tuple(named.get(heading) for heading in headings))
    return table


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return "、".join(map(str, value))
    if isinstance(value, bool):
        return "是" if value else "否"
    return value
