"""The pages of villages whose lead pair has ended: which are they, and which unit could follow?"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from lingyan.common.refusals import Refusal
from lingyan.pairing.actions import repairs as actions
from lingyan.pairing.forms.pairings import RepairForm
from lingyan.pairing.panels.pairings import part_labels
from lingyan.pairing.queries import pairings as queries
from lingyan.pairing.rules import pairings as rules
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.ui.listing import Listing
from lingyan.platform.ui.refusing import carry_out, status_of

BESIDE = {"pairing.reason_missing": "text", "pairing.not_an_option": "unit"}


@page(*rules.PROPOSERS)
def repair_list(request: ActedRequest) -> HttpResponse:
    listing = Listing(
        request,
        queries.list_left(request.actor.scope),
        search=queries.search_q,
        search_hint="村、乡镇或原单位",
        sorts={"village": ("village__path",), "until": ("-until", "village__path")},
        default_sort="until",
        sorts_of_few=("until",),
    )
    return render(request, "pairing/repair_list.html", {"listing": listing})


@page(*rules.PROPOSERS)
def repair_detail(request: ActedRequest, pairing_id: UUID) -> HttpResponse:
    """The units that could follow, what each would cost, and a press to propose one."""
    left = queries.get_pairing(request.actor.scope, pairing_id)
    lost = list(queries.list_left(request.actor.scope))
    repair = actions.find_repair(left, lost)
    options = repair.options if repair else ()
    first = repair.first if repair else None
    form = RepairForm(
        request.POST or None,
        units=[(str(one.unit.pk), one.unit.name) for one in options],
        initial={"unit": str(first.unit.pk) if first else ""},
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        made = carry_out(
            form,
            lambda: actions.propose_repair(
                left, unit_id=UUID(said["unit"]), text=said["text"], actor=request.actor
            ),
            beside=BESIDE,
        )
        if made is not None:
            messages.success(request, "已提出补结，等单位答复；其余结对没有变动")
            return redirect("pairing_detail", made.pk)
    context = {
        "left": left,
        "repair": repair,
        "form": form,
        "labels": part_labels(),
        "reasons": () if repair else _why_not(),
    }
    return render(request, "pairing/repair_detail.html", context, status=status_of(form))


def _why_not() -> tuple[Refusal, ...]:
    return rules.refuse_to_repair(rules.RepairFacts(is_left=False, is_option=False, is_first=False))
