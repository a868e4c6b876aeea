"""Who stands in the history after each command of the server, or does it need no database?"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from lingyan import cli
from tests import ready_made
from tests.cli.test_backup import FILL, House
from tests.platform.sheets import workbook

US = "命令行 system"
# What is run, its exit status, and what the history says of it. None: it opens no database.
COMMANDS: dict[str, tuple[list[str], int, str | None]] = {
    "serve": (["serve", "--help"], 0, None),
    "match": (["match", "verify", "nothing.json"], 2, None),
    "template": (["template", "units", "{folder}/t.xlsx"], 0, None),
    "check": (["check"], 0, ""),
    "audit": (["audit", "verify"], 0, ""),
    "keys": (["keys", "rotate"], 0, f"{US} directory.keys.rotated"),
    "indicators": (["indicators", "--place", "990100000000"], 0, ""),
    "evidence": (["evidence", "X01", "--place", "990100000000"], 0, ""),
    "briefing": (["briefing", "verify", "{folder}/nothing.zip"], 2, ""),
    "backup": (["backup", "{folder}/b.zip"], 0, f"{US} audit.backup.written"),
    "restore": (["restore", "{folder}/nothing.zip"], 2, ""),
    "import": (["import", "units", "{folder}/units.xlsx"], 0, f"{US} exchange.import.applied"),
    "export": (["export", "units", "{folder}/out.xlsx"], 0, f"{US} exchange.export.written"),
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    folder = tmp_path_factory.mktemp("house")
    made = House(folder / "data", [])
    made.folder.mkdir()
    ready_made.put_into(made.folder)
    made.says(FILL)
    (folder / "units.xlsx").write_bytes(workbook(("单位", "所在乡镇"), [("县水利局", "北山镇")]))
    return made


def heard(house: House) -> list[str]:
    """Who did what, as the table has it: each process that reads it by models takes a second."""
    asked = "SELECT actor_name, actor_role, action FROM audit_auditentry ORDER BY number"
    with closing(sqlite3.connect(house.address)) as table:
        return [" ".join(row) for row in table.execute(asked)]


def test_no_command_is_forgotten() -> None:
    assert set(COMMANDS) == {one.name for one in cli.COMMANDS}


@pytest.mark.parametrize("name", list(COMMANDS))
def test_a_command_leaves_the_server_in_the_history_or_reads_nothing(
    house: House, tmp_path: Path, name: str
) -> None:
    words, code, wanted = COMMANDS[name]
    words = [word.replace("{folder}", str(house.folder.parent)) for word in words]
    if wanted is None:
        alone = House(tmp_path / "empty", [])
        alone.run(*words, code=code)
        assert not (tmp_path / "empty").exists()
        return
    before = heard(house)

    house.run(*words, code=code)

    said = heard(house)[len(before) :]
    assert all(line.startswith(US) for line in said)
    assert (wanted in said) if wanted else not said
