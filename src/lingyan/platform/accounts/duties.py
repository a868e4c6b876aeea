"""What must a person do with the own account before anything else?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from lingyan.platform.accounts import notice, sessions
from lingyan.platform.accounts.models import User
from lingyan.platform.accounts.passwords import must_change

GetResponse = Callable[[HttpRequest], HttpResponse]

# Where a person with an open duty may still go: to the duty itself, and out.
ALWAYS_OPEN = frozenset(
    {
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "healthz",
        "readyz",
        "privacy_notice",
    }
)
PASSWORD_PAGES = ALWAYS_OPEN | {"own_password"}
FACTOR_PAGES = PASSWORD_PAGES | {
    "choose_role",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_reauthenticate",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
}


class SessionLimits:
    """Ends a session that was idle too long or has lasted its day."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if isinstance(user, User):
            if why := sessions.too_long(request):
                sessions.end_by_time(request, user, why)
                logout(request)
                messages.info(request, f"{why}，已自动退出，请重新登录")
            else:
                sessions.was_seen(request)
        return self.get_response(request)


class AccountDuties:
    """Leads to changing a handed-out or aged password, then to the second factor of a role."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        user = request.user
        match = request.resolver_match
        if not isinstance(user, User) or match is None:
            return None
        if match.url_name not in PASSWORD_PAGES and must_change(user):
            return _lead(request, "own_password", "请先把密码改成自己的，再继续办理")
        if match.url_name not in PASSWORD_PAGES and notice.must_read(user):
            return _lead(request, "privacy_notice", "请先阅读个人信息处理告知")
        if match.url_name not in FACTOR_PAGES and factor_required(request) and not has_factor(user):
            return _lead(request, "mfa_activate_totp", "您的身份必须使用动态口令，请先启用")
        return None


def has_factor(user: User) -> bool:
    return bool(get_adapter().is_mfa_enabled(user, [Authenticator.Type.TOTP]))


def factor_required(request: HttpRequest) -> bool:
    """Whether a role in force today asks for the second factor; never for demo accounts."""
    if not settings.SECOND_FACTOR_ROLES or getattr(request.user, "is_demo", False):
        return False
    held = getattr(request, "assignments", ())
    return any(one.role in settings.SECOND_FACTOR_ROLES for one in held)


def _lead(request: HttpRequest, url_name: str, why: str) -> HttpResponse:
    messages.warning(request, why)
    answer = redirect(url_name)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": answer.url})
    return answer
