"""Which records make up a report, which reports are confirmed, and which are still to come?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from lingyan.common import clock
from lingyan.common.periods import Period
from lingyan.platform.accounts.actor import Actor, Scope
from lingyan.posting.models import DiaryEntry, DutyReport, Posting, Problem
from lingyan.posting.models.diary import posting_q
from lingyan.posting.queries import presence
from lingyan.posting.queries.postings import list_postings
from lingyan.posting.queries.problems import in_period
from lingyan.posting.rules import POSTED
from lingyan.posting.rules import reports as rules
from lingyan.posting.rules.diary_words import ProblemState, ReportKind


@dataclass(frozen=True, slots=True)
class Gathered:
    """A report as the records make it now, and which records those are."""

    content: dict[str, Any]
    records: list[list[Any]]


def gather(posting: Posting, due: rules.DueReport) -> Gathered:
    """Four queries, whatever the period: entries, problems found and solved, days of presence."""
    period = rules.clipped(due.period, posting.since, posting.until)
    entries = list(_entries(posting, period))
    problems = Problem.objects.filter(posting=posting)
    found = list(problems.filter(in_period("found_on", period)))
    solved = list(problems.filter(in_period("solved_on", period)))
    facts = presence.facts_between([posting.pk], period.since, period.until)
    compiled = rules.compile_report(
        [_line(one) for one in entries],
        problems_found=len(found),
        problems_solved=len(solved),
        problems_open=sum(one.state != ProblemState.SOLVED for one in found),
        on_site_days=len({fact.on for fact in facts.get(posting.pk, ())}),
        with_lines=due.kind is ReportKind.MONTH,
    )
    return Gathered(
        {
            "figures": compiled.figures,
            "by_duty": compiled.by_duty,
            "by_month": compiled.by_month,
            "sections": compiled.sections,
            "summary": compiled.summary,
            "problems": [[str(one.pk), one.text, one.state] for one in found],
        },
        [
            *([str(one.pk), one.version] for one in entries),
            *([str(one.pk), one.state] for one in (*found, *solved)),
        ],
    )


def _entries(posting: Posting, period: Period) -> QuerySet[DiaryEntry]:
    own = DiaryEntry.objects.counted().filter(posting=posting)
    entries = own.filter(in_period("happened_on", period))
    counted = entries.select_related("need").annotate(photo_count=Count("photos"))
    return counted.order_by("happened_on", "created_at", "pk")


def _line(one: Any) -> rules.Line:
    return rules.Line(
        one.happened_on, one.duty, one.text, one.with_whom, str(one.need or ""),
        one.households, one.photo_count,
    )  # fmt: skip


def find_report(posting: Posting, due: rules.DueReport) -> DutyReport | None:
    """The confirmed one that holds."""
    kind, since = due.key
    return DutyReport.objects.filter(
        posting=posting, kind=kind, since=since, is_current=True
    ).first()


def list_confirmed(actor: Actor) -> QuerySet[DutyReport]:
    """Confirmed reports that hold; somebody who is posted reads the own ones only."""
    seen = posting_q(actor.scope)
    if actor.role in POSTED:
        seen = Q(posting__person_id=actor.scope.person_id or UUID(int=0))
    return DutyReport.objects.filter(seen, is_current=True).select_related(
        "posting__person", "posting__village__parent"
    )


def list_earlier(posting: Posting, due: rules.DueReport) -> QuerySet[DutyReport]:
    """Confirmed before and corrected since; they keep what they said."""
    kind, since = due.key
    return DutyReport.objects.filter(posting=posting, kind=kind, since=since, is_current=False)


def confirmed_keys(postings: Iterable[Posting]) -> dict[tuple[UUID, str, date], DutyReport]:
    reports = DutyReport.objects.filter(posting__in=list(postings), is_current=True)
    return {
        (one.posting_id, one.kind, one.since): one for one in reports.defer("content", "records")
    }


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One report of one posting: confirmed or not."""

    posting: Posting
    due: rules.DueReport
    report: DutyReport | None


def list_own_lines(postings: Iterable[Posting], today: date) -> list[ReportLine]:
    """Every report of one's postings whose period is over, the newest first."""
    postings = list(postings)
    confirmed = confirmed_keys(postings)
    lines = [
        ReportLine(posting, due, confirmed.get((posting.pk, *due.key)))
        for posting in postings
        for due in rules.ended_reports(posting.since, posting.until, today=today)
    ]
    return sorted(lines, key=lambda one: (one.due.period.until, one.due.kind), reverse=True)


def list_unconfirmed(scope: Scope, due: rules.DueReport) -> QuerySet[Posting]:
    return list_postings_in(scope, due).filter(Q(is_confirmed=False))


def list_postings_in(scope: Scope, due: rules.DueReport) -> QuerySet[Posting]:
    """Who owes this report: whoever was posted in its period; `is_confirmed` says how it stands."""
    kind, since = due.key
    confirmed = DutyReport.objects.filter(
        posting=OuterRef("pk"), kind=kind, since=since, is_current=True
    )
    runs = Q(until__isnull=True) | Q(until__gt=due.period.since)
    return (
        list_postings(scope)
        .filter(runs, since__lt=due.period.until)
        .annotate(is_confirmed=Exists(confirmed))
    )


def confirmed_days(posting_ids: Iterable[UUID], due: rules.DueReport) -> dict[UUID, date]:
    """On which day each of them confirmed this report."""
    kind, since = due.key
    rows = DutyReport.objects.filter(
        posting_id__in=list(posting_ids), kind=kind, since=since, is_current=True
    )
    return {
        pk: at.astimezone(clock.BEIJING).date()
        for pk, at in rows.values_list("posting_id", "confirmed_at")
    }
