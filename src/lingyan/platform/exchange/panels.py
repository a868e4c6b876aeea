"""What of the exchange waits for a person?"""

from __future__ import annotations

from collections.abc import Iterable

from lingyan.common import clock
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.exchange import queries
from lingyan.platform.exchange.rules import APPROVER, RequestState
from lingyan.platform.ui.worklist import Waiting, WorkItem, count_items, items, page_of


def worklist(actor: Actor) -> list[WorkItem]:
    return items(_waiting(actor))


def count(actor: Actor) -> int:
    return count_items(_waiting(actor))


def _waiting(actor: Actor) -> Iterable[Waiting]:
    if actor.user_id is None:
        return
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
