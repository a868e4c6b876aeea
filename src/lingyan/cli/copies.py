"""How is a copy of the database opened so that nothing in it can change?"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lingyan.cli.archive import DATABASE, is_archive, read_manifest, read_part
from lingyan.cli.speaking import Speaker, WrongInput

ALIAS = "copy"
SQLITE_HEAD = b"SQLite format 3\x00"


@contextmanager
def open_copy(where: str, say: Speaker) -> Iterator[str]:
    """The alias of the copy: a SQLite file, a backup made from SQLite, or a database's address."""
    with tempfile.TemporaryDirectory(prefix="lingyan-copy-") as folder:
        # The copy may lie on a machine without the product's data; nothing is made there.
        os.environ.setdefault("LINGYAN_DATA", folder)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lingyan.config.settings")
        settings = _settings(where, Path(folder), say)
        import django
        from django.db import DatabaseError, connections

        django.setup()
        with registered(settings) as using:
            try:
                with connections[using].cursor() as cursor:
                    cursor.execute("select number from audit_auditentry limit 1")
                yield using
            except DatabaseError as problem:
                raise WrongInput(
                    say(
                        f"这不是本系统这一版本的数据库，或者打不开：{_shown(where)}",
                        f"not a database of this version, or it cannot be opened: {_shown(where)}",
                    )
                ) from problem


@contextmanager
def registered(settings: dict[str, Any]) -> Iterator[str]:
    """Let Django know the copy for a while, beside the database of the product."""
    from django.db import connections

    complete = connections.configure_settings({"default": {}, ALIAS: settings})[ALIAS]
    connections.databases[ALIAS] = complete
    try:
        yield ALIAS
    finally:
        connections[ALIAS].close()
        del connections[ALIAS]
        del connections.databases[ALIAS]


def _shown(where: str) -> str:
    """Without the password of an address."""
    return where.rsplit("@", 1)[-1] if "://" in where else where


def _settings(where: str, folder: Path, say: Speaker) -> dict[str, Any]:
    from lingyan.config import environment

    if "://" in where:
        found = environment.postgresql(where)
        # Read only, and past the row-level security that the copy may have.
        told = "-c default_transaction_read_only=on -c lingyan.everything=on"
        found["OPTIONS"] = {**found["OPTIONS"], "options": told}
        return found
    path = Path(where)
    if not path.is_file():
        raise WrongInput(say(f"没有这个文件：{where}", f"there is no file {where}"))
    if is_archive(path):
        if read_manifest(path, say).engine != "sqlite":
            raise WrongInput(
                say(
                    f"这是 PostgreSQL 的备份：请先用 lingyan restore 恢复到空的数据库，"
                    f"再核对那个地址：{where}",
                    "this is a backup of PostgreSQL: restore it into an empty database and check "
                    f"that address: {where}",
                )
            )
        path = read_part(path, DATABASE, folder / "copy.sqlite3", say)
    with path.open("rb") as file:
        if file.read(len(SQLITE_HEAD)) != SQLITE_HEAD:
            raise WrongInput(
                say(f"不是数据库文件，也不是备份：{where}", f"no database and no backup: {where}")
            )
    return sqlite_read_only(path)


def sqlite_read_only(path: Path) -> dict[str, Any]:
    # Without the file of unfinished writes beside it nobody is writing, and nothing is made there.
    still = "" if Path(f"{path}-wal").exists() else "&immutable=1"
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": f"{path.resolve().as_uri()}?mode=ro{still}",
        "OPTIONS": {"uri": True, "timeout": 20},
    }
