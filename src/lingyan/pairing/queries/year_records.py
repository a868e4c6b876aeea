"""Which deeds, meetings and projects are there, and what of the five is done pair by pair?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from lingyan.directory import search
from lingyan.pairing.models import (
    PairDeed,
    Pairing,
    PairMeeting,
    PairPath,
    PairProject,
    PairYearPlan,
    PairYouth,
    ProjectMilestone,
)
from lingyan.pairing.queries.activities import BEGUN
from lingyan.pairing.rules.activity_words import DeedState, PathState, ProjectState
from lingyan.platform.accounts.actor import Scope

Shared = TypeVar("Shared", PairDeed, PairMeeting, PairProject)


def _with_pairs(rows: QuerySet[Shared]) -> QuerySet[Shared]:
    return rows.prefetch_related("pairings__unit", "pairings__village__parent")


def list_deeds(scope: Scope) -> QuerySet[PairDeed]:
    return _with_pairs(PairDeed.objects.visible_to(scope))


def get_deed(scope: Scope, deed_id: UUID) -> PairDeed:
    return get_object_or_404(list_deeds(scope).prefetch_related("confirmations"), pk=deed_id)


def list_deeds_waiting(scope: Scope) -> QuerySet[PairDeed]:
    return PairDeed.objects.visible_to(scope).filter(state=DeedState.WAITING)


def list_meetings(scope: Scope) -> QuerySet[PairMeeting]:
    return _with_pairs(PairMeeting.objects.visible_to(scope))


def get_meeting(scope: Scope, meeting_id: UUID) -> PairMeeting:
    return get_object_or_404(list_meetings(scope), pk=meeting_id)


def list_projects(scope: Scope) -> QuerySet[PairProject]:
    return _with_pairs(PairProject.objects.visible_to(scope)).prefetch_related("milestones")


def get_project(scope: Scope, project_id: UUID) -> PairProject:
    return get_object_or_404(list_projects(scope), pk=project_id)


def get_milestone(scope: Scope, milestone_id: UUID) -> ProjectMilestone:
    seen = PairProject.objects.visible_to(scope).order_by().values("pk")
    rows = ProjectMilestone.objects.filter(project__in=seen).select_related("project")
    return get_object_or_404(rows, pk=milestone_id)


def list_overdue_projects(scope: Scope, today: date) -> QuerySet[PairProject]:
    """Running, with a milestone or its own end passed."""
    running = PairProject.objects.visible_to(scope).filter(state=ProjectState.RUNNING)
    late = ProjectMilestone.objects.filter(reached_on__isnull=True, due_on__lt=today)
    return running.filter(Q(due_on__lt=today) | Q(pk__in=late.values("project")))


def pairs_named(keys: Collection[str]) -> QuerySet[Pairing]:
    return Pairing.objects.filter(pk__in=list(keys)).select_related("unit", "village")


def get_youth(scope: Scope, youth_id: UUID) -> PairYouth:
    rows = PairYouth.objects.visible_to(scope).select_related("pairing__unit", "pairing__village")
    return get_object_or_404(rows, pk=youth_id)


def get_path(scope: Scope, path_id: UUID) -> PairPath:
    rows = PairPath.objects.visible_to(scope).select_related("pairing__unit", "pairing__village")
    return get_object_or_404(rows, pk=path_id)


def list_paths_waiting(scope: Scope) -> QuerySet[PairPath]:
    return PairPath.objects.visible_to(scope).filter(state=PathState.DRAFTED)


def find_year_plan(pairing: Pairing, year: int) -> PairYearPlan | None:
    return PairYearPlan.objects.filter(pairing=pairing, year=year).first()


def list_pairs_of_year(scope: Scope, year: int) -> QuerySet[Pairing]:
    """Pairs that were at work in the year, as the page of the five asks for them."""
    return (
        Pairing.objects.visible_to(scope)
        .filter(
            Q(until__isnull=True) | Q(until__gt=date(year, 1, 1)),
            state__in=BEGUN,
            since__lte=date(year, 12, 31),
        )
        .select_related("unit", "village__parent")
    )


def search_q(rows: type[Any], text: str) -> Q:
    """By unit or village of one of the pairs."""
    pairs = rows.pairings.through.objects.filter(
        search.of_units_q(text, "pairing__unit") | search.of_villages_q(text, "pairing__village")
    )
    return Q(pk__in=pairs.values(f"{rows._meta.model_name}_id"))


def of_pairing_q(rows: type[Any], pairing_id: UUID) -> Q:
    pairs = rows.pairings.through.objects.filter(pairing=pairing_id)
    return Q(pk__in=pairs.values(f"{rows._meta.model_name}_id"))
