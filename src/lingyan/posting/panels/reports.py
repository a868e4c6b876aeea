"""How does a report look, which periods are there to choose from, and what waits for whom?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from lingyan.common import clock
from lingyan.common.periods import ONE_DAY
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.ui.worklist import Waiting, WorkItem, count_waiting, items, page_of
from lingyan.posting.models import Posting
from lingyan.posting.queries import diary as diary_queries
from lingyan.posting.queries import problems as problem_queries
from lingyan.posting.queries import reports as queries
from lingyan.posting.rules import reports as rules
from lingyan.posting.rules.diary import WRITERS
from lingyan.posting.rules.diary_words import Duty, ReportKind
from lingyan.posting.rules.problems import OWNING_ROLES

PERIODS_SHOWN = 12
LATE_READERS = (Role.TOWN_ORG, Role.TOWN_SECRETARY, Role.COUNTY_ORG_STAFF, Role.COUNTY_ORG_ADMIN)
FIGURES = (
    ("entries", "日志", "条", "diary"),
    ("on_site_days", "驻村", "天", "diary"),
    ("households", "走访", "户次", "diary"),
    ("photos", "照片", "张", "diary"),
    ("problems_found", "发现问题", "个", "found"),
    ("problems_solved", "解决问题", "个", "solved"),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a report, with the page that lists its records."""

    label: str
    value: int
    unit: str
    url: str


@dataclass(frozen=True, slots=True)
class ShownReport:
    """A report's content in the order in which it is read."""

    summary: str
    figures: tuple[Figure, ...]
    months: tuple[Figure, ...]
    sections: tuple[tuple[str, int, tuple[str, ...]], ...]
    problems: tuple[tuple[str, str], ...]


def shown(posting: Posting, due: rules.DueReport, content: Mapping[str, Any]) -> ShownReport:
    told = content["figures"]
    diary = reverse("posting_diary", args=[posting.pk])
    within = f"{due.period.since}..{due.period.last_day}"
    problems = f"{reverse('problem_list')}?posting={posting.pk}"
    pages = {
        "diary": f"{diary}?within={within}",
        "found": f"{problems}&found={within}",
        "solved": f"{problems}&solved={within}",
    }
    months = () if due.kind is ReportKind.MONTH else content["by_month"].items()
    return ShownReport(
        content["summary"],
        tuple(
            Figure(label, told[name], unit, pages[page])
            for name, label, unit, page in FIGURES
            if name in told
        ),
        tuple(Figure(name, count, "条", f"{diary}?month={name}") for name, count in months),
        tuple(
            (duty.label, content["by_duty"].get(duty.value, 0),
             tuple(content["sections"][duty.value]))
            for duty in Duty
        ),
        tuple((reverse("problem_detail", args=[pk]), text) for pk, text, _ in content["problems"]),
    )  # fmt: skip


def periods(kind: ReportKind, today: date) -> list[rules.DueReport]:
    """The present period and those before it, to choose from."""
    found, day = [], today
    for _ in range(PERIODS_SHOWN):
        due = rules.report_of(kind, day)
        found.append(due)
        day = due.period.since - ONE_DAY
    return found


# --- what waits ---------------------------------------------------------------------------------


def worklist(actor: Actor) -> list[WorkItem]:
    """Reports that are due, entries with two versions, problems whose next step is one's own."""
    return [*own(actor), *items(kinds(actor))]


def count(actor: Actor) -> int:
    """How many lines the worklist has, for the menu of every page."""
    return len(own(actor)) + count_waiting(kinds, actor)


def own(actor: Actor) -> list[WorkItem]:
    """One's own reports that are due, and entries of which two versions wait for a choice."""
    if actor.role not in WRITERS or actor.scope.person_id is None:
        return []
    postings = list(diary_queries.list_own_postings(actor.scope))
    lines = queries.list_own_lines(postings, clock.today())
    items = [_report_item(one) for one in lines if one.report is None]
    conflicts = diary_queries.list_own_conflicts(actor.scope).count()
    if conflicts:
        items.append(
            WorkItem(
                f"{conflicts} 条日志有两个版本",
                "手机上和系统里改得不一样，选定用哪个",
                reverse("diary_list"),
                icon="swap",
            )
        )
    return items


def _report_item(line: queries.ReportLine) -> WorkItem:
    due = line.due
    return WorkItem(
        f"{due.title}待确认",
        "内容已由日志汇总好，看一遍，确认即可",
        reverse("report_detail", args=[line.posting.pk, *_address(due)]),
        due_on=due.due_on,
        icon="file",
    )


def _address(due: rules.DueReport) -> tuple[str, str]:
    return due.kind.value, due.period.since.isoformat()


def kinds(actor: Actor) -> Iterable[Waiting]:
    """Problems whose next step is this side's, and reports of others that are late."""
    found = []
    if any(actor.role in roles for roles in OWNING_ROLES.values()):
        found.append(
            Waiting(
                "个发现的问题等您办",
                "写明办理情况；办好的由发现人确认",
                problem_queries.list_waiting(actor),
                page_of("problem_list", turn="waiting"),
            )
        )
    if actor.holds(*LATE_READERS):
        found += _late(actor)
    return found


def _late(actor: Actor) -> Iterable[Waiting]:
    today = clock.today()
    last = rules.report_of(ReportKind.MONTH, today.replace(day=1) - ONE_DAY)
    if today <= last.due_on:
        return
    yield Waiting(
        f"名派驻人员没有确认{last.period.since.month}月的工作纪实",
        f"应在 {last.due_on} 前确认，请提醒本人",
        queries.list_unconfirmed(actor.scope, last),
        page_of("report_list", state="missing"),
    )
