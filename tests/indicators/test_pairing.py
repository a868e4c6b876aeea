"""The indicators of pairing: over random data, in every scope, for every reader."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from lingyan.common import clock
from lingyan.common.periods import ONE_DAY, Period
from lingyan.pairing.actions import activities, funds
from lingyan.pairing.indicators import INDICATORS
from lingyan.pairing.models import (
    DemoSite,
    PairActivity,
    PairDeed,
    PairFund,
    PairMeeting,
    PairProject,
)
from lingyan.platform.accounts.actor import EVERYTHING, Scope
from lingyan.platform.indicators.definitions import NOTHING_TO_TELL, Indicator, Parts, Question
from lingyan.platform.indicators.registry import find
from tests.indicators.recount import changed_by, check
from tests.pairing.acts_scene import build_acts
from tests.pairing.ledger_records import fund_of, problem_of, solved
from tests.pairing.scene import TODAY, paired
from tests.pairing.test_figures import County, county
from tests.world import World

SINCE_LAST_YEAR = Period(date(2025, 1, 1), TODAY + ONE_DAY)
WHOLE = Question(EVERYTHING, TODAY, SINCE_LAST_YEAR)


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    with clock.at(TODAY):
        yield


def known(code: str) -> Indicator:
    found = find(code)
    assert found is not None
    return found


def fill_year(there: County) -> None:
    """Members at the activities, the other two amounts, sites, meetings, deeds and projects."""
    world, numbers = there.world, there.numbers
    people = (world.li, world.wang, world.zhao)
    for activity in PairActivity.objects.order_by("day", "pk"):
        for one in numbers.sample(people, numbers.randint(0, 3)):
            activity.participants.create(
                person=one, unit=numbers.choice((world.finance, world.school, None)),
                attendance=numbers.choice(("spot", "spot", "online")), is_member=one != world.zhao,
            )  # fmt: skip
        activity.members_there = activity.participants.members_there().count()
        activity.save(update_fields=["members_there"])
    for fund in PairFund.objects.order_by("project"):
        stage = numbers.choice(("committed", "spent"))
        fund.entries.create(
            stage=stage, amount=numbers.randrange(1, 9), happened_on=there.some_day(),
            made_at=clock.now(),
        )  # fmt: skip
    held = [one for pairs in there.pairs.values() for one in pairs]
    said = {"county": world.county, "side": "unit", "made_at": clock.now()}
    for day in (date(2026, 1, 20), date(2026, 1, 21)):
        visit = PairMeeting.objects.create(**said, day=day, kind="unit_visit")
        visit.pairings.set(held[:1])
    project = PairProject.objects.create(**said, name="样板", since=TODAY, due_on=TODAY)
    project.pairings.set(held[:1])
    for number in range(8):
        pairs = numbers.sample(held, number % 3 + 1)
        days = (date(2026, 1, 20), date(2026, 2, 3), date(2025, 9, 9), date(2026, 3, 30))
        kind = "meeting" if number % 2 else "unit_visit"
        PairMeeting.objects.create(**said, day=days[number % 4], kind=kind).pairings.set(pairs)
        project = PairProject.objects.create(
            **said, name=f"项目{number}", since=days[number % 4], due_on=TODAY,
            state="stopped" if number == 5 else "running",
        )  # fmt: skip
        project.pairings.set(pairs)
        deed = PairDeed.objects.create(
            **said, state="confirmed", done_on=days[number % 4], title="修路"
        )
        deed.pairings.set(pairs)
        if number < 4:
            site = DemoSite.objects.create(
                county=world.county, name=f"示范点{number}", named_on=there.some_day(),
                revoked_on=TODAY if number == 2 else None, made_at=clock.now(),
            )  # fmt: skip
            site.pairings.set(pairs)


def test_each_number_is_another_count_of_its_records(world: World) -> None:
    there = county(world, 17)
    there.fill(alone=False)
    fill_year(there)
    paired(world, unit=world.school, village=world.mill, was_key_task=False)
    areas = ("everything", "北山镇", "南河镇", "松树村", "two units", "a town and a unit")
    scopes = {name: there.scopes[name] for name in (*areas, "next door")}
    readers = {name: scopes[name] for name in ("北山镇", "two units")}

    for indicator in INDICATORS:
        assert known(indicator.code) is indicator
        found = check(indicator, WHOLE, scopes, readers)
        assert found["everything"].part > 0, indicator.code
        assert found["next door"].part == 0, indicator.code


def test_a_changed_record_changes_exactly_the_figures_that_count_it(world: World) -> None:
    acts = build_acts(world)
    held = acts.held()

    with changed_by(WHOLE) as changed:
        fund = fund_of(acts.pine, actor=world.officer)
    assert changed == {"IND-3-05"}
    with changed_by(WHOLE) as changed:
        funds.correct_entry(fund.entries.get(), reason="记错了", actor=world.officer)
    assert changed == {"IND-3-05"}
    assert known("IND-3-05").parts(WHOLE) == Parts(of=2)
    with changed_by(WHOLE) as changed:
        solved(problem_of(acts.pine, actor=world.officer), unit=world.unit_admin,
               village=world.pine_secretary)  # fmt: skip
    assert changed == {"IND-3-06"}
    with changed_by(WHOLE) as changed:
        activities.cancel_activity(held, reason="没有开成", actor=world.unit_admin)
    assert changed == {"P-3-HELD", "IND-3-03", "IND-3-04"}
    with changed_by(WHOLE) as changed:
        acts.held(kind="theme_day", has_oath=True)
    assert changed == {"P-3-HELD", "IND-3-04", "IND-3-07"}
    with changed_by(WHOLE) as changed:
        paired(world, unit=world.school, is_lead=False)
    assert changed == {"IND-3-01", "P-3-PAIRS", "IND-3-07"}


def test_the_past_is_told_as_it_was(world: World) -> None:
    """A day before the oath was taken, and a year in which nobody was paired."""
    acts = build_acts(world)
    acts.held(kind="theme_day", has_oath=True)
    fives = known("IND-3-07")
    before = Question(EVERYTHING, date(2026, 2, 25), SINCE_LAST_YEAR)
    long_ago = Question(EVERYTHING, date(2024, 12, 31), SINCE_LAST_YEAR)

    assert fives.shown(fives.parts(WHOLE)) == "10.0"
    assert fives.shown(fives.parts(before)) == "0.0"
    assert fives.shown(fives.parts(long_ago)) == NOTHING_TO_TELL


def test_the_notes_say_what_is_shared_and_what_others_solved(world: World) -> None:
    pair, beside = paired(world), paired(world, unit=world.school, is_lead=False)
    fund_of(pair, beside, actor=world.officer)
    solved(problem_of(pair, beside, actor=world.officer), unit=world.unit_admin,
           village=world.pine_secretary)  # fmt: skip
    own = Question(Scope((), (world.finance.pk,)), TODAY, SINCE_LAST_YEAR)

    funds_note, problems_note = known("IND-3-05").notes, known("IND-3-06").notes
    assert funds_note is not None
    assert problems_note is not None
    assert funds_note(WHOLE) == ["几方共同的只算一次；各自报的相加，会多算 100,000.01 元。"]
    assert "其中本范围的份额 50,000.0" in funds_note(own)[0]
    assert "其中本范围的份额 0.5 个" in problems_note(own)[0]
