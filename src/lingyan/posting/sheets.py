"""Which columns do the sheets of needs, candidates, wishes, intentions and rules have?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from lingyan.common.sheet import Column, Kind, Sheet
from lingyan.directory.rules import Gender, PoliticalStatus
from lingyan.directory.sheets import (
    ADJOINING,
    OFFICERS,
    PERSON,
    RELATIVES,
    TOWN,
    TYPES,
    UNITS,
    VILLAGE,
)
from lingyan.posting.rules import (
    DEFAULT_RULES,
    CandidateSource,
    Capability,
    CheckItem,
    DisciplineState,
    Effect,
    HealthState,
    PoolCategory,
    PoolState,
    RecallGround,
    Role,
    YearlyResult,
)
from lingyan.posting.rules.support_words import RECORDED, HonorKind, HonorLevel, SupportItem

RANKS = (1, 2, 3, 4, 5)
SEVERITY_DEFAULT = 4
CAPABILITY_ALIASES = (
    ("党群", "party_work"),
    ("党群工作", "party_work"),
    ("经济", "economy"),
    ("经济工作", "economy"),
    ("社会管理", "social_gov"),
    ("涉农", "agri_major"),
    ("项目管理", "project_mgmt"),
    ("基层领导", "grassroots_lead"),
    ("群众工作", "mass_work"),
)
ROLE_ALIASES = (("书记", "first_secretary"), ("队员", "member"), ("驻村工作队员", "member"))
UNIT_OF_PERSON = Column(
    "unit", "单位", Kind.REFERENCE, hint="有同名人选时填写", example="县农业农村局"
)
ROLE = Column(
    "role",
    "岗位",
    Kind.CHOICE,
    choices=Role.choices(),
    choice_aliases=ROLE_ALIASES,
    hint="不填表示两种岗位都算",
    example="第一书记",
)


def _severity(name: str, heading: str, hint: str, *, required: bool = False) -> Column:
    return Column(
        name, heading, Kind.INTEGER, required, minimum=0, maximum=4, hint=hint, example="3"
    )


def _capabilities(name: str, heading: str, hint: str, *, required: bool = False) -> Column:
    return Column(
        name,
        heading,
        Kind.MULTI_CHOICE,
        required,
        choices=Capability.choices(),
        choice_aliases=CAPABILITY_ALIASES,
        hint=hint,
        example="涉农专业、项目管理经历",
    )


LEVEL = Column(
    "level",
    "需要等级",
    Kind.INTEGER,
    minimum=1,
    maximum=4,
    hint="1 至 4；不填按 4",
    example="3",
)
CODE = Column(
    "code",
    "区划代码",
    Kind.CODE,
    hint="12 位，可不填",
    example="511722223208",
    aliases=("村代码", "统计用区划代码"),
)

NEEDS = Sheet(
    kind="needs",
    title="需求清单",
    columns=(
        VILLAGE,
        TOWN,
        CODE,
        Column("village_id", "村编号", hint="由系统导出时带出，自己填表时不填", max_length=40),
        TYPES,
        Column(
            "klass",
            "优先级",
            Kind.INTEGER,
            minimum=1,
            maximum=3,
            hint="1 最先配备；不填按村类型",
            example="2",
        ),
        Column(
            "first_secretaries",
            "第一书记",
            Kind.INTEGER,
            minimum=0,
            maximum=1,
            hint="需要几名：0 或 1；不填按 1",
            example="1",
            aliases=("第一书记人数", "第一书记名额"),
        ),
        Column(
            "members",
            "队员",
            Kind.INTEGER,
            minimum=0,
            maximum=20,
            hint="需要几名工作队员；不填按 0",
            example="2",
            aliases=("工作队员", "队员人数", "工作队员人数", "队员名额"),
        ),
        Column(
            "first_secretary_required",
            "第一书记必配",
            Kind.BOOLEAN,
            hint="填“是”的先于其他一切配备",
        ),
        Column("members_min", "队员至少", Kind.INTEGER, minimum=0, maximum=20, hint="不填按 0"),
        _capabilities("capabilities", "需要能力", "除村类型带来的以外，还需要的能力"),
        _severity("severity", "需求程度", "需要能力的程度 0 至 4；不填按 4"),
        LEVEL,
        Column(
            "officers",
            "两委及财务人员",
            Kind.REFERENCES,
            hint="现任两委、监委会、理事会监事会成员和财务人员姓名，用顿号分开",
            example="王甲一、赵甲二",
            aliases=("两委成员", "村干部"),
        ),
        Column(
            "categories",
            "人选类别要求",
            Kind.MULTI_CHOICE,
            choices=PoolCategory.choices(),
            hint="可不填",
        ),
        Column(
            "sources",
            "人选来源要求",
            Kind.MULTI_CHOICE,
            choices=CandidateSource.choices(),
            hint="可不填",
        ),
        Column("ranks", "职级要求", Kind.REFERENCES, hint="可不填，多个用顿号分开"),
        Column("languages_asked", "语言要求", Kind.REFERENCES, hint="民族乡村填写；会其中一种即可"),
        Column(
            "vetoes",
            "不接收人选",
            Kind.REFERENCES,
            hint="须写明理由",
        ),
        Column("veto_reason", "不接收理由"),
        Column("paired_units", "结对单位", Kind.REFERENCES, example="县农业农村局"),
        *(
            Column(
                f"intention_{rank}",
                f"意向{rank}",
                Kind.REFERENCES,
                hint="想要的人选；并列的写在同一格，用顿号分开" if rank == 1 else "",
                example="李甲二" if rank == 1 else "",
            )
            for rank in RANKS
        ),
    ),
    key=("village", "town", "code"),
    guidance=(
        "一行一个村，只有“村”必须填写。",
        "不填第一书记和队员的，按需要 1 名第一书记计算。",
        "更细的需求可填在工作表“需求条目”。",
    ),
)

NEED_ITEMS = Sheet(
    kind="need_items",
    title="需求条目",
    columns=(
        VILLAGE,
        TOWN,
        Column("item", "体检项目", Kind.CHOICE, choices=CheckItem.choices(), example="主导产业"),
        _severity("severity", "需求程度", "0 无需求 至 4 急需", required=True),
        _capabilities("capabilities", "需要能力", "", required=True),
        Column("weight", "权重", Kind.INTEGER, minimum=1, maximum=50, hint="不填按 1", example="1"),
        LEVEL,
        Column("text", "说明", max_length=500),
    ),
    guidance=("一行一项需求，权重×程度加到所写的能力上。",),
)


# Two abilities have no levels in between; the example of a template must be one that comes in.
LEVELS_SAID = {Capability.AGRI_MAJOR: "0 或 4", Capability.GRASSROOTS_LEAD: "0、2 或 4"}
LEVEL_EXAMPLES = {Capability.AGRI_MAJOR: "4"}


def _level_column(capability: Capability) -> Column:
    return Column(
        capability.value,
        capability.label,
        Kind.INTEGER,
        minimum=0,
        maximum=4,
        hint=f"等级 {LEVELS_SAID.get(capability, '0 至 4')}；不填按 0",
        example=LEVEL_EXAMPLES.get(capability, "2"),
        aliases=tuple(alias for alias, code in CAPABILITY_ALIASES if code == capability.value),
    )


PEOPLE = Sheet(
    kind="people",
    title="人选",
    columns=(
        Column("name", "姓名", Kind.REFERENCE, required=True, example="李甲二", max_length=40),
        Column(
            "number",
            "人选编号",
            hint="可不填；同单位有同名的必须填写，不要用身份证号或电话",
            example="R001",
            aliases=("编号", "人员编号", "工号"),
            max_length=40,
        ),
        Column(
            "id_number",
            "身份证号",
            Kind.ID_NUMBER,
            hint="可不填；只用于核对，不写进方案",
            aliases=("公民身份号码", "身份证号码"),
        ),
        Column(
            "unit",
            "单位",
            Kind.REFERENCE,
            example="县农业农村局",
            aliases=("派出单位", "工作单位", "所在单位"),
        ),
        Column("gender", "性别", Kind.CHOICE, choices=Gender.choices(), example="男"),
        Column("birth_on", "出生日期", Kind.DATE, month_allowed=True, example="1988-05-01",
               aliases=("出生年月",)),
        Column(
            "political_status",
            "政治面貌",
            Kind.CHOICE,
            choices=PoliticalStatus.choices(),
            choice_aliases=(
                ("党员", "full_member"),
                ("正式党员", "full_member"),
                ("中共正式党员", "full_member"),
                ("预备党员", "probationary"),
                ("团员", "league"),
                ("民主党派", "democratic_party"),
                ("无党派", "non_party_figure"),
            ),
            example="中共党员",
        ),
        Column("full_member_since", "转正日期", Kind.DATE, month_allowed=True,
               hint="转为正式党员的日期，党龄由此算起", example="2012-07-01",
               aliases=("党员转正日期",)),
        Column("party_joined_on", "入党日期", Kind.DATE, month_allowed=True,
               hint="没有转正日期时按满一年推算", aliases=("入党时间",)),
        Column("work_since", "参加工作日期", Kind.DATE, month_allowed=True,
               example="2010-08-01", aliases=("参加工作时间", "工作日期")),
        Column("retires_on", "预计退休日期", Kind.DATE, month_allowed=True,
               hint="不填按出生日期和性别推算", aliases=("退休日期",)),
        Column("pool_state", "入库状态", Kind.CHOICE, choices=PoolState.choices(),
               hint="不填按未申报", example="在库"),
        Column("in_post", "在派", Kind.BOOLEAN, hint="现有派驻尚未结束的填“是”", example="否",
               aliases=("是否在派",)),
        Column("source", "人选来源", Kind.CHOICE, choices=CandidateSource.choices(),
               example="机关", aliases=("来源",)),
        Column("category", "人选类别", Kind.CHOICE, choices=PoolCategory.choices(),
               example="优秀年轻干部", aliases=("类别",)),
        Column("rank", "职级", example="四级主任科员", max_length=40),
        Column("health", "健康状况", Kind.CHOICE, choices=HealthState.choices(),
               choice_aliases=(("健康", "fit"), ("良好", "fit"), ("适合", "fit"),
                               ("合格", "fit"), ("不适合", "unfit")),
               hint="不填按未申报", example="能够正常履职"),
        Column("discipline", "处分和审查", Kind.CHOICE, choices=DisciplineState.choices(),
               choice_aliases=(("否", "clear"), ("没有", "clear"), ("有", "sanctioned"),
                               ("处分影响期", "sanctioned"), ("立案", "under_investigation"),
                               ("立案审查", "under_investigation")),
               hint="不填按未申报", example="无", aliases=("处分情况",)),
        Column("sanction_until", "处分影响期至", Kind.DATE, hint="影响期的最后一天"),
        Column("recalled_on", "召回日期", Kind.DATE),
        Column("recall_village", "召回村", Kind.REFERENCE),
        Column("recall_ground", "召回情形", Kind.CHOICE, choices=RecallGround.choices()),
        Column("last_posting_until", "上次派驻结束", Kind.DATE, month_allowed=True),
        Column("home_villages", "回避村", Kind.REFERENCES,
               hint="籍贯、户籍、成长地所在的村，用顿号分开", example="桃溪村",
               aliases=("籍贯村", "户籍村")),
        Column("home_towns", "回避乡镇", Kind.REFERENCES, hint="籍贯、户籍、成长地所在的乡镇",
               aliases=("籍贯乡镇", "户籍乡镇")),
        Column("relatives", "近亲属", Kind.REFERENCES,
               hint="在村任职的近亲属，可写关系，如 王甲一（父亲）"),
        Column("contract_villages", "有经济往来的村", Kind.REFERENCES,
               hint="本人或亲属有未了结合同、债权或项目的村"),
        Column("refusals", "不愿去的村", Kind.REFERENCES, hint="须写明理由"),
        Column("refusal_reason", "不愿去的理由"),
        Column("minutes_max", "最远车程（分钟）", Kind.INTEGER, minimum=0, maximum=1440,
               hint="有困难的填写", aliases=("最远车程", "最远车程(分钟)")),
        Column("languages", "语言", Kind.REFERENCES, hint="会说的民族语言"),
        Column("residence", "居住乡镇", Kind.REFERENCE, hint="县外居住的填“县外”",
               example="东乡街道", aliases=("居住地", "现居住地")),
        Column("grassroots_years", "基层工作年数", Kind.INTEGER, minimum=0, maximum=50,
               hint="满几年填几", example="3", aliases=("基层年限", "基层工作年限")),
        *(
            Column(f"result_{year}", f"年度考核{year}", Kind.CHOICE,
                   choices=YearlyResult.choices(), example="优秀" if year == 1 else "称职",
                   hint="最近三年的年度考核结果" if year == 1 else "")
            for year in (1, 2, 3)
        ),
        *(_level_column(capability) for capability in Capability),
        Column("evidence", "能力佐证",
               hint="如 熟悉经济工作：县财政局预算股 3 年；农技：农艺师", max_length=1000),
        *(
            Column(f"wish_{rank}", f"志愿{rank}", Kind.REFERENCES,
                   hint="想去的村；并列的写在同一格，用顿号分开" if rank == 1 else "",
                   example="罗盘村" if rank == 1 else "")
            for rank in RANKS
        ),
    ),
    key=("name", "unit", "number"),
    guidance=(
        "一行一人，只有“姓名”必须填写。",
        "政治面貌、转正日期、参加工作日期、出生日期空着的，会列为待核实，不参加匹配。",
        "整列不填的，可以把这一列删去：对应的规则本次不核查，并在方案里注明。",
    ),
)  # fmt: skip

WISHES = Sheet(
    kind="wishes",
    title="志愿",
    columns=(
        PERSON,
        UNIT_OF_PERSON,
        VILLAGE,
        TOWN,
        ROLE,
        Column("rank", "志愿顺序", Kind.INTEGER, True, minimum=1, maximum=5, example="1",
               aliases=("志愿", "顺序")),
    ),
    key=("person", "unit", "village", "town", "role"),
    guidance=("每人最多 5 个村；并列的写同一个顺序。",),
)  # fmt: skip

INTENTIONS = Sheet(
    kind="intentions",
    title="意向",
    columns=(
        VILLAGE,
        TOWN,
        ROLE,
        PERSON,
        UNIT_OF_PERSON,
        Column("rank", "意向顺序", Kind.INTEGER, True, minimum=1, maximum=5, example="1",
               aliases=("意向", "顺序")),
    ),
    key=("village", "town", "role", "person", "unit"),
    guidance=("每个岗位最多 5 名人选；并列的写同一个顺序。",),
)  # fmt: skip

KEY_OF_LABEL = {
    "统计日期": "match.as_of",
    "到任日期": "match.starts_on",
    "任期月数": "post.term_months",
    "党龄年数": "post.min_party_years",
    "工作年数": "post.min_work_years",
    "距退休月数": "post.min_months_to_retire",
    "男退休年龄": "post.retirement_age_men",
    "女退休年龄": "post.retirement_age_women",
    "召回限制月数": "recall.ban_months",
    "轮休月数": "post.rest_months",
    "本村回避": "recusal.own_village",
    "同乡镇回避": "recusal.own_town",
    "未填报的也可匹配": "match.allow_unranked",
    "需求匹配权重": "fit.cover",
    "领导经历权重": "fit.lead",
    "地域权重": "fit.near",
    "志愿权重": "fit.wish",
    "意向权重": "fit.wanted",
    "每个乡镇至少几人": "match.town_min",
    "每个乡镇至多几人": "match.town_max",
    "目标次序": "match.goal_order",
    "匹配度可让出百分之几": "match.score_slack",
}
"""Every setting by its name: a row may say either."""
NAMES_A_LINE = 4


def _lines(names: Sequence[str]) -> Iterator[str]:
    """A few to a line: a cell of the guidance is not wrapped."""
    for start in range(0, len(names), NAMES_A_LINE):
        yield "　　" + "、".join(names[start : start + NAMES_A_LINE])


RULES = Sheet(
    kind="rules",
    title="规则",
    columns=(
        Column("code", "编号", required=True, hint="规则编号或设置项", example="R06",
               aliases=("规则编号", "设置项"), max_length=60),
        Column("name", "名称", hint="给人看的，不读取"),
        Column("effect", "作用", Kind.CHOICE, choices=Effect.choices(),
               choice_aliases=(("禁止", "block"), ("不通过", "block"), ("警告", "warn"),
                               ("停用", "off"), ("关闭", "off")),
               hint="拦截、提醒或不核查", example="提醒"),
        Column("value", "数值", Kind.INTEGER, minimum=0, maximum=100_000, example="24"),
        Column("day", "日期", Kind.DATE, hint="统计日期、到任日期用"),
        Column("roles", "适用岗位", Kind.MULTI_CHOICE, choices=Role.choices(),
               choice_aliases=ROLE_ALIASES, hint="不填不变"),
        Column("note", "说明", max_length=500),
    ),
    key=("code",),
    guidance=(
        "只填要改的行；不填的按默认。",
        "同一工作簿里可以另有“指定”“排除”“单位”“乡镇相邻”等工作表。",
        "规则（改“作用”，有数的可改“数值”）：",
        *_lines([f"{rule.code} {rule.name}" for rule in DEFAULT_RULES]),
        "设置项（填“数值”；日期填“日期”，回避填“作用”；写名称或编号都可以）：",
        *_lines([f"{name} {key}" for name, key in KEY_OF_LABEL.items()]),
    ),
)  # fmt: skip

PINS = Sheet(
    kind="pins",
    title="指定",
    columns=(
        PERSON,
        UNIT_OF_PERSON,
        VILLAGE,
        TOWN,
        Column("role", "岗位", Kind.CHOICE, choices=Role.choices(), choice_aliases=ROLE_ALIASES,
               hint="不填按第一书记", example="第一书记"),
        Column("reason", "理由", required=True, example="熟悉该村情况"),
        Column("decided_by", "决定人", hint="越过提醒项时必须填写"),
        Column("decided_on", "决定日期", Kind.DATE, hint="越过提醒项时必须填写"),
    ),
    guidance=("指定的人选必须符合硬性条件。",),
)  # fmt: skip

BANS = Sheet(
    kind="bans",
    title="排除",
    columns=(PERSON, UNIT_OF_PERSON, VILLAGE, TOWN, ROLE,
             Column("reason", "理由", required=True, example="与该村有矛盾")),
    key=("person", "unit", "village", "town", "role"),
)  # fmt: skip

# --- support of posted people --------------------------------------------------------------------

POSTED_PERSON = replace(PERSON, heading="派驻人员", aliases=("人选", *PERSON.aliases))
BY_WHOM_HINT = "体检的医院，或慰问的单位和人"
INSURANCE = Sheet(
    kind="insurance",
    title="意外伤害保险",
    columns=(
        POSTED_PERSON,
        UNIT_OF_PERSON,
        Column("number", "保单号", required=True, max_length=60, example="人保2026字001号"),
        Column("since", "生效日", Kind.DATE, required=True, example="2026-04-01"),
        Column("last_day", "最后一天", Kind.DATE, required=True, example="2027-03-31"),
    ),
    key=("person", "unit", "number", "since"),
    guidance=("一份保单一行；续保的另起一行，前后两份中间不断档。",),
)  # fmt: skip
SUPPORT_RECORDS = Sheet(
    kind="support_records",
    title="体检和慰问",
    columns=(
        POSTED_PERSON,
        UNIT_OF_PERSON,
        Column("item", "项目", Kind.CHOICE, required=True, example="健康体检",
               choices=tuple((one.value, one.label) for one in RECORDED),
               choice_aliases=(("体检", "health_exam"), ("慰问", "care_visit"))),
        Column("happened_on", "日期", Kind.DATE, required=True, example="2026-05-12"),
        Column("by_whom", "医院或慰问人", required=True, max_length=80, hint=BY_WHOM_HINT,
               example="县人民医院"),
        Column("text", "说明", hint="体检不写结果"),
    ),
    key=("person", "unit", "item", "happened_on"),
    guidance=("只登记做过，不登记体检结果。",),
)  # fmt: skip
HONORS = Sheet(
    kind="honors",
    title="表彰",
    columns=(
        POSTED_PERSON,
        UNIT_OF_PERSON,
        Column("level", "级别", Kind.CHOICE, required=True, choices=HonorLevel.choices(),
               example="市级"),
        Column("kind", "类别", Kind.CHOICE, required=True, choices=HonorKind.choices(),
               example="最美第一书记"),
        Column("title", "称号", required=True, max_length=80, example="最美第一书记"),
        Column("decided_on", "决定日期", Kind.DATE, required=True, example="2025-12-20"),
        Column("document_number", "文号", required=True, max_length=60,
               example="宣组发〔2025〕60 号"),
    ),
    key=("person", "unit", "level", "title"),
    guidance=("只填已经发文的表彰；新的提名在系统里办理。",),
)  # fmt: skip
MONEY_COLUMN = Column("amount", "金额（元）", Kind.DECIMAL)
PAYMENTS = Sheet(
    kind="payments",
    title="发放表",
    columns=(
        Column("number", "序号", Kind.INTEGER),
        Column("person", "姓名"),
        Column("town", "乡镇"),
        Column("village", "村"),
        Column("unit", "派出单位"),
        Column("days", "在村天数", Kind.INTEGER),
        Column("rate", "标准（元）", Kind.DECIMAL),
        MONEY_COLUMN,
        Column("signed", "签收"),
        Column("note", "说明"),
    ),
)
SUPPORT_OVERVIEW = Sheet(
    kind="support_overview",
    title="保障台账",
    columns=(
        Column("person", "姓名"),
        Column("town", "乡镇"),
        Column("village", "村"),
        Column("unit", "派出单位"),
        *(Column(one.value, one.label) for one in SupportItem),
        Column("overdue", "逾期项数", Kind.INTEGER),
    ),
)

PRESENCE = Sheet(
    kind="presence",
    title="外部在村记录",
    columns=(
        PERSON,
        UNIT_OF_PERSON,
        Column("on", "日期", Kind.DATE, required=True, example="2026-03-05"),
        Column("system", "来源系统", required=True, max_length=40, example="县政务平台"),
        Column(
            "external_id",
            "外部编号",
            required=True,
            max_length=80,
            hint="该系统里这条记录的编号，同一系统不能重复",
            example="ZW20260305-017",
        ),
        Column("text", "内容", max_length=200, example="村民代表会议签到"),
    ),
    key=("system", "external_id"),
    guidance=("一行一条记录；导入后这一天算作在村，不再让本人另填。",),
)

# Worksheets that may stand beside the main one, in whichever of the workbooks.
EXTRA_SHEETS = (
    NEED_ITEMS,
    OFFICERS,
    RELATIVES,
    WISHES,
    INTENTIONS,
    UNITS,
    ADJOINING,
    RULES,
    PINS,
    BANS,
)
SHEETS = (
    NEEDS,
    NEED_ITEMS,
    PEOPLE,
    WISHES,
    INTENTIONS,
    RULES,
    PINS,
    BANS,
    INSURANCE,
    SUPPORT_RECORDS,
    HONORS,
    PRESENCE,
)
