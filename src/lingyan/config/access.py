"""Where does the access table read its rows, and what are the things in it called?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from django.urls import URLPattern, URLResolver, get_resolver

from lingyan.common.flow import Transition
from lingyan.platform.access import table
from lingyan.platform.access.table import SERVER, Entry, Kind

# The first part of an address that says more than its module; longer ones before shorter.
OBJECTS_OF_ADDRESSES = {
    "": "待办事项",
    "access": "权限表",
    "accounts": "账号",
    "api-tokens": "接口令牌",
    "audit": "操作留痕",
    "data-checks": "数据体检",
    "directory/adjoining-towns": "相邻乡镇",
    "directory/as-at": "时点查询",
    "directory/calendar": "工作日历",
    "directory/duplicates": "疑似重复的人员",
    "directory/merges": "疑似重复的人员",
    "directory/officers": "村干部",
    "directory/people": "人员",
    "directory/place-changes": "区划变更",
    "directory/places": "区划",
    "directory/relatives": "近亲属",
    "directory/search": "全站搜索",
    "directory/settings": "县里定的标准",
    "directory/units": "单位",
    "exchange": "表格导入导出",
    "exchange/export": "表格导入导出",
    "organization/committees": "村两委班子",
    "organization/terms": "届次",
    "organization/organizations": "党组织",
    "organization/reserve": "村级后备力量",
    "organization/comparison": "两届对比",
    "organization/rectification": "整顿事项",
    "organization/term-changes": "换届",
    "organization/candidates": "换届候选人",
    "organization/look-backs": "换届回头看",
    "organization/joint-reviews": "资格联审",
    "organization/joint-review-answers": "资格联审",
    "organization/rectification/screening": "排查",
    "organization/screening": "排查",
    "organization/duties": "责任清单",
    "organization/reviews": "述职评议",
    "organization/review-results": "述职评议",
    "organization/review-problems": "述职评议问题",
    "organization/targets": "机关党建目标考评",
    "healthz": "运行状况",
    "readyz": "运行状况",
    "jobs": "后台作业",
    "me": "我的账号",
    "menu": "待办事项",
    "notice": "个人信息告知",
    "my-record": "谁看过我的记录",
    "posting/evidence": "能力画像",
    "posting/health-checks": "村情体检",
    "posting/intentions": "意向",
    "posting/my-portrait": "能力画像",
    "posting/need-lists": "需求清单",
    "posting/notice-objections": "选派批次",
    "posting/plans": "匹配方案",
    "posting/pool": "人才储备库",
    "posting/postings": "派驻",
    "posting/diary": "工作日志",
    "posting/reports": "工作报告",
    "posting/problems": "发现的问题",
    "posting/due": "派驻",
    "posting/steps": "派驻",
    "posting/leave": "请假",
    "posting/presence": "在岗情况",
    "posting/absences": "脱岗记录",
    "posting/appraisals": "考评",
    "posting/appraisal-entries": "考评",
    "posting/appraisal-appeals": "考评",
    "posting/ballots": "群众评议选票",
    "vote": "群众评议选票",
    "opinion": "满意度测评",
    "posting/support": "派驻保障",
    "posting/insurance": "派驻保障",
    "posting/funds": "工作经费",
    "posting/payments": "补助发放",
    "posting/help": "实际困难",
    "posting/honors": "表彰",
    "posting/careers": "使用情况",
    "posting/liaisons": "分片联系",
    "posting/visits": "走访谈心",
    "posting/tasks": "本月任务",
    "posting/burden": "填表负担",
    "posting/recall": "召回事项",
    "posting/replacements": "空缺补派",
    "posting/vacancies": "空缺补派",
    "posting/round-people": "选派批次",
    "posting/rounds": "选派批次",
    "posting/unit-wishes": "志愿",
    "posting/wishes": "志愿",
    "pairing/fixes": "结对批次",
    "pairing/pairings": "结对",
    "pairing/activities": "联建活动",
    "pairing/invitations": "认领请求",
    "pairing/samples": "联建活动",
    "pairing/five-ones": "五个一",
    "pairing/deeds": "结对实事",
    "pairing/meetings": "联席会议和互访",
    "pairing/paths": "发展路子",
    "pairing/youth": "青年骨干",
    "pairing/milestones": "共建项目",
    "pairing/plans": "结对方案",
    "pairing/projects": "共建项目",
    "pairing/round-units": "结对意愿",
    "pairing/round-villages": "结对意愿",
    "pairing/rounds": "结对批次",
    "pairing/statements": "结对意愿",
    "pairing/funds": "项目资金",
    "pairing/problems": "联建问题",
    "pairing/sites": "示范点",
    "figures": "指标",
    "dashboards": "总览",
    "pairing/repairs": "补结",
    "pairing/years": "结对考评",
    "pairing/assessments": "结对考评",
    "pairing/liveliness": "结对",
    "pairing/unit-scores": "结对考评",
    "supervision/tasks": "督办任务",
    "supervision/interviews": "约谈",
    "supervision/gates": "关口",
    "supervision/report": "督办月报",
    "briefings": "简报",
    "briefings/templates": "简报模板",
    "monthly": "村月报",
    "role": "账号",
    "sign-in": "账号",
    "sign-out": "账号",
}
# The last word of an address or of its name.
ACTIONS = {
    "add": "增加", "admit": "入库", "apart": "记为不是同一人", "place_change": "查看",
    "privacy_notice": "查看",
    "reauthenticate": "再次确认本人", "activate_totp": "启用动态口令",
    "checks": "查看", "run": "检查",
    "deactivate_totp": "停用动态口令", "view_recovery_codes": "查看备用码",
    "download_recovery_codes": "下载备用码", "generate_recovery_codes": "重新生成备用码",
    "announce": "公示", "apply": "确认导入", "bulk": "批量办理", "cancel": "取消",
    "change": "调整", "choose": "采用", "compare": "对照", "complete": "办结", "compute": "计算",
    "price": "算代价",
    "confirm": "确认", "create": "登记", "deliberate": "登记研究决定", "edit": "修改",
    "end": "终止", "export": "导出", "file": "下载原件", "hand_over": "交接",
    "issue": "下达（发文）", "json": "下载数据", "lift": "撤销", "list": "查看列表", "new": "登记",
    "notice": "查看公示", "opinion": "填写会商意见", "password": "修改密码", "people": "查看人选",
    "print": "打印", "reasons": "下载标注原因的表格", "recheck": "重新检查", "recommend": "推荐",
    "refuse": "填写不去的村", "remove": "移除（撤销）", "return": "退回", "review": "审核（会商）",
    "revoke": "收回", "save": "保存", "settle": "办结异议", "shortages": "查看缺口",
    "start": "开始", "submit": "提交", "suggest": "试算", "table": "查看", "template": "下载模板",
    "undo": "撤销", "upload": "送入表格", "verification": "复核", "verify": "核实（核对）",
    "veto": "不接收", "villages": "查看村", "withdraw": "退出", "workbook": "下载表格",
    "train": "登记岗前培训", "arrive": "确认到岗", "suspend": "暂停履职", "resume": "恢复履职",
    "continue": "延期已到位", "term": "期满考察", "cease": "终止派驻", "extend": "提出延期",
    "transfer": "提出调整", "agree_unit": "单位同意", "agree_village": "村里同意",
    "decline": "不同意", "approve": "批准", "draft": "填写协议", "renew": "续签",
    "dissolve": "解除", "agreement": "查看协议", "word": "下载 Word",
    "decide": "决定（审批）", "ask": "申请", "due": "查看到期事项",
    "today": "查看在岗一览", "months": "查看在村天数", "month": "查看（确认）在村天数",
    "state": "说明", "signals": "查看线索", "step": "办理（决定）", "letter": "打印",
    "propose": "提出", "raise": "登记提出的困难和问题",
    "make": "制表", "pay": "登记支付", "check": "审核", "give": "下达",
    "correct": "冲销（更正）", "waive": "同意先到岗、后补办", "void": "作废",
    "nominate": "提名", "set": "下达",
    "mine": "查看本人的", "appeal": "申诉", "grade": "研究改档", "leave_out": "注明不参加",
    "take_in": "改为参加", "own": "查看本人的", "archive": "归档", "notify": "反馈（下达）",
    "ranking": "查看排名", "scores": "评分", "send_back": "退回评分", "summarise": "汇总",
    "hand_out": "登记发放", "papers": "登记计票", "slips": "查看（打印）选票", "vote": "投票",
    "cast": "投票", "schemes": "查看办法",
    "active": "启用停用", "wishes": "开始填报志愿", "intentions": "开始提意向",
    "demand": "锁定需求", "back": "退回调整", "open": "启动",
    "hold": "登记已开展", "close": "完成（停止）", "reach": "登记节点完成", "draw": "抽取",
    "plan_write": "写年度计划", "photo_add": "加照片", "photo_remove": "删去照片",
    "claim": "认领",
    "drop": "撤回认领",
    "split": "约定份额",
    "join": "合为一件",
    "entry": "登记金额",
    "answers": "填写意愿",
    "fix": "指定（排除）",
    "fixes": "查看指定和排除",
    "left": "查看未结对和原因",
    "matrix": "设置行业相关",
    "statement": "填报",
    "units": "查看单位",
    "figures": "查看",
    "figure": "查看",
    "detail": "查看",
    "trend": "查看走势",
    "records": "查看记录",
    "name": "命名",
    "screen": "排查",
    "seat": "登记任职",
    "post_leave": "登记离任",
    "begin": "登记",
    "find": "登记",
    "prepare": "筹备",
    "organization_count": "核对党员数",
    "ranks": "排名次",
    "rect_ask": "征求部门意见",
    "redraft": "修改方案",
    "approve_plan": "批准方案",
    "assess": "登记研判",
    "reschedule": "提前或延期",
    "fail": "登记选举无效",
    "again": "重新办理",
    "replace": "更换候选人",
    "publish": "公布",
    "approve_posts": "批复职务",
    "meeting": "登记选举会议",
    "look_back": "完成回头看",
    "candidate_drop": "退出",
    "exempt": "批准例外",
    "yearly": "发起年度联审",
    "joint_review_departments": "确定联审部门",
    "supervision_photo": "查看佐证照片",
    "lookback_check": "查看（登记）",
    "candidate_edit": "修改",
    "term_change_file": "备案",
    "term_change_close": "归档",
    "term_change_open": "制定方案",
    "joint_review_answer": "答复",
    "support": "明确帮扶力量",
    "strike": "删去",
    "rect_answer": "答复会商",
    "let_through": "放行数据核对的时间",
    "editions": "查看每一版",
    "preview": "核对写法",
    "pick": "找指标",
    "turn": "停用（恢复）",
    "lock": "锁定",
    "fill": "填写",
    "periods": "查看各月进度",
}  # fmt: skip
FLOWS = {
    "briefing": "简报",
    "monthly_report": "村月报",
    "health_check": "村情体检",
    "pool_entry": "人才储备库",
    "round": "选派批次",
    "wish_list": "志愿",
    "posting": "派驻",
    "leave": "请假",
    "absence": "脱岗记录",
    "appraisal": "考评",
    "payment": "补助发放",
    "help": "实际困难",
    "nomination": "表彰",
    "problem": "发现的问题",
    "recall": "召回事项",
    "replacement": "空缺补派",
    "pairing": "结对",
    "pair_activity": "联建活动",
    "pair_round": "结对批次",
    "pair_problem": "联建问题",
    "pair_assessment": "结对考评",
    "supervision_task": "督办任务",
    "interview": "约谈",
    "rectification": "整顿事项",
    "rect_problem": "整顿问题",
    "term_change": "换届",
    "lookback": "换届回头看",
    "party_organization": "党组织",
    "reserve": "村级后备力量",
    "pair_invitation": "认领请求",
    "duty_list": "责任清单",
    "review": "述职评议",
    "agency_target": "机关党建目标考评",
}
JOBS = {
    "posting.compute": ("匹配方案", "计算"),
    "posting.stable_best": ("匹配方案", "再算一种"),
    "posting.price": ("匹配方案", "计算代价"),
    "pairing.compute": ("结对方案", "计算"),
    "exchange.check": ("表格导入导出", "检查"),
    "exchange.apply": ("表格导入导出", "导入"),
    "exchange.undo": ("表格导入导出", "撤销"),
    "audit.check": ("操作留痕", "核对全部"),
    "checks.run": ("数据体检", "检查"),
}


def connect() -> None:
    """Hand the table its sources and the names of the roles."""
    from lingyan.directory.roles import Role

    table.SOURCES[:] = [pages, steps, sheets, operations, jobs, commands]
    table.ROLE_LABELS.clear()
    table.ROLE_LABELS.update({role.value: role.label for role in Role})


def patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the product with the whole of its path."""
    for one in resolver.url_patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from patterns(one, path)
        else:
            yield path, one


