"""Which photos of tasks may this person see?"""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404

from lingyan.platform.accounts.actor import Actor
from lingyan.supervision.models import TaskPhoto
from lingyan.supervision.queries.tasks import list_tasks


def get_photo(actor: Actor, photo_id: UUID) -> TaskPhoto:
    """Whoever sees the task sees its photos, and nobody else."""
    photos = TaskPhoto.objects.filter(task__in=list_tasks(actor).order_by().values("pk"))
    return get_object_or_404(photos.select_related("task"), pk=photo_id)
