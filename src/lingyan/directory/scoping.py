"""How does a scope become a condition on rows? The one place where it does."""

from __future__ import annotations

from django.db.models import Q

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
        condition |= Q(**{f"{prefix}path__gte": path, f"{prefix}path__lt": path_end(path)})
    return condition


def contains(scope: Scope, path: str) -> bool:
    """Whether a place with this path lies in the scope; the same test without the database."""
    return any(path.startswith(own) for own in scope.place_paths)
