"""The indicators of posting: over random data, in every scope, for every reader."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

import pytest

from lingyan.briefings.queries.figures import people_in
from lingyan.common import clock
from lingyan.common.periods import ONE_DAY, Period, add_months
from lingyan.directory.models import Person, Place
from lingyan.organization.models import RectificationCase
from lingyan.platform.accounts.actor import EVERYTHING, Scope
from lingyan.platform.indicators.definitions import Parts, Question
from lingyan.platform.indicators.registry import find, rows
from lingyan.posting.indicators import COVERED, INDICATORS
from lingyan.posting.models import (
    CapabilityEvidence,
    CareerUse,
    HelpRequest,
    Honor,
    InsurancePolicy,
    LeaveRequest,
    NeedList,
    PaymentLine,
    PaymentList,
    Posting,
    PostingStep,
    SupportRecord,
    WorkFundBudget,
)
from tests.indicators.recount import check
from tests.world import World

TODAY = date(2026, 3, 2)
SINCE_LAST_YEAR = Period(date(2025, 1, 1), TODAY + ONE_DAY)


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    with clock.at(TODAY):
        yield


def asked(scope: Scope = EVERYTHING, on: date = TODAY) -> Question:
    return Question(scope, on, Period(SINCE_LAST_YEAR.since, on + ONE_DAY))


def number(code: str, scope: Scope = EVERYTHING, on: date = TODAY) -> Parts:
    indicator = find(code)
    assert indicator is not None
    return indicator.parts(asked(scope, on))


def told(code: str, scope: Scope = EVERYTHING, on: date = TODAY) -> tuple[int, int]:
    parts = number(code, scope, on)
    return int(parts.part), parts.of


def posting(
    person: Person, village: Place, since: date = date(2025, 3, 1), **more: object
) -> Posting:
    told = {
        "kind": "first_secretary", "origin": "new", "state": "active", "arrived_on": since,
        "planned_until": add_months(since, 24), "unit": person.unit,
    }  # fmt: skip
    return Posting.objects.create(
        person=person, village=village, since=since, created_at=clock.now(), **told | more
    )


def proof(person: Person, capability: str, since: date, **more: object) -> None:
    CapabilityEvidence.objects.create(
        person=person, capability=capability, text="任职", since=since,
        recorded_on=since, **{"verified": True} | more,
    )  # fmt: skip


def need_list(village: Place, *types: str, on: date = date(2024, 12, 2)) -> None:
    NeedList.objects.create(
        village=village, village_types=list(types), state="superseded", issued_on=on,
        created_at=clock.now(),
    )  # fmt: skip


# --- over random data -----------------------------------------------------------------------------


class County:
    """Postings of six people, one after another, with whatever may hang on them."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.numbers = world, Random(seed)
        self.villages = [world.pine, world.brook, world.stone, world.mill]
        people = [world.li, world.wang, world.zhao, world.qian, world.sun, world.zhou]
        for village in self.villages:
            need_list(village, self.some("weak_org", "weak_org", "ordinary"))
        self._list = PaymentList.objects.create(
            county=world.county, item="living", month=date(2026, 1, 1), state="paid",
            paid_on=date(2026, 2, 5), made_at=clock.now(),
        )  # fmt: skip
        for place, person in enumerate(people):
            proof(person, "party_work", self.some_day(2019, 2024))
            proof(person, self.some("agri_major", "law"), self.some_day(2019, 2026))
            self.post(person, place)
        self._rectify()

    @property
    def scopes(self) -> dict[str, Scope]:
        world = self.world
        return {
            "everything": EVERYTHING,
            **{
                str(one): Scope((one.path,))
                for one in (world.north, world.south, world.pine, world.stone)
            },
            "a town and a unit": Scope((world.north.path,), (world.school.pk,)),
            "the first secretary": Scope((world.pine.path,), (), world.li.pk),
            "next door": Scope((world.elsewhere.path,)),
        }

    def some(self, *choices: str) -> str:
        return self.numbers.choice(choices)

    def some_day(self, first: int, last: int) -> date:
        return date(first, 1, 1) + timedelta(self.numbers.randrange(365 * (last - first)))

    def post(self, person: Person, place: int) -> None:
        """Two that have ended and one that goes on, or is over by recall, each in some village."""
        since = self.some_day(2024, 2025)
        for number in range(3):
            until = since + timedelta(self.numbers.randrange(60, 300))
            goes_on = number == 2 and bool(place % 3)
            one = posting(
                person, self.numbers.choice(self.villages), since,
                kind=self.some("team_member", "assist") if goes_on and place > 1 else
                self.some("first_secretary", "first_secretary", "team_member"),
                origin=self.some("new", "new", "replace", "transfer"),
                state="active" if goes_on else self.some("completed", "recalled"),
                until=None if goes_on else until,
            )  # fmt: skip
            self._more(one, since + timedelta(30), number)
            since = until + timedelta(self.numbers.randrange(3))

    def _more(self, one: Posting, day: date, number: int) -> None:
        said = {"nominated_by_name": "陈乙一", "nominated_at": clock.now(), "state": "granted"}
        HelpRequest.objects.create(
            posting=one, kind="other", text="难", raised_on=day, due_on=day, owner="town",
            state=self.some("solved", "raised"), closed_on=day, created_at=clock.now(),
        )  # fmt: skip
        CareerUse.objects.create(
            posting=one, kind=self.some("promoted", "further_use", "rank_up"), position="主任",
            decided_on=day, **said,
        )  # fmt: skip
        Honor.objects.create(
            posting=one, level=self.some("city", "province", "county"), kind="other",
            title="称号", decided_on=day, **said,
        )  # fmt: skip
        LeaveRequest.objects.create(
            posting=one, kind=self.some("personal", "business"), since=TODAY - ONE_DAY,
            until=TODAY + ONE_DAY, reason="事", state=self.some("approved", "refused"),
            asked_at=clock.now(),
        )  # fmt: skip
        if number != 1:
            InsurancePolicy.objects.create(
                posting=one, number="B1", since=date(2023, 1, 1), made_at=clock.now(),
                until=date(self.numbers.choice((2026, 2027)), 2, 1),
            )  # fmt: skip
        if number == 2 and self.numbers.random() < 0.6:
            WorkFundBudget.objects.create(
                posting=one, year=2026, amount=10_000, made_at=clock.now()
            )
            SupportRecord.objects.create(
                posting=one, item="health_exam", happened_on=date(2026, 1, 9), by_whom="医院",
                made_at=clock.now(),
            )  # fmt: skip
            PaymentLine.objects.create(
                list=self._list, person=one.person, posting=one, item=self.some(
                    "living", "transport_comm"
                ), month=date(2026, 1, 1), rate=300, amount=300,
            )  # fmt: skip

    def _rectify(self) -> None:
        for serial, village in enumerate(self.villages[:3]):
            RectificationCase.objects.create(
                county=self.world.county, village=village, year=2026, serial=serial + 1,
                state="rectifying", state_since=TODAY, opened_on=date(2026, 1, 5),
                decided_on=date(2026, 1, 20), made_by_name="陈乙一",
            )  # fmt: skip


