"""The pages of a pair's year: the five, deeds, youth, the path, meetings, visits, projects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from io import BytesIO
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Model, Q, QuerySet
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.periods import year_of
from lingyan.directory.rules.hands import VILLAGE
from lingyan.directory.scoping import path_end
from lingyan.pairing.actions import corrections
from lingyan.pairing.actions import year as actions
from lingyan.pairing.exports import year as exports
from lingyan.pairing.forms import year as forms
from lingyan.pairing.models import PairDeed, Pairing, PairMeeting, PairProject
from lingyan.pairing.panels import year as panels
from lingyan.pairing.queries import activities as activity_queries
from lingyan.pairing.queries import year as facts
from lingyan.pairing.queries import year_records as queries
from lingyan.pairing.queries.pairings import get_pairing, town_choices
from lingyan.pairing.queries.pairings import search_q as pair_search_q
from lingyan.pairing.rules import year as rules
from lingyan.pairing.rules.activities import READERS
from lingyan.pairing.rules.activity_words import DeedState, MeetingKind, ProjectState
from lingyan.pairing.views.of_pair import pair_filter
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit.timeline import list_timeline
from lingyan.platform.ui.files import workbook
from lingyan.platform.ui.listing import Filter, Listing
from lingyan.platform.ui.refusing import carry_out, status_of

BESIDE = {
    "pairing.year.no_pair": "pairings",
    "pairing.year.other_pair": "pairings",
    "pairing.year.reason_missing": "reason",
    "pairing.deed.nobody": "names",
    "pairing.deed.name_twice": "names",
    "pairing.deed.confirmed_before": "confirmed_on",
    "pairing.youth.nobody": "youth",
    "pairing.youth.too_old": "youth",
    "pairing.youth.too_young": "youth",
    "pairing.youth.named_already": "youth",
    "pairing.path.meeting_missing": "meeting",
    "pairing.path.approved_before": "approved_on",
    "pairing.project.due_before": "due_on",
    "pairing.project.milestone_before": "milestones",
    "pairing.project.reached_before": "reached_on",
    "pairing.project.close_text": "text",
    "pairing.project.open_milestones": "state",
    "pairing.meeting.visit_online": "mode",
}
LATE = "late"
WHICH = (("missing", "还没有做完"), ("complete", "五项都做了"))


@dataclass(frozen=True, slots=True)
class Asked:
    """A page that asks for a few words: its title, what it means, its button, the way back."""

    title: str
    text: str
    button: str
    back: str
    beside: str = ""  # the field beside which a wrong day is told
    crumb: str = ""


def _ask(
    request: ActedRequest, form: Form, act: Callable[[], Any], asked: Asked
) -> HttpResponse | None:  # fmt: skip
    """The page as long as something is missing; nothing once it was done."""
    if request.method == "POST" and form.is_valid():
        days = ("day_to_come", "before_pair", "after_pair")
        beside = {**BESIDE, **{f"pairing.year.{code}": asked.beside for code in days}}
        if carry_out(form, act, beside=beside) is not None:
            return None
    context = {"form": form, "asked": asked}
    return render(request, "pairing/year_form.html", context, status=status_of(form))


def _pairs(actor: Actor) -> list[Pairing]:
    return list(activity_queries.list_own_pairs(actor.scope, clock.today()))


def _posted(request: ActedRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _is_own(actor: Actor, pairs: list[Pairing]) -> bool:
    return actor.role in rules.WRITERS and bool(activity_queries.own_pairs(actor.scope, pairs))


# --- the five of every pair ---------------------------------------------------------------------


def _five_ones(request: ActedRequest) -> tuple[Listing[Pairing], int]:
    scope, year = request.actor.scope, panels.year_asked(request.GET.get("year", ""))

    def which_q(code: str) -> Q:
        behind = panels.pairs_behind(request.actor, year)
        return Q(pk__in=behind) if code == "missing" else ~Q(pk__in=behind)

    listing = Listing(
        request,
        queries.list_pairs_of_year(scope, year),
        search=pair_search_q,
        search_hint="单位或村",
        filters=(
            Filter("year", "年份", panels.year_choices(), lambda _: Q()),
            Filter("town", "乡镇", town_choices(scope), _in_town),
            Filter("which", "进度", WHICH, which_q),
        ),
        sorts={"village": ("village__path", "-is_lead"), "unit": ("unit__name", "village__path")},
        default_sort="village",
        sorts_of_few=("unit",),
    )  # fmt: skip
    return listing, year


def _in_town(path: str) -> Q:
    return Q(village__path__gte=path, village__path__lt=path_end(path))


@page(*READERS)
def five_one_list(request: ActedRequest) -> HttpResponse:
    """Every pair and its five of the year, what presses first in colour."""
    listing, year = _five_ones(request)
    shown = list(listing.page)
    states = facts.five_one_states([one.pk for one in shown], year, clock.today())
    context = {
        "listing": listing,
        "year": year,
        "states": states,
        "tones": panels.TONES,
        "heads": panels.SHORT,
        "may_write": request.actor.role in rules.WRITERS,
    }
    return render(request, "pairing/five_one_list.html", context)


@page(*READERS)
def five_one_export(request: ActedRequest) -> HttpResponse:
    listing, year = _five_ones(request)
    book = BytesIO()
    exports.write_five_ones(book, listing.rows, year=year, actor=request.actor)
    return workbook(book.getvalue(), f"五个一-{year}.xlsx")


@page(*READERS)
def pair_year(request: ActedRequest, pairing_id: UUID, year: int) -> HttpResponse:
    """One pair's year: the five with their evidence, the months, what is due, the projects."""
    pairing = get_pairing(request.actor.scope, pairing_id)
    if not panels.FIRST_YEAR <= year <= clock.today().year + 1:
        raise Http404
    own = _is_own(request.actor, [pairing])
    context = panels.year_page(pairing, year, request.actor, is_own=own)
    return render(request, "pairing/pair_year.html", context)


