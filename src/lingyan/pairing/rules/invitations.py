"""May another pair be asked whether it had a part in a fact, and may it say so?

依据：“一场活动、一笔资金几对共同办的，只算一场、一笔，各方认领”；R-0-13、R-3-05。
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lingyan.common.choices import Choice
from lingyan.common.flow import Transition
from lingyan.common.refusals import Refusal
from lingyan.directory.rules.hands import STAFF, TOWN, UNIT, VILLAGE

REASON_MAX = 200
FOUND_MOST = 12  # pairs that a search shows at once
THING = "pairing.invitation"
ASKERS = (*UNIT, *VILLAGE, *TOWN, *STAFF)
ANSWERERS = (*UNIT, *VILLAGE)


class InvitationState(Choice):
    ASKED = "asked", "待认领"
    CONFIRMED = "confirmed", "已认领"
    REFUSED = "refused", "不认领"
    WITHDRAWN = "withdrawn", "已撤回"


INVITATION_FLOW: tuple[Transition, ...] = (
    Transition("", "ask", "asked", ASKERS, "请其他结对认领",
               "记这件事的一方有份，对方结对这一天存续", "R-3-05"),
    Transition("asked", "confirm", "confirmed", ANSWERERS, "认领",
               "被请的结对的单位或村", "R-3-05"),
    Transition("asked", "refuse", "refused", ANSWERERS, "不认领", "写明理由", "R-3-05"),
    Transition("asked", "withdraw", "withdrawn", ASKERS, "撤回请求", "请的一方", "R-0-18"),
)  # fmt: skip

AUDIT_TEXTS = {
    "pairing.invitation.asked": "请其他结对认领",
    "pairing.invitation.confirmed": "认领",
    "pairing.invitation.refused": "不认领",
    "pairing.invitation.withdrawn": "撤回认领请求",
}


@dataclass(frozen=True, slots=True)
class AskedFacts:
    """One pair that would be asked, and the fact in which it would have a part."""

    has_part: bool  # whether the one who asks has a part in the fact, or stands above its place
    same_county: bool
    since: date | None
    until: date | None  # exclusive
    on: date  # the day of the fact
    is_standing: bool = False
    is_asked: bool = False
    is_own: bool = False
    is_cancelled: bool = False


def refuse_to_ask(facts: AskedFacts) -> tuple[Refusal, ...]:
    """Every reason why this pair is not asked."""
    refusals = []
    if not facts.has_part:
        refusals.append(
            Refusal("pairing.invitation.no_part", "您单位（村）没有认领，不能再请别的结对")
        )
    if facts.is_cancelled:
        refusals.append(Refusal("pairing.invitation.cancelled", "活动已经取消，不用再认领"))
    if not facts.same_county:
        refusals.append(Refusal("pairing.invitation.county", "只能请本县的结对"))
    refusals += refuse_days(facts.since, facts.until, facts.on)
    if facts.is_standing:
        refusals.append(Refusal("pairing.invitation.standing", "这对结对已经认领"))
    elif facts.is_asked:
        refusals.append(Refusal("pairing.invitation.asked", "已经请过这对结对，等对方答复"))
    elif facts.is_own:
        refusals.append(
            Refusal("pairing.invitation.own", "这是您自己的结对，直接勾选或认领，不用请")
        )
    return tuple(refusals)


def refuse_days(since: date | None, until: date | None, on: date) -> list[Refusal]:
    if since is None or on < since or (until is not None and on >= until):
        return [Refusal("pairing.invitation.not_then", f"{on} 这对结对没有在共建，请核对")]
    return []


def refuse_to_answer(
    *, is_own: bool, same_by: str, is_cancelled: bool = False
) -> tuple[Refusal, ...]:
    """A side of the pair answers; what it wrote down itself is not counted a second time."""
    refusals = []
    if not is_own:
        refusals.append(Refusal("pairing.invitation.not_yours", "由被请的单位或村答复"))
    if is_cancelled:
        refusals.append(Refusal("pairing.invitation.cancelled", "活动已经取消，不用再认领"))
    if same_by:
        refusals.append(
            Refusal(
                "pairing.invitation.twice",
                f"这一天你们已登记过同类活动（{same_by}登记）。是同一场的，先取消那一场再认领；"
                "不是同一场的，写明理由不认领",
            )
        )
    return tuple(refusals)


def refuse_reason(reason: str) -> tuple[Refusal, ...]:
    if not reason.strip():
        return (Refusal("pairing.invitation.reason_missing", "请写明理由"),)
    return ()
