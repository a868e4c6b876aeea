"""Does nobody grant more than he holds, and does a role act in its period only?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.directory.actions.accounts import (
    end_role,
    grant_role,
    link_identity,
    reset_password,
    reset_second_factor,
    set_account_active,
)
from lingyan.directory.assignments import (
    actor_of,
    find_actor,
    list_assignments,
    list_grantable,
    named_q,
)
from lingyan.directory.models import Person, Place, RoleAssignment, Unit
from lingyan.directory.queries import actor_key
from lingyan.directory.roles import MAY_GRANT, THREE_ADMINISTRATORS, Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.models import User
from lingyan.platform.accounts.passwords import random_password
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
        {"role": "town_org", "place": world.north.short_name, "since": "2026-01-01"},
    )

    assert granted.status_code == 302
    assert user.assignments.get().place == world.north
    assert "重设密码" not in page
    for act in ("active", "unlock", "sessions"):
        assert client.post(f"/accounts/{user.pk}/{act}/", {"reason": "x"}).status_code == 403
    # Open to the security administrator for the accounts of the other administrators alone.
    for act in ("password", "factor", "identity"):
        assert client.post(f"/accounts/{user.pk}/{act}/", {"reason": "x"}).status_code == 409
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
    form = {"role": "village_org", "place": world.pine.short_name, "since": "2026-01-01"}

    not_ours = client.post("/accounts/granted/", {**form, "person_number": world.wang.number})
    nobody = client.post("/accounts/granted/", {**form, "person_number": "R9999"})
    ours = client.post("/accounts/granted/", {**form, "person_number": world.sun.number})

    assert (not_ours.status_code, nobody.status_code, ours.status_code) == (422, 422, 302)
    sentence = "您的管辖范围内没有这个人员"
    assert all(sentence in one.content.decode() for one in (not_ours, nobody))
    assert nobody.text.index('id="grant"') < nobody.text.index('id="list"'), "below fifty rows"
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


# --- no longer than one's own -------------------------------------------------------------------

ENDS = date(2026, 12, 2)


def ending(world: World) -> Actor:
    """The granter's role ends on a day."""
    RoleAssignment.objects.filter(user_id=world.admin.user_id).update(until=ENDS)
    return world.admin


def delegate_of(world: World, holder: Actor) -> Actor:
    """Somebody who stands in for two days."""
    origin = RoleAssignment.objects.get(user_id=holder.user_id)
    today = clock.today()
    handed = RoleAssignment.objects.create(
        user=somebody("delegate"), role=origin.role, place=origin.place,
        since=today, until=today + timedelta(days=2), handed_from=origin,
    )  # fmt: skip
    return actor_of(handed)


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (None, {"outlasts_granter"}),
        (ENDS + timedelta(days=1), {"outlasts_granter"}),
        (ENDS, set()),
        (ENDS - timedelta(days=1), set()),
    ],
)
def test_what_is_granted_ends_with_the_granter(
    world: World, until: date | None, expected: set[str]
) -> None:
    with clock.at(date(2026, 3, 2)):
        assert codes(somebody(), "town_org", ending(world), place=world.north, until=until) == (
            expected
        )


def test_a_delegate_grants_no_longer_than_he_stands_in(world: World) -> None:
    delegate, last = delegate_of(world, world.admin), clock.today() + timedelta(days=2)

    assert codes(somebody("a"), "county_org_leader", delegate, place=world.county) == {
        "outlasts_granter"
    }
    assert not codes(somebody("b"), "county_org_leader", delegate, place=world.county, until=last)


def test_a_delegate_grants_nothing_to_whom_he_stands_for(world: World) -> None:
    delegate, last = delegate_of(world, world.admin), clock.today() + timedelta(days=2)
    holder = User.objects.get(pk=world.admin.user_id)

    assert codes(holder, "county_org_leader", delegate, place=world.county, until=last) == {
        "own_role"
    }
    own = RoleAssignment.objects.get(user=holder)
    with pytest.raises(Refused):
        end_role(own, actor=delegate, reason="试")
    assert RoleAssignment.objects.filter(user=holder).count() == 1


