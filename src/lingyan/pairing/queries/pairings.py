"""Which pairs are there, as far as this person may see, and what do their rules ask?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from lingyan.common import clock
from lingyan.common.periods import ONE_DAY
from lingyan.directory import queries as directory
from lingyan.directory import search
from lingyan.directory.models import Place, Unit
from lingyan.directory.rules import PlaceLevel
from lingyan.directory.scoping import PATH_DIGITS, contains, path_end
from lingyan.pairing.models import Pairing, PairingStep
from lingyan.pairing.rules.pairings import RENEW_BEFORE_DAYS
from lingyan.pairing.rules.words import PAIR_HELD, PairingState
from lingyan.platform.accounts.actor import Scope

HELD = sorted(PAIR_HELD)


def list_pairings(scope: Scope) -> QuerySet[Pairing]:
    return Pairing.objects.visible_to(scope).select_related(
        "unit", "unit__place", "village", "village__parent"
    )


def get_pairing(scope: Scope, pairing_id: UUID) -> Pairing:
    return get_object_or_404(list_pairings(scope), pk=pairing_id)


def get_pair_of_county(county: Place, pairing_id: UUID) -> Pairing:
    """Any pair of the county by its key: to name it, not to read it."""
    found = Pairing.objects.select_related("unit", "village__parent")
    inside = found.filter(village__path__gte=county.path, village__path__lt=path_end(county.path))
    return get_object_or_404(inside, pk=pairing_id)


def list_steps(pairing: Pairing) -> QuerySet[PairingStep]:
    return PairingStep.objects.filter(pairing=pairing).order_by("-made_at", "pk")


def list_pairings_of_unit(scope: Scope, unit: Unit) -> QuerySet[Pairing]:
    return list_pairings(scope).filter(unit=unit).order_by("-since", "village__path", "pk")


def list_pairings_of_village(scope: Scope, village: Place) -> QuerySet[Pairing]:
    return list_pairings(scope).filter(village=village).order_by("-is_lead", "-since", "pk")


def known_on(pairings: QuerySet[Pairing], on: date) -> QuerySet[Pairing]:
    """Those that were there on that day: begun by then, or written down by then."""
    end = datetime.combine(on + ONE_DAY, time(), tzinfo=clock.BEIJING)
    return pairings.filter(Q(since__lte=on) | Q(created_at__lt=end))


# --- what the rules of a pair ask -----------------------------------------------------------------


def count_held_of_unit(unit_id: UUID) -> int:
    return Pairing.objects.filter(unit_id=unit_id, state__in=HELD).count()


def is_held(unit_id: UUID, village_id: UUID) -> bool:
    return Pairing.objects.filter(unit_id=unit_id, village_id=village_id, state__in=HELD).exists()


def find_lead(village_id: UUID) -> Pairing | None:
    """The pair whose unit leads in the village, from its proposal on."""
    return (
        Pairing.objects.filter(village_id=village_id, is_lead=True, state__in=HELD)
        .select_related("unit")
        .first()
    )


def has_step(pairing: Pairing, act: str) -> bool:
    return PairingStep.objects.filter(pairing=pairing, act=act).exists()


def makers_of(pairing: Pairing) -> frozenset[str]:
    return frozenset({str(pairing.created_by_id)} if pairing.created_by_id else ())


# --- counties -------------------------------------------------------------------------------------


def tops_of(path: str) -> list[str]:
    return [path[:end] for end in range(PATH_DIGITS, len(path) + 1, PATH_DIGITS)]


def county_path(path: str) -> str:
    """The path of the county that a place lies in or is; empty above the counties."""
    found = Place.objects.filter(level=PlaceLevel.COUNTY, path__in=tops_of(path))
    return found.values_list("path", flat=True).first() or ""


def lies_in(scope: Scope, *places: Place) -> bool:
    return all(contains(scope, place.path) for place in places)


# --- what is due ----------------------------------------------------------------------------------


def expiring_q(today: date) -> Q:
    """Pairs at work whose last day is near or past."""
    soon = today + timedelta(days=RENEW_BEFORE_DAYS)
    return Q(state=PairingState.ACTIVE, planned_until__lte=soon)


def list_expiring(scope: Scope, today: date) -> QuerySet[Pairing]:
    return list_pairings(scope).filter(expiring_q(today))


def list_waiting(scope: Scope, states: Collection[str]) -> QuerySet[Pairing]:
    return list_pairings(scope).filter(state__in=states)


def list_left(scope: Scope) -> QuerySet[Pairing]:
    """Lead pairs that were dissolved or have ended while nobody has followed."""
    again = Pairing.objects.filter(village=OuterRef("village"), is_lead=True, state__in=HELD)
    later = Pairing.objects.filter(
        village=OuterRef("village"), is_lead=True, created_at__gt=OuterRef("created_at")
    ).exclude(state=PairingState.DECLINED)
    return (
        list_pairings(scope)
        .filter(
            is_lead=True,
            state__in=(PairingState.ENDED, PairingState.DISSOLVED),
            village__ended_on__isnull=True,
        )
        .exclude(Exists(again))
        .exclude(Exists(later))
    )


# --- choices --------------------------------------------------------------------------------------

LEVELS: Sequence[str] = (PlaceLevel.VILLAGE, PlaceLevel.TOWNSHIP)


def list_partners(scope: Scope) -> QuerySet[Place]:
    """Places that may be paired with: villages, communities, and townships by exception."""
    return (
        Place.objects.visible_to(scope)
        .filter(level__in=LEVELS, ended_on__isnull=True)
        .select_related("parent")
        .order_by("path")
    )


def list_units(scope: Scope) -> QuerySet[Unit]:
    return Unit.objects.visible_to(scope).order_by("name", "pk")


# --- the list -------------------------------------------------------------------------------------

EXPIRING, OVERDUE = "soon", "over"
TERMS = ((EXPIRING, f"{RENEW_BEFORE_DAYS} 天内到期"), (OVERDUE, "已到期，待续签或结束"))
UNIT_NAMES = Unit.objects.order_by("name").values_list("pk", "name")


def term_q(which: str, today: date) -> Q:
    near = expiring_q(today)
    return near & Q(planned_until__lte=today) if which == OVERDUE else near


def town_choices(scope: Scope) -> list[tuple[str, str]]:
    """The towns in scope, or those in which the unit has pairs: path and name."""
    if scope.place_paths:
        return list(directory.list_towns(scope).values_list("path", "short_name"))
    rows = Pairing.objects.visible_to(scope).order_by("village__parent__path")
    return list(rows.values_list("village__parent__path", "village__parent__short_name").distinct())


def search_q(text: str) -> Q:
    """By unit, village, town or agreement: what its name begins with."""
    found = search.of_villages_q(text, "village") | search.of_units_q(text, "unit")
    return found | Q(agreement_number__prefix=text)
