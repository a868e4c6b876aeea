"""Which password does a new account get? A random one, shown once."""

from __future__ import annotations

import secrets

# No characters that are taken for each other when read from a screen or a slip of paper.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def random_password() -> str:
    """Three groups of four, about 59 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))
