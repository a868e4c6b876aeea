"""What stands in the table of a photo that a record keeps, whatever the record is?"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models, transaction

from lingyan.common import clock
from lingyan.platform.photos import files


class KeptPhoto(models.Model):
    """Made smaller and without what the camera wrote into it; the picture lies sealed in a file."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    digest = models.CharField("原件摘要", max_length=64)
    size = models.PositiveIntegerField("大小")
    width = models.PositiveIntegerField("宽")
    height = models.PositiveIntegerField("高")
    stored_name = models.CharField("存放", max_length=120)
    thumbnail_name = models.CharField("小图存放", max_length=120)
    added_at = models.DateTimeField("加入时间")

    class Meta:
        abstract = True


def put_away(number: uuid.UUID, opened: files.Opened) -> dict[str, Any]:
    """Store the picture; what its row holds."""
    stored, thumbnail = files.keep(number, opened)
    return {
        "id": number, "digest": opened.digest, "size": len(opened.picture),
        "width": opened.width, "height": opened.height, "stored_name": stored,
        "thumbnail_name": thumbnail, "added_at": clock.now(),
    }  # fmt: skip


def take_away(photo: KeptPhoto) -> None:
    """The row now, the files once that is certain."""
    names = (photo.stored_name, photo.thumbnail_name)
    photo.delete()
    transaction.on_commit(lambda: files.forget(*names))
