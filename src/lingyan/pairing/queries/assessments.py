"""Which pairs are assessed for a year, and what do their records say of it (R-3-06)?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Sum

from lingyan.common import clock
from lingyan.common.periods import Period, year_of
from lingyan.directory.models import Unit
from lingyan.pairing.models import FundClaim, PairAssessment, Pairing, ProblemClaim
from lingyan.pairing.queries import year as records
from lingyan.pairing.rules.assessments import AssessmentState, YearFacts, unit_score, written
from lingyan.pairing.rules.ledger_words import PairProblemState
from lingyan.pairing.rules.words import PairingState
from lingyan.platform.accounts.actor import Scope

FEN = 100
RAN = (PairingState.ACTIVE, PairingState.ENDED, PairingState.DISSOLVED)


def list_assessable(scope: Scope, year: int) -> QuerySet[Pairing]:
    """Pairs that ran in the year, each with its assessment of the year as `of_year`, if any."""
    first, next_first = date(year, 1, 1), date(year + 1, 1, 1)
    ran = Pairing.objects.visible_to(scope).filter(
        Q(until__isnull=True) | Q(until__gt=first), state__in=RAN, since__lt=next_first
    )
    of_year = PairAssessment.objects.filter(year=year)
    return ran.select_related("unit", "village__parent").prefetch_related(
        Prefetch("assessments", of_year, to_attr="of_year")
    )


def assessed_q(year: int, state: str) -> Q:
    """Pairs by the state of their year; "open" are those that nobody has evaluated."""
    rows = PairAssessment.objects.filter(pairing=OuterRef("pk"), year=year)
    if state == "open":
        return ~Q(Exists(rows))
    return Q(Exists(rows.filter(state=state)))


def list_evaluated(scope: Scope) -> QuerySet[PairAssessment]:
    """What waits for the county's confirmation."""
    return PairAssessment.objects.visible_to(scope).filter(state=AssessmentState.EVALUATED)


def list_returned(scope: Scope) -> QuerySet[PairAssessment]:
    return PairAssessment.objects.visible_to(scope).filter(state=AssessmentState.RETURNED)


def get_assessment(scope: Scope, pairing: Pairing, year: int) -> PairAssessment | None:
    return PairAssessment.objects.visible_to(scope).filter(pairing=pairing, year=year).first()


def is_assessed(pairing: Pairing) -> bool:
    """Whether the year of the pair's last day, or the year before it, was confirmed."""
    if pairing.planned_until is None:
        return False
    year = pairing.planned_until.year
    confirmed = PairAssessment.objects.confirmed().filter(pairing=pairing)
    return confirmed.filter(year__in=(year - 1, year)).exists()


# --- what the records say -------------------------------------------------------------------------


def facts_of_year(assessments: Collection[PairAssessment]) -> dict[UUID, YearFacts]:
    """By assessment; few queries however many there are."""
    found: dict[UUID, YearFacts] = {}
    for year in sorted({one.year for one in assessments}):
        of_year = [one for one in assessments if one.year == year]
        facts = facts_of_pairs([one.pairing for one in of_year], year)
        for one in of_year:
            found[one.pk] = replace(facts[one.pairing_id], village_points=one.village_points)
    return found


def facts_of_pairs(pairings: Iterable[Pairing], year: int) -> dict[UUID, YearFacts]:
    """What the records of each pair say of the year; the village's own word is not in it."""
    pairings, today = list(pairings), clock.today()
    keys = [one.pk for one in pairings]
    counts = records.year_counts(keys, year)
    fives = records.five_ones(keys, year)
    kept_up = records.kept_up(pairings, year, today)
    projects = records.project_counts(keys, year, today)
    problems, funds = _problems(keys, year), _funds(keys, year)
    return {
        key: YearFacts(
            five_ones=len(fives.get(key, ())),
            deeds=counts[key].deeds if key in counts else 0,
            **_of(projects.get(key), PROJECT_FACTS),
            **_of(kept_up.get(key), KEPT_UP_FACTS),
            **problems.get(key, {}),
            **funds.get(key, {}),
        )
        for key in keys
    }


