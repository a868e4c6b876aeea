"""Which fixed words does posting know, with their Chinese labels?"""

from __future__ import annotations

from lingyan.common.choices import Choice
from lingyan.directory import rules as directory

VillageType = directory.VillageType


class NeedDomain(Choice):
    TEAM = "team", "班子建设"
    INDUSTRY = "industry", "产业发展"
    GOVERNANCE = "governance", "治理能力"


class CheckItem(Choice):
    """全面体检的 16 项。依据：2.2 表。"""

    T1 = "T1", "书记队伍"
    T2 = "T2", "班子结构"
    T3 = "T3", "组织生活"
    T4 = "T4", "党员队伍（发展、教育、管理）"
    T5 = "T5", "后备力量"
    I1 = "I1", "集体收入"
    I2 = "I2", "主导产业"
    I3 = "I3", "经营主体"
    I4 = "I4", "资产资源盘活"
    I5 = "I5", "项目资金"
    I6 = "I6", "技术与销路"
    G1 = "G1", "矛盾纠纷"
    G2 = "G2", "民主决策与公开"
    G3 = "G3", "乡风文明"
    G4 = "G4", "平安法治"
    G5 = "G5", "公共服务"

    @property
    def domain(self) -> NeedDomain:
        return DOMAIN_OF_LETTER[self.value[0]]


DOMAIN_OF_LETTER = {
    "T": NeedDomain.TEAM,
    "I": NeedDomain.INDUSTRY,
    "G": NeedDomain.GOVERNANCE,
}


class Severity(Choice):
    NONE = "0", "无需求"
    SLIGHT = "1", "较轻"
    SOME = "2", "一般"
    MUCH = "3", "较急"
    URGENT = "4", "急需"


class Capability(Choice):
    PARTY_WORK = "party_work", "熟悉党群工作"
    ECONOMY = "economy", "熟悉经济工作"
    SOCIAL_GOV = "social_gov", "熟悉社会管理"
    AGRI_MAJOR = "agri_major", "涉农专业"
    PROJECT_MGMT = "project_mgmt", "项目管理经历"
    GRASSROOTS_LEAD = "grassroots_lead", "基层领导经历"
    MASS_WORK = "mass_work", "群众工作能力"
    LAW = "law", "法治"
    FINANCE = "finance", "财会"
    TOURISM = "tourism", "文旅"
    TECH = "tech", "农技"


class CandidateSource(Choice):
    AGENCY = "agency", "机关"
    INSTITUTION = "institution", "事业单位"
    SOE = "soe", "国有企业"
    TOWNSHIP = "township", "乡镇"
    OTHER = "other", "其他"


class PoolCategory(Choice):
    YOUNG_EXCELLENT = "young_excellent", "优秀年轻干部"
    RESERVE = "reserve", "后备力量"
    SPECIALIST = "specialist", "专业人才"


class PoolState(Choice):
    RECOMMENDED = "recommended", "单位推荐"
    REVIEWED = "reviewed", "组织部审核"
    IN_POOL = "in_pool", "在库"
    SELECTED = "selected", "已选派"
    RETURNED = "returned", "期满返回"
    REMOVED = "removed", "出库"


class RemovalReason(Choice):
    SANCTION = "sanction", "处分"
    HEALTH = "health", "健康"
    NEW_POST = "new_post", "岗位变动"
    OWN_REQUEST = "own_request", "本人申请"


class HealthState(Choice):
    FIT = "fit", "能够正常履职"
    UNFIT = "unfit", "不适合驻村"


class DisciplineState(Choice):
    CLEAR = "clear", "无"
    SANCTIONED = "sanctioned", "处分影响期内"
    UNDER_INVESTIGATION = "under_investigation", "正在接受调查"


class YearlyResult(Choice):
    EXCELLENT = "excellent", "优秀"
    COMPETENT = "competent", "称职"
    BASIC = "basic", "基本称职"
    INCOMPETENT = "incompetent", "不称职"
    UNGRADED = "ungraded", "不定等次"


class Role(Choice):
    """岗位: what a seat in a village is for; the engine sees it as part of the post."""

    FIRST_SECRETARY = "first_secretary", "第一书记"
    MEMBER = "member", "工作队员"


