"""What is each posted person insured for, given, paid, examined; what is due in a year?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import (
    Count,
    Exists,
    ExpressionWrapper,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404

from lingyan.common import clock
from lingyan.common.money import NOTHING
from lingyan.common.periods import Period, month_of, year_of
from lingyan.directory.models import CountySetting, Place
from lingyan.directory.rules.hands import POSTED
from lingyan.directory.scoping import place_q
from lingyan.directory.settings import list_settings
from lingyan.platform.accounts.actor import Actor, Scope
from lingyan.platform.columns import MoneyField
from lingyan.posting.models import (
    InsurancePolicy,
    MonthPresence,
    PaymentCorrection,
    PaymentLine,
    PaymentList,
    Posting,
    SupportRecord,
    WorkFundBudget,
    WorkFundEntry,
)
from lingyan.posting.models.diary import posting_q
from lingyan.posting.queries.life import list_in_post
from lingyan.posting.queries.postings import list_postings
from lingyan.posting.queries.presence import list_there
from lingyan.posting.queries.standards import numbers_on
from lingyan.posting.rules import support as rules
from lingyan.posting.rules.support_words import PaymentState, StandardKey, SupportItem

# --- insurance ------------------------------------------------------------------------------------


def policies_of(posting: Posting) -> QuerySet[InsurancePolicy]:
    """Every policy of the person: one from before a transfer covers on."""
    return InsurancePolicy.objects.filter(posting__person_id=posting.person_id).select_related(
        "posting__village"
    )


def find_policy(posting: Posting, number: str, since: date) -> InsurancePolicy | None:
    return InsurancePolicy.objects.filter(
        posting=posting, number=number, since=since, void_reason=""
    ).first()


def insured_periods(person_ids: Collection[UUID]) -> dict[UUID, list[Period]]:
    """Insured days by person; one query."""
    rows = InsurancePolicy.objects.filter(posting__person_id__in=person_ids, void_reason="")
    found: dict[UUID, list[Period]] = {}
    for person_id, since, until in rows.values_list("posting__person_id", "since", "until"):
        found.setdefault(person_id, []).append(Period(since, until))
    return found


def insurance_gaps(
    posting: Posting, since: date | None = None, until: date | None = None
) -> Sequence[Period]:
    """The days of the posting, or between two of its days, that no policy covers."""
    whole = Period(since or posting.since, until or posting.until or posting.planned_until)
    insured = insured_periods([posting.person_id]).get(posting.person_id, [])
    return rules.gaps(insured, whole)


def insured_without_gap(
    posting: Posting, since: date | None = None, until: date | None = None
) -> bool:
    """Whether accident insurance covers the whole posting (2.11), or these days of it."""
    return not insurance_gaps(posting, since, until)


# --- whose pages --------------------------------------------------------------------------------


def own_q(actor: Actor, prefix: str = "posting__") -> Q:
    """What is given to somebody is for that person and the offices, not for the team beside."""
    if actor.role in POSTED:
        return Q(**{f"{prefix}person_id": actor.scope.person_id or UUID(int=0)})
    return posting_q(actor.scope, prefix)


def get_supported(actor: Actor, posting_id: UUID) -> Posting:
    postings = list_postings(actor.scope).filter(own_q(actor, ""))
    return get_object_or_404(postings, pk=posting_id)


def list_insurance_ending(scope: Scope, today: date, soon: date) -> QuerySet[Posting]:
    """Who is in post, and is not insured from today until soon, or until the term ends."""
    policies = InsurancePolicy.objects.filter(void_reason="")
    now = policies.filter(posting__person=OuterRef("person"), since__lte=today, until__gt=today)
    long = now.filter(Q(until__gte=soon) | Q(until__gte=OuterRef("planned_until")))
    following = policies.filter(
        posting__person=OuterRef("posting__person"), since__lte=OuterRef("until"), until__gte=soon
    )
    followed = now.filter(Exists(following))
    return list_in_post(scope).filter(~Exists(long) & ~Exists(followed))


# --- the county's standards -----------------------------------------------------------------------


def _standards(county: Place) -> QuerySet[CountySetting]:
    return list_settings(county).filter(key__in=[one.value for one in StandardKey])


def standards_of(county: Place) -> list[rules.Standard]:
    rows = _standards(county).values_list("key", "amount", "since")
    return [rules.Standard(*row) for row in rows]


def standard_on(county: Place, key: str, day: date) -> Decimal | None:
    return rules.standard_on(standards_of(county), key, day)


def standards_in_force(county: Place, day: date) -> list[CountySetting]:
    """Of each standard the one that holds on a day."""
    held: dict[str, CountySetting] = {}
    for one in _standards(county).filter(since__lte=day).order_by("since"):
        held[one.key] = one
    return list(held.values())


# --- the work fund --------------------------------------------------------------------------------

SPENT = Coalesce(Sum("entries__amount"), Value(NOTHING, output_field=MoneyField()))


def list_budgets(actor: Actor) -> QuerySet[WorkFundBudget]:
    """Budgets in scope with what is spent of each."""
    found = WorkFundBudget.objects.filter(own_q(actor)).annotate(spent=SPENT)
    return found.annotate(
        left=ExpressionWrapper(F("amount") - F("spent"), MoneyField())
    ).select_related("posting__person", "posting__village__parent")


def totals_of(budgets: QuerySet[WorkFundBudget]) -> dict[str, Decimal]:
    """What was given and what is spent of all of them."""
    found = budgets.order_by().aggregate(given=Sum("amount"), used=Sum("spent"))
    return {name: total or NOTHING for name, total in found.items()}


def get_budget(actor: Actor, budget_id: UUID) -> WorkFundBudget:
    return get_object_or_404(list_budgets(actor), pk=budget_id)


def find_budget(posting: Posting, year: int) -> WorkFundBudget | None:
    return WorkFundBudget.objects.filter(posting=posting, year=year).first()


def spent_of(budget: WorkFundBudget) -> Decimal:
    total: Decimal | None = budget.entries.aggregate(total=Sum("amount"))["total"]
    return total or NOTHING


def entries_of(budget: WorkFundBudget) -> QuerySet[WorkFundEntry]:
    return budget.entries.select_related("corrects")


def get_entry(scope: Scope, entry_id: UUID) -> WorkFundEntry:
    entries = WorkFundEntry.objects.filter(posting_q(scope, "budget__posting__"))
    return get_object_or_404(
        entries.select_related("budget__posting__person", "budget__posting__village"), pk=entry_id
    )


def receipt_is_known(budget: WorkFundBudget, number: str) -> bool:
    known = budget.entries.filter(corrects__isnull=True, is_corrected=False, receipt_number=number)
    return known.exists()


def list_without_budget(scope: Scope, year: int) -> QuerySet[Posting]:
    """Who is in post in the year and has no work fund for it."""
    given = WorkFundBudget.objects.filter(posting=OuterRef("pk"), year=year)
    return list_in_year(scope, year).filter(~Exists(given))


# --- examinations and visits ----------------------------------------------------------------------


def records_of(posting: Posting) -> QuerySet[SupportRecord]:
    return SupportRecord.objects.filter(posting__person_id=posting.person_id).select_related(
        "posting__village"
    )


def find_record(posting: Posting, item: str, on: date) -> SupportRecord | None:
    return SupportRecord.objects.filter(
        posting=posting, item=item, happened_on=on, void_reason=""
    ).first()


def get_record(scope: Scope, record_id: UUID) -> SupportRecord:
    records = SupportRecord.objects.filter(posting_q(scope)).select_related(
        "posting__person", "posting__village"
    )
    return get_object_or_404(records, pk=record_id)


def get_policy(scope: Scope, policy_id: UUID) -> InsurancePolicy:
    policies = InsurancePolicy.objects.filter(posting_q(scope)).select_related(
        "posting__person", "posting__village"
    )
    return get_object_or_404(policies, pk=policy_id)


def owing_exams(person_ids: Collection[UUID], today: date) -> frozenset[UUID]:
    """Who owes an examination of this year or the last (G-18); three queries."""
    years = (today.year - 1, today.year)
    postings = Posting.objects.filter(person_id__in=person_ids).order_by("since", "pk")
    numbers = {year: numbers_on(min(today, date(year, 12, 31))) for year in years}
    in_post: dict[UUID, list[tuple[Period, int]]] = {}
    for one in postings.select_related("village"):
        for year in years:
            facts = rules.YearFacts(year, today, one.came_on, one.planned_until, one.until)
            if facts.period is not None:
                wanted = numbers[year].of(one.village.path, StandardKey.EXAMS_YEAR)
                in_post.setdefault(one.person_id, []).append((facts.period, wanted))
    exams: dict[UUID, list[date]] = {}
    made = SupportRecord.objects.filter(
        posting__person_id__in=in_post, item=SupportItem.HEALTH_EXAM, void_reason="",
        happened_on__gte=date(years[0], 1, 1),
    )  # fmt: skip
    for person_id, day in made.values_list("posting__person_id", "happened_on"):
        exams.setdefault(person_id, []).append(day)
    return frozenset(
        person_id
        for person_id, periods in in_post.items()
        if rules.owes_exam(periods, exams.get(person_id, []), today)
    )


def owes_exam(posting: Posting) -> bool:
    return posting.person_id in owing_exams([posting.person_id], clock.today())


# --- payment lists --------------------------------------------------------------------------------


def list_payments(scope: Scope) -> QuerySet[PaymentList]:
    """The lists of the county, each with its number of people and its sum."""
    return PaymentList.objects.filter(place_q(scope, "county__")).annotate(
        people=Count("lines"), total=Coalesce(Sum("lines__amount"), Value(NOTHING, MoneyField()))
    )


def get_payment(scope: Scope, list_id: UUID) -> PaymentList:
    return get_object_or_404(list_payments(scope).select_related("county"), pk=list_id)


def lines_of(payment: PaymentList) -> QuerySet[PaymentLine]:
    return PaymentLine.objects.filter(list=payment).select_related(
        "person", "posting__village__parent", "posting__unit", "correction"
    )


def get_line(scope: Scope, line_id: UUID) -> PaymentLine:
    """A line of a list that this person sees."""
    rows = PaymentLine.objects.filter(place_q(scope, "list__county__")).select_related(
        "list__county", "person", "posting__village__parent"
    )
    return get_object_or_404(rows, pk=line_id)


def get_correction(scope: Scope, correction_id: UUID) -> PaymentCorrection:
    rows = PaymentCorrection.objects.filter(place_q(scope, "line__list__county__"))
    return get_object_or_404(rows.select_related("line__posting__village"), pk=correction_id)


def list_open_corrections(county: Place, item: str) -> QuerySet[PaymentCorrection]:
    """What a later list of the item takes up: not void, and on no list that stands."""
    listed = PaymentLine.objects.filter(correction=OuterRef("pk"), stands=True)
    rows = PaymentCorrection.objects.filter(~Exists(listed), line__list__county=county)
    found = rows.filter(void_reason="", line__item=item)
    return found.select_related("line__person", "line__posting__village__parent").order_by(
        "line__month", "line__posting__village__path", "pk"
    )


def paid_of(line: PaymentLine) -> tuple[Decimal, bool]:
    """What was paid of the month with every correction, and whether another one is open."""
    same = PaymentLine.objects.filter(
        person_id=line.person_id, item=line.item, month=line.month, stands=True
    )
    paid = same.filter(list__state=PaymentState.PAID).aggregate(total=Sum("amount"))["total"]
    waiting = same.exclude(list__state=PaymentState.PAID).exists()
    made = PaymentCorrection.objects.filter(
        line__person_id=line.person_id, line__item=line.item, line__month=line.month,
        void_reason="",
    )  # fmt: skip
    unlisted = made.exclude(lines__stands=True).exists()
    return paid or NOTHING, waiting or unlisted


def lines_of_person(posting: Posting, year: int) -> QuerySet[PaymentLine]:
    """What the person was listed for in the months of a year, the newest first."""
    period = year_of(date(year, 1, 1))
    rows = PaymentLine.objects.filter(
        person_id=posting.person_id, stands=True, month__gte=period.since, month__lt=period.until
    )
    return rows.select_related("list", "posting__village").order_by("-month", "item")


@dataclass(frozen=True, slots=True)
class Ready:
    """Somebody to be paid for a month, with the days that the village has confirmed."""

    posting: Posting
    days: int | None


@dataclass(frozen=True, slots=True)
class LeftOut:
    posting: Posting
    reason: str


def who_is_paid(county: Place, item: str, month: date) -> tuple[list[Ready], list[LeftOut]]:
    """Who can be listed for the month, and who cannot yet and why; nobody twice.

    Somebody transferred within the month has two postings: the days of both count together.
    """
    period = month_of(month)
    there = list_there(Scope((county.path,)), period).order_by("village__path", "since", "pk")
    listed = PaymentLine.objects.filter(person=OuterRef("person"), item=item, month=period.since)
    of_person: dict[UUID, list[Posting]] = {}
    for one in there.filter(~Exists(listed.filter(stands=True))):
        of_person.setdefault(one.person_id, []).append(one)
    ready: list[Ready] = []
    left: list[LeftOut] = []
    days = _confirmed_days([one.pk for held in of_person.values() for one in held], period.since)
    for held in of_person.values():
        last = max(held, key=lambda one: one.since)
        if item != SupportItem.LIVING:
            ready.append(Ready(last, None))
        elif any(one.pk not in days for one in held):
            left.append(LeftOut(last, "村里还没有确认在村天数"))
        elif total := sum(days[one.pk] for one in held):
            ready.append(Ready(last, total))
        else:
            left.append(LeftOut(last, "确认的在村天数是 0"))
    return ready, left


def _confirmed_days(posting_ids: Collection[UUID], month: date) -> dict[UUID, int]:
    rows = MonthPresence.objects.filter(posting_id__in=posting_ids, month=month)
    return dict(rows.values_list("posting_id", "days"))


# --- a year of many people ------------------------------------------------------------------------


def list_in_year(scope: Scope, year: int) -> QuerySet[Posting]:
    """Everybody who was in post for some of this year."""
    return list_there(scope, year_of(date(year, 1, 1)))


def year_facts(postings: Sequence[Posting], year: int) -> dict[UUID, rules.YearFacts]:
    """What is known of each posting in the year; six queries however many there are."""
    today, whole = clock.today(), year_of(date(year, 1, 1))
    keys = [one.pk for one in postings]
    people = [one.person_id for one in postings]
    insured = insured_periods(people)
    funds = _funds(keys, year)
    months = _months(keys, whole)
    paid, listed = _payments(people, whole)
    counts = _counts(people, whole)
    priced = _priced()
    numbers = numbers_on(min(today, whole.last_day))
    none: frozenset[tuple[str, date]] = frozenset()
    found = {}
    for one in postings:
        fund, spent = funds.get(one.pk, (None, NOTHING))
        confirmed = months.get(one.pk, {})
        found[one.pk] = rules.YearFacts(
            year=year,
            today=today,
            came_on=one.came_on,
            planned_until=one.planned_until,
            until=one.until,
            insured=insured.get(one.person_id, ()),
            fund=fund,
            spent=spent,
            confirmed=confirmed,
            empty={month for month, days in confirmed.items() if not days},
            paid=frozenset(paid.get(one.person_id, none)),
            listed=frozenset(listed.get(one.person_id, none)),
            exams=counts.get((one.person_id, SupportItem.HEALTH_EXAM), 0),
            visits=counts.get((one.person_id, SupportItem.CARE_VISIT), 0),
            exams_wanted=numbers.of(one.village.path, StandardKey.EXAMS_YEAR),
            visits_wanted=numbers.of(one.village.path, StandardKey.VISITS_YEAR),
            priced={key: day for path, key, day in priced if one.village.path.startswith(path)},
        )
    return found


def _priced() -> list[tuple[str, str, date]]:
    """Of each county and standard the first day on which there was one."""
    rows = CountySetting.objects.order_by().values_list("county__path", "key")
    return list(rows.annotate(first=Min("since")))


def _funds(keys: Collection[UUID], year: int) -> dict[UUID, tuple[Decimal, Decimal]]:
    rows = WorkFundBudget.objects.filter(posting_id__in=keys, year=year).annotate(spent=SPENT)
    return {
        pk: (amount, spent)
        for pk, amount, spent in rows.values_list("posting_id", "amount", "spent")
    }


def _months(keys: Collection[UUID], whole: Period) -> dict[UUID, dict[date, int]]:
    rows = MonthPresence.objects.filter(
        posting_id__in=keys, month__gte=whole.since, month__lt=whole.until
    )
    found: dict[UUID, dict[date, int]] = {}
    for pk, month, days in rows.values_list("posting_id", "month", "days"):
        found.setdefault(pk, {})[month] = days
    return found


Listed = dict[UUID, set[tuple[str, date]]]


def _payments(people: Collection[UUID], whole: Period) -> tuple[Listed, Listed]:
    """Months paid, and months on a list that is not paid yet, by person."""
    rows = PaymentLine.objects.filter(
        person_id__in=people, stands=True, month__gte=whole.since, month__lt=whole.until
    )
    paid: Listed = {}
    listed: Listed = {}
    for person_id, item, month, state in rows.values_list(
        "person_id", "item", "month", "list__state"
    ):
        found = paid if state == PaymentState.PAID else listed
        found.setdefault(person_id, set()).add((item, month))
    return paid, listed


def _counts(people: Collection[UUID], whole: Period) -> dict[tuple[UUID, str], int]:
    rows = SupportRecord.objects.filter(
        posting__person_id__in=people, void_reason="",
        happened_on__gte=whole.since, happened_on__lt=whole.until,
    )  # fmt: skip
    counted = rows.values_list("posting__person_id", "item").annotate(Count("pk")).order_by()
    return {(person_id, item): count for person_id, item, count in counted}
