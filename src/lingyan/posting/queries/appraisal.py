"""Which appraisals are there, what does each side see of them, and which grades are final?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from lingyan.common.periods import Period
from lingyan.directory.models import Person, Place
from lingyan.directory.scoping import place_q
from lingyan.platform.accounts.actor import Actor, Scope
from lingyan.posting.models import (
    Absence,
    AppraisalAppeal,
    AppraisalCycle,
    AppraisalEntry,
    AppraisalScheme,
    AppraisalScore,
    BallotBox,
    BallotCode,
    Posting,
)
from lingyan.posting.models.diary import posting_q
from lingyan.posting.rules import (
    IN_POST,
    LEADER,
    POSTED,
    STAFF,
    TOWN,
    UNIT,
    PostingKind,
    PostingState,
)
from lingyan.posting.rules.appraisal import NOTIFIED, SUMMED_UP
from lingyan.posting.rules.appraisal_scores import Scheme, Tally
from lingyan.posting.rules.appraisal_words import (
    AppealState,
    AppraisalGrade,
    AppraisalKind,
    AppraisalPart,
    AppraisalState,
)
from lingyan.posting.rules.life_words import AbsenceState

COUNTY = (*STAFF, *LEADER)
SIDES = (*COUNTY, *TOWN, *UNIT)

# --- who sees what: the one place -----------------------------------------------------------------


def list_entries(actor: Actor) -> QuerySet[AppraisalEntry]:
    """Who is appraised, as far as this role may know: the county, its own town or unit, oneself.

    Somebody who is posted sees the own result only, and only after the notice.
    """
    rows = AppraisalEntry.objects.select_related(
        "cycle", "posting__person", "posting__village__parent", "posting__unit"
    )
    if actor.role in SIDES:
        return rows.filter(posting_q(actor.scope))
    if actor.role in POSTED and actor.scope.person_id is not None:
        return rows.filter(
            posting__person_id=actor.scope.person_id, cycle__state__in=NOTIFIED, left_out=""
        )
    return rows.none()


def list_told_entries(actor: Actor) -> QuerySet[AppraisalEntry]:
    """Results that have been told: before the notice nobody reads one in a list."""
    return list_entries(actor).filter(cycle__state__in=NOTIFIED, left_out="")


def list_cycles(actor: Actor) -> QuerySet[AppraisalCycle]:
    """The county's own, or those in which somebody of the own town or unit is appraised."""
    rows = AppraisalCycle.objects.select_related("county")
    if actor.role in COUNTY:
        return rows.filter(place_q(actor.scope, "county__"))
    return rows.filter(Exists(list_entries(actor).filter(cycle=OuterRef("pk"))))


def may_see_results(actor: Actor, cycle: AppraisalCycle) -> bool:
    """Score and grade: the county once they are there, everybody else after the notice."""
    return cycle.state in (SUMMED_UP if actor.role in COUNTY else NOTIFIED)


def get_cycle(actor: Actor, cycle_id: UUID) -> AppraisalCycle:
    return get_object_or_404(list_cycles(actor), pk=cycle_id)


def get_entry(actor: Actor, entry_id: UUID) -> AppraisalEntry:
    return get_object_or_404(list_entries(actor), pk=entry_id)


def entries_of(actor: Actor, cycle: AppraisalCycle) -> QuerySet[AppraisalEntry]:
    return list_entries(actor).filter(cycle=cycle)


def active_entries(cycle: AppraisalCycle) -> QuerySet[AppraisalEntry]:
    """Everybody who takes part, for the actions: whoever presses, the whole county is summed up."""
    return AppraisalEntry.objects.filter(cycle=cycle, left_out="").select_related(
        "posting__person", "posting__village__parent", "posting__unit"
    )


def list_appeals(actor: Actor) -> QuerySet[AppraisalAppeal]:
    return AppraisalAppeal.objects.filter(entry__in=list_entries(actor)).select_related(
        "entry__cycle", "entry__posting__person", "entry__posting__village__parent"
    )


def get_appeal(actor: Actor, appeal_id: UUID) -> AppraisalAppeal:
    return get_object_or_404(list_appeals(actor), pk=appeal_id)


def find_appeal(entry: AppraisalEntry) -> AppraisalAppeal | None:
    return AppraisalAppeal.objects.filter(entry=entry).first()


def list_boxes(scope: Scope) -> QuerySet[BallotBox]:
    rows = BallotBox.objects.filter(place_q(scope, "village__"))
    return rows.select_related("cycle", "village__parent")


def get_box(scope: Scope, box_id: UUID) -> BallotBox:
    return get_object_or_404(list_boxes(scope), pk=box_id)


# --- schemes --------------------------------------------------------------------------------------


def list_schemes(scope: Scope) -> QuerySet[AppraisalScheme]:
    return AppraisalScheme.objects.filter(place_q(scope, "county__")).select_related("county")


