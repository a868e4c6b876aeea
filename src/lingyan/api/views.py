"""Pages on which users make and revoke tokens; what programs are told outside operations."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import defaults
from django.views.decorators.http import require_POST

from lingyan.api import actions, queries, rules, service
from lingyan.api.forms import RevokeForm, TokenForm
from lingyan.common import clock
from lingyan.platform.accounts.gate import ANY_ROLE, ActedRequest, page

API_ROOT = "/api/"


def _user_id(request: ActedRequest) -> int:
    assert request.actor.user_id is not None, "whoever is signed in has an account"
    return request.actor.user_id


@page(ANY_ROLE)
def token_list(request: ActedRequest) -> HttpResponse:
    """One's own tokens: what each may do, until when, and when it was last used."""
    context = {
        "tokens": queries.list_tokens(_user_id(request)),
        "today": clock.today(),
        "may_see_all": request.actor.holds(*rules.ADMINISTRATORS),
    }
    return render(request, "api/token_list.html", context)


@page(ANY_ROLE)
def token_create(request: ActedRequest) -> HttpResponse:
    """The secret is on the answer to this one press, and nowhere afterwards."""
    form = TokenForm(request.POST or None, user_id=_user_id(request))
    if request.method == "POST" and form.is_valid():
        token, secret = actions.create_token(**form.cleaned_data, actor=request.actor)
        context = {"token": token, "secret": secret}
        response = render(request, "api/token_made.html", context)
        response["Cache-Control"] = "no-store"
        return response
    status = 422 if form.errors else 200
    return render(request, "api/token_form.html", {"form": form}, status=status)


@require_POST
@page(ANY_ROLE)
def token_revoke(request: ActedRequest, token_id: UUID) -> HttpResponse:
    token = queries.get_token(_user_id(request), token_id)
    actions.revoke_token(token, actor=request.actor)
    messages.success(request, f"令牌“{token}”已收回，从现在起不能再用")
    return redirect("token_list")


@page(*rules.ADMINISTRATORS)
def all_tokens(request: ActedRequest) -> HttpResponse:
    """Every token that still opens something: whose it is, and when it was last used."""
    return render(request, "api/all_tokens.html", {"tokens": queries.list_all_tokens()})


@page(*rules.ADMINISTRATORS)
def all_tokens_revoke(request: ActedRequest, token_id: UUID) -> HttpResponse:
    token = queries.get_anybodys_token(token_id)
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.revoke_token(token, actor=request.actor, **form.cleaned_data)
        messages.success(request, f"{token.user.name} 的令牌“{token}”已收回")
        return redirect("all_tokens")
    context = {
        "form": form,
        "question": f"收回 {token.user.name} 的令牌“{token}”？",
        "consequence": "用它的程序从现在起不能再读写；本人可以另建。",
        "yes": "收回",
        "action": request.path,
        "back": reverse("all_tokens"),
    }
    return render(request, "ui/confirm.html", context, status=422 if form.errors else 200)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(API_ROOT):
        return service.problem_of(HTTPStatus.BAD_REQUEST)
    return defaults.bad_request(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(API_ROOT):
        return service.problem_of(HTTPStatus.NOT_FOUND)
    return defaults.page_not_found(request, exception)
