"""How is another pair asked whether it had a part in an activity or a sum, and how does it answer?

What was asked counts for nobody before the other side has confirmed; the fact stays one record.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from lingyan.common import clock
from lingyan.common.flow import refuse_act
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.scoping import path_end
from lingyan.pairing.actions.activities import admit_pair, held_fast
from lingyan.pairing.actions.claims import count_claims, write_claim
from lingyan.pairing.actions.liveliness import renew_still_since
from lingyan.pairing.models import PairActivity, PairFund, Pairing, PairInvitation
from lingyan.pairing.queries import activities as activity_queries
from lingyan.pairing.queries import invitations as queries
from lingyan.pairing.rules import invitations as rules
from lingyan.pairing.rules.activity_words import ActivityState
from lingyan.pairing.rules.invitations import InvitationState
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record

Fact = PairActivity | PairFund


def _refuse_step(state: str, act: str, actor: Actor) -> tuple[Refusal, ...]:
    return refuse_act(
        rules.INVITATION_FLOW, state=state, act=act, role=actor.role, thing=rules.THING
    )


def _locked_fact(fact: Fact) -> Fact:
    """Whoever asks, answers, corrects or cancels at once: one after the other."""
    if isinstance(fact, PairActivity):
        return PairActivity.objects.select_for_update(of=("self",)).get(pk=fact.pk)
    rows = PairFund.objects.select_for_update(of=("self",)).select_related("village")
    return rows.get(pk=fact.pk)


def _day_of(fact: Fact) -> date:
    """The day on which the pair must have been at work."""
    if isinstance(fact, PairActivity):
        return fact.day
    days = [one for one in (fact.committed_on, fact.arrived_on, fact.spent_on) if one]
    return max(days, default=clock.today())


def _is_cancelled(fact: Fact) -> bool:
    return isinstance(fact, PairActivity) and fact.state == ActivityState.CANCELLED


def _is_own(pairing: Pairing, actor: Actor) -> bool:
    return bool(activity_queries.own_pairs(actor.scope, [pairing]))


@transaction.atomic
def ask_pair(fact: Fact, pairing: Pairing, *, actor: Actor) -> PairInvitation:
    """Name another pair of the county that had a part in it."""
    refuse(_refuse_step("", "ask", actor))
    [pairing] = held_fast([pairing.pk])
    fact = _locked_fact(fact)
    county = queries.county_of(fact)
    facts = rules.AskedFacts(
        has_part=queries.has_part(fact, actor),
        same_county=county.path <= pairing.village.path < path_end(county.path),
        since=pairing.since,
        until=pairing.until,
        on=_day_of(fact),
        is_standing=pairing.pk in queries.standing_pairs(fact),
        is_asked=queries.is_asked(fact, pairing.pk),
        is_own=actor.role in rules.ANSWERERS and _is_own(pairing, actor),
        is_cancelled=_is_cancelled(fact),
    )
    refuse(rules.refuse_to_ask(facts))
    asked = PairInvitation.objects.create(
        activity=fact if isinstance(fact, PairActivity) else None,
        fund=fact if isinstance(fact, PairFund) else None,
        pairing=pairing,
        asked_by_id=actor.user_id,
        asked_by_name=actor.name,
        asked_at=clock.now(),
    )
    _trace("asked", fact, actor, {"claimant": [None, str(pairing)]})
    return asked


def _locked(invitation: PairInvitation) -> tuple[PairInvitation, Fact, Pairing]:
    """Pair, fact, then the request itself: in the order in which everybody takes them."""
    [pairing] = held_fast([invitation.pairing_id])
    fact = _locked_fact(invitation.fact)
    rows = PairInvitation.objects.select_for_update(of=("self",))
    return rows.get(pk=invitation.pk), fact, pairing


@transaction.atomic
def confirm_invitation(invitation: PairInvitation, *, actor: Actor) -> PairInvitation:
    """Yes, we had a part in it: from now on the pair stands on the one record."""
    invitation, fact, pairing = _locked(invitation)
    refuse(_refuse_step(invitation.state, "confirm", actor))
    refuse(
        (
            *rules.refuse_to_answer(
                is_own=_is_own(pairing, actor),
                is_cancelled=_is_cancelled(fact),
                same_by=_same_by(fact, pairing),
            ),
            *rules.refuse_days(pairing.since, pairing.until, _day_of(fact)),
        )
    )
    if isinstance(fact, PairActivity):
        admit_pair(fact, pairing, actor=actor)
    elif pairing.pk not in queries.standing_pairs(fact):  # it may have claimed by itself meanwhile
        write_claim(fact, pairing=pairing, actor=actor)
        count_claims(fact)
        renew_still_since([pairing.pk])
    return _answer(invitation, fact, InvitationState.CONFIRMED, "", actor)


def _same_by(fact: Fact, pairing: Pairing) -> str:
    """Who of the pair has already written down an activity of this kind and day."""
    if not isinstance(fact, PairActivity):
        return ""
    same = activity_queries.find_same(fact.kind, fact.day, [pairing], besides=fact)
    return same.made_by_name if same else ""


@transaction.atomic
def refuse_invitation(
    invitation: PairInvitation, *, reason: str, actor: Actor
) -> PairInvitation:  # fmt: skip
    """No, we had no part in it, and why one thinks so."""
    invitation, fact, pairing = _locked(invitation)
    refuse(_refuse_step(invitation.state, "refuse", actor))
    refuse(
        (
            *rules.refuse_to_answer(is_own=_is_own(pairing, actor), same_by=""),
            *rules.refuse_reason(reason),
        )
    )
    return _answer(invitation, fact, InvitationState.REFUSED, reason, actor)


@transaction.atomic
def withdraw_invitation(invitation: PairInvitation, *, actor: Actor) -> PairInvitation:
    """The wrong pair was named: whoever has a part in the fact takes the request back."""
    invitation, fact, _ = _locked(invitation)
    refuse(_refuse_step(invitation.state, "withdraw", actor))
    if not queries.has_part(fact, actor):
        refuse((Refusal("pairing.invitation.not_sent", "由请的一方撤回"),))
    return _answer(invitation, fact, InvitationState.WITHDRAWN, "", actor)


def _answer(
    invitation: PairInvitation, fact: Fact, state: InvitationState, reason: str, actor: Actor
) -> PairInvitation:
    before, invitation.state = invitation.state, state
    invitation.reason = reason.strip()[: rules.REASON_MAX]
    invitation.answered_by_name, invitation.answered_at = actor.name, clock.now()
    invitation.save(update_fields=["state", "reason", "answered_by_name", "answered_at"])
    changes: dict[str, list[Any]] = {
        "state": [before, state.value],
        "claimant": [None, str(invitation.pairing)],
    }
    _trace(state.value, fact, actor, changes, reason=invitation.reason)
    return invitation


def _trace(
    event: str, fact: Fact, actor: Actor, changes: dict[str, list[Any]], reason: str = ""
) -> None:
    record(f"pairing.invitation.{event}", actor=actor, subject=fact, changes=changes, reason=reason)
