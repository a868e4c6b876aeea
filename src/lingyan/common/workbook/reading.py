"""What stands in the cells of a file that someone sends, if it is safe to look?"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import python_calamine

from lingyan.common.sheet import RawSheet
from lingyan.common.workbook import biff, compound, zipped
from lingyan.common.workbook.unreadable import UnreadableFile, too_many_cells

MAX_BYTES = 20_000_000
MAX_CELLS = 2_400_000  # the rectangle from A1 to the last cell with content, over all sheets
MAX_SHEETS = 200
MAX_FIELD = 32_767  # as much as a cell of Excel holds
BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
PROGRAMS = (b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
OTHERS = (
    (b"%PDF", ("PDF", "a PDF")),
    (b"\x89PNG", ("图片", "a picture")),
    (b"\xff\xd8\xff", ("图片", "a picture")),
    (b"GIF8", ("图片", "a picture")),
    (b"Rar!", ("压缩包", "an archive")),
    (b"7z\xbc\xaf", ("压缩包", "an archive")),
    (b"\x1f\x8b", ("压缩包", "an archive")),
    (b"{\\rtf", ("RTF 文档", "an RTF document")),
)
OTHER_FILE = (("其他文件", "another kind of file"), ("Word 文档", "a Word document"))
MARKUP = (
    b"<html",
    b"<!doctype",
    b"<table",
    b"<?xml",
    b"<head",
    b"<meta",
    b"mime-version:",
)


@dataclass(frozen=True, slots=True)
class Found:
    """What the look before the reading found in one worksheet, and the reader drops."""

    errors: Mapping[tuple[int, int], str] = field(default_factory=dict)  # row, column from 0
    formulas: int = 0


@dataclass(frozen=True, slots=True)
class Workbook:
    filename: str
    sheets: dict[str, RawSheet]


def read_workbook(
    source: str | Path | bytes,
    *,
    filename: str = "",
    max_bytes: int = MAX_BYTES,
    max_cells: int = MAX_CELLS,
) -> Workbook:
    """Read .xlsx, .xls or .csv by what the file is, not by what it calls itself.

    Raises UnreadableFile with one sentence for everything else.
    """
    data = _bytes_of(source, max_bytes)
    name = filename or (Path(source).name if not isinstance(source, bytes) else "")
    if data.startswith(b"PK"):
        sheets = _read_xlsx(data, max_cells)
    elif data.startswith(compound.SIGNATURE):
        sheets = _read_xls(data, max_cells)
    else:
        sheets = [_read_csv(data, Path(name).stem or "csv", max_cells)]
    if not any(sheet.rows for sheet in sheets):
        raise UnreadableFile("nothing")
    return Workbook(name, {sheet.name: sheet for sheet in sheets})


def _bytes_of(source: str | Path | bytes, max_bytes: int) -> bytes:
    if isinstance(source, bytes):
        size = len(source)
    else:
        try:
            size = Path(source).stat().st_size
        except (OSError, ValueError) as error:
            raise not_opened(error) from error
    if size > max_bytes:
        raise UnreadableFile("too_large", limit=f"{max_bytes / 1_000_000:g} MB")
    if isinstance(source, bytes):
        data = source
    else:
        try:
            data = Path(source).read_bytes()
        except OSError as error:
            raise not_opened(error) from error
    if not data:
        raise UnreadableFile("empty")
    return data


def not_opened(error: Exception) -> UnreadableFile:
    """Why the system does not hand a file out."""
    if isinstance(error, IsADirectoryError):
        return UnreadableFile("folder")
    return UnreadableFile("locked" if isinstance(error, PermissionError) else "absent")


def _read_xlsx(data: bytes, max_cells: int) -> list[RawSheet]:
    parts = zipped.inspect(data, max_cells=max_cells)
    if sum(part.rows * part.columns for part in parts.values()) > max_cells:
        raise too_many_cells(max_cells)
    found: dict[str, Found] = {}
    if any(part.errors or part.formulas for part in parts.values()):
        for name, path in _sheet_parts(data).items():
            if path in parts:
                found[name] = Found(parts[path].errors, parts[path].formulas)
    return _read_sheets(data, lambda _, name: found.get(name, Found()))


def _sheet_parts(data: bytes) -> dict[str, str]:
    try:
        return zipped.sheet_parts(data)
    except (KeyError, StopIteration, SyntaxError) as error:  # SyntaxError: not XML
        raise UnreadableFile("damaged") from error


def _read_xls(data: bytes, max_cells: int) -> list[RawSheet]:
    try:
        box = compound.open_compound(data)
        stream_name = _stream_name(box)
        stream = box.stream(stream_name)
        head = biff.read_globals(stream)
        if head.protected:
            raise UnreadableFile("password")
        if len(head.sheet_offsets) > MAX_SHEETS:
            raise UnreadableFile("damaged")
        extents = []
        left = max_cells
        for offset in head.sheet_offsets:
            extent = biff.measure(stream, offset, limit=left)
            left -= extent.cells
            if left < 0:
                raise too_many_cells(max_cells)
            extents.append(extent)
    except (compound.DamagedContainer, biff.DamagedRecords) as error:
        raise UnreadableFile("damaged") from error
    return _read_sheets(
        compound.single_stream(stream_name, stream),
        lambda index, _: (
            Found(extents[index].errors, extents[index].formulas)
            if index < len(extents)
            else Found()
        ),
    )


def _stream_name(box: compound.Compound) -> str:
    if any(name.startswith("_VBA_PROJECT") for name in box.entries):
        raise UnreadableFile("macros")
    if "EncryptedPackage" in box.entries:
        raise UnreadableFile("password")
    for name in ("Workbook", "Book"):
        if name in box.entries:
            return name
    found = OTHER_FILE["WordDocument" in box.entries]
    raise UnreadableFile("other_file", found=found)


def _read_sheets(data: bytes, found_in: Callable[[int, str], Found]) -> list[RawSheet]:
    try:
        with python_calamine.load_workbook(io.BytesIO(data)) as book:
            worksheet = python_calamine.SheetTypeEnum.WorkSheet
            return [
                _overlay(_raw_sheet(book, index, each), found_in(index, each.name))
                for index, each in enumerate(book.sheets_metadata)
                if each.typ == worksheet
            ]
    except python_calamine.PasswordError as error:
        raise UnreadableFile("password") from error
    except Exception as error:
        raise UnreadableFile("damaged") from error
    except BaseException as error:
        # The reader's own mistakes arrive as a PanicException, which is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise UnreadableFile("damaged") from error


def _raw_sheet(
    book: python_calamine.CalamineWorkbook,
    index: int,
    about: python_calamine.SheetMetadata,
) -> RawSheet:
    sheet = book.get_sheet_by_index(index)
    seen: dict[Any, Any] = {}  # the same text many times is kept once
    rows = _without_empty_end(
        [tuple(_cell(value, seen) for value in row) for row in sheet.iter_rows()]
    )
    merged = tuple((*first, *last) for first, last in sheet.merged_cell_ranges or ())
    hidden = about.visible != python_calamine.SheetVisibleEnum.Visible
    return RawSheet(about.name, rows, hidden, merged)


def _cell(value: Any, seen: dict[Any, Any]) -> Any:
    if value == "":
        return None
    if isinstance(value, str):
        return seen.setdefault(value, value)
    return value


def _overlay(sheet: RawSheet, found: Found) -> RawSheet:
    """Put the error values back that the reader leaves empty."""
    if not found.errors:
        return replace(sheet, formulas=found.formulas) if found.formulas else sheet
    rows = [list(row) for row in sheet.rows]
    for (row, column), text in found.errors.items():
        while len(rows) <= row:
            rows.append([])
        rows[row].extend([None] * (column + 1 - len(rows[row])))
        if rows[row][column] is None:
            rows[row][column] = text
    return replace(sheet, rows=[tuple(row) for row in rows], formulas=found.formulas)


def _without_empty_end(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    while rows and not any(value is not None for value in rows[-1]):
        rows.pop()
    return rows


def _read_csv(data: bytes, name: str, max_cells: int) -> RawSheet:
    text = _decode(data)
    delimiter = _delimiter(text)
    limit_before = csv.field_size_limit(MAX_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[Any, ...]] = []
    width = 0
    try:
        for row in reader:
            width = max(width, len(row))
            rows.append(tuple(value or None for value in row))
            if len(rows) * width > max_cells:
                raise too_many_cells(max_cells)
    except csv.Error as error:
        raise UnreadableFile("csv", line=reader.line_num) from error
    finally:
        csv.field_size_limit(limit_before)
    return RawSheet(name, _without_empty_end(rows))


def _decode(data: bytes) -> str:
    _refuse_other_files(data)
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode_as(data, (encoding,))
    if b"\0" in data:
        raise UnreadableFile("other_file", found=("不是文本", "not a text"))
    return _decode_as(data, ("utf-8", "gb18030"))


def _decode_as(data: bytes, encodings: Iterable[str]) -> str:
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile("encoding")


def _refuse_other_files(data: bytes) -> None:
    is_binary = b"\0" in data[:1_000]
    if data.startswith(PROGRAMS) or (is_binary and data.startswith(b"MZ")):
        raise UnreadableFile("program")  # a heading may begin with MZ too, for 民族
    for mark, found in OTHERS:
        if data.startswith(mark):
            raise UnreadableFile("other_file", found=found)
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:20].lower().startswith(MARKUP):
        raise UnreadableFile("not_a_workbook", found=("网页或 XML 文件", "a web page or XML"))


def _delimiter(text: str) -> str:
    """The mark that stands most often in the first lines with content."""
    lines: Sequence[str] = [line for line in text[:20_000].splitlines() if line.strip()][:5]
    counts = {mark: sum(line.count(mark) for line in lines) for mark in ",\t;"}
    return max(counts, key=lambda mark: counts[mark]) if any(counts.values()) else ","
