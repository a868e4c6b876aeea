"""Does a delegate act for somebody on leave, no wider, no longer, and never as a second person?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.directory.actions.accounts import end_role, set_account_active
from lingyan.directory.actions.delegations import end_delegation, hand_on
from lingyan.directory.assignments import actor_of, find_actor, list_assignments
from lingyan.directory.models import RoleAssignment
from lingyan.directory.queries import actor_key
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.models import User
from lingyan.platform.audit.hands import hand_of
from lingyan.platform.audit.models import AuditEntry
from lingyan.posting.actions import health_checks
from tests.posting.checks import check_at
from tests.world import World, _actor

TODAY = date(2026, 3, 2)
FIRST, LAST = date(2026, 3, 3), date(2026, 3, 10)


def own(actor: Actor) -> RoleAssignment:
    return RoleAssignment.objects.get(user_id=actor.user_id, handed_from__isnull=True)


def user_of(actor: Actor) -> User:
    return User.objects.get(pk=actor.user_id)


def handed(world: World, holder: Actor, delegate: Actor, **rest: Any) -> RoleAssignment:
    given = {"since": FIRST, "until": LAST, "reason": "休假", "actor": holder} | rest
    with clock.at(TODAY):
        return hand_on(own(holder), delegate=user_of(delegate), **given)


def acting(assignment: RoleAssignment, day: date = FIRST) -> Actor:
    with clock.at(day):
        held = list_assignments(assignment.user_id)
        return actor_of(next(one for one in held if one.pk == assignment.pk), held)


def refused(world: World, holder: Actor, delegate: Actor, **rest: Any) -> set[str]:
    with pytest.raises(Refused) as caught:
        handed(world, holder, delegate, **rest)
    return {one.code.rsplit(".", 1)[1] for one in caught.value.refusals}


def test_the_delegate_has_the_same_role_and_scope_from_to(world: World) -> None:
    one = handed(world, world.north_org, world.agri)

    days = {}
    for day in (TODAY, FIRST, date(2026, 3, 9), LAST):
        with clock.at(day):
            days[day] = [held.role for held in list_assignments(world.agri.user_id or 0)]

    assert days[TODAY] == days[LAST] == [Role.COUNTY_AGRI]
    assert days[FIRST] == days[date(2026, 3, 9)] == [Role.COUNTY_AGRI, Role.TOWN_ORG]
    assert acting(one).scope == world.north_org.scope
    assert acting(one).name == "罗乙五（代高乙六）"
    assert acting(one).for_user_id == world.north_org.user_id


def test_the_page_says_for_whom_one_acts(world: World) -> None:
    one = handed(world, world.north_org, world.agri)
    client = world.client(world.agri)
    with clock.at(FIRST):
        client.post("/role/", {"assignment": str(one.pk)})
        page = client.get("/").content.decode()

    assert "罗乙五正在代高乙六办理（乡镇组织委员（北山镇）），到 2026-03-10 自动收回" in page


def test_an_act_of_the_delegate_is_sealed_with_both_names(world: World) -> None:
    one = handed(world, world.north_org, world.agri)
    with clock.at(FIRST):
        entry_before = AuditEntry.objects.order_by("-number").first()
        end_delegation(one, actor=acting(one), reason="提前回来")
    entry = AuditEntry.objects.order_by("-number").first()

    assert entry_before is not None
    assert entry is not None
    assert entry.number == entry_before.number + 1
    assert entry.actor_name == "罗乙五（代高乙六）"
    assert entry.actor_user_id == world.agri.user_id
    assert entry.actor_for_id == world.north_org.user_id
    assert entry.actor_scope == "乡镇组织委员 · 北山镇"


def test_both_see_it_on_their_pages(world: World) -> None:
    handed(world, world.north_org, world.agri)
    holder, delegate = world.client(world.north_org), world.client(world.agri)

    with clock.at(FIRST):
        assert "由罗乙五代理，到 2026-03-10 为止" in holder.get("/").content.decode()
        assert "罗乙五 代 高乙六" in holder.get("/accounts/delegations/").content.decode()
        assert "罗乙五 代 高乙六" in delegate.get("/accounts/delegations/").content.decode()
    with clock.at(LAST):
        assert "由罗乙五代理" not in holder.get("/").content.decode()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"until": FIRST}, "period"),
        ({"since": date(2026, 3, 1)}, "since_past"),
        ({"until": date(2027, 6, 1)}, "too_long"),
    ],
)
def test_a_wrong_period_is_refused(world: World, given: dict[str, Any], code: str) -> None:
    assert code in refused(world, world.north_org, world.agri, **given)
    assert not RoleAssignment.objects.filter(handed_from__isnull=False).exists()


def test_it_does_not_outlast_what_is_handed_on(world: World) -> None:
    RoleAssignment.objects.filter(pk=own(world.north_org).pk).update(until=date(2026, 3, 5))

    assert refused(world, world.north_org, world.agri) == {"outlasts"}
    assert handed(world, world.north_org, world.agri, until=date(2026, 3, 5))


def test_a_handed_role_is_not_handed_on(world: World) -> None:
    one = handed(world, world.north_org, world.agri)

    with clock.at(FIRST), pytest.raises(Refused) as chained:
        hand_on(one, delegate=user_of(world.officer), since=FIRST, until=LAST, reason="再转",
                actor=acting(one))  # fmt: skip
    with clock.at(FIRST), pytest.raises(Refused) as origin:
        hand_on(own(world.north_org), delegate=user_of(world.officer), since=FIRST, until=LAST,
                reason="再转", actor=acting(one))  # fmt: skip

    assert "chained" in str([r.code for r in chained.value.refusals])
    assert "chained" in str([r.code for r in origin.value.refusals])


def test_a_period_has_one_delegate(world: World) -> None:
    handed(world, world.north_org, world.agri)

    assert refused(world, world.north_org, world.officer) == {"delegated_already"}
    assert handed(world, world.north_org, world.officer, since=LAST, until=date(2026, 3, 20))


def test_what_is_ones_own_and_the_three_administrators_are_not_handed_on(world: World) -> None:
    assert "not_handed_on" in refused(world, world.candidate, world.agri)
    assert "not_handed_on" in refused(world, world.sys_admin, world.agri)


def test_only_the_holder_or_who_may_grant_arranges_it(world: World) -> None:
    assert refused(world, world.north_org, world.agri, actor=world.officer) == {"not_superior"}
    assert refused(world, world.north_org, world.agri, actor=world.stranger) == {"not_superior"}
    assert handed(world, world.north_org, world.agri, actor=world.admin)
    assert "delegate_is_oneself" in refused(
        world, world.pine_secretary, world.north_org, actor=world.north_org
    )


def test_it_ends_with_the_role_and_with_the_account_of_the_holder(world: World) -> None:
    one = handed(world, world.north_org, world.agri)
    with clock.at(FIRST):
        set_account_active(
            user_of(world.north_org), active=False, actor=world.sys_admin, reason="调离"
        )
        assert one.pk not in {held.pk for held in list_assignments(one.user_id)}
        User.objects.update(is_active=True)
        assert one.pk in {held.pk for held in list_assignments(one.user_id)}
        end_role(own(world.north_org), actor=world.admin, reason="免职")

        assert one.pk not in {held.pk for held in list_assignments(one.user_id)}
        assert find_actor(actor_key(acting_now(one, world))).scope.place_paths == ()


def acting_now(one: RoleAssignment, world: World) -> Actor:
    """As a job would have kept it a moment before."""
    return Actor(one.user_id, "罗乙五", one.role, "", world.north_org.scope, assignment_id=one.pk)


@pytest.mark.walled
def test_ending_early_takes_the_role_back_at_once(world: World) -> None:
    one = handed(world, world.north_org, world.agri)
    client = world.client(world.north_org)

    with clock.at(FIRST):
        client.post("/accounts/delegations/end/", {"delegation": str(one.pk), "reason": "已回"})
        assert [held.role for held in list_assignments(one.user_id)] == [Role.COUNTY_AGRI]


def test_a_stranger_ends_nothing(world: World) -> None:
    one = handed(world, world.north_org, world.agri)
    for who in (world.officer, world.stranger, world.south_org):
        world.client(who).post(
            "/accounts/delegations/end/", {"delegation": str(one.pk), "reason": "试试"}
        )

    one.refresh_from_db()
    assert one.until == LAST


# --- the form -------------------------------------------------------------------------------------


def form_of(world: World, **given: str) -> dict[str, str]:
    today = clock.today()
    return {
        "assignment": str(own(world.north_org).pk), "delegate": "罗乙五", "reason": "休假",
        "since": str(today), "until": str(today.replace(year=today.year + 1, day=1)), **given,
    }  # fmt: skip


@pytest.mark.walled
def test_the_form_takes_a_name_or_an_account_of_the_county(world: World) -> None:
    client = world.client(world.north_org)

    by_name = client.post("/accounts/delegations/", form_of(world))

    assert by_name.status_code == 302
    assert RoleAssignment.objects.get(handed_from__isnull=False).user.username == "agri"


@pytest.mark.walled
def test_somebody_of_the_next_county_is_like_nobody(world: World) -> None:
    client = world.client(world.north_org)

    answers = [
        client.post("/accounts/delegations/", form_of(world, delegate=name))
        for name in ("stranger", "no-such-account")
    ]

    assert [one.status_code for one in answers] == [422, 422]
    sentence = "本县没有这个账号或姓名的同志"
    assert all(sentence in one.content.decode() for one in answers)


def test_a_role_of_another_is_not_offered(world: World) -> None:
    client = world.client(world.south_org)

    answer = client.post("/accounts/delegations/", form_of(world))

    assert answer.status_code == 422
    assert "高乙六" not in client.get("/accounts/delegations/").content.decode()
    assert not RoleAssignment.objects.filter(handed_from__isnull=False).exists()


def test_who_has_not_signed_in_sees_nothing(world: World) -> None:
    assert Client().get("/accounts/delegations/").status_code == 302


# --- maker and checker ----------------------------------------------------------------------------


def test_the_delegate_of_the_maker_does_not_check(world: World) -> None:
    """The town's officer submits; whoever stands in for him may not review in the county."""
    check = check_at(world, "submitted")
    maker = User.objects.get(pk=check.submitted_by_id)
    one = RoleAssignment.objects.create(
        user=user_of(world.officer), role=Role.TOWN_ORG, place=world.north, since=FIRST,
        until=LAST, handed_from=RoleAssignment.objects.filter(user=maker).first(),
    )  # fmt: skip
    with clock.at(FIRST):
        held = list_assignments(one.user_id)
        in_own_role = actor_of(held[0], held)
        with pytest.raises(Refused) as caught:
            health_checks.start_joint_review(check, actor=in_own_role)

        assert "同一人" in str(caught.value) or "自己" in str(caught.value)
        assert health_checks.start_joint_review(check, actor=world.second_officer)


