"""Which rows does the database itself let through?

Each policy is a range over paths (an index serves it, and digits sort alike under any collation),
a list of units, a person or an account, each read from a setting that is empty unless somebody has
said it: `nullif` turns '' into "nothing", so an unset scope sees no row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db import connection

ROLE = "lingyan_rows"
POLICY = "lingyan_reach"

EVERYTHING = "coalesce(current_setting('lingyan.everything', true), '') = 'on'"
REGISTER = "coalesce(current_setting('lingyan.register', true), '') = 'on'"
UNITS = "string_to_array(nullif(current_setting('lingyan.units', true), ''), ',')::uuid[]"
PERSON = "nullif(current_setting('lingyan.person', true), '')::uuid"
ACCOUNT = "nullif(current_setting('lingyan.account', true), '')::bigint"


def ranges(paths: Iterable[str]) -> str:
    """Paths as `first-end` ranges, the end exclusive: everything under each of them."""
    return ",".join(f"{path}-{str(int(path) + 1).zfill(len(path))}" for path in paths)


def within(column: str, distance: str) -> str:
    """A path in one of the told ranges; `distance` is near or home."""
    told = f"nullif(current_setting('lingyan.{distance}', true), '')"
    spans = f"unnest(string_to_array({told}, ',')) AS span"
    first, end = "split_part(span, '-', 1)", "split_part(span, '-', 2)"
    return f"EXISTS (SELECT 1 FROM {spans} WHERE {column} >= {first} AND {column} < {end})"  # noqa: S608 - our own names


def at_place(column: str, distance: str) -> str:
    """A place in one of the told ranges, asked once for the whole statement."""
    return (
        f"{column} IN (SELECT seat.id FROM directory_place AS seat "  # noqa: S608 - our own names
        f"WHERE {within('seat.path', distance)})"
    )


def of_row(column: str, table: str, *, key: str = "id") -> str:
    """A row that belongs to another: it is seen where that one is seen."""
    return f"{column} IN (SELECT {key} FROM {table})"  # noqa: S608 - our own names


def any_of(*conditions: str) -> str:
    return " OR ".join(f"({condition})" for condition in conditions)


def statements(walled: Mapping[str, str], added_to: Sequence[str]) -> list[str]:
    """What installs role, rights and policies; may be run again after every migration.

    Into the tables of `added_to` anybody may add a row, also one that he does not see afterwards.
    """
    found = [
        (
            f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') "
            f"THEN CREATE ROLE {ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS; END IF; END $$"
        ),
        # Where the administrator of the database has granted it, the owner may not do so again.
        (
            f"DO $$ BEGIN IF NOT pg_has_role(current_user, '{ROLE}', 'MEMBER') "
            f"THEN GRANT {ROLE} TO CURRENT_USER; END IF; END $$"
        ),
        f"GRANT USAGE ON SCHEMA public TO {ROLE}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {ROLE}",
        f"GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {ROLE}",
    ]
    for table, condition in walled.items():
        using = any_of(EVERYTHING, condition)
        check = "true" if table in added_to else using
        found += [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"DROP POLICY IF EXISTS {POLICY} ON {table}",
            f"CREATE POLICY {POLICY} ON {table} USING ({using}) WITH CHECK ({check})",
        ]
    return found


def removal(walled: Iterable[str]) -> list[str]:
    """What takes the wall down again, for an installation that switches the setting off."""
    return [
        statement
        for table in walled
        for statement in (
            f"DROP POLICY IF EXISTS {POLICY} ON {table}",
            f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        )
    ]


def run(commands: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for command in commands:
            cursor.execute(command)
