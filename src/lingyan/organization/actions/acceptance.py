"""How is a village checked, accepted, cleared or kept on, and looked at again afterwards (4.5)?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from django.db import transaction

from lingyan.common import clock
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.models import Place
from lingyan.directory.rules.hands import STAFF, refuse_same_person
from lingyan.organization.actions.rect_visits import list_findings
from lingyan.organization.actions.rectification import (
    ask_for_first_secretary,
    locked,
    move,
    refuse_role,
    write_step,
)
from lingyan.organization.models import (
    RectFollowUp,
    RectificationCase,
    RectInspection,
    RectInspector,
    RectSituation,
)
from lingyan.organization.queries import rect_work as queries
from lingyan.organization.queries import rectification as cases
from lingyan.organization.rules import acceptance as rules
from lingyan.organization.rules import follow_up as follow_rules
from lingyan.organization.rules.rectification import BOTH_OF_VILLAGE
from lingyan.organization.rules.rectification_words import (
    InspectionResult,
    ProblemOrigin,
    RectProblemState,
    Situation,
)
from lingyan.organization.rules.visits import FOLLOW_UP_MONTHS, follow_ups_due
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.hands import hand_of
from lingyan.platform.audit.record import record

NO_TEXT = Refusal("organization.acceptance.text", "请写明情况")
NO_INSPECTION = Refusal("organization.acceptance.none", "现在没有进行中的验收")
SCORERS = STAFF


def _refuse_text(text: str) -> tuple[Refusal, ...]:
    return () if text.strip() else (NO_TEXT,)


# --- self-check and town check --------------------------------------------------------------------


def _refuse_signed(case: RectificationCase, actor: Actor) -> tuple[Refusal, ...]:
    if actor.role in case.self_checked_by:
        return (Refusal("organization.rect.signed_already", "您已经签字，等另一位签字"),)
    return ()


def reasons_against_self_check(case: RectificationCase, actor: Actor) -> tuple[Refusal, ...]:
    return (
        *refuse_role(case, "self_check", actor),
        *_refuse_signed(case, actor),
        *rules.refuse_self_check(queries.states_of(case)),
    )


@transaction.atomic
def sign_self_check(case: RectificationCase, *, text: str, actor: Actor) -> RectificationCase:
    """村党组织书记 and 第一书记 both sign; with the second signature the self-check is done."""
    case = locked(case)
    refuse((*reasons_against_self_check(case, actor), *_refuse_text(text)))
    signed = {**case.self_checked_by, actor.role: actor.name}
    if set(signed) >= set(BOTH_OF_VILLAGE):
        return move(case, "self_check", actor=actor, text=text, self_checked_by=signed)
    case.self_checked_by = signed
    case.save(update_fields=["self_checked_by"])
    write_step(case, "sign", actor=actor, text=text)
    record("organization.rect.signed", actor=actor, subject=case,
           changes={"signed": [None, actor.name]})  # fmt: skip
    return case


def reasons_against_town_check(case: RectificationCase, actor: Actor) -> tuple[Refusal, ...]:
    return (
        *refuse_role(case, "town_check", actor),
        *rules.refuse_town_check(queries.states_of(case)),
    )


@transaction.atomic
def pass_town_check(case: RectificationCase, *, text: str, actor: Actor) -> RectificationCase:
    case = locked(case)
    refuse((*reasons_against_town_check(case, actor), *_refuse_text(text)))
    return move(case, "town_check", actor=actor, text=text)


@transaction.atomic
def send_back(case: RectificationCase, *, text: str, actor: Actor) -> RectificationCase:
    """Not good enough in the town's eyes: the village signs anew when it is."""
    case = locked(case)
    refuse((*refuse_role(case, "send_back", actor), *_refuse_text(text)))
    return move(case, "send_back", actor=actor, text=text, self_checked_by={})


# --- the inspection group -------------------------------------------------------------------------


