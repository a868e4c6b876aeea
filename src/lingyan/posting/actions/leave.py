"""How is leave asked, decided, taken back and ended (R-2-23)?"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from lingyan.common import clock
from lingyan.common.flow import find_transition, refuse_act
from lingyan.common.refusals import Refusal, refuse
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.hands import hand_of
from lingyan.platform.audit.record import record
from lingyan.posting import rules
from lingyan.posting.actions.life import locked, move
from lingyan.posting.models import LeaveRequest, Posting
from lingyan.posting.queries import leave as queries
from lingyan.posting.queries import presence
from lingyan.posting.queries.standards import number_for
from lingyan.posting.rules import leave as leave_rules
from lingyan.posting.rules.life import AT_WORK
from lingyan.posting.rules.life_words import LeaveKind, LeaveState
from lingyan.posting.rules.support_words import StandardKey

THING = "posting.leave"
PRODUCT = Actor.system()


@transaction.atomic
def ask_leave(
    posting: Posting, *, kind: str, since: date, until: date, reason: str, actor: Actor
) -> LeaveRequest:
    """Ask in writing. Two requests at once: the second waits for the posting and sees the first."""
    posting = locked(posting)
    facts = leave_rules.LeaveFacts(
        state=posting.state,
        since=since,
        until=until,
        reason=reason,
        today=clock.today(),
        arrived_on=posting.came_on,
        planned_until=posting.planned_until,
        others=queries.taken_by(posting),
        absences=presence.days_of_absence(posting),
    )
    refuse((*_refuse_asker(posting, actor), *leave_rules.refuse_to_ask(facts)))
    leave = LeaveRequest.objects.create(
        posting=posting,
        kind=LeaveKind(kind),
        since=since,
        until=until,
        reason=reason.strip(),
        asked_by_id=actor.user_id,
        asked_by_name=actor.name,
        asked_at=clock.now(),
    )
    # Why somebody is away may be an illness: it stands in the register, not in the trail.
    record(
        "posting.leave.asked",
        actor=actor,
        subject=leave,
        changes={"since": [None, since], "until": [None, until]},
    )
    return leave


def _refuse_asker(posting: Posting, actor: Actor) -> tuple[Refusal, ...]:
    """One asks for oneself; the town writes down what came on paper."""
    if actor.role in rules.TOWN or (
        actor.role in rules.POSTED and actor.scope.person_id == posting.person_id
    ):
        return ()
    return (Refusal(f"{THING}.wrong_role", "请假由本人提出，或由乡镇按书面申请登记"),)


def takes_back(leave: LeaveRequest, actor: Actor) -> bool:
    """One takes back one's own leave; the town only what it has written down itself."""
    own = actor.role in rules.POSTED and actor.scope.person_id == leave.posting.person_id
    return own or (actor.role in rules.TOWN and actor.user_id == leave.asked_by_id)


def _refuse_to_take_back(leave: LeaveRequest, actor: Actor) -> tuple[Refusal, ...]:
    if takes_back(leave, actor):
        return ()
    return (Refusal(f"{THING}.not_yours", "请假由申请的人撤回"),)


# --- deciding -----------------------------------------------------------------------------------


def days_together(leave: LeaveRequest) -> int:
    """How many days it makes with the leave that it follows or precedes."""
    return leave_rules.joined_days(leave.period, queries.taken_by(leave.posting, but=leave))


def reasons_against_deciding(leave: LeaveRequest, act: str, *, actor: Actor) -> tuple[Refusal, ...]:
    hand = hand_of(actor, makers=[leave.asked_by_id], records=[leave.pk])
    return (
        *_refuse_act(leave, act, actor),
        *leave_rules.refuse_to_approve(
            days=days_together(leave),
            role=actor.role,
            most=number_for(leave.posting.village.path, StandardKey.TOWN_LEAVE),
        ),
        *rules.refuse_same_person(frozenset({str(leave.asked_by_id)}), hand, act="审批"),
    )


