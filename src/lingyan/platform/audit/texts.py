"""How are codes of the history said in Chinese? `config.wiring` fills the tables."""

from __future__ import annotations

TEXTS: dict[str, str] = {}
"""What was done: action code -> words."""

ROLES: dict[str, str] = {"system": "系统"}
"""As whom: role -> words."""

FIELDS: dict[str, str] = {}
"""What changed, where the name is no field of the record itself: name -> words."""


def action_text(code: str) -> str:
    return TEXTS.get(code, "其他事项")


def role_text(role: str) -> str:
    return ROLES.get(role, "其他身份")
