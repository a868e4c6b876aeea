"""What waits for whom in duty lists, reviews and targets, and what do their pages show?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from lingyan.common import clock
from lingyan.directory.rules.hands import LEADER, STAFF
from lingyan.organization.models import DutyList
from lingyan.organization.queries import reviews as queries
from lingyan.organization.rules import duty_lists as duties
from lingyan.organization.rules import reviews as rules
from lingyan.organization.rules.review_words import DutyLevel, PaperState, ReviewState
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.indicators import registry
from lingyan.platform.indicators.definitions import Indicator
from lingyan.platform.ui.worklist import (
    Waiting,
    WorkItem,
    count_waiting,
    items,
    page_of,
    waiting_for,
)

REMIND_MONTH = 2  # a month before the lists are due
# Whose step a round waits for.
OF_RUNNERS = (ReviewState.REPORTED, ReviewState.GRADED, ReviewState.PROBLEMS_LISTED)


@dataclass(frozen=True, slots=True)
class Measured:
    """By which number an item is measured, and the number's page of the list's place and year."""

    name: str
    url: str  # empty for whoever does not read it


def indicator_names() -> dict[str, str]:
    """As the catalogue calls them."""
    return {code: found.name for code in duties.INDICATORS if (found := registry.find(code))}


def measured_by(duty: DutyList, actor: Actor) -> dict[str, Measured]:
    """Each indicator that an item may name."""
    area = f"unit-{duty.unit_id}" if duty.unit_id else f"place-{duty.place_id}"
    asked = {"area": area} | ({"period": duty.year} if duty.year <= clock.today().year else {})
    found = {code: one for code in duties.INDICATORS if (one := registry.find(code))}
    return {code: Measured(one.name, _page(one, asked, actor)) for code, one in found.items()}


def _page(indicator: Indicator, asked: Mapping[str, object], actor: Actor) -> str:
    url = reverse("figure_detail", args=[indicator.code])
    return f"{url}?{urlencode(asked)}" if actor.role in indicator.readers else ""


def years() -> list[tuple[str, str]]:
    this = clock.today().year
    return [(str(year), f"{year} 年") for year in range(this, this - 4, -1)]


def year_asked(text: str) -> int:
    this = clock.today().year
    return int(text) if text.isdigit() and 2020 <= int(text) <= this + 1 else this


# --- the worklist ---------------------------------------------------------------------------------


def _to_write(actor: Actor) -> Iterable[Waiting]:
    """One's own list of the year: not begun, or not handed in."""
    today = clock.today()
    due = duties.due_on(today.year)
    if today >= date(today.year, REMIND_MONTH, 1):
        yield Waiting(
            "份本年党建责任清单还没有写", "系统先列出上年或常用的事项，改一改就能提交",
            queries.without_list(actor, today.year), page_of("duty_list_list"), due_on=due,
            icon="list",
        )  # fmt: skip
    yield Waiting(
        "份责任清单待提交", "核对每一项，提交上一级批准",
        queries.own_lists(actor, today.year).filter(
            state__in=(PaperState.DRAFT, PaperState.RETURNED)
        ),
        page_of("duty_list_list"), due_on=due, icon="list",
    )  # fmt: skip


def _to_approve(actor: Actor) -> Iterable[Waiting]:
    yield Waiting(
        "份责任清单待批准", "看过后批准，或写明理由退回", queries.list_submitted(actor),
        page_of("duty_list_list", state="submitted"), icon="list",
    )  # fmt: skip


def _by(actor: Actor) -> Callable[[Any], date]:
    """The day of a year's review; the county's number is asked for where a line is shown only."""
    return lambda year: queries.round_due(actor, year)


def _to_report(actor: Actor) -> Iterable[Waiting]:
    yield Waiting(
        "份述职报告待确认", "报告由记录写成，看过后确认", queries.list_to_report(actor),
        page_of("review_list", state="opened"), "round__year", _by(actor), icon="file",
    )  # fmt: skip


def _to_open(actor: Actor) -> Iterable[Waiting]:
    """Who owes a review that nobody has begun: towns that of their villages, the county two."""
    year = rules.year_owed(clock.today())
    if year is None:
        return
    levels = (DutyLevel.TOWN, DutyLevel.UNIT) if actor.role in STAFF else (DutyLevel.VILLAGE,)
    by = _by(actor)
    for level in levels:
        yield Waiting(
            f"次 {year} 年{level.label}述职评议还没有启动", "启动后名单取自名册",
            queries.places_owing(actor, level, year), page_of("review_open"),
            "path", lambda _: by(year), icon="scale",
        )  # fmt: skip


def _to_run(actor: Actor) -> Iterable[Waiting]:
    yield Waiting(
        "次述职评议等您办理下一步", "登记票数、列问题或核对整改",
        queries.list_waiting_rounds(actor.scope, OF_RUNNERS), page_of("review_list"),
        "year", _by(actor), icon="scale",
    )  # fmt: skip


def _to_grade(actor: Actor) -> Iterable[Waiting]:
    yield Waiting(
        "次述职评议待定等次", "逐人定等次，村书记另作发展党员的结论",
        queries.list_waiting_rounds(actor.scope, (ReviewState.EVALUATED,)),
        page_of("review_list", state="evaluated"), "year", _by(actor), icon="scale",
    )  # fmt: skip
    yield Waiting(
        "份机关党建目标考评待批准", "结对得分由系统取数",
        queries.list_targets(actor.scope).filter(Q(state=PaperState.SUBMITTED)),
        page_of("target_list", state="submitted"), icon="building",
    )  # fmt: skip


SOURCES = (
    (duties.ALL_WRITERS, _to_write),
    (duties.ALL_APPROVERS, _to_approve),
    (rules.SECRETARIES, _to_report),
    (rules.RUNNERS, _to_open),
    (rules.RUNNERS, _to_run),
    (LEADER, _to_grade),
)


def _waiting(actor: Actor) -> list[Waiting]:
    return waiting_for(actor, SOURCES)


def worklist(actor: Actor) -> list[WorkItem]:
    return items(_waiting(actor))


def count(actor: Actor) -> int:
    return count_waiting(_waiting, actor)
