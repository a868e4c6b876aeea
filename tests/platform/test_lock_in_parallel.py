"""Do many tries at the same moment gain anything over as many one after the other?"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client

from lingyan.platform.accounts.guard import account_key
from lingyan.platform.accounts.models import SignInGuard, User
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.audit.verify import verify_chain
from tests.world import World, build_world

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "harbour-mist-42"


@pytest.fixture
def world(transactional_db: None) -> World:
    world = build_world()
    for name in ("officer", "leader"):
        user = User.objects.get(username=name)
        user.set_password(PASSWORD)
        user.save()
    return world


def tried_at_once(tries: list[tuple[str, str, str]]) -> list[str]:
    """What each browser was told, all having pressed at the same moment."""
    start = Barrier(len(tries))

    def run(one: tuple[str, str, str]) -> str:
        name, password, address = one
        try:
            start.wait(timeout=60)
            answer = Client().post(
                "/sign-in/", {"username": name, "password": password}, REMOTE_ADDR=address
            )
        finally:
            connections.close_all()
        if answer.status_code == 302:
            return "in"
        return "locked" if "已锁定" in answer.text else "wrong"

    with ThreadPoolExecutor(len(tries)) as pool:
        return sorted(pool.map(run, tries))


def count_of(action: str) -> int:
    return AuditEntry.objects.filter(action=action).count()


def test_of_twenty_guesses_at_once_five_are_looked_at(world: World) -> None:
    guesses = [("officer", f"guess-{number}", f"10.1.1.{number}") for number in range(20)]

    ends = tried_at_once(guesses)

    assert ends == ["locked"] * 15 + ["wrong"] * 5
    assert SignInGuard.objects.get(kind="account", key=account_key("officer")).failures == 5
    assert count_of("accounts.session.refused") == 5
    assert verify_chain().text is None


def test_a_right_password_among_them_does_not_open_more_tries(world: World) -> None:
    """The right one starts the count anew, so at most four before it and five after it."""
    guesses = [("officer", f"guess-{number}", f"10.1.1.{number}") for number in range(19)]

    ends = tried_at_once([*guesses, ("officer", PASSWORD, "10.1.2.1")])

    assert ends.count("in") <= 1
    assert ends.count("wrong") <= 9
    assert ends.count("locked") >= 10


def test_an_address_that_tries_many_names_at_once_is_locked(world: World, settings: object) -> None:
    settings.LOCK_ADDRESS_AFTER = 4  # type: ignore[attr-defined]  # the fixture of pytest-django
    guesses = [(f"nobody{number}", "guess", "10.1.1.9") for number in range(12)]

    ends = tried_at_once(guesses)

    assert ends == ["locked"] * 8 + ["wrong"] * 4
    assert tried_at_once([("leader", PASSWORD, "10.1.1.9")]) == ["locked"]
    assert tried_at_once([("leader", PASSWORD, "10.1.1.10")]) == ["in"]
