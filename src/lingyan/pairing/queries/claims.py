"""For which pairs may this person speak, and who has a part in a fact?"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from lingyan.directory.models import Place
from lingyan.directory.rules.hands import POSTED
from lingyan.pairing.models import FundClaim, Pairing, ProblemClaim
from lingyan.pairing.models.claims import Claim, claim_q
from lingyan.platform.accounts.actor import Actor, Scope


def list_begun(scope: Scope) -> QuerySet[Pairing]:
    """Pairs in scope that began, those at work first."""
    found = Pairing.objects.visible_to(scope).filter(since__isnull=False)
    return found.select_related("unit", "village__parent").order_by("until", "village__path", "pk")


def pairs_of_keys(scope: Scope, keys: Collection[str]) -> list[Pairing]:
    return list(list_begun(scope).filter(pk__in=keys))


def offered(scope: Scope, most: int, village: Place | None = None) -> list[Pairing]:
    """The pairs at work to choose among: the person's own, or those of a village."""
    found = list_begun(scope).active()
    if village is not None:
        found = found.filter(village=village)
    return list(found.order_by("village__path", "-is_lead", "pk")[:most])


def posted_in(actor: Actor, village: Place) -> UUID | None:
    """The person who acts, where that is somebody posted to the village."""
    if actor.role not in POSTED or not any(
        village.path.startswith(path) for path in actor.scope.place_paths
    ):
        return None
    return actor.scope.person_id


def standing_claims(fact: Any) -> QuerySet[Any]:
    found: QuerySet[Any] = fact.claims.filter(dropped="")
    return found.select_related("pairing__unit", "pairing__village", "person").order_by(
        "made_at", "pk"
    )


def pairs_of(fact: Any) -> list[UUID]:
    found = fact.claims.filter(dropped="", pairing__isnull=False)
    return list(found.order_by("made_at", "pk").values_list("pairing_id", flat=True))


def has_part(fact: Any, scope: Scope) -> bool:
    return fact.claims.filter(claim_q(scope), dropped="").exists()


def get_fund_claim(scope: Scope, claim_id: UUID) -> FundClaim:
    found = FundClaim.objects.filter(dropped="").select_related("fund__village", "village")
    return get_object_or_404(found.filter(claim_q(scope)), pk=claim_id)


def get_problem_claim(scope: Scope, claim_id: UUID) -> ProblemClaim:
    found = ProblemClaim.objects.filter(dropped="").select_related("problem__village", "village")
    return get_object_or_404(found.filter(claim_q(scope)), pk=claim_id)


def is_of(claim: Claim, actor: Actor) -> bool:
    """Whether the claim is the actor's own: of the unit, of the person, of a place in scope."""
    scope = actor.scope
    if actor.role in POSTED:
        return claim.person_id is not None and claim.person_id == scope.person_id
    under = any(claim.village.path.startswith(path) for path in scope.place_paths)
    return under or claim.unit_id in scope.unit_ids
