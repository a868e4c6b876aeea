"""What may other modules learn about postings?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from lingyan.common.periods import Period
from lingyan.platform.accounts.actor import Scope
from lingyan.posting.models import DutyReport, Posting, Problem
from lingyan.posting.queries import appraisal, gathering, people
from lingyan.posting.rules import IN_POST, POST_HELD, PostingKind
from lingyan.posting.rules.appraisal_words import AppraisalGrade, AppraisalKind
from lingyan.posting.rules.diary_words import ReportKind


def first_secretary_in_post(village_id: UUID) -> str | None:
    """The name of the village's first secretary who is IN_POST (R-2-31), or None."""
    found = Posting.objects.filter(
        village_id=village_id, kind=PostingKind.FIRST_SECRETARY, state__in=IN_POST
    ).select_related("person")
    # During a hand-over there are two of them; the one who has come speaks for the village.
    posting = found.order_by("-since", "pk").first()
    return posting.person.name if posting else None


def villages_with_first_secretary() -> frozenset[UUID]:
    """Every village that has a first secretary IN_POST: the fund gives these priority."""
    found = Posting.objects.filter(kind=PostingKind.FIRST_SECRETARY, state__in=IN_POST)
    return frozenset(found.values_list("village_id", flat=True))


def posted(person_id: UUID) -> UUID | None:
    """The village to which a person is posted, from appointment to the end, or None."""
    found = Posting.objects.filter(person_id=person_id, state__in=POST_HELD, until__isnull=True)
    return found.values_list("village_id", flat=True).first()


def people_in_post(village_id: UUID) -> tuple[str, ...]:
    """Names of everybody who is IN_POST in the village, the first secretary first."""
    found = Posting.objects.filter(village_id=village_id, state__in=IN_POST)
    return tuple(found.order_by("kind", "person__number").values_list("person__name", flat=True))


def rounds_computed_from(
    records: Mapping[str, AbstractSet[str]], *, since: datetime
) -> tuple[str, ...]:
    """Rounds neither issued nor cancelled whose plans were computed since from these records.

    `records` are ids by the label of their model, such as directory.person.
    """
    return tuple(
        f"选派批次“{round.name}”"
        for round in gathering.rounds_computed_since(since)
        if any(
            not records[label].isdisjoint(ids)
            for label, ids in gathering.records_read_by(round).items()
            if records.get(label)
        )
    )


@dataclass(frozen=True, slots=True)
class FoundProblem:
    """A problem that somebody posted wrote down."""

    id: UUID
    person_id: UUID
    person: str
    text: str
    found_on: date
    state: str  # in words


def problems_found(
    scope: Scope, village_id: UUID, since: date, until: date
) -> tuple[FoundProblem, ...]:
    """What first secretaries found in a village between two days, as far as the scope sees it."""
    found = Problem.objects.visible_to(scope).filter(
        posting__village_id=village_id, posting__kind=PostingKind.FIRST_SECRETARY,
        found_on__gte=since, found_on__lte=until,
    )  # fmt: skip
    return tuple(
        FoundProblem(
            one.pk, one.posting.person_id, one.posting.person.name, one.text, one.found_on,
            one.get_state_display(),
        )
        for one in found.select_related("posting__person").order_by("found_on", "pk")
    )  # fmt: skip


def count_solved(
    scope: Scope, since: date, until: date, among: Collection[UUID] | None = None
) -> int:
    """Problems that first secretaries found and confirmed as solved from one day to before another.

    Of all in the scope, or of those with these keys alone.
    """
    found = Problem.objects.visible_to(scope).filter(
        posting__kind=PostingKind.FIRST_SECRETARY, solved_on__gte=since, solved_on__lt=until
    )
    return (found if among is None else found.filter(pk__in=among)).count()


