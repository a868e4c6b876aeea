"""Which fixed words do the life of a posting, leave and presence know?"""

from __future__ import annotations

from lingyan.common.choices import Choice


class LeaveKind(Choice):
    """请假类别。依据：2.7。"""

    PERSONAL = "personal", "事假"
    SICK = "sick", "病假"
    ANNUAL = "annual", "年休假"
    FAMILY = "family", "探亲假"
    MATERNITY = "maternity", "产假（陪产假）"
    BUSINESS = "business", "公出"
    OTHER = "other", "其他"


class LeaveState(Choice):
    ASKED = "asked", "待审批"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "不批准"
    WITHDRAWN = "withdrawn", "已撤回"
    BACK = "back", "已销假"


class StepState(Choice):
    """A step that one person proposes and another decides (R-0-20), and every step taken."""

    PROPOSED = "proposed", "待决定"
    DONE = "done", "已办理"
    REFUSED = "refused", "不同意"


class AbsenceState(Choice):
    FOUND = "found", "待认定"
    UPHELD = "upheld", "认定脱岗"
    DROPPED = "dropped", "不认定"


class Whereabouts(Choice):
    """在岗一览。依据：R-2-29。"""

    IN_VILLAGE = "in_village", "在村"
    ON_LEAVE = "on_leave", "请假"
    ERRAND = "errand", "公出"
    NO_RECORD = "no_record", "今日暂无记录"
