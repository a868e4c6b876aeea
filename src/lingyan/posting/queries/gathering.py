"""Which rows does a round hand over to matching? A fixed number of queries, whatever the size."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from lingyan.directory.models import AdjoiningTowns, Place, Relative, VillageOfficer
from lingyan.directory.rules import PlaceLevel
from lingyan.directory.scoping import path_end
from lingyan.posting.models import (
    CapabilityEvidence,
    Intention,
    NeedItem,
    NeedList,
    Objection,
    Posting,
    Round,
    RoundPerson,
    RoundVillage,
    Wish,
)
from lingyan.posting.queries.recall_effects import say_effects
from lingyan.posting.rules import RoundState

ALL = Q()
HOMES = ("native_place", "household_place", "grown_up_place")


def people_of(round: Round, which: Q = ALL) -> QuerySet[RoundPerson]:
    """Those who take part and have not withdrawn, with all that the rules read about a person."""
    homes = [f"person__{home}__parent" for home in HOMES]
    return (
        RoundPerson.objects.filter(which, round=round, withdrawn_on__isnull=True)
        .select_related(
            "person__unit",
            "person__place",
            "person__residence_place__parent",
            "person__pool_entry",
            *homes,
        )
        .prefetch_related(Prefetch("wishes", Wish.objects.select_related("round_village")))
        .order_by("person__number")
    )


def villages_of(round: Round, which: Q = ALL) -> QuerySet[RoundVillage]:
    return (
        RoundVillage.objects.filter(which, round=round)
        .select_related("village__parent", "need_list")
        .prefetch_related(
            "need_list__items",
            Prefetch(
                "intentions",
                Intention.objects.select_related("round_person__person"),
            ),
        )
        .order_by("village__path")
    )


def evidence_of(person_ids: Iterable[object]) -> QuerySet[CapabilityEvidence]:
    return CapabilityEvidence.objects.filter(person_id__in=person_ids).order_by(
        "capability", "since", "text", "pk"
    )


def postings_of(person_ids: Iterable[object]) -> QuerySet[Posting]:
    held = Posting.objects.filter(person_id__in=person_ids)
    return say_effects(held).order_by("since", "pk")


def relatives_of(person_ids: Iterable[object]) -> QuerySet[Relative]:
    """Declared on either side: a relation is read in both directions."""
    ids = list(person_ids)
    return (
        Relative.objects.filter(Q(person_id__in=ids) | Q(other_id__in=ids))
        .select_related("person", "other")
        .order_by("person__number", "other__number")
    )


def officers_of(village_ids: Iterable[object], *, on: date) -> QuerySet[VillageOfficer]:
    """Who holds a post in these villages on that day."""
    return (
        VillageOfficer.objects.filter(village_id__in=village_ids, since__lte=on)
        .filter(Q(until__isnull=True) | Q(until__gt=on))
        .select_related("person")
        .order_by("village__path", "post", "person__number")
    )


def objections_of(round: Round) -> QuerySet[Objection]:
    return (
        Objection.objects.filter(round=round)
        .select_related("person", "unit", "place")
        .order_by("entered_on", "pk")
    )


def towns_of(county: Place) -> QuerySet[Place]:
    return Place.objects.filter(
        level=PlaceLevel.TOWNSHIP,
        path__gte=county.path,
        path__lt=path_end(county.path),
    ).order_by("path")


def adjoining_towns(county: Place) -> QuerySet[AdjoiningTowns]:
    return AdjoiningTowns.objects.filter(
        first__path__gte=county.path, first__path__lt=path_end(county.path)
    ).select_related("first", "second")


def needs_in_force(village_ids: Iterable[object]) -> Iterable[tuple[UUID, str, str, int]]:
    """Village, item, domain and severity of every need in the issued lists of these villages."""
    rows = NeedItem.objects.filter(
        need_list__village__in=village_ids, need_list__state=NeedList.State.ISSUED
    ).order_by("need_list__village__path", "item", "pk")
    return rows.values_list("need_list__village", "item", "domain", "severity")


def types_of_villages(village_ids: Iterable[object], on: date) -> Iterable[tuple[UUID, list[str]]]:
    """Village and its types by each need list issued until that day, the latest last."""
    rows = NeedList.objects.filter(village__in=village_ids, issued_on__lte=on)
    return rows.order_by("issued_on", "created_at", "pk").values_list("village", "village_types")


# --- what a plan was computed from ----------------------------------------------------------------

UNDECIDED = (
    RoundState.COMPUTED, RoundState.ADJUSTED, RoundState.DELIBERATED, RoundState.ANNOUNCED,
)  # fmt: skip


def rounds_computed_since(moment: datetime) -> QuerySet[Round]:
    """Computed at or after the moment, and neither issued nor cancelled."""
    rounds = Round.objects.filter(state__in=UNDECIDED, plans__created_at__gte=moment)
    return rounds.distinct().order_by("name")


def records_read_by(round: Round) -> dict[str, set[str]]:
    """The ids of all records that the matching of a round reads, by the label of their model."""
    people = RoundPerson.objects.filter(round=round)
    villages = RoundVillage.objects.filter(round=round)
    own, places = people.values("person"), villages.values("village")
    relatives = Relative.objects.filter(Q(person__in=own) | Q(other__in=own))
    read = {
        "directory.person": people.values_list("person"),
        "directory.relative": relatives.values_list("pk"),
        "directory.villageofficer": VillageOfficer.objects.filter(village__in=places).values_list(
            "pk"
        ),
        "posting.poolentry": people.values_list("person__pool_entry"),
        "posting.capabilityevidence": people.values_list("person__capability_evidence"),
        "posting.wish": people.values_list("wishes"),
        "posting.needlist": villages.values_list("need_list"),
        "posting.intention": villages.values_list("intentions"),
    }
    return {label: {str(key) for (key,) in keys} for label, keys in read.items()}
