"""Of what age, schooling and origin are the villages' committees, now and a term ago?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any

from django.urls import reverse

from lingyan.directory.models import Person, Place
from lingyan.directory.rules import OfficerPost, SourceCategory
from lingyan.organization.queries import members as queries
from lingyan.organization.queries.members import Sitting
from lingyan.organization.rules.committees import FIGURE_READERS, READERS
from lingyan.organization.rules.comparison import (
    YOUNG_AGE,
    AgeMode,
    Reference,
    age_of,
    one_digit,
    said_of_age,
    said_of_share,
)
from lingyan.organization.rules.education import is_high_school
from lingyan.platform.accounts.actor import Scope
from lingyan.platform.indicators.definitions import (
    Indicator,
    Measure,
    Parts,
    PeriodKind,
    Question,
    Record,
    add_up,
)
from lingyan.platform.indicators.sources import FromRecords

TEAMS, TERMS, RECTIFICATION = "两委班子", "换届、后备和述职", "软弱涣散整顿"  # groups
FEW = 60  # villages that are asked for one by one; more are read as a whole
POST_LABELS = dict(OfficerPost.choices())
SOURCE_LABELS = dict(SourceCategory.choices())
of_committees = partial(
    Indicator, group=TEAMS, kind=PeriodKind.OF_DAY, readers=FIGURE_READERS, openers=READERS
)


@dataclass(frozen=True, slots=True)
class Weight:
    """What a member adds to a number, to how many it belongs, and the cell that shows why."""

    weigh: Callable[[Sitting], tuple[Fraction | int, int]]
    cell: Callable[[Sitting], str]


def _age(one: Sitting, mode: str = AgeMode.COMPLETED) -> tuple[Fraction | int, int]:
    if one.birth_on is None:
        return 0, 0
    found = age_of(one.birth_on, one.counted_on, mode)
    return (found.numerator, 1) if found.denominator == 1 else (found, 1)


def _age_cell(one: Sitting) -> str:
    age, known = _age(one)
    return f"{age} 岁" if known else "没有登记出生日期"


def _is_young(one: Sitting) -> tuple[int, int]:
    age, known = _age(one)
    return int(bool(known) and age <= YOUNG_AGE), known


AGE = Weight(_age, _age_cell)
SCHOOLING = Weight(
    lambda one: (int(is_high_school(one.education)), 1),
    lambda one: one.education or "没有登记学历",
)
SOURCE = Weight(
    lambda one: (int(bool(one.kinds)), 1),
    lambda one: "、".join(SOURCE_LABELS[kind] for kind in sorted(one.sources)),
)
GENDER = Weight(
    lambda one: (int(one.gender == "female"), 1),
    lambda one: {"female": "女", "male": "男"}.get(one.gender, "没有登记性别"),
)
YOUTH = Weight(_is_young, _age_cell)


def place_text(one: Any) -> str:
    return f"{one.parent or ''}{one}"


# --- records --------------------------------------------------------------------------------------


def _members(
    asked: Question, *, compares: bool, one_shoulder: bool, reference: str = Reference.SAME_DATE
) -> Iterable[Sitting]:
    """The new team, and with a comparison the old one after it."""
    if compares:
        new, old = queries.both_members(asked.scope, asked.on, reference)
        found = [*new, *old]
    else:
        found = queries.new_members(asked.scope, asked.on)
    return [one for one in found if one.is_one_shoulder] if one_shoulder else found


def _record(one: Sitting, part: Fraction | int, of: int) -> Record:
    return Record(
        "directory.VillageOfficer", str(one.key), one.path, (),
        part=part, of=of, counts=one.person, is_base=one.is_old,
    )  # fmt: skip


def _source(
    weight: Weight, *, compares: bool = False, one_shoulder: bool = False, only: bool = False
) -> FromRecords:
    """Each member of a team; of a number `only` those that it counts."""

    def records(asked: Question) -> list[Record]:
        found = _members(asked, compares=compares, one_shoulder=one_shoulder)
        weighed = [_record(one, *weight.weigh(one)) for one in found]
        return [one for one in weighed if one.part] if only else weighed

    def dressed(asked: Question, records: Sequence[Record]) -> list[Record]:
        near = replace(asked, scope=_villages_of(asked, records))
        found = _members(near, compares=compares, one_shoulder=one_shoulder)
        return _with_cells(records, {(str(one.key), one.is_old): one for one in found}, weight)

    return FromRecords(records, dressed)


def _villages_of(asked: Question, records: Sequence[Record]) -> Scope:
    paths = {one.path for one in records}
    return Scope(tuple(sorted(paths))) if len(paths) <= FEW else asked.scope


def _with_cells(
    records: Sequence[Record], of: Mapping[tuple[str, bool], Sitting], weight: Weight
) -> list[Record]:
    sittings = [of[one.key, one.is_base] for one in records]
    paths, numbers = {one.path for one in sittings}, {one.person for one in sittings}
    places = Place.objects.select_related("parent").filter(path__in=paths)
    villages = {one.path: one for one in places}
    people = Person.objects.filter(number__in=numbers)
    names = dict(people.values_list("number", "name"))
    dressed = []
    for record, one in zip(records, sittings, strict=True):
        village = villages[one.path]
        posts = "、".join(POST_LABELS[post] for post in one.posts)
        cells = (place_text(village), names[one.person], posts, weight.cell(one))
        url = reverse("committee", args=[village.pk])
        dressed.append(replace(record, cells=cells, url=url))
    return dressed


# --- the ways to say it ---------------------------------------------------------------------------


def _close(text: str) -> str:
    return text.replace(" ", "")


def _said_of_age(parts: Parts) -> str:
    change = parts.part / parts.of - parts.base_part / parts.base_of
    return _close(said_of_age(one_digit(change)))


def _said_of_points(parts: Parts) -> str:
    points = 100 * parts.part / parts.of - 100 * parts.base_part / parts.base_of
    return _close(said_of_share(one_digit(points), "个百分点"))


def _said_of_growth(parts: Parts) -> str:
    growth = 100 * (parts.part - parts.base_part) / parts.base_part
    return _close(said_of_share(one_digit(growth), "%"))


def _other_ages(*, compares: bool, one_shoulder: bool) -> Callable[[Question], list[str]]:
    """The same by the other settings of age.mode and age.reference (R-1-34, R-1-35)."""

    def told(asked: Question, mode: str, reference: str) -> str:
        found = _members(asked, compares=compares, one_shoulder=one_shoulder, reference=reference)
        parts = add_up(_record(one, *_age(one, mode)) for one in found)
        if not parts.of or (compares and not parts.base_of):
            return ""
        if not compares:
            return f"{one_digit(parts.part / parts.of)} 岁"
        return said_of_age(one_digit(parts.part / parts.of - parts.base_part / parts.base_of))

    def notes(asked: Question) -> list[str]:
        exact = told(asked, AgeMode.DECIMAL, Reference.SAME_DATE)
        found = [f"年龄精确到日：{exact}。"] if exact else []
        each = compares and told(asked, AgeMode.COMPLETED, Reference.EACH_START)
        return [*found, f"两届各按本届起始日：{each}。"] if each else found

    return notes


MEMBER = ("村", "姓名", "职务")
BOTH_READINGS = "文件里“提升 10.4%”有两种读法，另一种见"

INDICATORS = (
    of_committees(
        code="IND-1-01", rows=("T01",), name="新一届平均年龄", unit="岁", rule="R-1-34、R-1-37",
        basis="新一届起始日在任的班子成员，一人多职只算一人，按起始日的年龄平均；"
        "全县按人平均，不是各村平均再平均",
        measure=Measure.MEAN, heads=(*MEMBER, "年龄"), source=_source(AGE),
        notes=_other_ages(compares=False, one_shoulder=False), is_good_high=False,
    ),
    of_committees(
        code="IND-1-01-S", name="新一届“一肩挑”书记平均年龄", unit="岁", rule="R-1-39",
        basis="新一届起始日书记、主任由一人担任的，按起始日的年龄平均",
        measure=Measure.MEAN, heads=(*MEMBER, "年龄"), source=_source(AGE, one_shoulder=True),
        notes=_other_ages(compares=False, one_shoulder=True), is_good_high=False,
    ),
    of_committees(
        code="IND-1-02", rows=("T02",), name="较上届平均年龄", unit="岁", rule="R-1-35、R-1-36",
        basis="新一届的平均年龄减去上一届最后一天在任成员的平均年龄，两届都有的村才比",
        measure=Measure.CHANGE, heads=(*MEMBER, "年龄"),
        source=_source(AGE, compares=True), words=_said_of_age,
        notes=_other_ages(compares=True, one_shoulder=False), is_good_high=False,
    ),
    of_committees(
        code="IND-1-02-S", name="“一肩挑”书记较上届平均年龄", unit="岁", rule="R-1-39",
        basis="两届中书记、主任由一人担任的，新一届的平均年龄减去上一届的",
        measure=Measure.CHANGE, heads=(*MEMBER, "年龄"),
        source=_source(AGE, compares=True, one_shoulder=True), words=_said_of_age,
        notes=_other_ages(compares=True, one_shoulder=True), is_good_high=False,
    ),
    of_committees(
        code="IND-1-03", rows=("T03",), name="高中及以上学历", unit="人", rule="R-1-33",
        basis="新一届班子成员中学历在高中（含中专、职高、技校）以上的人，结业、肄业不算",
        measure=Measure.NUMBER, heads=(*MEMBER, "学历"), source=_source(SCHOOLING, only=True),
        is_good_high=True,
    ),
    of_committees(
        code="IND-1-04", rows=("T04",), name="高中及以上学历占比较上届", unit="个百分点",
        rule="R-1-38", basis=f"新一届的占比减去上一届的占比；{BOTH_READINGS} IND-1-04-G",
        measure=Measure.POINTS, heads=(*MEMBER, "学历"),
        source=_source(SCHOOLING, compares=True), words=_said_of_points, is_good_high=True,
    ),
    of_committees(
        code="IND-1-04-G", name="高中及以上学历人数较上届", unit="%", rule="R-1-38",
        basis=f"新一届的人数比上一届增长多少；{BOTH_READINGS} IND-1-04",
        measure=Measure.GROWTH, heads=(*MEMBER, "学历"),
        source=_source(SCHOOLING, compares=True), words=_said_of_growth, is_good_high=True,
    ),
    of_committees(
        code="IND-1-05", rows=("T05",), name="“四类人员”占比", unit="%", rule="R-1-24",
        basis="新一届班子成员中登记为四类人员（至少一类，有佐证）的占比，一人几类只算一人",
        measure=Measure.SHARE, heads=(*MEMBER, "类别"), source=_source(SOURCE),
        is_good_high=True,
    ),
    of_committees(
        code="IND-1-05-S", name="“一肩挑”书记中“四类人员”占比", unit="%", rule="R-1-39",
        basis="新一届书记、主任由一人担任的，其中登记为四类人员的占比",
        measure=Measure.SHARE, heads=(*MEMBER, "类别"),
        source=_source(SOURCE, one_shoulder=True), is_good_high=True,
    ),
    of_committees(
        code="IND-1-07", name="女性成员比例", unit="%", rule="1.11",
        basis="新一届班子成员中女性的占比",
        measure=Measure.SHARE, heads=(*MEMBER, "性别"), source=_source(GENDER),
        is_good_high=True,
    ),
    of_committees(
        code="IND-1-08", name="35岁以下比例", unit="%", rule="1.11",
        basis="新一届班子成员中起始日 35 岁以下（含 35 岁）的占比",
        measure=Measure.SHARE, heads=(*MEMBER, "年龄"), source=_source(YOUTH),
        is_good_high=True,
    ),
)  # fmt: skip
