"""What do the pixels of an uploaded file show? Imported only where a photo is opened."""

from __future__ import annotations

import hashlib
import io

from PIL import Image, ImageOps, UnidentifiedImageError

from lingyan.platform.photos.files import Opened

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
