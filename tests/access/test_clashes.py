"""When a row that nobody could see has a value already, people are told, and nothing is changed."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, reverse

from lingyan.common import clock
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
    assert told(unit.save).startswith("这里已有同名单位，")
    round = Round(name=Round.objects.get(pk=house.ids["round_id"]).name, county=world.county,
                  term_starts_on=date(2026, 6, 1), created_at=clock.now())  # fmt: skip
    assert told(round.save).startswith("本县已有同名批次，")
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
    assert "这里已有同名单位，可能是别人刚刚保存的" in answer.content.decode()
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


@pytest.mark.walled
def test_another_county_may_have_a_unit_and_a_round_of_the_same_name(house: Furnished) -> None:
    """A refusal would tell that the name exists elsewhere."""
    actor = house.next_door["county_org_admin"]
    client, seat = house.client(actor), Place.objects.get(name="邻水县")
    form = {"name": house.world.finance.name, "category": "county_dept", "place": str(seat.pk)}

    made = client.post(reverse("unit_create"), form)
    again = program(actor).post("/units", form)

    assert made.status_code == 302, made.content.decode()
    assert again.status_code == 409
    assert data(again)["code"] == "directory.unit_twice"
    assert Unit.objects.filter(name=house.world.finance.name).count() == 2
    name = Round.objects.get(pk=house.ids["round_id"]).name
    theirs, opened = program(house.next_door["county_org_staff"]), {
        "name": name, "term_starts_on": "2026-06-01",
    }  # fmt: skip
    assert theirs.post("/rounds", opened).status_code == 201
    assert data(theirs.post("/rounds", opened))["code"] == "posting.round_name_taken"


def test_two_towns_of_one_county_share_no_name(house: Furnished) -> None:
    """A sheet names a unit without its town, so it must mean one."""
    world, caller = house.world, program(house.world.admin)
    town = {"name": "农业服务中心", "category": "institution", "place": str(world.north.pk)}
    assert caller.post("/units", town).status_code == 201

    other = caller.post("/units", {**town, "place": str(world.south.pk)})

    assert data(other)["code"] == "directory.unit_twice"


@pytest.mark.postgres
@pytest.mark.walled
def test_a_code_behind_the_wall_is_refused_on_page_and_by_operation(house: Furnished) -> None:
    """The rule looks, sees nothing of the other county, and the table itself says no."""
    actor = house.next_door["county_org_admin"]
    village = Place.objects.get(name="柳林村")
    taken = {"code": house.world.pine.code, "code_edition": house.world.pine.code_edition}
    form = {"name": "柳林村", "short_name": "柳林村", "village_kind": "admin_village", **taken}

    page = house.client(actor).post(reverse("place_edit", args=[village.pk]), form)
    operation = program(actor).patch(f"/places/{village.pk}", taken)

    assert page.status_code == operation.status_code == 409
    assert "同一版本中区划代码不能重复" in page.content.decode()
    assert data(operation)["code"] == "platform.taken"
    assert Place.objects.get(pk=village.pk).code == village.code
