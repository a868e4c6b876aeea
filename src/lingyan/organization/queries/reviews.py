"""Which duty lists, reviews and targets may this person see, and who is secretary of what?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404

from lingyan.common import clock
from lingyan.directory.models import Person, Place, RoleAssignment, Unit, VillageOfficer
from lingyan.directory.queries import list_officers_on
from lingyan.directory.roles import Role
from lingyan.directory.rules import PlaceLevel
from lingyan.directory.scoping import place_q
from lingyan.directory.settings import number_for
from lingyan.organization.models import (
    AgencyTarget,
    DutyList,
    ReviewProblem,
    ReviewRound,
    SecretaryReview,
)
from lingyan.organization.rules import reviews as rules
from lingyan.organization.rules import settings
from lingyan.organization.rules.review_words import DutyLevel, PaperState, ReviewState
from lingyan.organization.rules.reviews import Result
from lingyan.platform.accounts.actor import Actor, Scope
from lingyan.supervision.models import SupervisionTask
from lingyan.supervision.rules.words import SETTLED


@dataclass(frozen=True, slots=True)
class Secretary:
    """Who answers for a village, a town or a unit on a day."""

    place: Place
    name: str
    unit: Unit | None = None
    person: Person | None = None


# --- duty lists -----------------------------------------------------------------------------------


def list_duty_lists(scope: Scope) -> QuerySet[DutyList]:
    found = DutyList.objects.visible_to(scope).annotate(item_count=Count("items"))
    return found.select_related("place__parent", "unit")


def get_duty_list(scope: Scope, duty_list_id: UUID) -> DutyList:
    return get_object_or_404(list_duty_lists(scope), pk=duty_list_id)


def level_of(actor: Actor) -> str:
    """Whose list this person writes; empty where none."""
    if actor.role in ("village_secretary", "village_org"):
        return str(DutyLevel.VILLAGE)
    if actor.role in ("town_org", "town_secretary"):
        return str(DutyLevel.TOWN)
    return str(DutyLevel.UNIT) if actor.role in ("unit_party_admin", "unit_leader") else ""


def own_place(actor: Actor) -> tuple[Place | None, Unit | None]:
    """The village, town or unit for which this person writes."""
    unit = Unit.objects.filter(pk__in=actor.scope.unit_ids).select_related("place").first()
    if unit is not None:
        return unit.place, unit
    return Place.objects.filter(path__in=actor.scope.place_paths).order_by("path").first(), None


def own_lists(actor: Actor, year: int) -> QuerySet[DutyList]:
    """The lists of the village, town or unit for which this person acts."""
    own = Q(unit__isnull=True, place__path__in=actor.scope.place_paths)
    own |= Q(unit__in=actor.scope.unit_ids)
    return DutyList.objects.filter(own, year=year, level=level_of(actor))


def find_own_list(actor: Actor, year: int) -> DutyList | None:
    return own_lists(actor, year).order_by("pk").first()


def without_list(actor: Actor, year: int) -> QuerySet[Any]:
    """The own place or unit, as long as it has no list of the year."""
    lists = DutyList.objects.filter(year=year, level=level_of(actor))
    if actor.scope.unit_ids:
        units = Unit.objects.filter(pk__in=actor.scope.unit_ids)
        return units.exclude(pk__in=lists.filter(unit__isnull=False).values("unit"))
    places = Place.objects.filter(path__in=actor.scope.place_paths)
    return places.exclude(pk__in=lists.filter(unit__isnull=True).values("place"))


def list_submitted(actor: Actor) -> QuerySet[DutyList]:
    """Lists that wait for this person's approval."""
    levels = {
        Role.TOWN_SECRETARY.value: (DutyLevel.VILLAGE,),
        Role.COUNTY_ORG_LEADER.value: (DutyLevel.TOWN, DutyLevel.UNIT),
    }.get(actor.role, ())
    found = list_duty_lists(actor.scope).filter(state=PaperState.SUBMITTED, level__in=levels)
    return found.exclude(submitted_by_id=actor.user_id)


# --- who is secretary -----------------------------------------------------------------------------


