"""May this person sign in by location today? Only where the county has decided so (R-2-22)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from lingyan.common.nearness import Point, metres_between
from lingyan.common.refusals import Refusal

ROUNDED = Decimal("0.01")  # about a kilometre: enough for a village, too little for a house
RADIUS_M = 2000  # checkin.radius_m


@dataclass(frozen=True, slots=True)
class SignInFacts:
    is_on: bool
    is_own: bool
    is_at_work: bool
    has_place: bool


def refuse_sign_in(facts: SignInFacts) -> tuple[Refusal, ...]:
    """Off unless the county has switched it on; never asked of anybody. 依据：R-2-21、R-2-22。"""
    if not facts.is_on:
        return (Refusal("posting.sign_in_off", "县里没有启用定位登记"),)
    if not facts.is_own:
        return (Refusal("posting.sign_in.wrong_role", "定位登记由本人办理"),)
    refusals = []
    if not facts.is_at_work:
        refusals.append(Refusal("posting.sign_in_away", "在岗期间才能登记；请假期间不用登记"))
    if not facts.has_place:
        refusals.append(
            Refusal("posting.sign_in_place", "没有取得位置；不登记也可以，写日志同样算在村")
        )
    return tuple(refusals)


def coordinate(text: str, most: int) -> Decimal | None:
    """One coordinate as the telephone tells it, if it is one on earth."""
    try:
        found = Decimal(text[:30])
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) <= most else None


def rounded(found: Decimal) -> Decimal:
    """To a kilometre, before anything is kept."""
    return found.quantize(ROUNDED)


def is_within(point: Point | None, village: Point | None, radius_m: int) -> bool | None:
    """In the range of the village; nobody knows where the village has no point of its own.

    依据：R-2-22 范围 checkin.radius_m，按地面距离计算，边上算在内（R-0-01）。
    """
    if point is None or village is None:
        return None
    return metres_between(point, village) <= radius_m
