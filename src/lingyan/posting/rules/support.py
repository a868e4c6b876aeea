"""What is each posted person to be given, until when, and who makes, checks and pays it (2.11)?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from lingyan.common.alerts import WARN_DAYS
from lingyan.common.county_settings import Kind, Setting
from lingyan.common.flow import Transition
from lingyan.common.money import NOTHING, show_money
from lingyan.common.periods import ONE_DAY, Period, add_months, month_of, year_of
from lingyan.common.refusals import Refusal
from lingyan.directory.rules.hands import ADMIN, LEADER, STAFF, TOWN, UNIT
from lingyan.posting.rules import recall
from lingyan.posting.rules.leave import TOWN_MAX_DAYS, YEAR_MAX_DAYS
from lingyan.posting.rules.liaison import AREA_VISITS_A_HALF_YEAR, UNIT_VISITS_A_YEAR
from lingyan.posting.rules.life import PRETRAIN_HOURS, REPLACE_DAYS
from lingyan.posting.rules.presence import MONTH_DAYS
from lingyan.posting.rules.processes import OVERLAP_DAYS
from lingyan.posting.rules.sign_ins import RADIUS_M
from lingyan.posting.rules.support_words import RECORDED, ItemState, StandardKey, SupportItem

PAY_DUE_DAY = 20  # support.pay_due_day: of the month after, D
FUND_DUE_DAYS = 90  # support.fund_due_days: after the year or the posting began, D
INSURANCE_WARN_DAYS = 30  # support.insurance_warn_days, D
EARLIEST_YEAR, YEARS_AHEAD = 2015, 1

FINANCE = ("county_finance",)
COUNTY = (*STAFF, *LEADER)
READERS = (*COUNTY, *FINANCE, *TOWN, *UNIT)
INSURERS = (*STAFF, *TOWN, *UNIT)
RECORDERS = (*STAFF, *TOWN, *UNIT)
FUND_KEEPERS = TOWN
PAYERS = (*FINANCE, *ADMIN)
PAID_MONTHLY = (SupportItem.LIVING, SupportItem.TRANSPORT_COMM)
# What holds where the county has set no number of its own, and what it may set.
DEFAULTS = {
    StandardKey.EXAMS_YEAR: 1,  # U
    StandardKey.VISITS_YEAR: 1,  # D
    StandardKey.UNIT_VISITS: UNIT_VISITS_A_YEAR,
    StandardKey.AREA_VISITS: AREA_VISITS_A_HALF_YEAR,
    StandardKey.MONTH_DAYS: MONTH_DAYS,
    StandardKey.PRETRAIN_HOURS: PRETRAIN_HOURS,
    StandardKey.OVERLAP_DAYS: OVERLAP_DAYS,
    StandardKey.TOWN_LEAVE: TOWN_MAX_DAYS,
    StandardKey.YEAR_LEAVE: YEAR_MAX_DAYS,
    StandardKey.REPLACE_DAYS: REPLACE_DAYS,
    StandardKey.MASS_MIN: recall.MASS_MIN,
    StandardKey.BAN_MONTHS: recall.BAN_MONTHS,
    StandardKey.PROMOTION_BAN: recall.PROMOTION_BAN_MONTHS,
    StandardKey.UNIT_MINUS: recall.UNIT_MINUS,
    StandardKey.SIGN_IN: 0,
    StandardKey.SIGN_IN_RADIUS: RADIUS_M,
    StandardKey.KEEP_WISHES: 36,  # D, 10.1
    StandardKey.KEEP_REJECTED: 36,  # D, 10.1
    StandardKey.KEEP_SIGN_INS: 12,  # D, 10.1
}
MOST = dict.fromkeys(DEFAULTS, 12) | {
    StandardKey.MONTH_DAYS: 31,
    StandardKey.PRETRAIN_HOURS: 400,
    StandardKey.OVERLAP_DAYS: 90,
    StandardKey.TOWN_LEAVE: 31,
    StandardKey.YEAR_LEAVE: 366,
    StandardKey.REPLACE_DAYS: 60,
    StandardKey.MASS_MIN: 100,
    StandardKey.BAN_MONTHS: 120,
    StandardKey.PROMOTION_BAN: 120,
    StandardKey.UNIT_MINUS: 20,
    StandardKey.SIGN_IN: 1,
    StandardKey.SIGN_IN_RADIUS: 50_000,
    StandardKey.KEEP_WISHES: 120,
    StandardKey.KEEP_REJECTED: 120,
    StandardKey.KEEP_SIGN_INS: 120,
}
# Whoever sets a time of keeping to nothing would have what is asked for today cleared today.
LEAST = {
    StandardKey.KEEP_WISHES: 6,
    StandardKey.KEEP_REJECTED: 6,
    StandardKey.KEEP_SIGN_INS: 1,
}
# Nowhere to be seen where a county has not switched it on (R-2-21).
ONLY_IF_SET = frozenset(
    {StandardKey.SIGN_IN, StandardKey.SIGN_IN_RADIUS, StandardKey.KEEP_SIGN_INS}
)
_TABLE: tuple[tuple[StandardKey, str, str], ...] = (
    (StandardKey.FUND_YEAR, "2.11", "D"),
    (StandardKey.LIVING_DAY, "2.11", "D"),
    (StandardKey.TRANSPORT_MONTH, "2.11", "D"),
    (StandardKey.EXAMS_YEAR, "2.11", "U"),
    (StandardKey.VISITS_YEAR, "2.11", "D"),
    (StandardKey.UNIT_VISITS, "2.8", "D"),
    (StandardKey.AREA_VISITS, "2.8", "D"),
    (StandardKey.MONTH_DAYS, "2.7", "P"),
    (StandardKey.PRETRAIN_HOURS, "2.6", "D"),
    (StandardKey.OVERLAP_DAYS, "R-2-04", "D"),
    (StandardKey.TOWN_LEAVE, "R-2-23", "D"),
    (StandardKey.YEAR_LEAVE, "R-2-23", "D"),
    (StandardKey.REPLACE_DAYS, "2.10", "D"),
    (StandardKey.MASS_MIN, "2.10", "D"),
    (StandardKey.BAN_MONTHS, "R-2-16", "D"),
    (StandardKey.PROMOTION_BAN, "2.10", "D"),
    (StandardKey.UNIT_MINUS, "2.10", "D"),
    (StandardKey.SIGN_IN, "R-2-21", "D"),
    (StandardKey.SIGN_IN_RADIUS, "R-2-21", "D"),
    (StandardKey.KEEP_WISHES, "10.1", "D"),
    (StandardKey.KEEP_REJECTED, "10.1", "D"),
    (StandardKey.KEEP_SIGN_INS, "10.1", "D"),
)
SETTINGS: tuple[Setting, ...] = tuple(
    Setting(
        key.value, key.label, "驻村管理", article, mark,
        usual=DEFAULTS.get(key), most=MOST.get(key, 0), least=LEAST.get(key, 0),
        kind=Kind.SWITCH if key == StandardKey.SIGN_IN
        else Kind.NUMBER if key in MOST else Kind.MONEY,
        asks_document=key == StandardKey.SIGN_IN, is_quiet=key in ONLY_IF_SET,
    )
    for key, article, mark in _TABLE
)  # fmt: skip
KEY_OF_ITEM = {
    SupportItem.LIVING: StandardKey.LIVING_DAY,
    SupportItem.TRANSPORT_COMM: StandardKey.TRANSPORT_MONTH,
    SupportItem.WORK_FUND: StandardKey.FUND_YEAR,
}

PAYMENT_FLOW: tuple[Transition, ...] = (
    Transition("", "make", "made", STAFF, "制表", "当月已结束，县里有标准，同一人同一月只发一次",
               "2.11"),
    Transition("made", "check", "checked", (*STAFF, *LEADER), "审核通过", "审核人不是制表人",
               "R-0-20"),
    Transition("made", "return", "returned", (*STAFF, *LEADER), "退回", "写明原因", "R-0-20"),
    Transition("checked", "pay", "paid", PAYERS, "登记支付",
               "有支付凭证号；登记人不是制表人", "R-0-20"),
    Transition("checked", "return", "returned", PAYERS, "退回", "写明原因", "R-0-20"),
)  # fmt: skip

AUDIT_TEXTS = {
    "posting.insurance.added": "登记意外伤害保险",
    "posting.insurance.voided": "作废一份保险登记",
    "posting.insurance.waived": "同意先到岗、后补办保险或体检",
    "posting.work_fund.set": "下达工作经费",
    "posting.work_fund.changed": "调整工作经费",
    "posting.work_fund.spent": "登记工作经费支出",
    "posting.work_fund.corrected": "冲销一笔工作经费支出",
    "posting.payment.made": "制作发放表",
    "posting.payment.checked": "发放表审核通过",
    "posting.payment.paid": "发放表已支付",
    "posting.payment.returned": "退回发放表",
    "posting.payment.corrected": "登记一项发放更正",
    "posting.payment.correction_voided": "撤销一项发放更正",
    "posting.payment.exported": "导出发放表",
    "posting.support.recorded": "登记体检或走访慰问",
    "posting.support.voided": "作废一条体检或慰问记录",
    "posting.support.exported": "导出保障台账",
}


# --- insurance without a gap ----------------------------------------------------------------------


def gaps(policies: Iterable[Period], whole: Period) -> tuple[Period, ...]:
    """The days of the whole that no policy covers. 依据：2.11 保单须覆盖整个任期，中间不断档。"""
    found, day = [], whole.since
    for one in sorted(policies, key=lambda policy: policy.since):
        if one.since > day:
            found.append(Period(day, min(one.since, whole.until)))
        day = max(day, one.until)
        if day >= whole.until:
            break
    if day < whole.until:
        found.append(Period(day, whole.until))
    return tuple(one for one in found if one.since < one.until)


@dataclass(frozen=True, slots=True)
class PolicyFacts:
    number: str
    since: date
    until: date
    is_known: bool = False


def refuse_policy(facts: PolicyFacts) -> tuple[Refusal, ...]:
    refusals = []
    if not facts.number.strip():
        refusals.append(Refusal("posting.policy_number_missing", "请填写保单号"))
    if facts.until <= facts.since:
        refusals.append(Refusal("posting.policy_order", "保险最后一天不能早于生效日"))
    if facts.is_known:
        refusals.append(Refusal("posting.policy_known", "这份保险已经登记过"))
    return tuple(refusals)


WAIVED_DAYS = 15  # G-18


def refuse_to_waive(*, is_insured: bool, insure_by: date | None, reason: str) -> list[Refusal]:
    """Once, by the county's administrator, with the reason. 依据：G-18 县委组织部管理员 15 天。"""
    if is_insured:
        return [Refusal("posting.insurance_whole", "保险已经覆盖整个任期，不用暂缓")]
    if insure_by is not None:
        return [Refusal("posting.insurance_waived", f"已经同意过一次，补办到 {insure_by} 为止")]
    if not reason.strip():
        return [Refusal("posting.reason_missing", "请写明为什么先到岗、后补办")]
    return []


