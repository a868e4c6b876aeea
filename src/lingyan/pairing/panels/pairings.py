"""What is due of each pair, what may be done with it, and what waits for whom?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse

from lingyan.common import clock
from lingyan.common.alerts import AlertLevel, alert_level
from lingyan.common.flow import open_acts
from lingyan.directory.roles import Role
from lingyan.directory.rules.hands import STAFF, UNIT
from lingyan.pairing.models import Pairing
from lingyan.pairing.queries import pairings as queries
from lingyan.pairing.rules import pairings as rules
from lingyan.pairing.rules.words import Goal, PairingState
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.timeline import list_timeline
from lingyan.platform.ui.worklist import (
    Waiting,
    WorkItem,
    count_waiting,
    items,
    page_of,
    waiting_for,
)

# The first that a role finds is what it is there for; the others stand beside it.
URL_OF_ACT = {
    "agree_unit": "pairing_agree_unit",
    "agree_village": "pairing_agree_village",
    "approve": "pairing_approve",
    "start": "pairing_start",
    "renew": "pairing_renew",
    "end": "pairing_end",
    "decline": "pairing_decline",
    "withdraw": "pairing_withdraw",
    "dissolve": "pairing_dissolve",
}
MAIN_ACTS = ("agree_unit", "agree_village", "approve", "start")
PART_LABELS = (
    ("near", "地域相邻"),
    ("related", "行业相关"),
    ("complement", "优势相补"),
    ("consent", "自愿双向"),
    ("renewal", "续结加分"),
)


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    url: str
    is_main: bool


@dataclass(frozen=True, slots=True)
class DueLine:
    """The step that somebody owes."""

    due: rules.Due
    level: AlertLevel
    is_mine: bool

    @property
    def who(self) -> str:
        return "、".join(Role(role).label for role in self.due.roles)


def due_of(pairing: Pairing, actor: Actor) -> DueLine | None:
    due = rules.next_due(
        pairing.state, level=pairing.level, state_since=pairing.state_since,
        planned_until=pairing.planned_until,
    )  # fmt: skip
    if due is None:
        return None
    return DueLine(due, alert_level(due.on, clock.today()), actor.role in due.roles)


def is_near(due: DueLine) -> bool:
    """An active pair says when its term is near; what waits says so at once."""
    near = due.due.on - timedelta(days=rules.RENEW_BEFORE_DAYS)
    return due.due.act != "renew" or clock.today() >= near


def buttons(pairing: Pairing, actor: Actor) -> list[Button]:
    """The acts of the table that this role finds in this state, each with its page."""
    open_ones = {
        line.act: line
        for line in open_acts(rules.PAIRING_FLOW, state=pairing.state, role=actor.role)
        if not rules.refuse_side(line.act, level=pairing.level, role=actor.role)
        and (line.act not in ENDING or _is_time(pairing, line.act))
    }
    return [
        Button(open_ones[act].label, reverse(name, args=[pairing.pk]), act in MAIN_ACTS)
        for act, name in URL_OF_ACT.items()
        if act in open_ones
    ]


ENDING = ("renew", "end")


def _is_time(pairing: Pairing, act: str) -> bool:
    """A pair in the middle of its term is offered neither a new term nor its end."""
    if pairing.planned_until is None:
        return False
    before = rules.RENEW_BEFORE_DAYS if act == "renew" else 0
    return clock.today() >= pairing.planned_until - timedelta(days=before)


def part_lines(pairing: Pairing) -> list[tuple[str, int]]:
    return [(label, pairing.parts[key]) for key, label in PART_LABELS if key in pairing.parts]


def part_labels() -> list[str]:
    return [label for _, label in PART_LABELS]


def goal_labels(pairing: Pairing) -> list[str]:
    known = dict(Goal.choices())
    return [known.get(code, code) for code in pairing.goals]


NO_STEPS = ("registered", "drafted")  # acts that change no state leave only a trace


@dataclass(frozen=True, slots=True)
class StepLine:
    """One thing that was done with the pair, said once."""

    label: str
    on: date
    by: str
    document_number: str = ""
    text: str = ""
    at: datetime | None = None


def step_lines(pairing: Pairing) -> list[StepLine]:
    """Its steps, and what else the trail knows of it, newest first."""
    steps = [
        StepLine(rules.label_of(one.act), one.happened_on, one.made_by_name,
                 one.document_number, one.text, one.made_at)
        for one in queries.list_steps(pairing)
    ]  # fmt: skip
    beside = {rules.AUDIT_TEXTS[f"pairing.pairing.{one}"] for one in NO_STEPS}
    traces = [
        StepLine(
            one.text,
            one.acted_at.astimezone(clock.BEIJING).date(),
            one.actor_name,
            text=one.reason,
            at=one.acted_at,
        )
        for one in list_timeline(pairing)
        if one.text in beside
    ]
    return sorted((*steps, *traces), key=lambda one: one.at or clock.now(), reverse=True)


def of_pairing(pairing: Pairing, actor: Actor) -> dict[str, Any]:
    """Due, buttons, points and steps, for the page of one pair."""
    due = due_of(pairing, actor)
    return {
        "due": due if due and is_near(due) else None,
        "buttons": buttons(pairing, actor),
        "parts": part_lines(pairing),
        "goals": goal_labels(pairing),
        "steps": step_lines(pairing),
        "has_agreement": bool(pairing.goals),
        "may_draft": not _refused_to_draft(pairing, actor),
    }


def _refused_to_draft(pairing: Pairing, actor: Actor) -> bool:
    acts = {one.act for one in open_acts(rules.PAIRING_FLOW, state=pairing.state, role=actor.role)}
    side = rules.refuse_side("start", level=pairing.level, role=actor.role)
    return "start" not in acts or bool(side)


# --- the worklist ---------------------------------------------------------------------------------


def worklist(actor: Actor) -> list[WorkItem]:
    return items(_waiting(actor))


def count(actor: Actor) -> int:
    return count_waiting(_waiting, actor)


def _waiting(actor: Actor) -> list[Waiting]:
    return waiting_for(actor, SOURCES)


def _asked(state: str, title: str, detail: str, days: int) -> Any:
    """Pairs in one state, with the day by which the first of them is to be answered."""

    def find(actor: Actor) -> Iterable[Waiting]:
        rows = queries.list_waiting(actor.scope, [state])
        if actor.role in rules.VILLAGE_SIDE:
            rows = rows.filter(level__in=rules.levels_of(actor.role))
        yield Waiting(
            title, detail, rows, page_of("pairing_list", state=state), "state_since",
            lambda day: day + timedelta(days=days), icon="people",
        )  # fmt: skip

    return find


def _expiring(actor: Actor) -> Iterable[Waiting]:
    yield Waiting(
        "对结对将到期或已到期",
        "到期前续签，或到期后办理结束",
        queries.list_expiring(actor.scope, clock.today()),
        page_of("pairing_list", term=queries.EXPIRING),
        "planned_until",
        rules.last_day,
        icon="clock",
    )


def _left(actor: Actor) -> Iterable[Waiting]:
    yield Waiting(
        "个村的牵头结对已结束，还没有接上",
        "按最少变动补结，其余结对不动",
        queries.list_left(actor.scope),
        page_of("repair_list"),
        icon="swap",
    )


SOURCES = (
    (UNIT, _asked(PairingState.PROPOSED, "对结对请单位答复", "同意或者写明理由不同意",
                  rules.ANSWER_DAYS)),
    (rules.VILLAGE_SIDE, _asked(PairingState.UNIT_AGREED, "对结对请村里答复",
                                "村党组织会议研究后答复", rules.ANSWER_DAYS)),
    (STAFF, _asked(PairingState.VILLAGE_AGREED, "对结对双方已同意，待批准", "看过结对分后批准",
                   rules.ANSWER_DAYS)),
    (rules.BOTH_SIDES, _asked(PairingState.APPROVED, "对结对已批准，待签协议",
                              "填写协议、打印签字后登记签约", rules.SIGN_DAYS)),
    (STAFF, _expiring),
    (STAFF, _left),
)  # fmt: skip
