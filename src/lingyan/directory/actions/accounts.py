"""How are accounts made, given roles, closed, and helped when somebody cannot sign in?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from lingyan.common import clock
from lingyan.common.refusals import Refusal, Refused
from lingyan.directory import assignments, granting
from lingyan.directory.models import Person, Place, RoleAssignment, Unit
from lingyan.directory.roles import OF_BUSINESS, THREE_ADMINISTRATORS, Role
from lingyan.platform.accounts import guard, sessions
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.models import User
from lingyan.platform.accounts.passwords import (
    PASSWORD_FIELDS,
    keep_password,
    quick_hash,
    random_password,
)
from lingyan.platform.accounts.provider import PROVIDER_ID
from lingyan.platform.audit.record import Trace, record, record_many

MAY_MANAGE = (Role.SYS_ADMIN, "system")


def _require_manager(actor: Actor) -> None:
    if actor.role not in MAY_MANAGE:
        raise Refused([Refusal("directory.account.wrong_role", "只有系统管理员可以管理账号")])


def refuse_to_let_in(user: User, actor: Actor) -> tuple[Refusal, ...]:
    """Why this actor may not give the account a new way to sign in."""
    return granting.refuse_to_let_in(
        actor_role=actor.role,
        roles=assignments.roles_to_come(user),
        oneself=user.pk == actor.user_id,
        has_security=assignments.has_security_administrator(),
    )


def _require_letting_in(user: User, actor: Actor) -> None:
    if refusals := refuse_to_let_in(user, actor):
        raise Refused(refusals)


@transaction.atomic
def create_account(
    *,
    username: str,
    name: str,
    password: str | None,
    actor: Actor,
    is_demo: bool = False,
    person: Person | None = None,
) -> User:
    """Make an account. Without a role it can do nothing, without a password not sign in.

    A handed-out password must be changed at its first use.
    """
    _require_manager(actor)
    if User.objects.filter(username=username).exists():
        raise Refused([Refusal("directory.account.taken", f"账号“{username}”已有人使用，请换一个")])
    user = User(username=username, name=name, is_demo=is_demo, created_at=clock.now())
    if password is None:
        user.set_unusable_password()
    else:
        _set_password(user, password, handed_out=not is_demo)
    user.save()
    record(
        "directory.account.created",
        actor=actor,
        subject=user,
        changes={"username": [None, username], "name": [None, name]},
    )
    if person is not None:
        link_person(user, person, actor=actor)
    return user


@transaction.atomic
def link_person(user: User, person: Person, *, actor: Actor) -> Person:
    """Say whose account it is: one person has one account, and an account one person."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.user_id == user.pk:
        return person
    taken = person.user_id is not None
    if taken:
        raise Refused([Refusal("directory.account.person_has_one", f"{person}已有账号")])
    if Person.objects.filter(user=user).exists():
        raise Refused([Refusal("directory.account.is_of_another", "这个账号已对应另一个人员")])
    person.user = user
    person.save(update_fields=["user"])
    record(
        "directory.account.person_linked",
        actor=actor,
        subject=person,
        changes={"account": [None, user.username]},
    )
    return person


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
    """Let a user hold a role over a place or a unit, or as the person himself (R-0-19)."""
    # Two administrators may grant at once: the second must see what the first has granted.
    user = User.objects.select_for_update().get(pk=user.pk)
    assignment = RoleAssignment(
        user=user, role=role, place=place, unit=unit, since=since or clock.today(), until=until
    )
    if refusals := refuse_grant(assignment, person, actor):
        raise Refused(refusals)
    if person is not None:
        link_person(user, person, actor=actor)
    assignment.save()
    record(
        "directory.account.role_granted",
        actor=actor,
        subject=assignment,
        changes={name: [None, value] for name, value in described(assignment).items()},
    )
    return assignment


