"""Is the wall kept when the product is backed up, restored and told to do without it?

With an owner of the tables who is no superuser and may make no roles, as a county's database
administrator gives one: a superuser would walk past every policy and prove nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.test_backup import FILL, House, on_the_server
from tests.cli.test_backup import databases as databases  # noqa: PLC0414 - a fixture

OWNER = "lingyan_keeper"
COUNT = """
import django
django.setup()
from lingyan.directory.models import Person
from lingyan.platform.wall import reach
from lingyan.config import wall
unsaid = Person.objects.count()
reach.open_process()
print(unsaid, Person.objects.count(), len(wall.standing()))
"""
OBEY = "import django; django.setup()\nfrom lingyan.config import wall; wall.obey()"


@pytest.fixture
def owner(db: None) -> Iterator[str]:
    with on_the_server() as server:
        server.execute("DO $$ BEGIN CREATE ROLE lingyan_rows NOLOGIN; "
                       "EXCEPTION WHEN duplicate_object THEN NULL; END $$")  # fmt: skip
        server.execute(f"CREATE ROLE {OWNER} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE")
        server.execute(f"GRANT lingyan_rows TO {OWNER}")
    yield OWNER
    with on_the_server() as server:
        server.execute(f"DROP OWNED BY {OWNER}")
        server.execute(f"DROP ROLE {OWNER}")


def house_of(owner: str, folder: Path, databases: list[str], *, walled: bool) -> House:
    house = House(folder, databases, on_postgresql=True)
    house.folder.mkdir()
    with on_the_server() as server:
        server.execute(f"ALTER DATABASE {databases[-1]} OWNER TO {owner}")
    address = house.env["LINGYAN_DATABASE_URL"]
    house.env["LINGYAN_DATABASE_URL"] = address.replace("//lingyan@", f"//{owner}@")
    house.env["LINGYAN_ROW_SECURITY"] = "yes" if walled else "no"
    return house


@pytest.mark.postgres
def test_a_walled_product_comes_back_whole_and_walled(
    owner: str, tmp_path: Path, databases: list[str]
) -> None:
    house = house_of(owner, tmp_path / "house", databases, walled=True)
    house.says(FILL)
    file = tmp_path / "backup.zip"
    walled = house_of(owner, tmp_path / "walled", databases, walled=True)
    open_ = house_of(owner, tmp_path / "open", databases, walled=False)

    house.run("backup", str(file), "--with-keys")
    told = [
        json.loads(one.run("restore", str(file), "--format", "json")) for one in (walled, open_)
    ]

    assert [one["ok"] for one in told] == [True, True]
    [before] = house.says(COUNT)
    unsaid, people, tables = map(int, before.split())
    assert unsaid == 0
    assert people > 0
    assert tables > 30
    assert walled.says(COUNT) == [before]
    assert open_.says(COUNT) == [f"{people} {people} 0"]
    assert "链条完整" in walled.run("audit", "verify")
    assert "链条完整" in open_.run("audit", "verify", walled.address)
    # The setting is taken away, and the next start takes down the wall.
    walled.env["LINGYAN_ROW_SECURITY"] = "no"
    walled.says(OBEY)
    assert walled.says(COUNT) == [f"{people} {people} 0"]
