"""Leak class 3: ids and names inside a form or a body, which tell whether a record exists."""

from __future__ import annotations

import uuid
from typing import Any

from lingyan.directory.models import Person
from tests.access.probing import told
from tests.api.programs import Program, data
from tests.furnished import Furnished, body, changed_tables, photograph

ID_NUMBER = "110101199001011237"


def bodies(ids: dict[str, Any]) -> list[tuple[str, str, str, dict[str, Any]]]:
    """Role next door, method, path, and a body that names records of the world (or nobody's)."""
    return [
        ("county_org_admin", "POST", "/units",
         {"name": "新单位", "category": "county_dept", "place": str(ids["county_id"])}),
        ("county_org_admin", "POST", "/people", {"name": "冯丁三", "unit": str(ids["unit_id"])}),
        ("unit_party_admin", "POST", "/people", {"name": "冯丁三", "unit": str(ids["unit_id"])}),
        ("county_org_admin", "POST", "/officers",
         {"person": ids["number"], "village": str(ids["place_id"]), "post": "vc_director",
          "since": "2026-01-01"}),
        ("county_org_admin", "GET", f"/places?parent={ids['county_id']}", {}),
        ("county_org_admin", "GET", f"/people?unit={ids['unit_id']}", {}),
        ("county_org_admin", "GET", f"/officers?village={ids['place_id']}", {}),
        ("county_org_admin", "GET", f"/officers?town={ids['town_id']}", {}),
        ("county_org_admin", "GET", f"/need-lists?village={ids['place_id']}", {}),
        ("county_org_admin", "GET", f"/postings?unit={ids['unit_id']}", {}),
        ("county_org_admin", "GET", f"/postings?round={ids['round_id']}", {}),
        ("county_org_admin", "GET", f"/postings?village={ids['place_id']}", {}),
        ("county_org_admin", "GET", f"/imports?q={ids['number']}", {}),
        ("county_org_admin", "GET", f"/people?q={ids['number']}", {}),
    ]  # fmt: skip


def test_a_hidden_id_in_a_body_or_filter_is_like_one_that_nobody_has(
    house: Furnished, next_door: dict[str, Program]
) -> None:
    ours = {**house.ids, "county_id": house.world.county.pk, "town_id": house.world.north.pk}
    nobody = {name: uuid.uuid4() for name in ours} | {"number": "R9876"}
    for role in ("county_org_admin", "unit_party_admin"):
        assert next_door[role]
    before, wrong = photograph(), []
    named = [*ours.values(), *nobody.values()]

    for (role, method, path, sent), (_, _, other_path, other) in zip(
        bodies(ours), bodies(nobody), strict=True
    ):
        caller = next_door[role]
        hidden = told(lambda c=caller, m=method, p=path, s=sent: c.send(m, p, s or None), named)
        absent = told(
            lambda c=caller, m=method, p=other_path, s=other: c.send(m, p, s or None), named
        )
        if hidden.said != absent.said or hidden.queries != absent.queries:
            wrong.append(f"{role} {path}: {hidden.status}/{absent.status} {hidden.body[:80]}")
        if method == "POST" and hidden.status < 400:
            wrong.append(f"{role} {path}: {hidden.status}")

    assert not wrong
    assert not [table for table in changed_tables(before) if table != "api_apitoken"]


def test_ids_in_a_list_of_chosen_ones_are_one_answer(
    house: Furnished, next_door: dict[str, Program]
) -> None:
    caller = next_door["county_org_staff"]
    made = data(caller.post("/rounds", {"name": "邻县批次", "term_starts_on": "2026-06-01"}))
    for path, name, hidden in (("villages", "need_lists", "need_list_id"),
                               ("people", "pool_entries", "entry_id")):  # fmt: skip
        answers = [
            caller.post(f"/rounds/{made['id']}/{path}", {name: [str(one)]})
            for one in (house.ids[hidden], uuid.uuid4())
        ]
        assert [one.status_code for one in answers] == [404, 404]
        assert answers[0].content == answers[1].content


def test_a_taken_identity_number_names_nobody_whom_one_may_not_see(
    house: Furnished, next_door: dict[str, Program]
) -> None:
    li = Person.objects.get(pk=house.world.li.pk)
    li.set_id_number(ID_NUMBER)
    li.save()
    sent = {"name": "冯丁三", "unit": str(house.next_door["unit_party_admin"].scope.unit_ids[0]),
            "id_number": ID_NUMBER}  # fmt: skip

    for role in ("unit_party_admin", "county_org_admin"):
        answer = next_door[role].post("/people", sent)
        assert answer.status_code == 409
        assert "李甲一" not in answer.content.decode()
        assert "他人" in data(answer)["detail"]


def test_the_form_of_the_page_says_no_more(house: Furnished) -> None:
    li = Person.objects.get(pk=house.world.li.pk)
    li.set_id_number(ID_NUMBER)
    li.save()
    unit = str(house.next_door["unit_party_admin"].scope.unit_ids[0])

    answer = house.client(house.next_door["unit_party_admin"]).post(
        "/directory/people/new/", {"name": "冯丁三", "unit": unit, "id_number": ID_NUMBER}
    )

    assert answer.status_code == 409
    assert "李甲一" not in body(answer)
