"""How is a talk decided on, held, answered, looked at again and put away?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from lingyan.common import clock
from lingyan.common.flow import find_transition, refuse_act
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.models import Person
from lingyan.directory.settings import number_for
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record
from lingyan.supervision.models import Interview, SupervisionTask
from lingyan.supervision.queries import interviews as queries
from lingyan.supervision.rules import interviews as rules
from lingyan.supervision.rules import settings

THING = "supervision.interview"
EVENTS = {
    "hold": "supervision.interview.held",
    "improve": "supervision.interview.improving",
    "review": "supervision.interview.reviewed",
    "close": "supervision.interview.closed",
    "void": "supervision.interview.voided",
}
NOT_AMONG = Refusal("supervision.interview.interviewer", "请从列出的人里选约谈人")


@transaction.atomic
def plan_interview(
    person: Person,
    *,
    kind: str,
    rule: str,
    ground: str,
    interviewer: str,
    planned_on: date,
    task: SupervisionTask | None = None,
    actor: Actor,
) -> Interview:
    """A person decides; the system only shows the facts (R-13-02)."""
    facts = rules.PlanFacts(
        role=actor.role,
        holds_village_post=queries.village_of_post(person) is not None,
        ground=ground,
        rule=rule,
        planned_on=planned_on,
        today=clock.today(),
        is_self=actor.user_id is not None and person.user_id == actor.user_id,
    )
    names = dict(queries.interviewers(actor))
    known = () if interviewer in names else (NOT_AMONG,)
    refuse((*rules.refuse_to_plan(facts), *known))
    interview = Interview.objects.create(
        person=person, place=queries.place_of(person, actor), task=task, kind=kind,
        rule=rule.strip(), ground=ground.strip(), decided_by_id=actor.user_id,
        decided_by_name=actor.name, decided_by_role=actor.role, decided_on=clock.today(),
        interviewer_id=int(interviewer), interviewer_name=names[interviewer].partition("（")[0],
        planned_on=planned_on,
    )  # fmt: skip
    # Why somebody is talked to stands in the record, which few may read; not in the trail.
    record(
        "supervision.interview.planned",
        actor=actor,
        subject=interview,
        changes={"kind": [None, interview.get_kind_display()], "planned_on": [None, planned_on]},
    )
    return interview


@dataclass(frozen=True, slots=True)
class Said:
    """What is written with a step; each act needs some of it."""

    text: str = ""
    statement: str = ""
    on: date | None = None


NOT_YET_SAID = Said(text="待填", statement="待填")


def reasons_against(
    interview: Interview, act: str, *, said: Said = NOT_YET_SAID, actor: Actor
) -> tuple[Refusal, ...]:
    facts = rules.StepFacts(
        today=clock.today(),
        is_interviewer=actor.user_id is not None and actor.user_id == interview.interviewer_id,
        is_person=queries.is_person(actor, interview),
        text=said.text,
        statement=said.statement,
        on=said.on or clock.today(),
        decided_on=interview.decided_on,
        held_on=interview.held_on,
    )
    return (
        *refuse_act(
            rules.INTERVIEW_FLOW, state=interview.state, act=act, role=actor.role, thing=THING
        ),
        *rules.refuse_step(act, facts),
    )


@transaction.atomic
def step_interview(interview: Interview, act: str, said: Said, *, actor: Actor) -> Interview:
    """One act of the table. Two at once: the second waits and sees what the first has done."""
    interview = (
        Interview.objects.select_for_update(of=("self",))
        .select_related("person", "place")
        .get(pk=interview.pk)
    )
    refuse(reasons_against(interview, act, said=said, actor=actor))
    line = find_transition(rules.INTERVIEW_FLOW, state=interview.state, act=act)
    assert line is not None, act
    before = interview.get_state_display()
    changed = {"state": line.after, **_settled(interview, act, said)}
    for name, new in changed.items():
        setattr(interview, name, new)
    interview.save(update_fields=list(changed))
    record(
        EVENTS[act],
        actor=actor,
        subject=interview,
        changes={"state": [before, interview.get_state_display()]},
    )
    return interview


def _settled(interview: Interview, act: str, said: Said) -> dict[str, Any]:
    """What an act settles beside the state."""
    on, text = said.on or clock.today(), said.text.strip()
    if act == "hold":
        return {
            "held_on": on,
            "record": text,
            "statement": said.statement.strip(),
            "review_due_on": rules.review_due(
                on, number_for(interview.place.path, settings.REVIEW, on)
            ),
        }
    if act == "improve":
        return {"measures": text, "measures_due_on": on}
    if act == "review":
        return {"reviewed_on": on, "review_note": text}
    return {"review_note": text} if act == "void" else {}
