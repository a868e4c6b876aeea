"""Which fixed words does a term change know? Codes are stored; labels are what people read."""

from __future__ import annotations

from collections.abc import Iterable

from lingyan.common.choices import Choice
from lingyan.directory.rules import OfficerPost


class TermChangeState(Choice):
    """换届的状态。依据：1.7。"""

    PREPARING = "preparing", "筹备"
    ASSESSING = "assessing", "研判"
    REVIEWING = "reviewing", "资格联审"
    NOMINATED = "nominated", "候选人确定"
    ELECTED = "elected", "已选举"
    PUBLISHED = "published", "已公布"
    FILED = "filed", "已批复备案"
    HANDED_OVER = "handed_over", "已移交"
    LOOKED_BACK = "looked_back", "已回头看"
    CLOSED = "closed", "已归档"
    FAILED = "failed", "选举无效"


class Body(Choice):
    """选哪个班子；与届次的班子同码。依据：1.7。"""

    PARTY = "party", "村党组织"
    VC = "vc", "村（居）民委员会"


P = OfficerPost
POSTS_OF_BODY = {
    Body.PARTY: (P.PARTY_SECRETARY, P.PARTY_DEPUTY, P.PARTY_COMMITTEE_MEMBER),
    Body.VC: (
        P.VC_DIRECTOR, P.VC_DEPUTY, P.VC_MEMBER,
        P.COMMUNITY_DIRECTOR, P.COMMUNITY_DEPUTY, P.COMMUNITY_MEMBER,
    ),
}  # fmt: skip
OF_COMMUNITY = (P.COMMUNITY_DIRECTOR, P.COMMUNITY_DEPUTY, P.COMMUNITY_MEMBER)
OF_VILLAGE = (P.VC_DIRECTOR, P.VC_DEPUTY, P.VC_MEMBER)
HEADS = frozenset({P.PARTY_SECRETARY, P.VC_DIRECTOR, P.COMMUNITY_DIRECTOR})
SUPERVISORS = (P.SUP_DIRECTOR, P.SUP_MEMBER)


def body_of(post: str) -> Body:
    return Body.PARTY if post in POSTS_OF_BODY[Body.PARTY] else Body.VC


def posts_of(*, is_community: bool) -> tuple[OfficerPost, ...]:
    """The posts that are chosen in a village, or in a community."""
    return (*POSTS_OF_BODY[Body.PARTY], *(OF_COMMUNITY if is_community else OF_VILLAGE))


def posts_text(posts: Iterable[str]) -> str:
    """Posts in words, in their order."""
    known = set(posts)
    return "、".join(post.label for post in OfficerPost if post in known)


class MeetingKind(Choice):
    FIRST = "first", "第一次选举"
    RUNOFF = "runoff", "另行选举"


class Department(Choice):
    """县级联审部门，`review.depts` 的默认名单。依据：1.7。"""

    DISCIPLINE = "discipline", "纪委监委"
    ORGANIZATION = "organization", "组织部"
    SOCIAL_WORK = "social_work", "社会工作部"
    POLITICAL_LEGAL = "political_legal", "政法委"
    PETITIONS = "petitions", "信访局"
    COURT = "court", "法院"
    PROCURATORATE = "procuratorate", "检察院"
    PUBLIC_SECURITY = "public_security", "公安局"
    JUSTICE = "justice", "司法局"
    CIVIL_AFFAIRS = "civil_affairs", "民政局"
    AGRICULTURE = "agriculture", "农业农村局"


class SeatWay(Choice):
    """联审部门由谁答复，由县里确定（`review.depts`）。依据：1.7、R-0-21。"""

    OWN = "own", "由县里这个部门的专门身份答复"
    UNIT = "unit", "由单位网上答复"
    PAPER = "paper", "书面来函，由县委组织部录入"
    OUT = "out", "不参加联审"


class ReviewResult(Choice):
    CLEAR = "clear", "无问题"
    NEGATIVE = "negative", "有问题"
    NOTE = "note", "提示"


class ReviewPurpose(Choice):
    """为什么联审。依据：R-1-31。"""

    CANDIDACY = "candidacy", "换届候选人"
    YEARLY = "yearly", "在任村干部年度联审"


class NegativeItem(Choice):
    """不得提名的情形。依据：1.7 N01—N12。"""

    N01 = "n01", "受过刑事处罚"
    N02 = "n02", "存在“村霸”问题"
    N03 = "n03", "涉黑涉恶"
    N04 = "n04", "涉邪教"
    N05 = "n05", "正被立案审查调查"
    N06 = "n06", "受党纪政务处分在影响期内"
    N07 = "n07", "拉票贿选等被查实"
    N08 = "n08", "失信被执行人"
    N09 = "n09", "近亲属任职应回避"
    N10 = "n10", "长期外出不能履职"
    N11 = "n11", "侵占集体资产未退还"
    N12 = "n12", "其他"


class Verdict(Choice):
    """What the answers of all departments come to."""

    WAITING = "waiting", "等部门答复"
    CLEAR = "clear", "联审通过"
    EXEMPTED = "exempted", "经批准通过"
    NEGATIVE = "negative", "联审有问题"
    ABSOLUTE = "absolute", "联审不通过"
    EXPIRED = "expired", "联审已过期"


class HandoverItem(Choice):
    """移交什么。依据：1.7、LB06。"""

    SEALS = "seals", "印章"
    ACCOUNTS = "accounts", "账目和资金"
    ASSETS = "assets", "集体资产和合同"
    ARCHIVES = "archives", "档案资料"
    UNFINISHED = "unfinished", "未办完的事项"


class LookBackItem(Choice):
    """换届“回头看”检查项目。依据：1.8。"""

    LB01 = "lb01", "政治标准与资格条件复核"
    LB02 = "lb02", "“一肩挑”人员履职能力"
    LB03 = "lb03", "班子配备与缺额"
    LB04 = "lb04", "年龄学历结构是否改善"
    LB05 = "lb05", "“四类人员”真实性"
    LB06 = "lb06", "工作移交（印章、账目、档案）"
    LB07 = "lb07", "离任审计问题整改"
    LB08 = "lb08", "班子分工与团结"
    LB09 = "lb09", "承诺事项（竞职承诺）兑现"
    LB10 = "lb10", "村务监督委员会与集体经济组织班子同步到位"
    LB11 = "lb11", "近亲属回避"
    LB12 = "lb12", "新任干部培训到位"
    LB13 = "lb13", "落选人员思想工作与信访"
    LB14 = "lb14", "选举档案完整"


class ItemResult(Choice):
    PASS = "pass", "合格"
    PROBLEM = "problem", "存在问题"
    NOT_APPLICABLE = "n_a", "不涉及"


class MendState(Choice):
    """回头看问题的整改。依据：R-1-32。"""

    NONE = "", "没有问题"
    OPEN = "open", "待整改"
    MENDED = "mended", "已报整改"
    CLOSED = "closed", "已销号"
    EXEMPTED = "exempted", "经批准不追究"


class MendOutcome(Choice):
    """怎样整改。依据：R-1-32、R-1-28。"""

    CORRECTED = "corrected", "问题已改正"
    REMOVED = "removed", "由任免机关免职"
    RESIGNED = "resigned", "本人辞职"
    RECALLED = "recalled", "依法罢免"
    ENDED = "ended", "被判处刑罚或丧失行为能力，职务自行终止"
