"""The pages of sums: the list, one sum with its ledger and its claimants, and every step of it."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from lingyan.directory.roles import Role
from lingyan.directory.rules.hands import LEADER, POSTED, STAFF, TOWN, UNIT, VILLAGE
from lingyan.directory.scoping import path_end
from lingyan.pairing.actions import claims as claim_actions
from lingyan.pairing.actions import funds as actions
from lingyan.pairing.exports.ledgers import write_funds
from lingyan.pairing.forms import ledgers as forms
from lingyan.pairing.models import PairFund, Pairing
from lingyan.pairing.panels import invitations
from lingyan.pairing.queries import claims as claim_queries
from lingyan.pairing.queries import figures as figure_queries
from lingyan.pairing.queries import funds as queries
from lingyan.pairing.queries import pairings as pair_queries
from lingyan.pairing.rules import funds as rules
from lingyan.pairing.rules.ledger_words import FundSource, FundStage
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit.timeline import list_timeline
from lingyan.platform.ui.files import workbook
from lingyan.platform.ui.listing import Filter, Listing
from lingyan.platform.ui.refusing import carry_out, status_of

READERS = (
    *STAFF,
    *LEADER,
    Role.COUNTY_AGENCY_COMMITTEE,
    Role.COUNTY_AGRI,
    Role.COUNTY_FINANCE,
    *TOWN,
    Role.TOWN_LEADER,
    *UNIT,
    *VILLAGE,
    *POSTED,
    Role.UPPER_VIEWER,
)
EXPORTERS = (*STAFF, *LEADER, *TOWN, *UNIT, Role.COUNTY_FINANCE)
MOST_PAIRS = 30
BESIDE = {
    "pairing.claim.none": "pairings",
    "pairing.claim.two_counties": "pairings",
    "pairing.fund.village": "village",
    "pairing.claim.not_yours": "pairings",
    "pairing.claim.not_started": "pairings",
    "pairing.fund.twin": "is_another",
    "pairing.fund.source": "source",
    "pairing.fund.project": "project",
    "pairing.fund.stage": "stage",
    "pairing.fund.amount": "amount",
    "pairing.fund.more_than_arrived": "amount",
    "pairing.fund.day": "happened_on",
    "pairing.fund.before_arrival": "happened_on",
    "pairing.fund.evidence": "evidence",
    "pairing.fund.reason": "reason",
    "pairing.claim.reason_missing": "reason",
}


def _listing(request: ActedRequest) -> Listing[PairFund]:
    scope = request.actor.scope
    shared = {"shared": Q(claimants__gt=1), "single": Q(claimants=1)}
    return Listing(
        request,
        queries.list_funds(scope),
        search=queries.search_q,
        search_hint="村、乡镇、单位或项目",
        filters=(
            Filter(
                "town", "乡镇", pair_queries.town_choices(scope),
                lambda path: Q(village__path__gte=path, village__path__lt=path_end(path)),
            ),
            Filter("source", "来源", FundSource.choices(), lambda code: Q(source=code)),
            Filter(
                "part", "认领", (("shared", "几方共同"), ("single", "一方")), shared.__getitem__
            ),
            Filter(
                "open", "到位",
                (("waiting", "还没有到位"), ("unspent", "到位还没有拨付")),
                lambda code: Q(arrived=0) if code == "waiting" else Q(arrived__gt=0, spent=0),
            ),
        ),
        sorts={
            "made": ("-made_at",),
            "village": ("village__path", "-made_at"),
            "arrived": ("-arrived",),
        },
        default_sort="made",
    )  # fmt: skip


@page(*READERS)
def pair_fund_list(request: ActedRequest) -> HttpResponse:
    context = {
        "listing": _listing(request),
        "may_record": request.actor.role in rules.RECORDERS,
        "may_export": request.actor.role in EXPORTERS,
    }
    return render(request, "pairing/fund_list.html", context)


@page(*EXPORTERS)
def pair_fund_export(request: ActedRequest) -> HttpResponse:
    target = BytesIO()
    write_funds(target, _listing(request).rows, actor=request.actor)
    return workbook(target.getvalue(), "项目资金台账.xlsx")


# --- writing one down ----------------------------------------------------------------------------


def pair_choices(request: ActedRequest) -> tuple[list[tuple[str, str]], bool]:
    """The pairs to choose among, and whether they are too many without a village."""
    found = offered_pairs(request)
    return [(str(one.pk), str(one)) for one in found], len(found) > MOST_PAIRS


def offered_pairs(request: ActedRequest) -> list[Pairing]:
    scope, asked = request.actor.scope, request.GET.get("village", "")
    return claim_queries.offered(scope, MOST_PAIRS + 1, asked)


def chosen_pairs(request: ActedRequest, form: forms.OfPairsForm) -> list[Pairing]:
    return claim_queries.pairs_of_keys(request.actor.scope, form.cleaned_data["pairings"])


@page(*rules.RECORDERS)
def pair_fund_add(request: ActedRequest) -> HttpResponse:
    """One sum with its first amount: arrived, mostly."""
    offered = offered_pairs(request)
    if len(offered) > MOST_PAIRS:
        return choose_village(request, "登记项目资金", "pair_fund_list")
    pairs = [(str(one.pk), str(one)) for one in offered]
    villages = {str(one.village_id): str(one.village) for one in offered}
    projects = claim_queries.projects_of([key for key, _ in pairs])
    named = {str(one.pk): one for one in projects}
    form = forms.FundForm(
        request.POST or None,
        initial=_asked_pair(request),
        pairs=pairs,
        projects=[(key, str(one)) for key, one in named.items()],
        villages=list(villages.items()),
    )
    if request.method == "POST" and form.is_valid():
        said = {**form.cleaned_data, "pairings": chosen_pairs(request, form)}
        said["shared_project"] = named.get(said.get("shared_project", ""))
        fund = carry_out(
            form, lambda: actions.record_fund(actor=request.actor, **said), beside=BESIDE
        )
        if fund is not None:
            messages.success(request, f"已登记，{fund.claimants} 方认领，只算一笔")
            return redirect("pair_fund_detail", fund.pk)
    context = {
        "form": form,
        "heading": "登记项目资金",
        "yes": "登记",
        "hint": "意向、到位、拨付分开记，各有日期。以后的金额在这笔资金的页面上接着记。",
        "back": reverse("pair_fund_list"),
        "list_name": "项目资金",
        "twin": _twin(request, form),
    }
    return render(request, "pairing/ledger_form.html", context, status=status_of(form))


def _twin(request: ActedRequest, form: forms.FundForm) -> str:
    """The page where the sum that looks the same may be claimed instead."""
    if not form.asks_whether_another():
        return ""
    said, pairs = form.cleaned_data, chosen_pairs(request, form)
    twin = queries.find_twin(
        pairs[0].village, stage=said["stage"], amount=said["amount"], on=said["happened_on"]
    )
    return reverse("pair_fund_claim", args=[twin.pk]) if twin else ""


def _asked_pair(request: ActedRequest) -> dict[str, Any]:
    asked = request.GET.get("pairing", "")
    return {"pairings": [asked]} if asked else {}


def choose_village(request: ActedRequest, heading: str, back: str) -> HttpResponse:
    """Where there are many pairs, the village comes first."""
    villages = claim_queries.villages_with_pairs(request.actor.scope)
    context = {"villages": villages, "heading": heading, "back": reverse(back)}
    return render(request, "pairing/ledger_village.html", context)


# --- one sum -------------------------------------------------------------------------------------


@page(*READERS)
def pair_fund_detail(request: ActedRequest, pair_fund_id: UUID) -> HttpResponse:
    fund = queries.get_fund(request.actor.scope, pair_fund_id)
    may_record = request.actor.role in rules.RECORDERS
    own, parts = claim_queries.keys_in(fund, request.actor.scope), []
    for claim, part in figure_queries.parts_of(fund, fund.arrived):
        mine = may_record and claim_queries.is_of(claim, request.actor)
        parts.append((claim, part if claim.pk in own else None, mine))
    context = {
        "fund": fund,
        "asking": invitations.of_fact(fund, request.actor, request.GET.get("find", "")),
        "entries": queries.entries_of(fund),
        "words": rules.words_on(queries.lines_of(fund)),
        "parts": parts,
        "is_agreed": any(claim.weight is not None for claim, _, _ in parts),
        "may_record": may_record,
        "may_split": request.actor.role in actions.SPLITTERS
        and len(parts) > 1
        and len(own) == len(parts),
        "may_claim": may_record and bool(_claimants(request, fund)),
        "timeline": list_timeline(fund),
    }
    return render(request, "pairing/fund_detail.html", context)


@page(*rules.RECORDERS)
def pair_fund_entry(request: ActedRequest, pair_fund_id: UUID) -> HttpResponse:
    """A further amount: what arrived, what was paid out."""
    fund = queries.get_fund(request.actor.scope, pair_fund_id)
    stage = FundStage.SPENT if fund.arrived > fund.spent else FundStage.ARRIVED
    form = forms.EntryForm(request.POST or None, initial={"stage": stage.value})
    if request.method == "POST" and form.is_valid():
        carry_out(
            form,
            lambda: actions.add_entry(fund, actor=request.actor, **form.cleaned_data),
            beside=BESIDE,
        )
        if not form.errors:
            messages.success(request, "已登记")
            return redirect("pair_fund_detail", fund.pk)
    return _form(request, fund, form, "再记一笔金额", "登记")


@page(*rules.RECORDERS)
def pair_fund_correct(request: ActedRequest, pair_entry_id: UUID) -> HttpResponse:
    entry = queries.get_entry(request.actor.scope, pair_entry_id)
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        carry_out(
            form,
            lambda: actions.correct_entry(entry, actor=request.actor, **form.cleaned_data),
            beside=BESIDE,
        )
        if not form.errors:
            messages.success(request, "已冲销，台账上两笔都在")
            return redirect("pair_fund_detail", entry.fund_id)
    hint = (
        f"{entry.happened_on} {entry.get_stage_display()} {entry.amount:,.2f} 元。"
        "记一笔相反的金额，原来的一笔不删。"
    )
    return _form(request, entry.fund, form, "冲销一笔", "冲销", hint=hint)


# --- who has a part in it ------------------------------------------------------------------------


def _claimants(request: ActedRequest, fund: PairFund) -> list[tuple[str, str]]:
    return claim_queries.claimants_to_choose(fund, request.actor)


@page(*rules.RECORDERS)
def pair_fund_claim(request: ActedRequest, pair_fund_id: UUID) -> HttpResponse:
    """A further pair had a part in it: one sum, several claimants."""
    actor = request.actor
    fund = queries.find_claimable(claim_queries.own_villages(actor.scope), pair_fund_id)
    form = forms.ClaimForm(request.POST or None, claimants=_claimants(request, fund))
    if request.method == "POST" and form.is_valid():
        pairing = claim_queries.find_pair(actor.scope, form.cleaned_data["pairing"])
        carry_out(form, lambda: claim_actions.claim_fund(fund, pairing=pairing, actor=actor))
        if not form.errors:
            messages.success(request, "已认领，这笔资金仍只算一笔")
            return redirect("pair_fund_detail", fund.pk)
    hint = f"{fund.village} {fund.project}（{fund.get_source_display()}）。默认各方平分份额。"
    return _form(request, fund, form, "认领这笔资金", "认领", hint=hint)


@page(*rules.RECORDERS)
def pair_fund_drop(request: ActedRequest, fund_claim_id: UUID) -> HttpResponse:
    claim = claim_queries.get_fund_claim(request.actor.scope, fund_claim_id)
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        carry_out(
            form,
            lambda: claim_actions.drop_fund_claim(claim, actor=request.actor, **form.cleaned_data),
            beside=BESIDE,
        )
        if not form.errors:
            messages.success(request, "已撤回认领")
            return redirect("pair_fund_list")
    return _form(request, claim.fund, form, "撤回认领", "撤回", hint=f"撤回的认领方：{claim}")


@page(*actions.SPLITTERS)
def pair_fund_split(request: ActedRequest, pair_fund_id: UUID) -> HttpResponse:
    """The parts that those who had one agreed on, to the fen."""
    fund = queries.get_fund(request.actor.scope, pair_fund_id)
    parts = figure_queries.parts_of(fund, fund.arrived)
    if len(claim_queries.keys_in(fund, request.actor.scope)) < len(parts):
        raise Http404  # the share of others is theirs; somebody above all of them divides
    form = forms.SplitForm(request.POST or None, parts=parts)
    if request.method == "POST" and form.is_valid():
        carry_out(form, lambda: actions.set_split(fund, parts=form.parts, actor=request.actor))
        if not form.errors:
            messages.success(request, "份额已登记")
            return redirect("pair_fund_detail", fund.pk)
    hint = f"合计应等于到位金额 {fund.arrived:,.2f} 元，精确到分；全部不填就是平分。"
    return _form(request, fund, form, "约定各方份额", "保存", hint=hint)


def _form(
    request: ActedRequest, fund: PairFund, form: Any, heading: str, yes: str, **more: Any
) -> HttpResponse:
    is_seen = queries.is_visible(request.actor.scope, fund)
    context = {
        "form": form,
        "heading": heading,
        "yes": yes,
        "back": reverse("pair_fund_detail", args=[fund.pk])
        if is_seen
        else reverse("pair_fund_list"),
        "list_name": "项目资金",
        "thing": fund,
        **more,
    }
    return render(request, "pairing/ledger_form.html", context, status=status_of(form))
