"""Which columns do the sheets of terms, Party organizations and reserve cadres have?"""

from __future__ import annotations

from lingyan.common.sheet import Column, Kind, Sheet
from lingyan.directory.rules import SourceCategory
from lingyan.directory.rules.organizations import OrganizationDomain, OrganizationKind
from lingyan.directory.sheets import PERSON, TOWN, VILLAGE
from lingyan.organization.rules.terms import TermKind

TERMS = Sheet(
    kind="terms",
    title="届次",
    columns=(
        VILLAGE,
        TOWN,
        Column(
            "kind", "班子", Kind.CHOICE, required=True, choices=TermKind.choices(),
            choice_aliases=(("党组织", "party"), ("支部", "party"), ("村委会", "vc"),
                            ("居委会", "vc"), ("集体经济", "coop"), ("合作社", "coop")),
            example="村党组织",
        ),
        Column("number", "第几届", Kind.INTEGER, required=True, minimum=1, maximum=99,
               example="10", aliases=("届次",)),
        Column("since", "起始日期", Kind.DATE, required=True, month_allowed=True,
               example="2021-03-01"),
        Column("until", "结束日期", Kind.DATE, month_allowed=True,
               hint="只对已经结束的一届填写"),
        Column("document_number", "文号", max_length=60),
    ),
    key=("village", "town", "kind", "number"),
    guidance=("先写以前的届，再写现在的届。", "届满日期按任期五年自动算出。"),
)  # fmt: skip

ORGANIZATIONS = Sheet(
    kind="party_organizations",
    title="党组织",
    columns=(
        Column("name", "党组织名称", required=True, max_length=80, example="罗盘村党支部"),
        Column("kind", "类型", Kind.CHOICE, required=True, choices=OrganizationKind.choices(),
               choice_aliases=(("支部", "branch"), ("总支", "general_branch")),
               example="党支部"),
        Column("domain", "领域", Kind.CHOICE, required=True, choices=OrganizationDomain.choices(),
               choice_aliases=(("村", "village"),), example="行政村"),
        Column("village", "村", Kind.REFERENCE, hint="村和社区的党组织填写", example="罗盘村",
               aliases=("村（社区）",)),
        Column("town", "乡镇", Kind.REFERENCE, hint="有同名村或乡镇自己的党组织填写"),
        Column("unit", "单位", Kind.REFERENCE, hint="单位里的党组织填写"),
        Column("parent", "上级党组织", hint="写已登记的全称", max_length=80),
        Column("member_count", "正式党员数", Kind.INTEGER, minimum=0, maximum=9999),
        Column("since", "成立日期", Kind.DATE, required=True, month_allowed=True),
        Column("document_number", "批复文号", required=True, max_length=60),
    ),
    key=("name", "village", "town"),
    guidance=("一行一个已经成立的党组织，上级先登记。",),
)  # fmt: skip

RESERVE = Sheet(
    kind="village_reserve",
    title="村级后备力量",
    columns=(
        VILLAGE,
        TOWN,
        PERSON,
        Column("found_on", "发现日期", Kind.DATE, required=True, month_allowed=True),
        *(
            Column(kind.value, f"{kind.label}佐证", max_length=100,
                   hint="属于这一类的写明佐证，不属于的空着")
            for kind in SourceCategory
        ),
    ),
    key=("village", "town", "person"),
    guidance=("人员要先登记。", "导入后由乡镇组织委员确认。"),
)  # fmt: skip
SHEETS = (TERMS, ORGANIZATIONS, RESERVE)
