"""What does 精准选派 show on the page of a village (一村一档), of a person and of a unit?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse

from lingyan.common import clock
from lingyan.common.periods import ONE_DAY
from lingyan.directory.models import Person, Place, Unit
from lingyan.directory.roles import Role
from lingyan.directory.rules import PlaceLevel
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.as_at import values_on
from lingyan.platform.ui.panels import Panel, PanelRow
from lingyan.platform.ui.templatetags.ui import TONE_OF_STATE, day
from lingyan.posting import rules
from lingyan.posting.matching.portraits import portrait
from lingyan.posting.models import Draft, Posting, Round
from lingyan.posting.queries import people as people_queries
from lingyan.posting.queries import records as queries
from lingyan.posting.queries.needs import SEVERITY_WORDS

COUNTY = (Role.COUNTY_ORG_STAFF, Role.COUNTY_ORG_ADMIN, Role.COUNTY_ORG_LEADER)
SHOWN = 8
NEEDS_SHOWN = 3
SUPERSEDED = "superseded"
# Who reads what of a village's file beside the people posted there.
CHECK_READERS = (*COUNTY, Role.COUNTY_AGRI, *rules.TOWN, Role.VILLAGE_SECRETARY)
ROUND_READERS = (*COUNTY, Role.COUNTY_AGRI, *rules.TOWN)


class States:
    """The states of some records at the end of a day, as tags."""

    def __init__(self, things: Iterable[Any], on: date) -> None:
        self.codes = values_on(things, "state", on)

    def tag(self, thing: Any) -> dict[str, str]:
        code = self.codes[thing.pk]
        labels = dict(thing._meta.get_field("state").choices)
        return {"tag": str(labels.get(code, code)), "tone": TONE_OF_STATE.get(code, "")}


# --- a village ----------------------------------------------------------------------------------


def of_village(village: Place, actor: Actor, on: date) -> list[Panel]:
    """The village's file from this module: check, needs, who is there, which rounds."""
    if village.level != PlaceLevel.VILLAGE:
        return []
    panels = [_postings_of_village(village, actor, on)]
    if actor.role in CHECK_READERS:
        panels = [_checks(village, actor, on), _needs(village, actor, on), *panels]
    if actor.role in ROUND_READERS:
        panels.append(_rounds_of_village(village, actor, on))
    return panels


def _checks(village: Place, actor: Actor, on: date) -> Panel:
    checks = list(queries.checks_of_village(actor.scope, village, on)[:SHOWN])
    states = States(checks, on)
    rows = tuple(
        PanelRow(
            f"{one.year} 年度",
            "、".join(rules.VillageType(code).label for code in one.village_types),
            reverse("health_check", args=[one.pk]),
            **states.tag(one),
        )
        for one in checks
    )
    return Panel("村情体检", rows, "还没有做过体检。", reverse("health_check_list"), "全部的村")


def _needs(village: Place, actor: Actor, on: date) -> Panel:
    lists = list(queries.need_lists_of_village(actor.scope, village, on))
    states, rows = States(lists, on), []
    for need in lists:
        if states.codes[need.pk] == SUPERSEDED:
            continue
        seats = f"第一书记 {need.first_secretary_seats} 名，工作队员 {need.member_seats} 名"
        items = "；".join(
            f"{item}（{SEVERITY_WORDS[item.severity]}）"
            for item in list(need.items.all())[:NEEDS_SHOWN]
        )
        url = reverse("need_list", args=[need.pk])
        rows.append(PanelRow(seats, items, url, **states.tag(need)))
    return Panel("需求清单", tuple(rows), "还没有需求清单。", reverse("need_list_list"), "全部的村")


def _postings_of_village(village: Place, actor: Actor, on: date) -> Panel:
    held = queries.postings_of_village(actor.scope, village, on)[:SHOWN]
    states = States(held, on)
    rows = tuple(
        _posting_row(one, f"{one.person} · {one.get_kind_display()}", states, on) for one in held
    )
    return Panel("派驻人员", rows, "没有派驻人员。", reverse("posting_list"), "派驻名册")


def _posting_row(one: Posting, text: str, states: States, on: date) -> PanelRow:
    unit = f"{one.unit} · " if one.unit else ""
    ended = one.until is not None and one.until <= on
    end = f"{day(one.until)} 结束" if ended else f"任期到 {day(one.planned_until - ONE_DAY)}"
    detail = f"{unit}{day(one.since)} 起，{end}"
    followed = on >= clock.today() and one.handover_until and not one.until
    if followed:
        detail += "，正在与接任者交接"
    return PanelRow(text, detail, reverse("posting_detail", args=[one.pk]), **states.tag(one))


