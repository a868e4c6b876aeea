"""How is a place that was left early filled: named, proposed, decided, announced, issued?"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from lingyan.common import clock
from lingyan.common.flow import find_transition, refuse_act
from lingyan.common.periods import WorkingCalendar, add_months
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.models import Person
from lingyan.directory.queries import calendar_overrides
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.hands import hand_of
from lingyan.platform.audit.record import record, record_many
from lingyan.posting import rules
from lingyan.posting.actions import recall
from lingyan.posting.actions.life import locked as locked_posting
from lingyan.posting.actions.life import trace_of_new
from lingyan.posting.actions.postings import select_from_pool
from lingyan.posting.matching import replacements as matching
from lingyan.posting.models import Posting, Replacement, ReplacementNominee, Round
from lingyan.posting.queries import life as life_queries
from lingyan.posting.queries import recall as queries
from lingyan.posting.queries import standards
from lingyan.posting.rules import replacements as replacement_rules
from lingyan.posting.rules.recall_words import ReplacementState

THING = "posting.replacement"
PLACEHOLDER = "待填"
FLOW = replacement_rules.REPLACEMENT_FLOW


# --- the unit names somebody ----------------------------------------------------------------------


def reasons_against_nominating(
    posting: Posting, person: Person | None, *, actor: Actor
) -> tuple[Refusal, ...]:
    """Without a person at hand: may this account name anybody at all?"""
    if actor.role not in replacement_rules.NOMINATORS:
        return (Refusal(f"{THING}.wrong_role", "接任人选由派出单位推荐"),)
    own = posting.unit_id in actor.scope.unit_ids
    entry = getattr(person, "pool_entry", None)
    return replacement_rules.refuse_to_nominate(
        is_own_unit=own and (person is None or person.unit_id in actor.scope.unit_ids),
        in_pool=person is None or (entry is not None and entry.state == rules.PoolState.IN_POOL),
        is_vacant=queries.is_vacant(posting),
        is_twice=person is not None and person.pk in queries.ids_of_nominees(posting),
    )


@transaction.atomic
def nominate(
    posting: Posting, person: Person | None, *, text: str, actor: Actor
) -> ReplacementNominee:
    """派出单位推荐: the unit whose person left names another of its own."""
    posting = locked_posting(posting)
    if person is None:
        refuse((Refusal(f"{THING}.no_candidate", "请从列出的人选里选一名"),))
    assert person is not None
    refuse(reasons_against_nominating(posting, person, actor=actor))
    nominee = ReplacementNominee.objects.create(
        posting=posting,
        person=person,
        text=text.strip(),
        made_by_name=actor.name,
        made_at=clock.now(),
    )
    record(
        "posting.nominee.named",
        actor=actor,
        subject=nominee,
        changes={"person": [None, str(person)]},
    )
    return nominee


# --- the county proposes --------------------------------------------------------------------------


def reasons_against_opening(
    posting: Posting, round: Round | None, *, actor: Actor
) -> tuple[Refusal, ...]:
    """May a repair be opened for this place, by this account?"""
    facts = replacement_rules.ReplacementFacts(
        today=clock.today(),
        is_vacant=queries.is_vacant(posting),
        has_round=round is not None,
        is_going_on=queries.is_going_on(posting),
    )
    return (
        *refuse_act(FLOW, state="", act="propose", role=actor.role, thing=THING),
        *replacement_rules.refuse_to_open(facts),
    )


@transaction.atomic
def propose(posting: Posting, *, number: str, text: str, actor: Actor) -> Replacement:
    """Put one of the repair's people before the leader; the repair is kept with its proof."""
    posting = locked_posting(posting)
    today, round = clock.today(), queries.find_round(posting)
    refuse(reasons_against_opening(posting, round, actor=actor))
    assert round is not None
    repair = matching.repair_of(posting, round, as_of=today)
    option = repair.find(number) if repair else None
    facts = replacement_rules.ReplacementFacts(
        today=today,
        text=text,
        is_candidate=option is not None,
        is_first=option is not None and option.is_first,
        is_taken=option is not None and queries.is_taken(option.person),
        is_full=_is_full(posting),
        person=str(option.person) if option else "",
    )
    refuse(replacement_rules.refuse_replacement_step("propose", facts))
    assert repair is not None
    assert option is not None
    plan = matching.keep_repair(repair, round, actor=actor)
    found = Replacement.objects.create(
        posting=posting,
        person=option.person,
        plan=plan,
        fit=option.fit,
        is_first=option.is_first,
        text=text.strip(),
        proposed_by_id=actor.user_id,
        proposed_by_name=actor.name,
        proposed_on=today,
    )
    record(
        f"{THING}.proposed",
        actor=actor,
        subject=found,
        changes={"person": [None, str(option.person)], "fit": [None, option.fit]},
    )
    return found


