"""What have the demo's posted people been given: funds, allowances, insurance, help, honours?"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from lingyan.common import clock
from lingyan.common.periods import add_months
from lingyan.demo.cast import Cast
from lingyan.platform.accounts.actor import Actor
from lingyan.posting.actions import help_requests, insurance, presence, support
from lingyan.posting.models import Posting
from lingyan.posting.queries import presence as presence_queries
from lingyan.posting.queries import support as queries
from lingyan.posting.rules.support_words import StandardKey, SupportItem

DAY = timedelta(days=1)
CLAUSE = "演示文件〔2025〕1 号第三条"
STANDARDS = (
    (StandardKey.FUND_YEAR, Decimal(20000)),
    (StandardKey.TRANSPORT_MONTH, Decimal(300)),
)
LIVING_DAY = Decimal(80)
SPENT = (
    (40, "2480.00", "村部会议室桌椅", "收据 00217"),
    (12, "360.50", "宣传栏更新", "收据 00264"),
)


def keep(cast: Cast, own: Posting, me: Actor, others: list[Posting], today: date) -> None:
    """Standards and funds; one list paid, one to be paid, one to be checked; some things late."""
    _give(cast, own, today)
    _examine(cast, own, others, today)
    _pay(cast, _two_thirds(own), today)
    _ask(cast, own, me, today)


def _give(cast: Cast, own: Posting, today: date) -> None:
    with clock.at(own.since):
        for key, amount in STANDARDS:
            support.set_standard(
                cast.county, key=key, amount=amount, since=date(own.since.year, 1, 1),
                clause=CLAUSE, actor=cast.admin,
            )  # fmt: skip
    begun = max(date(today.year, 1, 1), own.since)
    with clock.at(begun):
        support.set_budgets(cast.county, year=today.year, actor=cast.officer)
    budget = queries.find_budget(own, today.year)
    town = own.village.parent
    assert budget is not None
    assert town is not None
    for days, cost, text, receipt in SPENT:
        day = max(today - days * DAY, begun)
        with clock.at(day):
            support.spend(
                budget, happened_on=day, amount=Decimal(cost), text=text,
                receipt_number=receipt, handled_by=own.person.name, actor=cast.town(town),
            )  # fmt: skip


def _examine(cast: Cast, own: Posting, others: list[Posting], today: date) -> None:
    """Most have been examined; two policies were entered wrongly, one of them has run out."""
    known = {one.pk for one in (own, *others)}
    rest = Posting.objects.filter(state="active").exclude(pk__in=known).order_by("village__path")
    most = [one for number, one in enumerate(rest) if number % 7]
    for number, posting in enumerate((own, *others, *most)):
        day = max(today - (60 - number % 50) * DAY, posting.since)
        with clock.at(day):
            support.record_support(
                posting, item=SupportItem.HEALTH_EXAM, on=day, by_whom="县人民医院",
                actor=cast.officer,
            )  # fmt: skip
    with clock.at(today - 15 * DAY):
        support.record_support(
            own, item=SupportItem.CARE_VISIT, on=today - 15 * DAY, by_whom="派出单位分管领导",
            text="看望本人和家属", actor=cast.officer,
        )  # fmt: skip
    for posting, days in zip(others[4:6], (-10, 12), strict=True):
        [policy] = queries.policies_of(posting)
        until = today + days * DAY
        with clock.at(posting.since + DAY):
            insurance.void_policy(policy, reason="保单是一年期的，登记成了整个任期",
                                  actor=cast.officer)  # fmt: skip
            insurance.add_policy(
                posting, insurance.Policy(policy.number, posting.since, until), actor=cast.officer
            )


def _two_thirds(own: Posting) -> list[Posting]:
    """In whose villages somebody has confirmed the days; the others' allowance waits for it."""
    active = Posting.objects.filter(state="active").exclude(pk=own.pk)
    found = active.select_related("village", "person").order_by("village__path")
    return [own, *(one for number, one in enumerate(found) if number % 3)]


def _pay(cast: Cast, confirmed: list[Posting], today: date) -> None:
    """Everything to last month is paid to who was confirmed in time; a few came later."""
    last = add_months(today.replace(day=1), -1)
    before = add_months(last, -1)
    month = date(before.year, 1, 1)
    while month <= last:
        _list(cast, SupportItem.TRANSPORT_COMM, month, min(_payday(month), today), "paid")
        month = add_months(month, 1)
    with clock.at(before):
        support.set_standard(
            cast.county, key=StandardKey.LIVING_DAY, amount=LIVING_DAY, since=before,
            clause=CLAUSE, actor=cast.admin,
        )  # fmt: skip
    in_time, late = confirmed[:-4], confirmed[-4:]
    for month, state in ((before, "checked"), (last, "made")):
        day = min(_payday(month), today)
        with clock.at(min(add_months(month, 1) + 3 * DAY, today)):
            for posting in in_time:
                _confirm(cast, posting, month)
        _list(cast, SupportItem.LIVING, month, day, "paid")
        with clock.at(today):
            for posting in late:
                _confirm(cast, posting, month)
        _list(cast, SupportItem.LIVING, month, today, state)


def _payday(month: date) -> date:
    return add_months(month, 1) + 6 * DAY


def _list(cast: Cast, item: SupportItem, month: date, day: date, state: str) -> None:
    """Made, checked and paid on one day, as far as it goes."""
    with clock.at(day):
        made = support.make_list(cast.county, item=item, month=month, actor=cast.officer)
        if state != "made":
            support.check_list(made, actor=cast.leader)
        if state == "paid":
            support.pay_list(
                made, paid_on=day, voucher_number=f"财支 {month:%Y%m}-{item.value[0]}",
                actor=cast.finance,
            )  # fmt: skip


def _confirm(cast: Cast, posting: Posting, month: date) -> None:
    """By the village's account; where the records are few, it says why it counts more."""
    if presence_queries.find_month(posting, month) is not None:
        return
    days = presence_queries.on_site_days(posting, month)
    presence.confirm_month(
        posting, month=month, days=max(days, 20), text="" if days >= 20 else "按村里的值班表核对",
        actor=cast.village(posting.village),
    )  # fmt: skip


def _ask(cast: Cast, own: Posting, me: Actor, today: date) -> None:
    """One difficulty that the unit works on, and one that the county has let lie."""
    with clock.at(max(today - 45 * DAY, own.since)):
        help_requests.raise_request(
            own, kind="child_school", text="孩子秋季要上小学，想转到县城就读", actor=me
        )
    with clock.at(today - 6 * DAY):
        asked = help_requests.raise_request(
            own, kind="elder_care", text="父亲行动不便，驻村期间白天没有人照看", actor=me
        )
    assert own.unit is not None
    with clock.at(today - 4 * DAY):
        help_requests.step_request(
            asked, "accept", due_on=today + 10 * DAY, actor=cast.unit(own.unit)
        )
