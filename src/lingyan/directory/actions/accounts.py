"""How are accounts made, given roles, and closed?"""

from __future__ import annotations

from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from lingyan.common import clock
from lingyan.common.refusals import Refusal, Refused
from lingyan.directory.models import Person, Place, RoleAssignment, Unit
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.models import User
from lingyan.platform.audit.record import record

MAY_MANAGE = (Role.SYS_ADMIN, "system")
THREE_ADMINISTRATORS = frozenset({Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDIT_ADMIN})
PLACE_ROLES_FREE = THREE_ADMINISTRATORS | {Role.CANDIDATE}


def _require_manager(actor: Actor) -> None:
    if actor.role not in MAY_MANAGE:
        raise Refused([Refusal("directory.account.wrong_role", "只有系统管理员可以管理账号")])


@transaction.atomic
def create_account(
    *, username: str, name: str, password: str | None, actor: Actor, is_demo: bool = False
) -> User:
    """Make an account. Without a role it can do nothing, without a password not sign in."""
    _require_manager(actor)
    if User.objects.filter(username=username).exists():
        raise Refused([Refusal("directory.account.taken", f"账号“{username}”已有人使用，请换一个")])
    user = User(username=username, name=name, is_demo=is_demo, created_at=clock.now())
    if password is None:
        user.set_unusable_password()
    else:
        _set_password(user, password)
    user.save()
    record("directory.account.created", actor=actor, subject=user, changes={"username": username})
    return user


@transaction.atomic
def grant_role(
    user: User,
    *,
    role: str,
    actor: Actor,
    place: Place | None = None,
    unit: Unit | None = None,
    person: Person | None = None,
    since: date | None = None,
    until: date | None = None,
) -> RoleAssignment:
    """Let a user hold a role over a place or a unit, or as the person himself."""
    _require_manager(actor)
    if refusals := _refuse_grant(user, role, actor):
        raise Refused(refusals)
    if role not in PLACE_ROLES_FREE and place is None and unit is None:
        raise Refused([Refusal("directory.account.no_scope", "请选择管辖区划或单位")])
    if role == Role.CANDIDATE and person is not None:
        _link_person(user, person)
    assignment = RoleAssignment.objects.create(
        user=user, role=role, place=place, unit=unit, since=since or clock.today(), until=until
    )
    record(
        "directory.account.role_granted",
        actor=actor,
        subject=assignment,
        changes={"role": role, "place": str(place or ""), "unit": str(unit or "")},
    )
    return assignment


def _refuse_grant(user: User, role: str, actor: Actor) -> list[Refusal]:
    """Nobody grants to himself, and nobody holds two of the three administrators (10.2)."""
    refusals = []
    if actor.user_id is not None and user.pk == actor.user_id:
        refusals.append(Refusal("directory.account.own_role", "不能给自己授予身份"))
    today = clock.today()
    others = RoleAssignment.objects.filter(user=user, role__in=THREE_ADMINISTRATORS - {role})
    held = others.filter(Q(until__isnull=True) | Q(until__gt=today)).exists()
    if role in THREE_ADMINISTRATORS and held:
        refusals.append(
            Refusal(
                "directory.account.two_of_three",
                "系统、安全、审计三个管理员须由三个人分别担任",
            )
        )
    return refusals


def _link_person(user: User, person: Person) -> None:
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.user_id not in (None, user.pk):
        raise Refused([Refusal("directory.account.person_has_one", f"{person}已有账号")])
    person.user = user
    person.save(update_fields=["user"])


@transaction.atomic
def end_role(assignment: RoleAssignment, *, actor: Actor, reason: str) -> RoleAssignment:
    """End a role today; what was done in it stays in the history."""
    _require_manager(actor)
    assignment = RoleAssignment.objects.select_for_update().get(pk=assignment.pk)
    if assignment.until is not None and assignment.until <= clock.today():
        raise Refused([Refusal("directory.account.role_ended", "这个身份已经终止")])
    before, assignment.until = assignment.until, clock.today()
    assignment.save(update_fields=["until"])
    record(
        "directory.account.role_ended",
        actor=actor,
        subject=assignment,
        changes={"until": [before, assignment.until]},
        reason=reason,
    )
    return assignment


@transaction.atomic
def reset_password(user: User, *, password: str, actor: Actor) -> User:
    """Give a user a new password; the old sessions end by it."""
    _require_manager(actor)
    user = User.objects.select_for_update().get(pk=user.pk)
    _set_password(user, password)
    user.save(update_fields=["password"])
    record("directory.account.password_reset", actor=actor, subject=user)
    return user


@transaction.atomic
def change_own_password(user: User, *, password: str, actor: Actor) -> User:
    """A user sets a new password of the own; the form has asked for the old one."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.pk != actor.user_id:
        raise Refused([Refusal("directory.account.not_own", "只能修改自己的密码")])
    _set_password(user, password)
    user.save(update_fields=["password"])
    record("directory.account.password_changed", actor=actor, subject=user)
    return user


@transaction.atomic
def set_account_active(user: User, *, active: bool, actor: Actor, reason: str) -> User:
    """Close an account the same day, or open it again."""
    _require_manager(actor)
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.pk == actor.user_id and not active:
        raise Refused([Refusal("directory.account.own", "不能停用自己的账号")])
    before, user.is_active = user.is_active, active
    user.save(update_fields=["is_active"])
    record(
        "directory.account.activated" if active else "directory.account.closed",
        actor=actor,
        subject=user,
        changes={"is_active": [before, active]},
        reason=reason,
    )
    return user


def _set_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as problem:
        raise Refused(
            Refusal("directory.account.weak_password", message) for message in problem.messages
        ) from problem
    user.set_password(password)
