"""Which postings does a figure of 2.12 count?"""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from lingyan.common import clock
from lingyan.common.periods import Period
from lingyan.directory.rules import PARTY_MEMBERS
from lingyan.platform.accounts.actor import Scope
from lingyan.posting.models import Posting
from lingyan.posting.queries.postings import list_postings
from lingyan.posting.rules import IN_POST, PostingKind, PostingOrigin, PostingState

COMING = (PostingState.APPOINTED, PostingState.TRAINED)
NEWLY = (PostingOrigin.NEW, PostingOrigin.REPLACE)


def in_post_on(scope: Scope, day: date) -> QuerySet[Posting]:
    """Who was IN_POST (R-2-31) on a day.

    Of an earlier day the state is known no more, but the arrival and the end are.
    """
    rows = list_postings(scope)
    if day >= clock.today():
        return rows.filter(state__in=IN_POST, until__isnull=True)
    arrived = Q(arrived_on__lte=day) | Q(arrived_on__isnull=True, since__lte=day)
    still = Q(until__isnull=True) | Q(until__gt=day)
    return rows.exclude(state__in=COMING).filter(arrived, still)


def begun_in(scope: Scope, period: Period, on: date) -> QuerySet[Posting]:
    """Postings that began in the period, up to a day of it."""
    return list_postings(scope).filter(since__gte=period.since, since__lte=on)


def newly_sent(scope: Scope, period: Period, on: date) -> QuerySet[Posting]:
    """First secretaries of X01: sent anew or in somebody's place, not moved and not prolonged."""
    return begun_in(scope, period, on).filter(kind=PostingKind.FIRST_SECRETARY, origin__in=NEWLY)


def of_party(rows: QuerySet[Posting]) -> QuerySet[Posting]:
    """T06 speaks of Party members."""
    return rows.filter(person__political_status__in=PARTY_MEMBERS)
