"""Which difficulties may this person read, which wait for whom, and which are overdue?"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from lingyan.directory.rules.hands import LEADER, POSTED, STAFF, TOWN
from lingyan.platform.accounts.actor import Actor
from lingyan.posting.models import HelpRequest, Posting
from lingyan.posting.models.diary import posting_q
from lingyan.posting.rules import help_requests as rules
from lingyan.posting.rules.support_words import HelpOwner


def readable_q(actor: Actor) -> Q:
    """One's own; what one's side works on; for the county's office all of the county.

    A difficulty is a family's matter: a side that has passed it on reads it no longer.
    """
    if actor.role in POSTED:
        return Q(posting__person_id=actor.scope.person_id or UUID(int=0))
    within = posting_q(actor.scope)
    if actor.role in (*STAFF, *LEADER):
        return within
    return within & Q(owner__in=owners_of(actor))


def list_requests(actor: Actor) -> QuerySet[HelpRequest]:
    return HelpRequest.objects.filter(readable_q(actor)).select_related(
        "posting__person", "posting__village__parent", "posting__unit"
    )


def get_request(actor: Actor, request_id: UUID) -> HelpRequest:
    return get_object_or_404(list_requests(actor), pk=request_id)


def requests_of(posting: Posting, actor: Actor) -> QuerySet[HelpRequest]:
    return list_requests(actor).filter(posting__person_id=posting.person_id)


def owners_of(actor: Actor) -> list[HelpOwner]:
    return [owner for owner, roles in rules.OWNING_ROLES.items() if actor.role in roles]


def waiting_q(actor: Actor) -> Q:
    """Whose turn it is: the side that works on it, or the person who has the last word."""
    if actor.role in POSTED:
        return Q(state__in=rules.WAITING_FOR_THE_PERSON)
    mine = Q(state__in=rules.OPEN, owner__in=owners_of(actor))
    if actor.role in (*STAFF, *TOWN):
        mine |= Q(state__in=rules.WAITING_FOR_THE_PERSON, posting__until__isnull=False)
    return mine


def overdue_q(today: date) -> Q:
    return Q(state__in=rules.OPEN, due_on__lt=today)


def reported_q(actor: Actor, today: date) -> Q:
    """Overdue, and of a side whose next level up this person is (0.8)."""
    owners = [owner for owner in HelpOwner if actor.role in rules.reported_to(owner)]
    return overdue_q(today) & Q(owner__in=owners)
