"""Which tokens does a user have, and whose is the one that a request brings?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from lingyan.api.models import ApiToken
from lingyan.api.rules import Access
from lingyan.api.secret import digest_of
from lingyan.common import clock
from lingyan.directory import queries as directory
from lingyan.directory.assignments import narrowed
from lingyan.directory.models import Place
from lingyan.directory.rules import PlaceLevel
from lingyan.directory.scoping import contains
from lingyan.platform.accounts.actor import Actor, Scope

NARROWER = (PlaceLevel.COUNTY, PlaceLevel.TOWNSHIP)


@dataclass(frozen=True, slots=True)
class Caller:
    """A program at the door: its token, and the actor that it is today."""

    token: ApiToken
    actor: Actor

    @property
    def may_write(self) -> bool:
        return self.token.access == Access.WRITE


def list_tokens(user_id: int) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(user_id=user_id).select_related(
        "assignment__place", "assignment__unit", "place"
    )


def list_all_tokens() -> QuerySet[ApiToken]:
    """Everybody's tokens that still open something, for the administrators of the installation."""
    in_force = ApiToken.objects.filter(revoked_at__isnull=True, until__gt=clock.today())
    return in_force.select_related("user", "assignment__place", "assignment__unit", "place")


def get_anybodys_token(token_id: UUID) -> ApiToken:
    return get_object_or_404(list_all_tokens(), pk=token_id)


def get_token(user_id: int, token_id: UUID) -> ApiToken:
    return get_object_or_404(list_tokens(user_id), pk=token_id)


def count_tokens_in_force(user_id: int) -> int:
    in_force = ApiToken.objects.filter(revoked_at__isnull=True, until__gt=clock.today())
    return in_force.filter(user_id=user_id).count()


def list_narrower_places(scope: Scope) -> QuerySet[Place]:
    """Counties and towns to which a token may be narrowed."""
    return directory.list_places(scope).filter(level__in=NARROWER).order_by("path")


def find_caller(secret: str) -> Caller | None:
    """Who calls with this token: never more than its maker is in that role at this moment."""
    token = (
        ApiToken.objects.select_related("user", "place")
        .filter(
            digest=digest_of(secret),
            revoked_at__isnull=True,
            until__gt=clock.today(),
            user__is_active=True,
        )
        .first()
    )
    if token is None:
        return None
    for assignment in directory.list_assignments(token.user_id):
        if assignment.pk == token.assignment_id:
            actor = _narrowed(directory.actor_of(assignment), token.place)
            return Caller(token, replace(actor, through=f"令牌“{token}”")) if actor else None
    return None


def _narrowed(actor: Actor, place: Place | None) -> Actor | None:
    """The actor over the token's own place, as long as that lies in the role's scope."""
    if place is None:
        return actor
    if not contains(actor.scope, place.path):
        return None
    return narrowed(actor, place.path, str(place))
