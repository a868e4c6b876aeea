"""How are audit entries sealed so that no later change goes unseen?

Each entry's hash is SM3 over the hash of the entry before and the canonical JSON of all its fields.
A field that holds nothing is left out, so that a later version may add a field and the seals of
older entries still hold.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives import hashes

FIRST_HASH = "0" * 64
_ENCODER = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
)


def canonical_text(value: Any) -> str:
    return _ENCODER.encode(value)


def sealed_hash(previous_hash: str, fields: Mapping[str, Any], *, changes: str = "") -> str:
    """SM3 as 64 hex digits over the previous hash and the entry's fields.

    `changes` is that field where it is canonical text already.
    """
    digest = hashes.Hash(hashes.SM3())
    text = _with_changes(fields, changes) if changes else canonical_text(fields)
    digest.update((previous_hash + text).encode())
    return digest.finalize().hex()


def _with_changes(fields: Mapping[str, Any], changes: str) -> str:
    """The canonical text of all fields, in which `changes` need not be written anew."""
    before = {name: value for name, value in fields.items() if name < "changes"}
    after = {name: value for name, value in fields.items() if name > "changes"}
    own = f'{{"changes":{changes}}}'
    parts = [canonical_text(before), own, canonical_text(after)]
    return "{" + ",".join(part[1:-1] for part in parts if part != "{}") + "}"


def subjects_hash(subjects: Iterable[tuple[str, str]]) -> str:
    """SM3 over a set of records, whatever the order; empty for none."""
    lines = sorted(f"{label}:{key}" for label, key in subjects)
    if not lines:
        return ""
    digest = hashes.Hash(hashes.SM3())
    digest.update("\n".join(lines).encode())
    return digest.finalize().hex()


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
