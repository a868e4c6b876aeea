"""Which acts may a reader of the history see?"""

from __future__ import annotations

from django.db.models import QuerySet

from lingyan.platform.audit.models import AuditEntry


def list_entries() -> QuerySet[AuditEntry]:
    """Every act, newest first: for the audit administrator only."""
    return AuditEntry.objects.order_by("-number")
