"""Is an uploaded file really a photo, and how is it kept without what the camera wrote into it?"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpResponse

from lingyan.common.photos import PhotoFacts, refuse_photo, refuse_size
from lingyan.common.refusals import Refused, refuse
from lingyan.platform import cipher


@dataclass(frozen=True, slots=True)
class Opened:
    """A photo made anew from its pixels: place, camera and time of the original are gone."""

    digest: str
    width: int
    height: int
    picture: bytes
    thumbnail: bytes


def keep(photo_id: UUID, opened: Opened) -> tuple[str, str]:
    """Store both sizes sealed; returns their names."""
    return (
        default_storage.save(f"photos/{photo_id}.bin", _sealed(opened.picture)),
        default_storage.save(f"photos/{photo_id}-small.bin", _sealed(opened.thumbnail)),
    )


def _sealed(data: bytes) -> ContentFile[bytes]:
    return ContentFile(cipher.encrypt(base64.b64encode(data).decode("ascii")))


def kept(name: str) -> bytes:
    with default_storage.open(name) as file:
        return base64.b64decode(cipher.decrypt(file.read()))


def forget(*names: str) -> None:
    for name in names:
        default_storage.delete(name)


def opened(data: bytes) -> Opened:
    """The photo made anew, or every reason against it; before the transaction, as it takes time."""
    # Whoever never opens a photo, such as the worker, need not hold the library in memory.
    from lingyan.platform.photos import pixels

    refuse(refuse_size(len(data)))
    count = pixels.pixels_of(data)
    refuse(
        refuse_photo(PhotoFacts(len(data), is_image=count is not None, pixels=count or 0), most=1)
    )
    found = pixels.open_photo(data)
    if found is None:
        raise Refused(refuse_photo(PhotoFacts(len(data), is_image=False), most=1))
    return found


def shown(name: str, photo_id: UUID) -> HttpResponse:
    """A kept photo as a browser shows it."""
    answer = HttpResponse(kept(name), content_type="image/jpeg")
    answer["Cache-Control"] = "private, max-age=86400"
    answer["Content-Disposition"] = f'inline; filename="{photo_id}.jpg"'
    return answer
