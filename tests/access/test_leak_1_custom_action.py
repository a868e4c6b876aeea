"""Leak class 1: an act of its own, which forgets the scope that the list has."""

from __future__ import annotations

from typing import Any

import pytest

from lingyan.api.gate import OPERATIONS
from lingyan.config import access
from tests.access.probing import BUSINESS, WORDS
from tests.furnished import (
    Furnished,
    addresses,
    changed_tables,
    photograph,
    speaks_for,
    spoken,
)

# Acts of a page or an operation stand behind a word after the id, or take no id at all.
ACTS = [one for one in addresses() if one.asks_for_a_record]


@pytest.mark.parametrize("role", BUSINESS)
def test_no_act_on_a_hidden_record_does_anything_whatever_is_sent(
    house: Furnished, role: str
) -> None:
    """Every form field that any page asks for is sent to every act at once."""
    client, before, wrong = house.client(house.next_door[role]), photograph(), []
    for one in ACTS:
        if not speaks_for(role, one) or one.name == "calendar_remove":
            continue
        answer = client.post(house.url(one), FULL)
        if answer.status_code not in (404, 405):
            wrong.append(f"{one.name}: {answer.status_code}")

    assert not wrong
    assert not changed_tables(before)


FULL: dict[str, Any] = {
    "reason": "试", "text": "试", "decision": "同意", "decided_on": "2026-03-09", "name": "改名",
    "document_number": "试1号", "starts_on": "2026-06-01", "until": "2026-03-10", "submit": "1",
    "summary": "试", "village_types": ["weak"], "act": "confirm", "yes": "1", "all": "1",
    "gender": "male", "state": "accepted", "outcome": "accepted", "findings": "试",
}  # fmt: skip


def test_no_act_that_takes_all_takes_what_is_not_ones_own(house: Furnished) -> None:
    """Bulk acts without ids: 全部下达, 全部加入, 全部审核."""
    before, names, wrong = photograph(), house.names(), []
    for role in BUSINESS:
        client = house.client(house.next_door[role])
        for one in addresses():
            if one.asks_for_a_record or one.is_public or not speaks_for(role, one):
                continue
            if one.name in {"choose_role", "token_create", "account_logout", "sign_out"}:
                continue
            answer = client.post(house.url(one), {"all": "1", "act": "start_review"})
            if said := spoken(answer, names):
                wrong.append(f"{role} {one.name}: {said}")

    assert not wrong
    assert not [table for table in changed_tables(before) if table.startswith("posting_")]


def test_every_act_of_a_process_names_its_roles_and_no_role_has_all() -> None:
    lines = [line for flow in access.flows() for line in flow.table]

    # What comes of itself is nobody's step.
    assert {line.act for line in lines if not line.roles} == {"close", "escalate", "replace"}
    assert not [line.act for line in lines if "any" in line.roles]


def test_every_operation_that_writes_has_a_page_with_the_same_roles() -> None:
    pages = {frozenset(one.roles) for one in addresses()}

    assert not [one.name for one in OPERATIONS if one.writes and frozenset(one.roles) not in pages]
    assert WORDS
