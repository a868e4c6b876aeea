"""What does a sheet consist of, and what came out of reading one?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any

from lingyan.common.sheet.errors import CellError


class Kind(Enum):
    """What a column holds, and so what its cells become."""

    TEXT = "text"  # str, trimmed
    REFERENCE = "reference"  # str: a name that is looked up; blanks between Chinese are dropped
    REFERENCES = "references"  # tuple[str, ...]: several names in one cell
    INTEGER = "integer"  # int
    DECIMAL = "decimal"  # Decimal
    DATE = "date"  # date; a month alone becomes its first day where the column allows it
    CHOICE = "choice"  # str: the code
    MULTI_CHOICE = "multi_choice"  # tuple[str, ...]: codes in the order in which they were written
    BOOLEAN = "boolean"  # bool
    ID_NUMBER = "id_number"  # str: 公民身份号码, upper-case X
    CODE = "code"  # str of `digits` digits, leading zeros kept
    PHONE = "phone"  # str of digits, with the hyphen of a land line


MASKED = frozenset({Kind.ID_NUMBER, Kind.PHONE})


@dataclass(frozen=True)  # with a place for what is worked out once
class Column:
    name: str  # English field name, key of the parsed row
    heading: str  # Chinese heading, such as 村
    kind: Kind = Kind.TEXT
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()  # (code, Chinese label)
    hint: str = ""  # guidance in the template
    example: str = ""
    aliases: tuple[str, ...] = ()  # other headings accepted
    minimum: int | None = None  # INTEGER, DECIMAL
    maximum: int | None = None
    max_length: int = 200  # TEXT, REFERENCE, and each name of REFERENCES
    choice_aliases: tuple[tuple[str, str], ...] = ()  # (other spelling, code)
    month_allowed: bool = False  # DATE: 2026-11 is enough
    digits: int = 12  # CODE
    places: int = 2  # DECIMAL: digits after the point

    @cached_property
    def labels(self) -> Mapping[str, str]:
        return dict(self.choices)


@dataclass(frozen=True)
class Sheet:
    kind: str  # as in `lingyan template KIND`, such as needs
    title: str  # worksheet name
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()  # column names that together may stand only once
    guidance: tuple[str, ...] = ()

    @cached_property
    def places(self) -> Mapping[str, tuple[int, Column]]:
        """Each column by its name, with where it stands."""
        return {column.name: (place, column) for place, column in enumerate(self.columns)}

    @cached_property
    def secrets(self) -> frozenset[str]:
        """Columns whose value is shown masked."""
        return frozenset(one.name for one in self.columns if one.kind in MASKED)


@dataclass(frozen=True, slots=True)
class RawSheet:
    """A worksheet as read: values in place, nothing interpreted."""

    name: str
    rows: Sequence[Sequence[Any]]  # str, int, float, bool, date, datetime, timedelta or None
    hidden: bool = False
    merged: tuple[tuple[int, int, int, int], ...] = ()  # first row, column, last row, column from 0
    formulas: int = 0  # cells whose value a formula computed


class Values(dict[str, Any]):
    """The filled cells of a row; an empty cell says None and takes no place in memory.

    A column that the sheet does not have is a mistake, as in any dictionary.
    """

    __slots__ = ("columns",)

    def __init__(self, columns: frozenset[str], cells: Mapping[str, Any] | None = None) -> None:
        super().__init__(cells or {})
        self.columns = columns

    def __missing__(self, column: str) -> None:
        if column not in self.columns:
            raise KeyError(column)

    def copy(self) -> Values:
        return Values(self.columns, self)


@dataclass(frozen=True, slots=True)
class ParsedRow:
    number: int  # the row number that Excel shows
    values: Values


@dataclass(frozen=True, slots=True)
class ParsedSheet:
    rows: tuple[ParsedRow, ...]  # the rows without an error
    errors: tuple[CellError, ...]
    ignored_headings: tuple[str, ...] = ()
    missing_columns: frozenset[str] = field(default_factory=frozenset)
    damaged: tuple[ParsedRow, ...] = ()  # rows with a bad cell that are complete otherwise
