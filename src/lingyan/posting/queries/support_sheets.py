"""Which records of support stand in an actor's scope, to be compared with a sheet?"""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from lingyan.platform.accounts.actor import Actor, Scope
from lingyan.posting.models import Honor, InsurancePolicy, Posting, SupportRecord
from lingyan.posting.models.diary import posting_q
from lingyan.posting.queries.postings import list_postings
from lingyan.posting.rules.support_words import NominationState

NAMED = ("posting__person__unit", "posting__village")


def latest_postings(scope: Scope) -> dict[UUID, Posting]:
    """Of each person the posting that began last."""
    found = list_postings(scope).exclude(state="appointed").order_by("since", "pk")
    return {one.person_id: one for one in found}


def policies(actor: Actor) -> QuerySet[InsurancePolicy]:
    rows = InsurancePolicy.objects.filter(posting_q(actor.scope), void_reason="")
    return rows.select_related(*NAMED).order_by("posting__person__number", "since", "pk")


def records(actor: Actor) -> QuerySet[SupportRecord]:
    rows = SupportRecord.objects.filter(posting_q(actor.scope), void_reason="")
    return rows.select_related(*NAMED).order_by("posting__person__number", "happened_on", "pk")


def honors(actor: Actor) -> QuerySet[Honor]:
    """Those that a document has given; what is only nominated does not go out."""
    rows = Honor.objects.filter(posting_q(actor.scope), state=NominationState.GRANTED)
    return rows.select_related(*NAMED).order_by("posting__person__number", "decided_on", "pk")
