"""Does everybody read the notice on personal data first, and again when its wording changes?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from lingyan.platform.accounts import notice
from lingyan.platform.accounts.models import User
from lingyan.platform.audit.models import AuditEntry
from tests.world import World


@pytest.fixture(autouse=True)
def _required(settings: Any) -> None:
    settings.NOTICE_REQUIRED = True


def read(client: Client) -> Any:
    return client.post("/notice/", {"version": notice.version()})


def test_nothing_opens_before_it_is_read_and_the_reading_is_kept(world: World) -> None:
    client = world.client(world.officer)
    led = client.get("/directory/people/")
    page = client.get("/notice/").text
    done = read(client)

    assert led["Location"] == "/notice/"
    assert "您的权利" in page
    assert "已阅知" in page
    assert done["Location"] == "/"
    assert client.get("/directory/people/").status_code == 200
    user = User.objects.get(username="officer")
    assert user.notice_version == notice.version()
    assert user.notice_read_at is not None
    entry = AuditEntry.objects.get(action="accounts.notice.read")
    assert entry.changes == {"notice_version": [None, notice.version()]}
    assert entry.actor_user_id == user.pk


def test_another_wording_is_read_anew(world: World, settings: Any, tmp_path: Path) -> None:
    client = world.client(world.officer)
    read(client)
    settings.NOTICE_FILE = str(tmp_path / "notice.txt")
    Path(settings.NOTICE_FILE).write_text("县里自己的告知", encoding="utf-8")

    assert client.get("/")["Location"] == "/notice/"
    assert "县里自己的告知" in client.get("/notice/").text
    read(client)
    assert client.get("/").status_code == 200


def test_a_wording_that_changed_meanwhile_does_not_count(world: World) -> None:
    client = world.client(world.officer)

    answer = client.post("/notice/", {"version": "another"})

    assert answer["Location"] == "/notice/"
    assert User.objects.get(username="officer").notice_version == ""
    assert not AuditEntry.objects.filter(action="accounts.notice.read").exists()


def test_anybody_reads_it_and_nobody_confirms_without_signing_in(world: World) -> None:
    client = Client()

    assert "您的权利" in client.get("/notice/").text
    assert "已阅知" not in client.get("/notice/").text
    assert read(client).status_code == 200
    assert not AuditEntry.objects.filter(action="accounts.notice.read").exists()


def test_signing_out_stays_open(world: World) -> None:
    client = world.client(world.officer)

    client.post("/sign-out/")

    assert client.get("/")["Location"].startswith("/sign-in/")


def test_neither_the_demo_nor_an_installation_without_it_asks(world: World, settings: Any) -> None:
    User.objects.filter(username="leader").update(is_demo=True)

    assert world.client(world.leader).get("/").status_code == 200
    settings.NOTICE_REQUIRED = False
    assert world.client(world.officer).get("/").status_code == 200
