"""Which rounds, units, villages, answers and plans may this person see?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404

from lingyan.directory.models import Place, Unit
from lingyan.directory.rules import PlaceLevel
from lingyan.directory.scoping import place_q
from lingyan.pairing.models import (
    PairAdjustment,
    PairAnswer,
    PairDraft,
    PairFix,
    Pairing,
    PairPlan,
    PairRound,
    PairRoundUnit,
    PairRoundVillage,
)
from lingyan.pairing.queries.pairings import HELD
from lingyan.pairing.rules.rounds import RUNNING, PairRoundState, Side
from lingyan.platform.accounts.actor import Scope
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.jobs.models import Job

BLOBS = ("snapshot", "result")


def uuids(ids: Iterable[str]) -> list[UUID]:
    """Those of the texts that are ids at all."""
    found = []
    for text in ids:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _per_row(rows: QuerySet[Any], column: str) -> Coalesce:
    own = rows.filter(**{column: OuterRef("pk")}).order_by()
    counted = own.values(column).annotate(n=Count("*")).values("n")
    return Coalesce(Subquery(counted), Value(0), output_field=IntegerField())


# --- rounds -------------------------------------------------------------------------------------


def list_rounds(scope: Scope) -> QuerySet[PairRound]:
    """Rounds in scope with how many take part, and how many of them have stated."""
    stated = {"stated_at__isnull": False}
    return (
        PairRound.objects.visible_to(scope)
        .select_related("county", "seat")
        .annotate(
            unit_count=_per_row(PairRoundUnit.objects.all(), "round"),
            village_count=_per_row(PairRoundVillage.objects.all(), "round"),
            units_stated=_per_row(PairRoundUnit.objects.filter(**stated), "round"),
            villages_stated=_per_row(PairRoundVillage.objects.filter(**stated), "round"),
        )
    )


def get_round(scope: Scope, round_id: UUID) -> PairRound:
    return get_object_or_404(list_rounds(scope), pk=round_id)


def list_running(scope: Scope) -> QuerySet[PairRound]:
    return list_rounds(scope).filter(state__in=RUNNING)


def states_running(scope: Scope) -> list[str]:
    """The same rounds by their states alone, for the count on every page."""
    running = PairRound.objects.visible_to(scope).filter(state__in=RUNNING)
    return list(running.values_list("state", flat=True))


def latest_settings(county: Place) -> dict[str, Any]:
    """What the county set in its last round: offered again when the next one opens."""
    found = PairRound.objects.filter(county=county).order_by("-created_at", "pk")
    return found.values_list("settings", flat=True).first() or {}


def find_computation(round: PairRound) -> Job | None:
    """The computation that waits or runs."""
    job = _latest_job(round)
    return job if job and job.state in (Job.State.WAITING, Job.State.RUNNING) else None


def find_failed_computation(round: PairRound) -> Job | None:
    job = _latest_job(round)
    return job if job and job.state == Job.State.FAILED else None


def _latest_job(round: PairRound) -> Job | None:
    if round.computation_job_id is None:
        return None
    return Job.objects.filter(pk=round.computation_job_id).first()


# --- who takes part -----------------------------------------------------------------------------


def list_round_units(round: PairRound, scope: Scope | None = None) -> QuerySet[PairRoundUnit]:
    """All units of a round: both sides must see whom they may like."""
    answers = PairAnswer.objects.filter(side=Side.UNIT)
    rows = PairRoundUnit.objects.filter(round=round)
    if scope is not None:
        rows = rows.visible_to(scope)
    return rows.select_related("unit__place", "town").annotate(
        answer_count=_per_row(answers, "round_unit")
    )


def list_round_villages(round: PairRound, scope: Scope | None = None) -> QuerySet[PairRoundVillage]:
    answers = PairAnswer.objects.filter(side=Side.VILLAGE)
    rows = PairRoundVillage.objects.filter(round=round)
    if scope is not None:
        rows = rows.visible_to(scope)
    return rows.select_related("village__parent").annotate(
        answer_count=_per_row(answers, "round_village")
    )


def get_round_unit(scope: Scope, round_unit_id: UUID) -> PairRoundUnit:
    return get_object_or_404(
        PairRoundUnit.objects.visible_to(scope).select_related(
            "round__county", "round__seat", "unit__place", "town"
        ),
        pk=round_unit_id,
    )


def get_round_village(scope: Scope, round_village_id: UUID) -> PairRoundVillage:
    return get_object_or_404(
        PairRoundVillage.objects.visible_to(scope).select_related(
            "round__county", "round__seat", "village__parent"
        ),
        pk=round_village_id,
    )


def list_own_units(scope: Scope) -> QuerySet[PairRoundUnit]:
    """The statements that a unit's account finds on its own page."""
    return (
        PairRoundUnit.objects.filter(unit_id__in=scope.unit_ids)
        .exclude(round__state=PairRoundState.CANCELLED)
        .select_related("round__county", "unit")
        .order_by("-round__created_at", "unit__name", "pk")
    )


