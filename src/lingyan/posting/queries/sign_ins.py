"""Is the sign-in by location switched on here, and on which days was it used?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from lingyan.common import clock
from lingyan.common.nearness import Point, point_of
from lingyan.directory.models import CountySetting
from lingyan.posting.models import Posting, SignIn
from lingyan.posting.queries.standards import number_for, numbers_on
from lingyan.posting.rules.presence import PresenceFact
from lingyan.posting.rules.support_words import StandardKey


def is_on(posting: Posting) -> bool:
    return bool(numbers_on(clock.today()).of(posting.village.path, StandardKey.SIGN_IN))


def find_sign_in(posting: Posting, day: date) -> SignIn | None:
    return SignIn.objects.filter(posting=posting, happened_on=day).first()


def village_point(posting: Posting) -> Point | None:
    """Where the village lies, if the county has said so."""
    return point_of(posting.village.latitude, posting.village.longitude)


def radius_of(posting: Posting) -> int:
    return number_for(posting.village.path, StandardKey.SIGN_IN_RADIUS)


def presence_facts(
    posting_ids: Collection[UUID], since: date, until: date
) -> Iterable[PresenceFact]:
    """Nothing at all where the county has it switched off today; the place is told to nobody.

    A press outside the range of the village says nothing of being there (R-2-22).
    """
    switched = CountySetting.objects.filter(
        county=OuterRef("county"), key=StandardKey.SIGN_IN, since__lte=clock.today()
    )
    later = switched.filter(since__gt=OuterRef("since"))
    on = switched.filter(~Exists(later.filter(county=OuterRef("county"))), amount__gt=0)
    rows = SignIn.objects.filter(
        Exists(on), posting_id__in=posting_ids, happened_on__gte=since, happened_on__lt=until
    ).filter(Q(within=True) | Q(within__isnull=True))
    for posting_id, day, within in rows.values_list("posting_id", "happened_on", "within"):
        yield PresenceFact(posting_id, day, "定位登记", "在村的范围内" if within else "")
