"""What has happened to a record, in words?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import Q

from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.audit.texts import action_text

MOST = 60


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One act as `ui/_timeline.html` shows it."""

    text: str
    acted_at: datetime
    actor_name: str
    reason: str


def list_timeline(*subjects: models.Model) -> list[TimelineEntry]:
    """The acts on these records, newest first; whoever may see the record may see them."""
    if not subjects:
        return []
    wanted = Q()
    for subject in subjects:
        wanted |= Q(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))
    return _entries(AuditEntry.objects.filter(wanted, is_reading=False))


def list_acts_since(label: str, key: str, since: datetime) -> list[TimelineEntry]:
    """What was done to one record after a moment; `label` is its model's."""
    acts = AuditEntry.objects.filter(subject_type=label.lower(), subject_id=key, is_reading=False)
    return _entries(acts.filter(acted_at__gt=since))


def _entries(acts: models.QuerySet[AuditEntry]) -> list[TimelineEntry]:
    return [
        TimelineEntry(action_text(entry.action), entry.acted_at, entry.actor_name, entry.reason)
        for entry in acts[:MOST]
    ]
