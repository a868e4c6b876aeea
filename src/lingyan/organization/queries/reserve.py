"""Whom have the villages found, confirmed and trained?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from lingyan.directory.models import Place
from lingyan.organization.models import VillageReserve
from lingyan.organization.rules.reserve import ReserveState
from lingyan.platform.accounts.actor import Scope


def list_reserve(scope: Scope) -> QuerySet[VillageReserve]:
    rows = VillageReserve.objects.visible_to(scope)
    return rows.select_related("person", "village__parent")


def get_reserve(scope: Scope, reserve_id: UUID) -> VillageReserve:
    return get_object_or_404(list_reserve(scope), pk=reserve_id)


def counted(scope: Scope, on: date) -> QuerySet[VillageReserve]:
    """Confirmed or in training on a day (IND-1-13)."""
    rows = list_reserve(scope).filter(confirmed_on__lte=on)
    return rows.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on))


def waiting(scope: Scope) -> QuerySet[VillageReserve]:
    return list_reserve(scope).filter(state=ReserveState.FOUND)


def known(villages: Collection[Place]) -> set[tuple[UUID, UUID]]:
    rows = VillageReserve.objects.filter(village__in=villages, ended_on__isnull=True)
    return set(rows.values_list("village_id", "person_id"))
