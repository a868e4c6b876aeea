"""How is a number frozen with the records behind it, and what has changed in them since?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from lingyan.briefings.models import Briefing, BriefingFigure
from lingyan.briefings.queries.bound import Above, Answers, Bound, Checked, Where, typed_in
from lingyan.briefings.rules.bundle import BundledFigure, BundledNumber, as_told, seal_of
from lingyan.briefings.rules.frozen import (
    Difference,
    Kept,
    difference,
    keep,
    moved_from,
    pack,
    parts_as_kept,
    unpack,
)
from lingyan.briefings.rules.frozen import parts_kept as read_parts
from lingyan.briefings.rules.text import Figure, Mistake, parse
from lingyan.briefings.rules.writing import FrozenNumber, contradictions, refuse_written
from lingyan.common.periods import Period
from lingyan.common.refusals import Refusal, refuse
from lingyan.common.wording import in_quotes
from lingyan.directory.models import Place
from lingyan.platform.indicators import registry
from lingyan.platform.indicators.definitions import (
    Indicator,
    Measure,
    Parts,
    Question,
    Record,
    add_up,
    exact_of,
)
from lingyan.platform.wall import reach

LISTED_MOST = 300  # records; of a longer list a page compares what it adds up to


def freeze(briefing: Briefing, checked: Checked, at: datetime) -> list[BriefingFigure]:
    """Every figure with its list of records; refused where these do not add up to the number."""
    asked: dict[tuple[str, Question], list[Bound]] = {}
    for bound in checked.figures.values():
        asked.setdefault((bound.indicator.code, bound.question), []).append(bound)
    rows, wrong = [], list[Refusal]()
    for same in asked.values():
        records = records_of(same[0].indicator, same[0].question)
        if add_up(records) != same[0].parts:
            wrong.append(_refuse_recount(same[0]))
        kept = sorted(map(keep, records))
        packed, digest = pack(kept)
        for bound in same:
            row = _row(briefing, bound, _named(bound, checked), at)
            row.record_count, row.records, row.digest = len(kept), packed, digest
            row.bundle_seal = seal_of(bundled_figure(row, kept))
            rows.append(row)
    refuse(wrong)
    return sorted(rows, key=lambda row: row.position)


def bundled_figure(row: BriefingFigure, kept: Iterable[Kept]) -> BundledFigure:
    """As it leaves the house, to be checked elsewhere."""
    return BundledFigure(
        position=row.position,
        written=row.written,
        code=row.indicator,
        name=row.name,
        version=row.definition_version,
        basis=row.basis,
        measure=row.measure,
        unit=row.unit,
        value=row.value,
        parts=as_told(parts_of_row(row)),
        place=row.place_label,
        since=str(row.since),
        until=str(row.until),
        on=str(row.on),
        records=tuple(one.bundled for one in kept),
        named=tuple(_bundled_number(code, kept) for code, kept in sorted(row.named.items())),
    )


def _bundled_number(named: str, kept: dict[str, Any]) -> BundledNumber:
    """Of a small group nothing is told, here as little as elsewhere."""
    parts = read_parts(kept) if kept["is_told"] else Parts()
    return BundledNumber(named, kept["code"], kept["measure"], as_told(parts), kept["is_told"])


def _named(bound: Bound, checked: Checked) -> dict[str, Any]:
    """The figures that this one is held against, by their codes as the text writes them."""
    return {
        code: {
            "code": amount.indicator.code,
            "measure": amount.indicator.measure,
            "is_told": amount.exact is not None,
            **parts_as_kept(amount.parts),
        }
        for (at, code), amount in checked.named.items()
        if at == bound.figure.position
    }


def records_of(indicator: Indicator, question: Question) -> list[Record]:
    with reach.everything():
        return list(indicator.source.evidence(question, question.scope).records)


def _refuse_recount(bound: Bound) -> Refusal:
    return Refusal(
        "briefings.figure.recount",
        f"{bound.figure.spot}：{in_quotes(bound.indicator.name)}与所列记录相加不符，请告知管理员",
    )


def _row(briefing: Briefing, bound: Bound, named: dict[str, Any], at: datetime) -> BriefingFigure:
    indicator, told = bound.indicator, bound.told
    return BriefingFigure(
        briefing=briefing, position=bound.figure.position, source=bound.figure.source,
        written=bound.written, indicator=indicator.code, name=indicator.name,
        definition_version=indicator.version, basis=indicator.basis, rule=indicator.rule,
        measure=indicator.measure, unit=indicator.unit, value=str(indicator.value(bound.parts)),
        exact=str(indicator.exact(bound.parts)), parts=parts_as_kept(bound.parts),
        place=bound.where.place, of_unit=bound.where.unit, place_label=bound.where.label,
        since=told.period.since, until=told.period.until, period_label=told.label, on=told.on,
        taken_at=at, named=named,
    )  # fmt: skip


# --- held against what was frozen -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Frozen:
    """What is wrong with a text and the numbers that were frozen with it."""

    typed: tuple[Mistake, ...]
    untrue: tuple[Mistake, ...]


def check_frozen(briefing: Briefing) -> Frozen:
    """The text held against its numbers as they were frozen.

    No name of a place or an indicator is looked up: whatever was renamed, merged or defined anew
    since, the text is about what was checked.
    """
    parsed = parse(briefing.text)
    rows = {(row.position, row.source): row for row in briefing.figures.defer("records")}
    found = {
        one.position: row
        for one in parsed.figures
        if (row := rows.get((one.position, one.source))) is not None
    }
    told = {position: _number(row) for position, row in found.items()}
    named = {
        (position, code): _named_number(code, kept)
        for position, row in found.items()
        for code, kept in row.named.items()
    }
    untrue = [
        Mistake(one.spot, refusal)
        for one in parsed.figures
        for refusal in (
            refuse_written(one, told[one.position])
            if one.position in told
            else (_refuse_unfrozen(one),)
        )
    ]
    written = [row.written for row in found.values()]
    return Frozen(
        typed_in(parsed, above(briefing), written),
        (*untrue, *contradictions(parsed, told, named)),
    )


def above(briefing: Briefing) -> Above:
    return (("标题", briefing.title), ("编者按", briefing.editor_note))


def _refuse_unfrozen(figure: Figure) -> Refusal:
    text = f"“{figure.source}”没有核对过，请重新核对数据"
    return Refusal("briefings.figure.unfrozen", text)


def _number(row: BriefingFigure) -> FrozenNumber:
    return FrozenNumber(row.name, row.unit, row.written, Fraction(row.exact))


def _named_number(code: str, kept: dict[str, Any]) -> FrozenNumber:
    exact = exact_of(Measure(kept["measure"]), read_parts(kept)) if kept["is_told"] else None
    return FrozenNumber(code, "", "", exact)


# --- what has changed since -----------------------------------------------------------------------


def question_of(row: BriefingFigure) -> Question:
    """Of the place wherever it lies now: one that was merged or moved took its records along."""
    where = Where(row.place, row.of_unit)
    return Question(where.scope, row.on, Period(row.since, row.until))


def kept_of(row: BriefingFigure) -> list[Kept]:
    return unpack(bytes(row.records))


def parts_of_row(row: BriefingFigure) -> Parts:
    return read_parts(row.parts)


@dataclass(frozen=True, slots=True)
class Since:
    """What the same question says now."""

    now: str  # the value, with its unit; empty where it is the same
    is_other: bool  # the value, or what it is made of
    records: int  # that came, went or changed; 0 too where the list is too long to compare
    is_redefined: bool = False  # the definition has a later version, or is no more

    @property
    def is_none(self) -> bool:
        return not (self.is_other or self.records or self.is_redefined)

    @property
    def words(self) -> str:
        """依据：R-0-18 已印发的数字保留原值，注明“已更正”。"""
        if self.is_redefined:
            return "口径已变"
        if self.now:
            return f"已更正，现为 {self.now}"
        return "记录有更正"


SAME = Since("", is_other=False, records=0)


def list_figures(briefing: Briefing) -> list[BriefingFigure]:
    """All figures; lists of records that are too long to be compared stay unread."""
    rows = briefing.figures.select_related("place", "of_unit")
    short = rows.filter(record_count__lte=LISTED_MOST)
    long = rows.filter(record_count__gt=LISTED_MOST).defer("records")
    return sorted((*short, *long), key=lambda row: row.position)


def changes_since(rows: Iterable[BriefingFigure]) -> dict[int, Since]:
    """By position; each question is asked once."""
    answers, seen = Answers(), dict[tuple[str, Question], Since]()
    found = {}
    for row in rows:
        key = (row.indicator, question_of(row))
        if key not in seen:
            seen[key] = _since(row, answers)
        if not seen[key].is_none:
            found[row.position] = seen[key]
    return found


def _since(row: BriefingFigure, answers: Answers) -> Since:
    indicator = registry.find(row.indicator)
    if indicator is None or indicator.version != row.definition_version:
        return Since("", is_other=False, records=0, is_redefined=True)
    question = question_of(row)
    if row.record_count > LISTED_MOST:
        return _compared(row, indicator, answers.parts(indicator, question), 0)
    records = records_of(indicator, question)
    listed = differences(row, records)
    return _compared(row, indicator, add_up(records), listed.count)


def _compared(row: BriefingFigure, indicator: Indicator, parts: Parts, count: int) -> Since:
    is_other = parts != parts_of_row(row)
    value = indicator.value(parts)
    now = "" if str(value) == row.value else _with_unit(indicator, parts)
    return Since(now, is_other=is_other, records=count)


def _with_unit(indicator: Indicator, parts: Parts) -> str:
    shown = indicator.shown(parts)
    return shown if indicator.unit == "元" else f"{shown}{indicator.unit}"


def differences(row: BriefingFigure, records: Sequence[Record]) -> Difference:
    then, now = kept_of(row), [keep(one) for one in records]
    paths = moved_from(then, now)
    there = Place.objects.filter(path__in=paths).values_list("path", flat=True) if paths else ()
    return difference(then, now, paths - set(there))
