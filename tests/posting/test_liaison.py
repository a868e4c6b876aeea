"""Who is in touch with whom, who came and talked, what was raised, and who owes a visit?"""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.periods import Period
from lingyan.common.refusals import Refused
from lingyan.config import wiring
from lingyan.directory.models import RoleAssignment
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.posting.actions import liaison, problems
from lingyan.posting.models import HelpRequest, Liaison, Problem, Visit
from lingyan.posting.queries import liaison as queries
from lingyan.posting.queries import presence
from lingyan.posting.rules import liaison as rules
from lingyan.posting.rules.liaison_words import VisitSide
from tests.posting.duty_scene import TODAY, Duty, acting, on_duty, posted
from tests.posting.scene import codes
from tests.world import World, _actor

JANUARY = date(2026, 1, 1)


@pytest.fixture
def duty(world: World) -> Any:
    with clock.at(TODAY):
        yield on_duty(world)


@pytest.fixture
def committee(world: World) -> Actor:
    return _actor("committee", "苏丙九", Role.COUNTY_AGENCY_COMMITTEE, place=world.county)


def role_of(actor: Actor) -> RoleAssignment:
    return RoleAssignment.objects.get(user_id=actor.user_id)


def came(duty: Duty, actor: Actor, **more: Any) -> Visit:
    said = {"form": "both", "happened_on": TODAY, "text": "看了茶园，谈了水管", **more}
    return liaison.record_visit(duty.posting, **said, actor=actor)


# --- the rules, without a database --------------------------------------------------------------

OWED = (
    # side, on, in post from, until -> needed, last day (R-2-27)
    ("unit", "2026-05-01", "2025-01-01", "2027-01-01", 2, "2026-12-31"),
    ("unit", "2026-05-01", "2026-07-02", "2028-07-01", 2, "2026-12-31"),
    ("unit", "2026-05-01", "2026-07-04", "2028-07-01", 1, "2026-12-31"),
    ("unit", "2026-05-01", "2027-01-01", "2028-07-01", 0, "2026-12-31"),
    ("area", "2026-05-01", "2025-01-01", "2027-01-01", 1, "2026-06-30"),
    ("area", "2026-08-01", "2025-01-01", "2027-01-01", 1, "2026-12-31"),
    ("area", "2026-05-01", "2026-04-02", "2027-01-01", 0, "2026-06-30"),
    ("area", "2026-05-01", "2026-04-01", "2027-01-01", 1, "2026-06-30"),
)


@pytest.mark.pure
@pytest.mark.parametrize(("side", "on", "since", "until", "needed", "due_on"), OWED)
def test_how_many_visits_are_owed(
    side: str, on: str, since: str, until: str, needed: int, due_on: str
) -> None:
    stay = Period(date.fromisoformat(since), date.fromisoformat(until))

    found = rules.owed(VisitSide(side), date.fromisoformat(on), [stay])

    assert (found.needed, str(found.due_on)) == (needed, due_on)


FACTS = {"role": "unit_leader", "on": TODAY, "today": TODAY, "text": "看了", "came_on": JANUARY}


@pytest.mark.pure
@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"on": date(2026, 3, 6)}, "posting.day_in_future"),
        ({"on": date(2025, 12, 31)}, "posting.visit_before_arrival"),
        ({"came_on": None}, "posting.visit_before_arrival"),
        ({"ended_on": TODAY}, "posting.visit_after_end"),
        ({"text": "  "}, "posting.visit_text_missing"),
        ({"role": "county_agency_committee"}, "posting.visit_not_assigned"),
        ({"is_twice": True}, "posting.visit_twice"),
    ],
)
def test_what_may_not_be_written_of_a_visit(changed: dict[str, Any], code: str) -> None:
    assert rules.refuse_to_record(rules.VisitFacts(**FACTS)) == ()

    refusals = rules.refuse_to_record(rules.VisitFacts(**(FACTS | changed)))

    assert [one.code for one in refusals] == [code]


# --- contacts -----------------------------------------------------------------------------------


def test_a_town_has_one_contact_at_a_time(duty: Duty) -> None:
    world = duty.world
    first = liaison.assign_liaison(
        role_of(world.leader), kind="area", since=JANUARY, town=world.north, actor=world.officer
    )

    with pytest.raises(Refused) as refused:
        liaison.assign_liaison(
            role_of(world.leader), kind="area", since=JANUARY, town=world.north,
            actor=world.officer,
        )  # fmt: skip
    liaison.end_liaison(first, actor=world.officer)
    again = liaison.assign_liaison(
        role_of(world.leader), kind="area", since=TODAY, town=world.north, actor=world.officer
    )

    assert codes(refused) == ["posting.liaison_taken"]
    assert queries.find_open(town=world.north) == again


