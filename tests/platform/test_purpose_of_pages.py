"""Does a file whose page has one use only say it, and does the command say what it is told?"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from lingyan.cli import take_out
from lingyan.cli.speaking import Speaker
from lingyan.platform.audit.models import AuditEntry
from tests.world import World

SOURCE = Path(__file__).resolve().parents[2] / "src/lingyan"
ONE_USE = (
    "posting/exports", "pairing/exports", "platform/audit/views.py", "platform/access/views.py",
    "directory/views/accounts.py",
)  # fmt: skip


@pytest.mark.pure
def test_no_such_file_goes_out_without_its_purpose() -> None:
    files = [
        file
        for path in (SOURCE / place for place in ONE_USE)
        for file in ([path] if path.is_file() else sorted(path.glob("*.py")))
    ]
    calls = [
        (file.name, len(node.args) + len(node.keywords))
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "export_banner"
    ]

    assert len(calls) >= 11
    assert [name for name, given in calls if given < 2] == []


def test_the_command_states_the_purpose_that_it_is_given(world: World, tmp_path: Path) -> None:
    out = tmp_path / "units.csv"

    assert take_out._export("units", out, "", "年度核对", Speaker()) > 0

    assert "用途：年度核对" in out.read_text(encoding="utf-8-sig")
    assert AuditEntry.objects.get(action="exchange.export.written").reason == "年度核对"