def pages() -> Iterator[Entry]:
    from lingyan.api.gate import OPERATED

    for path, pattern in patterns(get_resolver()):
        roles = tuple(map(str, getattr(pattern.callback, "roles", ())))
        if roles == (OPERATED,):
            continue
        name = str(pattern.name)
        shown = "/" + re.sub(r"<(?:\w+:)?(\w+)>", "…", path)
        yield Entry(Kind.PAGE, name, object_of(path), action_of(name), shown, roles)


def object_of(path: str) -> str:
    """By the longest beginning that has a name."""
    parts = [part for part in path.split("/") if part]
    for length in range(len(parts), -1, -1):
        if name := OBJECTS_OF_ADDRESSES.get("/".join(parts[:length])):
            return name if length or not parts else "/" + parts[0]
    return "/" + path


@cache
def _object_of_name() -> dict[str, str]:
    return {str(pattern.name): _nearest(path) for path, pattern in patterns(get_resolver())}


def _nearest(path: str) -> str:
    """What stands last in an address says most: the leave of a posting is leave."""
    module, _, rest = path.partition("/")
    named = [OBJECTS_OF_ADDRESSES.get(f"{module}/{part}") for part in rest.split("/")]
    return next((one for one in reversed(named) if one), object_of(path))


def page_label(name: str) -> str:
    """A page by its name, as the table calls it: 请假 · 申请."""
    return f"{_object_of_name().get(name, name)} · {action_of(name)}"


