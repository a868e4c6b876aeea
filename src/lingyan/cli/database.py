"""How does a command that needs the database find it?"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from lingyan.cli.speaking import Speaker, WrongInput


def add_data(parser: argparse.ArgumentParser, say: Speaker) -> None:
    parser.add_argument(
        "--data",
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
