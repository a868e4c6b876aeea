"""How is the list of records behind a number kept, and what has changed in it since?

A record is kept by its name, where it lies, what it adds and a digest of what a list showed of it:
enough to count again and to notice a change, and no copy of what it says.

依据：R-0-15、R-0-18。
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from lingyan.briefings.rules.bundle import BundledRecord, bundled
from lingyan.platform.indicators.definitions import Parts, Record


@dataclass(frozen=True, slots=True, order=True)
class Kept:
    """One record as it stood: `of` is what it adds, `digest` what it said."""

    label: str
    key: str
    path: str
    url: str
    digest: str
    part: str
    of: int
    counts: str
    is_base: bool

    @property
    def name(self) -> tuple[str, str, bool]:
        return self.label, self.key, self.is_base

    @property
    def said(self) -> tuple[str, str, int, str, bool]:
        """What of it makes a change, but for where it lies."""
        return self.digest, self.part, self.of, self.counts, self.is_base

    @property
    def bundled(self) -> BundledRecord:
        return BundledRecord(self.digest, self.part, self.of, self.counts, self.is_base)


def keep(record: Record) -> Kept:
    sealed = bundled(record)
    return Kept(
        record.label, record.key, record.path, record.url,
        sealed.digest, sealed.part, sealed.of, sealed.counts, sealed.is_base,
    )  # fmt: skip


def pack(records: Iterable[Kept]) -> tuple[bytes, str]:
    """The list as bytes, in one order whatever came first, and the digest of what is in it."""
    rows = [
        [one.label, one.key, one.path, one.url, one.digest, one.part, one.of, one.counts,
         one.is_base]
        for one in sorted(records)
    ]  # fmt: skip
    plain = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()
    return zlib.compress(plain, 6), hashlib.sha256(plain).hexdigest()


def unpack(packed: bytes) -> list[Kept]:
    return [Kept(*row) for row in json.loads(zlib.decompress(packed))]


def parts_as_kept(parts: Parts) -> dict[str, str | int]:
    return {
        "part": str(parts.part),
        "of": parts.of,
        "base_part": str(parts.base_part),
        "base_of": parts.base_of,
    }


def parts_kept(kept: dict[str, str | int]) -> Parts:
    return Parts(
        Fraction(str(kept["part"])),
        int(kept["of"]),
        Fraction(str(kept["base_part"])),
        int(kept["base_of"]),
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """What the list holds that it did not, what it held, and what says or adds something else."""

    came: tuple[Kept, ...]
    went: tuple[Kept, ...]
    changed: tuple[Kept, ...]  # as they stand now

    @property
    def is_none(self) -> bool:
        return not (self.came or self.went or self.changed)

    @property
    def count(self) -> int:
        return len(self.came) + len(self.went) + len(self.changed)


def difference(then: Sequence[Kept], now: Sequence[Kept], left: Collection[str] = ()) -> Difference:
    """Records by their names; one of which two rows tell is changed where either is.

    `left` are the paths at which no place lies any more: a village that went elsewhere with all
    that is in it has changed no record.
    """
    was, became = _by_name(then), _by_name(now)
    return Difference(
        tuple(one for name in sorted(became.keys() - was.keys()) for one in became[name]),
        tuple(one for name in sorted(was.keys() - became.keys()) for one in was[name]),
        tuple(
            one
            for name in sorted(was.keys() & became.keys())
            if _is_other(was[name], became[name], left)
            for one in became[name]
        ),
    )


def _is_other(was: Sequence[Kept], became: Sequence[Kept], left: Collection[str]) -> bool:
    if [one.said for one in was] != [one.said for one in became]:
        return True
    pairs = zip(was, became, strict=True)
    return any(old.path != new.path and old.path not in left for old, new in pairs)


def moved_from(then: Sequence[Kept], now: Sequence[Kept]) -> set[str]:
    """Where records lay that lie elsewhere now."""
    lies = {one.name: one.path for one in now}
    return {one.path for one in then if lies.get(one.name, one.path) != one.path}


def _by_name(records: Sequence[Kept]) -> dict[tuple[str, str, bool], list[Kept]]:
    found: dict[tuple[str, str, bool], list[Kept]] = {}
    for one in sorted(records):
        found.setdefault(one.name, []).append(one)
    return found
