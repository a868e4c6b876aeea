"""The way of a village by its pages: who finds what, what a blocked step says, who may not see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from lingyan.common import clock
from lingyan.config import wiring
from lingyan.directory.models import VillageOfficer
from lingyan.directory.roles import Role
from lingyan.organization.models import RectificationCase, RectScreening
from lingyan.platform.accounts.actor import Actor
from tests.organization.listing_scene import TODAY, RectScene
from tests.world import World, _actor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@pytest.fixture
def scene(world: World) -> RectScene:
    return RectScene(world)


def page(world: World, actor: Actor, name: str, *args: object, **asked: str) -> str:
    answer = world.client(actor).get(reverse(name, args=args), asked)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def sent(client: Client, name: str, *args: object, **said: str) -> None:
    answer = client.post(reverse(name, args=args), said)
    assert answer.status_code == 302, answer.content.decode()


def test_a_village_goes_from_the_screening_to_its_first_day(world: World, scene: RectScene) -> None:
    town, officer = world.client(scene.town), world.client(world.officer)
    leader, head = world.client(world.leader), world.client(scene.town_secretary)
    day = str(TODAY)

    assert "个村还没有排查" in page(world, scene.town, "worklist")
    sent(town, "rect_screen", world.pine.pk, W01="书记空缺")
    case = RectificationCase.objects.get()
    sent(town, "rect_case_step", case.pk, "propose")
    sent(officer, "rect_ask", case.pk)
    assert "待本部门答复" in page(world, world.agri, "worklist")
    assert "还没有答复的部门" in page(world, world.officer, "rect_case_detail", case.pk)
    for asked in case.consultations.order_by("department"):
        client = world.client(world.agri) if asked.department == "agriculture" else officer
        sent(client, "rect_answer", asked.pk, opinion="none", on=day)
    sent(officer, "rect_case_step", case.pk, "consult")
    sent(officer, "rect_ranks", **{str(case.pk): "1"})
    sent(leader, "rect_case_step", case.pk, "confirm", document_number="山委〔2026〕6号", on=day)
    sent(
        town, "rect_problem_add", case.pk, situation="W01", description="没有书记",
        measure="选派", owner="丁丁一", due_on="2026-06-30",
    )  # fmt: skip
    sent(head, "rect_case_step", case.pk, "plan", text="配齐班子")

    blocked = page(world, world.officer, "rect_case_detail", case.pk)
    assert 'data-code="organization.rect.support_missing"' in blocked
    assert 'data-code="organization.rect.no_first_secretary"' in blocked
    scene.post_and_pair()
    sent(officer, "rect_support", case.pk, "S1", leader=str(scene.leader.user_id))
    sent(officer, "rect_support", case.pk, "S2", leader=str(scene.town_leader.user_id))
    sent(officer, "rect_support", case.pk, "S3")
    sent(officer, "rect_support", case.pk, "S4")
    sent(officer, "rect_case_step", case.pk, "start")

    case.refresh_from_db()
    assert case.state == "rectifying"
    assert "松树村" in page(world, world.officer, "rect_case_list", turn="open")
    assert officer.get(reverse("rect_case_export")).status_code == 200
    assert "整顿〔2026〕1号" in page(world, scene.town, "place", world.pine.pk)


def test_a_refused_step_keeps_what_was_typed_and_changes_nothing(
    world: World, scene: RectScene
) -> None:
    case = scene.consulted()
    url = reverse("rect_case_step", args=[case.pk, "confirm"])

    late = {"document_number": "山委1号", "on": "2026-03-17"}
    answer = world.client(world.leader).post(url, late)

    assert answer.status_code == 409
    assert "山委1号" in answer.content.decode()
    assert RectificationCase.objects.get().state == "consulted"
    assert world.client(world.officer).get(url).status_code == 200  # says that it is not for him
    assert world.client(world.pine_secretary).get(url).status_code == 403


def test_hints_stand_in_the_list_until_they_are_answered(world: World, scene: RectScene) -> None:
    VillageOfficer.objects.create(
        person=world.sun, village=world.pine, post="party_secretary", since=date(2021, 1, 1),
        until=date(2025, 10, 1),
    )  # fmt: skip

    listed = page(world, world.officer, "rect_screening_list", turn="hints")
    assert ("松树村" in listed, "溪口村" in listed) == (True, False)
    found = page(world, world.officer, "rect_screening_list", q="溪口")
    assert ("松树村" in found, "溪口村" in found) == (False, True)
    town = world.client(scene.town)
    url = reverse("rect_screen", args=[world.pine.pk])
    assert town.post(url, {"pass": "1", "text": ""}).status_code == 409
    sent(town, "rect_screen", world.pine.pk, **{"pass": "1", "text": "镇里已派人兼任"})
    assert RectScreening.objects.get().outcome == "none"
    assert "松树村" not in page(world, world.officer, "rect_screening_list", turn="hints")
    # A tick is enough where the hint says it all.
    RectScreening.objects.all().delete()
    sent(town, "rect_screen", world.pine.pk, yes_W01="on")
    situation = RectificationCase.objects.get().situations.get()
    assert situation.evidence == situation.signal_text != ""


def test_the_village_learns_of_it_only_when_it_is_on_the_list(
    world: World, scene: RectScene
) -> None:
    case = scene.consulted()
    own = world.client(world.pine_secretary)
    url = reverse("rect_case_detail", args=[case.pk])

    assert own.get(url).status_code == 404
    RectificationCase.objects.update(state="confirmed")
    told = own.get(url)
    assert told.status_code == 200
    assert "<h2>部门会商</h2>" not in told.content.decode()
    assert "<h2>部门会商</h2>" in page(world, world.officer, "rect_case_detail", case.pk)


def test_other_towns_units_and_departments_find_nothing(world: World, scene: RectScene) -> None:
    case = scene.asked()
    asked = case.consultations.get(department="police")
    elsewhere = _actor("police-of-nowhere", "公丁九", Role.DEPT_STAFF, unit=world.school)

    for actor in (world.south_org, world.stranger, world.unit_admin, elsewhere):
        client = world.client(actor)
        assert client.get(reverse("rect_case_detail", args=[case.pk])).status_code == 404
    assert world.client(elsewhere).get(reverse("rect_answer", args=[asked.pk])).status_code == 404
    assert world.client(world.agri).get(reverse("rect_answer", args=[asked.pk])).status_code == 404
    assert asked.opinion == ""


def test_the_worklist_counts_what_it_lists(world: World, scene: RectScene) -> None:
    scene.planned(scene.confirmed())

    for actor in (scene.town, world.officer, world.leader, world.agri):
        assert wiring.count_worklist(actor) == len(wiring.worklist(actor))


def test_a_leader_of_several_villages_sees_them_together(world: World, scene: RectScene) -> None:
    """0.5: the villages assigned to the person. The account answered for 磨坊村 already."""
    scene.post_and_pair()
    case = scene.supported()

    assert "松树村" in page(world, scene.leader, "rect_case_detail", case.pk)
    other = _actor("other-leader", "纪丁五", Role.COUNTY_LEADER, place=world.mill)
    answer = world.client(other).get(reverse("rect_case_detail", args=[case.pk]))
    assert answer.status_code == 404
