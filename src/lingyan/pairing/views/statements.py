"""The pages on which a unit or a village states what it has or needs, and whom it would like."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render

from lingyan.directory import search
from lingyan.directory.rules import VillageType
from lingyan.directory.rules.hands import TOWN, UNIT, VILLAGE
from lingyan.pairing.actions import statements
from lingyan.pairing.actions.statements import Joined, Said
from lingyan.pairing.forms.rounds import UnitStatementForm, VillageStatementForm
from lingyan.pairing.matching.gathering import town_of
from lingyan.pairing.models import PairRoundUnit
from lingyan.pairing.panels.statements import others_of_unit, others_of_village
from lingyan.pairing.queries import rounds as queries
from lingyan.pairing.rules import Answer
from lingyan.pairing.rules.rounds import REASON_MAX, PairRoundState
from lingyan.pairing.views.rounds import COUNTY
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.ui.listing import Filter, Listing

ANSWERS = [("", "没有表态"), *((code, label) for code, label in Answer.choices() if code != "obey")]
STATED = (("yes", "已填报"), ("no", "未填报"))


@page(*UNIT, *VILLAGE, *TOWN)
def pair_statement_list(request: ActedRequest) -> HttpResponse:
    """The statements of one's own unit or villages, those that wait first."""
    of_unit = request.actor.role in UNIT
    rows: Any = (queries.list_own_units if of_unit else queries.list_own_villages)(
        request.actor.scope
    )
    column = "unit" if of_unit else "village"
    listing = Listing(
        request,
        rows,
        search=lambda text: (
            search.of_units_q(text, "unit") if of_unit else search.of_villages_q(text, "village")
        ),
        search_hint="单位" if of_unit else "村或乡镇",
        filters=(
            Filter("stated", "填报", STATED, lambda code: Q(stated_at__isnull=code == "no")),
            Filter(
                "state", "批次状态", PairRoundState.choices(), lambda code: Q(round__state=code)
            ),
        ),
        sorts={
            "round": ("round__created_at",),
            "who": (f"{column}__name" if of_unit else "village__path",),
        },
        default_sort="-round",
    )
    context = {"listing": listing, "of_unit": of_unit}
    return render(request, "pairing/statement_list.html", context)


@page(*UNIT, *COUNTY)
def pair_unit_statement(request: ActedRequest, pair_unit_id: UUID) -> HttpResponse:
    """能提供什么: sectors, five resources, how many villages; then whom the unit would like."""
    joined = queries.get_round_unit(request.actor.scope, pair_unit_id)
    form = UnitStatementForm(
        request.POST if request.method == "POST" else None,
        joined=joined,
        towns=queries.list_towns(joined.round),
    )
    if request.method == "POST" and form.is_valid():
        statements.state_unit(
            joined,
            form.statement(),
            town=form.cleaned_data["town"],
            remark=form.cleaned_data["remark"],
            actor=request.actor,
        )
        messages.success(request, "已提交，接着可以填对各村的意愿")
        return redirect("pair_unit_answers", joined.pk)
    context = {
        **_frame(request, joined, "statement"),
        "form": form,
        "town": town_of(joined, joined.round),
    }
    return render(request, "pairing/statement.html", context, status=_status(form))


@page(*VILLAGE, *TOWN, *COUNTY)
def pair_village_statement(request: ActedRequest, pair_village_id: UUID) -> HttpResponse:
    """需要什么: industries, five resources, how many units; then whom the village would like."""
    joined = queries.get_round_village(request.actor.scope, pair_village_id)
    form = VillageStatementForm(request.POST if request.method == "POST" else None, joined=joined)
    if request.method == "POST" and form.is_valid():
        statements.state_village(
            joined, form.statement(), remark=form.cleaned_data["remark"], actor=request.actor
        )
        messages.success(request, "已提交，接着可以填对各单位的意愿")
        return redirect("pair_village_answers", joined.pk)
    types = dict(VillageType.choices())
    context = {
        **_frame(request, joined, "statement"),
        "form": form,
        "types": [types.get(code, code) for code in joined.types],
    }
    return render(request, "pairing/statement.html", context, status=_status(form))


def _status(form: Any) -> int:
    return 422 if form.is_bound and form.errors else 200


def _frame(request: ActedRequest, joined: Joined, tab: str) -> dict[str, Any]:
    of_unit = isinstance(joined, PairRoundUnit)
    return {
        "joined": joined,
        "round": joined.round,
        "of_unit": of_unit,
        "name": joined.unit if isinstance(joined, PairRoundUnit) else joined.village,
        "statement_url": "pair_unit_statement" if of_unit else "pair_village_statement",
        "answers_url": "pair_unit_answers" if of_unit else "pair_village_answers",
        "against": statements.refuse_writing(joined, actor=request.actor),
        "tab": tab,
    }


# --- whom each would like -----------------------------------------------------------------------


@page(*UNIT, *COUNTY)
def pair_unit_answers(request: ActedRequest, pair_unit_id: UUID) -> HttpResponse:
    return _answers(request, queries.get_round_unit(request.actor.scope, pair_unit_id))


@page(*VILLAGE, *TOWN, *COUNTY)
def pair_village_answers(request: ActedRequest, pair_village_id: UUID) -> HttpResponse:
    return _answers(request, queries.get_round_village(request.actor.scope, pair_village_id))


def _answers(request: ActedRequest, joined: Joined) -> HttpResponse:
    frame = _frame(request, joined, "answers")
    if request.method == "POST":
        count = statements.save_answers(joined, _said(request.POST), actor=request.actor)
        messages.success(request, f"已保存，改动 {count} 项" if count else "没有改动")
        return redirect(request.get_full_path())
    asked = request.GET.dict()
    others = (
        others_of_unit(joined, asked)
        if isinstance(joined, PairRoundUnit)
        else others_of_village(joined, asked)
    )
    context = {**frame, "others": others, "choices": ANSWERS, "reason_max": REASON_MAX}
    return render(request, "pairing/answers.html", context)


def _said(posted: QueryDict) -> dict[UUID, Said]:
    """Each line of the page: an answer, and the reason beside it."""
    codes = {code for code, _ in ANSWERS}
    found = {}
    for name, answer in posted.items():
        key = queries.uuid_or_none(name.removeprefix("answer-"))
        if name.startswith("answer-") and key is not None and answer in codes:
            reason = posted.get(f"reason-{key}", "")
            found[key] = Said(str(answer), str(reason)[:REASON_MAX])
    return found
