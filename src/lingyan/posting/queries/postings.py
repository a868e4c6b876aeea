"""Who is posted where, as far as this person may see?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from lingyan.directory import queries as directory
from lingyan.directory import search
from lingyan.directory.models import Unit
from lingyan.platform.accounts.actor import Scope
from lingyan.posting import rules
from lingyan.posting.models import Draft, Posting, Round


def list_postings(scope: Scope) -> QuerySet[Posting]:
    return Posting.objects.visible_to(scope).select_related(
        "person", "village__parent", "unit", "round", "predecessor__person"
    )


def get_posting(scope: Scope, posting_id: UUID) -> Posting:
    return get_object_or_404(list_postings(scope), pk=posting_id)


def list_postings_beside(posting: Posting) -> QuerySet[Posting]:
    """The others of the same village who are there at present: the team."""
    return (
        Posting.objects.filter(village=posting.village_id, until__isnull=True)
        .exclude(pk=posting.pk)
        .select_related("person", "unit")
    )


def names_already_posted(drafts: Sequence[Draft]) -> list[str]:
    """People of these drafts who hold a post that has not ended (R-2-18)."""
    held = Posting.objects.filter(
        person_id__in=[draft.person_id for draft in drafts], until__isnull=True
    )
    return list(held.order_by("person__number").values_list("person__name", flat=True))


def incumbents_of(drafts: Sequence[Draft]) -> QuerySet[Posting]:
    """The first secretaries whom these drafts would follow; nobody who hands over already."""
    wanted = [draft.village_id for draft in drafts if draft.role == rules.Role.FIRST_SECRETARY]
    return (
        Posting.objects.filter(
            village_id__in=wanted,
            kind=rules.PostingKind.FIRST_SECRETARY,
            until__isnull=True,
            handover_until__isnull=True,
        )
        .select_related("person", "village")
        .order_by("village__path")
    )


def find_successor(posting: Posting) -> Posting | None:
    return Posting.objects.filter(predecessor=posting).select_related("person").first()


DUE, RUNNING = "due", "running"
HAND_OVERS = ((RUNNING, "交接期内"), (DUE, "交接期满，待办理"))


def hand_over_q(which: str, today: date) -> Q:
    """Postings that somebody else follows: in the days of the overlap, or past them (R-2-04)."""
    open_ones = Q(until__isnull=True, handover_until__isnull=False)
    past = Q(handover_until__lte=today)
    return open_ones & (past if which == DUE else ~past)


def list_hand_overs_due(scope: Scope, today: date) -> QuerySet[Posting]:
    """Postings whose successor is there and whose overlap is over, until it is written down."""
    return list_postings(scope).filter(hand_over_q(DUE, today))


# --- choices of a filter ------------------------------------------------------------------------


def town_choices(scope: Scope) -> list[tuple[str, str]]:
    """The towns in scope, or those to which the unit or the person was sent: path and name."""
    if scope.place_paths:
        return list(directory.list_towns(scope).values_list("path", "short_name"))
    rows = Posting.objects.visible_to(scope).order_by("village__parent__path")
    return list(rows.values_list("village__parent__path", "village__parent__short_name").distinct())


UNIT_NAMES = Unit.objects.order_by("name").values_list("pk", "name")
ROUND_NAMES = Round.objects.order_by("-created_at").values_list("pk", "name")


def search_q(text: str) -> Q:
    """By person, village, town, unit, round or document: what its name begins with."""
    found = search.of_people_q(text, "person") | search.of_villages_q(text, "village")
    found |= search.of_units_q(text, "unit") | Q(document_number__prefix=text)
    return found | Q(round__in=Round.objects.filter(name__prefix=text).values("pk"))
