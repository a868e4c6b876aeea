"""The pages of rounds of pairing: list, next step, who takes part, what the county sets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from lingyan.directory import search
from lingyan.directory.models import Place
from lingyan.directory.queries import list_places
from lingyan.directory.roles import Role
from lingyan.directory.rules import PlaceLevel, UnitCategory, VillageType
from lingyan.directory.rules.hands import STAFF, TOWN, UNIT, VILLAGE
from lingyan.directory.scoping import path_end
from lingyan.pairing.actions import plans, rounds
from lingyan.pairing.exports.rounds import write_units, write_villages
from lingyan.pairing.forms.rounds import DecisionForm, FixForm, NothingForm, ReasonForm, RoundForm
from lingyan.pairing.models import PairRound
from lingyan.pairing.panels import rounds as panels
from lingyan.pairing.queries import gathering
from lingyan.pairing.queries import rounds as queries
from lingyan.pairing.rules.rounds import FixKind, PairRoundState
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit.timeline import list_timeline
from lingyan.platform.jobs.actions import job_url
from lingyan.platform.jobs.models import Job
from lingyan.platform.ui.files import workbook
from lingyan.platform.ui.listing import Filter, Listing

COUNTY = (Role.COUNTY_ORG_STAFF, Role.COUNTY_ORG_ADMIN, Role.COUNTY_ORG_LEADER)
READERS = (*COUNTY, Role.UPPER_VIEWER, *TOWN, *UNIT, *VILLAGE)
STATED = (("yes", "已填报"), ("no", "未填报"))
YES_NO = (("yes", "有"), ("no", "没有"))


# --- the list -----------------------------------------------------------------------------------


@page(*READERS)
def pair_round_list(request: ActedRequest) -> HttpResponse:
    listing = Listing(
        request,
        queries.list_rounds(request.actor.scope),
        search=("name",),
        search_hint="批次名称",
        filters=(Filter("state", "状态", PairRoundState.choices(), lambda code: Q(state=code)),),
        sorts={"created": ("created_at",), "name": ("name",), "state": ("state",)},
        default_sort="-created",
    )
    can_open = request.actor.role in STAFF
    context = {"listing": listing, "can_open": can_open}
    return render(request, "pairing/round_list.html", context)


@page(*STAFF)
def pair_round_open(request: ActedRequest) -> HttpResponse:
    """Open a round for the county in scope; the matrix of the last round is taken over."""
    county = _county_of(request.actor)
    form = RoundForm(request.POST or None, towns=queries.list_towns_of(county))
    if request.method == "POST" and form.is_valid():
        matrix = queries.latest_settings(county).get("matrix", [])
        round = rounds.open_round(
            county=county,
            name=form.cleaned_data["name"],
            settings=form.settings(matrix=matrix),
            seat=form.cleaned_data["seat"],
            due_on=form.cleaned_data["due_on"],
            seed=form.cleaned_data["seed"],
            actor=request.actor,
        )
        messages.success(request, "结对批次已启动，下一步：选择单位和村")
        return redirect("pair_round_detail", round.pk)
    context = {"form": form}
    return render(request, "pairing/round_open.html", context, status=_status(form))


def _county_of(actor: Actor) -> Place:
    county: Place = list_places(actor.scope).filter(level=PlaceLevel.COUNTY).earliest("path")
    return county


def _status(form: forms.Form) -> int:
    return 422 if form.is_bound and form.errors else 200


# --- one round ----------------------------------------------------------------------------------


@page(*READERS)
def pair_round_detail(request: ActedRequest, pair_round_id: UUID) -> HttpResponse:
    actor = request.actor
    round = queries.get_round(actor.scope, pair_round_id)
    in_county = actor.role in COUNTY
    return render(
        request,
        "pairing/round_detail.html",
        {
            **frame(round, actor),
            "steps": panels.steps_of(round, list(queries.list_history(round))),
            "next": panels.next_step(round, actor) if in_county else None,
            "side_steps": panels.side_steps(round, actor) if in_county else [],
            "computation": panels.computation(round, actor) if in_county else None,
            "failed": queries.find_failed_computation(round) if in_county else None,
            "plans": queries.list_plans(round) if in_county else [],
            "chosen": queries.find_chosen_plan(round) if in_county else None,
            "fixes": queries.list_fixes(round).count() if in_county else 0,
            "own_units": queries.list_own_units(actor.scope).filter(round=round),
            "own_villages": [] if in_county else _own_villages(round, actor),
            "settings": round.settings,
            "entries": list_timeline(round) if in_county else [],
        },
    )


def _own_villages(round: PairRound, actor: Actor) -> list[Any]:
    return list(queries.list_own_villages(actor.scope).filter(round=round))


def frame(round: PairRound, actor: Actor, tab: str = "") -> dict[str, Any]:
    """What every page of a round shows round its content."""
    return {
        "round": round,
        "tab": tab,
        "in_county": actor.role in COUNTY,
        "is_staff": actor.role in STAFF,
        "is_collecting": round.state == PairRoundState.COLLECTING,
    }


@dataclass(frozen=True, slots=True)
class StepPage:
    """The page of one step: what is asked, what follows, and the action behind the button."""

    question: str
    consequence: str
    yes: str
    form: type[forms.Form]
    act: Callable[..., Any]
    done: str


STEPS: dict[str, StepPage] = {
    "compute": StepPage(
        "计算方案？",
        "系统按两方此刻的填报、意愿和县里的指定、排除，按四条原则算出全县最优的结对方案，"
        "并给出可以复核的凭证。没有填报的按名录和需求清单已有的情况计，没有表态的按服从安排计。",
        "计算方案",
        NothingForm,
        plans.request_plan,
        "",
    ),
    "decide": StepPage(
        "决定方案",
        "决定后，方案里的每一对分别请单位和村确认，双方都同意才会结成。已在共建中的结对照旧，不另行提出。",
        "登记决定",
        DecisionForm,
        plans.decide_round,
        "已作出决定，等待单位和村确认",
    ),
    "reopen": StepPage(
        "退回征集？",
        "单位和村可以再改填报和意愿；现有方案保留备查，须重新计算后才能决定。",
        "退回征集",
        ReasonForm,
        rounds.reopen_round,
        "已退回征集",
    ),
    "cancel": StepPage(
        "取消批次？",
        "批次取消后不能恢复，单位和村可以加入其他批次。",
        "取消批次",
        ReasonForm,
        rounds.cancel_round,
        "批次已取消",
    ),
}


@page(*COUNTY)
def pair_round_step(request: ActedRequest, pair_round_id: UUID, act: str) -> HttpResponse:
    """Ask, with the reasons against it if there are any; on POST do it."""
    round = queries.get_round(request.actor.scope, pair_round_id)
    if act not in STEPS:
        raise Http404("no such step")
    step = STEPS[act]
    form = step.form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = step.act(round, actor=request.actor, **form.cleaned_data)
        if act == "compute":
            return _to_job(request, round, made)
        messages.success(request, step.done)
        return redirect("pair_round_detail", round.pk)
    next_step = panels.next_step(round, request.actor)
    reasons = list(rounds.refuse_step(round, act, actor=request.actor))
    if next_step and next_step.act == act and not reasons:
        reasons = list(next_step.reasons)
    plan = queries.find_chosen_plan(round) if act == "decide" else None
    context = {
        **frame(round, request.actor),
        "step": step,
        "form": form,
        "reasons": reasons,
        "plan": plan,
        "computation": panels.computation(round, request.actor) if act == "compute" else None,
    }
    return render(request, "pairing/round_step.html", context, status=_status(form))


def _to_job(request: ActedRequest, round: PairRound, job: Job) -> HttpResponse:
    """The page of the job is its starter's; a colleague follows it on the page of the round."""
    if job.created_by_id == request.actor.user_id:
        return redirect(job_url(job))
    messages.info(request, "方案正在计算，由同事发起")
    return redirect("pair_round_detail", round.pk)


