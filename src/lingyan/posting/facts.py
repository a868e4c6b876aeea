"""What may other modules learn about postings?"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from uuid import UUID

from lingyan.posting.models import Posting
from lingyan.posting.queries import gathering
from lingyan.posting.rules import IN_POST, POST_HELD, PostingKind


def first_secretary_in_post(village_id: UUID) -> str | None:
    """The name of the village's first secretary who is IN_POST (R-2-31), or None."""
    found = Posting.objects.filter(
        village_id=village_id, kind=PostingKind.FIRST_SECRETARY, state__in=IN_POST
    ).select_related("person")
    # During a hand-over there are two of them; the one who has come speaks for the village.
    posting = found.order_by("-since", "pk").first()
    return posting.person.name if posting else None


def villages_with_first_secretary() -> frozenset[UUID]:
    """Every village that has a first secretary IN_POST: the fund gives these priority."""
    found = Posting.objects.filter(kind=PostingKind.FIRST_SECRETARY, state__in=IN_POST)
    return frozenset(found.values_list("village_id", flat=True))


def posted(person_id: UUID) -> UUID | None:
    """The village to which a person is posted, from appointment to the end, or None."""
    found = Posting.objects.filter(person_id=person_id, state__in=POST_HELD, until__isnull=True)
    return found.values_list("village_id", flat=True).first()


def people_in_post(village_id: UUID) -> tuple[str, ...]:
    """Names of everybody who is IN_POST in the village, the first secretary first."""
    found = Posting.objects.filter(village_id=village_id, state__in=IN_POST)
    return tuple(found.order_by("kind", "person__number").values_list("person__name", flat=True))


def rounds_computed_from(
    records: Mapping[str, AbstractSet[str]], *, since: datetime
) -> tuple[str, ...]:
    """Rounds neither issued nor cancelled whose plans were computed since from these records.

    `records` are ids by the label of their model, such as directory.person.
    """
    return tuple(
        f"选派批次“{round.name}”"
        for round in gathering.rounds_computed_since(since)
        if any(
            not records[label].isdisjoint(ids)
            for label, ids in gathering.records_read_by(round).items()
            if records.get(label)
        )
    )
