"""Registering units, people, officers and relatives: each once, with a trace, or all refusals."""

from __future__ import annotations

from datetime import date

import pytest

from lingyan.common.refusals import Refused
from lingyan.directory.actions.geography import (
    add_adjoining_towns,
    change_place,
    remove_adjoining_towns,
    remove_calendar_day,
    set_calendar_days,
)
from lingyan.directory.actions.officers import OfficerRow, create_officers, end_office
from lingyan.directory.actions.people import (
    PersonRow,
    RelativeRow,
    change_person,
    create_people,
    create_relatives,
    remove_relative,
)
from lingyan.directory.actions.units import UnitRow, change_unit, create_units
from lingyan.directory.models import (
    AdjoiningTowns,
    CalendarDay,
    Person,
    Relative,
    Unit,
    VillageOfficer,
)
from lingyan.platform.audit.models import AuditEntry
from tests.world import SINCE, World

IDENTITY = "11010519491231002X"  # the worked example of GB 11643


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in refused.value.refusals]


# --- people -------------------------------------------------------------------------------------


def test_each_person_has_an_entry_that_says_nothing_private(world: World) -> None:
    rows = [
        PersonRow("吴甲七", world.county, world.finance, id_number=IDENTITY, phone="13800001234"),
        PersonRow("郑甲八", world.county, world.school, birth_on=date(1990, 1, 1)),
    ]

    people = create_people(rows, actor=world.officer)

    assert [person.number for person in people] == ["P000001", "P000002"]
    stored = Person.objects.get(name="吴甲七")
    assert (stored.birth_on, stored.gender) == (date(1949, 12, 31), "female")
    entries = AuditEntry.objects.filter(action="directory.person.created")
    assert {entry.subject_id for entry in entries} == {str(person.pk) for person in people}
    text = str([entry.changes for entry in entries])
    assert IDENTITY not in text
    assert "13800001234" not in text
    assert IDENTITY.encode() not in bytes(stored.id_number_cipher or b"")


def test_a_number_goes_on_after_the_last_one(world: World) -> None:
    create_people([PersonRow("吴甲七", world.county, world.finance)], actor=world.officer)
    [person] = create_people(
        [PersonRow("郑甲八", world.county, world.finance)], actor=world.officer
    )
    assert person.number == "P000002"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"id_number": "110105194912310021"}, "identity.check"),
        ({"id_number": "110105491231002"}, "identity.fifteen_digits"),
        ({"id_number": IDENTITY, "birth_on": date(1950, 1, 1)}, "directory.birth_conflict"),
        ({"id_number": IDENTITY, "gender": "male"}, "directory.gender_conflict"),
        ({"number": "R0001"}, "directory.number_taken"),
        ({"name": " "}, "directory.name_missing"),
        ({"birth_on": date(2999, 1, 1)}, "directory.date_in_future"),
        (
            {"birth_on": date(1990, 1, 1), "work_started_on": date(1980, 1, 1)},
            "directory.date_before_birth",
        ),
    ],
)
def test_a_person_that_cannot_be_right_is_refused(
    world: World, row: dict[str, object], code: str
) -> None:
    before = Person.objects.count()
    fields = {"name": "吴甲七", "place": world.county, "unit": world.finance, **row}

    with pytest.raises(Refused) as refused:
        create_people([PersonRow(**fields)], actor=world.officer)  # type: ignore[arg-type]

    assert codes(refused) == [code]
    assert Person.objects.count() == before


def test_a_conflict_with_a_reason_is_kept(world: World) -> None:
    row = PersonRow(
        "吴甲七", world.county, world.finance, id_number=IDENTITY,
        birth_on=date(1950, 1, 1), conflict_reason="档案认定",
    )  # fmt: skip
    [person] = create_people([row], actor=world.officer)
    assert person.birth_on == date(1950, 1, 1)


def test_one_identity_number_belongs_to_one_person(world: World) -> None:
    row = PersonRow("吴甲七", world.county, world.finance, id_number=IDENTITY.lower())
    create_people([row], actor=world.officer)

    with pytest.raises(Refused) as refused:
        create_people(
            [PersonRow("吴七甲", world.county, world.school, id_number=IDENTITY)],
            actor=world.officer,
        )

    assert codes(refused) == ["directory.id_number_taken"]
    assert "吴甲七" in str(refused.value)


def test_the_same_person_twice_in_one_list_is_named_with_the_row(world: World) -> None:
    row = PersonRow("吴甲七", world.county, world.finance)

    with pytest.raises(Refused) as refused:
        create_people([row, row], actor=world.officer)

    assert "第 2 条（吴甲七）" in str(refused.value)
    assert not Person.objects.filter(name="吴甲七").exists()


