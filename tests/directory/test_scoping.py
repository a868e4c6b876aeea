"""Does a county see exactly its own rows, and does a list sorted over a table show each once?"""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from lingyan.directory import queries
from lingyan.directory.models import Person, Place, RoleAssignment, Unit
from lingyan.directory.scoping import place_q
from lingyan.platform.accounts.actor import Scope
from lingyan.platform.ui.listing import Listing
from tests.world import World

COUNTY = Scope(place_paths=("0001",))


def test_a_county_does_not_see_the_rows_of_another(world: World) -> None:
    neighbour = Place.objects.get(path="0002")
    theirs = Unit.objects.create(name="邻水县财政局", category="county_dept", place=neighbour)
    seen = set(Unit.objects.visible_to(COUNTY).values_list("pk", flat=True))
    own = set(Unit.objects.filter(place__path__startswith="0001").values_list("pk", flat=True))
    assert theirs.pk not in seen
    assert seen == own


def test_the_only_county_sees_every_row_that_has_a_place(world: World) -> None:
    for place in Place.objects.exclude(path__startswith="0001"):
        Place.objects.filter(pk=place.pk).update(path=f"00019{place.path[1:]}")
    assert not Place.objects.exclude(path__startswith="0001").exists()
    assert Unit.objects.visible_to(COUNTY).count() == Unit.objects.count() > 0
    placeless = RoleAssignment.objects.filter(place__isnull=True)
    assert placeless.exists()
    assert not placeless.filter(place_q(COUNTY, "place__")).exists()


@pytest.mark.parametrize("sort", ["unit", "-unit"])
def test_a_list_sorted_by_another_table_shows_each_row_once(world: World, sort: str) -> None:
    unit, county = Unit.objects.first(), Place.objects.get(path="0001")
    for number in range(50):
        Person.objects.create(
            number=f"Z{number:03}", name="李甲", place=county, unit=unit if number % 3 else None
        )
    seen: list[object] = []
    for page in range(1, 5):
        request = RequestFactory().get("/", {"sort": sort, "size": "20", "page": page})
        listing = Listing(
            request,
            queries.list_people(COUNTY),
            sorts={"unit": ("unit__name", "number")},
            default_sort="unit",
        )
        if listing.page.number == page:
            seen += [one.pk for one in listing]
    assert len(seen) == len(set(seen)) == listing.total
    without = [pk for pk in seen if Person.objects.get(pk=pk).unit_id is None]
    assert seen[-len(without) :] == without
