"""Whom and which village do the rule tests speak about?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from lingyan.posting.rules import (
    DEFAULT_RULES,
    Outcome,
    PersonFacts,
    RuleSetting,
    TermFacts,
    VillageFacts,
    check_pair,
)

TERM = TermFacts(as_of=date(2026, 3, 1), starts_on=date(2026, 4, 1), months=24)
PERSON = PersonFacts(
    id="李甲一",
    name="李甲一",
    unit="县农业农村局",
    gender="male",
    birth_on=date(1988, 5, 1),
    political_status="full_member",
    full_member_since=date(2012, 7, 1),
    work_since=date(2010, 8, 1),
    pool_state="in_pool",
)
VILLAGE = VillageFacts(id="罗盘", name="罗盘村", town="龙泉土家族乡")
BY_CODE = {rule.code: rule for rule in DEFAULT_RULES}


def rule(code: str, **changes: Any) -> RuleSetting:
    """One rule as the county has set it."""
    return replace(BY_CODE[code], **changes)


def outcome(
    code: str,
    person: PersonFacts = PERSON,
    village: VillageFacts = VILLAGE,
    *,
    role: str = "first_secretary",
    setting: RuleSetting | None = None,
    minutes: int | None = None,
) -> Outcome | None:
    """What one rule says; None if it does not apply."""
    rules = (setting or BY_CODE[code],)
    lines = check_pair(person, village, role, TERM, rules, minutes=minutes)
    assert all(line.text for line in lines), "each line is a sentence for people"
    told = [line.fields for line in lines if line.outcome != Outcome.PASS]
    assert all(told) or person.restricted, "what does not pass names the fields that were read"
    return lines[0].outcome if lines else None
