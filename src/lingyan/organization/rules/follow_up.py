"""What happens after a village is cleared: visits at 3 and 6 months, or a relapse (4.5)?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from lingyan.common.refusals import Refusal
from lingyan.directory.rules.hands import LEADER

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


def refuse_child(*, role: str, state: str, has_child: bool) -> tuple[Refusal, ...]:
    """反弹的事项只重新立项一次。依据：4.5、R-4-10。"""
    if role not in LEADER:
        return (Refusal("organization.rect.child_role", "反弹后由县委组织部部务会成员重新立项"),)
    if state != "reopened":
        return (Refusal("organization.rect.not_relapsed", "只有认定反弹的事项可以重新立项"),)
    if has_child:
        return (Refusal("organization.rect.child_exists", "已经重新立项"),)
    return ()


def refuse_decision(
    *, document_number: str, decided_on: date, today: date, since: date
) -> tuple[Refusal, ...]:
    """县委研究决定，写明文号。"""
    refusals = []
    if not document_number.strip():
        refusals.append(Refusal("organization.rect.document", "请写明县委决定的文号"))
    if not since <= decided_on <= today:
        refusals.append(
            Refusal("organization.rect.decided_on", "决定日期应在认定反弹以后、不晚于今天")
        )
    return tuple(refusals)
