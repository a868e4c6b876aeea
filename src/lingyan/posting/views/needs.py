"""Pages of health checks and need lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from lingyan.common import clock
from lingyan.common.flow import open_acts
from lingyan.directory import queries as directory
from lingyan.directory import search
from lingyan.directory.models import Place
from lingyan.directory.roles import Role
from lingyan.directory.scoping import path_end
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit.timeline import list_timeline
from lingyan.platform.ui.listing import Filter, Listing
from lingyan.posting import rules
from lingyan.posting.actions import health_checks as actions
from lingyan.posting.actions import need_lists as list_actions
from lingyan.posting.forms.needs import (
    ConfirmForm,
    HealthCheckForm,
    NeedForm,
    NeedFormSet,
    NeedListForm,
    OpinionForm,
    ReasonForm,
    need_list_row,
    scores_typed,
)
from lingyan.posting.matching.gathering import profile_of
from lingyan.posting.models import HealthCheck, NeedList
from lingyan.posting.panels.needs import evidence_of
from lingyan.posting.queries import needs as queries
from lingyan.posting.queries import standards

STAFF = (Role.COUNTY_ORG_STAFF, Role.COUNTY_ORG_ADMIN)
DRAFTERS = (Role.TOWN_ORG, Role.TOWN_SECRETARY, Role.VILLAGE_SECRETARY)
EXPORTERS = (*STAFF, Role.COUNTY_ORG_LEADER, Role.TOWN_ORG, Role.TOWN_SECRETARY)
READERS = (*STAFF, Role.COUNTY_ORG_LEADER, Role.COUNTY_AGRI, *DRAFTERS)


# --- health checks ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DomainScore:
    """A domain's need from 0 to 100, and the tone that it is shown in."""

    label: str
    need: Decimal | None
    tone: str


def domain_scores(check: HealthCheck, threshold: int) -> list[DomainScore]:
    scores = {row.item: row.score for row in check.items.all()}
    suggested = rules.suggested_types(scores, threshold=threshold)
    found = []
    for domain in rules.NeedDomain:
        need = rules.domain_need(scores, domain)
        tone = "" if rules.TYPE_OF_DOMAIN[domain] in suggested else "b"
        found.append(DomainScore(domain.label, need, tone))
    return found


@dataclass(frozen=True, slots=True)
class CheckedVillage:
    """One line of the list: a village and this year's check, if there is one."""

    village: Place
    check: HealthCheck | None
    scores: list[DomainScore]
    types: list[str]


def _line(village: Any, threshold: int) -> CheckedVillage:
    check = next(iter(village.checks_of_year), None)
    if check is None:
        return CheckedVillage(village, None, [], [])
    scores = domain_scores(check, threshold)
    return CheckedVillage(village, check, scores, type_labels(check.village_types))


def _threshold(actor: Actor) -> int:
    """Of the county in which the reader works; a list above counties shows the usual one."""
    county = directory.find_county(actor.scope)
    return standards.type_threshold(county.path if county else "")


def type_labels(codes: Iterable[str]) -> list[str]:
    return [rules.VillageType(code).label for code in codes]


@page(*READERS)
def health_check_list(request: ActedRequest) -> HttpResponse:
    """Every village in scope with the state of this year's check."""
    actor, year = request.actor, clock.today().year
    threshold = _threshold(actor)
    listing = Listing(
        request,
        queries.list_checked_villages(actor.scope, year),
        search=search.villages_q,
        search_hint="村或乡镇",
        filters=[
            _town_filter(actor, "path"),
            Filter(
                "state",
                "状态",
                queries.CHECK_STATES,
                lambda code: queries.check_state_q(year, code),
            ),
            _type_filter(lambda code: queries.check_type_q(year, code)),
        ],
        sorts={"village": ("path",), "name": ("short_name",)},
        default_sort="village",
    )
    context = {
        "listing": listing,
        "lines": [_line(village, threshold) for village in listing],
        "year": year,
        "counts": _state_counts(actor, year),
        "may_draft": actor.holds(*DRAFTERS),
        "may_review": actor.holds(*STAFF),
        "may_give_opinion": actor.holds(Role.COUNTY_AGRI),
    }
    return render(request, "posting/health_check_list.html", context)


def _state_counts(actor: Actor, year: int) -> list[tuple[str, str, int]]:
    counts = queries.count_checks(actor.scope, year)
    return [(code, label, counts.get(code, 0)) for code, label in rules.HealthCheckState.choices()]


