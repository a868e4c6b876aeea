"""How does a list page search, filter, sort and turn pages, at any size of its table?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import CharField, F, Model, OrderBy, Q, QuerySet
from django.db.models.sql.where import WhereNode
from django.http import HttpRequest

PER_PAGE = 50
PER_PAGE_CHOICES = (20, 50, 100, 200)
CHOICES_MOST = 300
SORTED_MOST = 20_000
FEW = 1000
TOO_MANY_TO_SORT = f"超过 {SORTED_MOST} 条的名单不按这一列排序，请先用条件或搜索缩小范围。"
TOO_MANY = f"超过 {CHOICES_MOST} 个，请在搜索框里写名称"

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Filter:
    """A drop-down above the list; `apply` turns the chosen code into a condition."""

    name: str
    label: str
    choices: Sequence[tuple[str, str]]
    apply: Callable[[str], Q]
    note: str = ""


@dataclass(frozen=True, slots=True)
class ShownFilter:
    name: str
    label: str
    choices: Sequence[tuple[str, str]]
    value: str
    note: str = ""


def filter_of_records(
    request: HttpRequest,
    name: str,
    label: str,
    rows: QuerySet[Any],
    column: str,
    *,
    used: QuerySet[Any] | None = None,
) -> Filter:
    """A drop-down of the records in `column`, given as keys with their names.

    `used` leaves only those that the list names. Where they are too many to choose among, it says
    so and offers the one that was asked for.
    """
    shown, note = rows[: CHOICES_MOST + 1], ""
    if used is not None:
        distinct = used.filter(**{f"{column}__isnull": False}).order_by(column)
        keys = list(distinct.values_list(column, flat=True).distinct()[: CHOICES_MOST + 1])
        shown = rows.filter(pk__in=keys)
    choices = list(shown)
    if len(choices) > CHOICES_MOST:
        seen = rows if used is None else rows.filter(pk__in=used.order_by().values(column))
        choices, note = _asked_for(request.GET.get(name, ""), seen), TOO_MANY
    named = [(str(key), text) for key, text in choices]
    return Filter(name, label, named, lambda key: Q(**{column: key}), note)


def _asked_for(key: str, rows: QuerySet[Any]) -> list[Any]:
    try:
        return list(rows.filter(pk=key)) if key else []
    except ValidationError:
        return []


class KeysFirst(Paginator):  # type: ignore[type-arg]  # of rows of any model
    """Finds the keys of a page first: what is passed over on the way is read from an index only.

    Rows that point to nothing by the column they are sorted by come last, as a part of their own:
    so the rest can be read in the order of the other table's index.
    """

    def page(self, number: int | str) -> Page[Any]:
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        rows = cast("QuerySet[Any]", self.object_list)
        if self.count <= FEW:
            return Page(list(_sorted(rows)[first : first + self.per_page]), number, self)
        keys: list[Any] = []
        for part, size in _parts(rows, self.count):
            keys += _keys(part, size, first, min(first + self.per_page - len(keys), size))
            first = max(0, first - size)
        found = {row.pk: row for row in _unasked(rows).filter(pk__in=keys)}
        return Page([found[key] for key in keys if key in found], number, self)


def _unasked(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The same rows with what is read of them, but without conditions: their keys met them all.

    A condition on 100,000 others would be gone through once more, for fifty rows.
    """
    bare = rows.order_by()
    bare.query.where = WhereNode()
    return bare


