"""How does a pair come about, how is it agreed, and how does it go on or end (3.2)?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from lingyan.common import clock
from lingyan.common.flow import find_transition, refuse_act
from lingyan.common.periods import full_months
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.models import Place, Unit
from lingyan.directory.rules import VillageType
from lingyan.pairing.facts_of_neighbours import pairs_bound, types_of_villages
from lingyan.pairing.models import Pairing, PairingStep
from lingyan.pairing.queries import pairings as queries
from lingyan.pairing.queries.assessments import is_assessed
from lingyan.pairing.rules import pairings as rules
from lingyan.pairing.rules.pairings import Agreement
from lingyan.pairing.rules.words import PairingOrigin, PairingState
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.hands import hand_of
from lingyan.platform.audit.record import record

THING = "pairing.pairing"
PLACEHOLDER = "待填"


# --- shared by every step -------------------------------------------------------------------------


def locked(pairing: Pairing) -> Pairing:
    """The pair as it is now, held to the end: of two who press at once the second waits."""
    return (
        Pairing.objects.select_for_update(of=("self",))
        .select_related("unit", "unit__place", "village", "village__parent")
        .get(pk=pairing.pk)
    )


def refuse_step(pairing: Pairing, act: str, actor: Actor) -> tuple[Refusal, ...]:
    """Is the act open in this state, to this role, and is the pair one of the actor's own?"""
    if not Pairing.objects.visible_to(actor.scope).filter(pk=pairing.pk).exists():
        return (Refusal("pairing.other_county", "这个单位或村不在您的管辖范围内"),)
    return refuse_act(
        rules.PAIRING_FLOW, state=pairing.state, act=act, role=actor.role, thing=THING
    ) or rules.refuse_side(act, level=pairing.level, role=actor.role)


def _move(
    pairing: Pairing,
    act: str,
    event: str,
    *,
    actor: Actor,
    said: Mapping[str, Any] | None = None,
    **changed: Any,
) -> Pairing:
    """Save the new state with what the act settles; write down what was said; leave the trace."""
    line = find_transition(rules.PAIRING_FLOW, state=pairing.state, act=act)
    assert line is not None, act
    words = {"happened_on": clock.today(), **(said or {})}
    PairingStep.objects.create(
        pairing=pairing,
        act=act,
        **words,
        made_by_id=actor.user_id,
        made_by_name=actor.name,
        made_at=clock.now(),
    )
    fields = {"state": line.after, "state_since": clock.today(), **changed}
    changes = {name: [_shown(getattr(pairing, name)), _shown(new)] for name, new in fields.items()}
    for name, new in fields.items():
        setattr(pairing, name, new)
    pairing.save(update_fields=list(fields))
    record(
        f"{THING}.{event}", actor=actor, subject=pairing, changes=changes,
        reason=words.get("text", ""),
    )  # fmt: skip
    return pairing


def _shown(value: Any) -> Any:
    return str(value) if isinstance(value, date) else value


def is_bound(pairing: Pairing) -> bool:
    """G-3: this unit serves the rectification of this village."""
    pair = (pairing.unit_id, pairing.village_id)
    return pair in pairs_bound([pair])


def was_key_task(village_id: UUID, on: date) -> bool:
    """Whether the village was 乡村振兴任务重的村 on that day, by what is known today (X09)."""
    return VillageType.KEY_TASK in types_of_villages([village_id], on).get(village_id, ())


# --- proposing ------------------------------------------------------------------------------------


def reasons_against_proposing(
    unit: Unit, village: Place, *, is_lead: bool, actor: Actor
) -> tuple[Refusal, ...]:
    lead = queries.find_lead(village.pk) if is_lead else None
    facts = rules.ProposalFacts(
        level=rules.level_of(village.level, village.village_kind),
        is_lead=is_lead,
        is_own=queries.lies_in(actor.scope, unit.place, village),
        same_county=queries.county_path(unit.place.path) == queries.county_path(village.path),
        unit_pairs=queries.count_held_of_unit(unit.pk),
        pair_held=queries.is_held(unit.pk, village.pk),
        village_lead=str(lead.unit) if lead else "",
    )
    return (
        *refuse_act(rules.PAIRING_FLOW, state="", act="propose", role=actor.role, thing=THING),
        *rules.refuse_to_propose(facts),
    )


