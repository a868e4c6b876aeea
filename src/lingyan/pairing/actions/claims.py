"""How does a pair or a first secretary say that it had a part in a fact, and take that back?"""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction

from lingyan.common import clock
from lingyan.common.refusals import refuse
from lingyan.pairing.actions.liveliness import renew_still_since
from lingyan.pairing.models import FundClaim, PairFund, Pairing, PairProblem, ProblemClaim
from lingyan.pairing.queries import claims as queries
from lingyan.pairing.rules import claims as rules
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record

Fact = TypeVar("Fact", PairFund, PairProblem)


def hand(actor: Actor) -> dict[str, Any]:
    """Who wrote something down, and when."""
    return {
        "made_by_id": actor.user_id,
        "made_by_name": actor.name,
        "made_at": clock.now(),
    }


def locked(fact: Fact) -> Fact:
    """Two who claim or correct at once: the second waits and sees what the first has done."""
    kind = type(fact)
    return kind._default_manager.select_for_update(of=("self",)).select_related("village").get(
        pk=fact.pk
    )  # fmt: skip


def write_claim(
    fact: PairFund | PairProblem, *, actor: Actor, pairing: Pairing | None = None,
    person_id: UUID | None = None, **said: Any,
) -> FundClaim | ProblemClaim:  # fmt: skip
    """The row itself; whether it may be written has been asked."""
    common = {
        "pairing": pairing,
        "person_id": person_id,
        "village": fact.village if pairing is None else pairing.village,
        "unit": None if pairing is None else pairing.unit,
        **hand(actor),
        **said,
    }
    if isinstance(fact, PairFund):
        return FundClaim.objects.create(fund=fact, **common)
    return ProblemClaim.objects.create(problem=fact, **common)


def count_claims(fact: PairFund | PairProblem) -> None:
    """How many have a part in it is kept beside it: lists of many facts ask for it.

    A part that was agreed on among fewer, or more, no longer holds: equal parts until they agree.
    """
    if isinstance(fact, PairFund):
        fact.claims.filter(weight__isnull=False).update(weight=None)
    fact.claimants = queries.standing_claims(fact).count()
    fact.save(update_fields=["claimants"])


def refuse_pair(fact: PairFund | PairProblem, pairing: Pairing, actor: Actor) -> tuple[Any, ...]:
    held = queries.list_begun(actor.scope).filter(pk=pairing.pk)
    return rules.refuse_claim(
        is_held=held.exists(),
        same_village=pairing.village_id == fact.village_id,
        is_claimed=queries.standing_claims(fact).filter(pairing=pairing).exists(),
        started=pairing.since is not None,
    )


@transaction.atomic
def claim_fund(fund: PairFund, *, pairing: Pairing | None, actor: Actor) -> FundClaim:
    """A further pair of the village, or the first secretary who acts, had a part in the sum."""
    claim = _claim(locked(fund), pairing, actor)
    assert isinstance(claim, FundClaim)
    record("pairing.fund.claimed", actor=actor, subject=claim.fund,
           changes={"claimant": [None, str(claim)]})  # fmt: skip
    return claim


@transaction.atomic
def claim_problem(problem: PairProblem, *, pairing: Pairing | None, actor: Actor) -> ProblemClaim:
    claim = _claim(locked(problem), pairing, actor)
    assert isinstance(claim, ProblemClaim)
    record("pairing.problem.claimed", actor=actor, subject=claim.problem,
           changes={"claimant": [None, str(claim)]})  # fmt: skip
    return claim


def _claim(
    fact: PairFund | PairProblem, pairing: Pairing | None, actor: Actor
) -> FundClaim | ProblemClaim:
    if pairing is not None:
        refuse(refuse_pair(fact, pairing, actor))
        claim = write_claim(fact, pairing=pairing, actor=actor)
    else:
        person_id = queries.posted_in(actor, fact.village)
        refuse(
            rules.refuse_claim(
                is_held=person_id is not None,
                same_village=True,
                is_claimed=queries.standing_claims(fact).filter(person=person_id).exists()
                if person_id
                else False,
                started=True,
            )
        )
        claim = write_claim(fact, person_id=person_id, actor=actor)
    count_claims(fact)
    renew_still_since(queries.pairs_of(fact))
    return claim


@transaction.atomic
def drop_fund_claim(claim: FundClaim, *, reason: str, actor: Actor) -> PairFund:
    fund = locked(claim.fund)
    _drop(fund, claim, reason, actor)
    record("pairing.fund.dropped", actor=actor, subject=fund, reason=reason.strip(),
           changes={"claimant": [str(claim), None]})  # fmt: skip
    return fund


@transaction.atomic
def drop_problem_claim(claim: ProblemClaim, *, reason: str, actor: Actor) -> PairProblem:
    problem = locked(claim.problem)
    _drop(problem, claim, reason, actor)
    record("pairing.problem.dropped", actor=actor, subject=problem, reason=reason.strip(),
           changes={"claimant": [str(claim), None]})  # fmt: skip
    return problem


def _drop(
    fact: PairFund | PairProblem, claim: FundClaim | ProblemClaim, reason: str, actor: Actor
) -> None:
    others = queries.standing_claims(fact).exclude(pk=claim.pk)
    refuse(
        (
            *rules.refuse_claim(
                is_held=queries.is_of(claim, actor), same_village=True, is_claimed=False,
                started=True,
            ),
            *rules.refuse_drop(
                reason=reason, remaining_pairs=others.filter(pairing__village=fact.village).count()
            ),
        )
    )  # fmt: skip
    claim.dropped = reason.strip()[: rules.REASON_MAX]
    claim.save(update_fields=["dropped"])
    count_claims(fact)
    if claim.pairing_id is not None:
        renew_still_since([claim.pairing_id])
