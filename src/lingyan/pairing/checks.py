"""Which records of pairing contradict each other? One table of checks, one query each."""

from __future__ import annotations

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from lingyan.common import clock
from lingyan.directory.scoping import place_q
from lingyan.pairing.models import (
    ActivityParticipant,
    DemoSite,
    PairActivity,
    PairAssessment,
    PairDeed,
    PairFund,
    Pairing,
    PairProblem,
    PairProject,
    PairRound,
    ProjectMilestone,
)
from lingyan.pairing.rules.activity_words import ActivityState
from lingyan.pairing.rules.words import PairingState
from lingyan.platform.accounts.actor import Scope
from lingyan.platform.checks.table import Check, Severity

MUST, LOOK, NOTE = Severity.MUST, Severity.LOOK, Severity.NOTE
OVER = (PairingState.ENDED, PairingState.DISSOLVED)


def _pairings(scope: Scope) -> QuerySet[Pairing]:
    return Pairing.objects.filter(place_q(scope, "village__")).select_related("unit", "village")


def _active(scope: Scope) -> QuerySet[Pairing]:
    return _pairings(scope).filter(state=PairingState.ACTIVE)


def _activities(scope: Scope) -> QuerySet[PairActivity]:
    return PairActivity.objects.filter(place_q(scope, "county__")).select_related("county")


def _activity_of_nobody(scope: Scope) -> QuerySet[PairActivity]:
    pairs = PairActivity.pairings.through.objects.filter(pairactivity=OuterRef("pk"))
    return _activities(scope).filter(~Exists(pairs), state=ActivityState.HELD)


def _activity_before_pairs(scope: Scope) -> QuerySet[PairActivity]:
    pairs = PairActivity.pairings.through.objects.filter(
        pairactivity=OuterRef("pk"), pairing__since__gt=OuterRef("day")
    )
    return _activities(scope).filter(Exists(pairs), state=ActivityState.HELD)


def _activity_unlike_people(scope: Scope) -> QuerySet[PairActivity]:
    """The number that the figure adds up is that of the participants (X13)."""
    there = ActivityParticipant.objects.members_there().filter(activity=OuterRef("pk"))
    counted = there.order_by().values("activity").annotate(there=Count("pk")).values("there")
    found = _activities(scope).alias(there=Coalesce(Subquery(counted), 0))
    return found.exclude(members_there=F("there"))


def _funds(scope: Scope) -> QuerySet[PairFund]:
    return PairFund.objects.filter(place_q(scope, "village__")).select_related("village")


def _fund_unlike_entries(scope: Scope) -> QuerySet[PairFund]:
    """The three amounts are those of the entries; a correction is an entry below nought."""
    sums = {
        f"sum_{stage}": Sum(
            Case(
                When(entries__stage=stage, then=F("entries__amount")),
                default=Value(0),
                output_field=IntegerField(),
            )
        )
        for stage in ("committed", "arrived", "spent")
    }
    wrong = Q()
    for stage in ("committed", "arrived", "spent"):
        wrong |= ~Q(**{stage: F(f"sum_{stage}")})
    return _funds(scope).annotate(**sums).filter(wrong)


def _problems(scope: Scope) -> QuerySet[PairProblem]:
    return PairProblem.objects.filter(place_q(scope, "village__")).select_related("village")


def _site_of_nobody(scope: Scope) -> QuerySet[DemoSite]:
    pairs = DemoSite.pairings.through.objects.filter(demosite=OuterRef("pk"))
    return DemoSite.objects.filter(
        place_q(scope, "county__"), ~Exists(pairs), revoked_on__isnull=True
    ).select_related("county")


PAIRS = (
    Check(
        "pairing.active_without_term", MUST, "结对共建中，没有开始日期或到期日",
        "到期提醒不会来，年度统计会漏掉。", "打开结对，重新登记协议。",
        lambda scope: _active(scope).filter(
            Q(since__isnull=True) | Q(planned_until__isnull=True)
        ),
        "pairing_detail", where="village",
    ),
    Check(
        "pairing.active_without_agreement", LOOK, "结对共建中，没有签订日期",
        "没有协议的结对说不清双方的责任。", "补签协议，登记签订日期。",
        lambda scope: _active(scope).filter(signed_on__isnull=True),
        "pairing_detail", where="village",
    ),
    Check(
        "pairing.active_beyond_end", LOOK, "已过到期日，还是共建中",
        "过期的结对还在计入统计。", "续签，或办理到期结束。",
        lambda scope: _active(scope).filter(planned_until__lt=clock.today()),
        "pairing_detail", where="village",
    ),
    Check(
        "pairing.over_without_day", MUST, "结对已结束，没有结束日期",
        "这一年的活动和资金归不到期内。", "核对结束的文件，报告系统管理员补登。",
        lambda scope: _pairings(scope).filter(state__in=OVER, until__isnull=True),
        "pairing_detail", where="village",
    ),
    Check(
        "pairing.day_without_end", MUST, "有结束日期，状态还是共建中",
        "统计里算结对，名册里又已结束。", "办理到期结束，或更正日期。",
        lambda scope: _active(scope).filter(until__isnull=False),
        "pairing_detail", where="village",
    ),
    Check(
        "pairing.over_before_begun", MUST, "结束日期早于开始日期",
        "结对时间算成负数。", "核对协议，报告系统管理员更正。",
        lambda scope: _pairings(scope).filter(until__lt=F("since")),
        "pairing_detail", where="village",
    ),
    Check(
        "pairing.of_ended_village", MUST, "村已撤销，结对还在共建中",
        "撤销的村还占着一个单位。", "结束这一对，与承继的村重新结对。",
        lambda scope: _active(scope).filter(village__ended_on__isnull=False),
        "pairing_detail", where="village",
    ),
    Check(
        "pairing.follows_itself", MUST, "前一期结对是它自己或另一个村的",
        "续签的历史接不上。", "报告系统管理员核查前一期。",
        lambda scope: _pairings(scope).filter(
            Q(predecessor=F("pk"))
            | Q(predecessor__isnull=False) & ~Q(predecessor__village=F("village"))
        ),
        "pairing_detail", where="village",
    ),
    Check(
        "pairing.round_without_plan", MUST, "结对批次已决定，没有选定方案",
        "不知道决定的是哪一个方案。", "重新打开批次，选定方案后再决定。",
        lambda scope: PairRound.objects.filter(
            place_q(scope, "county__"), state="decided", chosen_plan__isnull=True
        ).select_related("county"),
        "pair_round_detail", where="county",
    ),
)  # fmt: skip