def test_the_security_administrator_grants_for_any_time(world: World) -> None:
    security = _actor("security", "安丙四", Role.SEC_ADMIN)
    RoleAssignment.objects.filter(user_id=security.user_id).update(until=ENDS)

    with clock.at(date(2026, 3, 2)):
        assert not codes(somebody(), "town_org", security, place=world.north)


# --- the three administrators do no business ----------------------------------------------------


@pytest.mark.parametrize("administrator", ["sys_admin", "audit_admin"])
@pytest.mark.parametrize("role", ["county_org_admin", "county_audit", "upper_viewer"])
def test_an_administrator_gets_no_business_role(
    world: World, administrator: str, role: str
) -> None:
    security = _actor("security", "安丙四", Role.SEC_ADMIN)
    user = User.objects.get(pk=getattr(world, administrator).user_id)

    assert codes(user, role, security, place=world.county) == {"administrator_in_business"}


@pytest.mark.parametrize("role", sorted(THREE_ADMINISTRATORS))
def test_who_does_business_becomes_no_administrator(world: World, role: str) -> None:
    security = _actor("security", "安丙四", Role.SEC_ADMIN)
    user = User.objects.get(pk=world.officer.user_id)

    assert codes(user, role, security) == {"administrator_in_business"}


def test_an_administrator_may_be_somebody_at_home(world: World) -> None:
    security = _actor("security", "安丙四", Role.SEC_ADMIN)
    user = User.objects.get(pk=world.sys_admin.user_id)

    assert not codes(user, "party_member", security, place=world.pine)


# --- who lets whom in again ---------------------------------------------------------------------


@pytest.fixture
def three(world: World) -> dict[str, Actor]:
    return {
        "sys": world.sys_admin,
        "audit": world.audit_admin,
        "sec": _actor("security", "安丙四", Role.SEC_ADMIN),
        "other_sec": _actor("security2", "安丙五", Role.SEC_ADMIN),
        "officer": world.officer,
    }


def let_in(actor: Actor, target: Actor, how: str) -> set[str]:
    user = User.objects.get(pk=target.user_id)
    try:
        if how == "password":
            reset_password(user, password=random_password(), actor=actor)
        elif how == "factor":
            Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, data={})
            reset_second_factor(user, actor=actor, reason="手机丢失")
        else:
            link_identity(user, subject="somebody-else", actor=actor)
    except Refused as refused:
        return {one.code.rsplit(".", 1)[1] for one in refused.refusals}
    return set()


@pytest.mark.parametrize("how", ["password", "factor", "identity"])
@pytest.mark.parametrize(
    ("who", "whom", "expected"),
    [
        ("sys", "officer", set()),
        ("sys", "sec", {"watcher"}),
        ("sys", "audit", {"watcher"}),
        ("other_sec", "sec", set()),
        ("sec", "audit", set()),
        ("sec", "sec", {"watcher"}),
        ("sec", "officer", {"wrong_role"}),
        ("sec", "sys", {"wrong_role"}),
        ("audit", "sec", {"watcher"}),
        ("audit", "officer", {"wrong_role"}),
        ("officer", "sec", {"watcher"}),
    ],
)
def test_nobody_lets_himself_into_the_account_of_who_watches_him(
    three: dict[str, Actor], who: str, whom: str, how: str, expected: set[str]
) -> None:
    before = User.objects.get(pk=three[whom].user_id).password

    assert let_in(three[who], three[whom], how) == expected

    after = User.objects.get(pk=three[whom].user_id).password
    assert (before != after) == (how == "password" and not expected)


def test_the_system_administrator_helps_the_auditor_until_there_is_security(world: World) -> None:
    assert not let_in(world.sys_admin, world.audit_admin, "password")


