"""Leak class 5: reports, comparisons and charts, which are computed from many records at once."""

from __future__ import annotations

import pytest
from django.urls import reverse

from lingyan.posting.models import Round
from tests.access.probing import BUSINESS
from tests.api.programs import data, program
from tests.furnished import Furnished, addresses, body, spoken

REPORTS = {
    "workbench_round", "workbench", "workbench_village", "workbench_prices", "workbench_pair",
    "workbench_person", "plan_shortages", "plan_compare", "plan_compare_with",
    "plan_verification", "plan_workbook", "plan_json", "plan_print", "plan_detail",
    "round_notice",
}  # fmt: skip


def test_the_reports_that_are_tried_exist() -> None:
    assert {one.name for one in addresses()} >= REPORTS


@pytest.mark.parametrize("role", BUSINESS)
def test_no_report_of_the_world_opens_next_door(house: Furnished, role: str) -> None:
    client, names, wrong = house.client(house.next_door[role]), house.names(), []
    for one in addresses():
        if one.name not in REPORTS:
            continue
        answer = client.get(house.url(one))
        said = spoken(answer, names)
        if answer.status_code not in (403, 404) or said:
            wrong.append(f"{one.name}: {answer.status_code} {said}")

    assert not wrong


@pytest.mark.parametrize("who", ["north_org", "south_org", "unit_admin", "candidate", "agri"])
def test_plans_are_the_countys_own_until_they_are_announced(house: Furnished, who: str) -> None:
    """A town, a unit, a candidate of the same county: no plan, no price, no other's figures."""
    client = house.client(getattr(house.world, who))
    for one in addresses():
        if one.name in REPORTS - {"round_notice"}:
            assert client.get(house.url(one)).status_code in (403, 404), one.name


def test_before_it_is_announced_the_notice_is_nobodys(house: Furnished) -> None:
    Round.objects.filter(pk=house.ids["round_id"]).update(state="deliberated")
    url = reverse("round_notice", args=[house.ids["round_id"]])

    for actor in house.world.everyone:
        assert house.client(actor).get(url).status_code in (403, 404), actor.role


def test_a_town_reads_its_own_part_of_a_round(house: Furnished) -> None:
    """The list of villages, by page and by API, and the counts beside it."""
    caller = program(house.world.south_org)
    round_id = house.ids["round_id"]
    shown = data(caller.get(f"/rounds/{round_id}/villages"))
    page = body(house.client(house.world.south_org).get(
        reverse("round_villages", args=[round_id])
    ))  # fmt: skip

    assert {one["town"] for one in shown["items"]} <= {"南河镇"}
    assert not [name for name in ("松树村", "溪口村") if name in page or name in str(shown)]
    assert caller.get(f"/rounds/{round_id}/plans").status_code == 403


def test_the_state_counts_of_health_checks_are_of_ones_own_villages(house: Furnished) -> None:
    def counted(actor: object) -> int:
        page = house.client(actor).get(reverse("health_check_list"))  # type: ignore[arg-type]
        return sum(count for _, _, count in page.context["counts"])

    assert counted(house.world.south_org) == 0
    assert counted(house.world.north_org) == counted(house.world.officer) > 0
    assert counted(house.next_door["county_org_staff"]) == 0
