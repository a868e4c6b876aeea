"""Who can make accounts and grant roles, and what happens to everybody else?"""

from __future__ import annotations

import pytest

from lingyan.directory.models import RoleAssignment
from lingyan.platform.accounts.models import User
from tests.world import World


def test_the_administrator_makes_an_account_and_grants_a_role(world: World) -> None:
    client = world.client(world.sys_admin)

    made = client.post("/accounts/new/", {"username": "gao", "name": "高丁一"}, follow=True)
    user = User.objects.get(username="gao")
    granted = client.post(
        f"/accounts/{user.pk}/",
        {"role": "town_org", "place": world.north.short_name, "since": "2026-01-01"},
        follow=True,
    )

    assert "只显示这一次" in made.content.decode()
    assert "已授予身份" in granted.content.decode()
    assert user.assignments.get().place == world.north


def test_a_role_that_needs_a_scope_is_not_granted_without_one(world: World) -> None:
    user = User.objects.get(username="north")

    answer = world.client(world.sys_admin).post(
        f"/accounts/{user.pk}/", {"role": "town_org", "since": "2026-01-01"}
    )

    assert answer.status_code == 409
    assert "请选择管辖区划或单位" in answer.content.decode()
    assert user.assignments.count() == 1


def test_an_ended_role_leaves_nothing_to_see(world: World) -> None:
    user = User.objects.get(username="north")
    role = user.assignments.get()
    north = world.client(world.north_org)

    world.client(world.sys_admin).post(
        f"/accounts/{user.pk}/roles/{role.pk}/end/", {"reason": "岗位变动"}
    )

    assert north.get("/").status_code == 403


def test_a_closed_account_is_signed_out_at_once(world: World) -> None:
    user = User.objects.get(username="north")
    north = world.client(world.north_org)

    world.client(world.sys_admin).post(
        f"/accounts/{user.pk}/active/", {"active": "no", "reason": "调离"}
    )

    assert north.get("/").status_code == 302


def test_nobody_closes_the_own_account(world: World) -> None:
    answer = world.client(world.sys_admin).post(
        f"/accounts/{world.sys_admin.user_id}/active/", {"active": "no", "reason": "试试"}
    )

    assert answer.status_code == 409
    assert User.objects.get(username="sys").is_active


@pytest.mark.parametrize("who", ["officer", "admin", "stranger", "audit_admin", "north_org"])
def test_others_neither_see_nor_change_accounts(world: World, who: str) -> None:
    client = world.client(getattr(world, who))

    assert client.get("/accounts/").status_code == 403
    assert client.post("/accounts/new/", {"username": "x1x", "name": "某"}).status_code == 403
    assert not User.objects.filter(username="x1x").exists()
    assert RoleAssignment.objects.count() == len(world.everyone)


def test_the_list_costs_the_same_whatever_its_size(
    world: World, django_assert_max_num_queries: object
) -> None:
    for number in range(60):
        User.objects.create_user(f"user{number}", name=f"某{number}")
    client = world.client(world.sys_admin)

    # Three of them count the worklist anew: passwords to hand out, roles to review.
    with django_assert_max_num_queries(13):  # type: ignore[operator]  # a fixture of pytest-django
        page = client.get("/accounts/").content.decode()

    assert "第 1 / 2 页" in page


def test_nobody_grants_a_role_to_himself(world: World) -> None:
    answer = world.client(world.sys_admin).post(
        f"/accounts/{world.sys_admin.user_id}/",
        {"role": "county_org_admin", "place": world.county.short_name, "since": "2026-01-01"},
    )

    assert answer.status_code == 409
    assert "不能给自己授予身份" in answer.text
    assert User.objects.get(username="sys").assignments.count() == 1


def test_nobody_holds_two_of_the_three_administrators(world: World) -> None:
    user = User.objects.get(username="audit")

    answer = world.client(world.sys_admin).post(
        f"/accounts/{user.pk}/", {"role": "sec_admin", "since": "2026-01-01"}
    )

    assert answer.status_code == 409
    assert "三个人分别担任" in answer.text
    assert user.assignments.count() == 1


def test_everybody_changes_the_own_password(world: World) -> None:
    user = User.objects.get(username="officer")
    user.set_password("an old one 1")
    user.save(update_fields=["password"])
    client = world.client(world.officer)
    new = {"new_password1": "harbour-mist-42", "new_password2": "harbour-mist-42"}

    wrong = client.post("/accounts/password/", {"old_password": "not it", **new})
    right = client.post("/accounts/password/", {"old_password": "an old one 1", **new})

    assert wrong.status_code == 422
    assert right.status_code == 302
    user.refresh_from_db()
    assert user.check_password("harbour-mist-42")
    assert client.get("/").status_code == 200
