"""Which recall cases may one see, which records speak for one, and which places are empty?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse

from lingyan.common.periods import ONE_DAY, add_months, year_of
from lingyan.directory.models import Person
from lingyan.directory.rules.hands import LEADER, STAFF, TOWN, UNIT
from lingyan.directory.scoping import place_q
from lingyan.platform.accounts.actor import Actor, Scope
from lingyan.posting.models import (
    Absence,
    MonthPresence,
    PoolEntry,
    Posting,
    Problem,
    RecallCase,
    RecallStep,
    Replacement,
    ReplacementNominee,
    Round,
    RoundPerson,
    RoundVillage,
)
from lingyan.posting.models.diary import posting_q
from lingyan.posting.queries.appraisal import grades_of_many
from lingyan.posting.queries.gathering import HOMES
from lingyan.posting.queries.postings import list_postings
from lingyan.posting.rules import (
    IN_POST,
    DisciplineState,
    PoolState,
    PostingKind,
    RoundState,
    recall,
    replacements,
)
from lingyan.posting.rules.appraisal_words import AppraisalGrade, AppraisalKind
from lingyan.posting.rules.diary_words import ProblemOwner, ProblemState
from lingyan.posting.rules.life_words import AbsenceState
from lingyan.posting.rules.recall import Evidence, Grade, Month, SignalFacts

COUNTY = (*STAFF, *LEADER)
OWN = ("first_secretary", "team_member", "candidate")
MONTHS_BACK = 12


# --- cases ----------------------------------------------------------------------------------------


def case_q(actor: Actor) -> Q:
    """County and town see the cases of their places; the unit and the person from the telling on.

    A first secretary's scope holds the whole village, so it is the role that says whose case.
    """
    scope = actor.scope
    if actor.role in (*COUNTY, *TOWN):
        return place_q(scope, "posting__village__")
    told = Q(told_on__isnull=False)
    if actor.role in UNIT:
        return told & Q(posting__unit_id__in=scope.unit_ids)
    if actor.role in OWN and scope.person_id:
        return told & Q(posting__person_id=scope.person_id)
    return Q(pk__in=())


def list_cases(actor: Actor) -> QuerySet[RecallCase]:
    return RecallCase.objects.filter(case_q(actor)).select_related(
        "posting__person", "posting__village__parent", "posting__unit"
    )


def get_case(actor: Actor, case_id: UUID) -> RecallCase:
    return get_object_or_404(list_cases(actor), pk=case_id)


def cases_of(actor: Actor, posting: Posting) -> list[RecallCase]:
    return list(list_cases(actor).filter(posting=posting))


def has_open_case(posting: Posting) -> bool:
    return RecallCase.objects.filter(posting=posting, state__in=recall.OPEN_STATES).exists()


def was_warned(case: RecallCase) -> bool:
    """Has the person been warned on the same ground before, in whatever posting?"""
    earlier = RecallCase.objects.filter(
        posting__person_id=case.posting.person_id, ground=case.ground, warn_until__isnull=False
    )
    return earlier.exclude(pk=case.pk).exists()


def steps_of(case: RecallCase) -> list[RecallStep]:
    return list(RecallStep.objects.filter(case=case))


def makers_of(case: RecallCase, acts: Iterable[str]) -> frozenset[str]:
    made = RecallStep.objects.filter(case=case, act__in=list(acts), made_by_id__isnull=False)
    return frozenset(map(str, made.values_list("made_by_id", flat=True)))


# --- signals --------------------------------------------------------------------------------------


def signal_facts(
    postings: Iterable[Posting], *, today: date, with_discipline: bool
) -> dict[UUID, SignalFacts]:
    """The records behind every signal of many postings, in a fixed number of queries."""
    postings = list(postings)
    ids = [one.pk for one in postings]
    people = {one.person_id: one.pk for one in postings}
    absences, months, grades = _absences(people, today), _months(postings, today), _grades(ids)
    overdue, warnings = _overdue(ids, today), _warnings(ids)
    discipline = _discipline(people) if with_discipline else {}
    return {
        pk: SignalFacts(
            absences[pk], months[pk], overdue[pk], warnings[pk], grades[pk], discipline.get(pk)
        )
        for pk in ids
    }


def _absences(people: dict[UUID, UUID], today: date) -> defaultdict[UUID, list[Evidence]]:
    """Upheld this year, in whatever posting of the person (R-2-24)."""
    year, found = year_of(today), defaultdict[UUID, list[Evidence]](list)
    rows = Absence.objects.filter(
        posting__person_id__in=people, state=AbsenceState.UPHELD,
        on__gte=year.since, on__lt=year.until,
    ).values_list("posting__person_id", "pk", "on").order_by("on")  # fmt: skip
    for person_id, pk, on in rows:
        url = reverse("absence_detail", args=[pk])
        found[people[person_id]].append(Evidence("认定脱岗", on, url))
    return found


def _months(postings: list[Posting], today: date) -> defaultdict[UUID, list[Month]]:
    """Whole months in post as confirmed; the month of the arrival is no whole one."""
    came = {one.pk: one.came_on for one in postings}
    since, found = add_months(today.replace(day=1), -MONTHS_BACK), defaultdict(list)
    rows = MonthPresence.objects.filter(posting_id__in=came, month__gte=since)
    for pk, first, days, leave in rows.values_list("posting_id", "month", "days", "leave_days"):
        arrived = came[pk]
        if arrived is None or arrived > first:
            continue
        url = reverse("presence_month", args=[pk, f"{first:%Y-%m}"])
        evidence = Evidence(
            f"{first.year} 年 {first.month} 月在村 {days} 天，请假 {leave} 天",
            add_months(first, 1) - ONE_DAY, url,
        )  # fmt: skip
        found[pk].append(Month(first, days, leave, evidence))
    return found


def _overdue(ids: list[UUID], today: date) -> defaultdict[UUID, list[Evidence]]:
    """The person's own problems that are gravely overdue (0.8 black)."""
    found = defaultdict(list)
    limit = today - recall.SEVERE
    rows = Problem.objects.filter(
        posting_id__in=ids, owner=ProblemOwner.SELF, state=ProblemState.FOUND, due_on__lt=limit
    )
    for pk, problem, due in rows.values_list("posting_id", "pk", "due_on").order_by("due_on"):
        url = reverse("problem_detail", args=[problem])
        found[pk].append(Evidence("本人承办的问题严重超期", due, url))
    return found


