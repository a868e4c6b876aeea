"""Does a county see exactly its own rows, and does a list sorted over a table show each once?"""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from django.test import RequestFactory

from lingyan.directory import queries
from lingyan.directory.models import Person, Place, Relative, RoleAssignment, Unit
from lingyan.directory.scoping import place_q
from lingyan.platform.accounts.actor import Scope
from lingyan.platform.accounts.models import User
from lingyan.platform.ui.listing import Listing, _keys
from tests.posting.scene import pool_entry
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


@pytest.fixture(params=["few", "many", "very many"])
def how_many(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few rows are sorted, many walked through in their order; the tables of a test are small."""
    few, sorted_most = {"few": (1000, 1000), "many": (0, 1000), "very many": (0, 0)}[request.param]
    monkeypatch.setattr("lingyan.platform.ui.listing.FEW", few)
    monkeypatch.setattr("lingyan.platform.ui.listing.SORTED_MOST", sorted_most)


@pytest.mark.usefixtures("how_many")
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


@pytest.mark.parametrize("order", [("since", "unit__name"), ("-since", "unit__name", "-user")])
def test_every_page_of_a_list_by_day_and_name_is_that_part_of_it(
    world: World, order: tuple[str, ...]
) -> None:
    """Only the days of the page are sorted, from whichever end is nearer."""
    user, units = User.objects.order_by("pk")[0], list(Unit.objects.order_by("name"))
    for day in range(1, 4):
        for unit in (*units, None):
            RoleAssignment.objects.create(
                user=user, role="dept_staff", unit=unit, since=date(2026, 1, day)
            )
    rows = RoleAssignment.objects.filter(user=user).order_by(*order, "pk")
    whole = list(rows.values_list("pk", flat=True))

    for first in range(len(whole)):
        for last in range(first + 1, len(whole) + 1):
            assert _keys(rows, len(whole), first, last) == whole[first:last]


def test_the_people_of_another_county_are_not_seen_by_their_rows(world: World) -> None:
    theirs = Person.objects.create(number="N1", name="外县人", place=Place.objects.get(path="0002"))
    Relative.objects.create(person=theirs, other=world.li, relation="sibling")
    own = Relative.objects.create(person=world.wang, other=world.li, relation="sibling")
    assert list(queries.list_relatives(COUNTY).filter(other=world.li, relation="sibling")) == [own]
    assert list(queries.list_places_ever(COUNTY).exclude(path__startswith="0001")) == []


@pytest.mark.usefixtures("how_many")
@pytest.mark.parametrize("sort", ["number", "-number"])
def test_pages_read_from_the_end_are_the_same_list(world: World, sort: str) -> None:
    county = Place.objects.get(path="0001")
    for number in range(90):
        Person.objects.create(number=f"Z{number:03}", name="李甲", place=county)
    seen: list[str] = []
    last = (Person.objects.visible_to(COUNTY).count() + 19) // 20
    for page in range(1, last + 1):
        request = RequestFactory().get("/", {"sort": sort, "size": "20", "page": page})
        listing = Listing(
            request,
            queries.list_people(COUNTY),
            sorts={"number": ("number",)},
            default_sort="number",
        )
        seen += [one.number for one in listing]
    assert seen == sorted(seen, reverse=sort == "-number")
    assert len(set(seen)) == len(seen) == listing.total


@pytest.mark.usefixtures("how_many")
@pytest.mark.parametrize("sort", ["person", "-person"])
def test_rows_are_sorted_by_the_name_of_whom_they_point_to(world: World, sort: str) -> None:
    county = Place.objects.get(path="0001")
    people = [
        Person.objects.create(number=f"Z{at:03}", name=f"李{at % 3}", place=county)
        for at in range(50)
    ]
    for one, other in pairwise(people):
        Relative.objects.create(person=one, other=other, relation="sibling")
    seen: list[tuple[str, object]] = []
    for page in (1, 2, 3):
        listing = Listing(
            RequestFactory().get("/", {"sort": sort, "size": "20", "page": page}),
            queries.list_relatives(COUNTY).filter(person__number__startswith="Z"),
            sorts={"person": ("person__name",)},
            default_sort="person",
        )
        seen += [(one.person.name, one.pk) for one in listing]
    assert len(seen) == listing.total == 49
    assert seen == sorted(seen, reverse=sort == "-person", key=lambda row: row[0])
    assert len(set(seen)) == 49


@pytest.mark.parametrize("most", [0, 1000])
def test_a_page_counts_once_whatever_it_is_sorted_by(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: Any,
    most: int,
) -> None:
    monkeypatch.setattr("lingyan.platform.ui.listing.SORTED_MOST", most)
    with django_assert_num_queries(3):
        listing = Listing(
            RequestFactory().get("/", {"sort": "number"}),
            queries.list_people(COUNTY),
            sorts={"name": ("name",), "number": ("number",)},
            default_sort="name",
            sorts_of_few=("number",),
        )
        assert len(list(listing)) == listing.total > 0
    assert bool(listing.note) == (most == 0)


def test_a_long_list_says_that_it_is_not_sorted_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = world.client(world.officer)
    assert "不按这一列排序" not in client.get("/directory/people/?sort=unit").content.decode()
    monkeypatch.setattr("lingyan.platform.ui.listing.SORTED_MOST", 1)
    answer = client.get("/directory/people/?sort=-unit")
    assert "不按这一列排序" in answer.content.decode()
    found = client.get("/directory/people/?sort=unit&q=R0001").content.decode()
    assert "不按这一列排序" not in found


def test_too_many_units_to_choose_among_are_searched_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    Unit.objects.get(pk=world.finance.pk).save()
    monkeypatch.setattr("lingyan.platform.ui.listing.CHOICES_MOST", 0)
    client = world.client(world.officer)
    pool_entry(world.li)
    for address in ("/directory/people/", "/posting/pool/"):
        assert "请在搜索框里写名称" in client.get(address).content.decode()
    chosen = client.get(f"/directory/people/?unit={world.finance.pk}").content.decode()
    assert f'value="{world.finance.pk}" selected' in chosen
    assert client.get("/directory/people/?unit=nonsense").status_code == 200
    assert "李甲一" in client.get("/directory/people/?q=县财政").content.decode()
