"""Which talks may this person read, which wait for whom, and who may hold them?"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from lingyan.common import clock
from lingyan.directory.assignments import in_force
from lingyan.directory.models import Person, Place, RoleAssignment, VillageOfficer
from lingyan.directory.queries import get_county
from lingyan.directory.scoping import contains, place_q
from lingyan.platform.accounts.actor import Actor
from lingyan.supervision.models import Interview
from lingyan.supervision.rules import interviews as rules
from lingyan.supervision.rules.words import InterviewState


def list_interviews(actor: Actor) -> QuerySet[Interview]:
    """The named roles read those of their area; anybody else the own, as either side (10.1)."""
    own = Q(interviewer_id=actor.user_id) | Q(person__user=actor.user_id)
    seen = own if actor.user_id is not None else Q(pk__in=())
    if actor.role in rules.NAMED:
        seen |= place_q(actor.scope, "place__")
    return Interview.objects.filter(seen).select_related("person", "place__parent", "task")


def list_inside(actor: Actor) -> QuerySet[Interview]:
    """Those of the places in the scope alone, whoever holds them."""
    return list_interviews(actor).filter(place_q(actor.scope, "place__"))


def get_interview(actor: Actor, interview_id: UUID) -> Interview:
    return get_object_or_404(list_interviews(actor), pk=interview_id)


def list_waiting(actor: Actor) -> QuerySet[Interview]:
    """To be held or looked at again by the interviewer, to be answered by the person."""
    mine = Q(
        interviewer_id=actor.user_id,
        state__in=(InterviewState.PLANNED, InterviewState.IMPROVING),
    ) | Q(person__user=actor.user_id, state=InterviewState.HELD)
    return list_interviews(actor).filter(mine).order_by("planned_on", "pk")


def overdue_q(today: date) -> Q:
    open_states = (InterviewState.HELD, InterviewState.IMPROVING)
    return Q(state__in=open_states, review_due_on__lt=today)


def is_person(actor: Actor, interview: Interview) -> bool:
    return actor.user_id is not None and interview.person.user_id == actor.user_id


def village_of_post(person: Person) -> Place | None:
    """The village in which the person holds a post today."""
    today = clock.today()
    held = VillageOfficer.objects.filter(
        Q(until__isnull=True) | Q(until__gt=today), person=person, since__lte=today
    ).select_related("village")
    found = held.order_by("since", "pk").first()
    return found.village if found else None


def place_of(person: Person, actor: Actor) -> Place:
    """Where the person works: the village of a post, the own place, the unit's, the county."""
    unit_place = person.unit.place if person.unit else None
    return village_of_post(person) or person.place or unit_place or get_county(actor.scope)


def interviewers(actor: Actor) -> list[tuple[str, str]]:
    """Whose account may hold a talk that this person decides on: of the own office or above."""
    county = get_county(actor.scope)
    found = (
        RoleAssignment.objects.filter(
            in_force(clock.today()), role__in=rules.INTERVIEWERS, user__is_active=True,
            place__path__startswith=county.path,
        )
        .select_related("user", "place")
        .order_by("place__path", "role", "pk")
    )  # fmt: skip
    own = {
        str(one.user_id): f"{one.user.name}（{one.label}）"
        for one in found
        if one.place and (contains(actor.scope, one.place.path) or one.place_id == county.pk)
    }
    return list(own.items())
