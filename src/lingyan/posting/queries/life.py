"""What has a posting gone through, what is it waiting for, and which of them are due?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from lingyan.common.periods import WorkingCalendar
from lingyan.directory.models import Place
from lingyan.directory.queries import calendar_overrides
from lingyan.platform.accounts.actor import Scope
from lingyan.posting.models import LeaveRequest, Posting, PostingStep
from lingyan.posting.models.diary import posting_q
from lingyan.posting.queries.postings import list_postings
from lingyan.posting.rules import IN_POST, POST_HELD, PostingKind, PostingState
from lingyan.posting.rules.life import REPLACE_DAYS, LifeFacts
from lingyan.posting.rules.life_words import LeaveState, StepState

ENDED_EARLY = (PostingState.CEASED, PostingState.RECALLED)


def list_steps(posting: Posting) -> QuerySet[PostingStep]:
    return PostingStep.objects.filter(posting=posting).select_related("substitute", "village")


def get_step(scope: Scope, step_id: UUID) -> PostingStep:
    steps = PostingStep.objects.filter(posting_q(scope)).select_related(
        "posting__person", "posting__village__parent", "posting__unit", "substitute", "village"
    )
    return get_object_or_404(steps, pk=step_id)


def find_proposal(posting: Posting) -> PostingStep | None:
    return list_steps(posting).filter(state=StepState.PROPOSED).first()


def list_proposals(scope: Scope) -> QuerySet[PostingStep]:
    return PostingStep.objects.filter(posting_q(scope), state=StepState.PROPOSED).select_related(
        "posting__person", "posting__village", "village"
    )


def list_in_post(scope: Scope) -> QuerySet[Posting]:
    """Who is IN_POST (R-2-31), within the scope."""
    return list_postings(scope).filter(state__in=IN_POST, until__isnull=True)


def find_first_secretary(village: Place) -> Posting | None:
    """Who holds the village's first secretary's post and is not handing it over."""
    held = Posting.objects.filter(village=village, kind=PostingKind.FIRST_SECRETARY)
    return held.filter(until__isnull=True, handover_until__isnull=True).first()


def own_posting(scope: Scope) -> Posting | None:
    """The posting that the person behind this scope holds now."""
    if scope.person_id is None:
        return None
    held = list_postings(scope).filter(person_id=scope.person_id, until__isnull=True)
    return held.filter(state__in=POST_HELD).first()


# --- what is due --------------------------------------------------------------------------------


def list_owing(scope: Scope) -> QuerySet[Posting]:
    """Postings of which somebody owes a step: all that go on, and what ended early or just now."""
    followed = Posting.objects.filter(
        village=OuterRef("village"), kind=OuterRef("kind"), since__gte=OuterRef("until")
    )
    alone = Q(state__in=ENDED_EARLY) & ~Exists(followed)
    handed = Q(state=PostingState.HANDED_OVER)
    return list_postings(scope).filter(Q(state__in=POST_HELD) | handed | alone)


def life_facts(postings: Iterable[Posting], bound: frozenset[UUID]) -> dict[UUID, LifeFacts]:
    """What the due dates hang on, for many postings at once, in two queries."""
    postings = list(postings)
    back = _days_back([one.pk for one in postings if one.state == PostingState.ON_LEAVE])
    calendar = WorkingCalendar(calendar_overrides())
    return {
        one.pk: LifeFacts(
            state=one.state,
            since=one.since,
            planned_until=one.planned_until,
            state_since=one.state_since or one.until,
            leave_until=back.get(one.pk),
            replace_by=_replace_by(one, calendar),
            village_bound=one.village_id in bound,
        )
        for one in postings
    }


def _days_back(posting_ids: list[UUID]) -> dict[UUID, date]:
    leave = LeaveRequest.objects.filter(posting_id__in=posting_ids, state=LeaveState.APPROVED)
    return dict(leave.order_by("-until").values_list("posting_id", "until"))


def _replace_by(posting: Posting, calendar: WorkingCalendar) -> date | None:
    if posting.until is None or posting.state not in ENDED_EARLY:
        return None
    return calendar.add_working_days(posting.until, REPLACE_DAYS).on
