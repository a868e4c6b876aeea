"""Which columns do the sheets of villages and units to be paired have?"""

from __future__ import annotations

from dataclasses import replace

from lingyan.common.sheet import Column, Kind, Sheet
from lingyan.directory import sheets as directory
from lingyan.directory.sheets import ADJOINING, LATITUDE, LONGITUDE, TOWN, TYPES, VILLAGE
from lingyan.pairing.rules import Goal, Resource

RESOURCE_ALIASES = {"venue": ("场地",), "technology": ("科技",)}


def _level(resource: Resource, heading: str, hint: str) -> Column:
    return Column(
        resource.value,
        heading,
        Kind.INTEGER,
        minimum=0,
        maximum=4,
        hint=hint,
        example="2",
        aliases=RESOURCE_ALIASES.get(resource.value, ()),
    )


BY_THE_SYSTEM = "由系统导出时带出，自己填表时不填"
CODE = Column("code", "区划代码", Kind.CODE, hint="12 位，可不填", aliases=("村代码",))
VILLAGES = Sheet(
    kind="villages",
    title="村",
    columns=(
        VILLAGE,
        TOWN,
        CODE,
        Column("village_id", "村编号", hint=BY_THE_SYSTEM, max_length=40),
        TYPES,
        Column("klass", "优先级", Kind.INTEGER, minimum=1, maximum=3, hint="不填按村类型"),
        Column(
            "industries",
            "主导产业",
            Kind.REFERENCES,
            hint="产业或需要的行业，多个用顿号分开",
            example="茶叶、养殖",
            aliases=("产业", "需求行业"),
        ),
        *(_level(item, f"需要{item.label}", "0 不需要 至 4 急需") for item in Resource),
        Column("lower", "最少单位", Kind.INTEGER, minimum=0, maximum=20, hint="不填按 1"),
        Column("upper", "最多单位", Kind.INTEGER, minimum=0, maximum=20, hint="不填按 1"),
        Column("asked", "主动要求的单位", Kind.REFERENCES),
        Column("willing", "愿意的单位", Kind.REFERENCES),
        Column("refused", "不愿意的单位", Kind.REFERENCES),
        Column(
            "kept",
            "现结对单位",
            Kind.REFERENCES,
            hint="结对有效、希望保留的单位",
            aliases=("原结对单位", "结对单位"),
        ),
        LATITUDE,
        LONGITUDE,
    ),
    key=("village", "town", "code"),
    guidance=("一行一个村，只有“村”必须填写。", "没有写到的单位，按服从安排计。"),
)

REGISTERED = frozenset({"sector", "industry", "headcount"})  # of the register, not of a round
UNITS = replace(
    directory.UNITS,
    columns=(
        *(one for one in directory.UNITS.columns if one.name not in REGISTERED),
        Column(
            "sectors",
            "行业",
            Kind.REFERENCES,
            hint="单位的行业，多个用顿号分开",
            example="农业",
            aliases=("所属行业",),
        ),
        *(_level(item, item.label, "能提供的程度 0 至 4") for item in Resource),
        Column("lower", "最少结对", Kind.INTEGER, minimum=0, maximum=50, hint="不填按 1"),
        Column("upper", "最多结对", Kind.INTEGER, minimum=0, maximum=50, hint="不填按 3"),
        Column("asked", "主动要求的村", Kind.REFERENCES),
        Column("willing", "愿意的村", Kind.REFERENCES),
        Column("refused", "不愿意的村", Kind.REFERENCES),
        LATITUDE,
        LONGITUDE,
        Column("unit_id", "单位编号", hint=BY_THE_SYSTEM, max_length=40),
    ),
    guidance=(
        "一行一个单位，只有“单位”必须填写。",
        "选派用到“最多选派人数”“不派乡镇”，结对用到后面的各列。",
    ),
)

RELATED = Sheet(
    kind="related",
    title="行业相关",
    columns=(
        Column("sector", "单位行业", Kind.REFERENCE, required=True, example="农业"),
        Column("industry", "村产业", Kind.REFERENCE, required=True, example="茶叶"),
        Column(
            "points",
            "相关程度",
            Kind.INTEGER,
            required=True,
            minimum=0,
            maximum=1000,
            hint="0 不相关 至 1000 完全对口",
            example="1000",
        ),
    ),
    key=("sector", "industry"),
    guidance=("没有写到的，行业与产业同名的算 1000，其余算 0。",),
)

