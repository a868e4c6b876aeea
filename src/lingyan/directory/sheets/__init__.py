"""Which columns do the sheets of places, units, officers, relatives and days have?"""

from __future__ import annotations

from lingyan.common.sheet import Column, Kind, Sheet
from lingyan.directory.rules import (
    EndReason,
    OfficeMethod,
    OfficerPost,
    PlaceChangeKind,
    PlaceLevel,
    Relation,
    SourceCategory,
    UnitCategory,
    VillageType,
)
from lingyan.directory.sheets.accounts import ACCOUNTS

VILLAGE = Column(
    "village",
    "村",
    Kind.REFERENCE,
    required=True,
    hint="村名，可写简称，如罗盘村；有同名村时请填乡镇或区划代码",
    example="罗盘村",
    aliases=("村名", "村名称", "行政村", "村（社区）", "村(社区)", "派驻村"),
)
TOWN = Column(
    "town",
    "乡镇",
    Kind.REFERENCE,
    hint="有同名村时必须填写",
    example="龙泉土家族乡",
    aliases=("镇", "所在乡镇", "乡镇名称", "乡（镇）", "镇（乡）"),
)
PERSON = Column(
    "person",
    "人选",
    Kind.REFERENCE,
    required=True,
    hint="姓名或人选编号；有同名的请写 姓名（单位）",
    example="李甲二",
    aliases=("姓名", "干部", "人选姓名"),
)

TYPE_ALIASES = (
    ("软弱村", "weak_org"),
    ("党组织软弱村", "weak_org"),
    ("薄弱村", "weak_industry"),
    ("产业薄弱村", "weak_industry"),
    ("矛盾村", "high_dispute"),
    ("矛盾突出村", "high_dispute"),
    ("搬迁安置村", "relocation"),
    ("易地扶贫搬迁安置村", "relocation"),
    ("任务重的村", "key_task"),
    ("重点村", "key_task"),
    ("软弱涣散村", "listed_weak"),
)
TYPES = Column(
    "types",
    "村类型",
    Kind.MULTI_CHOICE,
    choices=VillageType.choices(),
    choice_aliases=TYPE_ALIASES,
    hint="可填多个，用顿号分开",
    example="产业基础薄弱村",
    aliases=("类型", "村庄类型"),
)

LATITUDE = Column(
    "latitude",
    "纬度",
    Kind.DECIMAL,
    minimum=-90,
    maximum=90,
    places=6,
    hint="WGS84 坐标，小数的度，可不填",
    example="31.353837",
)
LONGITUDE = Column(
    "longitude",
    "经度",
    Kind.DECIMAL,
    minimum=-180,
    maximum=180,
    places=6,
    hint="WGS84 坐标，和纬度一起填",
    example="107.721921",
)

PLACES = Sheet(
    kind="places",
    title="行政区划",
    columns=(
        Column(
            "code",
            "区划代码",
            Kind.CODE,
            required=True,
            hint="12 位统计用区划代码，按文本填写",
            example="511722223208",
            aliases=("统计用区划代码", "代码", "行政区划代码"),
        ),
        Column("name", "名称", required=True, example="罗盘村村民委员会", max_length=60),
        Column(
            "level",
            "级别",
            Kind.CHOICE,
            choices=PlaceLevel.choices(),
            hint="不填按代码判断",
            choice_aliases=(
                ("县", "county"),
                ("区", "county"),
                ("市", "prefecture"),
                ("乡", "township"),
                ("镇", "township"),
                ("town", "township"),
                ("乡镇", "township"),
                ("街道", "township"),
                ("村", "village"),
                ("社区", "village"),
            ),
        ),
        Column(
            "parent_code",
            "上级代码",
            Kind.CODE,
            hint="不填按代码判断",
            example="511722223000",
            aliases=("上级区划代码",),
        ),
        Column("edition", "代码版本", hint="如 2020", example="2020", max_length=20),
        LATITUDE,
        LONGITUDE,
    ),
    key=("code",),
    guidance=(
        "一行一个区划：县、乡镇、村都要有。",
        "代码请按文本填写，保留前面的 0。",
        "经纬度用 WGS84（手机定位的坐标），不是火星坐标（GCJ-02）；空着的不改已登记的坐标。",
    ),
)

