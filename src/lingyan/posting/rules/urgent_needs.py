"""What does a need list say of a village that is put right without a first secretary (G-2)?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from lingyan.posting.rules.assessments import CAPABILITIES_OF_ITEM, settled_types
from lingyan.posting.rules.words import CheckItem, VillageType

ITEM = CheckItem.T1  # 班子建设
SEVERITY = 4
CAPABILITIES = tuple(one.value for one in CAPABILITIES_OF_ITEM[ITEM])
TEXT_MAX = 500
MARK = "（G-2）"


def urgent_text(until: date) -> str:
    return f"村党组织确定整顿，没有在岗的第一书记，请在 {until} 前选派{MARK}"


def urgent_part(text: str) -> str:
    """What the gate has written of a line; people's own words stand behind it."""
    return text.partition(MARK)[0] + MARK


def joined(urgent: str, text: str) -> str:
    """The gate's words first, a later day in place of an earlier, then what people wrote."""
    own = text.partition(MARK)[2].lstrip("；") if MARK in text else text
    return "；".join(one for one in (urgent, own) if one)[:TEXT_MAX]


def weak_types(types: Iterable[str]) -> tuple[str, ...]:
    """It is a village with a weak Party organization, whatever else it is."""
    others = (one for one in types if one != VillageType.ORDINARY)
    return settled_types((*others, VillageType.WEAK_ORG.value))
