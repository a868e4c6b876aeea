"""How do photos come in with a plain form, and how is a sending that is too large turned away?"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from lingyan.common.photos import PHOTO_BYTES_MAX, PhotoFacts, refuse_photo, refuse_size
from lingyan.common.refusals import Refused

# A plain form with several photos; what is longer is refused before it is read.
FORM_BYTES_MAX = 3 * PHOTO_BYTES_MAX


class Photos(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several files; whether they are photos is looked into by the action."""

    widget = Photos(attrs={"accept": "image/jpeg,image/png,image/webp", "multiple": True})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(PhotosField, self).clean(one, initial) for one in files if one]


def before_reading(view: Any) -> Any:
    """Say no to a sending that is too large before a byte of it is read; then check its token."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        told = str(request.META.get("CONTENT_LENGTH") or "")
        length = int(told) if told.isdecimal() else 0
        if request.method == "POST" and length > FORM_BYTES_MAX:
            raise Refused(refuse_size(length))
        answer: HttpResponse = csrf_protect(view)(request, *args, **kwargs)
        return answer

    return guarded


def add_each(
    files: list[Any], add: Callable[[bytes], object], *, rest: str = "；文字已记下"
) -> list[str]:
    """Add every file; the words of those that were refused, each with its name."""
    told = []
    for file in files:
        try:
            data = b"" if refuse_size(file.size) else file.read()
            if not data:
                raise Refused(
                    refuse_size(file.size) or refuse_photo(PhotoFacts(0, is_image=False), most=1)
                )
            add(data)
        except Refused as refused:
            told += [f"{file.name}：{one.text}{rest}" for one in refused.refusals]
    return told