def _town_filter(actor: Actor, field: str) -> Filter:
    def under(path: str) -> Q:
        return Q(**{f"{field}__gte": path, f"{field}__lt": path_end(path)})

    return Filter("town", "乡镇", queries.list_towns(actor.scope), under)


def _type_filter(of_type: Callable[[str], Q]) -> Filter:
    return Filter("type", "村类型", rules.VillageType.choices(), of_type)


@require_POST
@page(*DRAFTERS)
def health_check_start(request: ActedRequest, village_id: UUID) -> HttpResponse:
    village = directory.get_place(request.actor.scope, village_id)
    check = actions.start_health_check(village, actor=request.actor)
    return redirect("health_check_edit", check.pk)


@page(*READERS)
def health_check(request: ActedRequest, check_id: UUID) -> HttpResponse:
    """One check: where it stands, what was found, what may be done now."""
    check = queries.get_check(request.actor.scope, check_id)
    threshold = standards.type_threshold(check.village.path)
    context = {
        "check": check,
        "steps": _steps(check),
        "scores": domain_scores(check, threshold),
        "threshold": threshold,
        "domains": _findings(check),
        "types": type_labels(check.village_types),
        "proposed": type_labels(actions.proposed_types(check)),
        "acts": _open_acts(check, request.actor),
        "may_edit": check.state == "draft" and request.actor.holds(*DRAFTERS),
        "may_give_opinion": check.state == "joint_review" and request.actor.holds(Role.COUNTY_AGRI),
        "need_list": queries.find_need_list_of_check(check),
        "entries": list_timeline(check),
    }
    return render(request, "posting/health_check.html", context)


def _open_acts(check: HealthCheck, actor: Actor) -> set[str]:
    return {
        line.act for line in open_acts(rules.HEALTH_CHECK_FLOW, state=check.state, role=actor.role)
    }


def _findings(check: HealthCheck) -> list[tuple[str, list[dict[str, Any]]]]:
    """Domain by domain the items with score, word and sentence."""
    rows = {row.item: row for row in check.items.all()}
    offered = evidence_of(check)
    return [
        (
            domain.label,
            [
                {
                    "label": item.label,
                    "score": rows[item].score if item in rows else None,
                    "word": queries.SEVERITY_WORDS.get(rows[item].score) if item in rows else "",
                    "text": rows[item].text if item in rows else "",
                    "evidence": offered.get(item.value, ()),
                }
                for item in rules.items_of(domain)
            ],
        )
        for domain in rules.NeedDomain
    ]


FLOW_SHOWN = (
    ("draft", "填写", "乡镇、村"),
    ("submitted", "提交", "乡镇"),
    ("joint_review", "部门会商", "组织部、农业农村局"),
    ("confirmed", "确认村类型", "组织部"),
    ("need_list_issued", "下达需求清单", "组织部"),
)


def _steps(check: HealthCheck) -> list[dict[str, str]]:
    """The stepper; a superseded check has gone all the way."""
    order = [state for state, _, _ in FLOW_SHOWN]
    now = order.index(check.state) if check.state in order else len(order)
    is_last = now >= len(order) - 1
    return [
        {
            "label": label,
            "note": who,
            "state": "done" if place < now or is_last else "now" if place == now else "todo",
        }
        for place, (_, label, who) in enumerate(FLOW_SHOWN)
    ]


@page(*DRAFTERS)
def health_check_edit(request: ActedRequest, check_id: UUID) -> HttpResponse:
    """The 16 items on one page; “保存” keeps the draft, “保存并提交” hands it in."""
    check = queries.get_check(request.actor.scope, check_id)
    form = HealthCheckForm(
        request.POST or None,
        initial=HealthCheckForm.initial_of(check),
        evidence=evidence_of(check),
    )
    if request.method == "POST" and form.is_valid():
        actions.save_health_check(check, actor=request.actor, answers=form.answers())
        if "submit" in request.POST:
            actions.submit_health_check(check, actor=request.actor)
        messages.success(request, "体检已提交" if "submit" in request.POST else "已保存草稿")
        return redirect("health_check", check.pk)
    context = {
        "check": check,
        "form": form,
        "may_submit": request.actor.holds(Role.TOWN_ORG, Role.TOWN_SECRETARY),
        **_live(check, {row.item: row.score for row in check.items.all()}),
    }
    status = 422 if form.errors else 200
    return render(request, "posting/health_check_form.html", context, status=status)