def test_only_the_roles_of_the_rulebook_hold_a_contact(duty: Duty, committee: Actor) -> None:
    """R-2-30: 分片 by a leader, 定点 by a committee member; named by the staff."""
    world = duty.world
    with pytest.raises(Refused) as by_staff:
        liaison.assign_liaison(
            role_of(world.officer), kind="area", since=TODAY, town=world.north,
            actor=world.officer,
        )  # fmt: skip
    with pytest.raises(Refused) as by_town:
        liaison.assign_liaison(
            role_of(committee), kind="fixed", since=TODAY, posting=duty.posting,
            actor=world.north_org,
        )  # fmt: skip

    assert codes(by_staff) == ["posting.liaison_holder"]
    assert codes(by_town) == ["posting.liaison_wrong_role"]
    assert not Liaison.objects.exists()


# --- from the visit to what was raised ----------------------------------------------------------


def test_what_is_raised_in_a_talk_is_followed_until_the_person_confirms(duty: Duty) -> None:
    world = duty.world
    liaison.assign_liaison(
        role_of(world.leader), kind="area", since=JANUARY, town=world.north, actor=world.officer
    )
    leader, li = world.client(world.leader), world.client(duty.actor)

    answer = leader.post(
        reverse("visit_add", args=[duty.posting.pk]),
        {"form": "both", "happened_on": "2026-03-05", "met_person": "on", "text": "谈了水管",
         "about": "village", "raised": "水管冬天冻裂", "owner": "village", "due_on": "2026-03-20"},
    )  # fmt: skip

    visit = Visit.objects.get()
    assert answer.url == reverse("visit_detail", args=[visit.pk])
    assert (visit.side, visit.made_by_name) == ("area", world.leader.name)
    problem = Problem.objects.get(visit=visit)
    problems.handle_problem(problem, text="换了管子", actor=world.pine_secretary)
    assert problems.reasons_against(problem, "confirm", actor=world.leader)
    li.post(reverse("problem_step", args=[problem.pk, "confirm"]))
    problem.refresh_from_db()
    assert (problem.state, problem.solved_on) == ("solved", TODAY)
    assert "水管冬天冻裂" in leader.get(reverse("visit_detail", args=[visit.pk])).text


def test_a_difficulty_told_in_a_talk_goes_to_who_works_on_it(duty: Duty) -> None:
    """R-2-27 and 2.11: who works on it follows from the kind; only he and the person read it."""
    world = duty.world
    answer = world.client(world.north_org).post(
        reverse("visit_add", args=[duty.posting.pk]),
        {"form": "talk", "happened_on": "2026-03-05", "met_person": "on", "text": "谈了近况",
         "about": "elder_care", "raised": "母亲没有人照料"},
    )  # fmt: skip

    told = HelpRequest.objects.get()
    assert (told.owner, told.raised_on, told.visit_id) == ("unit", TODAY, Visit.objects.get().pk)
    assert "老人照料" in world.client(world.unit_admin).get(answer.url).text
    assert "老人照料" not in world.client(world.pine_secretary).get(answer.url).text


def test_a_refused_problem_leaves_no_visit_behind(duty: Duty) -> None:
    world = duty.world
    raised = {
        "about": "village",
        "text": "水管冻裂",
        "owner": "village",
        "due_on": date(2026, 3, 4),
    }

    with pytest.raises(Refused) as refused:
        came(duty, world.north_org, raised=raised)

    assert codes(refused) == ["posting.problem.due_on"]
    assert not Visit.objects.exists()


def test_a_visit_that_met_the_person_is_a_day_in_the_village(duty: Duty) -> None:
    world = duty.world
    came(duty, world.north_org, happened_on=date(2026, 3, 3))
    came(duty, world.north_org, happened_on=date(2026, 3, 4), met_person=False)
    came(duty, world.north_org, happened_on=date(2026, 3, 5), form="talk")

    assert presence.on_site_days(duty.posting, TODAY) == 1
    facts = presence.facts_on(duty.posting, date(2026, 3, 3))
    assert [one.kind for one in facts] == ["走访"]


def test_a_withdrawn_visit_counts_nowhere_and_stays_readable(duty: Duty) -> None:
    world = duty.world
    visit = came(duty, world.north_org)
    with pytest.raises(Refused) as refused:
        liaison.withdraw_visit(visit, reason="记错了", actor=world.officer)

    liaison.withdraw_visit(visit, reason="记错了", actor=world.north_org)

    assert codes(refused) == ["posting.visit_not_own"]
    assert presence.on_site_days(duty.posting, TODAY) == 0
    assert (
        "记错了" in world.client(world.officer).get(reverse("visit_detail", args=[visit.pk])).text
    )


def test_the_same_visit_twice_is_refused_with_a_clear_word(duty: Duty) -> None:
    came(duty, duty.world.north_org)

    with pytest.raises(Refused) as refused:
        came(duty, duty.world.north_org)

    assert codes(refused) == ["posting.visit_twice"]


