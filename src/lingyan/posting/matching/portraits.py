"""What does one person bring: which levels out of which proofs, and what do the hard rules say?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from lingyan.posting import rules
from lingyan.posting.matching.gathering import evidence_of, facts_of
from lingyan.posting.models import CapabilityEvidence, PoolEntry, Posting
from lingyan.posting.queries import standards
from lingyan.posting.rules.pool_entries import shown_result


@dataclass(frozen=True, slots=True)
class Proof:
    """One piece of evidence as the page shows it; stale is shown grey."""

    row: CapabilityEvidence
    stale: bool


@dataclass(frozen=True, slots=True)
class PortraitLine:
    """A capability with its level by rule and the proofs behind it."""

    capability: rules.Capability
    level: int
    proofs: tuple[Proof, ...]

    @property
    def unverified(self) -> int:
        return sum(not proof.row.verified for proof in self.proofs)


def portrait(
    rows: Iterable[CapabilityEvidence],
    *,
    as_of: date,
    every: bool = False,
    valid_months: int = rules.PORTRAIT_VALID_MONTHS,
) -> list[PortraitLine]:
    """能力画像: each capability with a proof (or every one), in the order of the rulebook."""
    proofs: dict[str, list[CapabilityEvidence]] = {}
    for row in rows:
        proofs.setdefault(row.capability, []).append(row)
    return [
        PortraitLine(
            capability,
            rules.capability_level(
                capability, map(evidence_of, proofs.get(capability, ())), as_of=as_of
            ),
            tuple(
                Proof(row, _is_stale(row, as_of, valid_months))
                for row in proofs.get(capability, ())
            ),
        )
        for capability in rules.Capability
        if every or capability in proofs
    ]


def _is_stale(row: CapabilityEvidence, as_of: date, valid_months: int) -> bool:
    """Portraits are refreshed: a proof that nobody has looked at for so long is old (2.3)."""
    seen = rules.Evidence(row.capability, row.text, since=row.verified_on or row.recorded_on)
    return rules.is_stale(seen, as_of=as_of, valid_months=valid_months)


def eligibility(
    entry: PoolEntry, postings: Sequence[Posting], *, as_of: date, role: str
) -> list[rules.RuleResult]:
    """What the rules that need no village say of the person, as this reader may see it."""
    term = rules.TermFacts(as_of, as_of)
    facts = facts_of(entry.person, entry, postings)
    results = rules.person_results(
        facts,
        rules.Role.FIRST_SECRETARY.value,
        term,
        standards.rules_of_county(entry.person.place.path),
    )
    return [shown_result(result, role=role) for result in results]
