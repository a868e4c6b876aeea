"""How are standards set, funds given and spent, lists made and paid, examinations noted?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from lingyan.common import clock
from lingyan.common.flow import find_transition, refuse_act
from lingyan.common.money import NOTHING
from lingyan.common.periods import month_of
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.actions.settings import set_setting
from lingyan.directory.models import CountySetting, Place
from lingyan.directory.rules.hands import STAFF, refuse_same_person
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.hands import hand_of
from lingyan.platform.audit.record import Subject, Trace, record, record_many
from lingyan.posting.models import (
    PaymentCorrection,
    PaymentLine,
    PaymentList,
    Posting,
    SupportRecord,
    WorkFundBudget,
    WorkFundEntry,
)
from lingyan.posting.queries import support as queries
from lingyan.posting.rules import support as rules
from lingyan.posting.rules.support_words import PaymentState, StandardKey, SupportItem

PAYMENT = "posting.payment"


NOT_THE_GIVER = Refusal("posting.work_fund.wrong_role", "工作经费由县委组织部下达")
NOT_THE_KEEPER = Refusal("posting.work_fund.wrong_role", "经费支出由乡镇登记")
NOT_THE_MAKER = Refusal("posting.payment.wrong_role", "发放更正由县委组织部登记")
NOT_A_RECORDER = Refusal("posting.support.wrong_role", "体检和慰问由县委组织部、乡镇或派出单位登记")


def refuse_role(actor: Actor, roles: Collection[str], refusal: Refusal) -> tuple[Refusal, ...]:
    return () if actor.role in roles else (refusal,)


def _hand(actor: Actor) -> dict[str, Any]:
    """Whose hand made a record, and when."""
    return {"made_by_id": actor.user_id, "made_by_name": actor.name, "made_at": clock.now()}


# --- standards ------------------------------------------------------------------------------------


def set_standard(
    county: Place, *, key: str, amount: Decimal, since: date, clause: str, actor: Actor
) -> CountySetting:
    """What is given, and how often: a number of the county like any other."""
    return set_setting(
        county, key=StandardKey(key), amount=amount, since=since, clause=clause, actor=actor
    )


# --- the work fund --------------------------------------------------------------------------------


@transaction.atomic
def set_budget(posting: Posting, *, year: int, amount: Decimal, actor: Actor) -> WorkFundBudget:
    """Give a posting its work fund of a year, or another amount than before."""
    posting = Posting.objects.select_for_update(of=("self",)).get(pk=posting.pk)
    budget = queries.find_budget(posting, year)
    refuse(
        (
            *refuse_role(actor, STAFF, NOT_THE_GIVER),
            *rules.refuse_budget(
                amount=amount,
                spent=queries.spent_of(budget) if budget else NOTHING,
                year=year,
                since=posting.since,
                until=posting.until or posting.planned_until,
                today=clock.today(),
            ),
        )
    )
    if budget is None:
        return _give(posting, year, amount, actor)
    before, budget.amount = budget.amount, amount
    budget.save(update_fields=["amount"])
    changes = {"amount": [str(before), str(amount)]}
    record("posting.work_fund.changed", actor=actor, subject=budget, changes=changes)
    return budget


def _give(posting: Posting, year: int, amount: Decimal, actor: Actor) -> WorkFundBudget:
    budget = WorkFundBudget.objects.create(
        posting=posting, year=year, amount=amount, **_hand(actor)
    )
    changes = {"year": [None, year], "amount": [None, str(amount)]}
    record("posting.work_fund.set", actor=actor, subject=budget, changes=changes)
    return budget


@transaction.atomic
def set_budgets(county: Place, *, year: int, actor: Actor) -> int:
    """By the county's standard to everybody who has none for the year; answers how many."""
    county = Place.objects.select_for_update(of=("self",)).get(pk=county.pk)
    today = clock.today()
    day = min(max(today, date(year, 1, 1)), date(year, 12, 31))
    amount = queries.standard_on(county, StandardKey.FUND_YEAR, day)
    allowed = refuse_role(actor, STAFF, NOT_THE_GIVER)
    if amount is None:
        refuse((*allowed, Refusal("posting.standard_missing", "县里还没有登记工作经费的标准")))
    refuse(allowed)
    assert amount is not None
    waiting = list(queries.list_without_budget(actor.scope, year))
    if not waiting:
        refuse((Refusal("posting.fund_all_given", f"{year} 年的工作经费都已经下达"),))
    for posting in waiting:
        _give(posting, year, amount, actor)
    return len(waiting)


