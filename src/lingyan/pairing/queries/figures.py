"""Which records stand behind each figure of pairing, and what do those in a scope share?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from lingyan.common.money import NOTHING, fen_of, yuan_of
from lingyan.common.periods import Period
from lingyan.pairing import facts_of_neighbours as neighbours
from lingyan.pairing.models import (
    DemoSite,
    FundClaim,
    PairActivity,
    PairFund,
    PairFundEntry,
    Pairing,
    PairProblem,
    ProblemClaim,
)
from lingyan.pairing.models.activities import pairs_q
from lingyan.pairing.models.claims import claim_q, is_whole_county
from lingyan.pairing.queries.year import service_activities, within
from lingyan.pairing.rules import claims as rules
from lingyan.pairing.rules.ledger_words import FundStage, PairProblemState
from lingyan.pairing.rules.words import PairLevel
from lingyan.platform.accounts.actor import Scope
from lingyan.platform.columns import MoneyField

COUNTED_LEVELS = (PairLevel.VILLAGE, PairLevel.COMMUNITY)


# --- pairs ----------------------------------------------------------------------------------------


def pairs_on(scope: Scope, on: date) -> QuerySet[Pairing]:
    """Pairs that were at work on a day, whatever became of them later."""
    found = Pairing.objects.visible_to(scope).filter(since__lte=on)
    return found.filter(Q(until__isnull=True) | Q(until__gt=on)).select_related(
        "unit", "village__parent"
    )


def pairs_of_key_villages(scope: Scope, on: date) -> QuerySet[Pairing]:
    """Of these, those of villages that were 乡村振兴任务重的村 when the pair began (X09)."""
    return pairs_on(scope, on).filter(was_key_task=True, level__in=COUNTED_LEVELS)


# --- activities -----------------------------------------------------------------------------------


def services(scope: Scope, period: Period) -> QuerySet[PairActivity]:
    """Held activities of the kinds that count as service (X12): each once, however many pairs."""
    return service_activities(scope, period).select_related("place__parent")


def with_members(scope: Scope, period: Period) -> QuerySet[PairActivity]:
    """Held in a village, on the spot or in part, with the unit's Party members there (X13)."""
    held = PairActivity.objects.visible_to(scope).held().in_villages()
    return held.filter(within("day", period), members_there__gt=0)


def activity_sums(scope: Scope, activities: QuerySet[PairActivity]) -> rules.Sums:
    """Activities once, each pair's claim in full, and the part of the pairs of the scope.

    An activity of three pairs is a third of one for each of them.
    """
    through = PairActivity.pairings.through.objects.filter(
        pairactivity__in=activities.order_by().values("pk")
    )
    of_each = through.order_by().values("pairactivity").annotate(
        pairs=Count("pk"), own=Count("pk", filter=pairs_q(scope))
    )  # fmt: skip
    counted = Counter((one["pairs"], one["own"]) for one in of_each)
    part = sum((Fraction(own * n, of) for (of, own), n in counted.items()), Fraction(0))
    total = sum(counted.values())
    return rules.Sums(
        total=Decimal(total),
        claimed=Decimal(sum(own * n for (_, own), n in counted.items())),
        share=Decimal(part.numerator) / part.denominator,
        facts=total,
        shared=sum(n for (of, _), n in counted.items() if of > 1),
    )


# --- sums -----------------------------------------------------------------------------------------


def lines_in(scope: Scope, period: Period, stage: str) -> QuerySet[PairFundEntry]:
    """The lines of one of the three amounts, with those that take one back."""
    found = PairFundEntry.objects.visible_to(scope).filter(
        within("happened_on", period), stage=stage
    )
    return found.select_related("fund__village__parent")


def arrivals(scope: Scope, period: Period) -> QuerySet[PairFundEntry]:
    """协调到位 (X14, pair.fund_basis)."""
    return lines_in(scope, period, FundStage.ARRIVED)


def total_of(lines: QuerySet[PairFundEntry]) -> Decimal:
    total: Decimal | None = lines.order_by().aggregate(total=Sum("amount"))["total"]
    return total or NOTHING


