"""How does a posting move from appointment to its end, one step of the table at a time?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import models, transaction

from lingyan.common import clock
from lingyan.common.flow import find_transition, refuse_act
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.actions.accounts import end_roles_of_person, move_roles
from lingyan.directory.models import Person, Place
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.hands import hand_of
from lingyan.platform.audit.record import Trace, record, record_many
from lingyan.posting import rules
from lingyan.posting.actions.insurance import Policy, add_policy
from lingyan.posting.facts_of_neighbours import villages_bound
from lingyan.posting.matching.recusals import recusal_failures
from lingyan.posting.models import Posting, PostingStep
from lingyan.posting.queries import life as queries
from lingyan.posting.queries.standards import number_for
from lingyan.posting.queries.support import insured_without_gap, owes_exam
from lingyan.posting.rules import life as life_rules
from lingyan.posting.rules.life_words import StepState
from lingyan.posting.rules.support_words import StandardKey
from lingyan.supervision.actions.overrides import override_gate
from lingyan.supervision.facts import let_through

THING = "posting.posting"


# --- shared by every step -----------------------------------------------------------------------


def locked(posting: Posting) -> Posting:
    """The posting as it is now, held until the end of the transaction."""
    return (
        Posting.objects.select_for_update(of=("self",))
        .select_related("village", "person", "unit")
        .get(pk=posting.pk)
    )


def refuse_step(posting: Posting, act: str, actor: Actor) -> tuple[Refusal, ...]:
    """Is the act open in this state, and to this role?"""
    return refuse_act(
        rules.POSTING_FLOW, state=posting.state, act=act, role=actor.role, thing=THING
    )


def is_bound(posting: Posting) -> bool:
    """G-1: nobody may be withdrawn from this village now."""
    return posting.village_id in villages_bound([posting.village_id])


def _leave_bound_village(
    posting: Posting, act: str, *, reason: str, document: str, actor: Actor
) -> None:
    """Who has to go at once may go out of a bound village; the month's report tells of it (G-1)."""
    bound = is_bound(posting)
    if bound:
        override_gate(
            "G-1", posting, title=str(posting), place=posting.village, reason=reason,
            document=document, actor=actor,
        )  # fmt: skip
    opened = let_through(posting.pk, clock.today())
    refuse(life_rules.refuse_bound(act, bound=bound, let_through=opened))


def move(
    posting: Posting,
    act: str,
    event: str,
    *,
    actor: Actor,
    reason: str = "",
    on: date | None = None,
    **changed: Any,
) -> Posting:
    """Save the new state with what the act settles, and leave the trace."""
    step = find_transition(rules.POSTING_FLOW, state=posting.state, act=act)
    assert step is not None, act
    fields = {"state": step.after, "state_since": on or clock.today(), **changed}
    changes = {name: [str(getattr(posting, name) or ""), str(new)] for name, new in fields.items()}
    for name, new in fields.items():
        setattr(posting, name, new)
    posting.save(update_fields=list(fields))
    record(f"posting.posting.{event}", actor=actor, subject=posting, changes=changes, reason=reason)
    if life_rules.ends_access(act):
        _end_access(posting, act, actor)
    return posting


def _end_access(posting: Posting, act: str, actor: Actor) -> int:
    """Whoever is posted no more keeps no access to the village: the role ends today (G-28)."""
    label = next(line.label for line in rules.POSTING_FLOW if line.act == act)
    return end_roles_of_person(
        posting.person, roles=rules.POSTED, place=posting.village,
        close=act in life_rules.CLOSES_ACCOUNT, actor=actor, reason=f"派驻结束：{label}",
    )  # fmt: skip


def _write_down(posting: Posting, act: str, *, actor: Actor, **said: Any) -> PostingStep:
    """What was said with a step, beside its trace: shown on the posting's page."""
    return PostingStep.objects.create(
        posting=posting,
        act=act,
        **{"happened_on": clock.today(), **said},
        made_by_id=actor.user_id,
        made_by_name=actor.name,
        made_at=clock.now(),
    )


# --- coming -------------------------------------------------------------------------------------


