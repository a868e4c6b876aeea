"""Write docs/rules/refusals.md: every refusal code in the source, with its Chinese text.

Run it after adding or changing a refusal; `tests/test_refusals.py` fails while the page differs.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src"
PAGE = ROOT / "docs" / "rules" / "refusals.md"
HEAD = """# Every refusal

Made by `python scripts/list_refusals.py`; do not edit by hand. An act that is refused changes
nothing, answers 409 and shows every text that applies. `…` is filled in from the case.
"""


@dataclass(frozen=True, slots=True, order=True)
class Said:
    """One refusal as the source writes it."""

    code: str
    text: str


@cache
def refusals() -> list[Said]:
    """Every `Refusal(code, text)` of the source, each once."""
    texts = (path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    trees = [ast.parse(text) for text in texts if "Refusal(" in text or "refuse_act(" in text]
    things = sorted({name for tree in trees for name in _things(tree)})
    return sorted({said for tree in trees for said in _of_file(tree, things)})


def _of_file(tree: ast.Module, things: list[str]) -> Iterator[Said]:
    constants = _constants(tree)
    for call in _calls(tree, "Refusal"):
        if len(call.args) < 2:
            continue
        for code in _codes(call.args[0], constants, things):
            for text in _texts(call.args[1], tree):
                yield Said(code, text)


def _calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name:
            yield node


def _constants(tree: ast.Module) -> dict[str, str]:
    """Words that a module names once, such as THING = "posting.round", or takes from another."""
    return _taken_from_others(tree) | _named_here(tree)


def _taken_from_others(tree: ast.Module) -> dict[str, str]:
    """`from … import THING`, and `THING = rules.THING` of a module imported as `rules`."""
    found, modules = {}, {}
    for line in tree.body:
        if not isinstance(line, ast.ImportFrom) or not line.module:
            continue
        for one in line.names:
            modules[one.asname or one.name] = f"{line.module}.{one.name}"
            if one.name.isupper() and one.name in (named := _of_module(line.module)):
                found[one.asname or one.name] = named[one.name]
    for line in tree.body:
        value = getattr(line, "value", None)
        if isinstance(line, ast.Assign) and isinstance(value, ast.Attribute):
            named = _of_module(modules.get(ast.unparse(value.value), ""))
            found |= {ast.unparse(one): named[value.attr] for one in line.targets
                      if value.attr in named}  # fmt: skip
    return found


@cache
def _of_module(name: str) -> dict[str, str]:
    path = SOURCE / f"{name.replace('.', '/')}.py"
    return _constants(ast.parse(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def _named_here(tree: ast.Module) -> dict[str, str]:
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name) and isinstance(node.value.value, str)
    }


def _things(tree: ast.Module) -> Iterator[str]:
    """The things that a process table speaks of: `thing=` of every `refuse_act`."""
    constants = _constants(tree)
    for call in _calls(tree, "refuse_act"):
        for keyword in call.keywords:
            if keyword.arg == "thing":
                yield _word(keyword.value, constants)


def _word(node: ast.expr, constants: dict[str, str]) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    return constants[node.id] if isinstance(node, ast.Name) else ast.unparse(node)


def _codes(node: ast.expr, constants: dict[str, str], things: list[str]) -> list[str]:
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    if isinstance(node, ast.JoinedStr):
        if not isinstance(node.values[-1], ast.Constant):
            return []  # the code is handed on as a whole
        tail = str(node.values[-1].value)
        named = [
            constants[value.value.id]
            for value in node.values
            if isinstance(value, ast.FormattedValue)
            and isinstance(value.value, ast.Name)
            and value.value.id in constants
        ]
        return [f"{thing}{tail}" for thing in named or things]
    return []  # a code that is handed on was said where it was made


def _texts(node: ast.expr, tree: ast.Module) -> list[str]:
    """The sentence, with … for what is filled in; both sides of an `if`."""
    if isinstance(node, ast.IfExp):
        return [*_texts(node.body, tree), *_texts(node.orelse, tree)]
    if isinstance(node, ast.Name):
        assigned = [
            text
            for one in ast.walk(tree)
            if isinstance(one, ast.Assign)
            and any(getattr(target, "id", "") == node.id for target in one.targets)
            for text in _texts(one.value, tree)
        ]
        return sorted(set(assigned)) or ["…"]
    return [_sentence(node)]


def _sentence(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values
        )
    return "…"


def page() -> str:
    """The whole page: one table for each module."""
    lines = [HEAD.rstrip()]
    module = ""
    for said in refusals():
        if said.code.partition(".")[0] != module:
            module = said.code.partition(".")[0]
            lines += ["", f"## {module}", "", "| code | text |", "| --- | --- |"]
        lines.append(f"| `{said.code}` | {said.text} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)}: {len(refusals())}\n")
