"""Which days in the village do other systems know, and what of sign-in by location?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from lingyan.platform.accounts.actor import Scope
from lingyan.posting.models import OutsideRecord, Posting
from lingyan.posting.models.diary import posting_q
from lingyan.posting.rules.presence import PresenceFact


def list_outside(scope: Scope) -> QuerySet[OutsideRecord]:
    return OutsideRecord.objects.filter(posting_q(scope)).select_related(
        "posting__person__unit", "posting__village"
    )


def postings_by_person(scope: Scope) -> Mapping[Any, Sequence[Posting]]:
    """Everybody's postings in scope; one query."""
    found: dict[Any, list[Posting]] = {}
    for one in Posting.objects.visible_to(scope).select_related("village").order_by("since", "pk"):
        found.setdefault(one.person_id, []).append(one)
    return found


def posting_on(postings: Iterable[Posting], day: date) -> Posting | None:
    for one in postings:
        if one.came_on and one.came_on <= day and (one.until is None or day < one.until):
            return one
    return None


def presence_facts(
    posting_ids: Collection[UUID], since: date, until: date
) -> Iterable[PresenceFact]:
    rows = OutsideRecord.objects.filter(
        posting_id__in=posting_ids, happened_on__gte=since, happened_on__lt=until
    )
    for posting_id, day, system, text in rows.values_list(
        "posting_id", "happened_on", "system", "text"
    ):
        yield PresenceFact(posting_id, day, "外部记录", f"{system} {text}".strip())
