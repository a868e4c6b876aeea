"""What does a page show of other pairs that were asked, and what waits for an answer?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from lingyan.pairing.models import PairActivity, PairFund, Pairing, PairInvitation
from lingyan.pairing.queries import invitations as queries
from lingyan.pairing.rules import invitations as rules
from lingyan.pairing.rules.activity_words import ActivityState
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.ui.worklist import (
    Waiting,
    WorkItem,
    count_waiting,
    items,
    page_of,
    waiting_for,
)


@dataclass(frozen=True, slots=True)
class Asking:
    """Who was asked, who may still be asked, and what this reader may do about it."""

    rows: tuple[PairInvitation, ...]
    mine: frozenset[UUID]
    may_ask: bool
    text: str
    found: tuple[Pairing, ...]
    url: str

    @property
    def shown(self) -> bool:
        return self.may_ask or bool(self.rows)


def of_fact(fact: PairActivity | PairFund, actor: Actor, text: str) -> Asking:
    may_ask = (
        actor.role in rules.ASKERS
        and queries.has_part(fact, actor)
        and not (isinstance(fact, PairActivity) and fact.state == ActivityState.CANCELLED)
    )
    text = text.strip()
    kind = "activity" if isinstance(fact, PairActivity) else "pair_fund"
    asked = list(queries.of_fact(fact))
    waiting = queries.list_waiting(actor.scope).filter(pk__in=[one.pk for one in asked])
    answers = actor.role in rules.ANSWERERS
    own = frozenset(waiting.values_list("pk", flat=True)) if answers else frozenset()
    return Asking(
        tuple(asked) if may_ask or own else (),
        own,
        may_ask,
        text,
        tuple(queries.find_pairs(fact, text, actor)) if may_ask and text else (),
        reverse(f"{kind}_ask", args=[fact.pk]),
    )  # fmt: skip


def _of_sides(actor: Actor) -> Iterable[Waiting]:
    yield Waiting(
        "份认领请求等您答复", "别的结对说这件事你们也有份，是的认领，不是的写明理由",
        queries.list_waiting(actor.scope), page_of("pair_invitation_list"),
    )  # fmt: skip


SOURCES = ((rules.ANSWERERS, _of_sides),)


def worklist(actor: Actor) -> list[WorkItem]:
    return items(_waiting(actor))


def count(actor: Actor) -> int:
    return count_waiting(_waiting, actor)


def _waiting(actor: Actor) -> list[Waiting]:
    return waiting_for(actor, SOURCES)