def _refuse_members(
    case: RectificationCase, members: Sequence[rules.Member]
) -> tuple[Refusal, ...]:
    """None of the S1-S4 persons, and nobody of the unit that supports the village (4.5)."""
    standing = cases.standing_supports(case).values()
    units = {one.unit.name for one in standing if one.unit is not None}
    serving = {one.name for one in standing}
    serving |= {one.name for one in members if one.unit and one.unit in units}
    return rules.refuse_group([one.name for one in members], serving)


@transaction.atomic
def open_inspection(
    case: RectificationCase, *, members: Sequence[rules.Member], actor: Actor
) -> RectInspection:
    """组成专项检查考核组: from now on the county checks; the first named leads."""
    case = locked(case)
    refuse((*refuse_role(case, "accept", actor), *_refuse_members(case, members)))
    last = queries.last_inspection(case)
    inspection = RectInspection.objects.create(
        case=case, round=last.round + 1 if last else 1, opened_on=clock.today(),
        made_by_id=actor.user_id, made_by_name=actor.name,
    )  # fmt: skip
    units = queries.units_named([one.unit for one in members])
    for number, one in enumerate(members):
        RectInspector.objects.create(
            inspection=inspection, name=one.name, unit=units.get(one.unit), is_lead=not number
        )
    move(case, "accept", actor=actor, text="、".join(one.name for one in members))
    return inspection


def _locked_inspection(case: RectificationCase) -> RectInspection:
    """The case first, then what belongs to it. Only a case in acceptance has one that runs."""
    inspection = queries.present_inspection(case)
    if inspection is None:
        refuse((NO_INSPECTION,))
    assert inspection is not None
    inspection = RectInspection.objects.select_for_update(of=("self",)).get(pk=inspection.pk)
    inspection.case = case
    return inspection


def reasons_against_scoring(case: RectificationCase, actor: Actor) -> tuple[Refusal, ...]:
    if actor.role not in SCORERS:
        return (Refusal("organization.acceptance.wrong_role", "验收得分由县委组织部登记"),)
    if queries.present_inspection(case) is None:
        return (NO_INSPECTION,)
    return ()


@transaction.atomic
def score_inspection(
    case: RectificationCase, *, points: Mapping[str, int | None], text: str, actor: Actor
) -> RectInspection:
    """验收得分 of the four topics; it may be mended until the leader has decided."""
    case = locked(case)
    refuse(reasons_against_scoring(case, actor))
    inspection = _locked_inspection(case)
    refuse((*rules.refuse_points(points), *_refuse_text(text)))
    before = inspection.score
    inspection.items = {topic: point for topic, point in points.items() if point is not None}
    inspection.score = sum(inspection.items.values())
    inspection.text, inspection.scored_on = text.strip(), clock.today()
    inspection.scored_by_id, inspection.scored_by_name = actor.user_id, actor.name
    inspection.save(
        update_fields=["items", "score", "text", "scored_on", "scored_by_id", "scored_by_name"]
    )
    record("organization.inspection.scored", actor=actor, subject=inspection,
           changes={"score": [before, inspection.score]})  # fmt: skip
    return inspection


# --- clear or keep on -----------------------------------------------------------------------------


def _refuse_own(inspection: RectInspection, actor: Actor, act: str) -> tuple[Refusal, ...]:
    """Whoever formed the group or wrote down the score does not decide on it (R-0-20)."""
    makers = [inspection.made_by_id, inspection.scored_by_id]
    hand = hand_of(actor, makers=makers, records=[inspection.pk, inspection.case_id])
    known = frozenset(str(one) for one in makers if one is not None)
    return refuse_same_person(known, hand, act=act)


def reasons_against_clearing(case: RectificationCase, actor: Actor) -> tuple[Refusal, ...]:
    """Both conditions of R-4-06, in the hands of another person (VAL-16)."""
    inspection = queries.present_inspection(case)
    if wrong := refuse_role(case, "clear", actor):
        return wrong
    assert inspection is not None, "a case in acceptance has its inspection"
    inspection.case = case
    return (
        *_refuse_own(inspection, actor, "销号"),
        *rules.refuse_to_clear(queries.acceptance_facts(inspection)),
    )


