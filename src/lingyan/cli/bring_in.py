"""`lingyan import KIND FILE [--dry-run]`: check a workbook, and store it whole or not at all."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lingyan.cli.data import (
    add_kind_and_data,
    command_actor,
    find_kind,
    find_option,
)
from lingyan.cli.database import open_database
from lingyan.cli.files import wrong_cells
from lingyan.cli.speaking import Speaker, WrongInput, add_format, print_json

if TYPE_CHECKING:
    from lingyan.platform.exchange.checking import Checked
    from lingyan.platform.exchange.models import Import
    from lingyan.platform.exchange.registry import ExchangeKind
    from lingyan.platform.jobs.registry import Report


STEP_PERCENT = 20  # between two lines where the output is no terminal


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that was read from disk, and what it is."""

    kind: ExchangeKind
    data: bytes
    name: str
    option: str


def configure(parser: argparse.ArgumentParser, say: Speaker) -> None:
    add_kind_and_data(parser, say)
    parser.add_argument(
        "--dry-run", action="store_true", help=say("只检查，不存入", "check only, store nothing")
    )
    add_format(parser, say)


def run(options: argparse.Namespace, say: Speaker) -> int:
    open_database(options, say)
    kind = find_kind(options.kind, say)
    option = find_option(kind, options.round, say)
    path = Path(options.file)
    sent = Sent(kind, _read(path, say), path.name, option)
    show = Progress(say, silent=options.format == "json")
    with show:
        checked = _check(sent, say, show)
        run = None if options.dry_run else _store(sent, say, show)
    _tell(checked, run, options, say)
    return 0


def _read(path: Path, say: Speaker) -> bytes:
    """The bytes of the file, refused before reading when it is too large."""
    from django.conf import settings

    from lingyan.cli.files import unreadable
    from lingyan.common.workbook import UnreadableFile, not_opened

    try:
        if path.stat().st_size > settings.UPLOAD_MAX_BYTES:
            limit = f"{settings.UPLOAD_MAX_BYTES // (1024 * 1024)} MB"
            raise unreadable(path.name, UnreadableFile("too_large", limit=limit), say)
        return path.read_bytes()
    except OSError as error:
        raise unreadable(path.name, not_opened(error), say) from error


def _check(sent: Sent, say: Speaker, show: Progress) -> Checked:
    from lingyan.platform.exchange.checking import check_file
    from lingyan.platform.exchange.pace import many_objects

    with many_objects():
        checked = check_file(
            sent.kind,
            sent.data,
            filename=sent.name,
            option=sent.option,
            actor=command_actor(),
            report=show.step("检查", "checking"),
        )
    if checked.errors:
        raise wrong_cells(checked.errors, say)
    return checked


def _store(sent: Sent, say: Speaker, show: Progress) -> Import:
    """Through the same import record as the page, so that it can be seen and undone there."""
    from lingyan.common.refusals import Refused
    from lingyan.platform.exchange import actions

    actor = command_actor()
    run = actions.upload_file(
        sent.kind, sent.data, filename=sent.name, option=sent.option, actor=actor
    )
    run = actions.check_import(run, actor=actor, report=show.step("预览", "preview"))
    if not run.written_count:
        return run
    try:
        return actions.apply_import(run, actor=actor, report=show.step("存入", "storing"))
    except Refused as refused:
        raise WrongInput(
            *(f"{sent.name}：{one.text}" for one in refused.refusals),
            details=[
                {"file": sent.name, "code": one.code, "reason": one.text}
                for one in refused.refusals
            ],
        ) from refused


class Progress:
    """How far the work is: one line that changes on a terminal, else a line for each step."""

    def __init__(self, say: Speaker, *, silent: bool) -> None:
        self._say = say
        self._is_terminal = sys.stderr.isatty()
        self._silent = silent
        self._before: tuple[str, int] = ("", -1)

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        if self._is_terminal and self._before[0]:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def step(self, chinese: str, english: str) -> Report:
        name = self._say(chinese, english)

        def tell(percent: int, message: str) -> None:
            # What happens within is told in Chinese; in English the step and its share are enough.
            text = self._say(f"{name}：{message}", name)
            if not self._silent and (name, percent) != self._before:
                self._print(name, percent, text)

        return tell

    def _print(self, name: str, percent: int, text: str) -> None:
        if self._is_terminal:
            print(f"\r{percent:3d}% {text}\x1b[K", end="", file=sys.stderr, flush=True)
        elif name != self._before[0] or percent == 100 or percent >= self._before[1] + STEP_PERCENT:
            print(f"{percent:3d}% {text}", file=sys.stderr, flush=True)
        else:
            return
        self._before = name, percent


def _tell(checked: Checked, run: Import | None, options: argparse.Namespace, say: Speaker) -> None:
    from lingyan.platform.exchange.rules import Verdict

    counts = {verdict.value: checked.count(verdict) for verdict in Verdict}
    if run is not None:  # somebody may have stored a part of it since the first look
        counts |= {"new": run.new_count, "changed": run.changed_count, "same": run.same_count}
    applied = run is not None and run.state == "applied"
    if options.format == "json":
        facts: dict[str, Any] = {
            "ok": True, "kind": options.kind, "file": options.file, "applied": applied,
            "import": str(run.pk) if run else None, **counts, "notices": list(checked.notices),
        }  # fmt: skip
        print_json(facts)
        return
    for notice in checked.notices:
        print(notice)
    new, changed, same = (counts[name] for name in ("new", "changed", "same"))
    print(
        say(f"新增 {new} 行，变更 {changed} 行，相同 {same} 行。",
            f"{new} new, {changed} changed, {same} the same.")
    )  # fmt: skip
    print(_outcome(applied, options, say))


def _outcome(applied: bool, options: argparse.Namespace, say: Speaker) -> str:
    if options.dry_run:
        return say("只检查，没有存入。", "checked only, nothing stored.")
    if applied:
        return say(
            "已全部存入；可在“表格导入”页面整批撤销。",
            "all stored; the import can be undone on the page 表格导入.",
        )
    return say("与库中相同，没有需要存入的。", "the same as stored, nothing to do.")
