"""What of the exchange waits for a person?"""

from __future__ import annotations

from collections.abc import Iterable

from lingyan.common import clock
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.exchange import clearing, queries
from lingyan.platform.exchange.rules import APPROVER, CLEARERS, RequestState
from lingyan.platform.ui.worklist import (
    Waiting,
    WorkItem,
    count_items,
    count_waiting,
    items,
    page_of,
)


def worklist(actor: Actor) -> list[WorkItem]:
    found = items(_waiting(actor))
    if _is_overdue(actor):
        title, detail = "有内容已过保存期限", "看清单，提出清理，由另一个人确认"
        found.append(WorkItem(title, detail, page_of("exchange_clearing"), icon="clock"))
    return found


def count(actor: Actor) -> int:
    return count_waiting(_waiting, actor) + _is_overdue(actor)


def _is_overdue(actor: Actor) -> bool:
    """What is past its time waits for the administrator to propose that it goes."""
    if not actor.holds(APPROVER):
        return False
    return count_items(Waiting("", "", rows, "") for rows in clearing.rows_overdue(actor)) > 0


def _waiting(actor: Actor) -> Iterable[Waiting]:
    if actor.user_id is None:
        return
    if actor.holds(*CLEARERS):
        yield Waiting(
            "项到期清理待确认",
            "另一个人已提出，看过再确认",
            clearing.list_proposed(actor),
            page_of("exchange_clearing"),
            icon="clock",
        )
    if actor.holds(APPROVER):
        yield Waiting(
            "份导出申请待审批",
            "看申请人、用途和行数，批准或写明不同意的理由",
            queries.list_to_decide(actor),
            page_of("exchange_requests", state=RequestState.ASKED),
            icon="download",
        )
    elif queries.list_export_kinds(actor):
        yield Waiting(
            "份导出申请已批准",
            "在期限内下载",
            queries.list_to_take(actor, clock.today()),
            page_of("exchange_requests", state=RequestState.APPROVED),
            column="until",
            icon="download",
        )
