"""Does the log tell what happened without telling about anybody?"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client

from lingyan.config.logs import JsonLines, logging_settings
from lingyan.config.tracing import client_address
from lingyan.directory.actions import people
from tests.world import World

HOSTILE = '王\n小二"};DROP 13800001111'
NUMBER = "110101199003071233"


class Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonLines())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    def of(self, logger: str) -> list[dict[str, Any]]:
        return [one for one in map(json.loads, self.lines) if one["logger"] == logger]


@pytest.fixture
def log() -> Iterator[Kept]:
    """Every line as it would be written in production."""
    kept = Kept()
    names = ("", "django", "lingyan")
    levels = {name: logging.getLogger(name).level for name in names}
    for name in ("", "django"):
        logging.getLogger(name).addHandler(kept)
    logging.getLogger("lingyan").setLevel("INFO")
    yield kept
    for name in names:
        logging.getLogger(name).removeHandler(kept)
        logging.getLogger(name).setLevel(levels[name])


def test_each_request_is_one_line_that_names_the_route_and_nobody(world: World, log: Kept) -> None:
    answer = world.client(world.officer).get(
        f"/directory/people/{world.li.pk}/?q=李甲一", REMOTE_ADDR="10.9.8.7"
    )

    [line] = log.of("lingyan.request")
    assert line["route"] == "person"
    assert line["method"] == "GET"
    assert line["status"] == 200
    assert line["ms"] > 0
    assert line["level"] == "info"
    assert line["time"].endswith("+08:00")
    assert line["request_id"] == answer.headers["X-Request-ID"]
    assert set(line) == {
        "time", "level", "logger", "event", "request_id", "method", "route", "status", "ms",
    }  # fmt: skip
    written = "\n".join(log.lines)
    for secret in (str(world.li.pk), "李甲一", "10.9.8.7", "陈乙一", "q=", "officer"):
        assert secret not in written


@pytest.mark.parametrize(
    ("address", "route", "status"),
    [("/nowhere/李甲一/", "-", 404), ("/audit/", "audit_list", 403), ("/%00", "-", 400)],
)
def test_a_refused_request_is_a_line_as_well(
    world: World, log: Kept, address: str, route: str, status: int
) -> None:
    world.client(world.officer).get(address)

    [line] = log.of("lingyan.request")
    assert (line["route"], line["status"]) == (route, status)
    assert "李甲一" not in "\n".join(log.lines)


def fails_with(error: Exception) -> Any:
    def failing(row: Any, **named: Any) -> None:
        raise error from ValueError(f"{row.name} {NUMBER}")

    return failing


def test_an_error_is_logged_without_what_was_in_the_form(
    world: World, log: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = IntegrityError(f"Key (name)=({HOSTILE}) already exists, {NUMBER}")
    monkeypatch.setattr(people, "register_person", fails_with(error))
    client = world.client(world.officer)
    client.raise_request_exception = False
    form = {"name": "王小二", "unit": str(world.finance.pk), "gender": "male"}

    answer = client.post("/directory/people/new/?q=secret", form)

    assert answer.status_code == 500, answer.content.decode()[:500]
    written = "\n".join(log.lines)
    for secret in ("王小二", "王", "小二", NUMBER, "13800001111", "DROP", "secret", "officer"):
        assert secret not in written, secret
    [line] = log.of("django.request")
    assert [one["kind"] for one in line["error"]] == ["IntegrityError", "ValueError"]
    assert any(
        "people.py" in place and "person_create" in place for place in line["error"][0]["at"]
    )
    assert line["request_id"] == answer.headers["X-Request-ID"]
    assert all("\n" not in one for one in log.lines)


def test_the_error_page_says_the_number_of_the_request_and_no_cause(
    world: World, monkeypatch: pytest.MonkeyPatch, log: Kept
) -> None:
    monkeypatch.setattr(people, "register_person", fails_with(RuntimeError("秘密")))
    client = world.client(world.officer)
    client.raise_request_exception = False

    answer = client.post("/directory/people/new/", {"name": "王小二", "gender": "male",
                                                    "unit": str(world.finance.pk)})  # fmt: skip

    page = answer.content.decode()
    assert answer.headers["X-Request-ID"] in page
    assert "系统管理员" in page
    for word in ("秘密", "RuntimeError", "Traceback", "王小二"):
        assert word not in page


@pytest.mark.parametrize(
    ("logger", "message", "arguments", "text"),
    [
        ("lingyan.jobs", "job %s failed", ("7",), "job 7 failed"),
        ("lingyan", "%s", ("whole",), "whole"),
        ("lingyanish", "%s", ("李甲一",), "%s"),
        ("django.request", "Not Found: %s", ("/people/李甲一/",), "Not Found: %s"),
    ],
)
def test_only_our_own_messages_are_written_whole(
    logger: str, message: str, arguments: tuple[str, ...], text: str
) -> None:
    record = logging.LogRecord(logger, logging.ERROR, "f.py", 1, message, arguments, None)

    assert json.loads(JsonLines().format(record))["event"] == text


@pytest.mark.parametrize(
    ("proxies", "direct", "claimed", "address"),
    [
        (0, "127.0.0.1", "6.6.6.6", "127.0.0.1"),
        (1, "10.0.0.5", "", "10.0.0.5"),
        (1, "10.0.0.5", "6.6.6.6", "10.0.0.5"),
        (1, "127.0.0.1", "10.0.0.8", "10.0.0.8"),
        (1, "127.0.0.1", "6.6.6.6, 10.0.0.8", "10.0.0.8"),
        (2, "127.0.0.1", "6.6.6.6, 10.0.0.8, 10.0.0.1", "10.0.0.8"),
        (2, "127.0.0.1", "10.0.0.8", "127.0.0.1"),
        (1, "127.0.0.1", "", "127.0.0.1"),
        (1, "127.0.0.1", "x" * 500, "x" * 45),
    ],
)
def test_a_strangers_claim_of_the_address_is_not_believed(
    rf: Any, settings: Any, proxies: int, direct: str, claimed: str, address: str
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    headers = {"HTTP_X_FORWARDED_FOR": claimed} if claimed else {}

    assert client_address(rf.get("/", REMOTE_ADDR=direct, **headers)) == address


def test_production_logs_each_request_and_development_only_trouble() -> None:
    def level(**given: Any) -> str:
        return str(logging_settings(**given)["loggers"]["lingyan"]["level"])

    assert level(production=True) == "INFO"
    assert level(production=False) == "WARNING"
    assert level(production=False, level="DEBUG") == "DEBUG"


def test_two_requests_have_two_numbers(db: None) -> None:
    numbers = {Client().get("/healthz").headers["X-Request-ID"] for _ in range(5)}

    assert len(numbers) == 5
    assert all(len(one) == 32 for one in numbers)
