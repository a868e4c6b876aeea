"""What does one person bring: which levels out of which proofs, and what do the hard rules say?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from lingyan.posting import rules
from lingyan.posting.matching.gathering import SOURCE_OF_UNIT, evidence_of
from lingyan.posting.models import CapabilityEvidence, PoolEntry, Posting
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
    rows: Iterable[CapabilityEvidence], *, as_of: date, every: bool = False
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
            tuple(Proof(row, _is_stale(row, as_of)) for row in proofs.get(capability, ())),
        )
        for capability in rules.Capability
        if every or capability in proofs
    ]


def _is_stale(row: CapabilityEvidence, as_of: date) -> bool:
    """Portraits are refreshed: a proof that nobody has looked at for 24 months is old (2.3)."""
    seen = rules.Evidence(row.capability, row.text, since=row.verified_on or row.recorded_on)
    return rules.is_stale(seen, as_of=as_of)


def eligibility(
    entry: PoolEntry, postings: Sequence[Posting], *, as_of: date, role: str
) -> list[rules.RuleResult]:
    """What the rules that need no village say of the person, as this reader may see it."""
    term = rules.TermFacts(as_of, as_of)
    results = rules.person_results(_facts(entry, postings), rules.Role.FIRST_SECRETARY.value, term)
    return [shown_result(result, role=role) for result in results]


def _facts(entry: PoolEntry, postings: Sequence[Posting]) -> rules.PersonFacts:
    person = entry.person
    ended = [one.until for one in postings if one.until]
    recalled = rules.PostingState.RECALLED
    return rules.PersonFacts(
        id=person.number,
        name=person.name,
        gender=person.gender or None,
        birth_on=person.birth_on,
        political_status=person.political_status or None,
        party_joined_on=person.party_joined_on,
        work_since=person.work_started_on,
        pool_state=entry.state,
        in_post=any(one.until is None and one.state in rules.POST_HELD for one in postings),
        health=entry.health or None,
        discipline=entry.discipline or None,
        recalls=tuple(
            rules.Recall(one.until, str(one.village_id))
            for one in postings
            if one.state == recalled and one.until
        ),
        last_posting_until=max(ended, default=None),
        source=SOURCE_OF_UNIT.get(person.unit.category) if person.unit else None,
    )
