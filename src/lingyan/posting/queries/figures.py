"""Which records does a figure of 2.12 count?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from lingyan.common import clock
from lingyan.common.periods import ONE_DAY, Period, year_of
from lingyan.directory.models import Place
from lingyan.directory.rules import PARTY_MEMBERS
from lingyan.platform.accounts.actor import EVERYTHING, Scope
from lingyan.posting import rules
from lingyan.posting.models import (
    CapabilityEvidence,
    CareerUse,
    HelpRequest,
    Honor,
    LeaveRequest,
    PaymentLine,
    Posting,
    PostingStep,
    SupportRecord,
    WorkFundBudget,
)
from lingyan.posting.queries.gathering import issued_types
from lingyan.posting.queries.leave import VALID
from lingyan.posting.queries.presence import COMING, list_there
from lingyan.posting.queries.records import made_by
from lingyan.posting.queries.support import insured_periods
from lingyan.posting.rules import IN_POST, PostingKind, PostingOrigin, PostingState
from lingyan.posting.rules.life_words import LeaveKind
from lingyan.posting.rules.support import PAID_MONTHLY, gaps
from lingyan.posting.rules.support_words import (
    CareerKind,
    HelpState,
    HonorLevel,
    NominationState,
    PaymentState,
    SupportItem,
)

NEWLY = (PostingOrigin.NEW, PostingOrigin.REPLACE)
NAMED = ("person", "village__parent", "unit")
UP = (CareerKind.PROMOTED, CareerKind.FURTHER_USE)
ABOVE_THE_COUNTY = (HonorLevel.CITY, HonorLevel.PROVINCE)
FIVE_ITEMS = (
    SupportItem.WORK_FUND, SupportItem.LIVING, SupportItem.TRANSPORT_COMM,
    SupportItem.HEALTH_EXAM, SupportItem.ACCIDENT_INS,
)  # fmt: skip


# --- who was posted -------------------------------------------------------------------------------


def in_post_on(scope: Scope, day: date) -> QuerySet[Posting]:
    """Who was IN_POST (R-2-31) on a day.

    Of an earlier day the state is known no more, but the arrival and the end are.
    """
    rows = Posting.objects.visible_to(scope).select_related(*NAMED)
    if day >= clock.today():
        return rows.filter(state__in=IN_POST, until__isnull=True)
    arrived = Q(arrived_on__lte=day) | Q(arrived_on__isnull=True, since__lte=day)
    still = Q(until__isnull=True) | Q(until__gt=day)
    return rows.exclude(state__in=COMING).filter(arrived, still)


def begun_in(scope: Scope, period: Period, on: date) -> QuerySet[Posting]:
    """Postings that began in the period, up to a day of it."""
    begun = Posting.objects.visible_to(scope).filter(since__gte=period.since, since__lte=on)
    return begun.select_related(*NAMED)


def newly_sent(scope: Scope, period: Period, on: date) -> QuerySet[Posting]:
    """First secretaries of X01: sent anew or in somebody's place, not moved and not prolonged."""
    return begun_in(scope, period, on).filter(kind=PostingKind.FIRST_SECRETARY, origin__in=NEWLY)


def of_party(rows: QuerySet[Posting]) -> QuerySet[Posting]:
    """T06 speaks of Party members."""
    return rows.filter(person__political_status__in=PARTY_MEMBERS)


def present_q(day: date) -> Q:
    """Neither on leave nor suspended on the day; an errand is work."""
    mine = OuterRef("pk")
    leave = LeaveRequest.objects.filter(posting=mine, state__in=VALID, since__lte=day)
    leave = leave.exclude(kind=LeaveKind.BUSINESS).alias(back=Coalesce("back_on", "until"))
    steps = PostingStep.objects.filter(happened_on__lte=day)
    resumed = steps.filter(
        posting=OuterRef("posting"), act="resume", made_at__gt=OuterRef("made_at")
    )
    suspended = steps.filter(~Exists(resumed), posting=mine, act="suspend")
    return ~Exists(leave.filter(back__gt=day)) & ~Q(Exists(suspended))