@transaction.atomic
def propose_pairing(
    unit: Unit,
    village: Place,
    *,
    is_lead: bool,
    origin: str = PairingOrigin.DIRECT,
    points: int | None = None,
    parts: Mapping[str, int] | None = None,
    predecessor: Pairing | None = None,
    text: str = "",
    actor: Actor,
    is_demo: bool = False,
) -> Pairing:
    """拟结对: put it before the unit, and then before the village."""
    unit, village = _held_fast(unit, village)
    refuse(reasons_against_proposing(unit, village, is_lead=is_lead, actor=actor))
    level = rules.level_of(village.level, village.village_kind)
    assert level is not None, "refused above"
    pairing = Pairing.objects.create(
        unit=unit,
        village=village,
        level=level,
        is_lead=is_lead,
        origin=origin,
        state_since=clock.today(),
        points=points,
        parts=dict(parts or {}),
        predecessor=predecessor,
        created_by_id=actor.user_id,
        created_at=clock.now(),
        is_demo=is_demo,
    )
    _write_down(pairing, "propose", actor=actor, text=text.strip())
    record(
        f"{THING}.proposed",
        actor=actor,
        subject=pairing,
        changes={
            "unit": [None, str(unit)],
            "village": [None, str(village)],
            "is_lead": [None, is_lead],
            "points": [None, points],
        },
        reason=text.strip(),
    )
    return pairing


def reasons_against_registering(
    unit: Unit, village: Place, *, is_lead: bool, term: rules.Term, actor: Actor
) -> tuple[Refusal, ...]:
    return (
        *reasons_against_proposing(unit, village, is_lead=is_lead, actor=actor),
        *rules.refuse_to_register(term, today=clock.today()),
    )


@transaction.atomic
def register_pairing(
    unit: Unit,
    village: Place,
    *,
    is_lead: bool,
    term: rules.Term,
    agreement: Agreement,
    actor: Actor,
) -> Pairing:
    """登记已有结对: one that was agreed on paper before, taken over as it stands."""
    unit, village = _held_fast(unit, village)
    refuse(reasons_against_registering(unit, village, is_lead=is_lead, term=term, actor=actor))
    level = rules.level_of(village.level, village.village_kind)
    assert level is not None, "refused above"
    columns = _agreed(agreement) | {"term_months": max(full_months(term.since, term.until), 1)}
    pairing = Pairing.objects.create(
        unit=unit,
        village=village,
        level=level,
        is_lead=is_lead,
        origin=PairingOrigin.DIRECT,
        state=PairingState.ACTIVE,
        state_since=term.since,
        signed_on=term.since,
        since=term.since,
        planned_until=term.until,
        was_key_task=was_key_task(village.pk, term.since),
        created_by_id=actor.user_id,
        created_at=clock.now(),
        **columns,
    )
    record(
        f"{THING}.registered",
        actor=actor,
        subject=pairing,
        changes={
            "unit": [None, str(unit)],
            "village": [None, str(village)],
            "since": [None, str(term.since)],
            "planned_until": [None, str(term.until)],
        },
    )
    return pairing


def _held_fast(unit: Unit, village: Place) -> tuple[Unit, Place]:
    """Both ends as they are now: of two offices that pair the same village the second waits."""
    village = Place.objects.select_for_update(of=("self",)).get(pk=village.pk)
    unit = Unit.objects.select_for_update(of=("self",)).select_related("place").get(pk=unit.pk)
    return unit, village


def _write_down(pairing: Pairing, act: str, *, actor: Actor, text: str) -> PairingStep:
    return PairingStep.objects.create(
        pairing=pairing,
        act=act,
        happened_on=clock.today(),
        text=text,
        made_by_id=actor.user_id,
        made_by_name=actor.name,
        made_at=clock.now(),
    )