def test_all_bad_rows_are_refused_at_once(world: World) -> None:
    rows = [
        PersonRow("", world.county, world.finance),
        PersonRow("吴甲七", world.county, world.finance),
        PersonRow("郑甲八", world.county, world.finance, number="R0001"),
    ]
    with pytest.raises(Refused) as refused:
        create_people(rows, actor=world.officer)
    assert codes(refused) == ["directory.name_missing", "directory.number_taken"]


def test_people_of_the_same_name_are_told_apart_by_number(world: World) -> None:
    [person] = create_people(
        [PersonRow("李甲一", world.county, world.finance, number="R0099",
                   birth_on=world.li.birth_on)],
        actor=world.officer,
    )  # fmt: skip
    assert person.number == "R0099"


def test_a_unit_registers_its_own_people_only(world: World) -> None:
    create_people([PersonRow("吴甲七", world.county, world.finance)], actor=world.unit_admin)
    with pytest.raises(Refused) as refused:
        create_people([PersonRow("郑甲八", world.county, world.school)], actor=world.unit_admin)
    assert codes(refused) == ["directory.outside_scope"]


def test_other_roles_register_nobody(world: World) -> None:
    with pytest.raises(Refused) as refused:
        create_people([PersonRow("吴甲七", world.north, None)], actor=world.north_org)
    assert codes(refused) == ["directory.wrong_role"]


def test_a_change_of_the_identity_number_is_traced_without_it(world: World) -> None:
    change_person(
        world.li, actor=world.officer, values={"job_title": "科长"}, id_number=IDENTITY_OF_LI
    )
    entry = AuditEntry.objects.get(action="directory.person.changed")
    assert entry.changes["job_title"] == ["", "科长"]
    assert IDENTITY_OF_LI not in str(entry.changes)
    world.li.refresh_from_db()
    assert world.li.id_number_index


def with_check(first_seventeen: str) -> str:
    from lingyan.common.identity import check_character

    return first_seventeen + check_character(first_seventeen)


IDENTITY_OF_LI = with_check("99000019850302001")


# --- officers -----------------------------------------------------------------------------------


def test_an_office_is_registered_and_ended(world: World) -> None:
    [officer] = create_officers(
        [OfficerRow(world.wang, world.pine, "party_secretary", SINCE)], actor=world.officer
    )

    end_office(officer, actor=world.officer, until=date(2026, 5, 1))

    officer.refresh_from_db()
    assert officer.until == date(2026, 5, 1)
    acts = AuditEntry.objects.filter(subject_id=str(officer.pk)).values_list("action", flat=True)
    assert set(acts) == {"directory.officer.created", "directory.officer.ended"}


def test_the_same_post_is_not_held_twice(world: World) -> None:
    """VAL-05."""
    row = OfficerRow(world.wang, world.pine, "vc_member", SINCE)
    create_officers([row], actor=world.officer)
    with pytest.raises(Refused) as refused:
        create_officers([row], actor=world.officer)
    assert str(refused.value) == "同一职务不能重复任职"
    assert VillageOfficer.objects.count() == 1


def test_a_village_has_one_secretary_but_several_members(world: World) -> None:
    create_officers(
        [
            OfficerRow(world.wang, world.pine, "party_secretary", SINCE),
            OfficerRow(world.li, world.pine, "vc_member", SINCE),
            OfficerRow(world.zhao, world.pine, "vc_member", SINCE),
        ],
        actor=world.officer,
    )
    with pytest.raises(Refused) as refused:
        create_officers(
            [OfficerRow(world.sun, world.pine, "party_secretary", SINCE)], actor=world.officer
        )
    assert "现任村党组织书记是王甲二" in str(refused.value)


def test_a_past_office_stands_beside_the_present_one(world: World) -> None:
    create_officers(
        [
            OfficerRow(world.wang, world.pine, "party_secretary", SINCE),
            OfficerRow(world.li, world.pine, "party_secretary", date(2018, 1, 1), SINCE),
        ],
        actor=world.officer,
    )
    assert VillageOfficer.objects.count() == 2


def test_an_office_ends_after_it_began_and_only_once(world: World) -> None:
    [officer] = create_officers(
        [OfficerRow(world.wang, world.pine, "clerk", SINCE)], actor=world.officer
    )
    with pytest.raises(Refused) as refused:
        end_office(officer, actor=world.officer, until=SINCE)
    assert codes(refused) == ["directory.until_before_since"]
    end_office(officer, actor=world.officer, until=date(2025, 1, 1))
    with pytest.raises(Refused) as refused:
        end_office(officer, actor=world.officer, until=date(2025, 2, 1))
    assert codes(refused) == ["directory.office_ended"]


