"""How do accounts close that nobody has used for long?"""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from lingyan.common import clock
from lingyan.common.refusals import Refusal, Refused
from lingyan.directory import assignments
from lingyan.directory.actions.accounts import MAY_MANAGE, set_account_active
from lingyan.directory.models import RoleAssignment
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.idle import idle_q
from lingyan.platform.accounts.models import User
from lingyan.platform.wall import reach


def close_idle_account(user: User) -> bool:
    """At a sign-in: close the account if it has been idle too long; says whether it is closed.

    Nobody is signed in yet, so the product itself looks who else administers it.
    """
    with reach.everything():
        return bool(_close([user.pk], actor=Actor.system()))


def close_idle_accounts(*, actor: Actor) -> list[User]:
    """Close all of them; the last administrator's stays open, else nobody could open one again."""
    if actor.role not in MAY_MANAGE:
        raise Refused([Refusal("directory.account.wrong_role", "只有系统管理员可以管理账号")])
    return _close(list(assignments.list_idle_accounts().values_list("pk", flat=True)), actor=actor)


@transaction.atomic
def _close(user_ids: list[int], *, actor: Actor) -> list[User]:
    """Whoever signs in meanwhile is not idle any more: the condition is asked under the lock."""
    # Two administrators' accounts may close at once: each must see the other's.
    administrators = _lock_administrators()
    idle = User.objects.select_for_update().filter(idle_q(), pk__in=user_ids)
    closed = []
    for user in idle.order_by("pk"):
        if user.pk == actor.user_id or administrators == {user.pk}:
            continue
        administrators.discard(user.pk)
        reason = f"{settings.IDLE_DAYS} 天没有使用，自动停用"
        closed.append(set_account_active(user, active=False, actor=actor, reason=reason))
    return closed


def _lock_administrators() -> set[int]:
    """The open accounts that hold the system administrator's role today."""
    held = RoleAssignment.objects.filter(
        assignments.in_force(clock.today()), role=Role.SYS_ADMIN, handed_from__isnull=True
    )
    open_ones = User.objects.select_for_update().filter(
        is_active=True, pk__in=held.values("user_id")
    )
    return set(open_ones.order_by("pk").values_list("pk", flat=True))
