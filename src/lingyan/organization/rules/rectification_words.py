"""Which fixed words does rectification know (domain-rules 4)?"""

from __future__ import annotations

from lingyan.common.choices import Choice


class RectState(Choice):
    """4.5. `extended` goes straight on to `rectifying`; a case never rests there."""

    SCREENED = "screened", "已排查"
    PROPOSED = "proposed", "拟定对象"
    CONSULTED = "consulted", "部门会商"
    CONFIRMED = "confirmed", "确定整顿"
    NOT_LISTED = "not_listed", "不列入"
    PLANNED = "planned", "方案已定"
    RECTIFYING = "rectifying", "整顿中"
    SELF_CHECKED = "self_checked", "自查完成"
    TOWN_CHECKED = "town_checked", "乡镇初验"
    ACCEPTING = "accepting", "县级验收中"
    EXTENDED = "extended", "延长整顿"
    CLEARED = "cleared", "已销号"
    FOLLOWING = "following", "跟踪巩固"
    CLOSED = "closed", "已归档"
    REOPENED = "reopened", "反弹"


class Situation(Choice):
    """4.2, the words of the list of situations."""

    W01 = "W01", "党组织班子配备不齐、书记长期缺职（超过3个月）、工作处于停滞状态的"
    W02 = "W02", "党组织书记不胜任现职、工作不在状态、严重影响班子整体战斗力的"
    W03 = "W03", "班子不团结、内耗严重、工作不能正常开展的"
    W04 = "W04", "组织制度形同虚设、不开展或不按规定开展组织生活的"
    W05 = "W05", "换届选举拉票贿选问题突出的"
    W06 = "W06", "宗族宗教和黑恶势力干扰渗透严重的（含“村霸”）"
    W07 = "W07", "村务财务公开和民主管理混乱的"
    W08 = "W08", "社会治安问题和信访矛盾纠纷集中的"
    W09 = "W09", "服务意识差、服务能力弱、群众意见大的（满意度低于60%）"
    W10 = "W10", "无固定活动场所、无经费保障，不能正常发挥作用的"
    W11 = "W11", "发展党员工作弱化，连续2年以上未发展党员（无发展对象）的"
    W12 = "W12", "村集体经济薄弱且发展路子不清的"
    W13 = "W13", "年度考核排名末位的"
    W14 = "W14", "其他需要整顿的情形"


class IdentifyMode(Choice):
    DIRECT = "direct", "直接认定"
    COMPOSITE = "composite", "综合认定"


class Screened(Choice):
    """What the yearly screening of a village came to."""

    NONE = "none", "没有需要整顿的情形"
    FOUND = "found", "有情形，已列为对象"


class Department(Choice):
    """R-4-02: whom the county organization department asks before the list is decided."""

    DISCIPLINE = "discipline", "纪检监察"
    POLITICS_LAW = "politics_law", "政法"
    UNITED_FRONT = "united_front", "统战"
    CIVIL_AFFAIRS = "civil_affairs", "民政"
    PETITIONS = "petitions", "信访"
    POLICE = "police", "公安"
    AGRICULTURE = "agriculture", "农业农村"


class Opinion(Choice):
    AGREE = "agree", "同意列入"
    NONE = "none", "没有意见"
    AGAINST = "against", "不同意列入"


class SupportKind(Choice):
    """4.3 “四个一”。"""

    S1 = "S1", "县级领导联村"
    S2 = "S2", "乡镇领导班子成员包村"
    S3 = "S3", "第一书记驻村"
    S4 = "S4", "县级以上机关单位结对"


class RectProblemState(Choice):
    OPEN = "open", "未整改"
    DOING = "doing", "整改中"
    SELF_DONE = "self_done", "村级自认完成"
    VERIFIED = "verified", "已核实"
    CLOSED = "closed", "已关闭"
    REOPENED = "reopened", "反弹"


class ProblemOrigin(Choice):
    PLAN = "plan", "整顿方案"
    CHECKUP = "checkup", "每月体检"
    VISIT = "visit", "领导督查"
    CHECK = "check", "验收检查"


class CheckupTopic(Choice):
    """R-4-09; which items of 2.2 each looks at is told by `rules.rectification.TOPIC_ITEMS`."""

    TEAM_RUN = "team_run", "村级班子运行"
    MEMBERS = "members", "党员队伍教育管理"
    GOVERN = "govern", "乡村治理"
    ECONOMY = "economy", "集体经济发展"


class InspectionResult(Choice):
    PASSED = "passed", "达标"
    FAILED = "failed", "未达标"