@page(*rules.WRITERS)
def year_plan_write(request: ActedRequest, pairing_id: UUID, year: int) -> HttpResponse:
    pairing = get_pairing(request.actor.scope, pairing_id)
    if not panels.FIRST_YEAR <= year <= clock.today().year + 1:
        raise Http404
    plan = queries.find_year_plan(pairing, year)
    form = forms.YearPlanForm(_posted(request), initial={"text": plan.text if plan else ""})
    back = reverse("pair_year", args=[pairing.pk, year])
    asked = Asked(f"{year} 年计划", str(pairing), "写好了", back)

    def act() -> object:
        return actions.write_year_plan(
            pairing, year=year, text=form.cleaned_data["text"], actor=request.actor
        )

    return _ask(request, form, act, asked) or _back(request, "计划已写下", back)


def _back(request: ActedRequest, told: str, url: str) -> HttpResponse:
    messages.success(request, told)
    return redirect(url)


# --- lists of what several pairs may share --------------------------------------------------------


def _listing(
    request: ActedRequest, rows: QuerySet[Any], day: str, filters: tuple[Filter, ...]
) -> Listing[Any]:
    kind: type[Model] = rows.model
    of_pair = pair_filter(request, partial(queries.of_pairing_q, kind))

    def year_q(code: str) -> Q:
        period = year_of(date(int(code), 1, 1))
        return Q(**{f"{day}__gte": period.since, f"{day}__lt": period.until})

    return Listing(
        request,
        rows,
        search=lambda text: queries.search_q(kind, text),
        search_hint="单位或村",
        filters=(*filters, Filter("year", "年份", panels.year_choices(), year_q), *of_pair),
        sorts={"day": (f"-{day}",)},
        default_sort="day",
    )


def _list_page(request: ActedRequest, listing: Listing[Any], template: str) -> HttpResponse:
    context = {
        "listing": listing,
        "may_write": request.actor.role in rules.WRITERS,
        "pair": request.GET.get("pair", ""),
        "today": clock.today(),
    }
    return render(request, template, context)


def _file(
    write: Callable[..., None], listing: Listing[Any], title: str, actor: Actor
) -> HttpResponse:
    book = BytesIO()
    write(book, listing.rows, actor=actor)
    return workbook(book.getvalue(), f"{title}-{clock.today()}.xlsx")


# --- deeds --------------------------------------------------------------------------------------


def _deeds(request: ActedRequest) -> Listing[PairDeed]:
    states = Filter("state", "状态", DeedState.choices(), lambda code: Q(state=code))
    return _listing(request, queries.list_deeds(request.actor.scope), "done_on", (states,))


@page(*READERS)
def deed_list(request: ActedRequest) -> HttpResponse:
    return _list_page(request, _deeds(request), "pairing/deed_list.html")


@page(*READERS)
def deed_export(request: ActedRequest) -> HttpResponse:
    return _file(exports.write_deeds, _deeds(request), "结对实事", request.actor)


