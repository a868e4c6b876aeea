"""What does the page of a village's committees show, and what waits for whom?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from lingyan.common import clock
from lingyan.common.alerts import AlertLevel
from lingyan.common.periods import full_years
from lingyan.directory.models import Place, VillageOfficer
from lingyan.directory.rules import OfficerPost, SourceCategory
from lingyan.directory.settings import Numbers, numbers_on
from lingyan.organization.models import Term
from lingyan.organization.queries import committees as queries
from lingyan.organization.queries import reserve as reserve_queries
from lingyan.organization.queries import terms as term_queries
from lingyan.organization.rules import committees as rules
from lingyan.organization.rules import settings
from lingyan.organization.rules.committees import POSTS, Body, Committee, Finding
from lingyan.organization.rules.terms import end_alert
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.ui.panels import Panel, PanelRow
from lingyan.platform.ui.worklist import (
    Waiting,
    WorkItem,
    count_items,
    items,
    page_of,
    waiting_for,
)

LABELS = dict(SourceCategory.choices())
POST_LABELS = dict(OfficerPost.choices())
TONES = {AlertLevel.GREEN: "g", AlertLevel.YELLOW: "y", AlertLevel.RED: "r", AlertLevel.BLACK: "r"}


@dataclass(frozen=True, slots=True)
class PostLine:
    """A post as its village's page shows it."""

    office: VillageOfficer
    age: int | None
    sources: tuple[tuple[str, str], ...]
    terms: str


@dataclass(frozen=True, slots=True)
class BodyCard:
    label: str
    lines: tuple[PostLine, ...]
    people: int


@dataclass(frozen=True, slots=True)
class TermLine:
    term: Term
    alert: str
    tone: str


@dataclass(frozen=True, slots=True)
class CommitteePage:
    village: Place
    cards: tuple[BodyCard, ...]
    members: int
    one_shoulder: str
    three_in_one: bool
    findings: tuple[Finding, ...]
    terms: tuple[TermLine, ...]
    past: tuple[PostLine, ...]


def page_of_village(village: Place, on: date) -> CommitteePage:
    """The bodies of a village as they were on a day."""
    committee = queries.committee_of(village, on)
    found = term_queries.terms_of(village)
    officers = list(queries.officers_on([village.pk], on))
    past = VillageOfficer.objects.filter(village=village, until__lte=on).select_related("person")
    head, numbers = rules.one_shoulder(committee.holders), numbers_on(on)
    return CommitteePage(
        village=village,
        cards=tuple(_card(body, officers, found, on) for body in Body if body_shown(body)),
        members=len(rules.members(committee)),
        one_shoulder=_name(committee, head),
        three_in_one=rules.three_in_one(committee.holders),
        findings=rules.findings(
            committee, today=on, vacant_months=numbers.of(village.path, settings.VACANCY)
        ),
        terms=tuple(term_line(one, on, numbers) for one in found if one.since <= on),
        past=tuple(_line(one, found, on) for one in past.order_by("-until", "post", "pk")[:40]),
    )


def body_shown(body: Body) -> bool:
    return body != Body.SELF_GOVERNMENT


def _name(committee: Committee, person: str | None) -> str:
    return next((one.name for one in committee.holders if one.person == person), "")


def _card(
    body: Body, officers: Sequence[VillageOfficer], terms: Iterable[Term], on: date
) -> BodyCard:
    order = [post.value for post in POSTS[body]]
    held = sorted(
        (one for one in officers if one.post in order), key=lambda one: order.index(one.post)
    )
    lines = tuple(_line(one, terms, on) for one in held)
    return BodyCard(body.label, lines, len({one.person_id for one in held}))


def _line(one: VillageOfficer, terms: Iterable[Term], on: date) -> PostLine:
    born = one.person.birth_on
    return PostLine(
        one,
        full_years(born, on) if born else None,
        tuple((LABELS.get(category, category), evidence) for category, evidence in one.sources),
        term_queries.term_of_office(one.post, one.since, one.until, terms),
    )


def term_line(one: Term, today: date, numbers: Numbers) -> TermLine:
    if one.until is not None and one.until <= today:
        return TermLine(one, "已结束", "")
    level = end_alert(one.planned_until, today, numbers.of(one.village.path, settings.TERM_WARN))
    return TermLine(one, "任期内" if level == AlertLevel.GREEN else level.label, TONES[level])


def of_village(village: Place, actor: Actor, on: date) -> list[Panel]:
    """两委班子 on the page of a village."""
    if actor.role not in rules.READERS:
        return []
    committee = queries.committee_of(village, on)
    rows = tuple(
        PanelRow(f"{POST_LABELS[one.post]} {one.name}")
        for one in committee.holders
        if one.post in rules.TWO_COMMITTEES
    )
    url = reverse("committee", args=[village.pk])
    head = _name(committee, rules.one_shoulder(committee.holders))
    note = f"{head}“一肩挑”。" if head else ""
    return [Panel("“两委”班子", rows, "没有登记。", url, "班子页面", note)]


# --- worklist -------------------------------------------------------------------------------------


def _vacant(actor: Actor) -> list[Waiting]:
    rows = queries.vacant_villages(actor.scope, clock.today())
    return [
        Waiting(
            "个村的书记或主任空缺",
            "补选或任命后登记任职；书记空缺过久的列入软弱涣散排查",
            rows,
            page_of("committee_list", state="vacant"),
            icon="person",
        )
    ]


def _ending(actor: Actor) -> list[Waiting]:
    return [
        Waiting(
            "个班子届期临近或已届满",
            "按县里定的天数提醒，准备换届",
            term_queries.ending(actor.scope, clock.today()),
            page_of("term_list", state="ending"),
            column="planned_until",
        )
    ]


def _found(actor: Actor) -> list[Waiting]:
    return [
        Waiting(
            "名后备力量待确认",
            "核对佐证，定联系培养人",
            reserve_queries.waiting(actor.scope),
            page_of("reserve_list", state="found"),
            icon="people",
        )
    ]


SOURCES = (
    (("town_org", "county_org_staff"), _vacant),
    (("town_org", "county_org_staff"), _ending),
    (("town_org",), _found),
)


def worklist(actor: Actor) -> list[WorkItem]:
    return items(waiting_for(actor, SOURCES))


def count(actor: Actor) -> int:
    return count_items(waiting_for(actor, SOURCES))