def action_of(name: str) -> str:
    words = name.split("_")
    for start in range(max(len(words) - 3, 0), len(words)):
        if action := ACTIONS.get("_".join(words[start:])):
            return action
    return "查看"


@dataclass(frozen=True, slots=True)
class Flow:
    """A process: what it moves, its table, and what its states are called."""

    code: str
    object: str
    table: tuple[Transition, ...]
    states: Mapping[str, str]


def _briefing_flows() -> tuple[Flow, ...]:
    from lingyan.briefings.rules.briefing_words import BriefingState
    from lingyan.briefings.rules.briefings import BRIEFING_FLOW
    from lingyan.briefings.rules.monthly import MONTHLY_FLOW
    from lingyan.briefings.rules.monthly_words import ReportState

    return (
        Flow("briefing", FLOWS["briefing"], BRIEFING_FLOW, dict(BriefingState.choices())),
        Flow("monthly_report", FLOWS["monthly_report"], MONTHLY_FLOW, dict(ReportState.choices())),
    )


def flows() -> list[Flow]:
    """Every process table of the product; a test looks for one that is missing here."""
    from lingyan.directory.rules.organizations import OrganizationState
    from lingyan.organization.rules.agency_targets import TARGET_FLOW
    from lingyan.organization.rules.duty_lists import DUTY_FLOW
    from lingyan.organization.rules.lookback import MEND_FLOW
    from lingyan.organization.rules.party_organizations import ORGANIZATION_FLOW
    from lingyan.organization.rules.rect_problems import PROBLEM_FLOW as RECT_PROBLEM_FLOW
    from lingyan.organization.rules.rectification import RECTIFICATION_FLOW
    from lingyan.organization.rules.rectification_words import RectProblemState, RectState
    from lingyan.organization.rules.reserve import RESERVE_FLOW, ReserveState
    from lingyan.organization.rules.review_words import PaperState, ReviewState
    from lingyan.organization.rules.reviews import REVIEW_FLOW
    from lingyan.organization.rules.term_changes import TERM_CHANGE_FLOW
    from lingyan.organization.rules.term_words import MendState, TermChangeState
    from lingyan.pairing.rules.activities import ACTIVITY_FLOW
    from lingyan.pairing.rules.activity_words import ActivityState
    from lingyan.pairing.rules.assessments import ASSESSMENT_FLOW, AssessmentState
    from lingyan.pairing.rules.invitations import INVITATION_FLOW, InvitationState
    from lingyan.pairing.rules.ledger_words import PairProblemState
    from lingyan.pairing.rules.pair_problems import PAIR_PROBLEM_FLOW
    from lingyan.pairing.rules.pairings import PAIRING_FLOW
    from lingyan.pairing.rules.rounds import PAIR_ROUND_FLOW, PairRoundState
    from lingyan.pairing.rules.words import PairingState
    from lingyan.posting.models import NeedList
    from lingyan.posting.rules.appraisal import APPRAISAL_FLOW
    from lingyan.posting.rules.appraisal_words import AppraisalState
    from lingyan.posting.rules.assessments import NEED_LIST_FLOW
    from lingyan.posting.rules.diary_words import ProblemState
    from lingyan.posting.rules.help_requests import HELP_FLOW
    from lingyan.posting.rules.honors import NOMINATION_FLOW
    from lingyan.posting.rules.leave import LEAVE_FLOW
    from lingyan.posting.rules.life_words import AbsenceState, LeaveState
    from lingyan.posting.rules.notices import NOTICE_OBJECTION_FLOW
    from lingyan.posting.rules.presence import ABSENCE_FLOW
    from lingyan.posting.rules.problems import PROBLEM_FLOW
    from lingyan.posting.rules.processes import STATES_OF_FLOW
    from lingyan.posting.rules.recall import RECALL_FLOW
    from lingyan.posting.rules.recall_words import RecallState, ReplacementState
    from lingyan.posting.rules.replacements import REPLACEMENT_FLOW
    from lingyan.posting.rules.support import PAYMENT_FLOW
    from lingyan.posting.rules.support_words import HelpState, NominationState, PaymentState
    from lingyan.posting.rules.words import ObjectionState
    from lingyan.supervision.rules.interviews import INTERVIEW_FLOW
    from lingyan.supervision.rules.tasks import TASK_FLOW
    from lingyan.supervision.rules.words import InterviewState, TaskState

    found = [
        Flow(code, FLOWS.get(code, code), table, {state.value: state.label for state in states})  # type: ignore[attr-defined]  # each is a Choice
        for code, (states, table) in STATES_OF_FLOW.items()
    ]
    need_lists = {code: str(label) for code, label in NeedList.State.choices}
    return [
        *found,
        Flow(
            "pair_problem",
            FLOWS["pair_problem"],
            PAIR_PROBLEM_FLOW,
            dict(PairProblemState.choices()),
        ),
        Flow(
            "rectification",
            FLOWS["rectification"],
            RECTIFICATION_FLOW,
            dict(RectState.choices()),
        ),
        Flow(
            "rect_problem",
            FLOWS["rect_problem"],
            RECT_PROBLEM_FLOW,
            dict(RectProblemState.choices()),
        ),
        Flow(
            "term_change",
            FLOWS["term_change"],
            TERM_CHANGE_FLOW,
            dict(TermChangeState.choices()),
        ),
        Flow("lookback", FLOWS["lookback"], MEND_FLOW, dict(MendState.choices())),
        Flow("duty_list", FLOWS["duty_list"], DUTY_FLOW, dict(PaperState.choices())),
        Flow("review", FLOWS["review"], REVIEW_FLOW, dict(ReviewState.choices())),
        Flow("agency_target", FLOWS["agency_target"], TARGET_FLOW, dict(PaperState.choices())),
        Flow("supervision_task", FLOWS["supervision_task"], TASK_FLOW, dict(TaskState.choices())),
        *_briefing_flows(),
        Flow("interview", FLOWS["interview"], INTERVIEW_FLOW, dict(InterviewState.choices())),
        Flow("pair_round", FLOWS["pair_round"], PAIR_ROUND_FLOW, dict(PairRoundState.choices())),
        Flow(
            "pair_invitation",
            FLOWS["pair_invitation"],
            INVITATION_FLOW,
            dict(InvitationState.choices()),
        ),
        Flow("pairing", FLOWS["pairing"], PAIRING_FLOW, dict(PairingState.choices())),
        Flow("pair_activity", FLOWS["pair_activity"], ACTIVITY_FLOW, dict(ActivityState.choices())),
        Flow(
            "pair_assessment",
            FLOWS["pair_assessment"],
            ASSESSMENT_FLOW,
            dict(AssessmentState.choices()),
        ),
        Flow(
            "party_organization",
            FLOWS["party_organization"],
            ORGANIZATION_FLOW,
            dict(OrganizationState.choices()),
        ),
        Flow("reserve", FLOWS["reserve"], RESERVE_FLOW, dict(ReserveState.choices())),
        Flow("leave", FLOWS["leave"], LEAVE_FLOW, dict(LeaveState.choices())),
        Flow("absence", FLOWS["absence"], ABSENCE_FLOW, dict(AbsenceState.choices())),
        Flow("appraisal", FLOWS["appraisal"], APPRAISAL_FLOW, dict(AppraisalState.choices())),
        Flow("payment", FLOWS["payment"], PAYMENT_FLOW, dict(PaymentState.choices())),
        Flow("help", FLOWS["help"], HELP_FLOW, dict(HelpState.choices())),
        Flow("nomination", FLOWS["nomination"], NOMINATION_FLOW, dict(NominationState.choices())),
        Flow("recall", FLOWS["recall"], RECALL_FLOW, dict(RecallState.choices())),
        Flow(
            "replacement", FLOWS["replacement"], REPLACEMENT_FLOW, dict(ReplacementState.choices())
        ),
        Flow("problem", FLOWS["problem"], PROBLEM_FLOW, dict(ProblemState.choices())),
        Flow("need_list", "需求清单", NEED_LIST_FLOW, need_lists),
        Flow("notice_objection", "公示异议", NOTICE_OBJECTION_FLOW, dict(ObjectionState.choices())),
    ]


