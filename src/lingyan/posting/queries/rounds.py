"""Which rounds, villages, people, wishes and plans may this person see?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import (
    Count,
    Exists,
    IntegerField,
    Model,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404

from lingyan.directory.models import Person, Place, Unit
from lingyan.directory.rules import PlaceLevel, PoliticalStatus
from lingyan.directory.scoping import person_q, place_q
from lingyan.platform.accounts.actor import Scope
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.jobs.models import Job
from lingyan.posting import rules
from lingyan.posting.models import (
    Draft,
    Intention,
    NeedList,
    Objection,
    Plan,
    PoolEntry,
    Posting,
    Round,
    RoundPerson,
    RoundVillage,
    Wish,
)
from lingyan.posting.rules.required import Required

BLOBS = ("snapshot", "result")
HANDED_IN = ("submitted", "confirmed")
NOTHING: Mapping[str, Q] = {}


# --- rounds -------------------------------------------------------------------------------------


def list_rounds(scope: Scope) -> QuerySet[Round]:
    """Rounds in scope with how many villages and people take part."""
    return (
        Round.objects.visible_to(scope)
        .select_related("county")
        .annotate(
            village_count=_count(RoundVillage.objects.all()),
            person_count=_count(RoundPerson.objects.filter(withdrawn_on__isnull=True)),
        )
    )


def list_running(scope: Scope, *, progress: bool = False) -> QuerySet[Round]:
    """Rounds that are not issued yet; with the figures of each only for whom shows them."""
    rounds = list_rounds(scope).annotate(**progress_counts()) if progress else _plain(scope)
    return rounds.filter(state__in=rules.BEFORE_ISSUE)


def _plain(scope: Scope) -> QuerySet[Round]:
    return Round.objects.visible_to(scope)


def _count(rows: QuerySet[Model]) -> Coalesce:
    """How many of these rows a round has."""
    return _per_row(rows, "round")


def _per_row(rows: QuerySet[Any], column: str) -> Coalesce:
    """How many of these rows point to each, without joining the tables into one another."""
    own = rows.filter(**{column: OuterRef("pk")}).order_by()
    counted = own.values(column).annotate(n=Count("*")).values("n")
    return Coalesce(Subquery(counted), Value(0), output_field=IntegerField())


def progress_counts() -> dict[str, Coalesce]:
    """How many wish lists and intentions of a round are in, as annotations."""
    taking_part = RoundPerson.objects.filter(withdrawn_on__isnull=True)
    return {
        "wishes_in": _count(taking_part.filter(wish_state__in=HANDED_IN)),
        "wishes_confirmed": _count(taking_part.filter(wish_state="confirmed")),
        "intentions_in": _count(RoundVillage.objects.filter(intentions_done=True)),
    }


def get_round(scope: Scope, round_id: UUID, *, progress: bool = False) -> Round:
    rounds = list_rounds(scope)
    if progress:
        rounds = rounds.annotate(**progress_counts())
    return get_object_or_404(rounds, pk=round_id)


def get_announced_round(scope: Scope, round_id: UUID) -> Round:
    """A round whose notice has begun; before that its list is nobody's to read here."""
    shown = ("announced", "issued")
    return get_object_or_404(list_rounds(scope).filter(state__in=shown), pk=round_id)


def list_history(subject: Model) -> QuerySet[AuditEntry]:
    """What happened to one record, newest first."""
    return AuditEntry.objects.filter(
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        is_reading=False,
    ).order_by("-number")


# --- villages and people of a round -------------------------------------------------------------


def list_round_villages(scope: Scope, round: Round) -> QuerySet[RoundVillage]:
    chosen = Draft.objects.filter(plan=round.chosen_plan_id, village=OuterRef("village"))
    return (
        RoundVillage.objects.visible_to(scope)
        .filter(round=round)
        .select_related("village__parent", "need_list")
        .annotate(
            wish_count=_per_row(
                Wish.objects.filter(round_person__wish_state__in=HANDED_IN), "round_village"
            ),
            has_first_secretary=Exists(_first_secretaries(OuterRef("village"))),
            draft_count=Coalesce(
                Subquery(chosen.order_by().values("village").annotate(n=Count("*")).values("n")),
                Value(0),
                output_field=IntegerField(),
            ),
        )
    )