def test_the_maker_does_not_check_as_delegate(world: World) -> None:
    check = check_at(world, "submitted")
    maker = User.objects.get(pk=check.submitted_by_id)
    one = RoleAssignment.objects.create(
        user=maker, role=Role.COUNTY_ORG_STAFF, place=world.county, since=FIRST, until=LAST,
        handed_from=own(world.officer),
    )  # fmt: skip

    with clock.at(FIRST), pytest.raises(Refused):
        health_checks.start_joint_review(check, actor=acting(one))


def test_the_holder_does_not_check_what_a_delegate_made_for_him(world: World) -> None:
    one = handed(world, world.north_org, world.agri)
    second_role = RoleAssignment.objects.create(
        user=user_of(world.north_org), role=Role.COUNTY_ORG_STAFF, place=world.county, since=TODAY
    )

    with clock.at(FIRST):
        check = check_at(world, "submitted", town=acting(one))
        entry = AuditEntry.objects.filter(subject_id=str(check.pk)).first()
        with pytest.raises(Refused):
            health_checks.start_joint_review(check, actor=actor_of(second_role))

        assert entry is not None
        assert entry.actor_name == "罗乙五（代高乙六）"
        assert health_checks.start_joint_review(check, actor=world.officer)


def test_who_stands_in_for_nobody_is_himself(world: World) -> None:
    other = _actor("x", "某", Role.COUNTY_ORG_STAFF, place=world.county)

    assert hand_of(other, makers=[world.officer.user_id], records=[]) == str(other.user_id)
