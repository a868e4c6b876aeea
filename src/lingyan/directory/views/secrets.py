"""The page that shows an identity number or a phone in full, once, for a reason."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from lingyan.directory import queries
from lingyan.directory.actions.secrets import LABELS, reveal
from lingyan.directory.forms.people import RevealForm
from lingyan.directory.roles import Role
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.ui.refusing import carry_out, status_of


@page(Role.COUNTY_ORG_ADMIN, Role.COUNTY_ORG_STAFF)
def person_reveal(request: ActedRequest, person_id: UUID) -> HttpResponse:
    """The value stands in this one answer only; no browser and no proxy may keep it."""
    one = queries.get_person(request.actor.scope, person_id)
    form = RevealForm(request.POST or None)
    value, label = None, ""
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        label = LABELS[given["what"]]
        value = carry_out(
            form,
            lambda: reveal(one, given["what"], actor=request.actor, reason=given["reason"]),
            beside={"directory.reveal_reason": "reason", "directory.nothing_to_reveal": "what"},
        )
    context = {"form": form, "person": one, "value": value, "label": label}
    answer = render(request, "directory/person_reveal.html", context, status=status_of(form))
    answer["Cache-Control"] = "no-store, private, max-age=0"
    answer["Pragma"] = "no-cache"
    return answer
