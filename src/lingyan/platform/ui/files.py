"""How does a file leave the product: its kind, and a Chinese name that every browser keeps?"""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attached(content: bytes, kind: str, name: str) -> HttpResponse:
    """A file to be kept, not shown."""
    disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition})


def workbook(content: bytes, name: str) -> HttpResponse:
    return attached(content, WORKBOOK, name)