def secretaries(level: str, place: Place, on: date) -> list[Secretary]:
    """Everybody who answers at this level under a place, from the registers; nobody types them."""
    scope = Scope(place_paths=(place.path,))
    if level == DutyLevel.VILLAGE:
        return _of_villages(scope, on)
    if level == DutyLevel.TOWN:
        return _of_towns(scope, on)
    return _of_units(scope, on)


def _of_villages(scope: Scope, on: date) -> list[Secretary]:
    held = list_officers_on(scope, on).filter(
        post="party_secretary", village__level=PlaceLevel.VILLAGE
    )
    found: dict[UUID, Secretary] = {}
    for one in held.order_by("village__path", "since", "pk"):
        found[one.village_id] = Secretary(one.village, one.person.name, person=one.person)
    return list(found.values())


def _in_force(role: Role, on: date) -> QuerySet[RoleAssignment]:
    ends = Q(until__isnull=True) | Q(until__gt=on)
    rows = RoleAssignment.objects.filter(
        ends, role=role, since__lte=on, handed_from__isnull=True, user__is_active=True
    )
    return rows.select_related("user__person", "place", "unit__place").order_by("since", "pk")


def _of_towns(scope: Scope, on: date) -> list[Secretary]:
    found: dict[UUID, Secretary] = {}
    for one in _in_force(Role.TOWN_SECRETARY, on):
        if one.place is not None and one.place.path.startswith(tuple(scope.place_paths)):
            person = getattr(one.user, "person", None)
            found[one.place.pk] = Secretary(one.place, one.user.name, person=person)
    return sorted(found.values(), key=lambda one: one.place.path)


def _of_units(scope: Scope, on: date) -> list[Secretary]:
    found: dict[UUID, Secretary] = {}
    for one in _in_force(Role.UNIT_LEADER, on):
        unit = one.unit
        if unit is not None and unit.place.path.startswith(tuple(scope.place_paths)):
            person = getattr(one.user, "person", None)
            found[unit.pk] = Secretary(unit.place, one.user.name, unit=unit, person=person)
    return sorted(found.values(), key=lambda one: str(one.unit))


def find_secretary(level: str, place: Place, unit: Unit | None, on: date) -> Secretary | None:
    found = secretaries(level, place, on)
    return next((one for one in found if one.place == place and one.unit == unit), None)


# --- reviews --------------------------------------------------------------------------------------


def list_rounds(scope: Scope) -> QuerySet[ReviewRound]:
    rows = ReviewRound.objects.visible_to(scope).select_related("place")
    return rows.annotate(result_count=Count("results"))


def get_round(scope: Scope, round_id: UUID) -> ReviewRound:
    return get_object_or_404(list_rounds(scope), pk=round_id)


def own_q(scope: Scope) -> Q:
    """Results of the places and units in scope."""
    return place_q(scope, "place__") | Q(unit_id__in=scope.unit_ids)


def list_results(scope: Scope, round: ReviewRound) -> QuerySet[SecretaryReview]:
    """Whoever runs the round sees all; a secretary the own line alone."""
    rows = SecretaryReview.objects.filter(own_q(scope), round=round)
    problems = ReviewProblem.objects.order_by("due_on", "pk")
    return rows.select_related("place__parent", "unit", "round__place").prefetch_related(
        Prefetch("problems", problems)
    )


def get_result(scope: Scope, result_id: UUID) -> SecretaryReview:
    rows = SecretaryReview.objects.filter(own_q(scope)).select_related(
        "place__parent", "unit", "round__place", "person"
    )
    return get_object_or_404(rows, pk=result_id)


def get_problem(scope: Scope, problem_id: UUID) -> ReviewProblem:
    results = SecretaryReview.objects.filter(own_q(scope))
    rows = ReviewProblem.objects.filter(result__in=results.values("pk"))
    return get_object_or_404(rows.select_related("result__round"), pk=problem_id)


