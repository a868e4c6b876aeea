"""Is a talk decided by a person who may, held, answered, looked at again, and read by few?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.directory.models import VillageOfficer
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.indicators import registry
from lingyan.platform.indicators.definitions import Question
from lingyan.supervision.actions.interviews import Said, plan_interview, step_interview
from lingyan.supervision.models import Interview
from lingyan.supervision.queries import interviews as queries
from lingyan.supervision.queries import report
from tests.world import World, _actor

TODAY, HELD, REVIEW_DUE = date(2026, 3, 2), date(2026, 3, 4), date(2026, 6, 2)


@dataclass
class Talks:
    world: World
    town: Actor
    village: Actor

    def plan(self, **said: Any) -> Interview:
        """松树村's secretary 周甲六 is to be reminded by the town's secretary."""
        given = {
            "kind": "remind", "rule": "R-5-15", "ground": "两年没有发展党员",
            "interviewer": str(self.town.user_id), "planned_on": HELD, "actor": self.town, **said,
        }  # fmt: skip
        return plan_interview(said.pop("person", self.world.zhou), **given)


@pytest.fixture
def talks(world: World) -> Iterator[Talks]:
    town = _actor("gao", "高丁一", Role.TOWN_SECRETARY, place=world.north)
    world.zhou.user_id = world.pine_secretary.user_id
    world.zhou.place = world.pine
    world.zhou.save(update_fields=["user", "place"])
    VillageOfficer.objects.create(
        person=world.zhou, village=world.pine, post="party_secretary", since=date(2024, 1, 1)
    )
    with clock.at(TODAY):
        yield Talks(world, town, world.pine_secretary)


def codes(refused: Any) -> list[str]:
    return [one.code.removeprefix("supervision.interview.") for one in refused.value.refusals]


@pytest.mark.parametrize(
    ("said", "who", "refused"),
    [
        ({"ground": " "}, "town", ["ground_missing"]),
        ({"rule": ""}, "town", ["ground_missing"]),
        ({"planned_on": date(2026, 3, 1)}, "town", ["day"]),
        ({"interviewer": "0"}, "town", ["interviewer"]),
        ({}, "officer", ["not_decided"]),
        ({"person": "li"}, "town", ["not_of_village"]),
    ],
)
def test_only_who_may_decide_decides_on_a_ground(
    talks: Talks, said: dict[str, Any], who: str, refused: list[str]
) -> None:
    actor = talks.town if who == "town" else talks.world.officer
    person = talks.world.li if said.pop("person", "") else talks.world.zhou
    given = {
        "kind": "remind", "rule": "R-5-15", "ground": "两年没有发展党员",
        "interviewer": str(talks.town.user_id), "planned_on": HELD, "actor": actor, **said,
    }  # fmt: skip
    with pytest.raises(Refused) as why:
        plan_interview(person, **given)

    assert codes(why) == refused
    assert not Interview.objects.exists()


def test_the_county_decides_on_anybody_but_oneself(talks: Talks) -> None:
    world = talks.world
    made = talks.plan(actor=world.leader, interviewer=str(world.leader.user_id))
    assert (made.place, made.interviewer_name) == (world.pine, world.leader.name)
    world.li.user_id = world.leader.user_id
    world.li.save(update_fields=["user"])
    given = {"kind": "warn", "rule": "办法", "ground": "逾期", "planned_on": HELD}
    with pytest.raises(Refused) as why:
        plan_interview(world.li, interviewer=str(world.leader.user_id), actor=world.leader, **given)  # type: ignore[arg-type]

    assert codes(why) == ["oneself"]


def test_it_is_held_answered_and_looked_at_again_on_the_pages(talks: Talks) -> None:
    world, town, village = (
        talks.world,
        talks.world.client(talks.town),
        talks.world.client(talks.village),
    )
    asked = {
        "person": "周甲六", "kind": "remind", "rule": "R-5-15", "ground": "两年没有发展党员",
        "interviewer": str(talks.town.user_id), "planned_on": "2026-03-04",
    }  # fmt: skip
    unknown: Any = town.post(reverse("interview_plan"), asked | {"person": "没有这人"})
    assert unknown.status_code == 422
    assert town.post(reverse("interview_plan"), asked).status_code == 302
    talk = Interview.objects.get()

    def sent(client: Client, act: str, **said: str) -> int:
        return client.post(reverse("interview_step", args=[talk.pk, act]), said).status_code

    assert "次约谈等您办" in town.get(reverse("worklist")).text
    with clock.at(HELD):
        held = {"on": "2026-03-04", "text": "提出三点要求", "statement": "今年补上"}
        assert sent(world.client(world.officer), "hold", **held) == 409
        assert sent(town, "hold", **held | {"statement": " "}) == 422
        assert sent(town, "hold", **held) == 302
        assert "次约谈等您办" in village.get(reverse("worklist")).text
        assert sent(village, "improve", text="四月培养两人", on="2026-05-01") == 302
        assert sent(village, "review", on="2026-03-04", text="已改") == 409
        assert sent(town, "close") == 409
    with clock.at(date(2026, 5, 6)):
        assert sent(town, "review", on="2026-05-06", text="已发展一名") == 302
        assert sent(world.client(world.officer), "close") == 302
    talk.refresh_from_db()

    assert (talk.state, talk.review_due_on, talk.statement) == ("closed", REVIEW_DUE, "今年补上")
    page = village.get(reverse("interview_detail", args=[talk.pk])).text
    assert "两年没有发展党员" in page


def test_only_both_sides_and_the_named_roles_of_the_area_read_it(talks: Talks) -> None:
    world, talk = talks.world, talks.plan()
    where = reverse("interview_detail", args=[talk.pk])
    for reader in (talks.town, talks.village, world.officer, world.leader, world.north_org):
        assert world.client(reader).get(where).status_code == 200
    other = _actor("zhi", "支丁二", Role.VILLAGE_ORG, place=world.pine)
    for stranger in (other, world.south_org, world.stranger):
        assert world.client(stranger).get(where).status_code == 404
        assert not queries.list_interviews(stranger)
    assert world.client(world.agri).get(where).status_code == 403


def test_the_share_looked_at_again_in_time(talks: Talks) -> None:
    """IND-13-03: of those whose 90 days end in the month."""
    for reviewed in (REVIEW_DUE, date(2026, 6, 3), None):
        talk = talks.plan()
        Interview.objects.filter(pk=talk.pk).update(
            state="reviewed" if reviewed else "improving", held_on=HELD,
            review_due_on=REVIEW_DUE, reviewed_on=reviewed,
        )  # fmt: skip
    june = report.Period(date(2026, 6, 1), date(2026, 7, 1))
    with clock.at(date(2026, 6, 30)):
        figures = report.month_figures(talks.world.officer, june, clock.today())

    assert (figures.reviews.part, figures.reviews.whole, figures.reviews.text) == (1, 3, "33.3%")
    for today, said in ((REVIEW_DUE, (1, 1)), (date(2026, 6, 3), (1, 3))):
        with clock.at(today):
            question = Question(talks.world.officer.scope, REVIEW_DUE, june)
            found = registry.INDICATORS["IND-13-03"].parts(question)
        assert (found.part, found.of) == said, "on its day it is in time"


def test_a_talk_is_void_only_by_the_administrator_and_before_it_is_answered(talks: Talks) -> None:
    talk = talks.plan()
    with pytest.raises(Refused):
        step_interview(talk, "void", Said(text="记错了人"), actor=talks.town)
    made = step_interview(talk, "void", Said(text="记错了人"), actor=talks.world.admin)

    assert (made.state, made.review_note) == ("void", "记错了人")