UNITS = Sheet(
    kind="units",
    title="单位",
    columns=(
        Column(
            "unit",
            "单位",
            Kind.REFERENCE,
            required=True,
            example="县农业农村局",
            aliases=("单位名称", "派出单位", "结对单位"),
        ),
        Column(
            "credit_code",
            "统一社会信用代码",
            hint="可不填",
            aliases=("信用代码",),
            max_length=18,
        ),
        Column(
            "category",
            "单位类别",
            Kind.CHOICE,
            choices=UnitCategory.choices(),
            choice_aliases=(
                ("县级部门", "county_dept"),
                ("县直部门", "county_dept"),
                ("机关", "county_dept"),
                ("国企", "enterprise"),
                ("国有企业", "enterprise"),
            ),
            example="县级部门（单位）",
        ),
        Column("sector", "行业", hint="如 农业、教育、金融", example="农业", max_length=40),
        Column(
            "industry",
            "产业",
            hint="主要产业，用顿号分开，用于与村的产业相配",
            example="茶叶、畜牧",
            max_length=60,
        ),
        Column(
            "headcount",
            "在职人数",
            Kind.INTEGER,
            minimum=0,
            maximum=100_000,
            aliases=("人数", "规模"),
        ),
        Column(
            "town",
            "所在乡镇",
            Kind.REFERENCE,
            hint="单位驻地所在的乡镇",
            example="东乡街道",
            aliases=("驻地", "单位所在地"),
        ),
        Column(
            "limit",
            "最多选派人数",
            Kind.INTEGER,
            minimum=0,
            maximum=999,
            hint="本批次最多派出几人；不填不限",
            example="3",
            aliases=("派出上限", "选派上限"),
        ),
        Column(
            "barred_towns",
            "不派乡镇",
            Kind.REFERENCES,
            hint="因工作原因不派往的乡镇，多个用顿号分开",
            aliases=("单位不派乡镇",),
        ),
    ),
    key=("unit",),
    guidance=("一行一个单位。",),
)

OFFICERS = Sheet(
    kind="officers",
    title="村干部",
    columns=(
        VILLAGE,
        TOWN,
        Column("name", "姓名", Kind.REFERENCE, required=True, example="王甲一"),
        Column(
            "post",
            "职务",
            Kind.CHOICE,
            required=True,
            choices=OfficerPost.choices(),
            choice_aliases=(
                ("书记", "party_secretary"),
                ("党支部书记", "party_secretary"),
                ("村支书", "party_secretary"),
                ("副书记", "party_deputy"),
                ("支部委员", "party_committee_member"),
                ("村主任", "vc_director"),
                ("村委会主任", "vc_director"),
                ("村委会副主任", "vc_deputy"),
                ("村委会委员", "vc_member"),
                ("监委会主任", "sup_director"),
                ("文书", "clerk"),
                ("会计", "clerk"),
                ("报账员", "cashier"),
                ("出纳", "cashier"),
            ),
            example="村党组织书记",
        ),
        Column("since", "任职日期", Kind.DATE, month_allowed=True, example="2021-03-01"),
        Column(
            "until",
            "离任日期",
            Kind.DATE,
            month_allowed=True,
            hint="现任的不填；离任日期当日起不再任职",
        ),
        Column("end_reason", "离任原因", Kind.CHOICE, choices=EndReason.choices()),
        Column(
            "method",
            "任职方式",
            Kind.CHOICE,
            choices=OfficeMethod.choices(),
            hint="选举、任命、补选或下派",
            example="选举",
        ),
        Column("full_time", "专职", Kind.BOOLEAN, hint="不填按否"),
        *(
            Column(
                kind.value,
                f"{kind.label}佐证",
                hint="属于这一类的写明佐证，不属于的空着",
                max_length=100,
            )
            for kind in SourceCategory
        ),
    ),
    key=("village", "town", "name", "post", "since"),
    guidance=(
        "一人多职的分行填写。",
        "用于亲属回避的核查、班子结构和“四类人员”占比；四类人员按任职时的情况填写。",
    ),
)

