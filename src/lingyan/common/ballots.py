"""How many ballots does a secret vote in a village need, and what is the code of a slip?

依据：R-2-28、R-4-07。
"""

from __future__ import annotations

import unicodedata

BALLOTS_MIN = 30
SHARE_OF_HOUSEHOLDS = 10  # percent
SLIPS_MAX = 1000
HOUSEHOLDS_MAX = 20_000
# Neither 0 and O nor 1, I and L: codes are read off paper by people of every age.
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 8


def ballots_needed(households: int) -> int:
    """30 or a tenth of the households, whichever is more. 依据：R-2-28、R-4-07。"""
    return max(BALLOTS_MIN, -(-households * SHARE_OF_HOUSEHOLDS // 100))


def clean_code(text: str) -> str:
    """As somebody typed it off the paper: spaces, dashes and small letters do not matter."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(one for one in plain if one.isalnum())


def shown_code(code: str) -> str:
    """As the slip shows it, in two halves."""
    return f"{code[:4]} {code[4:]}"
