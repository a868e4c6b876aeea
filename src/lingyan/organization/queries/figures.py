"""Which records stand behind the figures of posts, terms, reviews and rectification?"""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery

from lingyan.common.periods import Period
from lingyan.directory import queries as directory
from lingyan.directory.models import Place, VillageOfficer
from lingyan.directory.rules import PlaceLevel
from lingyan.organization.models import (
    DutyList,
    JointReview,
    LookBackCheck,
    RectificationCase,
    RectInspection,
    RectStep,
    ReviewAnswer,
    ReviewRound,
    SatisfactionVote,
)
from lingyan.organization.queries.committees import SECRETARY, held_on, list_villages
from lingyan.organization.queries.rectification import list_cases
from lingyan.organization.rules.committees import DIRECTORS
from lingyan.organization.rules.rectification_words import RectState
from lingyan.organization.rules.review_words import DutyLevel, PaperState
from lingyan.organization.rules.term_words import ItemResult, ReviewResult
from lingyan.platform.accounts.actor import Scope

# --- villages -------------------------------------------------------------------------------------


def with_heads(villages: QuerySet[Place], on: date) -> QuerySet[Place]:
    """With the names and keys of secretary and director on a day, for a list."""
    rows = VillageOfficer.objects.filter(held_on(on), village=OuterRef("pk"))
    held = rows.order_by("since", "pk")
    secretary, director = held.filter(post=SECRETARY), held.filter(post__in=sorted(DIRECTORS))
    return villages.annotate(
        secretary=Subquery(secretary.values("person__name")[:1]),
        secretary_key=Subquery(secretary.values("person")[:1]),
        director=Subquery(director.values("person__name")[:1]),
        director_key=Subquery(director.values("person")[:1]),
    )


def with_day_left(villages: QuerySet[Place]) -> QuerySet[Place]:
    """With the day on which the last secretary left, for a list of those without one."""
    past = VillageOfficer.objects.filter(village=OuterRef("pk"), post=SECRETARY).order_by()
    left = past.values("village").annotate(left=Max("until")).values("left")
    return villages.annotate(left_on=Subquery(left))


def negative_reviews(scope: Scope, on: date) -> QuerySet[JointReview]:
    """Of whom a department has answered that there is a problem (IND-1-11)."""
    negative = ReviewAnswer.objects.filter(
        review=OuterRef("pk"), result=ReviewResult.NEGATIVE, answered_on__lte=on
    )
    found = JointReview.objects.visible_to(scope).filter(Exists(negative))
    return found.select_related("person", "village__parent")


def lookback_problems(scope: Scope, on: date) -> QuerySet[LookBackCheck]:
    """Problems that the look-back had found by a day (IND-1-12)."""
    found = LookBackCheck.objects.filter(
        change__village__in=list_villages(scope).order_by().values("pk"),
        result=ItemResult.PROBLEM, checked_on__lte=on,
    )  # fmt: skip
    return found.select_related("change__village__parent")


# --- the year of the secretaries ------------------------------------------------------------------


def with_review(scope: Scope, on: date) -> QuerySet[Place]:
    """Towns that have villages, and whether the villages' review of the year is filed (T16)."""
    filed = ReviewRound.objects.filter(
        place=OuterRef("pk"), level=DutyLevel.VILLAGE, year=on.year, archived_on__lte=on
    )
    villages = Place.objects.filter(parent=OuterRef("pk"), level=PlaceLevel.VILLAGE)
    towns = directory.list_towns(scope).filter(Exists(villages))
    return towns.annotate(is_filed=Exists(filed))


def with_duty_list(scope: Scope, on: date) -> QuerySet[Place]:
    """Towns and villages, and whether their secretary's list of the year was handed down."""
    lists = DutyList.objects.filter(
        place=OuterRef("pk"), unit__isnull=True, year=on.year, state=PaperState.APPROVED,
        decided_on__lte=on,
    )  # fmt: skip
    levels = (PlaceLevel.TOWNSHIP, PlaceLevel.VILLAGE)
    places = directory.list_places(scope).filter(level__in=levels)
    return places.annotate(has_list=Exists(lists))


# --- rectification --------------------------------------------------------------------------------


def open_on(scope: Scope, day: date) -> QuerySet[RectificationCase]:
    """In RECT_OPEN on that day (R-4-10): from the decision to the clearing, and from a relapse
    until the case that follows it.
    """
    listed = Q(decided_on__lte=day) & ~Q(state=RectState.NOT_LISTED)
    held = listed & (Q(cleared_on__isnull=True) | Q(cleared_on__gt=day))
    relapsed = Q(state=RectState.REOPENED, state_since__lte=day) & (
        Q(child__isnull=True) | Q(child__decided_on__gt=day)
    )
    return list_cases(scope).filter(held | relapsed)


def open_in(scope: Scope, period: Period) -> QuerySet[RectificationCase]:
    """On the list at any time of the period."""
    listed = Q(decided_on__lt=period.until) & ~Q(state=RectState.NOT_LISTED)
    held = listed & (Q(cleared_on__isnull=True) | Q(cleared_on__gte=period.since))
    return list_cases(scope).filter(held)


def relapses(scope: Scope, period: Period) -> QuerySet[RectStep]:
    """Relapses that were found in the period (IND-4-06)."""
    found = RectStep.objects.filter(
        case__in=list_cases(scope).order_by().values("pk"), act="relapse", on__gte=period.since,
        on__lt=period.until,
    )  # fmt: skip
    return found.select_related("case__village__parent")


def votes_decided(scope: Scope, period: Period, on: date) -> QuerySet[SatisfactionVote]:
    """The last vote of each acceptance on which was decided, once it was counted (IND-4-05)."""
    inspections = RectInspection.objects.filter(
        case__in=list_cases(scope).order_by().values("pk"), decided_on__gte=period.since,
        decided_on__lt=period.until, decided_on__lte=on,
    )  # fmt: skip
    later = SatisfactionVote.objects.filter(
        inspection=OuterRef("inspection"), attempt__gt=OuterRef("attempt")
    )
    found = SatisfactionVote.objects.filter(
        ~Exists(later), inspection__in=inspections.order_by().values("pk"), counted_on__isnull=False
    )
    return found.select_related("inspection__case__village__parent")
