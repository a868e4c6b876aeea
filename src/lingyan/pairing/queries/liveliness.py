"""Which pairs live, which sleep, and what does each still owe this year?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from lingyan.pairing.models import Pairing, ProblemClaim
from lingyan.pairing.queries import year as records
from lingyan.pairing.rules import liveliness as rules
from lingyan.pairing.rules.ledger_words import PairProblemState
from lingyan.pairing.rules.liveliness import Liveliness
from lingyan.pairing.rules.words import FiveOne
from lingyan.platform.accounts.actor import Scope

AT_WORK = (PairProblemState.RAISED, PairProblemState.ACCEPTED, PairProblemState.SOLVING)


def list_active(scope: Scope) -> QuerySet[Pairing]:
    return Pairing.objects.visible_to(scope).active().select_related("unit", "village__parent")


def still_q(which: str, today: date) -> Q:
    """The condition on rows of one state of liveliness; the same lines as in the rules."""
    asleep = today - timedelta(days=rules.ASLEEP_DAYS)
    quiet = today - timedelta(days=rules.QUIET_DAYS)
    if which == Liveliness.ASLEEP:
        return Q(still_since__lt=asleep)
    if which == Liveliness.QUIET:
        return Q(still_since__lt=quiet, still_since__gte=asleep)
    return Q(still_since__gte=quiet)


def list_asleep(scope: Scope, today: date) -> QuerySet[Pairing]:
    return list_active(scope).filter(still_q(Liveliness.ASLEEP, today))


def next_steps(pairings: Collection[Pairing], today: date) -> dict[UUID, rules.NextSteps]:
    """What the records of each pair's year still lack."""
    keys = [one.pk for one in pairings]
    fives = records.five_ones(keys, today.year)
    kept_up = records.kept_up(pairings, today.year, today)
    projects = records.project_counts(keys, today.year, today)
    problems = _waiting_problems(keys)
    found = {}
    for key in keys:
        owed, project = kept_up.get(key), projects.get(key)
        found[key] = rules.NextSteps(
            missing=frozenset(FiveOne) - fives.get(key, frozenset()),
            meeting_due_by=owed.meeting_due_by if owed else None,
            visits_due=max(0, owed.visits_due - owed.visits_made) if owed else 0,
            milestones_overdue=project.overdue if project else 0,
            problems_waiting=problems.get(key, 0),
            has_project=bool(project and project.projects),
        )
    return found


def _waiting_problems(keys: Collection[UUID]) -> dict[UUID, int]:
    open_ones = ProblemClaim.objects.filter(
        pairing__in=keys, dropped="", problem__state__in=AT_WORK
    )
    return dict(open_ones.order_by().values_list("pairing").annotate(count=Count("pk")))
