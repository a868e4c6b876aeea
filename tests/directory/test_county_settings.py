"""Does every module read the county's own number, from its day on, and does one page show them?"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.county_settings import REGISTER, UNVERIFIED
from lingyan.common.refusals import Refused
from lingyan.directory.actions.settings import set_setting
from lingyan.directory.models import CountySetting, VillageOfficer
from lingyan.directory.settings import number_for, numbers_on
from lingyan.organization.actions.joint_reviews import open_yearly_reviews
from lingyan.organization.actions.reviews import open_round
from lingyan.organization.models import Term
from lingyan.organization.panels.reviews import worklist as review_work
from lingyan.organization.panels.term_changes import worklist as term_work
from lingyan.organization.queries import committees, rect_work
from lingyan.organization.queries.joint_reviews import (
    answer_due,
    term_settings,
    towns_to_review,
)
from lingyan.organization.queries.screening import lacking_in_list, signals_of
from lingyan.organization.queries.terms import ending
from lingyan.organization.rules import settings as of_organization
from lingyan.organization.rules.rectification_words import Situation
from lingyan.platform.accounts.actor import Actor
from lingyan.posting.rules.appraisal import TOWN_MASS
from lingyan.supervision.actions import tasks
from lingyan.supervision.actions.interviews import Said, plan_interview, step_interview
from lingyan.supervision.models import SupervisionTask
from lingyan.supervision.rules import settings as of_supervision
from lingyan.supervision.views.tasks import tone_of
from tests.organization.rect_scene import rectifying
from tests.world import World

MONDAY = date(2026, 3, 2)
DAY = timedelta(days=1)
CLAUSE = "山组发〔2026〕9号第三条"


def set_to(world: World, key: str, number: int, since: date = MONDAY) -> CountySetting:
    with clock.at(since):
        return set_setting(
            world.county, key=key, amount=Decimal(number), since=since, clause=CLAUSE,
            actor=world.admin,
        )  # fmt: skip


# --- one number, its days and its hand ------------------------------------------------------------


@pytest.mark.django_db
def test_a_number_holds_from_its_day_on_in_its_county_only(world: World) -> None:
    accept = of_supervision.ACCEPT
    set_to(world, accept.key, 5)
    set_to(world, accept.key, 7, since=MONDAY + 10 * DAY)

    assert number_for(world.pine.path, accept, MONDAY - DAY) == 3
    assert number_for(world.pine.path, accept, MONDAY) == 5
    assert number_for(world.pine.path, accept, MONDAY + 10 * DAY) == 7
    assert number_for(world.elsewhere.path, accept, MONDAY) == 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"amount": Decimal("2.5")}, "number"),
        ({"amount": Decimal(31)}, "number"),
        ({"clause": " "}, "clause"),
        ({"since": MONDAY + 367 * DAY}, "day"),
        ({"since": MONDAY - 7 * DAY}, "known"),
        ({"actor": "officer"}, "wrong_role"),
    ],
)
def test_what_speaks_against_a_number_is_said(world: World, said: Any, code: str) -> None:
    set_to(world, "task.accept_days", 5, since=MONDAY - 7 * DAY)
    given = {"amount": Decimal(4), "since": MONDAY, "clause": "无文件", "actor": "admin", **said}
    given["actor"] = getattr(world, given["actor"])
    with clock.at(MONDAY), pytest.raises(Refused) as why:
        set_setting(world.county, key="task.accept_days", **given)

    assert [one.code for one in why.value.refusals] == [f"directory.setting.{code}"]
    assert CountySetting.objects.count() == 1


# --- who reads it ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_tasks_and_talks_run_by_the_countys_days(world: World) -> None:
    set_to(world, "task.accept_days", 1)
    set_to(world, "alert.severe_days", 5)
    set_to(world, "alert.warn_days", 2)
    set_to(world, "interview.review_days", 30)
    with clock.at(MONDAY):
        task = tasks.raise_task(
            what="修好会议室", place=world.pine, level="village", due_on=MONDAY,
            actor=world.north_org,
        )  # fmt: skip
        talk = plan_interview(
            world.zhou, kind="remind", rule="驻村管理办法", ground="两个月没有报告",
            interviewer=str(world.leader.user_id), planned_on=MONDAY, actor=world.leader,
        )  # fmt: skip
        said = Said(text="已谈", statement="认识到了", on=MONDAY)
        talk = step_interview(talk, "hold", said, actor=world.leader)
    shown = []
    for days in (-3, -2, 1, 6):
        with clock.at(MONDAY + days * DAY):
            shown.append(tone_of(task, numbers_on(MONDAY)))
    assert shown == [("", ""), ("y", "临期"), ("r", "超期"), ("r", "严重超期")]
    with clock.at(MONDAY + 5 * DAY):
        assert tasks.report_severe_tasks() == 0
    with clock.at(MONDAY + 6 * DAY):
        assert tasks.report_severe_tasks() == 1

    assert task.accept_by == MONDAY + DAY
    assert talk.review_due_on == MONDAY + 30 * DAY
    assert SupervisionTask.objects.get().reported_to == world.north


@pytest.mark.django_db
def test_the_lines_of_acceptance_are_those_of_the_day_of_the_vote(world: World) -> None:
    scene = rectifying(world)
    set_to(world, "weak.pass_score", 85)
    set_to(world, "weak.pass_satisfaction", 90)
    set_to(world, "weak.visit_per_month", 2)
    inspection = scene.case.inspections.create(
        opened_on=MONDAY, score=84, made_by_name="陈乙一", made_by_id=world.officer.user_id
    )
    vote = inspection.votes.create(
        attempt=1, households=100, issued=30, satisfied=20, basic=6, unsatisfied=4,
        on=MONDAY, method="paper", counted_on=MONDAY, no_cadres=True, counters="安丁一、白丁二",
        made_by_name="安丁一",
    )  # fmt: skip
    facts = rect_work.acceptance_facts(inspection)
    vote.counted_on = MONDAY - DAY
    vote.save(update_fields=["counted_on"])
    before = rect_work.acceptance_facts(inspection)
    scene.case.visits.create(
        support=scene.case.supports.get(kind="S1"), on=date(2026, 3, 20), places="村部",
        talked_to="支委", made_by_name="康丁四", made_at=clock.now(),
    )  # fmt: skip
    [march] = rect_work.months_of([scene.case], date(2026, 3, 25))[scene.case.pk]

    vote.satisfied, vote.unsatisfied = 17, 7
    vote.save(update_fields=["satisfied", "unsatisfied"])
    assert rect_work.below_the_floor(inspection) == ""
    set_to(world, "weak.satisfaction_floor", 80, since=MONDAY - DAY)

    assert rect_work.below_the_floor(inspection) == "群众满意度 76.7%，低于 80%"
    assert (facts.passes_score, facts.passes_vote) == (False, False)
    assert (before.passes_score, before.passes_vote) == (True, True)
    assert (march.visits, march.wanted, march.state.value) == (1, 2, "open")


@pytest.mark.django_db
def test_a_least_share_of_villages_is_told_to_the_county_alone(world: World) -> None:
    where = reverse("rect_screening_list")
    with clock.at(MONDAY):
        assert "最低比例" not in world.client(world.officer).get(where).text
        set_to(world, "weak.min_ratio", 30)
        assert lacking_in_list(world.county, 2026) == (30, 2)
        rectifying(world)
        assert lacking_in_list(world.county, 2026) == (30, 1)

        assert "还差 1 个" in world.client(world.officer).get(where).text
        assert "最低比例" not in world.client(world.north_org).get(where).text


@pytest.mark.django_db
def test_sitting_cadres_are_asked_about_each_year_unless_the_county_does_not(world: World) -> None:
    VillageOfficer.objects.create(
        person=world.sun, village=world.pine, post="party_secretary", since=date(2024, 1, 1)
    )
    title = "1 个乡镇还有在任村干部今年没有联审"
    with clock.at(date(2026, 6, 30)):
        assert title not in [one.title for one in term_work(world.officer)]
    with clock.at(date(2026, 7, 1)):
        [line] = [one for one in term_work(world.officer) if one.title == title]
        assert line.due_on == date(2026, 12, 31)
        assert not towns_to_review(world.stranger.scope, date(2026, 7, 1))
    set_to(world, "review.yearly", 0)
    with clock.at(date(2026, 7, 1)):
        assert title not in [one.title for one in term_work(world.officer)]
        with pytest.raises(Refused) as off:
            open_yearly_reviews(world.north, actor=world.officer)
    assert [one.code for one in off.value.refusals] == ["organization.review.yearly_off"]


@pytest.mark.django_db
def test_who_owes_the_review_of_secretaries_reads_by_when(world: World) -> None:
    VillageOfficer.objects.create(
        person=world.sun, village=world.pine, post="party_secretary", since=date(2024, 1, 1)
    )
    title = "1 次 2026 年村党组织书记述职评议还没有启动"
    set_to(world, "review_round.due_month", 2)

    def lines(day: date, actor: Actor) -> dict[str, date | None]:
        with clock.at(day):
            return {one.title: one.due_on for one in review_work(actor)}

    assert title not in lines(date(2026, 11, 30), world.north_org)
    assert lines(date(2026, 12, 1), world.north_org)[title] == date(2027, 2, 28)
    assert lines(date(2027, 6, 30), world.north_org)[title] == date(2027, 2, 28)
    assert title not in lines(date(2027, 7, 1), world.north_org)
    assert title not in lines(date(2026, 12, 1), world.south_org)
    assert title not in lines(date(2026, 12, 1), world.officer)
    with clock.at(date(2026, 12, 2)):
        open_round(level="village", year=2026, place=world.north, form="on_site",
                   actor=world.north_org)  # fmt: skip
    assert title not in lines(date(2026, 12, 3), world.north_org)


@pytest.mark.django_db
def test_vacancies_and_terms_are_looked_at_by_the_countys_months_and_days(world: World) -> None:
    VillageOfficer.objects.create(
        person=world.sun, village=world.pine, post="party_secretary", since=date(2021, 1, 1),
        until=date(2026, 1, 1),
    )  # fmt: skip
    term = Term.objects.create(
        village=world.pine, kind="vc", number=11, since=date(2021, 10, 1),
        planned_until=date(2026, 10, 1), made_by_name="陈乙一", made_at=clock.now(),
    )  # fmt: skip
    pine = [world.pine.pk]
    with clock.at(MONDAY):
        assert not signals_of(pine)
        assert not committees.long_without_secretary(pine, MONDAY)
        assert not ending(world.officer.scope, MONDAY)
        set_to(world, "cadre.secretary_vacancy_months", 2)
        set_to(world, "term.warn_days", 240)
        told = signals_of(pine)[world.pine.pk]
        assert [one.code for one in told] == [Situation.W01]
        assert committees.long_without_secretary(pine, MONDAY) == {world.pine.pk: 60}
        assert list(ending(world.officer.scope, MONDAY)) == [term]


@pytest.mark.django_db
def test_reviews_are_due_and_run_out_by_the_countys_days(world: World) -> None:
    assert term_settings(world.pine.path, [MONDAY]).review_valid_days == 180
    assert answer_due(world.pine, MONDAY).on == date(2026, 3, 16)
    set_to(world, "review.days", 5)
    set_to(world, "review.valid_days", 90)

    assert answer_due(world.pine, MONDAY).on == date(2026, 3, 9)
    assert term_settings(world.pine.path, [MONDAY]).review_valid_days == 90
    assert term_settings(world.pine.path, [MONDAY - DAY]).review_valid_days == 180


@pytest.mark.pure
def test_every_key_has_its_clause_and_one_place() -> None:
    assert of_organization.LOOKBACK.key in REGISTER
    assert TOWN_MASS.key in REGISTER
    for key, one in REGISTER.items():
        assert key == one.key
        assert one.article
        assert one.label
        assert one.mark in "VPADU"


# --- the page -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_one_page_shows_what_holds_by_what_and_what_was_before(world: World) -> None:
    where = reverse("county_settings")
    said = {"key": "weak.pass_score", "amount": "85", "since": "2026-03-02", "clause": CLAUSE}
    admin = world.client(world.admin)
    with clock.at(MONDAY):
        page = admin.get(where).text
        assert "软弱涣散整顿" in page
        assert "督查督办" in page
        assert UNVERIFIED in page
        assert "定位登记" not in page.partition("登记新的标准")[0]
        assert admin.post(where, {**said, "amount": "101"}).status_code == 409
        assert admin.post(where, {**said, "key": "no.such"}).status_code == 422
        assert admin.post(where, said).status_code == 302
    with clock.at(MONDAY + DAY):
        admin.post(where, {**said, "amount": "90", "since": "2026-03-03", "clause": "无文件"})
        for reader in (world.officer, world.north_org, world.unit_admin):
            page = world.client(reader).get(where).text
            assert "2 次设定" in page
            assert CLAUSE in page
            assert "登记新的标准" not in page
            assert world.client(reader).post(where, said).status_code == 403
        assert world.client(world.pine_secretary).get(where).status_code == 403
        assert CLAUSE not in world.client(world.stranger).get(where).text

    assert CountySetting.objects.count() == 2