# Made of the records of IND-2-12; what each counts stands in a test of its own.
SAME_RECORDS = {f"IND-2-12-{one}" for one in ("FUND", "LIVING", "TRANSPORT", "EXAM", "INSURANCE")}


def test_each_number_is_another_count_of_its_records(world: World) -> None:
    there = County(world, 5)
    names = ("北山镇", "the first secretary")
    readers = {name: there.scopes[name] for name in names}
    empty = set()

    for indicator in INDICATORS:
        assert find(indicator.code) is indicator
        if indicator.code in SAME_RECORDS:
            continue
        found = check(indicator, asked(), there.scopes, readers)
        if not found["everything"].part:
            empty.add(indicator.code)

    assert empty == set()


def test_each_row_of_the_articles_has_its_indicator() -> None:
    served = {row: code for row, code in rows().items() if code.startswith("IND-2-")}

    assert served == {
        "X01": "IND-2-01", "X02": "IND-2-02", "X03": "IND-2-03", "X04": "IND-2-04",
        "X05": "IND-2-05", "T06": "IND-2-06", "T07": "IND-2-07-T", "T08": "IND-2-07-V",
        "X29": "IND-2-12",
    }  # fmt: skip


# --- what each counts, and what not -----------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "counts"),
    [
        ({}, True),
        ({"origin": "replace"}, True),
        ({"origin": "transfer"}, False),
        ({"origin": "extension"}, False),
        ({"kind": "team_member"}, False),
        ({"since": date(2025, 1, 1)}, True),
        ({"since": date(2024, 12, 31)}, False),
        ({"since": TODAY}, True),
        ({"since": TODAY + ONE_DAY}, False),
        ({"state": "appointed", "arrived_on": None}, True),
    ],
)
def test_newly_sent_first_secretaries(world: World, told: dict[str, object], counts: bool) -> None:
    posting(world.li, world.pine, **told)  # type: ignore[arg-type]

    assert number("X01").part == counts


