"""Who moves a rectification case from screening to its end, and what must hold (4.5)?"""

from __future__ import annotations

from collections.abc import Collection

from lingyan.common.flow import Transition, fan_in
from lingyan.directory.rules.hands import LEADER, STAFF, TOWN
from lingyan.organization.rules.rectification_words import IdentifyMode, RectState, Situation

THING = "organization.rect"
SECRETARY = ("town_secretary",)
TOWN_ORG = ("town_org",)
VILLAGE_SECRETARY = ("village_secretary",)
BOTH_OF_VILLAGE = ("village_secretary", "first_secretary")

RECTIFICATION_FLOW: tuple[Transition, ...] = (
    Transition("", "screen", "screened", TOWN, "登记排查发现的情形",
               "至少一种情形，每种写明依据", "R-4-01"),
    Transition("screened", "propose", "proposed", TOWN, "列为拟定对象",
               "每种情形写明依据", "R-4-01"),
    Transition("screened", "withdraw", "not_listed", TOWN, "撤回", "写明理由", "R-4-01"),
    Transition("proposed", "consult", "consulted", STAFF, "完成部门会商",
               "七个部门都已答复", "R-4-02"),
    Transition("consulted", "confirm", "confirmed", LEADER, "确定整顿",
               "直接认定或综合认定；县委研究决定，写明文号；经办人不能自己决定", "R-4-02"),
    Transition("consulted", "dismiss", "not_listed", LEADER, "不列入",
               "县委研究决定，写明理由", "R-4-02"),
    Transition("", "reopen_child", "confirmed", LEADER, "反弹后重新立项", "原事项反弹", "4.5"),
    Transition("confirmed", "plan", "planned", SECRETARY, "报送整顿方案",
               "每种情形至少一个问题；每个问题有措施、责任人和期限", "4.5"),
    Transition("planned", "start", "rectifying", STAFF, "开始整顿",
               "“四个一”都已到位", "R-4-03"),
    Transition("rectifying", "self_check", "self_checked", BOTH_OF_VILLAGE, "自查完成",
               "所有问题村级自认完成；村党组织书记和第一书记都签字", "4.5"),
    Transition("self_checked", "town_check", "town_checked", SECRETARY, "乡镇初验通过",
               "所有问题已核实", "4.5"),
    Transition("self_checked", "send_back", "rectifying", SECRETARY, "退回整改",
               "写明还差什么", "4.5"),
    Transition("town_checked", "accept", "accepting", STAFF, "组成检查考核组，开始验收",
               "检查考核组不少于 3 人，都不是“四个一”人员", "4.5"),
    Transition("accepting", "clear", "cleared", LEADER, "销号",
               "验收得分和群众满意度都达标，没有未关闭的 W01、W02、W05、W06 问题", "R-4-06"),
    Transition("accepting", "extend", "rectifying", LEADER, "延长整顿",
               "有一项不达标；新的期限不超过 6 个月", "4.5"),
    Transition("cleared", "follow", "following", (*TOWN_ORG, *STAFF), "转入跟踪巩固", "", "4.5"),
    Transition("following", "close", "closed", (*TOWN_ORG, *STAFF), "归档",
               "3 个月、6 个月回访都已做，没有反弹", "4.5"),
    *fan_in(("cleared", "following"),
            Transition("", "relapse", "reopened", LEADER, "认定反弹", "写明反弹的情况", "4.5")),
)  # fmt: skip

EVENTS = {
    "screen": "screened", "propose": "proposed", "withdraw": "withdrawn", "consult": "consulted",
    "confirm": "confirmed", "dismiss": "dismissed", "plan": "planned", "start": "started",
    "self_check": "self_checked", "town_check": "town_checked", "send_back": "sent_back",
    "accept": "accepting", "clear": "cleared", "extend": "extended", "follow": "followed",
    "close": "closed", "relapse": "reopened", "reopen_child": "opened_again",
}  # fmt: skip

# R-4-10. A `reopened` case counts only until its child exists: queries say so.
RECT_OPEN = frozenset(
    {
        RectState.CONFIRMED,
        RectState.PLANNED,
        RectState.RECTIFYING,
        RectState.SELF_CHECKED,
        RectState.TOWN_CHECKED,
        RectState.ACCEPTING,
        RectState.EXTENDED,
        RectState.REOPENED,
    }
)
# Before the decision of the county; one such case a village at a time.
BEFORE_THE_LIST = frozenset({RectState.SCREENED, RectState.PROPOSED, RectState.CONSULTED})
# What the village itself is not told of: it may come to nothing.
NOT_TOLD = BEFORE_THE_LIST | {RectState.NOT_LISTED}
# From here on the leader visits each month (R-4-04): from the day of the start to the clearing.
VISITED = frozenset(
    {
        RectState.RECTIFYING,
        RectState.SELF_CHECKED,
        RectState.TOWN_CHECKED,
        RectState.ACCEPTING,
        RectState.EXTENDED,
    }
)

DIRECT_SITUATIONS = frozenset(Situation(f"W{one:02d}") for one in range(1, 10))
COMPOSITE_SITUATIONS = frozenset(Situation(f"W{one}") for one in range(10, 15))
COMPOSITE_LEAST = 2
# R-4-06 (a): with one of these open nothing is cleared.
GRAVE = frozenset({Situation.W01, Situation.W02, Situation.W05, Situation.W06})

TERM_MONTHS = 6  # R-4-05
TERM_MONTHS_MAX = 12


def is_open(state: str, *, has_child: bool = False) -> bool:
    """Whether a village with such a case is under rectification.

    依据：R-4-10。反弹的事项只在新事项立项以前算数。
    """
    return state in RECT_OPEN and not (state == RectState.REOPENED and has_child)


def identify_mode(situations: Collection[str], *, jointly: bool = False) -> IdentifyMode | None:
    """How a village with these confirmed situations is identified; None where it is not.

    依据：4.2。W01 至 W09 有一种即直接认定；W10 至 W14 有两种以上，
    或部门共同认为应当列入，为综合认定。
    """
    found = set(situations)
    if found & DIRECT_SITUATIONS:
        return IdentifyMode.DIRECT
    if len(found & COMPOSITE_SITUATIONS) >= COMPOSITE_LEAST or (found and jointly):
        return IdentifyMode.COMPOSITE
    return None
