"""Which words do duty lists, yearly reviews and agency targets use?"""

from __future__ import annotations

from lingyan.common.choices import Choice


class DutyLevel(Choice):
    """Whose list or review it is. 依据：R-13-03。"""

    TOWN = "town", "乡镇党委书记"
    VILLAGE = "village", "村党组织书记"
    UNIT = "unit", "单位党组织书记"


class PaperState(Choice):
    """States of a duty list and of a unit's target (0.7)."""

    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "已提交"
    RETURNED = "returned", "退回修改"
    APPROVED = "approved", "已批准"


class DutyTopic(Choice):
    MEMBERS = "members", "发展党员"
    PAIRING = "pairing", "结对共建"
    TEAM = "team", "班子建设"
    LIFE = "life", "组织生活"
    EDUCATION = "education", "党员教育管理"
    GOVERN = "govern", "乡村治理"
    INDUSTRY = "industry", "产业和集体经济"
    SERVE = "serve", "服务群众"
    CLEAN = "clean", "党风廉政"
    OTHER = "other", "其他"


class ReviewState(Choice):
    OPENED = "opened", "已启动"
    REPORTED = "reported", "已述职"
    EVALUATED = "evaluated", "已评议"
    GRADED = "graded", "已定等次"
    PROBLEMS_LISTED = "problems_listed", "问题已列清单"
    RECTIFIED = "rectified", "已整改"
    ARCHIVED = "archived", "已归档"


class ReportForm(Choice):
    ON_SITE = "on_site", "现场述职"
    WRITTEN = "written", "书面述职"


class Rating(Choice):
    """评议票的四档。"""

    GOOD = "good", "好"
    FAIRLY_GOOD = "fairly_good", "较好"
    FAIR = "fair", "一般"
    POOR = "poor", "差"


class Grade(Choice):
    HIGH = "high", "好"
    FAIRLY_HIGH = "fairly_high", "较好"
    MIDDLE = "middle", "一般"
    LOW = "low", "差"
