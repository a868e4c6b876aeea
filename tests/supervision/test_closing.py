"""G-28: with death, moving away, loss of membership, transfer, end of a post: what hangs on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.directory.actions.departures import register_departure
from lingyan.directory.actions.officers import OfficerRow, create_officers, end_offices
from lingyan.directory.actions.people import change_person
from lingyan.directory.models import Person, RoleAssignment, VillageOfficer
from lingyan.directory.roles import Role
from lingyan.platform.accounts.models import User
from lingyan.posting.models import Posting
from lingyan.supervision.actions.closing import close_ended_posts
from lingyan.supervision.models import SupervisionTask
from tests.organization import elect_scene
from tests.organization.rect_scene import rectifying
from tests.pairing.scene import paired
from tests.world import World, _actor

TODAY = date(2026, 5, 18)
SINCE = date(2024, 5, 1)


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.at(TODAY):
        yield


def tasks() -> list[tuple[str, str]]:
    found = SupervisionTask.objects.filter(rule="G-28").values_list("level", "what")
    return sorted(found, key=lambda one: one[1])


def post(world: World, person: Person) -> VillageOfficer:
    return VillageOfficer.objects.create(
        person=person, village=world.pine, post="party_secretary", since=SINCE
    )


def secretary(world: World) -> tuple[Person, VillageOfficer]:
    """孙甲五 is the secretary of 松树村, with the account of one."""
    actor = _actor("sun", "孙甲五", Role.VILLAGE_SECRETARY, place=world.pine)
    world.sun.user = User.objects.get(pk=actor.user_id)
    world.sun.save(update_fields=["user"])
    return world.sun, post(world, world.sun)


def is_open(person: Person) -> bool:
    return User.objects.get(pk=person.user_id).is_active


def depart(person: Person, world: World, **said: Any) -> Person:
    given = {"kind": "died", "on": TODAY, "document": "医院证明", "actor": world.officer, **said}
    return register_departure(person, **given)


@pytest.mark.django_db
def test_who_died_is_closed_at_once_and_each_thing_asks_for_its_end(world: World) -> None:
    li = world.li
    post(world, li)
    paired(world, unit_contact=li.name)
    paired(world, village=world.stone, unit_contact="别人", agreement_number="山联建（2026）2号")
    Posting.objects.create(
        person=li, village=world.brook, unit=world.finance, kind="first_secretary", origin="new",
        state="active", document_number="山组发1号", since=SINCE, planned_until=date(2026, 7, 1),
        created_at=clock.now(),
    )  # fmt: skip
    depart(li, world)
    li.refresh_from_db()

    assert (li.left_as, li.left_on, is_open(li)) == ("died", TODAY, False)
    assert not RoleAssignment.objects.filter(user=li.user, until__isnull=True).exists()
    assert tasks() == [
        ("county", "李甲一去世：请办理在溪口村派驻的终止或调整"),
        ("unit", "李甲一去世：请更换与松树村结对的单位联系人"),
        ("county", "李甲一去世：请登记松树村村党组织书记离任"),
    ]
    assert {one.due_on for one in SupervisionTask.objects.all()} == {date(2026, 6, 2)}
    with pytest.raises(Refused) as twice:
        depart(li, world, kind="moved")
    assert [one.code for one in twice.value.refusals] == ["directory.departure.known"]


@pytest.mark.django_db
def test_by_whom_of_what_day_with_what_paper(world: World) -> None:
    Person.objects.filter(pk=world.wang.pk).update(political_status="mass")
    with pytest.raises(Refused) as bare:
        depart(world.wang, world, kind="party_lost", on=date(2026, 5, 19), document=" ")
    world.li.user = User.objects.get(pk=world.sys_admin.user_id)
    world.li.save(update_fields=["user"])
    with pytest.raises(Refused) as last:
        depart(world.li, world)
    with pytest.raises(Refused):
        depart(world.zhao, world, actor=world.north_org)

    assert {one.code.rpartition(".")[2] for one in bare.value.refusals} == {
        "not_a_member", "day", "document",
    }  # fmt: skip
    assert [one.code for one in last.value.refusals] == ["directory.departure.last_administrator"]
    assert is_open(world.li)
    assert not tasks()


@pytest.mark.django_db
def test_the_register_itself_shows_who_left_the_party_or_the_unit(world: World) -> None:
    paired(world, unit_contact="李甲一")
    unit_admin = RoleAssignment.objects.get(pk=world.unit_admin.assignment_id)
    world.wang.user = unit_admin.user
    world.wang.save(update_fields=["user"])
    change_person(world.li, actor=world.officer, values={"political_status": "mass"})
    change_person(world.wang, actor=world.officer, values={"unit": world.school})
    change_person(world.zhao, actor=world.officer, values={"unit": world.school, "rank": "科员"})
    unit_admin.refresh_from_db()

    assert not is_open(world.li)
    assert (unit_admin.until, is_open(world.wang)) == (TODAY, False)
    assert [what for _, what in tasks()] == ["李甲一不再是中共党员：请更换与松树村结对的单位联系人"]


@pytest.mark.django_db
def test_a_weak_village_is_not_left_without_its_leader(world: World) -> None:
    head = rectifying(world).head
    world.wang.user = User.objects.get(pk=head.user_id)
    world.wang.save(update_fields=["user"])
    change_person(world.wang, actor=world.officer, values={"unit": world.school})
    assert not tasks()  # another unit, and still a leader of the county
    depart(world.wang, world, kind="moved")

    assert tasks() == [("county", f"{world.wang}调离本县：请更换松树村整顿的县级领导联村")]


@pytest.mark.django_db
def test_who_is_gone_does_not_stand_and_who_left_the_party_for_no_post_of_it(world: World) -> None:
    with clock.at(elect_scene.TODAY):
        scene = elect_scene.election(world)
        scene.proposed()
    depart(scene.people["mei"], world)
    depart(scene.people["hua"], world, kind="party_lost")
    depart(scene.people["jin"], world, kind="party_lost")

    assert tasks() == [
        ("town", "田丁二不再是中共党员：请办理松树村换届候选人退出或更换"),
        ("town", "田丁四去世：请办理松树村换届候选人退出或更换"),
    ]


@pytest.mark.django_db
def test_the_last_post_takes_the_role_with_it_the_same_day(world: World) -> None:
    sun, office = secretary(world)
    paired(world, village_contact=sun.name)
    assert close_ended_posts() == 0
    end_offices([office], actor=world.officer, until=TODAY)
    assert close_ended_posts() == 1
    assert close_ended_posts() == 0

    assert not is_open(sun)
    assert tasks() == [
        ("village", "孙甲五不再任松树村村党组织书记：请更换与县财政局结对的村联系人")
    ]


@pytest.mark.django_db
def test_who_is_elected_again_or_holds_another_role_keeps_the_account(world: World) -> None:
    sun, office = secretary(world)
    end_offices([office], actor=world.officer, until=TODAY)
    row = OfficerRow(sun, world.pine, "party_secretary", TODAY)
    [again] = create_officers([row], actor=world.officer)
    assert close_ended_posts() == 0
    RoleAssignment.objects.create(
        user=sun.user, role=Role.TOWN_LEADER, place=world.pine, since=SINCE
    )
    with clock.at(date(2026, 6, 1)):
        end_offices([again], actor=world.officer, until=date(2026, 6, 1))
        assert close_ended_posts() == 1

    assert is_open(sun)
    # Who was given the role after the post had ended was given it knowingly.
    RoleAssignment.objects.filter(user=sun.user, role=Role.VILLAGE_SECRETARY).update(
        since=date(2026, 6, 2), until=None
    )
    with clock.at(date(2026, 6, 2)):
        assert close_ended_posts() == 0


@pytest.mark.django_db
def test_it_is_registered_on_the_page_of_the_person(world: World) -> None:
    where = reverse("person_depart", args=[world.zhou.pk])
    said = {"kind": "moved", "on": "2026-05-18", "document": "调动通知"}
    for reader, status in ((world.north_org, 403), (world.unit_admin, 403)):
        assert world.client(reader).post(where, said).status_code == status
    client = world.client(world.officer)
    assert client.post(where, {**said, "document": ""}).status_code == 422
    assert client.post(where, {**said, "on": "2026-05-19"}).status_code == 409
    page = client.get(reverse("person", args=[world.zhou.pk])).text
    assert where in page
    assert client.post(where, said).status_code == 302
    page = client.get(reverse("person", args=[world.zhou.pk])).text

    assert "调离本县" in page
    assert where not in page