@transaction.atomic
def train_posting(posting: Posting, *, training_hours: int, on: date, actor: Actor) -> Posting:
    """岗前培训 of 16 hours, or what the county asks, is done."""
    posting = locked(posting)
    refuse(
        (
            *refuse_step(posting, "train", actor),
            *life_rules.refuse_to_train(
                hours=training_hours,
                on=on,
                today=clock.today(),
                least=number_for(posting.village.path, StandardKey.PRETRAIN_HOURS),
            ),
        )
    )
    _write_down(posting, "train", actor=actor, happened_on=on, training_hours=training_hours)
    return move(posting, "train", "trained", actor=actor, on=on, training_hours=training_hours)


@transaction.atomic
def confirm_arrival(
    posting: Posting,
    *,
    on: date,
    party_relation_on: date | None,
    policy: Policy | None = None,
    actor: Actor,
) -> Posting:
    """The town has seen the person arrive; insurance and Party relation are in order.

    A policy that nobody has entered yet comes with the arrival.
    """
    posting = locked(posting)
    refuse(refuse_step(posting, "arrive", actor))
    if policy is not None:
        add_policy(posting, policy, actor=actor)
    facts = life_rules.ArrivalFacts(
        on=on,
        today=clock.today(),
        since=posting.since,
        party_relation_on=party_relation_on,
        is_insured=insured_without_gap(posting),
        is_exam_overdue=owes_exam(posting),
        let_through=let_through(posting.pk, clock.today()),
    )
    refuse(life_rules.refuse_to_arrive(facts))
    _write_down(posting, "arrive", actor=actor, happened_on=on)
    return move(
        posting, "arrive", "arrived", actor=actor, on=on,
        arrived_on=on, party_relation_on=party_relation_on,
    )  # fmt: skip


# --- being kept from work, and going on ---------------------------------------------------------


@transaction.atomic
def suspend_posting(
    posting: Posting, *, text: str, substitute: Person | None, actor: Actor
) -> Posting:
    """暂停履职: somebody else does the work for the time being."""
    posting = locked(posting)
    refuse(
        (
            *refuse_step(posting, "suspend", actor),
            *life_rules.refuse_to_suspend(
                text=text,
                has_substitute=substitute is not None,
                is_self=substitute is not None and substitute.pk == posting.person_id,
            ),
        )
    )
    _write_down(posting, "suspend", actor=actor, text=text.strip(), substitute=substitute)
    return move(posting, "suspend", "suspended", actor=actor)


GOING_ON = {
    "resume": ("resumed", "恢复履职"),
    "continue": ("continued", "延期已到位"),
    "appraise_term": ("term_appraised", "期满考察"),
}


@transaction.atomic
def resume_posting(posting: Posting, *, text: str, actor: Actor) -> Posting:
    """恢复履职 after a suspension."""
    return _go_on(posting, "resume", text, actor)


@transaction.atomic
def continue_posting(posting: Posting, *, text: str, actor: Actor) -> Posting:
    """Everybody knows of the extension: the person is at work as before."""
    return _go_on(posting, "continue", text, actor)


@transaction.atomic
def appraise_term(posting: Posting, *, text: str, actor: Actor) -> Posting:
    """期满考察, from 60 days before the end of the term."""
    return _go_on(posting, "appraise_term", text, actor)


def _go_on(posting: Posting, act: str, text: str, actor: Actor) -> Posting:
    event, label = GOING_ON[act]
    posting = locked(posting)
    refuse(
        (
            *reasons_against(posting, act, actor=actor),
            *life_rules.refuse_without_text(text, label),
        )
    )
    _write_down(posting, act, actor=actor, text=text.strip())
    return move(posting, act, event, actor=actor)


def reasons_against(posting: Posting, act: str, *, actor: Actor) -> tuple[Refusal, ...]:
    """What stands in the way of a step before anything is said about it; for its page too."""
    refusals = list(refuse_step(posting, act, actor))
    if act == "appraise_term":
        refusals += life_rules.refuse_to_appraise_term(
            planned_until=posting.planned_until, today=clock.today()
        )
    return tuple(refusals)