# --- units --------------------------------------------------------------------------------------


def _stated_filter() -> Filter:
    return Filter("stated", "填报", STATED, lambda code: Q(stated_at__isnull=code == "no"))


def _town_filter(round: PairRound, prefix: str) -> Filter:
    return Filter(
        "town",
        "乡镇",
        queries.town_choices(round),
        lambda path: Q(**{f"{prefix}path__gte": path, f"{prefix}path__lt": path_end(path)}),
    )


@page(*READERS)
def pair_round_units(request: ActedRequest, pair_round_id: UUID) -> HttpResponse:
    """Whom there is to be paired with: both sides may look; only the county may change."""
    round = queries.get_round(request.actor.scope, pair_round_id)
    listing = Listing(
        request,
        queries.list_round_units(round),
        search=lambda text: search.of_units_q(text, "unit"),
        search_hint="单位名称、拼音或首字母",
        filters=(
            _stated_filter(),
            Filter(
                "category",
                "类别",
                UnitCategory.choices(),
                lambda code: Q(unit__category=code),
            ),
        ),
        sorts={"unit": ("unit__name",), "upper": ("upper", "unit__name")},
        default_sort="unit",
    )
    context = {**frame(round, request.actor, "units"), "listing": listing}
    return render(request, "pairing/round_units.html", context)