def steps() -> Iterator[Entry]:
    """Each act of a process, whoever may take it in whatever state; not what comes of itself."""
    for flow in flows():
        for act in dict.fromkeys(line.act for line in flow.table):
            lines = [line for line in flow.table if line.act == act]
            roles = tuple(dict.fromkeys(role for line in lines for role in line.roles))
            if not set(roles) - {"system"}:
                continue
            befores = [flow.states.get(line.before, line.before) for line in lines if line.before]
            where = f"{'、'.join(befores)} 时" if befores else ""
            yield Entry(Kind.STEP, f"{flow.code}.{act}", flow.object, lines[0].label, where, roles)


def sheets() -> Iterator[Entry]:
    from lingyan.platform.exchange.registry import KINDS

    for kind in KINDS.values():
        for act, label, roles in (
            ("import", "导入", kind.import_roles),
            ("export", "导出", kind.export_roles),
        ):
            code = f"{kind.code}.{act}"
            yield Entry(
                Kind.SHEET, code, kind.title, label, f"表格“{kind.title}”", tuple(map(str, roles))
            )


def operations() -> Iterator[Entry]:
    from lingyan.api.gate import OPERATIONS

    for one in OPERATIONS:
        where = f"{one.method} /api/v1{one.path}"
        tag = object_of_operation(one.path)
        yield Entry(Kind.OPERATION, one.name, tag, one.summary, where, one.roles)


