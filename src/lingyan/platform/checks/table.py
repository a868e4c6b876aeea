"""Which records contradict each other, why does it matter, and how is it mended?

Each module declares its own checks, in the order in which they are read (`<module>/checks.py`);
`config.wiring` collects them here. A check is data: `lingyan check`, the page 数据体检, its
workbook and the tests read the same table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.urls import reverse

from lingyan.common.choices import Choice
from lingyan.platform.accounts.actor import Scope

COUNTY = ("county_org_admin",)
INSTALLATION = ("sys_admin", "sec_admin", "audit_admin")


class Severity(Choice):
    MUST = "must", "必须更正"
    LOOK = "look", "应当核实"
    NOTE = "note", "提示"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that records may not, or should not, say; `rows` is one query with those that do.

    `page` is the address where a row is mended and `key` what it is asked with; `where` leads from
    the row to its place, `who` to the person it names. None of them may cost a further query.
    """

    code: str
    severity: Severity
    what: str
    why: str
    mend: str
    rows: Callable[[Scope], QuerySet[Any]]
    page: str = ""
    key: str = "pk"
    where: str = ""
    who: str = ""
    name: Callable[[Any], str] = str
    roles: tuple[str, ...] = COUNTY

    def url(self, row: Model) -> str:
        """The page of the row; empty where it has none."""
        if not self.page:
            return ""
        value = follow(row, self.key) if self.key else None
        if self.key and value is None:
            return ""
        return reverse(self.page, args=[value] if self.key else [])

    def place(self, row: Model) -> str:
        return str(follow(row, self.where) or "") if self.where else ""

    def person(self, row: Model) -> Model | None:
        """Whose record it is: a list with the name that is taken away leaves a trace there."""
        if not self.who:
            return None
        found: Model | None = row if self.who == "self" else follow(row, self.who)
        return found


@dataclass(frozen=True, slots=True)
class Area:
    """The checks of one module, under its Chinese name."""

    title: str
    checks: tuple[Check, ...]


AREAS: list[Area] = []


def follow(row: Any, path: str) -> Any:
    """What stands at the end of a dotted path; None as soon as a step is empty."""
    for step in path.split("."):
        row = getattr(row, step) if row is not None else None
    return row


def every_check() -> list[Check]:
    return [check for area in AREAS for check in area.checks]
