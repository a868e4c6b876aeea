"""The indicators of committees, rectification and supervision: random data, every scope."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest

from lingyan.briefings.queries.figures import people_in
from lingyan.common import clock
from lingyan.common.periods import ONE_DAY, Period
from lingyan.directory.models import Person, Place, VillageOfficer
from lingyan.directory.roles import Role
from lingyan.organization.indicators import INDICATORS
from lingyan.organization.indicators.rectification import ballots_counted
from lingyan.organization.models import (
    DutyList,
    JointReview,
    RectificationCase,
    ReviewRound,
    Term,
    TermChange,
    VillageReserve,
)
from lingyan.organization.rules.acceptance import Tally
from lingyan.platform.accounts.actor import EVERYTHING, Scope
from lingyan.platform.indicators.definitions import Indicator, Parts, Question, Record, add_up
from lingyan.platform.indicators.registry import find, rows
from lingyan.supervision import indicators as of_supervision
from lingyan.supervision.models import Interview, SupervisionTask
from tests.indicators.recount import changed_by, check
from tests.organization.rect_scene import cleared, rectifying
from tests.world import World, _actor

TODAY = date(2026, 6, 15)
OLD, NEW = date(2019, 3, 1), date(2024, 3, 1)
THIS_YEAR = Period(date(2026, 1, 1), TODAY + ONE_DAY)
WHOLE = Question(EVERYTHING, TODAY, THIS_YEAR)
POSTS = ("party_secretary", "vc_director", "party_deputy", "vc_member")
SCHOOLING = ("初中", "高中", "大专", "高中肄业", "")


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    with clock.at(TODAY):
        yield


def known(code: str) -> Indicator:
    found = find(code)
    assert found is not None
    return found


def villages_of(world: World) -> list[Place]:
    return [world.pine, world.brook, world.stone, world.mill]


def fill_committees(world: World, numbers: Random) -> None:
    """Two terms of three villages and one of the fourth, with people of all sorts."""
    people = [
        Person.objects.create(
            number=f"V{number:04d}", name=f"章戊{number}", place=world.pine,
            gender=numbers.choice(("male", "female", "")), education=numbers.choice(SCHOOLING),
            birth_on=numbers.choice((None, *(date(1955 + 3 * number, 3, 1),) * 6)),
        )
        for number in range(16)
    ]  # fmt: skip
    said = {"made_by_name": "何乙四", "made_at": clock.now()}
    for village in villages_of(world):
        for number, since, until in ((9, OLD, NEW), (10, NEW, None)):
            if village == world.mill and number == 9:
                continue
            for kind in ("party", "vc"):
                Term.objects.create(
                    village=village, kind=kind, number=number, since=since, until=until,
                    planned_until=date(since.year + 5, 3, 1) if village != world.stone
                    else date(2026, 9, 1), **said,
                )  # fmt: skip
            # The same person may sit in two villages, and on both sides of the change of term.
            team = numbers.sample(people, 5)
            both = [(team[0], POSTS[0]), (team[0], POSTS[1])] if village != world.brook else []
            seats = [*both, *((one, numbers.choice(POSTS[2:])) for one in team[1:])]
            for person, post in seats:
                VillageOfficer.objects.create(
                    person=person, village=village, post=post, since=since, until=until,
                    sources=numbers.choice(([], [["returnee", "合同"]])),
                )  # fmt: skip
    for person in numbers.sample(people, 6):
        for village in numbers.sample(villages_of(world), 2):
            VillageReserve.objects.create(
                person=person, village=village, state="confirmed", found_on=NEW,
                confirmed_on=numbers.choice((NEW, None, TODAY + ONE_DAY)), **said,
            )  # fmt: skip
            review = JointReview.objects.create(
                person=person, village=village, purpose="yearly", opened_on=NEW, due_on=NEW,
                opened_by_name="何乙四", opened_at=clock.now(),
            )  # fmt: skip
            for department in ("discipline", "police"):
                review.answers.create(
                    village=village, department=department, answered_on=NEW,
                    result=numbers.choice(("negative", "clear")),
                )  # fmt: skip
    for village in villages_of(world):
        change = TermChange.objects.create(
            village=village, state="closed", state_since=NEW, planned_on=NEW,
            created_at=clock.now(),
        )  # fmt: skip
        for number in range(1, 5):
            state = numbers.choice(("open", "closed", "closed"))
            change.checks.create(
                item=f"LB{number:02d}", result="problem", checked_on=NEW, due_on=TODAY, state=state,
                closed_on=TODAY if state == "closed" else None,
            )  # fmt: skip
        DutyList.objects.create(
            level="village", year=2026, place=village,
            state=numbers.choice(("approved", "draft")), decided_on=THIS_YEAR.since,
        )  # fmt: skip
    ReviewRound.objects.create(
        level="village", year=2026, place=world.north, form="onsite", opened_on=TODAY,
        state="archived", archived_on=TODAY,
    )  # fmt: skip


def fill_rectification(world: World, numbers: Random) -> None:
    """Cases of each village in each year, decided and cleared on some days or not at all."""
    said = {"county": world.county, "made_by_name": "陈乙一", "state_since": TODAY}
    serial = 0
    for year in (2025, 2026):
        for village in villages_of(world):
            serial += 1
            began = date(year, 1, 10) + timedelta(numbers.randrange(60))
            ended = None if year == 2026 else date(2026, 1, 1) + timedelta(numbers.randrange(160))
            case = RectificationCase.objects.create(
                village=village, year=year, serial=serial, opened_on=began, decided_on=began,
                started_on=began, cleared_on=ended, due_on=date(year, 12, 1),
                state="following" if ended else "rectifying", **said,
            )  # fmt: skip
            support = None
            for kind in ("S1", "S2", "S3", "S4")[: numbers.choice((1, 2, 4))]:
                found = case.supports.create(
                    kind=kind, name="康丁四", since=began, made_by_name="陈乙一"
                )
                support = support or found
            for month in range(1, numbers.randint(3, 6)):
                case.visits.create(
                    support=support, on=date(2026, month, 12), places="村", talked_to="党员",
                    made_at=clock.now(),
                )  # fmt: skip
            inspection = case.inspections.create(
                opened_on=TODAY, decided_on=ended, result="passed" if ended else "",
                made_by_name="陈乙一",
            )  # fmt: skip
            for attempt in (1, 2):
                inspection.votes.create(
                    attempt=attempt, households=90, issued=40, satisfied=numbers.randrange(30),
                    basic=3, unsatisfied=5, counted_on=TODAY, made_by_name="陈乙一",
                )  # fmt: skip
            case.steps.create(act="relapse", on=TODAY - timedelta(serial), made_by_name="陈乙一",
                              made_at=clock.now())  # fmt: skip


def fill_supervision(world: World, numbers: Random) -> None:
    now = datetime(2026, 1, 1, tzinfo=clock.BEIJING)
    for number in range(20):
        due = date(2026, 1, 1) + timedelta(10 * number)
        done = numbers.choice((None, due, due + ONE_DAY))
        place = numbers.choice((*villages_of(world), world.north))
        SupervisionTask.objects.create(
            what=f"第{number}件", place=place, asked=place, office=place, due_on=due, came_at=now,
            level="village", with_you_at=now, accept_by=due, answered_on=done,
            state=numbers.choice(("verified", "closed", "void")) if done else "accepted",
            unit=numbers.choice((None, world.finance)),
        )  # fmt: skip
        Interview.objects.create(
            person=world.li, place=place, kind="remind", rule="R", ground="事由",
            decided_by_name="何乙四", decided_on=due, planned_on=due, held_on=due,
            review_due_on=due, reviewed_on=done, state="reviewed" if done else "held",
        )  # fmt: skip


def test_each_number_is_another_count_of_its_records(world: World) -> None:
    numbers = Random(11)
    fill_committees(world, numbers)
    fill_rectification(world, numbers)
    fill_supervision(world, numbers)
    places = (world.north, world.south, world.pine)
    scopes = {
        "everything": EVERYTHING,
        **{str(place): Scope((place.path,)) for place in places},
        "a unit": Scope((), (world.finance.pk,)),
        "next door": Scope((world.elsewhere.path,)),
    }
    readers = {name: scopes[name] for name in ("北山镇", "a unit")}
    yesterday = Question(EVERYTHING, TODAY - ONE_DAY, THIS_YEAR)

    for indicator in (*INDICATORS, *of_supervision.INDICATORS):
        assert known(indicator.code) is indicator
        found = check(indicator, WHOLE, scopes, readers)
        # Whether a posting or a pair has ended is known today: nobody was posted here.
        assert (found["everything"] + indicator.parts(yesterday)).part > 0, indicator.code
        assert found["next door"].part == 0, indicator.code


def test_a_changed_record_changes_exactly_the_figures_that_count_it(world: World) -> None:
    scene = rectifying(world)
    with changed_by(WHOLE) as changed:
        cleared(scene, TODAY)
    assert changed == {"IND-4-01", "IND-4-02", "IND-4-04", "IND-4-05", "IND-4-07", "IND-2-11"}

    person: Any = {"number": "V1", "name": "章戊一", "place": world.pine, "education": "高中"}
    woman = Person.objects.create(**person, gender="female", birth_on=date(1990, 1, 1))
    for kind in ("party", "vc"):
        Term.objects.create(village=world.pine, kind=kind, number=9, since=NEW,
                            planned_until=date(2029, 3, 1), made_at=clock.now())  # fmt: skip
    with changed_by(WHOLE) as changed:
        VillageOfficer.objects.create(
            person=woman, village=world.pine, post="party_secretary", since=NEW
        )
    assert changed == {
        "IND-1-01", "IND-1-03", "IND-1-05", "IND-1-07", "IND-1-08", "IND-1-09"
    }  # fmt: skip
    with changed_by(WHOLE) as changed:
        VillageOfficer.objects.create(
            person=woman, village=world.pine, post="vc_director", since=NEW
        )
    assert changed == {
        "IND-1-01-S", "IND-1-05-S", "IND-1-06", "IND-1-09", "IND-1-14"
    }  # fmt: skip
    for code in ("IND-1-06", "IND-1-14"):  # the row is the village's, but the cells name somebody
        assert people_in(known(code).source.evidence(WHOLE, EVERYTHING).records) == [woman]


# --- few ballots (7.7) ----------------------------------------------------------------------------

BALLOTS = {"北山镇 3 月": Tally(60, 40, 5, 5), "北山镇 5 月": Tally(12, 8, 2, 0),
           "南河镇 3 月": Tally(11, 4, 2, 3), "南河镇 6 月": Tally(9, 3, 0, 1)}  # fmt: skip


@pytest.mark.parametrize(
    ("whole", "without"),
    [
        ("全县全年", "北山镇"),  # the area without its other part
        ("全县全年", "3 月"),  # the year without a period
        ("3 月", "北山镇 3 月"),
        ("南河镇", "3 月"),
        ("全县全年", "南河镇 6 月"),
    ],
)
def test_no_subtraction_tells_what_few_said(whole: str, without: str) -> None:
    """依据：7.7 两个范围或两段时间相减，差里没有不足 10 张票的一次测评。"""

    def told(words: str) -> set[str]:
        return {one for one in BALLOTS if words == "全县全年" or words in one}

    def parts(names: set[str]) -> Parts:
        return add_up(
            Record("test.Vote", name, "", (), **ballots_counted(BALLOTS[name])) for name in names
        )

    rest = told(whole) - told(without)
    left = parts(told(whole)).of - parts(told(whole) & told(without)).of
    assert rest
    assert left == sum(BALLOTS[name].valid for name in rest if BALLOTS[name].valid >= 10)


def test_a_department_learns_nothing_of_what_the_others_found(world: World) -> None:
    """依据：10.1 联审中别的部门的答复，被问的部门看不到。"""
    clerk = _actor("clerk", "某科员", Role.DEPT_STAFF, unit=world.finance)
    for page in ("", "trend/", "records/"):
        address = f"/figures/IND-1-11/{page}"
        assert world.client(clerk).get(address).status_code == 404
        assert world.client(world.officer).get(address).status_code == 200


def test_every_row_of_the_articles_that_these_modules_serve_is_served() -> None:
    served = set(rows())

    assert {"T01", "T02", "T03", "T04", "T05", "T09", "T16", "T20"} <= served
    assert {"X08", "X09", "X11", "X12", "X13", "X14", "X15", "X30"} <= served
