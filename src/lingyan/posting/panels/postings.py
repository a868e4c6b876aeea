"""Which hand-overs and ended postings wait for this person?"""

from __future__ import annotations

from collections.abc import Iterable

from lingyan.common import clock
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.ui.worklist import Waiting, page_of
from lingyan.posting import rules
from lingyan.posting.queries import postings


def kinds(actor: Actor) -> Iterable[Waiting]:
    found = []
    if actor.holds(*rules.HAND_OVER):
        found.append(
            Waiting(
                "名第一书记交接期满",
                "接任者已到任，写明交接清单后办理交接",
                postings.list_hand_overs_due(actor.scope, clock.today()),
                page_of("posting_list", hand_over=postings.DUE),
            )
        )
    if actor.holds(*rules.ADMIN):
        found.append(
            Waiting(
                "名第一书记已交接",
                "核对交接清单后办理期满离任",
                postings.list_postings(actor.scope).filter(state=rules.PostingState.HANDED_OVER),
                page_of("posting_list", state=rules.PostingState.HANDED_OVER.value),
            )
        )
    return found
