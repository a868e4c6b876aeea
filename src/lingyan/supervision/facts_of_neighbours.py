"""What does 督查督办 ask the modules above it? The one place where they answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import models

from lingyan.directory.models import Person, Place, Unit
from lingyan.platform.accounts.actor import Actor
from lingyan.supervision.rules.words import TaskLevel


@dataclass(frozen=True, slots=True)
class Holding:
    """What one gate holds now, as far as this reader may see it: names, and how many in all."""

    count: int
    names: tuple[str, ...]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Depending:
    """One record that names a person who is gone: what is to be done about it, and by whom."""

    thing: models.Model
    what: str
    place: Place
    page: str = ""  # the name of the address of its page, which takes the id alone
    unit: Unit | None = None
    level: TaskLevel = TaskLevel.COUNTY


# The modules say here which of their records hang on a person, who was of that unit (G-28).
DEPENDING: list[Callable[[Person, Unit | None], Iterable[Depending]]] = []


def depending(person: Person, unit: Unit | None) -> list[Depending]:
    return [one for source in DEPENDING for one in source(person, unit)]


# By gate: the modules say here what each of their gates holds now.
HOLDINGS: dict[str, Callable[[Actor], Holding]] = {}


def holding(gate: str, actor: Actor) -> Holding | None:
    """None where the gate looks at one act at a time and holds nothing beforehand."""
    ask = HOLDINGS.get(gate)
    return ask(actor) if ask else None