def _warnings(ids: list[UUID]) -> defaultdict[UUID, list[Evidence]]:
    """Written warnings for not following the town (RG07)."""
    found = defaultdict(list)
    rows = RecallStep.objects.filter(case__posting_id__in=ids, act="warn", case__ground="RG07")
    for pk, case, on in rows.values_list("case__posting_id", "case_id", "on").order_by("on"):
        found[pk].append(Evidence("书面提醒", on, reverse("recall_detail", args=[case])))
    return found


def _grades(ids: list[UUID]) -> defaultdict[UUID, list[Grade]]:
    """Archived appraisals of the posting (RG01, RG03)."""
    found = defaultdict(list)
    for pk, facts in grades_of_many(ids).items():
        for one in facts:
            text = f"{one.kind.label}考核{one.grade.label}，{float(one.score):.1f} 分"
            url = reverse("appraisal_entry", args=[one.entry_id])
            found[pk].append(
                Grade(
                    one.kind is AppraisalKind.ANNUAL,
                    one.kind is AppraisalKind.QUARTERLY,
                    one.grade is AppraisalGrade.INCOMPETENT,
                    one.score,
                    Evidence(text, one.archived_on, url),
                    one.satisfaction,
                )
            )
    return found


def _discipline(people: dict[UUID, UUID]) -> dict[UUID, Evidence]:
    """That something is registered, not what: it is read where one may read it."""
    rows = PoolEntry.objects.filter(person_id__in=people).exclude(
        discipline__in=("", DisciplineState.CLEAR)
    )
    return {
        people[person]: Evidence("人才储备库中的登记", at.date(), reverse("pool_entry", args=[pk]))
        for person, pk, at in rows.values_list("person_id", "pk", "updated_at")
    }


