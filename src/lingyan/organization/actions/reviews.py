"""How does a yearly review go on: opened, reported, counted, graded, mended, put away (R-13-04)?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from lingyan.common import clock
from lingyan.common.flow import find_transition, refuse_act
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.models import Place
from lingyan.directory.rules import PlaceLevel
from lingyan.directory.scoping import contains
from lingyan.organization.models import ReviewProblem, ReviewRound, SecretaryReview
from lingyan.organization.queries import review_facts
from lingyan.organization.queries import reviews as queries
from lingyan.organization.rules import reviews as rules
from lingyan.organization.rules.review_words import DutyLevel, Grade, ReviewState
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record
from lingyan.supervision.actions.tasks import Source, raise_task
from lingyan.supervision.rules.words import TaskLevel

RULE = "R-13-04"
TASK_LEVEL = {
    DutyLevel.VILLAGE: TaskLevel.VILLAGE,
    DutyLevel.TOWN: TaskLevel.TOWN,
    DutyLevel.UNIT: TaskLevel.UNIT,
}


def _refuse(round: ReviewRound, act: str, actor: Actor) -> tuple[Refusal, ...]:
    if not contains(actor.scope, round.place.path):
        return (Refusal(f"{rules.THING}.wrong_role", "这次述职评议不由您的身份办理"),)
    return refuse_act(
        rules.REVIEW_FLOW, state=round.state, act=act, role=actor.role, thing=rules.THING
    )


def reasons_against(round: ReviewRound, act: str, *, actor: Actor) -> tuple[Refusal, ...]:
    """Why the round cannot take this step now; none means that it can."""
    results = queries.lines_of(
        SecretaryReview.objects.filter(round=round).prefetch_related("problems")
    )
    same = actor.user_id is not None and actor.user_id == round.counted_by_id
    return (
        *_refuse(round, act, actor),
        *rules.refuse_step(act, results, level=round.level, same_hands=same),
    )


@transaction.atomic
def open_round(*, level: str, year: int, place: Place, form: str, actor: Actor) -> ReviewRound:
    """Everybody who is secretary today stands in it; nobody types the names."""
    refuse(refuse_act(rules.REVIEW_FLOW, state="", act="open", role=actor.role, thing=rules.THING))
    refuse(_refuse_place(level, place, actor))
    found = queries.secretaries(level, place, clock.today())
    if not found:
        text = "名册里没有这一层级的书记；请先登记村党组织书记，或开设书记的账号"
        refuse((Refusal("organization.review_nobody", text),))
    try:
        with transaction.atomic():
            round = ReviewRound.objects.create(
                level=level, year=year, place=place, form=form, opened_on=clock.today()
            )
    except IntegrityError:
        refuse((Refusal("organization.review_twice", f"{place} {year} 年的述职评议已经启动"),))
        raise
    SecretaryReview.objects.bulk_create(
        SecretaryReview(
            round=round, place=one.place, unit=one.unit, person=one.person, name=one.name
        )
        for one in found
    )
    changes = {"year": [None, year], "people": [None, len(found)]}
    record(rules.EVENTS["open"], actor=actor, subject=round, changes=changes)
    return round


def _refuse_place(level: str, place: Place, actor: Actor) -> tuple[Refusal, ...]:
    wanted = PlaceLevel.TOWNSHIP if level == DutyLevel.VILLAGE else PlaceLevel.COUNTY
    if place.level != wanted or not contains(actor.scope, place.path):
        text = "村书记的述职评议由乡镇组织，乡镇和单位的由县里组织"
        return (Refusal("organization.review_place", text),)
    return ()


def _locked(round: ReviewRound) -> ReviewRound:
    return (
        ReviewRound.objects.select_for_update(of=("self",)).select_related("place").get(pk=round.pk)
    )


@transaction.atomic
def step_round(round: ReviewRound, act: str, *, actor: Actor) -> ReviewRound:
    round = _locked(round)
    refuse(reasons_against(round, act, actor=actor))
    if act == "list_problems":
        _raise_tasks(round, actor)
    values: dict[str, Any] = {}
    if act == "grade":
        values["graded_on"] = clock.today()
    if act == "archive":
        values["archived_on"] = clock.today()
    line = find_transition(rules.REVIEW_FLOW, state=round.state, act=act)
    assert line is not None, act
    before = round.get_state_display()
    for name, new in {**values, "state": line.after}.items():
        setattr(round, name, new)
    round.save(update_fields=[*values, "state"])
    changes = {"state": [before, round.get_state_display()]}
    record(rules.EVENTS[act], actor=actor, subject=round, changes=changes)
    return round


def _raise_tasks(round: ReviewRound, actor: Actor) -> None:
    """Each problem becomes a task of the secretary's office; its check is that of any task."""
    rows = ReviewProblem.objects.filter(result__round=round, task_id__isnull=True)
    for one in rows.select_related("result__place", "result__unit").order_by("due_on", "pk"):
        task = raise_task(
            what=f"述职评议问题：{one.text}", place=one.result.place, unit=one.result.unit,
            level=TASK_LEVEL[DutyLevel(round.level)], due_on=one.due_on, rule=RULE,
            source=Source(
                one._meta.label_lower, one.pk, f"{round.year} 年述职评议", ""
            ),
            is_evidence_required=True, actor=actor,
        )  # fmt: skip
        one.task_id = task.pk
        one.save(update_fields=["task_id"])


# --- one secretary --------------------------------------------------------------------------------


