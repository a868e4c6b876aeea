"""For which pairs may this person speak, and who has a part in a fact?"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from lingyan.directory.models import Place
from lingyan.directory.rules.hands import POSTED
from lingyan.pairing.models import FundClaim, Pairing, PairProject, ProblemClaim
from lingyan.pairing.models.claims import Claim, claim_q
from lingyan.pairing.models.pairings import PairingQuerySet
from lingyan.pairing.rules.activity_words import ProjectState
from lingyan.platform.accounts.actor import Actor, Scope

ONESELF = "oneself"


def list_begun(scope: Scope) -> PairingQuerySet:
    """Pairs in scope that began, those at work first."""
    found = Pairing.objects.visible_to(scope).filter(since__isnull=False)
    return found.select_related("unit", "village__parent").order_by("until", "village__path", "pk")


def pairs_of_keys(scope: Scope, keys: Collection[str]) -> list[Pairing]:
    return list(list_begun(scope).filter(pk__in=keys))


def offered(scope: Scope, most: int, village: str = "") -> list[Pairing]:
    """The pairs at work to choose among: the person's own, or those of one village."""
    found = list_begun(scope).active()
    if village:
        try:
            found = found.filter(village=UUID(village))
        except ValueError:
            return []
    return list(found.order_by("village__path", "-is_lead", "pk")[:most])


def villages_with_pairs(scope: Scope) -> list[tuple[str, str]]:
    """Where there is a pair at work, for a choice."""
    keys = list_begun(scope).active().order_by().values("village")
    found = Place.objects.filter(pk__in=keys).select_related("parent").order_by("path")
    return [(str(one.pk), f"{one.parent or ''}{one}") for one in found]


def own_villages(scope: Scope) -> list[UUID]:
    """The villages of the person's pairs: what is written down there may be one's own too."""
    found = list_begun(scope).order_by("village").values_list("village_id", flat=True)
    return list(found.distinct())


def find_pair(scope: Scope, key: str) -> Pairing | None:
    """The pair of this key; None for oneself."""
    return None if key == ONESELF else list_begun(scope).filter(pk=key).first()


def claimants_to_choose(fact: Any, actor: Actor) -> list[tuple[str, str]]:
    """Who may still say that it had a part: pairs of the village, and the first secretary."""
    known = {one.pairing_id or one.person_id for one in standing_claims(fact)}
    pairs = list_begun(actor.scope).filter(village=fact.village_id)
    found = [(str(one.pk), str(one)) for one in pairs if one.pk not in known]
    person_id = posted_in(actor, fact.village)
    if person_id is not None and person_id not in known:
        found.append((ONESELF, f"第一书记{actor.name}"))
    return found


def projects_of(pair_keys: Collection[str]) -> list[PairProject]:
    """The shared projects of these pairs that run."""
    found = PairProject.objects.filter(pairings__in=pair_keys, state=ProjectState.RUNNING)
    return list(found.distinct().order_by("-since", "pk"))


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
    return bool(fact.claims.filter(claim_q(scope), dropped="").exists())


def keys_in(fact: Any, scope: Scope) -> frozenset[UUID]:
    """Which of the claims that stand lie in the scope: of these the share may be read."""
    rows = fact.claims.filter(claim_q(scope), dropped="")
    return frozenset(rows.values_list("pk", flat=True))


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