def test_a_share_of_people_counts_who_was_sent_twice_once(world: World) -> None:
    proof(world.li, "agri_major", date(2020, 1, 1))
    posting(world.li, world.pine, state="recalled", until=date(2025, 9, 1))
    posting(world.li, world.stone, date(2025, 9, 8))
    posting(world.wang, world.brook)

    assert told("X01") == (2, 2)
    assert told("X02") == (1, 2)
    assert told("X02", Scope((world.south.path,))) == (1, 1)


@pytest.mark.parametrize(
    ("capability", "since", "more", "counts"),
    [
        ("agri_major", date(2025, 2, 28), {}, True),
        ("agri_major", date(2025, 3, 1), {}, False),
        ("agri_major", date(2020, 1, 1), {"verified": False}, False),
        ("project_mgmt", date(2024, 1, 1), {}, True),
        ("grassroots_lead", date(2024, 3, 1), {}, True),
        ("grassroots_lead", date(2024, 3, 2), {}, False),
        ("party_work", date(2010, 1, 1), {}, False),
    ],
)
def test_only_experience_of_before_the_posting_counts(
    world: World, capability: str, since: date, more: dict[str, object], counts: bool
) -> None:
    proof(world.li, capability, since, **more)
    posting(world.li, world.pine)

    assert told("X02") == (counts, 1)


def test_difficulties_honours_and_promotions_of_first_secretaries(world: World) -> None:
    first, member = posting(world.li, world.pine), posting(
        world.wang, world.pine, kind="team_member"
    )  # fmt: skip
    day, late = date(2025, 6, 1), TODAY + ONE_DAY
    for one, state, closed in (
        (first, "solved", day), (first, "unsolved", day), (first, "answered", None),
        (first, "solved", date(2024, 12, 31)), (first, "solved", late), (member, "solved", day),
    ):  # fmt: skip
        HelpRequest.objects.create(
            posting=one, kind="other", text="难", raised_on=day, due_on=day, owner="town",
            state=state, closed_on=closed, created_at=clock.now(),
        )  # fmt: skip
    said = {"nominated_by_name": "陈乙一", "nominated_at": clock.now(), "decided_on": day}
    for one, kind, state in (
        (first, "promoted", "granted"), (first, "further_use", "granted"),
        (first, "rank_up", "granted"), (first, "promoted", "nominated"),
        (member, "promoted", "granted"),
    ):  # fmt: skip
        CareerUse.objects.create(posting=one, kind=kind, position=state, state=state, **said)
    for one, level, state in (
        (first, "city", "granted"), (first, "county", "granted"), (first, "nation", "granted"),
        (first, "province", "nominated"), (member, "province", "granted"),
    ):  # fmt: skip
        Honor.objects.create(
            posting=one, level=level, kind="other", title="称号", state=state, **said
        )

    assert told("X03") == (1, 1)
    assert told("X04") == (1, 1)
    assert told("X05") == (1, 1)
    for row in ("X03", "X04", "X05"):  # whoever takes the list away is noted with the name on it
        indicator = find(row)
        assert indicator is not None
        assert people_in(indicator.source.evidence(asked(), EVERYTHING).records) == [world.li]


def test_who_is_in_post_on_a_day(world: World) -> None:
    posting(world.li, world.pine)
    posting(world.wang, world.brook, state="suspended")
    posting(world.zhao, world.stone, state="trained", arrived_on=None)
    posting(world.qian, world.mill, state="ceased", until=date(2026, 1, 10))
    Person.objects.filter(pk=world.wang.pk).update(political_status="probationary")
    posting(world.sun, world.stone, date(2026, 2, 1), kind="assist")
    Person.objects.filter(pk=world.sun.pk).update(political_status="mass")

    # Sent on to another village before the arrival: never in post in the first (2.6).
    posting(world.zhou, world.stone, state="transferred", arrived_on=None, until=date(2026, 1, 20))

    assert told("T06") == (2, 2)
    assert told("T06", on=date(2026, 1, 9)) == (3, 3)
    assert told("T06", on=date(2025, 2, 28)) == (0, 0)
    assert [told(row)[0] for row in ("T07", "T08")] == [1, 2]
    assert [told(f"IND-2-0{code}-POSTED")[0] for code in ("6", "7-T", "7-V")] == [5, 2, 4]


