"""The pages of rounds: list, one round with its next step, who takes part, plans, the notice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from lingyan.directory import search
from lingyan.directory.queries import get_county
from lingyan.directory.roles import Role
from lingyan.directory.scoping import path_end
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit import reading
from lingyan.platform.audit.timeline import list_timeline
from lingyan.platform.jobs.actions import job_url
from lingyan.platform.jobs.models import Job
from lingyan.platform.ui.files import workbook
from lingyan.platform.ui.listing import Filter, Listing, filter_of_records
from lingyan.posting import matching, rules
from lingyan.posting.actions import plans, postings, rounds
from lingyan.posting.exports import rounds as exports
from lingyan.posting.forms.rounds import (
    DecisionForm,
    IssueForm,
    NothingForm,
    ReasonForm,
    RoundForm,
    WaiveForm,
)
from lingyan.posting.models import Round
from lingyan.posting.panels import rounds as panels
from lingyan.posting.queries import notices, standards
from lingyan.posting.queries import rounds as queries
from lingyan.posting.queries.needs import uuids
from lingyan.posting.queries.people import has_capability
from lingyan.posting.queries.workbench import list_adjustments
from lingyan.posting.rules import rounds as round_rules

COUNTY = (Role.COUNTY_ORG_STAFF, Role.COUNTY_ORG_ADMIN, Role.COUNTY_ORG_LEADER)
READERS = (
    *COUNTY,
    Role.COUNTY_AGRI,
    Role.COUNTY_DISCIPLINE,
    Role.TOWN_SECRETARY,
    Role.TOWN_ORG,
    Role.UNIT_PARTY_ADMIN,
    Role.UNIT_LEADER,
    Role.UPPER_VIEWER,
)
KLASSES = (("1", "第一优先"), ("2", "第二优先"), ("3", "其他"))


# --- the list -----------------------------------------------------------------------------------


@page(*READERS)
def round_list(request: ActedRequest) -> HttpResponse:
    listing = Listing(
        request,
        queries.list_rounds(request.actor.scope),
        search=("name", "document_number"),
        search_hint="批次名称或发文字号",
        filters=(Filter("state", "状态", rules.RoundState.choices(), lambda code: Q(state=code)),),
        sorts={
            "created": ("created_at",),
            "name": ("name",),
            "state": ("state",),
            "starts": ("term_starts_on",),
        },
        default_sort="-created",
    )
    can_open = request.actor.role in rules.STAFF
    return render(request, "posting/round_list.html", {"listing": listing, "can_open": can_open})


@page(*rules.STAFF)
def round_open(request: ActedRequest) -> HttpResponse:
    """Open a round for the county in scope."""
    county = get_county(request.actor.scope)
    form = RoundForm(request.POST or None, usual=standards.usual_of(county.path))
    if request.method == "POST" and form.is_valid():
        round = rounds.open_round(
            county=county,
            name=form.cleaned_data["name"],
            term_starts_on=form.cleaned_data["term_starts_on"],
            term_months=form.cleaned_data["term_months"],
            settings=form.settings(),
            seed=form.cleaned_data["seed"],
            actor=request.actor,
        )
        messages.success(request, "批次已启动，下一步：选择村和人选")
        return redirect("round_detail", round.pk)
    return render(
        request,
        "posting/round_open.html",
        {"form": form},
        status=422 if form.errors else 200,
    )


# --- one round ----------------------------------------------------------------------------------


@page(*READERS)
def round_detail(request: ActedRequest, round_id: UUID) -> HttpResponse:
    actor = request.actor
    round = queries.get_round(actor.scope, round_id, progress=True)
    history = list(queries.list_history(round))
    in_county = actor.role in COUNTY
    return render(
        request,
        "posting/round_detail.html",
        {
            **frame(round, actor),
            "computation": panels.computation(round, actor) if in_county else None,
            "failed": queries.find_failed_computation(round) if in_county else None,
            "lacking": panels.lacking(round) if in_county else None,
            "successions": panels.successions(round) if in_county else [],
            "steps": panels.steps_of(round, history),
            "next": panels.next_step(round, actor) if in_county else None,
            "side_steps": panels.side_steps(round, actor) if in_county else [],
            "seats": queries.count_seats(round),
            "plans": queries.list_plans(round) if in_county else [],
            "chosen": queries.find_chosen_plan(round) if in_county else None,
            "stable_best_open": actor.role in rules.STAFF
            and not plans.reasons_against_stable_best(round, actor=actor),
            "settings": round.settings,
            "overlap_days": postings.overlap_days(round),
            "order": panels.order_of(round),
            "numbers": panels.numbers_of(round),
            "weights": panels.weights_of(round),
            "entries": list_timeline(round) if in_county else [],
        },
    )


def frame(round: Round, actor: Actor, tab: str = "") -> dict[str, Any]:
    """What every page of a round shows round its content."""
    in_county = actor.role in COUNTY
    notice_shown = round.state in round_rules.NOTICE_SHOWN_IN
    return {
        "round": round,
        "tab": tab,
        "in_county": in_county,
        "is_staff": actor.role in rules.STAFF,
        "villages_open": round.state in round_rules.VILLAGES_JOIN_IN,
        "people_open": round.state in round_rules.PEOPLE_JOIN_IN,
        "wishes_open": round.state in round_rules.WISHES_WRITTEN_IN,
        "notice_shown": notice_shown,
        "register_shown": in_county and (notice_shown or notices.count_taken_down(round) > 0),
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
    with_plan: str = ""  # what follows besides where a plan has been chosen


STEPS: dict[str, StepPage] = {
    "lock_needs": StepPage(
        "锁定需求？",
        "各村按此刻有效的需求清单进入本批次，之后不能再增减村。",
        "锁定需求",
        NothingForm,
        rounds.close_demand,
        "需求已锁定",
    ),
    "open_wishes": StepPage(
        "开始填报志愿？",
        "人选可以开始填报志愿，之后不能再增减人选。",
        "开始填报志愿",
        NothingForm,
        rounds.open_wishes,
        "人选可以填报志愿了",
    ),
    "open_intentions": StepPage(
        "结束填报志愿，开始乡镇提意向？",
        "人选的志愿不能再改；乡镇开始为各村的岗位提出意向。",
        "开始乡镇提意向",
        WaiveForm,
        rounds.open_intentions,
        "乡镇可以提出意向了",
    ),
    "compute": StepPage(
        "计算方案？",
        "系统按已收到的需求、画像、志愿和意向算出统筹最优方案，并在旁边给出两个双向稳定方案。"
        "数据没有变化时，得到的方案完全相同。",
        "计算方案",
        NothingForm,
        plans.request_plans,
        "",
        "现在采用的方案会换成新算出的统筹最优方案；人工调整不带过去，原来的方案保留。",
    ),
    "deliberate": StepPage(
        "登记部务会的决定",
        "会议研究的是当前采用的方案。系统方案只是建议，由会议作出决定。",
        "登记决定",
        DecisionForm,
        plans.deliberate_round,
        "决定已登记",
    ),
    "send_back": StepPage(
        "退回调整？",
        "批次退回组织部调整，原来的决定和公示作废，重新研究后再公示。",
        "退回调整",
        ReasonForm,
        plans.send_back_round,
        "已退回调整",
    ),
    "announce": StepPage(
        "今天开始公示？",
        "公示名单从今天起张贴，当日不计，按县工作日历算满规定的工作日。",
        "开始公示",
        NothingForm,
        plans.announce_round,
        "公示已开始",
    ),
    "issue": StepPage(
        "发文派驻？",
        "再次核对每一个人的硬性条件，全部成立才会生成派驻；任何一项不成立都不会改动数据。",
        "发文派驻",
        IssueForm,
        postings.issue_round,
        "已发文，派驻已生成",
    ),
    "cancel": StepPage(
        "取消批次？",
        "批次取消后不能恢复，村和人选可以加入其他批次。",
        "取消批次",
        ReasonForm,
        rounds.cancel_round,
        "批次已取消",
    ),
}


FIELDS_TOLD_AT = ("lock_needs", "open_wishes", "compute")


@page(*COUNTY)
def round_step(request: ActedRequest, round_id: UUID, act: str) -> HttpResponse:
    """Ask, with the reasons against it if there are any; on POST do it."""
    round = queries.get_round(request.actor.scope, round_id)
    step = STEPS[act]
    form = step.form(request.POST if request.method == "POST" else None, initial=_initial(round))
    if request.method == "POST" and form.is_valid():
        made = step.act(round, actor=request.actor, **form.cleaned_data)
        if act == "compute":
            return _to_job(request, round, made)
        messages.success(request, step.done)
        return redirect("round_detail", round.pk)
    context = {
        **frame(round, request.actor),
        "step": step,
        "act": act,
        "form": form,
        "closed": rounds.refuse_step(round, act, actor=request.actor),
        "next": panels.next_step(round, request.actor),
        "computation": panels.computation(round, request.actor) if act == "compute" else None,
        "lacking": panels.lacking(round) if act in FIELDS_TOLD_AT else None,
        "successions": panels.successions(round) if act == "issue" else [],
        "notice_end": _notice_end(round, act),
    }
    return render(request, "posting/round_step.html", context, status=422 if form.errors else 200)


STABLE_BEST_TEXT = (
    "在所有稳定的方案里，这一种配得最多，其次匹配度合计最高；志愿、意向里有并列时，"
    "才会比双向稳定方案配得更多，没有更好的就和它相同，算完会写明。"
    "要用求解器：小批次几秒，全县一两分钟；"
    f"求解最多 {matching.SECONDS_FOR_BEST:.0f} 秒，写复核凭证最多也是这么久。"
    "到时限没有证完的，取已找到的最好的，并在方案上写明。"
    "开始后不能取消，可以先做别的。算出的方案放在其他方案旁边，现在采用的方案不变。"
)


@page(*rules.STAFF)
def round_stable_best(request: ActedRequest, round_id: UUID) -> HttpResponse:
    """One more plan beside the others: it takes a solver, so it is asked for by itself."""
    round = queries.get_round(request.actor.scope, round_id)
    if request.method == "POST":
        return _to_job(request, round, plans.request_stable_best(round, actor=request.actor))
    context = {
        "question": "再算一种：稳定且配得最多？",
        "consequence": STABLE_BEST_TEXT,
        "yes": "开始计算",
        "form": NothingForm(),
        "action": request.path,
        "back": reverse("round_detail", args=[round.pk]),
    }
    return render(request, "ui/confirm.html", context)


def _to_job(request: ActedRequest, round: Round, job: Job) -> HttpResponse:
    """The page of the job is its starter's; a colleague follows it on the page of the round."""
    if job.created_by_id == request.actor.user_id:
        return redirect(job_url(job))
    messages.info(request, "方案正在计算，由同事发起")
    return redirect("round_detail", round.pk)


