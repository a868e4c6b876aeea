"""The tasks of the four levels: generated from the rules, ended by the records."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.periods import month_of
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.posting.actions import (
    help_requests,
    insurance,
    leave,
    liaison,
    presence,
    problems,
    reports,
    support,
)
from lingyan.posting.models import (
    AppraisalCycle,
    AppraisalEntry,
    AppraisalScore,
    Posting,
    RecallCase,
    RecallStep,
)
from lingyan.posting.queries import tasks as queries
from lingyan.posting.rules import reports as report_rules
from lingyan.posting.rules import tasks as rules
from lingyan.posting.rules.appraisal_scores import INDICATORS, Scheme
from lingyan.posting.rules.diary_words import ReportKind
from lingyan.posting.rules.tasks import TaskItem, TaskLevel
from tests.posting.duty_scene import TODAY, Duty, on_duty, posted
from tests.world import World, _actor

MARCH = month_of(TODAY)
QUARTERLY = Scheme(
    weights={"town": 50, "mass": 30, "county": 20, "unit": 0},
    indicators={**INDICATORS, "unit": ()},
)


@pytest.fixture
def duty(world: World) -> Any:
    with clock.at(TODAY):
        duty = on_duty(world)
        Posting.objects.filter(pk=duty.posting.pk).update(arrived_on=duty.posting.since)
        duty.posting.refresh_from_db()
        yield duty


def told(code: str, actor: Actor, month: Any = MARCH) -> list[tuple[str, str, str]]:
    found = queries.sum_of(code, actor.scope, month)
    return [(one.text, str(one.due_on), str(one.done_on or "")) for one in found.items]


HERE = "北山镇松树村 · 李甲一"


@pytest.mark.pure
def test_what_is_owed_first_stands_first() -> None:
    late, soon, done = (
        TaskItem("甲", date(2026, 3, 1), "/a/"),
        TaskItem("乙", date(2026, 3, 9), "/b/"),
        TaskItem("丙", date(2026, 2, 1), "/c/", date(2026, 2, 1)),
    )
    found = rules.TaskSum(rules.TASKS[0], rules.in_order([done, soon, late]), TODAY)

    assert [one.text for one in found.items] == ["甲", "乙", "丙"]
    assert (found.done, found.open, found.late) == (1, 2, 1)
    assert found.due_on == date(2026, 3, 1)


@pytest.mark.pure
def test_every_level_has_tasks_and_every_role_a_level() -> None:
    for level in TaskLevel:
        assert rules.tasks_of(level)
        assert level in rules.LEVEL_OF_ROLE.values()
    assert set(queries.SOURCES) == {one.code for one in rules.TASKS}


def test_the_village_confirms_the_days_and_nothing_else_ticks_it_off(duty: Duty) -> None:
    village = duty.world.pine_secretary
    assert told("months", village) == [(HERE, "2026-03-05", "")]

    presence.confirm_month(
        duty.posting, month=date(2026, 2, 1), days=0, text="", actor=village
    )  # fmt: skip

    assert told("months", village) == [(HERE, "2026-03-05", "2026-03-05")]


def test_leave_goes_to_the_side_that_may_grant_it(duty: Duty) -> None:
    world = duty.world
    short = leave.ask_leave(
        duty.posting, kind="personal", since=date(2026, 3, 9), until=date(2026, 3, 11),
        reason="家里有事", actor=duty.actor,
    )  # fmt: skip
    leave.ask_leave(
        duty.posting, kind="family", since=date(2026, 3, 20), until=date(2026, 3, 28),
        reason="探亲", actor=duty.actor,
    )  # fmt: skip

    assert told("leave_short", world.north_org) == [
        (f"{HERE}：2026-03-09 起 2 天", "2026-03-09", "")
    ]
    assert told("leave_long", world.officer) == [(f"{HERE}：2026-03-20 起 8 天", "2026-03-20", "")]
    leave.approve_leave(short, actor=world.north_org)
    assert told("leave_short", world.north_org)[0][2] == "2026-03-05"
    assert told("returns", world.pine_secretary) == [(f"{HERE}：2026-03-10 到期", "2026-03-11", "")]


def test_reports_are_a_task_of_the_month_in_which_they_fall_due(duty: Duty) -> None:
    world = duty.world
    assert told("month_reports", world.north_org) == [(HERE, "2026-03-05", "")]
    assert told("quarter_reports", world.north_org) == []
    april = month_of(date(2026, 4, 1))
    assert told("quarter_reports", world.north_org, april) == [(HERE, "2026-04-10", "")]

    due = report_rules.report_of(ReportKind.MONTH, date(2026, 2, 1))
    reports.confirm_report(duty.posting, due, remark="", actor=duty.actor)

    assert told("month_reports", world.north_org) == [(HERE, "2026-03-05", "2026-03-05")]


def test_a_problem_is_the_task_of_its_owner_until_it_is_handled(duty: Duty) -> None:
    world = duty.world
    problem = problems.find_problem(
        text="水管冻裂", found_on=TODAY, owner="town", due_on=date(2026, 3, 20), actor=duty.actor
    )

    assert told("problems_village", world.pine_secretary) == []
    assert told("problems_town", world.north_org) == [("松树村：水管冻裂", "2026-03-20", "")]
    problems.handle_problem(problem, text="换了", actor=world.north_org)
    assert told("problems_town", world.north_org)[0][2] == "2026-03-05"
    assert told("problems_town", world.south_org) == []


def test_visits_of_the_unit_are_done_once_there_were_enough(duty: Duty) -> None:
    world = duty.world
    assert told("unit_visits", world.unit_admin) == [("北山镇松树村：0 / 2 次", "2026-12-31", "")]

    for day in (3, 4):
        liaison.record_visit(
            duty.posting, form="both", happened_on=date(2026, 3, day), text="看了茶园",
            by_head=True, actor=world.unit_admin,
        )  # fmt: skip

    assert told("unit_visits", world.unit_admin) == [
        ("北山镇松树村：2 / 2 次", "2026-12-31", "2026-03-04")
    ]


def test_two_visits_of_one_day_to_one_village_count_once(duty: Duty) -> None:
    world = duty.world
    other = posted(world.wang, world.pine, "team_member")
    for posting in (duty.posting, other):
        Posting.objects.filter(pk=posting.pk).update(arrived_on=posting.since)
        liaison.record_visit(
            posting, form="both", happened_on=TODAY, text="看了茶园", by_head=True,
            actor=world.unit_admin,
        )  # fmt: skip

    assert told("unit_visits", world.unit_admin)[0][0] == "北山镇松树村：1 / 2 次"


def test_what_is_due_of_a_term_comes_up_at_the_county(duty: Duty) -> None:
    Posting.objects.filter(pk=duty.posting.pk).update(planned_until=date(2026, 3, 21))

    assert told("life", duty.world.officer) == [(f"{HERE}：期满考察", "2026-03-20", "")]
    assert told("term_ends", duty.world.unit_admin) == [(f"{HERE}：期满考察", "2026-03-20", "")]


def test_a_score_is_the_task_of_its_side_until_it_is_given(duty: Duty) -> None:
    world = duty.world
    cycle = AppraisalCycle.objects.create(
        county=world.county, kind="quarterly", name="2026 年一季度考评", since=date(2026, 1, 1),
        until=date(2026, 4, 1), due_on=date(2026, 4, 5), state="scoring", created_at=clock.now(),
        scheme=QUARTERLY.to_json(),
    )  # fmt: skip
    entry = AppraisalEntry.objects.create(cycle=cycle, posting=duty.posting)
    here = f"{HERE}：2026 年一季度考评"

    assert told("town_scores", world.north_org) == [(here, "2026-04-05", "")]
    assert told("county_scores", world.officer) == [(here, "2026-04-05", "")]
    assert told("unit_scores", world.unit_admin) == [], "units do not score in this scheme"
    AppraisalScore.objects.create(
        entry=entry, part="town", points=[90], total=90, given_by_name="吴", given_at=clock.now()
    )

    assert told("town_scores", world.north_org) == [(here, "2026-04-05", "2026-03-05")]
    assert told("town_scores", world.south_org) == []


def test_a_recall_is_checked_within_fifteen_days_and_read_by_its_readers_alone(
    duty: Duty,
) -> None:
    world = duty.world
    case = RecallCase.objects.create(
        posting=duty.posting, ground="RG07", source="report", state="told",
        opened_on=date(2026, 3, 1),
    )  # fmt: skip
    checked = (f"{HERE}：核实", "2026-03-16")

    assert told("recall_checks", world.north_org) == [(*checked, "")]
    assert told("recalls", world.officer) == [(*checked, "")]
    leader = _actor("north-deputy", "汤丙九", Role.TOWN_LEADER, place=world.north)
    client = world.client(leader)
    assert client.get(reverse("task_detail", args=["recall_checks"])).status_code == 404
    assert client.get(reverse("task_detail", args=["help_town"])).status_code == 404
    assert "核实召回线索" not in client.get(reverse("task_list")).text
    RecallStep.objects.create(
        case=case, act="verify", on=TODAY, made_by_name="陈乙一", made_at=clock.now()
    )
    RecallCase.objects.filter(pk=case.pk).update(state="warned", warn_until=date(2026, 3, 30))

    assert told("recall_checks", world.north_org) == [(*checked, "2026-03-05")]
    assert told("recalls", world.officer) == [
        (f"{HERE}：改进期满后回访", "2026-03-30", ""), (*checked, "2026-03-05"),
    ]  # fmt: skip


def test_last_months_allowance_is_a_task_until_it_is_paid(duty: Duty) -> None:
    world = duty.world
    assert told("payments", world.officer) == [], "the county has no standard"
    support.set_standard(
        world.county, key="support.transport_month", amount=Decimal(300), since=date(2026, 1, 1),
        clause="无文件", actor=world.admin,
    )  # fmt: skip
    assert told("payments", world.officer) == [("2026-02 交通通讯补贴", "2026-03-20", "")]
    made = support.make_list(
        world.county, item="transport_comm", month=date(2026, 2, 1), actor=world.officer
    )
    support.check_list(made, actor=world.second_officer)
    assert told("payments", world.officer)[0][2] == ""
    support.pay_list(made, paid_on=TODAY, voucher_number="P-1", actor=world.admin)

    assert told("payments", world.officer)[0][2] == "2026-03-05"


def test_a_difficulty_is_the_task_of_its_side_and_says_only_the_kind(duty: Duty) -> None:
    world = duty.world
    asked = help_requests.raise_request(
        duty.posting, kind="housing", text="宿舍漏雨", actor=duty.actor
    )

    assert told("help_town", world.north_org) == [(f"{HERE}：住房", "2026-04-04", "")]
    assert told("help_unit", world.unit_admin) == []
    help_requests.step_request(asked, "accept", due_on=date(2026, 3, 20), actor=world.north_org)
    help_requests.step_request(asked, "answer", text="修好了", actor=world.north_org)

    assert told("help_town", world.north_org) == [(f"{HERE}：住房", "2026-03-20", "2026-03-05")]


def test_insurance_that_may_come_later_is_a_task_until_it_is_there(duty: Duty) -> None:
    Posting.objects.filter(pk=duty.posting.pk).update(insure_by=date(2026, 3, 18))
    assert told("insure", duty.world.officer) == [(HERE, "2026-03-18", "")]

    policy = insurance.Policy("人保8", duty.posting.since, duty.posting.planned_until)
    insurance.add_policy(duty.posting, policy, actor=duty.world.officer)

    assert told("insure", duty.world.officer) == []


@pytest.mark.parametrize(
    ("who", "asked", "heading", "other"),
    [
        ("officer", "", "县委组织部统筹", "村党组织日常管"),
        ("officer", "village", "村党组织日常管", "派出单位协管"),
        ("north_org", "", "乡镇党委主管", "村党组织日常管"),
        ("north_org", "county", "乡镇党委主管", "村党组织日常管"),
        ("unit_admin", "village", "派出单位协管", ""),
        ("pine_secretary", "", "村党组织日常管", ""),
    ],
)
def test_each_sees_the_own_level_and_those_below(
    duty: Duty, who: str, asked: str, heading: str, other: str
) -> None:
    client = duty.world.client(getattr(duty.world, who))

    answer = client.get(reverse("task_list"), {"level": asked})

    assert answer.status_code == 200
    assert f"<p>{heading}。" in answer.text
    assert other in answer.text
    if who in ("unit_admin", "pine_secretary"):
        assert 'class="seg"' not in answer.text


def test_a_level_above_is_not_there_for_the_village(duty: Duty) -> None:
    client = duty.world.client(duty.world.pine_secretary)

    assert client.get(reverse("task_detail", args=["leave_long"])).status_code == 404
    assert client.get(reverse("task_detail", args=["nothing"])).status_code == 404
    assert client.get(reverse("task_detail", args=["months"])).status_code == 200


@pytest.mark.parametrize("month", ["", "2026-13", "0001-01", "9999-12", "2026-02"])
def test_any_month_can_be_asked(duty: Duty, month: str) -> None:
    client = duty.world.client(duty.world.officer)

    assert client.get(reverse("task_list"), {"month": month}).status_code == 200


def test_the_page_costs_as_many_queries_for_three_as_for_one(
    duty: Duty, django_assert_max_num_queries: Any
) -> None:
    world = duty.world
    for person, village in ((world.wang, world.brook), (world.zhao, world.stone)):
        posted(person, village, "first_secretary")

    for level in TaskLevel:
        with django_assert_max_num_queries(24):
            assert queries.sums_of(level, world.officer.scope, MARCH)
