"""Which streams does a compound file hold, the container of .xls and of protected workbooks?

The reader in Rust trusts chains and lengths of this container; a forged file makes it loop or
reserve gigabytes. So the container is read here, with every length checked, and the one stream
that matters is handed on in a fresh container.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FREE, END, FAT_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SMALL_STREAM = 4096
ENTRY = 128


class DamagedContainer(ValueError):
    """A chain leaves the file, runs in a circle, or a length cannot be true."""


@dataclass(frozen=True, slots=True)
class Compound:
    """The streams of a compound file by name; of two with one name the first counts."""

    data: bytes
    sector_size: int
    fat: tuple[int, ...]
    mini_fat: tuple[int, ...]
    mini_stream: bytes
    entries: dict[str, tuple[int, int]]  # name: first sector, length

    def stream(self, name: str) -> bytes:
        start, length = self.entries[name]
        if length >= SMALL_STREAM:
            return _chain(
                self.data, self.sector_size, self.sector_size, self.fat, start, length
            )
        return _chain(self.mini_stream, 64, 0, self.mini_fat, start, length)


def open_compound(data: bytes) -> Compound:
    try:
        return _open(data)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise DamagedContainer(str(error)) from error


def _open(data: bytes) -> Compound:
    if not data.startswith(SIGNATURE):
        raise DamagedContainer("signature")
    (shift,) = struct.unpack_from("<H", data, 30)
    if shift not in (9, 12):
        raise DamagedContainer("sector size")
    size = 1 << shift
    directory_start, _, _, mini_start = struct.unpack_from("<4I", data, 48)
    fat = _numbers(
        b"".join(_sector(data, size, size, each) for each in _fat_sectors(data, size))
    )
    directory = _chain(data, size, size, fat, directory_start, None)
    entries: dict[str, tuple[int, int]] = {}
    root = (END, 0)
    for offset in range(0, len(directory) - ENTRY + 1, ENTRY):
        name, kind, start, length = _entry(directory, offset, version_4=shift == 12)
        if kind == 5:
            root = (start, length)
        elif kind in (1, 2):
            entries.setdefault(name, (start, length))
    mini_fat = (
        _numbers(_chain(data, size, size, fat, mini_start, None)) if root[1] else ()
    )
    mini_stream = _chain(data, size, size, fat, *root) if root[1] else b""
    return Compound(data, size, fat, mini_fat, mini_stream, entries)


def _fat_sectors(data: bytes, size: int) -> list[int]:
    """The sectors of the allocation table: 109 in the header, more in a chain of their own."""
    count, next_table = (
        struct.unpack_from("<I", data, 44)[0],
        struct.unpack_from("<I", data, 68)[0],
    )
    sectors = list(struct.unpack_from("<109I", data, 76))
    for _ in range(len(data) // size + 1):
        if next_table >= FAT_SECTOR - 1:
            return [each for each in sectors if each < FAT_SECTOR - 1][:count]
        numbers = _numbers(_sector(data, size, size, next_table))
        sectors.extend(numbers[:-1])
        next_table = numbers[-1]
    raise DamagedContainer("table in a circle")


def _entry(
    directory: bytes, offset: int, *, version_4: bool
) -> tuple[str, int, int, int]:
    name_length, kind = struct.unpack_from("<HB", directory, offset + 64)
    name = directory[offset : offset + max(0, min(name_length, 64) - 2)].decode(
        "utf-16-le"
    )
    (start,) = struct.unpack_from("<I", directory, offset + 116)
    (length,) = struct.unpack_from("<Q" if version_4 else "<I", directory, offset + 120)
    return name, kind, start, length


def _sector(data: bytes, size: int, header: int, number: int) -> bytes:
    offset = header + number * size
    if offset >= len(data):
        raise DamagedContainer("sector outside the file")
    return data[offset : offset + size]


def _chain(
    data: bytes,
    size: int,
    header: int,
    fat: tuple[int, ...],
    start: int,
    length: int | None,
) -> bytes:
    """The sectors from `start` on; without a length, to the end of the chain."""
    if length is not None and length > len(data):
        raise DamagedContainer("length")
    parts: list[bytes] = []
    number = start
    while number < FAT_SECTOR - 1 and (length is None or len(parts) * size < length):
        if len(parts) > len(fat):
            raise DamagedContainer("chain in a circle")
        parts.append(_sector(data, size, header, number))
        number = fat[number]
    found = b"".join(parts)
    if length is not None and len(found) < length:
        raise DamagedContainer("chain too short")
    return found if length is None else found[:length]


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
    chain += [FAT_SECTOR] * fat_count + [FAT_SECTOR - 1] * tables
    chain += [FREE] * (fat_count * 128 - len(chain))
    numbers = list(range(fat_start, fat_start + fat_count))
    header = (
        SIGNATURE + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    )
    header += struct.pack("<9I", 0, fat_count, sectors, 0, SMALL_STREAM, END, 0,
                          table_start if tables else END, tables)  # fmt: skip
    header += struct.pack(
        "<109I", *(numbers[:109] + [FREE] * (109 - min(109, fat_count)))
    )
    body = content.ljust(sectors * 512, b"\0")
    body += _directory("Root Entry", 5, END, 0, child=1) + _directory(
        name, 2, 0, len(content)
    )
    body += bytes(ENTRY * 2) + struct.pack(f"<{len(chain)}I", *chain)
    for index in range(tables):
        part = numbers[109 + index * 127 : 109 + (index + 1) * 127]
        follow = table_start + index + 1 if index + 1 < tables else END
        body += struct.pack("<128I", *part, *[FREE] * (127 - len(part)), follow)
    return header + body


def _table_sectors(fat_count: int) -> int:
    return -(-max(0, fat_count - 109) // 127)


def _directory(
    name: str, kind: int, start: int, length: int, *, child: int = FREE
) -> bytes:
    letters = name.encode("utf-16-le") + b"\0\0"
    entry = letters.ljust(64, b"\0") + struct.pack("<HBB", len(letters), kind, 1)
    entry += struct.pack("<3I", FREE, FREE, child) + bytes(36)
    return entry + struct.pack("<IQ", start, length)
