"""Which gates are open for which record today, and which were opened in a month?"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from lingyan.common.periods import Period
from lingyan.platform.accounts.actor import Scope
from lingyan.supervision.models import GateOverride


def list_overrides(scope: Scope) -> QuerySet[GateOverride]:
    return GateOverride.objects.visible_to(scope).select_related("place__parent")


def list_of_period(scope: Scope, period: Period) -> QuerySet[GateOverride]:
    """The month's report: whatever was let through, by whom, why and by which document (12)."""
    return list_overrides(scope).filter(since__gte=period.since, since__lt=period.until)


def let_through(subject_id: UUID, on: date) -> frozenset[str]:
    """The gates that somebody has opened for this record and that are open on this day."""
    lasting = Q(until__isnull=True) | Q(until__gt=on)
    found = GateOverride.objects.filter(lasting, subject_id=subject_id, since__lte=on)
    return frozenset(found.values_list("gate", flat=True))
