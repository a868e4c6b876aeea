"""Which password does an account get, and which may a person choose?"""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import (
    PBKDF2PasswordHasher,
    check_password,
    get_hasher,
    is_password_usable,
    make_password,
)
from django.core.exceptions import ValidationError

from lingyan.common import clock
from lingyan.platform.accounts.models import UsedPassword, User

# No characters that are taken for each other when read from a screen or a slip of paper.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
KINDS_WANTED = 3
HANDED_OUT_ITERATIONS = 20_000


def random_password() -> str:
    """Three groups of four, about 59 bits, of letters, digits and hyphens."""
    while True:
        password = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))
        if kinds_in(password) >= KINDS_WANTED:
            return password


def kinds_in(password: str) -> int:
    """How many of small letters, capitals, digits and others it has."""
    tests = (str.islower, str.isupper, str.isdigit, lambda one: not one.isalnum())
    return sum(any(test(one) for one in password) for test in tests)


class SeveralKinds:
    """At least three of four kinds of characters (domain rules 10.2)."""

    def validate(self, password: str, user: User | None = None) -> None:
        if kinds_in(password) < KINDS_WANTED:
            raise ValidationError(self.get_help_text(), code="password_kinds")

    def get_help_text(self) -> str:
        return "密码应包含小写字母、大写字母、数字、其他符号中的至少三种"


class NotTheName:
    """Not the account, nor the person's name, nor one of them with something around it."""

    def validate(self, password: str, user: User | None = None) -> None:
        if user is None:
            return
        text = password.casefold()
        if any(name and name.casefold() in text for name in (user.username, user.name)):
            raise ValidationError(self.get_help_text(), code="password_has_name")

    def get_help_text(self) -> str:
        return "密码不能包含账号或姓名"


class NotUsedLately:
    """None of the last few passwords, nor the present one."""

    def validate(self, password: str, user: User | None = None) -> None:
        if user is None or user.pk is None:
            return
        used = UsedPassword.objects.filter(user_id=user.pk).values_list("password", flat=True)
        stored = User.objects.filter(pk=user.pk).values_list("password", flat=True)
        # An account without a password so far has used none; to hash for nothing takes its time.
        latest = [*filter(is_password_usable, stored), *used[: settings.PASSWORD_HISTORY]]
        if any(check_password(password, one) for one in latest[: settings.PASSWORD_HISTORY]):
            raise ValidationError(self.get_help_text(), code="password_used")

    def get_help_text(self) -> str:
        return f"不能与最近 {settings.PASSWORD_HISTORY} 次用过的密码相同"


def keep_password(user: User, password: str, *, handed_out: bool) -> None:
    """Replace the password; the caller saves `PASSWORD_FIELDS` in its own transaction."""
    if user.pk is not None and user.has_usable_password():
        UsedPassword.objects.create(user=user, password=user.password, replaced_at=clock.real_now())
        kept = UsedPassword.objects.filter(user=user).values_list("pk", flat=True)
        old = list(kept[settings.PASSWORD_HISTORY :])
        UsedPassword.objects.filter(pk__in=old).delete()
    user.set_password(password)
    user.must_change_password = handed_out
    user.password_set_at = clock.real_now()


def quick_hash(password: str) -> str:
    """For many handed-out passwords at once.

    A random password of 59 bits that lives until its first use needs no second of computing; the
    library raises the cost by itself when it is used.
    """
    hasher = get_hasher()
    if isinstance(hasher, PBKDF2PasswordHasher):
        return str(hasher.encode(password, hasher.salt(), HANDED_OUT_ITERATIONS))
    return make_password(password)


PASSWORD_FIELDS = ("password", "must_change_password", "password_set_at")


def must_change(user: User) -> bool:
    """A handed-out password at its first use, any other after its time; none in the demo."""
    if user.is_demo or not user.has_usable_password():
        return False
    if user.must_change_password:
        return True
    days = settings.PASSWORD_DAYS
    aged = user.password_set_at and user.password_set_at + timedelta(days=days) < clock.real_now()
    return bool(days and aged)
