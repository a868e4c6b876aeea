"""What do the counters of a month say, and what do the forms that stand open ask again?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Sum

from lingyan.platform.accounts.actor import Scope
from lingyan.posting.models import FormUse
from lingyan.posting.rules import burden as rules
from lingyan.posting.rules.form_facts import PAGES


def told_of(scope: Scope, month: date, asks_again: Mapping[str, int]) -> list[rules.RoleTold]:
    """The month of the counties in scope, by role; one query."""
    rows = FormUse.objects.filter(month=month.replace(day=1))
    if not scope.is_everything:
        rows = rows.filter(county_path__in=scope.place_paths)
    sums = rows.values_list("role", "form").annotate(Sum("sent"), Sum("seconds"))
    return rules.told(sums.order_by("role", "form"), asks_again)


def count_asked_again(fields_of: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """Page -> how many of its fields ask what is known there, by the fields as they stand."""
    return {
        page: sum(len(one.asks_again(tuple(fields_of.get(one.form, ())))) for one in forms)
        for page, forms in PAGES.items()
    }
