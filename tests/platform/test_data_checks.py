"""Does each check find the one bad row, name it, and nothing in a county that is in order?"""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from copy import deepcopy
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lingyan.cli.check import wrong_records
from lingyan.common import clock
from lingyan.directory.models import (
    AdjoiningTowns,
    OrganizationStep,
    PartyOrganization,
    Person,
    Place,
    Relative,
    RoleAssignment,
    Unit,
    VillageOfficer,
)
from lingyan.organization import models as organization
from lingyan.pairing import models as pairing
from lingyan.platform.accounts.actor import EVERYTHING, Scope
from lingyan.platform.accounts.models import User
from lingyan.platform.audit.models import AuditEntry, ChainHead, DailyAnchor, FurtherSubject
from lingyan.platform.audit.record import record
from lingyan.platform.checks import queries, table
from lingyan.platform.checks.models import CheckRun
from lingyan.platform.columns import DerivedField, MoneyField
from lingyan.platform.exchange import models as exchange
from lingyan.platform.jobs.models import Job
from lingyan.posting import models as posting
from lingyan.supervision import models as supervision
from tests.furnished import ISSUED_ON, furnish
from tests.world import World

TODAY = date(2026, 3, 10)
BEFORE, LATER = date(2025, 1, 1), date(2027, 1, 1)


