"""How is an act's code said in Chinese? `config.wiring` fills the table from the modules."""

from __future__ import annotations

TEXTS: dict[str, str] = {}


def action_text(code: str) -> str:
    return TEXTS.get(code, code)
