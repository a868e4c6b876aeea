"""How are departments asked, problems listed, and the 四个一 named, before the work starts?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from lingyan.common import clock
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.actions.accounts import end_role, grant_role
from lingyan.directory.roles import Role
from lingyan.directory.rules.hands import STAFF
from lingyan.organization.actions.rectification import THING, locked, write_step
from lingyan.organization.models import (
    RectConsultation,
    RectificationCase,
    RectProblem,
    RectSupport,
)
from lingyan.organization.queries import rect_supports as supports
from lingyan.organization.queries import rectification as queries
from lingyan.organization.rules import rectification as flow
from lingyan.organization.rules import rectification_steps as rules
from lingyan.organization.rules.rectification_words import (
    Department,
    Opinion,
    RectState,
    SupportKind,
)
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.models import User
from lingyan.platform.audit.record import record

ROLE_OF = {SupportKind.S1: Role.COUNTY_LEADER, SupportKind.S2: Role.TOWN_LEADER}


# --- consultation ---------------------------------------------------------------------------------


@transaction.atomic
def ask_departments(case: RectificationCase, *, actor: Actor) -> list[RectConsultation]:
    """Seven departments at once, each with its unit where the register knows one (R-4-02)."""
    case = locked(case)
    refusals = []
    if actor.role not in STAFF:
        refusals.append(Refusal("organization.rect.wrong_role", "由县委组织部征求部门意见"))
    if case.state != RectState.PROPOSED:
        refusals.append(
            Refusal("organization.rect.wrong_state", "当前状态不能办理此事项，请刷新后再看")
        )
    if case.consultations.exists():
        refusals.append(Refusal("organization.rect.asked_already", "已经征求过各部门的意见"))
    refuse(refusals)
    today = clock.today()
    units = supports.units_of_departments(case.county)
    made = [
        RectConsultation.objects.create(
            case=case, department=one, unit=units.get(one), asked_on=today,
            due_on=today + timedelta(days=rules.CONSULT_DAYS),
        )
        for one in Department
    ]  # fmt: skip
    write_step(case, "ask", actor=actor)
    record(f"{THING}.asked", actor=actor, subject=case,
           changes={"departments": [None, len(made)]})  # fmt: skip
    return made


@transaction.atomic
def answer_consultation(
    asked: RectConsultation, *, opinion: str, text: str = "", on: date | None = None, actor: Actor
) -> RectConsultation:
    """What a department says; may be mended until the consultation is closed."""
    case = locked(asked.case)
    asked = RectConsultation.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    on = on or clock.today()
    refuse(
        rules.refuse_answer(
            rules.AnswerFacts(
                role=actor.role,
                department=asked.department,
                in_unit=asked.unit_id in actor.scope.unit_ids,
                opinion=opinion,
                text=text,
                on=on,
                asked_on=asked.asked_on,
                today=clock.today(),
                is_decided=case.state != RectState.PROPOSED,
            )
        )
    )
    before = asked.opinion
    asked.opinion, asked.text, asked.answered_on = opinion, text.strip(), on
    asked.answered_by_id, asked.answered_by_name = actor.user_id, actor.name
    asked.save(
        update_fields=["opinion", "text", "answered_on", "answered_by_id", "answered_by_name"]
    )
    told = [Opinion(before).label if before else None, asked.get_opinion_display()]
    record(
        f"{THING}.answered", actor=actor, subject=case,
        changes={"department": [None, asked.get_department_display()], "opinion": told},
    )  # fmt: skip
    return asked


@transaction.atomic
def rank_cases(ranks: Mapping[UUID, int], *, actor: Actor) -> int:
    """倒排: the places of those proposed, from the bottom. Answers how many changed."""
    refusals = []
    if actor.role not in STAFF:
        refusals.append(Refusal("organization.rect.wrong_role", "由县委组织部排名次"))
    if len(set(ranks.values())) < len(ranks) or any(rank < 1 for rank in ranks.values()):
        refusals.append(Refusal("organization.rect.ranks", "名次从 1 起，不能重复"))
    refuse(refusals)
    changed = 0
    rows = queries.list_candidates(actor.scope).select_for_update(of=("self",))
    for case in rows.filter(pk__in=list(ranks)).order_by("pk"):
        if case.rank == ranks[case.pk]:
            continue
        before, case.rank = case.rank, ranks[case.pk]
        case.save(update_fields=["rank"])
        record(f"{THING}.ranked", actor=actor, subject=case, changes={"rank": [before, case.rank]})
        changed += 1
    return changed


# --- the plan -------------------------------------------------------------------------------------


@transaction.atomic
def list_problem(
    case: RectificationCase, *, situation: str, description: str, cause: str = "", measure: str,
    owner: str, due_on: date, actor: Actor,
) -> RectProblem:  # fmt: skip
    """A line of the problem and measure lists of 一村一策."""
    case = locked(case)
    refuse(
        rules.refuse_problem(
            rules.ProblemFacts(
                role=actor.role, state=case.state, situation=situation,
                codes=queries.situation_codes(case), description=description, measure=measure,
                owner=owner, due_on=due_on, today=clock.today(),
            )
        )
    )  # fmt: skip
    problem = RectProblem.objects.create(
        case=case, situation=situation, description=description.strip(), cause=cause.strip(),
        measure=measure.strip(), owner=owner.strip(), due_on=due_on, made_by_id=actor.user_id,
        made_by_name=actor.name, made_on=clock.today(),
    )  # fmt: skip
    record(
        f"{THING}.problem_listed", actor=actor, subject=problem,
        changes={"situation": [None, situation], "due_on": [None, due_on]},
    )  # fmt: skip
    return problem


@transaction.atomic
def strike_problem(problem: RectProblem, *, actor: Actor) -> None:
    """Take a line out again, as long as the plan is being written."""
    case = locked(problem.case)
    refusals = []
    if actor.role not in rules.PLANNERS:
        refusals.append(Refusal("organization.rect.wrong_role", "整顿方案由乡镇制定"))
    if case.state != RectState.CONFIRMED:
        refusals.append(
            Refusal("organization.rect.plan_closed", "只有确定整顿、方案还没有报送时可以改方案")
        )
    refuse(refusals)
    record(f"{THING}.problem_struck", actor=actor, subject=case,
           changes={"description": [problem.description, None]})  # fmt: skip
    problem.delete()


# --- the four -------------------------------------------------------------------------------------


@transaction.atomic
def name_support(
    case: RectificationCase, kind: str, *, user: User | None = None, job_title: str = "",
    is_standing_committee: bool = False, actor: Actor,
) -> RectSupport:  # fmt: skip
    """S1 or S2: a leader by account. Who was it before hands over on this day (G-1)."""
    case = locked(case)
    fits = user is not None and supports.may_be(user, kind, case)
    refuse(_against(case, kind, actor, user_id=user.pk if user and fits else None))
    assert user is not None
    standing = _hand_over(case, kind)
    if standing is not None and standing.user is not None:
        _let_go(standing.user, ROLE_OF[SupportKind(kind)], case)
    if not supports.reaches(user, ROLE_OF[SupportKind(kind)], case.village):
        grant_role(user, role=ROLE_OF[SupportKind(kind)], place=case.village, actor=Actor.system())
    return _write(
        case, kind, actor, name=user.name, user=user, person=getattr(user, "person", None),
        job_title=job_title.strip(),
        is_standing_committee=is_standing_committee and kind == SupportKind.S1,
    )  # fmt: skip


@transaction.atomic
def take_from_records(case: RectificationCase, kind: str, *, actor: Actor) -> RectSupport:
    """S3 or S4: the first secretary in post, the unit of the active pair, as the records say."""
    case = locked(case)
    found = supports.of_records(case, kind)
    source = found["source_id"] if found else None
    refuse(_against(case, kind, actor, source_id=source))
    assert found is not None
    _hand_over(case, kind)
    return _write(case, kind, actor, **found)


def reasons_against_support(
    case: RectificationCase, kind: str, *, actor: Actor
) -> tuple[Refusal, ...]:
    """Before anybody was chosen: may one of this kind be named here at all?"""
    facts = rules.SupportFacts(actor.role, kind, _is_open(case), has_account=True)
    return rules.refuse_support(facts)


def _is_open(case: RectificationCase) -> bool:
    return flow.is_open(case.state) and case.state != RectState.REOPENED


def _against(
    case: RectificationCase,
    kind: str,
    actor: Actor,
    *,
    user_id: int | None = None,
    source_id: UUID | None = None,
) -> tuple[Refusal, ...]:
    standing = queries.standing_supports(case).get(kind)
    same = standing is not None and (
        (user_id is not None and standing.user_id == user_id)
        or (source_id is not None and standing.source_id == source_id)
    )
    return rules.refuse_support(
        rules.SupportFacts(
            role=actor.role,
            kind=kind,
            is_open=_is_open(case),
            has_account=user_id is not None,
            has_record=source_id is not None,
            same_again=same,
        )
    )


def _hand_over(case: RectificationCase, kind: str) -> RectSupport | None:
    """Who served until now serves no longer from today on."""
    standing = queries.standing_supports(case).get(kind)
    if standing is not None:
        standing.until = clock.today()
        standing.save(update_fields=["until"])
    return standing


def _let_go(user: User, role: Role, case: RectificationCase) -> None:
    """The role over this one village ends with the task, unless it came from elsewhere."""
    for assignment in supports.assignments_over(user, role, case.village):
        end_role(assignment, actor=Actor.system(), reason=f"{case} 已交接")


def _write(case: RectificationCase, kind: str, actor: Actor, **named: Any) -> RectSupport:
    support = RectSupport.objects.create(
        case=case, kind=kind, since=clock.today(), made_by_name=actor.name, **named
    )
    label = SupportKind(kind).label
    write_step(case, "support", actor=actor, text=f"{label}：{support.name}")
    record(f"{THING}.supported", actor=actor, subject=case, changes={kind: [None, support.name]})
    return support