def _sorted(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Few rows in their order: found first and sorted then.

    Asked in one, the database would rather walk all rows in that order and look for the few.
    """
    found = rows.filter(pk__in=list(rows.order_by().values_list("pk", flat=True)))
    pointer = _pointer(rows)
    if pointer is None or not pointer.may_be_empty:
        return found
    first, *rest = rows.query.order_by
    turned = str(first).startswith("-")
    return found.order_by(OrderBy(F(pointer.column), descending=turned, nulls_last=True), *rest)


def _keys(rows: QuerySet[Any], size: int, first: int, last: int) -> list[Any]:
    """The keys from `first` to `last` of so many rows, read from whichever end is nearer."""
    if first >= last:
        return []
    if first + last <= size:
        return _sliced(rows, first, last)
    return _sliced(rows.reverse(), size - last, size - first)[::-1]


def _sliced(rows: QuerySet[Any], first: int, last: int) -> list[Any]:
    """Sorted by a column of their own first and by another table's then, as months and villages
    are: which values of the first the page has is read from an index, and only these are sorted.
    """
    column = _lead(rows)
    if column is None:
        return list(rows.values_list("pk", flat=True)[first:last])
    first_ordered = str(rows.query.order_by[0])
    values = rows.order_by(first_ordered).values_list(column, flat=True)
    ends = [*values[first : first + 1], *values[last - 1 : last]]
    if len(ends) < 2:  # somebody deleted some meanwhile
        return []
    is_falling = first_ordered.startswith("-") == rows.query.standard_ordering
    passed = rows.filter(**{f"{column}__{'gt' if is_falling else 'lt'}": ends[0]})
    before = passed.order_by().count()
    within = rows.filter(**{f"{column}__gte": min(ends), f"{column}__lte": max(ends)})
    return list(within.values_list("pk", flat=True)[first - before : last - before])


def _lead(rows: QuerySet[Any]) -> str | None:
    """The own column that rows are sorted by before another table's; None where it may be empty."""
    column, *rest = (str(one).lstrip("-") for one in rows.query.order_by)
    own = {one.name for one in rows.model._meta.concrete_fields if not one.null}
    return column if column in own and any("__" in one for one in rest) else None


def _parts(rows: QuerySet[Any], size: int) -> list[tuple[QuerySet[Any], int]]:
    """The list, or its two parts where the rows may point to nothing; each with its size.

    Many rows are read in the order of the other table's index. What is asked of the column says
    nothing new, but without it SQLite collects all of them and sorts.
    """
    pointer = _pointer(rows)
    if pointer is None:
        return [(rows, size)]
    somewhere = rows.filter(**{f"{pointer.column}__gte": ""})
    if not pointer.may_be_empty:
        return [(somewhere if size > SORTED_MOST else rows, size)]
    order = [one for one in rows.query.order_by if str(one).lstrip("-") != pointer.column]
    nowhere = rows.filter(**{f"{pointer.name}__isnull": True}).order_by(*order)
    count = nowhere.count()
    return [(somewhere, size - count), (nowhere, count)]


@dataclass(frozen=True, slots=True)
class Pointer:
    """A foreign key, and the text of the other table by which the rows are sorted first."""

    name: str
    column: str
    may_be_empty: bool


def _pointer(rows: QuerySet[Any]) -> Pointer | None:
    column = str(rows.query.order_by[0]).lstrip("-")
    name, _, below = column.partition("__")
    if not below or "__" in below:
        return None
    field = rows.model._meta.get_field(name)
    if not isinstance(field.related_model._meta.get_field(below), CharField):
        return None
    return Pointer(name, column, field.null)


class Listing(Generic[Row]):
    """One page of a scoped queryset as the address asks for it.

    Reading it costs three queries, whatever the size: the count, the keys of the page and its rows.
    Sorts of few rows have no index to go by: a longer list keeps its order and says so.
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
        sorts_of_few: Sequence[str] = (),
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
            self.filters.append(ShownFilter(one.name, one.label, one.choices, value, one.note))
        if self.search_text and search:
            rows = rows.filter(_matching(search, self.search_text))
        sort = asked.get("sort", default_sort)
        if sort.removeprefix("-") not in sorts:
            sort = default_sort
        self.note, count = "", rows.count()
        if sort.removeprefix("-") in sorts_of_few and count > SORTED_MOST:
            sort, self.note = default_sort, TOO_MANY_TO_SORT
        self.sort_descending = sort.startswith("-")
        self.sort_name = sort.removeprefix("-")
        order = [
            _turned(field) if self.sort_descending else field for field in sorts[self.sort_name]
        ]
        self.rows = rows.order_by(*order, "pk")
        size = asked.get("size", "")
        self.per_page = int(size) if size in map(str, PER_PAGE_CHOICES) else PER_PAGE
        paginator = KeysFirst(self.rows, self.per_page)
        paginator.count = count
        self.page = paginator.get_page(asked.get("page"))

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
