"""Which of two equally good answers is taken? A published drawing of lots decides.

Anybody can repeat it: the ticket of a pair is the first bits of SHA-256 over the seed, the person
and the post, so neither the order of a list nor the machine has a say.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

BITS = 40
FULL_BITS = 64
"""The bits of a ticket where single pairs are compared, and never added."""
SOLVER_BITS = 16
"""The bits of a ticket where a solver draws the lot (mode stable-best)."""


def ticket(seed: int, person_id: str, post_id: str, bits: int = BITS) -> int:
    """The ticket of a pair, 0 <= ticket < 2**bits (bits <= 64); the lower sum of tickets wins."""
    drawn = sha256(f"{seed}\t{person_id}\t{post_id}".encode()).digest()
    return int.from_bytes(drawn[:8], "big") >> 64 - bits


def tickets(seed: int, pairs: Iterable[tuple[str, str]], bits: int = BITS) -> list[int]:
    """The tickets of many pairs, at less cost than one by one."""
    shift, digits = 64 - bits, int.from_bytes
    return [
        digits(sha256(f"{seed}\t{person}\t{post}".encode()).digest()[:8], "big") >> shift
        for person, post in pairs
    ]


def tiebreak(seed: int, person_id: str, post_id: str) -> int:
    """The full ticket of a pair (64 bits), for modes that compare single pairs: lower wins."""
    return ticket(seed, person_id, post_id, FULL_BITS)
