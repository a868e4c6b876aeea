"""Which terms do the villages have, and which end soon?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from lingyan.directory.models import Place
from lingyan.directory.settings import numbers_on
from lingyan.organization.models import Term
from lingyan.organization.rules import settings
from lingyan.organization.rules.committees import BODY_OF, TERM_OF
from lingyan.organization.rules.terms import WARN_DAYS
from lingyan.platform.accounts.actor import Scope

TWO_KINDS = ("party", "vc")


def list_terms(scope: Scope) -> QuerySet[Term]:
    return Term.objects.visible_to(scope).select_related("village__parent")


def on_day(on: date) -> Q:
    """Terms that ran on a day."""
    return Q(since__lte=on) & (Q(until__isnull=True) | Q(until__gt=on))


def ending(scope: Scope, today: date) -> QuerySet[Term]:
    """Terms whose end is near or past: nobody has been elected since (R-1-30, IND-1-10)."""
    usual = Q(planned_until__lte=today + timedelta(days=WARN_DAYS + 1))
    near, set_there = Q(pk__in=()), Q(pk__in=())
    for path, days in numbers_on(today).by_county(settings.TERM_WARN).items():
        here = Q(village__path__startswith=path)
        near |= here & Q(planned_until__lte=today + timedelta(days=days + 1))
        set_there |= here
    found = list_terms(scope).filter(since__lte=today, until__isnull=True)
    return found.filter(near | usual & ~set_there)


def terms_of(village: Place) -> list[Term]:
    return list(Term.objects.filter(village=village).order_by("kind", "-number"))


def term_of_office(post: str, since: date, until: date | None, terms: Iterable[Term]) -> str:
    """In which terms a post was held, as 第 8 届 or 第 7、8 届; empty where none is registered.

    A post belongs to the body whose term ran while it was held: nobody types it.
    """
    kind = TERM_OF.get(BODY_OF[post])
    held = sorted(
        one.number
        for one in terms
        if one.kind == kind
        and (one.until is None or since < one.until)
        and (until is None or until > one.since)
    )
    return f"第 {'、'.join(map(str, held))} 届" if held else ""
