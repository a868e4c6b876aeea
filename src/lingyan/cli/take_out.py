"""`lingyan export KIND FILE`: the stored records as a workbook that can come in again."""

from __future__ import annotations

import argparse
from pathlib import Path

from lingyan.cli.data import (
    add_kind_and_data,
    command_actor,
    find_kind,
    find_option,
)
from lingyan.cli.database import open_database
from lingyan.cli.files import add_force, refuse_to_lose, write_file
from lingyan.cli.speaking import Speaker, WrongInput, add_format, print_json

SUFFIXES = (".xlsx", ".csv")


def configure(parser: argparse.ArgumentParser, say: Speaker) -> None:
    add_kind_and_data(parser, say)
    parser.add_argument(
        "--purpose",
        default="",
        metavar="TEXT",
        help=say("用途，写进文件首行和操作留痕", "what for: stands in the file and in the history"),
    )
    add_force(parser, say)
    add_format(parser, say)


def run(options: argparse.Namespace, say: Speaker) -> int:
    out = Path(options.file)
    if out.suffix.lower() not in SUFFIXES:
        raise WrongInput(
            say(
                f"文件名请以 .xlsx 或 .csv 结尾：{out.name}",
                f"the name should end in .xlsx or .csv: {out.name}",
            )
        )
    open_database(options, say)
    kind = find_kind(options.kind, say)
    option = find_option(kind, options.round, say)
    if not options.force:
        refuse_to_lose(out, say, is_own=_went_out)
    count = _export(kind.code, out, option, options.purpose, say)
    if options.format == "json":
        print_json({"ok": True, "kind": options.kind, "file": str(out), "rows": count})
    else:
        print(say(f"已导出 {count} 行：{out}", f"{count} rows written: {out}"))
    return 0


def _went_out(path: Path) -> bool:
    from lingyan.platform.exchange.exporting import went_out

    return went_out(path)


def _export(code: str, out: Path, option: str, purpose: str, say: Speaker) -> int:
    from lingyan.platform.exchange.exporting import export_records
    from lingyan.platform.exchange.registry import KINDS

    counts: list[int] = []

    def write(path: Path) -> None:
        export = export_records(
            KINDS[code], path, option=option, purpose=purpose, actor=command_actor()
        )
        counts.append(export.row_count)

    write_file(out, write, say)
    return counts[0]