WORK = (
    Check(
        "pairing.activity_to_come", MUST, "联建活动写着已开展，日期在今天以后",
        "还没有开展的算进了场次。", "更正日期，或取消后列入计划。",
        lambda scope: _activities(scope).filter(
            state=ActivityState.HELD, day__gt=clock.today()
        ),
        "activity_detail", where="county",
    ),
    Check(
        "pairing.activity_of_nobody", MUST, "联建活动没有对应的结对",
        "不算任何一对的五个一。", "取消，在结对的页面重新登记。",
        _activity_of_nobody, "activity_detail", where="county",
    ),
    Check(
        "pairing.activity_before_pairs", MUST, "联建活动早于结对的开始日期",
        "结对以前的活动算进了结对。", "更正日期，或改为当时结对的单位。",
        _activity_before_pairs, "activity_detail", where="county",
    ),
    Check(
        "pairing.activity_unlike_people", MUST, "联建活动的到场党员数与参加人名单不一致",
        "公布的到村人次与名单对不上。", "报告系统管理员核查这场活动的登记。",
        _activity_unlike_people, "activity_detail", where="county",
    ),
    Check(
        "pairing.deed_confirmed_early", MUST, "实事的确认日期早于办成日期",
        "群众确认了还没有办的事。", "核对后更正日期。",
        lambda scope: PairDeed.objects.filter(
            place_q(scope, "county__"), confirmed_on__lt=F("done_on")
        ).select_related("county"),
        "deed_detail", where="county",
    ),
    Check(
        "pairing.project_closed_without_day", MUST, "共建项目已完成或停止，没有日期",
        "年度统计归不到哪一年。", "打开项目，补登日期。",
        lambda scope: PairProject.objects.filter(
            place_q(scope, "county__"), closed_on__isnull=True
        ).exclude(state="running").select_related("county"),
        "project_detail", where="county",
    ),
    Check(
        "pairing.milestone_to_come", LOOK, "项目节点的完成日期在今天以后",
        "还没有完成的算成完成。", "更正节点的完成日期。",
        lambda scope: ProjectMilestone.objects.filter(
            place_q(scope, "project__county__"), reached_on__gt=clock.today()
        ).select_related("project__county"),
        "project_detail", "project_id", where="project.county",
    ),
    Check(
        "pairing.fund_unlike_entries", MUST, "项目资金的合计与逐笔登记不一致",
        "公布的金额与台账对不上。", "报告系统管理员核查这笔资金的登记。",
        _fund_unlike_entries, "pair_fund_detail", where="village",
    ),
    Check(
        "pairing.fund_spent_beyond", LOOK, "拨付金额超过到位金额",
        "没有到位的钱不能拨付。", "补登到位金额，或冲销错登的拨付。",
        lambda scope: _funds(scope).filter(spent__gt=F("arrived")),
        "pair_fund_detail", where="village",
    ),
    Check(
        "pairing.problem_solved_early", MUST, "联建问题的解决日期早于提出日期",
        "办理时间算成负数。", "核对后更正日期。",
        lambda scope: _problems(scope).filter(solved_on__lt=F("raised_on")),
        "pair_problem_detail", where="village",
    ),
    Check(
        "pairing.problem_handled_by_nobody", LOOK, "联建问题已办好，没有办理人",
        "群众不知道是谁办的，也不能计入哪一对。", "补登办理人。",
        lambda scope: _problems(scope).filter(handled_by_name="", handled_on__isnull=False),
        "pair_problem_detail", where="village",
    ),
    Check(
        "pairing.assessment_own_check", MUST, "结对考评的评价人和确认人是同一个人",
        "没有人把关（R-0-20）。", "退回，由另一个人确认。",
        lambda scope: PairAssessment.objects.filter(
            place_q(scope, "pairing__village__"), confirmed_by_id=F("evaluated_by_id")
        ).select_related("pairing__unit", "pairing__village"),
        "pairing_detail", "pairing_id", where="pairing.village",
    ),
    Check(
        "pairing.site_of_nobody", LOOK, "示范点没有对应的结对",
        "看不出是谁共建的。", "撤销命名，或补上结对后重新命名。",
        _site_of_nobody, "site_detail", where="county",
    ),
)  # fmt: skip

CHECKS = (*PAIRS, *WORK)
