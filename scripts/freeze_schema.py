"""Keep a small database of this version, so that every later version can be tried on it.

    python scripts/freeze_schema.py --released 0.1.0
    python scripts/freeze_schema.py [--into FOLDER]       before the first release

Writes `fixture.sql.gz` (the database as text) and `fixture.json` (its control totals, the digests
of its migrations, its key). Run with --released once, on the commit of the first release; see
docs/decisions/upgrade-fixture.md.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import sqlite3
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "tests" / "upgrade"
# The fixture's people are invented, so its key is no secret.
KEY = "a key for the frozen database, which holds nobody's data"
PASSWORD = "Frozen-2026-county"  # noqa: S105 - of invented people


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, default=FOLDER)
    parser.add_argument("--released", default="")
    options = parser.parse_args()
    kept = json.loads((FOLDER / "fixture.json").read_text("utf-8")) if has_fixture() else {}
    if options.into == FOLDER and kept.get("released"):
        sys.exit(f"the schema of {kept['released']} is frozen already and must stay as it is")
    with tempfile.TemporaryDirectory(prefix="lingyan-frozen-") as data:
        facts = fill(Path(data)) | {"released": options.released, "key": KEY}
        options.into.mkdir(parents=True, exist_ok=True)
        write_text(Path(data) / "lingyan.sqlite3", options.into / "fixture.sql.gz")
    text = json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True)
    (options.into / "fixture.json").write_text(text + "\n", "utf-8")
    print(f"{facts['controls']['entries']} entries, {len(facts['rows'])} tables: {options.into}")


def has_fixture() -> bool:
    return (FOLDER / "fixture.json").exists()


def fill(data: Path) -> dict[str, Any]:
    """A county with one record of every kind, made by the product's own actions."""
    sys.path.insert(0, str(ROOT))
    os.environ.update(
        LINGYAN_DATA=str(data),
        LINGYAN_FIELD_KEY=KEY,
        LINGYAN_SECRET_KEY="x" * 64,
        DJANGO_SETTINGS_MODULE="lingyan.config.settings",
    )
    os.environ.pop("LINGYAN_DATABASE_URL", None)
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    call_command("migrate", verbosity=0)
    from lingyan.config import controls
    from lingyan.directory.models import Person
    from lingyan.platform.accounts.models import User
    from tests.furnished import furnish
    from tests.world import build_world

    furnish(build_world())
    person = Person.objects.get(name="李甲一")
    person.set_phone("13800000000")
    person.save(update_fields=["phone_cipher"])
    officer = User.objects.get(username="officer")
    officer.set_password(PASSWORD)
    officer.save()
    return {
        "password": PASSWORD,
        "controls": controls.control_totals(),
        "rows": controls.row_counts(),
        "migrations": digests(controls.applied_migrations()),
    }


def digests(applied: dict[str, list[str]]) -> dict[str, str]:
    """Our own migrations and what their files were: a released one must never be rewritten."""
    found = {}
    for path in sorted((ROOT / "src" / "lingyan").rglob("migrations/0*.py")):
        app = path.parent.parent.name
        if path.stem in applied.get(app, ()):
            found[f"{app}.{path.stem}"] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def write_text(database: Path, target: Path) -> None:
    """As SQL, without the moment of packing, so that the same database is the same file."""
    connection = sqlite3.connect(database)
    with gzip.GzipFile(target, "wb", mtime=0) as file:
        for line in connection.iterdump():
            file.write(f"{line}\n".encode())
    connection.close()


if __name__ == "__main__":
    main()
