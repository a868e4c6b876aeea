"""Which appraisals are there, what does each side see of them, and which grades are final?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

from django.db.models import QuerySet

from lingyan.directory.models import Person
from lingyan.posting.models import AppraisalEntry, Posting
from lingyan.posting.rules.appraisal_words import AppraisalGrade, AppraisalKind, AppraisalState

# --- final results, for honours, careers and recall -----------------------------------------------


@dataclass(frozen=True, slots=True)
class GradeFact:
    """One archived result of one posting: what honours, careers and recall may ask of it.

    `until` is exclusive. `satisfaction` is the rate of 7.7, None below ten valid ballots.
    """

    entry_id: UUID
    kind: AppraisalKind
    since: date
    until: date
    grade: AppraisalGrade
    score: Fraction
    satisfaction: Fraction | None
    valid_ballots: int
    archived_on: date


def grades_of(posting: Posting) -> list[GradeFact]:
    """Every archived result of a posting, the latest first (RG01, RG03)."""
    return _facts(AppraisalEntry.objects.filter(posting=posting))


def final_grade(person: Person, kind: AppraisalKind | str) -> GradeFact | None:
    """A person's latest archived result of this kind, in whatever posting."""
    rows = AppraisalEntry.objects.filter(posting__person=person, cycle__kind=kind)
    return next(iter(_facts(rows)), None)


def final_grades(person: Person) -> list[GradeFact]:
    """Every archived result of a person, in whatever posting, the latest first (G-16)."""
    return _facts(AppraisalEntry.objects.filter(posting__person=person))


def _facts(rows: QuerySet[AppraisalEntry]) -> list[GradeFact]:
    rows = rows.filter(cycle__state=AppraisalState.FINAL, left_out="").select_related("cycle")
    return [_fact(one) for one in rows.order_by("-cycle__until", "-cycle__archived_on", "pk")]


SMALLEST_SAMPLE = 10  # 7.7: below ten valid ballots a rate is not told


def _fact(entry: AppraisalEntry) -> GradeFact:
    cycle, score = entry.cycle, entry.score
    assert score is not None, "archived without a score"
    assert cycle.archived_on is not None, "archived without a day"
    content = entry.satisfied + entry.basic
    valid = content + entry.unsatisfied
    return GradeFact(
        entry_id=entry.pk,
        kind=AppraisalKind(cycle.kind),
        since=cycle.since,
        until=cycle.until,
        grade=AppraisalGrade(entry.grade),
        score=score,
        satisfaction=Fraction(content, valid) if valid >= SMALLEST_SAMPLE else None,
        valid_ballots=valid,
        archived_on=cycle.archived_on,
    )
