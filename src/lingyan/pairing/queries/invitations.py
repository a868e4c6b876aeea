"""Which pairs were asked to claim a fact, who answers, and who else might be asked?"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from lingyan.directory import queries as directory
from lingyan.directory import search
from lingyan.directory.models import Place
from lingyan.directory.scoping import path_end
from lingyan.pairing.models import PairActivity, PairFund, Pairing, PairInvitation
from lingyan.pairing.models.claims import claim_q
from lingyan.pairing.rules import invitations as rules
from lingyan.platform.accounts.actor import Actor, Scope

Fact = PairActivity | PairFund


def list_invitations(scope: Scope) -> QuerySet[PairInvitation]:
    """What pairs of the scope were asked, what waits first."""
    return (
        PairInvitation.objects.of_pairs_in(scope)
        .select_related(
            "pairing__unit", "pairing__village__parent", "activity__place__parent",
            "fund__village__parent",
        )
        .prefetch_related("activity__pairings__unit", "activity__pairings__village")
    )  # fmt: skip


def get_invitation(scope: Scope, invitation_id: UUID) -> PairInvitation:
    """One that asks a pair of the scope, or that a pair of the scope has sent."""
    found = PairInvitation.objects.select_related(
        "pairing__unit", "pairing__village", "activity__county", "fund__village"
    )
    sent = Q(activity__in=PairActivity.objects.visible_to(scope).order_by().values("pk")) | Q(
        fund__in=PairFund.objects.visible_to(scope).order_by().values("pk")
    )
    asked = Q(pk__in=PairInvitation.objects.of_pairs_in(scope).order_by().values("pk"))
    return get_object_or_404(found.filter(sent | asked), pk=invitation_id)


def is_of(invitation: PairInvitation, actor: Actor) -> bool:
    """Whether it asks a pair of the actor's."""
    return PairInvitation.objects.of_pairs_in(actor.scope).filter(pk=invitation.pk).exists()


def search_q(text: str) -> Q:
    return search.of_units_q(text, "pairing__unit") | search.of_villages_q(text, "pairing__village")


def list_waiting(scope: Scope) -> QuerySet[PairInvitation]:
    return PairInvitation.objects.of_pairs_in(scope).waiting()


def of_fact(fact: Fact) -> QuerySet[PairInvitation]:
    """Those that were not confirmed: what was, stands among the claimants."""
    rows = fact.invitations.exclude(state=rules.InvitationState.CONFIRMED)
    return rows.select_related("pairing__unit", "pairing__village__parent").order_by(
        "-asked_at", "pk"
    )


def is_asked(fact: Fact, pairing_id: UUID) -> bool:
    return fact.invitations.waiting().filter(pairing=pairing_id).exists()


def county_of(fact: Fact) -> Place:
    return fact.county if isinstance(fact, PairActivity) else directory.county_of(fact.village)


def standing_pairs(fact: Fact) -> frozenset[UUID]:
    """The pairs that have a part in it now."""
    if isinstance(fact, PairActivity):
        return frozenset(fact.pairings.values_list("pk", flat=True))
    rows = fact.claims.filter(dropped="", pairing__isnull=False)
    return frozenset(one for one in rows.values_list("pairing_id", flat=True) if one)


def has_part(fact: Fact, actor: Actor) -> bool:
    """Whether the actor speaks for somebody who has a part in it."""
    if isinstance(fact, PairActivity):
        held = Pairing.objects.visible_to(actor.scope)
        return held.filter(pk__in=standing_pairs(fact)).exists()
    claims: QuerySet[Any] = fact.claims.filter(claim_q(actor.scope), dropped="")
    return claims.exists()


def find_pairs(fact: Fact, text: str, actor: Actor) -> list[Pairing]:
    """Pairs of the county, by unit, village or town, that may still be asked.

    A side does not ask its own pairs; town and county, who answer for none, ask any.
    """
    county = county_of(fact)
    found = Pairing.objects.filter(
        search.of_units_q(text, "unit") | search.of_villages_q(text, "village"),
        since__isnull=False,
        village__path__gte=county.path,
        village__path__lt=path_end(county.path),
    ).exclude(pk__in=standing_pairs(fact))
    asked = fact.invitations.waiting().order_by().values("pairing")
    found = found.exclude(pk__in=asked)
    if actor.role in rules.ANSWERERS:
        own = Pairing.objects.visible_to(actor.scope).order_by().values("pk")
        found = found.exclude(pk__in=own)
    return list(
        found.select_related("unit", "village__parent").order_by(
            "village__path", "unit__name", "pk"
        )[: rules.FOUND_MOST]
    )