def refuse_to_void(*, void_reason: str, reason: str) -> tuple[Refusal, ...]:
    """What was entered by mistake stays, marked with the reason (R-0-18)."""
    if void_reason:
        return (Refusal("posting.already_void", "这一条已经作废"),)
    if not reason.strip():
        return (Refusal("posting.reason_missing", "请写明作废的原因"),)
    return ()


# --- standards ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standard:
    """One amount of the county, in force from a day on."""

    key: str
    amount: Decimal
    since: date


def standard_on(standards: Iterable[Standard], key: str, day: date) -> Decimal | None:
    """The amount in force on a day; a later one changes nothing that was before it."""
    held = [one for one in standards if one.key == key and one.since <= day]
    return max(held, key=lambda one: one.since).amount if held else None


def _refuse_amount(amount: Decimal) -> tuple[Refusal, ...]:
    return () if amount > 0 else (Refusal("posting.amount_positive", "金额应大于 0"),)


# --- the work fund --------------------------------------------------------------------------------


def refuse_budget(
    *, amount: Decimal, spent: Decimal, year: int, since: date, until: date, today: date
) -> tuple[Refusal, ...]:
    """A year of the posting, and never below what is spent. 依据：2.11 工作经费按年度预算。"""
    refusals = list(_refuse_amount(amount))
    if not (since.year <= year <= min(until.year, today.year + YEARS_AHEAD)):
        refusals.append(Refusal("posting.fund_year", f"{year} 年不在派驻期内，不能下达"))
    if amount < spent:
        refusals.append(
            Refusal("posting.fund_below_spent", f"预算不能少于已支出的 {show_money(spent)} 元")
        )
    return tuple(refusals)