def last_looked_at(postings: Iterable[Posting]) -> dict[tuple[UUID, str], date]:
    """On which day a case of this ground was last opened, by posting and ground."""
    rows = RecallCase.objects.filter(posting__in=[one.pk for one in postings])
    found: dict[tuple[UUID, str], date] = {}
    for pk, ground, on in rows.order_by("opened_on").values_list(
        "posting_id", "ground", "opened_on"
    ):
        found[pk, ground] = on
    return found


def open_case_ids(postings: Iterable[Posting]) -> dict[UUID, UUID]:
    rows = RecallCase.objects.filter(
        posting__in=[one.pk for one in postings], state__in=recall.OPEN_STATES
    )
    return dict(rows.values_list("posting_id", "pk"))


# --- places that were left ------------------------------------------------------------------------


def list_vacant(scope: Scope) -> QuerySet[Posting]:
    """Places that were left early and have nobody new, the first to be left in front."""
    later = Posting.objects.filter(
        village=OuterRef("village"), kind=OuterRef("kind"), since__gte=OuterRef("until")
    ).exclude(pk=OuterRef("pk"))
    going_on = Replacement.objects.filter(state__in=replacements.OPEN_STATES)
    return (
        list_postings(scope)
        .filter(state__in=replacements.VACATED, until__isnull=False)
        .exclude(kind=PostingKind.ASSIST)
        .filter(~Exists(later))
        .prefetch_related(Prefetch("replacements", going_on.select_related("person"), "going_on"))
        .order_by("until", "village__path", "pk")
    )


def is_vacant(posting: Posting) -> bool:
    return (
        posting.state in replacements.VACATED
        and posting.until is not None
        and not find_follower(posting)
    )


def find_follower(posting: Posting) -> Posting | None:
    """Who came to the same post since it was left."""
    if posting.until is None:
        return None
    later = Posting.objects.filter(
        village=posting.village_id, kind=posting.kind, since__gte=posting.until
    ).exclude(pk=posting.pk)
    return later.select_related("person").order_by("since", "pk").first()


def get_vacated(scope: Scope, posting_id: UUID) -> Posting:
    """A posting that was left early, filled again or not."""
    return get_object_or_404(
        list_postings(scope), pk=posting_id, state__in=replacements.VACATED, until__isnull=False
    )


def find_round(posting: Posting) -> Round | None:
    """Whose plan is mended: the round that made the posting, else the last of the village."""
    if posting.round_id is not None:
        return Round.objects.select_related("county").get(pk=posting.round_id)
    rounds = RoundVillage.objects.filter(
        village=posting.village_id, round__state=RoundState.ISSUED
    ).select_related("round__county")
    found = rounds.order_by("-round__issued_on", "pk").first()
    return found.round if found else None


def list_replacements(posting: Posting) -> list[Replacement]:
    return list(Replacement.objects.filter(posting=posting).select_related("person__unit", "made"))


def replacements_in(scope: Scope) -> QuerySet[Replacement]:
    return (
        Replacement.objects.filter(posting_q(scope))
        .select_related("posting__person", "posting__village__parent", "posting__unit",
                        "person__unit", "made")
        .defer("plan__snapshot", "plan__result")
    )  # fmt: skip


def get_replacement(scope: Scope, replacement_id: UUID) -> Replacement:
    return get_object_or_404(replacements_in(scope), pk=replacement_id)


def is_going_on(posting: Posting) -> bool:
    """Somebody is proposed for this place and not yet issued."""
    return Replacement.objects.filter(posting=posting, state__in=replacements.OPEN_STATES).exists()


