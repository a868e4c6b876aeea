"""Does any request that the document allows, or nearly allows, find an error of ours?"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from lingyan.api.gate import OPERATIONS, Declared
from lingyan.api.service import api
from lingyan.common import clock
from lingyan.directory.roles import Role
from tests.api.programs import ROOT, program
from tests.furnished import ISSUED_ON, Furnished, furnish
from tests.world import _actor, build_world

pytestmark = pytest.mark.slow

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 6
SEED = 20261121
# Where the body or the query names a record: which one of the furnished county it is.
NAMED = {
    "place": "place_id", "village": "place_id", "unit": "unit_id", "town": "town_id",
    "parent": "town_id", "round": "round_id", "need_lists": "need_list_id",
    "pool_entries": "entry_id", "entries": "entry_id", "checks": "check_id", "person": "person_id",
    "round_person": "round_person_id", "round_village": "round_village_id",
    "round_villages": "round_village_id", "round_people": "round_person_id",
}  # fmt: skip


@pytest.fixture(scope="module")
def _house(django_db_setup: None, django_db_blocker: Any) -> Iterator[Furnished]:
    with django_db_blocker.unblock(), transaction.atomic():
        furnished = furnish(build_world())
        furnished.ids["town_id"] = furnished.world.north.pk
        yield furnished
        transaction.set_rollback(True)


@pytest.fixture
def house(_house: Furnished, db: None) -> Iterator[Furnished]:
    with clock.at(ISSUED_ON):
        yield _house


@pytest.fixture(scope="module")
def schema() -> Iterator[Any]:
    """The document, asked over WSGI in this process; the test's connection stays open."""
    found = schemathesis.openapi.from_dict(api.get_openapi_schema(path_prefix="api/v1"))
    found.app = get_wsgi_application()
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield found
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def with_records(house: Furnished, case: Any) -> None:
    """Let the request mean records that exist, so that it comes as far as the act."""
    for part in case.path_parameters or {}:
        if part in house.ids:
            case.path_parameters[part] = str(house.ids[part])
    for given_values in (case.query, case.body):
        if not isinstance(given_values, dict):
            continue
        for name, kind in NAMED.items():
            if name in given_values:
                one = str(house.ids[kind])
                given_values[name] = [one] if isinstance(given_values[name], list) else one


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("declared", OPERATIONS, ids=lambda one: one.name)
def test_no_request_finds_an_error_of_ours(
    house: Furnished, schema: Any, declared: Declared, mode: GenerationMode
) -> None:
    asked = schema[f"{ROOT}{declared.path}"][declared.method]
    if mode is GenerationMode.NEGATIVE and not can_be_wrong(asked):
        return
    known = (actor for actor in house.world.everyone if declared.open_to(actor.role))
    caller = next(known, None) or _actor(
        "fuzzed", "本村同志", Role(declared.roles[0]), place=house.world.pine
    )
    secret = program(caller).secret
    seen: set[int] = set()

    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=asked.as_strategy(generation_mode=mode), real=st.booleans())
    def send(case: Any, real: bool) -> None:
        if real:
            with_records(house, case)
        random.seed(SEED)
        with transaction.atomic():
            answer = case.call(headers={"Authorization": f"Bearer {secret}"})
            transaction.set_rollback(True)
        seen.add(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    send()

    assert seen, "nothing was sent"
    assert 429 not in seen


def can_be_wrong(asked: Any) -> bool:
    return bool(asked.body) or any(asked.iter_parameters())
