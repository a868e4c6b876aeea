"""How did 110 units and 183 villages of the demo county come to be paired, and how was their year?

X08, X09 and X12 to X15 are what its records must give for 2025-01-01 to 2026-01-23.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from random import Random

from lingyan.common import clock
from lingyan.demo.cast import Cast
from lingyan.demo.register import UNITS as SENDING_UNITS
from lingyan.directory.actions.people import PersonRow, create_people
from lingyan.directory.actions.units import UnitRow, create_units
from lingyan.directory.models import Person, Place, Unit
from lingyan.pairing.actions import pairings, plans, statements
from lingyan.pairing.actions import rounds as round_actions
from lingyan.pairing.models import Pairing, PairRound, PairRoundUnit, PairRoundVillage
from lingyan.pairing.rules import Answer, Goal, Resource
from lingyan.pairing.rules.pairings import Agreement
from lingyan.pairing.rules.rounds import Statement, round_settings
from lingyan.posting.actions.need_lists import (
    NeedItemRow,
    NeedListRow,
    create_need_lists,
    issue_need_lists,
)
from lingyan.posting.rules import CheckItem, VillageType
from lingyan.posting.rules.assessments import CAPABILITIES_OF_ITEM

UNIT_COUNT, VILLAGE_COUNT = 110, 183  # X08, X09
MEMBERS = 9
NEEDS_DAY = date(2024, 12, 9)
OPENED_ON, DECIDED_ON, SIGNED_ON = date(2025, 1, 13), date(2025, 1, 24), date(2025, 2, 14)
FURTHER_UNITS = (
    ("county_dept", "党务", "县委办公室、县委统战部、县委编办"),
    ("county_dept", "宣传", "县委宣传部"),
    ("county_dept", "政法", "县委政法委、县公安局、县法院、县检察院"),
    ("county_dept", "群团", "县总工会、团县委、县妇联、县残联、县工商联"),
    ("county_dept", "科技", "县科协"),
    ("county_dept", "文旅", "县文联、县档案馆"),
    ("county_dept", "财政", "县税务局"),
    ("county_dept", "建设", "县住房和城乡建设局、县城市管理局"),
    ("county_dept", "环保", "县生态环境局"),
    ("county_dept", "社会保障", "县退役军人事务局、县人力资源和社会保障局"),
    ("county_dept", "卫生", "县医疗保障局"),
    ("county_dept", "工业", "县经济和信息化局"),
    ("county_dept", "商贸", "县商务局"),
    ("county_dept", "政务", "县行政审批局、县机关事务服务中心"),
    ("county_dept", "气象", "县气象局"),
    ("institution", "畜牧", "县畜牧站、县水产站"),
    ("institution", "农业", "县农机站、县植保站、县土壤肥料站、县种子站、县茶果技术站"),
    ("institution", "林业", "县林业站"),
    ("institution", "卫生", "县疾控中心、县中医院、县妇幼保健院、县第二人民医院"),
    (
        "institution",
        "教育",
        "县第二中学、县第三中学、县第一小学、县第二小学、县第三小学、县特殊教育学校",
    ),
    ("institution", "文旅", "县图书馆、县文化馆、县博物馆、县体育中心"),
    ("institution", "社会保障", "县就业服务中心、县社会保险中心"),
    ("institution", "政法", "县公证处、县法律援助中心"),
    ("institution", "环保", "县环境监测站"),
    ("institution", "应急", "县地质灾害防治站"),
    ("enterprise", "电力", "县电力公司"),
    ("enterprise", "建设", "县天然气公司、县城市建设投资公司、县建筑公司"),
    ("enterprise", "交通", "县公交公司"),
    (
        "enterprise",
        "农业",
        "县烟草公司、县农业投资公司、县茶叶公司、县果业公司、县农机公司、县种业公司",
    ),
    ("enterprise", "商贸", "县邮政公司、县物流公司"),
    ("enterprise", "通信", "县电信公司、县移动公司、县联通公司、县广电网络公司"),
    ("enterprise", "文旅", "县文旅投资公司"),
    ("enterprise", "水利", "县水务投资公司"),
    ("enterprise", "林业", "县林业开发公司"),
    ("enterprise", "金融", "县农业保险公司、县农业银行、县建设银行、县工商银行"),
)
INDUSTRIES = ("茶叶", "水果", "养殖", "中药材", "蔬菜", "乡村旅游")
RELATED = (
    ("农业", "茶叶", 1000),
    ("农业", "水果", 1000),
    ("农业", "蔬菜", 1000),
    ("农业", "中药材", 800),
    ("畜牧", "养殖", 1000),
    ("林业", "中药材", 800),
    ("林业", "水果", 500),
    ("文旅", "乡村旅游", 1000),
    ("商贸", "茶叶", 700),
    ("商贸", "水果", 700),
    ("供销", "蔬菜", 800),
    ("供销", "茶叶", 700),
    ("交通", "乡村旅游", 600),
    ("水利", "蔬菜", 500),
    ("科技", "中药材", 600),
    ("金融", "养殖", 500),
)
GIVES = {"农业": Resource.TECHNOLOGY, "畜牧": Resource.TECHNOLOGY, "金融": Resource.FUND,
         "财政": Resource.FUND, "教育": Resource.TALENT, "卫生": Resource.TALENT,
         "党务": Resource.VENUE, "通信": Resource.INFORMATION, "商贸": Resource.INFORMATION,
         "供销": Resource.INFORMATION}  # fmt: skip
NEED_ITEMS = (CheckItem.T5, CheckItem.I2, CheckItem.I6, CheckItem.G2)
PLAN = "每季度开一次联席会议，单位每年到村走访两次以上；共同开展“五个一”，商定一个共建项目。"


@dataclass(frozen=True, slots=True)
class Paired:
    """One pair that is at work, with who acts for its sides and the members of its unit."""

    pairing: Pairing
    members: tuple[Person, ...]


# --- before: what is needed -----------------------------------------------------------------------


def name_key_villages(cast: Cast, villages: Sequence[Place]) -> list[Place]:
    """183 villages whose need lists call them 乡村振兴任务重的村 when the pairs begin."""
    chosen = list(villages[:VILLAGE_COUNT])
    random = Random(20250113)  # noqa: S311 - a demo wants to be repeatable
    with clock.at(NEEDS_DAY):
        lists = create_need_lists(
            [_need_row(random, village) for village in chosen], actor=cast.officer
        )
        issue_need_lists(lists, actor=cast.officer)
    return chosen


def _need_row(random: Random, village: Place) -> NeedListRow:
    main = random.choice((VillageType.WEAK_ORG, VillageType.WEAK_INDUSTRY))
    item = random.choice(NEED_ITEMS)
    return NeedListRow(
        village=village,
        village_types=(main.value, VillageType.KEY_TASK.value),
        first_secretary_seats=1,
        member_seats=0,
        items=(
            NeedItemRow(
                item.domain.value, random.choice((2, 3, 4)),
                tuple(one.value for one in CAPABILITIES_OF_ITEM[item]), item=item.value,
            ),
        ),
    )  # fmt: skip


# --- the round ------------------------------------------------------------------------------------


def pair(cast: Cast, units: Sequence[Unit], villages: Sequence[Place]) -> list[Paired]:
    """From the statements of both sides to the signed agreements."""
    with clock.at(OPENED_ON - timedelta(days=5)):
        members = _fill_members(cast, units)
    with clock.at(OPENED_ON):
        round = _collect(cast, units, villages)
    with clock.at(DECIDED_ON - timedelta(days=2)):
        plans.compute_plan(actor=cast.officer, report=lambda *_: None, round_id=str(round.pk))
    with clock.at(DECIDED_ON):
        made = plans.decide_round(
            round, decision="同意系统建议方案，请双方分别研究。", decided_on=DECIDED_ON,
            actor=cast.leader,
        )  # fmt: skip
    for one in made:
        _agree(cast, one)
    return [
        Paired(one, members[one.unit_id])
        for one in Pairing.objects.active()
        .filter(pk__in=[one.pk for one in made])
        .select_related("unit", "village__parent")
        .order_by("unit__name", "village__path")
    ]


def fill_units(cast: Cast, sending: Sequence[Unit]) -> list[Unit]:
    """The sending units and 80 more."""
    assert len(sending) == len(SENDING_UNITS)
    rows = [
        UnitRow(name=name, place=cast.county, category=category, sector=sector, is_demo=True)
        for category, sector, named in FURTHER_UNITS
        for name in named.split("、")
    ]
    with clock.at(OPENED_ON - timedelta(days=6)):
        further = create_units(rows[: UNIT_COUNT - len(sending)], actor=cast.admin)
    return [*sending, *further]


def _fill_members(cast: Cast, units: Sequence[Unit]) -> dict[object, tuple[Person, ...]]:
    """Nine Party members of each unit, who will go to the villages."""
    people = create_people(
        [_member(cast, unit) for unit in units for _ in range(MEMBERS)], actor=cast.admin
    )
    found = iter(people)
    return {unit.pk: tuple(islice(found, MEMBERS)) for unit in units}


def _member(cast: Cast, unit: Unit) -> PersonRow:
    one = cast.people.next(oldest=date(1972, 1, 1), youngest=date(1996, 1, 1))
    return PersonRow(
        name=one.name, place=cast.county, unit=unit, id_number=one.id_number, gender=one.gender,
        birth_on=one.birth_on, political_status="full_member", is_demo=True,
    )  # fmt: skip


def _collect(cast: Cast, units: Sequence[Unit], villages: Sequence[Place]) -> PairRound:
    round = round_actions.open_round(
        county=cast.county, name="2025 年组织联建结对", settings=round_settings(matrix=RELATED),
        due_on=DECIDED_ON - timedelta(days=4), actor=cast.officer, is_demo=True,
    )  # fmt: skip
    round_actions.add_units(round, units, actor=cast.officer)
    round_actions.add_villages(round, villages, actor=cast.officer)
    joined_villages = list(
        PairRoundVillage.objects.filter(round=round)
        .select_related("village", "round")
        .order_by("village__path")
    )
    joined_units = list(
        PairRoundUnit.objects.filter(round=round).select_related("unit").order_by("unit__name")
    )
    random = Random(20250114)  # noqa: S311 - a demo wants to be repeatable
    for joined_village in joined_villages:
        _state_village(cast, joined_village, random)
    for joined_unit in joined_units:
        _state_unit(cast, joined_unit, joined_villages, random)
    return round


def _state_village(cast: Cast, joined: PairRoundVillage, random: Random) -> None:
    levels = {**joined.needs, random.choice(list(Resource)).value: random.choice((2, 3, 4))}
    said = Statement(
        words=(random.choice(INDUSTRIES),), levels=levels, lower=joined.lower, upper=joined.upper
    )
    statements.state_village(joined, said, actor=cast.village(joined.village))


def _state_unit(
    cast: Cast, joined: PairRoundUnit, villages: Sequence[PairRoundVillage], random: Random
) -> None:
    """Every unit says what it can give; every third says where it would like to go, or not."""
    gives = GIVES.get(joined.unit.sector, Resource.VENUE)
    levels = {gives.value: 4, random.choice(list(Resource)).value: random.choice((1, 2, 3))}
    actor = cast.unit(joined.unit)
    said = Statement(
        words=tuple(joined.sectors), levels=levels, lower=joined.lower, upper=joined.upper
    )
    statements.state_unit(joined, said, actor=actor)
    if random.random() < 0.35:
        asked, willing, refused = random.sample(list(villages), 3)
        said_of = {
            asked.pk: statements.Said(Answer.ASKED),
            willing.pk: statements.Said(Answer.WILLING),
            refused.pk: statements.Said(Answer.REFUSED, "路程太远，难以常去"),
        }
        statements.save_answers(joined, said_of, actor=actor)


def _agree(cast: Cast, pairing: Pairing) -> None:
    unit, village = cast.unit(pairing.unit), cast.village(pairing.village)
    with clock.at(DECIDED_ON + timedelta(days=4)):
        pairings.agree_unit(pairing, actor=unit)
    with clock.at(DECIDED_ON + timedelta(days=9)):
        meeting = clock.today() - timedelta(days=1)
        pairings.agree_village(pairing, meeting_on=meeting, actor=village)
    with clock.at(SIGNED_ON - timedelta(days=3)):
        pairings.approve(pairing, points_seen=pairing.points, actor=cast.officer)
    with clock.at(SIGNED_ON):
        agreement = Agreement(
            goals=tuple(goal.value for goal in Goal), plan_text=PLAN, term_months=36,
            unit_contact=unit.name, village_contact=village.name,
            number=f"宣联建〔2025〕{pairing.village.path[-8:].lstrip('0')}号",
        )  # fmt: skip
        pairings.start_pairing(pairing, agreement, signed_on=SIGNED_ON, actor=unit)


def by_unit(pairs: Iterable[Paired]) -> list[list[Paired]]:
    """The pairs of each unit, in the order of the units' names."""
    found: dict[object, list[Paired]] = {}
    for one in pairs:
        found.setdefault(one.pairing.unit_id, []).append(one)
    return list(found.values())
