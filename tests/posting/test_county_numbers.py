"""Do the numbers that a county sets for itself rule from their first day on, and only from then?"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.county_settings import REGISTER, refuse_setting
from lingyan.common.periods import add_months, month_of
from lingyan.common.refusals import Refused
from lingyan.config import wiring
from lingyan.directory.actions.settings import set_setting
from lingyan.posting.actions import leave, life, sign_ins, support
from lingyan.posting.actions.health_checks import proposed_types
from lingyan.posting.matching.gathering import facts_of
from lingyan.posting.models import (
    CapabilityEvidence,
    LeaveRequest,
    PoolEntry,
    Posting,
    Round,
    SignIn,
)
from lingyan.posting.queries import presence
from lingyan.posting.queries.gathering import postings_of
from lingyan.posting.queries.life import replace_by
from lingyan.posting.queries.tasks import sum_of
from lingyan.posting.rules import recall as recall_rules
from lingyan.posting.rules import rounds as round_rules
from lingyan.posting.rules.support import DEFAULTS, MOST, SETTINGS
from lingyan.posting.rules.support_words import StandardKey as Key
from tests.posting.checks import check_at
from tests.posting.life_scene import Life, build_life
from tests.posting.recall_scene import DAY as DECIDED_ON
from tests.posting.recall_scene import build_recall
from tests.posting.scene import codes
from tests.world import World

MONDAY = date(2026, 6, 1)
CLAUSE = "山组发〔2026〕9号第三条"
SIGNED = date(2026, 6, 2)


def set_number(world: World, key: Key, number: int, since: date = MONDAY) -> None:
    with clock.at(since):
        support.set_standard(
            world.county, key=key, amount=Decimal(number), since=since, clause=CLAUSE,
            actor=world.admin,
        )  # fmt: skip


@pytest.fixture
def scene(world: World) -> Life:
    return build_life(world)


def test_each_number_has_a_usual_value_a_limit_and_asks_for_its_clause() -> None:
    assert set(MOST) == set(DEFAULTS)
    assert {one.key for one in SETTINGS} == {key.value for key in Key}
    for setting in REGISTER.values():
        if (usual := setting.usual) is None:
            continue  # a sum of money: nothing holds before the county has set it
        said: Any = {"clause": CLAUSE, "since": MONDAY, "today": MONDAY, "is_known": False}
        assert setting.least <= usual <= setting.most
        assert not refuse_setting(setting, amount=Decimal(usual), **said)
        over = refuse_setting(setting, amount=Decimal(setting.most + 1), **said)
        assert [one.code for one in over] == ["directory.setting.number"]
        bare = refuse_setting(setting, amount=Decimal(usual), **{**said, "clause": " "})
        assert [one.code for one in bare] == ["directory.setting.clause"]


def test_five_days_are_for_the_town_where_the_county_says_so(scene: Life) -> None:
    world, posting = scene.world, scene.at_work()
    with clock.at(MONDAY):
        asked = leave.ask_leave(
            posting, kind="personal", since=MONDAY, until=MONDAY + timedelta(days=5),
            reason="家中有事", actor=scene.li,
        )  # fmt: skip
        with pytest.raises(Refused) as refused:
            leave.approve_leave(asked, actor=world.north_org)
        assert codes(refused) == ["posting.leave_county"]
        assert [len(sum_of(one, world.officer.scope, MONTH).items) for one in LEAVES] == [1, 0]

    set_number(world, Key.TOWN_LEAVE, 5)

    with clock.at(MONDAY):
        assert [len(sum_of(one, world.officer.scope, MONTH).items) for one in LEAVES] == [0, 1]
        titles = [one.title for one in wiring.worklist(world.north_org)]
        assert "1 份请假待审批" in titles
        leave.approve_leave(asked, actor=world.north_org)
    assert LeaveRequest.objects.get(pk=asked.pk).state == "approved"


LEAVES = ("leave_long", "leave_short")
MONTH = month_of(MONDAY)


def test_the_unit_hears_of_the_countys_own_days_of_a_year(scene: Life) -> None:
    posting = scene.at_work()
    with clock.at(MONDAY):
        LeaveRequest.objects.create(
            posting=posting, kind="sick", since=date(2026, 4, 10), until=date(2026, 4, 25),
            reason="治疗", state="back", back_on=date(2026, 4, 25), asked_by_name="李甲一",
            asked_at=clock.now(),
        )  # fmt: skip

    def told() -> int:
        with clock.at(MONDAY):
            return sum("累计" in one.title for one in wiring.worklist(scene.world.unit_admin))

    assert told() == 0
    set_number(scene.world, Key.YEAR_LEAVE, 10)
    assert told() == 1


def test_training_is_as_long_as_the_county_asks(scene: Life) -> None:
    set_number(scene.world, Key.PRETRAIN_HOURS, 24, since=date(2026, 3, 1))

    with clock.at(MONDAY):
        with pytest.raises(Refused) as refused:
            life.train_posting(
                scene.posting, training_hours=23, on=MONDAY, actor=scene.world.officer
            )
        assert codes(refused) == ["posting.training_too_short"]
        assert "24 学时" in refused.value.refusals[0].text
        life.train_posting(scene.posting, training_hours=24, on=MONDAY, actor=scene.world.officer)


def set_key(world: World, key: str, number: int, since: date = date(2026, 3, 1)) -> None:
    with clock.at(since):
        set_setting(
            world.county, key=key, amount=Decimal(number), since=since, clause=CLAUSE,
            actor=world.admin,
        )  # fmt: skip


def opened_on_the_page(world: World, **changes: str) -> Any:
    client = world.client(world.officer)
    form = client.get(reverse("round_open")).context["form"]
    said = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    return client.post(reverse("round_open"), {**said, "name": "2026 年第一批", **changes})


def test_a_round_takes_the_numbers_of_the_county_with_it(world: World) -> None:
    """R-2-03, R-2-14, R-2-16, R-2-17, R-2-20: what nobody has read in a document is settable."""
    set_number(world, Key.OVERLAP_DAYS, 10, since=date(2026, 3, 1))
    set_number(world, Key.BAN_MONTHS, 36, since=date(2026, 3, 1))
    for key, number in (
        ("post.min_party_years", 3), ("post.min_work_years", 5), ("post.retirement_age_women", 58),
        ("post.min_months_to_retire", 30), ("recusal.own_town", 1), ("match.allow_unranked", 0),
        ("match.notice_days", 7), ("post.rest_months", 6),
    ):  # fmt: skip
        set_key(world, key, number)

    assert opened_on_the_page(world).status_code == 302

    frozen = Round.objects.get().settings
    assert (frozen["overlap_days"], frozen["notice_days"]) == (10, 7)
    assert frozen["allow_unranked"] is False
    parameters = {code: rule["parameters"] for code, rule in frozen["rules"].items()}
    assert parameters["R02"] == {"own_town_blocks": 1}
    assert parameters["R04"] == {"min_party_years": 3}
    assert parameters["R05"] == {"min_work_years": 5}
    assert parameters["R06"] == {
        "min_months_to_retire": 30, "retirement_age_men": 60, "retirement_age_women": 58,
    }  # fmt: skip
    assert parameters["R08"] == {"ban_months": 36, "rest_months": 6}
    address = reverse("round_detail", args=[Round.objects.get().pk])
    shown = world.client(world.officer).get(address).content.decode()
    for words in ("党龄满 3 年，工作满 5 年", "女 58 岁", "召回后 36 个月", "间隔 6 个月", "只配"):
        assert words in shown


def test_a_county_that_set_nothing_opens_a_round_with_the_usual_numbers(world: World) -> None:
    set_key(world, "post.min_party_years", 3, since=date(2026, 12, 1))  # not yet in force

    with clock.at(MONDAY):
        assert opened_on_the_page(world).status_code == 302

    assert Round.objects.get().settings == round_rules.round_settings()


def test_a_term_is_as_long_as_the_county_asks(world: World) -> None:
    set_key(world, "post.term_months", 36)

    page = opened_on_the_page(world, term_months="24")

    assert "任期不少于 36 个月" in page.content.decode()
    assert not Round.objects.exists()


def test_the_line_from_which_a_type_is_suggested_is_the_countys(world: World) -> None:
    """R-2-09: 班子建设 75.0 suggests nothing where the county asks for 80."""
    check = check_at(world, "joint_review")
    assert proposed_types(check) == ("weak_org",)

    set_key(world, "need.type_threshold", 80, since=clock.today())

    assert proposed_types(check) == ("ordinary",)
    page = world.client(world.officer).get(reverse("health_check", args=[check.pk]))
    assert "80 以上建议列为重点" in page.content.decode()


def test_the_pool_judges_by_the_countys_years(world: World) -> None:
    entry = PoolEntry.objects.create(
        person=world.li, state="in_pool", full_member_since=date(2023, 1, 1), updated_at=clock.now()
    )
    type(world.li).objects.filter(pk=world.li.pk).update(political_status="full_member")
    CapabilityEvidence.objects.create(
        person=world.li, capability="law", text="法考", level=3, verified=True,
        recorded_on=date(2026, 1, 10),
    )  # fmt: skip
    address = reverse("pool_entry", args=[entry.pk])
    with clock.at(MONDAY):
        before = world.client(world.officer).get(address).content.decode()

    set_key(world, "post.min_party_years", 5)
    set_key(world, "portrait.valid_months", 3)

    with clock.at(MONDAY):
        after = world.client(world.officer).get(address).content.decode()
    assert "党龄不满5年" in after
    assert "已过期，请更新" in after
    assert "党龄不满" not in before
    assert "已过期" not in before


def test_a_place_is_filled_within_the_days_that_held_when_it_was_left(scene: Life) -> None:
    posting = scene.at_work()
    Posting.objects.filter(pk=posting.pk).update(state="ceased", until=MONDAY)
    posting.refresh_from_db()
    set_number(scene.world, Key.REPLACE_DAYS, 5, since=MONDAY)
    set_number(scene.world, Key.REPLACE_DAYS, 30, since=MONDAY + timedelta(days=1))

    assert replace_by([posting]) == {posting.pk: date(2026, 6, 8)}


def test_a_recall_weighs_what_the_county_says_on_its_day(world: World) -> None:
    recalled = build_recall(world)
    for key, number in ((Key.BAN_MONTHS, 12), (Key.PROMOTION_BAN, 6), (Key.UNIT_MINUS, 5)):
        set_number(world, key, number, since=DECIDED_ON)
        set_number(world, key, 1, since=DECIDED_ON + timedelta(days=1))

    with clock.at(DECIDED_ON):
        case = recalled.case(upto="decide")

    assert case.ban_until == add_months(DECIDED_ON, 12)
    held = postings_of([case.posting.person_id])
    assert facts_of(case.posting.person, PoolEntry(), held).recalls[0].banned_until == (
        case.ban_until
    )
    assert case.promotion_ban_until == add_months(DECIDED_ON, 6)
    assert case.unit_minus == 5


@pytest.mark.parametrize(("least", "signalled"), [(50, False), (60, True), (61, True)])
def test_the_floor_of_satisfaction_is_the_countys(least: int, *, signalled: bool) -> None:
    said = recall_rules.Evidence("满意度 59%", MONDAY, "")
    grade = recall_rules.Grade(
        is_annual=False, is_quarterly=False, is_incompetent=False, score=Fraction(80),
        satisfaction=Fraction(59, 100), evidence=said,
    )  # fmt: skip
    facts = recall_rules.SignalFacts(grades=[grade])

    found = recall_rules.signals(facts, month_days=20, mass_min=least)

    assert [one.ground for one in found] == (["RG03"] if signalled else [])


# --- sign-in by location (R-2-22) ------------------------------------------------------------

HERE = {"latitude": "31.300000", "longitude": "108.100000"}
NEAR = {"latitude": "31.300000", "longitude": "108.120000"}  # about 1,900 m to the east
FAR = {"latitude": "31.300000", "longitude": "108.122000"}  # about 2,090 m


@pytest.fixture
def at_work(scene: Life) -> Posting:
    posting = scene.at_work()
    set_number(scene.world, Key.SIGN_IN, 1, since=date(2026, 5, 1))
    return posting


def put_on_the_map(posting: Posting) -> None:
    north, east = (Decimal(HERE[name]) for name in ("latitude", "longitude"))
    type(posting.village).objects.filter(pk=posting.village_id).update(
        latitude=north, longitude=east
    )


def press(scene: Life, posting: Posting, place: dict[str, str]) -> SignIn:
    with clock.at(SIGNED):
        return sign_ins.sign_in(posting, **place, actor=scene.li)


def days_there(posting: Posting) -> list[Any]:
    with clock.at(SIGNED):
        return [one.kind for one in presence.facts_on(posting, SIGNED)]


def test_a_village_without_a_point_asks_for_no_range(scene: Life, at_work: Posting) -> None:
    assert press(scene, at_work, FAR).within is None
    assert days_there(at_work) == ["定位登记"]


@pytest.mark.parametrize(
    ("place", "radius", "within"),
    [(HERE, None, True), (NEAR, None, True), (FAR, None, False), (FAR, 3000, True),
     (NEAR, 1000, False)],
)  # fmt: skip
def test_only_a_press_in_the_range_of_the_village_is_a_day_there(
    scene: Life, at_work: Posting, place: dict[str, str], radius: int | None, *, within: bool
) -> None:
    put_on_the_map(at_work)
    if radius is not None:
        set_number(scene.world, Key.SIGN_IN_RADIUS, radius, since=date(2026, 5, 1))

    made = press(scene, at_work, place)

    assert made.within is within
    assert made.longitude == round(Decimal(place["longitude"]), 2), "a kilometre, no more"
    assert bool(days_there(at_work)) is within


def test_who_pressed_on_the_way_presses_again_in_the_village(scene: Life, at_work: Posting) -> None:
    put_on_the_map(at_work)
    press(scene, at_work, FAR)
    client = scene.world.client(scene.li)
    with clock.at(SIGNED):
        assert "当时不在村的范围内" in client.get(reverse("diary_list")).text
        client.post(reverse("sign_in"), NEAR)
        assert "今天在村已登记" in client.get(reverse("diary_list")).text

    assert SignIn.objects.get().within is True
    assert press(scene, at_work, FAR).within is True, "once there, a day is a day there"
