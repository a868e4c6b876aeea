"""How does the quarterly review of granted roles leave its mark?"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from lingyan.common import clock
from lingyan.common.refusals import Refusal, Refused
from lingyan.directory import assignments
from lingyan.directory.models import RoleAssignment
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import Trace, record_many

MAY_REVIEW = (Role.SYS_ADMIN, Role.SEC_ADMIN)


@transaction.atomic
def confirm_roles(assignment_ids: Sequence[UUID], *, actor: Actor) -> int:
    """Say that these roles are still needed; those that have ended meanwhile are passed over.

    依据：10.2 账号每季度核对。自己的身份由另一位管理员核对。
    """
    if actor.role not in MAY_REVIEW:
        raise Refused(
            [Refusal("directory.review.wrong_role", "只有系统管理员和安全管理员可以核对")]
        )
    if not assignment_ids:
        raise Refused([Refusal("directory.review.nothing", "请先勾选仍需要的身份")])
    chosen = assignments.list_to_review().filter(pk__in=assignment_ids)
    rows = list(chosen.select_for_update(of=("self",)).order_by("pk"))
    if any(one.user_id == actor.user_id for one in rows):
        raise Refused([Refusal("directory.review.own", "自己的身份由另一位管理员核对")])
    traces = []
    for one in rows:
        changes = {
            "reviewed_on": [one.reviewed_on, clock.today()],
            "reviewed_by": [one.reviewed_by or None, actor.name],
        }
        one.reviewed_on, one.reviewed_by = clock.today(), actor.name
        traces.append(Trace("directory.account.role_reviewed", one, changes))
    RoleAssignment.objects.bulk_update(rows, ["reviewed_on", "reviewed_by"])
    if traces:
        record_many(traces, actor=actor)
    return len(rows)
