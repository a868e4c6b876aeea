"""The pages of the work fund: who has how much, the ledger of one, a counter-entry."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import F, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from lingyan.common import clock
from lingyan.directory.queries import find_county, get_county
from lingyan.directory.rules.hands import POSTED, STAFF
from lingyan.directory.scoping import path_end
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit.reading import note_reading
from lingyan.platform.ui.listing import Filter, Listing
from lingyan.platform.ui.refusing import carry_out, status_of
from lingyan.posting.actions import support as actions
from lingyan.posting.forms import support as forms
from lingyan.posting.models import WorkFundBudget
from lingyan.posting.panels import support as panels
from lingyan.posting.queries import postings as posting_queries
from lingyan.posting.queries import support as queries
from lingyan.posting.rules import support as rules
from lingyan.posting.rules.support_words import StandardKey

FUND_READERS = (*rules.READERS, *POSTED)
BESIDE = {
    "posting.amount_positive": "amount",
    "posting.fund_exceeded": "amount",
    "posting.fund_below_spent": "amount",
    "posting.fund_year": "year",
    "posting.day_in_future": "happened_on",
    "posting.fund_other_year": "happened_on",
    "posting.purpose_missing": "text",
    "posting.receipt_missing": "receipt_number",
    "posting.receipt_known": "receipt_number",
    "posting.handler_missing": "handled_by",
    "posting.handler_is_keeper": "handled_by",
    "posting.reason_missing": "reason",
}


@page(*FUND_READERS)
def fund_list(request: ActedRequest) -> HttpResponse:
    """Budget, spent and left of each posting in a year."""
    actor, year = request.actor, panels.year_asked(request.GET.get("year", ""))
    budgets = queries.list_budgets(actor).filter(year=year)
    listing = Listing(
        request,
        budgets,
        search=("posting__person__name", "posting__village__short_name"),
        search_hint="姓名或村",
        filters=(
            Filter(
                "town", "乡镇", posting_queries.town_choices(actor.scope),
                lambda path: Q(
                    posting__village__path__gte=path, posting__village__path__lt=path_end(path)
                ),
            ),
            Filter("use", "使用", [("none", "还没有支出"), ("spent", "已用完")], _use_q),
        ),
        sorts={
            "village": ("posting__village__path",),
            "person": ("posting__person__name", "posting__village__path"),
            "amount": ("-amount", "posting__village__path"),
            "left": ("left", "posting__village__path"),
        },
        default_sort="village",
    )  # fmt: skip
    county = find_county(actor.scope)
    may_give = actor.role in STAFF and county is not None
    context = {
        "listing": listing,
        "year": year,
        "years": panels.years(),
        "totals": queries.totals_of(listing.rows),
        "waiting": queries.list_without_budget(actor.scope, year).count() if may_give else 0,
        "standard": county and queries.standard_on(county, StandardKey.FUND_YEAR, clock.today()),
        "may_give": may_give,
    }
    return render(request, "posting/fund_list.html", context)


def _use_q(code: str) -> Q:
    return Q(spent=0) if code == "none" else Q(spent__gte=F("amount"))


@require_POST
@page(*STAFF)
def fund_give(request: ActedRequest) -> HttpResponse:
    """To everybody who has none for the year, by the county's standard, in one press."""
    county = get_county(request.actor.scope)
    year = panels.year_asked(request.POST.get("year", ""))
    given = actions.set_budgets(county, year=year, actor=request.actor)
    messages.success(request, f"已下达 {given} 人的工作经费")
    return redirect(f"{reverse('fund_list')}?year={year}")


@page(*STAFF)
def fund_set(request: ActedRequest, posting_id: UUID) -> HttpResponse:
    """One posting's own amount, or another than before."""
    posting = queries.get_supported(request.actor, posting_id)
    year = panels.year_asked(request.GET.get("year", ""))
    form = forms.BudgetForm(request.POST or None, initial={"year": year})
    if request.method == "POST" and form.is_valid():
        carry_out(
            form,
            lambda: actions.set_budget(posting, actor=request.actor, **form.cleaned_data),
            beside=BESIDE,
        )
        if not form.errors:
            messages.success(request, "工作经费已下达")
            return redirect("support_person", posting.pk)
    context = {
        "posting": posting,
        "heading": "下达或调整工作经费",
        "hint": "按年度下达；已经支出的，预算不能低于支出。",
        "form": form,
        "yes": "下达",
        "back": reverse("support_person", args=[posting.pk]),
    }
    return render(request, "posting/support_form.html", context, status=status_of(form))


@page(*FUND_READERS)
def fund_ledger(request: ActedRequest, budget_id: UUID) -> HttpResponse:
    """Every line with its receipt; the town writes the next one on the same page."""
    budget = queries.get_budget(request.actor, budget_id)
    may_spend = request.actor.role in rules.FUND_KEEPERS
    form = forms.SpendForm(request.POST or None, initial={"handled_by": budget.posting.person})
    if request.method == "POST" and not may_spend:
        return render(request, "ui/forbidden.html", status=403)
    if request.method == "POST" and form.is_valid():
        carry_out(
            form,
            lambda: actions.spend(budget, actor=request.actor, **form.cleaned_data),
            beside=BESIDE,
        )
        if not form.errors:
            messages.success(request, "支出已登记")
            return redirect("fund_ledger", budget.pk)
    return _ledger(request, budget, form if may_spend else None)


def _ledger(
    request: ActedRequest, budget: WorkFundBudget, form: forms.SpendForm | None
) -> HttpResponse:
    note_reading(budget.posting.person)
    context = {
        "budget": budget,
        "entries": queries.entries_of(budget),
        "form": form,
        "may_spend": form is not None,
    }
    status = status_of(form) if form else 200
    return render(request, "posting/fund_ledger.html", context, status=status)


@page(*rules.FUND_KEEPERS)
def fund_correct(request: ActedRequest, fund_entry_id: UUID) -> HttpResponse:
    entry = queries.get_entry(request.actor.scope, fund_entry_id)
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        carry_out(
            form,
            lambda: actions.correct_entry(entry, actor=request.actor, **form.cleaned_data),
            beside=BESIDE,
        )
        if not form.errors:
            messages.success(request, "已冲销，台账上两笔都在")
            return redirect("fund_ledger", entry.budget_id)
    context = {
        "posting": entry.budget.posting,
        "heading": "冲销一笔支出",
        "hint": f"{entry.happened_on} {entry.text}，{entry.amount} 元，"
        f"票据号 {entry.receipt_number}。记一笔相反的金额，原来的一笔不删。",
        "form": form,
        "yes": "冲销",
        "back": reverse("fund_ledger", args=[entry.budget_id]),
    }
    return render(request, "posting/support_form.html", context, status=status_of(form))
