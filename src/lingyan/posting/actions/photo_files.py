"""Is an uploaded file really a photo, and how is it kept without what the camera wrote into it?"""

from __future__ import annotations

import base64
import hashlib
import io
from dataclasses import dataclass
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageOps, UnidentifiedImageError

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