def _first_secretaries(village: OuterRef) -> QuerySet[Posting]:
    return Posting.objects.filter(
        village=village,
        kind=rules.PostingKind.FIRST_SECRETARY,
        until__isnull=True,
        state__in=rules.POST_HELD,
    )


def get_round_village(scope: Scope, round_village_id: UUID) -> RoundVillage:
    return get_object_or_404(
        RoundVillage.objects.visible_to(scope)
        .select_related("round__county", "village__parent", "need_list")
        .prefetch_related("need_list__items"),
        pk=round_village_id,
    )


def list_round_people(
    scope: Scope, round: Round, empty: Mapping[str, Q] = NOTHING
) -> QuerySet[RoundPerson]:
    """Each with `lacks_<field>` for the required fields of `empty_fields`."""
    return (
        RoundPerson.objects.visible_to(scope)
        .filter(round=round)
        .select_related("person__unit", "person__pool_entry")
        .annotate(
            wish_count=_per_row(Wish.objects.all(), "round_person"),
            **{f"lacks_{key}": condition for key, condition in empty.items()},
        )
    )


def empty_fields(asked: Iterable[Required]) -> dict[str, Q]:
    """Of each required field the condition that a person of the round has not filled it in."""
    entry = "person__pool_entry__"
    empty = {
        "birth_on": Q(**{"person__birth_on": None, f"{entry}retires_on": None}),
        "work_since": Q(person__work_started_on=None),
        "political_status": Q(person__political_status=""),
        "full_member_since": Q(
            **{
                "person__political_status": PoliticalStatus.FULL_MEMBER.value,
                "person__party_joined_on": None,
                f"{entry}full_member_since": None,
            }
        ),
    }
    return {one.key: empty[one.key] for one in asked}


def any_of(conditions: Iterable[Q]) -> Q:
    """At least one of them; of none, nobody."""
    return reduce(or_, conditions, Q(pk__in=()))


def count_lacking(round: Round, asked: Iterable[Required]) -> tuple[int, dict[str, int]]:
    """How many who take part lack a required field, and how many lack which."""
    empty = empty_fields(asked)
    people = RoundPerson.objects.filter(any_of(empty.values()), round=round, withdrawn_on=None)
    counted = {key: Count("pk", filter=condition) for key, condition in empty.items()}
    counts = people.order_by().aggregate(people=Count("pk"), **counted)
    return counts.pop("people"), counts


def get_round_person(scope: Scope, round_person_id: UUID) -> RoundPerson:
    return get_object_or_404(
        RoundPerson.objects.visible_to(scope).select_related("round__county", "person__unit"),
        pk=round_person_id,
    )


def list_own_rounds(scope: Scope) -> QuerySet[RoundPerson]:
    """The rounds in which the signed-in candidate takes part, the newest first."""
    if scope.person_id is None:
        return RoundPerson.objects.none()
    return (
        RoundPerson.objects.filter(person_id=scope.person_id)
        .exclude(round__state=rules.RoundState.CANCELLED)
        .select_related("round")
        .order_by("-round__created_at")
    )


def list_wishes(round_person: RoundPerson) -> QuerySet[Wish]:
    return (
        Wish.objects.filter(round_person=round_person)
        .select_related("round_village__village__parent", "round_village__need_list")
        .order_by("rank", "round_village__village__path")
    )


def list_wish_villages(round: Round) -> QuerySet[RoundVillage]:
    """The villages that a candidate chooses among: those of the round, whatever the scope."""
    return (
        RoundVillage.objects.filter(round=round)
        .select_related("village__parent", "need_list")
        .prefetch_related("need_list__items")
    )


def list_waiting_for_unit(scope: Scope) -> QuerySet[RoundPerson]:
    return (
        RoundPerson.objects.filter(
            person__unit_id__in=scope.unit_ids,
            withdrawn_on__isnull=True,
            wish_state=rules.WishListState.SUBMITTED,
            round__state__in=("candidate_ranking", "village_ranking"),
        )
        .select_related("round", "person")
        .order_by("person__number")
    )


