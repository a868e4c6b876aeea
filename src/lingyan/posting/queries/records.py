"""What does 精准选派 know of one village, person or unit? Few rows, scope first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from lingyan.directory.models import Person, Place, Unit
from lingyan.platform.accounts.actor import Scope
from lingyan.posting.models import (
    Draft,
    HealthCheck,
    NeedItem,
    NeedList,
    PoolEntry,
    Posting,
    RoundPerson,
    RoundVillage,
    Wish,
)
from lingyan.posting.rules import RoundState

NOTICE_GIVEN = (RoundState.ANNOUNCED, RoundState.ISSUED)


def checks_of_village(scope: Scope, village: Place) -> QuerySet[HealthCheck]:
    return HealthCheck.objects.visible_to(scope).filter(village=village).order_by("-year")


def need_lists_of_village(scope: Scope, village: Place) -> QuerySet[NeedList]:
    """The lists that are in force or wait to be issued, each with its gravest needs first."""
    items = NeedItem.objects.order_by("-severity", "item")
    return (
        NeedList.objects.visible_to(scope)
        .filter(village=village)
        .exclude(state=NeedList.State.SUPERSEDED)
        .prefetch_related(Prefetch("items", items))
    )


def rounds_of_village(scope: Scope, village: Place) -> list[RoundVillage]:
    joined = RoundVillage.objects.visible_to(scope).filter(village=village)
    return list(joined.select_related("round").order_by("-round__created_at"))


def rounds_of_person(scope: Scope, person: Person) -> list[RoundPerson]:
    """Rounds with the wishes; what a person wished is read by the county, the unit and himself."""
    wishes = Wish.objects.select_related("round_village__village").order_by("rank", "pk")
    joined = RoundPerson.objects.visible_to(scope).filter(person=person)
    return list(
        joined.select_related("round")
        .prefetch_related(Prefetch("wishes", wishes))
        .order_by("-round__created_at")
    )


def results_of(
    plan_ids: Iterable[UUID | None], *, village: Place | None = None, person: Person | None = None
) -> dict[UUID, list[Draft]]:
    """Who was proposed, by plan."""
    drafts = Draft.objects.filter(plan_id__in=[pk for pk in plan_ids if pk])
    drafts = drafts.filter(village=village) if village else drafts.filter(person=person)
    found: dict[UUID, list[Draft]] = defaultdict(list)
    for one in drafts.select_related("person", "village").order_by("role", "person__number"):
        found[one.plan_id].append(one)
    return found


def postings_of_village(scope: Scope, village: Place) -> QuerySet[Posting]:
    return _postings(scope).filter(village=village)


def postings_of_person(scope: Scope, person: Person) -> QuerySet[Posting]:
    return _postings(scope).filter(person=person)


def postings_of_unit(scope: Scope, unit: Unit) -> QuerySet[Posting]:
    return _postings(scope).filter(unit=unit, until__isnull=True)


def _postings(scope: Scope) -> QuerySet[Posting]:
    """The present ones first, then by the day on which they began."""
    return (
        Posting.objects.visible_to(scope)
        .select_related("person", "village__parent", "unit")
        .order_by("until", "-since", "kind", "pk")
    )


def pool_of_unit(scope: Scope, unit: Unit) -> dict[str, int]:
    """How many people of the unit stand in the pool, by state."""
    entries = PoolEntry.objects.visible_to(scope).filter(Q(person__unit=unit)).order_by()
    rows = entries.values("state").annotate(count=Count("pk"))
    return {row["state"]: row["count"] for row in rows}