def _is_full(posting: Posting) -> bool:
    """The village has a first secretary again, by whatever way."""
    if posting.kind != rules.PostingKind.FIRST_SECRETARY:
        return False
    return life_queries.find_first_secretary(posting.village) is not None


# --- decided, announced, issued -------------------------------------------------------------------


def locked(found: Replacement) -> Replacement:
    """As it is now, held until the end: of two who press at once the second waits."""
    row = Replacement.objects.select_for_update(of=("self",)).select_related("person__unit")
    now = row.defer("plan__snapshot", "plan__result").get(pk=found.pk)
    now.posting = locked_posting(now.posting)
    return now


def reasons_against(
    found: Replacement,
    act: str,
    *,
    actor: Actor,
    text: str = PLACEHOLDER,
    document_number: str = PLACEHOLDER,
    starts_on: date | None = None,
) -> tuple[Refusal, ...]:
    """What stands in the way of a step; the hard rules are asked by the registers of today."""
    posting = found.posting
    makers = frozenset({str(found.proposed_by_id)})
    facts = replacement_rules.ReplacementFacts(
        today=clock.today(),
        text=text,
        failures=_failures(found) if act in ASKS_THE_RULES else (),
        is_vacant=queries.is_vacant(posting),
        is_full=_is_full(posting),
        person=str(found.person),
        notice_ends_on=found.notice_ends_on,
        document_number=document_number,
        starts_on=starts_on,
        hand=hand_of(actor, makers=makers, records=[found.pk]),
        makers=makers,
    )
    return (
        *refuse_act(FLOW, state=found.state, act=act, role=actor.role, thing=THING),
        *replacement_rules.refuse_replacement_step(act, facts),
    )


ASKS_THE_RULES = ("approve", "announce", "issue")


def _failures(found: Replacement) -> tuple[str, ...]:
    round = queries.find_round(found.posting)
    assert round is not None, "it was proposed out of a round"
    return matching.failures_now(found.posting, round, found.person, as_of=clock.today())


@transaction.atomic
def decide(found: Replacement, *, agrees: bool, answer: str, actor: Actor) -> Replacement:
    """The leader says yes or no to what somebody else has proposed."""
    act = "approve" if agrees else "refuse"
    found = locked(found)
    refuse(reasons_against(found, act, actor=actor, text=answer))
    return _move(
        found, act, actor, answer=answer.strip(), decided_by_name=actor.name,
        decided_on=clock.today(),
    )  # fmt: skip


@transaction.atomic
def announce(found: Replacement, *, actor: Actor) -> Replacement:
    """公示 5 个工作日, as every selection (R-2-20)."""
    found = locked(found)
    refuse(reasons_against(found, "announce", actor=actor))
    end = notice_end(found.posting)
    return _move(
        found, "announce", actor, announced_on=clock.today(), notice_ends_on=end.on,
        notice_is_provisional=end.provisional,
    )  # fmt: skip


def notice_end(posting: Posting) -> Any:
    days = standards.notice_days(posting.village.path)
    return WorkingCalendar(calendar_overrides()).notice_end(clock.today(), days)


@transaction.atomic
def stop(found: Replacement, *, text: str, actor: Actor) -> Replacement:
    """Something was said against it, or somebody else is to come."""
    found = locked(found)
    refuse(reasons_against(found, "stop", actor=actor, text=text))
    return _move(found, "stop", actor, answer=text.strip())


@transaction.atomic
def issue(found: Replacement, *, document_number: str, starts_on: date, actor: Actor) -> Posting:
    """发文补派: the new posting refers to the old one; the case that waited has its successor."""
    found = locked(found)
    refuse(
        reasons_against(
            found, "issue", actor=actor, document_number=document_number, starts_on=starts_on
        )
    )
    old, round = found.posting, queries.find_round(found.posting)
    assert round is not None
    new = Posting.objects.create(
        person=found.person,
        village=old.village,
        unit=found.person.unit,
        round=round,
        kind=old.kind,
        origin=rules.PostingOrigin.REPLACE,
        state_since=clock.today(),
        document_number=document_number.strip(),
        since=starts_on,
        planned_until=add_months(starts_on, round.term_months),
        predecessor=old,
        created_at=clock.now(),
    )
    begun = trace_of_new(new, predecessor=[None, str(old.person)])
    record_many([begun, *select_from_pool([new])], actor=actor)
    _move(found, "issue", actor, made=new)
    recall.note_filled(old, actor=actor)
    return new


def _move(found: Replacement, act: str, actor: Actor, **changed: Any) -> Replacement:
    line = find_transition(FLOW, state=found.state, act=act)
    assert line is not None, act
    before, after = found.state, ReplacementState(line.after)
    for name, value in {"state": after.value, **changed}.items():
        setattr(found, name, value)
    found.save(update_fields=["state", *changed])
    record(
        f"{THING}.{after.value}",
        actor=actor,
        subject=found,
        changes={"state": [before, after.value]},
    )
    return found
