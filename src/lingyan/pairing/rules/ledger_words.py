"""Which fixed words do the ledgers of pairs know: sums, problems, demonstration sites?"""

from __future__ import annotations

from lingyan.common.choices import Choice


class FundSource(Choice):
    """资金来源。依据：3.4。"""

    FISCAL = "fiscal", "财政项目"
    UNIT = "unit", "单位自筹"
    SOCIAL = "social", "社会资金"
    OTHER = "other", "其他"


class FundStage(Choice):
    """三个金额，各有日期。依据：3.4。"""

    COMMITTED = "committed", "协议（意向）"
    ARRIVED = "arrived", "协调到位"
    SPENT = "spent", "拨付"


class ProblemKind(Choice):
    """问题类别。依据：3.4。"""

    ROAD = "road", "道路"
    WATER = "water", "饮水"
    NETWORK = "network", "网络"
    POWER = "power", "用电"
    IRRIGATION = "irrigation", "水利"
    HOUSING = "housing", "住房"
    MEDICAL = "medical", "医疗"
    EDUCATION = "education", "教育"
    EMPLOYMENT = "employment", "就业"
    OTHER = "other", "其他"


class ProblemChannel(Choice):
    WECHAT = "wechat", "微信群"
    VIDEO = "video", "视频"
    MEETING = "meeting", "会议"
    VISIT = "visit", "走访"


class PairProblemState(Choice):
    """问题的状态；“已办好”是等村和受益群众确认的一步，还不算解决。依据：3.4。"""

    RAISED = "raised", "已提出"
    ACCEPTED = "accepted", "已受理"
    SOLVING = "solving", "解决中"
    HANDLED = "handled", "已办好，待村和群众确认"
    SOLVED = "solved", "已解决"
    TRANSFERRED = "transferred", "已转交"
    VOIDED = "voided", "已作废"


OPEN_PROBLEMS = frozenset(
    {PairProblemState.RAISED, PairProblemState.ACCEPTED, PairProblemState.SOLVING,
     PairProblemState.HANDLED}
)  # fmt: skip