@dataclass(frozen=True, slots=True)
class SpendingFacts:
    amount: Decimal
    left: Decimal
    happened_on: date
    today: date
    year: int
    text: str
    receipt_number: str
    handled_by: str
    keeper: str
    receipt_known: bool = False


def refuse_to_spend(facts: SpendingFacts) -> tuple[Refusal, ...]:
    """Nothing above the budget, each sum with its receipt. 依据：2.11 支出台账；R-0-20。"""
    refusals = list(_refuse_amount(facts.amount))
    if facts.amount > facts.left:
        refusals.append(
            Refusal("posting.fund_exceeded", f"超出预算：只剩 {show_money(facts.left)} 元")
        )
    if facts.happened_on > facts.today:
        refusals.append(Refusal("posting.day_in_future", "日期不能晚于今天"))
    elif facts.happened_on.year != facts.year:
        refusals.append(Refusal("posting.fund_other_year", f"日期应在 {facts.year} 年以内"))
    if not facts.text.strip():
        refusals.append(Refusal("posting.purpose_missing", "请写明用途"))
    if not facts.receipt_number.strip():
        refusals.append(Refusal("posting.receipt_missing", "请填写票据号"))
    if facts.receipt_known:
        refusals.append(Refusal("posting.receipt_known", "这张票据已经登记过"))
    if not facts.handled_by.strip():
        refusals.append(Refusal("posting.handler_missing", "请填写经办人"))
    elif facts.handled_by.strip() == facts.keeper:
        refusals.append(Refusal("posting.handler_is_keeper", "经办人不能是登记台账的人"))
    return tuple(refusals)


