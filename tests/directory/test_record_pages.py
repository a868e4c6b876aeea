"""The pages of the register: who reads, who writes, and that strangers change nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lingyan.directory import queries
from lingyan.directory.actions.officers import OfficerRow, register_officer
from lingyan.directory.models import (
    AdjoiningTowns,
    CalendarDay,
    Person,
    Place,
    Relative,
    Unit,
    VillageOfficer,
)
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import EVERYTHING
from tests.world import SINCE, World, _actor

LISTS = ("place_list", "unit_list", "person_list", "officer_list")


def url(name: str, thing: Any) -> str:
    return reverse(name, args=[thing.pk])


def text_of(world: World, actor: Any, address: str) -> str:
    return str(world.client(actor).get(address).content.decode())


@pytest.mark.parametrize("name", LISTS)
def test_anonymous_is_sent_to_sign_in(world: World, name: str) -> None:
    assert Client().get(reverse(name)).status_code == 302


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("reader", ["officer", "leader", "admin"])
def test_the_county_reads_every_list(world: World, name: str, reader: str) -> None:
    assert world.client(getattr(world, reader)).get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", LISTS)
def test_a_candidate_reads_no_list(world: World, name: str) -> None:
    assert world.client(world.candidate).get(reverse(name)).status_code == 403


@pytest.mark.parametrize(
    ("name", "thing"),
    [("place", "pine"), ("unit", "finance"), ("person", "li")],
)
def test_another_countys_office_finds_no_record(world: World, name: str, thing: str) -> None:
    other = _actor("other", "丁丁三", Role.COUNTY_ORG_ADMIN, place=world.elsewhere.parent)
    client = world.client(other)
    address = url(name, getattr(world, thing))

    assert client.get(address).status_code == 404
    assert client.get(f"{address}edit/").status_code == 404
    assert client.post(f"{address}edit/", {"name": "改名"}).status_code == 404
    assert not Person.objects.filter(name="改名").exists()
    assert not Place.objects.filter(name="改名").exists()


def test_another_countys_office_ends_no_office(world: World) -> None:
    officer = register_officer(
        OfficerRow(world.wang, world.pine, "clerk", SINCE), actor=world.officer
    )
    other = _actor("other", "丁丁三", Role.COUNTY_ORG_STAFF, place=world.elsewhere.parent)
    answer = world.client(other).post(url("officer_end", officer), {"until": "2025-01-01"})
    assert answer.status_code == 404
    officer.refresh_from_db()
    assert officer.until is None


# --- places -------------------------------------------------------------------------------------


def test_the_tree_counts_villages(world: World) -> None:
    text = text_of(world, world.officer, reverse("place_list"))
    assert "2 个乡镇（街道），4 个村（社区）" in text
    assert "邻水县" not in text


def test_a_town_sees_its_own_branch(world: World) -> None:
    text = text_of(world, world.north_org, reverse("place_list"))
    assert "松树村" in text
    assert "石桥村" not in text


def test_the_tree_costs_the_same_queries_at_any_size(
    world: World, django_assert_max_num_queries: Any
) -> None:
    Place.objects.bulk_create(
        Place(
            path=f"000100010{number:03d}", level="village", name=f"样村{number}",
            short_name=f"样村{number}", parent=world.north,
        )
        for number in range(100, 200)
    )  # fmt: skip
    client = world.client(world.officer)
    with django_assert_max_num_queries(21):
        assert "样村199" in client.get(reverse("place_list")).content.decode()


def test_the_administrator_registers_and_renames_a_village(world: World) -> None:
    client = world.client(world.admin)
    answer = client.post(
        reverse("place_create"),
        {"code": "990100100202", "name": "白云村村民委员会", "edition": "2020"},
    )
    village = Place.objects.get(code="990100100202")
    assert answer["Location"] == url("place", village)
    assert (village.parent, village.short_name) == (world.north, "白云村")

    client.post(url("place_edit", village), {"name": "白云社区", "short_name": "白云社区"})

    village.refresh_from_db()
    assert village.name == "白云社区"
    assert "修改区划" in client.get(url("place", village)).content.decode()


def test_the_officer_registers_no_place(world: World) -> None:
    answer = world.client(world.officer).post(
        reverse("place_create"), {"code": "990100100202", "name": "白云村", "edition": "2020"}
    )
    assert answer.status_code == 403
    assert not Place.objects.filter(name="白云村").exists()


def test_adjoining_towns_are_entered_and_taken_back(world: World) -> None:
    client = world.client(world.admin)
    client.post(
        reverse("adjoining_list"), {"first": str(world.north.pk), "second": str(world.south.pk)}
    )
    pair = AdjoiningTowns.objects.get()
    assert "南河镇" in client.get(reverse("adjoining_list")).content.decode()
    client.post(reverse("adjoining_remove", args=[pair.pk]))
    assert not AdjoiningTowns.objects.exists()


def test_a_day_is_set_on_the_calendar(world: World) -> None:
    client = world.client(world.admin)
    client.post(reverse("calendar"), {"day": "2026-10-01", "is_workday": "no", "note": "国庆节"})
    one = CalendarDay.objects.get()
    assert not one.is_workday
    assert "国庆节" in client.get(reverse("calendar")).content.decode()
    client.post(reverse("calendar_remove", args=[one.pk]))
    assert not CalendarDay.objects.exists()


# --- units --------------------------------------------------------------------------------------


def test_a_unit_is_registered_and_changed(world: World) -> None:
    client = world.client(world.admin)
    form = {"name": "县水利局", "category": "county_dept", "place": str(world.county.pk)}
    client.post(reverse("unit_create"), form)
    unit = Unit.objects.get(name="县水利局")
    client.post(url("unit_edit", unit), {**form, "sector": "水利"})
    unit.refresh_from_db()
    assert unit.sector == "水利"


def test_a_unit_of_one_name_is_refused(world: World) -> None:
    form = {"name": "县财政局", "category": "county_dept", "place": str(world.county.pk)}
    answer = world.client(world.admin).post(reverse("unit_create"), form)
    assert answer.status_code == 409
    assert Unit.objects.count() == 2


def test_a_unit_reads_itself_only(world: World) -> None:
    client = world.client(world.unit_admin)
    assert client.get(url("unit", world.finance)).status_code == 200
    assert client.get(url("unit", world.school)).status_code == 404


def test_the_units_cost_the_same_queries_at_any_size(
    world: World, django_assert_max_num_queries: Any
) -> None:
    Unit.objects.bulk_create(
        Unit(name=f"样单位{number:03d}", category="other", place=world.county)
        for number in range(70)
    )
    client = world.client(world.officer)
    with django_assert_max_num_queries(23):
        answer = client.get(f"{reverse('unit_list')}?size=100")
    assert "样单位069" in answer.content.decode()


# --- people -------------------------------------------------------------------------------------


def test_lists_hold_no_private_numbers_and_pages_mask_them(world: World) -> None:
    world.li.set_id_number("11010519491231002X")
    world.li.set_phone("13800001234")
    world.li.save()

    listed = text_of(world, world.officer, reverse("person_list"))
    shown = text_of(world, world.officer, url("person", world.li))

    assert "李甲一" in listed
    assert "11010519" not in listed
    assert "110105**" not in listed
    assert "110105**********2X" in shown
    assert "138****1234" in shown
    assert "13800001234" not in shown


def test_a_unit_sees_its_own_people(world: World) -> None:
    text = text_of(world, world.unit_admin, reverse("person_list"))
    assert "李甲一" in text
    assert "钱甲四" not in text
    assert world.client(world.unit_admin).get(url("person", world.qian)).status_code == 404


def test_the_people_cost_the_same_queries_at_any_size(
    world: World, django_assert_max_num_queries: Any
) -> None:
    Person.objects.bulk_create(
        Person(number=f"T{number:03d}", name="样人", unit=world.finance, place=world.county)
        for number in range(70)
    )
    client = world.client(world.officer)
    with django_assert_max_num_queries(23):
        answer = client.get(f"{reverse('person_list')}?size=100")
    assert "T069" in answer.content.decode()


def test_a_person_is_registered_with_homes_by_name(world: World) -> None:
    answer = world.client(world.officer).post(
        reverse("person_create"),
        {
            "name": "吴甲七", "unit": str(world.finance.pk), "birth_on": "1990-05-01",
            "native_place": "北山镇松树村", "residence_place": "南河",
        },
    )  # fmt: skip
    person = Person.objects.get(name="吴甲七")
    assert answer["Location"] == url("person", person)
    assert (person.native_place, person.residence_place) == (world.pine, world.south)
    assert person.place == world.county


def test_an_unknown_home_is_said_beside_its_field(world: World) -> None:
    answer = world.client(world.officer).post(
        reverse("person_create"),
        {"name": "吴甲七", "unit": str(world.finance.pk), "native_place": "天上村"},
    )
    assert answer.status_code == 422
    assert "没有找到“天上村”" in answer.content.decode()
    assert not Person.objects.filter(name="吴甲七").exists()


def test_a_person_without_a_unit_belongs_to_a_village(world: World) -> None:
    world.client(world.officer).post(
        reverse("person_create"), {"name": "吴甲七", "village": "松树村"}
    )
    assert Person.objects.get(name="吴甲七").place == world.pine


def test_a_change_keeps_what_was_not_typed(world: World) -> None:
    client = world.client(world.officer)
    world.li.set_phone("13800001234")
    world.li.native_place = world.pine
    world.li.save()
    form = client.get(url("person_edit", world.li)).context["form"]
    typed = {field.html_name: field.value() for field in form if field.value() is not None}

    answer = client.post(url("person_edit", world.li), {**typed, "job_title": "科长"})

    assert answer.status_code == 302
    world.li.refresh_from_db()
    assert (world.li.job_title, world.li.native_place) == ("科长", world.pine)
    assert world.li.phone_cipher


def test_a_relative_is_declared_and_taken_back(world: World) -> None:
    client = world.client(world.officer)
    client.post(url("relative_add", world.li), {"other": "钱甲四", "relation": "spouse"})
    relative = Relative.objects.get()
    assert "配偶" in client.get(url("person", world.li)).content.decode()
    assert "对方申报" in client.get(url("person", world.qian)).content.decode()
    client.post(url("relative_remove", relative))
    assert not Relative.objects.exists()


# --- officers -----------------------------------------------------------------------------------


def test_an_office_is_registered_by_name_and_ended(world: World) -> None:
    client = world.client(world.officer)
    client.post(
        reverse("officer_create"),
        {
            "village": str(world.pine.pk), "person": "王甲二", "post": "party_secretary",
            "since": "2024-01-01",
        },
    )  # fmt: skip
    officer = VillageOfficer.objects.get()
    assert officer.person == world.wang
    assert "王甲二" in client.get(url("place", world.pine)).content.decode()

    client.post(url("officer_end", officer), {"until": "2026-01-01"})

    officer.refresh_from_db()
    assert officer.until == date(2026, 1, 1)


def test_people_of_one_name_are_listed_to_choose_from(world: World) -> None:
    Person.objects.create(number="R0099", name="王甲二", unit=world.school, place=world.county)
    answer = world.client(world.officer).post(
        reverse("officer_create"),
        {
            "village": str(world.pine.pk), "person": "王甲二", "post": "clerk",
            "since": "2024-01-01",
        },
    )  # fmt: skip
    assert answer.status_code == 422
    assert "有 2 人同名" in answer.content.decode()
    assert not VillageOfficer.objects.exists()


def test_a_double_office_is_refused_in_words(world: World) -> None:
    register_officer(OfficerRow(world.wang, world.pine, "clerk", SINCE), actor=world.officer)
    answer = world.client(world.officer).post(
        reverse("officer_create"),
        {
            "village": str(world.pine.pk), "person": "R0002", "post": "clerk",
            "since": "2024-01-01",
        },
    )  # fmt: skip
    assert answer.status_code == 409
    assert "同一职务不能重复任职" in answer.content.decode()


def test_a_town_reads_officers_and_registers_none(world: World) -> None:
    register_officer(OfficerRow(world.wang, world.pine, "clerk", SINCE), actor=world.officer)
    client = world.client(world.north_org)
    assert "王甲二" in client.get(reverse("officer_list")).content.decode()
    assert client.get(reverse("officer_create")).status_code == 403
    assert "王甲二" not in text_of(world, world.south_org, reverse("officer_list"))


def test_the_officers_cost_the_same_queries_at_any_size(
    world: World, django_assert_max_num_queries: Any
) -> None:
    people = Person.objects.bulk_create(
        Person(number=f"T{number:03d}", name=f"样人{number}", place=world.pine)
        for number in range(70)
    )
    VillageOfficer.objects.bulk_create(
        VillageOfficer(person=person, village=world.pine, post="villager_rep", since=SINCE)
        for person in people
    )
    client = world.client(world.officer)
    with django_assert_max_num_queries(23):
        answer = client.get(f"{reverse('officer_list')}?size=100")
    assert "样人69" in answer.content.decode()


# --- names --------------------------------------------------------------------------------------


def test_a_village_is_found_by_name_town_or_code_and_several_are_all_told(world: World) -> None:
    twin = Place.objects.create(
        path="000100020003", level="village", name="松树村村民委员会", short_name="松树村",
        parent=world.south,
    )  # fmt: skip
    assert set(queries.find_villages(EVERYTHING, "松树村")) == {world.pine, twin}
    assert queries.find_villages(EVERYTHING, "松树村", town="南河") == [twin]
    assert queries.find_villages(EVERYTHING, "", code=world.pine.code) == [world.pine]
    assert queries.find_villages(EVERYTHING, "天上村") == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("place_list", "places"),
        ("unit_list", "units"),
        ("officer_list", "officers"),
        ("need_list_list", "needs"),
        ("pool_list", "people"),
    ],
)
def test_whoever_sees_the_export_button_gets_the_sheet(world: World, name: str, code: str) -> None:
    address = reverse("exchange_export", args=[code])
    for actor in world.everyone:
        client = world.client(actor)
        if address in client.get(reverse(name)).content.decode():
            sheet = client.get(f"{address}?purpose=名册核对")
            assert sheet.status_code == 200
            assert sheet.getvalue()
    assert address in text_of(world, world.officer, reverse(name))
