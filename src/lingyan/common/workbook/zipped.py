"""Is an .xlsx file safe to read, and which of its cells hold an error instead of a value?

The reader in Rust lays every worksheet out as a full rectangle (one cell at XFD1048576 asks for
half a terabyte and ends the process), reserves what the file announces, and drops error values
silently. So every part is looked through once, in pieces, before the reader sees the file.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

from lingyan.common.cells import NOT_COMPUTED
from lingyan.common.workbook.unreadable import UnreadableFile, too_many_cells

MAX_ENTRIES = 2_000
MAX_EXPANDED = 200_000_000
MAX_RATIO = 300  # text of one letter reaches 1,000; worksheets stay under 100
RATIO_MATTERS = 20_000_000
MAX_SHARED_STRINGS = 2_000_000
MAX_BOOK_PART = 2_000_000
PIECE = 1 << 20

# A cell must name its place first, as Excel, WPS and every common library write it: then nothing
# can hide behind another attribute. The last group is set for a cell without content.
CELL = re.compile(
    rb"<(?:[^\s<>/:=\"']+:)?c"
    rb"(?:\s+r\s*=\s*[\"']([A-Za-z]{1,3})(\d{1,7})[\"']"
    rb"((?:\s+[\w:.-]+\s*=\s*\"[^\"<>]*\")*\s*/>)?"
    rb"|(?=[\s/>]))"
)
ERROR_CELL = re.compile(
    rb"<(?:\w+:)?c\s+r=[\"']([A-Z]+)(\d+)[\"'][^<>]*\bt=[\"']e[\"'][^<>]*>"
    rb"(?:(?!</(?:\w+:)?c>)[\s\S]){0,9000}?<(?:\w+:)?v>([^<]{1,20})<"
)
UNCOMPUTED = re.compile(
    rb"<(?:\w+:)?c\s+r=[\"']([A-Z]+)(\d+)[\"'][^<>]*>\s*"
    rb"<(?:\w+:)?f(?:\s[^<>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<v></v>)?\s*"
    rb"</(?:\w+:)?c>"
)
FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
ANNOUNCED = re.compile(rb"\b(?:uniqueCount|count)\s*=\s*[\"'](\d+)[\"']")


@dataclass(slots=True)
class Part:
    """What one part of the archive spans, if it is a worksheet, and its broken cells."""

    rows: int = 0
    columns: int = 0
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    formulas: int = 0


def inspect(data: bytes, *, max_cells: int) -> dict[str, Part]:
    """Refuse a dangerous archive; say what its worksheets span, by the name of the part."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_directory(archive)
            return {info.filename: _scan(archive, info, max_cells) for info in archive.infolist()}
    except (
        *(zipfile.BadZipFile, zlib.error, EOFError),
        *(RuntimeError, OverflowError, ValueError, OSError),  # encrypted or forged entries
    ) as error:
        raise UnreadableFile("damaged") from error


def _check_directory(archive: zipfile.ZipFile) -> None:
    infos = archive.infolist()
    names = [info.filename.lower() for info in infos]
    expanded = sum(info.file_size for info in infos)
    packed = max(1, sum(info.compress_size for info in infos))
    if len(infos) > MAX_ENTRIES or expanded > MAX_EXPANDED:
        raise UnreadableFile("zip_bomb")
    if expanded > RATIO_MATTERS and expanded / packed > MAX_RATIO:
        raise UnreadableFile("zip_bomb")
    if len(set(names)) != len(names):
        raise UnreadableFile("damaged")
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
        raise UnreadableFile("macros")
    if not any(name.endswith("workbook.xml") for name in names):
        raise _other_archive(names)


def _other_archive(names: list[str]) -> UnreadableFile:
    known = (
        ("word/", "other_file", ("Word 文档", "a Word document")),
        ("ppt/", "other_file", ("演示文稿", "a presentation")),
        ("workbook.bin", "not_a_workbook", (".xlsb 表格", "an .xlsb workbook")),
        ("content.xml", "not_a_workbook", (".ods 表格", "an .ods workbook")),
    )
    for mark, code, found in known:
        if any(mark in name for name in names):
            return UnreadableFile(code, found=found)
    return UnreadableFile("other_file", found=("压缩包", "an archive"))


