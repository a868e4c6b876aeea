"""How is a plan changed by hand: with its price, a reason, and a way back?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from lingyan.common import clock
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.models import Person
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import Trace, record, record_many
from lingyan.posting import matching, rules
from lingyan.posting.actions.rounds import locked, move, of_own_county, refuse_step, withdraw_person
from lingyan.posting.matching import LoadedPlan, pricing, questions, split_post
from lingyan.posting.matching.pricing import Change, Option, Pair
from lingyan.posting.models import Adjustment, Plan, Round, RoundPerson
from lingyan.posting.queries import workbench as queries
from lingyan.posting.rules import adjustments as adjustment_rules
from lingyan_matching import Plan as EnginePlan

KIND_OF_CHANGE: Mapping[type, Adjustment.Kind] = {
    pricing.Pin: Adjustment.Kind.PIN,
    pricing.Ban: Adjustment.Kind.BAN,
    pricing.Unpin: Adjustment.Kind.UNPIN,
    pricing.Admit: Adjustment.Kind.UNBAN,
    pricing.Swap: Adjustment.Kind.SWAP,
    pricing.Withdraw: Adjustment.Kind.WITHDRAW,
}


@dataclass(frozen=True, slots=True)
class Decision:
    """Why, and where a rule warns: who took it upon himself, and when."""

    reason: str
    decided_by: str = ""
    decided_on: date | None = None


# --- before anybody presses ---------------------------------------------------------------------


def reasons_against_adjusting(plan: Plan, *, actor: Actor) -> tuple[Refusal, ...]:
    """Is this plan open to changes by hand, and to this person?"""
    round = plan.round
    return (
        *refuse_step(round, "adjust", actor=actor),
        *of_own_county(round, actor),
        *adjustment_rules.refuse_outdated(
            chosen=queries.chosen_text(round), is_chosen=plan.pk == round.chosen_plan_id
        ),
    )


@dataclass(frozen=True, slots=True)
class Proposed:
    """A change with what could come of it, and what the rules say of the pairs it makes by hand."""

    change: Change
    options: tuple[Option, ...]
    results: Mapping[Pair, list[rules.RuleResult]]
    refusal: str = ""
    unasked: bool = False

    @property
    def warned(self) -> bool:
        every = (result for results in self.results.values() for result in results)
        return any(result.outcome == rules.Outcome.WARN for result in every)


def propose(plan: Plan, loaded: LoadedPlan, change: Change) -> Proposed:
    """Work out the price of a change; nothing is stored. Raises pricing.Impossible.

    Of a plan by a solver the background work has to answer first: until then it is `unasked`.
    """
    wanted = pairs_wanted(loaded, change)
    results = pricing.results_now(plan.round, wanted, as_of=clock.today())
    if not questions.change_asks_solver(loaded):
        return Proposed(change, pricing.options_of(plan.pk, loaded, change), results)
    options = questions.kept_options(plan.pk, loaded, change)
    return Proposed(change, options or (), results, unasked=options is None)


def impossible(plan: Plan, loaded: LoadedPlan, change: Change, why: str) -> Proposed:
    """A change without outcomes: why the engine refuses, and what the rules say."""
    wanted = pairs_wanted(loaded, change)
    results = pricing.results_now(plan.round, wanted, as_of=clock.today())
    return Proposed(change, (), results, why)


def pairs_wanted(loaded: LoadedPlan, change: Change) -> list[Pair]:
    """The pairs that a person, not the engine, asks for."""
    if isinstance(change, pricing.Pin | pricing.Admit):
        return [(change.person, change.post)]
    if isinstance(change, pricing.Swap):
        held = dict(pricing.rows_of(loaded.engine_plan))
        return [(change.first, held[change.second]), (change.second, held[change.first])]
    return []


# --- changing -----------------------------------------------------------------------------------


@transaction.atomic
def adjust_plan(
    plan: Plan, change: Change, *, outcome: str, decision: Decision, actor: Actor
) -> Plan:
    """Make the next plan out of a change, as one of the outcomes that were shown.

    Two officers may press at once: the second waits for the lock and is told that the plan is no
    longer the one whose price was shown.
    """
    plan.round = locked(plan.round)
    refuse(reasons_against_adjusting(plan, actor=actor))
    loaded = matching.load_plan(plan)
    proposed = _proposed(plan, loaded, change)
    option = next((one for one in proposed.options if one.fingerprint == outcome), None)
    refuse(adjustment_rules.refuse_other_price(shown=option is not None))
    assert option is not None
    refuse(rules.refuse_to_adjust(_manual_changes(loaded, proposed, decision)))
    _refuse_broken(plan.round, option)
    if isinstance(change, pricing.Withdraw):
        _withdraw(plan.round, change.person, decision, actor)
    after = matching.store_plan(
        plan.round,
        _solved(loaded, option, change),
        origin=Plan.Origin.ADJUSTED,
        actor=actor,
        base=plan,
    )
    refuse(adjustment_rules.refuse_unproved(proved=after.verified, text=after.verdict_text))
    _keep(_Step(plan, proposed, option, decision), after, loaded, actor)
    move(plan.round, "adjust", "adjusted", actor=actor, reason=decision.reason, chosen_plan=after)
    return after


def _proposed(plan: Plan, loaded: LoadedPlan, change: Change) -> Proposed:
    try:
        return propose(plan, loaded, change)
    except pricing.Impossible as why:
        refuse(adjustment_rules.refuse_impossible(str(why)))
        raise AssertionError("a refusal was due") from why


def _solved(loaded: LoadedPlan, option: Option, change: Change) -> EnginePlan:
    """The full solve must give what was shown; else the engine has contradicted itself."""
    engine_plan = pricing.solved(loaded, option, change)
    same = set(pricing.rows_of(engine_plan)) == set(option.rows)
    refuse(adjustment_rules.refuse_other_price(shown=same))
    return engine_plan


def _manual_changes(
    loaded: LoadedPlan, proposed: Proposed, decision: Decision
) -> list[rules.ManualChange]:
    """Each pair asked for by hand; an act without one still needs its reason."""
    wanted: Iterable[tuple[Pair | None, list[rules.RuleResult]]] = proposed.results.items() or [
        (None, [])
    ]
    return [
        rules.ManualChange(
            person=_person_name(loaded, pair),
            village=_village_name(loaded, pair),
            results=tuple(results),
            reason=decision.reason,
            decided_by=decision.decided_by,
            decided_on=decision.decided_on,
        )
        for pair, results in wanted
    ]


def _person_name(loaded: LoadedPlan, pair: Pair | None) -> str:
    return loaded.people[pair[0]].name if pair else ""


def _village_name(loaded: LoadedPlan, pair: Pair | None) -> str:
    return loaded.village_of(pair[1]).short_name if pair else ""


def _refuse_broken(round: Round, option: Option) -> None:
    """Nobody may be moved to where the registers, as they are now, no longer allow it (G-30)."""
    arrivals = [(move.person, move.target) for move in option.price.moves if move.target]
    found = pricing.results_now(round, arrivals, as_of=clock.today())
    names = queries.names_of_people(person for person, _ in arrivals)
    villages = queries.names_of_villages(UUID(split_post(post)[0]) for _, post in arrivals)
    broken = [
        rules.ManualChange(
            names.get(person, person), villages[UUID(split_post(post)[0])], tuple(results), "—"
        )
        for (person, post), results in found.items()
        if any(result.is_out for result in results)
    ]
    refuse([one for one in rules.refuse_to_adjust(broken) if one.code == "posting.rule_broken"])


def _withdraw(round: Round, number: str, decision: Decision, actor: Actor) -> None:
    """The person leaves the round too, unless that was noted before."""
    leaving = RoundPerson.objects.get(round=round, person__number=number)
    if leaving.withdrawn_on is None:
        withdraw_person(leaving, reason=decision.reason, actor=actor)


@dataclass(frozen=True, slots=True)
class _Step:
    """One change on its way from the plan before to the plan after."""

    plan: Plan
    proposed: Proposed
    option: Option
    decision: Decision


def _keep(step: _Step, after: Plan, loaded: LoadedPlan, actor: Actor) -> Adjustment:
    """The named, dated line of what was changed, what it cost and why."""
    change = step.proposed.change
    post: str | None = getattr(change, "post", None)
    adjustment = Adjustment.objects.create(
        round=step.plan.round,
        kind=KIND_OF_CHANGE[type(change)],
        person=_person(change.first if isinstance(change, pricing.Swap) else change.person),
        other_person=_person(change.second) if isinstance(change, pricing.Swap) else None,
        village=loaded.village_of(post) if post else None,
        role=split_post(post)[1] if post else "",
        reason=step.decision.reason.strip(),
        price=price_json(step.option, step.proposed, step.decision),
        before=step.plan,
        after=after,
        made_by_id=actor.user_id,
        made_by_name=actor.name,
        made_at=clock.now(),
    )
    record(
        "posting.plan.adjusted",
        actor=actor,
        subject=adjustment,
        changes={
            "plan": [str(step.plan), str(after)],
            "kind": [None, adjustment.get_kind_display()],
            "price": [None, adjustment.price],
        },
        reason=step.decision.reason,
    )
    return adjustment


def price_json(option: Option, proposed: Proposed, decision: Decision) -> dict[str, Any]:
    """What the change cost, which outcome was picked, and who overruled which warning."""
    warnings = [
        result.text
        for results in proposed.results.values()
        for result in results
        if result.outcome == rules.Outcome.WARN
    ]
    return {
        **option.price.to_json(),
        "outcome": option.key,
        "warnings": warnings,
        "decided_by": decision.decided_by,
        "decided_on": decision.decided_on.isoformat() if decision.decided_on else None,
    }


def _person(number: str) -> Person:
    return Person.objects.get(number=number)


# --- going back ---------------------------------------------------------------------------------


def reasons_against_undoing(plan: Plan, *, actor: Actor) -> tuple[Refusal, ...]:
    """The plan before must still hold: what the change removed may be barred by now."""
    base = plan.base
    return (
        *reasons_against_adjusting(plan, actor=actor),
        *adjustment_rules.refuse_to_undo(
            has_base=base is not None, broken=_broken_only_in(base, plan) if base else ()
        ),
    )


def _broken_only_in(base: Plan, plan: Plan) -> tuple[str, ...]:
    known = {one.text for one in matching.recheck(plan)}
    return tuple(one.text for one in matching.recheck(base) if one.text not in known)


@transaction.atomic
def undo_adjustment(plan: Plan, *, reason: str, actor: Actor) -> Plan:
    """Choose the plan before the change again; nothing is deleted."""
    plan.round = locked(plan.round)
    refuse(
        (
            *reasons_against_undoing(plan, actor=actor),
            *adjustment_rules.refuse_without_reason(reason),
        )
    )
    base = plan.base
    assert base is not None
    move(plan.round, "adjust", "adjustment_undone", actor=actor, reason=reason, chosen_plan=base)
    return base


# --- taking it along ----------------------------------------------------------------------------


@transaction.atomic
def note_export(plan: Plan, *, form: str, rows: int, actor: Actor) -> None:
    """Who took the plan out of the house, as what, and how much of it.

    A plan says of everybody in its round what became of them: it names them all.
    """
    people = {(Person._meta.label_lower, str(one)) for one in queries.ids_of_people(plan.round)}
    told = {"form": [None, form], "rows": [None, rows]}
    trace = Trace("posting.plan.exported", plan, told, others=people, is_reading=True)
    record_many([trace], actor=actor)
