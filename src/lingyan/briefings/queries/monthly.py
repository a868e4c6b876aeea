"""Which months are open, which reports may this person read, and which wait for whom?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Substr
from django.shortcuts import get_object_or_404

from lingyan.briefings.models import (
    MonthlyAnswer,
    MonthlyForm,
    MonthlyItem,
    MonthlyPeriod,
    MonthlyReport,
)
from lingyan.briefings.rules.monthly import MADE_BEFORE, Answer, Item
from lingyan.briefings.rules.monthly_words import DONE, OVER, TO_FILL, ItemKind, ReportState
from lingyan.common.periods import ONE_DAY, Period, add_months, over_before
from lingyan.directory import queries as directory
from lingyan.directory import search
from lingyan.directory.models import Place
from lingyan.directory.scoping import PATH_DIGITS, place_q
from lingyan.platform.accounts.actor import Actor, Scope
from lingyan.platform.audit.hands import hand_of
from lingyan.platform.audit.models import AuditEntry

# --- what is asked --------------------------------------------------------------------------------


def find_form(county: Place) -> MonthlyForm | None:
    """The version in force: the newest."""
    return MonthlyForm.objects.filter(county=county).order_by("-version").first()


def list_forms(county: Place) -> QuerySet[MonthlyForm]:
    return MonthlyForm.objects.filter(county=county).order_by("-version").prefetch_related("items")


def items_of(form: MonthlyForm | None) -> list[MonthlyItem]:
    return list(form.items.order_by("position")) if form else []


def item_of(one: MonthlyItem) -> Item:
    return Item(one.name, one.kind, one.why, one.unit, one.time, one.code)


def codes_used(county: Place) -> int:
    """How many codes the county has given out, over all versions."""
    found = MonthlyItem.objects.filter(form__county=county).values("code").distinct()
    return found.count()


# --- months and reports ---------------------------------------------------------------------------


def list_periods(scope: Scope) -> QuerySet[MonthlyPeriod]:
    return MonthlyPeriod.objects.visible_to(scope).select_related("county", "form")


def get_period(scope: Scope, period_id: UUID) -> MonthlyPeriod:
    return get_object_or_404(list_periods(scope), pk=period_id)


def find_period(county: Place, month: date) -> MonthlyPeriod | None:
    return MonthlyPeriod.objects.filter(county=county, month=month).first()


def next_month(county: Place, today: date) -> date:
    """The month that is asked for next: after the last one, or the one before this day's."""
    last = MonthlyPeriod.objects.filter(county=county).order_by("-month").first()
    if last is None:
        return add_months(today.replace(day=1), -1)
    return min(add_months(last.month, 1), today.replace(day=1))


def list_reports(scope: Scope) -> QuerySet[MonthlyReport]:
    rows = MonthlyReport.objects.visible_to(scope)
    return rows.select_related("village__parent", "period")


def get_report(scope: Scope, report_id: UUID) -> MonthlyReport:
    rows = list_reports(scope).select_related("village__parent", "period__form", "period__county")
    return get_object_or_404(rows, pk=report_id)


def list_versions(report: MonthlyReport) -> list[MonthlyReport]:
    rows = MonthlyReport.objects.filter(period=report.period_id, village=report.village_id)
    return list(rows.order_by("-version"))


def find_locked(report: MonthlyReport) -> MonthlyReport | None:
    """The locked report that this one corrects."""
    return MonthlyReport.objects.filter(
        period=report.period_id, village=report.village_id, state=ReportState.LOCKED
    ).first()


def answers_of(report: MonthlyReport) -> dict[str, Answer]:
    """By the code of the item."""
    rows = MonthlyAnswer.objects.filter(report=report)
    return {one.code: answer_of(one) for one in rows}


def answer_of(one: MonthlyAnswer) -> Answer:
    return Answer(one.number, one.is_so, one.text)


def answers_before(report: MonthlyReport) -> dict[str, Answer]:
    """What the village said last time, shown beside the questions."""
    before = (
        MonthlyReport.objects.filter(village=report.village_id, month__lt=report.month)
        .exclude(state__in=(ReportState.DRAFT, ReportState.EXCUSED, ReportState.DROPPED))
        .order_by("-month", "-version")
        .first()
    )
    return answers_of(before) if before else {}