def fund_sums(scope: Scope, period: Period, stage: str = FundStage.ARRIVED) -> rules.Sums:
    """Facts once, claims in full, the scope's own share to the fen.

    All who had a part in a sum are pairs of one county: a scope of whole counties has them all.
    """
    lines = lines_in(scope, period, stage)
    if scope.unit_ids or scope.person_id or not is_whole_county(scope):
        total = total_of(lines)
        share, claimed = _parts_in(scope, lines)
    else:
        found = lines.order_by().aggregate(
            total=Sum("amount"),
            in_full=Sum(F("amount") * F("fund__claimants"), output_field=MoneyField()),
        )
        share = total = found["total"] or NOTHING
        claimed = found["in_full"] or NOTHING
    return rules.Sums(total=total, claimed=claimed, share=share)


def counted_fund_sums(scope: Scope, period: Period) -> rules.Sums:
    """The same of what arrived, and how many sums these are; a county's page does not ask it."""
    lines = arrivals(scope, period)
    several = lines.filter(fund__claimants__gt=1)
    sums = fund_sums(scope, period)
    return replace(sums, facts=count_of(lines, "fund"), shared=count_of(several, "fund"))


def _parts_in(scope: Scope, lines: QuerySet[PairFundEntry]) -> tuple[Decimal, Decimal]:
    """The share of the scope and its claims in full, line by line where several had a part."""
    single = total_of(lines.filter(fund__claimants=1))
    rows = lines.filter(fund__claimants__gt=1).order_by("happened_on", "made_at", "pk")
    shared = list(rows.values_list("fund_id", "amount"))
    of_fund = _claims_of({fund_id for fund_id, _ in shared}, scope)
    share = claimed = single
    for fund_id, amount in shared:
        weights, own = of_fund[fund_id]
        parts = rules.split(fen_of(amount), weights)
        share += sum((yuan_of(parts[at]) for at in own), NOTHING)
        claimed += amount * len(own)
    return share, claimed


def _claims_of(fund_ids: Iterable[UUID], scope: Scope) -> dict[UUID, tuple[list[int], list[int]]]:
    """Of each sum the weights of all who have a part, and which of them lie in the scope."""
    found: dict[UUID, tuple[list[int | None], list[int]]] = {key: ([], []) for key in fund_ids}
    if not found:
        return {}
    rows = FundClaim.objects.filter(fund__in=list(found), dropped="")
    inside = set(rows.filter(claim_q(scope)).values_list("pk", flat=True))
    ordered = rows.order_by("fund", "made_at", "pk")
    for key, fund_id, weight in ordered.values_list("pk", "fund_id", "weight"):
        weights, own = found[fund_id]
        if key in inside:
            own.append(len(weights))
        weights.append(weight)
    return {key: (rules.weights_of(weights), own) for key, (weights, own) in found.items()}


def parts_of(fund: PairFund, amount: Decimal) -> list[tuple[FundClaim, Decimal]]:
    """Everybody who has a part in a sum, with the part of this amount."""
    claims = list(
        fund.claims.filter(dropped="")
        .select_related("pairing__unit", "pairing__village", "person")
        .order_by("made_at", "pk")
    )
    if not claims:
        return []
    parts = rules.split(fen_of(amount), rules.weights_of([one.weight for one in claims]))
    return [(one, yuan_of(part)) for one, part in zip(claims, parts, strict=True)]


# --- problems -------------------------------------------------------------------------------------


def solved(scope: Scope, period: Period) -> QuerySet[PairProblem]:
    """Confirmed by the village and by those who had them (X15)."""
    found = PairProblem.objects.visible_to(scope).filter(state=PairProblemState.SOLVED)
    return found.filter(within("solved_on", period)).select_related("village__parent")


def share_of_problems(scope: Scope, period: Period) -> Fraction:
    """The scope's part: of a problem that two solved, one half each."""
    problems = solved(scope, period)
    claims = ProblemClaim.objects.filter(
        claim_q(scope), dropped="", problem__in=problems.order_by().values("pk")
    )
    counted = claims.order_by().values_list("problem__claimants").annotate(Count("pk"))
    return sum((number * rules.equal_part(of) for of, number in counted), Fraction(0))