def refuse_grant(
    assignment: RoleAssignment, person: Person | None, actor: Actor
) -> tuple[Refusal, ...]:
    """The rule's answer for an assignment that is not saved yet."""
    held = RoleAssignment.objects.filter(user_id=assignment.user.pk)
    own = held.exclude(pk=assignment.pk) if assignment.user.pk else held.none()
    still = [one for one in own if one.until is None or one.until > assignment.since]
    person = person or (getattr(assignment.user, "person", None) if assignment.user.pk else None)
    return granting.refuse_grant(
        granting.GrantFacts(
            granter_role=actor.role,
            role=assignment.role,
            to_oneself=_is_own(assignment, actor),
            has_security_administrator=assignments.has_security_administrator(),
            holds_other_administrator=any(
                one.role in THREE_ADMINISTRATORS and one.role != assignment.role for one in still
            ),
            holds_business=any(one.role in OF_BUSINESS for one in still),
            place_level=assignment.place.level if assignment.place else "",
            has_unit=assignment.unit is not None,
            has_person=person is not None,
            within_own_scope=assignments.within(
                actor.scope, place=assignment.place, unit=assignment.unit, person=person
            ),
            since=assignment.since,
            until=assignment.until,
            granter_until=assignments.until_of(actor),
            same_again=any(_is_same(one, assignment) for one in still),
        )
    )


def _is_own(assignment: RoleAssignment, actor: Actor) -> bool:
    """A delegate and whom he stands for are one pair of hands."""
    hands = {actor.user_id, actor.for_user_id, *actor.stands_for} - {None}
    return assignment.user_id in hands


def _is_same(one: RoleAssignment, other: RoleAssignment) -> bool:
    """The same role over the same, in an overlapping period."""
    same = (one.role, one.place_id, one.unit_id) == (other.role, other.place_id, other.unit_id)
    return same and (other.until is None or one.since < other.until) and not one.handed_from_id


def described(assignment: RoleAssignment) -> dict[str, Any]:
    """What the history says of an assignment."""
    return {
        "role": assignment.get_role_display(),
        "where": assignment.where,
        "since": assignment.since,
        "until": assignment.until,
    }


@transaction.atomic
def change_period(
    assignment: RoleAssignment, *, since: date, until: date | None, actor: Actor
) -> RoleAssignment:
    """Move the beginning or the end of a role; what a granter may not grant he may not prolong."""
    assignment = _locked(assignment)
    before = [assignment.since, assignment.until]
    assignment.since, assignment.until = since, until
    if refusals := refuse_grant(assignment, None, actor):
        raise Refused(refusals)
    assignment.save(update_fields=["since", "until"])
    record(
        "directory.account.period_changed",
        actor=actor,
        subject=assignment,
        changes={"since": [before[0], since], "until": [before[1], until]},
    )
    return assignment


@transaction.atomic
def end_role(assignment: RoleAssignment, *, actor: Actor, reason: str) -> RoleAssignment:
    """End a role today; what was done in it stays in the history, and its delegations end too."""
    assignment = _locked(assignment)
    refusals = granting.refuse_granter(
        granter_role=actor.role,
        role=assignment.role,
        has_security=assignments.has_security_administrator(),
    )
    if not assignments.grants_everywhere(actor) and not refusals:
        assignments.get_grantable(actor, assignment.pk)
    if _is_own(assignment, actor):
        refusals = (
            *refusals,
            Refusal("directory.account.own_role_end", "不能终止自己或您代理的人的身份"),
        )
    if assignment.until is not None and assignment.until <= clock.today():
        refusals = (*refusals, Refusal("directory.account.role_ended", "这个身份已经终止"))
    if refusals:
        raise Refused(refusals)
    return _end(assignment, actor=actor, reason=reason)


