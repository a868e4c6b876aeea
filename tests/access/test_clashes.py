"""When a row that nobody could see has a value already, people are told, and nothing is changed."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, reverse

from lingyan.directory.models import Person, Place, Relative, Unit
from lingyan.platform.accounts.models import User
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.clashes import refusal_of
from lingyan.posting.models import HealthCheck, PoolEntry, Round
from tests.api.programs import data, program
from tests.furnished import Furnished


def saves_a_second_unit(request: HttpRequest) -> HttpResponse:
    """A view whose rule did not see that the name is taken."""
    first = Unit.objects.order_by("name").first()
    assert first is not None
    with transaction.atomic():
        Unit.objects.create(name=first.name, category="county_dept", place=first.place)
    return HttpResponse()


def saves_nonsense(request: HttpRequest) -> HttpResponse:
    """An error of ours: a table refuses what it never takes."""
    with transaction.atomic():
        nobody = Person.objects.earliest("number")
        Relative.objects.create(person=nobody, other=nobody)
    return HttpResponse()


urlpatterns = [
    path("clash/", saves_a_second_unit),
    path("nonsense/", saves_nonsense),
    path("", include("lingyan.config.urls")),
]


def told(make: Any) -> str:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        make()
    refusal = refusal_of(refused.value)
    assert refusal is not None
    assert refusal.code == "platform.taken"
    return refusal.text


def test_each_kind_of_constraint_says_what_is_taken(house: Furnished) -> None:
    world = house.world
    unit = Unit(name=world.finance.name, category="county_dept", place=world.county)
    assert told(unit.save).startswith("这个单位已被使用，")
    place = Place(name="甲", short_name="甲", level="county", path=world.county.path)
    assert told(place.save).startswith("这个区划路径已被使用，")
    user = User(username=User.objects.earliest("pk").username)
    assert "已被使用" in told(user.save)

    check = HealthCheck.objects.get(pk=house.ids["check_id"])
    check.pk = uuid4()
    assert told(lambda: check.save(force_insert=True)).startswith("该村本年度已建立体检，")
    code = Place(name="乙", short_name="乙", level="county", path="0099",
                 code=world.pine.code, code_edition=world.pine.code_edition)  # fmt: skip
    assert told(code.save).startswith("同一版本中区划代码不能重复，")
    entry = PoolEntry.objects.get(person=world.li)
    entry.pk = uuid4()
    assert told(lambda: entry.save(force_insert=True)).startswith("已有相同的人才储备库，")


def test_what_is_no_clash_is_not_called_one(house: Furnished) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Relative.objects.create(person=house.world.li, other=house.world.li)

    assert refusal_of(refused.value) is None
    assert refusal_of(IntegrityError("FOREIGN KEY constraint failed")) is None


def test_a_page_answers_409_in_words_and_keeps_nothing(house: Furnished, settings: Any) -> None:
    settings.ROOT_URLCONF = __name__
    client, entries = house.client(house.world.admin), AuditEntry.objects.count()

    answer = client.post("/clash/")

    assert answer.status_code == 409
    assert "已被使用，可能是别人刚刚保存的" in answer.content.decode()
    assert 'data-code="platform.taken"' in answer.content.decode()
    assert AuditEntry.objects.count() == entries
    part = client.post("/clash/", headers={"HX-Request": "true"})
    assert part.status_code == 409
    assert "<html" not in part.content.decode()


def test_an_error_of_ours_stays_one(house: Furnished, settings: Any) -> None:
    settings.ROOT_URLCONF = __name__
    client = house.world.client(house.world.admin)
    client.raise_request_exception = False

    assert client.post("/nonsense/").status_code == 500


@pytest.mark.postgres
@pytest.mark.walled
def test_a_name_behind_the_wall_is_refused_on_page_and_by_operation(house: Furnished) -> None:
    """The rule looks, sees nothing of the other county, and the table itself says no."""
    actor = house.next_door["county_org_admin"]
    client, units = house.client(actor), Unit.objects.count()
    seat = Place.objects.get(name="邻水县")
    form = {"name": house.world.finance.name, "category": "county_dept", "place": str(seat.pk)}

    page = client.post(reverse("unit_create"), form)
    operation = program(actor).post("/units", form)

    assert page.status_code == operation.status_code == 409
    assert "这个单位已被使用" in page.content.decode()
    assert data(operation)["code"] == "platform.taken"
    assert Unit.objects.count() == units


@pytest.mark.postgres
@pytest.mark.walled
def test_the_name_of_a_round_behind_the_wall_is_refused(house: Furnished) -> None:
    from tests.test_access import round_defaults

    client = house.client(house.next_door["county_org_staff"])
    taken = Round.objects.get(pk=house.ids["round_id"]).name

    answer = client.post(
        reverse("round_open"),
        {"name": taken, "term_starts_on": "2026-06-01", "term_months": "24", "seed": "7",
         **round_defaults(client)},
    )  # fmt: skip

    assert answer.status_code == 409
    assert "批次名称已被使用" in answer.content.decode()
    assert Round.objects.filter(name=taken).count() == 1
