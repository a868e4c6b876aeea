"""When did each pair last do something that counts? Kept with the pair, for lists of any length."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from lingyan.pairing.models import Pairing
from lingyan.pairing.queries.year import last_events


def stir(pairs: Collection[UUID], on: date) -> None:
    """These pairs did something on that day."""
    Pairing.objects.filter(pk__in=pairs, still_since__lt=on).update(still_since=on)


def renew_still_since(pairs: Collection[UUID]) -> None:
    """Look again at these pairs; whatever corrects or takes back an event calls it."""
    events = last_events(pairs)
    for one in Pairing.objects.filter(pk__in=pairs, since__isnull=False).order_by("pk"):
        assert one.since is not None
        still_since = max(one.since, events.get(one.pk, one.since))
        if still_since != one.still_since:
            Pairing.objects.filter(pk=one.pk).update(still_since=still_since)
