"""Which health checks and need lists may a reader see, and what is known of a village?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import (
    Aggregate,
    CharField,
    Count,
    Exists,
    Max,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Coalesce, StrIndex
from django.db.models.lookups import GreaterThan
from django.shortcuts import get_object_or_404

from lingyan.directory import queries as directory
from lingyan.directory.models import Place, VillageOfficer
from lingyan.directory.rules import OfficerPost, PlaceLevel
from lingyan.platform.accounts.actor import Scope
from lingyan.posting.models import HealthCheck, NeedItem, NeedList, Posting
from lingyan.posting.rules import POST_HELD, HealthCheckState, Severity
from lingyan.posting.rules.assessments import OfficerFact, VillageEvidence

NO_CHECK = "none"


def list_checked_villages(scope: Scope, year: int) -> QuerySet[Place]:
    """Villages with the state of that year's check (`check_state`), if there is one.

    The check itself stands in `checks_of_year`, a list of at most one, with its items.
    """
    checks = HealthCheck.objects.filter(year=year)
    state = checks.filter(village=OuterRef("pk")).values("state")[:1]
    return (
        directory.list_villages(scope)
        .annotate(check_state=Coalesce(Subquery(state), Value(NO_CHECK), output_field=CharField()))
        .prefetch_related(
            Prefetch("health_checks", checks.prefetch_related("items"), to_attr="checks_of_year")
        )
    )


def check_state_q(year: int, state: str) -> Q:
    """Villages whose check of that year stands there; or that have none."""
    checks = HealthCheck.objects.filter(year=year)
    if state == NO_CHECK:
        return ~Q(Exists(checks.filter(village=OuterRef("pk"))))
    return Q(pk__in=checks.filter(state=state).values("village"))


def check_type_q(year: int, code: str) -> Q:
    """Villages that this year's check found to be of a type."""
    return Q(pk__in=HealthCheck.objects.filter(type_q(code), year=year).values("village"))


def type_q(code: str) -> Q:
    """Rows that name a type among their village types."""
    text = Cast("village_types", TextField())
    return Q(GreaterThan(StrIndex(text, Value(f'"{code}"')), Value(0)))


def list_checks(scope: Scope) -> QuerySet[HealthCheck]:
    return (
        HealthCheck.objects.visible_to(scope)
        .select_related("village__parent")
        .prefetch_related("items")
    )


def get_check(scope: Scope, check_id: UUID) -> HealthCheck:
    return get_object_or_404(list_checks(scope), pk=check_id)


def find_checks(scope: Scope, ids: Iterable[str]) -> list[HealthCheck]:
    """Those of the chosen checks that are in scope, in the order of their villages."""
    return list(list_checks(scope).filter(pk__in=uuids(ids)).order_by("village__path"))


def uuids(ids: Iterable[str]) -> list[UUID]:
    """What a form sends as ids; anything else is no id of ours."""
    found = []
    for text in ids:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def count_checks(scope: Scope, year: int) -> dict[str, int]:
    """How many of this year's checks stand in which state."""
    states = HealthCheck.objects.visible_to(scope).filter(year=year).order_by()
    return {row["state"]: row["count"] for row in states.values("state").annotate(count=Count("*"))}


def list_towns(scope: Scope) -> list[tuple[str, str]]:
    """The towns in scope as choices of a filter: path and name."""
    towns = directory.list_places(scope).filter(level=PlaceLevel.TOWNSHIP).order_by("path")
    return list(towns.values_list("path", "short_name"))


def village_evidence(village: Place, *, year: int, as_of: date) -> VillageEvidence:
    """What the register, the postings and last year's check say of a village."""
    offices = list(VillageOfficer.objects.filter(village=village).select_related("person"))
    held = [one for one in offices if one.until is None or one.until > as_of]
    left = [
        one.until
        for one in offices
        if one.post == OfficerPost.PARTY_SECRETARY and one.until and one.until <= as_of
    ]
    last = HealthCheck.objects.filter(village=village, year=year - 1).first()
    postings = Posting.objects.filter(village=village, state__in=POST_HELD, until__isnull=True)
    return VillageEvidence(
        as_of=as_of,
        officers=tuple(
            OfficerFact(
                str(one.person_id), one.person.name, one.post, one.person.birth_on,
                one.person.gender, one.person.education,
            )
            for one in held
        ),
        registered=bool(offices),
        secretary_left_on=max(left, default=None),
        postings=tuple(
            f"{one.person.name}（{one.get_kind_display()}）"
            for one in postings.select_related("person")
        ),
        last_year=year - 1,
        last_scores={one.item: one.score for one in last.items.all()} if last else {},
        needs_in_force=_needs_in_force(village),
    )  # fmt: skip


