"""How is a leader's visit written down, and what follows a month without one (R-4-04)?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from lingyan.common import clock
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.rules.hands import STAFF
from lingyan.organization.actions.rectification import CASE_PAGE, locked
from lingyan.organization.models import LeaderVisit, RectificationCase, RectProblem, RectSupport
from lingyan.organization.queries import rect_work as queries
from lingyan.organization.rules import rect_problems as problem_rules
from lingyan.organization.rules import visits as rules
from lingyan.organization.rules.rectification import VISITED
from lingyan.organization.rules.rectification_words import ProblemOrigin
from lingyan.platform.accounts.actor import EVERYTHING, Actor
from lingyan.platform.audit.record import record
from lingyan.supervision.actions.tasks import Source, raise_task, withdraw_task
from lingyan.supervision.rules.words import TaskLevel

PRODUCT = Actor.system()
RULE = "R-4-04"
WRITERS = ("county_leader", *STAFF)


def may_write(leader: RectSupport, actor: Actor) -> bool:
    """The leader of the village, or the office for him."""
    if actor.role in STAFF:
        return True
    return actor.role == "county_leader" and leader.user_id == queries.hand_of(actor)


def reasons_against(case: RectificationCase, actor: Actor) -> tuple[Refusal, ...]:
    """Whether a visit may be written down at all, before anything is said of it."""
    if case.state not in VISITED:
        return (Refusal("organization.visit.state", "这个村现在不在整顿期间"),)
    leader = queries.leader_of(case)
    if leader is None:
        return (Refusal("organization.visit.no_leader", "这个村还没有明确联村的县级领导"),)
    if not may_write(leader, actor):
        return (rules.NOT_YOURS,)
    return ()


@transaction.atomic
def add_visit(
    case: RectificationCase,
    *,
    on: date,
    places: str,
    talked_to: str,
    problems_text: str,
    instructions: str = "",
    listed: Sequence[str] = (),
    actor: Actor,
) -> LeaderVisit:
    """Where the leader was, with whom he talked, what he found and asked for.

    `listed` are findings that the village has to put right: each becomes a problem of the case.
    """
    case = locked(case)
    refuse(reasons_against(case, actor))
    refuse(
        rules.refuse_visit(
            rules.VisitFacts(
                happened_on=on,
                since=case.started_on,
                today=clock.today(),
                is_twice=queries.is_visited_on(case, on),
                places=places,
                talked_to=talked_to,
                found=problems_text,
            )
        )
    )
    leader = queries.leader_of(case)
    assert leader is not None
    visit = LeaderVisit.objects.create(
        case=case, support=leader, on=on, places=places.strip(), talked_to=talked_to.strip(),
        problems_text=problems_text.strip(), instructions=instructions.strip(),
        made_by_id=actor.user_id, made_by_name=actor.name, made_at=clock.now(),
    )  # fmt: skip
    record("organization.visit.made", actor=actor, subject=visit, changes={"on": [None, on]})
    list_findings(case, listed, origin=ProblemOrigin.VISIT, actor=actor)
    # A visit written down late makes good what a routine has noticed already.
    withdraw_task(
        case._meta.label_lower, case.pk, RULE, period=f"{on:%Y-%m}", why="已补登当月督查",
        actor=actor,
    )  # fmt: skip
    return visit


def list_findings(
    case: RectificationCase,
    findings: Sequence[str],
    *,
    origin: str,
    actor: Actor,
    **more: object,
) -> list[RectProblem]:
    """Each finding becomes a problem of the case (R-4-09); the village writes its measure."""
    made = []
    for text in findings:
        problem = RectProblem.objects.create(
            case=case, origin=origin, description=text[: problem_rules.TEXT_MAX],
            owner=problem_rules.USUAL_OWNER, made_on=clock.today(), made_by_id=actor.user_id,
            due_on=problem_rules.usual_due(clock.today(), case.due_on), made_by_name=actor.name,
            **more,
        )  # fmt: skip
        record("organization.rectproblem.raised", actor=actor, subject=problem,
               changes={"description": [None, problem.description]})  # fmt: skip
        made.append(problem)
    return made


# --- what the worker does of itself ---------------------------------------------------------------


def raise_missed_visits(*, actor: Actor = PRODUCT) -> int:
    """A month that ended without a visit becomes a task of the leader, and of the office above him.

    Harmless when repeated: one task for each case and month. Answers how many months were missed.
    """
    today = clock.today()
    found = list(queries.list_running(EVERYTHING))
    missed = 0
    for case_id, months in queries.months_of(found, today).items():
        case = next(one for one in found if one.pk == case_id)
        for month in rules.missed(months):
            _raise_task(case, month, actor)
            missed += 1
    return missed


def _raise_task(case: RectificationCase, month: rules.MonthDue, actor: Actor) -> None:
    leader = queries.leader_of(case)
    who = leader.name if leader else "县级领导"
    raise_task(
        what=f"{case.village}整顿：{month.label}联村县级领导（{who}）没有到村督查，请尽快到村",
        place=case.village,
        level=TaskLevel.COUNTY,
        person=leader.person if leader else None,
        due_on=rules.due_of_task(month.first),
        source=Source.of(case, CASE_PAGE),
        rule=RULE,
        period=f"{month.first:%Y-%m}",
        actor=actor,
    )