def _locked_budget(budget: WorkFundBudget) -> WorkFundBudget:
    return (
        WorkFundBudget.objects.select_for_update(of=("self",))
        .select_related("posting__village")
        .get(pk=budget.pk)
    )


@transaction.atomic
def spend(
    budget: WorkFundBudget,
    *,
    happened_on: date,
    amount: Decimal,
    text: str,
    receipt_number: str,
    handled_by: str,
    actor: Actor,
) -> WorkFundEntry:
    """One receipt, one line. Two at once: the second waits and finds what is left."""
    budget = _locked_budget(budget)
    facts = rules.SpendingFacts(
        amount=amount,
        left=budget.amount - queries.spent_of(budget),
        happened_on=happened_on,
        today=clock.today(),
        year=budget.year,
        text=text,
        receipt_number=receipt_number,
        handled_by=handled_by,
        keeper=actor.name,
        receipt_known=queries.receipt_is_known(budget, receipt_number.strip()),
    )
    allowed = refuse_role(actor, rules.FUND_KEEPERS, NOT_THE_KEEPER)
    refuse((*allowed, *rules.refuse_to_spend(facts)))
    entry = WorkFundEntry.objects.create(
        budget=budget,
        happened_on=happened_on,
        amount=amount,
        text=text.strip(),
        receipt_number=receipt_number.strip(),
        handled_by=handled_by.strip(),
        **_hand(actor),
    )
    changes = {"amount": [None, str(amount)], "receipt_number": [None, entry.receipt_number]}
    record("posting.work_fund.spent", actor=actor, subject=entry, changes=changes)
    return entry


@transaction.atomic
def correct_entry(entry: WorkFundEntry, *, reason: str, actor: Actor) -> WorkFundEntry:
    """冲销: the same sum with the other sign; both stay in the ledger."""
    budget = _locked_budget(entry.budget)
    entry = WorkFundEntry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    refuse(
        (
            *refuse_role(actor, rules.FUND_KEEPERS, NOT_THE_KEEPER),
            *rules.refuse_to_correct(
                reason=reason,
                is_counter=entry.corrects_id is not None,
                is_corrected=entry.is_corrected,
            ),
        )
    )
    counter = WorkFundEntry.objects.create(
        budget=budget,
        happened_on=entry.happened_on,
        amount=-entry.amount,
        text=f"冲销：{reason.strip()}"[:200],
        receipt_number=entry.receipt_number,
        handled_by=entry.handled_by,
        corrects=entry,
        **_hand(actor),
    )
    entry.is_corrected = True
    entry.save(update_fields=["is_corrected"])
    record(
        "posting.work_fund.corrected",
        actor=actor,
        subject=counter,
        changes={"amount": [None, str(counter.amount)]},
        reason=reason.strip(),
    )
    return counter


# --- payment lists --------------------------------------------------------------------------------


@transaction.atomic
def make_list(county: Place, *, item: str, month: date, actor: Actor) -> PaymentList:
    """制表: everybody who can be paid for the month and is not yet on a list of it."""
    county = Place.objects.select_for_update(of=("self",)).get(pk=county.pk)
    period = month_of(month)
    key = rules.KEY_OF_ITEM[SupportItem(item)] if item in rules.PAID_MONTHLY else ""
    rate = queries.standard_on(county, key, period.last_day) if key else None
    ready, _ = queries.who_is_paid(county, item, period.since)
    corrections = list(queries.list_open_corrections(county, item))
    facts = rules.ListFacts(
        item, period, clock.today(), rate is not None, len(ready), len(corrections)
    )
    refuse(
        (
            *refuse_act(rules.PAYMENT_FLOW, state="", act="make", role=actor.role, thing=PAYMENT),
            *rules.refuse_to_make(facts),
        )
    )
    payment = PaymentList.objects.create(
        county=county, item=item, month=period.since, **_hand(actor)
    )
    lines = [_line(payment, one, rate) for one in ready] if rate is not None else []
    lines += [_correcting_line(payment, one) for one in corrections]
    PaymentLine.objects.bulk_create(lines)
    total = sum((one.amount for one in lines), NOTHING)
    record(
        "posting.payment.made",
        actor=actor,
        subject=payment,
        changes={"people": [None, len(lines)], "amount": [None, str(total)]},
    )
    return payment


