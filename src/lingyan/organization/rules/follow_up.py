"""What happens after a village is cleared: visits at 3 and 6 months, or a relapse (4.5)?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from lingyan.common.refusals import Refusal

AUDIT_TEXTS = {"organization.followup.made": "销号后回访"}


def refuse_visit(
    *, state: str, due_on: date, visited_on: date, today: date, is_made: bool, text: str
) -> tuple[Refusal, ...]:
    """Not before its time: a visit in the first month says nothing of the third. 依据：4.5。"""
    refusals = []
    if state != "following":
        refusals.append(Refusal("organization.followup.state", "这个村现在不在跟踪巩固期间"))
    if is_made:
        refusals.append(Refusal("organization.followup.made_already", "这次回访已经登记"))
    if visited_on > today:
        refusals.append(Refusal("organization.followup.to_come", "回访日期不能晚于今天"))
    elif visited_on < due_on:
        refusals.append(Refusal("organization.followup.too_early", f"应在 {due_on} 或以后回访"))
    if not text.strip():
        refusals.append(Refusal("organization.followup.text", "请写回访看到的情况"))
    return tuple(refusals)


def refuse_to_close(visited: Collection[date | None]) -> tuple[Refusal, ...]:
    """依据：4.5 3 个月、6 个月回访都已做，没有反弹。"""
    if visited and all(visited):
        return ()
    missing = sum(one is None for one in visited)
    return (Refusal("organization.followup.missing", f"还有 {missing} 次回访没有做"),)


def refuse_relapse(text: str) -> tuple[Refusal, ...]:
    if text.strip():
        return ()
    return (Refusal("organization.followup.relapse_text", "请写明反弹的情况和依据"),)
