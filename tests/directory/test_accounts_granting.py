"""Does nobody grant more than he holds, and does a role act in its period only?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.directory.actions.accounts import end_role, grant_role
from lingyan.directory.assignments import actor_of, find_actor, list_assignments
from lingyan.directory.models import RoleAssignment
from lingyan.directory.queries import actor_key
from lingyan.directory.roles import MAY_GRANT, THREE_ADMINISTRATORS, Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.models import User
from lingyan.platform.audit.models import AuditEntry
from tests.world import World, _actor


def somebody(name: str = "somebody") -> User:
    return User.objects.create_user(name, name="某同志")


def codes(user: User, role: str, actor: Actor, **where: Any) -> set[str]:
    """Which refusals a grant meets; none means that it was made."""
    try:
        grant_role(user, role=role, actor=actor, **where)
    except Refused as refused:
        return {one.code.rsplit(".", 1)[1] for one in refused.refusals}
    return set()


@pytest.mark.parametrize(
    ("who", "role", "where", "expected"),
    [
        ("admin", "county_org_staff", "county", set()),
        ("admin", "town_org", "north", set()),
        ("admin", "village_secretary", "pine", set()),
        ("admin", "county_org_admin", "county", {"wrong_granter"}),
        ("admin", "upper_viewer", "county", {"wrong_granter"}),
        ("admin", "town_org", "elsewhere", {"beyond_own"}),
        ("admin", "sec_admin", None, {"wrong_granter"}),
        ("north_org", "village_secretary", "pine", set()),
        ("north_org", "village_secretary", "stone", {"beyond_own"}),
        ("north_org", "town_org", "north", {"wrong_granter"}),
        ("north_org", "first_secretary", "pine", {"wrong_granter"}),
        ("officer", "village_secretary", "pine", {"wrong_granter"}),
        ("pine_secretary", "villager", "pine", {"wrong_granter"}),
        ("audit_admin", "village_secretary", "pine", {"wrong_granter"}),
        ("unit_admin", "dept_staff", "finance", set()),
        ("unit_admin", "dept_staff", "school", {"beyond_own"}),
        ("unit_admin", "unit_leader", "finance", {"wrong_granter"}),
        ("admin", "town_org", "pine", {"wrong_level"}),
        ("admin", "village_secretary", "north", {"wrong_level"}),
        ("admin", "town_org", None, {"no_scope"}),
        ("admin", "unit_leader", "north", {"needs_unit"}),
        ("sys_admin", "sec_admin", None, set()),
        ("sys_admin", "sec_admin", "county", {"no_scope_wanted"}),
    ],
)
def test_who_may_grant_what_and_where(
    world: World, who: str, role: str, where: str | None, expected: set[str]
) -> None:
    there = getattr(world, where) if where else None
    key = "unit" if where in ("finance", "school") else "place"

    found = codes(somebody(), role, getattr(world, who), **({key: there} if there else {}))

    assert found >= expected
    assert bool(found) == bool(expected)
    assert RoleAssignment.objects.filter(user__username="somebody").exists() == (not expected)


def test_nobody_may_grant_a_role_by_which_he_could_grant_himself_more() -> None:
    """No granter but the three administrators' own may make an equal or a higher one."""
    for role, given in MAY_GRANT.items():
        if role in THREE_ADMINISTRATORS or role == "system":
            continue
        assert role not in given
        assert not given & THREE_ADMINISTRATORS
        for other in given & set(MAY_GRANT):
            assert MAY_GRANT[other] <= given


def test_a_unit_names_its_own_candidate_only(world: World) -> None:
    assert not codes(somebody("a"), "candidate", world.unit_admin, person=world.wang)
    assert codes(somebody("b"), "candidate", world.unit_admin, person=world.qian) == {"beyond_own"}
    assert codes(somebody("c"), "candidate", world.unit_admin) >= {"no_person"}


def test_the_security_administrator_takes_over_granting(world: World) -> None:
    assert not codes(somebody("a"), "town_org", world.sys_admin, place=world.north)
    security = _actor("sec", "沈丙九", Role.SEC_ADMIN)

    assert codes(somebody("b"), "town_org", world.sys_admin, place=world.north) == {
        "security_grants"
    }
    assert not codes(somebody("c"), "town_org", security, place=world.elsewhere)
    User.objects.filter(username="sec").update(is_active=False)
    assert not codes(somebody("d"), "town_org", world.sys_admin, place=world.north)


