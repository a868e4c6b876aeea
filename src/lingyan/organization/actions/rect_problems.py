"""How is a problem put right and looked at, and how do checkups and reports come in (4.4)?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from lingyan.common import clock
from lingyan.common.flow import find_transition, refuse_act
from lingyan.common.refusals import Refusal, refuse
from lingyan.organization.actions.rect_visits import list_findings
from lingyan.organization.actions.rectification import locked, write_step
from lingyan.organization.models import RectCheckup, RectificationCase, RectProblem, RectReport
from lingyan.organization.queries import rect_work as queries
from lingyan.organization.rules import rect_problems as rules
from lingyan.organization.rules.rectification_words import ProblemOrigin
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.hands import hand_of
from lingyan.platform.audit.record import record

THING = "organization.rectproblem"
EVENTS = {
    "begin": "organization.rectproblem.begun",
    "finish": "organization.rectproblem.finished",
    "verify": "organization.rectproblem.verified",
    "return": "organization.rectproblem.returned",
    "reopen": "organization.rectproblem.reopened",
}


@dataclass(frozen=True, slots=True)
class Said:
    """What is written with a step; each act needs some of it."""

    text: str = ""
    measure: str = ""
    owner: str = ""
    due_on: date | None = None


NOT_YET_SAID = Said(text="待填", measure="待填", owner="待填", due_on=date.max)


def reasons_against(
    problem: RectProblem, act: str, *, actor: Actor, said: Said = NOT_YET_SAID
) -> tuple[Refusal, ...]:
    """Without words at hand it says whether the step is open to this person at all."""
    hand = hand_of(actor, makers=[problem.done_by_id], records=[problem.pk])
    facts = rules.StepFacts(
        case_state=problem.case.state,
        today=clock.today(),
        is_own_work=problem.done_by_id is not None and hand == str(problem.done_by_id),
        text=said.text,
        measure=said.measure,
        owner=said.owner,
        due_on=said.due_on,
    )
    flow = refuse_act(
        rules.PROBLEM_FLOW, state=problem.state, act=act, role=actor.role, thing=THING
    )
    return (*flow, *rules.refuse_step(act, facts))


@transaction.atomic
def step_problem(problem: RectProblem, act: str, said: Said, *, actor: Actor) -> RectProblem:
    """One act of the table; the case is locked first, so that it cannot be judged meanwhile."""
    case = locked(problem.case)
    problem = RectProblem.objects.select_for_update(of=("self",)).get(pk=problem.pk)
    problem.case = case
    refuse(reasons_against(problem, act, actor=actor, said=said))
    line = find_transition(rules.PROBLEM_FLOW, state=problem.state, act=act)
    assert line is not None, act
    changed: dict[str, Any] = {"state": line.after, **_settled(act, said, actor)}
    before = problem.get_state_display()
    for name, new in changed.items():
        setattr(problem, name, new)
    problem.save(update_fields=list(changed))
    write_step(case, act, actor=actor, text=said.text or said.measure, problem=problem)
    record(
        EVENTS[act],
        actor=actor,
        subject=problem,
        changes={"state": [before, problem.get_state_display()]},
    )
    return problem


def _settled(act: str, said: Said, actor: Actor) -> dict[str, Any]:
    """What an act settles beside the state."""
    if act == "begin":
        return {"measure": said.measure.strip(), "owner": said.owner.strip(), "due_on": said.due_on}
    if act == "finish":
        return {
            "evidence": said.text.strip(),
            "done_by_id": actor.user_id,
            "done_by_name": actor.name,
            "done_on": clock.today(),
        }
    if act == "verify":
        return {"verified_by_name": actor.name, "verified_on": clock.today()}
    return {"verified_by_name": "", "verified_on": None}


# --- checkups and reports -------------------------------------------------------------------------


def _refuse_checker(actor: Actor) -> tuple[Refusal, ...]:
    if actor.role in rules.CHECKERS:
        return ()
    return (Refusal("organization.checkup.wrong_role", "每月体检由乡镇或县委组织部登记"),)


@transaction.atomic
def make_checkup(
    case: RectificationCase,
    *,
    on: date,
    seen: Mapping[str, str],
    findings: Mapping[str, Sequence[str]],
    actor: Actor,
) -> RectCheckup:
    """每月全面体检: four topics, each finding becomes a problem of the case (R-4-09)."""
    case = locked(case)
    refuse(
        (
            *_refuse_checker(actor),
            *rules.refuse_checkup(
                rules.CheckupFacts(
                    case_state=case.state,
                    started_on=case.started_on,
                    on=on,
                    today=clock.today(),
                    is_twice=queries.find_checkup(case, on.replace(day=1)) is not None,
                    seen=seen,
                    findings=findings,
                )
            ),
        )
    )
    checkup = RectCheckup.objects.create(
        case=case, month=on.replace(day=1), on=on,
        topics={topic: text.strip() for topic, text in seen.items()},
        made_by_id=actor.user_id, made_by_name=actor.name, made_at=clock.now(),
    )  # fmt: skip
    for topic, found in findings.items():
        list_findings(
            case, found, origin=ProblemOrigin.CHECKUP, checkup=checkup, topic=topic, actor=actor
        )
    count = sum(map(len, findings.values()))
    record("organization.checkup.made", actor=actor, subject=checkup,
           changes={"on": [None, on], "found": [None, count]})  # fmt: skip
    return checkup


@transaction.atomic
def send_report(case: RectificationCase, *, month: date, text: str, actor: Actor) -> RectReport:
    """乡镇月报: people write the progress, the numbers are counted and kept (R-4-05)."""
    case = locked(case)
    wrong = () if actor.role in rules.REPORTERS else (
        Refusal("organization.rectreport.wrong_role", "整顿月报由乡镇报送"),
    )  # fmt: skip
    month = month.replace(day=1)
    refuse(
        (
            *wrong,
            *rules.refuse_report(
                month=month, text=text, since=case.started_on, until=case.cleared_on,
                today=clock.today(), is_twice=queries.find_report(case, month) is not None,
            ),
        )
    )  # fmt: skip
    report = RectReport.objects.create(
        case=case, month=month, text=text.strip(), figures=queries.figures_of_month(case, month),
        made_by_id=actor.user_id, made_by_name=actor.name, made_at=clock.now(),
    )  # fmt: skip
    record("organization.rectreport.sent", actor=actor, subject=report,
           changes={"month": [None, month]})  # fmt: skip
    return report