def refuse_to_correct(*, reason: str, is_counter: bool, is_corrected: bool) -> tuple[Refusal, ...]:
    """A wrong line is taken back by a counter-entry, never deleted. 依据：R-0-18。"""
    if is_counter:
        return (Refusal("posting.fund_counter", "这一笔本身就是冲销，不能再冲销"),)
    if is_corrected:
        return (Refusal("posting.fund_corrected", "这一笔已经冲销过"),)
    if not reason.strip():
        return (Refusal("posting.reason_missing", "请写明冲销的原因"),)
    return ()


# --- payment lists --------------------------------------------------------------------------------


def amount_of(item: str, rate: Decimal, days: int | None) -> Decimal:
    """依据：2.11 生活补助＝在村天数×县定标准；交通通讯补贴按月。"""
    return rate * (days or 0) if item == SupportItem.LIVING else rate


@dataclass(frozen=True, slots=True)
class ListFacts:
    item: str
    month: Period
    today: date
    has_standard: bool
    lines: int
    corrections: int = 0


def refuse_to_make(facts: ListFacts) -> tuple[Refusal, ...]:
    if facts.item not in PAID_MONTHLY:
        return (Refusal("posting.payment_item", "只有生活补助和交通通讯补贴按月发放"),)
    if facts.today < facts.month.until:
        return (Refusal("posting.payment_early", "这个月还没有结束，结束后才能制表"),)
    if facts.corrections and not facts.lines:
        return ()
    if not facts.has_standard:
        return (Refusal("posting.standard_missing", "县里还没有登记这个月的标准"),)
    if not facts.lines:
        return (
            Refusal("posting.payment_empty", "没有可以发放的人：都已发放，或村里还没有确认天数"),
        )
    return ()


def refuse_to_pay(
    *, voucher_number: str, paid_on: date, checked_on: date, today: date
) -> list[Refusal]:
    refusals = []
    if not voucher_number.strip():
        refusals.append(Refusal("posting.voucher_missing", "请填写支付凭证号"))
    if paid_on > today:
        refusals.append(Refusal("posting.day_in_future", "支付日期不能晚于今天"))
    elif paid_on < checked_on:
        refusals.append(Refusal("posting.paid_before_check", "支付日期不能早于审核日期"))
    return refusals


@dataclass(frozen=True, slots=True)
class CorrectionFacts:
    """A paid line, what it should have been, and what stands of it already."""

    is_paid: bool
    is_correction: bool
    right: Decimal
    paid: Decimal  # with what was corrected and paid before
    is_open: bool  # a correction waits to be listed, or stands on a list that is not paid
    reason: str