def village_needs(
    village_ids: Collection[UUID],
) -> dict[UUID, tuple[tuple[str, str, int], ...]]:
    """Item, domain and severity of each need in the lists in force of these villages."""
    found: dict[UUID, list[tuple[str, str, int]]] = {}
    for village, item, domain, severity in gathering.needs_in_force(village_ids):
        found.setdefault(village, []).append((item, domain, severity))
    return {village: tuple(needs) for village, needs in found.items()}


def village_types(village_ids: Collection[UUID], on: date) -> dict[UUID, tuple[str, ...]]:
    """The types of each village by the need list that was in force on that day."""
    return {
        village: tuple(types) for village, types in gathering.types_of_villages(village_ids, on)
    }


def sanctioned(person_ids: Collection[UUID], on: date) -> frozenset[UUID]:
    """Of these people, those declared as sanctioned or under investigation on that day (G-21)."""
    return frozenset(one for one in person_ids if people.is_sanctioned(one, on))


@dataclass(frozen=True, slots=True)
class InPost:
    """A first secretary who is IN_POST."""

    id: UUID
    person_id: UUID
    name: str


def first_secretaries(village_ids: Collection[UUID]) -> dict[UUID, InPost]:
    """Of each of these villages the first secretary who is IN_POST; of two the one who has come."""
    found = Posting.objects.filter(
        village__in=village_ids, kind=PostingKind.FIRST_SECRETARY, state__in=IN_POST
    ).order_by("since", "-pk")
    return {
        one.village_id: InPost(one.pk, one.person_id, one.person.name)
        for one in found.select_related("person")
    }


def hints_of_weakness(village_ids: Collection[UUID]) -> dict[UUID, tuple[tuple[str, str], ...]]:
    """What the archived results of a year or a term hint at: the situation of 4.2, and the words.

    They are results of first secretaries: a person says whether the village's own team is weak.
    """
    found: dict[UUID, tuple[tuple[str, str], ...]] = {}
    rows = appraisal.final_of_first_secretaries(village_ids)
    for village, kind, grade, until in rows:
        if grade == AppraisalGrade.INCOMPETENT and kind != AppraisalKind.QUARTERLY:
            words = f"第一书记{AppraisalKind(kind).label}考评（{until:%Y-%m-%d} 前）不称职"
            found[village] = (("W02", words),)
    return found


@dataclass(frozen=True, slots=True)
class MonthRecord:
    """What a first secretary's monthly record (工作纪实) says; nothing before it is confirmed."""

    posting_id: UUID
    person: str
    summary: str


def month_records(village_id: UUID, month: Period) -> tuple[MonthRecord, ...]:
    """Of the first secretaries who were in the village in that month; a month is a whole one."""
    posted = Posting.objects.filter(
        Q(until__isnull=True) | Q(until__gt=month.since),
        village_id=village_id, kind=PostingKind.FIRST_SECRETARY, since__lt=month.until,
    ).select_related("person")  # fmt: skip
    people = {one.pk: one.person.name for one in posted.order_by("since", "pk")}
    confirmed = DutyReport.objects.filter(
        posting__in=people, kind=ReportKind.MONTH, since=month.since, is_current=True
    )
    said = {one.posting_id: str(one.content["summary"]) for one in confirmed}
    return tuple(MonthRecord(key, name, said.get(key, "")) for key, name in people.items())


def year_facts(kind: str, thing_id: UUID, year: int) -> list[tuple[str, str]]:
    """What people posted did in a village, in a town's villages or for a unit, in words."""
    of_whom = {
        "village": Q(village=thing_id),
        "town": Q(village__parent=thing_id),
        "unit": Q(unit=thing_id),
    }[kind]
    there = Posting.objects.filter(of_whom, state__in=IN_POST)
    people = there.values("person").distinct().count()
    solved = Problem.objects.filter(
        posting__in=Posting.objects.filter(of_whom).values("pk"),
        solved_on__gte=date(year, 1, 1), solved_on__lt=date(year + 1, 1, 1),
    ).count()  # fmt: skip
    found = [("驻村干部", f"在岗 {people} 人")] if people else []
    return [*found, ("驻村干部解决的问题", f"{solved} 个")] if solved else found
