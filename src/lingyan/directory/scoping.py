"""How does a scope become a condition on rows? The one place where it does."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Exists, Q, QuerySet

from lingyan.platform.accounts.actor import Scope

PATH_DIGITS = 4


def path_end(path: str) -> str:
    """The first path after all under `path`: paths are digits, so any collation agrees."""
    return str(int(path) + 1).zfill(len(path))


def place_q(scope: Scope, prefix: str) -> Q:
    """Rows whose place (reached by `prefix`, such as "village__") lies in the scope."""
    if scope.is_everything:
        # Not the empty condition: that one vanishes when another is joined to it by "or".
        return Q(pk__isnull=False)
    condition = Q(pk__in=())
    for path in scope.place_paths:
        condition |= _under_top(path, prefix) if len(path) == PATH_DIGITS else _under(path, prefix)
    return condition


def person_q(scope: Scope, column: str) -> Q:
    """Rows whose person (in `column`) is managed in the scope."""
    if scope.is_everything:
        return Q(pk__isnull=False)
    condition = Q(pk__in=())
    for path in scope.place_paths:
        if len(path) == PATH_DIGITS:
            people = apps.get_model("directory", "Person")._base_manager
            condition |= _whole(column, path, people.filter(_under(path, "place__")))
        else:
            condition |= _under(path, f"{column}__place__")
    return condition


def _under(path: str, prefix: str = "") -> Q:
    return Q(**{f"{prefix}path__gte": path, f"{prefix}path__lt": path_end(path)})


def _under_top(path: str, prefix: str) -> Q:
    """Rows of a whole county by their place, which may not be named."""
    if not prefix:
        return ~_any_outside(path) | _under(path)
    places = apps.get_model("directory", "Place")._base_manager
    return _whole(prefix.removesuffix("__"), path, places.filter(_under(path)))


def _whole(column: str, path: str, within: QuerySet[Any]) -> Q:
    """Rows that name one of these; where the county is the only one, each that names any."""
    inside = Q(**{f"{column}__in": within.values("pk")})
    return Q(**{f"{column}__isnull": False}) & (~_any_outside(path) | inside)


def _any_outside(path: str) -> Exists:
    """Whether there is any place outside; mostly there is none, and the database asks once.

    A list of 100,000 rows is then counted from an index instead of by as many look-ups of places.
    """
    places = apps.get_model("directory", "Place")._base_manager
    return Exists(places.filter(Q(path__lt=path) | Q(path__gte=path_end(path))))


def contains(scope: Scope, path: str) -> bool:
    """Whether a place with this path lies in the scope; the same test without the database."""
    return any(path.startswith(own) for own in scope.place_paths)