@page(*rules.WRITERS)
def deed_add(request: ActedRequest) -> HttpResponse:
    pairs = _pairs(request.actor)
    form = forms.DeedForm(_posted(request), pairs=pairs, asked=request.GET.get("pair", ""))
    text = "办成以后登记；受益的群众确认了，才算“五个一”里的实事。"
    asked = Asked("登记实事", text, "登记", reverse("deed_list"), "done_on", "结对实事")

    def act() -> object:
        return actions.record_deed(form.keys, **form.said, actor=request.actor)

    done = _ask(request, form, act, asked)
    return done or _back(
        request, "已登记，等村里登记群众的确认",
        reverse("deed_detail", args=[form.cleaned_data["number"]]),
    )  # fmt: skip


@page(*READERS)
def deed_detail(request: ActedRequest, deed_id: UUID) -> HttpResponse:
    deed = queries.get_deed(request.actor.scope, deed_id)
    own = _is_own(request.actor, list(deed.pairings.all()))
    context = {
        "deed": deed,
        "may_confirm": own and deed.state == DeedState.WAITING and request.actor.role in VILLAGE,
        "may_withdraw": own and not deed.withdrawn,
        "may_correct": own and not deed.withdrawn and panels.is_side(deed, request.actor),
        "versions": panels.versions(deed),
        "entries": list_timeline(deed),
    }
    return render(request, "pairing/deed_detail.html", context)


@page(*VILLAGE)
def deed_confirm(request: ActedRequest, deed_id: UUID) -> HttpResponse:
    deed = queries.get_deed(request.actor.scope, deed_id)
    form = forms.ConfirmDeedForm(_posted(request))
    back = reverse("deed_detail", args=[deed.pk])
    text = f"“{deed.title}”办成没有、好不好，由受益的群众说。问过谁，就写谁。"
    asked = Asked("登记群众的确认", text, "登记确认", back, "confirmed_on", "结对实事")

    def act() -> object:
        return actions.confirm_deed(deed, **form.cleaned_data, actor=request.actor)

    return _ask(request, form, act, asked) or _back(request, "群众的确认已登记", back)


def _withdraw(
    request: ActedRequest, thing: Any, act: Callable[..., Any], back: str
) -> HttpResponse:
    form = forms.WithdrawForm(_posted(request))
    asked = Asked(f"撤回：{thing}", "撤回后不再计数，但还能查到，写明的理由也留着。", "撤回", back)

    def take_back() -> object:
        return act(thing, reason=form.cleaned_data["reason"], actor=request.actor)

    done = _ask(request, form, take_back, asked)
    return done or _back(request, "已撤回，原来的内容仍可查看", back)


def _correct(
    request: ActedRequest, thing: Any, form: Any, act: Callable[..., Any], *, back: str, day: str
) -> HttpResponse:
    text = "改了什么、为什么改都会留着；改之前的内容在这一页下面还能看到。"
    asked = Asked(f"更正：{thing}", text, "改好", back, day)

    def correct() -> object:
        return act(thing, form.keys, **form.said, actor=request.actor)

    done = _ask(request, form, correct, asked)
    return done or _back(request, "已改好，原来的内容留着", back)


@page(*rules.WRITERS)
def deed_correct(request: ActedRequest, deed_id: UUID) -> HttpResponse:
    deed = queries.get_deed(request.actor.scope, deed_id)
    form = forms.CorrectDeedForm(_posted(request), pairs=_pairs_of(request.actor, deed), thing=deed)
    back = reverse("deed_detail", args=[deed.pk])
    return _correct(request, deed, form, corrections.correct_deed, back=back, day="done_on")


def _pairs_of(actor: Actor, thing: Any) -> list[Pairing]:
    """The person's pairs, and those on the record that have ended long ago."""
    pairs = _pairs(actor)
    standing = list(thing.pairings.all())
    own = activity_queries.own_pairs(actor.scope, standing) - {one.pk for one in pairs}
    return pairs + [one for one in standing if one.pk in own]


@page(*rules.WRITERS)
def deed_withdraw(request: ActedRequest, deed_id: UUID) -> HttpResponse:
    deed = queries.get_deed(request.actor.scope, deed_id)
    back = reverse("deed_detail", args=[deed.pk])
    return _withdraw(request, deed, actions.withdraw_deed, back)


# --- meetings and visits ------------------------------------------------------------------------


def _meetings(request: ActedRequest) -> Listing[PairMeeting]:
    kinds = Filter("kind", "类别", MeetingKind.choices(), lambda code: Q(kind=code))
    return _listing(request, queries.list_meetings(request.actor.scope), "day", (kinds,))


@page(*READERS)
def meeting_list(request: ActedRequest) -> HttpResponse:
    return _list_page(request, _meetings(request), "pairing/meeting_list.html")