def test_closing_the_security_administrator_opens_no_way_in(three: dict[str, Actor]) -> None:
    for name in ("sec", "other_sec"):
        user = User.objects.get(pk=three[name].user_id)
        set_account_active(user, active=False, actor=three["sys"], reason="离任")

    assert let_in(three["sys"], three["sec"], "password") == {"watcher"}


@pytest.mark.parametrize(("who", "shown"), [("sys", False), ("other_sec", True)])
def test_the_page_offers_it_to_whom_it_is_open(
    world: World, three: dict[str, Actor], who: str, shown: bool
) -> None:
    client, target = world.client(three[who]), three["sec"].user_id

    page = client.get(reverse("account", args=[target])).content.decode()
    answer = client.post(reverse("account_reset_password", args=[target]))

    assert ("重设密码" in page) is shown
    assert answer.status_code == (302 if shown else 409)


def test_the_form_stays_light_and_finds_by_name_only_what_lies_in_scope(
    world: World, django_assert_max_num_queries: Any
) -> None:
    Unit.objects.bulk_create(
        Unit(name=f"县第{number}单位", category="county_dept", place=world.county)
        for number in range(500)
    )
    world.wang.user = somebody()
    world.wang.save()
    client = world.client(world.admin)
    form = {"person_number": world.wang.number, "role": "dept_staff", "since": "2026-01-01"}

    with django_assert_max_num_queries(60):
        page = client.get("/accounts/granted/").content.decode()
    unknown = client.post("/accounts/granted/", {**form, "unit": "县第49"})
    abroad = client.post(
        "/accounts/granted/", {**form, "role": "town_org", "place": world.elsewhere.short_name}
    )

    assert "县第499单位" not in page
    assert len(page) < 40_000
    assert unknown.status_code == 422
    assert "相近的有：县第" in unknown.content.decode()
    assert abroad.status_code == 422
    assert "您的管辖范围内没有" in abroad.content.decode()
    assert not RoleAssignment.objects.filter(user__username="somebody").exists()
    assert client.post("/accounts/granted/", {**form, "unit": "县第49单位"}).status_code == 302
    assert RoleAssignment.objects.get(user__username="somebody").unit.name == "县第49单位"  # type: ignore[union-attr]  # granted in a unit


def test_two_villages_of_one_name_are_told_apart_by_their_town(world: World) -> None:
    world.stone.short_name = world.pine.short_name
    world.stone.save()
    user, client = somebody(), world.client(world.sys_admin)
    form = {"role": "village_org", "since": "2026-01-01"}

    both = client.post(f"/accounts/{user.pk}/", {**form, "place": world.pine.short_name})
    one = client.post(
        f"/accounts/{user.pk}/",
        {**form, "place": f"{world.south.short_name}{world.stone.short_name}"},
    )

    assert both.status_code == 422
    assert "不止一个" in both.content.decode()
    assert one.status_code == 302
    assert user.assignments.get().place == world.stone


def test_a_granter_sees_and_finds_the_roles_of_the_own_county(world: World) -> None:
    neighbour = Place.objects.get(path="0002")
    away = Unit.objects.create(name="邻水县财政局", category="county_dept", place=neighbour)
    _actor("away", "钱丁一", Role.UNIT_PARTY_ADMIN, unit=away)
    theirs = _actor("theirs", "外丁二", Role.CANDIDATE)
    Person.objects.create(number="N1", name="外丁二", place=neighbour, user_id=theirs.user_id)

    seen = list_grantable(world.admin)
    assert {"郑乙九", "李甲一"} <= set(seen.values_list("user__name", flat=True))
    assert not seen.filter(user__name__in=("钱丁一", "外丁二")).exists()
    found = seen.filter(named_q("财政"))
    assert list(found.values_list("user__name", flat=True)) == ["郑乙九"]
    assert seen.filter(named_q("乙九")).count() == 1
    assert {one.place for one in seen.filter(named_q("北山"))} == {world.north}
