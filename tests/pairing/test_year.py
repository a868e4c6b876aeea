"""The rest of a pair's year: deeds, youth, the path, meetings and visits, projects."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.pairing.actions import year as actions
from lingyan.pairing.models import PairYouth
from lingyan.pairing.panels import year as panels
from lingyan.pairing.queries import year
from lingyan.pairing.rules.words import FiveOne
from lingyan.pairing.rules.year import Youth
from tests.pairing.acts_scene import DAY, Acts, build_acts, stone_secretary
from tests.pairing.scene import TODAY
from tests.world import World


@pytest.fixture
def acts(world: World) -> Iterator[Acts]:
    with clock.at(TODAY):
        yield build_acts(world)


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {one.code for one in refused.value.refusals}


def deed(acts: Acts, **said: object):  # type: ignore[no-untyped-def]
    given = {"title": "装路灯", "text": "单位出钱，村里出工", "done_on": DAY, **said}
    return actions.record_deed([acts.pine.pk, acts.stone.pk], actor=acts.world.unit_admin, **given)


def test_a_deed_counts_once_somebody_served_has_confirmed_it(acts: Acts) -> None:
    done, pine = deed(acts), acts.world.pine_secretary
    said = {"means": "face", "confirmed_on": TODAY}

    with pytest.raises(Refused) as nobody:
        actions.confirm_deed(done, names=[" "], actor=pine, **said)
    with pytest.raises(Refused) as unit:
        actions.confirm_deed(done, names=["周大娘"], actor=acts.world.unit_admin, **said)
    before = year.five_ones([acts.pine.pk], 2026)
    actions.confirm_deed(done, names=["周大娘", "吴大爷"], actor=pine, **said)

    assert codes(nobody) == {"pairing.deed.nobody"}
    assert codes(unit) == {"pairing.deed.wrong_role"}
    assert not before
    assert year.five_ones([acts.pine.pk, acts.stone.pk], 2026) == {
        acts.pine.pk: {FiveOne.DEED}, acts.stone.pk: {FiveOne.DEED},
    }  # fmt: skip
    actions.withdraw_deed(done, reason="登记错了", actor=acts.world.unit_admin)
    assert not year.five_ones([acts.pine.pk], 2026)


def test_three_young_people_make_the_fourth_and_who_is_too_old_is_named(acts: Acts) -> None:
    world = acts.world
    young = [Youth(f"青丁{number}", date(1998, 5, number)) for number in (1, 2, 3)]
    said = {"trained_on": DAY, "content": "到单位跟班学习", "actor": world.unit_admin}

    with pytest.raises(Refused) as old:
        actions.name_youth(acts.pine, [*young, Youth("壮丁九", date(1990, 2, 26))], **said)
    actions.name_youth(acts.pine, young[:2], **said)
    two = year.five_ones([acts.pine.pk], 2026)[acts.pine.pk] if year.five_ones(
        [acts.pine.pk], 2026
    ) else frozenset()  # fmt: skip
    actions.name_youth(acts.pine, [Youth("刚好九", date(1990, 2, 27)), young[2]], **said)
    with pytest.raises(Refused) as twice:
        actions.name_youth(acts.pine, young[:1], **said)

    assert codes(old) == {"pairing.youth.too_old"}
    assert "壮丁九" in str(old.value)
    assert codes(twice) == {"pairing.youth.named_already"}
    assert two == frozenset()
    assert year.five_ones([acts.pine.pk], 2026)[acts.pine.pk] == {FiveOne.YOUTH}
    assert PairYouth.objects.count() == 4


def test_a_path_is_done_when_the_village_has_approved_it(acts: Acts) -> None:
    world = acts.world
    drafted = actions.draft_path(
        acts.pine, title="种好一山核桃", text="扩种、加工、直销", drafted_on=DAY,
        actor=world.unit_admin,
    )  # fmt: skip
    said = {"approved_on": TODAY, "meeting": "村民代表会议"}

    with pytest.raises(Refused) as unit:
        actions.approve_path(drafted, actor=world.unit_admin, **said)
    with pytest.raises(Refused) as other:
        actions.approve_path(drafted, actor=stone_secretary(acts), **said)
    before = year.five_ones([acts.pine.pk], 2026)
    actions.approve_path(drafted, actor=world.pine_secretary, **said)

    assert codes(unit) == {"pairing.path.wrong_role"}
    assert codes(other) == {"pairing.year.other_pair"}
    assert not before
    assert year.five_ones([acts.pine.pk], 2026) == {acts.pine.pk: {FiveOne.PATH}}


def test_meetings_and_visits_that_were_due_and_held(acts: Acts) -> None:
    """R-3.4: one joint meeting a quarter, two visits of the unit a year; said twice is once."""
    world = acts.world
    said = {"with_whom": "双方各三人", "topics": "商定春耕帮扶", "day": DAY}
    pairs = [acts.pine.pk, acts.stone.pk]
    actions.record_meeting(pairs, kind="meeting", actor=world.unit_admin, **said)
    actions.record_meeting(pairs[:1], kind="unit_visit", actor=world.unit_admin, **said)
    with pytest.raises(Refused) as twice:
        actions.record_meeting(pairs[:1], kind="meeting", actor=world.pine_secretary, **said)
    with pytest.raises(Refused) as online:
        actions.record_meeting(
            pairs[1:], kind="unit_visit", mode="online", actor=world.unit_admin, **said
        )

    kept = year.kept_up([acts.pine, acts.stone], 2026, date(2026, 8, 1))

    pine, stone = kept[acts.pine.pk], kept[acts.stone.pk]
    assert (pine.meetings_held, pine.meetings_due, pine.visits_made, pine.visits_due) == (
        1,
        2,
        1,
        2,
    )
    assert (stone.meetings_held, stone.visits_made) == (1, 0)
    assert pine.meeting_due_by == date(2026, 9, 30)
    assert codes(twice) == {"pairing.meeting.twice"}
    assert codes(online) == {"pairing.meeting.visit_online"}


def test_a_project_goes_by_its_milestones(acts: Acts) -> None:
    world = acts.world
    project = actions.open_project(
        [acts.pine.pk], name="核桃加工点", owner="宋乙八", since=DAY, due_on=date(2026, 10, 31),
        milestones=[("选址", date(2026, 3, 1)), ("开工", date(2026, 6, 1))],
        actor=world.pine_secretary,
    )  # fmt: skip
    first = project.milestones.get(name="选址")
    [owed] = year.project_counts([acts.pine.pk], TODAY.year, TODAY).values()
    assert owed.overdue == 1

    with pytest.raises(Refused) as early:
        actions.close_project(
            project, state="done", closed_on=TODAY, text="建成", actor=world.pine_secretary
        )
    actions.reach_milestone(first, reached_on=TODAY, actor=world.unit_admin)

    counts = year.project_counts([acts.pine.pk], 2026, date(2026, 6, 30))[acts.pine.pk]
    assert codes(early) == {"pairing.project.open_milestones"}
    assert (counts.projects, counts.milestones_due, counts.milestones_reached) == (1, 2, 1)
    stopped = actions.close_project(
        project, state="stopped", closed_on=TODAY, text="水源不足", actor=world.unit_admin
    )
    assert year.project_counts([acts.pine.pk], 2026, TODAY) == {}
    assert stopped.close_text == "水源不足"


def test_what_is_written_belongs_to_the_life_of_ones_own_pair(acts: Acts) -> None:
    world = acts.world

    with pytest.raises(Refused) as before:
        deed(acts, done_on=date(2025, 12, 31))
    with pytest.raises(Refused) as to_come:
        deed(acts, done_on=date(2026, 3, 3))
    with pytest.raises(Refused) as other:
        actions.draft_path(
            acts.pine, title="路", text="子", drafted_on=DAY, actor=stone_secretary(acts)
        )
    with pytest.raises(Refused) as county:
        actions.draft_path(acts.pine, title="路", text="子", drafted_on=DAY, actor=world.officer)

    assert codes(before) == {"pairing.year.before_pair"}
    assert codes(to_come) == {"pairing.year.day_to_come"}
    assert codes(other) == {"pairing.year.other_pair"}
    assert codes(county) == {"pairing.year.wrong_role"}


def test_from_october_both_sides_hear_which_pairs_are_behind(acts: Acts) -> None:
    actor = acts.world.unit_admin
    with clock.at(date(2026, 9, 30)):
        quiet = [item.title for item in panels.worklist(actor)]
    with clock.at(date(2026, 10, 1)):
        told = [item.title for item in panels.worklist(actor)]
        assert panels.count(actor) == len(told)

    assert quiet == []
    assert told == ["2 对结对今年的五个一还没有做完"]