@transaction.atomic
def clear_case(case: RectificationCase, *, text: str = "", actor: Actor) -> RectificationCase:
    """销号: nothing is bound any longer, and the two visits that follow are put down."""
    case = locked(case)
    refuse(reasons_against_clearing(case, actor))
    inspection = _locked_inspection(case)
    _decide(inspection, InspectionResult.PASSED)
    today = clock.today()
    _close_problems(case, actor)
    case = move(case, "clear", actor=actor, text=text, cleared_on=today)
    for months, due_on in zip(FOLLOW_UP_MONTHS, follow_ups_due(today), strict=True):
        RectFollowUp.objects.create(case=case, months=months, due_on=due_on)
    return case


def _decide(inspection: RectInspection, result: str) -> None:
    inspection.result, inspection.decided_on = result, clock.today()
    inspection.save(update_fields=["result", "decided_on"])


def _close_problems(case: RectificationCase, actor: Actor) -> None:
    """What the town has verified is closed with the case."""
    verified = case.problems.filter(state=RectProblemState.VERIFIED).order_by("pk")
    for problem in verified.select_for_update(of=("self",)):
        before = problem.get_state_display()
        problem.state = RectProblemState.CLOSED
        problem.save(update_fields=["state"])
        record("organization.rectproblem.closed", actor=actor, subject=problem,
               changes={"state": [before, problem.get_state_display()]})  # fmt: skip


def reasons_against_extending(
    case: RectificationCase, actor: Actor, *, due_on: date | None = None, text: str = "待填"
) -> tuple[Refusal, ...]:
    if wrong := refuse_role(case, "extend", actor):
        return wrong
    inspection = queries.present_inspection(case)
    assert inspection is not None, "a case in acceptance has its inspection"
    inspection.case = case
    today = clock.today()
    usual = rules.latest_extension(today)
    return (
        *_refuse_own(inspection, actor, "决定"),
        *rules.refuse_to_extend(
            queries.acceptance_facts(inspection), due_on=due_on or usual, today=today, reason=text
        ),
    )


@transaction.atomic
def extend_case(
    case: RectificationCase, *, due_on: date, text: str, actor: Actor
) -> RectificationCase:
    """延长整顿: a condition failed, so everybody stays (G-1) and the work goes on."""
    case = locked(case)
    refuse(reasons_against_extending(case, actor, due_on=due_on, text=text))
    inspection = _locked_inspection(case)
    _decide(inspection, InspectionResult.FAILED)
    case = move(
        case, "extend", actor=actor, text=text, due_on=due_on, extended=case.extended + 1,
        self_checked_by={},
    )  # fmt: skip
    _list_what_villagers_say(case, inspection, actor)
    return case


def _list_what_villagers_say(
    case: RectificationCase, inspection: RectInspection, actor: Actor
) -> None:
    """W09: so few are content that this is a situation of its own, to be put right like others."""
    told = queries.below_the_floor(inspection)
    if not told:
        return
    RectSituation.objects.get_or_create(
        case=case, code=Situation.W09,
        defaults={
            "evidence": told, "confirmed_by_id": actor.user_id, "confirmed_by_name": actor.name,
            "confirmed_on": clock.today(),
        },
    )  # fmt: skip
    list_findings(
        case, [told], origin=ProblemOrigin.CHECK, actor=actor, situation=Situation.W09.value
    )


# --- afterwards -----------------------------------------------------------------------------------


@transaction.atomic
def begin_following(case: RectificationCase, *, text: str = "", actor: Actor) -> RectificationCase:
    case = locked(case)
    refuse(refuse_role(case, "follow", actor))
    return move(case, "follow", actor=actor, text=text)


