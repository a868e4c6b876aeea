"""A sum, a problem and a demonstration site of a pair, for the tests of every address."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from lingyan.pairing.actions import funds, pair_problems, sites
from lingyan.pairing.models import PairAssessment, PairFund, Pairing, PairProblem
from lingyan.platform.accounts.actor import Actor
from tests.world import World

ON = date(2026, 2, 20)


def fund_of(*pairings: Pairing, actor: Actor, **said: Any) -> PairFund:
    """县里协调 100,000.01 元 that have arrived, unless something else is said."""
    given = {
        "source": "fiscal", "project": "村道硬化", "stage": "arrived",
        "amount": Decimal("100000.01"), "happened_on": ON, "evidence": "县财字（2026）1号", **said,
    }  # fmt: skip
    return funds.record_fund(list(pairings), **given, actor=actor)


def problem_of(*pairings: Pairing, actor: Actor, **said: Any) -> PairProblem:
    given = {
        "kind": "road", "channel": "visit", "text": "三组的路塌方", "raised_on": ON, **said,
    }  # fmt: skip
    return pair_problems.raise_problem(list(pairings), **given, actor=actor)


def solved(problem: PairProblem, *, unit: Actor, village: Actor) -> PairProblem:
    """All the way: accepted, done, confirmed by the village and somebody whom it served."""
    said = pair_problems.Said
    problem = pair_problems.step_problem(problem, "accept", said(), actor=unit)
    problem = pair_problems.step_problem(problem, "finish", said(text="已修好"), actor=unit)
    return pair_problems.step_problem(
        problem, "confirm", said(beneficiaries="张三 李四"), actor=village
    )


def assessed(pairing: Pairing, score: int = 9200, year: int = 2025) -> PairAssessment:
    return PairAssessment.objects.create(
        pairing=pairing, year=year, state="confirmed", village_points=95, score=score,
        evaluated_by_name="宋乙八", evaluated_on=date(year, 12, 1),
    )  # fmt: skip


def ledger_records(world: World) -> dict[str, Any]:
    pairing = Pairing.objects.get(unit=world.finance, village=world.pine)
    fund = fund_of(pairing, actor=world.officer)
    problem = problem_of(pairing, actor=world.officer)
    assessed(pairing)
    site = sites.name_site(
        world.county, [pairing], name="松树示范点", named_on=ON, document_number="山组发8号",
        actor=world.leader,
    )  # fmt: skip
    entry = fund.entries.get()
    return {
        "pair_fund_id": fund.pk, "pair_entry_id": entry.pk, "fund_claim_id": fund.claims.get().pk,
        "pair_problem_id": problem.pk, "problem_claim_id": problem.claims.get().pk,
        "site_id": site.pk,
    }  # fmt: skip