def _initial(round: Round) -> dict[str, Any]:
    return {"starts_on": round.term_starts_on}


def _notice_end(round: Round, act: str) -> Any:
    return plans.notice_end_from_today(round) if act == "announce" else None


# --- villages -----------------------------------------------------------------------------------


def _town_filter(round: Round, prefix: str) -> Filter:
    return Filter(
        "town",
        "乡镇",
        queries.town_choices(round),
        lambda path: Q(**{f"{prefix}path__gte": path, f"{prefix}path__lt": path_end(path)}),
    )


@page(*READERS)
def round_villages(request: ActedRequest, round_id: UUID) -> HttpResponse:
    round = queries.get_round(request.actor.scope, round_id)
    listing = Listing(
        request,
        queries.list_round_villages(request.actor.scope, round),
        search=lambda text: search.of_villages_q(text, "village"),
        search_hint="村或乡镇",
        filters=(
            _town_filter(round, "village__"),
            Filter("klass", "优先级", KLASSES, lambda code: Q(need_list__priority_class=int(code))),
            Filter(
                "intentions",
                "意向",
                (("yes", "已提交"), ("no", "未提交")),
                lambda code: Q(intentions_done=code == "yes"),
            ),
        ),
        sorts={
            "village": ("village__path",),
            "klass": ("need_list__priority_class", "village__path"),
            "wishes": ("wish_count", "village__path"),
        },
        default_sort="village",
    )
    context = {**frame(round, request.actor, "villages"), "listing": listing}
    return render(request, "posting/round_villages.html", context)