@page(*STAFF)
def pair_round_units_add(request: ActedRequest, pair_round_id: UUID) -> HttpResponse:
    """Choose among the county's units: the ticked ones, or all that the filters leave."""
    round = queries.get_round(request.actor.scope, pair_round_id)
    listing = Listing(
        request,
        queries.list_addable_units(round),
        search=search.units_q,
        search_hint="单位名称、行业、拼音或首字母",
        filters=(
            Filter("category", "类别", UnitCategory.choices(), lambda code: Q(category=code)),
            Filter("paired", "现有结对", YES_NO, _paired_unit),
        ),
        sorts={"name": ("name",), "headcount": ("headcount", "name")},
        default_sort="name",
    )
    if request.method == "POST":
        count = rounds.add_units(round, _chosen(request, listing), actor=request.actor)
        messages.success(request, f"{count} 个单位已加入批次")
        return redirect("pair_round_units", round.pk)
    context = {**frame(round, request.actor, "units"), "listing": listing}
    return render(request, "pairing/round_units_add.html", context)


def _paired_unit(code: str) -> Q:
    return Q(pair_count__gt=0) if code == "yes" else Q(pair_count=0)


def _chosen(request: HttpRequest, listing: Listing[Any]) -> list[Any]:
    """The ticked rows, or with 全部加入 every row that the filters leave."""
    if "all" in request.POST:
        return list(listing.rows)
    ticked = queries.uuids(request.POST.getlist("chosen"))
    return list(listing.rows.filter(pk__in=ticked))


@require_POST
@page(*STAFF)
def pair_round_units_remove(request: ActedRequest, pair_round_id: UUID) -> HttpResponse:
    round = queries.get_round(request.actor.scope, pair_round_id)
    ticked = queries.uuids(request.POST.getlist("chosen"))
    chosen = list(queries.list_round_units(round).filter(pk__in=ticked))
    count = rounds.remove_units(round, chosen, actor=request.actor)
    messages.success(request, f"{count} 个单位已移出批次")
    return redirect("pair_round_units", round.pk)


# --- villages -----------------------------------------------------------------------------------


@page(*READERS)
def pair_round_villages(request: ActedRequest, pair_round_id: UUID) -> HttpResponse:
    round = queries.get_round(request.actor.scope, pair_round_id)
    listing = Listing(
        request,
        queries.list_round_villages(round),
        search=lambda text: search.of_villages_q(text, "village"),
        search_hint="村或乡镇",
        filters=(_town_filter(round, "village__"), _stated_filter()),
        sorts={"village": ("village__path",), "upper": ("upper", "village__path")},
        default_sort="village",
    )
    context = {
        **frame(round, request.actor, "villages"),
        "listing": listing,
        "types": dict(VillageType.choices()),
    }
    return render(request, "pairing/round_villages.html", context)


@page(*STAFF)
def pair_round_villages_add(request: ActedRequest, pair_round_id: UUID) -> HttpResponse:
    round = queries.get_round(request.actor.scope, pair_round_id)
    listing = Listing(
        request,
        queries.list_addable_villages(round),
        search=search.villages_q,
        search_hint="村或乡镇",
        filters=(
            _town_filter(round, ""),
            Filter("paired", "现有结对", YES_NO, lambda code: Q(is_paired=code == "yes")),
        ),
        sorts={"village": ("path",)},
        default_sort="village",
    )
    if request.method == "POST":
        count = rounds.add_villages(round, _chosen(request, listing), actor=request.actor)
        messages.success(request, f"{count} 个村已加入批次")
        return redirect("pair_round_villages", round.pk)
    context = {**frame(round, request.actor, "villages"), "listing": listing}
    return render(request, "pairing/round_villages_add.html", context)


@require_POST
@page(*STAFF)
def pair_round_villages_remove(request: ActedRequest, pair_round_id: UUID) -> HttpResponse:
    round = queries.get_round(request.actor.scope, pair_round_id)
    ticked = queries.uuids(request.POST.getlist("chosen"))
    chosen = list(queries.list_round_villages(round).filter(pk__in=ticked))
    count = rounds.remove_villages(round, chosen, actor=request.actor)
    messages.success(request, f"{count} 个村已移出批次")
    return redirect("pair_round_villages", round.pk)


# --- 指定 and 排除, 行业相关 ----------------------------------------------------------------------


