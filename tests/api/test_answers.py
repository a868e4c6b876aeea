"""What do programs read, how do they page, and how are they told what is wrong?"""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from lingyan.api.gate import OPERATIONS
from lingyan.config.logs import JsonLines
from lingyan.directory.models import Person, Place, Unit
from lingyan.platform.audit.models import AuditEntry
from tests.api.programs import ROOT, data, program
from tests.demo_line import HEADER, says_demo
from tests.world import World


def test_the_document_lists_every_operation_with_its_problems(world: World) -> None:
    document = json.loads(Client().get(f"{ROOT}/openapi.json").content)
    told = {
        operation["operationId"]: operation
        for path in document["paths"].values()
        for operation in path.values()
    }

    assert set(told) == {one.name for one in OPERATIONS}
    for operation in told.values():
        assert operation["security"], operation["operationId"]
        assert list(operation["responses"]["404"]["content"]) == ["application/problem+json"]


def test_every_answer_of_a_demo_says_so_and_of_a_county_does_not(world: World) -> None:
    caller = program(world.admin)

    def answers() -> list[Any]:
        return [
            caller.get("/people?limit=1"), caller.get(f"/people/{world.pine.pk}"),
            caller.post("/units"), caller.get("/sheets/units/export?purpose=名册核对"),
            Client().get(f"{ROOT}/units"), Client().get(f"{ROOT}/openapi.json"),
        ]  # fmt: skip

    real = answers()
    Place.objects.update(is_demo=True)
    demo = answers()

    assert {one.status_code for one in demo} == {200, 401, 404, 422}
    assert not any(HEADER in one.headers for one in real)
    assert [one.status_code for one in demo if not says_demo(one)] == []


def test_a_person_is_masked(world: World) -> None:
    li = Person.objects.get(pk=world.li.pk)
    li.set_id_number("110101199001011237")
    li.set_phone("13800001234")
    li.save()

    shown = data(program(world.admin).get(f"/people/{li.pk}"))

    assert shown["id_number"] not in ("", "110101199001011237")
    assert "*" in shown["id_number"]
    assert "*" in shown["phone"]
    assert "cipher" not in str(shown)


def test_a_change_writes_what_is_sent_and_leaves_the_rest(world: World) -> None:
    caller = program(world.admin)
    read = caller.get(f"/units/{world.finance.pk}")

    changed = caller.patch(f"/units/{world.finance.pk}", {"sector": "财政"}, If_Match=read["ETag"])

    assert data(changed) == {**data(read), "sector": "财政"}
    trace = AuditEntry.objects.filter(subject_id=str(world.finance.pk)).latest("number")
    assert (trace.action, trace.actor_name) == ("directory.unit.changed", world.admin.name)


def test_a_change_of_what_has_changed_meanwhile_is_refused(world: World) -> None:
    caller = program(world.admin)
    read = caller.get(f"/units/{world.finance.pk}")
    Unit.objects.filter(pk=world.finance.pk).update(sector="农业")

    refused = caller.patch(f"/units/{world.finance.pk}", {"sector": "财政"}, If_Match=read["ETag"])

    assert refused.status_code == 412
    assert data(refused)["code"] == "api.changed_meanwhile"
    assert Unit.objects.get(pk=world.finance.pk).sector == "农业"


def test_a_refusal_of_the_page_is_the_refusal_of_the_api(world: World) -> None:
    sent = {"name": world.finance.name, "category": "county_dept", "place": str(world.county.pk)}

    answer = program(world.admin).post("/units", sent)
    page = world.client(world.admin).post("/directory/units/new/", sent)

    assert answer.status_code == page.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert data(answer)["reasons"][0]["text"] in page.content.decode()


def test_every_field_that_is_wrong_is_named(world: World) -> None:
    answer = program(world.admin).post(
        "/people", {"name": "甲", "phone": "12", "native_place": "无此乡"}
    )

    assert answer.status_code == 422
    assert {"native_place", "phone"} <= {one["field"] for one in data(answer)["reasons"]}


@pytest.mark.parametrize(
    "path",
    [
        "/people?limit=0", "/people?limit=-1", "/people?limit=201",
        "/people?limit=100000000000000000000", "/people?limit=a", "/people?sort=path",
        "/people?cursor=abc", "/people?unit=1", "/need-lists?priority_class=9",
        "/places/1", "/rounds?state=none",
    ],
)  # fmt: skip
def test_what_no_list_takes_is_refused_in_words(world: World, path: str) -> None:
    answer = program(world.admin).get(path)

    assert answer.status_code == 422
    assert data(answer)["code"] in ("api.invalid", "api.bad_cursor")


def test_a_cursor_of_another_order_is_refused(world: World) -> None:
    caller = program(world.admin)
    cursor = data(caller.get("/people?limit=2&sort=name"))["next_cursor"]

    assert caller.get(f"/people?limit=2&sort=-number&cursor={cursor}").status_code == 422
    assert caller.get(f"/people?limit=2&sort=name&cursor={cursor}").status_code == 200


@pytest.mark.parametrize("sort", ["number", "-number", "name", "-name"])
def test_pages_follow_each_other_in_every_order(world: World, sort: str) -> None:
    caller = program(world.admin)
    whole = [one["id"] for one in data(caller.get(f"/people?sort={sort}"))["items"]]

    cursor, read = "", []
    for _ in range(len(whole)):
        piece = data(caller.get(f"/people?limit=1&sort={sort}&cursor={cursor}"))
        read += [one["id"] for one in piece["items"]]
        cursor = piece["next_cursor"]

    assert read == whole
    assert cursor == ""


