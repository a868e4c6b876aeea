"""How does a scope become a condition on rows? The one place where it does."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Exists, Q

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
        whole = prefix and len(path) == PATH_DIGITS
        condition |= _under_top(path, prefix) if whole else _under(path, prefix)
    return condition


def _under(path: str, prefix: str = "") -> Q:
    return Q(**{f"{prefix}path__gte": path, f"{prefix}path__lt": path_end(path)})


def _under_top(path: str, prefix: str) -> Q:
    """Rows of a whole county; where it is the only one, no row's place is looked at.

    The database asks once whether there is any place outside, and mostly there is none: a list of
    100,000 rows is then counted from an index instead of by as many look-ups of places.
    """
    places = apps.get_model("directory", "Place")._base_manager
    outside = places.filter(Q(path__lt=path) | Q(path__gte=path_end(path)))
    place = prefix.removesuffix("__")
    inside = Q(**{f"{place}__in": places.filter(_under(path))})
    return Q(**{f"{place}__isnull": False}) & (~Exists(outside) | inside)


def contains(scope: Scope, path: str) -> bool:
    """Whether a place with this path lies in the scope; the same test without the database."""
    return any(path.startswith(own) for own in scope.place_paths)
