"""Does a list ask the database as often for many rows as for one?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lingyan.common import clock
from lingyan.directory.models import Person, Place, Relative
from lingyan.organization import models as organization
from lingyan.supervision.models import Interview
from tests.platform.test_data_checks import TODAY, Made, change, office, task
from tests.world import World


def joint_review(m: Made, village: Place, person: Person, number: int) -> None:
    one = m(organization.JointReview, village=village, person=person, purpose="yearly")
    day = TODAY - timedelta(days=number)
    m(organization.ReviewAnswer, review=one, village=village, result="clear", answered_on=day)


def look_back(m: Made, village: Place, person: Person, number: int) -> None:
    m(
        organization.LookBackCheck, change=change(m, village=village), result="problem",
        state="open", due_on=TODAY, officer=office(m, person=person, village=village),
    )  # fmt: skip


def review(m: Made, village: Place, person: Person, number: int) -> None:
    one = m(organization.ReviewRound, year=2020 + number, place=village.parent, level="village")
    m(organization.SecretaryReview, round=one, person=person, place=village)


Row = Callable[[Made, Place, Person, int], Any]
LISTS: dict[str, Row] = {
    "relative_list": lambda m, village, person, _: (
        office(m, person=person, village=village),
        m(Relative, person=person, other=m.world.wang),
    ),
    "interview_list": lambda m, village, person, _: m(
        Interview, person=person, place=village, task=task(m, place=village)
    ),
    "review_list": review,
    "reserve_list": lambda m, village, person, _: m(
        organization.VillageReserve, person=person, village=village
    ),
    "lookback_list": look_back,
    "joint_review_list": joint_review,
    "term_change_list": lambda m, village, person, _: change(m, village=village),
}


def asked(client: Client, name: str) -> int:
    client.get(reverse(name))
    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse(name)).status_code == 200
    return len(queries)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_as_often_for_many_as_for_one(world: World, name: str) -> None:
    made, client = Made(world), world.client(world.officer)
    villages = (world.pine, world.stone, world.brook)
    counts = []

    with clock.at(TODAY):
        for number, village in enumerate(villages):
            person = made(Person, name=f"孙戊{number}", number=f"Q{number}", place=world.county)
            LISTS[name](made, village, person, number)
            counts.append(asked(client, name))

    assert counts == [counts[0]] * len(villages)
