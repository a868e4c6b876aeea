"""What does 督查督办 ask the modules above it? The one place where they answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lingyan.platform.accounts.actor import Actor


@dataclass(frozen=True, slots=True)
class Holding:
    """What one gate holds now, as far as this reader may see it: names, and how many in all."""

    count: int
    names: tuple[str, ...]
    url: str = ""


# By gate: the modules say here what each of their gates holds now.
HOLDINGS: dict[str, Callable[[Actor], Holding]] = {}


def holding(gate: str, actor: Actor) -> Holding | None:
    """None where the gate looks at one act at a time and holds nothing beforehand."""
    ask = HOLDINGS.get(gate)
    return ask(actor) if ask else None
