"""Which problems may this person read, which wait for whom, and which may be the same thing?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from lingyan.directory import search
from lingyan.directory.models import Place
from lingyan.directory.rules.hands import POSTED, STAFF, TOWN, UNIT, VILLAGE
from lingyan.pairing import facts_of_neighbours as neighbours
from lingyan.pairing.models import PairProblem, ProblemClaim
from lingyan.pairing.models.claims import claim_q, own_part
from lingyan.pairing.rules import pair_problems as rules
from lingyan.pairing.rules.ledger_words import OPEN_PROBLEMS, PairProblemState
from lingyan.platform.accounts.actor import Actor, Scope


def list_problems(scope: Scope) -> QuerySet[PairProblem]:
    return PairProblem.objects.visible_to(scope).select_related("village__parent")


def get_problem(scope: Scope, problem_id: UUID) -> PairProblem:
    return get_object_or_404(list_problems(scope), pk=problem_id)


def is_visible(scope: Scope, problem: PairProblem) -> bool:
    return list_problems(scope).filter(pk=problem.pk).exists()


def find_claimable(village_ids: Sequence[UUID], problem_id: UUID) -> PairProblem:
    """A problem of one's own pair's village, even when others wrote it down."""
    found = PairProblem.objects.filter(village__in=village_ids).select_related("village__parent")
    return get_object_or_404(found, pk=problem_id)


def find_twin(village: Place, *, kind: str, on: date) -> PairProblem | None:
    """One of the same kind in the same village within some weeks: perhaps the same thing."""
    near = timedelta(days=rules.NEAR_DAYS)
    found = PairProblem.objects.filter(
        village=village, kind=kind, raised_on__gte=on - near, raised_on__lte=on + near,
        state__in=sorted({*OPEN_PROBLEMS, PairProblemState.SOLVED}),
    )  # fmt: skip
    return found.select_related("village").order_by("raised_on", "pk").first()


# --- whose turn it is ----------------------------------------------------------------------------


def waiting_q(actor: Actor) -> Q:
    """To be solved by those who have a part in it, to be confirmed by the village."""
    if actor.role in VILLAGE:
        return Q(state=PairProblemState.HANDLED)
    open_ones = (PairProblemState.RAISED, PairProblemState.ACCEPTED, PairProblemState.SOLVING)
    if actor.role in (*UNIT, *POSTED):
        own = ProblemClaim.objects.filter(claim_q(own_part(actor.scope)), dropped="")
        return Q(state__in=open_ones, pk__in=own.values("problem"))
    return Q(pk__in=())


def overdue_q(today: date) -> Q:
    return Q(state__in=sorted(OPEN_PROBLEMS), due_on__lt=today)


def list_waiting(actor: Actor) -> QuerySet[PairProblem]:
    return list_problems(actor.scope).filter(waiting_q(actor))


def list_overdue(actor: Actor, today: date) -> QuerySet[PairProblem]:
    """For those above: what nobody has solved in time."""
    found = list_problems(actor.scope).filter(overdue_q(today))
    return found if actor.role in (*TOWN, *STAFF) else found.none()


# --- what a first secretary found -----------------------------------------------------------------


def joined_sources(source_ids: Sequence[UUID]) -> set[UUID]:
    """Of these records of first secretaries, those that are one thing with a pair's problem."""
    rows = ProblemClaim.objects.filter(source_id__in=source_ids, dropped="")
    return {one for one in rows.values_list("source_id", flat=True) if one is not None}


def likely_same(problem: PairProblem, scope: Scope) -> list[neighbours.FoundProblem]:
    """What first secretaries of the village found near that day, the likeliest first."""
    near = timedelta(days=rules.NEAR_DAYS)
    found = neighbours.problems_found(
        scope, problem.village_id, problem.raised_on - near, problem.raised_on + near
    )
    taken = joined_sources([one.id for one in found])
    free = [one for one in found if one.id not in taken]

    def order(one: neighbours.FoundProblem) -> tuple[int, date, str]:
        like = rules.likeness(problem.kind, problem.raised_on, text=one.text, found_on=one.found_on)
        return (-like, one.found_on, str(one.id))

    return sorted(free, key=order)


def search_q(text: str) -> Q:
    """By village, town or unit that has a part."""
    units = ProblemClaim.objects.filter(search.of_units_q(text, "unit"), dropped="")
    return search.of_villages_q(text, "village") | Q(pk__in=units.values("problem"))
