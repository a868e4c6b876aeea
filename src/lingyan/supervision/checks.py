"""Which tasks, interviews and overrides contradict themselves? One table, one query each."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F, Q, QuerySet

from lingyan.common import clock
from lingyan.directory.scoping import place_q
from lingyan.platform.accounts.actor import Scope
from lingyan.platform.checks.table import Check, Severity
from lingyan.supervision.models import GateOverride, Interview, SupervisionTask
from lingyan.supervision.rules.words import SETTLED, InterviewState, TaskState

MUST, LOOK = Severity.MUST, Severity.LOOK
LONG_OVERRIDE = timedelta(days=365)
ANSWERED = (TaskState.SUBMITTED, *SETTLED)


def _tasks(scope: Scope) -> QuerySet[SupervisionTask]:
    return SupervisionTask.objects.filter(place_q(scope, "place__")).select_related("place")


def _interviews(scope: Scope) -> QuerySet[Interview]:
    return Interview.objects.filter(place_q(scope, "place__")).select_related("person", "place")


CHECKS = (
    Check(
        "supervision.task_taken_by_nobody", MUST, "督办任务已接收，没有接收人",
        "不知道是谁在办，催办没有对象。", "退回重办，由承办人接收。",
        lambda scope: _tasks(scope).filter(state=TaskState.ACCEPTED, accepted_by_name=""),
        "supervision_task_detail", where="place",
    ),
    Check(
        "supervision.task_answered_without_day", MUST, "督办任务已报结，没有报结日期",
        "算不出是不是按期办结（IND-13）。", "退回重办，重新报结。",
        lambda scope: _tasks(scope).filter(state__in=ANSWERED, answered_on__isnull=True),
        "supervision_task_detail", where="place",
    ),
    Check(
        "supervision.task_without_evidence", MUST, "要求佐证的任务已核验，没有佐证",
        "没有佐证不能算办结（13.1）。", "退回重办，补交佐证。",
        lambda scope: _tasks(scope).filter(
            state__in=SETTLED, is_evidence_required=True, evidence=""
        ),
        "supervision_task_detail", where="place",
    ),
    Check(
        "supervision.task_checked_by_answerer", LOOK, "报结人和核验人是同一个人",
        "自己核验自己（R-0-20）。", "退回重办，由另一个人核验。",
        lambda scope: _tasks(scope).filter(checked_by_name=F("answered_by_name")).exclude(
            checked_by_name=""
        ),
        "supervision_task_detail", where="place",
    ),
    Check(
        "supervision.task_with_you_before_it_came", MUST, "转到现在处的时间早于任务产生的时间",
        "两个时钟颠倒，逾期会算错。", "报告系统管理员核查。",
        lambda scope: _tasks(scope).filter(with_you_at__lt=F("came_at")),
        "supervision_task_detail", where="place",
    ),
    Check(
        "supervision.interview_without_record", MUST, "约谈已进行，没有日期或记录",
        "约谈要有记录和本人说明（13.2）。", "补写约谈记录。",
        lambda scope: _interviews(scope).filter(
            Q(held_on__isnull=True) | Q(record=""),
            state__in=(InterviewState.HELD, InterviewState.IMPROVING, InterviewState.REVIEWED),
        ),
        "interview_detail", where="place", who="person",
    ),
    Check(
        "supervision.interview_held_early", MUST, "约谈日期早于决定日期",
        "先谈后定，程序倒置。", "核对决定和约谈的记录，更正日期。",
        lambda scope: _interviews(scope).filter(held_on__lt=F("decided_on")),
        "interview_detail", where="place", who="person",
    ),
    Check(
        "supervision.override_for_ever", LOOK, "放行一年多了，没有期限",
        "例外变成了常例，关口等于没有。", "写明期限，到期再办。",
        lambda scope: GateOverride.objects.filter(
            place_q(scope, "place__"), until__isnull=True,
            since__lt=clock.today() - LONG_OVERRIDE,
        ).select_related("place"),
        "gate_list", "", where="place",
    ),
    Check(
        "supervision.override_ended_before_begun", MUST, "放行的期限早于开始日期",
        "这次放行从来没有生效过。", "重新办理放行。",
        lambda scope: GateOverride.objects.filter(
            place_q(scope, "place__"), until__lt=F("since")
        ).select_related("place"),
        "gate_list", "", where="place",
    ),
)  # fmt: skip
