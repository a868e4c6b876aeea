"""Leak class 8: fifty people with fifty scopes at once, over pages, programs and jobs."""

from __future__ import annotations

import http.client
import json
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connections
from django.test import Client

from lingyan.api.actions import create_token
from lingyan.common import clock
from lingyan.directory.models import Person, Place, RoleAssignment, Unit
from lingyan.directory.queries import actor_key, actor_of, find_actor
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.models import User
from lingyan.platform.wall import reach
from tests.world import SINCE

PEOPLE = 50
ROUNDS = 1
OWN = re.compile(r"甲(\d{3})")


@dataclass(frozen=True)
class Somebody:
    number: str
    actor: Actor
    secret: str
    cookie: str


@pytest.fixture
def everybody(transactional_db: None) -> Iterator[list[Somebody]]:
    """Fifty counties of one town, one unit and one person each, and an officer for each."""
    yield [_somebody(number) for number in range(1, PEOPLE + 1)]
    connections.close_all()


def _somebody(number: int) -> Somebody:
    name = f"{number:03d}"
    county = _place(f"{number:04d}", "county", f"甲{name}县", None)
    town = _place(f"{number:04d}0001", "township", f"甲{name}镇", county)
    unit = Unit.objects.create(name=f"甲{name}局", category="county_dept", place=county)
    Person.objects.create(number=f"R{name}", name=f"甲{name}", unit=unit, place=county)
    _place(f"{number:04d}00010001", "village", f"甲{name}村", town)
    user = User.objects.create_user(f"user{name}", name=f"员{name}")
    role = RoleAssignment.objects.create(
        user=user, role=Role.COUNTY_ORG_STAFF, place=county, since=SINCE
    )
    actor = actor_of(role)
    _, secret = create_token(
        role, name="试", access="read", until=clock.today() + timedelta(days=9), actor=actor
    )
    client = Client()
    client.force_login(user)
    return Somebody(name, actor, secret, client.cookies["sessionid"].value)


def _place(path: str, level: str, name: str, parent: Place | None) -> Place:
    return Place.objects.create(
        path=path, level=level, name=name, short_name=name, parent=parent, code="",
    )  # fmt: skip


def ask(address: str, path: str, headers: dict[str, str]) -> tuple[int, str]:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=60)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")
    finally:
        connection.close()


@pytest.mark.slow
def test_fifty_at_once_each_see_their_own_and_nothing_else(
    live_server: Any, everybody: list[Somebody]
) -> None:
    pages = ("/directory/places/", "/directory/people/", "/directory/units/", "/")
    operations = ("/api/v1/places", "/api/v1/people?q=甲", "/api/v1/units", "/api/v1/me")
    start = threading.Barrier(PEOPLE)

    def look(one: Somebody) -> list[str]:
        start.wait(60)
        wrong = []
        for _ in range(ROUNDS):
            for path in pages:
                status, text = ask(live_server.url, path, {"Cookie": f"sessionid={one.cookie}"})
                wrong += _strange(one, path, status, text, expects=path != "/")
            for path in operations:
                headers = {"Authorization": f"Bearer {one.secret}"}
                status, text = ask(live_server.url, path.replace("甲", "%E7%94%B2"), headers)
                told = json.dumps(json.loads(text), ensure_ascii=False)
                wrong += _strange(one, path, status, told, expects=True)
        return wrong

    with ThreadPoolExecutor(PEOPLE) as pool:
        wrong = [line for found in pool.map(look, everybody) for line in found]

    assert not wrong, wrong[:5]


def _strange(one: Somebody, path: str, status: int, text: str, *, expects: bool) -> list[str]:
    seen = set(OWN.findall(text))
    if status != 200 or seen - {one.number} or (expects and not seen):
        return [f"{one.number} {path}: {status} {sorted(seen)[:3]}"]
    return []


@pytest.mark.slow
def test_jobs_of_fifty_people_each_act_for_their_own(everybody: list[Somebody]) -> None:
    """As the worker does it: find the actor again, reach what that one may, read."""

    def work(one: Somebody) -> set[str]:
        try:
            with reach.everything():
                actor = find_actor(actor_key(one.actor))
                with reach.within(actor):
                    seen = Person.objects.visible_to(actor.scope).values_list("number", flat=True)
                    found = set(seen)
                    if reach.is_on():
                        found |= set(Person.objects.values_list("number", flat=True))
            return found
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(work, everybody * ROUNDS))

    assert found == [{f"R{one.number}"} for one in everybody * ROUNDS]


def test_a_thread_starts_without_anybodys_reach() -> None:
    """What one request may is not handed on to a thread that it starts."""
    found: list[reach.Reach | None] = []
    with reach.reaching(reach.Reach(near=("0001",))):
        thread = threading.Thread(target=lambda: found.append(reach._here.get()))
        thread.start()
        thread.join()

    assert found == [None]