def is_taken(person: Person) -> bool:
    return Replacement.objects.filter(person=person, state__in=replacements.OPEN_STATES).exists()


# --- who could come -------------------------------------------------------------------------------


def _free() -> Q:
    """Holds no post now and stands in no other replacement."""
    held = Posting.objects.filter(person=OuterRef("person"), until__isnull=True)
    taken = Replacement.objects.filter(
        person=OuterRef("person"), state__in=replacements.OPEN_STATES
    )
    return ~Exists(held) & ~Exists(taken)


def free_people_q(posting: Posting) -> Q:
    """Candidates of a round who could come: not posted now, and not the one who left."""
    return _free() & ~Q(person=posting.person_id)


def list_nominees(posting: Posting) -> list[ReplacementNominee]:
    return list(ReplacementNominee.objects.filter(posting=posting).select_related("person__unit"))


def ids_of_nominees(posting: Posting) -> frozenset[UUID]:
    named = ReplacementNominee.objects.filter(posting=posting)
    return frozenset(named.values_list("person_id", flat=True))


def _with_homes(people: QuerySet[Person]) -> QuerySet[Person]:
    homes = [f"{home}__parent" for home in HOMES]
    return people.select_related(
        "unit", "place", "residence_place__parent", "pool_entry", *homes
    ).order_by("number")


def with_homes(person: Person) -> Person:
    return _with_homes(Person.objects.all()).get(pk=person.pk)


def list_named_outside(posting: Posting, round: Round) -> list[Person]:
    """Named by the unit, and no candidate of the round."""
    named = ReplacementNominee.objects.filter(_free(), posting=posting).values("person")
    inside = RoundPerson.objects.filter(round=round, withdrawn_on__isnull=True).values("person")
    return list(_with_homes(Person.objects.filter(pk__in=named).exclude(pk__in=inside)))


def candidates_of(posting: Posting, round: Round) -> list[Person]:
    """Everybody whom a repair asks, by person."""
    free = RoundPerson.objects.filter(
        free_people_q(posting), round=round, withdrawn_on__isnull=True
    ).values("person")
    inside = list(Person.objects.filter(pk__in=free).select_related("unit"))
    return [*inside, *list_named_outside(posting, round)]


def is_in_round(round: Round, person: Person) -> bool:
    return RoundPerson.objects.filter(
        round=round, person=person, withdrawn_on__isnull=True
    ).exists()


def units_there(round: Round) -> list[str]:
    """The units of everybody whom the round has sent and who is still there."""
    held = Posting.objects.filter(round=round, until__isnull=True, unit__isnull=False)
    return list(held.order_by().values_list("unit__name", flat=True))


def count_kept(round: Round, posting: Posting) -> int:
    """How many of the round's other places are held and stay as they are."""
    held = Posting.objects.filter(round=round, until__isnull=True, state__in=IN_POST)
    return held.exclude(pk=posting.pk).count()


def nominee_choices(scope: Scope, posting: Posting) -> list[tuple[str, str]]:
    """Who of the unit stands in the pool, holds no post and is not named yet."""
    pool = PoolEntry.objects.visible_to(scope).filter(
        _free(), state=PoolState.IN_POOL, person__unit_id__in=scope.unit_ids
    )
    pool = pool.exclude(person__in=ids_of_nominees(posting)).exclude(person=posting.person_id)
    return [
        (str(one.person_id), f"{one.person}（{one.person.job_title or one.person.number}）")
        for one in pool.select_related("person").order_by("person__name", "person__number")
    ]


def find_pool_person(scope: Scope, person_id: str) -> Person | None:
    """Somebody of the units in scope, whatever the state in the pool."""
    entry = PoolEntry.objects.visible_to(scope).filter(
        person_id=person_id, person__unit_id__in=scope.unit_ids
    )
    found = entry.select_related("person__unit", "person__pool_entry").first()
    return found.person if found else None