class Made:
    """Rows written past every action; what is not said is filled in and contradicts nothing."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.known: dict[type[models.Model], models.Model] = {
            Place: world.pine,
            Unit: world.finance,
            Person: world.li,
            User: User.objects.get(username="officer"),
        }

    def __call__(self, model: type[models.Model], **values: Any) -> Any:
        for one in model._meta.concrete_fields:
            if one.name not in values and one.attname not in values and is_asked(one):
                values[one.name] = self.filled(one)
        return model._base_manager.create(**values)

    def filled(self, one: Any) -> Any:
        if one.is_relation:
            related = one.related_model
            if one.name == "county":
                return self.world.county
            return self.known.get(related) or self(related)
        if one.choices:
            return one.choices[0][0]
        if isinstance(one, models.DateTimeField):
            return clock.now()
        if isinstance(one, models.DateField):
            return {"until": LATER, "planned_until": LATER, "since": BEFORE}.get(one.name, TODAY)
        if isinstance(one, MoneyField):
            return Decimal(100)
        if isinstance(one, models.UUIDField):
            return uuid.uuid4()
        if isinstance(one, models.BooleanField):
            return False
        if isinstance(one, models.IntegerField):
            return 1
        if isinstance(one, models.CharField | models.TextField):
            return "某"
        return one.get_default()


def is_asked(one: Any) -> bool:
    if one.primary_key or one.null or one.has_default() or isinstance(one, DerivedField):
        return False
    return not (one.blank and isinstance(one, models.CharField | models.TextField))


def moved(thing: Any, **values: Any) -> Any:
    """Change a row past every action."""
    type(thing)._base_manager.filter(pk=thing.pk).update(**values)
    thing.refresh_from_db()
    return thing


def office(m: Made, post: str = "clerk", **values: Any) -> VillageOfficer:
    return m(VillageOfficer, post=post, **{"until": None, **values})


def sent(m: Made, **values: Any) -> posting.Posting:
    return m(posting.Posting, **{"until": None, **values})


def pair(m: Made, **values: Any) -> pairing.Pairing:
    term = {"since": BEFORE, "planned_until": LATER, "signed_on": BEFORE, "state": "active"}
    return m(pairing.Pairing, **{**term, **values})


def branch(m: Made, **values: Any) -> PartyOrganization:
    fine = {"state": "active", "since": BEFORE, "until": None, "member_count": 9, "kind": "branch"}
    one = m(PartyOrganization, **{**fine, **values})
    m(OrganizationStep, organization=one, document_number="山委组（2025）1号")
    return one


def case(m: Made, **values: Any) -> organization.RectificationCase:
    """A village under rectification in which nothing is missing."""
    fine = {"state": "rectifying", "decided_on": BEFORE, "document_number": "山委（2025）1号",
            "started_on": BEFORE, "due_on": LATER}  # fmt: skip
    one = m(organization.RectificationCase, **{**fine, **values})
    m(organization.RectSituation, case=one)
    m(organization.RectSupport, case=one, kind="S1")
    return one


def change(m: Made, **values: Any) -> organization.TermChange:
    fine = {"published_on": TODAY, "filed_on": TODAY, "filing_number": "山组备（2026）1号",
            "handed_over_on": TODAY}  # fmt: skip
    return m(organization.TermChange, **{**fine, **values})


def votes(m: Made, *, count: int = 6, **values: Any) -> organization.VoteCount:
    """What one candidate got of ten slips that came back."""
    of = change(m, state="elected")
    stands = m(organization.ElectionCandidate, change=of, **{"consented_on": TODAY, **values})
    met = m(organization.ElectionMeeting, change=of, due=10, attended=10, issued=10, returned=10,
            valid=10)  # fmt: skip
    return m(organization.VoteCount, meeting=met, candidate=stands, votes=count, is_elected=True)


def task(m: Made, **values: Any) -> supervision.SupervisionTask:
    return m(supervision.SupervisionTask, source_id=None, level="village", **values)


def fund(m: Made, **values: Any) -> pairing.PairFund:
    return m(pairing.PairFund, **{"arrived": 0, "spent": 0, "committed": 0, **values})


def joined(one: Any, pairs: pairing.Pairing) -> Any:
    one.pairings.add(pairs)
    return one


def scheme(m: Made, **values: Any) -> posting.AppraisalCycle:
    return m(posting.AppraisalCycle, **{"scheme": {}, **values})


def month(m: Made, **values: Any) -> posting.PaymentLine:
    line = {"list": m(posting.PaymentList), "posting": sent(m), "days": None, "month": BEFORE}
    return m(posting.PaymentLine, **{**line, **values})


def ended(w: World) -> Place:
    return moved(w.brook, ended_on=BEFORE)


def twin(m: Made, w: World, **values: Any) -> Person:
    return m(Person, number="R0099", name="吴甲八", place=w.county, **values)


def history(w: World) -> AuditEntry:
    for _ in range(3):
        record("directory.place.changed", actor=w.admin, subject=w.pine, changes={})
    return AuditEntry.objects.order_by("number")[1]


# The bad row of each check, made past every action; it alone is found.
BAD: dict[str, Callable[[Made, World], Any]] = {
    # --- 名录
    "directory.place_without_parent": lambda m, w: moved(w.pine, parent=None),
    "directory.place_of_wrong_level": lambda m, w: moved(w.pine, parent=w.county),
    "directory.place_outside_parent": lambda m, w: moved(w.pine, path="000100029999"),
    "directory.place_under_ended": lambda m, w: (
        moved(w.south, ended_on=BEFORE), [w.stone, w.mill])[-1],
    "directory.place_twice": lambda m, w: (
        moved(w.stone, short_name=w.mill.short_name), [w.stone, w.mill])[-1],
    "directory.place_ended_without_successor": lambda m, w: ended(w),
    "directory.place_code_malformed": lambda m, w: moved(w.pine, code="9901"),
    "directory.village_without_code": lambda m, w: moved(w.pine, code=""),
    "directory.place_ended_before_begun": lambda m, w: moved(
        w.pine, since=TODAY, ended_on=BEFORE),
    "directory.adjoining_no_towns": lambda m, w: m(AdjoiningTowns, first=w.north, second=w.pine),
    "directory.unit_credit_code_twice": lambda m, w: [
        moved(one, credit_code="911100001000000017") for one in (w.finance, w.school)],
    "directory.unit_of_ended_place": lambda m, w: moved(w.finance, place=ended(w)),
    "directory.person_born_when": lambda m, w: moved(w.li, birth_on=date(1885, 3, 2)),
    "directory.person_worked_as_child": lambda m, w: moved(
        w.li, work_started_on=date(1995, 1, 1)),
    "directory.person_member_as_child": lambda m, w: moved(w.li, party_joined_on=date(2000, 1, 1)),
    "directory.member_without_day": lambda m, w: moved(w.li, party_joined_on=None),
    "directory.day_without_member": lambda m, w: moved(w.li, political_status="mass"),
    "directory.person_of_ended_place": lambda m, w: moved(w.li, place=ended(w)),
    "directory.merged_into_merged": lambda m, w: (
        moved(w.wang, merged_into=w.zhao), moved(w.li, merged_into=w.wang))[-1],
    "directory.merged_in_office": lambda m, w: (
        moved(w.li, merged_into=w.wang), office(m))[-1],
    "directory.office_of_no_village": lambda m, w: office(m, village=w.north),
    "directory.office_of_ended_village": lambda m, w: office(m, village=ended(w)),
    "directory.office_to_come": lambda m, w: office(m, since=LATER),
    "directory.office_as_child": lambda m, w: office(m, since=date(2001, 1, 1)),
    "directory.office_ended_without_reason": lambda m, w: office(m, until=TODAY),
    "directory.two_secretaries": lambda m, w: [
        office(m, "party_secretary", person=one) for one in (w.li, w.wang)],
    "directory.two_directors": lambda m, w: [
        office(m, "vc_director", person=one) for one in (w.li, w.wang)],
    "directory.two_chairs": lambda m, w: [
        office(m, "coop_chair", person=one) for one in (w.li, w.wang)],
    "directory.party_post_of_no_member": lambda m, w: (
        moved(w.li, political_status="mass", party_joined_on=None),
        office(m, "party_secretary"))[-1],
    "directory.supervisor_is_manager": lambda m, w: (
        office(m, "cashier"), office(m, "sup_member"))[-1],
    "directory.supervisor_of_relatives": lambda m, w: (
        office(m, "sup_director"), office(m, "vc_director", person=w.wang),
        m(Relative, person=w.wang, other=w.li))[-1],
    "directory.relation_told_twice": lambda m, w: [
        m(Relative, person=w.wang, other=w.li), m(Relative, person=w.li, other=w.wang)],
    "directory.organization_own_parent": lambda m, w: (
        one := branch(m), moved(one, parent=one))[-1],
    "directory.organization_under_ended": lambda m, w: branch(
        m, parent=branch(m, name="旧支部", state="dissolved", until=TODAY)),
    "directory.organization_without_first_day": lambda m, w: branch(m, since=None),
    "directory.organization_ended_in_name": lambda m, w: branch(m, state="dissolved"),
    "directory.organization_merged_nowhere": lambda m, w: branch(m, state="merged", until=TODAY),
    "directory.organization_without_document": lambda m, w: (
        one := branch(m), one.steps.update(document_number=""), one)[-1],
    "directory.branch_too_small": lambda m, w: branch(m, member_count=2),
    "directory.branch_too_large": lambda m, w: branch(m, member_count=51),
    "directory.organization_of_ended_place": lambda m, w: branch(m, place=ended(w)),
    "directory.account_without_role": lambda m, w: User.objects.create_user("idle", name="闲丙四"),
    "directory.role_of_ended_place": lambda m, w: (
        ended(w), m(RoleAssignment, role="village_secretary", place=w.brook, until=None))[-1],
    "directory.role_of_closed_account": lambda m, w: (
        User.objects.filter(username="north").update(is_active=False),
        RoleAssignment.objects.get(user__username="north"))[-1],
    # --- 精准选派
    "posting.left_without_day": lambda m, w: sent(m, state="completed"),
    "posting.day_without_leaving": lambda m, w: sent(m, state="active", until=date(2026, 1, 1)),
    "posting.ended_before_begun": lambda m, w: sent(m, state="completed", until=date(2024, 1, 1)),
    "posting.of_no_village": lambda m, w: sent(m, village=w.north),
    "posting.of_ended_village": lambda m, w: sent(m, village=ended(w)),
    "posting.of_merged_person": lambda m, w: (moved(w.li, merged_into=w.wang), sent(m))[-1],
    "posting.without_document": lambda m, w: sent(m, document_number=""),
    "posting.arrived_outside": lambda m, w: sent(m, arrived_on=date(2024, 12, 31)),
    "posting.at_home": lambda m, w: (moved(w.li, native_place=w.pine), sent(m))[-1],
    "posting.secretary_no_member": lambda m, w: (
        moved(w.li, political_status="probationary"), sent(m, kind="first_secretary"))[-1],
    "posting.secretary_in_a_seat": lambda m, w: (
        office(m, "party_committee_member"), sent(m, kind="first_secretary"))[-1],
    "posting.follows_itself": lambda m, w: (one := sent(m), moved(one, predecessor=one))[-1],
    "posting.pool_selected_nowhere": lambda m, w: m(posting.PoolEntry, state="selected"),
    "posting.pool_free_but_sent": lambda m, w: (
        sent(m), m(posting.PoolEntry, state="in_pool"))[-1],
    "posting.need_without_day": lambda m, w: m(posting.NeedList, state="issued"),
    "posting.need_lower_above": lambda m, w: m(
        posting.NeedList, member_seats=1, member_lower=2),
    "posting.need_of_ended_village": lambda m, w: m(posting.NeedList, village=ended(w)),
    "posting.round_village_elsewhere": lambda m, w: m(
        posting.RoundVillage, village=w.brook, need_list=m(posting.NeedList, village=w.pine)),
    "posting.round_without_plan": lambda m, w: m(posting.Round, state="deliberated"),
    "posting.round_plan_elsewhere": lambda m, w: m(
        posting.Round, name="第二批",
        chosen_plan=m(posting.Plan, round=m(posting.Round), verified=True)),
    "posting.round_plan_unproved": lambda m, w: (
        one := m(posting.Round),
        moved(one, state="deliberated", chosen_plan=m(posting.Plan, round=one, verified=False)),
    )[-1],
    "posting.round_days_out_of_order": lambda m, w: m(
        posting.Round, decided_on=TODAY, announced_on=BEFORE),
    "posting.round_issued_without_document": lambda m, w: (
        one := m(posting.Round),
        moved(one, state="issued", issued_on=TODAY,
              chosen_plan=m(posting.Plan, round=one, verified=True)),
    )[-1],
    "posting.leaves_overlapping": lambda m, w: [
        m(posting.LeaveRequest, posting=one, state="approved", since=BEFORE, until=day)
        for one in [sent(m)] for day in (TODAY, LATER)],
    "posting.leave_outside_term": lambda m, w: m(
        posting.LeaveRequest, posting=sent(m), since=date(2024, 1, 1), state="approved"),
    "posting.diary_outside_term": lambda m, w: m(
        posting.DiaryEntry, posting=sent(m), happened_on=date(2024, 1, 1)),
    "posting.visit_outside_term": lambda m, w: m(
        posting.Visit, posting=sent(m), happened_on=date(2024, 1, 1)),
    "posting.month_too_long": lambda m, w: m(
        posting.MonthPresence, posting=sent(m), days=30, leave_days=2),
    "posting.problem_solved_early": lambda m, w: m(
        posting.Problem, posting=sent(m), found_on=TODAY, solved_on=BEFORE),
    "posting.recall_after_leaving": lambda m, w: m(
        posting.RecallCase, posting=sent(m, state="completed", until=TODAY), state="heard"),
    "posting.replacement_without_posting": lambda m, w: m(
        posting.Replacement, posting=sent(m), person=w.wang, state="issued",
        plan=m(posting.Plan, round=m(posting.Round))),
    "posting.payment_own_check": lambda m, w: m(
        posting.PaymentList, made_by_id=1, checked_by_id=1),
    "posting.payment_without_voucher": lambda m, w: m(
        posting.PaymentList, state="paid", paid_on=TODAY),
    "posting.payment_miscounted": lambda m, w: month(m, days=20, rate=60, amount=1100),
    "posting.payment_outside_term": lambda m, w: month(
        m, posting=sent(m, state="completed", until=TODAY), month=date(2026, 4, 1)),
    "posting.fund_overspent": lambda m, w: m(
        posting.WorkFundEntry, amount=101, corrects=None,
        budget=m(posting.WorkFundBudget, posting=sent(m), amount=100)).budget,
    "posting.insured_twice": lambda m, w: [
        m(posting.InsurancePolicy, posting=one, number=number)
        for one in [sent(m)] for number in "12"],
    "posting.honor_without_document": lambda m, w: m(
        posting.Honor, posting=sent(m), state="granted"),
    "posting.appraisal_without_decision": lambda m, w: scheme(m, state="notified"),
    "posting.grade_changed_without_reason": lambda m, w: m(
        posting.AppraisalEntry, cycle=scheme(m), posting=sent(m), computed_grade="basic",
        grade="excellent"),
    # --- 组织联建
    "pairing.active_without_term": lambda m, w: pair(m, planned_until=None),
    "pairing.active_without_agreement": lambda m, w: pair(m, signed_on=None),
    "pairing.active_beyond_end": lambda m, w: pair(m, planned_until=date(2026, 1, 1)),
    "pairing.over_without_day": lambda m, w: pair(m, state="ended"),
    "pairing.day_without_end": lambda m, w: pair(m, until=TODAY),
    "pairing.over_before_begun": lambda m, w: pair(m, state="ended", until=date(2024, 1, 1)),
    "pairing.of_ended_village": lambda m, w: pair(m, village=ended(w)),
    "pairing.follows_itself": lambda m, w: (one := pair(m), moved(one, predecessor=one))[-1],
    "pairing.round_without_plan": lambda m, w: m(pairing.PairRound, state="decided"),
    "pairing.activity_to_come": lambda m, w: joined(
        m(pairing.PairActivity, state="held", day=LATER), pair(m)),
    "pairing.activity_of_nobody": lambda m, w: m(pairing.PairActivity, state="held", day=TODAY),
    "pairing.activity_before_pairs": lambda m, w: joined(
        m(pairing.PairActivity, state="held", day=date(2024, 1, 1)), pair(m)),
    "pairing.activity_unlike_people": lambda m, w: joined(
        m(pairing.PairActivity, state="held", day=TODAY, members_there=2), pair(m)),
    "pairing.deed_confirmed_early": lambda m, w: m(
        pairing.PairDeed, done_on=TODAY, confirmed_on=BEFORE),
    "pairing.project_closed_without_day": lambda m, w: m(pairing.PairProject, state="done"),
    "pairing.milestone_to_come": lambda m, w: m(pairing.ProjectMilestone, reached_on=LATER),
    "pairing.fund_unlike_entries": lambda m, w: fund(m, arrived=100),
    "pairing.fund_spent_beyond": lambda m, w: m(
        pairing.PairFundEntry, stage="spent", corrects=None, amount=100,
        fund=fund(m, spent=100)).fund,
    "pairing.problem_solved_early": lambda m, w: m(
        pairing.PairProblem, raised_on=TODAY, solved_on=BEFORE),
    "pairing.problem_handled_by_nobody": lambda m, w: m(
        pairing.PairProblem, handled_on=TODAY),
    "pairing.assessment_own_check": lambda m, w: m(
        pairing.PairAssessment, pairing=pair(m), evaluated_by_id=1, confirmed_by_id=1),
    "pairing.site_of_nobody": lambda m, w: m(pairing.DemoSite),
    # --- 组织建设
    "organization.terms_overlapping": lambda m, w: [
        m(organization.Term, number=1, since=BEFORE, until=LATER),
        m(organization.Term, number=2, since=TODAY, until=None)][1],
    "organization.terms_out_of_number": lambda m, w: [
        m(organization.Term, number=2, since=BEFORE, until=TODAY),
        m(organization.Term, number=1, since=TODAY, until=None)][1],
    "organization.term_of_ended_village": lambda m, w: m(
        organization.Term, village=ended(w), until=None),
    "organization.reserve_leads_already": lambda m, w: (
        office(m, "party_secretary"), m(organization.VillageReserve))[-1],
    "organization.reserve_merged": lambda m, w: (
        moved(w.li, merged_into=w.wang), m(organization.VillageReserve))[-1],
    "organization.change_published_without_day": lambda m, w: change(
        m, state="published", published_on=None),
    "organization.change_filed_without_number": lambda m, w: change(
        m, state="filed", filing_number=""),
    "organization.change_handed_over_without_day": lambda m, w: change(
        m, state="handed_over", handed_over_on=None),
    "organization.candidate_without_consent": lambda m, w: m(
        organization.ElectionCandidate, change=change(m, state="elected")),
    "organization.elected_after_dropping": lambda m, w: votes(m, dropped_on=TODAY),
    "organization.votes_more_than_returned": lambda m, w: votes(m, count=11),
    "organization.case_without_situation": lambda m, w: (
        one := case(m), one.situations.all().delete(), one)[-1],
    "organization.case_without_document": lambda m, w: case(m, document_number=""),
    "organization.case_without_leader": lambda m, w: (
        one := case(m), one.supports.all().delete(), one)[-1],
    "organization.case_without_limit": lambda m, w: case(m, due_on=None),
    "organization.case_cleared_without_day": lambda m, w: case(m, state="cleared"),
    "organization.case_cleared_with_problems": lambda m, w: m(
        organization.RectProblem, case=case(m, state="cleared", cleared_on=TODAY)).case,
    "organization.visit_before_start": lambda m, w: m(
        organization.LeaderVisit, case=(one := case(m)), support=one.supports.get(),
        on=date(2024, 1, 1)),
    "organization.vote_more_than_households": lambda m, w: m(
        organization.SatisfactionVote, households=10, issued=11,
        inspection=m(organization.RectInspection, case=case(m))),
    # --- 督查督办
    "supervision.task_taken_by_nobody": lambda m, w: task(m, state="accepted"),
    "supervision.task_answered_without_day": lambda m, w: task(m, state="submitted"),
    "supervision.task_without_evidence": lambda m, w: task(
        m, state="verified", answered_on=TODAY, is_evidence_required=True),
    "supervision.task_checked_by_answerer": lambda m, w: task(
        m, answered_by_name="陈乙一", checked_by_name="陈乙一"),
    "supervision.task_with_you_before_it_came": lambda m, w: task(
        m, came_at=clock.now(), with_you_at=clock.now() - timedelta(days=1)),
    "supervision.interview_without_record": lambda m, w: m(
        supervision.Interview, state="held", held_on=TODAY, decided_on=TODAY),
    "supervision.interview_held_early": lambda m, w: m(
        supervision.Interview, decided_on=TODAY, held_on=BEFORE),
    "supervision.override_for_ever": lambda m, w: m(supervision.GateOverride, since=BEFORE),
    "supervision.override_ended_before_begun": lambda m, w: m(
        supervision.GateOverride, since=TODAY, until=BEFORE),
    # --- 表格导入导出
    "exchange.import_stuck": lambda m, w: m(
        exchange.Import, state="applying", created_at=clock.now() - timedelta(hours=2)),
    "exchange.import_without_rows": lambda m, w: m(
        exchange.Import, state="applied", new_count=3, applied_at=clock.now()),
    "exchange.import_without_day": lambda m, w: m(exchange.Import, state="applied"),
    "exchange.request_without_limit": lambda m, w: m(
        exchange.ExportRequest, state="approved", decided_by_name="何乙四"),
    "exchange.request_decided_by_nobody": lambda m, w: m(
        exchange.ExportRequest, state="refused"),
    "exchange.export_of_nobody": lambda m, w: m(exchange.Export, created_by_name=""),
    # --- 操作留痕
    "audit.gap": lambda m, w: (history(w).delete(), AuditEntry.objects.first())[-1],
    "audit.torn": lambda m, w: moved(history(w), previous_hash="0" * 64),
    "audit.head_apart": lambda m, w: (
        history(w), moved(ChainHead.objects.get(), last_number=99))[-1],
    "audit.anchor_ahead": lambda m, w: DailyAnchor.objects.create(
        day=TODAY, day_count=1, last_number=99, last_hash="0" * 64),
    "audit.acted_later": lambda m, w: moved(
        history(w), acted_at=datetime(2026, 3, 12, tzinfo=clock.BEIJING),
        written_at=datetime(2026, 3, 10, tzinfo=clock.BEIJING)),
    "audit.of_nobody": lambda m, w: moved(history(w), actor_name=""),
    "audit.of_unknown_account": lambda m, w: moved(history(w), actor_user_id=987654),
}  # fmt: skip


def codes() -> list[str]:
    return [check.code for check in table.every_check()]


def of_code(code: str) -> table.Check:
    return next(check for check in table.every_check() if check.code == code)


def test_there_are_sixty_checks_each_with_a_code_of_its_own_and_a_bad_row() -> None:
    assert len(codes()) >= 60
    assert len(set(codes())) == len(codes())
    assert set(codes()) == set(BAD)


def test_the_one_bad_row_is_found_and_named_and_nothing_before_it(
    world: World, subtests: pytest.Subtests
) -> None:
    """One scene for all: each bad row is taken back before the next."""
    for code, make in BAD.items():
        own = deepcopy(world)
        with subtests.test(code), clock.at(TODAY), transaction.atomic():
            one_bad_row_is_found(of_code(code), lambda own=own, make=make: make(Made(own), own))
            transaction.set_rollback(True)


def one_bad_row_is_found(check: table.Check, make: Callable[[], Any]) -> None:
    assert queries.count_rows(check, EVERYTHING) == 0

    bad = make()

    with CaptureQueriesContext(connection) as asked:
        rows = list(queries.list_rows(check, EVERYTHING))
        names = [(check.name(row), check.place(row), check.url(row)) for row in rows]
    wanted = bad if isinstance(bad, list) else [bad]
    assert {row.pk for row in rows} == {one.pk for one in wanted}
    assert queries.count_rows(check, EVERYTHING) == len(wanted)
    assert len(asked) == 1
    assert all(name and "." not in name.split(" ")[0] for name, *_ in names)
    if check.who:
        assert all(isinstance(check.person(row), Person) for row in rows)


def test_where_all_is_in_order_nothing_is_found(world: World) -> None:
    """Rows of every kind, made by the product's own actions."""
    furnish(world)
    # Two rows of that scene are written straight into the tables.
    Person.objects.filter(number="N0001").update(party_joined_on=BEFORE)
    made = Made(world)
    made(organization.RectSupport, case=organization.RectificationCase.objects.get(), kind="S1")

    with clock.at(ISSUED_ON):
        wrong = {
            check.code: [check.name(row) for row in queries.list_rows(check, EVERYTHING)]
            for check in table.every_check()
        }

    assert {code: names for code, names in wrong.items() if names} == {}


