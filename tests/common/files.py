"""Workbooks made byte by byte: old ones, broken ones and hostile ones."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping

from lingyan.common.workbook.compound import single_stream

DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = b"http://schemas.openxmlformats.org/package/2006"
WORKBOOK_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACRO_TYPE = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"


def worksheet(rows: bytes, *, before: bytes = b"", after: bytes = b"") -> bytes:
    data = b'<worksheet xmlns="' + MAIN + b'"><sheetData>' + rows + b"</sheetData>"
    return DECLARATION + before + data + after + b"</worksheet>"


def xlsx(
    sheet: bytes, extra: Mapping[str, bytes] | None = None, *, kind: bytes = WORKBOOK_TYPE
) -> bytes:
    """A minimal workbook with one worksheet, 需求, of this XML."""
    types = (
        b'<Types xmlns="' + PACKAGE + b'/content-types">'
        b'<Default Extension="rels" '
        b'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        b'<Default Extension="xml" ContentType="application/xml"/>'
        b'<Override PartName="/xl/workbook.xml" ContentType="' + kind + b'"/></Types>'
    )
    parts = {
        "[Content_Types].xml": types,
        "_rels/.rels": _relation(b"officeDocument", b"xl/workbook.xml"),
        "xl/workbook.xml": b'<workbook xmlns="' + MAIN + b'" xmlns:r="' + OFFICE + b'"><sheets>'
        b'<sheet name="\xe9\x9c\x80\xe6\xb1\x82" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relation(b"worksheet", b"worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": sheet,
    }
    return zipped(parts | dict(extra or {}))


def _relation(kind: bytes, target: bytes) -> bytes:
    return (
        DECLARATION + b'<Relationships xmlns="' + PACKAGE + b'/relationships">'
        b'<Relationship Id="rId1" Type="' + OFFICE + b"/" + kind + b'" Target="' + target + b'"/>'
        b"</Relationships>"
    )


def zipped(parts: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def row(number: int, *texts: str) -> bytes:
    cells = "".join(
        f'<c r="{chr(65 + index)}{number}" t="inlineStr"><is><t>{text}</t></is></c>'
        for index, text in enumerate(texts)
    )
    return f'<row r="{number}">{cells}</row>'.encode()


def record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def label(row_index: int, column: int, text: str) -> bytes:
    letters = struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")
    return record(0x0204, struct.pack("<3H", row_index, column, 0) + letters)


def number(row_index: int, column: int, value: float, *, style: int = 0) -> bytes:
    return record(0x0203, struct.pack("<3Hd", row_index, column, style, value))


def error_value(row_index: int, column: int, code: int) -> bytes:
    return record(0x0205, struct.pack("<3HBB", row_index, column, 0, code, 1))


def formula_in_error(row_index: int, column: int, code: int) -> bytes:
    result = bytes((2, 0, code, 0, 0, 0, 0xFF, 0xFF))
    content = struct.pack("<3H", row_index, column, 0) + result + bytes(6) + b"\x02\x00\x1c\x2a"
    return record(0x0006, content)


def merge(first_row: int, last_row: int, column: int) -> bytes:
    return record(0x00E5, struct.pack("<5H", 1, first_row, last_row, column, column))


def dimensions(rows: int, columns: int) -> bytes:
    return record(0x0200, struct.pack("<IIHHH", 0, rows, 0, columns, 0))


def biff(*cells: bytes, name: str = "需求", protected: bool = False) -> bytes:
    """The stream of an old workbook with one worksheet; style 1 is a date."""
    begin = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    styles = record(0x00E0, struct.pack("<HH", 0, 0) + bytes(16))
    styles += record(0x00E0, struct.pack("<HH", 0, 14) + bytes(16))
    password = record(0x002F, struct.pack("<H", 1) + bytes(4)) if protected else b""
    title = struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")
    length = len(begin) + len(styles) + len(password) + 4 + 6 + len(title) + 4
    bound = record(0x0085, struct.pack("<IH", length, 0) + title)
    page = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    return begin + password + styles + bound + record(0x000A) + page + b"".join(cells) + record(10)


def xls(*cells: bytes, protected: bool = False) -> bytes:
    return single_stream("Workbook", biff(*cells, protected=protected))