@transaction.atomic
def end_roles_of_person(
    person: Person, *, roles: Sequence[str], place: Place, close: bool, actor: Actor, reason: str
) -> int:
    """The person's work at a place is over: these roles end the same day (G-28).

    `close` also disables the account where no other role is left. Whoever ended the work does not
    grant roles: the act that calls this has been allowed by its own rule.
    """
    held = RoleAssignment.objects.filter(
        assignments.in_force(clock.today()), user__person=person, role__in=roles, place=place
    )
    ended = end_assignments(held, actor=actor, reason=reason)
    if close and ended and not assignments.list_assignments(ended[0].user_id):
        set_account_active(ended[0].user, active=False, actor=Actor.system(), reason=reason)
    return len(ended)


def end_assignments(
    held: QuerySet[RoleAssignment], *, actor: Actor, reason: str
) -> list[RoleAssignment]:
    """End these today; whoever calls has been allowed by the rule of his own act."""
    locked = held.select_for_update(of=("self",)).select_related("user", "place", "unit__place")
    return [_end(one, actor=actor, reason=reason) for one in locked.order_by("pk")]


def move_roles(person: Person, *, roles: Sequence[str], before: Place, after: Place) -> None:
    """What ended today at one place is held from today at the other: nobody asks for it anew."""
    ended = RoleAssignment.objects.filter(
        user__person=person, role__in=roles, place=before, until=clock.today()
    )
    for one in ended.select_related("user"):
        grant_role(one.user, role=one.role, place=after, actor=Actor.system())


def _end(assignment: RoleAssignment, *, actor: Actor, reason: str) -> RoleAssignment:
    before = assignment.until
    assignment.until = max(clock.today(), assignment.since)
    assignment.save(update_fields=["until"])
    record(
        "directory.account.role_ended",
        actor=actor,
        subject=assignment,
        changes={"until": [before, assignment.until]},
        reason=reason,
    )
    return assignment


def _locked(assignment: RoleAssignment) -> RoleAssignment:
    rows = RoleAssignment.objects.select_for_update(of=("self",))
    return rows.select_related("user", "place", "unit__place").get(pk=assignment.pk)


@transaction.atomic
def reset_password(user: User, *, password: str, actor: Actor) -> User:
    """Hand out a new password, good for one sign-in; all sessions end, a lock is lifted."""
    _require_letting_in(user, actor)
    user = User.objects.select_for_update().get(pk=user.pk)
    _set_password(user, password, handed_out=not user.is_demo)
    user.save(update_fields=PASSWORD_FIELDS)
    guard.unlock(user)
    sessions.end_all(user, actor=actor, reason="重设密码")
    record(
        "directory.account.password_reset",
        actor=actor,
        subject=user,
        changes={"password": ["（不记录）", "（不记录）"]},
    )
    return user


@transaction.atomic
def hand_out_passwords(users: Sequence[User], *, actor: Actor) -> list[tuple[User, str]]:
    """Give each account its first password; they stand in the answer and nowhere else."""
    _require_manager(actor)
    locked = User.objects.select_for_update().filter(pk__in=[user.pk for user in users])
    handed = []
    for user in locked.order_by("username"):
        if user.has_usable_password():
            continue
        password = random_password()
        user.password = quick_hash(password)
        user.must_change_password, user.password_set_at = True, clock.real_now()
        user.save(update_fields=PASSWORD_FIELDS)
        handed.append((user, password))
    if not handed:
        raise Refused([Refusal("directory.account.no_handout", "没有等待初始密码的账号")])
    record_many(
        [
            Trace("directory.account.sheet_taken", user, {"password": ["（没有）", "（不记录）"]})
            for user, _ in handed
        ],
        actor=actor,
    )
    return handed


