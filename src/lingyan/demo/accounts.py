"""Which accounts does a first start make, and where are their passwords?

Passwords are random, made once, and kept in the data folder only.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import transaction

from lingyan.directory.actions import accounts
from lingyan.directory.models import Person, Place, Unit
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.passwords import random_password

FILE_NAME = "accounts.txt"


def _file() -> Path:
    return Path(settings.DATA_FOLDER) / FILE_NAME


def accounts_text() -> str:
    """The list that `./run` prints at its end; empty where no first start made accounts."""
    path = _file()
    return path.read_text(encoding="utf-8") if path.exists() else ""


def keep_accounts(title: str, rows: list[tuple[str, str, str, str]]) -> None:
    """Write (username, password, name, what for) where only the folder's owner reads it."""
    lines = [title, *("  ".join(row) for row in rows)]
    path = _file()
    path.touch(mode=0o600, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


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
) -> tuple[str, str, str, str]:
    """One account with one role; returns the line for the list."""
    password = random_password()
    user = accounts.create_account(
        username=username, name=name, password=password, is_demo=is_demo, actor=actor
    )
    accounts.grant_role(user, role=role, place=place, unit=unit, person=person, actor=actor)
    where = place or unit or person or ""
    return (f"{username:<12}", password, name, f"{role.label} {where}".strip())
