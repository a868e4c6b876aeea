"""The page of the four levels: what is to do this month, for whom, until when, done by what."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render

from lingyan.common import clock
from lingyan.common.periods import add_months
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.ui.listing import PER_PAGE
from lingyan.posting.panels.life import TONE_OF_LEVEL
from lingyan.posting.queries import tasks as queries
from lingyan.posting.rules import tasks as rules


@page(*rules.READERS)
def task_list(request: ActedRequest) -> HttpResponse:
    """The own level's tasks of a month; whoever manages those below sees theirs as well."""
    own = rules.LEVEL_OF_ROLE[request.actor.role]
    readable = rules.LEVELS_READ[own]
    level = next((one for one in readable if one == request.GET.get("level")), own)
    month = queries.month_asked(request.GET.get("month", ""))
    role = request.actor.role
    sums = queries.sums_of(level, request.actor.scope, month, role=role)
    context = {
        "sums": sums,
        "level": level,
        "levels": readable,
        "month": month.since,
        "before": add_months(month.since, -1),
        "after": add_months(month.since, 1),
        "total": sum(len(one.items) for one in sums),
        "done": sum(one.done for one in sums),
        "late": sum(one.late for one in sums),
        "unlisted": [
            rule for rule in rules.tasks_of(level, role) if rule not in [one.rule for one in sums]
        ],
    }
    return render(request, "posting/task_list.html", context)


@page(*rules.READERS)
def task_detail(request: ActedRequest, task: str) -> HttpResponse:
    """One kind of task: everybody for whom it is, and the record that has ended it."""
    rule = rules.RULE_OF_CODE.get(task)
    own = rules.LEVEL_OF_ROLE[request.actor.role]
    if rule is None or rule.level not in rules.LEVELS_READ[own]:
        raise Http404
    if not rules.may_read(rule, request.actor.role):
        raise Http404
    month = queries.month_asked(request.GET.get("month", ""))
    found = queries.sum_of(rule.code, request.actor.scope, month)
    which = request.GET.get("state", "")
    items = [one for one in found.items if which != "open" or not one.is_done]
    today = clock.today()
    shown = Paginator(items, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "rule": rule,
        "sum": found,
        "month": month.since,
        "page": shown,
        "lines": [(one, one.level(today), TONE_OF_LEVEL[one.level(today)]) for one in shown],
        "state": which,
    }
    return render(request, "posting/task_detail.html", context)
