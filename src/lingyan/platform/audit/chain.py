"""How are audit entries sealed so that no later change goes unseen?

Each entry's hash is SM3 over the hash of the entry before and the canonical JSON of all its fields.
"""

from __future__ import annotations

import json
from typing import Any

from cryptography.hazmat.primitives import hashes

FIRST_HASH = "0" * 64


def canonical_json(fields: dict[str, Any]) -> bytes:
    return json.dumps(
        fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str
    ).encode()


def sealed_hash(previous_hash: str, fields: dict[str, Any]) -> str:
    """SM3 as 64 hex digits over the previous hash and the entry's fields."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(previous_hash.encode())
    digest.update(canonical_json(fields))
    return digest.finalize().hex()
