"""What does 精准选派 know of one village, person or unit? Few rows, scope first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from lingyan.common import clock
from lingyan.common.periods import ONE_DAY
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


def made_by(on: date, column: str = "created_at") -> Q:
    """Rows made up to the end of that day; today that is all of them."""
    if on >= clock.today():
        return Q()
    return Q(**{f"{column}__lt": datetime.combine(on + ONE_DAY, time(), tzinfo=clock.BEIJING)})


def checks_of_village(scope: Scope, village: Place, on: date) -> QuerySet[HealthCheck]:
    made = HealthCheck.objects.visible_to(scope).filter(made_by(on), village=village)
    return made.order_by("-year")


def need_lists_of_village(scope: Scope, village: Place, on: date) -> QuerySet[NeedList]:
    """Made up to that day, the newest first, each with its gravest needs first."""
    items = NeedItem.objects.order_by("-severity", "item")
    return (
        NeedList.objects.visible_to(scope)
        .filter(made_by(on), village=village)
        .order_by("-created_at", "pk")
        .prefetch_related(Prefetch("items", items))
    )


def rounds_of_village(scope: Scope, village: Place, on: date) -> list[RoundVillage]:
    joined = RoundVillage.objects.visible_to(scope).filter(
        made_by(on, "round__created_at"), village=village
    )
    return list(joined.select_related("round").order_by("-round__created_at"))


def rounds_of_person(scope: Scope, person: Person, on: date) -> list[RoundPerson]:
    """Rounds with the wishes; what a person wished is read by the county, the unit and himself."""
    wishes = Wish.objects.select_related("round_village__village").order_by("rank", "pk")
    joined = RoundPerson.objects.visible_to(scope).filter(
        made_by(on, "round__created_at"), person=person
    )
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


def postings_of_village(scope: Scope, village: Place, on: date) -> list[Posting]:
    return _postings(Posting.objects.visible_to(scope).filter(village=village), on)


def postings_of_person(scope: Scope, person: Person, on: date) -> list[Posting]:
    return _postings(Posting.objects.visible_to(scope).filter(person=person), on)


def postings_of_unit(scope: Scope, unit: Unit, on: date) -> list[Posting]:
    """Whom the unit had posted on that day."""
    there = Q(until__isnull=True) | Q(until__gt=on)
    return _postings(Posting.objects.visible_to(scope).filter(there, unit=unit), on)


def _postings(found: QuerySet[Posting], on: date) -> list[Posting]:
    """Made known up to that day; the ones of that day first, then by the day they began."""
    if on < clock.today():
        found = found.filter(Q(since__lte=on) | made_by(on))
    rows = list(found.select_related("person", "village__parent", "unit"))
    rows.sort(key=lambda one: (one.since, str(one.pk)), reverse=True)
    return sorted(rows, key=lambda one: bool(one.until and one.until <= on))


def pool_of_unit(scope: Scope, unit: Unit) -> dict[str, int]:
    """How many people of the unit stand in the pool, by state."""
    entries = PoolEntry.objects.visible_to(scope).filter(Q(person__unit=unit)).order_by()
    rows = entries.values("state").annotate(count=Count("pk"))
    return {row["state"]: row["count"] for row in rows}
