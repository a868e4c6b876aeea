"""What goes on in a village under rectification: visits, checkups, reports, acceptance?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404

from lingyan.common.periods import month_of
from lingyan.directory import search
from lingyan.directory.models import Unit
from lingyan.directory.settings import number_for, numbers_on
from lingyan.organization.models import (
    LeaderVisit,
    RectBallotCode,
    RectCheckup,
    RectFollowUp,
    RectificationCase,
    RectInspection,
    RectProblem,
    RectReport,
    RectSupport,
    SatisfactionVote,
)
from lingyan.organization.queries import rectification as cases
from lingyan.organization.rules import acceptance, settings, visits
from lingyan.organization.rules.rectification import VISITED
from lingyan.organization.rules.rectification_words import RectState, SupportKind
from lingyan.platform.accounts.actor import Actor, Scope

# --- visits of the leader -------------------------------------------------------------------------


def list_running(scope: Scope) -> QuerySet[RectificationCase]:
    """Cases whose leader owes a visit each month (R-4-04)."""
    return cases.list_cases(scope).filter(state__in=sorted(VISITED), started_on__isnull=False)


def hand_of(actor: Actor) -> int:
    """A delegate visits for the one he stands for."""
    return actor.for_user_id or actor.user_id or 0


def led_by(actor: Actor) -> Q:
    """Cases for which this account is the county leader now."""
    own = RectSupport.objects.filter(
        kind=SupportKind.S1, until__isnull=True, user_id=hand_of(actor)
    )
    return Q(pk__in=own.values("case"))


def leader_of(case: RectificationCase) -> RectSupport | None:
    own = case.supports.filter(kind=SupportKind.S1, until__isnull=True)
    return own.select_related("person", "user").order_by("-since", "pk").first()


def leaders_of(found: Sequence[RectificationCase]) -> dict[UUID, RectSupport]:
    """The county leader of each of these cases that has one now."""
    rows = RectSupport.objects.filter(
        case__in=[one.pk for one in found], kind=SupportKind.S1, until__isnull=True
    )
    return {one.case_id: one for one in rows.order_by("since", "pk")}


def problems_counted(found: Sequence[RectificationCase]) -> dict[UUID, tuple[int, int]]:
    """Of each case how many problems there are, and how many were verified."""
    rows = RectProblem.objects.filter(case__in=[one.pk for one in found]).order_by()
    done = Count("pk", filter=Q(state__in=sorted(acceptance.DONE_PROBLEMS)))
    counted = rows.values("case_id").annotate(total=Count("pk"), verified=done)
    return {one["case_id"]: (one["total"], one["verified"]) for one in counted}


def list_visits(scope: Scope) -> QuerySet[LeaderVisit]:
    seen = cases.list_cases(scope)
    return LeaderVisit.objects.filter(case__in=seen).select_related(
        "case__village__parent", "support"
    )


def get_visit(scope: Scope, visit_id: UUID) -> LeaderVisit:
    return get_object_or_404(list_visits(scope), pk=visit_id)


def visits_of(case: RectificationCase) -> QuerySet[LeaderVisit]:
    return case.visits.select_related("support").order_by("-on", "pk")


def months_of(
    found: Sequence[RectificationCase], today: date
) -> dict[UUID, tuple[visits.MonthDue, ...]]:
    """Of each case the months that owe a visit, the latest first; one query for all."""
    days: dict[UUID, list[date]] = {one.pk: [] for one in found}
    rows = LeaderVisit.objects.filter(case__in=list(days)).order_by("on", "pk")
    for case_id, day in rows.values_list("case_id", "on"):
        days[case_id].append(day)
    numbers = numbers_on(today)
    return {
        one.pk: visits.months_of_case(
            one.started_on,
            one.cleared_on,
            days[one.pk],
            today,
            wanted=numbers.of(one.village.path, settings.VISITS),
        )
        if one.started_on
        else ()
        for one in found
    }


def is_visited_on(case: RectificationCase, day: date) -> bool:
    return case.visits.filter(on=day).exists()


# --- problems, checkups, reports ------------------------------------------------------------------


def states_of(case: RectificationCase) -> list[str]:
    return list(case.problems.order_by("pk").values_list("state", flat=True))


def list_problems(scope: Scope) -> QuerySet[RectProblem]:
    seen = cases.list_cases(scope)
    return RectProblem.objects.filter(case__in=seen).select_related("case__village__parent")


def search_problems_q(text: str) -> Q:
    return search.of_villages_q(text, "case__village")


def checkups_of(case: RectificationCase) -> QuerySet[RectCheckup]:
    return case.checkups.prefetch_related("problems").order_by("-month", "pk")


def find_checkup(case: RectificationCase, month: date) -> RectCheckup | None:
    return case.checkups.filter(month=month).first()


def reports_of(case: RectificationCase) -> QuerySet[RectReport]:
    return case.reports.order_by("-month", "pk")


def find_report(case: RectificationCase, month: date) -> RectReport | None:
    return case.reports.filter(month=month).first()


def list_reports(scope: Scope) -> QuerySet[RectReport]:
    rows = RectReport.objects.filter(case__in=cases.list_cases(scope))
    return rows.select_related("case__village__parent")


def figures_of_month(case: RectificationCase, month: date) -> dict[str, int]:
    """What the report of a month tells in numbers, counted from the records."""
    period = month_of(month)
    problems = case.problems.filter(made_on__lt=period.until)
    return {
        "visits": case.visits.filter(on__gte=period.since, on__lt=period.until).count(),
        "checkups": case.checkups.filter(month=period.since).count(),
        "problems": problems.count(),
        "found": problems.filter(made_on__gte=period.since).count(),
        "verified": problems.filter(state__in=sorted(acceptance.DONE_PROBLEMS)).count(),
    }


# --- acceptance -----------------------------------------------------------------------------------


def inspections_of(case: RectificationCase) -> QuerySet[RectInspection]:
    return case.inspections.prefetch_related("members__unit", "votes").order_by("round")


def present_inspection(case: RectificationCase) -> RectInspection | None:
    """The inspection that runs: the last one, as long as nothing was decided on it."""
    last = case.inspections.order_by("-round").first()
    return last if last is not None and not last.result else None


def last_inspection(case: RectificationCase) -> RectInspection | None:
    return case.inspections.order_by("-round").first()


def member_names(inspection: RectInspection) -> list[str]:
    return list(inspection.members.order_by("-is_lead", "pk").values_list("name", flat=True))


def last_vote(inspection: RectInspection) -> SatisfactionVote | None:
    return inspection.votes.order_by("-attempt").first()


def counted_vote(inspection: RectInspection) -> SatisfactionVote | None:
    """The last vote, once it was counted; one that still runs says nothing."""
    vote = last_vote(inspection)
    return vote if vote is not None and vote.counted_on is not None else None


def tally_of(vote: SatisfactionVote, line: int = acceptance.PASS_SATISFACTION) -> acceptance.Tally:
    return acceptance.Tally(vote.issued, vote.satisfied, vote.basic, vote.unsatisfied, line)


def line_of(vote: SatisfactionVote) -> int:
    """What the county asked on the day on which the vote was counted (R-4-06)."""
    path = vote.inspection.case.village.path
    return number_for(path, settings.SATISFACTION, vote.counted_on)


def acceptance_facts(inspection: RectInspection) -> acceptance.AcceptanceFacts:
    vote = counted_vote(inspection)
    open_ones = inspection.case.problems.exclude(state__in=sorted(acceptance.DONE_PROBLEMS))
    return acceptance.AcceptanceFacts(
        score=inspection.score,
        tally=tally_of(vote, line_of(vote)) if vote else None,
        open_situations=tuple(open_ones.order_by("pk").values_list("situation", flat=True)),
        pass_score=number_for(
            inspection.case.village.path, settings.SCORE, vote.counted_on if vote else None
        ),
    )


def below_the_floor(inspection: RectInspection) -> str:
    """In words, where the villagers' satisfaction is below what makes W09; else nothing."""
    vote = counted_vote(inspection)
    if vote is None:
        return ""
    floor = number_for(inspection.case.village.path, settings.FLOOR, vote.counted_on)
    tally = tally_of(vote, floor)
    return f"群众满意度 {tally.rate_shown}，低于 {floor}%" if tally.is_below(floor) else ""


