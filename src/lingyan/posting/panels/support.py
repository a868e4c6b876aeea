"""How does a year of support look, for one person and for many, and what of it waits for whom?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from lingyan.common import clock
from lingyan.common.periods import Period, add_months, month_of
from lingyan.directory.queries import county_of, find_county
from lingyan.directory.rules.hands import LEADER, POSTED, STAFF
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.ui.worklist import Waiting, WorkItem, count_waiting, items, page_of
from lingyan.posting.models import Posting
from lingyan.posting.queries import help_requests as help_queries
from lingyan.posting.queries import honors as honor_queries
from lingyan.posting.queries import life as life_queries
from lingyan.posting.queries import support as queries
from lingyan.posting.rules import IN_POST
from lingyan.posting.rules import help_requests as help_rules
from lingyan.posting.rules import support as rules
from lingyan.posting.rules.life import warn_uninsured
from lingyan.posting.rules.support_words import (
    ItemState,
    NominationState,
    PaymentState,
    SupportItem,
)

TONE_OF_ITEM = {
    ItemState.DONE: "g",
    ItemState.DUE: "y",
    ItemState.OVERDUE: "r",
    ItemState.NONE: "",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One posted person with every item of the year."""

    posting: Posting
    lines: tuple[rules.ItemLine, ...]

    @property
    def cells(self) -> list[tuple[rules.ItemLine | None, str, SupportItem]]:
        """A cell for each item, in the order of the headings."""
        by_item = {one.item: one for one in self.lines}
        return [(by_item.get(item), _tone(by_item.get(item)), item) for item in SupportItem]

    @property
    def overdue(self) -> int:
        return sum(one.overdue for one in self.lines)

    def state_of(self, item: str) -> ItemState | None:
        return next((one.state for one in self.lines if one.item == item), None)


def _tone(line: rules.ItemLine | None) -> str:
    return TONE_OF_ITEM[line.state] if line else ""


def rows(postings: Sequence[Posting], year: int) -> list[Row]:
    """Every item of everybody; six queries however many there are."""
    facts = queries.year_facts(postings, year)
    return [Row(one, rules.year_lines(facts[one.pk])) for one in postings]


@dataclass(frozen=True, slots=True)
class Tile:
    """How many people have what is due of an item, and how many are late."""

    item: SupportItem
    done: int
    people: int
    overdue: int


def tiles(found: Iterable[Row]) -> list[Tile]:
    found = [one for one in found if one.lines]
    return [
        Tile(
            item,
            _people(found, item, ItemState.DONE),
            len({one.posting.person_id for one in found}),
            _people(found, item, ItemState.OVERDUE),
        )
        for item in SupportItem
    ]


def _people(found: Iterable[Row], item: SupportItem, state: ItemState) -> int:
    return len({one.posting.person_id for one in found if one.state_of(item) == state})


def keys_in_state(found: Iterable[Row], state: str, item: str = "") -> list[UUID]:
    """Postings of which this item, or any, stands so."""
    return [
        one.posting.pk
        for one in found
        if any(line.state == state and item in ("", line.item) for line in one.lines)
    ]


def _uninsured(posting: Posting) -> Sequence[Period]:
    gaps = queries.insurance_gaps(posting)
    return gaps if warn_uninsured(is_insured=not gaps) else ()


# --- one person -----------------------------------------------------------------------------------


def of_person(posting: Posting, year: int, actor: Actor) -> dict[str, Any]:
    """Everything that one person is given in a year, with the records behind it."""
    [row] = rows([posting], year)
    county = county_of(posting.village)
    budget = queries.list_budgets(actor).filter(posting=posting, year=year).first()
    in_post = posting.state in IN_POST and posting.until is None
    return {
        "row": row,
        "policies": queries.policies_of(posting),
        "uninsured": _uninsured(posting) if in_post else (),
        "budget": budget,
        "payments": queries.lines_of_person(posting, year),
        "records": queries.records_of(posting).filter(happened_on__year=year),
        "standards": queries.standards_in_force(county, clock.today()),
        "honors": honor_queries.honors_of(posting),
        "requests": help_queries.requests_of(posting, actor)
        if actor.role in help_rules.READERS
        else (),
    }


# --- the worklist ---------------------------------------------------------------------------------


def worklist(actor: Actor) -> list[WorkItem]:
    """What of support waits for this person."""
    return [*_computed(actor), *items(_kinds(actor))]


def count(actor: Actor) -> int:
    return len(_computed(actor)) + count_waiting(_kinds, actor)


def _computed(actor: Actor) -> list[WorkItem]:
    """What follows from dates rather than from rows."""
    if actor.role in STAFF:
        return _lists_to_make(actor)
    return _own(actor) if actor.role in POSTED else []


