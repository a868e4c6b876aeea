"""Writing a briefing: saving, looking for an indicator, putting it in, and the live check."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from lingyan.briefings.actions import briefings as actions
from lingyan.briefings.forms import briefings as forms
from lingyan.briefings.models import Briefing
from lingyan.briefings.models.briefings import TEXT_MAX
from lingyan.briefings.panels import briefings as panels
from lingyan.briefings.queries import briefings as queries
from lingyan.briefings.queries.bound import Checked, Setting, refuse_asked
from lingyan.briefings.rules import briefings as rules
from lingyan.briefings.rules.briefing_words import BriefingState
from lingyan.briefings.rules.periods import Span
from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.ui.refusing import REFUSED, status_of

BESIDE = {
    "indicators.bad_period": "period",
    "indicators.ahead": "period",
    "indicators.bad_day": "on",
}


@page(*rules.WRITERS)
def briefing_edit(request: ActedRequest, briefing_id: UUID) -> HttpResponse:
    """Save, look for an indicator, put it in, or check: each keeps all that was typed."""
    actor = request.actor
    briefing = queries.get_briefing(actor, briefing_id)
    if briefing.state != BriefingState.DRAFTED:
        raise Refused((rules.NOT_OPEN,))
    if request.method != "POST":
        return _editor(request, briefing, forms.EditForm(initial=_initial(briefing)))
    form = forms.EditForm(request.POST)
    if token := request.POST.get("insert"):
        form = forms.EditForm(_with_token(request, token))
    elif request.POST.get("do", "save") == "save" and form.is_valid():
        said = dict(form.cleaned_data)
        version = said.pop("version")
        try:
            actions.save_briefing(briefing, actions.Written(**said), version=version, actor=actor)
        except Refused as refused:
            return _not_saved(request, briefing, form, refused)
        messages.success(request, "已保存")
        return redirect("briefing_detail", briefing.pk)
    return _editor(request, briefing, form)


def _initial(briefing: Briefing) -> dict[str, Any]:
    names = (*forms.EditForm.base_fields,)
    return {name: getattr(briefing, name) for name in names}


def _with_token(request: ActedRequest, token: str) -> Any:
    given = request.POST.copy()
    line = request.POST.get("line", "")
    at = int(line) if line.isascii() and line.isdigit() and len(line) < 6 else None
    given["text"] = panels.put_in(given.get("text", "").replace("\r\n", "\n"), token, at)
    return given


def _not_saved(
    request: ActedRequest, briefing: Briefing, form: forms.EditForm, refused: Refused
) -> HttpResponse:
    """Somebody was faster: both texts stand there, and the next saving begins from theirs."""
    codes = {one.code for one in refused.refusals}
    for one in refused.refusals:
        field = BESIDE.get(one.code)
        form.add_error(field, ValidationError(one.text, code=one.code))
    if actions.CHANGED_MEANWHILE.code not in codes:
        return _editor(request, briefing, form, status=REFUSED)
    now = queries.get_briefing(request.actor, briefing.pk)
    own = form.cleaned_data.get("text", "")
    form.data = form.data.copy()  # type: ignore[attr-defined]  # a form from a request has a QueryDict
    form.data["version"] = str(now.version)  # type: ignore[index]  # a copy may be written
    context = {
        "theirs": now,
        "theirs_by": queries.get_edition(now, now.version).saved_by_name,
        "rows": panels.compared(now.text, own),
        "others": [
            (field.label, getattr(now, field.name), form.cleaned_data[field.name])
            for field in (form["title"], *form.about)
            if form.cleaned_data[field.name] != getattr(now, field.name)
        ],
    }
    return _editor(request, now, form, status=REFUSED, **context)


def _editor(
    request: ActedRequest,
    briefing: Briefing,
    form: forms.EditForm,
    *,
    status: int | None = None,
    **more: Any,
) -> HttpResponse:
    text = str(form["text"].value() or "").replace("\r\n", "\n")
    context = {
        "briefing": briefing,
        "form": form,
        "lines": panels.lines_to_choose(text),
        **_looked(request, briefing, text, form),
        **more,
    }
    status = status or (status_of(form) if request.POST.get("do") == "save" else 200)
    return render(request, "briefings/briefing_edit.html", context, status=status)


def _looked(
    request: ActedRequest, briefing: Briefing, text: str, form: forms.EditForm
) -> dict[str, Any]:
    setting = _setting(briefing, request.actor, form)
    checked = queries.check_here(text, setting, _above(form))
    return {**_preview(checked, request.actor), **_picked(request, setting)}


def _above(form: Form) -> tuple[tuple[str, str], ...]:
    """Title and note as they are typed."""
    return tuple(
        (str(form[name].label), str(form[name].value() or "")) for name in ("title", "editor_note")
    )


def _setting(briefing: Briefing, actor: Actor, form: Form) -> Setting:
    """Day and period as they are typed, as far as they can be read; else as they are kept."""
    setting = queries.setting_of(briefing, actor)
    on = period = None
    if form.is_bound:
        form.is_valid()
        on, period = form.cleaned_data.get("on"), form.cleaned_data.get("period")
    on = on if on and on <= clock.today() else setting.on
    return Setting(actor, setting.county, on, period or setting.period, setting.today)


def _preview(checked: Checked, actor: Actor) -> dict[str, Any]:
    return {
        "blocks": panels.draft_text(checked, actor),
        "mistakes": checked.mistakes,
        "figure_count": len(checked.parsed.figures),
    }


def _picked(request: ActedRequest, setting: Setting) -> dict[str, Any]:
    asked = request.POST if request.method == "POST" else request.GET
    wish = panels.Wish(
        *(asked.get(name, "").strip()[:60] for name in ("find", "find_period", "find_place"))
    )
    wrong = refuse_asked(setting, wish.period, wish.place)
    picked, total = ([], 0) if wrong else panels.pick(setting, wish)
    spans = [one.label for one in Span]
    told = {"wish": wish, "wish_wrong": wrong, "spans": spans, "period_hint": forms.PERIOD_HINT}
    return {**told, "picked": picked, "picked_total": total}


@require_POST
@page(*rules.WRITERS)
def briefing_preview(request: ActedRequest, briefing_id: UUID) -> HttpResponse:
    """What is typed, with its numbers and what is wrong with it; nothing is saved."""
    briefing = queries.get_briefing(request.actor, briefing_id)
    form = forms.EditForm(request.POST)
    text = request.POST.get("text", "").replace("\r\n", "\n")[:TEXT_MAX]
    checked = queries.check_here(text, _setting(briefing, request.actor, form), _above(form))
    context = _preview(checked, request.actor)
    return render(request, "briefings/_briefing_preview.html", context)


@require_POST
@page(*rules.WRITERS)
def briefing_pick(request: ActedRequest, briefing_id: UUID) -> HttpResponse:
    """Indicators that fit what is looked for, each with what it says now."""
    briefing = queries.get_briefing(request.actor, briefing_id)
    form = forms.EditForm(request.POST)
    context = _picked(request, _setting(briefing, request.actor, form))
    return render(request, "briefings/_briefing_picked.html", context)
