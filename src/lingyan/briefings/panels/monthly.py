"""What of monthly reports waits for whom, and what do their pages show?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from lingyan.briefings import facts_of_neighbours
from lingyan.briefings.actions import monthly as actions
from lingyan.briefings.actions.monthly_known import Known, known_of
from lingyan.briefings.models import MonthlyItem, MonthlyPeriod, MonthlyReport
from lingyan.briefings.queries import monthly as queries
from lingyan.briefings.queries.monthly import Progress
from lingyan.briefings.rules import monthly as rules
from lingyan.briefings.rules.monthly_words import TO_FILL, ReportState
from lingyan.common import clock
from lingyan.common.alerts import AlertLevel, alert_level
from lingyan.common.flow import open_acts
from lingyan.common.periods import month_of
from lingyan.directory.models import Place
from lingyan.directory.rules import PlaceLevel
from lingyan.directory.rules.hands import STAFF, TOWN
from lingyan.platform.accounts.actor import Actor, Scope
from lingyan.platform.audit.as_at import values_on
from lingyan.platform.ui.panels import Panel, PanelRow
from lingyan.platform.ui.templatetags.ui import TONE_OF_STATE
from lingyan.platform.ui.worklist import (
    Source,
    Waiting,
    WorkItem,
    count_waiting,
    items,
    page_of,
    waiting_for,
)

TONES = {AlertLevel.YELLOW: "y", AlertLevel.RED: "r", AlertLevel.BLACK: "r"}
SHOWN_MONTHS = 12
USUAL = ("submit", "approve", "lock")
ASKED = (*rules.REASONED, "drop")


# --- the worklist ---------------------------------------------------------------------------------


def worklist(actor: Actor) -> list[WorkItem]:
    return items(_waiting(actor))


def count(actor: Actor) -> int:
    return count_waiting(_waiting, actor)


def _waiting(actor: Actor) -> list[Waiting]:
    return waiting_for(actor, SOURCES)


def _to_fill(actor: Actor) -> Iterable[Waiting]:
    rows = queries.list_reports(actor.scope).filter(state__in=TO_FILL)
    detail = "只问系统自己不知道的几件事，填好后由村党组织提交"
    yield Waiting("份村月报等您填写", detail, rows, page_of("monthly_list", turn="fill"), "due_on")


def _to_check(actor: Actor) -> Iterable[Waiting]:
    rows = queries.list_reports(actor.scope)
    yield Waiting(
        "份村月报等您审核", "属实的审核通过，不实的写明理由退回",
        rows.filter(state=ReportState.SUBMITTED), page_of("monthly_list", turn="check"),
        "due_on",
    )  # fmt: skip
    yield Waiting(
        "份村月报超期没有报", "请催村里填报", rows.filter(queries.late_q(clock.today())),
        page_of("monthly_list", turn="late"), "due_on",
    )  # fmt: skip


def _to_lock(actor: Actor) -> Iterable[Waiting]:
    rows = queries.list_reports(actor.scope)
    yield Waiting(
        "份村月报等您锁定", "乡镇已审核；锁定以后数字才算数",
        rows.filter(state=ReportState.APPROVED), page_of("monthly_list", turn="lock"), "due_on",
    )  # fmt: skip


SOURCES: list[Source] = [
    (rules.FILLERS, _to_fill),
    (TOWN, _to_check),
    (STAFF, _to_lock),
]


# --- a report -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One item as a page shows it: what is said now and what was said the month before."""

    item: MonthlyItem
    said: str
    before: str


def lines_of(report: MonthlyReport) -> list[Line]:
    said, before = queries.answers_of(report), queries.answers_before(report)
    return [
        Line(
            one,
            rules.shown(said.get(one.code), one.unit),
            rules.shown(before.get(one.code), one.unit),
        )
        for one in queries.items_of(report.period.form)
    ]


def known_by_group(report: MonthlyReport) -> dict[str, list[Known]]:
    """What the system knew when the report was sent, or knows now while it is being filled in."""
    is_open = report.state in TO_FILL
    found: dict[str, list[Known]] = {}
    for one in known_of(report) if is_open else report.known:
        found.setdefault(one["group"], []).append(one)
    return found


def first_secretaries(report: MonthlyReport) -> list[tuple[str, str, str]]:
    """Whose monthly record says what already, and where; so that it is not asked again."""
    found = facts_of_neighbours.month_records(report.village_id, month_of(report.month))
    since = f"{report.month:%Y-%m-%d}"
    return [
        (one.person, one.summary, reverse("report_detail", args=[one.posting_id, "month", since]))
        for one in found
    ]


@dataclass(frozen=True, slots=True)
class Act:
    act: str
    label: str
    is_asked: bool  # whether a page comes first: for a reason, or to be sure
    is_usual: bool  # what the page is opened for; the others take something back


def acts_of(report: MonthlyReport, actor: Actor) -> list[Act]:
    """The steps that are open to this person now; filling in has a button of its own."""
    return [
        Act(line.act, line.label, line.act in ASKED, line.act in USUAL)
        for line in open_acts(rules.MONTHLY_FLOW, state=report.state, role=actor.role)
        if not actions.reasons_against(report, line.act, actor=actor)
    ]


def may_fill(report: MonthlyReport, actor: Actor) -> bool:
    return actor.role in rules.FILLERS and report.state in TO_FILL


def tone_of(report: MonthlyReport) -> tuple[str, str]:
    """The alert level of 0.8 for a village that owes its report; a correction is not owed."""
    if report.state not in TO_FILL or report.version > 1:
        return "", ""
    level = alert_level(report.due_on, clock.today())
    return TONES.get(level, ""), level.label if level in TONES else ""


# --- a month --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Month:
    """How far a month is, by town and in all."""

    towns: list[Progress]
    whole: Progress


def month_of_towns(scope: Scope, period: MonthlyPeriod) -> Month:
    towns = queries.progress_by_town(scope, period, clock.today())
    whole = Progress("合计", "", 0, 0, 0, 0, 0, 0)
    for one in towns:
        whole += one
    return Month(towns, whole)


# --- on the page of a village ---------------------------------------------------------------------


def of_village(village: Place, actor: Actor, on: date) -> list[Panel]:
    """Its last monthly reports, each in the state of that day."""
    if village.level != PlaceLevel.VILLAGE or actor.role not in rules.READERS:
        return []
    rows = queries.list_reports(actor.scope).filter(village=village, month__lte=on)
    found = list(rows.order_by("-month", "-version")[:SHOWN_MONTHS])
    if not found:
        return []
    states = values_on(found, "state", on)
    shown = tuple(
        PanelRow(
            one.period.title, f"第 {one.version} 份" if one.version > 1 else "",
            reverse("monthly_report", args=[one.pk]),
            ReportState(states[one.pk]).label, TONE_OF_STATE.get(states[one.pk], ""),
        )
        for one in found
    )  # fmt: skip
    return [Panel("村月报", shown, "没有月报。", reverse("monthly_list"))]