def test_who_is_there_today(world: World) -> None:
    held = [
        posting(person, world.pine, kind="team_member")
        for person in (world.li, world.wang, world.zhao, world.qian, world.sun)
    ]
    for one, kind, state in zip(
        held, ("sick", "business", "sick"), ("approved", "approved", "refused"), strict=False
    ):
        LeaveRequest.objects.create(
            posting=one, kind=kind, since=TODAY, until=TODAY + ONE_DAY, reason="事",
            state=state, asked_at=clock.now(),
        )  # fmt: skip
    for one, acts in ((held[3], ("suspend",)), (held[4], ("suspend", "resume"))):
        for number, act in enumerate(acts):
            PostingStep.objects.create(
                posting=one, act=act, happened_on=TODAY, made_by_name="陈乙一",
                made_at=clock.now() + timedelta(minutes=number),
            )  # fmt: skip

    assert told("IND-2-08") == (3, 5)
    assert told("IND-2-08", on=TODAY - ONE_DAY) == (5, 5)


@pytest.mark.parametrize(
    ("types", "since", "expected"),
    [
        (("weak_org",), date(2023, 3, 1), (1, 1)),
        (("weak_org",), date(2023, 3, 2), (0, 1)),
        (("ordinary", "weak_org"), date(2020, 1, 1), (1, 1)),
        (("weak_industry",), date(2020, 1, 1), (0, 1)),
        (("ordinary",), date(2020, 1, 1), (0, 0)),
    ],
)
def test_a_person_fits_with_two_years_in_what_the_village_asked(
    world: World, types: tuple[str, ...], since: date, expected: tuple[int, int]
) -> None:
    need_list(world.pine, *types)
    need_list(world.pine, "high_dispute", on=date(2025, 9, 1))
    proof(world.li, "party_work", since)
    posting(world.li, world.pine)

    assert told("IND-2-09") == expected


def test_villages_that_are_rectified_with_a_first_secretary(world: World) -> None:
    for number, village in enumerate((world.pine, world.brook, world.stone)):
        RectificationCase.objects.create(
            county=world.county, village=village, year=2026, serial=number, state="rectifying",
            state_since=TODAY, opened_on=TODAY, decided_on=date(2026, 1, 20), made_by_name="陈乙一",
        )  # fmt: skip
    posting(world.li, world.pine)
    posting(world.wang, world.brook, kind="team_member")
    posting(world.zhao, world.mill)

    assert told("IND-2-11") == (1, 3)
    assert people_in(COVERED.source.evidence(asked(), EVERYTHING).records) == [world.li]
    assert told("IND-2-11", on=date(2026, 1, 19)) == (0, 0)


def test_the_five_items_of_support(world: World) -> None:
    """Everything for one, of the other nothing but a policy with a gap."""
    whole, bare = posting(world.li, world.pine), posting(world.wang, world.stone)
    for one, days in ((whole, (date(2025, 3, 1), date(2027, 3, 1))),
                      (bare, (date(2026, 1, 2), date(2027, 3, 1)))):  # fmt: skip
        InsurancePolicy.objects.create(
            posting=one, number="B1", since=days[0], until=days[1], made_at=clock.now()
        )
    WorkFundBudget.objects.create(posting=whole, year=2026, amount=100, made_at=clock.now())
    WorkFundBudget.objects.create(posting=bare, year=2025, amount=100, made_at=clock.now())
    for one, day, void in ((whole, date(2026, 1, 9), ""), (bare, date(2026, 1, 9), "登错了"),
                           (bare, date(2025, 12, 30), "")):  # fmt: skip
        SupportRecord.objects.create(
            posting=one, item="health_exam", happened_on=day, by_whom="医院", void_reason=void,
            made_at=clock.now(),
        )  # fmt: skip
    for one, state in ((whole, "paid"), (bare, "checked")):
        for item in ("living", "transport_comm"):
            table = PaymentList.objects.create(
                county=world.county, item=item, month=date(2026, 1, 1), state=state,
                paid_on=date(2026, 2, 5) if state == "paid" else None, made_at=clock.now(),
            )  # fmt: skip
            PaymentLine.objects.create(
                list=table, person=one.person, posting=one, item=item, month=table.month,
                rate=300, amount=300,
            )  # fmt: skip

    items = ("FUND", "LIVING", "TRANSPORT", "EXAM", "INSURANCE")
    assert [told(f"IND-2-12-{one}") for one in items] == [(1, 2)] * 5
    assert told("X29") == (5, 10)
    assert told("X29", on=date(2026, 2, 4)) == (2, 10)
    assert told("X29", Scope((world.north.path,))) == (5, 5)
