"""Which entries, photos and conflicts are one's own, and which may be read by others?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse

from lingyan.common.periods import Period
from lingyan.platform.accounts.actor import Scope
from lingyan.posting.models import (
    DiaryConflict,
    DiaryEntry,
    DiaryPhoto,
    DiaryReceipt,
    NeedItem,
    Posting,
)
from lingyan.posting.queries.postings import list_postings
from lingyan.posting.rules.presence import PresenceFact

COPIES_MAX = 30  # entries that a phone keeps to be corrected without signal


def list_own_postings(scope: Scope) -> QuerySet[Posting]:
    """One's own postings, the newest first."""
    own = list_postings(scope)
    own = own.filter(person_id=scope.person_id) if scope.person_id else own.none()
    return own.order_by("-since", "pk")


def posting_for(postings: Iterable[Posting], day: date | None) -> Posting | None:
    """The posting that ran on that day; else the newest, so that the rule can say what is wrong."""
    postings = list(postings)
    for one in postings:
        if day and one.since <= day and (one.until is None or day < one.until):
            return one
    return postings[0] if postings else None


def _with_all(entries: QuerySet[DiaryEntry]) -> QuerySet[DiaryEntry]:
    return entries.select_related(
        "posting__person", "posting__village__parent", "need"
    ).prefetch_related("photos")


def list_entries(scope: Scope) -> QuerySet[DiaryEntry]:
    """Of every posting in the scope."""
    return DiaryEntry.objects.visible_to(scope).select_related(
        "posting__person", "posting__village__parent"
    )


def list_own_entries(scope: Scope) -> QuerySet[DiaryEntry]:
    return _with_all(DiaryEntry.objects.of_person(scope).with_clashes())


def get_own_entry(scope: Scope, diary_id: UUID) -> DiaryEntry:
    return get_object_or_404(list_own_entries(scope), pk=diary_id)


def get_entry(scope: Scope, diary_id: UUID) -> DiaryEntry:
    """For whoever sees the posting."""
    return get_object_or_404(
        _with_all(DiaryEntry.objects.visible_to(scope).with_clashes()), pk=diary_id
    )


def list_entries_of(posting: Posting, period: Period) -> QuerySet[DiaryEntry]:
    """What one posting wrote of a period, the newest day first."""
    return _with_all(
        DiaryEntry.objects.filter(
            posting=posting, happened_on__gte=period.since, happened_on__lt=period.until
        ).with_clashes()
    )


def list_copies(posting: Posting | None) -> list[DiaryEntry]:
    """The last entries of a posting, which a phone may correct without signal."""
    own = DiaryEntry.objects.counted().filter(posting=posting)
    # By the day alone: the index gives the last thirty without sorting three years.
    return list(own.order_by("-happened_on")[:COPIES_MAX]) if posting else []


def list_needs(postings: Iterable[Posting]) -> QuerySet[NeedItem]:
    """What the villages need by the lists in force: an entry may answer one of them."""
    villages = {one.village_id for one in postings}
    return NeedItem.objects.filter(
        need_list__village__in=villages, need_list__state="issued"
    ).order_by("-severity", "domain", "item", "pk")


def is_same_again(posting: Posting, entry_id: UUID, day: date, duty: str, text: str) -> bool:
    """Whether another entry already says the same of the same day."""
    same = DiaryEntry.objects.filter(
        posting=posting, happened_on=day, duty=duty, text=text, withdrawn=""
    )
    return same.exclude(pk=entry_id).exists()


def find_receipt(number: UUID) -> DiaryReceipt | None:
    return DiaryReceipt.objects.filter(pk=number).first()


# --- conflicts ----------------------------------------------------------------------------------


def list_own_conflicts(scope: Scope) -> QuerySet[DiaryConflict]:
    """Open ones of one's own entries."""
    if scope.person_id is None:
        return DiaryConflict.objects.none()
    return DiaryConflict.objects.filter(
        posting__person_id=scope.person_id, settled_at__isnull=True
    ).select_related("entry__posting__village")


def get_own_conflict(scope: Scope, conflict_id: UUID) -> DiaryConflict:
    """Also one that was settled: both versions stay readable."""
    own = DiaryConflict.objects.select_related("entry__posting__village", "entry__need")
    return get_object_or_404(
        own, entry__posting__person_id=scope.person_id or UUID(int=0), pk=conflict_id
    )


# --- photos -------------------------------------------------------------------------------------


def get_photo(scope: Scope, photo_id: UUID) -> DiaryPhoto:
    seen = DiaryEntry.objects.visible_to(scope)
    photos = DiaryPhoto.objects.filter(entry__in=seen)
    return get_object_or_404(photos.select_related("entry__posting"), pk=photo_id)


def get_own_photo(scope: Scope, photo_id: UUID) -> DiaryPhoto:
    own = DiaryPhoto.objects.filter(entry__in=DiaryEntry.objects.of_person(scope))
    return get_object_or_404(own.select_related("entry__posting"), pk=photo_id)


# --- presence -----------------------------------------------------------------------------------


def presence_facts(
    posting_ids: Collection[UUID], since: date, until: date
) -> Iterable[PresenceFact]:
    """A day with an entry is a day of work in the village (R-2-21)."""
    entries = DiaryEntry.objects.counted().filter(
        posting_id__in=posting_ids, happened_on__gte=since, happened_on__lt=until
    )
    for pk, posting_id, day, text in entries.values_list("pk", "posting_id", "happened_on", "text"):
        yield PresenceFact(
            posting_id, day, "驻村日志", text[:60], reverse("diary_entry", args=[pk])
        )
