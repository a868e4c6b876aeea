"""Which evidence stands behind a level that an office's ledger states?

The system computes levels from evidence (2.3); a ledger only says the level. What is recorded is
the least evidence that gives exactly this level together with what is known already.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lingyan.common.pages import Flaw
from lingyan.common.periods import add_months
from lingyan.directory.rules import plain_name
from lingyan.posting import rules
from lingyan.posting.sheets import PEOPLE

MEASURED = frozenset({*rules.YEARLY_CAPABILITIES, rules.Capability.GRASSROOTS_LEAD})
LONGEST_MONTHS = 48
LEVEL_OF_RULE: Mapping[str, Sequence[int]] = {
    rules.Capability.AGRI_MAJOR: (0, 4),
    rules.Capability.GRASSROOTS_LEAD: (0, 2, 4),
}
LEVEL_UNKNOWN = Flaw(
    "写了佐证，没有写对应能力的等级",
    "请在对应的能力列填写等级",
    "evidence without a level of its capability",
    "fill in the level of that capability",
)


@dataclass(frozen=True, slots=True)
class Proof:
    """A line of evidence to be recorded."""

    capability: str
    text: str
    since: date | None = None
    until: date | None = None
    level: int | None = None


def flaw_of_level(capability: str, level: int, known: int) -> Flaw | None:
    """Why a stated level cannot be taken over: the rule has no such level, or more is proved."""
    possible = LEVEL_OF_RULE.get(capability, range(rules.LEVEL_MAX + 1))
    if level not in possible:
        levels = "、".join(map(str, possible))
        return Flaw(
            f"这项能力的等级只有 {levels}",
            f"请填 {levels} 之一",
            f"the levels of this capability are {levels}",
            f"write one of {levels}",
        )
    if level < known:
        return Flaw(
            f"按已登记的佐证是 {known} 级，表格不能调低",
            "请在能力画像页面上处理佐证",
            f"the recorded evidence gives level {known}",
            "change the evidence on the person's page",
        )
    return None


def proofs_for(
    levels: Mapping[str, int],
    texts: Mapping[str, Sequence[str]],
    known: Iterable[rules.Evidence],
    *,
    today: date,
) -> list[Proof]:
    """The evidence that raises each capability to its stated level."""
    stored = tuple(known)
    return [
        proof
        for capability, level in levels.items()
        for proof in _proofs(capability, level, texts.get(capability, ()), stored, today)
    ]


def _proofs(
    capability: str,
    level: int,
    texts: Sequence[str],
    stored: tuple[rules.Evidence, ...],
    today: date,
) -> list[Proof]:
    text = "；".join(texts)[:200] or f"台账登记 {level} 级"
    if capability in MEASURED:
        return [_period(capability, level, text, stored, today)]
    if capability == rules.Capability.PROJECT_MGMT:
        count = level - rules.capability_level(capability, stored, as_of=today)
        named = [*texts[:count], *[text] * count][:count]
        return [Proof(capability, one[:200]) for one in named]
    return [Proof(capability, text, level=level)]


def _period(
    capability: str, level: int, text: str, stored: tuple[rules.Evidence, ...], today: date
) -> Proof:
    """The shortest time up to today with which the level is reached."""
    for months in range(1, LONGEST_MONTHS + 1):
        since = add_months(today, -months)
        tried = (*stored, rules.Evidence(capability, text, since, None))
        if rules.capability_level(capability, tried, as_of=today) >= level:
            return Proof(capability, text, since, today)
    return Proof(capability, text, add_months(today, -LONGEST_MONTHS), today)


def texts_of(cell: str | None) -> dict[str, tuple[str, ...]]:
    """“熟悉经济工作：…；农技：…” by capability; what names none stands under ""."""
    found: dict[str, list[str]] = {}
    for part in re.split("[；;\n]", cell or ""):
        head, mark, rest = part.replace(":", "：").partition("：")
        capability = CAPABILITY_OF_LABEL.get(plain_name(head)) if mark else None
        line = (rest if capability else part).strip()
        if line:
            found.setdefault(capability or "", []).append(line)
    return {capability: tuple(lines) for capability, lines in found.items()}


CAPABILITY_OF_LABEL = {
    plain_name(label): column.name
    for column in PEOPLE.columns
    if column.name in set(rules.Capability)
    for label in (column.heading, *column.aliases)
}
