"""Which streams does a compound file hold, the container of .xls and of protected workbooks?

The reader in Rust trusts chains and lengths of this container; a forged file makes it loop or
reserve gigabytes. So the container is read here, with every length checked, and the one stream
that matters is handed on in a fresh container.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FREE, END, TABLE, TABLE_OF_TABLES = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFC
NOT_A_SECTOR = TABLE_OF_TABLES
STORAGE, STREAM, ROOT = 1, 2, 5
SMALL_STREAM = 4096
ENTRY = 128


class DamagedContainer(ValueError):  # noqa: N818 - names what was found
    """A chain leaves the file, runs in a circle, or a length cannot be true."""


@dataclass(frozen=True, slots=True)
class Sectors:
    """A run of bytes cut into sectors, and the table that says which sector follows which."""

    data: bytes
    size: int
    table: tuple[int, ...]
    header: int = 0

    def sector(self, number: int) -> bytes:
        offset = self.header + number * self.size
        if offset >= len(self.data):
            raise DamagedContainer("sector outside the file")
        return self.data[offset : offset + self.size]

    def chain(self, start: int, length: int | None = None) -> bytes:
        """The sectors from `start` on; without a length, to the end of the chain."""
        if length is not None and length > len(self.data):
            raise DamagedContainer("length")
        parts: list[bytes] = []
        number = start
        while number < NOT_A_SECTOR and (length is None or len(parts) * self.size < length):
            if len(parts) > len(self.table):
                raise DamagedContainer("chain in a circle")
            parts.append(self.sector(number))
            number = self.table[number]
        found = b"".join(parts)
        if length is not None and len(found) < length:
            raise DamagedContainer("chain too short")
        return found if length is None else found[:length]


@dataclass(frozen=True, slots=True)
class Compound:
    """The streams of a compound file by name; of two with one name the first counts."""

    large: Sectors
    small: Sectors
    entries: dict[str, tuple[int, int]]  # name: first sector, length

    def stream(self, name: str) -> bytes:
        start, length = self.entries[name]
        sectors = self.large if length >= SMALL_STREAM else self.small
        return sectors.chain(start, length)


def open_compound(data: bytes) -> Compound:
    try:
        return _open(data)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise DamagedContainer(str(error)) from error


def _open(data: bytes) -> Compound:
    (shift,) = struct.unpack_from("<H", data, 30)
    if not data.startswith(SIGNATURE) or shift not in (9, 12):
        raise DamagedContainer("header")
    size = 1 << shift
    directory_start, _, _, small_start = struct.unpack_from("<4I", data, 48)
    bare = Sectors(data, size, (), header=size)
    table = _numbers(b"".join(bare.sector(each) for each in _table_places(bare)))
    large = Sectors(data, size, table, header=size)
    directory = large.chain(directory_start)
    entries: dict[str, tuple[int, int]] = {}
    root = (END, 0)
    for offset in range(0, len(directory) - ENTRY + 1, ENTRY):
        name, kind, start, length = _entry(directory, offset, version_4=shift == 12)
        if kind == ROOT:
            root = (start, length)
        elif kind in (STORAGE, STREAM):
            entries.setdefault(name, (start, length))
    small_table = _numbers(large.chain(small_start)) if root[1] else ()
    small_data = large.chain(*root) if root[1] else b""
    return Compound(large, Sectors(small_data, 64, small_table), entries)


def _table_places(sectors: Sectors) -> list[int]:
    """Where the table lies: 109 sectors are named in the header, more in a chain of their own."""
    (count,) = struct.unpack_from("<I", sectors.data, 44)
    (following,) = struct.unpack_from("<I", sectors.data, 68)
    places = list(struct.unpack_from("<109I", sectors.data, 76))
    for _ in range(len(sectors.data) // sectors.size + 1):
        if following >= NOT_A_SECTOR:
            return [each for each in places if each < NOT_A_SECTOR][:count]
        numbers = _numbers(sectors.sector(following))
        places.extend(numbers[:-1])
        following = numbers[-1]
    raise DamagedContainer("table in a circle")


def _entry(directory: bytes, offset: int, *, version_4: bool) -> tuple[str, int, int, int]:
    name_length, kind = struct.unpack_from("<HB", directory, offset + 64)
    name = directory[offset : offset + max(0, min(name_length, 64) - 2)].decode("utf-16-le")
    (start,) = struct.unpack_from("<I", directory, offset + 116)
    (length,) = struct.unpack_from("<Q" if version_4 else "<I", directory, offset + 120)
    return name, kind, start, length


def _numbers(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def single_stream(name: str, content: bytes) -> bytes:
    """A well-formed container with this one stream."""
    content = content.ljust(SMALL_STREAM, b"\0")
    sectors = -(-len(content) // 512)
    fat_count = 1
    while fat_count * 128 < sectors + 1 + fat_count + _table_sectors(fat_count):
        fat_count += 1
    tables = _table_sectors(fat_count)
    fat_start = sectors + 1
    table_start = fat_start + fat_count

    chain = [
        *range(1, sectors),
        END,
        END,
    ]  # the stream, then the directory in one sector
    chain += [TABLE] * fat_count + [TABLE_OF_TABLES] * tables
    chain += [FREE] * (fat_count * 128 - len(chain))
    numbers = list(range(fat_start, fat_start + fat_count))
    header = SIGNATURE + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<9I", 0, fat_count, sectors, 0, SMALL_STREAM, END, 0,
                          table_start if tables else END, tables)  # fmt: skip
    header += struct.pack("<109I", *(numbers[:109] + [FREE] * (109 - min(109, fat_count))))
    body = content.ljust(sectors * 512, b"\0")
    body += _directory("Root Entry", 5, END, 0, child=1) + _directory(name, 2, 0, len(content))
    body += bytes(ENTRY * 2) + struct.pack(f"<{len(chain)}I", *chain)
    for index in range(tables):
        part = numbers[109 + index * 127 : 109 + (index + 1) * 127]
        follow = table_start + index + 1 if index + 1 < tables else END
        body += struct.pack("<128I", *part, *[FREE] * (127 - len(part)), follow)
    return header + body


def _table_sectors(fat_count: int) -> int:
    return -(-max(0, fat_count - 109) // 127)


def _directory(name: str, kind: int, start: int, length: int, *, child: int = FREE) -> bytes:
    letters = name.encode("utf-16-le") + b"\0\0"
    entry = letters.ljust(64, b"\0") + struct.pack("<HBB", len(letters), kind, 1)
    entry += struct.pack("<3I", FREE, FREE, child) + bytes(36)
    return entry + struct.pack("<IQ", start, length)
