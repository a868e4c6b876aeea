"""Which people of the pool may a reader see, and what has been recorded of them?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404

from lingyan.directory import queries as directory
from lingyan.directory.models import Person, Place, Relative
from lingyan.platform.accounts.actor import Scope
from lingyan.posting.models import CapabilityEvidence, PoolEntry, Posting
from lingyan.posting.queries.needs import uuids
from lingyan.posting.queries.recall_effects import say_effects
from lingyan.posting.rules import PoolState
from lingyan.posting.rules.eligibility import sanction_of


def list_pool(scope: Scope) -> QuerySet[PoolEntry]:
    """People of the pool with unit and evidence; a page of any size costs the same queries."""
    evidence = CapabilityEvidence.objects.order_by("capability", "since", "pk")
    return (
        PoolEntry.objects.visible_to(scope)
        .select_related("person__unit", "person__place", "unit")
        .prefetch_related(Prefetch("person__capability_evidence", evidence))
    )


def has_capability(capability: str) -> Q:
    """People with verified evidence of a capability."""
    proofs = CapabilityEvidence.objects.filter(capability=capability, verified=True)
    return Q(person__in=proofs.values("person"))


def get_pool_entry(scope: Scope, entry_id: UUID) -> PoolEntry:
    homes = ("native_place", "household_place", "grown_up_place", "residence_place")
    entries = list_pool(scope).select_related(
        "recall_village__parent", *(f"person__{home}" for home in homes)
    )
    return get_object_or_404(entries, pk=entry_id)


def names_of_villages(ids: Iterable[str]) -> list[str]:
    """Villages that were declared by id, with their towns, in the order of the county."""
    found = Place.objects.filter(pk__in=list(ids)).select_related("parent").order_by("path")
    return [f"{one.parent or ''}{one}" for one in found]


def find_pool_entries(scope: Scope, ids: Iterable[str]) -> list[PoolEntry]:
    return list(list_pool(scope).filter(pk__in=uuids(ids)))


def find_own_entry(scope: Scope) -> PoolEntry | None:
    """The entry of the person who is looking, in the role of a candidate."""
    if scope.person_id is None:
        return None
    return list_pool(scope).filter(person_id=scope.person_id).first()


def find_entry_of(scope: Scope, person: Person) -> PoolEntry | None:
    return PoolEntry.objects.visible_to(scope).filter(person=person).first()


def is_sanctioned(person_id: UUID, on: date) -> bool:
    """Whether a sanction is in effect, or an investigation goes on, by what is declared (G-21)."""
    declared = PoolEntry.objects.filter(person=person_id).values_list(
        "discipline", "sanction_until"
    )
    return any(sanction_of(state, until, on) for state, until in declared)


def get_evidence(scope: Scope, proof_id: UUID) -> CapabilityEvidence:
    proofs = CapabilityEvidence.objects.visible_to(scope).select_related("person__pool_entry")
    return get_object_or_404(proofs, pk=proof_id)


def list_recommendable(scope: Scope) -> QuerySet[Person]:
    """People of the units in scope who do not stand in the pool, or were taken out of it."""
    free = Q(pool_entry__isnull=True) | Q(pool_entry__state=PoolState.REMOVED)
    return directory.list_people(scope).filter(free, unit__isnull=False).order_by("name")


def list_relatives_of(person: Person) -> list[Relative]:
    """Declared on either side: a relation is read in both directions."""
    either = Q(person=person) | Q(other=person)
    return list(Relative.objects.filter(either).select_related("person__unit", "other__unit"))


def list_postings_of(person: Person) -> list[Posting]:
    held = Posting.objects.filter(person=person).select_related("village__parent")
    return list(say_effects(held).order_by("-since"))


def list_pool_in(scope: Scope, state: PoolState) -> QuerySet[PoolEntry]:
    return PoolEntry.objects.visible_to(scope).filter(state=state).order_by()