def _rounds_of_village(village: Place, actor: Actor, on: date) -> Panel:
    joined = queries.rounds_of_village(actor.scope, village, on)[:SHOWN]
    rounds = [one.round for one in joined]
    states = States(rounds, on)
    drafts = queries.results_of(_plans(rounds, actor, states, on), village=village)
    rows = tuple(
        PanelRow(
            round.name,
            _proposed(drafts.get(round.chosen_plan_id or UUID(int=0), ()), round),
            reverse("round_detail", args=[round.pk]),
            **states.tag(round),
        )
        for round in rounds
    )
    return Panel("选派批次", rows, "没有参加过选派批次。", reverse("round_list"), "全部批次")


def _plans(
    rounds: Iterable[Round], actor: Actor, states: States, on: date
) -> list[UUID | None]:  # fmt: skip
    """Plans whose lines this reader may see: before the notice only the county's own, and today."""
    early = actor.role in COUNTY and on >= clock.today()
    return [
        round.chosen_plan_id
        for round in rounds
        if early or states.codes[round.pk] in queries.NOTICE_GIVEN
    ]


def _proposed(drafts: Sequence[Draft], round: Round) -> str:
    word = "派驻" if round.state == rules.RoundState.ISSUED else "拟派"
    lines = "、".join(f"{one.person}（{one.get_role_display()}）" for one in drafts)
    return f"{word}：{lines}" if lines else ""


# --- a person -----------------------------------------------------------------------------------


def of_person(person: Person, actor: Actor, on: date) -> list[Panel]:
    """Portrait and pool, postings, and what became of the wishes. Villagers have none of it."""
    entry = people_queries.find_entry_of(actor.scope, person)
    postings = queries.postings_of_person(actor.scope, person, on)[:SHOWN]
    if entry is None and not postings:
        return []
    states = States(postings, on)
    panels = [
        Panel(
            "派驻经历",
            tuple(
                _posting_row(one, f"{one.village.parent or ''}{one.village} · "
                             f"{one.get_kind_display()}", states, on)
                for one in postings
            ),
            "没有派驻经历。",
        ),
        _rounds_of_person(person, actor, on),
    ]  # fmt: skip
    if entry is None:
        return panels
    lines = portrait(person.capability_evidence.all(), as_of=on)
    levels = "、".join(f"{one.capability.label} {one.level} 级" for one in lines if one.level)
    row = PanelRow(
        entry.get_category_display() or "没有写类别",
        levels or "还没有已核实的佐证",
        reverse("pool_entry", args=[entry.pk]),
        **States([entry], on).tag(entry),
    )
    return [Panel("人才储备库和能力画像", (row,), ""), *panels]


def _rounds_of_person(person: Person, actor: Actor, on: date) -> Panel:
    joined = queries.rounds_of_person(actor.scope, person, on)[:SHOWN]
    rounds = [one.round for one in joined]
    states = States(rounds, on)
    drafts = queries.results_of(_plans(rounds, actor, states, on), person=person)
    rows = []
    for one in joined:
        wishes = "、".join(
            f"第{wish.rank}志愿 {wish.round_village.village}" for wish in one.wishes.all()
        )
        result = "、".join(
            f"{draft.village}{draft.get_role_display()}"
            for draft in drafts.get(one.round.chosen_plan_id or UUID(int=0), ())
        )
        parts = [wishes or "没有填志愿", f"拟派 {result}" if result else ""]
        rows.append(
            PanelRow(
                one.round.name,
                "；".join(filter(None, parts)),
                reverse("round_detail", args=[one.round_id]),
                **states.tag(one.round),
            )
        )
    return Panel("选派批次和志愿", tuple(rows), "没有参加过选派批次。")


# --- a unit -------------------------------------------------------------------------------------


def of_unit(unit: Unit, actor: Actor, on: date) -> list[Panel]:
    """Whom the unit had posted on that day, and whom it has in the pool now."""
    posted = queries.postings_of_unit(actor.scope, unit, on)[: SHOWN + 1]
    tags = States(posted, on)
    rows = tuple(
        _posting_row(one, f"{one.person} · {one.village.parent or ''}{one.village}"
                     f"{one.get_kind_display()}", tags, on)
        for one in posted[:SHOWN]
    )  # fmt: skip
    pool = queries.pool_of_unit(actor.scope, unit)
    states = tuple(
        PanelRow(
            f"{state.label} {pool[state]} 人",
            url=f"{reverse('pool_list')}?unit={unit.pk}&state={state.value}",
        )
        for state in rules.PoolState
        if pool.get(state)
    )
    past = on < clock.today()
    return [
        Panel(
            "派出人员", rows, f"{day(on)} 没有派出人员。" if past else "现在没有派出人员。",
            f"{reverse('posting_list')}?unit={unit.pk}",
        ),
        Panel(
            "人才储备库", states, "没有人选在人才储备库。",
            f"{reverse('pool_list')}?unit={unit.pk}",
            note="人数按现在的储备库统计，不能回看。" if past else "",
        ),
    ]  # fmt: skip
