"""How large is an old .xls workbook, and which of its cells hold an error instead of a value?

The reader in Rust lays every worksheet out as a full rectangle, and drops error values silently.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

BOF, EOF, BOUND_SHEET, FILE_PASS = 0x0809, 0x000A, 0x0085, 0x002F
DIMENSIONS, FORMULA, MUL_RK, BOOL_ERR, SHARED_STRINGS = (
    0x0200,
    0x0006,
    0x00BD,
    0x0205,
    0x00FC,
)
CELLS = {0x0203, 0x0204, 0x00D6, BOOL_ERR, 0x027E, 0x00FD, MUL_RK, FORMULA, 0x0207}
ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}


class DamagedRecords(ValueError):  # noqa: N818 - names what was found
    """A record leaves the stream."""


@dataclass(slots=True)
class Extent:
    """What one worksheet spans, and its cells that hold an error."""

    rows: int = 0
    columns: int = 0
    reserved: int = 0  # cells that the file announces
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    formulas: int = 0

    @property
    def cells(self) -> int:
        return max(self.rows * self.columns, self.reserved)


@dataclass(frozen=True, slots=True)
class Globals:
    protected: bool
    sheet_offsets: tuple[int, ...]


def records(stream: bytes, offset: int) -> Iterator[tuple[int, int, int]]:
    """(type, start, length) of each record."""
    while offset + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, offset)
        if offset + 4 + length > len(stream):
            raise DamagedRecords(f"record at {offset}")
        yield kind, offset + 4, length
        offset += 4 + length


def read_globals(stream: bytes) -> Globals:
    protected, offsets = False, []
    for kind, start, length in records(stream, 0):
        if kind == FILE_PASS:
            protected = True
        elif kind == BOUND_SHEET and length >= 4:
            offsets.append(struct.unpack_from("<I", stream, start)[0])
        elif kind == EOF:
            break
    return Globals(protected, tuple(offsets))


def measure(stream: bytes, offset: int, *, limit: int) -> Extent:
    """Walk one worksheet; stops early when it is larger than `limit` cells."""
    extent = Extent()
    depth = 0
    for kind, start, length in records(stream, offset):
        if kind == BOF:
            depth += 1
        elif kind == EOF:
            depth -= 1
            if depth <= 0:
                break
        elif depth > 1:
            continue  # an embedded chart carries records that look like cells
        elif kind == DIMENSIONS:
            extent.reserved = max(extent.reserved, _announced(stream, start, length))
        elif kind in CELLS and length >= 6:
            _count(extent, stream, kind, start, length)
        if extent.cells > limit:
            break
    return extent


def _announced(stream: bytes, start: int, length: int) -> int:
    form = {10: "<4H", 14: "<IIHH"}.get(length)
    if form is None:
        raise DamagedRecords("dimensions")
    first_row, last_row, first_column, last_column = struct.unpack_from(form, stream, start)
    if first_row > last_row:
        raise DamagedRecords("dimensions")
    if first_column > 0xFF or last_column < first_column:
        first_column = 0
    return int((last_row - first_row + 1) * (last_column - first_column + 1))


def _count(extent: Extent, stream: bytes, kind: int, start: int, length: int) -> None:
    row, column = struct.unpack_from("<HH", stream, start)
    extent.rows = max(extent.rows, row + 1)
    last = struct.unpack_from("<H", stream, start + length - 2)[0] if kind == MUL_RK else column
    extent.columns = max(extent.columns, last + 1, column + 1)
    extent.formulas += kind == FORMULA
    if kind == BOOL_ERR and length >= 8 and stream[start + 7] == 1:
        extent.errors[row, column] = ERRORS.get(stream[start + 6], "#N/A")
    if (
        kind == FORMULA and length >= 14 and stream[start + 12 : start + 14] == b"\xff\xff"
    ) and stream[start + 6] == 2:
        extent.errors[row, column] = ERRORS.get(stream[start + 8], "#N/A")
