"""What has been said against the names of a notice, and what still stands in the way?"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from lingyan.directory.scoping import place_q
from lingyan.platform.accounts.actor import Scope
from lingyan.posting.models import Draft, NoticeObjection, Plan, Round
from lingyan.posting.rules import ObjectionState


def list_notice_objections(scope: Scope, round: Round) -> QuerySet[NoticeObjection]:
    """The register is the county's: towns and units do not read who objected."""
    return (
        NoticeObjection.objects.filter(place_q(scope, "round__county__"), round=round)
        .select_related("person", "village")
        .defer("plan__snapshot", "plan__result")
        .order_by("raised_on", "entered_at", "pk")
    )


def get_notice_objection(scope: Scope, objection_id: UUID) -> NoticeObjection:
    """One entry of the register, with its round; 404 for absent and not yours alike."""
    objections = (
        NoticeObjection.objects.filter(place_q(scope, "round__county__"))
        .select_related("person", "village", "round__county", "plan")
        .defer("plan__snapshot", "plan__result")
    )
    return get_object_or_404(objections, pk=objection_id)


def count_open(round: Round) -> int:
    return NoticeObjection.objects.filter(round=round, state=ObjectionState.OPEN).count()


def count_waiting_for(user_id: int | None, round_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Open objections by round that this account may settle: not those it took down itself."""
    rows = (
        NoticeObjection.objects.filter(round_id__in=list(round_ids), state=ObjectionState.OPEN)
        .exclude(entered_by_id=user_id)
        .order_by()
        .values_list("round_id")
        .annotate(count=Count("pk"))
    )
    return dict(rows)


def count_taken_down(round: Round) -> int:
    return NoticeObjection.objects.filter(round=round).count()


def accepted_and_unchanged(round: Round, plan: Plan) -> list[str]:
    """Objections that hold while the plan still says what they were raised against."""
    same_line = Draft.objects.filter(
        plan=plan,
        person=OuterRef("person"),
        village=OuterRef("village"),
        role=OuterRef("role"),
    )
    found = (
        NoticeObjection.objects.filter(round=round, state=ObjectionState.ACCEPTED)
        .filter(Q(Exists(same_line)) | Q(person__isnull=True, plan=plan))
        .select_related("person", "village")
        .defer("plan__snapshot", "plan__result")
    )
    return [one.about for one in found]


def draft_choices(plan: Plan) -> list[tuple[str, str]]:
    """The lines of the notice, as choices of a form."""
    drafts = Draft.objects.filter(plan=plan).select_related("person", "village")
    return [
        (str(one.pk), str(one))
        for one in drafts.order_by("village__path", "role", "person__number")
    ]


def find_draft(plan: Plan, draft_id: str) -> Draft | None:
    if not draft_id:
        return None
    return Draft.objects.filter(plan=plan, pk=draft_id).select_related("person", "village").first()
