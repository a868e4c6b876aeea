"""Which columns hold what follows from others, something encrypted, or money?"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db import models

from lingyan.common import money


class DerivedField(models.CharField):  # type: ignore[type-arg]  # a plain text column to Django
    """Text that follows from other fields of the record, computed whenever it is stored."""

    def __init__(self, *args: Any, derive: Callable[[Any], str] | None = None, **kw: Any) -> None:
        super().__init__(*args, **{"blank": True, "default": "", "editable": False, **kw})
        self.derive = derive

    def deconstruct(self) -> Any:
        name, _, args, kw = super().deconstruct()
        return name, "django.db.models.CharField", args, kw

    def pre_save(self, instance: models.Model, add: bool) -> Any:
        if self.derive is not None:
            setattr(instance, self.attname, self.derive(instance)[: self.max_length])
        return super().pre_save(instance, add)


class SealedField(models.BinaryField):  # type: ignore[type-arg]  # a plain binary column to Django
    """Bytes made by `cipher.encrypt`; changing the key makes each of them anew."""

    def deconstruct(self) -> Any:
        name, _, args, kw = super().deconstruct()
        return name, "django.db.models.BinaryField", args, kw


class BlindIndexField(models.CharField):  # type: ignore[type-arg]  # a plain text column to Django
    """`cipher.blind_index` of what the sealed column `of` holds; it changes with the key."""

    def __init__(self, *args: Any, of: str = "", **kw: Any) -> None:
        super().__init__(*args, **{"max_length": 64, "null": True, "blank": True, **kw})
        self.of = of

    def deconstruct(self) -> Any:
        name, _, args, kw = super().deconstruct()
        return name, "django.db.models.CharField", args, kw


class MoneyField(models.BigIntegerField):  # type: ignore[type-arg]  # a plain integer to Django
    """Yuan as Decimal in Python, whole fen in the table: SQLite sums decimals in floating point.

    A fraction of a fen is refused, never rounded. Sums over the column are Decimal yuan too.
    """

    # Yuan outside, fen inside; read by the type checker only.
    _pyi_private_set_type: Decimal  # type: ignore[assignment]  # an integer to Django
    _pyi_private_get_type: Decimal  # type: ignore[assignment]  # an integer to Django

    def deconstruct(self) -> Any:
        name, _, args, kw = super().deconstruct()
        return name, "django.db.models.BigIntegerField", args, kw

    def from_db_value(self, value: Any, *_: Any) -> Decimal | None:
        return None if value is None else money.yuan_of(value)

    def to_python(self, value: Any) -> Decimal | None:
        return None if value is None else money.exact(value)

    def get_prep_value(self, value: Any) -> Any:
        if value is None or hasattr(value, "resolve_expression"):
            return value
        return money.fen_of(value)

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else str(value)


def derived_names(model: type[models.Model]) -> list[str]:
    return [one.attname for one in model._meta.concrete_fields if isinstance(one, DerivedField)]


@models.CharField.register_lookup
class Prefix(models.Lookup):  # type: ignore[type-arg]  # of any text column
    """Begins with these characters, as one range of the index: LIKE would read the whole table.

    PostgreSQL's own comparison follows a language; the operators of its pattern index go by the
    bytes, as SQLite does.
    """

    lookup_name = "prefix"
    LAST = "\U0010ffff"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return self._range(compiler, connection, ">=", "<")

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return self._range(compiler, connection, "~>=~", "~<~")

    def _range(
        self, compiler: Any, connection: Any, first: str, last: str
    ) -> tuple[str, list[Any]]:
        column, given = self.process_lhs(compiler, connection)
        text = str(self.rhs)
        return (
            f"({column} {first} %s AND {column} {last} %s)",
            [*given, text, *given, text + self.LAST],
        )
