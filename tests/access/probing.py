"""How do the tests of access ask, and when are two answers one?"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from lingyan.api.gate import OPERATIONS, Declared
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from tests.api.programs import Program, program
from tests.furnished import INSTALLATION, Furnished, addresses, body

NAMED = sorted(
    {role for one in addresses() for role in one.roles} - {"any", "public"}
    | {role for one in OPERATIONS for role in one.roles} - {"any"}
)  # fmt: skip
TRIED = (*NAMED, Role.VILLAGER.value)
BUSINESS = tuple(role for role in TRIED if role not in INSTALLATION)
# What differs at each answer, whoever asks for what.
OWN_TO_EACH = {"X-Request-ID", "Date", "Content-Length", "Set-Cookie"}


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that an answer says, without the ids that were asked for."""

    status: int
    body: str
    headers: tuple[tuple[str, str], ...]
    queries: int

    @property
    def said(self) -> tuple[Any, ...]:
        return self.status, self.body, self.headers


def told(ask: Callable[[], Any], ids: Iterable[object]) -> Told:
    """Give the ids of both answers that will be compared: a short one may stand in any number."""
    with CaptureQueriesContext(connection) as queries:
        answer = ask()
    headers = tuple(
        sorted((name, value) for name, value in answer.headers.items() if name not in OWN_TO_EACH)
    )
    text = body(answer)
    for one in sorted(map(str, ids), key=len, reverse=True):
        text = text.replace(one, "")
        headers = tuple((name, value.replace(one, "")) for name, value in headers)
    return Told(answer.status_code, text, headers, len(queries))


def parts_of(declared: Declared) -> list[str]:
    return [part[1:-1] for part in declared.path.split("/") if part.startswith("{")]


# What an operation asks for beside ids.
WORDS = {"code": "people", "step": "cancel", "act": "opinion", "book": "needs"}


INDICATOR = "IND-2-01"


def path_of(declared: Declared, ids: dict[str, Any]) -> str:
    words = WORDS | ({"code": INDICATOR} if declared.path.startswith("/indicators/") else {})
    return declared.path.format(
        **{part: words.get(part) or ids[part] for part in parts_of(declared)}
    )


def asks_for_a_record(declared: Declared) -> bool:
    return any(part.endswith("_id") for part in parts_of(declared))


