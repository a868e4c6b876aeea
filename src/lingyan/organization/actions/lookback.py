"""How is an item of the look-back answered, and how is a problem mended (1.8, R-1-32)?"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from lingyan.common import clock
from lingyan.common.flow import find_transition, refuse_act
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.actions.checking import refuse_outside
from lingyan.directory.actions.officers import end_office
from lingyan.directory.models import VillageOfficer
from lingyan.directory.settings import number_for
from lingyan.organization.actions.term_changes import refuse_step
from lingyan.organization.models import LookBackCheck, TermChange
from lingyan.organization.rules import lookback as rules
from lingyan.organization.rules import settings
from lingyan.organization.rules.elections import Recall, refuse_recall
from lingyan.organization.rules.joint_reviews import sitting_act
from lingyan.organization.rules.term_changes import TERM_CHANGE_FLOW, refuse_reason
from lingyan.organization.rules.term_words import ItemResult, MendOutcome, MendState
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.hands import hand_of
from lingyan.platform.audit.record import record
from lingyan.supervision.actions.tasks import Source, raise_task
from lingyan.supervision.rules.words import TaskLevel

THING = "organization.lookback"
CHECK_PAGE = "lookback_check"


def _locked(check: LookBackCheck) -> LookBackCheck:
    """The change first, as everywhere: an item is not answered while it is being archived."""
    TermChange.objects.select_for_update(of=("self",)).get(pk=check.change_id)
    return LookBackCheck.objects.select_related(
        "change__village__parent", "officer__person", "officer__village"
    ).get(pk=check.pk)


@transaction.atomic
def check_item(
    check: LookBackCheck,
    *,
    result: str,
    evidence: str,
    owner: str = "",
    officer: VillageOfficer | None = None,
    actor: Actor,
) -> LookBackCheck:
    """Answer one of the fourteen; a problem gets its day at once."""
    check = _locked(check)
    is_problem = result == ItemResult.PROBLEM
    moved_on = check.state not in (MendState.NONE, MendState.OPEN)
    refuse(
        (
            *refuse_step(check.change, "check", actor),
            *rules.refuse_check(
                check.item, result=result, evidence=evidence, owner=owner,
                names_person=officer is not None,
            ),
            *((Refusal("organization.lookback.mending", "问题已经报整改，不能改结论"),) * moved_on),
        )
    )  # fmt: skip
    before = check.get_result_display()
    today = clock.today()
    check.result, check.evidence = result, evidence.strip()
    check.owner = owner.strip() if is_problem else ""
    check.officer = officer if is_problem and check.item in rules.STRICT else None
    check.checked_on, check.checked_by_name = today, actor.name
    check.state = MendState.OPEN if is_problem else MendState.NONE
    check.due_on = _mend_due(check, today) if is_problem else None
    check.save()
    record(
        f"{THING}.checked", actor=actor, subject=check,
        changes={"result": [before, check.get_result_display()], "due_on": [None, check.due_on]},
    )  # fmt: skip
    if is_problem and check.officer is not None:
        _ask_the_township(check)
    return check


def _mend_due(check: LookBackCheck, today: date) -> date:
    days = number_for(check.change.village.path, settings.MEND, today)
    return rules.mend_due(check.item, found_on=today, mend_days=days)


def _ask_the_township(check: LookBackCheck) -> None:
    """R-1-32: acted on within thirty days; how, hangs on the post."""
    assert check.officer is not None
    assert check.due_on is not None
    office = check.officer
    by_party = sitting_act(office.post).endswith("party")
    how = "由任免机关免去党内职务" if by_party else "劝其辞职或由村民依法罢免"
    raise_task(
        what=f"{check.get_item_display()}：{office.person}（{office.get_post_display()}），{how}，"
        "或报批准不追究",
        place=check.change.village,
        level=TaskLevel.TOWN,
        due_on=check.due_on,
        source=Source.of(check, CHECK_PAGE),
        rule="R-1-32",
        is_evidence_required=True,
    )


def _refuse_mend_step(check: LookBackCheck, act: str, actor: Actor) -> tuple[Refusal, ...]:
    return refuse_outside(actor, check.change.village.path) or refuse_act(
        rules.MEND_FLOW, state=check.state or "none", act=act, role=actor.role, thing=THING
    )


def reasons_against(check: LookBackCheck, act: str, *, actor: Actor) -> tuple[Refusal, ...]:
    """Whether a step is open to this person at all, before anything is typed."""
    if act == "check":
        return refuse_act(
            TERM_CHANGE_FLOW, state=check.change.state, act=act, role=actor.role, thing=THING
        )
    refusals = _refuse_mend_step(check, act, actor)
    if act == "verify" and not refusals:
        return rules.refuse_to_verify(mended_by=check.mended_by, hand=_hand(check, actor))
    return refusals


def _hand(check: LookBackCheck, actor: Actor) -> str:
    return hand_of(actor, makers=[check.mended_by], records=[check.pk])


def _move(
    check: LookBackCheck, act: str, event: str, *, actor: Actor, **changed: Any
) -> LookBackCheck:
    line = find_transition(rules.MEND_FLOW, state=check.state, act=act)
    assert line is not None, act
    before = check.get_state_display()
    for name, new in (changed | {"state": line.after}).items():
        setattr(check, name, new)
    check.save(update_fields=["state", *changed])
    record(
        f"{THING}.{event}", actor=actor, subject=check,
        changes={"state": [before, check.get_state_display()]},
        reason=changed.get("remark", "") or changed.get("mend_text", ""),
    )  # fmt: skip
    return check


@transaction.atomic
def mend(
    check: LookBackCheck,
    *,
    outcome: str,
    text: str,
    mended_on: date,
    document_number: str = "",
    recall: Recall | None = None,
    actor: Actor,
) -> LookBackCheck:
    """Report how a problem was put right; a post that is lost by it ends when that is verified."""
    check = _locked(check)
    post = check.officer.post if check.officer else ""
    refuse(
        _refuse_mend_step(check, "mend", actor)
        or (
            *rules.refuse_to_mend(
                check.item, outcome=outcome, text=text, post=post, on=mended_on,
                found_on=check.checked_on or mended_on, today=clock.today(),
            ),
            *rules.refuse_without_number(outcome, document_number),
            *_refuse_recall(outcome, recall),
        )
    )  # fmt: skip
    return _move(
        check, "mend", "mended", actor=actor, outcome=outcome, mend_text=text.strip(),
        mended_on=mended_on, mended_by=str(actor.user_id or ""),
        document_number=document_number.strip(),
    )  # fmt: skip


def _refuse_recall(outcome: str, recall: Recall | None) -> tuple[Refusal, ...]:
    if outcome != MendOutcome.RECALLED:
        return ()
    if recall is None:
        return (Refusal("organization.recall.numbers", "罢免的，请填写提出人数和投票情况"),)
    return refuse_recall(recall)


@transaction.atomic
def exempt(check: LookBackCheck, *, text: str, document_number: str, actor: Actor) -> LookBackCheck:
    """部务会成员: nothing follows, for a reason and by a document."""
    check = _locked(check)
    refuse(
        _refuse_mend_step(check, "exempt", actor)
        or rules.refuse_mend_exemption(check.item, reason=text, document_number=document_number)
    )
    return _move(
        check, "exempt", "exempted", actor=actor, remark=text.strip(),
        document_number=document_number.strip(), closed_on=clock.today(),
    )  # fmt: skip


@transaction.atomic
def verify(check: LookBackCheck, *, text: str = "", actor: Actor) -> LookBackCheck:
    check = _locked(check)
    refuse(
        _refuse_mend_step(check, "verify", actor)
        or rules.refuse_to_verify(mended_by=check.mended_by, hand=_hand(check, actor))
    )
    office = check.officer
    if check.outcome in rules.END_OF and office is not None and office.until is None:
        assert check.mended_on is not None
        reason = rules.END_OF[MendOutcome(check.outcome)]
        end_office(office, actor=actor, until=check.mended_on, reason=reason)
    return _move(
        check, "verify", "closed", actor=actor, remark=text.strip(), closed_on=clock.today()
    )


@transaction.atomic
def send_back(check: LookBackCheck, *, text: str, actor: Actor) -> LookBackCheck:
    check = _locked(check)
    refuse((*_refuse_mend_step(check, "return", actor), *refuse_reason(text)))
    return _move(check, "return", "returned", actor=actor, remark=text.strip())