@transaction.atomic
def cease_posting(posting: Posting, *, text: str, document_number: str, actor: Actor) -> Posting:
    """终止: at once, whatever else is under way; a successor follows within 15 working days."""
    posting = locked(posting)
    refuse(
        (
            *refuse_step(posting, "cease", actor),
            *life_rules.refuse_to_cease(text=text, document_number=document_number),
        )
    )
    _leave_bound_village(posting, "cease", reason=text, document=document_number, actor=actor)
    _write_down(
        posting, "cease", actor=actor, text=text.strip(), document_number=document_number.strip()
    )
    return move(posting, "cease", "ceased", actor=actor, until=clock.today())


# --- extension and transfer: one proposes, another decides (R-0-20) -----------------------------


@transaction.atomic
def propose_step(
    posting: Posting,
    *,
    act: str,
    text: str,
    planned_until: date | None = None,
    village: Place | None = None,
    document_number: str = "",
    actor: Actor,
) -> PostingStep:
    """Put an extension or a transfer before the county's leader."""
    posting = locked(posting)
    refuse(reasons_against_proposing(
        posting, act=act, text=text, planned_until=planned_until, village=village,
        document_number=document_number, actor=actor,
    ))  # fmt: skip
    step = _write_down(
        posting, act, actor=actor, state=StepState.PROPOSED, text=text.strip(),
        planned_until=planned_until, village=village, document_number=document_number.strip(),
    )  # fmt: skip
    record(
        "posting.step.proposed",
        actor=actor,
        subject=step,
        changes={"act": [None, act], "planned_until": [None, planned_until]},
    )
    return step


def reasons_against_proposing(
    posting: Posting,
    *,
    act: str,
    text: str,
    planned_until: date | None,
    village: Place | None,
    document_number: str,
    actor: Actor,
) -> tuple[Refusal, ...]:
    facts = life_rules.ProposalFacts(
        act=act,
        text=text,
        planned_until=posting.planned_until,
        new_until=planned_until,
        same_village=village is not None and village.pk == posting.village_id,
        has_village=village is not None,
        document_number=document_number,
        village_bound=is_bound(posting),
        proposal_open=queries.find_proposal(posting) is not None,
    )
    return (*_refuse_proposer(posting, act, actor), *life_rules.refuse_to_propose(facts))


def _refuse_proposer(posting: Posting, act: str, actor: Actor) -> tuple[Refusal, ...]:
    """The state as the table has it; who proposes is the staff, who decides the leader."""
    if actor.role not in life_rules.PROPOSERS:
        return (Refusal(f"{THING}.wrong_role", "延期、调整由县委组织部工作人员提出"),)
    return refuse_act(
        rules.POSTING_FLOW, state=posting.state, act=act, role=rules.LEADER[0], thing=THING
    )


def reasons_before_proposing(posting: Posting, act: str, *, actor: Actor) -> tuple[Refusal, ...]:
    """What stands in the way before anything is said about it, for the page of the proposal."""
    refusals = list(_refuse_proposer(posting, act, actor))
    if queries.find_proposal(posting) is not None:
        refusals.append(life_rules.PROPOSAL_OPEN)
    if act == "transfer":
        refusals += life_rules.refuse_bound("transfer", bound=is_bound(posting))
    return tuple(refusals)


@transaction.atomic
def decide_step(step: PostingStep, *, agrees: bool, answer: str, actor: Actor) -> PostingStep:
    """The leader says yes or no to what somebody else has proposed."""
    posting = locked(step.posting)
    step = PostingStep.objects.select_for_update(of=("self",)).get(pk=step.pk)
    step.posting = posting
    refuse(reasons_against_deciding(step, actor=actor))
    if agrees:
        refuse(_reasons_against_doing(step))
    else:
        refuse(life_rules.refuse_without_text(answer, "不同意"))
    before, step.state = step.state, StepState.DONE if agrees else StepState.REFUSED
    step.answer, step.decided_on = answer.strip(), clock.today()
    step.decided_by_id, step.decided_by_name = actor.user_id, actor.name
    step.save(update_fields=["state", "answer", "decided_on", "decided_by_id", "decided_by_name"])
    record(
        "posting.step.decided", actor=actor, subject=step, changes={"state": [before, step.state]}
    )
    if agrees:
        _carry_out(step, actor)
    return step


def reasons_against_deciding(step: PostingStep, *, actor: Actor) -> tuple[Refusal, ...]:
    if step.state != StepState.PROPOSED:
        return (Refusal("posting.step_decided", "这一项已经决定过"),)
    hand = hand_of(actor, makers=[step.made_by_id], records=[step.pk, step.posting_id])
    return (
        *refuse_step(step.posting, step.act, actor),
        *rules.refuse_same_person(frozenset({str(step.made_by_id)}), hand, act="决定"),
    )


