"""What has a posting gone through, what is it waiting for, and which of them are due?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from lingyan.common import clock
from lingyan.common.periods import WorkingCalendar
from lingyan.directory.models import Person, Place
from lingyan.directory.queries import calendar_overrides, list_villages
from lingyan.platform.accounts.actor import Scope
from lingyan.posting.models import LeaveRequest, Posting, PostingStep
from lingyan.posting.models.diary import posting_q
from lingyan.posting.queries.postings import list_postings
from lingyan.posting.queries.standards import history_of, number_for
from lingyan.posting.rules import IN_POST, POST_HELD, PostingKind, PostingState
from lingyan.posting.rules.life import LifeFacts
from lingyan.posting.rules.life_words import LeaveState, StepState
from lingyan.posting.rules.support_words import StandardKey

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


# --- choices of a form --------------------------------------------------------------------------


def _substitutes(posting: Posting) -> QuerySet[Posting]:
    """Who may stand in: whoever is posted in the same town, the own village first."""
    held = Posting.objects.filter(
        village__parent=posting.village.parent_id, state__in=IN_POST, until__isnull=True
    )
    return held.exclude(pk=posting.pk).select_related("person", "village").order_by("village__path")


def substitute_choices(posting: Posting) -> list[tuple[str, str]]:
    return [
        (str(one.person_id), f"{one.person}（{one.village}{one.get_kind_display()}）")
        for one in _substitutes(posting)
    ]


def find_substitute(posting: Posting, person_id: str) -> Person | None:
    found = _substitutes(posting).filter(person_id=person_id).first()
    return found.person if found else None


def _free_villages(scope: Scope, posting: Posting) -> QuerySet[Place]:
    """Villages in scope to which somebody of this kind may be sent."""
    held = Posting.objects.filter(
        village=OuterRef("pk"), kind=PostingKind.FIRST_SECRETARY, until__isnull=True
    )
    villages = list_villages(scope).exclude(pk=posting.village_id).order_by("path")
    if posting.kind == PostingKind.FIRST_SECRETARY:
        villages = villages.filter(~Exists(held))
    return villages


def village_choices(scope: Scope, posting: Posting) -> list[tuple[str, str]]:
    return [(str(one.pk), f"{one.parent or ''}{one}") for one in _free_villages(scope, posting)]


def find_village(scope: Scope, village_id: str) -> Place | None:
    return list_villages(scope).filter(pk=village_id).first()


# --- of one person --------------------------------------------------------------------------------


def own_posting(scope: Scope) -> Posting | None:
    """The posting that the person behind this scope holds now."""
    if scope.person_id is None:
        return None
    held = list_postings(scope).filter(person_id=scope.person_id, until__isnull=True)
    return held.filter(state__in=POST_HELD).first()


# --- what is due --------------------------------------------------------------------------------


def list_owing(scope: Scope) -> QuerySet[Posting]:
    """Postings of which somebody owes a step: all that go on, and what ended early or just now."""
    handed = Q(state=PostingState.HANDED_OVER)
    return list_postings(scope).filter(Q(state__in=POST_HELD) | handed | _alone())


def _alone() -> Q:
    """Left early, and nobody has come since."""
    followed = Posting.objects.filter(
        village=OuterRef("village"), kind=OuterRef("kind"), since__gte=OuterRef("until")
    )
    return Q(~Exists(followed), state__in=ENDED_EARLY)


def list_left_early(scope: Scope) -> QuerySet[Posting]:
    """Those of `list_owing` whose place has to be filled again."""
    return list_postings(scope).filter(_alone())


# What `life_facts` reads of each, for whoever reads three hundred of them at once.
OF_FACTS = (
    "state", "since", "planned_until", "state_since", "until", "handover_until", "village_id",
)  # fmt: skip


def life_facts(postings: Iterable[Posting], bound: frozenset[UUID]) -> dict[UUID, LifeFacts]:
    """What the due dates hang on, for many postings at once, in two queries."""
    postings = list(postings)
    back = _days_back([one.pk for one in postings if one.state == PostingState.ON_LEAVE])
    due = replace_by(postings)
    return {
        one.pk: LifeFacts(
            state=one.state,
            since=one.since,
            planned_until=one.planned_until,
            state_since=one.state_since or one.until,
            leave_until=back.get(one.pk),
            handover_until=one.handover_until,
            replace_by=due.get(one.pk),
            village_bound=one.village_id in bound,
        )
        for one in postings
    }


def _days_back(posting_ids: list[UUID]) -> dict[UUID, date]:
    leave = LeaveRequest.objects.filter(posting_id__in=posting_ids, state=LeaveState.APPROVED)
    return dict(leave.order_by("-until").values_list("posting_id", "until"))


def replace_by(postings: Iterable[Posting]) -> dict[UUID, date]:
    """Until when each place that was left early has to be filled (recall.replace_days).

    The number that held on the day on which it was left: a later one changes nothing of it.
    """
    left = [(one, one.until) for one in postings if one.until and one.state in ENDED_EARLY]
    if not left:
        return {}
    calendar, days = WorkingCalendar(calendar_overrides()), history_of(StandardKey.REPLACE_DAYS)
    villages = Place.objects.filter(pk__in={one.village_id for one, _ in left})
    paths = dict(villages.values_list("pk", "path"))
    return {
        one.pk: calendar.add_working_days(until, days.of(paths[one.village_id], until)).on
        for one, until in left
    }


def replace_days_of(posting: Posting) -> int:
    """Within how many working days a place has to be filled that was left on its day."""
    day = posting.until or clock.today()
    return number_for(posting.village.path, StandardKey.REPLACE_DAYS, day)


def first_to_replace(scope: Scope) -> date | None:
    """Until when the first of the places in scope has to be filled."""
    return min(replace_by(list_left_early(scope)).values(), default=None)