def refuse_correction(facts: CorrectionFacts) -> tuple[Refusal, ...]:
    """The paid line stays; a later list takes up the difference. 依据：R-0-18 更正不改原记录。"""
    if not facts.is_paid or facts.is_correction:
        return (
            Refusal("posting.correction_line", "已支付的一行才能更正；没有支付的，请退回后重制"),
        )
    refusals = []
    if facts.is_open:
        refusals.append(Refusal("posting.correction_open", "这一行已有一项更正，还没有支付"))
    elif facts.right < 0:
        refusals.append(Refusal("posting.correction_amount", "应发金额不能小于 0"))
    elif facts.right == facts.paid:
        refusals.append(Refusal("posting.correction_same", "应发的和已发的一样，不用更正"))
    if not facts.reason.strip():
        refusals.append(Refusal("posting.reason_missing", "请写明更正的原因"))
    return tuple(refusals)


def pay_due(month: date) -> date:
    """The day until which a month is paid (D)."""
    return add_months(month.replace(day=1), 1).replace(day=PAY_DUE_DAY)


# --- examinations and visits ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RecordFacts:
    item: str
    on: date
    today: date
    came_on: date | None
    until: date | None
    by_whom: str
    is_known: bool = False


def refuse_to_record(facts: RecordFacts) -> tuple[Refusal, ...]:
    refusals = []
    if facts.item not in RECORDED:
        refusals.append(Refusal("posting.support_item", "这里只登记健康体检和走访慰问"))
    if facts.on > facts.today:
        refusals.append(Refusal("posting.day_in_future", "日期不能晚于今天"))
    elif facts.came_on is None and facts.item == SupportItem.HEALTH_EXAM:
        pass  # made before the arrival, as G-18 asks of who owes one
    elif facts.came_on is None or facts.on < facts.came_on:
        refusals.append(Refusal("posting.support_before_arrival", "日期不能早于到岗日期"))
    elif facts.until is not None and facts.on >= facts.until:
        refusals.append(Refusal("posting.support_after_end", "派驻已经结束，日期应在派驻期内"))
    if not facts.by_whom.strip():
        refusals.append(Refusal("posting.by_whom_missing", "请填写体检的医院，或慰问的单位和人"))
    if facts.is_known:
        refusals.append(Refusal("posting.support_known", "这一天的记录已经登记过"))
    return tuple(refusals)


def owes_exam(in_post: Iterable[tuple[Period, int]], exams: Collection[date], today: date) -> bool:
    """Whether an examination is overdue: one made later, before a new posting too, makes up for it.

    依据：G-18、2.11。`in_post` are the days of each year in post, with how many were wanted in it.
    """
    return any(
        period.last_day < today
        and sum(day >= period.since.replace(month=1, day=1) for day in exams) < wanted
        for period, wanted in in_post
    )


# --- due, done, overdue, for one person and year --------------------------------------------------


