"""Which level does a person have in a capability, out of which evidence?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lingyan.common.periods import full_months
from lingyan.posting.rules.words import Capability, YearlyResult

YEARLY_CAPABILITIES = frozenset({Capability.PARTY_WORK, Capability.ECONOMY, Capability.SOCIAL_GOV})
EXPERIENCE_OF_X02 = (
    Capability.AGRI_MAJOR,
    Capability.PROJECT_MGMT,
    Capability.GRASSROOTS_LEAD,
)
LEVEL_MAX = 4
PORTRAIT_VALID_MONTHS = 24


@dataclass(frozen=True, slots=True)
class Evidence:
    """One proof behind a level: a post held, a project, a qualification, an appraisal."""

    capability: str
    text: str
    since: date | None = None
    until: date | None = None
    level: int | None = None
    verified: bool = True


def held_months(evidence: Iterable[Evidence], *, as_of: date) -> int:
    """Months in such posts; two posts held at once count once."""
    spans = sorted((item.since, min(item.until or as_of, as_of)) for item in evidence if item.since)
    total = 0
    reached: date | None = None
    for since, until in spans:
        start = since if reached is None or since > reached else reached
        total += max(full_months(start, until), 0)
        reached = until if reached is None or until > reached else reached
    return total


def capability_level(capability: str, evidence: Iterable[Evidence], *, as_of: date) -> int:
    """The level 0-4 of a capability. 依据：2.3 表。

    Only verified evidence that began on or before `as_of` counts.
    """
    counted = [
        item
        for item in evidence
        if item.capability == capability
        and item.verified
        and (item.since is None or item.since <= as_of)
    ]
    if capability in YEARLY_CAPABILITIES:
        return min(held_months(counted, as_of=as_of) // 12, LEVEL_MAX)
    if capability == Capability.AGRI_MAJOR:
        return LEVEL_MAX if counted else 0
    if capability == Capability.PROJECT_MGMT:
        return min(len(counted), LEVEL_MAX)
    if capability == Capability.GRASSROOTS_LEAD:
        return _leading_level(held_months(counted, as_of=as_of))
    return max((min(max(item.level or 0, 0), LEVEL_MAX) for item in counted), default=0)


def _leading_level(months: int) -> int:
    if months >= 36:
        return 4
    return 2 if months >= 12 else 0


def capability_levels(evidence: Iterable[Evidence], *, as_of: date) -> dict[str, int]:
    """Every capability that the evidence reaches, with its level; level 0 is left out."""
    items = tuple(evidence)
    found = {
        name: capability_level(name, items, as_of=as_of)
        for name in sorted({item.capability for item in items})
    }
    return {name: level for name, level in found.items() if level}


def is_stale(evidence: Evidence, *, as_of: date, valid_months: int = PORTRAIT_VALID_MONTHS) -> bool:
    """Shown grey: what ended more than `portrait.valid_months` ago."""
    ended = evidence.until or evidence.since
    return ended is not None and full_months(ended, as_of) > valid_months


def experience_of_x02(
    evidence: Iterable[Evidence], *, posted_since: date
) -> tuple[Capability, ...]:
    """Which of the three kinds of experience are proved before the posting. 依据：R-2-10。

    The posting itself never counts, so evidence must begin before it and is measured up to it.
    """
    earlier = [item for item in evidence if item.since is None or item.since < posted_since]
    return tuple(
        name
        for name in EXPERIENCE_OF_X02
        if capability_level(name, earlier, as_of=posted_since) >= 1
    )


RESULT_POINTS = {YearlyResult.EXCELLENT.value: 100, YearlyResult.COMPETENT.value: 60}
RESULT_POINTS_NONE_RECORDED = 60


def lead_points(grassroots_years: int, yearly_results: Iterable[str]) -> int:
    """Lead = 120·min(基层年数, 5) + 4·R. 依据：matching-design 1.2。

    R is the mean of the last three recorded yearly results; none recorded counts 60. Of a mean
    that is not whole the product 4·R is rounded down.
    """
    results = tuple(yearly_results)[:3]
    years = 120 * min(max(grassroots_years, 0), 5)
    if not results:
        return years + 4 * RESULT_POINTS_NONE_RECORDED
    return years + 4 * sum(RESULT_POINTS.get(item, 0) for item in results) // len(results)
