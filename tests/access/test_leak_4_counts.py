"""Leak class 4: counts, totals and pages that know of more than they show."""

from __future__ import annotations

import re

import pytest

from lingyan.api.gate import OPERATIONS
from lingyan.config import wiring
from tests.access.probing import BUSINESS, asks_for_a_record
from tests.api.programs import Program, data, program
from tests.furnished import Furnished, addresses, body, speaks_for

pytestmark = pytest.mark.slow

TOTAL = re.compile(r"共 <b>(\d+)</b>")


@pytest.mark.parametrize("role", BUSINESS)
def test_a_total_of_the_api_counts_what_its_pages_show(
    house: Furnished, next_door: dict[str, Program], role: str
) -> None:
    for one in OPERATIONS:
        if one.writes or asks_for_a_record(one) or not one.open_to(role):
            continue
        answer = next_door[role].get(one.path.replace("{code}", "people"))
        if answer.status_code != 200 or "json" not in answer["Content-Type"]:
            continue
        told = data(answer)
        if isinstance(told, dict) and "total" in told:
            assert told["total"] == len(told["items"]), one.name


@pytest.mark.parametrize("role", BUSINESS)
def test_what_is_added_next_door_changes_no_number_on_any_page(house: Furnished, role: str) -> None:
    """The same pages before and after the world grows, for somebody who must not notice."""
    client = house.client(house.next_door[role])
    urls = [
        house.url(one)
        for one in addresses()
        if not one.asks_for_a_record and not one.is_public and speaks_for(role, one)
        and not {"template", "export"} & set(one.name.split("_"))
    ]  # fmt: skip
    before = {url: _read(client.get(url)) for url in urls}

    _grow(house)

    changed = [url for url in urls if _read(client.get(url)) != before[url]]
    assert not changed


def _read(answer: object) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", body(answer))


def _grow(house: Furnished) -> None:
    from lingyan.directory.models import Person, Place, Unit
    from lingyan.posting.models import HealthCheck, Posting

    world = house.world
    unit = Unit.objects.create(name="县水利局", category="county_dept", place=world.county)
    Person.objects.create(number="R0099", name="卫甲九", unit=unit, place=world.county)
    Place.objects.create(
        path="000100010003", level="village", parent=world.north, name="新村", short_name="新村"
    )
    HealthCheck.objects.create(village=world.mill, year=2026, created_at="2026-03-01T00:00:00Z")
    Posting.objects.filter(village=world.pine).update(state="appointed")


def test_the_town_counts_its_own_and_the_county_counts_all(house: Furnished) -> None:
    county, north, south = (
        data(program(actor).get("/places"))["total"]
        for actor in (house.world.officer, house.world.north_org, house.world.south_org)
    )

    assert (county, north, south) == (7, 3, 3)


def test_paging_to_the_end_reads_exactly_the_total(house: Furnished) -> None:
    caller, cursor, seen = program(house.world.officer), "", []
    while True:
        piece = data(caller.get(f"/people?limit=2&cursor={cursor}&sort=-name"))
        seen += [one["id"] for one in piece["items"]]
        cursor = piece["next_cursor"]
        if not cursor:
            break

    assert len(seen) == len(set(seen)) == piece["total"]


def test_the_worklist_counts_only_ones_own(house: Furnished) -> None:
    names = house.names()
    for role in BUSINESS:
        items = wiring.worklist(house.next_door[role])
        assert not [name for item in items for name in names if name in str(item)], role