def _lists_to_make(actor: Actor) -> list[WorkItem]:
    """Last month's lists, as long as somebody could be paid and is on none."""
    county = find_county(actor.scope)
    if county is None:
        return []
    month = add_months(clock.today().replace(day=1), -1)
    found = []
    for item in rules.PAID_MONTHLY:
        key = rules.KEY_OF_ITEM[item]
        if queries.standard_on(county, key, month_of(month).last_day) is None:
            continue
        ready, _ = queries.who_is_paid(county, item, month)
        if ready:
            asked = urlencode({"item": item.value, "month": f"{month:%Y-%m}"})
            found.append(
                WorkItem(
                    f"{month.month} 月{item.label}待制表，{len(ready)} 人",
                    "制表后由另一人审核，再支付",
                    f"{reverse('payment_make')}?{asked}",
                    rules.pay_due(month),
                    "file",
                )
            )
    return found


def _own(actor: Actor) -> list[WorkItem]:
    """The examination of this year, when its end is near, and days without insurance."""
    own = life_queries.own_posting(actor.scope)
    if own is None or own.state not in IN_POST:
        return []
    [row] = rows([own], clock.today().year)
    waiting = (ItemState.DUE, ItemState.OVERDUE)
    return [
        WorkItem(
            f"{line.item.label}{line.state.label}",
            line.text or "做好后请单位、乡镇或县委组织部登记",
            reverse("support_mine"),
            line.next_due,
            "heart",
        )
        for line in row.lines
        if line.state in waiting
        and line.item in (SupportItem.HEALTH_EXAM, SupportItem.ACCIDENT_INS)
    ]


def _kinds(actor: Actor) -> list[Waiting]:
    """Rows whose next step is this person's."""
    found = []
    payments = queries.list_payments(actor.scope).exclude(made_by_id=actor.user_id)
    if actor.role in (*STAFF, *LEADER):
        made = payments.filter(state=PaymentState.MADE)
        found.append(
            Waiting(
                "张发放表待审核",
                "审核人不能是制表人",
                made,
                page_of("payment_list", state=PaymentState.MADE),
            )
        )
    if actor.role in rules.PAYERS:
        checked = payments.filter(state=PaymentState.CHECKED)
        found.append(
            Waiting(
                "张发放表待支付",
                "支付后登记凭证号",
                checked,
                page_of("payment_list", state=PaymentState.CHECKED),
            )
        )
    if actor.role in rules.INSURERS:
        found.append(_insurance_ending(actor))
    if actor.role in help_rules.READERS:
        found += _help(actor)
    if actor.role in LEADER:
        found += _nominations(actor)
    return found


def _insurance_ending(actor: Actor) -> Waiting:
    """Policies that end soon within the term, and none that begins where they end."""
    soon = clock.today() + timedelta(days=rules.INSURANCE_WARN_DAYS)
    return Waiting(
        "名同志的意外伤害保险到期或将到期",
        "续保后登记，中间不断档",
        queries.list_insurance_ending(actor.scope, clock.today(), soon),
        page_of("support_list", insurance="ending"),
    )


def _help(actor: Actor) -> list[Waiting]:
    today = clock.today()
    requests = help_queries.list_requests(actor)
    waiting = requests.filter(help_queries.waiting_q(actor))
    if actor.role in POSTED:
        return [
            Waiting(
                "件困难等您确认办理结果",
                "解决了请确认；没有解决的写明还差什么",
                waiting,
                page_of("help_list", turn="waiting"),
            )
        ]
    reported = requests.filter(help_queries.reported_q(actor, today)).exclude(
        owner__in=help_queries.owners_of(actor)
    )
    found = [
        Waiting(
            "件实际困难等您办",
            "办好后由提出的同志确认",
            waiting,
            page_of("help_list", turn="waiting"),
        )
    ]
    if actor.role in (*STAFF, *LEADER):
        found.append(
            Waiting(
                "件实际困难超期未办结",
                "超过期限的逐级上报，请督促承办方",
                reported,
                page_of("help_list", turn="reported"),
            )
        )
    return found


def _nominations(actor: Actor) -> list[Waiting]:
    state = NominationState.NOMINATED
    honors = honor_queries.list_honors(actor.scope).filter(state=state)
    careers = honor_queries.list_careers(actor.scope).filter(state=state)
    return [
        Waiting(
            "项表彰提名待决定", "登记人不能是提名人", honors, page_of("honor_list", state=state)
        ),
        Waiting(
            "项使用建议待决定", "登记人不能是提出人", careers, page_of("career_list", state=state)
        ),
    ]


YEARS_SHOWN = 3


def years() -> list[tuple[str, str]]:
    this = clock.today().year
    return [(str(this - back), f"{this - back} 年") for back in range(YEARS_SHOWN)]


def year_asked(text: str) -> int:
    """The year in the address, or this one."""
    known = {code for code, _ in years()}
    return int(text) if text in known else clock.today().year
