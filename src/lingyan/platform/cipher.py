"""How do identity numbers and phones lie in the table so that a copy of it tells nothing?

SM4-GCM from `cryptography`; look-ups go through a keyed HMAC-SM3 index. The key lives outside the
database.
"""

from __future__ import annotations

import hashlib
import os

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings

VERSION = b"\x01"
NONCE_BYTES, TAG_BYTES = 12, 16


def _key(purpose: str, size: int) -> bytes:
    material = hashlib.sha256(f"{purpose}:{settings.FIELD_KEY}".encode()).digest()
    return material[:size]


def encrypt(text: str) -> bytes:
    """Version byte, nonce, tag, cipher text."""
    nonce = os.urandom(NONCE_BYTES)
    encryptor = Cipher(algorithms.SM4(_key("field", 16)), modes.GCM(nonce)).encryptor()
    body = encryptor.update(text.encode()) + encryptor.finalize()
    return VERSION + nonce + encryptor.tag + body


def decrypt(stored: bytes) -> str:
    stored = bytes(stored)
    nonce = stored[1 : 1 + NONCE_BYTES]
    tag = stored[1 + NONCE_BYTES : 1 + NONCE_BYTES + TAG_BYTES]
    body = stored[1 + NONCE_BYTES + TAG_BYTES :]
    decryptor = Cipher(algorithms.SM4(_key("field", 16)), modes.GCM(nonce, tag)).decryptor()
    return (decryptor.update(body) + decryptor.finalize()).decode()


def blind_index(text: str) -> str:
    """The same text gives the same 64 hex digits; nothing leads back to the text."""
    digest = hmac.HMAC(_key("index", 32), hashes.SM3())
    digest.update(text.encode())
    return digest.finalize().hex()
