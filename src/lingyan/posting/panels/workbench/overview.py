"""How far is each priority class and each town served by a plan, in one line each?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from lingyan.posting.panels.workbench.lists import VillageRow


@dataclass(frozen=True, slots=True)
class Line:
    """Some villages taken together; `asked` is what leaves just these in the list beside it."""

    label: str
    asked: str
    villages: int
    seats: int
    filled: int
    fit: int
    met: int
    needs: int

    @property
    def short(self) -> int:
        return self.seats - self.filled


@dataclass(frozen=True, slots=True)
class Overview:
    """The county, its classes, the towns that lack somebody, and those that do not."""

    total: Line
    classes: tuple[Line, ...]
    short: tuple[Line, ...]
    full: tuple[Line, ...]


def overview(rows: Sequence[VillageRow]) -> Overview:
    klasses, towns = defaultdict(list), defaultdict(list)
    for row in rows:
        klasses[row.klass].append(row)
        towns[row.town].append(row)
    lines = [_line(town, {"town": town}, some) for town, some in towns.items()]
    return Overview(
        _line("全县", {}, rows),
        tuple(
            _line(some[0].klass_label, {"klass": str(number)}, some)
            for number, some in sorted(klasses.items())
        ),
        tuple(sorted((line for line in lines if line.short), key=lambda line: -line.short)),
        tuple(line for line in lines if not line.short),
    )


def _line(label: str, asked: Mapping[str, str], some: Sequence[VillageRow]) -> Line:
    fits = [seat.fit for row in some for seat in row.team]
    return Line(
        label,
        urlencode(asked),
        len(some),
        sum(row.seats for row in some),
        len(fits),
        sum(fits) // len(fits) if fits else 0,
        sum(row.met for row in some),
        sum(row.asked for row in some),
    )
