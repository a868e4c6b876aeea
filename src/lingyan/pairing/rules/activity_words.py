"""Which fixed words do activities and the year of a pair know, with their Chinese labels?"""

from __future__ import annotations

from lingyan.common.choices import Choice


class ActivityKind(Choice):
    """活动类别。依据：3.3。"""

    JOINT_MEETING = "joint_meeting", "联合组织生活会"
    THEME_DAY = "theme_day", "主题党日"
    TECH_TRAINING = "tech_training", "技术培训"
    LAW_PROMOTION = "law_promotion", "普法宣传"
    FREE_CLINIC = "free_clinic", "义诊服务"
    SERVICE = "service", "其他服务"
    VISIT = "visit", "走访慰问"
    EXCHANGE = "exchange", "互访交流"
    OBSERVATION = "observation", "现场观摩"
    SHARING = "sharing", "经验交流"
    ONLINE_STUDY = "online_study", "线上同步学习"
    OTHER = "other", "其他"


SERVICE_KINDS = frozenset(
    {ActivityKind.TECH_TRAINING, ActivityKind.LAW_PROMOTION, ActivityKind.FREE_CLINIC,
     ActivityKind.SERVICE}
)  # fmt: skip  # pair.service_types


class ActivityMode(Choice):
    OFFLINE = "offline", "线下"
    ONLINE = "online", "线上"
    MIXED = "mixed", "线上+线下"


ON_THE_SPOT = frozenset({ActivityMode.OFFLINE, ActivityMode.MIXED})


class ActivityState(Choice):
    PLANNED = "planned", "已计划"
    HELD = "held", "已开展"
    CANCELLED = "cancelled", "已取消"


class Attendance(Choice):
    SPOT = "spot", "到现场"
    ONLINE = "online", "线上"


class CheckOutcome(Choice):
    """乡镇、县里抽查一场活动的结果。依据：3.3、6.2。"""

    TRUE = "true", "属实"
    RETURNED = "returned", "退回修改"


class PairSide(Choice):
    """谁登记的。"""

    UNIT = "unit", "单位"
    VILLAGE = "village", "村"


class MeetingKind(Choice):
    """联席会议和互访。依据：3.4。"""

    MEETING = "meeting", "联席会议"
    UNIT_VISIT = "unit_visit", "单位到村走访"
    VILLAGE_VISIT = "village_visit", "村到单位走访"


class DeedState(Choice):
    WAITING = "waiting", "待群众确认"
    CONFIRMED = "confirmed", "群众已确认"
    WITHDRAWN = "withdrawn", "已撤回"


class ConfirmedBy(Choice):
    """群众怎样确认。"""

    FACE = "face", "当面"
    PHONE = "phone", "电话"
    WECHAT = "wechat", "微信"
    WRITTEN = "written", "书面"


class PathState(Choice):
    DRAFTED = "drafted", "待村里研究"
    APPROVED = "approved", "村里已通过"
    WITHDRAWN = "withdrawn", "已撤回"


class ProjectState(Choice):
    RUNNING = "running", "推进中"
    DONE = "done", "已完成"
    STOPPED = "stopped", "已停止"