def test_a_row_of_the_next_county_is_not_shown(world: World) -> None:
    bad = moved(world.elsewhere, code="9902")
    check = of_code("directory.place_code_malformed")

    assert list(queries.list_rows(check, EVERYTHING)) == [bad]
    assert not queries.count_rows(check, world.admin.scope)
    assert not queries.count_rows(check, Scope())


def test_the_page_of_the_administrator(
    world: World, django_capture_on_commit_callbacks: Any, django_assert_max_num_queries: Any
) -> None:
    client, stranger = world.client(world.admin), world.client(world.officer)
    moved(world.pine, code="")
    assert "还没有检查过" in client.get(reverse("data_checks")).content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(reverse("data_check_run"))

    assert page.url == reverse("job", args=[Job.objects.get().pk])
    run = CheckRun.objects.get()
    assert run.counts["directory.village_without_code"] == 1
    assert not {"audit.gap", "directory.role_of_ended_place"} & run.counts.keys()
    with django_assert_max_num_queries(12):
        shown = client.get(reverse("data_checks")).content.decode()
    assert "1 项有问题，共 1 条" in shown
    rows = client.get(reverse("data_check", args=["directory.village_without_code"]))
    assert "松树村" in rows.content.decode()
    assert reverse("place", args=[world.pine.pk]) in rows.content.decode()
    moved(world.pine, code="990100100200")
    rows = client.get(reverse("data_check", args=["directory.village_without_code"]))
    assert "现在没有这样的记录" in rows.content.decode()
    for name in ("data_checks", "data_checks_export"):
        assert stranger.get(reverse(name)).status_code == 403
    assert stranger.post(reverse("data_check_run")).status_code == 403
    assert client.get(reverse("data_check", args=["audit.gap"])).status_code == 404
    assert client.get(reverse("data_check", args=["nothing.there"])).status_code == 404