class PostingKind(Choice):
    FIRST_SECRETARY = "first_secretary", "第一书记（兼队长）"
    TEAM_MEMBER = "team_member", "工作队员"
    ASSIST = "assist", "帮扶干部"


KIND_OF_ROLE = {
    Role.FIRST_SECRETARY: PostingKind.FIRST_SECRETARY,
    Role.MEMBER: PostingKind.TEAM_MEMBER,
}


class PostingOrigin(Choice):
    NEW = "new", "新选派"
    REPLACE = "replace", "补派"
    TRANSFER = "transfer", "调整"
    EXTENSION = "extension", "延期"


class PostingState(Choice):
    APPOINTED = "appointed", "已选派"
    TRAINED = "trained", "岗前培训"
    ACTIVE = "active", "在岗"
    ON_LEAVE = "on_leave", "请假"
    SUSPENDED = "suspended", "暂停履职"
    EXTENDED = "extended", "延期"
    RECALL_PENDING = "recall_pending", "拟召回"
    RECALLED = "recalled", "已召回"
    TERM_APPRAISED = "term_appraised", "期满考察"
    HANDED_OVER = "handed_over", "已交接"
    COMPLETED = "completed", "期满离任"
    TRANSFERRED = "transferred", "调整"
    CEASED = "ceased", "终止"


class RecallGround(Choice):
    """召回情形。依据：2.10 表。"""

    RG01 = "RG01", "履职不力，工作长期打不开局面"
    RG02 = "RG02", "无故脱岗累计达到规定次数"
    RG03 = "RG03", "群众反映强烈，满意度低"
    RG04 = "RG04", "弄虚作假、虚报数据"
    RG05 = "RG05", "违纪违法"
    RG06 = "RG06", "扶持资金、集体资产管理失职"
    RG07 = "RG07", "不服从乡镇党委管理"
    RG08 = "RG08", "不按规定驻村（“走读”“挂名”）"
    RG09 = "RG09", "健康等原因不能履职"
    RG10 = "RG10", "其他不胜任情形"


class ObjectionState(Choice):
    """公示异议: what the county found."""

    OPEN = "open", "核查中"
    REJECTED = "rejected", "异议不成立"
    ACCEPTED = "accepted", "异议成立"


# R-2-31: every count that asks whether somebody is posted asks for these.
IN_POST = frozenset(
    {
        PostingState.ACTIVE,
        PostingState.ON_LEAVE,
        PostingState.SUSPENDED,
        PostingState.EXTENDED,
        PostingState.RECALL_PENDING,
        PostingState.TERM_APPRAISED,
    }
)
# A person who is appointed and still in training is as little free as one IN_POST.
POST_HELD = IN_POST | {PostingState.APPOINTED, PostingState.TRAINED}


class RoundState(Choice):
    OPEN = "open", "已启动"
    DEMAND_CLOSED = "demand_closed", "需求锁定"
    CANDIDATE_RANKING = "candidate_ranking", "干部填报志愿"
    VILLAGE_RANKING = "village_ranking", "乡镇（村）提出意向"
    COMPUTED = "computed", "系统建议"
    ADJUSTED = "adjusted", "组织部调整"
    DELIBERATED = "deliberated", "部务会研究"
    ANNOUNCED = "announced", "公示"
    ISSUED = "issued", "发文派驻"
    CANCELLED = "cancelled", "已取消"


class HealthCheckState(Choice):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "已提交"
    JOINT_REVIEW = "joint_review", "部门会商"
    CONFIRMED = "confirmed", "已确认"
    NEED_LIST_ISSUED = "need_list_issued", "需求清单已下达"
    SUPERSEDED = "superseded", "已更新"


class GoalOrder(Choice):
    """目标次序: what a plan of the county goes for first (matching-design 1.4)."""

    SEATS = "seats", "先配第一书记、再配队员（各按村的优先级），然后看匹配度"
    PRIORITY = "priority", "先把优先级高的村配齐（第一书记和队员），再配其他村，然后看匹配度"
    SCORE = "score", "先看匹配度合计，再看配备人数"


class WishListState(Choice):
    """志愿表: a candidate's ranking of villages inside one round."""

    DRAFT = "draft", "填报中"
    SUBMITTED = "submitted", "待单位确认"
    RETURNED = "returned", "单位退回"
    CONFIRMED = "confirmed", "单位已确认"
