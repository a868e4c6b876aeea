"""Who may become a village leader one day, and how far has it come?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lingyan.common.choices import Choice
from lingyan.common.flow import Transition, fan_in
from lingyan.common.refusals import Refusal
from lingyan.directory.rules import Source, refuse_sources
from lingyan.directory.rules.hands import LEADER, STAFF, TOWN, VILLAGE


class ReserveState(Choice):
    """依据：R-1-40。"""

    FOUND = "found", "已发现"
    CONFIRMED = "confirmed", "已确认"
    TRAINING = "training", "培养中"
    USED = "used", "已使用"
    REMOVED = "removed", "已退出"


AUDIT_TEXTS = {
    "organization.reserve.found": "发现村级后备力量",
    "organization.reserve.confirm": "确认村级后备力量",
    "organization.reserve.train": "登记后备力量的培养",
    "organization.reserve.use": "后备力量得到使用",
    "organization.reserve.remove": "后备力量退出",
}
COUNTED = (ReserveState.CONFIRMED.value, ReserveState.TRAINING.value)  # IND-1-13
LIVE = (ReserveState.FOUND.value, *COUNTED)
FINDERS = (*VILLAGE, "town_org", *STAFF)
KEEPERS = ("town_org", *STAFF)
READERS = (*STAFF, *LEADER, *TOWN, "town_leader", *VILLAGE)

# What the one text of each step says.
ASKED = {
    "confirm": "联系培养人",
    "train": "培训内容",
    "use": "任什么职务",
    "remove": "退出的理由",
}

RESERVE_FLOW: tuple[Transition, ...] = (
    Transition("", "find", "found", FINDERS, "发现后备力量", "四类人员各写佐证", "R-1-40"),
    Transition("found", "confirm", "confirmed", KEEPERS, "确认", "写明联系培养人", "R-1-40"),
    *fan_in(("confirmed", "training"),
            Transition("", "train", "training", KEEPERS, "登记培养", "写明培训内容", "R-1-40")),
    *fan_in(("confirmed", "training"),
            Transition("", "use", "used", KEEPERS, "已使用", "写明任什么职务", "R-1-40")),
    *fan_in(("found", "confirmed", "training"),
            Transition("", "remove", "removed", KEEPERS, "退出", "写明理由", "R-1-40")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FindFacts:
    """Somebody whom a village has found."""

    found_on: date
    today: date
    known: bool = False
    is_village: bool = True
    inside: bool = True
    sources: Iterable[Source] = ()


def refuse_to_find(facts: FindFacts) -> tuple[Refusal, ...]:
    """依据：R-1-40。"""
    refusals = list(refuse_sources(facts.sources))
    if facts.known:
        refusals.append(Refusal("organization.reserve.known", "该同志已是该村后备力量"))
    if not facts.is_village:
        refusals.append(Refusal("organization.reserve.place", "后备力量登记在村或社区"))
    if not facts.inside:
        refusals.append(Refusal("organization.reserve.outside", "不在您的管辖范围内"))
    if facts.found_on > facts.today:
        refusals.append(Refusal("organization.reserve.day", "日期不能晚于今天"))
    return tuple(refusals)


def refuse_step(act: str, *, text: str, on: date, found_on: date, today: date) -> list[Refusal]:
    """依据：R-1-40。"""
    refusals = []
    if not found_on <= on <= today:
        refusals.append(Refusal("organization.reserve.day", "日期应在发现以后、不晚于今天"))
    if not text.strip():
        refusals.append(Refusal("organization.reserve.text", f"请写明{ASKED[act]}"))
    return refusals