def test_only_villages_have_village_officers(world: World) -> None:
    with pytest.raises(Refused) as refused:
        create_officers([OfficerRow(world.wang, world.north, "clerk", SINCE)], actor=world.officer)
    assert codes(refused) == ["directory.not_a_village"]


# --- relatives ----------------------------------------------------------------------------------


def test_a_relation_is_entered_once_whichever_way_round(world: World) -> None:
    [relative] = create_relatives(
        [RelativeRow(world.li, world.wang, "spouse")], actor=world.officer
    )
    with pytest.raises(Refused) as refused:
        create_relatives([RelativeRow(world.wang, world.li, "spouse")], actor=world.officer)
    assert codes(refused) == ["directory.relative_known"]

    remove_relative(relative, actor=world.officer)

    assert not Relative.objects.exists()
    assert AuditEntry.objects.filter(action="directory.relative.removed").exists()


def test_nobody_is_a_relative_of_oneself(world: World) -> None:
    with pytest.raises(Refused) as refused:
        create_relatives([RelativeRow(world.li, world.li, "sibling")], actor=world.officer)
    assert codes(refused) == ["directory.relative_oneself"]


# --- units --------------------------------------------------------------------------------------


def test_units_are_registered_and_changed_with_a_trace(world: World) -> None:
    [unit] = create_units([UnitRow("县水利局", world.county)], actor=world.admin)
    change_unit(unit, actor=world.admin, values={"sector": "水利"})
    unit.refresh_from_db()
    assert unit.sector == "水利"
    assert AuditEntry.objects.get(action="directory.unit.changed").changes == {
        "sector": ["", "水利"]
    }


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"name": "县财政局"}, "directory.unit_twice"),
        ({"name": "县水利局", "credit_code": "91350100M000100Y44"}, "directory.credit_code"),
        ({"name": " "}, "directory.name_missing"),
    ],
)
def test_a_unit_that_cannot_be_right_is_refused(
    world: World, row: dict[str, str], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        create_units([UnitRow(place=world.county, **row)], actor=world.admin)
    assert codes(refused) == [code]
    assert Unit.objects.count() == 2


def test_a_right_credit_code_is_taken(world: World) -> None:
    """The worked example of GB 32100."""
    create_units(
        [UnitRow("某公司", world.county, credit_code="91350100M000100Y43")], actor=world.admin
    )


def test_units_belong_to_the_administrator(world: World) -> None:
    with pytest.raises(Refused):
        create_units([UnitRow("县水利局", world.county)], actor=world.officer)


def test_thousands_of_rows_cost_few_queries(world: World, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    rows = [PersonRow(f"样人{number}", world.county, world.finance) for number in range(1_200)]
    with django_assert_max_num_queries(80):
        create_people(rows, actor=world.officer)
    assert AuditEntry.objects.filter(action="directory.person.created").count() == 1_200


# --- geography ----------------------------------------------------------------------------------


def test_adjoining_towns_are_kept_once_in_either_order(world: World) -> None:
    [pair] = add_adjoining_towns([(world.south, world.north)], actor=world.admin)
    assert add_adjoining_towns([(world.north, world.south)], actor=world.admin) == []
    assert (pair.first, pair.second) == (world.north, world.south)

    remove_adjoining_towns(pair, actor=world.admin)

    assert not AdjoiningTowns.objects.exists()


def test_only_two_different_towns_adjoin(world: World) -> None:
    with pytest.raises(Refused) as refused:
        add_adjoining_towns([(world.pine, world.pine)], actor=world.admin)
    assert set(codes(refused)) == {"directory.adjoining_oneself", "directory.not_a_town"}


def test_a_day_is_set_changed_and_given_back(world: World) -> None:
    day = date(2026, 10, 1)
    set_calendar_days([(day, False, "国庆节")], actor=world.admin)
    [one] = set_calendar_days([(day, True, "值班")], actor=world.admin)
    assert CalendarDay.objects.get().is_workday
    assert set_calendar_days([(day, True, "值班")], actor=world.admin) == []

    remove_calendar_day(one, actor=world.admin)

    assert not CalendarDay.objects.exists()
    assert AuditEntry.objects.filter(action__startswith="directory.calendar").count() == 3


def test_a_place_is_renamed_but_never_gets_a_code_twice(world: World) -> None:
    change_place(world.pine, actor=world.admin, values={"name": "青松村"})
    world.pine.refresh_from_db()
    assert world.pine.name == "青松村"
    with pytest.raises(Refused) as refused:
        change_place(world.pine, actor=world.admin, values={"code": world.brook.code})
    assert codes(refused) == ["directory.code_taken"]