def test_the_installation_has_checks_of_its_own(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    client = world.client(world.sys_admin)
    User.objects.create_user("idle", name="闲丙四")

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("data_check_run"))

    run = CheckRun.objects.get()
    assert run.counts["directory.account_without_role"] == 1
    assert "directory.village_without_code" not in run.counts
    assert "闲丙四" in client.get(
        reverse("data_check", args=["directory.account_without_role"])
    ).content.decode()  # fmt: skip
    assert client.get(
        reverse("data_check", args=["directory.village_without_code"])
    ).status_code == 404  # fmt: skip


def test_the_workbook_names_each_row_and_leaves_a_trace(world: World, settings: Any) -> None:
    client = world.client(world.admin)
    for village in (world.pine, world.brook, world.mill):
        moved(village, code="")
    moved(world.li, party_joined_on=None)
    settings.EXPORT_ROWS_MAX = 3

    file = client.get(reverse("data_checks_export"))

    sheet = openpyxl.load_workbook(io.BytesIO(file.content)).worksheets[0]
    lines = [[str(cell) for cell in row if cell] for row in sheet.values]
    assert [row for row in lines if "松树村" in row]
    assert sum("名录" in row for row in lines) == 3
    one = client.get(reverse("data_checks_export") + "?check=directory.member_without_day")
    sheet = openpyxl.load_workbook(io.BytesIO(one.content)).worksheets[0]
    assert any("李甲一" in map(str, row) for row in sheet.values)
    entry = AuditEntry.objects.filter(action="checks.rows.exported").order_by("number").last()
    assert entry.is_reading
    assert FurtherSubject.objects.filter(
        entry_number=entry.number, subject_id=str(world.li.pk)
    ).exists()