@dataclass(frozen=True, slots=True)
class YearFacts:
    """What is known of one posting in one year."""

    year: int
    today: date
    came_on: date | None
    planned_until: date
    until: date | None
    insured: Sequence[Period] = ()
    fund: Decimal | None = None
    spent: Decimal = NOTHING
    confirmed: Collection[date] = ()  # months whose days the village has confirmed
    empty: Collection[date] = ()  # of these, the ones with no day at all
    paid: frozenset[tuple[str, date]] = frozenset()
    listed: frozenset[tuple[str, date]] = frozenset()
    exams: int = 0
    visits: int = 0
    exams_wanted: int = DEFAULTS[StandardKey.EXAMS_YEAR]
    visits_wanted: int = DEFAULTS[StandardKey.VISITS_YEAR]
    priced: Mapping[str, date] = field(default_factory=dict)  # key -> first day with a standard

    @property
    def period(self) -> Period | None:
        """The days of the year on which the person is in post, so far as planned."""
        if self.came_on is None:
            return None
        whole = year_of(date(self.year, 1, 1))
        since = max(whole.since, self.came_on)
        until = min(whole.until, self.until or max(self.planned_until, self.today + ONE_DAY))
        return Period(since, until) if since < until else None


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item of one person in one year: how many are due, done, overdue."""

    item: SupportItem
    state: ItemState
    due: int = 0
    done: int = 0
    overdue: int = 0
    next_due: date | None = None
    text: str = ""


def year_lines(facts: YearFacts) -> tuple[ItemLine, ...]:
    """Every item of the year in the order of 2.11; nothing for who was not in post."""
    period = facts.period
    if period is None:
        return ()
    return (
        _work_fund(facts, period),
        *(_monthly(item, facts, period) for item in PAID_MONTHLY),
        _yearly(SupportItem.HEALTH_EXAM, facts.exams, facts.exams_wanted, facts, period),
        _insurance(facts, period),
        _yearly(SupportItem.CARE_VISIT, facts.visits, facts.visits_wanted, facts, period),
    )


def months_in(period: Period) -> list[date]:
    first, found = period.since.replace(day=1), []
    while first < period.until:
        found.append(first)
        first = add_months(first, 1)
    return found


def fund_due(year: int, came_on: date) -> date:
    return max(date(year, 1, 1), came_on) + timedelta(days=FUND_DUE_DAYS)


def _work_fund(facts: YearFacts, period: Period) -> ItemLine:
    due_on = fund_due(facts.year, period.since)
    if facts.fund is None:
        return _line(SupportItem.WORK_FUND, 1, 0, [due_on], facts.today)
    text = f"预算 {show_money(facts.fund)} 元，已用 {show_money(facts.spent)} 元"
    return _line(SupportItem.WORK_FUND, 1, 1, [], facts.today, text=text)


def _monthly(item: SupportItem, facts: YearFacts, period: Period) -> ItemLine:
    """Months that have ended and for which the county has a standard (D).

    One without a day in the village has nothing to pay.
    """
    first = facts.priced.get(KEY_OF_ITEM[item])
    if first is None:
        return _line(item, 0, 0, [], facts.today, text="县里还没有定标准")
    ended = [
        one
        for one in months_in(period)
        if first <= month_of(one).last_day and month_of(one).until <= facts.today
    ]
    if item == SupportItem.LIVING:
        ended = [one for one in ended if one not in facts.empty]
    done = [one for one in ended if (item.value, one) in facts.paid]
    open_ones = [one for one in ended if (item.value, one) not in facts.paid]
    waiting = sum((item.value, one) in facts.listed for one in open_ones)
    unsure = 0
    if item == SupportItem.LIVING:
        unsure = sum(one not in facts.confirmed for one in open_ones)
    said = (
        f"{waiting} 个月已制表" if waiting else "",
        f"{unsure} 个月天数未确认" if unsure else "",
    )
    text = "，".join(filter(None, said))
    dues = [pay_due(one) for one in open_ones]
    return _line(item, len(ended), len(done), dues, facts.today, text=text)


def _yearly(
    item: SupportItem, done: int, wanted: int, facts: YearFacts, period: Period
) -> ItemLine:
    """Once a year, until the last day of the year in post."""
    open_ones = max(wanted - done, 0)
    return _line(item, wanted, min(done, wanted), [period.last_day] * open_ones, facts.today)


def _insurance(facts: YearFacts, period: Period) -> ItemLine:
    """The days of the year in post without a gap; one that is to come is due before it begins."""
    open_ones = gaps(facts.insured, period)
    dues = [one.since - ONE_DAY for one in open_ones]
    text = "；".join(f"{one.since} 至 {one.last_day} 没有保险" for one in open_ones)
    return _line(SupportItem.ACCIDENT_INS, 1, 0 if open_ones else 1, dues, facts.today, text=text)


def _line(
    item: SupportItem, due: int, done: int, dues: Sequence[date], today: date, *, text: str = ""
) -> ItemLine:
    overdue = sum(day < today for day in dues)
    state = ItemState.DONE if not dues else ItemState.OVERDUE if overdue else ItemState.DUE
    if not due or (state == ItemState.DUE and min(dues) > today + timedelta(days=_warning(item))):
        state = ItemState.NONE
    return ItemLine(item, state, due, done, overdue, min(dues) if dues else None, text)


def _warning(item: SupportItem) -> int:
    """From how many days before its date something is to be done by somebody."""
    if item in RECORDED:
        return 90
    return INSURANCE_WARN_DAYS if item in (SupportItem.ACCIDENT_INS, SupportItem.WORK_FUND) else 31


REMIND_DAYS = WARN_DAYS
