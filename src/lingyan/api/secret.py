"""What does a token look like, and what of it is kept?"""

from __future__ import annotations

import hashlib
import secrets

PREFIX = "lingyan_"
SHOWN = 12


def new_secret() -> str:
    """256 random bits behind a word by which a leaked one is recognised."""
    return PREFIX + secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """A plain digest is enough: nobody guesses 256 random bits."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
