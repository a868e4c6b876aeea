"""Which jobs may a person follow? Their own."""

from __future__ import annotations

from django.db.models import QuerySet

from lingyan.platform.jobs.models import Job


def list_jobs(user_id: int | None) -> QuerySet[Job]:
    return Job.objects.filter(created_by_id=user_id)
