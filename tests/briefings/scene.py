"""A briefing of the small county: who writes, checks, signs it, and what it counts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db.models import Q

from lingyan.briefings.actions import briefings as actions
from lingyan.briefings.models import Briefing
from lingyan.directory.models import Person
from lingyan.directory.roles import Role
from lingyan.directory.scoping import place_q
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.indicators import registry
from lingyan.platform.indicators.definitions import (
    Indicator,
    Measure,
    PeriodKind,
    Question,
    Record,
)
from lingyan.platform.indicators.sources import FromQuery
from tests.world import World, _actor

ON = date(2026, 7, 1)
READERS = (
    Role.COUNTY_ORG_STAFF, Role.COUNTY_ORG_ADMIN, Role.COUNTY_ORG_LEADER, Role.COUNTY_OFFICE,
    Role.TOWN_ORG, Role.VILLAGE_SECRETARY, Role.UNIT_PARTY_ADMIN, Role.UPPER_VIEWER,
)  # fmt: skip
TEXT = (
    "一、队伍情况\n全县共有{T-PEOPLE|单位=名}，其中女同志{T-WOMEN|单位=名}，占{T-SHARE|写法=50%}；"
    "北山镇{T-PEOPLE|地方=北山镇|单位=名}。"
)


def _people(asked: Question) -> Any:
    return Person.objects.filter(place_q(asked.scope, "place__")).select_related("place")


def _record(one: Person) -> Record:
    return Record(
        "directory.Person", str(one.pk), one.place.path if one.place else "",
        (one.name, one.get_gender_display()),
        part=1 if one.gender == "female" else 0,
    )  # fmt: skip


def _woman(one: Person) -> Record:
    return Record(
        "directory.Person", str(one.pk), one.place.path if one.place else "",
        (one.name, one.get_gender_display()), f"/directory/people/{one.pk}/",
    )  # fmt: skip


def _indicator(code: str, name: str, unit: str, source: FromQuery, measure: Measure) -> Indicator:
    return Indicator(
        code, name, unit, f"统计日的{name}", PeriodKind.OF_DAY, measure, source,
        ("姓名", "性别"), "试验", "R-0-13", READERS, READERS,
    )  # fmt: skip


WOMEN = Q(gender="female")
INDICATORS = (
    _indicator(
        "T-PEOPLE", "干部", "人", FromQuery(_people, _woman, ("number",), "place"), Measure.NUMBER
    ),
    _indicator(
        "T-WOMEN", "女干部", "人",
        FromQuery(lambda asked: _people(asked).filter(WOMEN), _woman, ("number",), "place"),
        Measure.NUMBER,
    ),
    _indicator(
        "T-SHARE", "女干部占比", "%",
        FromQuery(_people, _record, ("number",), "place", done=lambda asked: WOMEN),
        Measure.SHARE,
    ),
)  # fmt: skip


@contextmanager
def registered() -> Iterator[None]:
    before = dict(registry.INDICATORS)
    registry.register(INDICATORS)
    try:
        yield
    finally:
        registry.INDICATORS.clear()
        registry.INDICATORS.update(before)


def scene(world: World) -> None:
    """Two of the six people live in the north, the others in the county town."""
    Person.objects.filter(pk__in=(world.li.pk, world.wang.pk)).update(place=world.pine)


def office(world: World) -> Actor:
    return _actor("office", "方丁一", Role.COUNTY_OFFICE, place=world.county)


def written(**changed: Any) -> actions.Written:
    return actions.Written(
        **{
            "title": "队伍建设情况", "text": TEXT, "series": "组工简报",
            "issuer": "山阳县委组织部", "period": "去年以来", "on": ON, **changed,
        }
    )  # fmt: skip


def drafted(world: World, **changed: Any) -> Briefing:
    return actions.draft_briefing(written(**changed), actor=world.officer)


def passed_on(world: World, *acts: str, **changed: Any) -> Briefing:
    """Drafted by one officer, checked by the other, reviewed and signed by those above."""
    briefing = drafted(world, **changed)
    for act in acts:
        briefing = actions.step_briefing(briefing, act, actor=hand(world, act))
    return briefing


def hand(world: World, act: str) -> Actor:
    return {
        "check": world.second_officer,
        "review": world.admin,
        "sign": world.leader,
        "issue": world.officer,
    }[act]


ISSUED = ("check", "review", "sign", "issue")
