"""Pages of records that may be of one person: found, compared, made one, or told apart."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from lingyan.directory import duplicates, queries, search
from lingyan.directory.actions import merging as actions
from lingyan.directory.forms.people import MergeForm, NotTheSameForm, UndoMergeForm
from lingyan.directory.models import Person
from lingyan.directory.roles import Role
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit.reading import note_reading
from lingyan.platform.ui.listing import PER_PAGE, Listing
from lingyan.platform.ui.refusing import carry_out, status_of

ADMIN = Role.COUNTY_ORG_ADMIN


@page(ADMIN)
def duplicate_list(request: ActedRequest) -> HttpResponse:
    """What waits to be looked at, the likeliest first."""
    scope, text = request.actor.scope, request.GET.get("q", "").strip()[:60]
    found = duplicates.list_suspects(scope, text)
    shown = Paginator(found.pairs, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "q": text,
        "pairs": duplicates.show_pairs(scope, shown),
        "is_cut": found.is_cut,
        "groups_most": duplicates.GROUPS_MOST,
        "listing": {"page": shown, "total": len(found.pairs)},
    }
    return render(request, "directory/duplicate_list.html", context)


@page(ADMIN)
def merge_list(request: ActedRequest) -> HttpResponse:
    """Which records were made one before, and by whom."""
    listing = Listing(
        request,
        duplicates.list_merges(request.actor.scope),
        search=lambda text: search.of_people_q(text, "kept") | search.of_people_q(text, "dropped"),
        search_hint="姓名、拼音、首字母或编号",
        sorts={"time": ("made_at",)},
        default_sort="-time",
    )
    return render(request, "directory/merge_list.html", {"listing": listing})


@page(ADMIN)
def duplicate(request: ActedRequest, first_id: UUID, second_id: UUID) -> HttpResponse:
    """Two records side by side; which stays, and which field comes from which."""
    first, second = duplicates.get_pair(request.actor.scope, first_id, second_id)
    note_reading(first, second)
    lines = list(_lines(first, second))
    differing = [line["name"] for line in lines if line["differs"]]
    doubtful = any(
        line["differs"] and line["first"] and line["second"]
        for line in lines
        if line["name"] in actions.OF_ONE
    )
    form = MergeForm(request.POST or None, differing=differing, doubtful=doubtful)
    if request.method == "POST" and form.is_valid():
        kept, dropped = (first, second) if form.cleaned_data["kept"] == "first" else (second, first)
        made = carry_out(
            form,
            lambda: actions.merge_people(
                kept,
                dropped,
                take=form.taken_from_other(),
                reason=form.cleaned_data["reason"],
                confirmed=form.cleaned_data.get("confirmed", False),
                actor=request.actor,
            ),
            beside={
                "directory.merge_reason": "reason",
                **({"directory.merge_differs": "confirmed"} if doubtful else {}),
            },
        )
        if made is not None:
            messages.success(request, "已合并为一条记录")
            return redirect("person", kept.pk)
    context = {
        "first": first,
        "second": second,
        "lines": [line | {"chosen": _chosen(form, line)} for line in lines],
        "form": form,
        "not_the_same": NotTheSameForm(),
    }
    return render(request, "directory/duplicate.html", context, status=status_of(form))


def _lines(first: Person, second: Person) -> Any:
    """Each field with both values as people read them; secrets masked."""
    masked = {"phone_cipher": queries.masked_phone}
    for name in actions.CHOSEN_FIELDS:
        field = Person._meta.get_field(name)
        values = [_shown(person, name, masked) for person in (first, second)]
        if any(values):
            yield {
                "name": name,
                "label": str(field.verbose_name).removesuffix("(加密)"),  # type: ignore[union-attr]  # all are columns
                "first": values[0],
                "second": values[1],
                "differs": values[0] != values[1],
                "default": "first" if values[0] else "second",
            }


def _shown(person: Person, name: str, masked: dict[str, Any]) -> str:
    if name in masked:
        return str(masked[name](person))
    show = getattr(person, f"get_{name}_display", None)
    value = show() if show else getattr(person, name)
    return "" if value is None else str(value)


def _chosen(form: MergeForm, line: dict[str, Any]) -> str:
    """What was ticked before, else the record that has a value."""
    asked = form.data.get(f"from_{line['name']}", "") if form.is_bound else ""
    return asked or str(line["default"])


@require_POST
@page(ADMIN)
def duplicate_tell_apart(request: ActedRequest, first_id: UUID, second_id: UUID) -> HttpResponse:
    first, second = duplicates.get_pair(request.actor.scope, first_id, second_id)
    form = NotTheSameForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    actions.tell_apart(first, second, actor=request.actor, reason=reason)
    messages.success(
        request, f"已记下：{first}（{first.number}）与{second}（{second.number}）不是同一人"
    )
    return redirect("duplicate_list")


@page(ADMIN)
def merge_undo(request: ActedRequest, merge_id: UUID) -> HttpResponse:
    one = duplicates.get_merge(request.actor.scope, merge_id)
    form = UndoMergeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        carry_out(
            form,
            lambda: actions.undo_merge(one, actor=request.actor, **form.cleaned_data),
        )
        if not form.errors:
            messages.success(request, "已撤销合并，恢复为两条记录")
            return redirect("person", one.dropped_id)
    context = {
        "form": form,
        "question": f"撤销合并：{one}？",
        "consequence": "两条记录都恢复到合并以前，改指的任职、派驻等回到原来的记录。",
        "yes": "撤销合并",
        "action": request.path,
        "back": "../../",
    }
    return render(request, "ui/confirm.html", context, status=status_of(form))
