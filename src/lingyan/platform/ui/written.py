"""Which sentences did somebody write into a form that could not be taken?"""

from __future__ import annotations

import re

from django.http import HttpRequest

CHINESE = re.compile("[\u4e00-\u9fff]")


def written_in(request: HttpRequest) -> dict[str, object]:
    """A whole form by the names of its fields, to be filled in again at its own address."""
    fields = {
        name: request.POST.getlist(name)
        for name in request.POST
        if "password" not in name and name != "csrfmiddlewaretoken"
    }
    return {"path": request.path, "fields": fields}


def sentences_of(request: HttpRequest) -> list[str]:
    """What was written by hand, so that it can be copied; never a password or a choice by code."""
    return [
        text.strip()
        for name in request.POST
        for text in request.POST.getlist(name)
        if "password" not in name and CHINESE.search(text)
    ]