def problem_sums(scope: Scope, period: Period) -> rules.Sums:
    """The same of problems; a problem and all who had a part in it lie in one village."""
    problems = solved(scope, period)
    found = problems.order_by().aggregate(total=Count("pk"), claimed=Sum("claimants"))
    total = found["total"]
    share, claimed = Decimal(total), Decimal(found["claimed"] or 0)
    shared = problems.filter(claimants__gt=1).count() if claimed > total else 0
    if scope.unit_ids or scope.person_id:
        claims = ProblemClaim.objects.filter(
            claim_q(scope), dropped="", problem__in=problems.order_by().values("pk")
        )
        part = share_of_problems(scope, period)
        share = Decimal(part.numerator) / part.denominator
        claimed = Decimal(claims.count())
    return rules.Sums(
        total=Decimal(total),
        claimed=claimed,
        share=share,
        facts=total,
        shared=shared,
    )


def sources_of(problems: QuerySet[PairProblem]) -> list[UUID]:
    """The records of first secretaries that are one thing with these problems."""
    # From the few claims that have a source: not every problem is looked up.
    counted = problems.order_by().filter(pk=OuterRef("problem"))
    rows = ProblemClaim.objects.filter(Exists(counted), dropped="", source_id__isnull=False)
    return [one for one in rows.values_list("source_id", flat=True) if one is not None]


def found_and_solved(scope: Scope, period: Period) -> dict[str, int]:
    """Solved as found by first secretaries, and how many of these a pair has solved too."""
    problems = solved(scope, period)
    return {
        "found": neighbours.count_solved(scope, period.since, period.until),
        "joined": neighbours.count_solved(
            scope, period.since, period.until, among=sources_of(problems)
        ),
    }


# --- demonstration sites --------------------------------------------------------------------------


def sites_on(scope: Scope, on: date) -> QuerySet[DemoSite]:
    """Named and not revoked (IND-3-08)."""
    found = DemoSite.objects.visible_to(scope).filter(named_on__lte=on)
    return found.filter(Q(revoked_on__isnull=True) | Q(revoked_on__gt=on))


def count_of(rows: QuerySet[Any], column: str = "pk") -> int:
    return rows.order_by().values(column).distinct().count()


# --- one pair -------------------------------------------------------------------------------------


def sums_of_pair(pairing: Pairing, period: Period) -> rules.Sums:
    """What the pair had a part in, and its own share to the fen."""
    claims = FundClaim.objects.filter(pairing=pairing, dropped="")
    lines = PairFundEntry.objects.filter(
        within("happened_on", period), stage=FundStage.ARRIVED,
        fund__in=claims.order_by().values("fund"),
    )  # fmt: skip
    total = share = NOTHING
    of_fund: dict[UUID, list[tuple[FundClaim, Decimal]]] = {}
    shared = set()
    for line in lines.select_related("fund").order_by("happened_on", "made_at", "pk"):
        parts = of_fund[line.fund_id] = parts_of(line.fund, line.amount)
        total += line.amount
        share += sum((part for claim, part in parts if claim.pairing_id == pairing.pk), NOTHING)
        if len(parts) > 1:
            shared.add(line.fund_id)
    return rules.Sums(total, total, share, len(of_fund), len(shared))


def solved_of_pair(pairing: Pairing, period: Period) -> rules.Sums:
    claims = ProblemClaim.objects.filter(
        within("problem__solved_on", period), pairing=pairing, dropped="",
        problem__state=PairProblemState.SOLVED,
    )  # fmt: skip
    found = list(claims.order_by().values_list("problem__claimants", flat=True))
    part = sum((rules.equal_part(of) for of in found), Fraction(0))
    total = Decimal(len(found))
    share = Decimal(part.numerator) / part.denominator
    return rules.Sums(total, total, share, len(found), sum(of > 1 for of in found))