SETTINGS = Sheet(
    kind="rules",
    title="规则",
    columns=(
        Column("code", "编号", required=True, aliases=("设置项", "规则编号"), max_length=60),
        Column("name", "名称"),
        Column("value", "数值", Kind.INTEGER, minimum=0, maximum=100_000),
        Column("note", "说明", max_length=500),
    ),
    key=("code",),
)

UNIT_IN_PAIR = Column("unit", "单位", Kind.REFERENCE, required=True, example="县农业农村局")
PINS = Sheet(
    kind="pins",
    title="指定",
    columns=(UNIT_IN_PAIR, VILLAGE, TOWN, Column("reason", "理由", required=True)),
    key=("unit", "village", "town"),
)
BANS = Sheet(
    kind="bans",
    title="排除",
    columns=(UNIT_IN_PAIR, VILLAGE, TOWN, Column("reason", "理由", required=True)),
    key=("unit", "village", "town"),
)

EXTRA_SHEETS = (RELATED, SETTINGS, PINS, BANS, ADJOINING)

PRESENT_PAIRS = Sheet(
    kind="pairings",
    title="现有结对",
    columns=(
        UNIT_IN_PAIR,
        VILLAGE,
        TOWN,
        Column("is_lead", "牵头", Kind.BOOLEAN, hint="不填按牵头；协助单位写“否”", example="是"),
        Column("since", "开始日期", Kind.DATE, required=True, example="2026-01-05"),
        Column(
            "last_day",
            "期限最后一天",
            Kind.DATE,
            required=True,
            example="2028-01-04",
            aliases=("到期日",),
        ),
        Column("number", "协议编号", max_length=60),
        Column(
            "goals",
            "共建目标",
            Kind.MULTI_CHOICE,
            choices=Goal.choices(),
            hint="可不填，多个用顿号分开",
            example="组织共建、发展共谋",
        ),
        Column("plan_text", "年度计划", max_length=4000),
        Column("unit_contact", "单位联系人", max_length=40),
        Column("village_contact", "村联系人", max_length=40),
    ),
    key=("unit", "village", "town"),
    guidance=(
        "一行一对已经签订协议、正在共建的结对；新的结对由结对批次提出，不从这里录入。",
        "已登记的结对，表格不改；要改的请在结对的页面上办理。",
    ),
)

# What the two sides of a round state, as the product takes it in: columns of the sheets above.
WHY_REFUSED = Column("reason", "不愿意的理由", hint="写了不愿意的要填", max_length=200)
REMARK = Column("remark", "说明", max_length=300)
STATED_OF_UNITS = frozenset(
    {"unit", "town", "sectors", "lower", "upper", "asked", "willing", "refused", *Resource}
)
STATED_OF_VILLAGES = frozenset(
    {"village", "town", "code", "industries", "lower", "upper", "asked", "willing", "refused",
     *Resource}
)  # fmt: skip
WHOLE_CELL = "一格写全：填了的格子整格替换；空着的格子不改；没有写到的按服从安排计。"
PAIR_UNITS = Sheet(
    kind="pair_units",
    title="单位结对意愿",
    columns=(
        *(one for one in UNITS.columns if one.name in STATED_OF_UNITS),
        WHY_REFUSED,
        REMARK,
    ),
    key=("unit",),
    guidance=("一行一个已加入批次的单位。", WHOLE_CELL),
)
PAIR_VILLAGES = Sheet(
    kind="pair_villages",
    title="村结对意愿",
    columns=(
        *(one for one in VILLAGES.columns if one.name in STATED_OF_VILLAGES),
        WHY_REFUSED,
        REMARK,
    ),
    key=("village", "town", "code"),
    guidance=("一行一个已加入批次的村。", WHOLE_CELL),
)
PAIR_MATRIX = replace(
    RELATED,
    kind="pair_matrix",
    guidance=(*RELATED.guidance, "表里没有的行不动；要取消的，在批次的“行业相关”页上办理。"),
)

SHEETS = (VILLAGES, UNITS, PRESENT_PAIRS, PAIR_UNITS, PAIR_VILLAGES, PAIR_MATRIX)
