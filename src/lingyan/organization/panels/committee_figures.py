"""Which figures do the villages' committees have, and how is each counted from its rows (1.11)?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from lingyan.organization.queries import committee_figures as queries
from lingyan.organization.queries.committee_figures import Asked, Row
from lingyan.organization.rules.comparison import one_digit, said_of_age, said_of_share
from lingyan.platform.accounts.actor import Scope

NOTHING = "—"
MEMBER = ("村", "姓名", "职务")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: which records, how they are counted, what the list shows."""

    code: str
    rule: str
    name: str
    unit: str
    basis: str
    heads: tuple[str, ...]
    rows: Callable[[Scope, Asked], list[Row]]
    measure: Callable[[Sequence[Row]], str]
    of_team: bool = False  # asks which members
    compares: bool = False  # the list says of which term

    def shown(self, value: str) -> str:
        return value if value == NOTHING or not self.unit else f"{value} {self.unit}"


def _parts(rows: Sequence[Row], *, old: bool | None = None) -> tuple[Fraction, int]:
    counted = [one for one in rows if old is None or one.is_old == old]
    return sum((Fraction(one.part) for one in counted), Fraction(0)), sum(one.of for one in counted)


def number(rows: Sequence[Row]) -> str:
    return str(int(_parts(rows)[0]))


def mean(rows: Sequence[Row]) -> str:
    part, of = _parts(rows)
    return str(one_digit(part / of)) if of else NOTHING


def share(rows: Sequence[Row]) -> str:
    part, of = _parts(rows)
    return str(one_digit(100 * part / of)) if of else NOTHING


def age_change(rows: Sequence[Row]) -> str:
    """下降 6.4 岁: of the unrounded means (R-1-37)."""
    (new, new_of), (old, old_of) = _parts(rows, old=False), _parts(rows, old=True)
    return said_of_age(one_digit(new / new_of - old / old_of)) if new_of and old_of else NOTHING


def schooled_change(rows: Sequence[Row]) -> str:
    """Both readings of the article's word stand side by side (R-1-38)."""
    (new, new_of), (old, old_of) = _parts(rows, old=False), _parts(rows, old=True)
    if not (new_of and old_of):
        return NOTHING
    points = said_of_share(one_digit(100 * new / new_of - 100 * old / old_of), " 个百分点")
    if not old:
        return points
    growth = said_of_share(one_digit(100 * (new - old) / old), "%")
    return f"{points}（人数{growth}）"


FIGURES: tuple[Figure, ...] = (
    Figure(
        "age", "IND-1-01", "新一届平均年龄", "岁",
        "新一届起始日在任的班子成员，一人多职只算一人，按起始日的年龄平均；全县按人平均，不是各村平均再平均",
        (*MEMBER, "年龄"), queries.new_members(queries.weigh_age), mean, of_team=True,
    ),
    Figure(
        "age_change", "IND-1-02", "较上届年龄", "",
        "新一届的平均年龄减去上一届最后一天在任成员的平均年龄，两届都有的村才比",
        (*MEMBER, "年龄"), queries.both_teams(queries.weigh_age), age_change,
        of_team=True, compares=True,
    ),
    Figure(
        "schooled", "IND-1-03", "高中及以上学历", "人",
        "新一届班子成员中学历在高中（含中专、职高、技校）以上的人数，结业、肄业不算",
        (*MEMBER, "学历"), queries.new_members(queries.weigh_schooling), number, of_team=True,
    ),
    Figure(
        "schooled_change", "IND-1-04", "较上届学历", "",
        "文件里“提升 10.4%”有两种读法：占比提高的百分点，和人数的增长率，两种都算出来",
        (*MEMBER, "学历"), queries.both_teams(queries.weigh_schooling), schooled_change,
        of_team=True, compares=True,
    ),
    Figure(
        "sources", "IND-1-05", "“四类人员”占比", "%",
        "新一届班子成员中登记为四类人员（至少一类，有佐证）的占比，一人几类只算一人",
        (*MEMBER, "类别"), queries.new_members(queries.weigh_source), share, of_team=True,
    ),
    Figure(
        "one_shoulder_share", "IND-1-06", "“一肩挑”比例", "%",
        "统计日书记和主任都有人的村中，由同一人担任的占比；由任职登记算出",
        ("村", "书记", "主任"), queries.one_shoulder_rate, share,
    ),
    Figure(
        "one_shoulder", "IND-1-14", "“一肩挑”的村", "个",
        "统计日书记和村（居）民委员会主任由同一人担任的村",
        ("村", "书记", "主任"), queries.one_shoulder_villages, number,
    ),
    Figure(
        "women", "IND-1-07", "女性成员比例", "%", "新一届班子成员中女性的占比",
        (*MEMBER, "性别"), queries.new_members(queries.weigh_woman), share, of_team=True,
    ),
    Figure(
        "young", "IND-1-08", "35 岁以下比例", "%",
        "新一届班子成员中起始日 35 岁以下（含 35 岁）的占比",
        (*MEMBER, "年龄"), queries.new_members(queries.weigh_young), share, of_team=True,
    ),
    Figure(
        "vacant", "IND-1-09", "缺额", "个", "统计日没有人担任的书记、主任职务",
        ("村", "空缺的职务"), queries.vacancies, number,
    ),
    Figure(
        "ending", "IND-1-10", "届期临近", "个",
        "统计日起 180 天内届满、或已届满还没有换届的班子",
        ("村", "班子", "届次", "届满"), queries.ending_terms, number,
    ),
    Figure(
        "reviewed", "IND-1-11", "联审有问题的人", "人",
        "资格联审中有部门答复“有问题”的人，一人只算一次；答复内容只给办理的人看",
        ("村", "姓名", "事由"), queries.negative_reviews, number,
    ),
    Figure(
        "mended", "IND-1-12", "回头看问题整改率", "%",
        "换届“回头看”发现的问题中已销号或经批准不追究的占比",
        ("村", "项目", "整改"), queries.mended, share,
    ),
    Figure(
        "reserve", "IND-1-13", "村级后备力量", "人",
        "统计日已确认或在培养的后备力量，一人只算一次",
        ("村", "姓名", "状态", "联系培养人"), queries.reserve_people, number,
    ),
)  # fmt: skip
BY_CODE: Mapping[str, Figure] = {one.code: one for one in FIGURES}