def test_a_row_that_comes_between_is_neither_doubled_nor_skipped(world: World) -> None:
    caller = program(world.admin)
    first = data(caller.get("/people?limit=2"))
    Person.objects.create(number="R0000", name="先", unit=world.finance, place=world.county)

    rest = data(caller.get(f"/people?limit=200&cursor={first['next_cursor']}"))

    assert [one["number"] for one in rest["items"]] == ["R0003", "R0004", "R0005", "R0006"]


def test_a_list_costs_the_same_queries_at_any_size(
    world: World, django_assert_num_queries: Any
) -> None:
    caller = program(world.admin)
    caller.get("/people")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        caller.get("/people?limit=2")
    with CaptureQueriesContext(connection) as many:
        caller.get("/people?limit=200")

    # Three of them write down who was read, one asks whether the data are a demo's.
    assert len(few) == len(many) <= 11


def test_too_many_requests_are_refused_for_a_while(world: World, settings: Any) -> None:
    settings.API_PER_MINUTE = 3
    caller, other = program(world.admin), program(world.officer)

    answers = [caller.get("/me").status_code for _ in range(8)]

    assert answers.count(429) >= 2
    refused = caller.get("/me")
    if refused.status_code == 429:
        assert 0 < int(refused["Retry-After"]) <= 60
    assert other.get("/me").status_code == 200


@pytest.mark.parametrize("path", ["/nothing", "/places/x/y", "/people%00"])
def test_what_is_no_operation_is_told_as_a_problem(world: World, path: str) -> None:
    answer = Client().get(f"{ROOT}{path}")

    assert answer.status_code in (400, 404)
    assert answer["Content-Type"] == "application/problem+json"


def test_a_broken_body_is_refused(world: World) -> None:
    caller = program(world.admin)
    answer = Client().post(
        f"{ROOT}/units", "{", content_type="application/json",
        headers={"Authorization": f"Bearer {caller.secret}"},
    )  # fmt: skip

    assert answer.status_code == 400
    assert data(answer)["code"] == "api.invalid"


def test_a_sheet_comes_in_is_looked_at_applied_and_taken_back(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    from tests.platform.sheets import upload, workbook

    caller = program(world.admin)
    file = upload(workbook(("单位", "类别"), [("县林业局", "县直部门")]))
    with django_capture_on_commit_callbacks(execute=True):
        sent = Client().post(
            f"{ROOT}/sheets/units/imports", {"file": file},
            headers={"Authorization": f"Bearer {caller.secret}"},
        )  # fmt: skip
    run = data(sent)["imported"]["id"]
    assert sent.status_code == 202, sent.content.decode()
    assert data(caller.get(f"/imports/{run}"))["state"] == "checked"
    assert data(caller.get(f"/imports/{run}/rows?verdict=new"))["items"][0]["label"]

    with django_capture_on_commit_callbacks(execute=True):
        assert caller.post(f"/imports/{run}/apply").status_code == 202
    assert Unit.objects.filter(name="县林业局").exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert caller.post(f"/imports/{run}/undo").status_code == 202
    assert not Unit.objects.filter(name="县林业局").exists()


def test_the_use_of_a_token_is_noted_to_the_minute(world: World) -> None:
    from lingyan.api.models import ApiToken

    caller = program(world.admin)
    caller.get("/me")
    first = ApiToken.objects.get().last_used_at
    caller.get("/me")

    assert first is not None
    assert ApiToken.objects.get().last_used_at == first


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/people?limit=0", "不能小于 1"),
        ("/people?limit=201", "不能大于 200"),
        ("/people?limit=a", "应为整数"),
        ("/people?unit=1", "应为记录编号"),
        ("/people?sort=path", "不在可选的值里：'number'、'-number'"),
        ("/rounds?state=none", "不在可选的值里"),
        (f"/people?q={'长' * 61}", "最多 60 个字"),
    ],
)
def test_a_value_that_does_not_fit_is_told_in_chinese(world: World, path: str, text: str) -> None:
    answer = data(program(world.admin).get(path))

    assert text in answer["detail"]
    assert answer["reasons"][0]["field"]


def test_no_kind_of_error_is_told_in_english(world: World) -> None:
    from typing import get_args

    from pydantic_core.core_schema import ErrorType

    from lingyan.api.rules import text_of_error

    for kind in get_args(ErrorType):
        assert not text_of_error(kind, {}).isascii(), kind
    wrong = {"name": 3, "term_starts_on": "x", "term_months": "a"}
    reasons = data(program(world.officer).post("/rounds", wrong))["reasons"]
    assert {one["field"].split(".")[-1]: one["text"] for one in reasons} == {
        "name": "应为文字",
        "term_starts_on": "应为日期，如 2026-03-01",
        "term_months": "应为整数",
    }


def test_an_answer_that_fails_is_logged_by_its_route_and_names_no_record(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("lingyan.api.operations.register.person_out", broken)

    answer = program(world.admin).get(f"/people/{world.li.pk}")

    assert answer.status_code == 500
    lines = [JsonLines().format(one) for one in caplog.records]
    assert [one for one in lines if "GET /api/v1/people/<person_id> failed" in one]
    assert not [one for one in lines if str(world.li.pk) in one]
