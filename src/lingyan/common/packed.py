"""How does a value become bytes that are the same for equal values, and come back?"""

from __future__ import annotations

import gzip
import json
from typing import Any


def pack(value: Any) -> bytes:
    """Gzip of canonical JSON; equal values give equal bytes."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return gzip.compress(text.encode(), compresslevel=6, mtime=0)


def unpack(packed: bytes) -> Any:
    return json.loads(gzip.decompress(bytes(packed)))
