"""What makes up a unit's yearly score in Party building (R-13-05)?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lingyan.common.flow import Transition, fan_in
from lingyan.common.refusals import Refusal
from lingyan.directory.rules.hands import LEADER, STAFF, UNIT

THING = "organization.target"
HUNDREDTHS = 100
PAIRING_MOST = 30  # of 100 points, by R-3-06 out of the pairs' own years; D
READERS = (*STAFF, *LEADER, *UNIT)

# The other items with their most points: what the county's own appraisal usually asks; D.
ITEMS: tuple[tuple[str, str, int], ...] = (
    ("duty", "落实党建责任", 20),
    ("life", "组织生活和党员教育", 25),
    ("members", "发展党员和党员管理", 10),
    ("clean", "党风廉政和作风", 15),
)

TARGET_FLOW: tuple[Transition, ...] = (
    Transition("", "write", "draft", STAFF, "登记目标考评", "一个单位一年一份", "R-13-05"),
    *fan_in(("draft", "returned"),
            Transition("", "write", "draft", STAFF, "修改", "", "R-13-05")),
    *fan_in(("draft", "returned"),
            Transition("", "submit", "submitted", STAFF, "提交",
                       "结对得分由系统取数", "R-13-05")),
    Transition("submitted", "return", "returned", LEADER, "退回修改", "写明理由", "R-13-05"),
    Transition("submitted", "approve", "approved", LEADER, "批准", "提交人不能自己批准", "R-13-05"),
)  # fmt: skip

EVENTS = {
    "write": "organization.target.written",
    "submit": "organization.target.submitted",
    "return": "organization.target.returned",
    "approve": "organization.target.approved",
}
AUDIT_TEXTS = {
    "organization.target.written": "登记机关党建目标考评",
    "organization.target.submitted": "提交机关党建目标考评",
    "organization.target.returned": "退回机关党建目标考评",
    "organization.target.approved": "批准机关党建目标考评",
}


@dataclass(frozen=True, slots=True)
class PairingYear:
    """What the pairs of a unit were worth in a year: the mean in hundredths, and how many."""

    score: int | None
    pairs: int
    confirmed: int


def pairing_points(score: int | None) -> int | None:
    """Hundredths of points out of PAIRING_MOST, half up; None where no pair's year is confirmed.

    依据：R-13-05、R-3-06。结对得分只由系统取数（VAL-47）。
    """
    if score is None:
        return None
    return (2 * score * PAIRING_MOST + HUNDREDTHS) // (2 * HUNDREDTHS)


def most_points(*, has_pairing: bool) -> int:
    """What can be had at most: a unit without a pair is measured by the rest."""
    return sum(most for _, _, most in ITEMS) + (PAIRING_MOST if has_pairing else 0)


def total(points: Mapping[str, int], pairing: int | None, *, has_pairing: bool) -> int:
    """The total of 100 in hundredths, half up, from points in hundredths.

    依据：R-13-05。没有结对任务的单位，按其余各项折算成百分。
    """
    had = sum(points.values()) + (pairing or 0)
    most = most_points(has_pairing=has_pairing)
    return (2 * had * 100 + most) // (2 * most)


def refuse_points(points: Mapping[str, int]) -> tuple[Refusal, ...]:
    """Points of the other items, in hundredths."""
    found = []
    for code, label, most in ITEMS:
        given = points.get(code)
        if given is None or not 0 <= given <= most * HUNDREDTHS:
            text = f"“{label}”的得分应在 0 到 {most} 之间"
            found.append(Refusal("organization.target_points", text))
    if set(points) - {code for code, _, _ in ITEMS}:
        text = "结对得分由系统取数，不得手工填写"
        found.append(Refusal("organization.target_typed", text))
    return tuple(found)


def refuse_to_submit(*, has_pairing: bool, pairing: int | None) -> tuple[Refusal, ...]:
    if has_pairing and pairing is None:
        text = "这个单位的结对年度得分还没有确认，请先在“结对考评”中确认"
        return (Refusal("organization.target_no_pairing_score", text),)
    return ()
