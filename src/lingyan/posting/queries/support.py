"""What is each posted person insured for, given, paid, examined; what is due in a year?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from lingyan.common.periods import Period
from lingyan.posting.models import InsurancePolicy, Posting
from lingyan.posting.rules import support as rules

if TYPE_CHECKING:
    from django.db.models import QuerySet


# --- insurance ------------------------------------------------------------------------------------


def policies_of(posting: Posting) -> QuerySet[InsurancePolicy]:
    """Every policy of the person: one from before a transfer covers on."""
    return InsurancePolicy.objects.filter(posting__person_id=posting.person_id).select_related(
        "posting__village"
    )


def find_policy(posting: Posting, number: str, since: date) -> InsurancePolicy | None:
    return InsurancePolicy.objects.filter(
        posting=posting, number=number, since=since, void_reason=""
    ).first()


def insured_periods(person_ids: Collection[UUID]) -> dict[UUID, list[Period]]:
    """Insured days by person; one query."""
    rows = InsurancePolicy.objects.filter(posting__person_id__in=person_ids, void_reason="")
    found: dict[UUID, list[Period]] = {}
    for person_id, since, until in rows.values_list("posting__person_id", "since", "until"):
        found.setdefault(person_id, []).append(Period(since, until))
    return found


def insurance_gaps(
    posting: Posting, since: date | None = None, until: date | None = None
) -> Sequence[Period]:
    """The days of the posting, or between two of its days, that no policy covers."""
    whole = Period(since or posting.since, until or posting.until or posting.planned_until)
    insured = insured_periods([posting.person_id]).get(posting.person_id, [])
    return rules.gaps(insured, whole)


def insured_without_gap(
    posting: Posting, since: date | None = None, until: date | None = None
) -> bool:
    """Whether accident insurance covers the whole posting (2.11), or these days of it."""
    return not insurance_gaps(posting, since, until)