def recalled(scope: Scope, period: Period, on: date) -> QuerySet[Posting]:
    """Postings that ended by recall in the period."""
    ended = Posting.objects.visible_to(scope).filter(until__gte=period.since, until__lte=on)
    return ended.filter(state=PostingState.RECALLED).select_related(*NAMED)


# --- what they bring ------------------------------------------------------------------------------


Proofs = dict[UUID, list[rules.Evidence]]


def proofs_of(person_ids: Collection[UUID], kinds: Sequence[str]) -> Proofs:
    """Verified proofs of these capabilities, by person."""
    rows = CapabilityEvidence.objects.filter(
        person_id__in=person_ids, capability__in=kinds, verified=True
    )
    found: Proofs = {}
    for one in rows.order_by("person", "since", "pk"):
        found.setdefault(one.person_id, []).append(
            rules.Evidence(one.capability, one.text, one.since, one.until, one.level)
        )
    return found


def experienced(postings: Sequence[Posting]) -> dict[UUID, tuple[rules.Capability, ...]]:
    """By posting, which of the three kinds of experience the person had before it (R-2-10)."""
    proofs = proofs_of({one.person_id for one in postings}, rules.EXPERIENCE_OF_X02)
    return {
        one.pk: rules.experience_of_x02(proofs.get(one.person_id, ()), posted_since=one.since)
        for one in postings
    }


def mains_asked(postings: Sequence[Posting]) -> dict[UUID, tuple[rules.Capability, ...]]:
    """By posting, the main capabilities that the village asked for when the person was sent."""
    lists: dict[UUID, list[tuple[date, list[str]]]] = {}
    for village, day, types in issued_types({one.village_id for one in postings}):
        lists.setdefault(village, []).append((day, types))
    found = {}
    for one in postings:
        held = [types for day, types in lists.get(one.village_id, ()) if day <= one.since]
        named = held[-1] if held else []
        found[one.pk] = tuple(
            rules.MAIN_OF_TYPE[kind] for kind in named if kind in rules.MAIN_OF_TYPE
        )
    return found


def main_levels(
    postings: Sequence[Posting], mains: Mapping[UUID, Sequence[rules.Capability]]
) -> dict[UUID, int]:
    """By posting, the highest level in a main capability of the village on the first day."""
    proofs = proofs_of({one.person_id for one in postings}, [*rules.MAIN_OF_TYPE.values()])
    return {
        one.pk: max(
            (
                rules.capability_level(main, proofs.get(one.person_id, ()), as_of=one.since)
                for main in mains[one.pk]
            ),
            default=0,
        )
        for one in postings
    }


# --- what was done for them -----------------------------------------------------------------------

OF_POSTING = ("posting__person", "posting__village__parent", "posting__unit")
OF_FIRST_SECRETARY = Q(posting__kind=PostingKind.FIRST_SECRETARY)


def solved(scope: Scope, period: Period, on: date) -> QuerySet[HelpRequest]:
    """Difficulties of first secretaries, solved as they say themselves (X03)."""
    rows = HelpRequest.objects.visible_to(scope).filter(
        OF_FIRST_SECRETARY, state=HelpState.SOLVED, closed_on__gte=period.since, closed_on__lte=on
    )
    return rows.select_related(*OF_POSTING)


def promoted(scope: Scope, period: Period, on: date) -> QuerySet[CareerUse]:
    """First secretaries promoted or of further use; a step in rank is none (X04)."""
    rows = CareerUse.objects.visible_to(scope).filter(
        OF_FIRST_SECRETARY, state=NominationState.GRANTED, kind__in=UP,
        decided_on__gte=period.since, decided_on__lte=on,
    )  # fmt: skip
    return rows.select_related(*OF_POSTING)


