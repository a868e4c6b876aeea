"""How does a recall case move from a signal to its end, one step of the table at a time?

What is said in a case stays in the case: traces name the step and the days, never the ground or a
text, because both may speak of health or discipline.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from lingyan.common import clock
from lingyan.common.flow import find_transition, refuse_act
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.models import Person
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.hands import hand_of
from lingyan.platform.audit.record import Trace, record, record_many
from lingyan.posting.actions import life
from lingyan.posting.models import Posting, RecallCase, RecallStep
from lingyan.posting.queries import recall as queries
from lingyan.posting.queries.standards import numbers_on
from lingyan.posting.rules import IN_POST
from lingyan.posting.rules import recall as rules
from lingyan.posting.rules.recall_words import RecallState
from lingyan.posting.rules.support_words import StandardKey

THING = "posting.recall"
PLACEHOLDER = "待填"
EVENTS = {
    "tell": "told", "state": "stated", "hear": "heard", "verify": "verified", "drop": "dropped",
    "opine": "opined", "warn": "warned", "improve": "improved", "propose": "proposed",
    "decide": "decided", "reject": "rejected", "deliver": "delivered", "talk": "talked",
    "replace": "replaced", "close": "closed",
}  # fmt: skip
# Whose hands may not decide: whoever opened, checked or proposed. A warning: whoever opened.
MAKERS = {
    "warn": ("open",),
    "decide": ("open", "verify", "propose"),
    "reject": ("open", "verify", "propose"),
}


def locked(case: RecallCase) -> RecallCase:
    """The case as it is now, held until the end: of two who decide at once the second waits."""
    return (
        RecallCase.objects.select_for_update(of=("self",))
        .select_related("posting__person", "posting__village", "posting__unit")
        .get(pk=case.pk)
    )


# --- opening --------------------------------------------------------------------------------------


def reasons_against_opening(
    posting: Posting,
    *,
    actor: Actor,
    ground: str = "RG10",
    text: str = PLACEHOLDER,
) -> tuple[Refusal, ...]:
    """Without ground and text at hand: may a case be opened here at all?"""
    facts = rules.RecallFacts(
        ground=ground, text=text, today=clock.today(), in_post=posting.state in IN_POST
    )
    refusals = [
        *refuse_act(rules.RECALL_FLOW, state="", act="open", role=actor.role, thing=THING),
        *rules.refuse_recall_step("open", facts),
    ]
    if queries.has_open_case(posting):
        refusals.append(Refusal("posting.recall.open_already", "该同志已有未办结的召回事项"))
    return tuple(refusals)


@transaction.atomic
def open_case(
    posting: Posting, *, ground: str, source: str, text: str, actor: Actor, signal_text: str = ""
) -> RecallCase:
    """Somebody who read the records, or was told, begins to check (G-16: a person begins)."""
    posting = life.locked(posting)
    refuse(reasons_against_opening(posting, actor=actor, ground=ground, text=text))
    case = RecallCase.objects.create(
        posting=posting,
        ground=ground,
        source=source,
        signal_text=signal_text[:200],
        opened_on=clock.today(),
    )
    _write_down(case, "open", text, clock.today(), actor)
    record(f"{THING}.opened", actor=actor, subject=case, changes={"state": [None, str(case.state)]})
    return case


def _write_down(case: RecallCase, act: str, text: str, on: date, actor: Actor) -> RecallStep:
    return RecallStep.objects.create(
        case=case,
        act=act,
        on=on,
        text=text.strip(),
        made_by_id=actor.user_id,
        made_by_name=actor.name,
        made_at=clock.now(),
    )


# --- one step -------------------------------------------------------------------------------------


def reasons_against(
    case: RecallCase,
    act: str,
    *,
    actor: Actor,
    text: str = PLACEHOLDER,
    on: date | None = None,
    months: int | None = None,
    document_number: str = PLACEHOLDER,
) -> tuple[Refusal, ...]:
    """What stands in the way of a step; without words at hand whether it is open at all."""
    posting = case.posting
    made = {step.act for step in queries.steps_of(case)}
    makers = queries.makers_of(case, MAKERS.get(act, ()))
    facts = rules.RecallFacts(
        ground=case.ground,
        text=text,
        today=clock.today(),
        is_own=posting.person_id == actor.scope.person_id,
        on=on,
        opened_on=case.opened_on,
        has_unit=posting.unit_id is not None,
        has_opinion="opine" in made,
        warned_before=act == "warn" and queries.was_warned(case),
        months=months,
        document_number=document_number,
        is_delivered="deliver" in made,
        is_talked="talk" in made,
        is_filled=act == "replace" and queries.find_follower(posting) is not None,
        hand=hand_of(actor, makers=makers, records=[case.pk]) if makers else str(actor.user_id),
        makers=makers,
    )
    return (
        *refuse_act(rules.RECALL_FLOW, state=case.state, act=act, role=actor.role, thing=THING),
        *rules.refuse_recall_step(act, facts),
    )


@transaction.atomic
def take_step(
    case: RecallCase, act: str, *, actor: Actor, text: str = "", on: date | None = None,
    months: int | None = None, document_number: str = "",
) -> RecallCase:  # fmt: skip
    """Lock, ask the rules, save, leave a trace; what hangs on the step happens with it or not."""
    case = locked(case)
    refuse(
        reasons_against(
            case, act, actor=actor, text=text, on=on, months=months,
            document_number=document_number,
        )
    )  # fmt: skip
    today = clock.today()
    settle = SETTLED.get(act, _nothing)
    changed = settle(case, today, {"months": months, "document_number": document_number.strip()})
    _write_down(case, act, text, on or today, actor)
    _move(case, act, changed, actor)
    if act == "propose":
        life.begin_recall(case.posting, actor=actor, case=case)
    elif act == "decide":
        life.end_by_recall(
            case.posting, actor=actor, case=case, document_number=case.document_number
        )
    elif act in ENDS and case.posting.state == "recall_pending":
        life.drop_recall(case.posting, actor=actor, case=case)
    return case


def _move(case: RecallCase, act: str, changed: dict[str, Any], actor: Actor) -> None:
    line = find_transition(rules.RECALL_FLOW, state=case.state, act=act)
    assert line is not None, act
    fields = {"state": line.after, **changed}
    changes = {name: [_shown(getattr(case, name)), _shown(new)] for name, new in fields.items()}
    for name, new in fields.items():
        setattr(case, name, new)
    case.save(update_fields=list(fields))
    record(f"{THING}.{EVENTS[act]}", actor=actor, subject=case, changes=changes)


def _shown(value: Any) -> Any:
    return None if value is None else str(value)


def _warned(_case: RecallCase, today: date, said: dict[str, Any]) -> dict[str, Any]:
    return {"warn_until": rules.warn_until(today, said["months"] or rules.WARN_MONTHS[0])}


def _decided(case: RecallCase, today: date, said: dict[str, Any]) -> dict[str, Any]:
    effects = rules.effects_of(
        case.ground, today, has_unit=case.posting.unit_id is not None, weight=_weight(case, today)
    )
    return {
        "decided_on": today,
        "document_number": said["document_number"],
        "ban_until": effects.ban_until,
        "promotion_ban_until": effects.promotion_ban_until,
        "unit_minus": effects.unit_minus,
    }


def _weight(case: RecallCase, day: date) -> rules.Weight:
    """What the county's numbers say on the day of the decision; a later one changes nothing."""
    numbers, path = numbers_on(day), case.posting.village.path
    return rules.Weight(
        numbers.of(path, StandardKey.BAN_MONTHS),
        numbers.of(path, StandardKey.PROMOTION_BAN),
        numbers.of(path, StandardKey.UNIT_MINUS),
    )


