"""Who acts, in which role, and what may that person see?"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Scope:
    """What one acting role may see (R-0-19): places with everything under them, units, one person.

    `place_paths` are prefixes of `Place.path`; the empty prefix means everything. A scope with
    nothing in it sees nothing.
    """

    place_paths: tuple[str, ...] = ()
    unit_ids: tuple[UUID, ...] = ()
    person_id: UUID | None = None

    @property
    def is_everything(self) -> bool:
        return "" in self.place_paths


EVERYTHING = Scope(place_paths=("",))
NOTHING = Scope()


@dataclass(frozen=True, slots=True)
class Actor:
    """A user in the role that this request states; actions take it, the audit keeps it."""

    user_id: int | None
    name: str
    role: str
    role_label: str
    scope: Scope
    place_name: str = ""
    for_user_id: int | None = None  # whom a delegate stands for; the name says so too
    stands_for: frozenset[int] = frozenset()  # everyone whose delegate this user is today
    assignment_id: UUID | None = None
    through: str = ""  # what the act comes by, when not by the user's own pages: a token
    narrowed_to: str = ""  # the path of the one place that a token is for, inside the role's scope

    @property
    def acting_as(self) -> str:
        """The role, where it holds and what the act comes by: 乡镇组织委员 · 北山镇."""
        parts = (self.role_label, self.place_name, self.through)
        return " · ".join(part for part in parts if part)

    def holds(self, *roles: str) -> bool:
        return self.role in roles

    @classmethod
    def system(cls, name: str = "系统") -> Actor:
        """The product itself: computing, clearing up after a crash, building a demo."""
        return cls(user_id=None, name=name, role="system", role_label="系统", scope=EVERYTHING)
