"""What does a recall still hold against somebody? The one place that later rounds ask.

Effects end by themselves: each has its last day, and nobody has to lift it.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from lingyan.posting.models import Posting, RecallCase
from lingyan.posting.rules.recall import GROUNDS_WITHOUT_EFFECTS


def promotion_barred_until(person_id: UUID, on: date) -> date | None:
    """The first day on which a recall no longer bars promotion; None if none does on that day."""
    barred = RecallCase.objects.filter(
        posting__person_id=person_id, decided_on__lte=on, promotion_ban_until__gt=on
    )
    return barred.order_by("-promotion_ban_until").values_list(
        "promotion_ban_until", flat=True
    ).first()  # fmt: skip


def say_effects(postings: QuerySet[Posting]) -> QuerySet[Posting]:
    """Of each posting whether its recall is one without effects (RG09): that, and not why.

    And until when the decision itself bars another posting: a later number changes nothing.
    """
    decided = RecallCase.objects.filter(posting=OuterRef("pk"), decided_on__isnull=False)
    return postings.annotate(
        recalled_without_effects=Exists(decided.filter(ground__in=GROUNDS_WITHOUT_EFFECTS)),
        recall_banned_until=Subquery(decided.order_by("-decided_on", "pk").values("ban_until")[:1]),
    )
