"""Which value was taken already, when a table's own constraint refuses a row?

A rule looks first and says so in its own words. This is for what a rule cannot see: two people who
save the same at once, or a row that lies behind the wall.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.db import IntegrityError, models

from lingyan.common.refusals import Refusal

UNIQUE_OF_POSTGRESQL = "23505"
UNIQUE_OF_SQLITE = "UNIQUE constraint failed: "
TAKEN = "platform.taken"


def refusal_of(error: IntegrityError) -> Refusal | None:
    """A sentence about what is taken; nothing if the table refused for another reason."""
    cause = error.__cause__
    if getattr(cause, "sqlstate", None) == UNIQUE_OF_POSTGRESQL:
        said = cause.diag  # type: ignore[union-attr]  # psycopg's own
        return _refusal(said.table_name or "", name=said.constraint_name or "")
    _, is_unique, columns = str(error).partition(UNIQUE_OF_SQLITE)
    if not is_unique:
        return None
    table, _, _ = columns.partition(".")
    return _refusal(table, columns=[one.rpartition(".")[2] for one in columns.split(", ")])


def _refusal(table: str, *, name: str = "", columns: Iterable[str] = ()) -> Refusal:
    model = next((one for one in apps.get_models() if one._meta.db_table == table), None)
    what = _sentence(model, name, set(columns)) if model else "已有相同的记录"
    return Refusal(TAKEN, f"{what}，可能是别人刚刚保存的；请核对后再办")


def _sentence(model: type[models.Model], name: str, columns: set[str]) -> str:
    """The constraint's own words; else those of the one field whose values are all different."""
    for one in model._meta.constraints:
        if isinstance(one, models.UniqueConstraint) and (
            one.name == name or {_column(model, field) for field in one.fields} == columns
        ):
            own = str(one.violation_error_message)
            return _same(model) if own == str(one.default_violation_error_message) else own
    for field in model._meta.concrete_fields:
        # PostgreSQL names the constraint of a unique field after table and column.
        if field.unique and (
            {field.column} == columns or name.startswith(f"{model._meta.db_table}_{field.column}_")
        ):
            # A relation may have no name of its own in words that people read.
            label = str(field.verbose_name)
            return _same(model) if label.isascii() else f"这个{label}已被使用"
    return _same(model)


def _same(model: type[models.Model]) -> str:
    return f"已有相同的{model._meta.verbose_name}"


def _column(model: type[models.Model], name: str) -> str:
    return str(model._meta.get_field(name).column)  # type: ignore[union-attr]  # of a constraint
