"""How are tokens made, used and revoked?"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from lingyan.api import queries, rules
from lingyan.api.models import ApiToken
from lingyan.api.rules import Access
from lingyan.api.secret import SHOWN, digest_of, new_secret
from lingyan.common import clock
from lingyan.common.refusals import Refusal, Refused
from lingyan.directory import queries as directory
from lingyan.directory.models import Place, RoleAssignment
from lingyan.directory.scoping import contains
from lingyan.platform.accounts import idle
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.models import User
from lingyan.platform.audit.record import record

USED_NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def create_token(
    assignment: RoleAssignment,
    *,
    name: str,
    access: str,
    until: date,
    actor: Actor,
    place: Place | None = None,
) -> tuple[ApiToken, str]:
    """Make a token for one of one's own roles; its secret is returned this once."""
    assert actor.user_id is not None
    # One at a time for each user, so that the count below is true.
    user = User.objects.select_for_update().get(pk=actor.user_id)
    own = {one.pk: one for one in directory.list_assignments(user.pk)}
    if assignment.pk not in own:
        raise Refused([Refusal("api.token.not_own", "只能为自己现有的身份建立令牌")])
    scope = directory.actor_of(own[assignment.pk]).scope
    if refusals := rules.refuse_token(
        until=until,
        today=clock.today(),
        role_until=assignment.until,
        in_scope=place is None or contains(scope, place.path),
        held=queries.count_tokens_in_force(user.pk),
    ):
        raise Refused(refusals)
    secret = new_secret()
    token = ApiToken.objects.create(
        user=user,
        assignment=assignment,
        name=name,
        place=place,
        access=Access(access),
        start=secret[:SHOWN],
        digest=digest_of(secret),
        until=until,
        created_at=clock.now(),
    )
    record(
        "api.token.created",
        actor=actor,
        subject=token,
        changes={
            "role": [None, assignment.role],
            "place": [None, str(place or "")],
            "access": [None, token.access],
            "until": [None, until],
        },
    )
    return token, secret


@transaction.atomic
def revoke_token(token: ApiToken, *, actor: Actor, reason: str = "") -> ApiToken:
    """End a token at once; a second press changes nothing. Another's token needs a reason."""
    if refusals := rules.refuse_to_revoke(
        own=token.user_id == actor.user_id, role=actor.role, reason=reason
    ):
        raise Refused(refusals)
    token = ApiToken.objects.select_for_update().get(pk=token.pk)
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        token.save(update_fields=["revoked_at"])
        changes = {"revoked_at": [None, token.revoked_at]}
        record("api.token.revoked", actor=actor, subject=token, changes=changes, reason=reason)
    return token


def note_use(token: ApiToken) -> None:
    """When the token was last used, to the minute: reading must not become writing.

    Its use keeps the account in use as well.
    """
    now = clock.now()
    if token.last_used_at is None or now - token.last_used_at >= USED_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        idle.note_program(token.user_id)
