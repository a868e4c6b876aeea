"""How far may the database be read and written from here? Nothing, unless somebody has said it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from lingyan.platform.accounts.actor import Actor


@dataclass(frozen=True, slots=True)
class Reach:
    """What the policies are told. Empty, it reaches no row of any walled table.

    `near` are the paths of the actor's own scope, `home` those of the counties in which it lies:
    what a county's people must know of one another is walled at `home`, all else at `near`.
    """

    near: tuple[str, ...] = ()
    home: tuple[str, ...] = ()
    unit_ids: tuple[UUID, ...] = ()
    person_id: UUID | None = None
    user_id: int | None = None
    register: bool = False
    everything: bool = False
    as_owner: bool = False


NOTHING = Reach()
EVERYTHING = Reach(everything=True)
OWNER = Reach(as_owner=True)

HOME_OF: list[Callable[[Actor], tuple[str, ...]]] = []
"""One function that says in which counties an actor's scope lies; `config.wall` gives it."""
REGISTER_ROLES: set[str] = set()
"""Administrators of the installation: the whole register and its history, no business."""

_here: ContextVar[Reach | None] = ContextVar("lingyan_reach", default=None)
_of_this_process: list[Reach] = []


def is_on() -> bool:
    return bool(settings.ROW_SECURITY)


def wanted() -> Reach:
    """What holds here: what was said in this context, else in this process, else nothing."""
    return _here.get() or next(reversed(_of_this_process), NOTHING)


@contextmanager
def reaching(reach: Reach) -> Iterator[None]:
    token = _here.set(reach)
    try:
        yield
    finally:
        _here.reset(token)


@contextmanager
def everything() -> Iterator[None]:
    """For finding out who is there, and for the product's own upkeep."""
    with reaching(EVERYTHING):
        yield


@contextmanager
def within(actor: Actor | None) -> Iterator[None]:
    """For everything that is done as this actor; nobody reaches nothing."""
    with reaching(reach_of(actor) if is_on() else NOTHING):
        yield


def reach_of(actor: Actor | None) -> Reach:
    if actor is None:
        return NOTHING
    if actor.scope.is_everything:
        return EVERYTHING
    with everything():
        home = HOME_OF[0](actor)
    return Reach(
        near=actor.scope.place_paths,
        home=home,
        unit_ids=actor.scope.unit_ids,
        person_id=actor.scope.person_id,
        user_id=actor.user_id,
        register=actor.role in REGISTER_ROLES,
    )


def open_process(reach: Reach = EVERYTHING) -> None:
    """For a command of the operator, all of whose threads work for the product itself."""
    _of_this_process.append(reach)
