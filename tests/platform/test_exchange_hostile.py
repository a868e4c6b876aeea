"""A hostile file gets one clear sentence on the way that it would really go, quickly and small."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from tests import ready_made
from tests.common import files
from tests.platform.sheets import workbook

pytestmark = pytest.mark.slow

SECONDS, MEGABYTES = 20, 300  # a bomb would take minutes and gigabytes
UNITS = (("单位", "单位类别", "所在乡镇"), ("县水利局", "机关", None))
IMPORT = """
import re, sys, time
from pathlib import Path
from lingyan.cli import main
code = main(["import", "units", sys.argv[1]])
status = Path("/proc/self/status").read_text()
print("PEAK", int(re.search(r"VmHWM:\\s+(\\d+)", status)[1]) // 1024, time.process_time())
raise SystemExit(code)
"""


def good() -> bytes:
    return workbook(UNITS[0], UNITS[1:])


def with_part(name: str, content: bytes) -> bytes:
    """A good workbook with one part changed or added."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(good())) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            if info.filename != name:
                new.writestr(info, old.read(info))
        new.writestr(name, content)
    return target.getvalue()


def entity_bomb() -> bytes:
    lines = [b'<!ENTITY e0 "lol">']
    lines += [b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 12)]
    text = (
        b"<?xml version='1.0'?><!DOCTYPE sst ["
        + b"".join(lines)
        + b"]><sst><si><t>&e11;</t></si></sst>"
    )
    return with_part("xl/sharedStrings.xml", text)


def many_rows(count: int, *, filled: bool) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"constant_memory": True})
    page = book.add_worksheet("单位")
    page.write_row(0, 0, UNITS[0])
    style = book.add_format({"bold": True})
    for row in range(1, count + 1):
        if filled:
            kind = "工厂" if row == count // 2 else "机关"
            page.write_row(row, 0, (f"县第{row}单位", kind))
        else:
            page.write_blank(row, 0, None, style)
    book.close()
    return target.getvalue()


def formulas_without_results() -> bytes:
    return workbook(UNITS[0], [("县水利局", "=1+1", None)])


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "zip bomb": (lambda: with_part("xl/media/a.xml", b"0" * 300_000_000), "压缩"),
    "entity bomb": (entity_bomb, "声明"),
    "50 MB": (lambda: os.urandom(50_000_000), "超过"),
    "a million empty rows": (lambda: many_rows(1_000_000, filled=False), "没有数据"),
    "macro file renamed": (
        lambda: files.xlsx(files.worksheet(b""), kind=files.MACRO_TYPE),
        "宏",
    ),
    "formulas": (formulas_without_results, "公式没有算出结果"),
    "one of 100,000 rows wrong": (
        lambda: many_rows(100_000, filled=True),
        "第 50001 行“单位类别”（工厂）：“工厂”不在可选内容中",
    ),
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The surroundings of a product of its own, with one county."""
    folder = tmp_path_factory.mktemp("house")
    ready_made.put_into(folder)
    found = ready_made.surroundings(folder)
    make = (
        "import django; django.setup();"
        "from lingyan.directory.models import Place;"
        "Place.objects.create(path='0001', level='county', name='山阳县', short_name='山阳县')"
    )
    subprocess.run([sys.executable, "-c", make], env=found, check=True)
    return found


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gets_one_sentence(house: dict[str, str], tmp_path: Path, name: str) -> None:
    make, said = HOSTILE[name]
    path = tmp_path / "单位.xlsx"
    path.write_bytes(make())

    done = subprocess.run(
        [sys.executable, "-c", IMPORT, str(path)],
        env=house,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2, done.stderr
    *progress, sentence = done.stderr.strip().splitlines()
    assert said in sentence
    assert len(progress) < 10
    assert "Traceback" not in done.stderr
    peak = re.search(r"PEAK (\d+) ([\d.]+)", done.stdout)
    assert peak is not None
    assert int(peak[1]) < MEGABYTES
    assert float(peak[2]) < SECONDS  # of the processor: others may be at work beside us
