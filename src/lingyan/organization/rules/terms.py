"""How long does a term last, when is its end near, and which term may be registered?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lingyan.common.alerts import AlertLevel, alert_level
from lingyan.common.choices import Choice
from lingyan.common.periods import add_years
from lingyan.common.refusals import Refusal


class TermKind(Choice):
    """依据：1.7 Term（PARTY/VC/COOP）。"""

    PARTY = "party", "村党组织"
    VC = "vc", "村（居）民委员会"
    COOP = "coop", "集体经济组织"


AUDIT_TEXTS = {
    "organization.term.registered": "登记届次",
    "organization.term.ended": "换届，上一届结束",
}
TERM_YEARS = 5  # R-1-15, R-1-18, R-1-21
WARN_DAYS = 180  # term.warn_days


def planned_end(since: date) -> date:
    """The first day after five years. 依据：R-1-15、R-1-18、R-1-21。"""
    return add_years(since, TERM_YEARS)


def end_alert(planned_until: date, today: date, warn_days: int = WARN_DAYS) -> AlertLevel:
    """Yellow 180 days before the end, red from the day on. 依据：R-1-30。"""
    return alert_level(planned_until - timedelta(days=1), today, warn_days=warn_days)


@dataclass(frozen=True, slots=True)
class Before:
    """The term that runs when the next is registered."""

    number: int
    since: date


@dataclass(frozen=True, slots=True)
class TermClaim:
    kind: str
    number: int
    since: date
    today: date
    is_village: bool = True
    until: date | None = None
    planned_until: date | None = None
    current: Before | None = None
    numbers: Sequence[int] = ()


def refuse_term(claim: TermClaim) -> tuple[Refusal, ...]:
    """A term follows the one that runs; one that is over may be entered later.

    依据：1.7、R-1-15。
    """
    refusals = []
    if not claim.is_village:
        refusals.append(Refusal("organization.term.place", "届次只能登记在村或社区"))
    if not 1 <= claim.number <= 99:
        refusals.append(Refusal("organization.term.number", "届次应为 1 至 99"))
    elif claim.number in claim.numbers:
        refusals.append(Refusal("organization.term.known", f"第 {claim.number} 届已经登记"))
    if claim.since > claim.today:
        refusals.append(Refusal("organization.term.since", "起始日期不能晚于今天"))
    if claim.planned_until is not None and claim.planned_until <= claim.since:
        refusals.append(Refusal("organization.term.planned", "届满日期应晚于起始日期"))
    if claim.until is not None:
        if not claim.since < claim.until <= claim.today:
            refusals.append(
                Refusal("organization.term.until", "结束日期应晚于起始日期、不晚于今天")
            )
        if claim.current and not claim.until <= claim.current.since:
            refusals.append(
                Refusal("organization.term.order", "已经结束的一届应在现任届次开始以前结束")
            )
    elif claim.current is not None:
        if claim.number <= claim.current.number:
            refusals.append(
                Refusal(
                    "organization.term.order", f"现在是第 {claim.current.number} 届，新的应在其后"
                )
            )
        if claim.since <= claim.current.since:
            refusals.append(
                Refusal("organization.term.since_order", f"新的一届应晚于 {claim.current.since}")
            )
    return tuple(refusals)
