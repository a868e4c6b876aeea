"""A database as a first start makes it: once in a process, copied for each product of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

MADE = """
import django
django.setup()
from lingyan.config import tables
tables.bring_up_to_date()
"""


def surroundings(folder: Path) -> dict[str, str]:
    """In which a process finds the product's own settings, with this folder for its data."""
    found = {
        **os.environ,
        "LINGYAN_DATA": str(folder),
        "DJANGO_SETTINGS_MODULE": "lingyan.config.settings",
        "PYTHONPATH": os.pathsep.join([str(Path.cwd() / "src"), str(Path.cwd())]),
    }
    found.pop("LINGYAN_DATABASE_URL", None)
    return found


def put_into(folder: Path) -> None:
    """An empty SQLite database with every table, as after the first start."""
    shutil.copy(_made(), folder / "lingyan.sqlite3")


@cache
def _made() -> Path:
    folder = Path(tempfile.mkdtemp(dir=os.environ["LINGYAN_DATA"]))
    subprocess.run([sys.executable, "-c", MADE], env=surroundings(folder), check=True)
    return folder / "lingyan.sqlite3"
