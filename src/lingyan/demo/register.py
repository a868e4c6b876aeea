"""Which invented units, officers and candidates stand in a demo county's register?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from lingyan.demo.cast import Cast
from lingyan.demo.synthetic import Invented, People
from lingyan.directory.actions.officers import OfficerRow, create_officers
from lingyan.directory.actions.people import (
    PersonRow,
    RelativeRow,
    create_people,
    create_relatives,
)
from lingyan.directory.actions.units import UnitRow, create_units
from lingyan.directory.models import Person, Place, Unit
from lingyan.directory.rules import OfficerPost, Relation, UnitCategory
from lingyan.posting.actions.pool import (
    Declaration,
    EvidenceRow,
    PoolRow,
    create_pool_entries,
    record_evidence_rows,
)
from lingyan.posting.rules import Capability, PoolCategory

OFFICE_HELD_SINCE = date(2021, 1, 20)
UNITS = (
    ("县财政局", "county_dept", "财政"),
    ("县发展和改革局", "county_dept", "发展改革"),
    ("县农业农村局", "county_dept", "农业"),
    ("县林业局", "county_dept", "林业"),
    ("县水利局", "county_dept", "水利"),
    ("县交通运输局", "county_dept", "交通"),
    ("县教育局", "county_dept", "教育"),
    ("县卫生健康局", "county_dept", "卫生"),
    ("县民政局", "county_dept", "民政"),
    ("县司法局", "county_dept", "政法"),
    ("县信访局", "county_dept", "政法"),
    ("县应急管理局", "county_dept", "应急"),
    ("县自然资源局", "county_dept", "自然资源"),
    ("县文化和旅游局", "county_dept", "文旅"),
    ("县市场监督管理局", "county_dept", "市场监管"),
    ("县审计局", "county_dept", "审计"),
    ("县统计局", "county_dept", "统计"),
    ("县乡村振兴服务中心", "institution", "农业"),
    ("县农业技术推广站", "institution", "农业"),
    ("县融媒体中心", "institution", "宣传"),
    ("县委党校", "institution", "党务"),
    ("县人民医院", "institution", "卫生"),
    ("县第一中学", "institution", "教育"),
    ("县职业技术学校", "institution", "教育"),
    ("县公路养护段", "institution", "交通"),
    ("县国有资产经营公司", "enterprise", "金融"),
    ("县供水公司", "enterprise", "水利"),
    ("县供销合作社", "enterprise", "供销"),
    ("县农村信用联社", "enterprise", "金融"),
    ("县粮油储备公司", "enterprise", "粮食"),
)
OLDEST, YOUNGEST = date(1968, 1, 1), date(1996, 1, 1)
LANGUAGE = "土家语"
POSTS_OF_YEARS = {
    Capability.PARTY_WORK: "机关党办工作人员",
    Capability.ECONOMY: "经济管理岗位",
    Capability.SOCIAL_GOV: "综治信访岗位",
}


@dataclass
class Register:
    """What a demo county has once its register is filled."""

    units: list[Unit]
    officers: dict[str, list[Person]]  # by path of the village


def fill_units(cast: Cast) -> list[Unit]:
    rows = [
        UnitRow(
            name=name,
            place=cast.county,
            category=UnitCategory(category).value,
            sector=sector,
            is_demo=True,
        )
        for name, category, sector in UNITS
    ]
    return create_units(rows, actor=cast.admin)


def fill_officers(cast: Cast, villages: Sequence[Place]) -> dict[str, list[Person]]:
    """A secretary who is also director, a deputy and a cashier in every village."""
    random = cast.people.random
    posts: list[tuple[Place, tuple[OfficerPost, ...]]] = []
    for village in villages:
        director = (
            OfficerPost.COMMUNITY_DIRECTOR
            if village.village_kind == "community"
            else OfficerPost.VC_DIRECTOR
        )
        heads: tuple[tuple[OfficerPost, ...], ...] = ((OfficerPost.PARTY_SECRETARY, director),)
        if random.random() < 0.2:
            heads = ((OfficerPost.PARTY_SECRETARY,), (director,))
        posts += [(village, held) for held in heads]
        posts += [(village, (OfficerPost.PARTY_DEPUTY,)), (village, (OfficerPost.CASHIER,))]
    people = create_people(
        [_villager(cast.people, village) for village, _ in posts], actor=cast.admin
    )
    rows, found = [], dict[str, list[Person]]()
    for person, (village, held) in zip(people, posts, strict=True):
        found.setdefault(village.path, []).append(person)
        rows += [OfficerRow(person, village, post.value, OFFICE_HELD_SINCE) for post in held]
    create_officers(rows, actor=cast.admin)
    return found


def _villager(people: People, village: Place) -> PersonRow:
    one = people.next(oldest=OLDEST, youngest=YOUNGEST)
    return PersonRow(
        name=one.name,
        place=village,
        id_number=one.id_number,
        gender=one.gender,
        birth_on=one.birth_on,
        political_status="full_member",
        native_place=village,
        household_place=village,
        is_demo=True,
    )


def fill_candidates(
    cast: Cast,
    units: Sequence[Unit],
    towns: Sequence[Place],
    count: int,
    *,
    today: date,
    speakers: int = 0,
    members_only: bool = False,
) -> list[Person]:
    """People of county units with declarations and verified evidence, taken over into the pool.

    The first `speakers` of them speak the language of the Tujia towns.
    """
    random = cast.people.random
    invented = [cast.people.next(oldest=date(1972, 1, 1), youngest=YOUNGEST) for _ in range(count)]
    people = create_people(
        [
            _cadre(one, random, cast.county, units, towns, is_member=members_only)
            for one in invented
        ],
        actor=cast.admin,
    )
    create_pool_entries(
        [
            PoolRow(person, declared=_declaration(random, speaks=number < speakers))
            for number, person in enumerate(people)
        ],
        actor=cast.officer,
    )
    evidence: list[EvidenceRow] = []
    for number, person in enumerate(people):
        evidence += _evidence(person, number, random, today)
    record_evidence_rows(evidence, actor=cast.officer)
    return people


def _cadre(
    one: Invented,
    random: Random,
    county: Place,
    units: Sequence[Unit],
    towns: Sequence[Place],
    *,
    is_member: bool,
) -> PersonRow:
    work_started_on = date(one.birth_on.year + random.choice((20, 22, 23, 25)), 8, 1)
    is_member = is_member or random.random() < 0.93
    home = random.choice(towns)
    return PersonRow(
        name=one.name,
        place=county,
        unit=random.choice(units),
        id_number=one.id_number,
        gender=one.gender,
        birth_on=one.birth_on,
        ethnicity="土家族" if "土家族" in home.name else "汉族",
        education=random.choice(("大学", "大学", "大学", "大专", "研究生")),
        political_status="full_member" if is_member else "mass",
        party_joined_on=date(work_started_on.year + random.choice((1, 2, 3)), 7, 1)
        if is_member
        else None,
        work_started_on=work_started_on,
        job_title=random.choice(("科员", "副股长", "股长", "办公室主任", "工程师")),
        native_place=home,
        household_place=home,
        residence_place=random.choice(towns),
        is_demo=True,
    )


def _declaration(random: Random, *, speaks: bool) -> Declaration:
    return Declaration(
        category=random.choice(list(PoolCategory)).value,
        health="fit" if random.random() < 0.97 else "unfit",
        discipline="clear" if random.random() < 0.98 else "sanctioned",
        grassroots_years=random.choice((0, 0, 1, 2, 2, 3, 4, 6)),
        yearly_results=tuple(
            random.choice(("excellent", "competent", "competent")) for _ in range(3)
        ),
        languages=(LANGUAGE,) if speaks else (),
    )


def _evidence(person: Person, number: int, random: Random, today: date) -> list[EvidenceRow]:
    """One main field of work, and for five in six one of the three kinds of experience (X02)."""
    started = person.work_started_on or today
    rows = [_work(person, random, started, today)]
    if number % 6:
        rows.append(_experience(person, number % 3, random, started, today))
    if random.random() < 0.5:
        rows.append(
            EvidenceRow(
                person, Capability.MASS_WORK.value, "民主测评群众工作评价",
                since=date(today.year - 1, 1, 1), until=today,
                level=random.choice((1, 2, 3, 4)), verified=True,
            )
        )  # fmt: skip
    if random.random() < 0.2:
        extra = random.choice(
            (Capability.LAW, Capability.FINANCE, Capability.TOURISM, Capability.TECH)
        )
        rows.append(
            EvidenceRow(
                person, extra.value, f"{extra.label}资格证书", since=started,
                level=random.choice((2, 3, 4)), verified=True,
            )
        )  # fmt: skip
    return rows


def _work(person: Person, random: Random, started: date, today: date) -> EvidenceRow:
    capability = random.choice(list(POSTS_OF_YEARS))
    years = random.choice((1, 2, 3, 4, 5))
    since = max(started, date(today.year - years - 1, 3, 1))
    return EvidenceRow(
        person, capability.value, POSTS_OF_YEARS[capability], since=since,
        until=date(today.year - 1, 12, 31), verified=True,
    )  # fmt: skip


def _experience(
    person: Person, kind: int, random: Random, started: date, today: date
) -> EvidenceRow:
    if kind == 0:
        return EvidenceRow(
            person, Capability.AGRI_MAJOR.value, "农学专业毕业证书", since=started,
            level=4, verified=True,
        )  # fmt: skip
    since = max(started, date(today.year - random.choice((3, 4, 5)), 5, 1))
    until = date(today.year - 1, 11, 30)
    if kind == 1:
        return EvidenceRow(
            person, Capability.PROJECT_MGMT.value, "负责农田水利项目（合同、验收单）",
            since=since, until=until, verified=True,
        )  # fmt: skip
    return EvidenceRow(
        person, Capability.GRASSROOTS_LEAD.value, "乡镇副职（任免文件）",
        since=since, until=until, verified=True,
    )  # fmt: skip


def make_relatives(cast: Cast, candidates: Sequence[Person], officers: Sequence[Person]) -> None:
    """A few candidates have a relative on a village's committees, so that recusal has work."""
    relations = (Relation.SIBLING, Relation.PARENT, Relation.AFFINITY, Relation.SPOUSE)
    rows = [
        RelativeRow(candidate, officer, relations[number % len(relations)].value)
        for number, (candidate, officer) in enumerate(zip(candidates, officers, strict=False))
    ]
    create_relatives(rows, actor=cast.admin)
