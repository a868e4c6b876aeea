"""How many wrong passwords may be tried, and for how long is an account or address locked then?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from lingyan.common import clock
from lingyan.platform import cipher
from lingyan.platform.accounts.models import SignInGuard, User
from lingyan.platform.accounts.traces import trace

Kind = SignInGuard.Kind


class Locked(Exception):  # noqa: N818 - "raise Locked(kind, until)" reads as the house speaks
    """Signing in is closed until then."""

    def __init__(self, kind: str, until: datetime) -> None:
        super().__init__(kind, until)
        self.kind, self.until = kind, until

    @property
    def text(self) -> str:
        minutes = max(1, -(-int((self.until - clock.now()).total_seconds()) // 60))
        until = self.until.astimezone(clock.BEIJING)
        what = "这个账号" if self.kind == Kind.ACCOUNT else "从您这个网络地址"
        return (
            f"{what}连续登录失败次数过多，已锁定。约 {minutes} 分钟后（{until:%H:%M}）可以再试；"
            "急用请找系统管理员解锁。"
        )


def account_key(username: str) -> str:
    return cipher.blind_index(f"sign-in:{username.strip().casefold()}")


def count_attempt(username: str, address: str) -> None:
    """Count a try before the password is looked at, so that many at once gain nothing.

    A name that nobody has is counted alike: locks do not tell which accounts exist. The two rows
    are always taken in the same order, so that no two attempts wait in a circle.
    """
    _count([(Kind.ACCOUNT, account_key(username)), (Kind.ADDRESS, address)])


def _count(keys: Iterable[tuple[Kind, str]]) -> None:
    with transaction.atomic():
        guards = [_locked_row(kind, key) for kind, key in keys if key]
        now = clock.now()
        for guard in guards:
            if guard.locked_until and guard.locked_until > now:
                raise Locked(guard.kind, guard.locked_until)
        for guard in guards:
            if guard.last_tried_at + _window() < now or guard.locked_until:
                guard.failures, guard.locked_until = 0, None
            guard.failures += 1
            guard.last_tried_at = now
            if guard.failures >= _limit(guard.kind):
                guard.locked_until = now + _window()
            guard.save(update_fields=["failures", "last_tried_at", "locked_until"])


def count_code(address: str) -> None:
    """Count a try at a code that needs no account, by address and apart from passwords."""
    _count([(Kind.ADDRESS, _code_key(address))])


@transaction.atomic
def code_succeeded(address: str) -> None:
    """A right code takes its own try back; where no other is left, nothing is kept of the address.

    Whoever votes in secret shall leave no trace of the telephone either.
    """
    guard = _locked_row(Kind.ADDRESS, _code_key(address))
    guard.failures = max(0, guard.failures - 1)
    if not guard.failures:
        guard.delete()
        return
    guard.locked_until = None
    guard.save(update_fields=["failures", "locked_until"])


def _code_key(address: str) -> str:
    return f"code {address or '-'}"[:64]


def attempt_succeeded(username: str, address: str) -> None:
    """The account starts anew; the address loses this one try only, else one good account would
    wash away the tries at a hundred others.
    """
    with transaction.atomic():
        account = _locked_row(Kind.ACCOUNT, account_key(username))
        account.failures, account.locked_until = 0, None
        account.save(update_fields=["failures", "locked_until"])
        if address:
            guard = _locked_row(Kind.ADDRESS, address)
            guard.failures = max(0, guard.failures - 1)
            if guard.failures < _limit(guard.kind):
                guard.locked_until = None
            guard.save(update_fields=["failures", "locked_until"])


@transaction.atomic
def attempt_failed(username: str, address: str, *, why: str) -> None:
    """Leave the trace of a failure, and of the lock that it brought."""
    user = User.objects.filter(username=username.strip()).first()
    account = _locked_row(Kind.ACCOUNT, account_key(username))
    subject = user or account
    trace("accounts.session.refused", subject, user=user, reason=why)
    _trace_lock(account, user)
    if address:
        _trace_lock(_locked_row(Kind.ADDRESS, address), None)


@transaction.atomic
def code_failed(user: User, address: str) -> None:
    """The same for a code of the second factor."""
    trace("accounts.session.refused", user, user=user, reason="动态口令不对")
    _trace_lock(_locked_row(Kind.ACCOUNT, account_key(f"code:{user.username}")), user)
    _trace_lock(_locked_row(Kind.ADDRESS, address), None)


def _trace_lock(guard: SignInGuard, user: User | None) -> None:
    if guard.locked_until and guard.locked_until > clock.now():
        trace(
            "accounts.guard.locked",
            user or guard,
            user=user,
            changes={"locked_until": [None, guard.locked_until]},
            reason=f"连续失败 {guard.failures} 次",
        )


def locked_until(user: User) -> datetime | None:
    """Until when the account is locked now; None when it is not."""
    found = SignInGuard.objects.filter(
        kind=Kind.ACCOUNT, key__in=_keys_of(user), locked_until__gt=clock.now()
    )
    return found.order_by("-locked_until").values_list("locked_until", flat=True).first()


def unlock(user: User) -> datetime | None:
    """Let the account try again at once; gives until when it was locked."""
    with transaction.atomic():
        before = locked_until(user)
        own = SignInGuard.objects.filter(kind=Kind.ACCOUNT, key__in=_keys_of(user))
        own.update(failures=0, locked_until=None)
    return before


def _keys_of(user: User) -> tuple[str, str]:
    """Password and codes are counted apart: a right password must not wash away wrong codes."""
    return account_key(user.username), account_key(f"code:{user.username}")


@transaction.atomic
def row_of_address(address: str) -> SignInGuard:
    """What an entry is about where no account is known."""
    return _locked_row(Kind.ADDRESS, address)


def _locked_row(kind: str, key: str) -> SignInGuard:
    rows = SignInGuard.objects.select_for_update()
    found = rows.filter(kind=kind, key=key).first()
    if found:
        return found
    SignInGuard.objects.bulk_create(
        [SignInGuard(kind=kind, key=key, last_tried_at=clock.now())], ignore_conflicts=True
    )
    return rows.get(kind=kind, key=key)


def _limit(kind: str) -> int:
    return int(settings.LOCK_AFTER if kind == Kind.ACCOUNT else settings.LOCK_ADDRESS_AFTER)


def _window() -> timedelta:
    return timedelta(minutes=settings.LOCK_MINUTES)