def types_in_force(village: Place) -> list[str]:
    """The village types of the issued need list."""
    issued = NeedList.objects.filter(village=village, state=NeedList.State.ISSUED)
    return issued.values_list("village_types", flat=True).first() or []


def _needs_in_force(village: Place) -> dict[str, str]:
    """What the issued need list says of each item."""
    items = NeedItem.objects.filter(
        need_list__village=village, need_list__state=NeedList.State.ISSUED
    ).exclude(item="")
    return {
        one.item: f"{SEVERITY_WORDS[one.severity]}{'，' if one.text else ''}{one.text}"
        for one in items
    }


def _of_items(figure: Aggregate) -> QuerySet[Any]:
    """A figure over the needs of each list, asked of the rows of a page only."""
    items = NeedItem.objects.filter(need_list=OuterRef("pk")).order_by()
    return items.values("need_list").annotate(figure=figure).values("figure")


def list_need_lists(scope: Scope) -> QuerySet[NeedList]:
    """Need lists with the number of their needs and the gravest (`need_count`, `gravest`)."""
    return (
        NeedList.objects.visible_to(scope)
        .select_related("village__parent")
        .annotate(
            need_count=Coalesce(Subquery(_of_items(Count("pk"))), 0),
            gravest=Subquery(_of_items(Max("severity"))),
        )
    )


def list_need_lists_with_items(scope: Scope) -> QuerySet[NeedList]:
    """The same with every need, for an export."""
    items = NeedItem.objects.order_by("-severity", "item")
    return list_need_lists(scope).prefetch_related(Prefetch("items", items))


def get_need_list(scope: Scope, need_list_id: UUID) -> NeedList:
    return get_object_or_404(
        list_need_lists_with_items(scope).select_related("health_check"), pk=need_list_id
    )


def find_need_lists(scope: Scope, ids: Iterable[str]) -> list[NeedList]:
    found = list_need_lists(scope).filter(pk__in=uuids(ids))
    return list(found.order_by("village__path"))


def list_need_lists_to_issue(scope: Scope) -> list[NeedList]:
    found = list_need_lists(scope).filter(state=NeedList.State.CONFIRMED)
    return list(found.order_by("village__path"))


def find_need_list_of_check(check: HealthCheck) -> NeedList | None:
    return check.need_lists.order_by("-created_at").first()


CHECK_STATES = ((NO_CHECK, "未开始"), *HealthCheckState.choices())
SEVERITY_WORDS = {int(code): label for code, label in Severity.choices()}


def list_checks_in(scope: Scope, year: int, state: HealthCheckState) -> QuerySet[HealthCheck]:
    return HealthCheck.objects.visible_to(scope).filter(year=year, state=state).order_by()


def list_unchecked_villages(scope: Scope, year: int) -> QuerySet[Place]:
    """Villages in which this year's check has not been begun."""
    checks = HealthCheck.objects.filter(village=OuterRef("pk"), year=year)
    return directory.list_villages(scope).filter(~Exists(checks)).order_by()


def need_lists_to_issue(scope: Scope) -> QuerySet[NeedList]:
    return NeedList.objects.visible_to(scope).filter(state=NeedList.State.CONFIRMED).order_by()


def list_opinions_missing(scope: Scope) -> QuerySet[HealthCheck]:
    """Checks in joint review that the agriculture bureau has not spoken on."""
    waiting = HealthCheck.objects.visible_to(scope).filter(state=HealthCheckState.JOINT_REVIEW)
    return waiting.filter(agriculture_opinion="").order_by()
