"""Where do the codes on the slips of a secret vote come from?"""

from __future__ import annotations

import secrets

from lingyan.common.ballots import CODE_LENGTH, CODE_LETTERS


def draw_codes(count: int) -> list[str]:
    """Random codes, all different; 31 to the eighth of them, so that guessing one is hopeless."""
    drawn: set[str] = set()
    while len(drawn) < count:
        drawn.add("".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH)))
    return sorted(drawn)