def _closed(_case: RecallCase, today: date, _said: dict[str, Any]) -> dict[str, Any]:
    return {"closed_on": today}


def _nothing(_case: RecallCase, _today: date, _said: dict[str, Any]) -> dict[str, Any]:
    return {}


def _told(_case: RecallCase, today: date, _said: dict[str, Any]) -> dict[str, Any]:
    return {"told_on": today}


SETTLED = {
    "tell": _told,
    "warn": _warned,
    "decide": _decided,
    "drop": _closed,
    "improve": _closed,
    "reject": _closed,
    "close": _closed,
}
ENDS = ("reject",)


def note_filled(posting: Posting, *, actor: Actor) -> None:
    """Called where a successor is issued: a case that waits for one has it now."""
    waiting = RecallCase.objects.filter(posting=posting, state=RecallState.DECIDED)
    for case in waiting.select_for_update(of=("self",)).select_related("posting"):
        _write_down(case, "replace", "", clock.today(), actor)
        _move(case, "replace", {}, actor)


@transaction.atomic
def note_export(cases: list[RecallCase], *, actor: Actor) -> None:
    """Who took the list out of the house, and whom it names."""
    if not cases:
        return
    named = {(Person._meta.label_lower, str(one.posting.person_id)) for one in cases}
    rows = {"rows": [None, len(cases)]}
    trace = Trace(f"{THING}.exported", cases[0], rows, others=named, is_reading=True)
    record_many([trace], actor=actor)