def scheme_of(county: Place, kind: str, day: date) -> Scheme:
    """What is in force on a day: the county's own version, else the default of the rulebook."""
    rows = AppraisalScheme.objects.filter(county=county, kind=kind, valid_from__lte=day)
    found = rows.order_by("-valid_from", "-made_at", "pk").first()
    return Scheme.from_json(found.content) if found else Scheme()


# --- opening --------------------------------------------------------------------------------------


def people_for(county: Place, kind: AppraisalKind, period: Period) -> QuerySet[Posting]:
    """Whom a new appraisal takes in.

    Quarter and year: who is IN_POST (R-2-31) and came before the period ended. Term: who is in
    期满考察 (2.6) and has not been appraised for this term.
    """
    rows = Posting.objects.filter(
        village__path__startswith=county.path, until__isnull=True, state__in=IN_POST
    )
    if kind is AppraisalKind.TERM_END:
        return rows.filter(state=PostingState.TERM_APPRAISED).exclude(pk__in=_term_appraised())
    return rows.filter(since__lt=period.until).exclude(arrived_on__gte=period.until)


def _term_appraised() -> QuerySet[Any, Any]:
    done = AppraisalEntry.objects.filter(cycle__kind=AppraisalKind.TERM_END, left_out="")
    return done.exclude(cycle__state=AppraisalState.CANCELLED).values("posting_id")


def waiting_for_term(actor: Actor) -> QuerySet[Posting]:
    """Who is in 期满考察 and in no appraisal yet."""
    rows = Posting.objects.visible_to(actor.scope).filter(
        state=PostingState.TERM_APPRAISED, until__isnull=True
    )
    return rows.exclude(pk__in=_term_appraised())


def count_of_year(county: Place, kind: AppraisalKind, year: int) -> int:
    rows = AppraisalCycle.objects.filter(county=county, kind=kind, since__year=year)
    return rows.exclude(state=AppraisalState.CANCELLED).count()


def name_is_taken(county: Place, name: str) -> bool:
    rows = AppraisalCycle.objects.filter(county=county, name=name)
    return rows.exclude(state=AppraisalState.CANCELLED).exists()


# --- scores ---------------------------------------------------------------------------------------


def scores_of(entries: Collection[AppraisalEntry], part: str) -> dict[UUID, AppraisalScore]:
    rows = AppraisalScore.objects.filter(entry__in=[one.pk for one in entries], part=part)
    return {one.entry_id: one for one in rows}


def scores_of_entry(entry: AppraisalEntry) -> dict[str, AppraisalScore]:
    return {one.part: one for one in AppraisalScore.objects.filter(entry=entry)}


def totals_of(cycle: AppraisalCycle) -> dict[UUID, dict[str, int]]:
    """Entry -> side -> points of 100, of everybody who takes part."""
    found: dict[UUID, dict[str, int]] = {}
    rows = AppraisalScore.objects.filter(entry__cycle=cycle, entry__left_out="")
    for entry_id, part, total in rows.values_list("entry_id", "part", "total"):
        found.setdefault(entry_id, {})[part] = total
    return found


def scorers_of(cycle: AppraisalCycle) -> set[int | None]:
    """Whose hands have given scores here (R-0-20)."""
    rows = AppraisalScore.objects.filter(entry__cycle=cycle)
    return set(rows.values_list("given_by_id", flat=True).order_by("given_by_id").distinct())


def tally_of(entry: AppraisalEntry) -> Tally:
    return Tally(entry.satisfied, entry.basic, entry.unsatisfied, entry.unknown)


def absences_in(cycle: AppraisalCycle) -> dict[UUID, int]:
    """Person -> upheld absences in the worst calendar year, up to the period's end (R-2-24)."""
    people = AppraisalEntry.objects.filter(cycle=cycle).values("posting__person_id")
    first = cycle.since.year
    if cycle.kind == AppraisalKind.TERM_END:
        first -= TERM_YEARS_BACK
    rows = Absence.objects.filter(
        posting__person__in=people, state=AbsenceState.UPHELD,
        on__gte=date(first, 1, 1), on__lt=cycle.until,
    )  # fmt: skip
    by_year: dict[tuple[UUID, int], int] = {}
    for person_id, on in rows.values_list("posting__person_id", "on"):
        by_year[person_id, on.year] = by_year.get((person_id, on.year), 0) + 1
    worst: dict[UUID, int] = {}
    for (person_id, _), count in by_year.items():
        worst[person_id] = max(worst.get(person_id, 0), count)
    return worst


TERM_YEARS_BACK = 3


# --- progress -------------------------------------------------------------------------------------


