"""How is a number frozen with the records behind it, and what has changed in them since?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lingyan.briefings.models import Briefing, BriefingFigure
from lingyan.briefings.queries.bound import Answers, Bound, Checked
from lingyan.briefings.rules.frozen import (
    Difference,
    Kept,
    difference,
    keep,
    pack,
    parts_as_kept,
    unpack,
)
from lingyan.briefings.rules.frozen import parts_kept as read_parts
from lingyan.common.periods import Period
from lingyan.common.refusals import Refusal, refuse
from lingyan.platform.accounts.actor import Scope
from lingyan.platform.indicators import registry
from lingyan.platform.indicators.definitions import Indicator, Parts, Question, Record, add_up
from lingyan.platform.wall import reach

LISTED_MOST = 300  # records; of a longer list a page compares what it adds up to


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of records as it is stored."""

    count: int
    packed: bytes
    digest: str


def freeze(briefing: Briefing, checked: Checked, at: datetime) -> list[BriefingFigure]:
    """Every figure with its list of records; refused where these do not add up to the number."""
    lists: dict[tuple[str, Question], Listed] = {}
    rows, wrong = [], list[Refusal]()
    for bound in checked.figures.values():
        key = (bound.indicator.code, bound.question)
        if key not in lists:
            records = records_of(bound.indicator, bound.question)
            if add_up(records) != bound.parts:
                wrong.append(_refuse_recount(bound))
            lists[key] = Listed(len(records), *pack(map(keep, records)))
        rows.append(_row(briefing, bound, _named(bound, checked), at, lists[key]))
    refuse(wrong)
    return rows


def _named(bound: Bound, checked: Checked) -> dict[str, Any]:
    """The figures that this one is held against, by their codes."""
    position = bound.figure.position
    return {
        amount.indicator.code: parts_as_kept(amount.parts)
        for (at, _), amount in checked.named.items()
        if at == position
    }


def records_of(indicator: Indicator, question: Question) -> list[Record]:
    with reach.everything():
        return list(indicator.source.evidence(question, question.scope).records)


def _refuse_recount(bound: Bound) -> Refusal:
    return Refusal(
        "briefings.figure.recount",
        f"{bound.figure.spot}：“{bound.indicator.name}”与所列记录相加不符，请告知管理员",
    )


def _row(
    briefing: Briefing, bound: Bound, named: dict[str, Any], at: datetime, listed: Listed
) -> BriefingFigure:
    indicator, told = bound.indicator, bound.told
    return BriefingFigure(
        briefing=briefing, position=bound.figure.position, source=bound.figure.source,
        written=bound.written, indicator=indicator.code, name=indicator.name,
        definition_version=indicator.version, basis=indicator.basis, rule=indicator.rule,
        measure=indicator.measure, unit=indicator.unit, value=str(indicator.value(bound.parts)),
        exact=str(indicator.exact(bound.parts)), parts=parts_as_kept(bound.parts),
        place_path=bound.place.path, place_label=str(bound.place), since=told.period.since,
        until=told.period.until, period_label=told.label, on=told.on, taken_at=at,
        record_count=listed.count, records=listed.packed, digest=listed.digest, named=named,
    )  # fmt: skip


# --- what has changed since -----------------------------------------------------------------------


def question_of(row: BriefingFigure) -> Question:
    return Question(Scope((row.place_path,)), row.on, Period(row.since, row.until))


def kept_of(row: BriefingFigure) -> list[Kept]:
    return unpack(bytes(row.records))


def parts_of_row(row: BriefingFigure) -> Parts:
    return read_parts(row.parts)


def named_of_row(row: BriefingFigure) -> dict[str, Parts]:
    return {code: read_parts(kept) for code, kept in row.named.items()}


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
    return difference(kept_of(row), [keep(one) for one in records])
