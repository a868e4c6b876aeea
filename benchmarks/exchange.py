"""How fast does a workbook come in and go out, beside openpyxl on the same file?

    python benchmarks/exchange.py [--rows 10000 100000]

Each line: what was done, seconds, rows per second, peak memory of its own process, and how many
times quicker than openpyxl, which in the same run only reads or writes and checks nothing.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl

from lingyan.common.sheet import Column, Kind, Sheet
from lingyan.common.workbook import parse_workbook, read_workbook, write_rows

TYPES = (("weak", "软弱村"), ("thin", "薄弱村"), ("tense", "矛盾村"))
SHEET = Sheet(
    "needs",
    "需求",
    (
        Column("village", "村", Kind.REFERENCE, required=True),
        Column("town", "乡镇", Kind.REFERENCE),
        Column("code", "区划代码", Kind.CODE),
        Column("type", "类型", Kind.CHOICE, choices=TYPES),
        Column("count", "人数", Kind.INTEGER, minimum=1, maximum=9),
        Column("income", "收入", Kind.DECIMAL),
        Column("since", "开始日期", Kind.DATE),
        Column("skills", "专长", Kind.MULTI_CHOICE, choices=TYPES),
        Column("urgent", "是否急需", Kind.BOOLEAN),
        Column("note", "备注"),
    ),
    key=("village",),
)
TARGETS = {  # seconds and megabytes that we promise
    ("read", 10_000): (2.5, 200),
    ("read", 100_000): (None, 300),
}


def rows(count: int, *, one_wrong: bool) -> Iterator[dict[str, Any]]:
    first = date(2026, 1, 1)
    for number in range(count):
        wrong = one_wrong and number == count // 2
        yield {
            "village": f"{number}号村",
            "town": f"{number % 60}镇",
            "code": f"{511722100000 + number:012}",
            "type": "强村" if wrong else TYPES[number % 3][0],
            "count": number % 9 + 1,
            "income": number % 10_000 + 0.5,
            "since": first + timedelta(days=number % 700),
            "skills": ("weak", "tense"),
            "urgent": number % 2 == 0,
            "note": f"第 {number} 行的备注",
        }


def read_ours(path: str, count: int) -> None:
    parsed = parse_workbook(read_workbook(path), SHEET)
    assert len(parsed.rows) + len(parsed.errors) == count
    assert len(parsed.errors) == 1


def read_openpyxl(path: str, count: int) -> None:
    page = openpyxl.load_workbook(path, read_only=True, data_only=True)["需求"]
    assert sum(1 for _ in page.iter_rows(values_only=True)) == count + 1


def write_ours(path: str, count: int) -> None:
    assert write_rows(path, SHEET, rows(count, one_wrong=True)) == count


def write_openpyxl(path: str, count: int) -> None:
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("需求")
    for row in rows(count, one_wrong=True):
        page.append([str(value) if isinstance(value, tuple) else value for value in row.values()])
    book.save(path)


TASKS: dict[str, Callable[[str, int], None]] = {
    "read": read_ours,
    "read-openpyxl": read_openpyxl,
    "write": write_ours,
    "write-openpyxl": write_openpyxl,
}


def measure(task: str, path: str, count: int) -> tuple[float, float]:
    """Seconds and peak megabytes, in a process of its own."""
    command = [sys.executable, __file__, "--task", task, "--path", path, "--rows", str(count)]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return float(output[0]), float(output[1])


def run_task(task: str, path: str, count: int) -> None:
    start = time.perf_counter()
    TASKS[task](path, count)
    print(time.perf_counter() - start, peak_megabytes())


def peak_megabytes() -> float:
    """Of this process alone; ru_maxrss would count what the parent held at the fork."""
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text(encoding="ascii"))
    return int(found[1]) / 1024 if found else 0.0


def compare(counts: list[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for count in counts:
            path = str(Path(folder) / f"{count}.xlsx")
            other = str(Path(folder) / f"{count}-openpyxl.xlsx")
            for task, where, peer_where in (("write", path, other), ("read", path, path)):
                seconds, megabytes = measure(task, where, count)
                peer_seconds, peer_megabytes = measure(f"{task}-openpyxl", peer_where, count)
                print(
                    f"{task:5} {count:>7} x 10: {seconds:6.2f} s, {count / seconds:>7,.0f} rows/s,"
                    f" {megabytes:4.0f} MB | openpyxl {peer_seconds:6.2f} s,"
                    f" {peer_megabytes:4.0f} MB | {peer_seconds / seconds:.1f} times quicker"
                    f"{promise(task, count, seconds, megabytes)}"
                )


def promise(task: str, count: int, seconds: float, megabytes: float) -> str:
    limit_seconds, limit_megabytes = TARGETS.get((task, count), (None, None))
    kept = (limit_seconds is None or seconds <= limit_seconds) and (
        limit_megabytes is None or megabytes <= limit_megabytes
    )
    return "" if (task, count) not in TARGETS else f" | promise {'kept' if kept else 'BROKEN'}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--task", choices=TASKS)
    parser.add_argument("--path")
    arguments = parser.parse_args()
    if arguments.task:
        run_task(arguments.task, arguments.path, arguments.rows[0])
    else:
        compare(arguments.rows)


if __name__ == "__main__":
    main()