@transaction.atomic
def change_own_password(user: User, *, password: str, actor: Actor) -> User:
    """A user sets a new password of the own; the form has asked for the old one."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.pk != actor.user_id:
        raise Refused([Refusal("directory.account.not_own", "只能修改自己的密码")])
    _set_password(user, password, handed_out=False)
    user.save(update_fields=PASSWORD_FIELDS)
    record(
        "directory.account.password_changed",
        actor=actor,
        subject=user,
        changes={"password": ["（不记录）", "（不记录）"]},
    )
    return user


@transaction.atomic
def set_account_active(user: User, *, active: bool, actor: Actor, reason: str) -> User:
    """Close an account the same day, with all its sessions, or open it again."""
    _require_manager(actor)
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.pk == actor.user_id and not active:
        raise Refused([Refusal("directory.account.own", "不能停用自己的账号")])
    before, user.is_active = user.is_active, active
    if active:
        user.opened_at = clock.real_now()
    user.save(update_fields=["is_active", "opened_at"])
    if not active:
        sessions.end_all(user, actor=actor, reason=reason)
    record(
        "directory.account.activated" if active else "directory.account.closed",
        actor=actor,
        subject=user,
        changes={"is_active": [before, active]},
        reason=reason,
    )
    return user


@transaction.atomic
def unlock_account(user: User, *, actor: Actor, reason: str) -> User:
    """Let somebody try again who has failed too often."""
    _require_manager(actor)
    before = guard.unlock(user)
    if before is None:
        raise Refused([Refusal("directory.account.not_locked", "这个账号没有被锁定")])
    record(
        "directory.account.unlocked",
        actor=actor,
        subject=user,
        changes={"locked_until": [before, None]},
        reason=reason,
    )
    return user


@transaction.atomic
def reset_second_factor(user: User, *, actor: Actor, reason: str) -> User:
    """Take a lost phone out: password alone until a new one is set up; all sessions end."""
    _require_letting_in(user, actor)
    if user.pk == actor.user_id:
        raise Refused(
            [
                Refusal(
                    "directory.account.own_factor", "不能重置自己的动态口令，请由另一位管理员办理"
                )
            ]
        )
    own = Authenticator.objects.select_for_update().filter(user=user)
    before = sorted(one.get_type_display() for one in own)
    if not before:
        raise Refused([Refusal("directory.account.no_factor", "这个账号没有启用动态口令")])
    own.delete()
    sessions.end_all(user, actor=actor, reason=reason)
    record(
        "directory.account.factor_reset",
        actor=actor,
        subject=user,
        changes={"second_factor": ["已启用", "未启用"]},
        reason=reason,
    )
    return user


@transaction.atomic
def sign_out_everywhere(user: User, *, actor: Actor, reason: str) -> int:
    """End all sessions of an account, such as of a lost laptop."""
    _require_manager(actor)
    count = sessions.end_all(user, actor=actor, reason=reason)
    if not count:
        raise Refused([Refusal("directory.account.not_signed_in", "这个账号现在没有登录")])
    return count


@transaction.atomic
def link_identity(user: User, *, subject: str, actor: Actor) -> User:
    """Say who of the identity provider this account is; empty takes the link away."""
    _require_letting_in(user, actor)
    own = SocialAccount.objects.filter(user=user, provider=PROVIDER_ID)
    before = own.values_list("uid", flat=True).first()
    others = SocialAccount.objects.filter(provider=PROVIDER_ID, uid=subject).exclude(user=user)
    if subject and others.exists():
        raise Refused([Refusal("directory.account.identity_taken", "这个统一身份已关联另一个账号")])
    own.delete()
    if subject:
        SocialAccount.objects.create(user=user, provider=PROVIDER_ID, uid=subject)
    record(
        "directory.account.identity_linked",
        actor=actor,
        subject=user,
        changes={"identity": [before, subject or None]},
    )
    return user


def identity_of(user: User) -> str:
    """Who of the identity provider this account is; empty where none is linked."""
    found = SocialAccount.objects.filter(user=user, provider=PROVIDER_ID)
    return found.values_list("uid", flat=True).first() or ""


def _set_password(user: User, password: str, *, handed_out: bool) -> None:
    try:
        validate_password(password, user)
    except ValidationError as problem:
        raise Refused(
            Refusal("directory.account.weak_password", message) for message in problem.messages
        ) from problem
    keep_password(user, password, handed_out=handed_out)
