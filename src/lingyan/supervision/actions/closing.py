"""Who settles what hangs on a person who is gone, or who left a post in a village (G-28)?"""

from __future__ import annotations

from datetime import date, timedelta

from lingyan.common import clock
from lingyan.directory.actions.accounts import end_roles_of_person
from lingyan.directory.models import Person, RoleAssignment, Unit, VillageOfficer
from lingyan.directory.rules import departures as rules
from lingyan.directory.rules.departures import Departure
from lingyan.platform.accounts.actor import Actor
from lingyan.supervision.actions.tasks import Source, raise_task
from lingyan.supervision.facts_of_neighbours import Depending, depending
from lingyan.supervision.queries import closing as queries
from lingyan.supervision.rules.words import TaskLevel

PRODUCT = Actor.system()
GATE = "G-28"


def ask_to_close(person: Person, kind: Departure, on: date, unit: Unit | None) -> int:
    """One task for each post in a village and each record of a module that names the person."""
    days = rules.closing_days(rules.act_of(kind))
    # Whoever only changes the unit keeps his post in a village.
    posts = [] if kind == Departure.TRANSFERRED else _posts(person)
    found = [*posts, *depending(person, unit)]
    why = f"{person}{kind.label}"
    for one in found:
        _ask(one, why, days, period=str(on))
    return len(found)


def _posts(person: Person) -> list[Depending]:
    held = VillageOfficer.objects.filter(person=person, until__isnull=True)
    return [
        Depending(one, f"登记{one.village}{one.get_post_display()}离任", one.village)
        for one in held.select_related("village__parent").order_by("village__path", "pk")
    ]


def _ask(one: Depending, why: str, days: int, *, period: str) -> None:
    raise_task(
        what=f"{why}：请{one.what}", place=one.place, level=one.level, unit=one.unit,
        due_on=clock.today() + timedelta(days=days), source=Source.of(one.thing, one.page),
        rule=GATE, period=period,
    )  # fmt: skip


def close_ended_posts() -> int:
    """What the worker does of itself: with the last post in a village the role there ends.

    Only the day tells, not the act: whoever is elected again the same day keeps his role.
    """
    if not (days := rules.closing_days(rules.POST_ENDED)):
        return 0
    found = queries.roles_without_post(clock.today())
    for assignment, office in found:
        _end(assignment, office, days)
    return len(found)


def _end(assignment: RoleAssignment, office: VillageOfficer, days: int) -> None:
    person, village = office.person, office.village
    why = f"{person}不再任{village}{office.get_post_display()}"
    end_roles_of_person(
        person, roles=[assignment.role], place=village, close=True, actor=PRODUCT, reason=why
    )
    for one in depending(person, person.unit):
        if one.level == TaskLevel.VILLAGE and one.place == village:
            _ask(one, why, days, period=str(office.until))
