"""Has every act of the history a Chinese text, and every text an act?"""

from __future__ import annotations

import re

import pytest

from lingyan.common.gates import TABLE
from lingyan.platform.audit.texts import TEXTS
from tests.test_refusals import CHINESE, refusals
from tests.test_tidy import SOURCE, files

pytestmark = pytest.mark.pure


def test_every_trace_has_a_chinese_text() -> None:
    codes = set()
    for path in files("actions", "demo", "imports"):
        text = path.read_text(encoding="utf-8")
        codes |= set(re.findall(r'(?:record|Trace)\(\s*"([a-z_]+\.[a-z_]+\.[a-z_]+)"', text))
        codes |= set(re.findall(r'action="([a-z_]+\.[a-z_]+\.[a-z_]+)"', text))

    assert codes, "the patterns find nothing"
    assert not codes - set(TEXTS), f"no text for: {sorted(codes - set(TEXTS))}"


def test_every_act_of_the_history_has_a_chinese_text_and_every_text_an_act() -> None:
    literals: set[str] = set()
    for path in sorted(SOURCE.rglob("*.py")):
        if path.name == "audit_texts.py":
            continue
        text = path.read_text(encoding="utf-8")
        literals |= set(re.findall(r"""["']([a-z_]+\.[a-z_]+\.[a-z_]+)["']""", text))
    refused = {one.code for one in refusals()}
    modules = (
        "posting.", "directory.", "exchange.", "pairing.", "organization.", "supervision.",
        "accounts.", "jobs.",
    )  # fmt: skip
    held = {line.act for gate in TABLE.values() for line in gate.held}
    acts = {code for code in literals if code.startswith(modules)} - refused - held

    assert "posting.round.opened" in acts, "the pattern finds nothing"
    assert not acts - set(TEXTS), f"no text for: {sorted(acts - set(TEXTS))}"
    assert all(CHINESE.search(text) for text in TEXTS.values())
