"""Which pages stand in the menu, in which section, and for whom?"""

from __future__ import annotations

from dataclasses import dataclass

from lingyan.briefings.rules.briefings import READERS as BRIEFING_READERS
from lingyan.briefings.rules.monthly import READERS as MONTHLY_READERS
from lingyan.briefings.rules.readers import READERS as FIGURE_READERS
from lingyan.directory.roles import LOCAL_GRANTERS, Role
from lingyan.organization.rules.rect_problems import WORK_READERS
from lingyan.platform.accounts.gate import ANY_ROLE
from lingyan.supervision.rules.interviews import READERS as TALK_READERS
from lingyan.supervision.rules.overrides import READERS as GATE_READERS
from lingyan.supervision.rules.tasks import READERS as TASK_HANDS


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    label: str
    icon: str
    url_name: str
    roles: tuple[str, ...] = (ANY_ROLE,)
    also: tuple[str, ...] = ()  # further addresses whose pages belong to this entry

    def open_to(self, role: str) -> bool:
        return ANY_ROLE in self.roles or role in self.roles


@dataclass(frozen=True, slots=True)
class NavigationSection:
    title: str
    entries: tuple[NavigationEntry, ...]


COUNTY = (Role.COUNTY_ORG_ADMIN, Role.COUNTY_ORG_STAFF, Role.COUNTY_ORG_LEADER)

UNIT = (Role.UNIT_PARTY_ADMIN, Role.UNIT_LEADER)
TOWN = (Role.TOWN_ORG, Role.TOWN_SECRETARY)
ROUND_READERS = (
    *COUNTY,
    Role.COUNTY_AGRI,
    Role.COUNTY_DISCIPLINE,
    *TOWN,
    *UNIT,
    Role.UPPER_VIEWER,
)
POSTING_READERS = (
    *ROUND_READERS,
    Role.COUNTY_AGENCY_COMMITTEE,
    Role.TOWN_LEADER,
    Role.CANDIDATE,
    Role.VILLAGE_SECRETARY,
    Role.VILLAGE_ORG,
)
CHECK_READERS = (
    *COUNTY,
    Role.COUNTY_AGRI,
    Role.TOWN_ORG,
    Role.TOWN_SECRETARY,
    Role.VILLAGE_SECRETARY,
)

DIARY_WRITERS = (Role.FIRST_SECRETARY, Role.TEAM_MEMBER)
DIARY_READERS = (
    *COUNTY,
    Role.COUNTY_AGENCY_COMMITTEE,
    *TOWN,
    Role.TOWN_LEADER,
    *UNIT,
    Role.VILLAGE_SECRETARY,
    Role.VILLAGE_ORG,
    *DIARY_WRITERS,
)

APPRAISERS = (*COUNTY, *TOWN, *UNIT)
SETTING_READERS = (*COUNTY, *TOWN, *UNIT, Role.COUNTY_FINANCE)

LIFE_READERS = tuple(role for role in DIARY_READERS if role not in DIARY_WRITERS)

RECALL_READERS = (*COUNTY, *TOWN, *UNIT)

SUPPORT_READERS = (*COUNTY, *TOWN, *UNIT)
HELP_READERS = (*SUPPORT_READERS, *DIARY_WRITERS)
FUND_READERS = (*HELP_READERS, Role.COUNTY_FINANCE)

TASK_READERS = (
    *COUNTY,
    *TOWN,
    Role.TOWN_LEADER,
    *UNIT,
    Role.VILLAGE_SECRETARY,
    Role.VILLAGE_ORG,
)

ACT_READERS = (
    *COUNTY,
    Role.COUNTY_AGENCY_COMMITTEE,
    *TOWN,
    Role.TOWN_LEADER,
    *UNIT,
    Role.VILLAGE_SECRETARY,
    Role.VILLAGE_ORG,
)

IMPORTERS = (
    Role.COUNTY_ORG_ADMIN,
    Role.COUNTY_ORG_STAFF,
    Role.TOWN_ORG,
    Role.UNIT_PARTY_ADMIN,
    Role.SYS_ADMIN,
    Role.SEC_ADMIN,
)