@page(*READERS)
def meeting_export(request: ActedRequest) -> HttpResponse:
    return _file(exports.write_meetings, _meetings(request), "联席会议和互访", request.actor)


@page(*rules.WRITERS)
def meeting_add(request: ActedRequest) -> HttpResponse:
    pairs = _pairs(request.actor)
    form = forms.MeetingForm(_posted(request), pairs=pairs, asked=request.GET.get("pair", ""))
    text = "联席会议每季度一次；单位到村走访每年两次以上。"
    asked = Asked(
        "登记联席会议、互访", text, "登记", reverse("meeting_list"), "day", "联席会议和互访"
    )

    def act() -> object:
        return actions.record_meeting(form.keys, **form.said, actor=request.actor)

    done = _ask(request, form, act, asked)
    return done or _back(
        request, "已登记", reverse("meeting_detail", args=[form.cleaned_data["number"]])
    )


@page(*READERS)
def meeting_detail(request: ActedRequest, meeting_id: UUID) -> HttpResponse:
    meeting = queries.get_meeting(request.actor.scope, meeting_id)
    own = _is_own(request.actor, list(meeting.pairings.all()))
    context = {
        "meeting": meeting,
        "may_withdraw": own and not meeting.withdrawn,
        "may_correct": own and not meeting.withdrawn and panels.is_side(meeting, request.actor),
        "versions": panels.versions(meeting),
        "entries": list_timeline(meeting),
    }
    return render(request, "pairing/meeting_detail.html", context)


@page(*rules.WRITERS)
def meeting_correct(request: ActedRequest, meeting_id: UUID) -> HttpResponse:
    meeting = queries.get_meeting(request.actor.scope, meeting_id)
    form = forms.CorrectMeetingForm(
        _posted(request), pairs=_pairs_of(request.actor, meeting), thing=meeting
    )
    back = reverse("meeting_detail", args=[meeting.pk])
    return _correct(request, meeting, form, corrections.correct_meeting, back=back, day="day")


@page(*rules.WRITERS)
def meeting_withdraw(request: ActedRequest, meeting_id: UUID) -> HttpResponse:
    meeting = queries.get_meeting(request.actor.scope, meeting_id)
    back = reverse("meeting_detail", args=[meeting.pk])
    return _withdraw(request, meeting, actions.withdraw_meeting, back)


# --- projects -----------------------------------------------------------------------------------


def _projects(request: ActedRequest) -> Listing[PairProject]:
    scope, today = request.actor.scope, clock.today()

    def state_q(code: str) -> Q:
        if code == LATE:
            late = queries.list_overdue_projects(scope, today)
            return Q(pk__in=late.order_by().values("pk"))
        return Q(state=code)

    states = Filter("state", "状态", (*ProjectState.choices(), (LATE, "有节点到期")), state_q)
    return _listing(request, queries.list_projects(scope), "since", (states,))


@page(*READERS)
def project_list(request: ActedRequest) -> HttpResponse:
    return _list_page(request, _projects(request), "pairing/project_list.html")


@page(*READERS)
def project_export(request: ActedRequest) -> HttpResponse:
    return _file(exports.write_projects, _projects(request), "共建项目", request.actor)


@page(*rules.WRITERS)
def project_add(request: ActedRequest) -> HttpResponse:
    pairs = _pairs(request.actor)
    form = forms.ProjectForm(_posted(request), pairs=pairs, asked=request.GET.get("pair", ""))
    text = "双方商定要一起做的事：谁负责、分几步、每步什么时候完成。"
    asked = Asked("登记共建项目", text, "登记", reverse("project_list"), "since", "共建项目")

    def act() -> object:
        return actions.open_project(form.keys, **form.said, actor=request.actor)

    done = _ask(request, form, act, asked)
    return done or _back(
        request, "已登记", reverse("project_detail", args=[form.cleaned_data["number"]])
    )


@page(*READERS)
def project_detail(request: ActedRequest, project_id: UUID) -> HttpResponse:
    project = queries.get_project(request.actor.scope, project_id)
    own = _is_own(request.actor, list(project.pairings.all()))
    context = {
        "project": project,
        "may_write": own and project.state == ProjectState.RUNNING,
        "today": clock.today(),
        "entries": list_timeline(project),
    }
    return render(request, "pairing/project_detail.html", context)


@page(*rules.WRITERS)
def milestone_add(request: ActedRequest, project_id: UUID) -> HttpResponse:
    project = queries.get_project(request.actor.scope, project_id)
    form = forms.MilestoneForm(_posted(request))
    back = reverse("project_detail", args=[project.pk])
    asked = Asked("加一个节点", str(project), "加上", back, "due_on", "共建项目")

    def act() -> object:
        return actions.add_milestone(project, **form.cleaned_data, actor=request.actor)

    return _ask(request, form, act, asked) or _back(request, "节点已加上", back)