RELATIVES = Sheet(
    kind="relatives",
    title="近亲属",
    columns=(
        PERSON,
        Column("unit", "单位", Kind.REFERENCE, hint="有同名人选时填写", example="县农业农村局"),
        Column(
            "relative",
            "近亲属姓名",
            Kind.REFERENCE,
            required=True,
            example="王甲一",
            aliases=("亲属姓名", "近亲属"),
        ),
        Column(
            "relation",
            "关系",
            Kind.CHOICE,
            required=True,
            choices=Relation.choices(),
            choice_aliases=(
                ("夫妻", "spouse"),
                ("丈夫", "spouse"),
                ("妻子", "spouse"),
                ("父亲", "parent"),
                ("母亲", "parent"),
                ("儿子", "child"),
                ("女儿", "child"),
                ("兄弟", "sibling"),
                ("姐妹", "sibling"),
                ("哥哥", "sibling"),
                ("弟弟", "sibling"),
                ("姐姐", "sibling"),
                ("妹妹", "sibling"),
                ("祖父母", "grandparent"),
                ("外祖父母", "grandparent"),
                ("孙子女", "grandchild"),
                ("旁系血亲", "collateral_3"),
                ("姻亲", "affinity"),
            ),
            example="兄弟姐妹",
        ),
    ),
    key=("person", "unit", "relative", "relation"),
    guidance=("只填与村干部、财务人员有关的近亲属即可。", "用于亲属回避的核查。"),
)

ADJOINING = Sheet(
    kind="adjoining",
    title="乡镇相邻",
    columns=(
        Column("town", "乡镇", Kind.REFERENCE, required=True, example="龙泉土家族乡"),
        Column(
            "other",
            "另一乡镇",
            Kind.REFERENCE,
            required=True,
            example="渡口土家族乡",
            aliases=("相邻乡镇",),
        ),
        Column("adjoins", "是否相邻", Kind.BOOLEAN, hint="不填按相邻", example="是"),
        Column(
            "minutes",
            "车程（分钟）",
            Kind.INTEGER,
            minimum=0,
            maximum=1440,
            hint="可不填；填了就按车程计算远近",
            aliases=("车程", "车程分钟", "车程(分钟)"),
        ),
    ),
    key=("town", "other"),
    guidance=("每对乡镇写一次即可，不分先后。",),
)

CALENDAR = Sheet(
    kind="calendar",
    title="工作日",
    columns=(
        Column("day", "日期", Kind.DATE, required=True, example="2026-10-01", aliases=("日",)),
        Column("is_workday", "是否工作日", Kind.BOOLEAN, required=True, example="否"),
        Column("note", "说明", example="国庆节", max_length=60),
    ),
    key=("day",),
    guidance=("只填与星期不同的日子：放假的工作日和调休上班的周末。",),
)

PLACE_CHANGES = Sheet(
    kind="place_changes",
    title="区划变更",
    columns=(
        Column(
            "kind",
            "办理",
            Kind.CHOICE,
            required=True,
            choices=PlaceChangeKind.choices(),
            choice_aliases=(("撤并", "merge"), ("改名", "rename"), ("并村", "merge")),
            example="合并",
        ),
        Column(
            "places",
            "原区划",
            Kind.REFERENCES,
            required=True,
            hint="合并写两个以上，用顿号分开；同名的写成 村名（乡镇）",
            example="罗盘村（龙泉乡）、桃溪村（龙泉乡）",
            aliases=("原村", "村"),
        ),
        Column(
            "names",
            "新名称",
            Kind.REFERENCES,
            hint="合并、更名写一个；拆分写分出的村；划转、换代码不填",
            example="青溪村村民委员会",
            aliases=("新村名", "变更后名称"),
        ),
        Column(
            "goes_on",
            "原村继续",
            Kind.BOOLEAN,
            hint="合并：是＝并入第一个村；拆分：是＝原村继续。不填按否",
            example="否",
        ),
        Column("code", "新代码", Kind.CODE, hint="12 位；拆分不填", aliases=("新区划代码",)),
        Column("edition", "代码版本", hint="填了新代码就要填", example="2026", max_length=10),
        Column("town", "划入乡镇", Kind.REFERENCE, hint="只对划转填写"),
        Column("effective_on", "生效日期", Kind.DATE, required=True, example="2026-03-01"),
        Column(
            "document_number",
            "批复文号",
            required=True,
            example="宣民发（2026）1号",
            aliases=("文号",),
            max_length=60,
        ),
        Column("reason", "说明", max_length=200),
    ),
    key=("kind", "places", "effective_on"),
    guidance=("一行一项变更，按批复填写。", "同一个村在一张表里只能出现一次。"),
)

SHEETS = (ACCOUNTS, PLACES, PLACE_CHANGES, UNITS, OFFICERS, RELATIVES, ADJOINING, CALENDAR)