ADMINISTRATORS = (Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDIT_ADMIN, Role.COUNTY_ORG_ADMIN)

PAIRING_READERS = (
    *COUNTY,
    Role.COUNTY_AGENCY_COMMITTEE,
    Role.COUNTY_AGRI,
    *TOWN,
    Role.TOWN_LEADER,
    *UNIT,
    Role.VILLAGE_SECRETARY,
    Role.VILLAGE_ORG,
    *DIARY_WRITERS,
    Role.UPPER_VIEWER,
)

LEDGER_READERS = (*PAIRING_READERS, Role.COUNTY_FINANCE)

VILLAGE = (Role.VILLAGE_SECRETARY, Role.VILLAGE_ORG)
PAIR_ROUND_READERS = (*COUNTY, *TOWN, *UNIT, *VILLAGE, Role.UPPER_VIEWER)

YEAR_READERS = tuple(
    role
    for role in PAIRING_READERS
    if role not in (Role.COUNTY_AGRI, *DIARY_WRITERS, Role.UPPER_VIEWER)
)

SCREENING_READERS = (*TOWN, *COUNTY, Role.UPPER_VIEWER)
CASE_READERS = (
    *COUNTY,
    Role.COUNTY_DISCIPLINE,
    Role.COUNTY_AGRI,
    Role.DEPT_STAFF,
    Role.COUNTY_LEADER,
    Role.COUNTY_OFFICE,
    *TOWN,
    Role.TOWN_LEADER,
    *UNIT,
    *VILLAGE,
    *DIARY_WRITERS,
    Role.UPPER_VIEWER,
)

CHANGE_READERS = (
    *COUNTY, Role.COUNTY_DISCIPLINE, *TOWN, Role.TOWN_LEADER, *VILLAGE, Role.UPPER_VIEWER,
)  # fmt: skip
JOINT_REVIEW_READERS = (
    *COUNTY, Role.COUNTY_DISCIPLINE, Role.COUNTY_AGRI, Role.DEPT_STAFF, *TOWN,
)  # fmt: skip

DUTY_READERS = (*COUNTY, *TOWN, *UNIT, *VILLAGE)
RESERVE_READERS = (*COUNTY, *TOWN, Role.TOWN_LEADER, *VILLAGE)
COMMITTEE_READERS = (*RESERVE_READERS, Role.COUNTY_DISCIPLINE, Role.UPPER_VIEWER)

PLACE_READERS = (*COUNTY, Role.COUNTY_AGRI, Role.TOWN_ORG, Role.TOWN_SECRETARY)

