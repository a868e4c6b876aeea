"""How does a command that needs the database find it?"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from lingyan.cli.speaking import Speaker, WrongInput


def add_data(parser: argparse.ArgumentParser, say: Speaker) -> None:
    parser.add_argument(
        "--data",
        metavar="DIR",
        help=say("数据目录，默认是项目下的 data", "data folder, `data` in the project by default"),
    )


def use_data(options: argparse.Namespace) -> None:
    """Point the settings at the chosen folder; call it before Django starts."""
    if options.data:
        os.environ["LINGYAN_DATA"] = str(Path(options.data).resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lingyan.config.settings")


def open_database(options: argparse.Namespace, say: Speaker) -> None:
    """Start Django on a database that `./run` or `lingyan serve` has made."""
    use_data(options)
    from lingyan.config.environment import data_folder

    if (
        not os.environ.get("LINGYAN_DATABASE_URL")
        and not (data_folder() / "lingyan.sqlite3").exists()
    ):
        raise WrongInput(
            say(
                f"{data_folder()} 里还没有数据库。请先运行 ./run，或用 --data 指明数据目录。",
                f"there is no database in {data_folder()}; run ./run first, or name the folder "
                "with --data.",
            )
        )
    import django

    django.setup()
    from lingyan.platform.wall import reach

    # A command speaks for the product itself, not for one of its users.
    reach.open_process()
    if _is_older():
        raise WrongInput(
            say(
                "数据库还是旧版本，与程序不符。请先备份，再运行 ./run，它会升级数据库。",
                "the database is of an older version; back it up, then run ./run, which brings it "
                "up to date.",
            )
        )


def _is_older() -> bool:
    """A table or a column is missing, or the file is no database of ours at all."""
    from django.apps import apps
    from django.db import DatabaseError, connection

    models = [model for model in apps.get_models() if model._meta.managed]
    try:
        with connection.cursor() as cursor:
            tables = set(connection.introspection.table_names(cursor))
            return any(
                model._meta.db_table not in tables
                or {field.column for field in model._meta.concrete_fields}
                - _columns(cursor, model._meta.db_table)
                for model in models
            )
    except DatabaseError:
        return True


def _columns(cursor: Any, table: str) -> set[str]:
    from django.db import connection

    return {each.name for each in connection.introspection.get_table_description(cursor, table)}
