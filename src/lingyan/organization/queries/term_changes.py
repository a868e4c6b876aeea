"""Which term changes are under way, who stands, who was chosen, and what was looked at?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from lingyan.directory import search
from lingyan.directory.models import Person, Place, Relative, VillageOfficer
from lingyan.directory.queries import list_villages
from lingyan.directory.rules import OfficerPost, Relation, VillageKind
from lingyan.directory.settings import number_for
from lingyan.organization.models import (
    ElectionCandidate,
    ElectionMeeting,
    LookBackCheck,
    Term,
    TermChange,
    TermChangeStep,
    VoteCount,
)
from lingyan.organization.rules import settings
from lingyan.organization.rules.term_changes import Dates
from lingyan.organization.rules.term_words import (
    POSTS_OF_BODY,
    SUPERVISORS,
    Body,
    MendState,
    TermChangeState,
    body_of,
)
from lingyan.platform.accounts.actor import Scope

NEAR = frozenset(Relation) - {Relation.COLLATERAL_3, Relation.AFFINITY}  # R-1-06
COMMITTEE_POSTS = frozenset(post for posts in POSTS_OF_BODY.values() for post in posts)
MENDING = (MendState.OPEN, MendState.MENDED)


def list_changes(scope: Scope) -> QuerySet[TermChange]:
    return TermChange.objects.visible_to(scope).select_related("village__parent")


def get_change(scope: Scope, change_id: UUID) -> TermChange:
    return get_object_or_404(list_changes(scope), pk=change_id)


def list_steps(change: TermChange) -> QuerySet[TermChangeStep]:
    return change.steps.order_by("-made_at", "pk")


def is_under_way(village_id: UUID) -> bool:
    return TermChange.objects.filter(village=village_id).under_way().exists()


def list_free_villages(scope: Scope) -> QuerySet[Place]:
    """Villages in scope where no term change is under way."""
    busy = TermChange.objects.under_way().values("village")
    return list_villages(scope).exclude(pk__in=busy).order_by("path")


def is_community(village: Place) -> bool:
    return village.village_kind in (VillageKind.COMMUNITY, VillageKind.RELOCATION_COMMUNITY)


def search_q(text: str) -> Q:
    return search.of_villages_q(text, "village")


# --- the plan -------------------------------------------------------------------------------------


def seats_of(change: TermChange, body: str | None = None) -> dict[str, int]:
    """How many are chosen for each post, in the order of the posts."""
    return {
        post.value: change.seats[post]
        for post in OfficerPost
        if change.seats.get(post, 0) and (body is None or body_of(post) == body)
    }


def bodies_of(change: TermChange) -> list[Body]:
    """Which bodies are chosen: the Party first."""
    return [body for body in Body if seats_of(change, body)]


def running_terms(village_id: UUID) -> dict[str, Term]:
    rows = Term.objects.filter(village=village_id, until__isnull=True)
    return {one.kind: one for one in rows.order_by("kind")}


def earliest_end(change: TermChange) -> date | None:
    """When the first of the terms that run should end."""
    terms = running_terms(change.village_id)
    ends = [terms[body].planned_until for body in bodies_of(change) if body in terms]
    return min(ends, default=None)


# --- candidates -----------------------------------------------------------------------------------


def list_candidates(change: TermChange) -> QuerySet[ElectionCandidate]:
    """Who stands now."""
    return (
        change.candidates.filter(dropped_on__isnull=True)
        .select_related("person")
        .order_by("person__number")
    )


def list_dropped(change: TermChange) -> QuerySet[ElectionCandidate]:
    rows = change.candidates.filter(dropped_on__isnull=False).select_related("person")
    return rows.order_by("person__number", "made_at", "pk")


def get_candidate(scope: Scope, candidate_id: UUID) -> ElectionCandidate:
    found = ElectionCandidate.objects.filter(
        change__in=TermChange.objects.visible_to(scope), dropped_on__isnull=True
    ).select_related("person", "change__village__parent")
    return get_object_or_404(found, pk=candidate_id)


def standing(candidates: Iterable[ElectionCandidate]) -> dict[str, int]:
    """How many stand for each post."""
    found: dict[str, int] = {}
    for one in candidates:
        for post in one.posts:
            found[post] = found.get(post, 0) + 1
    return found


def list_eligible(scope: Scope, change: TermChange) -> QuerySet[Person]:
    """People of the village who may be proposed, as far as the reader sees them."""
    taken = list_candidates(change).values("person")
    held = VillageOfficer.objects.filter(village=change.village, until__isnull=True)
    return (
        Person.objects.visible_to(scope)
        .filter(Q(place=change.village) | Q(pk__in=held.values("person")))
        .exclude(pk__in=taken)
        .order_by("name", "number")
    )


def near_supervisors(person_id: UUID, village_id: UUID) -> tuple[str, ...]:
    """Near relatives of this person who supervise in this village (R-1-20)."""
    supervisors = VillageOfficer.objects.filter(
        village=village_id, post__in=SUPERVISORS, until__isnull=True
    )
    rows = Relative.objects.filter(
        Q(person=person_id, other__in=supervisors.values("person"))
        | Q(other=person_id, person__in=supervisors.values("person")),
        relation__in=NEAR,
    ).select_related("person", "other")
    return tuple(
        sorted({str(row.other if row.person_id == person_id else row.person) for row in rows})
    )


# --- the election ---------------------------------------------------------------------------------


def list_meetings(change: TermChange) -> list[ElectionMeeting]:
    return list(
        change.meetings.prefetch_related("tallies__candidate__person").order_by("made_at", "pk")
    )


def elected(change: TermChange, body: str | None = None) -> list[VoteCount]:
    """Who was chosen in meetings that count, the heads first."""
    rows = VoteCount.objects.filter(
        meeting__change=change, is_elected=True, meeting__invalid=[], meeting__void_reason=""
    ).select_related("candidate__person", "meeting")
    order = [post.value for post in OfficerPost]
    found = [one for one in rows if body is None or one.meeting.body == body]
    return sorted(found, key=lambda one: (order.index(one.post), one.candidate.person.number))


def held_on(change: TermChange, body: str) -> date | None:
    """The last day on which this body was voted for, in a meeting that counts."""
    meetings = change.meetings.filter(body=body, invalid=[], void_reason="")
    return meetings.order_by("-held_on").values_list("held_on", flat=True).first()


def officers_of(village_id: UUID, body: str) -> list[VillageOfficer]:
    """Who holds a post of this body now."""
    return list(
        VillageOfficer.objects.filter(
            village=village_id, post__in=POSTS_OF_BODY[Body(body)], until__isnull=True
        )
        .select_related("person", "village")
        .order_by("post", "pk")
    )


def list_officers(village_id: UUID) -> list[VillageOfficer]:
    """Everybody who holds a post of either committee now."""
    return [one for body in Body for one in officers_of(village_id, body)]


# --- looking back ---------------------------------------------------------------------------------


def list_checks(change: TermChange) -> QuerySet[LookBackCheck]:
    return change.checks.select_related("officer__person").order_by("item", "pk")


def get_check(scope: Scope, check_id: UUID) -> LookBackCheck:
    found = LookBackCheck.objects.filter(
        change__in=TermChange.objects.visible_to(scope)
    ).select_related("change__village__parent", "officer__person")
    return get_object_or_404(found, pk=check_id)


def list_mending(scope: Scope, states: Collection[str]) -> QuerySet[LookBackCheck]:
    return LookBackCheck.objects.filter(
        change__in=TermChange.objects.visible_to(scope), state__in=states
    )


def mend_due(change: TermChange) -> date | None:
    found = change.checks.filter(state__in=MENDING).order_by("due_on")
    return found.values_list("due_on", flat=True).first()


# --- what is due ----------------------------------------------------------------------------------


def dates_of(change: TermChange) -> Dates:
    """The days that the next step of one change hangs on."""
    review = None
    if change.state == TermChangeState.REVIEWING:
        review = change.reviews.order_by("-due_on").values_list("due_on", flat=True).first()
    looked_back = change.state == TermChangeState.LOOKED_BACK
    return Dates(
        planned_on=change.planned_on,
        review_due_on=review,
        new_committee_on=change.new_committee_on,
        handed_over_on=change.handed_over_on,
        mend_due_on=mend_due(change) if looked_back else None,
        plan_approved=change.plan_approved_on is not None,
        posts_approved=change.posts_approved_on is not None or Body.PARTY not in bodies_of(change),
        lookback_months=number_for(change.village.path, settings.LOOKBACK, change.handed_over_on)
        if change.handed_over_on
        else settings.LOOKBACK.usual or 0,
    )


def waiting(scope: Scope, *states: str) -> QuerySet[TermChange]:
    return list_changes(scope).filter(state__in=states)
