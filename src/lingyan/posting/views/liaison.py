"""The pages of area contact, visits and talks: who is in touch, who came, who owes a visit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from lingyan.common import clock
from lingyan.directory import queries as directory
from lingyan.directory.roles import Role
from lingyan.directory.scoping import path_end
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit.reading import note_reading
from lingyan.platform.audit.timeline import list_timeline
from lingyan.platform.ui.files import workbook
from lingyan.platform.ui.listing import PER_PAGE, Filter, Listing
from lingyan.platform.ui.refusing import carry_out, status_of
from lingyan.posting import rules
from lingyan.posting.actions import liaison as actions
from lingyan.posting.exports.visits import write_visits
from lingyan.posting.forms import liaison as forms
from lingyan.posting.models import Posting, Visit
from lingyan.posting.panels.life import TONE_OF_LEVEL
from lingyan.posting.queries import help_requests as help_queries
from lingyan.posting.queries import liaison as queries
from lingyan.posting.queries import life as life_queries
from lingyan.posting.queries import postings as posting_queries
from lingyan.posting.rules import liaison as liaison_rules
from lingyan.posting.rules.diary_words import ProblemOwner
from lingyan.posting.rules.liaison_words import LiaisonKind, VisitForm, VisitSide

COUNTY = (*rules.STAFF, *rules.LEADER)
LIAISON_READERS = (*liaison_rules.VISITORS, *rules.VILLAGE)
USUAL_DAYS = 30
BESIDE = {
    "posting.day_in_future": "happened_on",
    "posting.visit_before_arrival": "happened_on",
    "posting.visit_after_end": "happened_on",
    "posting.visit_twice": "happened_on",
    "posting.visit_text_missing": "text",
    "posting.problem.text_missing": "raised",
    "posting.help.text_missing": "raised",
    "posting.help.kind_missing": "about",
    "posting.problem.text_long": "raised",
    "posting.problem.owner_missing": "owner",
    "posting.problem.due_on": "due_on",
    "posting.visit_reason_missing": "reason",
    "posting.liaison_holder_ended": "holder",
    "posting.liaison_taken": "target",
}


# --- who keeps in touch -------------------------------------------------------------------------


@page(*LIAISON_READERS)
def liaison_list(request: ActedRequest) -> HttpResponse:
    """Every contact within the scope, the present ones first."""
    listing = Listing(
        request,
        queries.list_liaisons(request.actor.scope),
        search=("holder__user__name", "town__short_name", "posting__person__name",
                "posting__village__short_name"),
        search_hint="联系人、乡镇、姓名或村",
        filters=(
            Filter("kind", "类别", LiaisonKind.choices(), lambda code: Q(kind=code)),
            Filter("ended", "状态", (("no", "在联系"), ("yes", "已终止")),
                   lambda code: Q(until__isnull=code == "no")),
        ),
        sorts={"kind": ("kind", "town__path", "posting__village__path"), "since": ("-since",)},
        default_sort="kind",
    )  # fmt: skip
    context = {"listing": listing, "may_assign": request.actor.role in liaison_rules.ASSIGNERS}
    return render(request, "posting/liaison_list.html", context)


@page(*liaison_rules.ASSIGNERS)
def liaison_add(request: ActedRequest, kind: str) -> HttpResponse:
    if kind not in {one.value for one in LiaisonKind}:
        raise Http404
    scope, which = request.actor.scope, LiaisonKind(kind)
    holders = {str(one.pk): one for one in queries.list_holders(scope, which, clock.today())}
    targets = _targets(request.actor, which)
    form = forms.LiaisonForm(
        request.POST or None,
        holders=[(key, one.user.name) for key, one in holders.items()],
        targets=[(key, _named(one)) for key, one in targets.items()],
        label="乡镇" if which is LiaisonKind.AREA else "派驻人员",
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        target = {"town" if which is LiaisonKind.AREA else "posting": targets[said["target"]]}
        made = carry_out(
            form,
            lambda: actions.assign_liaison(
                holders[said["holder"]], kind=kind, since=said["since"], actor=request.actor,
                **target,
            ),
            beside=BESIDE | {"posting.day_in_future": "since"},
        )  # fmt: skip
        if made is not None:
            messages.success(request, "联系人已明确")
            return redirect("liaison_list")
    context = {"form": form, "kind": which}
    return render(request, "posting/liaison_form.html", context, status=status_of(form))


def _targets(actor: Actor, kind: LiaisonKind) -> dict[str, Any]:
    if kind is LiaisonKind.AREA:
        return {str(one.pk): one for one in directory.list_towns(actor.scope).order_by("path")}
    posted = life_queries.list_in_post(actor.scope).order_by("village__path", "kind", "pk")
    return {str(one.pk): one for one in posted}


def _named(target: Any) -> str:
    if isinstance(target, Posting):
        return f"{target.village.parent or ''}{target.village} {target.person}"
    return str(target)


@require_POST
@page(*liaison_rules.ASSIGNERS)
def liaison_end(request: ActedRequest, liaison_id: UUID) -> HttpResponse:
    liaison = queries.get_liaison(request.actor.scope, liaison_id)
    actions.end_liaison(liaison, actor=request.actor)
    messages.success(request, "联系已终止，请及时明确新的联系人")
    return redirect("liaison_list")


# --- visits and talks ---------------------------------------------------------------------------


def _listing(request: ActedRequest) -> Listing[Visit]:
    visits = queries.list_visits(request.actor)
    for field in ("posting", "liaison"):
        if key := _uuid(request.GET.get(field, "")):
            visits = visits.filter(**{field: key})
    if unit := _uuid(request.GET.get("unit", "")):
        visits = visits.filter(posting__unit=unit)
    if village := _uuid(request.GET.get("village", "")):
        visits = visits.filter(posting__village=village)
    years = [str(clock.today().year - back) for back in range(3)]
    return Listing(
        request,
        visits,
        search=("posting__person__name", "posting__village__short_name", "made_by_name"),
        search_hint="姓名、村或走访人",
        filters=(
            Filter("side", "来自", VisitSide.choices(), lambda code: Q(side=code)),
            Filter("form", "形式", VisitForm.choices(), lambda code: Q(form=code)),
            Filter("year", "年份", [(year, f"{year} 年") for year in years], _in_year),
            Filter(
                "town", "乡镇", posting_queries.town_choices(request.actor.scope),
                lambda path: Q(
                    posting__village__path__gte=path, posting__village__path__lt=path_end(path)
                ),
            ),
        ),
        sorts={
            "on": ("-happened_on",),
            "village": ("posting__village__path", "-happened_on"),
            "who": ("made_by_name", "-happened_on"),
        },
        default_sort="on",
    )  # fmt: skip


def _in_year(year: str) -> Q:
    first = date(int(year), 1, 1)
    return Q(happened_on__gte=first, happened_on__lt=first.replace(year=first.year + 1))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@page(*liaison_rules.VISIT_READERS)
def visit_list(request: ActedRequest) -> HttpResponse:
    context = {
        "listing": _listing(request),
        "reads_talks": reads_talks(request.actor),
        "may_export": request.actor.role in EXPORTERS,
        "may_record": request.actor.role in liaison_rules.VISITORS,
    }
    return render(request, "posting/visit_list.html", context)


def reads_talks(actor: Actor) -> bool:
    """What was said in a talk is for the two sides and the Party offices, not for the village."""
    return actor.role not in rules.VILLAGE


EXPORTERS = (*COUNTY, *rules.TOWN, *rules.UNIT)


@page(*EXPORTERS)
def visit_export(request: ActedRequest) -> HttpResponse:
    """The visits that the list shows with its filters, as a workbook."""
    book = BytesIO()
    write_visits(book, _listing(request).rows, actor=request.actor)
    return workbook(book.getvalue(), f"走访谈心-{clock.today():%Y%m%d}.xlsx")


@page(*liaison_rules.VISITORS)
def visit_add(request: ActedRequest, posting_id: UUID) -> HttpResponse:
    """A visit or talk with this person; who came and for which side is known."""
    posting = posting_queries.get_posting(request.actor.scope, posting_id)
    asks = request.actor.role == Role.UNIT_PARTY_ADMIN
    due_on = clock.today() + timedelta(days=USUAL_DAYS)
    form = forms.VisitRecordForm(
        request.POST or None, asks_for_head=asks, initial={"due_on": due_on}
    )
    if request.method == "POST" and form.is_valid():
        visit = carry_out(form, _record(posting, form, request.actor), beside=BESIDE)
        if visit is not None:
            messages.success(request, "已登记")
            return redirect("visit_detail", visit.pk)
    context = {
        "form": form,
        "posting": posting,
        "side": liaison_rules.side_of(
            request.actor.role, is_contact=queries.find_own(request.actor, posting) is not None
        ),
    }
    return render(request, "posting/visit_form.html", context, status=status_of(form))


def _record(
    posting: Posting, form: forms.VisitRecordForm, actor: Actor
) -> Callable[[], Visit]:  # fmt: skip
    said = form.cleaned_data
    by_head = actor.role == Role.UNIT_LEADER or bool(said.get("by_head"))
    raised = form.said if said["raised"].strip() else None

    def act() -> Visit:
        return actions.record_visit(
            posting, **form.visit, by_head=by_head, raised=raised, actor=actor
        )

    return act


@page(*liaison_rules.VISIT_READERS)
def visit_detail(request: ActedRequest, visit_id: UUID) -> HttpResponse:
    visit = queries.get_visit(request.actor, visit_id)
    note_reading(visit.posting.person)
    actor = request.actor
    may_raise = not liaison_rules.refuse_to_raise(
        withdrawn=visit.withdrawn, side=visit.side, role=actor.role
    )
    context = {
        "visit": visit,
        "shows_text": reads_talks(actor) or visit.form == VisitForm.VISIT,
        "problems": queries.raised_at(visit),
        "difficulties": help_queries.list_requests(actor).filter(visit=visit),
        "may_raise": may_raise,
        "may_withdraw": visit.made_by_id == actor.user_id and not visit.withdrawn,
        "today": clock.today(),
        "entries": list_timeline(visit),
    }
    return render(request, "posting/visit_detail.html", context)


@page(*liaison_rules.VISITORS)
def visit_raise(request: ActedRequest, visit_id: UUID) -> HttpResponse:
    """One more thing that was raised on this day."""
    visit = queries.get_visit(request.actor, visit_id)
    initial = {
        "owner": ProblemOwner.COUNTY,
        "due_on": clock.today() + timedelta(days=USUAL_DAYS),
    }
    form = forms.RaisedForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        taken = carry_out(
            form,
            lambda: actions.take_up(visit, actor=request.actor, **form.said),
            beside=BESIDE,
        )
        if taken is not None:
            messages.success(request, "已登记，由承办方办理")
            return redirect("visit_detail", visit.pk)
    context = {"form": form, "visit": visit}
    return render(request, "posting/visit_raise.html", context, status=status_of(form))


@page(*liaison_rules.VISITORS)
def visit_withdraw(request: ActedRequest, visit_id: UUID) -> HttpResponse:
    visit = queries.get_visit(request.actor, visit_id)
    form = forms.VisitWithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = carry_out(
            form,
            lambda: actions.withdraw_visit(visit, actor=request.actor, **form.cleaned_data),
            beside=BESIDE,
        )
        if done is not None:
            messages.success(request, "已撤回，原来的内容仍可查看")
            return redirect("visit_detail", visit.pk)
    context = {"form": form, "visit": visit}
    return render(request, "posting/visit_withdraw.html", context, status=status_of(form))


# --- what is owed -------------------------------------------------------------------------------


@page(*LIAISON_READERS)
def visit_due(request: ActedRequest) -> HttpResponse:
    """Every village with somebody in post: how many visits are owed, by whom, until when."""
    lines = [
        line for line in queries.owed_lines(request.actor.scope, clock.today()) if line.owed.needed
    ]
    side, state = request.GET.get("side", ""), request.GET.get("state", "")
    whose, q = request.GET.get("whose", ""), request.GET.get("q", "").strip()[:60]
    shown = [
        line
        for line in lines
        if (not side or line.side == side)
        and (state != "open" or line.missing)
        and (whose != "mine" or queries.is_mine(line, request.actor))
        and (not q or q in f"{line.village.parent}{line.village}{line.who}")
    ]
    context = {
        "page": Paginator(shown, PER_PAGE).get_page(request.GET.get("page")),
        "counts": [
            (one, sum(line.side == one and bool(line.missing) for line in lines),
             sum(line.side == one for line in lines))
            for one in (VisitSide.UNIT, VisitSide.AREA)
        ],
        "side": side, "state": state, "whose": whose, "q": q,
        "mine": sum(queries.is_mine(line, request.actor) for line in lines),
        "tones": TONE_OF_LEVEL,
        "may_record": request.actor.role in liaison_rules.VISITORS,
    }  # fmt: skip
    return render(request, "posting/visit_due.html", context)