@page(*COUNTY)
def pair_round_fixes(request: ActedRequest, pair_round_id: UUID) -> HttpResponse:
    round = queries.get_round(request.actor.scope, pair_round_id)
    listing = Listing(
        request,
        queries.list_fixes(round),
        search=lambda text: search.of_units_q(text, "unit") | search.of_villages_q(text, "village"),
        search_hint="单位、村或乡镇",
        filters=(Filter("kind", "方式", FixKind.choices(), lambda code: Q(kind=code)),),
        sorts={"village": ("village__path", "unit__name")},
        default_sort="village",
    )
    context = {**frame(round, request.actor, "fixes"), "listing": listing}
    return render(request, "pairing/round_fixes.html", context)


@page(*STAFF)
def pair_round_fix(request: ActedRequest, pair_round_id: UUID) -> HttpResponse:
    round = queries.get_round(request.actor.scope, pair_round_id)
    form = FixForm(
        request.POST if request.method == "POST" else None,
        units=gathering.units_of(round),
        villages=gathering.villages_of(round),
    )
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        fix = rounds.fix_pair(
            round,
            kind=cleaned["kind"],
            unit_id=UUID(cleaned["unit"]),
            village_id=UUID(cleaned["village"]),
            reason=cleaned["reason"],
            actor=request.actor,
        )
        messages.success(request, f"已登记：{fix}")
        return redirect("pair_round_fixes", round.pk)
    context = {**frame(round, request.actor, "fixes"), "form": form}
    return render(request, "pairing/round_fix.html", context, status=_status(form))


@page(*STAFF)
def pair_fix_remove(request: ActedRequest, pair_fix_id: UUID) -> HttpResponse:
    fix = queries.get_fix(request.actor.scope, pair_fix_id)
    if request.method == "POST":
        rounds.unfix_pair(fix, actor=request.actor)
        messages.success(request, "已撤销")
        return redirect("pair_round_fixes", fix.round_id)
    context = {
        "question": f"撤销：{fix}？",
        "consequence": f"理由是：{fix.reason}。撤销后这一对由系统按四条原则安排。",
        "yes": "撤销",
        "action": request.path,
        "back": reverse("pair_round_fixes", args=[fix.round_id]),
    }
    return render(request, "ui/confirm.html", context)


@page(*COUNTY)
def pair_round_village_book(request: ActedRequest, pair_round_id: UUID) -> HttpResponse:
    """The villages and all settings, as `lingyan match pairing` reads them."""
    return _book(request, pair_round_id, write_villages, "村")


@page(*COUNTY)
def pair_round_unit_book(request: ActedRequest, pair_round_id: UUID) -> HttpResponse:
    return _book(request, pair_round_id, write_units, "单位")


def _book(
    request: ActedRequest, round_id: UUID, write: Callable[..., int], title: str
) -> HttpResponse:
    round = queries.get_round(request.actor.scope, round_id)
    target = BytesIO()
    write(target, round, actor=request.actor)
    return workbook(target.getvalue(), f"{round.name}-{title}.xlsx")


GRADES = ((0, "不相关"), (300, "有些"), (600, "相关"), (800, "很相关"), (1000, "对口"))


@page(*COUNTY)
def pair_round_matrix(request: ActedRequest, pair_round_id: UUID) -> HttpResponse:
    """行业相关: the sectors and industries that the round speaks of, one choice for each."""
    round = queries.get_round(request.actor.scope, pair_round_id)
    sectors, industries = queries.words_of(round)
    stored = {(sector, industry): points for sector, industry, points in round.settings["matrix"]}
    if request.method == "POST":
        given = dict(stored)
        for at, sector in enumerate(sectors):
            for number, industry in enumerate(industries):
                text = request.POST.get(f"cell-{at}-{number}")
                if text is None:
                    continue
                if text in {str(points) for points, _ in GRADES}:
                    given[sector, industry] = int(text)
                elif not text:
                    given.pop((sector, industry), None)
        rounds.set_matrix(
            round, [(*pair, points) for pair, points in given.items()], actor=request.actor
        )
        messages.success(request, "行业相关已保存")
        return redirect("pair_round_matrix", round.pk)
    lines = [
        (
            sector,
            [
                (f"cell-{at}-{number}", industry, _cell(stored, sector, industry))
                for number, industry in enumerate(industries)
            ],
        )
        for at, sector in enumerate(sectors)
    ]
    context = {
        **frame(round, request.actor, "matrix"),
        "lines": lines,
        "industries": industries,
        "grades": [(str(points), label) for points, label in GRADES],
        "count": len(stored),
    }
    return render(request, "pairing/round_matrix.html", context)


def _cell(stored: dict[tuple[str, str], int], sector: str, industry: str) -> str:
    points = stored.get((sector, industry))
    return "" if points is None else str(points)