# --- both sides -----------------------------------------------------------------------------------


@transaction.atomic
def agree_unit(pairing: Pairing, *, text: str = "", actor: Actor) -> Pairing:
    """The unit says yes; now the village is asked."""
    pairing = locked(pairing)
    refuse(refuse_step(pairing, "agree_unit", actor))
    return _move(pairing, "agree_unit", "unit_agreed", actor=actor, said={"text": text.strip()})


@transaction.atomic
def agree_village(
    pairing: Pairing, *, meeting_on: date | None, text: str = "", actor: Actor
) -> Pairing:
    """The village says yes, as its Party organization has decided in a meeting."""
    pairing = locked(pairing)
    refuse(
        (
            *refuse_step(pairing, "agree_village", actor),
            *rules.refuse_meeting(meeting_on, today=clock.today()),
        )
    )
    return _move(
        pairing, "agree_village", "village_agreed", actor=actor,
        said={"happened_on": meeting_on, "text": text.strip()},
    )  # fmt: skip


@transaction.atomic
def decline(pairing: Pairing, *, text: str, actor: Actor) -> Pairing:
    """One of the two does not want it: the pair does not come about."""
    return _break_off(pairing, "decline", "declined", text, actor)


@transaction.atomic
def withdraw(pairing: Pairing, *, text: str, actor: Actor) -> Pairing:
    """The county takes back what it has proposed or approved, before it has begun."""
    return _break_off(pairing, "withdraw", "withdrawn", text, actor)


def _break_off(pairing: Pairing, act: str, event: str, text: str, actor: Actor) -> Pairing:
    pairing, text = locked(pairing), text.strip()
    refuse(
        (
            *refuse_step(pairing, act, actor),
            *rules.refuse_without_reason(text, rules.label_of(act)),
        )
    )
    return _move(pairing, act, event, actor=actor, said={"text": text}, end_reason=text)


# --- the county approves --------------------------------------------------------------------------


def reasons_against_approving(
    pairing: Pairing, *, points_seen: int | None, actor: Actor
) -> tuple[Refusal, ...]:
    makers = queries.makers_of(pairing)
    facts = rules.ApprovalFacts(
        unit_agreed=queries.has_step(pairing, "agree_unit"),
        village_agreed=queries.has_step(pairing, "agree_village"),
        points=pairing.points,
        points_seen=points_seen,
        unit_pairs=queries.count_held_of_unit(pairing.unit_id),
        hand=hand_of(actor, makers=makers, records=[pairing.pk]),
        makers=makers,
    )
    refusals = refuse_step(pairing, "approve", actor)
    # Where the state is wrong already, that nobody has agreed yet says nothing new.
    return refusals or rules.refuse_to_approve(facts)


@transaction.atomic
def approve(pairing: Pairing, *, points_seen: int | None, actor: Actor) -> Pairing:
    """The county has seen the points and both answers."""
    pairing = locked(pairing)
    refuse(reasons_against_approving(pairing, points_seen=points_seen, actor=actor))
    return _move(pairing, "approve", "approved", actor=actor)


# --- the agreement --------------------------------------------------------------------------------


def _agreed(agreement: Agreement) -> dict[str, Any]:
    """The columns that the agreement fills."""
    return {
        "goals": list(agreement.goals),
        "plan_text": agreement.plan_text.strip(),
        "unit_contact": agreement.unit_contact.strip(),
        "village_contact": agreement.village_contact.strip(),
        "term_months": agreement.term_months,
        "agreement_number": agreement.number.strip(),
    }


@transaction.atomic
def draft_agreement(pairing: Pairing, agreement: Agreement, *, actor: Actor) -> Pairing:
    """What both sides want to sign, kept so that it can be printed; the state stays."""
    pairing = locked(pairing)
    refuse((*refuse_step(pairing, "start", actor), *rules.refuse_agreement(agreement)))
    fields = _agreed(agreement)
    changes = {
        name: [getattr(pairing, name), new]
        for name, new in fields.items()
        if getattr(pairing, name) != new
    }
    for name, new in fields.items():
        setattr(pairing, name, new)
    pairing.save(update_fields=list(fields))
    record(f"{THING}.drafted", actor=actor, subject=pairing, changes=changes)
    return pairing