def _scan(archive: zipfile.ZipFile, info: zipfile.ZipInfo, max_cells: int) -> Part:
    part = Part()
    lower = info.filename.lower()
    if not lower.endswith((".xml", ".rels")):
        _scan_other(archive, info)
        return part
    first = True
    for piece in _pieces(archive, info):
        if b"\0" in piece or b"<!DOCTYPE" in piece or b"<!ENTITY" in piece:
            raise UnreadableFile("entities")
        if first and lower == "[content_types].xml" and b"macroEnabled" in piece:
            raise UnreadableFile("macros")
        if first and lower.endswith("sharedstrings.xml"):
            _check_announced(piece)
        first = False
        _look_for_cells(part, piece)
        if part.rows * part.columns > max_cells:
            raise too_many_cells(max_cells)
    return part


def _scan_other(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    """A picture may stay; a worksheet under a false name may not."""
    tail = b""
    with archive.open(info) as stream:
        while block := stream.read(PIECE):
            if b"sheetData" in tail + block or b"<sst" in tail + block:
                raise UnreadableFile("damaged")
            tail = block[-16:]


def _pieces(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part in pieces that end before a cell or a tag, so that none is cut in two."""
    rest = b""
    with archive.open(info) as stream:
        while block := stream.read(PIECE):
            block = rest + block
            cut = max(block.rfind(b"<c "), block.rfind(b":c "))
            cut = block.rfind(b"<", 0, cut + 1) if cut >= 0 else block.rfind(b"<")
            cut = len(block) if cut < 0 else cut
            rest = block[cut:]
            if len(rest) > PIECE:
                raise UnreadableFile("damaged")  # no cell of Excel is that long
            if cut:
                yield block[:cut]
    if rest:
        yield rest


def _check_announced(piece: bytes) -> None:
    head = piece[: piece.find(b"<si") if b"<si" in piece else 2_000]
    if any(len(each) > 9 or int(each) > MAX_SHARED_STRINGS for each in ANNOUNCED.findall(head)):
        raise UnreadableFile("zip_bomb")


def _look_for_cells(part: Part, piece: bytes) -> None:
    columns: set[bytes] = set()
    row_max = 0
    for column, row, is_blank in CELL.findall(piece):
        if not column:
            raise UnreadableFile("damaged")
        if not is_blank:
            columns.add(column)
            row_max = max(row_max, int(row))
    part.rows = max(part.rows, row_max)
    part.columns = max(part.columns, *(column_number(each) for each in columns), 0)
    if b't="e"' in piece or b"t='e'" in piece:
        for column, row, text in ERROR_CELL.findall(piece):
            part.errors[int(row) - 1, column_number(column) - 1] = text.decode("utf-8", "replace")
    if b"<f" in piece or b":f" in piece:
        part.formulas += len(FORMULA.findall(piece))
        for column, row in UNCOMPUTED.findall(piece):
            part.errors[int(row) - 1, column_number(column) - 1] = NOT_COMPUTED


def column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def sheet_parts(data: bytes) -> dict[str, str]:
    """Which part of the archive holds the worksheet of which name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos = archive.infolist()
        book = next(info.filename for info in infos if info.filename.endswith("workbook.xml"))
        folder, name = posixpath.split(book)
        relations = _tree(archive, f"{folder}/_rels/{name}.rels".lstrip("/"))
        targets = {each.get("Id", ""): each.get("Target", "") for each in relations}
        found = {}
        for element in _tree(archive, book).iter():
            if element.tag.endswith("}sheet"):
                ids = [value for key, value in element.items() if key.endswith("}id")]
                target = targets.get(ids[0] if ids else "", "")
                path = target.lstrip("/") if target[:1] == "/" else posixpath.join(folder, target)
                found[element.get("name", "")] = posixpath.normpath(path)
        return found


def _tree(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    if archive.getinfo(name).file_size > MAX_BOOK_PART:
        raise UnreadableFile("zip_bomb")
    return ElementTree.fromstring(archive.read(name))  # noqa: S314 - declarations were refused before