@page(*rules.STAFF)
def round_villages_add(request: ActedRequest, round_id: UUID) -> HttpResponse:
    """Choose among the issued need lists: the ticked ones, or all that the filters leave."""
    round = queries.get_round(request.actor.scope, round_id)
    listing = Listing(
        request,
        queries.list_addable_needs(round),
        search=lambda text: search.of_villages_q(text, "village"),
        search_hint="村或乡镇",
        filters=(
            _town_filter(round, "village__"),
            Filter("klass", "优先级", KLASSES, lambda code: Q(priority_class=int(code))),
            Filter(
                "sitting",
                "现任第一书记",
                (("no", "没有"), ("yes", "有")),
                lambda code: Q(has_first_secretary=code == "yes"),
            ),
        ),
        sorts={
            "village": ("village__path",),
            "klass": ("priority_class", "village__path"),
        },
        default_sort="village",
        sorts_of_few=("klass",),
    )
    if request.method == "POST":
        count = rounds.add_villages(round, _chosen(request, listing), actor=request.actor)
        messages.success(request, f"{count} 个村已加入批次")
        return redirect("round_villages", round.pk)
    context = {
        **frame(round, request.actor, "villages"),
        "listing": listing,
        "sitting": queries.count_sitting(listing.rows),
    }
    return render(request, "posting/round_villages_add.html", context)


