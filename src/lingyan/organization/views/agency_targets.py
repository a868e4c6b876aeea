"""机关党建年度目标考评: one row per unit, the pairs' part from the records (R-13-05)."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from lingyan.common import clock
from lingyan.common.sheet import Column, Sheet
from lingyan.directory import queries as directory
from lingyan.directory.models import Unit
from lingyan.directory.rules.hands import STAFF
from lingyan.organization.actions import agency_targets as actions
from lingyan.organization.forms import reviews as forms
from lingyan.organization.models import AgencyTarget
from lingyan.organization.panels import reviews as panels
from lingyan.organization.queries import reviews as queries
from lingyan.organization.rules import agency_targets as rules
from lingyan.organization.rules.review_words import PaperState
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit.timeline import list_timeline
from lingyan.platform.exchange.exporting import export_list
from lingyan.platform.ui.files import workbook
from lingyan.platform.ui.listing import Filter, Listing
from lingyan.platform.ui.refusing import carry_out, status_of

REGISTER = Sheet(
    kind="target_register",
    title="机关党建目标考评",
    columns=(
        Column("unit", "单位"), Column("state", "状态"),
        *(Column(code, label) for code, label, _ in rules.ITEMS),
        Column("pairing", "结对得分"), Column("total", "总分"),
        Column("evidence", "佐证", max_length=300),
    ),
    key=(),
    guidance=(),
)  # fmt: skip


def shown(points: int | None) -> str:
    """Hundredths as people write them; nothing where nobody knows yet."""
    if points is None:
        return ""
    whole, rest = divmod(points, rules.HUNDREDTHS)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".")


def _listing(request: ActedRequest, year: int) -> Listing[Unit]:
    return Listing(
        request,
        queries.list_units_with_target(request.actor.scope, year),
        search=("name",),
        search_hint="单位",
        filters=(
            Filter(
                "state", "状态", (("none", "还没有登记"), *PaperState.choices()),
                lambda code: queries.target_q(year, code),
            ),
        ),
        sorts={"name": ("name",)},
        default_sort="name",
    )  # fmt: skip


@page(*rules.READERS)
def target_list(request: ActedRequest) -> HttpResponse:
    year = panels.year_asked(request.GET.get("year", ""))
    listing = _listing(request, year)
    rows = [
        (unit, made, shown(made.pairing_score) if made else "", shown(made.total) if made else "")
        for unit in listing
        for made in [next(iter(unit.of_year), None)]
    ]
    context = {
        "listing": listing, "rows": rows, "year": year, "years": panels.years(),
        "may_write": request.actor.role in STAFF,
    }  # fmt: skip
    return render(request, "organization/target_list.html", context)


@page(*rules.READERS)
def target_export(request: ActedRequest) -> HttpResponse:
    year, target = panels.year_asked(request.GET.get("year", "")), BytesIO()
    made = queries.list_targets(request.actor.scope).filter(year=year).order_by("unit__name", "pk")
    export_list(REGISTER, _written(made), target, actor=request.actor)
    return workbook(target.getvalue(), f"{year}年机关党建目标考评.xlsx")


def _written(rows: Any) -> Iterator[dict[str, str]]:
    for one in rows.iterator(chunk_size=500):
        items = {code: shown(one.points.get(code)) for code, _, _ in rules.ITEMS}
        yield {
            "unit": str(one.unit), "state": one.get_state_display(), **items,
            "pairing": shown(one.pairing_score), "total": shown(one.total),
            "evidence": one.evidence,
        }  # fmt: skip


def _asked(request: ActedRequest, unit_id: UUID, year: int) -> tuple[Unit, AgencyTarget | None]:
    unit = directory.get_unit(request.actor.scope, unit_id)
    if not 2020 <= year <= clock.today().year:
        raise Http404
    found = queries.list_targets(request.actor.scope).filter(unit=unit, year=year)
    return unit, found.first()


@page(*rules.READERS)
def target(request: ActedRequest, unit_id: UUID, year: int) -> HttpResponse:
    unit, made = _asked(request, unit_id, year)
    probe = made or AgencyTarget(unit=unit, year=year, state="")
    may_write = not actions.reasons_against(probe, "write", actor=request.actor)
    form = _form(request, made) if may_write else None
    if request.method == "POST" and form is not None and form.is_valid():
        carry_out(
            form,
            lambda: actions.write_target(
                unit, year=year, points=form.points(), evidence=form.cleaned_data["evidence"],
                actor=request.actor,
            ),
        )  # fmt: skip
        if not form.errors:
            messages.success(request, "已登记，核对后提交")
            return redirect("target", unit.pk, year)
    return _show(request, unit, year, made, form)


def _form(request: ActedRequest, made: AgencyTarget | None) -> forms.TargetForm:
    before: dict[str, Any] = {}
    if made is not None:
        before = {code: shown(points) for code, points in made.points.items()}
        before["evidence"] = made.evidence
    return forms.TargetForm(request.POST or None, initial=before)


def _show(
    request: ActedRequest, unit: Unit, year: int, made: AgencyTarget | None,
    form: forms.TargetForm | None,
) -> HttpResponse:  # fmt: skip
    pairing = actions.pairing_of(unit, year)
    given = made.points if made else {}
    may_decide = made is not None and not actions.reasons_against(
        made, "return", actor=request.actor
    )
    context = {
        "unit": unit, "year": year, "made": made, "form": form, "pairing": pairing,
        "lines": [(label, shown(given.get(code)), most) for code, label, most in rules.ITEMS],
        "pairing_points": shown(
            made.pairing_score
            if made
            else rules.pairing_points(pairing.score if pairing else None)
        ),
        "pairing_most": rules.PAIRING_MOST,
        "total": shown(made.total) if made else "",
        "may_submit": made is not None
        and not actions.reasons_against(made, "submit", actor=request.actor),
        "may_decide": may_decide,
        "against": actions.reasons_against(made, "approve", actor=request.actor)
        if made is not None and may_decide
        else (),
        "reason_form": forms.ReasonForm(),
        "entries": list_timeline(made) if made else (),
    }  # fmt: skip
    status = status_of(form) if form is not None else 200
    return render(request, "organization/target.html", context, status=status)


@require_POST
@page(*rules.READERS)
def target_step(request: ActedRequest, unit_id: UUID, year: int) -> HttpResponse:
    unit, made = _asked(request, unit_id, year)
    if made is None:
        raise Http404
    act = request.POST.get("act", "")
    if act == "submit":
        actions.submit_target(made, actor=request.actor)
        messages.success(request, "已提交，等部务会成员批准")
    elif act == "approve":
        actions.approve_target(made, actor=request.actor)
        messages.success(request, "已批准")
    elif act == "return":
        reason = request.POST.get("text", "")
        actions.return_target(made, reason=reason, actor=request.actor)
        messages.success(request, "已退回修改")
    return redirect("target", unit.pk, year)
