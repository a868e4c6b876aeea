"""Which fixed words does the appraisal of postings know (2.9)?"""

from __future__ import annotations

from lingyan.common.choices import Choice


class AppraisalKind(Choice):
    QUARTERLY = "quarterly", "季度"
    ANNUAL = "annual", "年度"
    TERM_END = "term_end", "期满"


class AppraisalGrade(Choice):
    """From best to worst; the order of the words is the order of the grades."""

    EXCELLENT = "excellent", "优秀"
    COMPETENT = "competent", "称职"
    BASIC = "basic", "基本称职"
    INCOMPETENT = "incompetent", "不称职"


class AppraisalState(Choice):
    OPENED = "opened", "已启动"
    SCORING = "scoring", "评分中"
    SUMMARISED = "summarised", "已汇总"
    DELIBERATED = "deliberated", "已研究"
    NOTIFIED = "notified", "已反馈"
    FINAL = "final", "已归档"
    CANCELLED = "cancelled", "已取消"


class AppraisalPart(Choice):
    """Whose opinion it is. The weight lies with the township and the masses (R-2-28)."""

    TOWN = "town", "乡镇党委"
    MASS = "mass", "村民群众"
    COUNTY = "county", "县委组织部"
    UNIT = "unit", "派出单位"


class BallotChoice(Choice):
    SATISFIED = "satisfied", "满意"
    BASIC = "basic", "基本满意"
    UNSATISFIED = "unsatisfied", "不满意"
    UNKNOWN = "unknown", "不了解"


class BallotMethod(Choice):
    """A village votes in one way: then no difference tells how a few have voted."""

    NONE = "", "未开始"
    PHONE = "phone", "凭编号填写"
    PAPER = "paper", "纸质计票"


class AppealState(Choice):
    OPEN = "open", "待复核"
    CHANGED = "changed", "复核后调整"
    KEPT = "kept", "维持原结果"
