"""The pages of a village under rectification, and figures that are the sum of what they show."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.periods import ONE_DAY, Period
from lingyan.organization.actions import rect_ballots, rect_visits
from lingyan.organization.indicators.rectification import INDICATORS
from lingyan.organization.models import LeaderVisit, RectificationCase, SatisfactionVote
from lingyan.organization.panels import rect_work
from lingyan.organization.queries.figures import open_on
from lingyan.platform.accounts.actor import EVERYTHING
from lingyan.platform.indicators.definitions import Question
from tests.organization.rect_scene import Scene, cleared, into_acceptance, put_right, rectifying
from tests.world import World

TODAY = date(2026, 6, 15)
pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(world: World) -> Iterator[Scene]:
    with clock.at(TODAY):
        yield rectifying(world)


def figures(on: date = TODAY) -> list[str]:
    """IND-4-01 to IND-4-07 of this year, as they are shown."""
    asked = Question(EVERYTHING, on, Period(date(on.year, 1, 1), on + ONE_DAY))
    return [one.shown(one.parts(asked)) for one in INDICATORS]


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
    assert figures() == ["1", "0.0", "66.7", "—", "—", "0", "0.0"]
    visit(scene, TODAY)
    assert figures()[2] == "75.0"
    open_now = RectificationCase.objects.open().order_by("pk")
    assert list(open_on(EVERYTHING, TODAY).order_by("pk")) == list(open_now)

    cleared(scene, TODAY)
    assert figures() == ["0", "100.0", "66.7", "3.0", "80.0", "0", "—"]
    assert figures(date(2026, 6, 14))[0] == "1"  # as at the day before it was one


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