def answers_of_reports(reports: Iterable[MonthlyReport]) -> dict[UUID, dict[str, Answer]]:
    """For a sheet of many reports: one query."""
    rows = MonthlyAnswer.objects.filter(report__in=[one.pk for one in reports])
    found: dict[UUID, dict[str, Answer]] = {}
    for one in rows.order_by("report", "code"):
        found.setdefault(one.report_id, {})[one.code] = answer_of(one)
    return found


def newest_reports(period: MonthlyPeriod, scope: Scope) -> dict[UUID, MonthlyReport]:
    """Of each village that owes one the report in hand: a correction before what it corrects."""
    rows = list_reports(scope).filter(period=period)
    rows = rows.exclude(state__in=(ReportState.EXCUSED, ReportState.DROPPED))
    return {one.village_id: one for one in rows.order_by("version", "pk")}


def search_q(text: str) -> Q:
    return search.of_villages_q(text, "village")


# --- who owes, and whose step it is ---------------------------------------------------------------


def list_owing(county: Place, towns: Iterable[Place]) -> list[Place]:
    """The villages of these towns, as they are today."""
    scope = Scope((county.path,))
    parents = [one.pk for one in towns]
    return list(directory.list_villages(scope).filter(parent__in=parents).order_by("path"))


def list_left_out(period: MonthlyPeriod, towns: Iterable[Place]) -> list[Place]:
    """The villages of these towns that are not asked for this month."""
    asked = set(MonthlyReport.objects.filter(period=period).values_list("village_id", flat=True))
    return [one for one in list_owing(period.county, towns) if one.pk not in asked]


def towns_left_out(period: MonthlyPeriod) -> list[Place]:
    """Towns with a village that is not asked for this month."""
    asked = MonthlyReport.objects.filter(period=period).order_by().values("village")
    scope = Scope((period.county.path,))
    missing = directory.list_villages(scope).exclude(pk__in=asked).order_by().values("parent")
    return list(directory.list_towns(scope).filter(pk__in=missing))


def late_q(today: date) -> Q:
    """The day itself is in time; a correction is late nowhere: the village has reported."""
    return Q(version=1, state__in=TO_FILL, due_on__lt=today)


def correcting_q() -> Q:
    return Q(version__gt=1) & ~Q(state__in=OVER)


def list_late(today: date) -> QuerySet[MonthlyReport]:
    """Of every county, by month and town."""
    rows = MonthlyReport.objects.filter(late_q(today))
    found = rows.select_related("period__county", "village__parent")
    return found.order_by("period__month", "period_id", "village__path")


def list_approved(period: MonthlyPeriod, actor: Actor) -> QuerySet[MonthlyReport]:
    rows = MonthlyReport.objects.visible_to(actor.scope).select_related("village")
    rows = rows.filter(period=period, state=ReportState.APPROVED)
    return rows.order_by("village__path", "pk")


def not_own(reports: Sequence[MonthlyReport], act: str, actor: Actor) -> list[MonthlyReport]:
    """Those of one month whose making went through other hands than this person's (R-0-20).

    A delegate and whom he stands for are one pair of hands, for the makers as for this person.
    """
    made = _made_by(reports, MADE_BEFORE[act])
    return [
        one
        for one in reports
        if hand_of(actor, makers=made[one.village_id], records=()) not in made[one.village_id]
    ]


def _made_by(reports: Sequence[MonthlyReport], acts: Collection[str]) -> dict[UUID, set[str]]:
    """Who did these for each village, and for whom, in any version: a correction keeps what was
    typed for the first one.
    """
    found: dict[UUID, set[str]] = {one.village_id: set() for one in reports}
    versions = MonthlyReport.objects.filter(
        period__in={one.period_id for one in reports}, village__in=found
    )
    villages = {str(pk): village for pk, village in versions.values_list("pk", "village_id")}
    entries = AuditEntry.objects.filter(subject_id__in=list(villages), action__in=acts)
    for subject, *hands in entries.values_list("subject_id", "actor_user_id", "actor_for_id"):
        found[villages[subject]] |= {str(one) for one in hands if one is not None}
    return found


# --- how far a month is ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Progress:
    """Of one town, or of all: how many villages owe, and how far they are."""

    name: str
    path: str
    owed: int
    to_fill: int
    with_town: int
    with_county: int
    locked: int
    late: int
    corrected: int = 0

    def __add__(self, other: Progress) -> Progress:
        return Progress(
            self.name, self.path, self.owed + other.owed, self.to_fill + other.to_fill,
            self.with_town + other.with_town, self.with_county + other.with_county,
            self.locked + other.locked, self.late + other.late,
            self.corrected + other.corrected,
        )  # fmt: skip