def _line(payment: PaymentList, one: queries.Ready, rate: Decimal) -> PaymentLine:
    return PaymentLine(
        list=payment, person_id=one.posting.person_id, posting=one.posting, item=payment.item,
        month=payment.month, days=one.days, rate=rate,
        amount=rules.amount_of(payment.item, rate, one.days),
    )  # fmt: skip


def _correcting_line(payment: PaymentList, correction: PaymentCorrection) -> PaymentLine:
    """The difference to what was paid, in the month for which it was paid."""
    wrong = correction.line
    return PaymentLine(
        list=payment, person_id=wrong.person_id, posting_id=wrong.posting_id, item=wrong.item,
        month=wrong.month, rate=wrong.rate, amount=correction.difference, correction=correction,
    )  # fmt: skip


@transaction.atomic
def correct_payment(
    line: PaymentLine, *, right_amount: Decimal, reason: str, actor: Actor
) -> PaymentCorrection:
    """What a paid line should have been; the next list of the item takes up the difference."""
    _locked_list(line.list)
    refuse(reasons_against_correcting(line, right=right_amount, reason=reason, actor=actor))
    paid, _ = queries.paid_of(line)
    made = PaymentCorrection.objects.create(
        line=line, right_amount=right_amount, difference=right_amount - paid,
        reason=reason.strip(), **_hand(actor),
    )  # fmt: skip
    record(
        "posting.payment.corrected",
        actor=actor,
        subject=made,
        changes={"amount": [str(paid), str(right_amount)]},
        reason=made.reason,
    )
    return made


def reasons_against_correcting(
    line: PaymentLine, *, right: Decimal | None = None, reason: str = "待填", actor: Actor
) -> tuple[Refusal, ...]:
    """Without an amount at hand: whether it may be corrected at all."""
    paid, is_open = queries.paid_of(line)
    facts = rules.CorrectionFacts(
        is_paid=line.list.state == PaymentState.PAID and line.stands,
        is_correction=line.correction_id is not None,
        right=paid + 1 if right is None else right,
        paid=paid,
        is_open=is_open,
        reason=reason,
    )
    return (*refuse_role(actor, STAFF, NOT_THE_MAKER), *rules.refuse_correction(facts))


@transaction.atomic
def void_correction(
    correction: PaymentCorrection, *, reason: str, actor: Actor
) -> PaymentCorrection:
    """Before a list has taken it up; once it is paid, it is corrected like every other line."""
    _locked_list(correction.line.list)
    found = PaymentCorrection.objects.select_for_update(of=("self",)).select_related("line__list")
    correction = found.get(pk=correction.pk)
    refusals = list(refuse_role(actor, STAFF, NOT_THE_MAKER))
    if correction.lines.filter(stands=True).exists():
        refusals.append(Refusal("posting.correction_listed", "这项更正已经在发放表上，不能撤销"))
    refuse((
        *refusals, *rules.refuse_to_void(void_reason=correction.void_reason, reason=reason),
    ))  # fmt: skip
    correction.void_reason = reason.strip()
    correction.save(update_fields=["void_reason"])
    record(
        "posting.payment.correction_voided", actor=actor, subject=correction,
        reason=correction.void_reason,
    )  # fmt: skip
    return correction


def reasons_against(payment: PaymentList, act: str, *, actor: Actor) -> tuple[Refusal, ...]:
    """What stands in the way of a step before anything is said about it; for its page too."""
    hand = hand_of(actor, makers=[payment.made_by_id], records=[payment.pk])
    steps = {"check": "审核", "pay": "支付"}
    same = (
        refuse_same_person(frozenset({str(payment.made_by_id)}), hand, act=steps[act])
        if act in steps
        else ()
    )
    return (
        *refuse_act(
            rules.PAYMENT_FLOW, state=payment.state, act=act, role=actor.role, thing=PAYMENT
        ),
        *same,
    )


@transaction.atomic
def check_list(payment: PaymentList, *, actor: Actor) -> PaymentList:
    payment = _locked_list(payment)
    refuse(reasons_against(payment, "check", actor=actor))
    return _step(
        payment, "check", "checked", actor,
        checked_by_id=actor.user_id, checked_by_name=actor.name, checked_on=clock.today(),
    )  # fmt: skip


