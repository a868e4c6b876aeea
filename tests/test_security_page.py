"""Does the page on security duties leave none out, and point to code and tests that exist?"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

pytestmark = pytest.mark.pure

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/operate/security.md"
MET, PARTLY, COUNTY = "☑", "◪", "☐"
PERSONAL = [f"R-10-{number:02d}" for number in range(1, 16)]
PROTECTION = [f"D-{number:02d}" for number in range(1, 25)]
# The groups of controls of domain-rules 10.2; each has its duties on the page.
GROUPS = {"身份鉴别": 4, "访问控制": 3, "安全审计": 5, "入侵防范": 2, "数据完整性": 2,
          "数据保密性": 2, "备份恢复": 2, "剩余信息保护": 1, "个人信息保护": 1}  # fmt: skip


def duties() -> dict[str, list[str]]:
    found = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if re.match(r"(R-10|D)-\d\d", cells[0]):
            assert cells[0] not in found, f"{cells[0]} stands twice"
            found[cells[0]] = cells
    return found


DUTIES = duties()


def test_no_duty_is_left_out_and_they_stand_in_order() -> None:
    assert [name.split()[0] for name in DUTIES] == PERSONAL + PROTECTION


def test_every_group_of_controls_is_there() -> None:
    for group, count in GROUPS.items():
        assert sum(name.endswith(f" {group}") for name in DUTIES) == count, group


@pytest.mark.parametrize("name", DUTIES)
def test_a_duty_says_where_it_is_met_or_what_the_county_does(name: str) -> None:
    cells = DUTIES[name]
    assert len(cells) == 7, cells
    _, duty, mark, what, code, test, county = cells

    assert duty
    assert mark in (MET, PARTLY, COUNTY)
    if mark == COUNTY:
        assert (what, code, test) == ("", "", ""), "what the county does is not our claim"
    else:
        assert what
        assert re.fullmatch(r"`src/[^`]+`", code)
        assert re.fullmatch(r"`tests/[^`]+`", test)
    if mark != MET:
        assert county, "say what the county must do"


@pytest.mark.parametrize("name", [name for name, cells in DUTIES.items() if cells[4]])
def test_the_code_and_the_test_that_a_duty_names_exist(name: str) -> None:
    code, test = DUTIES[name][4].strip("`"), DUTIES[name][5].strip("`")
    file, _, function = test.partition("::")

    assert (ROOT / code).exists(), code
    assert (ROOT / file).is_file(), file
    assert not function or function in functions_of(file), test


@cache
def functions_of(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return frozenset(one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef))


def test_the_algorithms_are_those_of_the_code() -> None:
    page = PAGE.read_text(encoding="utf-8")
    source = ROOT / "src/lingyan"

    assert "algorithms.SM4" in (source / "platform/cipher.py").read_text(encoding="utf-8")
    assert "modes.GCM" in (source / "platform/cipher.py").read_text(encoding="utf-8")
    assert "hashes.SM3" in (source / "platform/audit/chain.py").read_text(encoding="utf-8")
    assert "sha256" in (source / "cli/archive.py").read_text(encoding="utf-8")
    for name in ("SM4-GCM", "HMAC-SM3", "SM3", "SHA-256", "PBKDF2"):
        assert name in page
