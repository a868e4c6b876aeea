"""Reports that write themselves: which are due, what they say, and what a confirmation freezes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.config import wiring
from lingyan.posting.actions import problems, reports
from lingyan.posting.models import DutyReport
from lingyan.posting.queries import reports as queries
from lingyan.posting.rules import reports as rules
from lingyan.posting.rules.diary_words import ReportKind
from tests.posting.duty_scene import SINCE_POSTED, TODAY, Duty, on_duty
from tests.posting.scene import codes
from tests.world import World

FEBRUARY = rules.report_of(ReportKind.MONTH, date(2026, 2, 1))


@pytest.fixture
def duty(world: World) -> Any:
    with clock.at(TODAY):
        yield on_duty(world)


def address(duty: Duty, kind: str = "month", since: str = "2026-02-01", act: str = "detail") -> str:
    return reverse(f"report_{act}", args=[duty.posting.pk, kind, since])


# --- the calendar, without a database -------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "day", "since", "due_on", "title"),
    [
        ("month", date(2026, 2, 10), date(2026, 2, 1), date(2026, 3, 5), "2026年2月工作纪实"),
        ("month", date(2026, 12, 31), date(2026, 12, 1), date(2027, 1, 5), "2026年12月工作纪实"),
        ("quarter", date(2026, 3, 31), date(2026, 1, 1), date(2026, 4, 10), "2026年一季度报告"),
        ("half-year", date(2026, 6, 30), date(2026, 1, 1), date(2026, 7, 20),
         "2026年上半年述职报告"),
        ("half-year", date(2026, 7, 1), date(2026, 7, 1), date(2027, 1, 20),
         "2026年下半年述职报告"),
        ("year", date(2026, 5, 5), date(2026, 1, 1), date(2027, 1, 20), "2026年年度述职报告"),
    ],
)  # fmt: skip
def test_the_day_by_which_a_report_is_due(
    kind: str, day: date, since: date, due_on: date, title: str
) -> None:
    due = rules.report_of(ReportKind(kind), day)

    assert (due.period.since, due.due_on, due.title) == (since, due_on, title)


def test_what_a_posting_of_a_year_owes() -> None:
    owed = rules.ended_reports(date(2026, 1, 12), date(2027, 1, 12), today=date(2027, 2, 1))

    counted = {kind: sum(one.kind is kind for one in owed) for kind in ReportKind}
    assert counted == {
        ReportKind.MONTH: 13, ReportKind.QUARTER: 4, ReportKind.HALF_YEAR: 2, ReportKind.YEAR: 1,
    }  # fmt: skip
    assert owed == sorted(owed, key=lambda one: (one.due_on, one.period.since))
    assert not rules.ended_reports(date(2026, 1, 12), None, today=date(2026, 1, 31))
    assert len(rules.ended_reports(date(2026, 1, 31), None, today=date(2026, 2, 1))) == 1


def test_a_month_tells_every_entry_and_a_quarter_those_that_answer_a_need() -> None:
    lines = [
        rules.Line(date(2026, 2, 3), "D1", "开会", "宋乙八", households=2),
        rules.Line(date(2026, 2, 3), "D3", "建茶园", need="茶叶缺技术", photos=1),
        rules.Line(date(2026, 3, 4), "D3", "卖茶叶"),
    ]

    month = rules.compile_report(lines, problems_found=1, problems_solved=0, problems_open=1)
    quarter = rules.compile_report(
        lines, problems_found=0, problems_solved=0, problems_open=0, on_site_days=41,
        with_lines=False,
    )  # fmt: skip

    assert month.figures["entries"] == 3
    assert (month.figures["days"], month.figures["households"]) == (2, 2)
    assert month.sections["D1"] == ["2月3日 开会（与宋乙八，走访 2 户）"]
    assert quarter.sections["D3"] == ["2月3日 建茶园（对应需求：茶叶缺技术）"]
    assert (quarter.by_duty, quarter.by_month) == ({"D1": 1, "D3": 2}, {"2026-02": 2, "2026-03": 1})
    assert quarter.summary == "写日志 3 条，涉及 2 天，驻村 41 天，走访 2 户次。"
    empty = rules.compile_report([], problems_found=0, problems_solved=0, problems_open=0)
    assert empty.summary == "没有日志。"


# --- a month of work ------------------------------------------------------------------------------


def test_the_month_is_compiled_and_confirmed(duty: Duty) -> None:
    for day, text in (("2026-02-03", "开会"), ("2026-02-03", "走访"), ("2026-02-20", "修渠")):
        duty.write(text, happened_on=day, households=1)
    duty.write("三月的事")
    found = problems.find_problem(
        text="水管冻裂", found_on=date(2026, 2, 20), owner="self", due_on=TODAY, actor=duty.actor
    )
    client = duty.world.client(duty.actor)
    titles = [one.title for one in wiring.worklist(duty.actor) if "工作纪实" in one.title]
    assert titles[:2] == ["2026年1月工作纪实待确认", "2026年2月工作纪实待确认"]

    page = client.get(address(duty)).content.decode()
    for said in ("写日志 3 条，涉及 2 天，驻村 2 天，走访 3 户次，发现问题 1 个", "2月20日 修渠",
                 "水管冻裂", "内容属实，确认"):  # fmt: skip
        assert said in page
    assert "三月的事" not in page
    answer = client.post(address(duty, act="confirm"), {"remark": "二月雪大"})

    assert answer.headers["Location"] == address(duty)
    report = DutyReport.objects.get()
    assert report.content["figures"]["entries"] == 3
    assert [str(found.pk), "found"] in report.records
    assert (report.remark, report.confirmed_by_name) == ("二月雪大", "李甲一")
    assert "2026年2月工作纪实待确认" not in [one.title for one in wiring.worklist(duty.actor)]


@pytest.mark.parametrize(("kind", "since"), [("month", "2026-02-01"), ("quarter", "2026-01-01")])
def test_figures_of_a_report_open_their_records(duty: Duty, kind: str, since: str) -> None:
    for day in ("2026-01-20", "2026-02-03", "2026-03-05"):
        duty.write("开会", happened_on=day, households=2)
        problems.find_problem(
            text="漏雨", found_on=date.fromisoformat(day), owner="self", due_on=TODAY,
            actor=duty.actor,
        )  # fmt: skip
    client = duty.world.client(duty.actor)

    shown = client.get(address(duty, kind, since)).context["shown"]

    assert shown.figures[0].value == {"month": 1, "quarter": 3}[kind]
    for figure in shown.figures:
        page = client.get(figure.url)
        if "problem" in figure.url:
            assert page.context["listing"].total == figure.value, figure.label
        elif figure.label in ("日志", "走访"):
            name = {"日志": "count", "走访": "households"}[figure.label]
            assert page.context[name] == figure.value, figure.label


def test_what_comes_late_makes_a_correction_beside_the_old_report(duty: Duty) -> None:
    duty.write("开会", happened_on="2026-02-03")
    client = duty.world.client(duty.actor)
    client.post(address(duty, act="confirm"), {"remark": ""})
    again = client.post(address(duty, act="confirm"), {"remark": ""})
    assert again.status_code == 409
    assert "不用再确认" in again.content.decode()

    duty.write("没有信号时写的", happened_on="2026-02-27")
    page = client.get(address(duty)).content.decode()
    assert "确认之后又有新的或改动的记录" in page
    client.post(address(duty, act="confirm"), {"remark": ""})

    old, new = DutyReport.objects.order_by("number")
    assert (old.is_current, new.is_current, new.number) == (False, True, 2)
    assert (old.content["figures"]["entries"], new.content["figures"]["entries"]) == (1, 2)
    assert "已更正" in client.get(address(duty)).content.decode()


def test_only_the_person_confirms_and_only_what_is_over(duty: Duty) -> None:
    march = rules.report_of(ReportKind.MONTH, TODAY)
    before = rules.report_of(ReportKind.MONTH, date(2025, 12, 1))

    for due, actor, code in (
        (FEBRUARY, duty.world.officer, "posting.report.not_own"),
        (march, duty.actor, "posting.report.not_over"),
        (before, duty.actor, "posting.report.outside_term"),
    ):
        with pytest.raises(Refused) as refused:
            reports.confirm_report(duty.posting, due, remark="", actor=actor)
        assert codes(refused) == [code]
    with pytest.raises(Refused) as refused:
        reports.confirm_report(duty.posting, FEBRUARY, remark="长" * 1001, actor=duty.actor)
    assert codes(refused) == ["posting.report.remark_long"]
    assert not DutyReport.objects.exists()


def test_quarter_half_year_and_year_come_with_their_days(duty: Duty) -> None:
    with clock.at(date(2027, 1, 2)):
        lines = queries.list_own_lines([duty.posting], clock.today())
        waiting = {one.title: one.due_on for one in wiring.worklist(duty.actor)}
        client = duty.world.client(duty.actor)
        pages = [
            client.get(address(duty, kind, since)).status_code
            for kind, since in (("quarter", "2026-10-01"), ("half-year", "2026-07-01"),
                                ("year", "2026-01-01"))
        ]  # fmt: skip

    assert len(lines) == 12 + 4 + 2 + 1
    assert waiting["2026年四季度报告待确认"] == date(2027, 1, 10)
    assert waiting["2026年下半年述职报告待确认"] == date(2027, 1, 20)
    assert waiting["2026年年度述职报告待确认"] == date(2027, 1, 20)
    assert pages == [200, 200, 200]


@pytest.mark.parametrize(
    ("kind", "since"),
    [("month", "2026-02-02"), ("week", "2026-02-01"), ("month", "yesterday"),
     ("quarter", "2026-02-01"), ("month", "9999-12-01")],
)  # fmt: skip
def test_a_period_that_is_none_is_not_found(duty: Duty, kind: str, since: str) -> None:
    assert duty.world.client(duty.actor).get(address(duty, kind, since)).status_code == 404


# --- those who read -------------------------------------------------------------------------------


def test_the_town_sees_who_has_not_confirmed(duty: Duty) -> None:
    world, client = duty.world, duty.world.client(duty.world.north_org)
    with clock.at(date(2026, 3, 6)):
        late = [one.title for one in wiring.worklist(world.north_org)]
        page = client.get(reverse("report_list")).content.decode()
    assert "1 名派驻人员没有确认2月的工作纪实" in late
    assert "超期没有确认" in page

    reports.confirm_report(duty.posting, FEBRUARY, remark="", actor=duty.actor)

    with clock.at(date(2026, 3, 6)):
        assert "没有确认2月" not in str(wiring.worklist(world.north_org))
        shown = client.get(f"{reverse('report_list')}?state=missing").context["listing"]
        quarter = client.get(f"{reverse('report_list')}?kind=quarter&since=2025-10-01")
    assert shown.total == 0
    assert quarter.context["listing"].total == 0, "nobody was posted then"


def test_on_the_due_day_itself_nothing_is_late(duty: Duty) -> None:
    with clock.at(FEBRUARY.due_on):
        assert "没有确认" not in str(wiring.worklist(duty.world.north_org))


def test_who_reads_a_report_and_who_confirms(duty: Duty) -> None:
    world = duty.world

    for reader in (world.officer, world.north_org, world.unit_admin, world.pine_secretary):
        page = world.client(reader).get(address(duty))
        assert page.status_code == 200
        assert "内容属实，确认" not in page.content.decode()
        assert world.client(reader).post(address(duty, act="confirm")).status_code == 403
    for stranger in (world.south_org, world.stranger):
        assert world.client(stranger).get(address(duty)).status_code == 404
    assert world.client(world.agri).get(address(duty)).status_code == 403
    assert Client().get(address(duty)).status_code == 302
    assert not DutyReport.objects.exists()


def test_a_report_costs_the_same_queries_at_any_number_of_entries(
    duty: Duty, django_assert_max_num_queries: Any
) -> None:
    for number in range(60):
        duty.write(f"第 {number} 件事", happened_on=f"2026-02-{number % 28 + 1:02d}")
    client = duty.world.client(duty.actor)
    client.get(address(duty))

    with django_assert_max_num_queries(40):
        client.get(address(duty))
    assert date(2026, 2, 1) > SINCE_POSTED