def list_own_villages(scope: Scope) -> QuerySet[PairRoundVillage]:
    return (
        PairRoundVillage.objects.visible_to(scope)
        .exclude(round__state=PairRoundState.CANCELLED)
        .select_related("round__county", "village__parent")
        .order_by("-round__created_at", "village__path", "pk")
    )


def list_addable_units(round: PairRound) -> QuerySet[Unit]:
    """Units of the county that are in no running round."""
    taken = PairRoundUnit.objects.filter(round__in=_this_and_running(round))
    return (
        Unit.objects.filter(place_q(_county(round), "place__"))
        .exclude(pk__in=taken.values("unit"))
        .annotate(pair_count=_per_row(Pairing.objects.active(), "unit"))
        .select_related("place")
    )


def list_addable_villages(round: PairRound) -> QuerySet[Place]:
    taken = PairRoundVillage.objects.filter(round__in=_this_and_running(round))
    return (
        Place.objects.filter(place_q(_county(round), ""))
        .filter(level=PlaceLevel.VILLAGE, ended_on__isnull=True)
        .exclude(pk__in=taken.values("village"))
        .annotate(is_paired=Exists(Pairing.objects.active().filter(village=OuterRef("pk"))))
        .select_related("parent")
    )


def _this_and_running(round: PairRound) -> QuerySet[PairRound]:
    return PairRound.objects.filter(Q(pk=round.pk) | Q(state__in=RUNNING)).order_by()


def _county(round: PairRound) -> Scope:
    return Scope(place_paths=(round.county.path,))


def names_of_busy_units(round: PairRound, unit_ids: Collection[UUID]) -> list[str]:
    taken = PairRoundUnit.objects.filter(round__in=_this_and_running(round), unit_id__in=unit_ids)
    return list(taken.order_by("unit__name").values_list("unit__name", flat=True).distinct())


def names_of_busy_villages(round: PairRound, village_ids: Collection[UUID]) -> list[str]:
    taken = PairRoundVillage.objects.filter(
        round__in=_this_and_running(round), village_id__in=village_ids
    )
    rows = taken.order_by("village__path").values_list("village__path", "village__short_name")
    return [name for _, name in rows.distinct()]


def town_choices(round: PairRound) -> list[tuple[str, str]]:
    towns = Place.objects.filter(place_q(_county(round), ""), level=PlaceLevel.TOWNSHIP)
    return list(
        towns.filter(ended_on__isnull=True).order_by("path").values_list("path", "short_name")
    )


def list_towns(round: PairRound) -> QuerySet[Place]:
    towns = Place.objects.filter(place_q(_county(round), ""), level=PlaceLevel.TOWNSHIP)
    return towns.filter(ended_on__isnull=True).order_by("path")


def list_towns_of(county: Place) -> QuerySet[Place]:
    scope = Scope(place_paths=(county.path,))
    towns = Place.objects.filter(place_q(scope, ""), level=PlaceLevel.TOWNSHIP)
    return towns.filter(ended_on__isnull=True).order_by("path")


# --- answers and fixes --------------------------------------------------------------------------


def answers_by_unit(round_unit: PairRoundUnit) -> dict[UUID, PairAnswer]:
    """What the unit said, by the village's place in the round."""
    rows = PairAnswer.objects.filter(round_unit=round_unit, side=Side.UNIT).order_by("pk")
    return {one.round_village_id: one for one in rows}


def answers_by_village(round_village: PairRoundVillage) -> dict[UUID, PairAnswer]:
    rows = PairAnswer.objects.filter(round_village=round_village, side=Side.VILLAGE)
    return {one.round_unit_id: one for one in rows.order_by("pk")}


def answers_said_by(joined: PairRoundUnit | PairRoundVillage) -> list[PairAnswer]:
    if isinstance(joined, PairRoundUnit):
        return list(answers_by_unit(joined).values())
    return list(answers_by_village(joined).values())


def list_fixes(round: PairRound) -> QuerySet[PairFix]:
    return PairFix.objects.filter(round=round).select_related("unit", "village__parent")


