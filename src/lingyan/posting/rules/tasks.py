"""Which tasks has each of the four levels in a month, until when, and which record ends them?

Generated from the rules: nobody ticks off what the records already say (2.8).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lingyan.common.alerts import AlertLevel, alert_level
from lingyan.common.choices import Choice
from lingyan.directory.roles import Role
from lingyan.directory.rules.hands import LEADER, STAFF, TOWN, UNIT, VILLAGE
from lingyan.posting.rules.help_requests import HANDLERS


class TaskLevel(Choice):
    """四级联动。依据：2.8。"""

    COUNTY = "county", "县委组织部统筹"
    TOWN = "town", "乡镇党委主管"
    UNIT = "unit", "派出单位协管"
    VILLAGE = "village", "村党组织日常管"


_L = TaskLevel
COUNTY_ROLES = (*STAFF, *LEADER)
TOWN_ROLES = (*TOWN, Role.TOWN_LEADER.value)
LEVEL_OF_ROLE: dict[str, TaskLevel] = {
    **dict.fromkeys(COUNTY_ROLES, _L.COUNTY),
    **dict.fromkeys(TOWN_ROLES, _L.TOWN),
    **dict.fromkeys(UNIT, _L.UNIT),
    **dict.fromkeys(VILLAGE, _L.VILLAGE),
}
READERS = tuple(LEVEL_OF_ROLE)
# Whoever manages the levels below sees their tasks too, within the own scope.
LEVELS_READ: dict[TaskLevel, tuple[TaskLevel, ...]] = {
    _L.COUNTY: (_L.COUNTY, _L.TOWN, _L.UNIT, _L.VILLAGE),
    _L.TOWN: (_L.TOWN, _L.VILLAGE),
    _L.UNIT: (_L.UNIT,),
    _L.VILLAGE: (_L.VILLAGE,),
}


@dataclass(frozen=True, slots=True)
class TaskRule:
    """One kind of task: for which level, what, which record ends it, by which rule."""

    code: str
    level: TaskLevel
    label: str
    record: str
    number: str
    roles: tuple[str, ...] = ()  # who of the level and above reads it, where not all of them do


SCORES = (*STAFF, *LEADER, *TOWN, *UNIT)
TASKS: tuple[TaskRule, ...] = (
    TaskRule("life", _L.COUNTY, "培训、期满考察、离任和补派", "派驻事项", "2.6"),
    TaskRule("proposals", _L.COUNTY, "决定延期和调整", "延期、调整的决定", "2.6"),
    TaskRule("leave_long", _L.COUNTY, "审批 3 天以上的请假", "请假审批", "R-2-23"),
    TaskRule("area_visits", _L.COUNTY, "分片联系走访", "走访记录", "R-2-27"),
    TaskRule("half_year_reports", _L.COUNTY, "收半年述职", "本人确认的半年述职", "R-2-25"),
    TaskRule("year_reports", _L.COUNTY, "收年度述职", "本人确认的年度述职", "R-2-25"),
    TaskRule("problems_county", _L.COUNTY, "办理由县承办的问题", "问题的办理情况", "2.7"),
    TaskRule("county_scores", _L.COUNTY, "考评评分", "县委组织部的评分", "R-2-28", SCORES),
    TaskRule("recalls", _L.COUNTY, "办理召回", "召回事项的办理", "2.10", COUNTY_ROLES),
    TaskRule("payments", _L.COUNTY, "发放上月补助", "已支付的发放表", "2.11", COUNTY_ROLES),
    TaskRule("help_county", _L.COUNTY, "办理由县承办的困难", "困难的办理情况", "2.11", HANDLERS),
    TaskRule("insure", _L.COUNTY, "补办先到岗人员的保险、体检", "保险登记", "G-18"),
    TaskRule("arrivals", _L.TOWN, "确认到岗", "到岗确认", "2.6"),
    TaskRule("leave_short", _L.TOWN, "审批 3 天以内的请假", "请假审批", "R-2-23"),
    TaskRule("absences", _L.TOWN, "核实脱岗", "脱岗的认定", "R-2-24"),
    TaskRule("month_reports", _L.TOWN, "收月度工作纪实", "本人确认的工作纪实", "R-2-25"),
    TaskRule("quarter_reports", _L.TOWN, "收季度报告", "本人确认的季度报告", "R-2-25"),
    TaskRule("problems_town", _L.TOWN, "办理由乡镇承办的问题", "问题的办理情况", "2.7"),
    TaskRule("town_scores", _L.TOWN, "考评评分", "乡镇党委的评分", "R-2-28", SCORES),
    TaskRule("recall_checks", _L.TOWN, "核实召回线索", "核实情况", "2.10", (*COUNTY_ROLES, *TOWN)),
    TaskRule("help_town", _L.TOWN, "办理由乡镇承办的困难", "困难的办理情况", "2.11", HANDLERS),
    TaskRule("unit_visits", _L.UNIT, "主要负责人到派驻村走访", "走访记录", "R-2-27"),
    TaskRule("term_ends", _L.UNIT, "参加期满考察", "期满考察", "2.6"),
    TaskRule("problems_unit", _L.UNIT, "办理由单位承办的问题", "问题的办理情况", "2.7"),
    TaskRule("unit_scores", _L.UNIT, "考评评分", "派出单位的评分", "R-2-28", SCORES),
    TaskRule("help_unit", _L.UNIT, "办理由单位承办的困难", "困难的办理情况", "2.11", HANDLERS),
    TaskRule("months", _L.VILLAGE, "确认上月在村天数", "月度在村天数", "R-2-21"),
    TaskRule("returns", _L.VILLAGE, "请假到期销假", "销假", "R-2-23"),
    TaskRule("hand_overs", _L.VILLAGE, "办理交接", "交接清单", "R-2-04"),
    TaskRule("problems_village", _L.VILLAGE, "办理由村承办的问题", "问题的办理情况", "2.7"),
)  # fmt: skip
RULE_OF_CODE = {rule.code: rule for rule in TASKS}
assert len(RULE_OF_CODE) == len(TASKS), "each task has a code of its own"


def tasks_of(level: TaskLevel, role: str = "") -> tuple[TaskRule, ...]:
    """Of a level; with a role, what this role may read of it."""
    return tuple(rule for rule in TASKS if rule.level is level and may_read(rule, role))


def may_read(rule: TaskRule, role: str) -> bool:
    """A recall, a difficulty and a score are not for everybody of the level."""
    return not role or not rule.roles or role in rule.roles


@dataclass(frozen=True, slots=True)
class TaskItem:
    """One task for one village, person or unit; done on a day as the record says, or not yet."""

    text: str
    due_on: date
    url: str
    done_on: date | None = None
    who: str = ""

    @property
    def is_done(self) -> bool:
        return self.done_on is not None

    def level(self, today: date) -> AlertLevel:
        return AlertLevel.GREEN if self.is_done else alert_level(self.due_on, today)


@dataclass(frozen=True, slots=True)
class TaskSum:
    """All of one kind in a month."""

    rule: TaskRule
    items: tuple[TaskItem, ...]
    today: date

    @property
    def done(self) -> int:
        return sum(one.is_done for one in self.items)

    @property
    def open(self) -> int:
        return len(self.items) - self.done

    @property
    def late(self) -> int:
        return sum(one.level(self.today) in LATE for one in self.items)

    @property
    def due_on(self) -> date | None:
        """The first day that is owed still; where all is done, the last."""
        owed = [one.due_on for one in self.items if not one.is_done]
        days = [one.due_on for one in self.items]
        return min(owed) if owed else max(days, default=None)


LATE = (AlertLevel.RED, AlertLevel.BLACK)


def in_order(items: Iterable[TaskItem]) -> tuple[TaskItem, ...]:
    """What is owed first, by its day; what is done after it."""
    return tuple(sorted(items, key=lambda one: (one.is_done, one.due_on, one.text, one.url)))
