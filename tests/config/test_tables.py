"""Are the tables of a new database those to which the migrations lead?"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ready_made

pytestmark = pytest.mark.slow
MIGRATED = ("-m", "django", "migrate", "-v", "0")
Schema = dict[tuple[str, str], object]


def made_by(folder: Path, *command: str) -> Schema:
    """Indexes and tables that this command makes in an empty folder."""
    folder.mkdir()
    around = ready_made.surroundings(folder)
    subprocess.run([sys.executable, *command], env=around, check=True)
    return schema_of(folder / "lingyan.sqlite3")


def schema_of(path: Path) -> Schema:
    """What each table and index is made of; columns in any order: new ones come last."""
    with sqlite3.connect(path) as database:
        rows = database.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        found: Schema = {
            (kind, name): sorted(parts(sql)) if kind == "table" else sql for kind, name, sql in rows
        }
        notes = database.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
        found["notes", "django_migrations"] = notes.fetchall()
    return found


def parts(sql: str) -> list[str]:
    """Columns and constraints of a table, parted at the commas outside all brackets and quotes."""
    found, depth, quoted = [""], 0, False
    for letter in sql[sql.index("(") + 1 : sql.rindex(")")]:
        quoted ^= letter == "'"
        depth += 0 if quoted else (letter == "(") - (letter == ")")
        if letter == "," and not depth and not quoted:
            found.append("")
        else:
            found[-1] += letter
    return [one.strip() for one in found]


def test_the_models_give_the_tables_to_which_all_migrations_lead(tmp_path: Path) -> None:
    made = made_by(tmp_path / "made", "-c", ready_made.MADE)

    migrated = made_by(tmp_path / "migrated", *MIGRATED)

    assert {key for key in made | migrated if made.get(key) != migrated.get(key)} == set()
    assert len(made) > 500


def test_a_database_that_holds_something_is_migrated(tmp_path: Path) -> None:
    ready_made.put_into(tmp_path)
    path = tmp_path / "lingyan.sqlite3"
    with sqlite3.connect(path) as database:
        database.execute("DELETE FROM django_migrations WHERE app = 'checks'")
        database.execute("DROP TABLE checks_checkrun")
    around = ready_made.surroundings(tmp_path)

    subprocess.run([sys.executable, "-c", ready_made.MADE], env=around, check=True)

    assert has_table(path)


def has_table(path: Path) -> bool:
    return ("table", "checks_checkrun") in schema_of(path)