def _result(result: SecretaryReview) -> SecretaryReview:
    return (
        SecretaryReview.objects.select_for_update(of=("self",))
        .select_related("round__place", "place", "unit")
        .get(pk=result.pk)
    )


def _in_state(round: ReviewRound, state: str) -> tuple[Refusal, ...]:
    if round.state != state:
        text = "述职评议已经进入别的阶段，请刷新后再看"
        return (Refusal(f"{rules.THING}.wrong_state", text),)
    return ()


def _is_own(result: SecretaryReview, actor: Actor) -> bool:
    """Whether this is the line of the office for which the person acts as secretary."""
    if actor.role not in rules.SECRETARIES or queries.level_of(actor) != result.round.level:
        return False
    if result.unit_id is not None:
        return result.unit_id in actor.scope.unit_ids
    return result.place.path in actor.scope.place_paths


def may_report(result: SecretaryReview, actor: Actor) -> bool:
    return result.round.state == ReviewState.OPENED and _is_own(result, actor)


@transaction.atomic
def confirm_report(result: SecretaryReview, *, remark: str, actor: Actor) -> SecretaryReview:
    """The report is what the records say on this day; the secretary may add a remark."""
    result = _result(result)
    wrong = () if _is_own(result, actor) else (
        Refusal(f"{rules.THING}.wrong_role", "述职报告由本人确认"),
    )  # fmt: skip
    refuse((*_in_state(result.round, ReviewState.OPENED), *wrong))
    result.facts = [list(fact) for fact in review_facts.facts_of(result)]
    result.remark = remark.strip()[: rules.TEXT_MAX]
    result.reported_on = clock.today()
    result.save(update_fields=["facts", "remark", "reported_on"])
    record(
        "organization.review_result.confirmed", actor=actor, subject=result,
        changes={"reported_on": [None, result.reported_on]},
    )  # fmt: skip
    return result


@transaction.atomic
def excuse_report(result: SecretaryReview, *, reason: str, actor: Actor) -> SecretaryReview:
    """Somebody who cannot report (ill, called away): why, in words."""
    result = _result(result)
    missing = () if reason.strip() else (
        Refusal("organization.review_excuse", "请写明未述职的原因"),
    )  # fmt: skip
    refuse((*_refuse(result.round, "report", actor), *missing))
    before, result.excused = result.excused, reason.strip()[:300]
    result.save(update_fields=["excused"])
    record(
        "organization.review_result.excused", actor=actor, subject=result,
        changes={"excused": [before, result.excused]}, reason=result.excused,
    )  # fmt: skip
    return result


@transaction.atomic
def count_votes(
    result: SecretaryReview, *, counts: Mapping[str, int], actor: Actor
) -> SecretaryReview:
    """Counts only: the slips stay on paper, and who marked what is nowhere."""
    result = _result(result)
    refuse((*_refuse(result.round, "evaluate", actor), *rules.refuse_counts(counts)))
    before = {name: getattr(result, name) for name in counts}
    for name, count in counts.items():
        setattr(result, name, count)
    result.save(update_fields=list(counts))
    result.round.counted_by_id = actor.user_id
    result.round.save(update_fields=["counted_by_id"])
    record(
        "organization.review_result.counted", actor=actor, subject=result,
        changes={name: [before[name], counts[name]] for name in counts},
    )  # fmt: skip
    return result


@transaction.atomic
def grade_result(
    result: SecretaryReview, *, grade: str, is_weak: bool | None, reason: str, actor: Actor
) -> SecretaryReview:
    """The leader's grade; of a village's secretary also whether development work was weak."""
    result = _result(result)
    level = result.round.level
    refuse(
        (
            *_refuse(result.round, "grade", actor),
            *rules.refuse_grade(grade, level=level, is_weak=is_weak, reason=reason),
        )
    )
    before = result.get_grade_display()
    result.grade = grade
    result.is_weak_development = is_weak if level == DutyLevel.VILLAGE else None
    result.weak_reason = reason.strip()[:300] if is_weak else ""
    result.graded_by_name = actor.name
    result.save(update_fields=["grade", "is_weak_development", "weak_reason", "graded_by_name"])
    record(
        "organization.review_result.graded", actor=actor, subject=result,
        changes={"grade": [before, Grade(grade).label]}, reason=result.weak_reason,
    )  # fmt: skip
    return result


@transaction.atomic
def add_problem(
    result: SecretaryReview, *, text: str, due_on: date | None, actor: Actor
) -> ReviewProblem:
    result = _result(result)
    refuse(
        (
            *_refuse(result.round, "list_problems", actor),
            *rules.refuse_problem(text, due_on, today=clock.today()),
        )
    )
    assert due_on is not None
    problem = ReviewProblem.objects.create(result=result, text=text.strip()[:300], due_on=due_on)
    record(
        "organization.review_problem.added", actor=actor, subject=problem,
        changes={"text": [None, problem.text], "due_on": [None, due_on]},
    )  # fmt: skip
    return problem


@transaction.atomic
def remove_problem(problem: ReviewProblem, *, actor: Actor) -> None:
    """Before the list is handed out; afterwards it is a task and is voided as one."""
    problem = ReviewProblem.objects.select_for_update(of=("self",)).get(pk=problem.pk)
    refuse(_refuse(_locked(problem.result.round), "list_problems", actor))
    record(
        "organization.review_problem.removed", actor=actor, subject=problem,
        changes={"text": [problem.text, None]},
    )  # fmt: skip
    problem.delete()
