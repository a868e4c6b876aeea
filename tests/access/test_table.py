"""Does the access table hold everything that exists, as it is enforced?"""

from __future__ import annotations

import importlib
import io
import pkgutil
from typing import Any

import openpyxl
import pytest
from django.urls import get_resolver, reverse

import lingyan
from lingyan import cli
from lingyan.api.gate import OPERATED, OPERATIONS
from lingyan.api.service import api
from lingyan.common.flow import Transition
from lingyan.config import access
from lingyan.directory.roles import Role
from lingyan.platform.access.table import Kind, entries, role_words
from lingyan.platform.access.views import ADMINISTRATORS
from lingyan.platform.exchange.registry import KINDS
from lingyan.platform.jobs import registry as jobs
from tests.furnished import Furnished, body
from tests.marks import assert_marked


def codes(kind: Kind) -> set[str]:
    return {one.code for one in entries() if one.kind is kind}


def test_every_address_is_a_page_or_an_operation_of_the_table() -> None:
    found = {
        str(pattern.name): pattern.callback.roles for _, pattern in access.patterns(get_resolver())
    }
    pages = {name for name, roles in found.items() if roles != (OPERATED,)}

    assert len(pages) > 100
    assert codes(Kind.PAGE) == pages


def test_every_operation_behind_the_api_is_in_the_table() -> None:
    published = {
        operation.operation_id
        for bound in api._get_bound_routers()
        for view in bound.path_operations.values()
        for operation in view.operations
    }

    assert len(published) > 40
    assert codes(Kind.OPERATION) == published, "publish with gate.operation(…)"
    assert {one.name for one in OPERATIONS} == published


def test_every_sheet_job_and_command_is_in_the_table() -> None:
    assert codes(Kind.SHEET) == {f"{code}.{act}" for code in KINDS for act in ("import", "export")}
    assert codes(Kind.JOB) == set(jobs.KINDS)
    assert codes(Kind.COMMAND) == {one.name for one in cli.COMMANDS}


def transitions_of_source() -> set[int]:
    """Every line of every process table that any module holds."""
    found: dict[int, Transition] = {}
    for module in pkgutil.walk_packages(lingyan.__path__, "lingyan."):
        if ".rules" not in module.name:
            continue
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, tuple) and value and isinstance(value[0], Transition):
                found |= {id(line): line for line in value}
    return set(found)


def test_every_process_table_is_in_the_access_table() -> None:
    told = {id(line) for flow in access.flows() for line in flow.table}

    assert told
    assert transitions_of_source() <= told, "add the flow to config.access.flows"


def test_a_step_names_the_roles_that_its_process_allows() -> None:
    [issue] = [one for one in entries() if one.code == "round.issue"]

    assert issue.roles == (Role.COUNTY_ORG_ADMIN,)
    assert issue.object == "选派批次"
    assert issue.where.endswith(" 时")


def test_every_row_says_a_thing_an_act_and_known_roles_in_words() -> None:
    known = {role.value for role in Role} | {"any", "public", "server"}
    wrong = [
        f"{one.code}: {one.object} {one.action} {set(one.roles) - known}"
        for one in entries()
        if not one.object or not one.action or not one.roles or set(one.roles) - known
    ]

    assert not wrong
    assert all(word for one in entries() for word in role_words(one.roles))


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_only_administrators_open_the_table(house: Furnished, role: str) -> None:
    answer = house.client(house.next_door[role]).get(reverse("access_table"))

    assert answer.status_code == (200 if role in ADMINISTRATORS else 403)
    assert ("哪个身份可以办什么" in body(answer)) == (role in ADMINISTRATORS)


def test_the_table_is_filtered_by_role_object_and_word(house: Furnished) -> None:
    client = house.client(house.world.sys_admin)
    everything = client.get(reverse("access_table")).context["total"]

    def shown(**asked: str) -> list[Any]:
        return [one for one, _ in client.get(reverse("access_table"), asked).context["lines"]]

    mine = shown(role=Role.CANDIDATE.value)
    assert 0 < len(mine) < everything
    assert all(one.open_to(Role.CANDIDATE) for one in mine)
    assert {one.object for one in shown(object="选派批次")} == {"选派批次"}
    assert {one.kind for one in shown(kind="operation")} == {Kind.OPERATION}
    assert {one.code for one in shown(q="权限表")} == {"access_table", "access_export"}
    assert len(shown(role="nobody", object="nothing", kind="?")) == everything


def test_the_table_goes_out_as_a_workbook_with_the_same_rows(house: Furnished) -> None:
    client = house.client(house.world.sys_admin)
    answer = client.get(reverse("access_export"), {"role": "candidate"})

    book = openpyxl.load_workbook(io.BytesIO(answer.content), read_only=True)
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    book.close()
    shown = client.get(reverse("access_table"), {"role": "candidate"}).context["total"]
    assert len(rows) == shown + 2
    assert_marked(rows[0][0], house.world.sys_admin)
    assert rows[1][0] == "对象"


def test_nobody_else_takes_the_table_out(house: Furnished) -> None:
    assert house.client(house.world.officer).get(reverse("access_export")).status_code == 403


def test_every_thing_in_the_table_has_a_name_for_people() -> None:
    assert not [one.object for one in entries() if one.object.startswith("/")]
    assert not [one.action for one in entries() if one.kind is Kind.JOB and one.action.isascii()]
