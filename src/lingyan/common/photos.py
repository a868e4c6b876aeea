"""May this file be kept as a photo of a record?"""

from __future__ import annotations

from dataclasses import dataclass

from lingyan.common.refusals import Refusal

PHOTO_BYTES_MAX = 10 * 1024 * 1024
PHOTO_PIXELS_MAX = 50_000_000


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """What is known of a photo: its size first, the rest once it was opened."""

    size: int
    is_image: bool = True
    pixels: int = 0
    photos: int = 0


def refuse_size(size: int) -> tuple[Refusal, ...]:
    """Said before anything of the file is read."""
    if size <= PHOTO_BYTES_MAX:
        return ()
    told = f"{size / 1024 / 1024:.0f} MB"
    most = PHOTO_BYTES_MAX // 1024 // 1024
    return (Refusal("photo.large", f"照片有 {told}，最多 {most} MB，请压缩后再传"),)


def refuse_photo(facts: PhotoFacts, *, most: int) -> tuple[Refusal, ...]:
    """A picture that can be shown, of a bearable size, at a record that has room for it."""
    refusals = list(refuse_size(facts.size))
    if not facts.is_image:
        refusals.append(
            Refusal("photo.unreadable", "这不是照片（只收 JPG、PNG、WEBP 图片），没有保存")
        )
    if facts.pixels > PHOTO_PIXELS_MAX:
        refusals.append(Refusal("photo.pixels", "照片的尺寸太大，请缩小后再传"))
    if facts.photos >= most:
        refusals.append(Refusal("photo.full", f"一条记录最多 {most} 张照片"))
    return tuple(refusals)
