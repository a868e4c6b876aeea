"""What does a person type to sign in?"""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account_forms
from allauth.core import context
from allauth.mfa.base import forms as factor_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django import forms
from django.core.exceptions import ValidationError

from lingyan.platform.accounts import guard
from lingyan.platform.accounts.adapter import AccountAdapter
from lingyan.platform.accounts.models import User


class SignInForm(account_forms.LoginForm):  # type: ignore[misc]  # the library has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "账号"
        self.fields["login"].widget.attrs["autofocus"] = True
        self.fields["password"].label = "密码"
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def add_prefix(self, field_name: str) -> str:
        """Password managers and our own papers know the field as `username`."""
        name: str = super().add_prefix(field_name)
        return "username" if name == "login" else name


class PasswordAgainForm(account_forms.ReauthenticateForm):  # type: ignore[misc]  # the library has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = "密码"
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.fields["password"].widget.attrs["autofocus"] = True


class _CodeMixin:
    """One guard for all codes of a person: six digits are soon guessed without it."""

    fields: dict[str, forms.Field]
    user: User

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label, field.help_text = self.label, self.hint
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs.update(inputmode="numeric", autofocus=True, maxlength="20")

    label = "口令"
    hint = "手机上显示的 6 位动态口令；手机不在身边时填一个备用码"

    def clean_code(self) -> str:

        name, address = (
            f"code:{self.user.username}",
            AccountAdapter().get_client_ip(context.request),
        )
        try:
            guard.count_attempt(name, address)
        except guard.Locked as locked:
            raise ValidationError(locked.text, code="locked") from locked
        try:
            code: str = super().clean_code()  # type: ignore[misc]  # of the library's form
        except ValidationError:
            guard.code_failed(self.user, address)
            raise
        guard.attempt_succeeded(name, address)
        return code


class CodeForm(_CodeMixin, factor_forms.AuthenticateForm):  # type: ignore[misc]  # the library has no types
    pass


class CodeAgainForm(_CodeMixin, factor_forms.ReauthenticateForm):  # type: ignore[misc]  # the library has no types
    pass


class ActivateForm(_CodeMixin, totp_forms.ActivateTOTPForm):  # type: ignore[misc]  # the library has no types
    hint = "填写手机上显示的 6 位动态口令"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Reloading the page keeps the secret: it may be on the phone already."""
        session = context.request.session
        shown = session.get(SECRET_SESSION_KEY)
        super().__init__(*args, **kwargs)
        self.secret: str = shown or session[SECRET_SESSION_KEY]
        session[SECRET_SESSION_KEY] = self.secret

    @property
    def secret_parts(self) -> list[str]:
        """Four at a time, for whoever types it into the phone."""
        return [self.secret[start : start + 4] for start in range(0, len(self.secret), 4)]
