"""What did a field of these records say on a day of the past? The sealed history tells."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django.db import models

from lingyan.common import clock
from lingyan.common.periods import ONE_DAY
from lingyan.platform.audit.models import AuditEntry


def values_on(things: Iterable[models.Model], field: str, on: date) -> dict[Any, Any]:
    """By primary key, at the end of that day: what the first later change has changed from.

    One query for all of them, and none where the day is today.
    """
    things = list(things)
    now = {one.pk: getattr(one, field) for one in things}
    if not things or on >= clock.today():
        return now
    keys = {str(one.pk): one.pk for one in things}
    after = datetime.combine(on + ONE_DAY, time(), tzinfo=clock.BEIJING)
    later = AuditEntry.objects.filter(
        subject_type=things[0]._meta.label_lower, subject_id__in=keys, is_reading=False,
        acted_at__gte=after,
    )  # fmt: skip
    found: dict[Any, Any] = {}
    for subject_id, changes in later.order_by("number").values_list("subject_id", "changes"):
        if field in changes:
            found.setdefault(keys[subject_id], changes[field][0])
    # A record whose first state is told by its creation was not there yet: it says nothing.
    return now | {key: value for key, value in found.items() if value is not None}


def known_since(thing: models.Model) -> date | None:
    """The day on which the record was made, as far as the history goes."""
    first = (
        AuditEntry.objects.filter(
            subject_type=thing._meta.label_lower, subject_id=str(thing.pk), is_reading=False
        )
        .order_by("number")
        .values_list("acted_at", flat=True)
        .first()
    )
    return first.astimezone(clock.BEIJING).date() if first else None
