"""The pages of claims between pairs: ask another pair, confirm or refuse, take a request back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from lingyan.pairing.actions import invitations as actions
from lingyan.pairing.forms.invitations import AnswerForm
from lingyan.pairing.models import PairActivity, PairFund, Pairing, PairInvitation
from lingyan.pairing.panels import activities as activity_panels
from lingyan.pairing.queries import activities as activity_queries
from lingyan.pairing.queries import funds as fund_queries
from lingyan.pairing.queries import invitations as queries
from lingyan.pairing.queries import pairings as pair_queries
from lingyan.pairing.rules import invitations as rules
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.ui.listing import Filter, Listing
from lingyan.platform.ui.refusing import carry_out, status_of

BESIDE = {"pairing.invitation.reason_missing": "reason"}
KINDS = (("activity", "联建活动"), ("fund", "项目资金"))


@page(*rules.ANSWERERS)
def pair_invitation_list(request: ActedRequest) -> HttpResponse:
    """What other pairs have asked the own ones, what waits first."""
    listing: Listing[PairInvitation] = Listing(
        request,
        queries.list_invitations(request.actor.scope),
        search=queries.search_q,
        search_hint="单位或村",
        filters=(
            Filter("state", "状态", rules.InvitationState.choices(), lambda code: Q(state=code)),
            Filter("kind", "哪一类", KINDS, lambda code: Q(**{f"{code}__isnull": False})),
        ),
        sorts={"asked": ("-asked_at",)},
        default_sort="asked",
    )
    return render(request, "pairing/invitation_list.html", {"listing": listing})


@page(*rules.ANSWERERS)
def pair_invitation(request: ActedRequest, pair_invitation_id: UUID) -> HttpResponse:
    """The one fact in a few words, and the answer of one's own pair."""
    asked = queries.get_invitation(request.actor.scope, pair_invitation_id)
    if not queries.is_of(asked, request.actor):
        raise Http404
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        confirms = form.cleaned_data["answer"] == "confirm"

        def act() -> PairInvitation:
            if confirms:
                return actions.confirm_invitation(asked, actor=request.actor)
            reason = form.cleaned_data["reason"]
            return actions.refuse_invitation(asked, reason=reason, actor=request.actor)

        if carry_out(form, act, beside=BESIDE) is not None:
            if not confirms:
                messages.success(request, "已答复不认领")
                return redirect("pair_invitation_list")
            messages.success(request, "已认领：还是这一条记录，统计时只算一次")
            return redirect(page_of(asked.fact))
    context = {"asked": asked, "form": form, "facts": _facts(asked)}
    return render(request, "pairing/invitation.html", context, status=status_of(form))


def _facts(asked: PairInvitation) -> list[tuple[str, str]]:
    """What one must know to answer, without the names of other units' people."""
    if asked.activity is not None:
        one = asked.activity
        return [
            ("活动", f"{one.day} {one.get_kind_display()}"),
            ("地点", f"{one.place or '线上'}{one.venue}"),
            ("做了什么", one.summary),
            ("已认领的结对", "、".join(str(pair) for pair in one.pairings.all())),
            ("参加", activity_panels.people_line(one)),
        ]
    fund = asked.fund
    assert fund is not None
    return [
        ("资金", f"{fund.project}（{fund.get_source_display()}）"),
        ("用在", f"{fund.village.parent or ''}{fund.village}"),
        ("协调到位", f"{fund.arrived:,.2f} 元"),
        ("已认领", f"{fund.claimants} 方"),
    ]


def page_of(fact: PairActivity | PairFund) -> str:
    kind = "activity" if isinstance(fact, PairActivity) else "pair_fund"
    return reverse(f"{kind}_detail", args=[fact.pk])


@require_POST
@page(*rules.ASKERS)
def activity_ask(request: ActedRequest, activity_id: UUID) -> HttpResponse:
    return _ask(request, activity_queries.get_activity(request.actor.scope, activity_id))


@require_POST
@page(*rules.ASKERS)
def pair_fund_ask(request: ActedRequest, pair_fund_id: UUID) -> HttpResponse:
    return _ask(request, fund_queries.get_fund(request.actor.scope, pair_fund_id))


def _ask(request: ActedRequest, fact: PairActivity | PairFund) -> HttpResponse:
    """One pair that the search has found; others of the county are named, nothing of them shown."""
    pairing = _pair(fact, request.POST.get("pairing", ""))
    actions.ask_pair(fact, pairing, actor=request.actor)
    messages.success(request, f"已请“{pairing}”认领，对方认领前不计入对方")
    return redirect(page_of(fact))


def _pair(fact: PairActivity | PairFund, key: str) -> Pairing:
    try:
        return pair_queries.get_pair_of_county(queries.county_of(fact), UUID(key))
    except ValueError:
        raise Http404 from None


@require_POST
@page(*rules.ASKERS)
def pair_invitation_withdraw(request: ActedRequest, pair_invitation_id: UUID) -> HttpResponse:
    asked = queries.get_invitation(request.actor.scope, pair_invitation_id)
    actions.withdraw_invitation(asked, actor=request.actor)
    messages.success(request, "已撤回")
    return redirect(page_of(asked.fact))
