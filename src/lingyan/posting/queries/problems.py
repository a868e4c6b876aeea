"""Which problems are open, whose turn is it, and which are one's own?"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from lingyan.common.periods import Period
from lingyan.platform.accounts.actor import Actor, Scope
from lingyan.posting.models import DiaryEntry, Posting, Problem
from lingyan.posting.rules.diary_words import ProblemOwner, ProblemState
from lingyan.posting.rules.problems import FINDERS, OWNING_ROLES


def list_problems(scope: Scope) -> QuerySet[Problem]:
    return Problem.objects.visible_to(scope).select_related(
        "posting__person", "posting__village__parent", "entry"
    )


def get_problem(scope: Scope, problem_id: UUID) -> Problem:
    return get_object_or_404(list_problems(scope), pk=problem_id)


def list_open_of(posting: Posting) -> QuerySet[Problem]:
    return Problem.objects.filter(posting=posting).exclude(state=ProblemState.SOLVED)


def in_period(field: str, period: Period) -> Q:
    return Q(**{f"{field}__gte": period.since, f"{field}__lt": period.until})


def owners_of(actor: Actor) -> list[ProblemOwner]:
    """The sides for which this role works."""
    return [owner for owner, roles in OWNING_ROLES.items() if actor.role in roles]


def waiting_q(actor: Actor) -> Q:
    """What waits for this person: to be handled by one's side, to be confirmed by the finder."""
    if actor.role in FINDERS:
        own = Q(posting__person_id=actor.scope.person_id or UUID(int=0))
        to_handle = Q(state=ProblemState.FOUND, owner=ProblemOwner.SELF)
        return own & (to_handle | Q(state=ProblemState.HANDLED))
    return Q(state=ProblemState.FOUND, owner__in=owners_of(actor))


def list_waiting(actor: Actor) -> QuerySet[Problem]:
    return list_problems(actor.scope).filter(waiting_q(actor))


def find_own_entry(scope: Scope, diary_id: UUID | None) -> DiaryEntry | None:
    if diary_id is None:
        return None
    return DiaryEntry.objects.of_person(scope).filter(pk=diary_id).first()
