"""Templates of briefings: those that came with the product, and what the county made of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from lingyan.briefings.actions import briefing_templates as actions
from lingyan.briefings.forms import briefings as forms
from lingyan.briefings.models import BriefingTemplate
from lingyan.briefings.queries import briefings as queries
from lingyan.briefings.rules.briefings import INSIDE, WRITERS
from lingyan.briefings.views.briefings import editions_shown
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.ui.refusing import carry_out, status_of

BESIDE = {"briefings.template.name_taken": "name"}


@page(*INSIDE)
def briefing_template_list(request: ActedRequest) -> HttpResponse:
    offered = queries.list_offered(request.actor)
    context = {
        "offered": offered,
        "withdrawn": queries.list_templates(request.actor).filter(withdrawn_on__isnull=False),
        "may_write": request.actor.role in WRITERS,
    }
    return render(request, "briefings/briefing_template_list.html", context)


@page(*WRITERS)
def briefing_template_new(request: ActedRequest) -> HttpResponse:
    """A template of one's own, begun with one of the product's where one is named."""
    actor = request.actor
    given = queries.find_offered(actor, request.GET.get("from", ""))
    given = given if given is not None and given.own is None else None
    start: dict[str, Any] = {"version": 0, "series": "组工简报"}
    if given is not None:
        start |= {name: getattr(given, name) for name in ("name", "series", "title", "text")}
    form = forms.TemplateForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        said = {key: form.cleaned_data[key] for key in ("name", "series", "title", "text")}
        key = given.code if given is not None else ""
        if carry_out(
            form, lambda: actions.make_template(**said, key=key, actor=actor), beside=BESIDE
        ):
            messages.success(request, "已建好模板")
            return redirect("briefing_template_list")
    return _form_page(request, form, "新建模板")


@page(*WRITERS)
def briefing_template_edit(request: ActedRequest, briefing_template_id: UUID) -> HttpResponse:
    actor = request.actor
    template = queries.get_template(actor, briefing_template_id)
    names = ("name", "series", "title", "text", "version")
    form = forms.TemplateForm(
        request.POST or None, initial={name: getattr(template, name) for name in names}
    )
    if request.method == "POST" and form.is_valid():
        said = {key: form.cleaned_data[key] for key in names}
        if carry_out(
            form, lambda: actions.save_template(template, **said, actor=actor), beside=BESIDE
        ):
            messages.success(request, "已保存")
            return redirect("briefing_template_list")
    return _form_page(request, form, "修改模板", template)


def _form_page(
    request: ActedRequest,
    form: forms.TemplateForm,
    heading: str,
    template: BriefingTemplate | None = None,
) -> HttpResponse:
    """Somebody may have been faster: then their text stands beside, and nothing typed is lost."""
    theirs = None
    if template is not None and form.has_error(None, actions.CHANGED_MEANWHILE.code):
        theirs = template
        form.data = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        form.data["version"] = str(template.version)  # type: ignore[index]  # a copy may be written
    context = {"form": form, "heading": heading, "theirs": theirs, "template": template}
    return render(request, "briefings/briefing_template_form.html", context, status=status_of(form))


@page(*INSIDE)
def briefing_template_editions(request: ActedRequest, briefing_template_id: UUID) -> HttpResponse:
    template = queries.get_template(request.actor, briefing_template_id)
    context = {
        "thing": template,
        "back": reverse("briefing_template_list"),
        **editions_shown(queries.list_template_editions(template), request.GET.get("number", "")),
    }
    return render(request, "briefings/editions.html", context)


@require_POST
@page(*WRITERS)
def briefing_template_turn(request: ActedRequest, briefing_template_id: UUID) -> HttpResponse:
    template = queries.get_template(request.actor, briefing_template_id)
    turned = actions.turn_template(template, actor=request.actor)
    messages.success(request, "已停用" if turned.withdrawn_on else "已恢复")
    return redirect("briefing_template_list")
