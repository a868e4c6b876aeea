"""Are the pages that are used in the village small enough for a weak signal?

Everything that a phone without any cache fetches for one page is counted: page, styles, scripts.
"""

from __future__ import annotations

import gzip
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lingyan.common import clock
from lingyan.posting.actions import problems
from tests.posting.duty_scene import TODAY, Duty, on_duty
from tests.world import World

MOST_BYTES = 60 * 1024
FETCHED = re.compile(r'(?:href|src)="(/static/[^"]+)"')


@pytest.fixture
def duty(world: World) -> Any:
    """A month as full as it gets: two entries on each day, some with problems."""
    with clock.at(TODAY):
        duty = on_duty(world)
        for number in range(56):
            day = TODAY - timedelta(days=7 + number // 2)
            entry = duty.write(
                f"第 {number} 件：入户走访，讲解医保缴费办法，登记要办的事，{'细' * 60}",
                happened_on=day.isoformat(), with_whom="村支书宋乙八", households=3,
                need=str(duty.need.pk) if number % 5 == 0 else "",
            ).entry  # fmt: skip
            if number % 7 == 0:
                problems.find_problem(
                    text=f"第 {number} 户漏雨", found_on=day, owner="self", due_on=TODAY,
                    actor=duty.actor, entry=entry,
                )  # fmt: skip
        yield duty


def weight(client: Client, address: str) -> tuple[int, int]:
    """Bytes on the way, and bytes of it that the page itself has."""
    page, size = fetched(client, address)
    return size + sum(fetched(client, one)[1] for one in set(FETCHED.findall(page))), size


def fetched(client: Client, address: str) -> tuple[str, int]:
    answer = client.get(address, headers={"Accept-Encoding": "gzip"})
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer.status_code == 200, address
    packed = answer.headers.get("Content-Encoding") == "gzip"
    return (gzip.decompress(data) if packed else data).decode(), len(data)


def test_no_page_on_the_phone_is_larger_than_60_kb(duty: Duty) -> None:
    client = duty.world.client(duty.actor)
    entry = duty.posting.diary.first()
    assert entry is not None
    report = [duty.posting.pk, "month", "2026-02-01"]

    heavy = {
        address: weight(client, address)
        for address in (
            "/",
            f"{reverse('diary_list')}?month=2026-02",
            reverse("diary_write"),
            reverse("diary_offline"),
            reverse("diary_entry", args=[entry.pk]),
            reverse("diary_edit", args=[entry.pk]),
            reverse("report_list"),
            reverse("report_detail", args=report),
            reverse("problem_list"),
            reverse("problem_add"),
        )
    }

    assert all(total <= MOST_BYTES for total, _ in heavy.values()), heavy
    assert min(total for total, _ in heavy.values()) > 5_000, "styles and scripts were not counted"
    assert max(own for _, own in heavy.values()) <= 20_000, "from the second page on, only this"


def test_what_is_not_a_page_stays_as_it_is(world: World) -> None:
    client = world.client(world.officer)

    answer = client.get("/api/v1/openapi.json", headers={"Accept-Encoding": "gzip"})

    assert "Content-Encoding" not in answer.headers


def test_what_the_phone_keeps_exists_and_says_nothing_of_anybody(duty: Duty) -> None:
    client = duty.world.client(duty.actor)
    worker = client.get(reverse("diary_worker"))
    kept = re.findall(
        r'"(/[a-z/.]+)"', worker.content.decode().split("const KEPT")[1].split(";")[0]
    )

    page = client.get(reverse("diary_offline")).content.decode()

    assert worker.headers["Content-Type"].startswith("text/javascript")
    assert len(kept) == 3
    assert all(fetched(client, address)[1] for address in kept)
    assert f'const PAGE = "{reverse("diary_offline")}"' in worker.content.decode()
    for said in ("李甲一", "松树村", "财政局", "茶叶缺技术"):
        assert said not in page
    scripts = client.get(reverse("diary_list")).headers["Content-Security-Policy"]
    assert "script-src 'self';" in scripts
    assert "unsafe-inline" not in scripts.split("script-src")[1].split(";")[0]
