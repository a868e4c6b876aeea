"""The access table of the API, carried out for each role: own, next door and nobody's."""

from __future__ import annotations

import pytest

from lingyan.api.gate import OPERATIONS
from lingyan.directory.models import RoleAssignment
from tests.access.probing import (
    BODIES,
    BUSINESS,
    TRIED,
    actor_of_role,
    ask,
    asks_for_a_record,
    nobodys,
    parts_of,
    told,
)
from tests.api.programs import Program, data, program
from tests.furnished import EXAMPLES, Furnished, changed_tables, photograph, spoken

# The note of when a token was used is not a change of what is asked about.
NOTED = "api_apitoken"


def changes(before: dict[str, list[tuple[object, ...]]]) -> list[str]:
    return [table for table in changed_tables(before) if table != NOTED]


def test_every_operation_can_be_tried(house: Furnished) -> None:
    unknown = [
        f"{one.name}: {part}"
        for one in OPERATIONS
        for part in parts_of(one)
        if part.endswith("_id") and part not in house.ids
    ]
    without_body = [
        one.name for one in OPERATIONS if one.writes and one.name not in {*BODIES, *BODILESS}
    ]

    assert not unknown, f"tests/furnished.py has no record for {unknown}"
    assert not without_body, f"tests/access/probing.py has no body for {without_body}"


# They take nothing, or a file.
BODILESS = {
    "issue_need_list", "apply_import", "undo_import", "send_sheet", "start_health_check",
    "submit_health_check", "review_health_check", "complete_posting", "submit_own_wishes",
    "submit_intentions", "review_pool_entry", "admit_pool_entry", "return_pool_entry",
    "verify_evidence", "recheck_import", "remove_relative", "remove_adjoining_towns",
    "check_history",
}  # fmt: skip


@pytest.mark.parametrize("secret", ["", "lingyan_wrong", "\u4e2d", "lingyan_" + "x" * 5000])
def test_without_a_token_nothing_is_told(house: Furnished, secret: str) -> None:
    before, wrong = photograph(), []
    for one in OPERATIONS:
        answer = ask(Program(secret), one, house.ids)
        if answer.status_code != 401 or data(answer)["code"] not in ("api.no_token",
                                                                     "api.bad_token"):  # fmt: skip
            wrong.append(f"{one.name}: {answer.status_code}")

    assert not wrong
    assert not changes(before)


def test_a_page_session_opens_no_operation(house: Furnished) -> None:
    client = house.client(house.world.admin)

    assert client.get("/api/v1/me").status_code == 401
    assert client.post("/api/v1/units", {}, content_type="application/json").status_code == 401


@pytest.mark.pure  # the gate stands before every database
@pytest.mark.parametrize("role", TRIED)
def test_a_role_without_the_operation_is_refused_before_anything_is_read(
    house: Furnished, next_door: dict[str, Program], role: str
) -> None:
    """One gate stands before all operations: a third of the roles ask for each, in turn."""
    assert next_door[role]
    before = photograph()
    refused = [
        one
        for turn, one in enumerate(OPERATIONS, TRIED.index(role))
        if turn % 3 == 0 and not one.open_to(role)
    ]

    wrong = [
        f"{one.name}: {answer.status_code}"
        for one in refused
        if (answer := ask(next_door[role], one, house.ids)).status_code != 403
        or data(answer)["code"] != "api.wrong_role"
    ]

    assert not wrong
    assert not changes(before)


@pytest.mark.parametrize("role", BUSINESS)
def test_not_yours_and_not_there_are_one_answer_at_one_price(
    house: Furnished, next_door: dict[str, Program], role: str
) -> None:
    assert next_door[role]
    before, wrong, nowhere = photograph(), [], nobodys(house.ids)
    named = [*house.ids.values(), *nowhere.values()]
    for one in OPERATIONS:
        if not (asks_for_a_record(one) and one.open_to(role)):
            continue
        hidden = told(lambda one=one: ask(next_door[role], one, house.ids), named)
        absent = told(lambda one=one: ask(next_door[role], one, nowhere), named)
        if hidden.status != 404 or hidden.said != absent.said:
            wrong.append(f"{one.name}: {hidden.status}/{absent.status}")
        if hidden.queries != absent.queries:
            wrong.append(f"{one.name}: {hidden.queries} queries, {absent.queries} for nobody's")

    assert not wrong
    assert not changes(before)


@pytest.mark.parametrize("role", BUSINESS)
def test_no_list_count_or_file_next_door_speaks_of_the_world(
    house: Furnished, next_door: dict[str, Program], role: str
) -> None:
    names, wrong = house.names(), []
    for one in OPERATIONS:
        if one.writes or asks_for_a_record(one) or not one.open_to(role):
            continue
        answer = ask(next_door[role], one, house.ids)
        said = {(one.name, name) for name in spoken(answer, names)} - EXAMPLES
        if said:
            wrong.append(f"{one.name}: {said}")

    assert not wrong


@pytest.mark.parametrize(
    "role", ["county_org_staff", "county_org_admin", "county_org_leader", "county_agri"]
)
def test_the_county_itself_finds_every_record_that_its_roles_open(
    house: Furnished, role: str
) -> None:
    """The other side of the table, so that a refusal above is no accident."""
    actor = actor_of_role(house, role)
    assert actor is not None
    caller, found = program(actor), 0
    for one in OPERATIONS:
        if one.writes or not one.open_to(role) or {"job_id", "import_id"} & set(parts_of(one)):
            continue
        answer = ask(caller, one, house.ids)
        found += 1
        # Which sheets and indicators a role may have is said by these, not by the operation.
        by_code = one.path.startswith(("/sheets/{code}", "/indicators/{code}"))
        may_be = (200, 422, 404) if by_code else (200,)
        assert answer.status_code in may_be, f"{one.name}: {answer.status_code}"

    assert found > 5


def test_a_town_officer_of_the_same_county_finds_nothing_of_the_next_town(
    house: Furnished,
) -> None:
    caller, names = program(house.world.south_org), ["松树村", "溪口村", "北山镇"]
    said = []
    for path in ("/places", "/officers", "/need-lists", "/postings", "/rounds",
                 f"/rounds/{house.ids['round_id']}/villages"):  # fmt: skip
        answer = caller.get(path)
        assert answer.status_code == 200, path
        said += [f"{path} {name}" for name in names if name in str(data(answer))]

    assert not said
    assert caller.get(f"/places/{house.world.pine.pk}").status_code == 404
    assert caller.get(f"/need-lists/{house.ids['need_list_id']}").status_code == 404


def test_a_role_that_has_ended_ends_its_tokens(house: Furnished) -> None:
    caller = program(house.world.officer)
    assert caller.get("/rounds").status_code == 200

    RoleAssignment.objects.filter(user_id=house.world.officer.user_id).update(until="2026-03-10")

    assert caller.get("/rounds").status_code == 401