def get_fix(scope: Scope, fix_id: UUID) -> PairFix:
    fixes = PairFix.objects.filter(place_q(scope, "round__county__"))
    return get_object_or_404(
        fixes.select_related("round__county", "unit", "village__parent"), pk=fix_id
    )


def refusals_of_pair(round: PairRound, unit_id: UUID, village_id: UUID) -> list[str]:
    """Who of the two has refused the other, in words."""
    rows = PairAnswer.objects.filter(
        round_unit__round=round, round_unit__unit_id=unit_id,
        round_village__village_id=village_id, answer="refused",
    ).select_related("round_unit__unit", "round_village__village").order_by("side")  # fmt: skip
    return [
        f"{one.round_unit.unit if one.side == Side.UNIT else one.round_village.village}不愿意"
        f"（{one.reason}）"
        for one in rows
    ]


# --- plans --------------------------------------------------------------------------------------


def list_plans(round: PairRound) -> QuerySet[PairPlan]:
    return PairPlan.objects.filter(round=round).defer(*BLOBS).order_by("number")


def find_chosen_plan(round: PairRound) -> PairPlan | None:
    if round.chosen_plan_id is None:
        return None
    return PairPlan.objects.defer(*BLOBS).get(pk=round.chosen_plan_id)


def get_plan(scope: Scope, plan_id: UUID) -> PairPlan:
    """A plan of the county in scope, with its round and the one that it came from."""
    return get_object_or_404(
        PairPlan.objects.filter(place_q(scope, "round__county__"))
        .defer(*BLOBS, *(f"base__{blob}" for blob in BLOBS))
        .select_related("round__county", "round__seat", "base"),
        pk=plan_id,
    )


def list_plans_beside(plan: PairPlan) -> QuerySet[PairPlan]:
    """The other plans of the round on the same snapshot: only those can be compared."""
    return (
        PairPlan.objects.filter(round_id=plan.round_id, snapshot_sha256=plan.snapshot_sha256)
        .exclude(pk=plan.pk)
        .defer(*BLOBS)
        .order_by("number")
    )


def list_drafts(plan: PairPlan) -> QuerySet[PairDraft]:
    return PairDraft.objects.filter(plan=plan).select_related("unit__place", "village__parent")


def chosen_text(round: PairRound) -> str:
    plan = find_chosen_plan(round)
    return str(plan) if plan else ""


def list_adjustments(plan: PairPlan) -> list[PairAdjustment]:
    """The changes by hand that led to this plan, the last one first."""
    rows = PairAdjustment.objects.filter(round_id=plan.round_id).select_related(
        "unit", "village", "other_unit", "other_village", "before", "after"
    )
    blobs = (f"{side}__{blob}" for side in ("before", "after") for blob in BLOBS)
    made = {one.after_id: one for one in rows.defer(*blobs)}
    steps, step = [], made.get(plan.pk)
    while step is not None:
        steps.append(step)
        step = made.get(step.before_id)
    return steps


def makers_of(plan: PairPlan) -> frozenset[str]:
    """Whoever computed this plan or changed it on the way."""
    chain = list_adjustments(plan)
    makers = {plan.created_by_id, *(one.made_by_id for one in chain)}
    if chain:
        makers.add(chain[-1].before.created_by_id)
    return frozenset(str(one) for one in makers if one is not None)


def list_history(round: PairRound) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(
        subject_type=PairRound._meta.label_lower, subject_id=str(round.pk), is_reading=False
    ).order_by("-number")


# --- the pairs that are there already -----------------------------------------------------------


def held_pairs(
    unit_ids: Collection[UUID], village_ids: Collection[UUID]
) -> list[tuple[UUID, UUID, bool]]:
    """Pairs from proposal to end that touch these: unit, village, whether the unit leads there."""
    rows = Pairing.objects.filter(
        Q(unit_id__in=unit_ids) | Q(village_id__in=village_ids), state__in=HELD
    )
    return list(rows.order_by("pk").values_list("unit_id", "village_id", "is_lead"))


def uuid_or_none(text: str) -> UUID | None:
    try:
        return UUID(text)
    except (ValueError, ValidationError):
        return None


def words_of(round: PairRound) -> tuple[list[str], list[str]]:
    """The sectors of the units and the industries of the villages that the round speaks of."""
    sectors = PairRoundUnit.objects.filter(round=round).values_list("sectors", flat=True)
    villages = PairRoundVillage.objects.filter(round=round).values_list("industries", flat=True)
    return (
        sorted({word for words in sectors for word in words}),
        sorted({word for words in villages for word in words}),
    )
