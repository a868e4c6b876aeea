"""Is this installation safe and whole? `lingyan check`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lingyan.cli.database import add_data, open_database
from lingyan.cli.speaking import Speaker, add_format, print_json

if TYPE_CHECKING:
    from lingyan.platform.checks.table import Check

NAMES_SHOWN = 3


def configure(parser: argparse.ArgumentParser, say: Speaker) -> None:
    add_data(parser, say)
    add_format(parser, say)


def run(options: argparse.Namespace, say: Speaker) -> int:
    """0 nothing that must be mended, 1 something; what should be looked at is told as well."""
    open_database(options, say)
    from lingyan.config.checks import findings, row_security_text
    from lingyan.platform.checks.table import Severity
    from lingyan.platform.exchange.actions import recover_interrupted_imports

    recover_interrupted_imports()
    found, wrong = findings(), list(wrong_records(_progress(say)))
    if options.format == "json":
        settings = [{"code": one.code, "text": one.text, "mend": one.mend} for one in found]
        print_json([*settings, *(one.data() for one in wrong)])
    else:
        for one in found:
            print(f"✗ {one.text}。{one.mend}")
        for record in wrong:
            print(record.text())
        if about_rows := row_security_text():
            print(about_rows)
        if not (found or wrong):
            print(say("没有发现问题", "nothing found"))
    return 1 if found or any(one.check.severity is Severity.MUST for one in wrong) else 0


@dataclass(frozen=True, slots=True)
class WrongRecords:
    """What one check of the records found: how many rows, and the first of them by name."""

    area: str
    check: Check
    count: int
    names: tuple[str, ...]

    def text(self) -> str:
        """People are counted and not named: whoever runs a command leaves no trace of reading."""
        mark = "✗" if self.check.severity == "must" else "!"
        more = " 等" if self.count > len(self.names) else ""
        names = f"：{'、'.join(self.names)}{more}" if self.names else ""
        count = f"{self.count} 条（{self.check.severity.label}）"
        return f"{mark} {self.area}：{self.check.what}，{count}{names}。{self.check.mend}"

    def data(self) -> dict[str, Any]:
        return {
            "code": self.check.code,
            "severity": self.check.severity.value,
            "text": self.check.what,
            "mend": self.check.mend,
            "count": self.count,
            "rows": list(self.names),
        }


def wrong_records(tell: Callable[[int, int], None]) -> Iterator[WrongRecords]:
    """Every check of every module over the whole installation; rows are named by the first few."""
    from lingyan.platform.accounts.actor import EVERYTHING
    from lingyan.platform.checks import queries, table

    total, done = len(table.every_check()), 0
    for area in table.AREAS:
        for check in area.checks:
            done += 1
            tell(done, total)
            if count := queries.count_rows(check, EVERYTHING):
                shown = 0 if check.who else NAMES_SHOWN
                rows = queries.list_rows(check, EVERYTHING)[:shown]
                names = tuple(check.name(row) for row in rows)
                yield WrongRecords(area.title, check, count, names)


def _progress(say: Speaker) -> Callable[[int, int], None]:
    """A line that is written over, when a person is watching."""

    def show(done: int, total: int) -> None:
        if sys.stderr.isatty():
            text = say(f"已检查 {done} / {total} 项", f"{done} / {total} checks")
            print(f"\r{text}", end="" if done < total else "\n", file=sys.stderr, flush=True)

    return show
