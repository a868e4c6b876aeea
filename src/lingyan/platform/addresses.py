"""What is the address of a record's page, where a page names a thousand of them?"""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from django.urls import get_script_prefix, reverse

SOMEBODY = UUID(int=0)


def address_of(page: str, pk: UUID, *rest: str) -> str:
    """As `reverse` writes it; the table of addresses is asked once for all records of a page."""
    return _pattern(get_script_prefix(), page, rest).replace(str(SOMEBODY), str(pk))


@lru_cache(maxsize=1000)
def _pattern(prefix: str, page: str, rest: tuple[str, ...]) -> str:
    """The address of nobody in particular, beneath the prefix under which the product stands."""
    return reverse(page, args=[SOMEBODY, *rest])
