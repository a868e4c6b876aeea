"""一人一档, 一村一档, 一单位一档: what did the people posted do, as at any day?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse

from lingyan.common import clock
from lingyan.directory.models import Person, Place, Unit
from lingyan.directory.roles import Role
from lingyan.directory.rules import PlaceLevel
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.as_at import values_on
from lingyan.platform.ui.panels import Panel, PanelRow
from lingyan.platform.ui.templatetags.ui import day
from lingyan.posting import rules
from lingyan.posting.models import Problem
from lingyan.posting.panels.life import label_of
from lingyan.posting.panels.records import States
from lingyan.posting.queries import files as queries
from lingyan.posting.queries import liaison as liaison_queries
from lingyan.posting.queries.files import About
from lingyan.posting.queries.standards import numbers_on
from lingyan.posting.rules import liaison as liaison_rules
from lingyan.posting.rules import reports as report_rules
from lingyan.posting.rules.diary_words import ProblemState, ReportKind
from lingyan.posting.rules.liaison_words import VisitForm, VisitSide
from lingyan.posting.rules.support_words import StandardKey

# Whoever reads the diary reads the file that is made of it; others of a page have no such card.
READERS = frozenset(
    (*liaison_rules.VISIT_READERS, Role.COUNTY_AGENCY_COMMITTEE.value, *rules.POSTED)
)
SHOWN = 5
MONTHS_SHOWN = 12


def of_village(village: Place, actor: Actor, on: date) -> list[Panel]:
    if village.level != PlaceLevel.VILLAGE or actor.role not in READERS:
        return []
    about = About.village(village)
    return [
        _contacts(village, on),
        _diary(about, actor, on, names_person=True),
        _problems(about, actor, on, f"{reverse('problem_list')}?q={village.short_name}"),
        _months(about, actor, on, names_person=True),
        _leave(about, actor, on),
        _visits(about, actor, on, f"{reverse('visit_list')}?village={village.pk}"),
    ]


def of_person(person: Person, actor: Actor, on: date) -> list[Panel]:
    """Nothing of somebody who was never posted: the cards would all be empty."""
    about = About.person(person)
    if actor.role not in READERS or not person.postings.exists():
        return []
    return [
        _steps(about, actor, on),
        _diary(about, actor, on, names_person=False),
        _reports(about, actor, on),
        _months(about, actor, on, names_person=False),
        _leave(about, actor, on),
        _problems(about, actor, on, f"{reverse('problem_list')}?q={person.name}"),
        _visits(about, actor, on, f"{reverse('visit_list')}?q={person.name}"),
    ]


def of_unit(unit: Unit, actor: Actor, on: date) -> list[Panel]:
    if actor.role not in READERS:
        return []
    about = About.unit(unit)
    return [
        _owed(unit, actor, on),
        _visits(about, actor, on, f"{reverse('visit_list')}?unit={unit.pk}"),
        _problems(about, actor, on, reverse("problem_list")),
        _diary(about, actor, on, names_person=True),
    ]


# --- one card each ------------------------------------------------------------------------------


def _contacts(village: Place, on: date) -> Panel:
    rows = tuple(
        PanelRow(
            one.holder.user.name,
            f"{one.get_kind_display()} · {one.target} · {day(one.since)} 起",
        )
        for one in queries.contacts(village, on)
    )
    return Panel("分片联系", rows, "没有明确联系人。", reverse("liaison_list"), "全部联系")


def _diary(about: About, actor: Actor, on: date, *, names_person: bool) -> Panel:
    sums = queries.diary_sums(about, actor, on)
    entries = queries.last_entries(about, actor, on, SHOWN)
    rows = []
    if sums.entries:
        text = f"{on.year} 年{'' if on >= clock.today() else '到这一天'} {sums.entries} 条"
        more = f"，走访 {sums.households} 户次" if sums.households else ""
        rows.append(PanelRow(text, f"有记录的 {sums.days} 天{more}"))
    for one in entries:
        who = f"{one.posting.person} · " if names_person else ""
        rows.append(
            PanelRow(
                f"{day(one.happened_on)} {one.get_duty_display()}",
                f"{who}{one.text[:60]}",
                reverse("diary_entry", args=[one.pk]),
            )
        )
    return Panel("工作日志", tuple(rows), "还没有工作日志。")


def _problems(about: About, actor: Actor, on: date, url: str) -> Panel:
    found = list(queries.problems(about, actor, on)[:60])
    told = _problem_states(found, on)
    still = [one for one in found if told[one.pk] != ProblemState.SOLVED]
    done = [one for one in found if told[one.pk] == ProblemState.SOLVED]
    states = States([*still, *done], on)
    rows = [
        PanelRow(
            one.text,
            f"{day(one.found_on)} 发现，{one.get_owner_display()}承办，{day(one.due_on)} 前办结",
            reverse("problem_detail", args=[one.pk]),
            **states.tag(one),
        )
        for one in [*still, *done][: SHOWN + 3]
    ]
    if found:
        count = f"{len(found)} 个问题，{len(still)} 个还没有解决"
        rows.insert(0, PanelRow(count))
    return Panel("发现的问题", tuple(rows), "没有登记过问题。", url)


def _problem_states(found: Iterable[Problem], on: date) -> dict[Any, Any]:
    return values_on(found, "state", on)


def _months(about: About, actor: Actor, on: date, *, names_person: bool) -> Panel:
    rows, numbers = [], numbers_on(on)
    for one in queries.months(about, actor, on)[:MONTHS_SHOWN]:
        wanted = numbers.of(one.posting.village.path, StandardKey.MONTH_DAYS)
        who = f"{one.posting.person} · " if names_person else ""
        short = one.days < wanted
        url = reverse("presence_month", args=[one.posting_id, f"{one.month:%Y-%m}"])
        rows.append(
            PanelRow(
                f"{one.month:%Y-%m}",
                f"{who}在村 {one.days} 天，请假 {one.leave_days} 天",
                url,
                f"不足 {wanted} 天" if short else "",
                "y" if short else "",
            )
        )
    return Panel("确认的在村天数", tuple(rows), "还没有确认过的月份。", reverse("presence_months"))


def _leave(about: About, actor: Actor, on: date) -> Panel:
    taken = list(queries.leave(about, actor, on)[:SHOWN])
    states = States(taken, on)
    rows = tuple(
        PanelRow(
            f"{day(one.since)} 至 {day(one.last_day)}",
            f"{one.posting.person} · {one.days} 天",
            reverse("leave_detail", args=[one.pk]),
            **states.tag(one),
        )
        for one in taken
    )
    return Panel("请假", rows, "没有请过假。", reverse("leave_list"))


def _visits(about: About, actor: Actor, on: date, url: str) -> Panel:
    rows = tuple(
        PanelRow(
            f"{day(one.happened_on)} {one.get_form_display()}",
            f"{one.get_side_display()} {one.made_by_name} · {one.posting.person}"
            + (f" · {one.text[:40]}" if one.form == VisitForm.VISIT else ""),
            reverse("visit_detail", args=[one.pk]),
        )
        for one in queries.visits(about, actor, on)[:SHOWN]
    )
    return Panel("走访谈心", rows, "没有走访谈心的记录。", url)


def _steps(about: About, actor: Actor, on: date) -> Panel:
    rows = tuple(
        PanelRow(
            f"{day(one.happened_on)} {label_of(one.act)}",
            f"{one.posting.village} · {one.made_by_name}办理",
            reverse("posting_detail", args=[one.posting_id]),
        )
        for one in queries.steps(about, actor, on)[:SHOWN]
    )
    return Panel("派驻中的办理事项", rows, "没有办理过事项。")


def _reports(about: About, actor: Actor, on: date) -> Panel:
    rows = []
    for one in queries.reports(about, actor, on)[: SHOWN + 1]:
        due = report_rules.report_of(ReportKind(one.kind), one.since)
        url = reverse("report_detail", args=[one.posting_id, one.kind, str(one.since)])
        rows.append(PanelRow(due.title, f"{day(one.confirmed_at)} 本人确认", url))
    return Panel("工作报告", tuple(rows), "还没有确认过报告。", reverse("report_list"))


def _owed(unit: Unit, actor: Actor, on: date) -> Panel:
    """By who is in post now; a past day has no such sum, because posts change hands."""
    if on < clock.today():
        return Panel("该走访的村", (), "过去的日子不计算应走访次数，请看下面的走访记录。")
    lines = [
        line
        for line in liaison_queries.owed_lines_of_unit(actor.scope, unit, on)
        if line.side is VisitSide.UNIT and line.owed.needed
    ]
    rows = tuple(
        PanelRow(
            f"{line.village.parent or ''}{line.village}",
            f"今年应走访 {line.owed.needed} 次，已走访 {line.made} 次",
            "",
            f"还差 {line.missing} 次" if line.missing else "已够",
            "y" if line.missing else "g",
        )
        for line in lines
    )
    return Panel("该走访的村", rows, "没有派驻村。", reverse("visit_due"))
