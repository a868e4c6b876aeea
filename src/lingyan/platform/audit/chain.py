"""How are audit entries sealed so that no later change goes unseen?

Each entry's hash is SM3 over the hash of the entry before and the canonical JSON of all its fields.
A field that holds nothing is left out, so that a later version may add a field and the seals of
older entries still hold.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from json.encoder import encode_basestring
from typing import Any

from cryptography.hazmat.primitives import hashes

FIRST_HASH = "0" * 64
_ENCODER = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
)


def canonical_text(value: Any) -> str:
    return _ENCODER.encode(value)


def sealed_hash(previous_hash: str, fields: Mapping[str, Any]) -> str:
    """SM3 as 64 hex digits over the previous hash and the entry's fields."""
    return _hash(previous_hash + canonical_text(fields))


def canonical_pieces(fields: Mapping[str, Any]) -> dict[str, str]:
    """Each field's own part of the canonical text."""
    return {
        name: encode_basestring(value) if value.__class__ is str else canonical_text(value)
        for name, value in fields.items()
    }


def hash_of_pieces(previous_hash: str, pieces: Mapping[str, str]) -> str:
    """What `sealed_hash` gives, where most pieces are the same for thousands of entries."""
    text = ",".join([f'"{name}":{piece}' for name, piece in sorted(pieces.items())])
    return _hash(f"{previous_hash}{{{text}}}")


def _hash(text: str) -> str:
    digest = hashes.Hash(hashes.SM3())
    digest.update(text.encode())
    return digest.finalize().hex()


def subjects_hash(subjects: Iterable[tuple[str, str]]) -> str:
    """SM3 over a set of records, whatever the order; empty for none."""
    lines = sorted(f"{label}:{key}" for label, key in subjects)
    if not lines:
        return ""
    return _hash("\n".join(lines))


def sealed_values(
    names: Iterable[str], values: Iterable[Any], nothings: Iterable[Any]
) -> dict[str, Any]:
    """What is sealed of one row: every field that holds something, moments in UTC.

    `values` may go on, with the two hashes.
    """
    found = {}
    for name, value, nothing in zip(names, values, nothings, strict=False):
        if value.__class__ is datetime:
            found[name] = value.astimezone(UTC).isoformat()
        elif value.__class__ is not nothing.__class__ or value != nothing:
            found[name] = value
    return found
