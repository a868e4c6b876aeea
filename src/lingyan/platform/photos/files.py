"""Is an uploaded file really a photo, and how is it kept without what the camera wrote into it?"""

from __future__ import annotations

import base64
import hashlib
import io
from dataclasses import dataclass
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpResponse
from PIL import Image, ImageOps, UnidentifiedImageError

from lingyan.common.photos import PhotoFacts, refuse_photo, refuse_size
from lingyan.common.refusals import Refused, refuse
from lingyan.platform import cipher

FORMATS = ("JPEG", "PNG", "WEBP")
EDGE, THUMBNAIL_EDGE, QUALITY = 1600, 240, 80
NO_IMAGE = (
    UnidentifiedImageError,
    OSError,
    SyntaxError,
    ValueError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A photo made anew from its pixels: place, camera and time of the original are gone."""

    digest: str
    width: int
    height: int
    picture: bytes
    thumbnail: bytes


def pixels_of(data: bytes) -> int | None:
    """How large the picture is, by its head alone; None where the file is no picture."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            return image.width * image.height
    except NO_IMAGE:
        return None


def open_photo(data: bytes) -> Opened | None:
    """Decode every pixel, turn it upright, make it small; None where that cannot be done."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except NO_IMAGE:
        return None
    upright.thumbnail((EDGE, EDGE))
    small = upright.copy()
    small.thumbnail((THUMBNAIL_EDGE, THUMBNAIL_EDGE))
    return Opened(
        hashlib.sha256(data).hexdigest(),
        upright.width,
        upright.height,
        _jpeg(upright),
        _jpeg(small),
    )


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    fresh = Image.new("RGB", image.size)
    fresh.paste(image)  # nothing but pixels: no profile, no comment, no place
    fresh.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


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
    refuse(refuse_size(len(data)))
    pixels = pixels_of(data)
    refuse(
        refuse_photo(PhotoFacts(len(data), is_image=pixels is not None, pixels=pixels or 0), most=1)
    )
    found = open_photo(data)
    if found is None:
        raise Refused(refuse_photo(PhotoFacts(len(data), is_image=False), most=1))
    return found


def shown(name: str, photo_id: UUID) -> HttpResponse:
    """A kept photo as a browser shows it."""
    answer = HttpResponse(kept(name), content_type="image/jpeg")
    answer["Cache-Control"] = "private, max-age=86400"
    answer["Content-Disposition"] = f'inline; filename="{photo_id}.jpg"'
    return answer
