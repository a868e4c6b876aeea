"""How is a problem taken down, handled, passed on, confirmed as solved or taken up again?"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from lingyan.common import clock
from lingyan.common.flow import find_transition, refuse_act
from lingyan.common.refusals import Refusal, refuse
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record
from lingyan.posting.models import DiaryEntry, Problem
from lingyan.posting.queries import diary as diary_queries
from lingyan.posting.queries import problems as queries
from lingyan.posting.rules import problems as rules
from lingyan.posting.rules.diary_words import ProblemOwner

THING = "posting.problem"
EVENTS = {
    "handle": "posting.problem.handled",
    "pass_on": "posting.problem.passed_on",
    "confirm": "posting.problem.confirmed",
    "reopen": "posting.problem.reopened",
}


@transaction.atomic
def find_problem(
    *, text: str, found_on: date, owner: str, due_on: date, actor: Actor,
    entry: DiaryEntry | None = None,
) -> Problem:  # fmt: skip
    """Take down what is wrong, with somebody who works on it and a day."""
    postings = diary_queries.list_own_postings(actor.scope)
    posting = entry.posting if entry else diary_queries.posting_for(postings, found_on)
    refuse(
        rules.refuse_to_find(
            rules.ProblemFacts(
                today=clock.today(), text=text, due_on=due_on, owner=owner, found_on=found_on,
                since=posting.since if posting else None,
                until=posting.until if posting else None,
                has_posting=posting is not None,
            )
        )
    )  # fmt: skip
    assert posting is not None
    return take_down(
        Problem(posting=posting, entry=entry, text=text, found_on=found_on, owner=owner,
                due_on=due_on),
        actor=actor,
    )  # fmt: skip


@transaction.atomic
def take_down(problem: Problem, *, actor: Actor) -> Problem:
    """Keep what the rules have let through, from the diary or from a visit."""
    problem.text, problem.created_at = problem.text.strip(), clock.now()
    problem.save(force_insert=True)
    record(
        "posting.problem.found",
        actor=actor,
        subject=problem,
        changes={"owner": [None, problem.owner], "due_on": [None, str(problem.due_on)]},
    )
    return problem


def reasons_against(
    problem: Problem,
    act: str,
    *,
    actor: Actor,
    text: str = "待填",
    owner: str = ProblemOwner.SELF.value,
    due_on: date | None = None,
) -> tuple[Refusal, ...]:
    """Without a text at hand it says whether the step is open to this person at all."""
    found_it = problem.posting.person_id == actor.scope.person_id
    owns = problem.owner in queries.owners_of(actor)
    if problem.owner == ProblemOwner.SELF:
        owns = found_it
    facts = rules.ProblemFacts(
        today=clock.today(), text=text, due_on=due_on or clock.today(), owner=owner
    )
    return (
        *refuse_act(rules.PROBLEM_FLOW, state=problem.state, act=act, role=actor.role, thing=THING),
        *rules.refuse_step(act, facts, owns=owns, found_it=found_it),
    )


@transaction.atomic
def handle_problem(problem: Problem, *, text: str, actor: Actor) -> Problem:
    """The owner says how it was done; the finder has the last word."""
    return _step(
        problem, "handle", actor, text,
        handled_text=text.strip(), handled_by_name=actor.name, handled_on=clock.today(),
    )  # fmt: skip


@transaction.atomic
def pass_on_problem(
    problem: Problem, *, text: str, owner: str, due_on: date, actor: Actor
) -> Problem:
    return _step(problem, "pass_on", actor, text, owner=owner, due_on=due_on)


@transaction.atomic
def confirm_problem(problem: Problem, *, actor: Actor) -> Problem:
    return _step(problem, "confirm", actor, solved_on=clock.today())


@transaction.atomic
def reopen_problem(
    problem: Problem, *, text: str, owner: str, due_on: date, actor: Actor
) -> Problem:
    return _step(problem, "reopen", actor, text, owner=owner, due_on=due_on)


def _step(problem: Problem, act: str, actor: Actor, text: str = "", **changed: Any) -> Problem:
    problem = (
        Problem.objects.select_for_update(of=("self",))
        .select_related("posting__village")
        .get(pk=problem.pk)
    )
    refuse(
        reasons_against(
            problem, act, actor=actor, text=text,
            owner=changed.get("owner", problem.owner), due_on=changed.get("due_on"),
        )
    )  # fmt: skip
    step = find_transition(rules.PROBLEM_FLOW, state=problem.state, act=act)
    assert step is not None
    fields = {"state": step.after, **changed}
    told = {name for name in fields if name != "handled_text"}
    changes = {name: [str(getattr(problem, name) or ""), str(fields[name])] for name in told}
    for name, new in fields.items():
        setattr(problem, name, new)
    problem.save(update_fields=list(fields))
    record(EVENTS[act], actor=actor, subject=problem, changes=changes, reason=text.strip())
    return problem
