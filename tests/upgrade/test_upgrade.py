"""Does this version take over a database of the first release and lose nothing?

Until there is a release, `0001_initial` may be rewritten; then the frozen database is of no use and
one of this version is made for the test. See docs/decisions/upgrade-fixture.md.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
KEPT = Path(__file__).with_name("fixture.json")
UPGRADE = """
import json
import django
django.setup()
from django.core.management import call_command
from lingyan.config import controls
before = controls.control_totals(), controls.row_counts()
call_command("migrate", verbosity=0)
from django.test import Client
from lingyan.config.health import tables_are_current
from lingyan.directory.models import Person
from lingyan.platform import cipher
from lingyan.platform.accounts.models import User
from lingyan.platform.audit.verify import verify_chain
from lingyan.posting.models import Round
person, officer = Person.objects.get(name="李甲一"), User.objects.get(username="officer")
client = Client(headers={"host": "localhost"})
client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
pages = ["/", "/directory/people/", f"/directory/people/{person.pk}/", "/posting/rounds/",
         f"/posting/rounds/{Round.objects.get().pk}/"]
print(json.dumps({
    "before": before[0], "rows": before[1], "after": controls.control_totals(),
    "chain": verify_chain().text, "current": tables_are_current(),
    "phone": cipher.decrypt(person.phone_cipher),
    "password": officer.check_password(PASSWORD),
    "pages": [client.get(page).status_code for page in pages],
}))
"""


def digest(name: str) -> str:
    app, _, migration = name.partition(".")
    for folder in (ROOT / "src/lingyan", ROOT / "src/lingyan/platform"):
        path = folder / app / "migrations" / f"{migration}.py"
        if path.exists():
            return hashlib.sha256(path.read_bytes()).hexdigest()
    return "gone"


def rewritten(facts: dict[str, Any]) -> list[str]:
    return [name for name, old in facts["migrations"].items() if digest(name) != old]


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the fixture: the committed one as long as its migrations are those of today."""
    if KEPT.exists():
        facts = json.loads(KEPT.read_text("utf-8"))
        if facts["released"] or not rewritten(facts):
            return KEPT.parent
    made = tmp_path_factory.mktemp("frozen")
    command = [sys.executable, ROOT / "scripts/freeze_schema.py", "--into", made]
    subprocess.run(command, check=True, env=surroundings(), stdout=subprocess.DEVNULL)
    return made


def surroundings(**more: str) -> dict[str, str]:
    found = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]), **more}
    found.pop("LINGYAN_DATABASE_URL", None)
    return found


@pytest.fixture(scope="module")
def upgraded(frozen: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the newest version finds in the database of the first."""
    facts = json.loads((frozen / "fixture.json").read_text("utf-8"))
    data = tmp_path_factory.mktemp("data")
    connection = sqlite3.connect(data / "lingyan.sqlite3")
    connection.executescript(gzip.decompress((frozen / "fixture.sql.gz").read_bytes()).decode())
    connection.close()
    env = surroundings(
        LINGYAN_DATA=str(data),
        LINGYAN_FIELD_KEY=facts["key"],
        LINGYAN_SECRET_KEY="x" * 64,
        DJANGO_SETTINGS_MODULE="lingyan.config.settings",
    )
    code = f"PASSWORD = {facts['password']!r}\n{textwrap.dedent(UPGRADE)}"
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return {"facts": facts, **json.loads(done.stdout)}


def test_a_released_migration_is_never_rewritten() -> None:
    facts = json.loads(KEPT.read_text("utf-8"))

    assert not facts["released"] or not rewritten(facts), "add a migration instead"


def test_the_text_holds_the_whole_database(upgraded: dict[str, Any]) -> None:
    assert upgraded["before"] == upgraded["facts"]["controls"]
    assert upgraded["rows"] == upgraded["facts"]["rows"]
    assert sum(1 for count in upgraded["rows"].values() if count) > 25, "a record of every kind"


def test_every_total_is_the_same_after_the_upgrade(upgraded: dict[str, Any]) -> None:
    before, after = upgraded["before"], upgraded["after"]
    lost = [code for code, value in before.items() if code != "migrations" and after[code] != value]

    assert not lost
    assert int(after["migrations"]) >= int(before["migrations"])


def test_the_history_is_whole_after_the_upgrade(upgraded: dict[str, Any]) -> None:
    assert upgraded["chain"] is None
    assert int(upgraded["after"]["entries"]) > 40


def test_the_upgraded_product_works(upgraded: dict[str, Any]) -> None:
    assert upgraded["current"]
    assert upgraded["phone"] == "13800000000"
    assert upgraded["password"]
    assert set(upgraded["pages"]) <= {200, 302}, upgraded["pages"]
