"""时点查询: a register read as at a day says what was live on that day; today it is live."""

from __future__ import annotations

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.urls import reverse

from lingyan.common import clock
from lingyan.directory.actions.accounts import end_role, grant_role
from lingyan.directory.actions.officers import OfficerRow, end_office, register_officer
from lingyan.directory.models import RoleAssignment, VillageOfficer
from lingyan.directory.roles import Role
from lingyan.platform.accounts.models import User
from lingyan.platform.ui.registers import REGISTERS
from lingyan.posting.actions import life
from lingyan.posting.models import Posting
from tests.furnished import body
from tests.posting.life_scene import ARRIVED, POLICY, STARTS, build_life
from tests.world import World

DAYS = [date(2026, 3, 20) + timedelta(days=n) for n in range(0, 80, 2)]


def live() -> dict[str, set[tuple[str, ...]]]:
    """What holds today, asked of the tables as they stand."""
    today = clock.today()
    return {
        "posts": {
            (one.person.name, one.get_post_display())
            for one in VillageOfficer.objects.filter(until__isnull=True, since__lte=today)
        },
        "postings": {
            (one.person.name, one.get_state_display())
            for one in Posting.objects.filter(until__isnull=True, since__lte=today)
        },
        "roles": {
            (one.user.name, one.get_role_display())
            for one in RoleAssignment.objects.filter(handed_from__isnull=True)
            if one.in_force_on(today)
        },
    }


def read(world: World, on: date) -> dict[str, set[tuple[str, ...]]]:
    """The same from the registers, by name and state, post or role."""
    told = {"posts": (0, 3), "postings": (0, 5), "roles": (0, 1)}
    found = {}
    for one in REGISTERS:
        if one.key in told:
            name, other = told[one.key]
            lines = one.lines(list(one.rows(world.admin, on)), on)
            found[one.key] = {(line.cells[name], line.cells[other]) for line in lines}
    return found


def test_every_day_of_the_past_reads_as_it_was_live(world: World) -> None:
    with clock.at(DAYS[0]):
        lived = build_life(world)
    acts = {
        date(2026, 3, 22): lambda: register_officer(
            OfficerRow(world.sun, world.pine, "vc_director", date(2026, 3, 22)), actor=world.admin
        ),
        date(2026, 3, 30): lambda: life.train_posting(
            lived.posting, training_hours=16, on=date(2026, 3, 28), actor=world.officer
        ),
        date(2026, 4, 2): lambda: life.confirm_arrival(
            lived.posting, on=ARRIVED, party_relation_on=STARTS, policy=POLICY,
            actor=world.north_org,
        ),
        date(2026, 4, 13): lambda: life.suspend_posting(
            Posting.objects.get(pk=lived.posting.pk), text="病休", substitute=world.wang,
            actor=world.officer,
        ),
        date(2026, 4, 21): lambda: grant_role(
            User.objects.create_user("zhou-office", name="周甲六"), role=Role.TOWN_ORG,
            place=world.south, actor=world.admin,
        ),
        date(2026, 5, 1): lambda: end_office(
            VillageOfficer.objects.get(person=world.sun), until=date(2026, 5, 1),
            actor=world.admin,
        ),
        date(2026, 5, 9): lambda: end_role(
            RoleAssignment.objects.get(user__username="zhou-office"), reason="调走",
            actor=world.admin,
        ),
    }  # fmt: skip
    seen = {}
    for day in DAYS:
        with clock.at(day):
            for planned in [one for one in acts if one <= day]:
                acts.pop(planned)()
            seen[day] = live()
            here = read(world, day)
            assert here["roles"] <= seen[day]["roles"]
            assert here["posts"] == seen[day]["posts"]
            assert here["postings"] == seen[day]["postings"]

    assert not acts
    with clock.at(DAYS[-1]):
        for day in DAYS:
            then = read(world, day)
            assert then["posts"] == seen[day]["posts"], day
            assert then["postings"] == seen[day]["postings"], day
            assert ("周甲六", "乡镇组织委员") in then["roles"] or not (
                date(2026, 4, 21) <= day < date(2026, 5, 9)
            )
    assert len({str(sorted(one["postings"])) for one in seen.values()}) >= 3


def test_the_page_says_which_day_and_what_came_after(world: World) -> None:
    row = OfficerRow(world.sun, world.pine, "vc_director", date(2025, 1, 1))
    officer = register_officer(row, actor=world.admin)
    end_office(officer, until=date(2026, 1, 1), actor=world.admin)
    client, url = world.client(world.officer), reverse("as_at")

    then = body(client.get(url, {"kind": "posts", "on": "2025-06-30"}))
    now = body(client.get(url, {"kind": "posts"}))

    assert "2025-06-30 那天的情况" in then
    assert "孙甲五" in then
    assert "起已不在" in then
    assert "孙甲五" not in now


@pytest.mark.parametrize("on", ["2999-01-01", "昨天", "2026-02-30"])
def test_a_day_that_cannot_be_is_read_as_today_and_said_so(world: World, on: str) -> None:
    page = body(world.client(world.officer).get(reverse("as_at"), {"on": on}))

    assert "下面是今天的情况" in page


def test_a_town_sees_its_own_and_the_roles_are_for_those_who_grant(world: World) -> None:
    for village in (world.pine, world.stone):
        person = world.sun if village == world.pine else world.zhou
        register_officer(OfficerRow(person, village, "clerk", date(2025, 1, 1)), actor=world.admin)

    town = world.client(world.north_org)
    page = body(town.get(reverse("as_at"), {"kind": "posts", "on": "2026-01-01"}))
    file = town.get(reverse("as_at_export"), {"kind": "posts", "on": "2026-01-01"})
    secretary = body(world.client(world.pine_secretary).get(reverse("as_at"), {"kind": "roles"}))

    assert "孙甲五" in page
    assert "周甲六" not in page
    rows = openpyxl.load_workbook(io.BytesIO(file.content)).active
    said = {str(cell) for row in rows.iter_rows(values_only=True) for cell in row}
    assert "孙甲五" in said
    assert "周甲六" not in said
    assert "身份和管辖范围" not in secretary


def test_the_page_asks_as_much_of_a_long_register(
    world: World, django_assert_max_num_queries: object
) -> None:
    client = world.client(world.officer)
    client.get(reverse("as_at"))
    with django_assert_max_num_queries(18):  # type: ignore[operator]  # the fixture of the plugin
        client.get(reverse("as_at"), {"kind": "postings", "on": "2026-01-01"})
