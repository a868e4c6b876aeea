"""Where does somebody say, by the code of a slip, whether the rectification satisfies?

Nobody is signed in here, and a code never stands in an address: addresses are written into logs.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from lingyan.common.ballots import clean_code
from lingyan.common.refusals import Refusal, Refused
from lingyan.organization.actions import rect_ballots as actions
from lingyan.organization.forms.rect_work import RectCodeForm
from lingyan.organization.models import RectBallotCode
from lingyan.organization.rules import acceptance as rules
from lingyan.platform.accounts import guard
from lingyan.platform.accounts.gate import View, public
from lingyan.platform.audit import circumstances
from lingyan.platform.wall import reach


def for_villagers(view: View) -> View:
    """The wall would show nothing to nobody: the code alone opens one slip."""

    @public
    @never_cache
    @wraps(view)
    def reached(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with reach.everything():
            return view(request, *args, **kwargs)

    return reached


@for_villagers
def rect_vote(request: HttpRequest) -> HttpResponse:
    """Ask for the code; a right one opens the ballot."""
    form = RectCodeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _asking(request, form)
    code, refusals = _found(form.cleaned_data["code"])
    if code is None:
        return _asking(request, form, refusals)
    return _ballot(request, code, form.cleaned_data["code"])


def _asking(
    request: HttpRequest, form: RectCodeForm, refusals: tuple[Refusal, ...] = ()
) -> HttpResponse:
    status = 422 if form.errors or refusals else 200
    context = {"form": form, "reasons": refusals}
    return render(request, "organization/rect_vote.html", context, status=status)


def _found(text: str) -> tuple[RectBallotCode | None, tuple[Refusal, ...]]:
    """The slip of a code; whoever tries many wrong ones has to wait."""
    address = circumstances.current().client_address
    try:
        guard.count_code(address)
    except guard.Locked:
        return None, (rules.TOO_MANY_TRIES,)
    code = actions.find_ballot(text)
    if code is None:
        return None, (rules.CODE_UNKNOWN,)
    guard.code_succeeded(address)
    refusals = actions.reasons_against_voting(code)
    return (None, refusals) if refusals else (code, ())


def _ballot(
    request: HttpRequest, code: RectBallotCode, text: str, refusals: tuple[Refusal, ...] = ()
) -> HttpResponse:
    context = {
        "village": code.vote.inspection.case.village,
        "code": clean_code(text),
        "choices": list(rules.RectBallotChoice),
        "reasons": refusals,
    }
    status = 422 if refusals else 200
    return render(request, "organization/rect_vote_cast.html", context, status=status)


@for_villagers
@require_POST
def rect_vote_cast(request: HttpRequest) -> HttpResponse:
    """Count the ballot; what is missing is asked for again, a second one is told so."""
    text = request.POST.get("code", "")[:40]
    code, refusals = _found(text)
    if code is None:
        return _asking(request, RectCodeForm({"code": text}), refusals)
    try:
        actions.cast_ballot(code, request.POST.get("choice", ""), actor=actions.VILLAGER)
    except Refused as refused:
        if rules.USED in refused.refusals:
            return _asking(request, RectCodeForm({"code": text}), refused.refusals)
        return _ballot(request, code, text, refused.refusals)
    return redirect("rect_vote_done")


@for_villagers
def rect_vote_done(request: HttpRequest) -> HttpResponse:
    return render(request, "organization/rect_vote_done.html")