def test_every_row_of_a_thousand_costs_the_same_questions(world: World) -> None:
    """One question to count and one for all rows, however many there are."""
    check = of_code("directory.member_without_day")
    Person.objects.bulk_create(
        Person(number=f"T{number:04d}", name=f"赵甲{number}", place=world.county,
               political_status="full_member")
        for number in range(1000)
    )  # fmt: skip

    with CaptureQueriesContext(connection) as asked:
        found = list(queries.list_found(world.admin, check.code, 5000))

    assert len(found) == 1000
    assert len(asked) == 1


def test_the_command_names_places_counts_people_and_tells_how_far_it_is(world: World) -> None:
    moved(world.pine, code="")
    moved(world.li, political_status="mass")
    told: list[tuple[int, int]] = []

    wrong = {
        one.check.code: one for one in wrong_records(lambda done, total: told.append((done, total)))
    }

    assert set(wrong) == {"directory.village_without_code", "directory.day_without_member"}
    place = wrong["directory.village_without_code"]
    assert place.text() == (
        "! 名录：村没有区划代码，1 条（提示）：松树村。在区划里补上 12 位代码和版本。"
    )
    assert place.data()["count"] == 1
    assert place.data()["severity"] == "note"
    assert "李甲一" not in wrong["directory.day_without_member"].text()
    assert told[-1] == (len(codes()), len(codes()))
