"""Do the pages made from the source stand as it is: every refusal, every gate?

Without Django, so that a changed code is noticed in two seconds.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.pure

ROOT = Path(__file__).resolve().parents[1]
RULES = ROOT / "docs" / "rules"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Refusals that hand on the sentence of somebody else: the file reader, a rule, Django.
HANDED_ON = {
    "directory.account.weak_password",
    "exchange.unreadable",
    "posting.not_eligible",
}


@cache
def lister(script: str = "list_refusals") -> Any:
    spec = importlib.util.spec_from_file_location(script, ROOT / f"scripts/{script}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[script] = module
    spec.loader.exec_module(module)
    return module


def refusals() -> list[Any]:
    found: list[Any] = lister().refusals()
    return found


def test_the_page_of_refusals_is_up_to_date() -> None:
    page = lister().page()

    assert (RULES / "refusals.md").read_text(encoding="utf-8") == page, (
        "run python scripts/list_refusals.py"
    )


def test_the_card_of_gates_is_written_from_their_table() -> None:
    page = lister("list_gates").page()

    assert (RULES / "gates.md").read_text(encoding="utf-8") == page, (
        "run python scripts/list_gates.py"
    )


def test_every_refusal_says_its_reason_in_chinese() -> None:
    said = refusals()
    silent = {one.code for one in said if not CHINESE.search(one.text)}

    assert len(said) > 100, "the script finds nothing"
    assert silent <= HANDED_ON, f"without a text: {sorted(silent - HANDED_ON)}"
