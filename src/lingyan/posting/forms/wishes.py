"""How does a list of ranks come in from a page: which village or candidate in which class?"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.http import QueryDict

from lingyan.posting.rules import RANKED_MAX

RANK_CHOICES = tuple(range(1, RANKED_MAX + 1))


def ranks_of(data: QueryDict, prefix: str) -> dict[UUID, int]:
    """Fields like `wish-<id>` with a class from 1 to 5; an empty one takes the line out."""
    ranks: dict[UUID, int] = {}
    for name, value in data.items():
        key = _uuid(name.removeprefix(prefix)) if name.startswith(prefix) else None
        if key is not None and isinstance(value, str) and value.isdecimal():
            ranks[key] = int(value)
    return ranks


def with_one_more(ranks: Mapping[UUID, int], key: UUID) -> dict[UUID, int]:
    """The list with one more at its end; past the last class it ties with the fifth."""
    last = max(ranks.values(), default=0)
    return {**ranks, key: min(last + 1, RANKED_MAX)}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