def honoured(scope: Scope, period: Period, on: date) -> QuerySet[Honor]:
    """First secretaries honoured by city or province (X05)."""
    rows = Honor.objects.visible_to(scope).filter(
        OF_FIRST_SECRETARY, state=NominationState.GRANTED, level__in=ABOVE_THE_COUNTY,
        decided_on__gte=period.since, decided_on__lte=on,
    )  # fmt: skip
    return rows.select_related(*OF_POSTING)


# --- support --------------------------------------------------------------------------------------


def in_post_in_year(scope: Scope, on: date) -> list[Posting]:
    """Who was in post in the year of a day, up to it, the latest posting of each first."""
    year = Period(year_of(on).since, on + ONE_DAY)
    return list(list_there(scope, year).order_by("-since", "village__path", "pk"))


def given_in_year(postings: Sequence[Posting], on: date) -> dict[UUID, frozenset[SupportItem]]:
    """Which of the five each person was given in the year of a day, up to it; by person."""
    people = {one.person_id for one in postings}
    year = Period(year_of(on).since, on + ONE_DAY)
    found: dict[UUID, set[SupportItem]] = {one: set() for one in people}
    for item, whose in (
        (SupportItem.WORK_FUND, _funded(on)),
        *((item, _paid(item, year)) for item in PAID_MONTHLY),
        (SupportItem.HEALTH_EXAM, _examined(year)),
    ):
        for one in whose:
            if one in found:
                found[one].add(item)
    for one in _insured(people, year):
        found[one].add(SupportItem.ACCIDENT_INS)
    return {one: frozenset(items) for one, items in found.items()}


def _funded(on: date) -> QuerySet[WorkFundBudget, UUID]:
    rows = WorkFundBudget.objects.filter(made_by(on, "made_at"), year=on.year)
    return rows.order_by().values_list("posting__person_id", flat=True)


def _paid(item: SupportItem, year: Period) -> QuerySet[PaymentLine, UUID]:
    rows = PaymentLine.objects.filter(
        item=item, stands=True, amount__gt=0, month__gte=year.since, month__lt=year.until,
        list__state=PaymentState.PAID, list__paid_on__lt=year.until,
    )  # fmt: skip
    return rows.order_by().values_list("person_id", flat=True).distinct()


def _examined(year: Period) -> QuerySet[SupportRecord, UUID]:
    rows = SupportRecord.objects.filter(
        item=SupportItem.HEALTH_EXAM, void_reason="",
        happened_on__gte=year.since, happened_on__lt=year.until,
    )  # fmt: skip
    return rows.order_by().values_list("posting__person_id", flat=True)


def _insured(people: Collection[UUID], year: Period) -> list[UUID]:
    """Insured on each day of the year in post, wherever that was."""
    policies = insured_periods(people)
    held = Posting.objects.filter(person_id__in=people).exclude(state__in=COMING)
    bare: set[UUID] = set()
    for person, came, since, until in held.values_list("person_id", "arrived_on", "since", "until"):
        days = Period(max(came or since, year.since), min(until or year.until, year.until))
        if days.since < days.until and gaps(policies.get(person, ()), days):
            bare.add(person)
    return [one for one in people if one not in bare]


# --- villages that are being rectified ------------------------------------------------------------


def villages_of(village_ids: Collection[UUID]) -> list[Place]:
    rows = Place.objects.filter(pk__in=village_ids).select_related("parent")
    return list(rows.order_by("path"))


def first_secretaries_on(village_ids: Collection[UUID], day: date) -> dict[UUID, Posting]:
    """Who was the first secretary of each village on a day; of two the one who has come."""
    rows = in_post_on(EVERYTHING, day).filter(
        kind=PostingKind.FIRST_SECRETARY, village_id__in=village_ids
    )
    return {one.village_id: one for one in rows.order_by("since", "pk")}
