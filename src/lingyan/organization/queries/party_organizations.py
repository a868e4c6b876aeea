"""Which Party organizations are there, and what stands under each?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from lingyan.directory.models import OrganizationStep, PartyOrganization, Place
from lingyan.directory.rules.organizations import STANDING
from lingyan.organization.models import RectificationCase
from lingyan.platform.accounts.actor import Scope


def list_organizations(scope: Scope) -> QuerySet[PartyOrganization]:
    rows = PartyOrganization.objects.visible_to(scope)
    return rows.select_related("place__parent", "unit", "parent")


def get_organization(scope: Scope, organization_id: UUID) -> PartyOrganization:
    return get_object_or_404(list_organizations(scope), pk=organization_id)


def standing(scope: Scope) -> QuerySet[PartyOrganization]:
    return list_organizations(scope).filter(state__in=STANDING)


def standing_on(scope: Scope, on: date) -> QuerySet[PartyOrganization]:
    """Organizations that stood on a day, whatever became of them later."""
    rows = list_organizations(scope).filter(since__lte=on)
    return rows.filter(Q(until__isnull=True) | Q(until__gt=on))


def live_children(organization: PartyOrganization) -> int:
    return organization.children.filter(until__isnull=True).count()


def names_taken(names: Collection[str], places: Collection[Place]) -> set[tuple[UUID, str]]:
    rows = PartyOrganization.objects.filter(
        name__in=names, place__in=places, until__isnull=True
    ).values_list("place_id", "name")
    return set(rows)


def steps_of(organization: PartyOrganization) -> QuerySet[OrganizationStep]:
    return organization.steps.order_by("made_at", "pk")


def in_rectification(place: Place) -> bool:
    return RectificationCase.objects.open().filter(village=place).exists()
