"""Which words do tasks, interviews and overrides use?"""

from __future__ import annotations

from lingyan.common.choices import Choice


class TaskState(Choice):
    OPEN = "open", "待接收"
    ACCEPTED = "accepted", "已接收"
    SUBMITTED = "submitted", "已报结"
    RETURNED = "returned", "退回重办"
    VERIFIED = "verified", "已核验"
    CLOSED = "closed", "已归档"
    VOID = "void", "已作废"


UNDER_WAY = (TaskState.OPEN, TaskState.ACCEPTED, TaskState.SUBMITTED, TaskState.RETURNED)
SETTLED = (TaskState.VERIFIED, TaskState.CLOSED)


class TaskLevel(Choice):
    """With whom a task is now."""

    VILLAGE = "village", "村"
    TOWN = "town", "乡镇"
    UNIT = "unit", "单位"
    COUNTY = "county", "县"


class InterviewKind(Choice):
    REMIND = "remind", "提醒"
    WARN = "warn", "警示"
    ACCOUNT = "account", "问责"


class InterviewState(Choice):
    PLANNED = "planned", "拟约谈"
    HELD = "held", "已约谈"
    IMPROVING = "improving", "整改中"
    REVIEWED = "reviewed", "已回访"
    CLOSED = "closed", "已归档"
    VOID = "void", "已作废"
