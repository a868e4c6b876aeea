"""Whoever takes people's data away leaves an entry that names each of them (issue: 谁看过我的记录).

Every address and every operation that answers is asked. A list on a page is looked through and is
no reading of each; a file, a print and a list read by a program go away with whoever asked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from lingyan.api.gate import OPERATIONS
from lingyan.directory.models import Person
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.models import AuditEntry, FurtherSubject
from tests.access.probing import Programs, ask
from tests.access.test_leak_6_files import cells
from tests.furnished import Furnished, addresses
from tests.world import World

pytestmark = pytest.mark.slow

# What names people and yet is no reading of their records.
NOBODYS = {
    "exchange_template": "the example in a template is called 李甲一 too",
    "get_template": "as above",
    "audit_export": "the history says who did what to whom; it is read by its administrator alone",
    "list_history": "as above",
    "get_notice": "the notice hangs on the wall of the county for everybody",
}
PRINTS = {"plan_print"}


def said(answer: Any) -> str:
    """Everything that an answer says, also inside a workbook."""
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    kind = answer.headers["Content-Type"]
    if "spreadsheet" in kind:
        return cells(data)
    if "json" in kind:
        return json.dumps(json.loads(data), ensure_ascii=False)
    return str(data.decode("utf-8", "replace"))


def goes_away(name: str, answer: Any) -> bool:
    page = answer.headers["Content-Type"].startswith("text/html")
    return name not in NOBODYS and (not page or name in PRINTS)


def named_by(text: str, actor: Actor) -> dict[str, str]:
    """Whom the answer names, oneself apart, by the id of the record."""
    found = Person.objects.exclude(pk=actor.scope.person_id).exclude(name=actor.name)
    return {str(one.pk): one.name for one in found if one.name in text and not one.merged_into_id}


def told_since(number: int) -> set[str]:
    """Whom reading entries have named since."""
    entries = AuditEntry.objects.filter(number__gt=number, is_reading=True)
    further = FurtherSubject.objects.filter(entry_number__in=entries.values("number"))
    return {*entries.values_list("subject_id", flat=True),
            *further.values_list("subject_id", flat=True)}  # fmt: skip


def last_number() -> int:
    newest = AuditEntry.objects.order_by("-number").values_list("number", flat=True)
    return newest.first() or 0


class Asker:
    """Asks as the first of the world to whom something opens, and keeps what was not told."""

    def __init__(self, world: World) -> None:
        self.actors = sorted(world.everyone, key=lambda one: one.role != "county_org_admin")
        self.missing: dict[str, list[str]] = {}
        self.naming: set[str] = set()

    def ask(self, name: str, roles: Iterable[str], send: Callable[[Actor], Any]) -> None:
        for actor in self.actors:
            if "any" not in roles and actor.role not in roles:
                continue
            before = last_number()
            answer = send(actor)
            if answer.status_code == 200:
                self._judge(name, actor, answer, before)
                for close in answer._resource_closers:
                    close()
                return

    def _judge(self, name: str, actor: Actor, answer: Any, before: int) -> None:
        if not goes_away(name, answer):
            return
        named, told = named_by(said(answer), actor), told_since(before)
        if named:
            self.naming.add(name)
        if untold := [label for key, label in named.items() if key not in told]:
            self.missing[name] = untold


@pytest.fixture
def asker(house: Furnished) -> Asker:
    return Asker(house.world)


def test_every_file_and_print_names_the_people_on_it(house: Furnished, asker: Asker) -> None:
    for address in addresses():
        asker.ask(
            address.name,
            address.roles,
            lambda actor, address=address: house.client(actor).get(house.url(address)),
        )

    assert asker.naming >= {
        "plan_workbook", "plan_json", "plan_print", "round_people_workbook",
        "round_needs_workbook", "exchange_export",
    }  # fmt: skip
    assert not asker.missing


def test_every_answer_to_a_program_names_the_people_in_it(house: Furnished, asker: Asker) -> None:
    callers = Programs({actor.role: actor for actor in reversed(asker.actors)})
    for one in OPERATIONS:
        if one.method == "GET":
            asker.ask(
                one.name,
                one.roles,
                lambda actor, one=one: ask(callers[actor.role], one, house.ids),
            )

    assert asker.naming >= {
        "list_people", "get_person", "list_pool", "list_postings", "get_posting", "export_sheet",
        "list_officers", "list_relatives", "list_round_people", "get_plan_workbook",
    }  # fmt: skip
    assert not asker.missing
