"""Which fixed words does pairing know? Codes are stored; labels are what people read."""

from __future__ import annotations

from lingyan.common.choices import Choice


class PairingState(Choice):
    """结对的状态。依据：3.2。"""

    PROPOSED = "proposed", "拟结对"
    UNIT_AGREED = "unit_agreed", "单位同意"
    VILLAGE_AGREED = "village_agreed", "村同意"
    APPROVED = "approved", "已批准"
    ACTIVE = "active", "共建中"
    ENDED = "ended", "到期结束"
    DISSOLVED = "dissolved", "解除"
    DECLINED = "declined", "未结成"


WAITING = frozenset(
    {PairingState.PROPOSED, PairingState.UNIT_AGREED, PairingState.VILLAGE_AGREED,
     PairingState.APPROVED}
)  # fmt: skip
PAIR_HELD = WAITING | {PairingState.ACTIVE}


class PairLevel(Choice):
    """结对对象的层级：只有村和社区计入 X09。依据：R-3-03。"""

    VILLAGE = "village", "村党组织"
    TOWNSHIP = "township", "乡镇党组织"
    COMMUNITY = "community", "社区党组织"


class PairingOrigin(Choice):
    ROUND = "round", "结对批次"
    REPAIR = "repair", "调整补结"
    DIRECT = "direct", "单独结对"


class Goal(Choice):
    """五个目标。依据：3.3（X24）。"""

    ORGANIZATION = "organization", "组织共建"
    TEAM = "team", "队伍共育"
    ACTIVITY = "activity", "活动共联"
    RESOURCE = "resource", "资源共享"
    DEVELOPMENT = "development", "发展共谋"


class FiveOne(Choice):
    """五个一。依据：3.3（X10、X11）。"""

    LIFE_MEETING = "life_meeting", "共同召开一次联合组织生活会"
    THEME_DAY = "theme_day", "共同开展一次“重温入党誓词 服务乡村振兴”主题党日活动"
    DEED = "deed", "共同为群众办成一件以上实事"
    YOUTH = "youth", "共同培育一批农村青年党员骨干"
    PATH = "path", "共同谋划一条符合村情的发展路子"
