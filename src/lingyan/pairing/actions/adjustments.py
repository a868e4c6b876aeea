"""How is a plan of pairings changed by hand: with its price, a reason, and a way back?"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from lingyan.common import clock
from lingyan.common.refusals import Refusal, refuse
from lingyan.pairing import matching
from lingyan.pairing.actions.rounds import locked, move, refuse_step
from lingyan.pairing.matching import LoadedPlan, pricing
from lingyan.pairing.matching.hands import Change
from lingyan.pairing.matching.pricing import Option
from lingyan.pairing.models import PairAdjustment, PairPlan
from lingyan.pairing.queries import rounds as queries
from lingyan.pairing.rules import pair_results
from lingyan.pairing.rules import rounds as rules
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import Trace, record, record_many


def reasons_against_adjusting(plan: PairPlan, *, actor: Actor) -> tuple[Refusal, ...]:
    """Is this plan open to changes by hand, and to this person?"""
    round = plan.round
    return (
        *refuse_step(round, "adjust", actor=actor),
        *rules.refuse_outdated(
            chosen=queries.chosen_text(round), is_chosen=plan.pk == round.chosen_plan_id
        ),
    )


@dataclass(frozen=True, slots=True)
class Proposed:
    """A change with the plans that could come of it, or why there is none."""

    change: Change
    options: tuple[Option, ...]
    refusal: str = ""


def propose(loaded: LoadedPlan, change: Change) -> Proposed:
    """Work out what a change costs; nothing is stored."""
    try:
        return Proposed(change, pricing.options_of(loaded, change))
    except pricing.Impossible as why:
        return Proposed(change, (), str(why))


@transaction.atomic
def adjust_plan(
    plan: PairPlan, change: Change, *, outcome: str, reason: str, actor: Actor
) -> PairPlan:
    """Make the next plan out of a change, as one of the outcomes that were shown.

    Two officers may press at once: the second waits for the lock and is told that the plan is no
    longer the one whose price was shown.
    """
    plan.round = locked(plan.round)
    refuse((*reasons_against_adjusting(plan, actor=actor), *rules.refuse_without_reason(reason)))
    loaded = matching.plan_ready(plan)
    proposed = propose(loaded, change)
    refuse(rules.refuse_impossible(proposed.refusal))
    option = next((one for one in proposed.options if one.fingerprint == outcome), None)
    refuse(rules.refuse_other_price(shown=option is not None))
    assert option is not None
    refuse(_refuse_broken(plan, loaded, option))
    after = matching.store_plan(
        plan.round,
        option.plan,
        loaded.problem,
        origin=PairPlan.Origin.ADJUSTED,
        actor=actor,
        base=PairPlan.objects.get(pk=plan.pk),
    )
    refuse(rules.refuse_unproved(proved=after.verified, text=after.verdict_text))
    _keep(plan, after, option, change, reason=reason, actor=actor)
    move(plan.round, "adjust", "adjusted", actor=actor, reason=reason, chosen_plan=after)
    return after


def _refuse_broken(plan: PairPlan, loaded: LoadedPlan, option: Option) -> tuple[Refusal, ...]:
    """No pair may be made anew that a side has refused since the plan was computed."""
    now = matching.gather(plan.round)
    texts = []
    for unit, village in set(matching.rows_of(option.plan)) - set(loaded.pairs):
        if unit not in now.unit_number or village not in now.village_number:
            texts.append(f"{loaded.names[unit]}或{loaded.names[village]}已不在批次里")
            continue
        texts += [one.text for one in pair_results(*now.pair(unit, village)) if not one.passed]
    if not texts:
        return ()
    shown = "；".join(sorted(texts)[:5])
    return (Refusal("pairing.pair_refused_since", f"方案里有不再成立的结对：{shown}"),)


def _keep(
    plan: PairPlan, after: PairPlan, option: Option, change: Change, *, reason: str, actor: Actor
) -> PairAdjustment:
    """The named, dated line of what was changed, what it cost and why."""
    other = change.other
    adjustment = PairAdjustment.objects.create(
        round=plan.round,
        kind=change.kind,
        unit_id=UUID(change.pair[0]),
        village_id=UUID(change.pair[1]),
        other_unit_id=UUID(other[0]) if other else None,
        other_village_id=UUID(other[1]) if other else None,
        reason=reason.strip(),
        price={**option.price.to_json(), "outcome": option.key},
        before=plan,
        after=after,
        made_by_id=actor.user_id,
        made_by_name=actor.name,
        made_at=clock.now(),
    )
    record(
        "pairing.plan.adjusted",
        actor=actor,
        subject=adjustment,
        changes={
            "plan": [str(plan), str(after)],
            "kind": [None, adjustment.get_kind_display()],
            "price": [None, adjustment.price],
        },
        reason=reason,
    )
    return adjustment


# --- going back ---------------------------------------------------------------------------------


def reasons_against_undoing(plan: PairPlan, *, actor: Actor) -> tuple[Refusal, ...]:
    return (
        *reasons_against_adjusting(plan, actor=actor),
        *rules.refuse_to_undo(has_base=plan.base_id is not None),
    )


@transaction.atomic
def undo_adjustment(plan: PairPlan, *, reason: str, actor: Actor) -> PairPlan:
    """Choose the plan before the change again; nothing is deleted."""
    plan.round = locked(plan.round)
    refuse((*reasons_against_undoing(plan, actor=actor), *rules.refuse_without_reason(reason)))
    base = plan.base
    assert base is not None
    move(plan.round, "adjust", "adjustment_undone", actor=actor, reason=reason, chosen_plan=base)
    return base


# --- taking it along ----------------------------------------------------------------------------


@transaction.atomic
def note_export(plan: PairPlan, *, form: str, rows: int, actor: Actor) -> None:
    """Who took the plan out of the house, as what, and how much of it."""
    told = {"form": [None, form], "rows": [None, rows]}
    record_many([Trace("pairing.plan.exported", plan, told, is_reading=True)], actor=actor)
