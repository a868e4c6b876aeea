"""Can the administrators say each quarter that a granted role is still needed?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from lingyan.common import clock
from lingyan.directory.models import RoleAssignment
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.models import User
from lingyan.platform.audit.models import AuditEntry
from tests.world import World, _actor

ADDRESS = "/accounts/review/"
TODAY = date(2026, 5, 20)


@pytest.fixture
def security(world: World) -> Actor:
    return _actor("sec", "冯丙四", Role.SEC_ADMIN)


def role_of(username: str) -> RoleAssignment:
    return RoleAssignment.objects.get(user__username=username)


def text_of(client: Client, address: str = ADDRESS) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_is_ticked_is_kept_with_who_and_when(world: World, security: Actor) -> None:
    client, north = world.client(security), role_of("north")
    with clock.at(TODAY):
        before = text_of(client)
        done = client.post(ADDRESS, {"role": [str(north.pk)]}, follow=True).content.decode()

    assert "2026 年第 2 季度：还有 14 个身份待核对" in before
    assert "已核对 1 个身份" in done
    assert "还有 13 个身份待核对" in done
    north.refresh_from_db()
    assert (north.reviewed_on, north.reviewed_by) == (TODAY, "冯丙四")
    entry = AuditEntry.objects.get(action="directory.account.role_reviewed")
    assert entry.changes == {
        "reviewed_on": [None, "2026-05-20"],
        "reviewed_by": [None, "冯丙四"],
    }


def test_a_new_quarter_asks_again(world: World, security: Actor) -> None:
    client, north = world.client(security), role_of("north")
    with clock.at(date(2026, 6, 30)):
        client.post(ADDRESS, {"role": [str(north.pk)]})
        same_quarter = text_of(client, f"{ADDRESS}?state=waiting")
    with clock.at(date(2026, 7, 1)):
        next_quarter = text_of(client, f"{ADDRESS}?state=waiting")

    assert str(north.pk) not in same_quarter
    assert str(north.pk) in next_quarter


def test_what_was_granted_this_quarter_need_not_be_reviewed(world: World, security: Actor) -> None:
    RoleAssignment.objects.filter(user__username="north").update(since=date(2026, 4, 1))

    with clock.at(TODAY):
        page = text_of(world.client(security), f"{ADDRESS}?state=waiting")

    assert "高乙六" not in page
    assert "梁乙七" in page


def test_ended_roles_and_closed_accounts_are_not_on_the_page(world: World, security: Actor) -> None:
    RoleAssignment.objects.filter(user__username="north").update(until=date(2026, 5, 20))
    User.objects.filter(username="south").update(is_active=False)
    gone = [str(role_of(name).pk) for name in ("north", "south")]
    client = world.client(security)

    with clock.at(TODAY):
        page = text_of(client)
        client.post(ADDRESS, {"role": gone})

    assert "高乙六" not in page
    assert "梁乙七" not in page
    assert not RoleAssignment.objects.filter(reviewed_on__isnull=False).exists()


def test_nobody_reviews_the_own_role_and_nothing_beside_it(world: World, security: Actor) -> None:
    chosen = [str(role_of(name).pk) for name in ("sec", "north")]

    answer = world.client(security).post(ADDRESS, {"role": chosen})

    assert answer.status_code == 409
    assert "另一位管理员" in answer.content.decode()
    assert not RoleAssignment.objects.filter(reviewed_on__isnull=False).exists()


@pytest.mark.parametrize("given", [{}, {"role": ["x"]}])
def test_without_a_tick_nothing_happens(world: World, security: Actor, given: Any) -> None:
    answer = world.client(security).post(ADDRESS, given)

    assert answer.status_code == 409
    assert "请先勾选" in answer.content.decode()


def test_the_paper_has_every_role_and_a_line_to_sign(world: World, security: Actor) -> None:
    for number in range(60):
        _actor(f"more{number}", f"多{number}", Role.TOWN_ORG, place=world.north)

    page = text_of(world.client(security), f"{ADDRESS}?paper=yes")

    assert page.count("<tr>") == 60 + 14 + 1
    assert "签字" in page
    assert 'type="checkbox"' not in page


def test_the_number_of_queries_does_not_grow(
    world: World, security: Actor, django_assert_max_num_queries: Any
) -> None:
    client = world.client(security)
    for number in range(40):
        _actor(f"more{number}", f"多{number}", Role.TOWN_ORG, place=world.north)

    with django_assert_max_num_queries(16):
        client.get(ADDRESS)


@pytest.mark.parametrize("who", ["officer", "admin", "stranger", "audit_admin", "north_org"])
def test_others_neither_see_nor_tick(world: World, who: str) -> None:
    client, role = world.client(getattr(world, who)), role_of("agri")

    assert client.get(ADDRESS).status_code == 403
    assert client.post(ADDRESS, {"role": [str(role.pk)]}).status_code == 403
    assert Client().post(ADDRESS, {"role": [str(role.pk)]}).status_code == 302
    assert not RoleAssignment.objects.filter(reviewed_on__isnull=False).exists()