def _chosen(request: HttpRequest, listing: Listing[Any]) -> list[Any]:
    """The ticked rows, or with 全部加入 every row that the filters leave."""
    if "all" in request.POST:
        return list(listing.rows)
    ticked = uuids(request.POST.getlist("chosen"))
    return list(listing.rows.filter(pk__in=ticked))


@require_POST
@page(*rules.STAFF)
def round_villages_remove(request: ActedRequest, round_id: UUID) -> HttpResponse:
    round = queries.get_round(request.actor.scope, round_id)
    ticked = uuids(request.POST.getlist("chosen"))
    chosen = queries.list_round_villages(request.actor.scope, round).filter(pk__in=ticked)
    count = rounds.remove_villages(round, list(chosen), actor=request.actor)
    messages.success(request, f"{count} 个村已移出批次")
    return redirect("round_villages", round.pk)


# --- people -------------------------------------------------------------------------------------


def _unit_filter(request: HttpRequest, round: Round) -> Filter:
    units = queries.list_units_of_county(round)
    return filter_of_records(request, "unit", "单位", units, "person__unit_id")


@page(*READERS)
def round_people(request: ActedRequest, round_id: UUID) -> HttpResponse:
    round = queries.get_round(request.actor.scope, round_id)
    asked = panels.fields_asked(round)
    empty = queries.empty_fields(asked)
    listing = Listing(
        request,
        queries.list_round_people(request.actor.scope, round, empty),
        search=lambda text: search.of_staff_q(text, "person"),
        search_hint="姓名、拼音、首字母、编号或单位",
        filters=(
            _unit_filter(request, round),
            Filter(
                "wishes",
                "志愿",
                rules.WishListState.choices(),
                lambda code: Q(wish_state=code),
            ),
            Filter(
                "withdrawn",
                "参加",
                (("no", "参加"), ("yes", "已退出")),
                lambda code: Q(withdrawn_on__isnull=code == "no"),
            ),
            Filter(
                "lacks",
                "必填项",
                (("any", "有缺"), *((one.key, f"缺{one.label}") for one in asked)),
                lambda code: empty.get(code) or queries.any_of(empty.values()),
            ),
        ),
        sorts={
            "number": ("person__number",),
            "name": ("person__name",),
            "unit": ("person__unit__name", "person__number"),
        },
        default_sort="number",
    )
    context = {
        **frame(round, request.actor, "people"),
        "listing": listing,
        "withdraw_open": round.state in round_rules.WITHDRAW_IN,
        "lacking": panels.lacking_of(listing, asked),
    }
    return render(request, "posting/round_people.html", context)


@page(*rules.STAFF)
def round_people_add(request: ActedRequest, round_id: UUID) -> HttpResponse:
    round = queries.get_round(request.actor.scope, round_id)
    listing = Listing(
        request,
        queries.list_addable_people(round),
        search=lambda text: search.of_staff_q(text, "person"),
        search_hint="姓名、拼音、首字母、编号或单位",
        filters=(
            _unit_filter(request, round),
            Filter("category", "类别", rules.PoolCategory.choices(), lambda code: Q(category=code)),
            Filter("capability", "能力", rules.Capability.choices(), has_capability),
        ),
        sorts={
            "number": ("person__number",),
            "name": ("person__name",),
            "unit": ("person__unit__name", "person__number"),
        },
        default_sort="number",
        sorts_of_few=("unit",),
    )
    if request.method == "POST":
        count = rounds.add_people(round, _chosen(request, listing), actor=request.actor)
        messages.success(request, f"{count} 名人选已加入批次")
        return redirect("round_people", round.pk)
    context = {**frame(round, request.actor, "people"), "listing": listing}
    return render(request, "posting/round_people_add.html", context)


@require_POST
@page(*rules.STAFF)
def round_people_remove(request: ActedRequest, round_id: UUID) -> HttpResponse:
    round = queries.get_round(request.actor.scope, round_id)
    ticked = uuids(request.POST.getlist("chosen"))
    chosen = queries.list_round_people(request.actor.scope, round).filter(pk__in=ticked)
    count = rounds.remove_people(round, list(chosen), actor=request.actor)
    messages.success(request, f"{count} 名人选已移出批次")
    return redirect("round_people", round.pk)


