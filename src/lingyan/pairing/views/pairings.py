"""The pages of pairs: who is paired with whom, one pair, and each step of its way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.document import WORD
from lingyan.directory.rules.hands import TOWN, UNIT
from lingyan.directory.scoping import path_end
from lingyan.pairing.actions import pairings as actions
from lingyan.pairing.actions import repairs
from lingyan.pairing.exports.agreement import text_of, write_agreement
from lingyan.pairing.exports.pairings import write_pairings
from lingyan.pairing.forms import pairings as forms
from lingyan.pairing.models import Pairing
from lingyan.pairing.panels import pairings as panels
from lingyan.pairing.panels.pair_page import sections_of
from lingyan.pairing.queries import pairings as queries
from lingyan.pairing.rules import pairings as rules
from lingyan.pairing.rules.words import PairingOrigin, PairingState, PairLevel
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.gate import ActedRequest, View, page
from lingyan.platform.ui.files import attached, workbook
from lingyan.platform.ui.listing import Filter, Listing, filter_of_records
from lingyan.platform.ui.refusing import carry_out, status_of

EXPORTERS = (*rules.PROPOSERS, *TOWN, *UNIT)
BESIDE = {
    "pairing.unit_full": "unit",
    "pairing.lead_taken": "is_lead",
    "pairing.pair_held": "village",
    "pairing.counties_differ": "village",
    "pairing.meeting_missing": "meeting_on",
    "pairing.reason_missing": "text",
    "pairing.goals_missing": "goals",
    "pairing.plan_missing": "plan_text",
    "pairing.contact_missing": "unit_contact",
    "pairing.term_length": "term_months",
    "pairing.document_number_missing": "document_number",
}
DAY_CODES = ("pairing.day_in_future", "pairing.day_before")


# --- the list -------------------------------------------------------------------------------------


def _listing(request: ActedRequest) -> Listing[Pairing]:
    scope, today = request.actor.scope, clock.today()
    pairings = queries.list_pairings(scope)
    return Listing(
        request,
        pairings,
        search=queries.search_q,
        search_hint="单位、村、乡镇或协议编号",
        filters=(
            Filter(
                "town",
                "乡镇",
                queries.town_choices(scope),
                lambda path: Q(village__path__gte=path, village__path__lt=path_end(path)),
            ),
            filter_of_records(
                request, "unit", "单位", queries.UNIT_NAMES, "unit_id", used=pairings
            ),
            Filter("state", "状态", PairingState.choices(), lambda code: Q(state=code)),
            Filter("lead", "牵头或协助", (("yes", "牵头"), ("no", "协助")),
                   lambda code: Q(is_lead=code == "yes")),
            Filter("level", "层级", PairLevel.choices(), lambda code: Q(level=code)),
            Filter("origin", "来源", PairingOrigin.choices(), lambda code: Q(origin=code)),
            Filter("term", "期限", queries.TERMS, lambda code: queries.term_q(code, today)),
        ),
        sorts={
            "village": ("village__path", "-is_lead"),
            "unit": ("unit__name", "village__path"),
            "since": ("since", "village__path"),
            "until": ("planned_until", "village__path"),
        },
        default_sort="village",
        sorts_of_few=("unit", "since"),
    )  # fmt: skip


@page(*rules.READERS)
def pairing_list(request: ActedRequest) -> HttpResponse:
    context = {
        "listing": _listing(request),
        "may_propose": request.actor.role in rules.PROPOSERS,
        "may_export": request.actor.role in EXPORTERS,
    }
    return render(request, "pairing/pairing_list.html", context)


@page(*EXPORTERS)
def pairing_export(request: ActedRequest) -> HttpResponse:
    """The list as it is filtered, as a workbook that can be taken in again."""
    target = BytesIO()
    write_pairings(target, _listing(request).rows, actor=request.actor)
    return workbook(target.getvalue(), "结对名册.xlsx")


# --- one pair -------------------------------------------------------------------------------------


@page(*rules.READERS)
def pairing_detail(request: ActedRequest, pairing_id: UUID) -> HttpResponse:
    pairing = queries.get_pairing(request.actor.scope, pairing_id)
    context = {
        "pairing": pairing,
        "life": panels.of_pairing(pairing, request.actor),
        "sections": sections_of(pairing, request.actor),
    }
    return render(request, "pairing/pairing_detail.html", context)


@page(*rules.READERS)
def pairing_agreement(request: ActedRequest, pairing_id: UUID) -> HttpResponse:
    """The agreement as it is printed from the page."""
    pairing = _with_agreement(request, pairing_id)
    context = {"pairing": pairing, "text": text_of(pairing)}
    return render(request, "pairing/agreement.html", context)


@page(*rules.READERS)
def pairing_agreement_word(request: ActedRequest, pairing_id: UUID) -> HttpResponse:
    pairing = _with_agreement(request, pairing_id)
    target = BytesIO()
    write_agreement(target, pairing)
    return attached(target.getvalue(), WORD, f"共建协议 {pairing.unit}—{pairing.village}.docx")


def _with_agreement(request: ActedRequest, pairing_id: UUID) -> Pairing:
    """One that nobody has written yet is no page."""
    pairing = queries.get_pairing(request.actor.scope, pairing_id)
    if not pairing.goals:
        raise Http404
    return pairing


@page(*rules.PROPOSERS)
def pairing_propose(request: ActedRequest) -> HttpResponse:
    """A single pair outside of a round."""
    scope = request.actor.scope
    units = {str(one.pk): one for one in queries.list_units(scope)}
    villages = {str(one.pk): one for one in queries.list_partners(scope)}
    form = forms.ProposeForm(
        request.POST or None,
        initial={name: request.GET.get(name, "") for name in ("unit", "village")},
        units=[(key, one.name) for key, one in units.items()],
        villages=[(key, f"{one.parent or ''}{one}") for key, one in villages.items()],
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        unit, village = units[said["unit"]], villages[said["village"]]
        made = carry_out(
            form,
            lambda: repairs.propose_direct(
                unit, village, is_lead=said["is_lead"], text=said["text"], actor=request.actor
            ),
            beside=BESIDE,
        )
        if made is not None:
            messages.success(request, "已提出结对，等单位答复")
            return redirect("pairing_detail", made.pk)
    context = {
        "form": form,
        "heading": "提出结对",
        "yes": "提出结对",
        "hint": "单位先答复，村党组织会议研究后村里答复，双方都同意才由县委组织部批准。",
        "back": reverse("pairing_list"),
    }
    return render(request, "pairing/pairing_form.html", context, status=status_of(form))


# --- one step -------------------------------------------------------------------------------------


def _plain(action: Callable[..., Pairing]) -> Callable[[Pairing, Form, Actor], Pairing]:
    def run(pairing: Pairing, form: Form, actor: Actor) -> Pairing:
        return action(pairing, **form.cleaned_data, actor=actor)

    return run


def _start(pairing: Pairing, form: Form, actor: Actor) -> Pairing:
    assert isinstance(form, forms.StartForm)
    return actions.start_pairing(
        pairing, form.agreement(), signed_on=form.cleaned_data["signed_on"], actor=actor
    )


def _draft(pairing: Pairing, form: Form, actor: Actor) -> Pairing:
    assert isinstance(form, forms.AgreementForm)
    return actions.draft_agreement(pairing, form.agreement(), actor=actor)


@dataclass(frozen=True, slots=True)
class StepPage:
    """What the page of one act asks, does and says afterwards; `yes` is what its button says."""

    form: Callable[..., Form]
    run: Callable[[Pairing, Form, Actor], Pairing]
    done: str
    hint: str = ""
    yes: str = ""
    day: str = ""  # the field that holds the day of the step


STEP_PAGES: dict[str, StepPage] = {
    "agree_unit": StepPage(
        forms.AgreeUnitForm, _plain(actions.agree_unit), "已同意，等村里答复", yes="同意结对"
    ),
    "agree_village": StepPage(
        forms.AgreeVillageForm, _plain(actions.agree_village), "已同意，等县委组织部批准",
        "村党组织会议研究同意后办理。", "同意结对", "meeting_on",
    ),
    "decline": StepPage(
        forms.ReasonForm, _plain(actions.decline), "已答复不同意",
        "理由会让对方和县委组织部看到。",
    ),
    "withdraw": StepPage(forms.ReasonForm, _plain(actions.withdraw), "结对已撤回"),
    "approve": StepPage(
        forms.ApproveForm, _plain(actions.approve), "已批准，请双方签协议",
        "双方都已同意。看过下面的结对分后批准。",
    ),
    "start": StepPage(
        forms.StartForm, _start, "已登记签约，结对开始",
        "协议签字以后登记；期限从签订日期算起。", day="signed_on",
    ),
    "draft": StepPage(
        forms.AgreementForm, _draft, "协议已保存，可以下载打印",
        "保存后下载 Word 协议，双方签字后再登记签约。", "保存协议",
    ),
    "renew": StepPage(
        forms.RenewForm, _plain(actions.renew_pairing), "已续签",
        "新的期限从原到期日接着算。",
    ),
    "end": StepPage(
        forms.EndForm, _plain(actions.end_pairing), "结对已到期结束",
        "今天结束；一村一档和单位的记录都保留。",
    ),
    "dissolve": StepPage(
        forms.DissolveForm, _plain(actions.dissolve_pairing), "结对已解除",
        "今天就解除，不能撤回；牵头结对解除后，这个村在“补结”里按最少变动另找单位。",
    ),
}  # fmt: skip
ROLES = {act: rules.roles_of("start" if act == "draft" else act) for act in STEP_PAGES}


def step_view(act: str) -> View:
    """The page of one act of the table, open to the roles that the table names."""

    @page(*ROLES[act])
    def pairing_step(request: ActedRequest, pairing_id: UUID) -> HttpResponse:
        pairing = queries.get_pairing(request.actor.scope, pairing_id)
        step = STEP_PAGES[act]
        form = step.form(request.POST or None, initial=_given(act, pairing))
        if request.method == "POST" and form.is_valid():
            beside = BESIDE | dict.fromkeys(DAY_CODES, step.day)
            if carry_out(form, lambda: step.run(pairing, form, request.actor), beside=beside):
                messages.success(request, step.done)
                return redirect("pairing_detail", pairing.pk)
        label = rules.label_of(act)
        context = {
            "pairing": pairing,
            "form": form,
            "heading": label,
            "hint": step.hint,
            "yes": step.yes or label,
            "parts": panels.part_lines(pairing) if act in SHOWS_POINTS else (),
            "shows_points": act in SHOWS_POINTS,
            "reasons": () if form.is_bound else _reasons(pairing, act, request.actor),
            "back": reverse("pairing_detail", args=[pairing.pk]),
        }
        return render(request, "pairing/pairing_form.html", context, status=status_of(form))

    return pairing_step


SHOWS_POINTS = ("approve", "agree_unit", "agree_village")


def _reasons(pairing: Pairing, act: str, actor: Actor) -> Any:
    return actions.reasons_against(pairing, "start" if act == "draft" else act, actor=actor)


def _given(act: str, pairing: Pairing) -> Mapping[str, Any]:
    if act == "approve":
        return {"points_seen": pairing.points}
    if act in ("draft", "start"):
        return {
            "goals": pairing.goals,
            "plan_text": pairing.plan_text,
            "unit_contact": pairing.unit_contact,
            "village_contact": pairing.village_contact,
            "term_months": pairing.term_months,
            "number": pairing.agreement_number,
        }
    return {}
