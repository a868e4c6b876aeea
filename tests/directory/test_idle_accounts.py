"""Do accounts close that nobody has used for long, and never the last administrator's?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from lingyan.common import clock
from lingyan.directory.actions.idle_accounts import close_idle_accounts
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.models import User
from lingyan.platform.audit.models import AuditEntry
from tests.api.programs import program
from tests.world import World, _actor

PASSWORD = "harbour-mist-42"


def unused(username: str, days: int) -> User:
    """An account that was made and last used so many days ago."""
    user = User.objects.get(username=username)
    user.set_password(PASSWORD)
    user.opened_at = user.last_login = clock.real_now() - timedelta(days=days)
    user.save()
    return user


def sign_in(username: str) -> Any:
    return Client().post("/sign-in/", {"username": username, "password": PASSWORD}, follow=True)


@pytest.mark.walled
def test_an_idle_account_closes_where_it_would_have_opened(world: World) -> None:
    user = unused("officer", 91)

    page = sign_in("officer").content.decode()

    user.refresh_from_db()
    assert not user.is_active
    assert "停用" in page
    entry = AuditEntry.objects.get(action="directory.account.closed")
    assert (entry.reason, entry.actor_role) == ("90 天没有使用，自动停用", "system")
    assert not AuditEntry.objects.filter(action="accounts.session.begun").exists()


def test_a_day_before_it_opens_and_counts_anew(world: World) -> None:
    user = unused("officer", 89)

    sign_in("officer")

    user.refresh_from_db()
    assert user.is_active
    assert user.last_login is not None
    assert clock.real_now() - user.last_login < timedelta(minutes=5)


@pytest.mark.walled
def test_a_program_of_the_account_keeps_it_in_use(world: World) -> None:
    caller = program(world.officer)
    user = unused("officer", 91)
    assert caller.get("/me").status_code == 200

    assert close_idle_accounts(actor=Actor.system()) == []
    User.objects.filter(pk=user.pk).update(program_used_at=clock.real_now() - timedelta(days=91))
    closed = close_idle_accounts(actor=Actor.system())

    assert [one.username for one in closed] == ["officer"]
    assert caller.get("/me").status_code == 401


def test_a_wrong_password_closes_nothing(world: World) -> None:
    user = unused("officer", 91)

    Client().post("/sign-in/", {"username": "officer", "password": "wrong"})

    user.refresh_from_db()
    assert user.is_active


def test_an_account_that_was_opened_again_stays_open(world: World) -> None:
    user = unused("officer", 91)
    sign_in("officer")
    world.client(world.sys_admin).post(
        f"/accounts/{user.pk}/active/", {"active": "yes", "reason": "休假归来"}
    )

    sign_in("officer")

    user.refresh_from_db()
    assert user.is_active


def test_neither_the_demo_nor_an_installation_without_a_limit_closes_any(
    world: World, settings: Any
) -> None:
    unused("officer", 400)
    demo = unused("leader", 400)
    User.objects.filter(pk=demo.pk).update(is_demo=True)

    sign_in("leader")
    settings.IDLE_DAYS = 0
    sign_in("officer")

    assert User.objects.get(username="leader").is_active
    assert User.objects.get(username="officer").is_active


@pytest.mark.walled
def test_the_last_administrator_always_gets_in(world: World) -> None:
    unused("sys", 400)

    sign_in("sys")

    assert User.objects.get(username="sys").is_active


def test_of_two_idle_administrators_one_stays(world: World) -> None:
    _actor("sys2", "谢丙九", Role.SYS_ADMIN)
    unused("sys", 400)
    unused("sys2", 400)

    closed = close_idle_accounts(actor=Actor.system())

    assert [user.username for user in closed] == ["sys"]
    assert User.objects.get(username="sys2").is_active


def test_a_closed_administrator_does_not_count_as_one_who_stays(world: World) -> None:
    other = _actor("sys2", "谢丙九", Role.SYS_ADMIN)
    User.objects.filter(pk=other.user_id).update(is_active=False)
    unused("sys", 400)

    assert close_idle_accounts(actor=Actor.system()) == []


def test_the_administrator_sees_and_closes_them(world: World) -> None:
    client = world.client(world.sys_admin)
    unused("officer", 91)
    unused("leader", 91)

    page = client.get("/accounts/").content.decode()
    found = client.get("/accounts/?active=idle").content.decode()
    done = client.post("/accounts/idle/close/", follow=True).content.decode()

    assert "有 2 个账号 90 天没有使用" in page
    assert "陈乙一" in found
    assert "罗乙五" not in found
    assert "已停用 2 个闲置账号" in done
    assert "天没有使用（" not in done
    closed = AuditEntry.objects.filter(action="directory.account.closed")
    assert {one.actor_user_id for one in closed} == {world.sys_admin.user_id}


@pytest.mark.parametrize("who", ["officer", "admin", "stranger", "audit_admin", "north_org"])
def test_others_close_none(world: World, who: str) -> None:
    unused("agri", 91)

    assert world.client(getattr(world, who)).post("/accounts/idle/close/").status_code == 403
    assert Client().post("/accounts/idle/close/").status_code == 302
    assert User.objects.get(username="agri").is_active
