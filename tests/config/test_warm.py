"""Is the first visitor spared what the server can load beforehand?"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lingyan.config import warm

COMPILED = """
import sys
import django
django.setup()
from django.template import engines
from lingyan.config import warm
count = warm.warm_up()
assert count > 60, count
loaders = list(engines["django"].engine.template_loaders)
while not hasattr(loaders[0], "get_template_cache"):
    loaders = loaders[0].loaders
kept = loaders[0].get_template_cache
assert len(kept) >= count, len(kept)
wanted = ("lingyan.posting.views.workbench", *warm.LATE)
missing = [name for name in wanted if name not in sys.modules]
assert not missing, missing
assert "PIL" not in sys.modules, "most processes never open a photo"
import gc
warm.settle()
assert gc.get_freeze_count() > 100_000, gc.get_freeze_count()
"""


def test_every_page_template_and_the_engine_are_loaded(tmp_path: Path) -> None:
    """In a process of its own, because this one has loaded everything long ago."""
    environment = {
        **os.environ,
        "LINGYAN_DATA": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "lingyan.config.settings",
    }

    done = subprocess.run(
        [sys.executable, "-c", COMPILED],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


@pytest.mark.django_db
def test_it_asks_the_database_nothing(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]  # a fixture that gives a context
        warm.warm_up()


def test_a_failure_is_told_and_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(warm, "LATE", ("lingyan_matching.no_such_part",))

    warm.warm_up_beside().join(20)

    assert "the first visit of some pages will be slow" in caplog.text
