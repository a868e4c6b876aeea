"""How was the demo county appraised: a year and a quarter are archived, the next is being scored?

Every figure follows from the place in the list: nobody could take it for somebody's real result.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import groupby

from lingyan.common import clock
from lingyan.common.periods import ONE_DAY, quarter_of
from lingyan.demo.cast import Cast
from lingyan.directory.models import Place
from lingyan.posting.actions import appraisal, appraisal_scores, ballots
from lingyan.posting.actions.appraisal_scores import Given
from lingyan.posting.models import AppraisalCycle, AppraisalEntry
from lingyan.posting.queries import appraisal as queries
from lingyan.posting.rules.appraisal_scores import INDICATORS, Scheme
from lingyan.posting.rules.appraisal_words import AppraisalGrade, AppraisalKind, AppraisalPart

# Quarters are scored by town and county; units have their say in the yearly appraisal.
QUARTERLY = Scheme(
    weights={"town": 50, "mass": 30, "county": 20, "unit": 0},
    indicators={**INDICATORS, "unit": ()},
)
SCHEME_DAY = date(2026, 1, 5)
SLIPS = 30
VOTES_SHOWN = 11


def keep(cast: Cast, shown: Place, today: date) -> None:
    """The last quarter is being scored, the one before is archived."""
    last = quarter_of(quarter_of(today).since - ONE_DAY)
    before = quarter_of(last.since - ONE_DAY)
    with clock.at(min(SCHEME_DAY, before.since)):
        appraisal.make_scheme(
            county=cast.county, kinds=[AppraisalKind.QUARTERLY], scheme=QUARTERLY,
            valid_from=clock.today(), clause="无文件（演示）", actor=cast.admin,
        )  # fmt: skip
    with clock.at(before.until + timedelta(days=6)):
        cycle = _open(cast, before.last_day, clock.today() + timedelta(days=9))
    _finish(cast, cycle)
    opened = max(last.until + ONE_DAY, today - timedelta(days=12))
    _score_some(cast, shown, last.last_day, min(opened, today), today)


def keep_year(cast: Cast, opened: date) -> None:
    """A year with the say of the units; who did well may be nominated afterwards (G-16)."""
    with clock.at(opened):
        cycle = appraisal.open_appraisal(
            county=cast.county, kind=AppraisalKind.ANNUAL, year=opened.year,
            due_on=opened + timedelta(days=9), actor=cast.officer,
        )  # fmt: skip
        cycle = appraisal.start_scoring(cycle, actor=cast.officer)
        _score_units(cast, cycle)
    _finish(cast, cycle)


def _open(cast: Cast, quarter: date, due_on: date) -> AppraisalCycle:
    cycle = appraisal.open_appraisal(
        county=cast.county, kind=AppraisalKind.QUARTERLY, year=quarter.year,
        quarter=(quarter.month + 2) // 3, due_on=due_on, actor=cast.officer,
    )  # fmt: skip
    return appraisal.start_scoring(cycle, actor=cast.officer)


def _finish(cast: Cast, cycle: AppraisalCycle) -> None:
    opened = cycle.due_on - timedelta(days=9)
    with clock.at(opened):
        entries = list(queries.active_entries(cycle).order_by("posting__village__path", "pk"))
        _score_towns(cast, cycle, entries)
        _score_county(cast, cycle, entries)
        _count(cast, cycle, entries)
    with clock.at(opened + timedelta(days=10)):
        cycle = appraisal.summarise(cycle, actor=cast.officer)
        _change_one(cast, cycle)
        cycle = appraisal.deliberate(
            cycle, text="部务会逐人研究，同意测算等次，个别按理由调整。", actor=cast.leader
        )
    with clock.at(opened + timedelta(days=11)):
        cycle = appraisal.notify(cycle, actor=cast.officer)
    with clock.at(opened + timedelta(days=30)):
        appraisal.archive(cycle, actor=cast.officer)


def _change_one(cast: Cast, cycle: AppraisalCycle) -> None:
    competent = queries.active_entries(cycle).filter(grade="competent").order_by("pk")
    if one := competent.first():
        appraisal.change_grade(
            one, grade=AppraisalGrade.BASIC, reason="一件群众反映的事项没有按期办结",
            actor=cast.leader,
        )  # fmt: skip


def _score_some(cast: Cast, shown: Place, quarter: date, opened: date, today: date) -> None:
    """The shown town has still to score; its village is voting by telephone."""
    with clock.at(opened):
        cycle = _open(cast, quarter, today + timedelta(days=8))
        entries = list(queries.active_entries(cycle).order_by("posting__village__path", "pk"))
        elsewhere = [one for one in entries if one.posting.village.parent_id != shown.parent_id]
        half = elsewhere[: len(elsewhere) // 2]
        _score_towns(cast, cycle, half)
        _count(cast, cycle, half[: len(half) // 2])
    with clock.at(today):
        _vote(cast, cycle, shown)


def _score_towns(cast: Cast, cycle: AppraisalCycle, entries: Sequence[AppraisalEntry]) -> None:
    for town, found in groupby(enumerate(entries), key=lambda one: one[1].posting.village.parent):
        assert town is not None
        given = [
            Given(entry.pk, tuple(14 + (number * 5 + item * 3) % 7 for item in range(5)))
            for number, entry in found
        ]
        appraisal_scores.save_scores(
            cycle, part=AppraisalPart.TOWN, given=given, actor=cast.town(town)
        )


def _score_units(cast: Cast, cycle: AppraisalCycle) -> None:
    sent = queries.active_entries(cycle).filter(posting__unit__isnull=False)
    by_unit = sent.order_by("posting__unit__name", "posting__village__path", "pk")
    for unit, found in groupby(by_unit, key=lambda one: one.posting.unit):
        assert unit is not None
        given = [Given(one.pk, (82 + number * 5 % 17,)) for number, one in enumerate(found)]
        appraisal_scores.save_scores(
            cycle, part=AppraisalPart.UNIT, given=given, actor=cast.unit(unit)
        )


def _score_county(cast: Cast, cycle: AppraisalCycle, entries: Sequence[AppraisalEntry]) -> None:
    given = [Given(one.pk, (78 + number * 7 % 20,)) for number, one in enumerate(entries)]
    appraisal_scores.save_scores(cycle, part=AppraisalPart.COUNTY, given=given, actor=cast.officer)


def _count(cast: Cast, cycle: AppraisalCycle, entries: Iterable[AppraisalEntry]) -> None:
    """Each village has counted its papers in the open."""
    by_village = groupby(entries, key=lambda one: one.posting.village)
    for number, (village, found) in enumerate(by_village):
        assert village.parent is not None
        town = cast.town(village.parent)
        box = ballots.make_ballots(cycle, village, households=200 + number, slips=SLIPS, actor=town)
        counts = {one.pk: _tally(number + place) for place, one in enumerate(found)}
        ballots.count_papers(
            box, papers=SLIPS, counts=counts, counters="演示甲、演示乙", actor=town
        )


def _tally(number: int) -> tuple[int, int, int, int]:
    basic, against, unknown = 2 + number % 5, number % 4, number % 3
    return SLIPS - basic - against - unknown, basic, against, unknown


def _vote(cast: Cast, cycle: AppraisalCycle, village: Place) -> None:
    """Slips are out, and the first villagers have voted."""
    assert village.parent is not None
    town = cast.town(village.parent)
    box = ballots.make_ballots(cycle, village, households=260, slips=SLIPS, actor=town)
    codes = ballots.show_slips(box, actor=town)
    ballots.hand_out(box, actor=town)
    asked = [str(one.pk) for one in queries.asked_in(box)]
    for number, text in enumerate(codes[:VOTES_SHOWN]):
        code = ballots.find_ballot(text)
        assert code is not None
        choice = ("satisfied", "satisfied", "basic", "satisfied", "unsatisfied")[number % 5]
        ballots.cast_ballot(code, dict.fromkeys(asked, choice), actor=ballots.VILLAGER)
