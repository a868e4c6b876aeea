"""How does a list page search, filter, sort and turn pages, at any size of its table?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.paginator import Paginator
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

PER_PAGE = 50
PER_PAGE_CHOICES = (20, 50, 100, 200)

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Filter:
    """A drop-down above the list; `apply` turns the chosen code into a condition."""

    name: str
    label: str
    choices: Sequence[tuple[str, str]]
    apply: Callable[[str], Q]


@dataclass(frozen=True, slots=True)
class ShownFilter:
    name: str
    label: str
    choices: Sequence[tuple[str, str]]
    value: str


class Listing(Generic[Row]):
    """One page of a scoped queryset as the address asks for it.

    Reading it costs two queries, whatever the size: the count and the page. Unknown filters, sorts
    and pages in the address are ignored rather than answered with an error.
    """

    def __init__(
        self,
        request: HttpRequest,
        rows: QuerySet[Row],
        *,
        search: Sequence[str] | Callable[[str], Q] = (),
        filters: Sequence[Filter] = (),
        sorts: Mapping[str, Sequence[str]],
        default_sort: str,
        search_hint: str = "",
    ) -> None:
        asked = request.GET
        self.search_text = asked.get("q", "").strip()[:60]
        self.search_hint = search_hint
        self.has_search = bool(search)
        self.filters: list[ShownFilter] = []
        for one in filters:
            value = asked.get(one.name, "")
            if value not in {code for code, _ in one.choices}:
                value = ""
            if value:
                rows = rows.filter(one.apply(value))
            self.filters.append(ShownFilter(one.name, one.label, one.choices, value))
        if self.search_text and search:
            rows = rows.filter(_matching(search, self.search_text))
        sort = asked.get("sort", default_sort)
        if sort.removeprefix("-") not in sorts:
            sort = default_sort
        self.sort_descending = sort.startswith("-")
        self.sort_name = sort.removeprefix("-")
        order = [
            _turned(field) if self.sort_descending else field for field in sorts[self.sort_name]
        ]
        self.rows = rows.order_by(*order, "pk")
        size = asked.get("size", "")
        self.per_page = int(size) if size in map(str, PER_PAGE_CHOICES) else PER_PAGE
        self.page = Paginator(self.rows, self.per_page).get_page(asked.get("page"))

    @property
    def total(self) -> int:
        return self.page.paginator.count

    @property
    def is_filtered(self) -> bool:
        return bool(self.search_text) or any(one.value for one in self.filters)

    def __iter__(self) -> Any:
        return iter(self.page.object_list)


def _matching(search: Sequence[str] | Callable[[str], Q], text: str) -> Q:
    """By a search of the module's own, or by columns that hold the text anywhere.

    The second reads every row; it is for tables that stay small.
    """
    if callable(search):
        return search(text)
    matching = Q()
    for field in search:
        matching |= Q(**{f"{field}__icontains": text})
    return matching


def _turned(field: str) -> str:
    return field[1:] if field.startswith("-") else f"-{field}"
