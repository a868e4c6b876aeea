"""The pages of payment lists: all of them, making one, its steps, its file."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from lingyan.common.flow import open_acts
from lingyan.common.money import NOTHING, show_money
from lingyan.common.periods import month_of
from lingyan.directory.queries import get_county
from lingyan.directory.rules.hands import STAFF
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit import reading
from lingyan.platform.audit.timeline import list_timeline
from lingyan.platform.ui.files import workbook
from lingyan.platform.ui.listing import Filter, Listing
from lingyan.platform.ui.refusing import carry_out, status_of
from lingyan.posting.actions import support as actions
from lingyan.posting.exports import support as exports
from lingyan.posting.forms import support as forms
from lingyan.posting.models import PaymentList
from lingyan.posting.queries import support as queries
from lingyan.posting.rules import support as rules
from lingyan.posting.rules.support_words import PaymentState, SupportItem

PAYMENT_READERS = (*rules.COUNTY, *rules.FINANCE)
CHECKERS = rules.COUNTY
ITEMS = [(one.value, one.label) for one in rules.PAID_MONTHLY]
BESIDE = {
    "posting.payment_early": "month",
    "posting.payment_empty": "month",
    "posting.voucher_missing": "voucher_number",
    "posting.day_in_future": "paid_on",
    "posting.paid_before_check": "paid_on",
    "posting.reason_missing": "reason",
    "posting.correction_amount": "right_amount",
    "posting.correction_same": "right_amount",
}


@page(*PAYMENT_READERS)
def payment_list(request: ActedRequest) -> HttpResponse:
    listing = Listing(
        request,
        queries.list_payments(request.actor.scope),
        filters=(
            Filter("item", "项目", ITEMS, lambda code: Q(item=code)),
            Filter("state", "状态", PaymentState.choices(), lambda code: Q(state=code)),
        ),
        sorts={
            "month": ("-month", "item", "-made_at"),
            "total": ("-total", "-month"),
            "people": ("-people", "-month"),
        },
        default_sort="month",
    )
    context = {"listing": listing, "may_make": request.actor.role in STAFF}
    return render(request, "posting/payment_list.html", context)


@page(*STAFF)
def payment_make(request: ActedRequest) -> HttpResponse:
    """Choose item and month, see who stands on the list and who does not, and make it."""
    county = get_county(request.actor.scope)
    asked = request.POST if request.method == "POST" else request.GET
    given = {"item": SupportItem.LIVING.value, "month": forms.months_back(1)[0][0]}
    form = forms.MakeListForm({**given, **{name: asked[name] for name in given if name in asked}})
    if not form.is_valid():
        return render(request, "posting/payment_make.html", {"form": form}, status=422)
    item, month = form.cleaned_data["item"], form.month_on
    if request.method == "POST":
        made = carry_out(
            form,
            lambda: actions.make_list(county, item=item, month=month, actor=request.actor),
            beside=BESIDE,
        )
        if made is not None:
            messages.success(request, "发放表已制好，等另一人审核")
            return redirect("payment_detail", made.pk)
    ready, left = queries.who_is_paid(county, item, month)
    last_day = month_of(month).last_day
    rate = queries.standard_on(county, rules.KEY_OF_ITEM[SupportItem(item)], last_day)
    lines = [(one, rules.amount_of(item, rate, one.days) if rate else None) for one in ready]
    corrections = list(queries.list_open_corrections(county, item))
    context = {
        "form": form,
        "lines": lines,
        "corrections": corrections,
        "left": left,
        "rate": rate,
        "total": sum(
            (
                *(amount for _, amount in lines if amount),
                *(one.difference for one in corrections),
            ),
            NOTHING,
        ),
        "item": SupportItem(item).label,
        "month": month,
        "is_living": item == SupportItem.LIVING,
    }
    return render(request, "posting/payment_make.html", context, status=status_of(form))


@page(*PAYMENT_READERS)
def payment_detail(request: ActedRequest, payment_id: UUID) -> HttpResponse:
    payment = queries.get_payment(request.actor.scope, payment_id)
    return _show(request, payment)


def _show(
    request: ActedRequest,
    payment: PaymentList,
    *,
    wrong: forms.PayForm | forms.ReasonForm | None = None,
) -> HttpResponse:
    role = request.actor.role
    acts = {line.act for line in open_acts(rules.PAYMENT_FLOW, state=payment.state, role=role)}
    step = next((act for act in ("check", "pay") if act in acts), "")
    context = {
        "payment": payment,
        "lines": queries.lines_of(payment),
        "acts": acts,
        "step": step,
        "reasons": actions.reasons_against(payment, step, actor=request.actor) if step else (),
        "pay_form": wrong if isinstance(wrong, forms.PayForm) else forms.PayForm(),
        "return_form": wrong
        if isinstance(wrong, forms.ReasonForm)
        else forms.ReasonForm(auto_id="return_%s"),
        "may_open": role in rules.COUNTY,
        "may_correct": role in STAFF and payment.state == PaymentState.PAID,
        "steps": _steps(payment),
        "is_living": payment.item == SupportItem.LIVING,
        "entries": list_timeline(payment),
    }
    status = status_of(wrong) if wrong is not None else 200
    return render(request, "posting/payment_detail.html", context, status=status)


def _steps(payment: PaymentList) -> list[dict[str, str]]:
    """制表 → 审核 → 支付, each with whose hand and when."""
    made = f"{payment.made_by_name}，{payment.made_at:%Y-%m-%d}"
    checked = f"{payment.checked_by_name}，{payment.checked_on}" if payment.checked_on else ""
    paid = f"{payment.paid_by_name}，{payment.paid_on}" if payment.paid_on else ""
    return [
        _one_step("制表", made, now=False),
        _one_step("审核", checked, now=payment.state == PaymentState.MADE),
        _one_step("支付", paid, now=payment.state == PaymentState.CHECKED),
    ]


def _one_step(label: str, note: str, *, now: bool) -> dict[str, str]:
    return {"label": label, "note": note, "state": "done" if note else "now" if now else "todo"}


@require_POST
@page(*CHECKERS)
def payment_check(request: ActedRequest, payment_id: UUID) -> HttpResponse:
    payment = queries.get_payment(request.actor.scope, payment_id)
    actions.check_list(payment, actor=request.actor)
    messages.success(request, "审核通过，等待支付")
    return redirect("payment_detail", payment.pk)


def _with_form(
    request: ActedRequest,
    payment: PaymentList,
    form: forms.PayForm | forms.ReasonForm,
    act: Callable[[], PaymentList],
    done: str,
) -> HttpResponse:
    if form.is_valid():
        carry_out(form, act, beside=BESIDE)
        if not form.errors:
            messages.success(request, done)
            return redirect("payment_detail", payment.pk)
    return _show(request, queries.get_payment(request.actor.scope, payment.pk), wrong=form)


@require_POST
@page(*rules.PAYERS)
def payment_pay(request: ActedRequest, payment_id: UUID) -> HttpResponse:
    payment = queries.get_payment(request.actor.scope, payment_id)
    form = forms.PayForm(request.POST)
    return _with_form(
        request,
        payment,
        form,
        lambda: actions.pay_list(payment, actor=request.actor, **form.cleaned_data),
        "支付已登记",
    )


@require_POST
@page(*CHECKERS, *rules.FINANCE)
def payment_return(request: ActedRequest, payment_id: UUID) -> HttpResponse:
    payment = queries.get_payment(request.actor.scope, payment_id)
    form = forms.ReasonForm(request.POST, auto_id="return_%s")
    return _with_form(
        request,
        payment,
        form,
        lambda: actions.return_list(payment, actor=request.actor, **form.cleaned_data),
        "发放表已退回，表上的人可以重新制表",
    )


@page(*STAFF)
def payment_correct(request: ActedRequest, line_id: UUID) -> HttpResponse:
    """What a paid line should have been; the row stays, the next list takes up the difference."""
    line = queries.get_line(request.actor.scope, line_id)
    form = forms.CorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        carry_out(
            form,
            lambda: actions.correct_payment(line, actor=request.actor, **form.cleaned_data),
            beside=BESIDE,
        )
        if not form.errors:
            messages.success(request, "更正已登记，下一张同一项目的发放表会带上差额")
            return redirect("payment_detail", line.list_id)
    paid, _ = queries.paid_of(line)
    context = {
        "posting": line.posting,
        "heading": "更正发放",
        "hint": f"{line.month:%Y-%m} {line.get_item_display()}已发 {show_money(paid)} 元。"
        "原来的一行不改，差额写进下一张发放表。",
        "form": form,
        "yes": "登记更正",
        "reasons": actions.reasons_against_correcting(line, actor=request.actor),
        "back": reverse("payment_detail", args=[line.list_id]),
    }
    return render(request, "posting/support_form.html", context, status=status_of(form))


@page(*STAFF)
def correction_void(request: ActedRequest, correction_id: UUID) -> HttpResponse:
    correction = queries.get_correction(request.actor.scope, correction_id)
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        carry_out(
            form,
            lambda: actions.void_correction(correction, actor=request.actor, **form.cleaned_data),
            beside=BESIDE,
        )
        if not form.errors:
            messages.success(request, "更正已撤销")
            return redirect("payment_make")
    context = {
        "posting": correction.line.posting,
        "heading": "撤销这项更正",
        "hint": f"{correction.reason}；差额 {show_money(correction.difference)} 元。",
        "form": form,
        "yes": "撤销",
        "reasons": (),
        "back": reverse("payment_make"),
    }
    return render(request, "posting/support_form.html", context, status=status_of(form))


@page(*PAYMENT_READERS)
def payment_export(request: ActedRequest, payment_id: UUID) -> HttpResponse:
    payment = queries.get_payment(request.actor.scope, payment_id)
    target = BytesIO()
    with reading.listing() as listed:
        rows = exports.write_payment(
            target, payment, list(queries.lines_of(payment)), actor=request.actor
        )
    actions.note_export(payment, rows=rows, listed=listed, actor=request.actor)
    return workbook(target.getvalue(), f"{payment}.xlsx")