def _reasons_against_doing(step: PostingStep) -> tuple[Refusal, ...]:
    """What may have changed since it was proposed."""
    if step.act != "transfer":
        return ()
    assert step.village is not None
    taken = queries.find_first_secretary(step.village)
    refusals = list(life_rules.refuse_bound("transfer", bound=is_bound(step.posting)))
    if step.posting.kind == rules.PostingKind.FIRST_SECRETARY and taken:
        refusals.append(
            Refusal("posting.village_has_first_secretary", f"{step.village}已有第一书记")
        )
    return (*refusals, *_refuse_recusal(step.posting, step.village))


def _refuse_recusal(posting: Posting, village: Place) -> tuple[Refusal, ...]:
    """Own village, relatives in office there, recalled from there (R-2-13, R-2-14, G-30)."""
    first = posting.kind == rules.PostingKind.FIRST_SECRETARY
    role = rules.Role.FIRST_SECRETARY if first else rules.Role.MEMBER
    failed = recusal_failures(posting.person, village, role=role, on=clock.today())
    if not failed:
        return ()
    texts = "；".join(failed)
    return (Refusal("posting.recusal", f"{posting.person}不能调往{village}：{texts}"),)


def _carry_out(step: PostingStep, actor: Actor) -> None:
    if step.act == "extend":
        assert step.planned_until is not None
        move(
            step.posting, "extend", "extended", actor=actor, reason=step.text,
            planned_until=step.planned_until,
        )  # fmt: skip
        return
    _transfer(step, actor)


def _transfer(step: PostingStep, actor: Actor) -> Posting:
    """The old posting ends today; the new one begins, trained, and waits for the arrival."""
    old, today = step.posting, clock.today()
    assert step.village is not None
    move(old, "transfer", "transferred", actor=actor, reason=step.text, until=today)
    new = Posting.objects.create(
        person=old.person,
        village=step.village,
        unit=old.unit,
        kind=old.kind,
        origin=rules.PostingOrigin.TRANSFER,
        state=rules.PostingState.TRAINED,
        state_since=today,
        training_hours=old.training_hours,
        document_number=step.document_number,
        since=today,
        planned_until=max(old.planned_until, today + timedelta(days=1)),
        created_at=clock.now(),
    )
    record_many([trace_of_new(new)], actor=actor)
    move_roles(old.person, roles=rules.POSTED, before=old.village, after=new.village)
    return new


def trace_of_new(posting: Posting, **more: list[str | None]) -> Trace:
    """A posting begins, by a round, a transfer or as a replacement."""
    changes = {
        "state": [None, posting.state],
        "village": [None, str(posting.village)],
        "document_number": [None, posting.document_number],
    }
    return Trace("posting.posting.created", posting, changes | more)


# --- for the recall cases -----------------------------------------------------------------------


@transaction.atomic
def begin_recall(posting: Posting, *, actor: Actor, case: models.Model) -> Posting:
    """The case was proposed: the posting waits for the decision (2.10). `case` names its record."""
    posting = locked(posting)
    refuse(refuse_step(posting, "propose_recall", actor))
    return move(posting, "propose_recall", "recall_begun", actor=actor, reason=str(case))


@transaction.atomic
def end_by_recall(
    posting: Posting, *, actor: Actor, case: models.Model, document_number: str = ""
) -> Posting:
    """The recall was decided: the posting ends today, also in a bound village (G-1)."""
    posting = locked(posting)
    refuse(refuse_step(posting, "recall", actor))
    _leave_bound_village(
        posting, "recall", reason="决定召回", document=document_number, actor=actor
    )
    return move(posting, "recall", "recalled", actor=actor, reason=str(case), until=clock.today())


@transaction.atomic
def drop_recall(posting: Posting, *, actor: Actor, case: models.Model) -> Posting:
    """The case ended without a recall: the person goes on working."""
    posting = locked(posting)
    refuse(refuse_step(posting, "drop_recall", actor))
    return move(posting, "drop_recall", "recall_dropped", actor=actor, reason=str(case))
