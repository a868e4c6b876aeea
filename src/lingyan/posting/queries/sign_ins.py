"""Is the sign-in by location switched on here, and on which days was it used?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef

from lingyan.common import clock
from lingyan.posting.models import Posting, SignIn, SupportStandard
from lingyan.posting.queries.standards import numbers_on
from lingyan.posting.rules.presence import PresenceFact
from lingyan.posting.rules.support_words import StandardKey


def is_on(posting: Posting) -> bool:
    return bool(numbers_on(clock.today()).of(posting.village.path, StandardKey.SIGN_IN))


def is_made(posting: Posting, day: date) -> bool:
    return SignIn.objects.filter(posting=posting, happened_on=day).exists()


def presence_facts(
    posting_ids: Collection[UUID], since: date, until: date
) -> Iterable[PresenceFact]:
    """Nothing at all where the county has it switched off today; the place is told to nobody."""
    switched = SupportStandard.objects.filter(
        county=OuterRef("county"), key=StandardKey.SIGN_IN, since__lte=clock.today()
    )
    later = switched.filter(since__gt=OuterRef("since"))
    on = switched.filter(~Exists(later.filter(county=OuterRef("county"))), amount__gt=0)
    rows = SignIn.objects.filter(
        Exists(on), posting_id__in=posting_ids, happened_on__gte=since, happened_on__lt=until
    )
    for posting_id, day in rows.values_list("posting_id", "happened_on"):
        yield PresenceFact(posting_id, day, "定位登记")