def list_unit_people(scope: Scope) -> QuerySet[RoundPerson]:
    """A unit's people in rounds that are under way, those that wait for the unit first."""
    return (
        RoundPerson.objects.filter(person__unit_id__in=scope.unit_ids, withdrawn_on__isnull=True)
        .exclude(round__state__in=("open", "cancelled"))
        .select_related("round", "person__unit")
        .prefetch_related(
            Prefetch(
                "wishes",
                Wish.objects.select_related("round_village__village__parent").order_by(
                    "rank", "round_village__village__path"
                ),
            )
        )
    )


def list_candidates(round: Round) -> QuerySet[RoundPerson]:
    """The candidates of a round as towns see them: whoever takes part, whatever the scope."""
    return RoundPerson.objects.filter(round=round, withdrawn_on__isnull=True).select_related(
        "person__unit"
    )


def get_candidate(round: Round, round_person_id: UUID) -> RoundPerson:
    return get_object_or_404(list_candidates(round), pk=round_person_id)


def get_wish_village(round: Round, round_village_id: UUID) -> RoundVillage:
    return get_object_or_404(list_wish_villages(round), pk=round_village_id)


def get_own_round(scope: Scope, round_person_id: UUID) -> RoundPerson:
    """The candidate's own part in a round."""
    return get_object_or_404(
        list_own_rounds(scope).select_related("round__county", "person__unit"),
        pk=round_person_id,
    )


def get_unit_person(scope: Scope, round_person_id: UUID) -> RoundPerson:
    return get_object_or_404(list_unit_people(scope), pk=round_person_id)


def list_intentions(round_village: RoundVillage) -> QuerySet[Intention]:
    return (
        Intention.objects.filter(round_village=round_village)
        .select_related("round_person__person__unit")
        .order_by("role", "rank", "round_person__person__number")
    )


def list_intention_villages(scope: Scope) -> QuerySet[RoundVillage]:
    """Villages of rounds in which towns are asked, or have been asked, whom they would like."""
    asked = ("village_ranking", "computed", "adjusted", "deliberated", "announced")
    return (
        RoundVillage.objects.visible_to(scope)
        .filter(round__state__in=asked)
        .select_related("round", "village__parent", "need_list")
        .annotate(intention_count=_per_row(Intention.objects.all(), "round_village"))
    )


# --- who may join -------------------------------------------------------------------------------


def list_addable_needs(round: Round) -> QuerySet[NeedList]:
    """Need lists in force in the round's county whose village is in no running round."""
    running = RoundVillage.objects.filter(round__in=_this_and_running(round))
    return (
        NeedList.objects.filter(place_q(_county(round), "village__"))
        .filter(state=NeedList.State.ISSUED)
        .exclude(village__in=running.values("village"))
        .annotate(has_first_secretary=Exists(_first_secretaries(OuterRef("village"))))
        .select_related("village__parent")
    )


def count_sitting(needs: QuerySet[Any]) -> int:
    """How many of these villages have a first secretary."""
    return needs.filter(has_first_secretary=True).count()


def list_addable_people(round: Round) -> QuerySet[PoolEntry]:
    """People in the pool of the round's county who are in no running round."""
    taken = RoundPerson.objects.filter(
        Q(round=round) | Q(withdrawn_on__isnull=True), round__in=_this_and_running(round)
    )
    return (
        PoolEntry.objects.filter(person_q(_county(round), "person"))
        .filter(state=rules.PoolState.IN_POOL)
        .exclude(person__in=taken.values("person"))
        .select_related("person__unit")
    )


def _this_and_running(round: Round) -> QuerySet[Round]:
    """Few among the many that are over: what joins them begins here."""
    return Round.objects.filter(Q(pk=round.pk) | Q(state__in=rules.BEFORE_ISSUE)).order_by()


def _county(round: Round) -> Scope:
    return Scope(place_paths=(round.county.path,))


def names_of_busy_villages(round: Round, village_ids: Iterable[UUID]) -> list[str]:
    """Which of these villages are already in this round or in another one that runs."""
    taken = RoundVillage.objects.filter(
        Q(round=round) | Q(round__state__in=rules.BEFORE_ISSUE),
        village_id__in=village_ids,
    )
    return list(
        taken.order_by("village__path").values_list("village__short_name", flat=True).distinct()
    )