def _count(**condition: Any) -> Count:
    return Count("pk", filter=Q(**condition))


COUNTED = {
    "owed": Count("pk", filter=Q(version=1) & ~Q(state=ReportState.EXCUSED)),
    "to_fill": _count(version=1, state__in=TO_FILL),
    "with_town": _count(version=1, state=ReportState.SUBMITTED),
    "with_county": _count(version=1, state=ReportState.APPROVED),
    "locked": _count(version=1, state__in=DONE),
    "corrected": Count("pk", filter=correcting_q()),
}


def progress_by_town(scope: Scope, period: MonthlyPeriod, today: date) -> list[Progress]:
    """One query: the towns of the scope in the order of their paths."""
    rows = MonthlyReport.objects.visible_to(scope).filter(period=period)
    length = len(period.county.path) + PATH_DIGITS
    town = Place.objects.filter(path=OuterRef("town_path")).values("short_name")[:1]
    counted = (
        rows.annotate(town_path=Substr(F("village__path"), 1, length))
        .order_by()
        .values("town_path")
        .annotate(
            **COUNTED,
            late=Count("pk", filter=late_q(today)),
            town_name=Subquery(town),
        )
        .order_by("town_path")
    )
    return [
        Progress(
            one["town_name"] or "", one["town_path"],
            **{name: one[name] for name in (*COUNTED, "late")},
        )
        for one in counted
    ]  # fmt: skip


def progress_of_periods(scope: Scope, periods: Iterable[MonthlyPeriod]) -> dict[UUID, Progress]:
    """For the list of months: one query for all that it shows."""
    rows = MonthlyReport.objects.visible_to(scope).filter(period__in=[one.pk for one in periods])
    counted = rows.order_by().values("period").annotate(**COUNTED)
    return {
        one["period"]: Progress("", "", **{name: one[name] for name in COUNTED}, late=0)
        for one in counted
    }


# --- the numbers of locked reports ----------------------------------------------------------------


IN_TIME = Q(first_submitted_on__lte=F("due_on"))


def list_due(scope: Scope, period: Period, on: date, *, today: date) -> QuerySet[MonthlyReport]:
    """Reports whose day lies in the period and is over, or that were sent by it.

    What is due today and not sent has its whole day. A correction is no second report.
    """
    due = Q(due_on__gte=period.since, due_on__lt=period.until, due_on__lte=on)
    over = Q(due_on__lt=over_before(on, today=today))
    rows = list_reports(scope).filter(due, over | IN_TIME, version=1)
    return rows.exclude(state=ReportState.EXCUSED)


def list_locked(scope: Scope, period: Period) -> QuerySet[MonthlyReport]:
    return list_reports(scope).filter(_whole_months(period), state=ReportState.LOCKED)


def answers_of_months(scope: Scope, code: str, period: Period) -> QuerySet[MonthlyAnswer]:
    return _locked_answers(scope, code).filter(_whole_months(period))


def answers_at_end(scope: Scope, code: str, on: date) -> QuerySet[MonthlyAnswer]:
    """Of each village the last month that was over on that day."""
    rows = _locked_answers(scope, code).filter(month__lt=(on + ONE_DAY).replace(day=1))
    # Asked by village, each has one look at the index; asked of every answer it is thousands.
    newest = rows.filter(village=OuterRef("pk")).order_by("-month", "-pk").values("pk")[:1]
    places = Place.objects.filter(place_q(scope, "")).order_by()
    return rows.filter(pk__in=places.values(newest=Subquery(newest)))


def _whole_months(period: Period) -> Q:
    return Q(month__gte=period.since, month__lt=period.until.replace(day=1))


HOLDS = Q(number__isnull=False) | Q(is_so__isnull=False)


def _locked_answers(scope: Scope, code: str) -> QuerySet[MonthlyAnswer]:
    rows = MonthlyAnswer.objects.filter(
        place_q(scope, "village__"), HOLDS, code=code, report__state=ReportState.LOCKED
    )
    return rows.select_related("village__parent", "report")


def newest_items(code: str = "") -> list[MonthlyItem]:
    """Each item ever asked, or the one with this code, in its newest wording, but for words."""
    rows = MonthlyItem.objects.exclude(kind=ItemKind.TEXT)
    if code:
        rows = rows.filter(code=code)
    newest = {
        one.code: one
        for one in rows.select_related("form__county").order_by("form__version", "position", "pk")
    }
    return [newest[code] for code in sorted(newest)]
