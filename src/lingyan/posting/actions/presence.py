"""How does the village confirm a month, and how is absence found, answered and settled?"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from lingyan.common import clock
from lingyan.common.flow import refuse_act
from lingyan.common.periods import ONE_DAY, month_of
from lingyan.common.refusals import Refusal, refuse
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.hands import hand_of
from lingyan.platform.audit.record import record
from lingyan.posting import rules
from lingyan.posting.actions.life import locked
from lingyan.posting.models import Absence, MonthPresence, Posting
from lingyan.posting.queries import leave as leave_queries
from lingyan.posting.queries import presence as queries
from lingyan.posting.rules import IN_POST
from lingyan.posting.rules import presence as presence_rules
from lingyan.posting.rules.life_words import AbsenceState

MONTH = "posting.month"
ABSENCE = "posting.absence"


@transaction.atomic
def confirm_month(
    posting: Posting, *, month: date, days: int, text: str, actor: Actor
) -> MonthPresence:
    """The village says how many days of the month somebody was there (R-2-21)."""
    posting = locked(posting)
    period = month_of(month)
    figures = queries.figures_of([posting.pk], month)[posting.pk]
    facts = presence_rules.ConfirmFacts(
        month=period,
        today=clock.today(),
        days_by_facts=figures.count,
        days=days,
        text=text,
        arrived_on=posting.came_on,
        ended_on=posting.until,
        is_confirmed=queries.find_month(posting, month) is not None,
    )
    refusals = list(presence_rules.refuse_to_confirm(facts))
    if actor.role not in presence_rules.CONFIRMERS:
        refusals.insert(0, Refusal(f"{MONTH}.wrong_role", "在村天数由村党组织确认"))
    refuse(refusals)
    confirmed = MonthPresence.objects.create(
        posting=posting,
        month=period.since,
        days_by_facts=figures.count,
        days=days,
        leave_days=len(figures.leave_days),
        text=text.strip(),
        confirmed_by_id=actor.user_id,
        confirmed_by_name=actor.name,
        confirmed_at=clock.now(),
    )
    record(
        "posting.month.confirmed",
        actor=actor,
        subject=confirmed,
        changes={"days": [figures.count, days]},
        reason=confirmed.text,
    )
    return confirmed


@transaction.atomic
def find_absence(posting: Posting, *, on: date, text: str, actor: Actor) -> Absence:
    """Take down that somebody was not there; whether it counts is decided by another person."""
    posting = locked(posting)
    facts = presence_rules.AbsenceFacts(
        on=on,
        today=clock.today(),
        text=text,
        is_at_work=posting.state in IN_POST and posting.until is None,
        arrived_on=posting.came_on,
        is_on_leave=bool(leave_queries.away_between([posting.pk], on, on + ONE_DAY)),
        has_facts=bool(queries.facts_on(posting, on)),
        is_found=on in queries.days_of_absence(posting),
    )
    refusals = list(presence_rules.refuse_to_find(facts))
    if actor.role not in presence_rules.FINDERS:
        refusals.insert(0, Refusal(f"{ABSENCE}.wrong_role", "您的角色不能登记脱岗"))
    refuse(refusals)
    absence = Absence.objects.create(
        posting=posting,
        on=on,
        text=text.strip(),
        found_by_id=actor.user_id,
        found_by_name=actor.name,
        found_at=clock.now(),
    )
    record("posting.absence.found", actor=actor, subject=absence, changes={"on": [None, on]})
    return absence


@transaction.atomic
def state_absence(absence: Absence, *, statement: str, actor: Actor) -> Absence:
    """The person says how it was; the town may write down what was said."""
    absence = _locked(absence)
    refuse(_refuse_statement(absence, statement, actor))
    absence.statement, absence.stated_on = statement.strip(), clock.today()
    absence.save(update_fields=["statement", "stated_on"])
    record("posting.absence.stated", actor=actor, subject=absence)
    return absence


def _refuse_statement(absence: Absence, statement: str, actor: Actor) -> list[Refusal]:
    refusals = []
    own = actor.role in rules.POSTED and actor.scope.person_id == absence.posting.person_id
    if not own and actor.role not in rules.TOWN:
        refusals.append(Refusal(f"{ABSENCE}.wrong_role", "由本人说明，或由乡镇代为记录"))
    if absence.state != AbsenceState.FOUND:
        refusals.append(Refusal("posting.absence_settled", "这一条已经认定过"))
    if not statement.strip():
        refusals.append(Refusal("posting.absence_statement_missing", "请写明当天的情况"))
    return refusals


def reasons_against_settling(
    absence: Absence, act: str, *, text: str, actor: Actor
) -> tuple[Refusal, ...]:
    return (
        *refuse_act(
            presence_rules.ABSENCE_FLOW,
            state=absence.state, act=act, role=actor.role, thing=ABSENCE,
        ),
        *presence_rules.refuse_to_settle_absence(
            act=act,
            text=text,
            has_statement=bool(absence.statement),
            finder=str(absence.found_by_id),
            actor=hand_of(actor, makers=[absence.found_by_id], records=[absence.pk]),
        ),
    )  # fmt: skip


@transaction.atomic
def settle_absence(absence: Absence, *, upholds: bool, answer: str, actor: Actor) -> Absence:
    """认定 or 不认定, by somebody else than who found it (R-0-20)."""
    absence = _locked(absence)
    act = "uphold" if upholds else "drop"
    refuse(reasons_against_settling(absence, act, text=answer, actor=actor))
    before = absence.state
    absence.state = AbsenceState.UPHELD if upholds else AbsenceState.DROPPED
    absence.answer, absence.decided_on = answer.strip(), clock.today()
    absence.decided_by_id, absence.decided_by_name = actor.user_id, actor.name
    absence.save(
        update_fields=["state", "answer", "decided_on", "decided_by_id", "decided_by_name"]
    )
    record(
        "posting.absence.settled",
        actor=actor,
        subject=absence,
        changes={"state": [before, absence.state]},
    )
    return absence


def _locked(absence: Absence) -> Absence:
    posting = locked(absence.posting)
    absence = Absence.objects.select_for_update(of=("self",)).get(pk=absence.pk)
    absence.posting = posting
    return absence
