"""How is a file never seen half written?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

Target = str | Path | BinaryIO


@contextmanager
def whole_file(target: Target) -> Iterator[BinaryIO]:
    """A stream beside the target that takes its name at the end; a stream is taken as it is."""
    if not isinstance(target, str | Path):
        yield target
        return
    partial = Path(target).with_name(f".{Path(target).name}.partial")
    try:
        with partial.open("w+b") as stream:
            yield stream
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
