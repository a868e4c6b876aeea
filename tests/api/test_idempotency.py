"""A program that repeats a request does not do twice what it asked for."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.db import connections

from lingyan.api.models import KeptAnswer
from lingyan.common import clock
from lingyan.directory.models import Unit
from tests.api.programs import Program, data, program
from tests.world import World, build_world

KEY = "first-of-march"


def unit(world: World, name: str = "县林业局") -> dict[str, Any]:
    return {"name": name, "category": "county_dept", "place": str(world.county.pk)}


def test_the_same_key_and_body_are_answered_the_same(world: World) -> None:
    caller = program(world.admin)

    first = caller.post("/units", unit(world), Idempotency_Key=KEY)
    second = caller.post("/units", unit(world), Idempotency_Key=KEY)

    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    assert first["ETag"] == second["ETag"]
    assert second["Idempotent-Replayed"] == "true"
    assert Unit.objects.filter(name="县林业局").count() == 1


def test_another_body_under_the_same_key_is_refused(world: World) -> None:
    caller = program(world.admin)
    caller.post("/units", unit(world), Idempotency_Key=KEY)

    other = caller.post("/units", unit(world, "县体育局"), Idempotency_Key=KEY)

    assert other.status_code == 409
    assert data(other)["code"] == "api.key_reused"
    assert not Unit.objects.filter(name="县体育局").exists()


def test_a_refusal_is_kept_too_and_leaves_nothing(world: World) -> None:
    caller = program(world.admin)
    taken = unit(world, world.finance.name)

    answers = [caller.post("/units", taken, Idempotency_Key=KEY) for _ in range(2)]

    assert [one.status_code for one in answers] == [409, 409]
    assert answers[0].content == answers[1].content
    assert data(answers[0])["code"].startswith("directory.")
    assert KeptAnswer.objects.get().status == 409


def test_a_key_belongs_to_its_token(world: World) -> None:
    program(world.admin).post("/units", unit(world), Idempotency_Key=KEY)

    other = program(world.admin).post("/units", unit(world, "县体育局"), Idempotency_Key=KEY)

    assert other.status_code == 201


def test_after_a_day_a_key_is_free_again(world: World) -> None:
    with clock.at(date(2026, 3, 1)):
        caller = program(world.admin)
        caller.post("/units", unit(world), Idempotency_Key=KEY)
    with clock.at(date(2026, 3, 3)):
        again = caller.post("/units", unit(world), Idempotency_Key=KEY)

    assert again.status_code == 409
    assert data(again)["code"] != "api.key_reused"
    assert "Idempotent-Replayed" not in again


@pytest.mark.parametrize("key", ["", "x" * 101, "中文", "a\tb"])
def test_a_key_that_is_none_is_refused(world: World, key: str) -> None:
    answer = program(world.admin).post("/units", unit(world), Idempotency_Key=key)

    assert answer.status_code == 400
    assert data(answer)["code"] == "api.bad_key"
    assert not Unit.objects.filter(name="县林业局").exists()


def test_an_unexpected_error_leaves_the_key_free(world: World, monkeypatch: Any) -> None:
    caller = program(world.admin)
    with monkeypatch.context() as broken:
        broken.setattr(
            "lingyan.directory.actions.units.create_unit",
            lambda row, *, actor: (_ for _ in ()).throw(RuntimeError("broken")),
        )
        assert caller.post("/units", unit(world), Idempotency_Key=KEY).status_code == 500
    assert not KeptAnswer.objects.exists()

    assert caller.post("/units", unit(world), Idempotency_Key=KEY).status_code == 201


def test_a_form_is_the_same_whatever_its_boundary(world: World) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import Client

    caller, answers = program(world.admin), []
    for _ in range(2):
        file = SimpleUploadedFile("单位.csv", "单位\n县林业局\n".encode())
        answers.append(
            Client().post(
                "/api/v1/sheets/units/imports", {"file": file},
                headers={"Authorization": f"Bearer {caller.secret}", "Idempotency-Key": KEY},
            )
        )  # fmt: skip

    assert [one.status_code for one in answers] == [202, 202]
    assert answers[0].content == answers[1].content


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_do_it_once() -> None:
    """The race that a retry after a timeout makes, on either database."""
    world = build_world()
    caller, start = program(world.admin), threading.Barrier(20)

    def send(_: int) -> tuple[int, bytes]:
        try:
            start.wait(30)
            answer = Program(caller.secret).post("/units", unit(world), Idempotency_Key=KEY)
            return answer.status_code, answer.content
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(send, range(20)))

    assert {status for status, _ in answers} == {201}
    assert len({content for _, content in answers}) == 1
    assert Unit.objects.filter(name="县林业局").count() == 1
    assert KeptAnswer.objects.count() == 1


def test_a_get_needs_no_key_and_keeps_no_answer(world: World) -> None:
    program(world.admin).get("/places", Idempotency_Key=KEY)

    assert not KeptAnswer.objects.exists()
