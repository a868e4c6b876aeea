"""Which checks does a role see, what did the last run find, and which rows are wrong now?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.http import Http404

from lingyan.platform.accounts.actor import Actor, Scope
from lingyan.platform.checks import table
from lingyan.platform.checks.models import CheckRun
from lingyan.platform.checks.table import Area, Check


@dataclass(frozen=True, slots=True)
class Found:
    """One row that is wrong, and what a reader needs to mend it."""

    area: str
    check: Check
    name: str
    place: str
    url: str
    person: Model | None


def list_areas(role: str) -> list[Area]:
    """The checks of each module that are for this role; modules without any are left out."""
    found = (
        Area(area.title, tuple(one for one in area.checks if role in one.roles))
        for area in table.AREAS
    )
    return [area for area in found if area.checks]


def list_checks(role: str) -> list[Check]:
    return [check for area in list_areas(role) for check in area.checks]


def get_check(role: str, code: str) -> Check:
    """404 for a check that does not exist and for one of other people's alike."""
    for check in list_checks(role):
        if check.code == code:
            return check
    raise Http404


def scope_path(actor: Actor) -> str:
    return actor.scope.place_paths[0] if actor.scope.place_paths else ""


def last_run(actor: Actor) -> CheckRun | None:
    """Runs are kept by scope; who administers the installation has one of its own."""
    codes = {check.code for check in list_checks(actor.role)}
    for run in CheckRun.objects.filter(scope_path=scope_path(actor))[:20]:
        if codes & run.counts.keys():
            return run
    return None


def list_rows(check: Check, scope: Scope) -> QuerySet[Any]:
    return check.rows(scope).order_by("pk")


def count_rows(check: Check, scope: Scope) -> int:
    return check.rows(scope).order_by().count()


def told(area: Area, check: Check, row: Model) -> Found:
    return Found(
        area.title, check, check.name(row), check.place(row), check.url(row), check.person(row)
    )


def list_found(actor: Actor, code: str, most: int) -> Iterator[Found]:
    """The first so many rows that are wrong at this moment, one query for each check."""
    for area in list_areas(actor.role):
        for check in area.checks:
            if code not in ("", check.code) or most <= 0:
                continue
            rows = [told(area, check, row) for row in list_rows(check, actor.scope)[:most]]
            most -= len(rows)
            yield from rows
