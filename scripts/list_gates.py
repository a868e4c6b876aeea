"""Write docs/rules/gates.md: the table of gates as the product carries it out.

Run it after a change of `lingyan.common.gates`; `tests/test_refusals.py` fails while the page
differs.
"""

from __future__ import annotations

import sys
from pathlib import Path

from lingyan.common.gates import TABLE, Gate
from lingyan.directory.roles import Role

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "rules" / "gates.md"
LABELS = {role.value: role.label for role in Role}
HEAD = """# Gates between modules

Made by `python scripts/list_gates.py`; do not edit by hand. Rulebook 12.
Code: `lingyan.common.gates`. Tests: `tests/supervision/test_gates.py`,
`tests/supervision/test_gate_pages.py`. 依据: 12, R-4-10, R-2-16, R-2-28, R-10-14.

A gate lets a fact of one module hold back an act of another. There is one table: the acts ask it,
the page 关口 (`gate_list`) shows it, the tests turn it round line by line, and this card is written
from it. 不予办理 refuses with the code and says what would open the gate; 提醒 allows and says so;
自动交办 raises a task, or does what the line says, once. Where somebody may let a record through,
it is done with reason and document and stands in the month's report (`supervision_report`). The
gates of the rulebook that are missing here wait for the modules that they join.
"""


def _of_gate(gate: Gate) -> list[str]:
    lines = [
        "",
        f"## {gate.id} {gate.source} → {gate.target}",
        "",
        f"{gate.condition}。{gate.opens}。依据：{gate.article}。",
    ]
    if gate.override:
        roles = "、".join(LABELS[role] for role in gate.override.roles)
        lines.append(f"放行：{roles}：{gate.override.label}。")
    else:
        lines.append("不能放行。")
    lines += ["", "| act | 办理 | effect | when | refusal |", "| --- | --- | --- | --- | --- |"]
    for held in gate.held:
        code = f"`{held.refusal.code}`" if held.refusal else ""
        lines.append(
            f"| `{held.act}` | {held.label} | {held.effect.label} | {held.fact.label} | {code} |"
        )
    return lines


def page() -> str:
    """The whole card, gate by gate."""
    lines = [line for gate in TABLE.values() for line in _of_gate(gate)]
    return "\n".join([HEAD.rstrip(), *lines]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)}: {len(TABLE)}\n")
