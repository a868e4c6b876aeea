"""How does a workbook that was just written reach the browser?"""

from __future__ import annotations

import os
import tempfile
from typing import BinaryIO, cast

from django.http import FileResponse, HttpResponse

from lingyan.platform.ui.files import WORKBOOK, attached

IN_MEMORY_BYTES = 4_000_000


def temporary() -> BinaryIO:
    """A file that vanishes when it is closed."""
    return cast("BinaryIO", tempfile.TemporaryFile())


def sent_file(target: BinaryIO, name: str, *, kind: str = WORKBOOK) -> HttpResponse:
    """A small file is sent at once, a large one is streamed and closed after sending."""
    size = target.seek(0, os.SEEK_END)
    target.seek(0)
    if size > IN_MEMORY_BYTES:
        return FileResponse(target, as_attachment=True, filename=name, content_type=kind)  # type: ignore[return-value]  # a streaming answer is an answer to the middleware
    with target:
        return attached(target.read(), kind, name)
