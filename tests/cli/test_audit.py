"""`lingyan audit verify` and `audit anchor`: what do they print, and how do they end?"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from lingyan.cli import main
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.audit.record import Trace, record_many
from tests.world import World


@pytest.fixture
def house(world: World) -> Iterator[World]:
    """Four entries; the file that tells the command that there is a database."""
    with transaction.atomic():
        record_many([Trace("directory.place.changed", world.pine)] * 4, actor=world.officer)
    path = Path(settings.DATA_FOLDER) / "lingyan.sqlite3"
    path.touch()
    yield world
    path.unlink()


def said(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> str:
    assert main(["audit", *words]) == status
    return capsys.readouterr().out


def test_a_whole_chain_is_counted(house: World, capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, "verify").splitlines()
    assert lines[0] == "已核对 4 条留痕，链条完整"
    assert re.fullmatch(r"用时 \d+\.\d 秒，每秒 \d+ 条", lines[1]), lines
    assert "4 entries, the chain is whole\nin " in said(capsys, "verify", "--lang", "en")
    found = json.loads(said(capsys, "verify", "--format", "json"))
    assert found.pop("entries_per_second") > 4 / (found.pop("seconds") + 0.01)
    assert found == {"ok": True, "entries": 4, "anchors": 0, "broken_number": None, "text": None}


def test_a_broken_chain_names_the_first_broken_entry(
    house: World, capsys: pytest.CaptureFixture[str]
) -> None:
    AuditEntry.objects.filter(number__gte=3).update(reason="改过")

    assert "第 3 条内容被改动" in said(capsys, "verify", status=1)
    assert "entry 3 has been changed" in said(capsys, "verify", "--lang", "en", status=1)
    found = json.loads(said(capsys, "verify", "--format", "json", status=1))
    assert (found["ok"], found["broken_number"], found["entries"]) == (False, 3, 2)


def test_anchors_are_printed_and_compared(
    house: World, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    kept = tmp_path / "anchors.txt"
    kept.write_text(said(capsys, "anchor"), encoding="utf-8")
    [data] = json.loads(said(capsys, "anchor", "--format", "json"))

    assert data["last_number"] == data["day_count"] == 4
    assert data["last_hash"] == AuditEntry.objects.get(number=4).entry_hash
    assert "与 1 条封存记录一致" in said(capsys, "verify", "--anchor", str(kept))

    kept.write_text(kept.read_text("utf-8").replace(data["last_hash"][:8], "00000000"), "utf-8")
    assert "封存记录不符" in said(capsys, "verify", "--anchor", str(kept), status=1)


def test_anchors_from_a_day_on(house: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(said(capsys, "anchor", "--since", "2026-01-01").splitlines()) == 3


@pytest.mark.parametrize(
    "words",
    [
        ("anchor", "--since", "gestern"),
        ("anchor", "copy.sqlite3"),
        ("verify", "--anchor", "nowhere.txt"),
        ("forget",),
    ],
)
def test_what_cannot_be_used_is_said_in_one_sentence(
    house: World, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert main(["audit", *words]) == 2

    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.strip().splitlines()) == 1


def test_progress_is_shown_to_a_person_and_not_to_a_file(
    house: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["audit", "verify"])
    assert capsys.readouterr().err == ""

    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    main(["audit", "verify"])

    assert "已核对 4 / 4（100%）" in capsys.readouterr().err