def progress_by_town(actor: Actor, cycle: AppraisalCycle) -> list[dict[str, Any]]:
    """For each town: people, and of how many each side has given its score; one query."""
    entries = entries_of(actor, cycle).filter(left_out="").order_by()
    rows = entries.values(
        town=F("posting__village__parent__short_name"), path=F("posting__village__parent__path")
    )
    counted = {
        f"by_{part.value}": Count("scores", filter=Q(scores__part=part))
        for part in AppraisalPart
        if part is not AppraisalPart.MASS
    }
    people = Count("pk", distinct=True)
    sent = Count("pk", distinct=True, filter=Q(posting__unit__isnull=False))
    return list(rows.annotate(people=people, sent=sent, **counted).order_by("path"))


def villages_of(actor: Actor, cycle: AppraisalCycle) -> QuerySet[Place]:
    """The villages in which somebody is appraised, within the scope."""
    rows = entries_of(actor, cycle).filter(left_out="")
    villages = Place.objects.filter(pk__in=rows.values("posting__village_id"))
    return villages.select_related("parent").order_by("path")


def boxes_of(cycle: AppraisalCycle, village_ids: Collection[UUID]) -> dict[UUID, BallotBox]:
    rows = BallotBox.objects.filter(cycle=cycle, village_id__in=village_ids)
    return {one.village_id: one for one in rows.annotate(new_slips=_codes(live=False))}


def _codes(**which: bool) -> Count:
    return Count("codes", filter=Q(**{f"codes__{name}": value for name, value in which.items()}))


def new_codes(box: BallotBox) -> QuerySet[BallotCode]:
    """Slips that were not handed out yet: only these can be printed."""
    return BallotCode.objects.filter(box=box, live=False).order_by("pk")


def asked_in(box: BallotBox) -> QuerySet[AppraisalEntry]:
    """On whom the village votes."""
    rows = active_entries(box.cycle).filter(posting__village_id=box.village_id)
    return rows.order_by("posting__kind", "posting__person__number")


def find_code(indexes: Collection[str]) -> BallotCode | None:
    rows = BallotCode.objects.select_related("box__cycle", "box__village__parent")
    return rows.filter(index__in=indexes).first()


# --- of one person or posting ---------------------------------------------------------------------


def entries_of_posting(actor: Actor, posting: Posting) -> QuerySet[AppraisalEntry]:
    rows = list_entries(actor).filter(posting=posting, left_out="")
    return rows.exclude(cycle__state=AppraisalState.CANCELLED).order_by("-cycle__until", "pk")


def archived_of_person(actor: Actor, person: Person, on: date) -> QuerySet[AppraisalEntry]:
    rows = list_entries(actor).filter(posting__person=person, left_out="")
    rows = rows.filter(cycle__state=AppraisalState.FINAL, cycle__archived_on__lte=on)
    return rows.order_by("-cycle__until", "-cycle__archived_on", "pk")


def open_appeals(cycle: AppraisalCycle) -> int:
    return AppraisalAppeal.objects.filter(entry__cycle=cycle, state=AppealState.OPEN).count()


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


def grades_of_many(posting_ids: Collection[UUID]) -> dict[UUID, list[GradeFact]]:
    """Every archived result of these postings, the latest first, in one query (RG01, RG03)."""
    found: dict[UUID, list[GradeFact]] = {}
    for one in _archived(AppraisalEntry.objects.filter(posting__in=posting_ids)):
        found.setdefault(one.posting_id, []).append(_fact(one))
    return found


def final_grades(person: Person) -> list[GradeFact]:
    """Every archived result of a person, in whatever posting, the latest first (G-16)."""
    return _facts(AppraisalEntry.objects.filter(posting__person=person))


def final_of_first_secretaries(
    village_ids: Collection[UUID],
) -> list[tuple[UUID, str, str, date]]:
    """Village, kind, grade and end of each archived result there, the earliest first."""
    rows = _archived(
        AppraisalEntry.objects.filter(
            posting__village__in=village_ids, posting__kind=PostingKind.FIRST_SECRETARY
        )
    ).order_by("cycle__until", "pk")
    return list(rows.values_list("posting__village_id", "cycle__kind", "grade", "cycle__until"))


def _facts(rows: QuerySet[AppraisalEntry]) -> list[GradeFact]:
    return [_fact(one) for one in _archived(rows)]


def _archived(rows: QuerySet[AppraisalEntry]) -> QuerySet[AppraisalEntry]:
    rows = rows.filter(cycle__state=AppraisalState.FINAL, left_out="").select_related("cycle")
    return rows.order_by("-cycle__until", "-cycle__archived_on", "pk")


def _fact(entry: AppraisalEntry) -> GradeFact:
    cycle, score, tally = entry.cycle, entry.score, tally_of(entry)
    assert score is not None, "archived without a score"
    assert cycle.archived_on is not None, "archived without a day"
    return GradeFact(
        entry_id=entry.pk,
        kind=AppraisalKind(cycle.kind),
        since=cycle.since,
        until=cycle.until,
        grade=AppraisalGrade(entry.grade),
        score=score,
        satisfaction=tally.satisfaction,
        valid_ballots=tally.valid,
        archived_on=cycle.archived_on,
    )