@transaction.atomic
def make_follow_up(
    follow_up: RectFollowUp, *, visited_on: date, text: str, actor: Actor
) -> RectFollowUp:
    """回访 at 3 and 6 months, by the town or the county."""
    case = locked(follow_up.case)
    follow_up = RectFollowUp.objects.select_for_update(of=("self",)).get(pk=follow_up.pk)
    refuse(
        (
            *refuse_role(case, "close", actor),
            *follow_rules.refuse_visit(
                state=case.state, due_on=follow_up.due_on, visited_on=visited_on,
                today=clock.today(), is_made=follow_up.visited_on is not None, text=text,
            ),
        )
    )  # fmt: skip
    follow_up.visited_on, follow_up.text = visited_on, text.strip()
    follow_up.made_by_id, follow_up.made_by_name = actor.user_id, actor.name
    follow_up.save(update_fields=["visited_on", "text", "made_by_id", "made_by_name"])
    record("organization.followup.made", actor=actor, subject=follow_up,
           changes={"visited_on": [None, visited_on]})  # fmt: skip
    return follow_up


def reasons_against_closing(case: RectificationCase, actor: Actor) -> tuple[Refusal, ...]:
    visited = [one.visited_on for one in queries.follow_ups_of(case)]
    return (*refuse_role(case, "close", actor), *follow_rules.refuse_to_close(visited))


@transaction.atomic
def close_case(case: RectificationCase, *, text: str = "", actor: Actor) -> RectificationCase:
    case = locked(case)
    refuse(reasons_against_closing(case, actor))
    return move(case, "close", actor=actor, text=text, closed_on=clock.today())


@transaction.atomic
def declare_relapse(case: RectificationCase, *, text: str, actor: Actor) -> RectificationCase:
    """认定反弹: from now on the village is bound again, first by this case, then by its child."""
    case = locked(case)
    refuse((*refuse_role(case, "relapse", actor), *follow_rules.refuse_relapse(text)))
    return move(case, "relapse", actor=actor, text=text)


def reasons_against_child(case: RectificationCase, actor: Actor) -> tuple[Refusal, ...]:
    return follow_rules.refuse_child(
        role=actor.role, state=case.state, has_child=queries.has_child(case)
    )


@transaction.atomic
def open_child(
    case: RectificationCase, *, document_number: str, decided_on: date, text: str, actor: Actor
) -> RectificationCase:
    """A new case with its own number that starts at confirmed and speaks for both (R-4-10)."""
    county = Place.objects.select_for_update(of=("self",)).get(pk=case.county_id)
    case = locked(case)
    refuse(
        (
            *reasons_against_child(case, actor),
            *follow_rules.refuse_decision(
                document_number=document_number, decided_on=decided_on, today=clock.today(),
                since=case.state_since,
            ),
        )
    )  # fmt: skip
    today = clock.today()
    child = RectificationCase.objects.create(
        county=county, village=case.village, year=today.year,
        serial=cases.next_serial(county, today.year), parent=case, state="", state_since=today,
        opened_on=today, identify_mode=case.identify_mode, made_by_id=actor.user_id,
        made_by_name=actor.name, is_demo=case.is_demo,
    )  # fmt: skip
    _carry_situations(case, child, text, actor)
    child = move(
        child, "reopen_child", actor=actor, text=text, decided_on=decided_on,
        document_number=document_number.strip(), decision_text=text.strip()[:500],
    )  # fmt: skip
    ask_for_first_secretary(child)
    return child


def _carry_situations(
    case: RectificationCase, child: RectificationCase, text: str, actor: Actor
) -> None:
    """What was found weak then is what has come back, unless the plan says otherwise."""
    for one in case.situations.order_by("code"):
        RectSituation.objects.create(
            case=child, code=one.code, evidence=(text.strip() or one.evidence)[:500],
            confirmed_by_id=actor.user_id, confirmed_by_name=actor.name,
            confirmed_on=clock.today(),
        )  # fmt: skip


# Of the acts that need more than the right state and role: what stands against each.
REASONS: Mapping[str, Callable[[RectificationCase, Actor], tuple[Refusal, ...]]] = {
    "self_check": reasons_against_self_check,
    "town_check": reasons_against_town_check,
    "clear": reasons_against_clearing,
    "extend": reasons_against_extending,
    "close": reasons_against_closing,
}
