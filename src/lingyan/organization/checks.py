"""Which terms, reserve cadres and rectification cases contradict themselves?"""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from lingyan.directory.models import VillageOfficer
from lingyan.directory.rules import OfficerPost
from lingyan.directory.scoping import place_q
from lingyan.organization.models import (
    ElectionCandidate,
    LeaderVisit,
    RectificationCase,
    RectProblem,
    RectSituation,
    RectSupport,
    SatisfactionVote,
    Term,
    TermChange,
    VillageReserve,
    VoteCount,
)
from lingyan.organization.rules.rectification_words import RectState
from lingyan.organization.rules.term_words import TermChangeState
from lingyan.platform.accounts.actor import Scope
from lingyan.platform.checks.table import Check, Severity

MUST, LOOK = Severity.MUST, Severity.LOOK
LISTED = (
    RectState.CONFIRMED,
    RectState.PLANNED,
    RectState.RECTIFYING,
    RectState.SELF_CHECKED,
    RectState.TOWN_CHECKED,
    RectState.ACCEPTING,
    RectState.CLEARED,
)
STARTED = LISTED[2:]
ELECTED = (
    TermChangeState.ELECTED,
    TermChangeState.PUBLISHED,
    TermChangeState.FILED,
    TermChangeState.HANDED_OVER,
    TermChangeState.LOOKED_BACK,
    TermChangeState.CLOSED,
)
PUBLISHED, FILED, HANDED_OVER = ELECTED[1:], ELECTED[2:], ELECTED[3:]


# --- terms and those who may lead -----------------------------------------------------------------


def _terms(scope: Scope) -> QuerySet[Term]:
    return Term.objects.filter(place_q(scope, "village__")).select_related("village")


def _terms_overlapping(scope: Scope) -> QuerySet[Term]:
    other = Term.objects.filter(
        Q(until__isnull=True) | Q(until__gt=OuterRef("since")),
        village=OuterRef("village"), kind=OuterRef("kind"), since__lt=OuterRef("since"),
    )  # fmt: skip
    return _terms(scope).filter(Exists(other))


def _terms_out_of_number(scope: Scope) -> QuerySet[Term]:
    other = Term.objects.filter(
        village=OuterRef("village"), kind=OuterRef("kind"),
        number__gt=OuterRef("number"), since__lt=OuterRef("since"),
    )  # fmt: skip
    return _terms(scope).filter(Exists(other))


def _reserve(scope: Scope) -> QuerySet[VillageReserve]:
    return VillageReserve.objects.filter(place_q(scope, "village__")).select_related(
        "person", "village"
    )


def _reserve_leads_already(scope: Scope) -> QuerySet[VillageReserve]:
    leads = VillageOfficer.objects.filter(
        person=OuterRef("person"), village=OuterRef("village"), until__isnull=True,
        post=OfficerPost.PARTY_SECRETARY,
    )  # fmt: skip
    return _reserve(scope).filter(Exists(leads), ended_on__isnull=True)


TERMS = (
    Check(
        "organization.terms_overlapping", MUST, "同一班子前后两届的日期重叠",
        "同一天有两届，换届对比会算重。", "核对换届日期，更正上一届的结束日期。",
        _terms_overlapping, "term_list", "", where="village",
    ),
    Check(
        "organization.terms_out_of_number", MUST, "届次的先后与日期的先后不一致",
        "“本届”“上届”会取反。", "核对届次，更正。",
        _terms_out_of_number, "term_list", "", where="village",
    ),
    Check(
        "organization.term_of_ended_village", MUST, "村已撤销，班子的任期还没有结束",
        "撤销的村还会收到换届提醒。", "按批复登记这一届的结束日期。",
        lambda scope: _terms(scope).filter(
            until__isnull=True, village__ended_on__isnull=False
        ),
        "term_list", "", where="village",
    ),
    Check(
        "organization.reserve_leads_already", LOOK, "后备干部已经是本村书记，还没有标为已使用",
        "后备力量算多了。", "把这名后备干部登记为已使用。",
        _reserve_leads_already, "reserve_detail", where="village", who="person",
    ),
    Check(
        "organization.reserve_merged", MUST, "后备干部的人员记录已并入别人",
        "从人员页面找不到他。", "撤销这次合并，重新合并。",
        lambda scope: _reserve(scope).filter(person__merged_into__isnull=False),
        "reserve_detail", where="village", who="person",
    ),
)  # fmt: skip


# --- term change ----------------------------------------------------------------------------------


def _changes(scope: Scope) -> QuerySet[TermChange]:
    return TermChange.objects.filter(place_q(scope, "village__")).select_related("village")


def _counts(scope: Scope) -> QuerySet[VoteCount]:
    return VoteCount.objects.filter(place_q(scope, "meeting__change__village__")).select_related(
        "candidate__person", "meeting__change__village"
    )