PROJECT_FACTS = ("projects", "milestones_due", "milestones_reached")
KEPT_UP_FACTS = ("meetings_due", "meetings_held", "visits_due", "visits_made")


def _of(found: Any, names: tuple[str, ...]) -> dict[str, int]:
    return {name: getattr(found, name) for name in names} if found else {}


def _year(year: int) -> Period:
    return year_of(date(year, 1, 1))


def _problems(keys: Collection[UUID], year: int) -> dict[UUID, dict[str, int]]:
    """Raised in the year and not handed on; of these, solved."""
    claims = (
        ProblemClaim.objects.filter(
            records.within("problem__raised_on", _year(year)), pairing__in=keys
        )
        .filter(dropped="")
        .exclude(problem__state__in=(PairProblemState.TRANSFERRED, PairProblemState.VOIDED))
    )
    solved = Count("pk", filter=Q(problem__state=PairProblemState.SOLVED))
    rows = claims.order_by().values_list("pairing").annotate(raised=Count("pk"), solved=solved)
    return {
        pair: {"problems_raised": raised, "problems_solved": solved}
        for pair, raised, solved in rows
    }


def _funds(keys: Collection[UUID], year: int) -> dict[UUID, dict[str, int]]:
    """Sums promised in the year, and how much of them has arrived, in fen."""
    claims = FundClaim.objects.filter(
        records.within("fund__committed_on", _year(year)), pairing__in=keys, dropped=""
    )
    sums = {"committed": Sum("fund__committed"), "arrived": Sum("fund__arrived")}
    rows = claims.order_by().values_list("pairing").annotate(**sums)
    return {
        pair: {"committed": _fen(committed), "arrived": _fen(arrived)}
        for pair, committed, arrived in rows
    }


def _fen(amount: Decimal) -> int:
    return int(amount * FEN)


# --- the unit's part ------------------------------------------------------------------------------


def units_assessed(scope: Scope, year: int) -> QuerySet[Unit]:
    """Units with a pair in scope that ran in the year, in the order of their names."""
    pairs = list_assessable(scope, year).order_by()
    return Unit.objects.filter(pk__in=pairs.values("unit")).order_by("name", "pk")


@dataclass(frozen=True, slots=True)
class UnitYear:
    """A unit's year: how many of its pairs ran, those confirmed, and their mean in hundredths."""

    unit: Unit
    pairs: int
    confirmed: tuple[PairAssessment, ...]
    score: int | None

    @property
    def shown_score(self) -> str:
        return "" if self.score is None else written(self.score)


def years_of_units(scope: Scope, year: int, units: Iterable[Unit]) -> list[UnitYear]:
    units = list(units)
    keys = [one.pk for one in units]
    confirmed: dict[UUID, list[PairAssessment]] = {key: [] for key in keys}
    for one in _confirmed(scope, year, keys):
        confirmed[one.pairing.unit_id].append(one)
    counts = _count_pairs(scope, year, keys)
    return [
        UnitYear(
            one,
            counts.get(one.pk, 0),
            tuple(confirmed[one.pk]),
            unit_score(made.score for made in confirmed[one.pk] if made.score is not None),
        )
        for one in units
    ]


def _confirmed(scope: Scope, year: int, units: Collection[UUID]) -> QuerySet[PairAssessment]:
    found = PairAssessment.objects.visible_to(scope).confirmed()
    of_units = found.filter(year=year, pairing__unit__in=units)
    with_names = of_units.select_related("pairing__village__parent")
    return with_names.order_by("pairing__village__path", "pk")


def _count_pairs(scope: Scope, year: int, units: Collection[UUID]) -> dict[UUID, int]:
    rows = list_assessable(scope, year).filter(unit__in=units).order_by().values_list("unit")
    return dict(rows.annotate(count=Count("pk")))
