"""What belongs in the responsibility list of a secretary, and who approves it (R-13-03)?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lingyan.common.flow import Transition, fan_in
from lingyan.common.refusals import Refusal
from lingyan.directory.rules.hands import LEADER, STAFF, TOWN, UNIT
from lingyan.organization.rules.review_words import DutyLevel, DutyTopic

THING = "organization.duty"
DUE = (3, 31)  # dutylist.due
ITEMS_MAX = 30
TEXT_MAX = 300

# Who writes the list of each level down, and who above approves it.
WRITERS: Mapping[str, tuple[str, ...]] = {
    DutyLevel.VILLAGE: ("village_secretary", "village_org"),
    DutyLevel.TOWN: TOWN,
    DutyLevel.UNIT: UNIT,
}
APPROVERS: Mapping[str, tuple[str, ...]] = {
    DutyLevel.VILLAGE: ("town_secretary",),
    DutyLevel.TOWN: LEADER,
    DutyLevel.UNIT: LEADER,
}
ALL_WRITERS = tuple(dict.fromkeys(role for roles in WRITERS.values() for role in roles))
ALL_APPROVERS = tuple(dict.fromkeys(role for roles in APPROVERS.values() for role in roles))
READERS = tuple(dict.fromkeys((*STAFF, *LEADER, *ALL_WRITERS)))

DUTY_FLOW: tuple[Transition, ...] = (
    Transition("", "draft", "draft", ALL_WRITERS, "起草责任清单", "一人一年一份", "R-13-03"),
    *fan_in(("draft", "returned"),
            Transition("", "save", "draft", ALL_WRITERS, "修改", "", "R-13-03")),
    *fan_in(("draft", "returned"),
            Transition("", "submit", "submitted", ALL_WRITERS, "提交",
                       "每一项写明责任、措施和期限；该有的项目齐全", "R-13-03")),
    Transition("submitted", "return", "returned", ALL_APPROVERS, "退回修改", "写明理由", "R-13-03"),
    Transition("submitted", "approve", "approved", ALL_APPROVERS, "批准下达",
               "上一级批准；提交人不能自己批准", "R-13-03"),
)  # fmt: skip

EVENTS = {
    "draft": "organization.duty.drafted",
    "save": "organization.duty.changed",
    "submit": "organization.duty.submitted",
    "return": "organization.duty.returned",
    "approve": "organization.duty.approved",
}
AUDIT_TEXTS = {
    "organization.duty.drafted": "起草责任清单",
    "organization.duty.changed": "修改责任清单",
    "organization.duty.submitted": "提交责任清单",
    "organization.duty.returned": "退回责任清单",
    "organization.duty.approved": "批准责任清单",
}

# Indicators that can show how an item stands, by code or row; the catalogue has their names.
INDICATORS = ("IND-1-09", "IND-1-13", "IND-4-01", "IND-13-02", "X12", "X14", "X15")


@dataclass(frozen=True, slots=True)
class Item:
    topic: str
    duty: str
    measure: str
    due_on: date | None
    indicator: str = ""


# What a list begins with where there was none the year before: day and month of each item.
_USUAL: Mapping[str, tuple[tuple[DutyTopic, str, str, tuple[int, int], str], ...]] = {
    DutyLevel.VILLAGE: (
        (DutyTopic.MEMBERS, "落实年度发展党员计划", "培养入党积极分子，按程序办理", (12, 31), ""),
        (DutyTopic.TEAM, "配齐班子，培养后备力量", "空缺三个月内补齐", (12, 31), "IND-1-13"),
        (DutyTopic.SERVE, "办好群众身边的实事", "问题当月接办", (12, 31), "X15"),
    ),
    DutyLevel.TOWN: (
        (DutyTopic.MEMBERS, "抓好发展党员工作", "每季度督查一次", (12, 31), ""),
        (DutyTopic.TEAM, "抓好村班子建设和整顿", "每月研究一次", (12, 31), "IND-4-01"),
        (DutyTopic.EDUCATION, "抓好驻村干部管理", "每月核对在岗和报告", (12, 31), "IND-13-02"),
    ),
    DutyLevel.UNIT: (
        (DutyTopic.PAIRING, "完成结对共建年度计划", "五个一活动按季推进", (12, 31), "X12"),
        (DutyTopic.LIFE, "落实组织生活制度", "按月召开", (12, 31), ""),
    ),
}  # fmt: skip


def usual_items(level: str, year: int) -> tuple[Item, ...]:
    """A beginning, to be changed: nobody starts before an empty page."""
    return tuple(
        Item(topic, duty, measure, date(year, *day), indicator)
        for topic, duty, measure, day, indicator in _USUAL[level]
    )


def carried_over(items: Iterable[Item], year: int) -> tuple[Item, ...]:
    """Last year's items with their days moved into this one (29 February becomes the 28th)."""
    found = []
    for one in items:
        due = one.due_on or date(year, 12, 31)
        last = 28 if (due.month, due.day) == (2, 29) else due.day
        moved = date(year, due.month, last)
        found.append(Item(one.topic, one.duty, one.measure, moved, one.indicator))
    return tuple(found)


def topics_owed(level: str, *, has_pairing: bool) -> frozenset[DutyTopic]:
    """依据：R-13-03。乡镇和村必列“发展党员”；有结对任务的单位必列“结对共建”。"""
    if level == DutyLevel.UNIT:
        return frozenset({DutyTopic.PAIRING}) if has_pairing else frozenset()
    return frozenset({DutyTopic.MEMBERS})


def refuse_to_submit(
    items: Sequence[Item], *, level: str, year: int, has_pairing: bool
) -> tuple[Refusal, ...]:
    """Every reason why the list is not ready. 依据：R-13-03。"""
    found = []
    if not items:
        found.append(Refusal("organization.duty_empty", "责任清单还没有内容，请至少写一项"))
    if len(items) > ITEMS_MAX:
        found.append(Refusal("organization.duty_too_long", f"责任清单最多 {ITEMS_MAX} 项"))
    for number, one in enumerate(items, 1):
        if not (one.duty.strip() and one.measure.strip()):
            text = f"第 {number} 项没有写全责任和措施"
            found.append(Refusal("organization.duty_item_incomplete", text))
        if one.due_on is None or one.due_on.year != year:
            text = f"第 {number} 项的期限应是 {year} 年内的日期"
            found.append(Refusal("organization.duty_item_due", text))
    missing = topics_owed(level, has_pairing=has_pairing) - {one.topic for one in items}
    found += [
        Refusal("organization.duty_topic_missing", f"责任清单必须有“{topic.label}”一项")
        for topic in sorted(missing)
    ]
    return tuple(found)


def due_on(year: int) -> date:
    return date(year, *DUE)