@transaction.atomic
def start_pairing(
    pairing: Pairing,
    agreement: Agreement,
    *,
    signed_on: date,
    starts_on: date | None = None,
    actor: Actor,
) -> Pairing:
    """Both have signed: the pair is at work from the day of the agreement on."""
    pairing = locked(pairing)
    refuse(
        (
            *refuse_step(pairing, "start", actor),
            *rules.refuse_agreement(agreement),
            *rules.refuse_day(
                signed_on, today=clock.today(), since=pairing.state_since, what="签订日期"
            ),
        )
    )
    since = starts_on or signed_on
    return _move(
        pairing, "start", "started", actor=actor, said={"happened_on": signed_on},
        **_agreed(agreement),
        signed_on=signed_on,
        since=since,
        still_since=since,
        planned_until=rules.end_of_term(since, agreement.term_months),
        was_key_task=was_key_task(pairing.village_id, since),
    )  # fmt: skip


# --- going on, or coming to an end ----------------------------------------------------------------


def facts_of(pairing: Pairing, **said: Any) -> rules.EndFacts:
    """What ending, renewing or dissolving hangs on, asked of the records of today."""
    assert pairing.planned_until is not None, "only what has begun can end"
    return rules.EndFacts(
        today=clock.today(),
        planned_until=pairing.planned_until,
        is_assessed=is_assessed(pairing),
        is_bound=is_bound(pairing),
        **said,
    )


def reasons_against(
    pairing: Pairing, act: str, *, actor: Actor, **said: Any
) -> tuple[Refusal, ...]:
    """What stands in the way of a step now; what is still to be typed counts as given."""
    refusals = refuse_step(pairing, act, actor)
    if refusals:
        return refusals
    if act == "approve":
        return reasons_against_approving(pairing, points_seen=pairing.points, actor=actor)
    if act not in END_RULES:
        return ()
    given = {"text": PLACEHOLDER, "document_number": PLACEHOLDER, **said}
    return END_RULES[act](facts_of(pairing, **given))


END_RULES = {
    "renew": rules.refuse_to_renew,
    "end": rules.refuse_to_end,
    "dissolve": rules.refuse_to_dissolve,
}


@transaction.atomic
def renew_pairing(
    pairing: Pairing, *, term_months: int, text: str = "", document_number: str = "", actor: Actor
) -> Pairing:
    """续签: a new term begins where the old one ends."""
    pairing = locked(pairing)
    refuse(
        reasons_against(pairing, "renew", actor=actor, term_months=term_months, text=text.strip())
    )
    assert pairing.planned_until is not None
    return _move(
        pairing, "renew", "renewed", actor=actor,
        said={"text": text.strip(), "document_number": document_number.strip()},
        term_months=term_months,
        planned_until=rules.end_of_term(pairing.planned_until, term_months),
    )  # fmt: skip


@transaction.atomic
def end_pairing(pairing: Pairing, *, text: str = "", actor: Actor) -> Pairing:
    """到期结束: the term is over and nobody renews it."""
    pairing = locked(pairing)
    refuse(reasons_against(pairing, "end", actor=actor, text=text.strip()))
    return _move(
        pairing, "end", "ended", actor=actor, said={"text": text.strip()},
        until=clock.today(), end_reason=text.strip() or "期限已满",
    )  # fmt: skip


@transaction.atomic
def dissolve_pairing(pairing: Pairing, *, text: str, document_number: str, actor: Actor) -> Pairing:
    """解除: the leader decides that it goes on no longer, with a document."""
    pairing, text = locked(pairing), text.strip()
    refuse(
        reasons_against(
            pairing, "dissolve", actor=actor, text=text, document_number=document_number.strip()
        )
    )
    return _move(
        pairing, "dissolve", "dissolved", actor=actor,
        said={"text": text, "document_number": document_number.strip()},
        until=clock.today(), end_reason=text,
    )  # fmt: skip