@page(*rules.WRITERS)
def milestone_reach(request: ActedRequest, milestone_id: UUID) -> HttpResponse:
    milestone = queries.get_milestone(request.actor.scope, milestone_id)
    form = forms.ReachForm(_posted(request))
    back = reverse("project_detail", args=[milestone.project_id])
    text = f"{milestone.project}：{milestone}"
    asked = Asked("节点完成", text, "登记完成", back, "reached_on", "共建项目")

    def act() -> object:
        return actions.reach_milestone(milestone, **form.cleaned_data, actor=request.actor)

    return _ask(request, form, act, asked) or _back(request, "节点已完成", back)


@page(*rules.WRITERS)
def project_close(request: ActedRequest, project_id: UUID) -> HttpResponse:
    project = queries.get_project(request.actor.scope, project_id)
    form = forms.CloseProjectForm(_posted(request))
    back = reverse("project_detail", args=[project.pk])
    asked = Asked("项目完成或停止", str(project), "登记", back, "closed_on", "共建项目")

    def act() -> object:
        return actions.close_project(project, **form.cleaned_data, actor=request.actor)

    return _ask(request, form, act, asked) or _back(request, "已登记", back)


# --- youth and the path ---------------------------------------------------------------------------


def _year_url(pairing: Pairing, day: date) -> str:
    return reverse("pair_year", args=[pairing.pk, day.year])


@page(*rules.WRITERS)
def youth_add(request: ActedRequest, pairing_id: UUID) -> HttpResponse:
    pairing = get_pairing(request.actor.scope, pairing_id)
    form = forms.YouthForm(_posted(request))
    asked = Asked(
        "登记培育的青年骨干", str(pairing), "登记", _year_url(pairing, clock.today()), "trained_on"
    )

    def act() -> object:
        return actions.name_youth(pairing, **form.cleaned_data, actor=request.actor)

    done = _ask(request, form, act, asked)
    return done or _back(request, "已登记", _year_url(pairing, form.cleaned_data["trained_on"]))


@page(*rules.WRITERS)
def youth_withdraw(request: ActedRequest, youth_id: UUID) -> HttpResponse:
    youth = queries.get_youth(request.actor.scope, youth_id)
    back = _year_url(youth.pairing, youth.trained_on)
    return _withdraw(request, youth, actions.withdraw_youth, back)


@page(*rules.WRITERS)
def path_add(request: ActedRequest, pairing_id: UUID) -> HttpResponse:
    pairing = get_pairing(request.actor.scope, pairing_id)
    form = forms.PathForm(_posted(request))
    asked = Asked(
        "登记发展路子", f"{pairing}；村里研究通过以后，才算“五个一”里的发展路子。", "登记",
        _year_url(pairing, clock.today()), "drafted_on",
    )  # fmt: skip

    def act() -> object:
        return actions.draft_path(pairing, **form.cleaned_data, actor=request.actor)

    done = _ask(request, form, act, asked)
    return done or _back(
        request, "已登记，等村里研究", _year_url(pairing, form.cleaned_data["drafted_on"])
    )


@page(*READERS)
def path_detail(request: ActedRequest, path_id: UUID) -> HttpResponse:
    path = queries.get_path(request.actor.scope, path_id)
    own = _is_own(request.actor, [path.pairing])
    context = {
        "path": path,
        "may_approve": own and path.state == "drafted" and request.actor.role in VILLAGE,
        "may_withdraw": own and not path.withdrawn,
        "entries": list_timeline(path),
    }
    return render(request, "pairing/path_detail.html", context)


@page(*VILLAGE)
def path_approve(request: ActedRequest, path_id: UUID) -> HttpResponse:
    path = queries.get_path(request.actor.scope, path_id)
    form = forms.ApprovePathForm(_posted(request))
    back = reverse("path_detail", args=[path.pk])
    asked = Asked("村里研究通过", str(path), "登记通过", back, "approved_on")

    def act() -> object:
        return actions.approve_path(path, **form.cleaned_data, actor=request.actor)

    return _ask(request, form, act, asked) or _back(request, "已登记通过", back)


@page(*rules.WRITERS)
def path_withdraw(request: ActedRequest, path_id: UUID) -> HttpResponse:
    path = queries.get_path(request.actor.scope, path_id)
    back = reverse("path_detail", args=[path.pk])
    return _withdraw(request, path, actions.withdraw_path, back)
