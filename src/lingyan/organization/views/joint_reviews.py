"""The pages of joint reviews: who is asked about whom, one review, and a department's answer."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from lingyan.common import clock
from lingyan.directory import queries as directory
from lingyan.directory.rules.hands import ADMIN, LEADER, STAFF, TOWN
from lingyan.directory.scoping import path_end
from lingyan.organization.actions import joint_reviews as actions
from lingyan.organization.exports.joint_reviews import write_reviews
from lingyan.organization.forms import joint_reviews as forms
from lingyan.organization.models import JointReview
from lingyan.organization.panels import joint_reviews as panels
from lingyan.organization.queries import joint_reviews as queries
from lingyan.organization.rules import joint_reviews as rules
from lingyan.organization.rules.term_words import Department, ReviewPurpose
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit.timeline import list_timeline
from lingyan.platform.ui.files import workbook
from lingyan.platform.ui.listing import Filter, Listing
from lingyan.platform.ui.refusing import carry_out, status_of

READERS = tuple(dict.fromkeys((*rules.ANSWERERS, *LEADER, *TOWN)))
EXPORTERS = STAFF
BESIDE = {
    "organization.review.items_missing": "items",
    "organization.review.items_without_problem": "result",
    "organization.review.text_missing": "text",
    "organization.review.day": "answered_on",
    "organization.review.letter_missing": "letter_number",
    "organization.reason_missing": "text",
    "organization.document_missing": "document_number",
    "organization.review.all_known": "town",
    "organization.review.clause": "clause",
    "organization.review.since": "since",
}


def _listing(request: ActedRequest) -> Listing[JointReview]:
    actor = request.actor
    towns = list(directory.list_towns(actor.scope).values_list("path", "short_name"))
    mine = Q(pk__in=queries.asked_of_own(actor).values("review"))
    waiting = queries.unanswered_q()
    return Listing(
        request,
        queries.list_reviews(actor.scope),
        search=queries.search_q,
        search_hint="姓名或村名",
        filters=(
            Filter("town", "乡镇", towns,
                   lambda path: Q(village__path__gte=path, village__path__lt=path_end(path))),
            Filter("purpose", "事由", ReviewPurpose.choices(), lambda code: Q(purpose=code)),
            Filter("mine", "等我部门答复", (("yes", "等我部门答复"),), lambda _: mine),
            Filter("open", "答复", (("yes", "还有部门没有答复"),),
                   lambda _: waiting),
        ),
        sorts={"due": ("due_on", "village__path", "pk"),
               "opened": ("-opened_at", "pk"),
               "village": ("village__path", "-opened_at", "pk")},
        default_sort="opened",
    )  # fmt: skip


@page(*READERS)
def joint_review_list(request: ActedRequest) -> HttpResponse:
    listing = _listing(request)
    context = {
        "listing": listing,
        "lines": panels.review_lines(listing, request.actor),
        "may_open": request.actor.role in STAFF,
        "may_see_departments": request.actor.role in (*STAFF, *LEADER),
        "may_export": request.actor.role in EXPORTERS,
    }
    return render(request, "organization/joint_review_list.html", context)


@page(*EXPORTERS)
def joint_review_export(request: ActedRequest) -> HttpResponse:
    """联审名单 as the list shows it, with how far the departments are."""
    target = BytesIO()
    write_reviews(target, _listing(request).rows, actor=request.actor)
    return workbook(target.getvalue(), "联审名单.xlsx")


@page(*READERS)
def joint_review_detail(request: ActedRequest, joint_review_id: UUID) -> HttpResponse:
    review = queries.get_review(request.actor.scope, joint_review_id)
    context = {
        "review": review,
        "life": panels.of_review(review, request.actor),
        "entries": list_timeline(review) if request.actor.role in rules.DETAIL_READERS else (),
    }
    return render(request, "organization/joint_review_detail.html", context)


@page(*rules.ANSWERERS)
def joint_review_answer(request: ActedRequest, answer_id: UUID) -> HttpResponse:
    answer = queries.get_answer(request.actor, answer_id)
    on_paper = request.actor.role in STAFF and answer.department != Department.ORGANIZATION
    given = {
        "result": answer.result, "items": answer.items, "text": answer.text,
        "letter_number": answer.letter_number,
    }  # fmt: skip
    form = forms.AnswerForm(request.POST or None, on_paper=on_paper, initial=given)
    if request.method == "POST" and form.is_valid():
        done = carry_out(
            form,
            lambda: actions.answer_review(answer, **form.cleaned_data, actor=request.actor),
            beside=BESIDE,
        )
        if done is not None:
            messages.success(request, "答复已登记")
            return redirect("joint_review_detail", answer.review_id)
    context = {
        "form": form, "review": answer.review, "answer": answer, "on_paper": on_paper,
        "person": queries.person_lines(answer.review),
        "heading": f"{answer.get_department_display()}答复",
        "yes": "答复", "back": reverse("joint_review_detail", args=[answer.review_id]),
    }  # fmt: skip
    return render(request, "organization/joint_review_form.html", context, status=status_of(form))


@page(*rules.EXEMPTERS)
def joint_review_exempt(request: ActedRequest, joint_review_id: UUID) -> HttpResponse:
    review = queries.get_review(request.actor.scope, joint_review_id)
    form = forms.ReviewExemptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = carry_out(
            form,
            lambda: actions.exempt_review(review, **form.cleaned_data, actor=request.actor),
            beside=BESIDE,
        )
        if done is not None:
            messages.success(request, "已批准例外")
            return redirect("joint_review_detail", review.pk)
    context = {
        "form": form, "review": review, "heading": "批准联审例外", "yes": "批准",
        "person": queries.person_lines(review),
        "found": panels.found_lines(review),
        "back": reverse("joint_review_detail", args=[review.pk]),
    }  # fmt: skip
    return render(request, "organization/joint_review_form.html", context, status=status_of(form))


@page(*STAFF)
@require_POST
def joint_review_again(request: ActedRequest, joint_review_id: UUID) -> HttpResponse:
    review = queries.get_review(request.actor.scope, joint_review_id)
    made = actions.open_again(review, actor=request.actor)
    messages.success(request, "已重新发起联审")
    return redirect("joint_review_detail", made.pk)


@page(*STAFF)
def joint_review_yearly(request: ActedRequest) -> HttpResponse:
    """在任村干部年度联审, town by town."""
    towns = {str(one.pk): one for one in directory.list_towns(request.actor.scope)}
    form = forms.YearlyForm(
        request.POST or None, towns=[(key, one.name) for key, one in towns.items()]
    )
    if request.method == "POST" and form.is_valid():
        town = towns[form.cleaned_data["town"]]
        made = carry_out(
            form, lambda: actions.open_yearly_reviews(town, actor=request.actor), beside=BESIDE
        )
        if made is not None:
            messages.success(request, f"已发起 {len(made)} 人的联审")
            return redirect("joint_review_list")
    context = {
        "form": form, "heading": f"发起 {clock.today().year} 年在任村干部联审", "yes": "发起",
        "back": reverse("joint_review_list"),
        "hint": "这个乡镇各村现任两委成员中，本年度还没有联审的，一次发给各部门。",
    }  # fmt: skip
    return render(request, "organization/joint_review_form.html", context, status=status_of(form))


@page(*STAFF, *LEADER)
def joint_review_departments(request: ActedRequest) -> HttpResponse:
    """联审部门: who is asked, and who answers for whom; the administrator settles it."""
    county = directory.get_county(request.actor.scope)
    may_set = request.actor.role in ADMIN
    if request.method == "POST" and not may_set:
        return render(request, "ui/forbidden.html", status=403)
    lines = panels.seat_lines(county)
    form = forms.DepartmentsForm(
        request.POST or None,
        units=[(str(one.pk), one.name) for one in queries.list_county_units(county)],
        held=queries.plain_seats({one.department: one.seat for one in lines if one.seat}),
        suggested={one: unit.pk for one, unit in queries.units_of_departments(county).items()},
    )
    if request.method == "POST" and form.is_valid():
        said = {"since": form.cleaned_data["since"], "clause": form.cleaned_data["clause"]}
        done = carry_out(
            form,
            lambda: actions.appoint_departments(county, form.seats, actor=request.actor, **said),
            beside=BESIDE,
        )
        if done is not None:
            messages.success(request, f"已确定，改动 {len(done)} 个部门")
            return redirect("joint_review_departments")
    context = {"county": county, "lines": lines, "form": form if may_set else None}
    return render(
        request, "organization/joint_review_departments.html", context, status=status_of(form)
    )
