"""Do the documents say what is so? Whatever a page points to must exist."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from lingyan.cli import template
from lingyan.platform.exchange.registry import KINDS

pytestmark = pytest.mark.pure

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src"
DOCS = ROOT / "docs"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
RULE_CODE = re.compile(r"\bR-(\d+)-(\d+)\b")
RULE_SPAN = re.compile(r"\bR-(\d+)-(\d+) (?:to|至|…) R-(\d+)-(\d+)\b")
BACKTICKED = re.compile(r"`([^`\n]+)`")
NOT_YET = "not yet"
MECHANISMS = [f"M{number:02d}" for number in range(1, 31)]
FRAGMENT = re.compile(r"[a-z0-9-]+\.(added|changed|fixed|removed|security)\.md")


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def tracked() -> list[Path]:
    found = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    paths = [ROOT / name for name in found.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


def pages_of_docs() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".md"]


def without_code_blocks(text: str) -> str:
    return re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)


def rows(path: Path, first: str) -> list[list[str]]:
    """The cells of the table rows whose first cell matches the pattern."""
    found = []
    for line in read(path).splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and re.fullmatch(first, cells[0]):
            found.append(cells)
    return found


def addresses(resolver: URLResolver, before: str = "/") -> Iterator[tuple[str, str]]:
    """Name and address of every page, its parts shown as <…>."""
    for one in resolver.url_patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from addresses(one, path)
        elif isinstance(one, URLPattern) and one.name:
            yield one.name, re.sub(r"<[^>]+>", "<…>", path)


ADDRESSES = dict(addresses(get_resolver()))


@cache
def functions_of_actions() -> set[str]:
    paths = [
        path
        for path in SOURCE.rglob("*.py")
        if "actions" in path.parts or path.stem in {"record", "creation"}
    ]
    return {
        node.name
        for path in paths
        for node in ast.parse(read(path)).body
        if isinstance(node, ast.FunctionDef)
    }


# --- mechanisms and tour ------------------------------------------------------------------------


def test_every_mechanism_stands_once_and_in_order() -> None:
    assert [cells[0] for cells in rows(DOCS / "mechanisms.md", r"M\d\d")] == MECHANISMS


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_a_mechanism_points_to_pages_modules_and_tests_that_exist(mechanism: str) -> None:
    [cells] = rows(DOCS / "mechanisms.md", mechanism)
    _, name, page, module, test, *_ = cells

    assert CHINESE.search(name)
    for cell in (page, module, test):
        assert BACKTICKED.search(cell) or cell.startswith(NOT_YET), cell
    for address, url_name in re.findall(r"`(/[^`]*)` \((\w+)\)", page):
        assert ADDRESSES.get(url_name) == address, f"{url_name} is at {ADDRESSES.get(url_name)}"
    assert not re.sub(r"`(/[^`]*)` \((\w+)\)", "", page).count("`/"), "an address needs its name"
    for where in BACKTICKED.findall(module):
        assert (SOURCE / where).exists(), where
    for where in BACKTICKED.findall(test):
        assert (ROOT / where).exists(), where


def test_what_is_not_yet_built_has_neither_page_nor_test() -> None:
    for cells in rows(DOCS / "mechanisms.md", r"M\d\d"):
        parts = [cell == NOT_YET for cell in cells[2:5]]
        assert all(parts) or not parts[1], f"{cells[0]}: a page without a module"


def test_the_tour_names_pages_and_actions_that_exist() -> None:
    text = read(DOCS / "tour.md")
    pages = re.findall(r"[Pp]age `(\w+)`", text)
    acts = re.findall(r"`(\w+)\(\)`", text)

    assert len(pages) > 10
    assert len(acts) > 10
    assert not [name for name in pages if name not in ADDRESSES]
    assert not [name for name in acts if name not in functions_of_actions()]


def test_the_glossary_points_to_code_that_exists() -> None:
    words = rows(DOCS / "glossary.md", r"(?!term$)[a-z][a-z ]+")
    terms = [cells[0] for cells in words]

    assert len(words) > 30
    assert len(terms) == len(set(terms)), "one word stands once"
    for term, chinese, _, where in words:
        assert CHINESE.search(chinese), term
        for place in BACKTICKED.findall(where):
            file, _, symbol = place.partition(":")
            assert (SOURCE / file).exists(), f"{term}: {file}"
            assert not symbol or re.search(rf"\b{symbol}\b", read(SOURCE / file)), place


# --- rules --------------------------------------------------------------------------------------


@cache
def rule_codes_of_cards() -> set[str]:
    codes: set[str] = set()
    for path in sorted((DOCS / "rules").glob("*.md")):
        text = read(path)
        codes |= {f"R-{part}-{int(number):02d}" for part, number in RULE_CODE.findall(text)}
        for part, first, _, last in RULE_SPAN.findall(text):
            codes |= {f"R-{part}-{one:02d}" for one in range(int(first), int(last) + 1)}
    return codes


def test_every_rule_that_the_code_cites_has_a_card() -> None:
    cited: dict[str, str] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        for part, number in RULE_CODE.findall(read(path)):
            cited.setdefault(f"R-{part}-{int(number):02d}", path.name)

    assert "R-2-20" in cited, "the pattern finds nothing"
    missing = {code: file for code, file in cited.items() if code not in rule_codes_of_cards()}
    assert not missing, f"no card in docs/rules for: {missing}"


def test_every_hard_rule_stands_on_its_card() -> None:
    from lingyan.posting.rules import DEFAULT_RULES

    lines = rows(DOCS / "rules/posting-eligibility.md", r"R\d\d")
    card = {cells[0]: (cells[1], cells[2]) for cells in lines if len(cells) > 5}

    assert set(card) == {rule.code for rule in DEFAULT_RULES}
    for rule in DEFAULT_RULES:
        number, name = card[rule.code]
        assert number == rule.number
        assert name.startswith(rule.name)


# --- sheets, settings, commands -----------------------------------------------------------------


def test_every_sheet_stands_in_the_guide() -> None:
    guide = read(DOCS / "guide/excel.md")
    listed = {cells[0].strip("`"): cells for cells in rows(DOCS / "guide/excel.md", r"`[a-z_]+`")}

    assert set(listed) == set(template.KINDS), "one line for each kind"
    for code, kind in KINDS.items():
        assert kind.title in listed[code][1], f"{code} is called {kind.title}"
    assert "20 MB" in guide


def settings_of_source() -> set[str]:
    found: set[str] = set()
    for path in sorted(SOURCE.rglob("*.py")):
        text = read(path)
        found |= set(re.findall(r"\bLINGYAN_[A-Z][A-Z_]*[A-Z]\b", text))
        found |= {
            f"LINGYAN_{name.upper()}" for name in re.findall(r'kept_secret\(\w+, "(\w+)"\)', text)
        }
    return found


def test_every_setting_is_told_and_every_told_setting_exists() -> None:
    told = {
        cells[0].strip("`") for cells in rows(DOCS / "operate/settings.md", r"`LINGYAN_[A-Z_]+`")
    }

    assert told == settings_of_source()


def test_every_command_in_the_readme_exists() -> None:
    from lingyan import cli

    source = read(Path(cli.__file__))
    named = set(re.findall(r"\blingyan ([a-z]+)\b", read(ROOT / "README.md")))

    assert {"match", "template", "import", "export", "check"} <= named
    assert not [name for name in named if f'"{name}"' not in source]


def test_the_readme_tells_the_options_of_run() -> None:
    options = set(re.findall(r"--[a-z-]+", read(ROOT / "run"))) & {
        "--county",
        "--no-demo",
        "--port",
        "--data",
    }

    assert len(options) == 4
    assert all(option in read(ROOT / "README.md") for option in options)


# --- decisions, links, fragments ----------------------------------------------------------------


def test_every_decision_and_rule_card_stands_in_its_index() -> None:
    missing = [
        f"docs/{folder}/{path.name}"
        for folder in ("decisions", "rules", "guide", "operate")
        for path in sorted((DOCS / folder).glob("*.md"))
        if path.name != "README.md" and f"]({path.name})" not in read(DOCS / folder / "README.md")
    ]

    assert not missing, f"add a line to the README.md beside it: {missing}"


def test_every_relative_link_leads_somewhere() -> None:
    dead = []
    links = 0
    for page in pages_of_docs():
        for target in re.findall(r"\]\(([^)\s]+)\)", without_code_blocks(read(page))):
            if re.match(r"[a-z]+:", target):
                continue
            links += 1
            path = page.parent / target.partition("#")[0] if target[0] != "#" else page
            if not path.exists():
                dead.append(f"{page.relative_to(ROOT)}: {target}")

    assert links > 20
    assert not dead, f"dead links: {dead}"


def test_screenshots_are_small_and_shown() -> None:
    pages = "".join(read(page) for page in pages_of_docs())
    images = sorted((DOCS / "images").glob("*"))

    assert images
    for image in images:
        assert image.stat().st_size < 200_000, f"{image.name} is larger than 200 kB"
        assert image.name in pages, f"no page shows {image.name}"


def test_fragments_of_the_changelog_are_named_by_the_convention() -> None:
    wrong = [
        path.name
        for path in sorted((ROOT / "changes").iterdir())
        if path.name != "README.md" and not FRAGMENT.fullmatch(path.name)
    ]

    assert not wrong, f"see changes/README.md: {wrong}"


# --- nothing of the machine on which it was made ------------------------------------------------

ELSEWHERE = re.compile(
    r"/(?:work|root|home)/[a-z]|/tmp/[a-z_]*\d|pypi\.org|pythonhosted|--(?:extra-)?index-url"
    r"|https?://[\w.-]*(?:mirror|registry|artifactory|nexus|proxy)[\w.-]*"
)


def test_no_file_names_a_machine_path_or_a_package_host() -> None:
    assert ELSEWHERE.search("see /" + "home/somebody"), "the pattern finds nothing"
    wrong = []
    for path in tracked():
        if path == Path(__file__) or path.suffix in {".png", ".gz", ".xls", ".xlsx"}:
            continue
        for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").splitlines(), 1):
            if ELSEWHERE.search(line):
                wrong.append(f"{path.relative_to(ROOT)}:{number}")

    assert not wrong, f"machine paths or package hosts: {wrong}"
