"""The pages of photos that are evidence of a task."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.photos import files as photo_files
from lingyan.platform.photos.forms import add_each
from lingyan.supervision.actions import evidence as actions
from lingyan.supervision.models import SupervisionTask
from lingyan.supervision.queries import evidence as queries
from lingyan.supervision.rules import tasks as rules


@page(*rules.READERS)
def supervision_photo(request: ActedRequest, task_photo_id: UUID, size: str) -> HttpResponse:
    photo = queries.get_photo(request.actor, task_photo_id)
    name = photo.thumbnail_name if size == "small" else photo.stored_name
    return photo_files.shown(name, photo.pk)


@page(*rules.OWNERS)
def supervision_photo_remove(request: ActedRequest, task_photo_id: UUID) -> HttpResponse:
    photo = queries.get_photo(request.actor, task_photo_id)
    if request.method == "POST":
        actions.remove_photo(photo, actor=request.actor)
        messages.success(request, "照片已删去")
        return redirect("supervision_task_detail", photo.task_id)
    return render(request, "supervision/photo_remove.html", {"photo": photo})


def add_photos(request: ActedRequest, task: SupervisionTask, files: list[Any]) -> None:
    """Each photo that is refused says why; the others are kept."""

    def add(data: bytes) -> object:
        return actions.add_photo(task, number=uuid4(), data=data, actor=request.actor)

    for told in add_each(files, add, rest=""):
        messages.warning(request, told)