OBJECTS_OF_OPERATIONS = {
    "me": "账号", "jobs": "后台作业", "places": "区划", "units": "单位", "people": "人员",
    "officers": "村干部", "need-lists": "需求清单", "rounds": "选派批次", "plans": "匹配方案",
    "postings": "派驻", "sheets": "表格导入导出", "imports": "表格导入导出",
    "relatives": "近亲属", "place-changes": "区划变更", "adjoining-towns": "相邻乡镇",
    "calendar": "工作日历", "health-checks": "村情体检", "pool": "人才储备库",
    "evidence": "能力画像", "my-portrait": "能力画像", "round-people": "选派批次",
    "wishes": "志愿", "unit-wishes": "志愿", "intentions": "意向",
    "notice-objections": "选派批次", "history": "操作留痕",
}  # fmt: skip


def object_of_operation(path: str) -> str:
    first = path.strip("/").split("/")[0]
    return OBJECTS_OF_OPERATIONS.get(first, first)


def jobs() -> Iterator[Entry]:
    """A job acts with the rights that its starter has when it runs."""
    from lingyan.platform.accounts.gate import ANY_ROLE
    from lingyan.platform.jobs.registry import KINDS

    for code in KINDS:
        thing, action = JOBS.get(code, ("后台作业", code))
        yield Entry(Kind.JOB, code, thing, action, "以发起人当时的权限", (ANY_ROLE,))


def commands() -> Iterator[Entry]:
    """Only the list is read; the commands themselves stand above this floor."""
    for one in import_module("lingyan.cli").COMMANDS:
        yield Entry(Kind.COMMAND, one.name, "命令", one.text, f"lingyan {one.name}", (SERVER,))
