"""What the tests of the command may ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.books import Desk


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)
