"""Leak class 7: giving more than one has, to oneself, to another, to a program."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from lingyan.api.actions import create_token, revoke_token
from lingyan.api.models import ApiToken
from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.directory.models import RoleAssignment
from lingyan.directory.queries import list_assignments
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.models import User
from lingyan.platform.audit.models import AuditEntry
from tests.api.programs import data, program
from tests.furnished import INSTALLATION, Furnished, addresses, body


def role_of(actor: Actor) -> RoleAssignment:
    assert actor.user_id is not None
    return next(one for one in list_assignments(actor.user_id) if one.role == actor.role)


def in_days(days: int) -> date:
    return clock.today() + timedelta(days=days)


@pytest.mark.parametrize("role", [role.value for role in Role if role not in INSTALLATION])
def test_no_business_role_grants_anything(house: Furnished, role: str) -> None:
    client, before = house.client(house.next_door[role]), RoleAssignment.objects.count()
    for one in addresses():
        if not one.of_installation or one.name.startswith(("audit", "access")):
            continue
        answer = client.post(house.url(one), {"role": "sys_admin", "reason": "试"})
        assert answer.status_code == 403, one.name

    assert RoleAssignment.objects.count() == before


def test_a_token_acts_in_one_role_and_no_more(house: Furnished) -> None:
    caller = program(house.world.north_org)

    assert data(caller.get("/me"))["role"] == Role.TOWN_ORG
    assert caller.get("/units").status_code == 403
    assert caller.get("/places").status_code == 200


def test_nobody_makes_a_token_of_a_role_that_is_not_his(house: Furnished) -> None:
    with pytest.raises(Refused, match="自己现有的身份"):
        create_token(
            role_of(house.world.admin), name="试", access="read", until=in_days(9),
            actor=house.world.north_org,
        )  # fmt: skip


def test_the_form_offers_ones_own_roles_and_places_only(house: Furnished) -> None:
    client = house.client(house.world.north_org)
    answer = client.post(reverse("token_create"), {
        "name": "试", "assignment": str(role_of(house.world.admin).pk), "access": "write",
        "place": str(house.world.south.pk), "until": str(in_days(9)),
    })  # fmt: skip

    assert answer.status_code == 422
    assert "南河镇" not in body(answer)
    assert ApiToken.objects.filter(user_id=house.world.north_org.user_id).count() == 0


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"until": 0}, "api.token.past"),
        ({"until": 367}, "api.token.too_long"),
        ({"until": 30, "place": "elsewhere"}, "api.token.wider_than_role"),
        ({"until": 30, "role_until": 29}, "api.token.longer_than_role"),
    ],
)
def test_a_token_is_never_longer_or_wider_than_its_role(
    house: Furnished, given: dict[str, object], code: str
) -> None:
    role = role_of(house.world.officer)
    if days := given.get("role_until"):
        role.until = in_days(int(str(days)))
        role.save()
    place = getattr(house.world, str(given["place"])) if "place" in given else None

    with pytest.raises(Refused) as refused:
        create_token(
            role, name="试", access="read", until=in_days(int(str(given["until"]))), place=place,
            actor=house.world.officer,
        )  # fmt: skip

    assert [one.code for one in refused.value.refusals] == [code]


def test_a_narrowed_token_sees_the_narrower_place_only(house: Furnished) -> None:
    caller = program(house.world.officer, place=house.world.north)

    assert {one["name"] for one in data(caller.get("/places"))["items"]} == {
        "北山镇", "松树村", "溪口村",
    }  # fmt: skip
    assert caller.get(f"/places/{house.world.stone.pk}").status_code == 404


def test_a_token_that_became_wider_than_its_role_is_no_token(house: Furnished) -> None:
    caller = program(house.world.officer, place=house.world.north)
    RoleAssignment.objects.filter(user_id=house.world.officer.user_id).update(
        place=house.world.south
    )

    assert caller.get("/me").status_code == 401


def test_a_reading_token_changes_nothing(house: Furnished) -> None:
    caller = program(house.world.admin, access="read")

    answer = caller.patch(f"/units/{house.world.finance.pk}", {"sector": "农业"})

    assert answer.status_code == 403
    assert data(answer)["code"] == "api.read_only"
    house.world.finance.refresh_from_db()
    assert house.world.finance.sector == ""


@pytest.mark.parametrize("end", ["revoked", "expired", "closed"])
def test_a_token_ends_at_once(house: Furnished, end: str) -> None:
    caller = program(house.world.officer)
    assert caller.get("/me").status_code == 200
    token = ApiToken.objects.get(digest__isnull=False, name="试验程序")

    if end == "revoked":
        revoke_token(token, actor=house.world.officer)
    elif end == "expired":
        ApiToken.objects.filter(pk=token.pk).update(until=clock.today())
    else:
        User.objects.filter(pk=token.user_id).update(is_active=False)

    assert caller.get("/me").status_code == 401


def test_the_secret_is_shown_once_and_kept_nowhere(house: Furnished) -> None:
    client = house.client(house.world.officer)
    made = client.post(reverse("token_create"), {
        "name": "月报", "assignment": str(role_of(house.world.officer).pk), "access": "read",
        "place": "", "until": str(in_days(30)),
    })  # fmt: skip
    secret = made.context["secret"]
    token = ApiToken.objects.get(name="月报")

    assert secret in body(made)
    assert made["Cache-Control"] == "no-store"
    assert secret not in body(client.get(reverse("token_list")))
    assert secret not in str(vars(token))
    trace = AuditEntry.objects.get(subject_id=str(token.pk), action="api.token.created")
    assert secret not in str(vars(trace))
    assert trace.actor_name == house.world.officer.name


def test_only_its_maker_revokes_a_token(house: Furnished) -> None:
    url = reverse("token_revoke", args=[house.ids["token_id"]])

    assert house.client(house.world.second_officer).post(url).status_code == 404
    assert house.client(house.world.sys_admin).post(url).status_code == 404
    assert ApiToken.objects.get(pk=house.ids["token_id"]).revoked_at is None
    assert house.client(house.world.officer).post(url).status_code == 302
    assert ApiToken.objects.get(pk=house.ids["token_id"]).revoked_at is not None


def test_nobody_has_more_than_twenty_tokens(house: Furnished) -> None:
    for _ in range(19):
        program(house.world.officer)

    with pytest.raises(Refused, match="20 个有效令牌"):
        program(house.world.officer)
