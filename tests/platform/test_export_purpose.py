"""Whoever takes data out says what for, and a large part of them leaves by one hand only."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import pytest

from lingyan.common.workbook import read_workbook
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.exchange.rules import refuse_many_rows, refuse_to_export
from tests.api.programs import program
from tests.world import World

ADDRESS = "/exchange/export/units/"
PURPOSE = "报市委组织部备案"
COUNTY = ("county_org_admin", "county_org_staff")


def exports() -> int:
    return AuditEntry.objects.filter(action="exchange.export.written").count()


@pytest.mark.pure
@pytest.mark.parametrize(
    ("role", "purpose", "refused"),
    [
        ("county_org_staff", "", True),
        ("county_org_staff", "备案", True),
        ("county_org_staff", "    ", True),
        ("county_org_admin", "   备案   ", True),
        ("county_org_staff", "年度核对", False),
        ("system", "", False),
    ],
)
def test_r_10_14_a_purpose_of_four_characters(role: str, purpose: str, refused: bool) -> None:
    assert bool(refuse_to_export(role=role, purpose=purpose)) is refused


@pytest.mark.pure
@pytest.mark.parametrize(
    ("role", "rows", "approvers", "refused"),
    [
        ("county_org_staff", 500, COUNTY, False),
        ("county_org_staff", 501, COUNTY, True),
        ("unit_party_admin", 501, (*COUNTY, "unit_party_admin"), True),
        ("county_org_admin", 100_000, COUNTY, False),
        ("system", 100_000, COUNTY, False),
        ("sys_admin", 501, ("sys_admin",), False),
    ],
)
def test_r_10_14_more_than_500_rows_are_the_administrators(
    role: str, rows: int, approvers: tuple[str, ...], refused: bool
) -> None:
    found = refuse_many_rows(role=role, rows=rows, most=500, approvers=approvers)
    assert bool(found) is refused


def test_without_a_purpose_there_is_a_form_and_no_file(world: World) -> None:
    client, caller = world.client(world.officer), program(world.officer)

    asked, short = client.get(ADDRESS), client.get(ADDRESS + "?purpose=备案")

    assert (asked.status_code, short.status_code) == (200, 422)
    assert "用途" in asked.content.decode()
    assert "至少四个字" in short.content.decode()
    assert caller.get("/sheets/units/export").status_code == 422
    assert caller.get("/sheets/units/export?purpose=备案").status_code == 422
    assert exports() == 0


def test_the_purpose_stands_in_the_file_and_in_the_history_with_the_digest(world: World) -> None:
    answer = world.client(world.officer).get(f"{ADDRESS}?purpose={PURPOSE}")

    [sheet] = [
        one for one in read_workbook(answer.content, filename="a.xlsx").sheets.values()
        if not one.hidden
    ]  # fmt: skip
    head = str(sheet.rows[0][0])
    assert f"用途：{PURPOSE}" in head
    assert world.officer.name in head
    entry = AuditEntry.objects.get(action="exchange.export.written")
    assert entry.reason == PURPOSE
    assert entry.changes["digest"] == ["", hashlib.sha256(answer.content).hexdigest()]


def test_too_many_rows_are_given_to_nobody_but_the_administrator(
    world: World, settings: Any
) -> None:
    settings.EXPORT_ROWS_MAX = 1
    address = f"{ADDRESS}?purpose={PURPOSE}"

    refused = world.client(world.officer).get(address)
    by_program = program(world.officer).get(f"/sheets/units/export?purpose={PURPOSE}")

    assert (refused.status_code, by_program.status_code) == (409, 409)
    assert "县委组织部管理员批准" in refused.content.decode()
    assert exports() == 0
    given = world.client(world.admin).get(address)
    assert io.BytesIO(given.content).read(2) == b"PK"
    assert exports() == 1