@page(*rules.STAFF)
def round_person_withdraw(request: ActedRequest, round_person_id: UUID) -> HttpResponse:
    """A person leaves the round, with a reason."""
    leaving = queries.get_round_person(request.actor.scope, round_person_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        rounds.withdraw_person(leaving, actor=request.actor, **form.cleaned_data)
        messages.success(request, f"{leaving.person} 已退出批次")
        return redirect("round_people", leaving.round_id)
    context = {
        "question": f"{leaving.person} 退出批次？",
        "consequence": "退出后不再参加本批次的匹配；方案已算出的，须重新计算。",
        "yes": "退出批次",
        "form": form,
        "action": request.path,
        "back": reverse("round_people", args=[leaving.round_id]),
    }
    return render(request, "ui/confirm.html", context, status=422 if form.errors else 200)


# --- plans --------------------------------------------------------------------------------------


@page(*COUNTY)
def plan_detail(request: ActedRequest, plan_id: UUID) -> HttpResponse:
    """One plan: its figures, what proves it, and every line."""
    plan = queries.get_plan(request.actor.scope, plan_id)
    listing = Listing(
        request,
        queries.list_drafts(plan),
        search=lambda text: (
            search.of_staff_q(text, "person") | search.of_villages_q(text, "village")
        ),
        search_hint="姓名、单位、村或乡镇",
        filters=(
            _town_filter(plan.round, "village__"),
            Filter("role", "岗位", rules.Role.choices(), lambda code: Q(role=code)),
        ),
        sorts={
            "village": ("village__path", "role"),
            "person": ("person__number",),
            "fit": ("fit", "village__path"),
        },
        default_sort="village",
    )
    made = list_adjustments(plan)
    context = {
        **frame(plan.round, request.actor, "plans"),
        "plan": plan,
        "listing": listing,
        "adjustments": made,
        "bounds": panels.bounds_of(plan),
        "bounds_together": panels.bounds_together(plan),
        "order": "" if plan.origin.startswith("stable") else panels.order_of(plan.round),
        "swaps": sum(one.kind == one.Kind.SWAP for one in made),
        "is_chosen": plan.pk == plan.round.chosen_plan_id,
        "can_choose": request.actor.role in rules.STAFF
        and plan.round.state in ("computed", "adjusted"),
    }
    return render(request, "posting/plan_detail.html", context)


@page(*rules.STAFF)
def plan_choose(request: ActedRequest, plan_id: UUID) -> HttpResponse:
    plan = queries.get_plan(request.actor.scope, plan_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        plans.choose_plan(plan.round, plan, actor=request.actor, **form.cleaned_data)
        messages.success(request, f"已改用{plan}")
        return redirect("round_detail", plan.round_id)
    context = {
        "question": f"改用{plan}？",
        "consequence": "部务会研究的将是这个方案。",
        "yes": "改用这个方案",
        "form": form,
        "action": request.path,
        "back": reverse("plan_detail", args=[plan.pk]),
    }
    return render(request, "ui/confirm.html", context, status=422 if form.errors else 200)


# --- taking the data along -----------------------------------------------------------------------

BOOKS = {"needs": ("需求清单", exports.write_needs), "people": ("人选", exports.write_people)}


@page(*COUNTY)
def round_workbook(request: ActedRequest, round_id: UUID, book: str) -> HttpResponse:
    """One of the two workbooks that `lingyan match posting` reads."""
    round = queries.get_round(request.actor.scope, round_id)
    label, write = BOOKS[book]
    target = BytesIO()
    with reading.listing() as listed:
        rows = write(target, round, actor=request.actor)
    rounds.note_round_export(
        round, form=f"{label}工作簿", rows=rows, listed=listed, actor=request.actor
    )
    return workbook(target.getvalue(), f"{round.name}-{label}.xlsx")


# --- the notice ---------------------------------------------------------------------------------


@page(*READERS)
def round_notice(request: ActedRequest, round_id: UUID) -> HttpResponse:
    """公示: the printable list of who is to be posted where; open to all who see the round."""
    round = queries.get_announced_round(request.actor.scope, round_id)
    plan = queries.find_chosen_plan(round)
    assert plan is not None
    context = {
        **frame(round, request.actor, "notice"),
        "drafts": queries.list_drafts(plan).order_by("village__path", "role", "person__number"),
        "notice_days": round.settings.get("notice_days", rules.NOTICE_DAYS),
    }
    return render(request, "posting/round_notice.html", context)
