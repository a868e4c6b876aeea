"""The pages of a village under rectification, and figures that are the sum of what they show."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lingyan.common import clock
from lingyan.organization.actions import rect_ballots, rect_visits
from lingyan.organization.models import LeaderVisit, RectificationCase, SatisfactionVote
from lingyan.organization.panels import rect_work
from lingyan.organization.panels.rect_figures import FIGURES
from lingyan.organization.queries.rect_figures import AsOf, open_on
from lingyan.platform.accounts.actor import EVERYTHING
from tests.organization.rect_scene import Scene, cleared, into_acceptance, put_right, rectifying
from tests.world import World

TODAY = date(2026, 6, 15)
pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(world: World) -> Iterator[Scene]:
    with clock.at(TODAY):
        yield rectifying(world)


def figures(on: date = TODAY) -> dict[str, str]:
    asked = AsOf(on, clock.today())
    return {one.code: one.value(one.rows(EVERYTHING, asked)) for one in FIGURES}


def visit(scene: Scene, on: date) -> None:
    rect_visits.add_visit(
        scene.case,
        on=on,
        places="村委会",
        talked_to="党员5人",
        problems_text="没有",
        actor=scene.head,
    )  # fmt: skip


def test_the_leader_writes_a_visit_and_sees_which_month_is_missing(scene: Scene) -> None:
    visit(scene, date(2026, 4, 8))
    phone = scene.world.client(scene.head)
    listed = phone.get(reverse("rect_work_list"), {"turn": "missed"}).content.decode()
    assert "2026 年 3 月未督查" in listed
    assert "2026 年 5 月未督查" in listed

    said = {"on": "2026-06-15", "places": "村委会", "talked_to": "党员", "problems_text": "没有"}
    answer = phone.post(reverse("rect_visit_add", args=[scene.case.pk]), said)
    assert answer.status_code == 302
    assert phone.post(reverse("rect_visit_add", args=[scene.case.pk]), said).status_code == 409
    assert LeaderVisit.objects.count() == 2
    assert (
        "没有符合条件的村"
        in phone.get(reverse("rect_work_list"), {"turn": "month"}).content.decode()
    )


def test_a_leader_of_another_village_neither_sees_nor_writes(scene: Scene) -> None:
    RectificationCase.objects.get().supports.filter(kind="S1").update(user=None)
    phone = scene.world.client(scene.head)

    assert "没有整顿中的村" in phone.get(reverse("rect_work_list")).content.decode()
    said = {"on": "2026-06-15", "places": "村", "talked_to": "党员", "problems_text": "没有"}
    answer = phone.post(reverse("rect_visit_add", args=[scene.case.pk]), said)
    assert answer.status_code == 409
    assert not LeaderVisit.objects.exists()


@pytest.mark.parametrize(
    ("who", "title"),
    [
        ("head", "个联系的村上月没有督查"),
        ("secretary", "个整顿问题等整改"),
        ("town", "个整顿村本月还没有体检"),
    ],
)
def test_what_waits_stands_in_the_worklist(scene: Scene, who: str, title: str) -> None:
    actor = getattr(scene, who)
    found = rect_work.worklist(actor)

    assert title in " ".join(one.title for one in found)
    assert len(found) == rect_work.count(actor)


def test_nobody_sees_a_result_before_the_count(scene: Scene) -> None:
    put_right(scene)
    into_acceptance(scene)
    officer = scene.world.officer
    vote = rect_ballots.make_slips(scene.case, households=120, slips=30, actor=officer)
    codes = rect_ballots.show_slips(vote, actor=officer)
    rect_ballots.hand_out(vote, actor=officer)
    villager = Client()
    for code in codes[:24]:
        opened = villager.post(reverse("rect_vote"), {"code": code.lower()})
        assert "松树村" in opened.content.decode()
        answer = villager.post(reverse("rect_vote_cast"), {"code": code, "choice": "basic"})
        assert answer.status_code == 302
    again = villager.post(reverse("rect_vote_cast"), {"code": codes[0], "choice": "basic"})
    assert again.status_code == 422

    client = scene.world.client(officer)
    shown = client.get(reverse("rect_vote_manage", args=[scene.case.pk])).content.decode()
    assert "计票前不显示结果" in shown
    assert "100.0%" not in shown
    closed = client.post(reverse("rect_vote_close", args=[vote.pk]), {"no_cadres": "on"})
    assert closed.status_code == 302
    assert SatisfactionVote.objects.get().counted_on == TODAY
    assert (
        "满意度 100.0%"
        in client.get(reverse("rect_case_detail", args=[scene.case.pk])).content.decode()
    )


def test_each_figure_is_the_sum_of_its_rows(scene: Scene) -> None:
    visit(scene, date(2026, 4, 8))
    visit(scene, date(2026, 5, 8))
    assert figures() == {
        "open": "1", "cleared": "0.0", "visits": "66.7", "months": "—", "satisfaction": "—",
        "relapses": "0", "four": "0.0",
    }  # fmt: skip
    visit(scene, TODAY)
    assert figures()["visits"] == "75.0"
    open_now = RectificationCase.objects.open().order_by("pk")
    assert list(open_on(EVERYTHING, TODAY)) == list(open_now)

    cleared(scene, TODAY)
    later = figures()
    assert later["open"] == "0"
    assert (later["cleared"], later["months"], later["satisfaction"]) == ("100.0", "3.0", "80.0")
    assert figures(date(2026, 6, 14))["open"] == "1"  # as at the day before it was one


@pytest.mark.parametrize("code", [one.code for one in FIGURES])
def test_a_figure_opens_its_records_and_leaves_as_a_file(scene: Scene, code: str) -> None:
    client = scene.world.client(scene.world.officer)

    assert client.get(reverse("rect_figures")).status_code == 200
    assert client.get(reverse("rect_figure", args=[code])).status_code == 200
    sheet = client.get(reverse("rect_figure_export", args=[code]))
    assert sheet["Content-Type"].endswith("spreadsheetml.sheet")
    assert client.get(reverse("rect_figure", args=["nothing"])).status_code == 404


def test_lists_cost_the_same_for_one_village_and_for_two(
    scene: Scene, django_assert_max_num_queries: Any
) -> None:
    world = scene.world
    case = scene.again()
    RectificationCase.objects.create(
        county=world.county, village=world.brook, year=2026, serial=2, state="rectifying",
        state_since=TODAY, opened_on=case.opened_on, decided_on=case.decided_on,
        started_on=case.started_on, due_on=case.due_on, made_by_name="高乙六",
    )  # fmt: skip
    client = world.client(world.officer)
    client.get(reverse("rect_work_list"))
    with django_assert_max_num_queries(12):
        assert "溪口村" in client.get(reverse("rect_work_list")).content.decode()