def test_the_security_administrator_grants_on_the_page_and_makes_no_account(world: World) -> None:
    client = world.client(_actor("sec", "沈丙九", Role.SEC_ADMIN))
    user = somebody()

    page = client.get(f"/accounts/{user.pk}/").content.decode()
    granted = client.post(
        f"/accounts/{user.pk}/",
        {"role": "town_org", "place": str(world.north.pk), "since": "2026-01-01"},
    )

    assert granted.status_code == 302
    assert user.assignments.get().place == world.north
    assert "重设密码" not in page
    for act in ("password", "active", "unlock", "factor", "sessions", "identity"):
        assert client.post(f"/accounts/{user.pk}/{act}/", {"reason": "x"}).status_code == 403
    assert client.get("/accounts/new/").status_code == 403


def test_the_same_role_is_not_granted_twice(world: World) -> None:
    user = somebody()
    grant_role(user, role="town_org", place=world.north, actor=world.admin)

    assert codes(user, "town_org", world.admin, place=world.north) == {"role_held"}
    assert not codes(user, "town_org", world.admin, place=world.south)


def test_a_future_role_is_not_yet_and_an_ended_one_no_more(world: World) -> None:
    user, first, last = somebody(), date(2026, 5, 1), date(2026, 6, 1)
    grant_role(user, role="town_org", place=world.north, since=first, until=last, actor=world.admin)

    held = {}
    for day in (first - timedelta(1), first, last - timedelta(1), last):
        with clock.at(day):
            held[day] = bool(list_assignments(user.pk))

    assert list(held.values()) == [False, True, True, False]


def test_what_a_granter_may_not_grant_he_may_not_end(world: World) -> None:
    village = RoleAssignment.objects.get(user_id=world.pine_secretary.user_id)
    county = RoleAssignment.objects.get(user_id=world.officer.user_id)

    for actor, one in ((world.officer, village), (world.north_org, county)):
        with pytest.raises(Refused):
            end_role(one, actor=actor, reason="试试")
    assert world.client(world.south_org).post(
        f"/accounts/granted/{village.pk}/end/", {"reason": "试试"}
    ).status_code == 404  # fmt: skip
    world.client(world.north_org).post(f"/accounts/granted/{village.pk}/end/", {"reason": "换届"})

    village.refresh_from_db()
    county.refresh_from_db()
    assert village.until is not None
    assert county.until is None


def test_a_town_grants_on_its_page_to_its_own_people(world: World) -> None:
    world.sun.place, world.sun.unit = world.pine, None
    world.sun.user = somebody()
    world.sun.save()
    client = world.client(world.north_org)
    form = {"role": "village_org", "place": str(world.pine.pk), "since": "2026-01-01"}

    not_ours = client.post("/accounts/granted/", {**form, "person_number": world.wang.number})
    nobody = client.post("/accounts/granted/", {**form, "person_number": "R9999"})
    ours = client.post("/accounts/granted/", {**form, "person_number": world.sun.number})

    assert (not_ours.status_code, nobody.status_code, ours.status_code) == (422, 422, 302)
    sentence = "您的管辖范围内没有这个人员"
    assert all(sentence in one.content.decode() for one in (not_ours, nobody))
    page = client.get("/accounts/granted/").content.decode()
    assert "某同志" in page
    assert "梁乙七" not in page


@pytest.mark.parametrize("who", ["officer", "pine_secretary", "candidate", "audit_admin"])
def test_who_grants_nothing_has_no_page_for_it(world: World, who: str) -> None:
    assert world.client(getattr(world, who)).get("/accounts/granted/").status_code == 403


def test_the_history_says_in_which_of_two_like_roles_one_acted(world: World) -> None:
    user = User.objects.get(username="north")
    second = grant_role(
        user, role="town_org", place=world.south, since=date(2024, 1, 1), actor=world.admin
    )
    client = world.client(world.north_org)
    client.post("/role/", {"assignment": str(second.pk)})

    page = client.get("/").content.decode()
    actor = actor_of(second)
    later = find_actor(actor_key(actor))
    village = grant_role(somebody(), role="village_org", place=world.stone, actor=actor)

    assert "乡镇组织委员（南河镇）" in page
    assert later.scope == actor.scope != world.north_org.scope
    entry = AuditEntry.objects.get(subject_id=str(village.pk))
    assert entry.actor_scope == "乡镇组织委员 · 南河镇"
    assert entry.changes["role"] == [None, "村党组织组织委员"]