@transaction.atomic
def approve_leave(leave: LeaveRequest, *, answer: str = "", actor: Actor) -> LeaveRequest:
    """Up to three days by the town, more by the county; whose first day has come is away."""
    posting, leave = _locked(leave)
    refuse(reasons_against_deciding(leave, "approve", actor=actor))
    _decide(leave, "approve", "approved", answer, actor)
    if leave.since <= clock.today() < leave.until and posting.state in AT_WORK:
        move(posting, "leave", "left", actor=actor, on=leave.since)
    return leave


@transaction.atomic
def refuse_leave(leave: LeaveRequest, *, answer: str, actor: Actor) -> LeaveRequest:
    _, leave = _locked(leave)
    refusals = list(reasons_against_deciding(leave, "refuse", actor=actor))
    if not answer.strip():
        refusals.append(Refusal("posting.reason_missing", "不批准须写明意见"))
    refuse(refusals)
    return _decide(leave, "refuse", "refused", answer, actor)


def _decide(leave: LeaveRequest, act: str, event: str, answer: str, actor: Actor) -> LeaveRequest:
    return _step(
        leave, act, event, actor,
        answer=answer.strip(), decided_on=clock.today(),
        decided_by_id=actor.user_id, decided_by_name=actor.name,
    )  # fmt: skip


# --- taking back, coming back -------------------------------------------------------------------


@transaction.atomic
def withdraw_leave(leave: LeaveRequest, *, actor: Actor) -> LeaveRequest:
    """Before it begins; afterwards one comes back and says so."""
    _, leave = _locked(leave)
    refuse(
        (
            *_refuse_act(leave, "withdraw", actor),
            *_refuse_to_take_back(leave, actor),
            *leave_rules.refuse_to_withdraw(
                since=leave.since, today=clock.today(), is_approved=leave.state == "approved"
            ),
        )
    )
    return _step(leave, "withdraw", "withdrawn", actor)


@transaction.atomic
def confirm_return(leave: LeaveRequest, *, back_on: date, actor: Actor) -> LeaveRequest:
    """销假: the village or the town has seen the person again."""
    posting, leave = _locked(leave)
    refuse(
        (
            *_refuse_act(leave, "return", actor),
            *leave_rules.refuse_to_return(back_on=back_on, since=leave.since, today=clock.today()),
        )
    )
    _step(leave, "return", "ended", actor, back_on=back_on, back_by_name=actor.name)
    if posting.state == rules.PostingState.ON_LEAVE:
        move(posting, "return", "returned", actor=actor, on=back_on)
    return leave


def begin_due_leave(*, actor: Actor = PRODUCT) -> int:
    """Whoever's approved leave has begun is away from now; answers how many.

    The worker asks again and again: where nothing is due, nothing is locked.
    """
    due = list(queries.list_begun(clock.today()).filter(posting__state__in=AT_WORK))
    return sum(_begin(leave, actor) for leave in due)


@transaction.atomic
def _begin(leave: LeaveRequest, actor: Actor) -> bool:
    posting, leave = _locked(leave)
    if posting.state not in AT_WORK or leave.state != LeaveState.APPROVED:
        return False
    move(posting, "leave", "left", actor=actor, on=leave.since)
    return True


# --- shared -------------------------------------------------------------------------------------


def _locked(leave: LeaveRequest) -> tuple[Posting, LeaveRequest]:
    posting = locked(leave.posting)
    leave = LeaveRequest.objects.select_for_update(of=("self",)).get(pk=leave.pk)
    leave.posting = posting
    return posting, leave


def _refuse_act(leave: LeaveRequest, act: str, actor: Actor) -> tuple[Refusal, ...]:
    return refuse_act(
        leave_rules.LEAVE_FLOW, state=leave.state, act=act, role=actor.role, thing=THING
    )


def _step(leave: LeaveRequest, act: str, event: str, actor: Actor, **changed: Any) -> LeaveRequest:
    line = find_transition(leave_rules.LEAVE_FLOW, state=leave.state, act=act)
    assert line is not None, act
    before = leave.state
    fields = {"state": line.after, **changed}
    for name, new in fields.items():
        setattr(leave, name, new)
    leave.save(update_fields=list(fields))
    record(
        f"posting.leave.{event}",
        actor=actor,
        subject=leave,
        changes={"state": [before, line.after]},
    )
    return leave
