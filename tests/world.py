"""A small county that everyone knows by heart: two towns, four villages, two units, six people.


山阳县 has 北山镇 (松树村, 溪口村) and 南河镇 (石桥村, 磨坊村). 县财政局 and 县第一小学 send people.
Next to it lies 邻水县, whose town officer must see nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.test import Client

from lingyan.directory.models import Person, Place, RoleAssignment, Unit
from lingyan.directory.queries import actor_of
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.models import User

SINCE = date(2024, 1, 1)


@dataclass
class World:
    county: Place
    north: Place
    south: Place
    pine: Place
    brook: Place
    stone: Place
    mill: Place
    elsewhere: Place
    finance: Unit
    school: Unit
    li: Person
    wang: Person
    zhao: Person
    qian: Person
    sun: Person
    zhou: Person
    officer: Actor
    second_officer: Actor
    leader: Actor
    admin: Actor
    agri: Actor
    north_org: Actor
    south_org: Actor
    pine_secretary: Actor
    unit_admin: Actor
    candidate: Actor
    sys_admin: Actor
    audit_admin: Actor
    stranger: Actor
    clients: dict[int, Client] = field(default_factory=dict)

    @property
    def everyone(self) -> list[Actor]:
        return [value for value in vars(self).values() if isinstance(value, Actor)]

    def client(self, actor: Actor) -> Client:
        """A signed-in browser of this actor."""
        assert actor.user_id is not None
        client = Client()
        client.force_login(User.objects.get(pk=actor.user_id))
        return client


def build_world() -> World:
    county = _place("0001", "county", "山阳县", None, "990100000000")
    north = _place("00010001", "township", "北山镇", county, "990100100000")
    south = _place("00010002", "township", "南河镇", county, "990100101000")
    pine = _place("000100010001", "village", "松树村", north, "990100100200")
    brook = _place("000100010002", "village", "溪口村", north, "990100100201")
    stone = _place("000100020001", "village", "石桥村", south, "990100101200")
    mill = _place("000100020002", "village", "磨坊村", south, "990100101201")
    neighbour = _place("0002", "county", "邻水县", None, "990200000000")
    elsewhere = _place("00020001", "township", "东坡镇", neighbour, "990200100000")
    finance = Unit.objects.create(name="县财政局", category="county_dept", place=county)
    school = Unit.objects.create(name="县第一小学", category="institution", place=county)

    def person(number: int, name: str, unit: Unit, gender: str, birth: date) -> Person:
        return Person.objects.create(
            number=f"R{number:04d}",
            name=name,
            unit=unit,
            gender=gender,
            birth_on=birth,
            place=county,
            political_status="full_member",
            party_joined_on=date(2012, 7, 1),
            work_started_on=date(2008, 9, 1),
        )

    people = {
        "li": person(1, "李甲一", finance, "male", date(1985, 3, 2)),
        "wang": person(2, "王甲二", finance, "female", date(1987, 6, 9)),
        "zhao": person(3, "赵甲三", finance, "male", date(1990, 1, 20)),
        "qian": person(4, "钱甲四", school, "female", date(1988, 11, 5)),
        "sun": person(5, "孙甲五", school, "male", date(1983, 8, 30)),
        "zhou": person(6, "周甲六", school, "female", date(1991, 4, 17)),
    }
    actors = {
        "officer": _actor("officer", "陈乙一", Role.COUNTY_ORG_STAFF, place=county),
        "second_officer": _actor("officer2", "陈乙二", Role.COUNTY_ORG_STAFF, place=county),
        "leader": _actor("leader", "林乙三", Role.COUNTY_ORG_LEADER, place=county),
        "admin": _actor("admin", "何乙四", Role.COUNTY_ORG_ADMIN, place=county),
        "agri": _actor("agri", "罗乙五", Role.COUNTY_AGRI, place=county),
        "north_org": _actor("north", "高乙六", Role.TOWN_ORG, place=north),
        "south_org": _actor("south", "梁乙七", Role.TOWN_ORG, place=south),
        "pine_secretary": _actor("pine", "宋乙八", Role.VILLAGE_SECRETARY, place=pine),
        "unit_admin": _actor("unit", "郑乙九", Role.UNIT_PARTY_ADMIN, unit=finance),
        "sys_admin": _actor("sys", "谢丙一", Role.SYS_ADMIN),
        "audit_admin": _actor("audit", "韩丙二", Role.AUDIT_ADMIN),
        "stranger": _actor("stranger", "唐丙三", Role.TOWN_ORG, place=elsewhere),
    }
    candidate_user = User.objects.create_user("li", name="李甲一")
    people["li"].user = candidate_user
    people["li"].save(update_fields=["user"])
    assignment = RoleAssignment.objects.create(
        user=candidate_user, role=Role.CANDIDATE, since=SINCE
    )
    actors["candidate"] = actor_of(assignment)
    return World(
        county=county,
        north=north,
        south=south,
        pine=pine,
        brook=brook,
        stone=stone,
        mill=mill,
        elsewhere=elsewhere,
        finance=finance,
        school=school,
        **people,
        **actors,
    )


def _place(path: str, level: str, name: str, parent: Place | None, code: str) -> Place:
    return Place.objects.create(
        path=path,
        level=level,
        name=name,
        short_name=name,
        parent=parent,
        code=code,
        code_edition="2020",
        village_kind="admin_village" if level == "village" else "",
    )


def _actor(
    username: str, name: str, role: Role, *, place: Place | None = None, unit: Unit | None = None
) -> Actor:
    user = User.objects.create_user(username, name=name)
    assignment = RoleAssignment.objects.create(
        user=user, role=role, place=place, unit=unit, since=SINCE
    )
    return actor_of(assignment)
