"""Which plans, adjustments and names does the workbench need from the tables?"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from lingyan.directory.models import Person, Place
from lingyan.directory.scoping import place_q
from lingyan.platform.accounts.actor import Scope
from lingyan.platform.jobs.models import Job
from lingyan.posting.models import Adjustment, Plan, PlanQuestion, Round, RoundPerson
from lingyan.posting.queries.rounds import BLOBS


def get_plan(scope: Scope, plan_id: UUID) -> Plan:
    """A plan of the county in scope, with the plan in use and the one it came from."""
    return get_object_or_404(
        Plan.objects.filter(place_q(scope, "round__county__"))
        .defer(*BLOBS, *(f"base__{blob}" for blob in BLOBS))
        .select_related("round__county", "base"),
        pk=plan_id,
    )


def find_plan(scope: Scope, plan_id: UUID) -> Plan | None:
    """The same, for the background work; None where it is out of reach by then."""
    plans = Plan.objects.filter(place_q(scope, "round__county__")).defer(*BLOBS)
    return plans.select_related("round__county", "base").filter(pk=plan_id).first()


def list_questions(plan_id: UUID, keys: Iterable[str]) -> list[tuple[PlanQuestion, Job | None]]:
    """What has been asked of a plan under these keys, with the work that it takes or took."""
    asked = list(PlanQuestion.objects.filter(plan_id=plan_id, key__in=set(keys)))
    jobs = Job.objects.in_bulk([one.job_id for one in asked if one.job_id])
    return [(one, jobs.get(one.job_id) if one.job_id else None) for one in asked]


def is_at_work(asked: PlanQuestion) -> bool:
    unfinished = (Job.State.WAITING, Job.State.RUNNING)
    ids = [asked.job_id] if asked.job_id else []
    return Job.objects.filter(pk__in=ids, state__in=unfinished).exists()


def list_plans_beside(plan: Plan) -> QuerySet[Plan]:
    """The other plans of the round on the same snapshot: only those can be compared."""
    return (
        Plan.objects.filter(round_id=plan.round_id, snapshot_sha256=plan.snapshot_sha256)
        .exclude(pk=plan.pk)
        .defer(*BLOBS)
        .order_by("number")
    )


def list_adjustments(plan: Plan) -> list[Adjustment]:
    """The changes by hand that led to this plan, the last one first."""
    made = {
        one.after_id: one
        for one in Adjustment.objects.filter(round_id=plan.round_id)
        .select_related("person", "other_person", "village", "before", "after")
        .defer(*(f"{side}__{blob}" for side in ("before", "after") for blob in BLOBS))
    }
    steps, step = [], made.get(plan.pk)
    while step is not None:
        steps.append(step)
        step = made.get(step.before_id)
    return steps


def chosen_text(round: Round) -> str:
    if round.chosen_plan_id is None:
        return ""
    return str(Plan.objects.only("number", "origin").get(pk=round.chosen_plan_id))


def ids_of_people(round: Round) -> list[UUID]:
    """Of everybody who takes part or has withdrawn."""
    return list(RoundPerson.objects.filter(round=round).values_list("person_id", flat=True))


def numbers_withdrawn(round: Round) -> set[str]:
    """Whoever has left the round; a plan from before still counts them."""
    left = RoundPerson.objects.filter(round=round, withdrawn_on__isnull=False)
    return set(left.values_list("person__number", flat=True))


def find_round_person(round: Round, number: str) -> RoundPerson | None:
    """The candidate of this number, with the person; who has left the round is found too."""
    rows = RoundPerson.objects.filter(round=round, person__number=number)
    return rows.select_related("person").first()


def names_of_people(numbers: Iterable[str]) -> dict[str, str]:
    return dict(Person.objects.filter(number__in=set(numbers)).values_list("number", "name"))


def names_of_villages(ids: Iterable[UUID]) -> dict[UUID, str]:
    return dict(Place.objects.filter(pk__in=set(ids)).values_list("pk", "short_name"))
