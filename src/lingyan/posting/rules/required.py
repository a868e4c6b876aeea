"""Which empty fields keep somebody out of a post, and what is said of those who lack one?

依据：matching-design 1.1：政治面貌、转正日期、参加工作时间、出生日期空着的，列为待核实，不参加。
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from lingyan.posting.rules.eligibility import (
    DEFAULT_RULES,
    PERSON_RULES,
    REQUIRED_FIELD_RULES,
    Effect,
    Outcome,
    PersonFacts,
    RuleSetting,
    TermFacts,
)


class Required(NamedTuple):
    """A field, what it is called, the rule that asks for it, and whether every post does."""

    key: str
    label: str
    rule: str
    for_every_post: bool


REQUIRED = (
    Required("birth_on", "出生日期", "R06", for_every_post=True),
    Required("work_since", "参加工作时间", "R05", for_every_post=True),
    Required("political_status", "政治面貌", "R04", for_every_post=False),
    Required("full_member_since", "转正日期", "R04", for_every_post=False),
)


def asked_for(settings: Iterable[RuleSetting] = DEFAULT_RULES) -> tuple[Required, ...]:
    """The fields that these rules read: a rule that is off asks for nothing."""
    on = {rule.code: rule for rule in settings if rule.effect != Effect.OFF}
    return tuple(
        one
        for one in REQUIRED
        if one.rule in on
        and (one.key != "full_member_since" or on[one.rule].parameters["min_party_years"])
    )


def lacking_fields(person: PersonFacts, term: TermFacts) -> tuple[str, ...]:
    """The required fields that nobody has filled in, as the rules themselves find them."""
    found = [
        PERSON_RULES[rule.code](person, term, rule)
        for rule in DEFAULT_RULES
        if rule.code in REQUIRED_FIELD_RULES
    ]
    empty = {name for one in found if one.outcome == Outcome.UNKNOWN for name, _ in one.fields}
    return tuple(one.key for one in REQUIRED if one.label in empty)


def lacking_text(people: int, counts: Mapping[str, int]) -> str:
    """How many lack what, and which posts that closes to them; nothing where nobody does."""
    lacked = [one for one in REQUIRED if counts.get(one.key)]
    told = "、".join(f"{one.label} {counts[one.key]} 人" for one in lacked)
    closed = []
    if everywhere := _labels(one for one in lacked if one.for_every_post):
        closed.append(f"缺{everywhere}的，对任何岗位都是待核实")
    if first_secretary := _labels(one for one in lacked if not one.for_every_post):
        closed.append(f"缺{first_secretary}的，不能任第一书记")
    if not lacked:
        return ""
    return f"{people} 名人选缺少必填项（{told}）：{'；'.join(closed)}。补齐以后才会派去。"


def _labels(fields: Iterable[Required]) -> str:
    named: Sequence[str] = [one.label for one in fields]
    return "或".join(named)
