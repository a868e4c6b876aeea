"""How do identity numbers and phones lie in the table so that a copy of it tells nothing?

SM4-GCM from `cryptography`; look-ups go through a keyed HMAC-SM3 index. The keys live outside the
database, the newest first: while a key is being changed the one before still reads.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings

FORMAT = b"\x02"
KEY_ID_BYTES, NONCE_BYTES, TAG_BYTES = 4, 12, 16
Thing = TypeVar("Thing")


class UnknownKey(Exception):  # noqa: N818 - it names the thing
    """What is to be read lies under a key that this installation does not have (any more)."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key: what its values are marked with, and what it is made into for each use."""

    mark: bytes
    field: bytes
    index: bytes

    @classmethod
    def of(cls, secret: str) -> Key:
        def derived(purpose: str) -> bytes:
            return hashlib.sha256(f"{purpose}:{secret}".encode()).digest()

        return cls(derived("mark")[:KEY_ID_BYTES], derived("field")[:16], derived("index"))


def key_file() -> Path | None:
    """Where the keys are kept; none where the surroundings give them."""
    return settings.FIELD_KEY_FILE


def secrets() -> list[str]:
    """The keys as they are written, the newest first."""
    path = key_file()
    text = _read(path, path.stat().st_mtime_ns) if path else settings.FIELD_KEY
    return text.replace(",", " ").split()


@lru_cache(maxsize=2)
def _read(path: Path, changed_at: int) -> str:
    """Read anew when it has changed: a running server must read what the new key has written."""
    return path.read_text()


@lru_cache(maxsize=8)
def _key(secret: str) -> Key:
    return Key.of(secret)


def keys() -> list[Key]:
    return [_key(secret) for secret in secrets()]


def encrypt(text: str) -> bytes:
    """Format byte, mark of the key, nonce, tag, cipher text; always under the newest key."""
    key, nonce = keys()[0], os.urandom(NONCE_BYTES)
    encryptor = Cipher(algorithms.SM4(key.field), modes.GCM(nonce)).encryptor()
    body = encryptor.update(text.encode()) + encryptor.finalize()
    return FORMAT + key.mark + nonce + encryptor.tag + body


def decrypt(stored: bytes) -> str:
    stored = bytes(stored)
    mark, rest = stored[1 : 1 + KEY_ID_BYTES], stored[1 + KEY_ID_BYTES :]
    key = next((one for one in keys() if one.mark == mark), None)
    if key is None:
        raise UnknownKey(mark.hex())
    nonce, tag = rest[:NONCE_BYTES], rest[NONCE_BYTES : NONCE_BYTES + TAG_BYTES]
    decryptor = Cipher(algorithms.SM4(key.field), modes.GCM(nonce, tag)).decryptor()
    return (decryptor.update(rest[NONCE_BYTES + TAG_BYTES :]) + decryptor.finalize()).decode()


def is_current(stored: bytes) -> bool:
    """Whether the value lies under the newest key; nothing is decrypted for it."""
    return bytes(stored[: 1 + KEY_ID_BYTES]) == FORMAT + keys()[0].mark


def is_known(stored: bytes) -> bool:
    """Whether one of the keys in use can read the value."""
    return bytes(stored[: 1 + KEY_ID_BYTES]) in {FORMAT + one.mark for one in keys()}


def blind_index(text: str) -> str:
    """The same text gives the same 64 hex digits; nothing leads back to the text."""
    return _blind_index(text, keys()[0])


def blind_indexes(text: str) -> list[str]:
    """Under every key in use: while a key is changed, a stored index may be of either."""
    return [_blind_index(text, key) for key in keys()]


def by_index(stored: Mapping[str, Thing], text: str) -> Thing | None:
    """What a table of stored indexes holds for the text."""
    return next((stored[index] for index in blind_indexes(text) if index in stored), None)


def _blind_index(text: str, key: Key) -> str:
    digest = hmac.HMAC(key.index, hashes.SM3())
    digest.update(text.encode())
    return digest.finalize().hex()
