"""Which records does a figure of 2.12 count?"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import cache
from typing import NamedTuple
from uuid import UUID

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
)
from django.db.models.functions import Cast, Coalesce

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
    InsurancePolicy,
    LeaveRequest,
    NeedList,
    PaymentLine,
    PaymentList,
    Posting,
    PostingStep,
    SupportRecord,
    WorkFundBudget,
)
from lingyan.posting.queries.leave import VALID
from lingyan.posting.queries.presence import NEVER_CAME, list_there
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
    return rows.exclude(NEVER_CAME).filter(arrived, still)


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


class Sent(NamedTuple):
    """What a share is counted from: many postings, few columns."""

    pk: UUID
    person_id: UUID
    path: str
    since: date
    mains: tuple[rules.Capability, ...] = ()


def sent(rows: QuerySet[Posting]) -> list[Sent]:
    found = rows.select_related(None).values_list("pk", "person_id", "village__path", "since")
    return [Sent(*one) for one in found]


def sent_as_asked(rows: QuerySet[Posting]) -> list[Sent]:
    """With the main capabilities that the village asked for when the person was sent."""
    lists = NeedList.objects.filter(village=OuterRef("village"), issued_on__lte=OuterRef("since"))
    last = lists.order_by("-issued_on", "-created_at", "-pk")
    types = last.values(text=Cast("village_types", TextField()))[:1]
    found = (
        rows.select_related(None)
        .annotate(asked=Subquery(types))
        .values_list("pk", "person_id", "village__path", "since", "asked")
    )
    return [
        Sent(key, person, path, since, _mains(text or "[]"))
        for key, person, path, since, text in found
    ]


@cache
def _mains(types: str) -> tuple[rules.Capability, ...]:
    """Few texts, read from very many rows."""
    return tuple(
        rules.MAIN_OF_TYPE[kind] for kind in json.loads(types) if kind in rules.MAIN_OF_TYPE
    )


def postings_with(keys: Collection[object]) -> QuerySet[Posting]:
    return Posting.objects.filter(pk__in=keys).order_by()


def named(keys: Iterable[str]) -> dict[str, Posting]:
    """The postings with these keys, with everything that a list shows of them."""
    rows = postings_with(list(keys)).select_related(*NAMED)
    return {str(one.pk): one for one in rows}


Proofs = dict[UUID, list[rules.Evidence]]


def proofs_of(person_ids: Collection[UUID], kinds: Sequence[str]) -> Proofs:
    """Verified proofs of these capabilities, by person."""
    rows = CapabilityEvidence.objects.filter(
        person_id__in=person_ids, capability__in=kinds, verified=True
    ).order_by("person", "since", "pk")
    found: Proofs = {}
    for person, capability, since, until, level in rows.values_list(
        "person_id", "capability", "since", "until", "level"
    ):
        found.setdefault(person, []).append(rules.Evidence(capability, "", since, until, level))
    return found


def experienced(
    postings: Collection[Sent | Posting],
) -> dict[UUID, tuple[rules.Capability, ...]]:
    """By posting, which of the three kinds of experience the person had before it (R-2-10)."""
    proofs = proofs_of({one.person_id for one in postings}, rules.EXPERIENCE_OF_X02)
    return {
        one.pk: rules.experience_of_x02(proofs.get(one.person_id, ()), posted_since=one.since)
        for one in postings
    }


def main_levels(postings: Collection[Sent]) -> dict[UUID, int]:
    """By posting, the highest level in a main capability of the village on the first day."""
    proofs = proofs_of({one.person_id for one in postings}, [*rules.MAIN_OF_TYPE.values()])
    return {
        one.pk: max(
            (
                rules.capability_level(main, proofs.get(one.person_id, ()), as_of=one.since)
                for main in one.mains
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


def year_until(on: date) -> Period:
    """The year of a day, up to it."""
    return Period(year_of(on).since, on + ONE_DAY)


def in_post_in_year(scope: Scope, on: date) -> QuerySet[Posting]:
    """Who was in post in the year of a day, up to it."""
    return list_there(scope, year_until(on)).order_by("village__path", "-since", "pk")


def with_given(
    rows: QuerySet[Posting], items: Iterable[SupportItem], on: date
) -> QuerySet[Posting]:
    """`has_<item>`: whether the person was given it in the year of a day, up to it."""
    return rows.annotate(**{has(item): _given(item, on) for item in items})


def has(item: SupportItem) -> str:
    return f"has_{item.value}"


def _given(item: SupportItem, on: date) -> Exists | ExpressionWrapper[Q]:
    """Asked by person: whatever it was, and wherever, each has few of very many rows."""
    mine, year = OuterRef("person"), year_until(on)
    if item == SupportItem.ACCIDENT_INS:
        return ExpressionWrapper(~Q(person__in=_bare(year)), BooleanField())
    if item == SupportItem.WORK_FUND:
        budgets = WorkFundBudget.objects.filter(made_by(on, "made_at"), year=on.year)
        return Exists(budgets.filter(posting__person=mine))
    if item in PAID_MONTHLY:
        return Exists(_paid(item, year).filter(person=mine))
    exams = SupportRecord.objects.filter(
        posting__person=mine, item=item, void_reason="",
        happened_on__gte=year.since, happened_on__lt=year.until,
    )  # fmt: skip
    return Exists(exams)


def _paid(item: SupportItem, year: Period) -> QuerySet[PaymentLine]:
    lists = PaymentList.objects.filter(
        item=item, state=PaymentState.PAID, month__gte=year.since, month__lt=year.until,
        paid_on__lt=year.until,
    )  # fmt: skip
    return PaymentLine.objects.filter(
        list__in=list(lists.values_list("pk", flat=True)), stands=True, amount__gt=0,
        month__gte=year.since, month__lt=year.until,
    )  # fmt: skip


def _bare(year: Period) -> set[UUID]:
    """Who was without insurance on a day of the year in post; most have one policy for all."""
    there = list_there(EVERYTHING, year).select_related(None).order_by()
    policies = InsurancePolicy.objects.filter(posting__person=OuterRef("person"), void_reason="")
    whole = policies.filter(
        Q(since__lte=year.since) | Q(since__lte=OuterRef("came")),
        Q(until__gte=year.until) | Q(until__gte=OuterRef("until")),
    )
    patched = list(there.filter(~Exists(whole)))
    held = insured_periods({one.person_id for one in patched})
    return {one.person_id for one in patched if gaps(held.get(one.person_id, ()), _days(one, year))}


def _days(one: Posting, year: Period) -> Period:
    return Period(
        max(one.arrived_on or one.since, year.since), min(one.until or year.until, year.until)
    )


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