# A body that the operation takes, so that it comes as far as the record.
BODIES: dict[str, dict[str, Any]] = {
    "change_place": {"name": "改名村"},
    "change_unit": {"sector": "农业"},
    "change_person": {"job_title": "干部"},
    "end_office": {"until": "2026-03-10"},
    "take_step": {"reason": "试"},
    "choose_plan": {"reason": "试"},
    "add_round_villages": {"need_lists": [str(uuid.UUID(int=7))]},
    "add_round_people": {"pool_entries": [str(uuid.UUID(int=7))]},
    "create_place": {"code": "990100100299", "name": "新村", "edition": "2020"},
    "create_unit": {"name": "新单位", "category": "county_dept", "place": str(uuid.UUID(int=7))},
    "create_person": {"name": "冯丁三", "unit": str(uuid.UUID(int=7))},
    "create_officer": {
        "person": "R9999", "village": str(uuid.UUID(int=7)), "post": "vc_director",
        "since": "2026-01-01",
    },
    "remove_round_villages": {"round_villages": [str(uuid.UUID(int=7))]},
    "remove_round_people": {"round_people": [str(uuid.UUID(int=7))]},
    "withdraw_round_person": {"reason": "试"},
    "hand_over_posting": {"text": "印章和资料"},
    "write_diary": {"happened_on": "2026-03-02", "duty": "D1", "text": "试"},
    "ask_leave": {
        "kind": "personal", "since": "2026-03-20", "last_day": "2026-03-20", "reason": "试",
    },
    "decide_leave": {"outcome": "approve"},
    "confirm_return": {"back_on": "2026-03-02"},
    "confirm_month": {"month": "2026-02-01", "days": 0},
    "find_problem": {
        "text": "试", "found_on": "2026-03-02", "owner": "village", "due_on": "2026-03-20",
    },
    "step_problem": {"act": "handle", "text": "试"},
    "raise_help": {"kind": "housing", "text": "试"},
    "step_help": {"act": "begin", "text": "试"},
    "record_visit": {"happened_on": "2026-03-02", "text": "试"},
    "record_activity": {
        "kind": "theme_day", "day": "2026-03-02", "pairings": [str(uuid.UUID(int=7))],
    },
    "save_health_check": {"member_seats": 1},
    "give_opinion": {"text": "产业基础一般"},
    "confirm_health_check": {"summary": "一般", "village_types": ["weak_org"]},
    "return_health_check": {"reason": "试"},
    "record_notice_objection": {"raised_on": "2026-03-10", "text": "试"},
    "settle_notice_objection": {"outcome": "rejected", "text": "试"},
    "save_own_wishes": {"wishes": []},
    "confirm_unit_wishes": {"order": []},
    "return_unit_wishes": {"reason": "试"},
    "save_intentions": {"intentions": []},
    "recommend_person": {"person": str(uuid.UUID(int=7)), "category": "reserve"},
    "change_declaration": {"grassroots_years": 3},
    "remove_pool_entry": {"removal_reason": "own_request"},
    "add_evidence": {"capability": "economy", "text": "试"},
    "review_pool_entries": {"entries": [str(uuid.UUID(int=7))]},
    "change_need_list": {"member_seats": 1},
    "issue_need_lists": {"need_lists": [str(uuid.UUID(int=7))]},
    "act_on_health_checks": {"checks": [str(uuid.UUID(int=7))], "text": "试"},
    "enter_objection": {"kind": "county_ban", "place": str(uuid.UUID(int=7)), "reason": "试"},
    "lift_objection": {"reason": "试"},
    "veto_candidate": {"round_person": str(uuid.UUID(int=7)), "reason": "试"},
    "refuse_village": {"round_village": str(uuid.UUID(int=7)), "reason": "试"},
    "add_relative": {"other": "R9999", "relation": "spouse"},
    "add_adjoining_towns": {"first": str(uuid.UUID(int=7)), "second": str(uuid.UUID(int=8))},
    "set_calendar_day": {"day": "2026-05-06", "is_workday": False},
    "remove_calendar_day": {"day": "2030-05-06"},
    "change_monthly_report": {"answers": [{"code": "YB-990100-01", "number": 61}]},
    "step_monthly_report": {"act": "return", "reason": "试"},
    "open_round": {"name": "邻县批次", "term_starts_on": "2026-06-01"},
}  # fmt: skip


def ask(caller: Program, declared: Declared, ids: dict[str, Any], **headers: str) -> Any:
    sent = BODIES.get(declared.name, {}) if declared.writes else None
    asked = "?purpose=名册核对" if declared.name == "export_sheet" else ""
    return caller.send(declared.method, path_of(declared, ids) + asked, sent, **headers)


class Programs(dict[str, Program]):
    """One program for each role of these actors, made when it is first asked for."""

    def __init__(self, actors: dict[str, Actor]) -> None:
        super().__init__()
        self._actors = actors

    def __missing__(self, role: str) -> Program:
        self[role] = caller = program(self._actors[role])
        # Called once: the first use of a token is noted, later ones are not.
        caller.get("/me")
        return caller


def nobodys(ids: dict[str, Any]) -> dict[str, Any]:
    return {
        name: 987654 if isinstance(value, int) else uuid.UUID(int=number + 1000)
        for number, (name, value) in enumerate(ids.items())
    }


def actor_of_role(house: Furnished, role: str) -> Actor | None:
    return next((actor for actor in house.world.everyone if actor.role == role), None)