def names_of_busy_people(round: Round, person_ids: Iterable[UUID]) -> list[str]:
    taken = RoundPerson.objects.filter(
        Q(round=round) | Q(round__state__in=rules.BEFORE_ISSUE, withdrawn_on__isnull=True),
        person_id__in=person_ids,
    )
    return list(taken.order_by("person__number").values_list("person__name", flat=True).distinct())


def villages_without_need_list(round: Round) -> list[str]:
    """Villages of the round that have no issued need list in force."""
    issued = NeedList.objects.filter(village=OuterRef("village"), state=NeedList.State.ISSUED)
    return list(
        RoundVillage.objects.filter(round=round)
        .filter(~Exists(issued))
        .order_by("village__path")
        .values_list("village__short_name", flat=True)
    )


def names_of_unconfirmed(round: Round) -> list[str]:
    """Candidates whose submitted wishes still wait for their unit."""
    return list(
        RoundPerson.objects.filter(
            round=round,
            withdrawn_on__isnull=True,
            wish_state=rules.WishListState.SUBMITTED,
        )
        .order_by("person__number")
        .values_list("person__name", flat=True)
    )


def count_taking_part(round: Round) -> int:
    return RoundPerson.objects.filter(round=round, withdrawn_on__isnull=True).count()


def count_seats(round: Round) -> int:
    needs = RoundVillage.objects.filter(round=round).values_list(
        "need_list__first_secretary_seats", "need_list__member_seats"
    )
    return sum(first + members for first, members in needs)


def count_villages(round: Round) -> int:
    return RoundVillage.objects.filter(round=round).count()


def find_computation(round: Round) -> Job | None:
    """The computation that is queued or running for the round, if there is one."""
    if round.computation_job_id is None:
        return None
    unfinished = (Job.State.WAITING, Job.State.RUNNING)
    return Job.objects.filter(pk=round.computation_job_id, state__in=unfinished).first()


def find_failed_computation(round: Round) -> Job | None:
    """The last computation of the round if it came to nothing; the next one takes its place."""
    if round.computation_job_id is None:
        return None
    return Job.objects.filter(pk=round.computation_job_id, state=Job.State.FAILED).first()


# --- objections ---------------------------------------------------------------------------------


def list_objections(scope: Scope, round: Round) -> QuerySet[Objection]:
    """Refusals as far as they concern the reader; why somebody does not go, towns are not told."""
    seen = place_q(scope, "round__county__")
    seen |= place_q(scope, "place__") & ~Q(kind=Objection.Kind.PERSON_REFUSAL)
    seen |= Q(unit_id__in=scope.unit_ids) | Q(person__unit_id__in=scope.unit_ids)
    if scope.person_id:
        seen |= Q(person_id=scope.person_id)
    return (
        Objection.objects.filter(seen, round=round)
        .select_related("person", "unit", "place__parent")
        .order_by("kind", "place__path", "pk")
    )


def own_refusals(scope: Scope, round: Round) -> dict[UUID, UUID]:
    """Where the signed-in candidate does not go: village to objection."""
    if scope.person_id is None:
        return {}
    own = list_objections(scope, round).filter(
        kind=Objection.Kind.PERSON_REFUSAL, person_id=scope.person_id
    )
    return dict(own.values_list("place_id", "pk"))


def get_objection(scope: Scope, round: Round, objection_id: UUID) -> Objection:
    return get_object_or_404(list_objections(scope, round), pk=objection_id)


def town_choices(round: Round) -> list[tuple[str, str]]:
    """Paths and names of the towns of the round's county.

    Sorted here: asked for an order, SQLite reads all places in that order to find the few towns.
    """
    towns = Place.objects.filter(place_q(_county(round), ""), level=PlaceLevel.TOWNSHIP)
    return sorted(towns.order_by().values_list("path", "short_name"))


def list_units_of_county(round: Round) -> QuerySet[Any]:
    """Keys and names, as choices of a filter."""
    units = Unit.objects.filter(place_q(_county(round), "place__"))
    return units.order_by("name").values_list("pk", "name")


# --- plans --------------------------------------------------------------------------------------


def list_plans(round: Round) -> QuerySet[Plan]:
    return Plan.objects.filter(round=round).defer(*BLOBS).order_by("number")


