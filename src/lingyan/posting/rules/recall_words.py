"""Which fixed words do recall cases and replacements know?"""

from __future__ import annotations

from lingyan.common.choices import Choice


class RecallState(Choice):
    """2.10; `told` and `heard` are the hearing of the person on the way from 线索 to 核实."""

    SIGNALLED = "signalled", "线索"
    TOLD = "told", "已告知，待本人陈述"
    HEARD = "heard", "已听取陈述"
    VERIFIED = "verified", "已核实"
    WARNED = "warned", "提醒约谈，限期改进"
    PROPOSED = "proposed", "拟召回，待决定"
    DECIDED = "decided", "决定召回，待补派"
    REPLACED = "replaced", "已补派，待归档"
    CLOSED = "closed", "已办结"
    DROPPED = "dropped", "不予召回"


class RecallSource(Choice):
    SIGNAL = "signal", "系统线索"
    REPORT = "report", "反映、举报"
    CHECK = "check", "检查、走访发现"
    REQUEST = "request", "本人或单位提出"


class ReplacementState(Choice):
    PROPOSED = "proposed", "待决定"
    APPROVED = "approved", "已同意，待公示"
    ANNOUNCED = "announced", "公示中"
    ISSUED = "issued", "已发文补派"
    REFUSED = "refused", "不同意"
    STOPPED = "stopped", "已撤回"
