"""How does a photo become evidence of a task, and how is it taken away again?"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from lingyan.common.photos import PhotoFacts, refuse_photo
from lingyan.common.refusals import Refusal, refuse
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record
from lingyan.platform.photos import files as photo_files
from lingyan.platform.photos.kept import put_away, take_away
from lingyan.supervision.actions.tasks import locked
from lingyan.supervision.models import SupervisionTask, TaskPhoto
from lingyan.supervision.queries import tasks as queries
from lingyan.supervision.rules import tasks as rules


def add_photo(task: SupervisionTask, *, number: UUID, data: bytes, actor: Actor) -> TaskPhoto:
    """Open and make it small before the transaction: that takes time which nobody should wait."""
    return _keep_photo(task, number, photo_files.opened(data), actor)


@transaction.atomic
def _keep_photo(
    task: SupervisionTask, number: UUID, opened: photo_files.Opened, actor: Actor
) -> TaskPhoto:
    """The same picture sent again is the photo that is there."""
    task = locked(task)
    refuse(_reasons(task, actor))
    known = task.photos.filter(digest=opened.digest).first()
    if known is not None:
        return known
    facts = PhotoFacts(len(opened.picture), photos=task.photos.count())
    refuse(refuse_photo(facts, most=rules.PHOTOS_MAX))
    photo = TaskPhoto.objects.create(
        task=task, added_by_name=actor.name, **put_away(number, opened)
    )
    record(
        "supervision.task.photo_added",
        actor=actor,
        subject=task,
        changes={"digest": [None, opened.digest]},
    )
    return photo


def _reasons(task: SupervisionTask, actor: Actor) -> tuple[Refusal, ...]:
    return rules.refuse_photo_at(state=task.state, is_owner=queries.is_owner(actor, task))


@transaction.atomic
def remove_photo(photo: TaskPhoto, *, actor: Actor) -> None:
    """A photo that shows what it should not: the picture goes, the trail keeps its digest."""
    task = locked(photo.task)
    refuse(_reasons(task, actor))
    record(
        "supervision.task.photo_removed",
        actor=actor,
        subject=task,
        changes={"digest": [photo.digest, None]},
    )
    take_away(photo)


def may_change(task: SupervisionTask, actor: Actor) -> bool:
    return not _reasons(task, actor)