def get_plan(scope: Scope, plan_id: UUID) -> Plan:
    """A plan of the county in scope; towns and units see what is announced, not the plans."""
    return get_object_or_404(
        Plan.objects.filter(place_q(scope, "round__county__"))
        .defer(*BLOBS)
        .select_related("round__county"),
        pk=plan_id,
    )


def find_chosen_plan(round: Round) -> Plan | None:
    if round.chosen_plan_id is None:
        return None
    return Plan.objects.defer(*BLOBS).select_related("round__county").get(pk=round.chosen_plan_id)


def list_stable(round: Round, snapshot_sha256: str) -> QuerySet[Plan]:
    """Both ends of the stable plans of a round on one snapshot, that for people first."""
    ends = (Plan.Origin.STABLE_PEOPLE, Plan.Origin.STABLE_POSTS)
    found = Plan.objects.filter(round=round, snapshot_sha256=snapshot_sha256, origin__in=ends)
    return found.defer(*BLOBS).order_by("number")


def find_stable(plan: Plan) -> Plan | None:
    """The stable plan beside this one on the same data, best for people."""
    return list_stable(plan.round, plan.snapshot_sha256).first()


def find_stable_best(plan: Plan) -> Plan | None:
    """The largest stable plan on the same data, if somebody has asked for it."""
    same = Plan.objects.filter(round_id=plan.round_id, snapshot_sha256=plan.snapshot_sha256)
    return same.filter(origin=Plan.Origin.STABLE_BEST).defer(*BLOBS).first()


def list_drafts(plan: Plan) -> QuerySet[Draft]:
    return Draft.objects.filter(plan=plan).select_related("person__unit", "village__parent")


def makers_of(plan: Plan) -> frozenset[str]:
    """Accounts that computed or changed the plan, up to the one it started from (R-0-20)."""
    makers = {str(plan.created_by_id)}
    changed = Plan.objects.filter(round_id=plan.round_id).values_list(
        "pk", "base_id", "created_by_id"
    )
    by_id = {pk: (base, maker) for pk, base, maker in changed}
    step = plan.base_id
    while step is not None:
        step, maker = by_id[step]
        makers.add(str(maker))
    return frozenset(makers - {"None"})


# --- choices of a form --------------------------------------------------------------------------


def person_choices(scope: Scope, round: Round) -> list[tuple[str, str]]:
    people = RoundPerson.objects.visible_to(scope).filter(round=round, withdrawn_on__isnull=True)
    rows = people.order_by("person__number").values_list(
        "person_id", "person__name", "person__unit__name"
    )
    return [(str(pk), f"{name}（{unit}）" if unit else name) for pk, name, unit in rows]


def unit_choices(scope: Scope, round: Round) -> list[tuple[str, str]]:
    """The units that send somebody to the round, as far as the reader may see them."""
    sending = RoundPerson.objects.filter(round=round).values("person__unit_id")
    units = Unit.objects.visible_to(scope).filter(pk__in=sending).order_by("name")
    return [(str(pk), name) for pk, name in units.values_list("pk", "name")]


def place_choices(round: Round) -> list[tuple[str, str]]:
    """The towns and villages of the round, each town before its villages."""
    return [(str(place.pk), _place_label(place)) for place in _places_of(round)]


def _places_of(round: Round) -> QuerySet[Place]:
    joined = RoundVillage.objects.filter(round=round)
    return (
        Place.objects.filter(
            Q(pk__in=joined.values("village_id")) | Q(pk__in=joined.values("village__parent_id"))
        )
        .select_related("parent")
        .order_by("path")
    )


def _place_label(place: Place) -> str:
    if place.level == PlaceLevel.VILLAGE and place.parent:
        return f"{place.parent.short_name} {place.short_name}"
    return f"{place.short_name}（全乡镇）"


def find_person_of_round(round: Round, person_id: str) -> Person | None:
    return Person.objects.filter(pk=person_id, rounds__round=round).first() if person_id else None


def find_unit_of_round(scope: Scope, round: Round, unit_id: str) -> Unit | None:
    return Unit.objects.visible_to(scope).filter(pk=unit_id).first() if unit_id else None


def find_place_of_round(round: Round, place_id: str) -> Place | None:
    return _places_of(round).filter(pk=place_id).first() if place_id else None
