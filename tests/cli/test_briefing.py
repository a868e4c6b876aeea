"""`lingyan briefing verify`: is an issued briefing proven on a machine without its data?"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from lingyan.briefings.rules.bundle import end_of_chain, write_bundle
from lingyan.cli import main
from tests.briefings.bundles import bundle


@pytest.fixture
def issued(tmp_path: Path) -> str:
    path = tmp_path / "组工简报第3期.zip"
    path.write_bytes(write_bundle(bundle()))
    return str(path)


def test_a_true_bundle_is_proven(issued: str, capsys: pytest.CaptureFixture[str]) -> None:
    digest = end_of_chain(bundle())

    assert main(["briefing", "verify", issued, "--digest", digest]) == 0
    said = capsys.readouterr().out
    assert "组工简报第3期.zip 属实：4 个数字由 15 条记录重新算出" in said
    assert digest in said


def test_a_false_one_names_the_first_figure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = bundle()
    wrong = [replace(one, records=one.records[:-1]) for one in made.figures]
    path = tmp_path / "b.zip"
    path.write_bytes(write_bundle(replace(made, figures=tuple(wrong))))

    assert main(["briefing", "verify", str(path), "--lang", "en"]) == 1
    assert 'figure 2 "超75%" (IND-1)' in capsys.readouterr().out
    assert main(["briefing", "verify", str(path), "--format", "json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is False
    assert told["text"].startswith("第 2 个数字“超75%”")


@pytest.mark.parametrize("content", [None, b"", b"PK no zip"])
def test_what_is_no_bundle_ends_with_2(
    content: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "b.zip"
    if content is not None:
        path.write_bytes(content)

    assert main(["briefing", "verify", str(path)]) == 2
    assert capsys.readouterr().err.strip().endswith("b.zip。" if content is None else "压缩包。")


def test_it_starts_neither_django_nor_a_database(issued: str) -> None:
    program = (
        "import sys; from lingyan.cli import main; "
        f"status = main(['briefing', 'verify', {issued!r}]); "
        "sys.exit(status or 'django' in sys.modules)"
    )

    ended = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True)

    assert ended.returncode == 0, ended.stderr.decode()