# No menu entry without a page behind it: a test opens each one for each role.
NAVIGATION: tuple[NavigationSection, ...] = (
    NavigationSection("", (NavigationEntry("待办事项", "list", "worklist"),)),
    NavigationSection(
        "精准选派",
        (
            NavigationEntry("村情体检", "heart", "health_check_list", CHECK_READERS),
            NavigationEntry("需求清单", "flag", "need_list_list", CHECK_READERS),
            NavigationEntry("人才储备库", "person", "pool_list", (*COUNTY, *UNIT)),
            NavigationEntry(
                "选派批次", "scale", "round_list", ROUND_READERS, also=("/posting/plans/",)
            ),
            NavigationEntry("我的志愿", "pin", "wish_list", (Role.CANDIDATE,)),
            NavigationEntry("我的画像", "person", "my_portrait", (Role.CANDIDATE,)),
            NavigationEntry("谁看过我的记录", "clock", "own_readers", (Role.CANDIDATE,)),
            NavigationEntry("确认志愿", "check", "unit_wish_list", UNIT),
            NavigationEntry("提出意向", "people", "intention_list", TOWN),
            NavigationEntry("派驻名册", "pin", "posting_list", POSTING_READERS),
        ),
    ),
    NavigationSection(
        "驻村履职",
        (
            NavigationEntry("本月任务", "check", "task_list", TASK_READERS),
            NavigationEntry("工作日志", "list", "diary_list", DIARY_WRITERS),
            NavigationEntry("工作报告", "file", "report_list", DIARY_READERS),
            NavigationEntry("发现的问题", "flag", "problem_list", DIARY_READERS),
            NavigationEntry("在岗一览", "pin", "presence_today", LIFE_READERS),
            NavigationEntry("在村天数", "check", "presence_months", DIARY_READERS),
            NavigationEntry("请假", "clock", "leave_list", DIARY_READERS),
            NavigationEntry("到期事项", "flag", "life_due", LIFE_READERS),
            NavigationEntry("脱岗记录", "warning", "absence_list", DIARY_READERS),
            NavigationEntry("我的保障", "heart", "support_mine", DIARY_WRITERS),
            NavigationEntry("保障台账", "heart", "support_list", SUPPORT_READERS),
            NavigationEntry("补助发放", "file", "payment_list", (*COUNTY, Role.COUNTY_FINANCE)),
            NavigationEntry("工作经费", "building", "fund_list", FUND_READERS),
            NavigationEntry("实际困难", "flag", "help_list", HELP_READERS),
            NavigationEntry("表彰", "check", "honor_list", SUPPORT_READERS),
            NavigationEntry("使用情况", "person", "career_list", COUNTY),
            NavigationEntry("走访谈心", "people", "visit_list", DIARY_READERS),
            NavigationEntry(
                "分片联系", "pin", "liaison_list", LIFE_READERS, also=("/posting/liaisons/",)
            ),
            NavigationEntry(
                "考评",
                "scale",
                "appraisal_list",
                APPRAISERS,
                also=("/posting/appraisal-entries/", "/posting/ballots/"),
            ),
            NavigationEntry("我的考评", "scale", "appraisal_own", DIARY_WRITERS),
            NavigationEntry("填表负担", "clock", "burden", COUNTY),
            NavigationEntry("延期和调整", "swap", "step_list", COUNTY, also=("/posting/steps/",)),
            NavigationEntry("召回", "warning", "recall_list", RECALL_READERS),
            NavigationEntry(
                "空缺补派",
                "person",
                "vacancy_list",
                RECALL_READERS,
                also=("/posting/replacements/",),
            ),
        ),
    ),
    NavigationSection(
        "组织联建",
        (
            NavigationEntry(
                "结对批次",
                "scale",
                "pair_round_list",
                PAIR_ROUND_READERS,
                also=("/pairing/plans/", "/pairing/fixes/"),
            ),
            NavigationEntry(
                "结对意愿",
                "heart",
                "pair_statement_list",
                (*UNIT, *TOWN, *VILLAGE),
                also=("/pairing/round-units/", "/pairing/round-villages/"),
            ),
            NavigationEntry("结对名册", "people", "pairing_list", PAIRING_READERS),
            NavigationEntry(
                "联建活动",
                "list",
                "activity_list",
                ACT_READERS,
                also=("/pairing/samples/", "/pairing/invitations/"),
            ),
            NavigationEntry(
                "五个一",
                "check",
                "five_one_list",
                ACT_READERS,
                also=("/pairing/paths/", "/pairing/youth/"),
            ),
            NavigationEntry("结对实事", "heart", "deed_list", ACT_READERS),
            NavigationEntry("联席和互访", "people", "meeting_list", ACT_READERS),
            NavigationEntry(
                "共建项目",
                "building",
                "project_list",
                ACT_READERS,
                also=("/pairing/milestones/",),
            ),
            NavigationEntry("补结", "swap", "repair_list", COUNTY),
            NavigationEntry("项目资金", "file", "pair_fund_list", LEDGER_READERS),
            NavigationEntry("联建问题", "flag", "pair_problem_list", LEDGER_READERS),
            NavigationEntry("示范点", "pin", "site_list", LEDGER_READERS),
            NavigationEntry("结对活跃度", "heart", "pair_liveliness", YEAR_READERS),
            NavigationEntry("结对考评", "scale", "pair_assessment_list", YEAR_READERS),
            NavigationEntry(
                "单位结对得分",
                "building",
                "pair_unit_scores",
                (*COUNTY, Role.COUNTY_AGENCY_COMMITTEE, *UNIT),
            ),
        ),
    ),
    NavigationSection(
        "组织建设",
        (
            NavigationEntry("两委班子", "people", "committee_list", COMMITTEE_READERS),
            NavigationEntry("届次", "clock", "term_list", COMMITTEE_READERS),
            NavigationEntry("党组织", "flag", "organization_list", COMMITTEE_READERS),
            NavigationEntry("后备力量", "person", "reserve_list", RESERVE_READERS),
            NavigationEntry(
                "两届对比",
                "scale",
                "committee_comparison",
                (*COMMITTEE_READERS, Role.COUNTY_OFFICE),
            ),
            NavigationEntry("排查", "check", "rect_screening_list", SCREENING_READERS),
            NavigationEntry("整顿台账", "flag", "rect_case_list", CASE_READERS),
            NavigationEntry(
                "换届",
                "people",
                "term_change_list",
                CHANGE_READERS,
                also=("/organization/candidates/",),
            ),
            NavigationEntry(
                "资格联审",
                "search",
                "joint_review_list",
                JOINT_REVIEW_READERS,
                also=("/organization/joint-review-answers/",),
            ),
            NavigationEntry("换届回头看", "check", "lookback_list", CHANGE_READERS),
            NavigationEntry("整顿推进", "people", "rect_work_list", WORK_READERS),
            NavigationEntry("整顿问题", "list", "rect_problem_list", WORK_READERS),
            NavigationEntry("整顿月报", "file", "rect_report_list", WORK_READERS),
            NavigationEntry("责任清单", "list", "duty_list_list", DUTY_READERS),
            NavigationEntry(
                "述职评议",
                "scale",
                "review_list",
                DUTY_READERS,
                also=("/organization/review-results/",),
            ),
            NavigationEntry("目标考评", "building", "target_list", (*COUNTY, *UNIT)),
        ),
    ),
    NavigationSection(
        "督查督办",
        (
            NavigationEntry("督办任务", "flag", "supervision_task_list", TASK_HANDS),
            NavigationEntry("约谈", "people", "interview_list", TALK_READERS),
            NavigationEntry("关口", "lock", "gate_list", GATE_READERS),
            NavigationEntry("督办月报", "scale", "supervision_report", GATE_READERS),
        ),
    ),
    NavigationSection(
        "数据与简报",
        (
            NavigationEntry("总览", "home", "dashboard", FIGURE_READERS),
            NavigationEntry("指标", "scale", "figure_list", FIGURE_READERS),
            NavigationEntry("简报", "file", "briefing_list", BRIEFING_READERS),
            NavigationEntry("村月报", "file", "monthly_list", MONTHLY_READERS),
        ),
    ),
    NavigationSection(
        "名录",
        (
            NavigationEntry("区划", "pin", "place_list", PLACE_READERS),
            NavigationEntry("单位", "building", "unit_list", COUNTY),
            NavigationEntry("人员", "people", "person_list", (*COUNTY, Role.UNIT_PARTY_ADMIN)),
            NavigationEntry("村干部", "person", "officer_list", CHECK_READERS),
            NavigationEntry("时点查询", "clock", "as_at", (*CHECK_READERS, Role.UNIT_PARTY_ADMIN)),
        ),
    ),
    NavigationSection(
        "工具",
        (
            NavigationEntry("表格导入", "upload", "exchange", IMPORTERS),
            NavigationEntry("县里定的标准", "list", "county_settings", SETTING_READERS),
        ),
    ),
    NavigationSection(
        "管理",
        (
            NavigationEntry("账号", "people", "account_list", (Role.SYS_ADMIN, Role.SEC_ADMIN)),
            NavigationEntry("身份授权", "people", "granted_list", LOCAL_GRANTERS),
            NavigationEntry("操作留痕", "clock", "audit_list", (Role.AUDIT_ADMIN,)),
            NavigationEntry("权限表", "lock", "access_table", ADMINISTRATORS),
            NavigationEntry("数据体检", "check", "data_checks", ADMINISTRATORS),
        ),
    ),
)
