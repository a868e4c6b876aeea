"""How does a role pass to a delegate while its holder is on leave, and come back?"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from lingyan.common import clock
from lingyan.common.refusals import Refusal, Refused
from lingyan.directory import assignments, granting
from lingyan.directory.actions.accounts import _end, _locked, described
from lingyan.directory.models import RoleAssignment
from lingyan.directory.roles import THREE_ADMINISTRATORS
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.models import User
from lingyan.platform.audit.record import record


@transaction.atomic
def hand_on(
    assignment: RoleAssignment,
    *,
    delegate: User,
    since: date,
    until: date,
    reason: str,
    actor: Actor,
) -> RoleAssignment:
    """Let somebody act for the holder from a day to a day: the same role, the same scope."""
    assignment = _locked(assignment)
    delegate = User.objects.select_for_update().get(pk=delegate.pk)
    facts = _facts(assignment, delegate, since, until, actor)
    if refusals := granting.refuse_delegation(facts):
        raise Refused(refusals)
    handed = RoleAssignment.objects.create(
        user=delegate,
        role=assignment.role,
        place=assignment.place,
        unit=assignment.unit,
        since=since,
        until=until,
        handed_from=assignment,
        reason=reason,
    )
    record(
        "directory.account.handed_on",
        actor=actor,
        subject=handed,
        changes={
            "holder": [None, assignment.user.name],
            "delegate": [None, delegate.name],
            **{name: [None, value] for name, value in described(handed).items()},
        },
        reason=reason,
    )
    return handed


def _facts(
    assignment: RoleAssignment, delegate: User, since: date, until: date, actor: Actor
) -> granting.DelegationFacts:
    today = clock.today()
    handed = RoleAssignment.objects.filter(
        handed_from=assignment, since__lt=until, until__gt=max(since, today)
    )
    same = RoleAssignment.objects.filter(
        assignments.in_force(since),
        user=delegate,
        role=assignment.role,
        place=assignment.place,
        unit=assignment.unit,
        handed_from__isnull=True,
    )
    may_grant = assignments.list_grantable(actor).filter(pk=assignment.pk)
    return granting.DelegationFacts(
        role=assignment.role,
        is_delegated=assignment.handed_from_id is not None or actor.for_user_id is not None,
        in_force=assignment.in_force_on(today),
        holder_until=assignment.until,
        to_holder=delegate.pk == assignment.user_id,
        to_oneself=delegate.pk == actor.user_id,
        by_holder=assignment.user_id == actor.user_id,
        may_grant=may_grant.exists(),
        since=since,
        until=until,
        today=today,
        overlapping=handed.exists(),
        delegate_administers=bool(assignments.roles_to_come(delegate) & THREE_ADMINISTRATORS),
        delegate_has_role=same.exists() and delegate.pk != assignment.user_id,
    )


@transaction.atomic
def end_delegation(handed: RoleAssignment, *, actor: Actor, reason: str) -> RoleAssignment:
    """End it before its day: by the holder, the delegate, or who may grant the role."""
    handed = _locked(handed)
    if not assignments.list_delegations(actor).filter(pk=handed.pk).exists():
        raise Refused([Refusal("directory.account.role_ended", "这个身份已经终止")])
    return _end(handed, actor=actor, reason=reason)
