"""Which hand-overs and ended postings wait for this person?"""

from __future__ import annotations

from collections.abc import Iterable

from lingyan.common import clock
from lingyan.platform.accounts.actor import Actor
from lingyan.posting import rules
from lingyan.posting.panels.waiting import Kind
from lingyan.posting.queries import postings


def kinds(actor: Actor) -> Iterable[Kind]:
    found = []
    if actor.holds(*rules.HAND_OVER):
        found.append(
            Kind(
                "名第一书记交接期满",
                "接任者已到任，写明交接清单后办理交接",
                postings.list_hand_overs_due(actor.scope, clock.today()),
                "posting_list",
                postings.DUE,
                "hand_over",
            )
        )
    if actor.holds(*rules.ADMIN):
        found.append(
            Kind(
                "名第一书记已交接",
                "核对交接清单后办理期满离任",
                postings.list_postings(actor.scope).filter(state=rules.PostingState.HANDED_OVER),
                "posting_list",
                rules.PostingState.HANDED_OVER.value,
            )
        )
    return found