def test_a_committee_member_visits_whom_he_was_given(duty: Duty, committee: Actor) -> None:
    with pytest.raises(Refused) as refused:
        came(duty, committee)
    liaison.assign_liaison(
        role_of(committee), kind="fixed", since=TODAY, posting=duty.posting,
        actor=duty.world.officer,
    )  # fmt: skip

    visit = came(duty, committee)

    assert codes(refused) == ["posting.visit_not_assigned"]
    assert visit.side == "fixed"
    assert visit.liaison is not None


# --- who owes a visit ---------------------------------------------------------------------------


def test_the_units_visits_are_counted_and_reminded(duty: Duty) -> None:
    """R-2-27: the head of the unit comes twice a year; others of the unit do not count."""
    world = duty.world
    head = _actor("head", "程丙八", Role.UNIT_LEADER, unit=world.finance)
    came(duty, world.unit_admin)
    came(duty, head, by_head=True)

    def unit_line(on: date) -> queries.OwedLine:
        lines = queries.owed_lines(head.scope, on)
        return next(line for line in lines if line.side == VisitSide.UNIT)

    def waits() -> list[str]:
        return [one.title for one in wiring.worklist(head) if "走访" in one.title]

    line = unit_line(TODAY)
    assert (line.owed.needed, line.made, line.missing) == (2, 1, 1)
    assert waits() == []
    with clock.at(date(2026, 11, 20)):
        assert waits() == ["1 个派驻村今年还没有走访够"]
        came(duty, head, by_head=True, happened_on=date(2026, 11, 20))
        assert waits() == []
        assert unit_line(date(2026, 11, 20)).missing == 0


def test_the_owed_lines_cost_as_many_queries_for_two_as_for_one(
    duty: Duty, django_assert_num_queries: Any
) -> None:
    world = duty.world
    with django_assert_num_queries(4):
        one = queries.owed_lines(world.officer.scope, TODAY)
    posted(world.wang, world.brook, "first_secretary")
    with django_assert_num_queries(4):
        two = queries.owed_lines(world.officer.scope, TODAY)

    assert (len(one), len(two)) == (2, 4)


# --- who reads what -----------------------------------------------------------------------------


def test_what_was_said_is_not_for_the_village_nor_for_a_colleague(duty: Duty) -> None:
    world = duty.world
    visit = came(duty, world.north_org, text="谈了家里的难处")
    posted(world.wang, world.pine, "team_member")
    colleague = acting(world.wang, Role.TEAM_MEMBER, world.pine)
    page = reverse("visit_detail", args=[visit.pk])

    village = world.client(world.pine_secretary).get(page)
    own = world.client(duty.actor).get(page)
    other = world.client(colleague).get(page)

    assert village.status_code == 200
    assert "谈了家里的难处" not in village.text
    assert "谈了家里的难处" in own.text
    assert other.status_code == 404


def test_the_list_filters_and_goes_out_as_a_marked_workbook(duty: Duty) -> None:
    world = duty.world
    came(duty, world.north_org)
    came(duty, world.unit_admin, form="talk")
    officer = world.client(world.officer)

    page = officer.get(reverse("visit_list"), {"side": "unit"}).text
    book = officer.get(reverse("visit_export"), {"side": "unit"})

    assert world.unit_admin.name in page
    assert world.north_org.name not in page
    sheet = openpyxl.load_workbook(io.BytesIO(book.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert any("导出" in str(cell) for row in rows for cell in row)
    assert sum(world.unit_admin.name in row for row in rows) == 1
    assert not any(world.north_org.name in row for row in rows)


@pytest.mark.parametrize(
    ("name", "who", "status"),
    [
        ("visit_list", "officer", 200),
        ("visit_list", "agri", 403),
        ("visit_due", "pine_secretary", 200),
        ("liaison_list", "pine_secretary", 200),
        ("liaison_list", "agri", 403),
        ("visit_export", "pine_secretary", 403),
    ],
)
def test_who_opens_which_page(duty: Duty, name: str, who: str, status: int) -> None:
    client = duty.world.client(getattr(duty.world, who))

    assert client.get(reverse(name)).status_code == status


def test_the_staff_names_a_contact_on_the_page(duty: Duty, committee: Actor) -> None:
    world = duty.world
    officer = world.client(world.officer)
    target = {"holder": role_of(committee).pk, "target": duty.posting.pk, "since": "2026-03-01"}

    made = officer.post(reverse("liaison_add", args=["fixed"]), target)
    twice = officer.post(reverse("liaison_add", args=["fixed"]), target)

    assert made.status_code == 302
    assert twice.status_code == 409
    assert "现由苏丙九联系" in twice.text
    assert "苏丙九" in world.client(world.pine_secretary).get(reverse("liaison_list")).text
