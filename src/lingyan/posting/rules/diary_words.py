"""Which fixed words do diary, problems and reports know, with their Chinese labels?"""

from __future__ import annotations

from lingyan.common.choices import Choice


class Duty(Choice):
    """第一书记职责任务。依据：R-2-07。"""

    POLICY = "D1", "宣传党的政策"
    ORGANIZATION = "D2", "建强村党组织"
    PROSPERITY = "D3", "推进强村富民"
    GOVERNANCE = "D4", "提升治理水平"
    SERVICE = "D5", "为民办事服务"


class DiaryOutcome(Choice):
    """What became of one thing that a phone sent."""

    CREATED = "created", "已收到"
    CHANGED = "changed", "已改好"
    UNCHANGED = "unchanged", "没有变化"
    CLASHED = "clashed", "有冲突，待选择"


class ProblemOwner(Choice):
    """谁来办: the level at which a problem lies."""

    SELF = "self", "本人"
    VILLAGE = "village", "村党组织"
    TOWN = "town", "乡镇党委"
    UNIT = "unit", "派出单位"
    COUNTY = "county", "县委组织部"


class ProblemState(Choice):
    FOUND = "found", "办理中"
    HANDLED = "handled", "待发现人确认"
    SOLVED = "solved", "已解决"


class ReportKind(Choice):
    MONTH = "month", "月度工作纪实"
    QUARTER = "quarter", "季度报告"
    HALF_YEAR = "half-year", "半年述职"
    YEAR = "year", "年度述职"
