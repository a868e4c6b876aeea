"""Do the pairs do what a year asks of them: the five, meetings, visits, a project?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.urls import reverse

from lingyan.pairing.indicators.pairs import of_pairing, place_text
from lingyan.pairing.models import Pairing
from lingyan.pairing.queries import figures as queries
from lingyan.pairing.queries import year
from lingyan.pairing.rules.words import FiveOne
from lingyan.pairing.rules.year import KeptUp
from lingyan.platform.indicators.definitions import (
    Indicator,
    Measure,
    PeriodKind,
    Question,
    Record,
)
from lingyan.platform.indicators.sources import FromRecords

NOT_YET = KeptUp(0, 0, 0, 0)


def _record(key: UUID, path: str, part: int, of: int = 1) -> Record:
    return Record("pairing.Pairing", str(key), path, (), part=part, of=of)


def _pairs_of(records: Sequence[Record]) -> list[Pairing]:
    found = Pairing.objects.select_related("unit", "village__parent")
    by_key = {str(one.pk): one for one in found.filter(pk__in=[one.key for one in records])}
    return [by_key[one.key] for one in records]


def _with_cells(record: Record, pairing: Pairing, *cells: str) -> Record:
    shown = (str(pairing.unit), place_text(pairing.village), *cells)
    return replace(record, cells=shown, url=reverse("pairing_detail", args=[pairing.pk]))


# --- the five -------------------------------------------------------------------------------------


def _fives(asked: Question) -> list[Record]:
    """Each pair of the day; it adds as many of the five as it has done in the year."""
    pairs = list(
        queries.pairs_on(asked.scope, asked.on)
        .order_by("village__path", "-is_lead", "pk")
        .values_list("pk", "village__path")
    )
    done = year.five_ones([key for key, _ in pairs], asked.on.year, asked.on)
    return [_record(key, path, len(done.get(key, ())), len(FiveOne)) for key, path in pairs]


def _dress_fives(asked: Question, records: Sequence[Record]) -> list[Record]:
    done = year.five_ones([UUID(one.key) for one in records], asked.on.year, asked.on)
    return [
        _with_cells(
            one, pairing, f"{one.part}/{one.of}",
            "、".join(
                item.label for item in FiveOne if item not in done.get(pairing.pk, frozenset())
            ),
        )
        for one, pairing in zip(records, _pairs_of(records), strict=True)
    ]  # fmt: skip


# --- meetings, visits, a project ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kept:
    """What one pair was to do in the year up to the day, and did."""

    acts: KeptUp
    has_project: bool

    @property
    def has_met(self) -> bool:
        return self.acts.meetings_held >= self.acts.meetings_due

    @property
    def has_visited(self) -> bool:
        return self.acts.visits_made >= self.acts.visits_due

    @property
    def is_whole(self) -> bool:
        """All three (IND-3-09)."""
        return self.has_met and self.has_visited and self.has_project


def _kept(pairs: Sequence[Pairing], asked: Question) -> list[Kept]:
    acts = year.kept_up(pairs, asked.on.year, asked.on)
    keys = [one.pk for one in pairs]
    rows = year.projects_in(keys, asked.on.year, asked.on).order_by()
    projects = set(rows.values_list("pairing_id", flat=True))
    return [Kept(acts.get(key, NOT_YET), key in projects) for key in keys]


def _pair_years(is_kept: Callable[[Kept], bool]) -> FromRecords:
    def records(asked: Question) -> list[Record]:
        rows = queries.pairs_on(asked.scope, asked.on).order_by("village__path", "-is_lead", "pk")
        bare = rows.select_related(None).select_related("village")
        pairs = list(bare.only("since", "until", "planned_until", "village__path"))
        return [
            _record(pairing.pk, pairing.village.path, int(is_kept(one)))
            for pairing, one in zip(pairs, _kept(pairs, asked), strict=True)
        ]

    return FromRecords(records, _dress_kept)


def _dress_kept(asked: Question, records: Sequence[Record]) -> list[Record]:
    pairs = _pairs_of(records)
    return [
        _with_cells(
            record, pairing, f"{one.acts.meetings_held}/{one.acts.meetings_due}",
            f"{one.acts.visits_made}/{one.acts.visits_due}", "有" if one.has_project else "没有",
        )
        for record, pairing, one in zip(records, pairs, _kept(pairs, asked), strict=True)
    ]  # fmt: skip


def _of_kept(
    code: str, name: str, basis: str, is_kept: Callable[[Kept], bool], rows: tuple[str, ...] = ()
) -> Indicator:
    return of_pairing(
        code=code, rows=rows, name=name, unit="%", rule="3.4",
        basis=f"统计日共建中的结对，到统计日当年{basis}",
        kind=PeriodKind.OF_YEAR, measure=Measure.SHARE, source=_pair_years(is_kept),
        heads=("单位", "村", "联席会议", "到村走访", "共建项目"),
    )  # fmt: skip


INDICATORS = (
    of_pairing(
        code="IND-3-07", rows=("X11",), name="五个一完成率", unit="%", rule="R-3-04",
        basis="统计日共建中的结对，到统计日当年五个一做了几项，除以应做的项数",
        kind=PeriodKind.OF_YEAR, measure=Measure.SHARE,
        source=FromRecords(_fives, _dress_fives), heads=("单位", "村", "做了几项", "还差"),
    ),
    _of_kept(
        "IND-3-09", "联席会议、定期互访、项目化推进落实率",
        "到期的联席会议开了、走访做了、有共建项目，三样都落实的占比",
        lambda one: one.is_whole, ("X30",),
    ),
    _of_kept("IND-3-09-M", "联席会议落实率", "到期的联席会议都开了的占比", lambda one: one.has_met),
    _of_kept("IND-3-09-V", "定期互访落实率", "单位应到村的走访都做了的占比",
             lambda one: one.has_visited),
    _of_kept("IND-3-09-P", "项目化推进落实率", "有共建项目的占比", lambda one: one.has_project),
)  # fmt: skip