def lines_of(results: Iterable[SecretaryReview]) -> list[Result]:
    """What the rules of the round ask of each line."""
    results = list(results)
    tasks = tasks_of(one.task_id for result in results for one in result.problems.all())
    return [
        Result(
            name=one.name,
            is_reported=bool(one.reported_on or one.excused),
            votes=one.votes,
            grade=one.grade,
            is_weak_development=one.is_weak_development,
            problems=len(one.problems.all()),
            problems_open=sum(
                tasks[p.task_id].state not in SETTLED if p.task_id in tasks else 1
                for p in one.problems.all()
            ),
        )
        for one in results
    ]


def tasks_of(ids: Iterable[UUID | None]) -> dict[UUID | None, SupervisionTask]:
    found = SupervisionTask.objects.in_bulk([one for one in ids if one is not None])
    return dict(found.items())


def list_to_report(actor: Actor) -> QuerySet[SecretaryReview]:
    """Own lines whose report waits for a word."""
    rows = SecretaryReview.objects.filter(
        own_q(actor.scope), round__state=ReviewState.OPENED, reported_on__isnull=True, excused=""
    )
    level = level_of(actor)
    return rows.filter(round__level=level)


def list_waiting_rounds(scope: Scope, states: Collection[str]) -> QuerySet[ReviewRound]:
    return ReviewRound.objects.visible_to(scope).filter(state__in=states)


def places_owing(actor: Actor, level: str, year: int) -> QuerySet[Place]:
    """Towns or the county of this person that have secretaries and no review of the year yet."""
    made = ReviewRound.objects.filter(place=OuterRef("pk"), level=level, year=year)
    if level == DutyLevel.VILLAGE:
        return towns_due(actor.scope).filter(~Exists(made))
    role, under = {
        DutyLevel.TOWN: (Role.TOWN_SECRETARY, Q(place__parent=OuterRef("pk"))),
        DutyLevel.UNIT: (Role.UNIT_LEADER, Q(unit__place=OuterRef("pk"))),
    }[DutyLevel(level)]
    held = _in_force(role, clock.today()).filter(under).order_by()
    return Place.objects.filter(
        ~Exists(made), Exists(held), path__in=actor.scope.place_paths, level=PlaceLevel.COUNTY
    )


def round_due(actor: Actor, year: int) -> date:
    """By when the review of a year is done, in the county of this person."""
    paths = actor.scope.place_paths
    month = number_for(paths[0], settings.ROUND_MONTH) if paths else rules.DUE_MONTH
    return rules.round_due(year, month)


# --- figures (IND-13-01, IND-13-04) ---------------------------------------------------------------


def linked_q() -> Q:
    """Archived, and each secretary's development work decided on (R-5-15)."""
    undecided = SecretaryReview.objects.filter(
        round=OuterRef("pk"), is_weak_development__isnull=True
    )
    return Q(~Exists(undecided), state=ReviewState.ARCHIVED)


def towns_due(scope: Scope) -> QuerySet[Place]:
    """Towns with a village whose secretary is known: each owes a round of its villages."""
    secretaries = VillageOfficer.objects.filter(
        post="party_secretary", until__isnull=True, village__parent=OuterRef("pk")
    )
    rows = Place.objects.visible_to(scope).filter(
        Exists(secretaries), level=PlaceLevel.TOWNSHIP, ended_on__isnull=True
    )
    return rows.order_by("path")


# --- agency targets -------------------------------------------------------------------------------


def list_targets(scope: Scope) -> QuerySet[AgencyTarget]:
    return AgencyTarget.objects.visible_to(scope).select_related("unit__place")


def list_units_with_target(scope: Scope, year: int) -> QuerySet[Unit]:
    """Units in scope, each with its target of the year as `of_year`, if any."""
    of_year = AgencyTarget.objects.filter(year=year)
    rows = Unit.objects.visible_to(scope).select_related("place")
    return rows.prefetch_related(Prefetch("agency_targets", of_year, to_attr="of_year"))


def target_q(year: int, state: str) -> Q:
    """Units by the state of their target of the year; "none" are those that have none."""
    rows = AgencyTarget.objects.filter(unit=OuterRef("pk"), year=year)
    return ~Q(Exists(rows)) if state == "none" else Q(Exists(rows.filter(state=state)))
