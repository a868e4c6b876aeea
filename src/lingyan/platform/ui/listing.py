"""How does a list page search, filter, sort and turn pages, at any size of its table?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from django.core.paginator import Page, Paginator
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


class KeysFirst(Paginator):  # type: ignore[type-arg]  # of rows of any model
    """Finds the keys of a page first: what is passed over on the way is read from an index only.

    Rows that point to nothing by the column they are sorted by come last, as a list of their own:
    so the rest can be read in the order of the other table's index.
    """

    def page(self, number: int | str) -> Page[Any]:
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        rows = cast("QuerySet[Any]", self.object_list)
        keys = _keys(rows, first, first + self.per_page)
        found = {row.pk: row for row in rows.order_by().filter(pk__in=keys)}
        return Page([found[key] for key in keys if key in found], number, self)


def _keys(rows: QuerySet[Any], first: int, last: int) -> list[Any]:
    pointer = _optional_pointer(rows)
    if pointer is None:
        return list(rows.values_list("pk", flat=True)[first:last])
    field, column = pointer
    pointing = rows.filter(**{f"{column}__gte": ""})
    keys = list(pointing.values_list("pk", flat=True)[first:last])
    if len(keys) < last - first:
        before = max(0, first - pointing.count()) if not keys else 0
        order = [one for one in rows.query.order_by if str(one).lstrip("-") != column]
        rest = rows.filter(**{f"{field}__isnull": True}).order_by(*order)
        keys += rest.values_list("pk", flat=True)[before : before + last - first - len(keys)]
    return keys


def _optional_pointer(rows: QuerySet[Any]) -> tuple[str, str] | None:
    """The foreign key that may be empty by which the rows are sorted first, and the column."""
    column = str(rows.query.order_by[0]).lstrip("-")
    name, _, below = column.partition("__")
    if not below or "__" in below:
        return None
    return (name, column) if rows.model._meta.get_field(name).null else None


class Listing(Generic[Row]):
    """One page of a scoped queryset as the address asks for it.

    Reading it costs three queries, whatever the size: the count, the keys of the page and its rows.
    Unknown filters, sorts and pages in the address are ignored rather than answered with an error.
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
        self.page = KeysFirst(self.rows, self.per_page).get_page(asked.get("page"))

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
