"""How does a rule say no, with every reason and a stable code?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why something may not be done: a stable code and a Chinese sentence."""

    code: str
    text: str


class Refused(Exception):  # noqa: N818 - "raise Refused(reasons)" reads as the house speaks
    """An act was refused; carries all reasons, not only the first."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals = tuple(refusals)
        assert self.refusals, "a refusal without a reason"
        super().__init__("；".join(refusal.text for refusal in self.refusals))


def refuse(refusals: Iterable[Refusal]) -> None:
    """Stop here if there is any reason to; all of them are told."""
    found = tuple(refusals)
    if found:
        raise Refused(found)
