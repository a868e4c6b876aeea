"""How does a case move along the table of 4.5: the lock, the trace and the steps up to the start?

Acts of the second half stand beside it; all move a case by `move`, the only place that changes its
state.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from lingyan.common import clock, gates
from lingyan.common.flow import find_transition, refuse_act
from lingyan.common.periods import add_months
from lingyan.common.refusals import Refusal, refuse
from lingyan.organization.facts_of_neighbours import write_urgent_need
from lingyan.organization.models import RectificationCase, RectProblem, RectStep
from lingyan.organization.queries import rectification as queries
from lingyan.organization.rules import rectification as rules
from lingyan.organization.rules import rectification_steps as steps
from lingyan.organization.rules.rectification_words import SupportKind
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.hands import hand_of
from lingyan.platform.audit.record import record
from lingyan.supervision.actions.tasks import Source, raise_task
from lingyan.supervision.rules.words import TaskLevel

THING = rules.THING
CASE_PAGE = "rect_case_detail"
PLACEHOLDER = "待填"
# Whose hands may not decide: whoever found, proposed or closed the consultation (R-0-20).
MAKERS = {
    "confirm": ("screen", "propose", "consult"),
    "dismiss": ("screen", "propose", "consult"),
}


def locked(case: RectificationCase) -> RectificationCase:
    """The case as it is now, held until the end: of two who act at once the second waits."""
    return (
        RectificationCase.objects.select_for_update(of=("self",))
        .select_related("village__parent", "county")
        .get(pk=case.pk)
    )


def write_step(
    case: RectificationCase,
    act: str,
    *,
    actor: Actor,
    text: str = "",
    on: date | None = None,
    problem: RectProblem | None = None,
) -> RectStep:
    return RectStep.objects.create(
        case=case,
        problem=problem,
        act=act,
        on=on or clock.today(),
        text=text.strip(),
        made_by_id=actor.user_id,
        made_by_name=actor.name,
        made_by_role=actor.role,
        made_at=clock.now(),
    )


def refuse_role(case: RectificationCase, act: str, actor: Actor) -> tuple[Refusal, ...]:
    """Whether the table opens this act to this role in this state."""
    return refuse_act(
        rules.RECTIFICATION_FLOW, state=case.state, act=act, role=actor.role, thing=THING
    )


def move(
    case: RectificationCase,
    act: str,
    *,
    actor: Actor,
    text: str = "",
    on: date | None = None,
    **settled: Any,
) -> RectificationCase:
    """Save where the act leads and what it settles, with its step and its trace.

    `case` is locked, and whoever calls has asked the rules.
    """
    line = find_transition(rules.RECTIFICATION_FLOW, state=case.state, act=act)
    assert line is not None, act
    changed = {"state": line.after, "state_since": clock.today(), **settled}
    changes = {
        name: [str(getattr(case, name) or ""), str(new)]
        for name, new in changed.items()
        if name not in ("state_since", "self_checked_by", "plan_text", "decision_text")
    }
    for name, new in changed.items():
        setattr(case, name, new)
    case.save(update_fields=list(changed))
    write_step(case, act, actor=actor, text=text, on=on)
    record(f"{THING}.{rules.EVENTS[act]}", actor=actor, subject=case, changes=changes)
    return case


# --- the steps up to the start of the work --------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """What is written with a step; each act needs some of it."""

    text: str = ""
    document_number: str = ""
    on: date | None = None


NOT_YET_SAID = Said(text=PLACEHOLDER, document_number=PLACEHOLDER)


def reasons_against(
    case: RectificationCase, act: str, *, actor: Actor, said: Said = NOT_YET_SAID
) -> tuple[Refusal, ...]:
    """What stands in the way of a step; without words at hand whether it is open at all."""
    if refusals := refuse_role(case, act, actor):
        return refusals
    facts = _facts(case, act, actor, said)
    refusals = steps.refuse_rect_step(act, facts)
    if act == "start":
        no_secretary = SupportKind.S3 in facts.missing
        asked = {gates.Fact.NO_FIRST_SECRETARY: no_secretary}
        refusals += gates.refusals(f"{THING}.start", asked)
    return refusals


def _facts(case: RectificationCase, act: str, actor: Actor, said: Said) -> steps.StepFacts:
    makers = queries.makers_of(case, MAKERS.get(act, ()))
    answers = list(queries.consultations_of(case)) if act in ("consult", "confirm") else []
    codes = queries.situation_codes(case)
    jointly = steps.joint_opinion([one.opinion for one in answers])
    return steps.StepFacts(
        today=clock.today(),
        text=said.text,
        document_number=said.document_number,
        on=said.on or clock.today(),
        opened_on=case.opened_on,
        codes=codes,
        mode=rules.identify_mode(codes, jointly=jointly),
        asked=len(answers),
        unanswered=[one.get_department_display() for one in answers if not one.opinion],
        bare=queries.bare_situations(case) if act == "plan" else (),
        missing=queries.missing_supports(case) if act == "start" else (),
        hand=hand_of(actor, makers=makers, records=[case.pk]) if makers else str(actor.user_id),
        makers=makers,
    )


@transaction.atomic
def step_case(case: RectificationCase, act: str, said: Said, *, actor: Actor) -> RectificationCase:
    """One act of the table up to the start. Two at once: the second sees what the first did."""
    case = locked(case)
    refuse(reasons_against(case, act, actor=actor, said=said))
    settled = _settled(case, act, said, actor)
    case = move(case, act, actor=actor, text=said.text, on=said.on, **settled)
    if act == "confirm":
        ask_for_first_secretary(case)
    return case


def _settled(case: RectificationCase, act: str, said: Said, actor: Actor) -> dict[str, Any]:
    """What an act settles beside the state."""
    today = clock.today()
    if act == "confirm":
        return {
            "identify_mode": _facts(case, act, actor, said).mode,
            "document_number": said.document_number.strip(),
            "decided_on": said.on or today,
            "decision_text": said.text.strip(),
        }
    if act == "dismiss":
        return {"decided_on": said.on or today, "decision_text": said.text.strip()}
    if act == "plan":
        return {"plan_text": said.text.strip()}
    if act == "start":
        return {"started_on": today, "due_on": add_months(today, rules.TERM_MONTHS)}
    return {}


def ask_for_first_secretary(case: RectificationCase) -> None:
    """A village on the list without a first secretary: an urgent need, thirty days (G-2)."""
    no_secretary = not queries.has_first_secretary(case)
    facts = {gates.Fact.NO_FIRST_SECRETARY: no_secretary}
    for gate, line in gates.triggered(f"{THING}.confirmed", facts):
        until = clock.today() + timedelta(days=line.days)
        write_urgent_need(case.village, until)
        raise_task(
            what=f"{case.village}确定整顿，没有在岗的第一书记：请选派第一书记，需求清单已写入急需项",
            place=case.village,
            level=TaskLevel.COUNTY,
            due_on=until,
            source=Source.of(case, CASE_PAGE),
            rule=gate.id,
        )