def get_vote(scope: Scope, vote_id: int) -> SatisfactionVote:
    rows = SatisfactionVote.objects.filter(inspection__case__in=cases.list_cases(scope))
    return get_object_or_404(rows.select_related("inspection__case__village__parent"), pk=vote_id)


def new_codes(vote: SatisfactionVote) -> QuerySet[RectBallotCode]:
    """Slips that were not handed out yet: only these may be shown."""
    return vote.codes.filter(live=False)


def find_code(indexes: Collection[str]) -> RectBallotCode | None:
    found = RectBallotCode.objects.filter(index__in=list(indexes))
    return found.select_related("vote__inspection__case__village").first()


def units_named(names: Collection[str]) -> dict[str, Unit]:
    """The units of these very names; a name of several is nobody's."""
    found: dict[str, list[Unit]] = {}
    for unit in Unit.objects.filter(name__in=[one for one in names if one]).order_by("pk"):
        found.setdefault(unit.name, []).append(unit)
    return {name: units[0] for name, units in found.items() if len(units) == 1}


# --- after clearing -------------------------------------------------------------------------------


def follow_ups_of(case: RectificationCase) -> QuerySet[RectFollowUp]:
    return case.follow_ups.order_by("months")


def get_follow_up(scope: Scope, follow_up_id: UUID) -> RectFollowUp:
    rows = RectFollowUp.objects.filter(case__in=cases.list_cases(scope))
    return get_object_or_404(rows.select_related("case__village__parent"), pk=follow_up_id)


def list_follow_ups_due(scope: Scope, until: date) -> QuerySet[RectFollowUp]:
    """Not made yet, and due by that day."""
    rows = RectFollowUp.objects.filter(
        case__in=cases.list_cases(scope), case__state=RectState.FOLLOWING,
        visited_on__isnull=True, due_on__lte=until,
    )  # fmt: skip
    return rows.select_related("case__village__parent")


def has_child(case: RectificationCase) -> bool:
    return RectificationCase.objects.filter(parent=case).exists()
