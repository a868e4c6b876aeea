"""A person's birth date and gender fit the identity number, whoever changes them and by which way.

R-1-04: what differs from the number is an error, unless the county's organization department says
why; the reason then stands in the history.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from lingyan.common.refusals import Refused
from lingyan.directory.actions.people import PersonRow, change_person, create_people
from lingyan.directory.models import Person
from lingyan.platform.audit.models import AuditEntry
from tests.platform.sheets import brought_in, problems, sent, workbook
from tests.world import World

IDENTITY = "11010519491231002X"  # the worked example of GB 11643: a woman, born on 1949-12-31
BORN, OTHER = date(1949, 12, 31), date(1950, 1, 1)
EXPLAINED = "directory.person.conflict_explained"


@pytest.fixture
def wu(world: World) -> Person:
    row = PersonRow("吴甲七", world.county, world.finance, number="R0700", id_number=IDENTITY)
    return create_people([row], actor=world.admin)[0]


def registered(person: Person) -> tuple[date | None, str]:
    one = Person.objects.get(pk=person.pk)
    return one.birth_on, one.gender


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in refused.value.refusals]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"birth_on": OTHER}, ["directory.birth_conflict"]),
        ({"gender": "male"}, ["directory.gender_conflict"]),
        (
            {"birth_on": OTHER, "gender": "male"},
            ["directory.birth_conflict", "directory.gender_conflict"],
        ),
    ],
)
def test_the_number_that_is_stored_holds_against_a_change(
    world: World, wu: Person, values: dict[str, Any], expected: list[str]
) -> None:
    with pytest.raises(Refused) as refused:
        change_person(wu, actor=world.admin, values=values)

    assert codes(refused) == expected
    assert registered(wu) == (BORN, "female")


def test_what_the_number_says_may_be_entered(world: World, wu: Person) -> None:
    change_person(wu, actor=world.admin, values={"birth_on": BORN, "gender": "female"})

    assert registered(wu) == (BORN, "female")


def test_the_county_may_say_why_it_is_otherwise(world: World, wu: Person) -> None:
    change_person(wu, actor=world.officer, values={"birth_on": OTHER}, conflict_reason="档案认定")

    assert registered(wu) == (OTHER, "female")
    assert AuditEntry.objects.get(action=EXPLAINED).reason == "档案认定"
    # What was explained once is not asked again with every other change.
    change_person(wu, actor=world.officer, values={"birth_on": OTHER, "rank": "科员"})
    with pytest.raises(Refused):
        change_person(wu, actor=world.officer, values={"birth_on": date(1951, 1, 1)})
    assert registered(wu) == (OTHER, "female")


def test_a_reason_that_nobody_needs_leaves_nothing_behind(world: World, wu: Person) -> None:
    change_person(wu, actor=world.officer, values={"rank": "科员"}, conflict_reason="档案认定")

    assert not AuditEntry.objects.filter(action=EXPLAINED).exists()


def test_a_unit_may_not_overrule_the_number(world: World, wu: Person) -> None:
    with pytest.raises(Refused) as refused:
        change_person(
            wu, actor=world.unit_admin, values={"birth_on": OTHER}, conflict_reason="档案认定"
        )

    assert codes(refused) == ["directory.birth_conflict"]
    page = world.client(world.unit_admin).get(reverse("person_edit", args=[wu.pk]))
    assert "conflict_reason" not in page.context["form"].fields


def typed(world: World, person: Person, **given: str) -> dict[str, str]:
    form = world.client(world.admin).get(reverse("person_edit", args=[person.pk])).context["form"]
    shown = {field.html_name: field.value() for field in form if field.value() is not None}
    return {**shown, **given}


def test_the_page_asks_for_the_reason(world: World, wu: Person) -> None:
    client, url = world.client(world.admin), reverse("person_edit", args=[wu.pk])
    otherwise = typed(world, wu, birth_on="1950-01-01")

    refused = client.post(url, otherwise)
    assert refused.status_code in (409, 422)
    assert "与身份证号不一致" in refused.content.decode()
    assert registered(wu) == (BORN, "female")

    assert client.post(url, {**otherwise, "conflict_reason": "档案认定"}).status_code == 302
    assert registered(wu) == (OTHER, "female")


def test_somebody_new_may_differ_for_a_reason(world: World) -> None:
    form = {
        "name": "郑甲八", "unit": str(world.finance.pk), "id_number": IDENTITY,
        "birth_on": "1950-01-01",
    }  # fmt: skip
    client = world.client(world.officer)

    assert client.post(reverse("person_create"), form).status_code in (409, 422)
    assert (
        client.post(reverse("person_create"), form | {"conflict_reason": "档案认定"}).status_code
        == 302
    )

    person = Person.objects.get(name="郑甲八")
    assert registered(person) == (OTHER, "female")
    entry = AuditEntry.objects.get(action=EXPLAINED)
    assert (entry.subject_id, entry.reason) == (str(person.pk), "档案认定")


HEADINGS = ("姓名", "单位", "编号", "出生日期", "性别", "职级")


def rows(*cells: Any) -> bytes:
    return workbook(HEADINGS, [("吴甲七", "县财政局", "R0700", *cells)])


def test_the_sheet_is_held_against_the_stored_number(world: World, wu: Person) -> None:
    run = sent("people", rows("1950-01-01", "男", None), world.admin)

    assert [(heading, reason[:12]) for _, heading, reason in problems(run)] == [
        ("出生日期", "出生日期与身份证号不一致"),
        ("性别", "性别与身份证号不一致；档"),
    ]
    assert registered(wu) == (BORN, "female")


def test_the_sheet_leaves_what_was_explained_before(world: World, wu: Person) -> None:
    change_person(wu, actor=world.officer, values={"birth_on": OTHER}, conflict_reason="档案认定")

    run = brought_in("people", rows("1950-01-01", "女", "科员"), world.admin)

    assert (run.state, run.changed_count) == ("applied", 1)
    assert registered(wu) == (OTHER, "female")
