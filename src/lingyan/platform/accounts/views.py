"""Signing in and out, one's own second factor, and where one is signed in."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account_views
from allauth.mfa.base import views as factor_views
from allauth.mfa.recovery_codes import views as code_views
from allauth.mfa.totp import views as totp_views
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from lingyan.platform.accounts import duties, notice, provider, sessions
from lingyan.platform.accounts.gate import ANY_ROLE, page, public
from lingyan.platform.accounts.models import User
from lingyan.platform.accounts.traces import trace

mine = page(ANY_ROLE)


class _Traced:
    """The act of a library's form and its trace stand or fall together."""

    action: str
    request: HttpRequest

    def form_valid(self, form: Any) -> HttpResponse:
        user = the_user(self.request)
        with transaction.atomic():
            answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]  # of the library's view
            trace(self.action, user, user=user)
        return answer


class FactorActivated(_Traced, totp_views.ActivateTOTPView):  # type: ignore[misc]  # the library has no types
    action = "accounts.factor.added"


class FactorDeactivated(_Traced, totp_views.DeactivateTOTPView):  # type: ignore[misc]  # the library has no types
    action = "accounts.factor.removed"


class CodesMade(_Traced, code_views.GenerateRecoveryCodesView):  # type: ignore[misc]  # the library has no types
    action = "accounts.factor.codes_made"


sign_in = public(
    account_views.LoginView.as_view(
        template_name="accounts/sign_in.html",
        extra_context={"identity_name": settings.IDENTITY_NAME},
    )
)
sign_out = public(account_views.LogoutView.as_view(template_name="accounts/sign_out.html"))
inactive = public(account_views.AccountInactiveView.as_view(template_name="accounts/inactive.html"))
enter_code = public(factor_views.AuthenticateView.as_view(template_name="accounts/enter_code.html"))

password_again = mine(
    account_views.ReauthenticateView.as_view(template_name="accounts/password_again.html")
)
code_again = mine(
    factor_views.ReauthenticateView.as_view(template_name="accounts/password_again.html")
)
activate_factor = mine(FactorActivated.as_view(template_name="accounts/activate_factor.html"))
deactivate_factor = mine(FactorDeactivated.as_view(template_name="accounts/deactivate_factor.html"))
recovery_codes = mine(
    code_views.ViewRecoveryCodesView.as_view(template_name="accounts/recovery_codes.html")
)
make_codes = mine(CodesMade.as_view(template_name="accounts/make_codes.html"))
download_codes = mine(
    code_views.DownloadRecoveryCodesView.as_view(template_name="accounts/recovery_codes.txt")
)


@never_cache
@public
def identity_sign_in(request: HttpRequest) -> HttpResponse:
    """To the identity provider; not there where the settings name none."""
    return provider.begin(_with_provider(request))


@never_cache
@public
def identity_return(request: HttpRequest) -> HttpResponse:
    return provider.come_back(_with_provider(request))


@public
def identity_cancelled(request: HttpRequest) -> HttpResponse:
    messages.info(request, "没有完成统一身份登录，可以再试，或用账号密码登录")
    return redirect("account_login")


def _with_provider(request: HttpRequest) -> HttpRequest:
    if not settings.IDENTITY_NAME:
        raise Http404
    return request


@public
def privacy_notice(request: HttpRequest) -> HttpResponse:
    """Open to all; who is signed in says that it has been read."""
    user = request.user if isinstance(request.user, User) else None
    if request.method == "POST" and user is not None:
        if notice.keep_as_read(user, request.POST.get("version", "")):
            return redirect("worklist")
        messages.warning(request, "告知内容刚刚更新，请重新阅读")
        return redirect("privacy_notice")
    is_read = user is not None and user.notice_version == notice.version()
    context = {
        "text": notice.text(),
        "version": notice.version(),
        "asks": user is not None and not is_read,
        "read_at": user.notice_read_at if user is not None and is_read else None,
    }
    return render(request, "accounts/notice.html", context)


@mine
def own_safety(request: HttpRequest) -> HttpResponse:
    """One's own account: where it is signed in, its second factor, its password."""
    user = the_user(request)
    context = {
        "sessions": sessions.list_of(user, request),
        "has_factor": duties.has_factor(user),
        "factor_required": duties.factor_required(request),
    }
    return render(request, "accounts/own_safety.html", context)


@require_POST
@mine
def session_end(request: HttpRequest) -> HttpResponse:
    """End one of one's own sessions by its number, or all but this one."""
    user, chosen = the_user(request), request.POST.get("session", "")
    if chosen == "others":
        count = sessions.end_others(request, user)
        messages.success(request, f"已结束其他 {count} 处登录" if count else "没有其他登录")
    elif chosen.isdigit() and sessions.end(user, int(chosen), actor=request.actor):  # type: ignore[attr-defined]  # set by the middleware
        messages.success(request, "已结束这处登录")
    else:
        messages.info(request, "这处登录已经不在了")
    return redirect("mfa_index")


def the_user(request: HttpRequest) -> User:
    assert isinstance(request.user, User), "the gate lets only signed-in people pass"
    return request.user