@transaction.atomic
def pay_list(
    payment: PaymentList, *, paid_on: date, voucher_number: str, actor: Actor
) -> PaymentList:
    """Two who pay the same list: the second finds it paid."""
    payment = _locked_list(payment)
    refusals = list(reasons_against(payment, "pay", actor=actor))
    if payment.checked_on is not None:
        refusals += rules.refuse_to_pay(
            voucher_number=voucher_number, paid_on=paid_on, checked_on=payment.checked_on,
            today=clock.today(),
        )  # fmt: skip
    refuse(refusals)
    return _step(
        payment, "pay", "paid", actor,
        paid_by_name=actor.name, paid_on=paid_on, voucher_number=voucher_number.strip(),
    )  # fmt: skip


@transaction.atomic
def return_list(payment: PaymentList, *, reason: str, actor: Actor) -> PaymentList:
    """The list ends here; its people are free for a new one."""
    payment = _locked_list(payment)
    refusals = list(reasons_against(payment, "return", actor=actor))
    if not reason.strip():
        refusals.append(Refusal("posting.reason_missing", "退回须写明原因"))
    refuse(refusals)
    payment.lines.update(stands=False)
    return _step(payment, "return", "returned", actor, returned_text=reason.strip())


def _locked_list(payment: PaymentList) -> PaymentList:
    return (
        PaymentList.objects.select_for_update(of=("self",))
        .select_related("county")
        .get(pk=payment.pk)
    )


def _step(payment: PaymentList, act: str, event: str, actor: Actor, **changed: Any) -> PaymentList:
    line = find_transition(rules.PAYMENT_FLOW, state=payment.state, act=act)
    assert line is not None, act
    before, payment.state = payment.state, PaymentState(line.after)
    for name, new in changed.items():
        setattr(payment, name, new)
    payment.save(update_fields=["state", *changed])
    record(
        f"posting.payment.{event}",
        actor=actor,
        subject=payment,
        changes={"state": [before, line.after]},
        reason=changed.get("returned_text", ""),
    )
    return payment


@transaction.atomic
def note_export(
    payment: PaymentList, *, rows: int, listed: Collection[Subject], actor: Actor
) -> None:
    """A list that was taken out as a file leaves a trace with everybody on it."""
    trace = Trace(
        "posting.payment.exported", payment, {"rows": [None, rows]}, others=listed, is_reading=True
    )
    record_many([trace], actor=actor)


@transaction.atomic
def note_overview_export(
    county: Place, *, year: int, rows: int, listed: Collection[Subject], actor: Actor
) -> None:
    told = {"year": [None, year], "rows": [None, rows]}
    trace = Trace("posting.support.exported", county, told, others=listed, is_reading=True)
    record_many([trace], actor=actor)


# --- examinations and visits ----------------------------------------------------------------------


@transaction.atomic
def record_support(
    posting: Posting, *, item: str, on: date, by_whom: str, text: str = "", actor: Actor
) -> SupportRecord:
    """An examination or a visit took place; of an examination nobody writes down the result."""
    posting = Posting.objects.select_for_update(of=("self",)).get(pk=posting.pk)
    facts = rules.RecordFacts(
        item=item,
        on=on,
        today=clock.today(),
        came_on=posting.came_on,
        until=posting.until,
        by_whom=by_whom,
        is_known=queries.find_record(posting, item, on) is not None,
    )
    allowed = refuse_role(actor, (*rules.RECORDERS, "system"), NOT_A_RECORDER)
    refuse((*allowed, *rules.refuse_to_record(facts)))
    done = SupportRecord.objects.create(
        posting=posting, item=item, happened_on=on, by_whom=by_whom.strip(), text=text.strip(),
        **_hand(actor),
    )  # fmt: skip
    record(
        "posting.support.recorded",
        actor=actor,
        subject=done,
        changes={"item": [None, done.get_item_display()], "happened_on": [None, on]},
    )
    return done


@transaction.atomic
def void_record(done: SupportRecord, *, reason: str, actor: Actor) -> SupportRecord:
    done = SupportRecord.objects.select_for_update(of=("self",)).get(pk=done.pk)
    allowed = refuse_role(actor, rules.RECORDERS, NOT_A_RECORDER)
    refuse((*allowed, *rules.refuse_to_void(void_reason=done.void_reason, reason=reason)))
    done.void_reason = reason.strip()
    done.save(update_fields=["void_reason"])
    record("posting.support.voided", actor=actor, subject=done, reason=done.void_reason)
    return done
