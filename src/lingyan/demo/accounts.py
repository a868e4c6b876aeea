"""Which accounts does a first start make, and where are their passwords?

Passwords are random, made once, and kept in the data folder only.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from lingyan.directory.actions import accounts
from lingyan.directory.models import Person, Place, Unit
from lingyan.directory.queries import actor_of
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.passwords import random_password

FILE_NAME = "accounts.txt"


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list that `./run` prints."""

    username: str
    password: str
    name: str
    role: str

    def __str__(self) -> str:
        return f"{self.username:<17}{self.password:<18}{self.name}  {self.role}"


def _file() -> Path:
    return Path(settings.DATA_FOLDER) / FILE_NAME


def accounts_text() -> str:
    """The list that `./run` prints at its end; empty where no first start made accounts."""
    path = _file()
    return path.read_text(encoding="utf-8") if path.exists() else ""


def keep_accounts(title: str, rows: list[Listed]) -> None:
    """Write the list where only the folder's owner reads it."""
    path = _file()
    path.touch(mode=0o600, exist_ok=True)
    path.write_text("\n".join([title, *map(str, rows)]) + "\n", encoding="utf-8")


@transaction.atomic
def make_account(
    username: str,
    name: str,
    role: Role,
    *,
    actor: Actor,
    place: Place | None = None,
    unit: Unit | None = None,
    person: Person | None = None,
    is_demo: bool = True,
    may_sign_in: bool = True,
) -> tuple[Actor, Listed]:
    """One account with one role, as an actor and as a line of the list."""
    password = random_password() if may_sign_in else None
    user = accounts.create_account(
        username=username, name=name, password=password, is_demo=is_demo, actor=actor
    )
    assignment = accounts.grant_role(
        user, role=role, place=place, unit=unit, person=person, actor=actor
    )
    where = place or unit or person or ""
    return actor_of(assignment), Listed(username, password or "", name, f"{role.label} {where}")
