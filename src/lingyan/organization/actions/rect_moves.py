"""How does a rectification case go from one state to the next? Every act of the flow ends here."""

from __future__ import annotations

from typing import Any

from lingyan.common import clock
from lingyan.common.flow import find_transition, refuse_act
from lingyan.common.refusals import Refusal
from lingyan.organization.models import RectificationCase, RectProblem, RectStep
from lingyan.organization.rules.rectification import EVENTS, RECTIFICATION_FLOW, THING
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record

TOLD = ("due_on", "document_number", "cleared_on")  # told in the history beside the state


def locked(case: RectificationCase) -> RectificationCase:
    """The case first, then whatever belongs to it: everybody locks in this order."""
    found = RectificationCase.objects.select_for_update(of=("self",))
    return found.select_related("village__parent", "county").get(pk=case.pk)


def refuse_role(case: RectificationCase, act: str, actor: Actor) -> tuple[Refusal, ...]:
    return refuse_act(RECTIFICATION_FLOW, state=case.state, act=act, role=actor.role, thing=THING)


def move(
    case: RectificationCase, act: str, *, actor: Actor, text: str = "", **changed: Any
) -> RectificationCase:
    """Write the step that a rule has allowed; `changed` is saved with the new state."""
    line = find_transition(RECTIFICATION_FLOW, state=case.state, act=act)
    assert line is not None, act
    changes = {"state": [case.get_state_display(), ""]} | {
        name: [str(getattr(case, name) or ""), str(changed[name] or "")]
        for name in TOLD
        if name in changed
    }
    values = {"state": line.after, "state_since": clock.today(), **changed}
    for name, new in values.items():
        setattr(case, name, new)
    case.save(update_fields=list(values))
    changes["state"][1] = case.get_state_display()
    note_step(case, act, text, actor=actor)
    event = f"organization.rect.{EVENTS[act]}"
    record(event, actor=actor, subject=case, changes=changes, reason=text.strip()[:200])
    return case


def note_step(
    case: RectificationCase,
    act: str,
    text: str,
    *,
    actor: Actor,
    problem: RectProblem | None = None,
) -> RectStep:
    """What was said with a step stays as it was said."""
    return RectStep.objects.create(
        case=case, problem=problem, act=act, on=clock.today(), text=text.strip()[:1000],
        made_by_id=actor.user_id, made_by_name=actor.name, made_by_role=actor.role,
        made_at=clock.now(),
    )  # fmt: skip
