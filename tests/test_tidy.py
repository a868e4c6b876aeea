"""Does the house keep its shape? Style as tests, each failure a sentence."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from lingyan.config import navigation
from tests.world import World

pytestmark = pytest.mark.pure

SOURCE = Path(__file__).resolve().parents[1] / "src"
PRODUCT = SOURCE / "lingyan"
PURE = (
    "lingyan_matching",
    "lingyan.common.sheet",
    "lingyan.common.workbook",
    "lingyan.directory.rules",
    "lingyan.directory.sheets",
    "lingyan.posting.rules",
    "lingyan.posting.sheets",
    "lingyan.posting.problem",
    "lingyan.pairing.rules",
    "lingyan.pairing.problem",
    "lingyan.supervision.rules",
    "lingyan.organization.rules",
    "lingyan.briefings.rules",
    "lingyan.cli.match",
)


def files(*parts: str) -> list[Path]:
    """Python files of the product whose path has one of these folder or file names."""
    return [
        path
        for path in sorted(PRODUCT.rglob("*.py"))
        if any(part in path.parts or path.stem == part for part in parts)
        and "migrations" not in path.parts
    ]


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return (node for node in tree.body if isinstance(node, ast.FunctionDef))


def short(path: Path) -> str:
    return str(path.relative_to(SOURCE))


def is_atomic(function: ast.FunctionDef) -> bool:
    return any("atomic" in ast.unparse(one) for one in function.decorator_list)


def test_every_action_names_its_actor() -> None:
    wrong = [
        f"{short(path)}: {function.name}"
        for path in files("actions")
        for function in functions(path)
        if is_atomic(function)
        and not function.name.startswith("_")
        and "actor" not in {argument.arg for argument in function.args.kwonlyargs}
    ]

    assert not wrong, f"an action takes the keyword actor: {wrong}"


def test_every_module_begins_with_the_question_it_answers() -> None:
    wrong = [
        short(path)
        for path in sorted(SOURCE.rglob("*.py"))
        if "migrations" not in path.parts
        and path.name not in {"__init__.py", "apps.py"}
        and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]

    assert not wrong, f"a module starts with one sentence: {wrong}"


def test_views_touch_no_tables() -> None:
    wrong = [
        f"{short(path)}:{number}"
        for path in files("views")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"\.objects\b|\.save\(|\.delete\(\)|\.bulk_create\(", line)
    ]

    assert not wrong, f"views ask queries and actions: {wrong}"


def test_only_the_clock_reads_the_time() -> None:
    wrong = [
        f"{short(path)}:{number}"
        for path in sorted(SOURCE.rglob("*.py"))
        if path.name != "clock.py" and "migrations" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"datetime\.now\(|date\.today\(|timezone\.now\(|auto_now|utcnow\(", line)
    ]

    assert not wrong, f"ask lingyan.common.clock: {wrong}"


@pytest.mark.parametrize("name", PURE)
def test_pure_parts_import_without_django(name: str) -> None:
    code = f"import sys, {name}; sys.exit('django' in sys.modules)"

    result = subprocess.run([sys.executable, "-c", code], check=False)

    assert result.returncode == 0, f"{name} must not need Django"


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one)
        else:
            yield one


def test_every_address_says_who_may_open_it() -> None:
    wrong = [
        str(one.pattern) for one in patterns(get_resolver()) if not hasattr(one.callback, "roles")
    ]

    assert not wrong, f"every view needs @page(...) or public: {wrong}"


def test_every_menu_entry_has_a_page_behind_it(world: World) -> None:
    opened = 0
    by_role = {actor.role: actor for actor in world.everyone}
    for actor in by_role.values():
        client = world.client(actor)
        for section in navigation.NAVIGATION:
            for entry in section.entries:
                if entry.open_to(actor.role):
                    answer = client.get(reverse(entry.url_name))
                    assert answer.status_code == 200, f"{actor.role} {entry.label}"
                    opened += 1

    assert opened >= len(by_role)


def test_nobody_is_answered_by_an_error_page_when_not_signed_in(db: None) -> None:
    from django.test import Client

    client = Client()
    for section in navigation.NAVIGATION:
        for entry in section.entries:
            assert client.get(reverse(entry.url_name)).status_code == 302, entry.label
