"""One activity, one record: planned, held, corrected, cancelled, counted."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from lingyan.common import clock
from lingyan.common.periods import Period
from lingyan.common.refusals import Refused
from lingyan.pairing.actions import activities as actions
from lingyan.pairing.models import ActivityVersion, PairActivity
from lingyan.pairing.queries import activities as queries
from lingyan.pairing.queries import year
from lingyan.pairing.rules.words import FiveOne
from lingyan.platform.accounts.actor import EVERYTHING
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.indicators.definitions import Question
from lingyan.platform.indicators.registry import find
from tests.pairing.acts_scene import DAY, Acts, build_acts, stone_secretary
from tests.pairing.scene import TODAY
from tests.world import World

YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))


@pytest.fixture
def acts(world: World) -> Iterator[Acts]:
    with clock.at(TODAY):
        yield build_acts(world)


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {one.code for one in refused.value.refusals}


def test_an_activity_of_two_pairs_is_one_and_counts_for_each(acts: Acts) -> None:
    world = acts.world

    held = acts.held(world.li, world.wang, pairings=[acts.pine.pk, acts.stone.pk])

    assert year.service_activities(world.officer.scope, YEAR).count() == 1
    assert list(year.service_activities(world.south_org.scope, YEAR)) == [held]
    assert year.last_events([acts.pine.pk, acts.stone.pk]) == {
        acts.pine.pk: DAY, acts.stone.pk: DAY,
    }  # fmt: skip
    assert not year.held_activities(world.stranger.scope, YEAR).exists()


def test_only_members_on_the_spot_in_a_village_are_counted(acts: Acts) -> None:
    """A.10: online 0; both ways: those in the village; planned 0; in the county town 0."""
    world = acts.world
    world.zhao.political_status = "mass"
    world.zhao.save()
    mixed = {world.li.pk: "spot", world.wang.pk: "online", world.zhao.pk: "spot"}
    counts = acts.held(mode="mixed", people=mixed)
    acts.held(mode="online", place=None, kind="online_study", people={world.li.pk: "online"})
    acts.held(kind="sharing", place=world.county.pk)
    actions.plan_activity(acts.said(day=date(2026, 4, 1)), actor=world.unit_admin)

    attended = find("X13")
    assert attended is not None
    told = attended.source.evidence(Question(EVERYTHING, YEAR.last_day, YEAR), EVERYTHING)
    assert [(one.key, one.part) for one in told.records] == [(str(counts.pk), 1)]
    assert year.held_activities(world.officer.scope, YEAR).count() == 3


def test_what_is_sent_twice_stands_once_and_another_under_its_number_is_refused(
    acts: Acts,
) -> None:
    number, actor = uuid.uuid4(), acts.world.unit_admin
    said = acts.said()

    first = actions.enter_activity(said, number=number, actor=actor)
    again = actions.enter_activity(said, number=number, actor=actor)
    with pytest.raises(Refused) as refused:
        actions.enter_activity(replace(said, villagers=3), number=number, actor=actor)

    assert first.pk == again.pk == number
    assert PairActivity.objects.count() == 1
    assert AuditEntry.objects.filter(action="pairing.activity.held").count() == 1
    assert codes(refused) == {"pairing.activity.number_taken"}


def test_both_sides_enter_the_same_and_the_second_hears_of_it(acts: Acts) -> None:
    acts.held()

    with pytest.raises(Refused) as refused:
        actions.enter_activity(acts.said(), actor=acts.world.pine_secretary)
    another = actions.enter_activity(acts.said(is_another=True), actor=acts.world.pine_secretary)

    assert codes(refused) == {"pairing.activity.same_again"}
    assert another.side == "village"


def test_a_pair_and_people_of_others_are_refused_and_nothing_is_stored(acts: Acts) -> None:
    world = acts.world
    tried = [
        (acts.said(), stone_secretary(acts)),
        (acts.said(world.qian), world.unit_admin),
        (acts.said(), world.officer),
        (acts.said(place=world.elsewhere.pk), world.unit_admin),
        (acts.said(people={uuid.uuid4(): "spot"}), world.unit_admin),
    ]

    found = []
    for said, actor in tried:
        with pytest.raises(Refused) as refused:
            actions.enter_activity(said, actor=actor)
        found.append(codes(refused))

    assert found == [
        {"pairing.activity.other_pair"},
        {"pairing.activity.other_unit"},
        {"pairing.activity.wrong_role"},
        {"pairing.activity.place_elsewhere"},
        {"pairing.activity.unknown", "pairing.activity.nobody"},
    ]
    assert not PairActivity.objects.exists()


def test_planned_held_corrected_cancelled_and_nothing_is_lost(acts: Acts) -> None:
    world, actor = acts.world, acts.world.unit_admin
    planned = actions.plan_activity(
        acts.said(day=date(2026, 3, 20), minutes=None, people={}, summary=""), actor=actor
    )
    with clock.at(date(2026, 3, 21)):
        held = actions.hold_activity(
            planned, acts.said(world.li, day=date(2026, 3, 20)), version=1, actor=actor
        )
        with pytest.raises(Refused) as stale:
            actions.correct_activity(
                held, acts.said(world.li), reason="人数不对", version=1, actor=actor
            )
        with pytest.raises(Refused) as silent:
            actions.correct_activity(held, acts.said(world.li), reason=" ", version=2, actor=actor)
        right = actions.correct_activity(
            held, acts.said(world.li, world.wang, day=date(2026, 3, 20), villagers=28),
            reason="漏了王甲二", version=2, actor=world.pine_secretary,
        )  # fmt: skip
        gone = actions.cancel_activity(right, reason="登记错了", actor=actor)

    assert codes(stale) == {"pairing.activity.moved_on"}
    assert codes(silent) == {"pairing.activity.reason_missing"}
    assert (gone.state, gone.planned_on, gone.villagers) == ("cancelled", date(2026, 3, 20), 28)
    versions = ActivityVersion.objects.filter(activity=gone).order_by("number")
    assert [(one.number, one.values["state"], one.values["villagers"]) for one in versions] == [
        (1, "planned", 30), (2, "held", 30), (3, "held", 28),
    ]  # fmt: skip
    assert not year.held_activities(world.officer.scope, YEAR).exists()


def test_the_five_of_a_year_are_what_the_records_say(acts: Acts) -> None:
    """F1 wants both sides there, of each of the villages; F2 the oath."""
    pairs = [acts.pine.pk, acts.stone.pk]
    acts.held(kind="joint_meeting", pairings=pairs, villagers=1)
    before = year.five_ones(pairs, 2026)
    acts.held(kind="joint_meeting", villagers=1, day=date(2026, 2, 27))
    acts.held(kind="theme_day", has_oath=True, pairings=pairs)

    done = year.five_ones(pairs, 2026)

    assert before.get(acts.pine.pk, frozenset()) == frozenset()
    assert done == {
        acts.pine.pk: {FiveOne.LIFE_MEETING, FiveOne.THEME_DAY},
        acts.stone.pk: {FiveOne.THEME_DAY},
    }
    assert not year.five_ones(pairs, 2025)


def test_a_tenth_is_drawn_by_a_seed_and_what_is_wrong_comes_back(acts: Acts) -> None:
    world = acts.world
    acts.held(pairings=[acts.pine.pk, acts.stone.pk])
    with pytest.raises(Refused) as early:
        actions.draw_sample(world.north, day=DAY, actor=world.north_org)

    with clock.at(date(2026, 4, 2)):
        sample = actions.draw_sample(world.north, day=DAY, actor=world.north_org)
        [drawn] = sample.activities.all()
        assert [str(drawn.pk)] == actions.drawn([str(drawn.pk)], sample.seed)
        assert queries.list_drawn_unchecked(world.north_org.scope).count() == 1
        with pytest.raises(Refused) as mute:
            actions.check_activity(drawn, outcome="returned", text="", actor=world.north_org)
        actions.check_activity(drawn, outcome="returned", text="人数不实", actor=world.north_org)
        back = queries.list_returned(world.unit_admin.scope).get()
        actions.correct_activity(
            back, replace(actions.said_of(back), villagers=12), reason="按签到改", version=1,
            actor=world.unit_admin,
        )  # fmt: skip

    assert codes(early) == {"pairing.sample.running"}
    assert codes(mute) == {"pairing.activity.check_text"}
    assert not queries.list_returned(world.unit_admin.scope).exists()
    assert queries.list_drawn_unchecked(world.north_org.scope).count() == 1
