"""Where does the house's own way of signing in differ from the library's?

django-allauth leads a person through password, second factor and identity provider; here stand the
locks, the traces, the Chinese words and what is switched off: nobody signs up, no mail is sent.
"""

from __future__ import annotations

import base64
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lingyan.platform import cipher
from lingyan.platform.accounts import duties, guard, idle, sessions
from lingyan.platform.accounts.models import User
from lingyan.platform.accounts.traces import trace

WRONG = "账号或密码不对，请再试。连续输错会锁定一段时间。"
INACTIVE = "这个账号已停用，请联系系统管理员。"
MESSAGES = {
    "mfa/messages/totp_activated.txt": "动态口令已启用",
    "mfa/messages/totp_deactivated.txt": "动态口令已停用",
    "mfa/messages/recovery_codes_generated.txt": "备用码已生成，请抄下或打印保管",
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library has no types
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": WRONG,
        "account_inactive": INACTIVE,
        "incorrect_password": "密码不对",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Without an address (a request of the program itself) the loopback stands."""
        try:
            return str(super().get_client_ip(request))
        except PermissionDenied:
            return "127.0.0.1"

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Count, then look at the password; a locked account is not looked at."""
        username, address = credentials.get("username", ""), self.get_client_ip(request)
        _count(username, address)
        user: User | None = super().authenticate(request, **credentials)
        if user is None or not user.is_active:
            why = "密码不对" if user is None else "账号已停用"
            guard.attempt_failed(username, address, why=why)
        else:
            guard.attempt_succeeded(username, address)
        return user

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """The library's own limit counts in each process alone; ours is in the database."""

    def _rollback_login_failed_rl_usage(self) -> None:
        """Nothing to take back, see above."""

    def pre_login(self, request: HttpRequest, user: User, **rest: Any) -> HttpResponse | None:
        """An account that nobody has used for long closes instead: its person may be gone."""
        if idle.is_idle(user) and idle.CLOSE[0](user):
            user.is_active = False
        answer: HttpResponse | None = super().pre_login(request, user, **rest)
        return answer

    def post_login(self, request: HttpRequest, user: User, **rest: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **rest)
        sessions.begin(request, user)
        return response

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            trace("accounts.session.signed_out", request.user, user=request.user)
            sessions.forget(request)
        super().logout(request)

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any,
        message: str | None = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        text = message or MESSAGES.get(message_template or "")
        if text:
            messages.add_message(request, level, text)

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        """There is no mail in the county's network."""

    def send_notification_mail(
        self, template_prefix: str, user: User, *args: Any, **rest: Any
    ) -> None:
        """Nor here: what was done to a second factor the view has traced in its transaction."""


def _count(username: str, address: str) -> None:
    try:
        guard.count_attempt(username, address)
    except guard.Locked as locked:
        raise ValidationError(locked.text, code="locked") from locked


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # the library has no types
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "口令不对。请等手机上出现下一个口令再试，并核对手机时间。",
        "cannot_delete_authenticator": "您的身份必须使用动态口令，不能停用",
    }

    def get_totp_label(self, user: User) -> str:
        return user.username

    def encrypt(self, text: str) -> str:
        return base64.b64encode(cipher.encrypt(text)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return cipher.decrypt(base64.b64decode(encrypted_text))

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not duties.factor_required(context.request)


class IdentityAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # the library has no types
    """Who comes from the identity provider is let in only where an administrator has linked it."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if sociallogin.is_existing:
            return
        trace(
            "accounts.identity.unknown",
            guard.row_of_address(AccountAdapter(request).get_client_ip(request)),
            user=None,
            changes={"subject": [None, str(sociallogin.account.uid)[:80]]},
        )
        page = render(
            request,
            "accounts/unknown_identity.html",
            {"subject": sociallogin.account.uid},
            status=403,
        )
        raise ImmediateHttpResponse(page)
