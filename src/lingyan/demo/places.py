"""Which real towns and villages does a county have? (demo/data; origin in its README)"""

from __future__ import annotations

import csv
from pathlib import Path

from lingyan.directory.actions.places import create_places
from lingyan.directory.models import Place
from lingyan.platform.accounts.actor import Actor

FOLDER = Path(__file__).parent / "data"
EDITION = "2020"


def load_county(county: str, *, is_demo: bool, actor: Actor) -> list[Place]:
    """All places of one county, by the same action as an import of the sheet 区划."""
    with (FOLDER / f"places-{county}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return create_places(rows, edition=EDITION, is_demo=is_demo, actor=actor)
