"""What does the page of a case show beside its first part, and which step comes next?

The slices of rectification add their own sections and steps here, so that the page knows none of
them by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from lingyan.common.flow import open_acts
from lingyan.common.refusals import Refusal
from lingyan.directory.roles import Role
from lingyan.organization.actions import rectification as actions
from lingyan.organization.models import RectificationCase
from lingyan.organization.rules.rectification import RECTIFICATION_FLOW
from lingyan.organization.rules.rectification_words import RectState
from lingyan.platform.accounts.actor import Actor

# The acts of this slice, with what is said when one is done.
OWN_ACTS = {
    "propose": "已列为拟定对象，由县委组织部征求各部门意见",
    "withdraw": "已撤回",
    "consult": "会商已完成，等县委决定",
    "confirm": "已确定整顿",
    "dismiss": "已记下：不列入",
    "plan": "整顿方案已报送",
    "start": "整顿开始，期限 6 个月",
}
# The step that each state waits for.
MAIN_ACTS = {
    RectState.SCREENED: "propose",
    RectState.PROPOSED: "consult",
    RectState.CONSULTED: "confirm",
    RectState.CONFIRMED: "plan",
    RectState.PLANNED: "start",
    RectState.RECTIFYING: "self_check",
    RectState.SELF_CHECKED: "town_check",
    RectState.TOWN_CHECKED: "accept",
    RectState.ACCEPTING: "clear",
    RectState.CLEARED: "follow",
    RectState.FOLLOWING: "close",
}


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page with a template of its own, which finds `case` and `section` in it."""

    title: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


# In the order of the page; add yours as a line (config.wiring).
SECTIONS: list[Callable[[RectificationCase, Actor], Section | None]] = []
# The page of an act, and what stands against it: of the acts that are not of this slice.
Reasons = Callable[[RectificationCase, str, Actor], tuple[Refusal, ...]]
ACT_PAGES: dict[str, str] = {}
ACT_REASONS: dict[str, Reasons] = {}


def sections_of(case: RectificationCase, actor: Actor) -> list[Section]:
    return [one for source in SECTIONS if (one := source(case, actor)) is not None]


@dataclass(frozen=True, slots=True)
class Act:
    """A step that this role finds in this state; blocked, it says why."""

    act: str
    label: str
    url: str
    reasons: tuple[Refusal, ...] = ()
    is_main: bool = False


def acts_of(case: RectificationCase, actor: Actor) -> list[Act]:
    """What may be done, the step that the case waits for first."""
    main = MAIN_ACTS.get(RectState(case.state), "")
    found = [
        Act(line.act, line.label, url_of(case, line.act), _reasons(case, line.act, actor),
            line.act == main)
        for line in open_acts(RECTIFICATION_FLOW, state=case.state, role=actor.role)
        if line.act in OWN_ACTS or line.act in ACT_PAGES
    ]  # fmt: skip
    return sorted(found, key=lambda one: not one.is_main)


def url_of(case: RectificationCase, act: str) -> str:
    if act in OWN_ACTS:
        return reverse("rect_case_step", args=[case.pk, act])
    return reverse(ACT_PAGES[act], args=[case.pk, act])


def _reasons(case: RectificationCase, act: str, actor: Actor) -> tuple[Refusal, ...]:
    if act in OWN_ACTS:
        return actions.reasons_against(case, act, actor=actor)
    return ACT_REASONS[act](case, act, actor) if act in ACT_REASONS else ()


def whose_turn(case: RectificationCase) -> tuple[str, str]:
    """The next step and who takes it, in words; empty where nothing is to come."""
    act = MAIN_ACTS.get(RectState(case.state), "")
    for line in RECTIFICATION_FLOW:
        if line.before == case.state and line.act == act:
            return line.label, "、".join(Role(role).label for role in line.roles)
    return "", ""


@dataclass(frozen=True, slots=True)
class Step:
    """One dot of the stepper."""

    label: str
    note: str
    state: str


WAY = (
    ("排查", (RectState.SCREENED, RectState.PROPOSED)),
    ("部门会商", (RectState.CONSULTED,)),
    ("县委确定", (RectState.CONFIRMED,)),
    ("整顿方案", (RectState.PLANNED,)),
    ("整顿中", (RectState.RECTIFYING, RectState.EXTENDED, RectState.SELF_CHECKED)),
    ("验收", (RectState.TOWN_CHECKED, RectState.ACCEPTING)),
    ("销号巩固", (RectState.CLEARED, RectState.FOLLOWING, RectState.CLOSED)),
)


def steps_of(case: RectificationCase) -> list[Step]:
    """The way of a case; one that was not listed, or relapsed, has left it."""
    if case.state in (RectState.NOT_LISTED, RectState.REOPENED):
        return [Step("排查", "", "done"), Step(RectState(case.state).label, "", "now")]
    now = next(place for place, (_, states) in enumerate(WAY) if case.state in states)
    is_over, told = case.state == RectState.CLOSED, case.get_state_display()
    return [
        Step(
            label,
            told if place == now and told != label else "",
            "done" if place < now or is_over else "now" if place == now else "todo",
        )
        for place, (label, _) in enumerate(WAY)
    ]
