"""Where is an account signed in, since when, and how is one of these ended?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from lingyan.common import clock
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.models import User
from lingyan.platform.accounts.traces import account_actor, trace
from lingyan.platform.audit.record import record

BEGUN, SEEN = "signed_in_at", "seen_at"
# How often a visit is written down: each page view would be a write of its own.
SEEN_EVERY = timedelta(minutes=1)

SYSTEMS = (
    ("HarmonyOS", "鸿蒙"), ("Android", "安卓手机"), ("iPhone", "苹果手机"), ("iPad", "苹果平板"),
    ("Windows", "Windows 电脑"), ("Mac OS", "苹果电脑"), ("Linux", "Linux 电脑"),
)  # fmt: skip
BROWSERS = (
    ("MicroMessenger", "微信"), ("Edg", "Edge"), ("Firefox", "火狐"), ("QQBrowser", "QQ 浏览器"),
    ("360", "360 浏览器"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """One place where the account is signed in, as people read it."""

    pk: int
    device: str
    address: str
    begun_at: datetime
    seen_at: datetime
    is_this: bool


def device_of(agent: str) -> str:
    """苹果手机 · Safari; what is not known is said so."""
    found = [
        next((label for mark, label in marks if mark in agent), "") for marks in (SYSTEMS, BROWSERS)
    ]
    return " · ".join(filter(None, found)) or "未知设备"


def list_of(user: User, request: HttpRequest | None = None) -> list[Shown]:
    """All of the account, this one first, then the latest seen."""
    current = request.session.session_key if request else None
    rows = [
        Shown(
            one.pk, device_of(one.user_agent), one.ip, one.created_at, one.last_seen_at,
            one.session_key == current,
        )
        for one in UserSession.objects.purge_and_list(user)
    ]  # fmt: skip
    return sorted(rows, key=lambda one: (not one.is_this, -one.seen_at.timestamp()))


@transaction.atomic
def begin(request: HttpRequest, user: User) -> None:
    """Write down a sign-in; where only one may be open, the others end."""
    now = clock.real_now().timestamp()
    request.session[BEGUN] = request.session[SEEN] = now
    agent = device_of(request.headers.get("User-Agent", ""))
    trace("accounts.session.begun", user, user=user, changes={"device": [None, agent]})
    if settings.SINGLE_SESSION:
        end_others(request, user)


def go_on(request: HttpRequest) -> None:
    """After a new password the session has a new key; the others are void by it."""
    UserSession.objects.create_from_request(request)


def forget(request: HttpRequest) -> None:
    UserSession.objects.filter(session_key=request.session.session_key).delete()


@transaction.atomic
def end(user: User, session_id: int, *, actor: Actor) -> bool:
    """End one session of the account; False where it is gone already."""
    found = UserSession.objects.select_for_update().filter(user=user, pk=session_id).first()
    if found is None:
        return False
    _end(found, actor=actor, reason="在登录列表中结束")
    return True


@transaction.atomic
def end_others(request: HttpRequest, user: User) -> int:
    """All but this one; says how many."""
    key = request.session.session_key
    rows = list(UserSession.objects.select_for_update().filter(user=user).exclude(session_key=key))
    for one in rows:
        _end(one, actor=account_actor(user), reason="在别处登录或由本人结束")
    return len(rows)


@transaction.atomic
def end_all(user: User, *, actor: Actor, reason: str) -> int:
    rows = list(UserSession.objects.select_for_update().filter(user=user))
    for one in rows:
        _end(one, actor=actor, reason=reason)
    return len(rows)


def _end(one: UserSession, *, actor: Actor, reason: str) -> None:
    changes = {"device": [device_of(one.user_agent), None], "address": [one.ip, None]}
    record("accounts.session.ended", actor=actor, subject=one.user, changes=changes, reason=reason)
    one.end()


# --- how long one lasts ---------------------------------------------------------------------------


def too_long(request: HttpRequest) -> str:
    """Why the session has lasted long enough; empty while it may go on.

    Measured by the real clock: a session is not dated as an act is.
    """
    now = clock.real_now()
    begun, seen = (_moment(request, name) or now for name in (BEGUN, SEEN))
    if now - seen > timedelta(minutes=settings.IDLE_MINUTES):
        return f"超过 {settings.IDLE_MINUTES} 分钟没有操作"
    if now - begun > timedelta(hours=settings.SESSION_HOURS):
        return f"登录已满 {settings.SESSION_HOURS} 小时"
    return ""


def was_seen(request: HttpRequest) -> None:
    """Write a visit down, at most once a minute; every sign-in has written the first one."""
    now, seen = clock.real_now(), _moment(request, SEEN)
    if seen is None or now - seen < SEEN_EVERY:
        return
    request.session[SEEN] = now.timestamp()
    rows = UserSession.objects.filter(session_key=request.session.session_key)
    rows.update(last_seen_at=now)


def _moment(request: HttpRequest, name: str) -> datetime | None:
    stored = request.session.get(name)
    return datetime.fromtimestamp(stored, tz=clock.BEIJING) if stored else None


@transaction.atomic
def end_by_time(request: HttpRequest, user: User, why: str) -> None:
    trace("accounts.session.ended", user, user=user, reason=why)
    forget(request)
