"""What does the page of a pair's year show, and which of the five are pressing for whom?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from lingyan.common import clock
from lingyan.common.alerts import AlertLevel
from lingyan.common.periods import Period
from lingyan.directory.rules.hands import UNIT, VILLAGE
from lingyan.pairing.actions.corrections import LABELS
from lingyan.pairing.models import PairActivity, PairDeed, Pairing, PairMeeting
from lingyan.pairing.models.activities import KeptVersion
from lingyan.pairing.panels.pair_page import Section
from lingyan.pairing.queries import year as queries
from lingyan.pairing.queries import year_records as records
from lingyan.pairing.rules import year as rules
from lingyan.pairing.rules.activities import READERS, SIDE_OF_ROLE
from lingyan.pairing.rules.activity_words import ActivityMode, ActivityState, MeetingKind
from lingyan.pairing.rules.words import FiveOne
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.ui.worklist import (
    Waiting,
    WorkItem,
    count_waiting,
    items,
    page_of,
    waiting_for,
)

TONES = {
    AlertLevel.GREEN: "", AlertLevel.YELLOW: "y", AlertLevel.RED: "r", AlertLevel.BLACK: "r",
}  # fmt: skip
SHORT = {
    FiveOne.LIFE_MEETING: "联合组织生活会",
    FiveOne.THEME_DAY: "主题党日",
    FiveOne.DEED: "一件实事",
    FiveOne.YOUTH: "青年骨干",
    FiveOne.PATH: "发展路子",
}
FIRST_YEAR = 2020


def year_asked(text: str) -> int:
    """The year that the address names, else the present one."""
    this = clock.today().year
    return int(text) if text.isdecimal() and FIRST_YEAR <= int(text) <= this + 1 else this


def year_choices() -> list[tuple[str, str]]:
    this = clock.today().year
    return [(str(year), f"{year} 年") for year in range(this, this - 4, -1)]


# --- the five -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FiveOneLine:
    """One of the five: done or not, by what, and where to go on."""

    label: str
    is_done: bool
    evidence: list[tuple[str, str]]  # words and address
    missing: str
    url: str


def _activity(one: PairActivity) -> tuple[str, str]:
    return f"{one.day} {one.get_kind_display()}", reverse("activity_detail", args=[one.pk])


def five_one_lines(pairing: Pairing, year: int) -> list[FiveOneLine]:
    """The five of one pair's year with the records that make each of them true."""
    done = queries.five_ones([pairing.pk], year).get(pairing.pk, frozenset())
    held = [
        one
        for one in queries.activities_of(pairing, year)
        if one.state == ActivityState.HELD
    ]  # fmt: skip
    deeds = queries.deeds_of(pairing, year)
    youth = [one for one in queries.youth_of(pairing, year) if not one.withdrawn]
    paths = queries.paths_of(pairing, year)
    pair = f"?pair={pairing.pk}"
    evidence: dict[FiveOne, list[tuple[str, str]]] = {
        FiveOne.LIFE_MEETING: [_activity(one) for one in held if one.kind == "joint_meeting"],
        FiveOne.THEME_DAY: [_activity(one) for one in held if one.has_oath],
        FiveOne.DEED: [
            (f"{one.title}（{one.get_state_display()}）", reverse("deed_detail", args=[one.pk]))
            for one in deeds
            if not one.withdrawn
        ],
        FiveOne.YOUTH: [(f"{one.name}（{one.content}）", "") for one in youth],
        FiveOne.PATH: [
            (f"{one.title}（{one.get_state_display()}）", reverse("path_detail", args=[one.pk]))
            for one in paths
            if not one.withdrawn
        ],
    }
    missing = {
        FiveOne.LIFE_MEETING: "还没有双方都到的联合组织生活会",
        FiveOne.THEME_DAY: "还没有重温入党誓词的主题党日",
        FiveOne.DEED: "还没有群众确认的实事",
        FiveOne.YOUTH: f"已点名 {len(youth)} 位，至少 {rules.YOUTH_MIN} 位",
        FiveOne.PATH: "还没有村里通过的发展路子",
    }
    urls = {
        FiveOne.LIFE_MEETING: reverse("activity_add") + pair,
        FiveOne.THEME_DAY: reverse("activity_add") + pair,
        FiveOne.DEED: reverse("deed_add") + pair,
        FiveOne.YOUTH: reverse("youth_add", args=[pairing.pk]),
        FiveOne.PATH: reverse("path_add", args=[pairing.pk]),
    }
    return [
        FiveOneLine(one.label, one in done, evidence[one], missing[one], urls[one])
        for one in FiveOne
    ]  # fmt: skip


# --- the calendar of the year -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MonthLine:
    name: str
    is_past: bool
    rows: list[tuple[date, str, str, str]]  # day, words, address, tone


def months(pairing: Pairing, year: int) -> list[MonthLine]:
    """What was done and what is planned, month by month."""
    today = clock.today()
    rows: list[tuple[date, str, str, str]] = []
    for one in queries.activities_of(pairing, year):
        if one.state != ActivityState.CANCELLED:
            tone = "g" if one.state == ActivityState.HELD else "y" if one.day < today else "b"
            url = reverse("activity_detail", args=[one.pk])
            words = one.get_kind_display()
            planned = "" if one.state == ActivityState.HELD else "（计划）"
            rows.append((one.day, f"{words}{planned}", url, tone))
    for met in queries.meetings_of(pairing, year):
        if not met.withdrawn:
            url = reverse("meeting_detail", args=[met.pk])
            rows.append((met.day, met.get_kind_display(), url, "g"))
    for deed in queries.deeds_of(pairing, year):
        if not deed.withdrawn:
            url = reverse("deed_detail", args=[deed.pk])
            rows.append((deed.done_on, f"实事：{deed.title}", url, "g"))
    rows.sort(key=lambda row: (row[0], row[1]))
    return [
        MonthLine(
            f"{month} 月",
            date(year, month, 28) < today,
            [row for row in rows if row[0].month == month],
        )
        for month in range(1, 13)
    ]


