"""The page of the burden meter: how long forms take by role, and what they ask again."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from lingyan.common import clock
from lingyan.common.periods import add_months
from lingyan.directory.roles import Role
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.posting import rules
from lingyan.posting.panels import burden as panels
from lingyan.posting.queries import burden as queries
from lingyan.posting.queries import tasks
from lingyan.posting.rules.form_facts import FORMS

FORMS_SHOWN = 8


@page(*rules.STAFF, *rules.LEADER)
def burden(request: ActedRequest) -> HttpResponse:
    """One month by role; never by person, and reading pages does not count."""
    month = tasks.month_asked(request.GET.get("month", "")).since
    again = panels.asked_again()
    told = queries.told_of(request.actor.scope, month, again)
    fields = panels.fields_of_forms()
    context = {
        "month": month,
        "before": add_months(month, -1),
        "after": add_months(month, 1) if month < clock.today().replace(day=1) else None,
        "roles": [
            (
                Role(one.role).label,
                one,
                [(panels.label_of(form.form), form) for form in one.forms[:FORMS_SHOWN]],
            )
            for one in told
        ],
        "sent": sum(one.sent for one in told),
        "minutes": sum(one.minutes for one in told),
        "again": sum(one.again for one in told),
        "form_count": len(fields),
        "field_count": sum(map(len, fields.values())),
        "repeated": [
            (panels.label_of(one.pages[0]), name)
            for one in FORMS
            if one.pages
            for name in one.asks_again(fields.get(one.form, ()))
        ],
    }
    return render(request, "posting/burden.html", context)