CHANGES = (
    Check(
        "organization.change_published_without_day", MUST, "选举结果已公布，没有公布日期",
        "新一届的届期从哪天算起说不清。", "报告系统管理员核查。",
        lambda scope: _changes(scope).filter(state__in=PUBLISHED, published_on__isnull=True),
        "term_change_detail", where="village",
    ),
    Check(
        "organization.change_filed_without_number", MUST, "换届已备案，没有备案文号或日期",
        "备案没有依据。", "查到备案文件，报告系统管理员补登。",
        lambda scope: _changes(scope).filter(
            Q(filing_number="") | Q(filed_on__isnull=True), state__in=FILED
        ),
        "term_change_detail", where="village",
    ),
    Check(
        "organization.change_handed_over_without_day", MUST, "换届已移交，没有移交日期",
        "十日内移交办没办到算不出来。", "报告系统管理员核查。",
        lambda scope: _changes(scope).filter(state__in=HANDED_OVER, handed_over_on__isnull=True),
        "term_change_detail", where="village",
    ),
    Check(
        "organization.candidate_without_consent", MUST, "已选举，候选人没有本人同意的日期",
        "候选人要本人同意（1.7）。", "核对同意书，补登日期。",
        lambda scope: ElectionCandidate.objects.filter(
            place_q(scope, "change__village__"), change__state__in=ELECTED,
            consented_on__isnull=True, dropped_on__isnull=True,
        ).select_related("person", "change__village"),
        "term_change_detail", "change_id", where="change.village", who="person",
    ),
    Check(
        "organization.elected_after_dropping", MUST, "退出的候选人当选了",
        "当选的结果不能成立。", "核对选举记录；属实的，宣布无效，重新选举。",
        lambda scope: _counts(scope).filter(is_elected=True, candidate__dropped_on__isnull=False),
        "term_change_detail", "meeting.change_id", where="meeting.change.village",
        who="candidate.person",
    ),
    Check(
        "organization.votes_more_than_returned", MUST, "候选人得票多于收回的选票",
        "计票有误，选举结果不能用。", "核对计票单，更正得票。",
        lambda scope: _counts(scope).filter(votes__gt=F("meeting__returned")),
        "term_change_detail", "meeting.change_id", where="meeting.change.village",
        who="candidate.person",
    ),
)  # fmt: skip


# --- rectification --------------------------------------------------------------------------------


def _cases(scope: Scope) -> QuerySet[RectificationCase]:
    return RectificationCase.objects.filter(place_q(scope, "village__")).select_related("village")


def _listed_without_situation(scope: Scope) -> QuerySet[RectificationCase]:
    found = RectSituation.objects.filter(case=OuterRef("pk"))
    return _cases(scope).filter(~Exists(found), state__in=LISTED)


def _started_without_support(scope: Scope) -> QuerySet[RectificationCase]:
    leader = RectSupport.objects.filter(case=OuterRef("pk"), kind="S1")
    return _cases(scope).filter(~Exists(leader), state__in=STARTED)


def _cleared_with_problems(scope: Scope) -> QuerySet[RectificationCase]:
    left = RectProblem.objects.filter(case=OuterRef("pk"), verified_on__isnull=True)
    return _cases(scope).filter(Exists(left), state=RectState.CLEARED)


CASES = (
    Check(
        "organization.case_without_situation", MUST, "已列入整顿，没有认定的情形",
        "说不清为什么列入，对不上症结。", "补充认定的情形和依据。",
        _listed_without_situation, "rect_case_detail", where="village",
    ),
    Check(
        "organization.case_without_document", MUST, "已列入整顿，没有县委决定的文号",
        "整顿对象由县委研究确定（4.2）。", "补登决定的日期和文号。",
        lambda scope: _cases(scope).filter(
            Q(document_number="") | Q(decided_on__isnull=True), state__in=LISTED
        ),
        "rect_case_detail", where="village",
    ),
    Check(
        "organization.case_without_leader", MUST, "整顿中，没有县级领导联村",
        "“四个一”帮扶力量未到位（VAL-15）。", "指定联村的县级领导。",
        _started_without_support, "rect_case_detail", where="village",
    ),
    Check(
        "organization.case_without_limit", MUST, "整顿中，没有开始日期或期限",
        "逾期提醒不会来。", "报告系统管理员核查。",
        lambda scope: _cases(scope).filter(
            Q(started_on__isnull=True) | Q(due_on__isnull=True), state__in=STARTED
        ),
        "rect_case_detail", where="village",
    ),
    Check(
        "organization.case_cleared_without_day", MUST, "已销号，没有销号日期",
        "三个月、六个月的回访算不出日期。", "报告系统管理员核查。",
        lambda scope: _cases(scope).filter(state=RectState.CLEARED, cleared_on__isnull=True),
        "rect_case_detail", where="village",
    ),
    Check(
        "organization.case_cleared_with_problems", MUST, "已销号，还有没核实的问题",
        "问题没有整改完不能销号（R-4-06）。", "核实问题；确实没有整改的，重新整顿。",
        _cleared_with_problems, "rect_case_detail", where="village",
    ),
    Check(
        "organization.visit_before_start", MUST, "县级领导督查的日期早于整顿开始",
        "不该算进每月一次的督查。", "核对督查记录，更正日期。",
        lambda scope: LeaderVisit.objects.filter(
            place_q(scope, "case__village__"), on__lt=F("case__started_on")
        ).select_related("case__village"),
        "rect_case_detail", "case_id", where="case.village",
    ),
    Check(
        "organization.vote_more_than_households", MUST, "满意度测评发出的票多于全村户数",
        "每户一票，测评结果不能用。", "核对户数；确实多发的，重新测评。",
        lambda scope: SatisfactionVote.objects.filter(
            place_q(scope, "inspection__case__village__"),
            issued__gt=F("households"),
        ).select_related("inspection__case__village"),
        "rect_case_detail", "inspection.case_id", where="inspection.case.village",
    ),
)  # fmt: skip

CHECKS = (*TERMS, *CHANGES, *CASES)