def year_page(pairing: Pairing, year: int, actor: Actor, *, is_own: bool) -> dict[str, Any]:
    lines = five_one_lines(pairing, year)
    done = sum(one.is_done for one in lines)
    level = rules.five_one_level(done, year=year, today=clock.today())
    kept = queries.kept_up([pairing], year, clock.today()).get(pairing.pk)
    return {
        "pairing": pairing,
        "year": year,
        "years": _years(pairing),
        "lines": lines,
        "done": done,
        "level": level,
        "tone": TONES[level],
        "months": months(pairing, year),
        "kept": kept,
        "projects": list(queries.projects_of(pairing, year)),
        "youth": list(queries.youth_of(pairing, year)),
        "plan": records.find_year_plan(pairing, year),
        "is_own": is_own and year <= clock.today().year + 1,
        "today": clock.today(),
    }


def _years(pairing: Pairing) -> list[int]:
    life = queries.life_of(pairing)
    if life is None:
        return []
    return list(range(life.since.year, min(life.last_day.year, clock.today().year + 1) + 1))


def of_pair(pairing: Pairing, actor: Actor) -> Section | None:
    """The five and what is due, on the page of the pair."""
    life: Period | None = queries.life_of(pairing)
    if life is None or actor.role not in READERS:
        return None
    year = min(clock.today().year, life.last_day.year)
    lines = five_one_lines(pairing, year)
    kept = queries.kept_up([pairing], year, clock.today()).get(pairing.pk)
    context = {
        "year": year, "lines": lines, "kept": kept, "done": sum(one.is_done for one in lines),
        "may_write": actor.role in rules.WRITERS,
    }  # fmt: skip
    return Section(f"{year} 年做了什么", "pairing/_five_ones_of_pair.html", context)


# --- what a deed or a meeting said before -------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OldWords:
    version: KeptVersion
    lines: list[tuple[str, Any]]


def is_side(thing: PairDeed | PairMeeting, actor: Actor) -> bool:
    """Whether the person is of the side that wrote it."""
    return SIDE_OF_ROLE.get(actor.role) == thing.side


def versions(thing: PairDeed | PairMeeting) -> list[OldWords]:
    """What it said before each correction, in the words of the form."""
    found = list(thing.versions.order_by("-number"))
    keys = {key for one in found for key in one.values["pairings"]}
    pairs = {str(one.pk): str(one) for one in records.pairs_named(keys)}
    return [OldWords(one, _old_lines(one.values, pairs)) for one in found]


def _old_lines(values: dict[str, Any], pairs: dict[str, str]) -> list[tuple[str, Any]]:
    words = {
        **values,
        "pairings": "、".join(pairs.get(key, "") for key in values["pairings"]),
        "confirmed_by": "、".join(values.get("confirmed_by") or ()),
    }
    for name, kinds in (("kind", MeetingKind), ("mode", ActivityMode)):
        if name in values:
            words[name] = kinds(values[name]).label
    return [(label, words[name]) for name, label in LABELS.items() if words.get(name)]


# --- what waits ---------------------------------------------------------------------------------


def _of_both(actor: Actor) -> Iterable[Waiting]:
    today = clock.today()
    behind = _behind(actor, today)
    if behind is not None:
        yield behind
    yield Waiting(
        "个共建项目有节点到期", "完成了的登记完成，做不了的说明情况",
        records.list_overdue_projects(actor.scope, today), page_of("project_list", state="late"),
    )  # fmt: skip


def _behind(actor: Actor, today: date) -> Waiting | None:
    """From October on: pairs that have not done all five. Before it nothing is read."""
    if today < date(today.year, *rules.YELLOW_FROM):
        return None
    keys = pairs_behind(actor, today.year)
    pairs = records.list_pairs_of_year(actor.scope, today.year).filter(pk__in=keys)
    return Waiting(
        "对结对今年的五个一还没有做完", "12 月 1 日起转红，见每一对还差哪几项", pairs,
        page_of("five_one_list", which="missing"), due_on=date(today.year, 12, 31),
    )  # fmt: skip


def pairs_behind(actor: Actor, year: int) -> list[Any]:
    """Keys of pairs at work that still miss one of the five."""
    pairs = records.list_pairs_of_year(actor.scope, year).order_by()
    keys = list(pairs.values_list("pk", flat=True))
    done = queries.five_ones(keys, year)
    return [key for key in keys if len(done.get(key, ())) < len(FiveOne)]


def _of_villages(actor: Actor) -> Iterable[Waiting]:
    yield Waiting(
        "件结对实事待群众确认", "请受益的群众确认后登记", records.list_deeds_waiting(actor.scope),
        page_of("deed_list", state="waiting"), column="done_on",
    )  # fmt: skip
    yield Waiting(
        "条发展路子待村里研究", "在村党组织会议或村民代表会议上研究",
        records.list_paths_waiting(actor.scope), page_of("five_one_list"), column="drafted_on",
    )  # fmt: skip


SOURCES = (((*UNIT, *VILLAGE), _of_both), (VILLAGE, _of_villages))


def worklist(actor: Actor) -> list[WorkItem]:
    return items(_waiting(actor))


def count(actor: Actor) -> int:
    return count_waiting(_waiting, actor)


def _waiting(actor: Actor) -> list[Waiting]:
    return waiting_for(actor, SOURCES)
