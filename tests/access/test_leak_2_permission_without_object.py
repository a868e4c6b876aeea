"""Leak class 2: the right role, and somebody else's object."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests.access.probing import BUSINESS, told
from tests.furnished import Furnished, addresses, changed_tables, photograph, speaks_for
from tests.world import World

pytestmark = pytest.mark.slow

# Of the installation, or of oneself whatever the county.
OF_EVERYBODY = {"calendar_remove"}


@pytest.mark.parametrize("role", BUSINESS)
def test_not_yours_and_not_there_are_one_page_at_one_price(house: Furnished, role: str) -> None:
    """Status, body, headers and the number of queries: nothing tells the two apart."""
    client, before, wrong = house.client(house.next_door[role]), photograph(), []
    for one in addresses():
        if not (one.asks_for_a_record and speaks_for(role, one)) or one.name in OF_EVERYBODY:
            continue
        for method in (client.get, client.post):
            there, away = house.url(one), house.nowhere(one)
            hidden = told(lambda url=there, ask=method: ask(url), ())
            absent = told(lambda url=away, ask=method: ask(url), ())
            if hidden.status == absent.status == 405:
                continue
            if hidden.status != 404 or hidden.said != absent.said:
                wrong.append(f"{one.name}: {hidden.status}/{absent.status}")
            if abs(hidden.queries - absent.queries) > 0:
                wrong.append(f"{one.name}: {hidden.queries}/{absent.queries} queries")

    assert not wrong
    assert not changed_tables(before)


def test_two_administrators_of_two_counties_do_not_meet(house: Furnished) -> None:
    ours = house.client(house.world.admin)
    theirs = house.client(house.next_door["county_org_admin"])

    for name, key in (("place", "place_id"), ("unit", "unit_id"), ("person", "person_id"),
                      ("round_detail", "round_id"), ("posting_detail", "posting_id")):  # fmt: skip
        url = reverse(name, args=[house.ids[key]])
        assert ours.get(url).status_code == 200, name
        assert theirs.get(url).status_code == 404, name


def test_an_import_is_its_senders_and_those_above_him(house: Furnished) -> None:
    """The clerk of a town finds neither page nor file of what the county has sent in."""
    for name in ("exchange_import", "exchange_file", "exchange_reasons"):
        url = reverse(name, args=[house.ids["import_id"]])
        assert house.client(house.world.officer).get(url).status_code in (200, 409), name
        assert house.client(house.world.south_org).get(url).status_code == 404, name
        assert house.client(house.next_door["county_org_admin"]).get(url).status_code == 404, name


def test_a_job_is_its_starters_alone(house: Furnished) -> None:
    url = reverse("job", args=[house.ids["job_id"]])
    world: World = house.world
    statuses: dict[str, Any] = {
        who.name: house.client(who).get(url).status_code
        for who in (world.officer, world.second_officer, world.admin, world.sys_admin)
    }

    assert statuses[world.officer.name] in (200, 302)
    assert {status for name, status in statuses.items() if name != world.officer.name} == {404}
