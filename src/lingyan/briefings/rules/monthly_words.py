"""What are the states of a monthly report called, and what may be asked in it?"""

from __future__ import annotations

from lingyan.common.choices import Choice


class ReportState(Choice):
    DRAFT = "draft", "待填报"
    SUBMITTED = "submitted", "待乡镇审核"
    RETURNED = "returned", "退回修改"
    APPROVED = "approved", "待县锁定"
    LOCKED = "locked", "已锁定"
    REPLACED = "replaced", "已被更正"
    EXCUSED = "excused", "免报"
    DROPPED = "dropped", "已撤销"


class ItemKind(Choice):
    NUMBER = "number", "数字"
    YES_NO = "yes_no", "是或否"
    TEXT = "text", "文字"


class ItemTime(Choice):
    """How the months of a village come together to one number."""

    OF_MONTH = "of_month", "本月发生数，各月相加"
    AT_END = "at_end", "月末数，取最近一个月"


TO_FILL = (ReportState.DRAFT.value, ReportState.RETURNED.value)
DONE = (ReportState.LOCKED.value, ReportState.REPLACED.value)
OVER = (*DONE, ReportState.DROPPED.value)
"""A correction in one of these is no longer under way."""
UNITS = ("户", "人", "人次", "件", "次", "场(次)", "个", "家", "份", "项", "元")
"""Of R-0-13 those in which a village counts."""
