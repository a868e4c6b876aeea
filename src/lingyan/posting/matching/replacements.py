"""Who could fill a place that was left early, by the facts of today and nobody else moving?

The least-change repair of the round's plan. Whoever is posted stays (R-2-18, 干部不撤回), so all
other seats of the plan are kept, and what is left to solve is the one seat: with the candidates of
the round who were sent nowhere, those whom the unit has named since, and what is left of each
unit's limit. Every other choice is a change of that plan, with its price.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.db.models import Q

from lingyan.directory.models import Person
from lingyan.platform.accounts.actor import Actor
from lingyan.posting import rules
from lingyan.posting.matching.gathering import Gathered, gather, village_key
from lingyan.posting.matching.plans import LoadedPlan, public_failures, store_plan
from lingyan.posting.models import Plan, Posting, Round
from lingyan.posting.problem import names_of
from lingyan.posting.queries import recall as queries
from lingyan_matching import build, solve
from lingyan_matching.repair import Delta, Pin, whatif

ROLE_OF_KIND: Mapping[str, str] = {
    kind.value: role.value for role, kind in rules.KIND_OF_ROLE.items()
}


@dataclass(frozen=True, slots=True)
class Option:
    """One person who could fill the place, with the price of preferring him to the first."""

    person: Person
    fit: int
    is_first: bool
    is_nominee: bool
    price: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Repair:
    """The one seat solved anew; `kept` is how many other seats of the round stay as they are."""

    post: str
    loaded: LoadedPlan
    options: tuple[Option, ...]
    out: Mapping[str, tuple[str, ...]]  # person's number -> why not
    kept: int

    def find(self, number: str) -> Option | None:
        return next((one for one in self.options if one.person.number == number), None)


def repair_of(posting: Posting, round: Round, *, as_of: date) -> Repair | None:
    """None where the round never had this post, or nobody is there to ask."""
    role = ROLE_OF_KIND.get(posting.kind)
    if role is None:
        return None
    now = _one_seat(posting, round, role, as_of=as_of)
    if not now.needs or not now.candidates:
        return None
    problem = now.problem()
    graph = build(problem.problem)
    people = {one.number: one for one in queries.candidates_of(posting, round)}
    villages = {village_key(posting.village_id): posting.village}
    plan = solve(graph, mode="total", seed=round.seed)
    loaded = LoadedPlan(graph, plan, problem, people, villages)
    post = f"{village_key(posting.village_id)}/{role}"
    named = queries.ids_of_nominees(posting)
    return Repair(
        post,
        loaded,
        tuple(_options(loaded, post, named)),
        {
            one: public_failures(problem.results(one, post))
            for one in problem.person_number
            if problem.mask(one, post)
        },
        queries.count_kept(round, posting),
    )


def _one_seat(posting: Posting, round: Round, role: str, *, as_of: date) -> Gathered:
    """The village with this one seat, and everybody who holds no post now."""
    now = gather(
        round,
        as_of=as_of,
        people=queries.free_people_q(posting),
        villages=Q(village_id=posting.village_id),
        others=queries.list_named_outside(posting, round),
    )
    first = role == rules.Role.FIRST_SECRETARY
    needs = tuple(
        replace(
            one,
            first_secretaries=int(first), first_secretaries_min=0,
            members=int(not first), members_min=0,
        )
        for one in now.needs
    )  # fmt: skip
    term = replace(now.settings.term, as_of=as_of, starts_on=as_of)
    limits = _limits_left(now.settings.unit_limits, round)
    # Whoever fills a gap comes in for somebody who has been counted for the township already.
    settings = replace(now.settings, term=term, unit_limits=limits, town_min=0, town_max=None)
    return replace(now, needs=needs, settings=settings)


def _limits_left(limits: Mapping[str, int], round: Round) -> dict[str, int]:
    """What each unit may still send: those who are there count."""
    there = Counter(queries.units_there(round))
    return {unit: max(limit - there[unit], 0) for unit, limit in limits.items()}


def _options(loaded: LoadedPlan, post: str, named: frozenset[UUID]) -> Sequence[Option]:
    problem = loaded.posting_problem
    seated = {row.person for row in loaded.engine_plan.assignments}
    names = names_of(problem) | {rule.code: rule.name for rule in problem.settings.rules}
    found = []
    for number in problem.eligible_people(post):
        delta = None
        if number not in seated:
            delta = whatif(loaded.graph, loaded.engine_plan, Pin(number, post))
            if delta.refusal is not None:
                continue
        fit = problem.parts(number, post).total
        found.append(
            Option(
                loaded.people[number],
                fit,
                number in seated,
                loaded.people[number].pk in named,
                _price(delta),
                tuple(
                    rules.PRIVATE_LINE[2] if code in rules.PRIVATE_RULES else names[code]
                    for code in problem.warning_rules(number, post)
                ),
            )
        )
    return sorted(found, key=lambda one: (not one.is_first, -one.fit, one.person.number))


def _price(delta: Delta | None) -> str:
    """What is given up by preferring this one; the seat is the only one, so nobody else moves."""
    if delta is None or delta.regret is None:
        return ""
    points = next((goal.before - goal.after for goal in delta.goals if goal.name == "score"), 0)
    return f"比首选低 {points} 分" if points else "与首选相同，由抽签排定先后"


def failures_now(posting: Posting, round: Round, person: Person, *, as_of: date) -> tuple[str, ...]:
    """Which hard rules keep this person from the place today, in words for everybody (G-30)."""
    role = ROLE_OF_KIND[posting.kind]
    in_round = queries.is_in_round(round, person)
    now = gather(
        round,
        as_of=as_of,
        people=Q(person=person),
        villages=Q(village_id=posting.village_id),
        others=() if in_round else [queries.with_homes(person)],
    )
    candidate = now.candidate(person.number)
    need = now.need(village_key(posting.village_id))
    if candidate is None:
        return ("已退出本批次",)
    assert need is not None, "the round has the village"
    return public_failures(now.results(candidate, need, role))


def keep_repair(repair: Repair, round: Round, *, actor: Actor) -> Plan:
    """The repair as a plan of the round with its snapshot and proof; the plan in force stays."""
    return store_plan(
        round,
        repair.loaded.engine_plan,
        origin=Plan.Origin.REPAIRED,
        actor=actor,
        posting_problem=repair.loaded.posting_problem,
    )


__all__ = ["Option", "Repair", "failures_now", "keep_repair", "repair_of"]
