"""What of tasks and talks waits for whom?"""

from __future__ import annotations

from lingyan.common import clock
from lingyan.directory.rules.hands import STAFF
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.ui.worklist import (
    Source,
    Waiting,
    WorkItem,
    count_waiting,
    items,
    page_of,
    waiting_for,
)
from lingyan.supervision.queries import interviews, tasks
from lingyan.supervision.rules import interviews as interview_rules
from lingyan.supervision.rules import tasks as rules


def worklist(actor: Actor) -> list[WorkItem]:
    return items(_waiting(actor))


def count(actor: Actor) -> int:
    return count_waiting(_waiting, actor)


def _waiting(actor: Actor) -> list[Waiting]:
    return waiting_for(actor, SOURCES)


def _own(actor: Actor) -> list[Waiting]:
    url = page_of("supervision_task_list", turn="mine")
    detail = "先接收，办好后报结；不接收的自动提级"
    return [Waiting("件督办任务等您办", detail, tasks.list_mine(actor), url, "due_on")]


def _to_check(actor: Actor) -> list[Waiting]:
    url = page_of("supervision_task_list", turn="check")
    rows = tasks.list_to_check(actor)
    return [Waiting("件督办任务等您核验", "属实的核验通过，不实的退回重办", rows, url, "due_on")]


def _reported(actor: Actor) -> list[Waiting]:
    """For those above: what is long overdue below, whoever has taken it."""
    url = page_of("supervision_task_list", turn="reported")
    detail = "已上报您这一级，请督促办结"
    return [Waiting("件督办任务严重超期", detail, tasks.list_reported(actor), url, "due_on")]


def _talks(actor: Actor) -> list[Waiting]:
    url = page_of("interview_list", turn="waiting")
    rows = interviews.list_waiting(actor)
    detail = "约谈、整改措施或回访"
    return [Waiting("次约谈等您办", detail, rows, url, "planned_on")]


def _reviews(actor: Actor) -> list[Waiting]:
    """For those above: talks that nobody has looked at again in time."""
    rows = interviews.list_interviews(actor).filter(interviews.overdue_q(clock.today()))
    url = page_of("interview_list", turn="overdue")
    return [Waiting("次约谈超期没有回访", "请约谈人回访", rows, url, "review_due_on")]


SOURCES: list[Source] = [
    (rules.OWNERS, _own),
    (rules.CHECKERS, _to_check),
    (rules.CHECKERS, _reported),
    (interview_rules.READERS, _talks),
    (STAFF, _reviews),
]
