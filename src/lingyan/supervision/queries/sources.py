"""Of which records does a task of a rule wait to be done?"""

from __future__ import annotations

from uuid import UUID

from lingyan.supervision.models import SupervisionTask
from lingyan.supervision.rules.words import UNDER_WAY


def sources_under_way(label: str, rule: str) -> list[tuple[UUID, str]]:
    """The record and the period of each such task, of every county."""
    found = SupervisionTask.objects.filter(
        source_label=label, rule=rule, state__in=UNDER_WAY, source_id__isnull=False
    )
    pairs = found.order_by("due_on", "pk").values_list("source_id", "period")
    return [(source, period) for source, period in pairs if source is not None]