@require_POST
@page(*DRAFTERS)
def health_check_suggest(request: ActedRequest, check_id: UUID) -> HttpResponse:
    """The need per domain and the types that the scores suggest, while they are being typed."""
    check = queries.get_check(request.actor.scope, check_id)
    context = _live(check, scores_typed(request.POST))
    return render(request, "posting/health_check_form.html#live", context)


def _live(check: HealthCheck, scores: dict[str, int]) -> dict[str, Any]:
    threshold = standards.type_threshold(check.village.path)
    suggested = rules.suggested_types(scores, threshold=threshold)
    return {
        "needs": [
            (
                domain.label,
                rules.domain_need(scores, domain),
                rules.TYPE_OF_DOMAIN[domain] in suggested,
            )
            for domain in rules.NeedDomain
        ],
        "suggested": [one.label for one in suggested],
        "scored": len(scores),
        "items": len(rules.CheckItem),
    }


@require_POST
@page(*DRAFTERS)
def health_check_submit(request: ActedRequest, check_id: UUID) -> HttpResponse:
    check = queries.get_check(request.actor.scope, check_id)
    actions.submit_health_check(check, actor=request.actor)
    messages.success(request, "体检已提交，等县委组织部送部门会商")
    return redirect("health_check", check.pk)


@page(*STAFF)
def health_check_return(request: ActedRequest, check_id: UUID) -> HttpResponse:
    check = queries.get_check(request.actor.scope, check_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.return_health_check(check, actor=request.actor, **form.cleaned_data)
        messages.success(request, "已退回修改")
        return redirect("health_check", check.pk)
    return _asked(
        request,
        form,
        question=f"退回 {check} ？",
        consequence="退回后由乡镇、村修改，再次提交。",
        yes="退回修改",
        back=check,
    )


def _asked(
    request: HttpRequest, form: Any, *, question: str, consequence: str, yes: str, back: HealthCheck
) -> HttpResponse:
    """A form on the page that asks before something is done."""
    context = {
        "form": form,
        "question": question,
        "consequence": consequence,
        "yes": yes,
        "action": request.path,
        "back": reverse("health_check", args=[back.pk]),
    }
    return render(request, "ui/confirm.html", context, status=422 if form.errors else 200)


@require_POST
@page(*STAFF)
def health_check_start_review(request: ActedRequest, check_id: UUID) -> HttpResponse:
    check = queries.get_check(request.actor.scope, check_id)
    actions.start_joint_review(check, actor=request.actor)
    messages.success(request, "已送部门会商")
    return redirect("health_check", check.pk)


@page(Role.COUNTY_AGRI)
def health_check_opinion(request: ActedRequest, check_id: UUID) -> HttpResponse:
    check = queries.get_check(request.actor.scope, check_id)
    form = OpinionForm(request.POST or None, initial={"text": check.agriculture_opinion})
    if request.method == "POST" and form.is_valid():
        actions.record_opinion(check, actor=request.actor, **form.cleaned_data)
        messages.success(request, "会商意见已填写")
        return redirect("health_check", check.pk)
    return _asked(
        request,
        form,
        question=f"{check}：农业农村局会商意见",
        consequence="县委组织部确认体检时要看到这条意见。",
        yes="填写意见",
        back=check,
    )


@page(*STAFF)
def health_check_confirm(request: ActedRequest, check_id: UUID) -> HttpResponse:
    """Settle the village's types; the need list follows as a draft."""
    check = queries.get_check(request.actor.scope, check_id)
    proposed = actions.proposed_types(check)
    form = ConfirmForm(
        request.POST or None, initial={"summary": check.summary, "village_types": proposed}
    )
    if request.method == "POST" and form.is_valid():
        actions.confirm_health_check(check, actor=request.actor, **form.cleaned_data)
        messages.success(request, "体检已确认，需求清单已按体检生成，请核对后下达")
        return redirect("health_check", check.pk)
    return _asked(
        request,
        form,
        question=f"确认 {check} ？",
        consequence="确认后生成需求清单（程度 2 以上的项目），下达以前还可以修改。",
        yes="确认",
        back=check,
    )


@require_POST
@page(*STAFF, Role.COUNTY_AGRI)
def health_checks_bulk(request: ActedRequest) -> HttpResponse:
    """One act on all chosen checks, all or nothing."""
    actor, text = request.actor, request.POST.get("text", "")
    checks = queries.find_checks(actor.scope, request.POST.getlist("check"))
    acts: dict[str, tuple[str, Callable[[], int]]] = {
        "start_review": ("送部门会商", lambda: actions.start_joint_reviews(checks, actor=actor)),
        "opinion": (
            "填写会商意见",
            lambda: actions.record_opinions(checks, actor=actor, text=text),
        ),
        "confirm": (
            "确认",
            lambda: actions.confirm_health_checks(checks, actor=actor, summary=text),
        ),
    }
    label, act = acts.get(request.POST.get("act", ""), acts["start_review"])
    count = act()
    messages.success(request, f"已{label} {count} 个村")
    return redirect("health_check_list")


# --- need lists ---------------------------------------------------------------------------------


@page(*READERS)
def need_list_list(request: ActedRequest) -> HttpResponse:
    actor = request.actor
    listing = Listing(
        request,
        queries.list_need_lists(actor.scope),
        search=lambda text: search.of_villages_q(text, "village"),
        search_hint="村或乡镇",
        filters=[
            _town_filter(actor, "village__path"),
            Filter("state", "状态", NeedList.State.choices, lambda code: Q(state=code)),
            _type_filter(queries.type_q),
            Filter(
                "class",
                "优先级",
                [("1", "1 最先"), ("2", "2 其次"), ("3", "3 一般")],
                lambda code: Q(priority_class=int(code)),
            ),
        ],
        sorts={
            "village": ("village__path", "-created_at"),
            "class": ("priority_class", "village__path"),
            "gravest": ("gravest", "village__path"),
            "issued": ("issued_on",),
        },
        default_sort="village",
        sorts_of_few=("class", "gravest"),
    )
    lines = [(one, type_labels(one.village_types)) for one in listing]
    context = {
        "listing": listing,
        "lines": lines,
        "may_issue": actor.holds(*STAFF),
        "may_export": actor.holds(*EXPORTERS),
    }
    return render(request, "posting/need_list_list.html", context)


@page(*READERS)
def need_list(request: ActedRequest, need_list_id: UUID) -> HttpResponse:
    one = queries.get_need_list(request.actor.scope, need_list_id)
    profile = profile_of(one)
    total = sum(need.weight for need in profile)
    context = {
        "need_list": one,
        "types": type_labels(one.village_types),
        "needs": [(need, _capability_labels(need.capabilities)) for need in one.items.all()],
        "profile": [(rules.Capability(need.capability).label, need) for need in profile],
        "total_weight": total,
        "may_change": one.state == NeedList.State.CONFIRMED and request.actor.holds(*STAFF),
        "severity_words": queries.SEVERITY_WORDS,
        "entries": list_timeline(one),
    }
    return render(request, "posting/need_list.html", context)


def _capability_labels(codes: list[str]) -> str:
    return "、".join(rules.Capability(code).label for code in codes)


@page(*STAFF)
def need_list_edit(request: ActedRequest, need_list_id: UUID) -> HttpResponse:
    """Head and needs on one page; a line is taken out by its tick, an empty one is left out."""
    one = queries.get_need_list(request.actor.scope, need_list_id)
    form = NeedListForm(request.POST or None, initial=NeedListForm.initial_of(one))
    initial = [NeedForm.initial_of(need) for need in one.items.all()]
    needs = NeedFormSet(request.POST or None, initial=initial, prefix="need")
    if request.method == "POST" and form.is_valid() and needs.is_valid():
        row = need_list_row(one, form.cleaned_data, needs.forms)
        list_actions.change_need_list(one, actor=request.actor, row=row)
        messages.success(request, "需求清单已修改")
        return redirect("need_list", one.pk)
    status = 422 if request.method == "POST" else 200
    context = {"need_list": one, "form": form, "needs": needs}
    return render(request, "posting/need_list_form.html", context, status=status)


@require_POST
@page(*STAFF)
def need_list_issue(request: ActedRequest, need_list_id: UUID) -> HttpResponse:
    one = queries.get_need_list(request.actor.scope, need_list_id)
    list_actions.issue_need_list(one, actor=request.actor)
    messages.success(request, "需求清单已下达")
    return redirect("need_list", one.pk)


@require_POST
@page(*STAFF)
def need_lists_issue(request: ActedRequest) -> HttpResponse:
    """Issue the chosen lists, or all that wait; every refusal is shown at once."""
    scope = request.actor.scope
    if "all" in request.POST:
        chosen = queries.list_need_lists_to_issue(scope)
    else:
        chosen = queries.find_need_lists(scope, request.POST.getlist("need_list"))
    count = list_actions.issue_need_lists(chosen, actor=request.actor)
    messages.success(request, f"已下达 {count} 个村的需求清单")
    return redirect("need_list_list")
