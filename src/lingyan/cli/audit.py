"""Is the sealed history whole, and where does it stand? `lingyan audit verify`, `audit anchor`."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from lingyan.cli.copies import open_copy
from lingyan.cli.database import add_data, open_database
from lingyan.cli.speaking import Speaker, WrongInput, add_format, print_json

if TYPE_CHECKING:
    from lingyan.platform.audit.anchors import Anchor
    from lingyan.platform.audit.verify import AuditVerdict


def configure(parser: argparse.ArgumentParser, say: Speaker) -> None:
    parser.add_argument(
        "act",
        choices=("verify", "anchor"),
        help=say(
            "verify 核对全部留痕；anchor 打印每日封存，供存放在别处",
            "verify: check every entry; anchor: print where each day ended, to be kept elsewhere",
        ),
    )
    parser.add_argument(
        "copy",
        nargs="?",
        default="",
        metavar="COPY",
        help=say(
            "核对一份副本：SQLite 文件、lingyan backup 的备份，或 postgresql:// 地址；只读",
            "check a copy, read-only: a SQLite file, a backup, or a postgresql:// address",
        ),
    )
    parser.add_argument(
        "--anchor",
        metavar="FILE",
        help=say("同时与存放在别处的封存记录比对", "compare with anchors that were kept elsewhere"),
    )
    parser.add_argument(
        "--since",
        metavar="DATE",
        help=say(
            "只打印这一天以后的封存，如 2026-11-01", "print anchors from this day on: 2026-11-01"
        ),
    )
    add_data(parser, say)
    add_format(parser, say)


def run(options: argparse.Namespace, say: Speaker) -> int:
    if options.act == "anchor":
        return _print_anchors(options, say)
    return _verify(options, say)


def _verify(options: argparse.Namespace, say: Speaker) -> int:
    """0 whole, 1 broken, naming the first broken entry; 2 when it cannot be read."""
    kept = Path(options.anchor).read_text("utf-8") if _readable(options.anchor, say) else None
    if not options.copy:
        open_database(options, say)
    with open_copy(options.copy, say) if options.copy else nullcontext("default") as using:
        from lingyan.platform.audit.anchors import parse_anchors
        from lingyan.platform.audit.verify import verify_chain

        anchors = parse_anchors(kept) if kept is not None else []
        if kept is not None and not anchors:
            raise WrongInput(
                say(
                    f"{options.anchor} 里没有封存记录。",
                    f"there is no anchor in {options.anchor}.",
                )
            )
        began = time.perf_counter()
        verdict = verify_chain(using=using, anchors=anchors, report=_progress(say))
        seconds = time.perf_counter() - began
    _print_verdict(verdict, seconds, options.format, say)
    return 0 if verdict.text is None else 1


def _readable(name: str | None, say: Speaker) -> bool:
    if not name:
        return False
    if not Path(name).is_file():
        raise WrongInput(say(f"没有这个文件：{name}", f"there is no file {name}"))
    return True


def _progress(say: Speaker) -> Callable[[int, int], None] | None:
    """A line that is written over, when a person is watching."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int) -> None:
        percent = 100 if not total else min(100 * done // total, 100)
        text = say(f"已核对 {done} / {total}（{percent}%）", f"{done} / {total} ({percent}%)")
        print(f"\r{text}", end="" if done < total else "\n", file=sys.stderr, flush=True)

    return show


def _print_verdict(verdict: AuditVerdict, seconds: float, form: str, say: Speaker) -> None:
    rate = round(verdict.entries / seconds)
    if form == "json":
        print_json(
            {
                "ok": verdict.text is None,
                "entries": verdict.entries,
                "anchors": verdict.anchors,
                "seconds": round(seconds, 2),
                "entries_per_second": rate,
                "broken_number": verdict.broken_number,
                "text": say(verdict.text or "", verdict.text_en or "") or None,
            }
        )
    elif verdict.text is None:
        count = verdict.entries
        print(say(f"已核对 {count} 条留痕，链条完整", f"{count} entries, the chain is whole"))
        print(
            say(
                f"用时 {seconds:.1f} 秒，每秒 {rate} 条",
                f"in {seconds:.1f} s, {rate} entries a second",
            )
        )
        if verdict.anchors:
            print(
                say(
                    f"与 {verdict.anchors} 条封存记录一致",
                    f"it agrees with {verdict.anchors} anchors",
                )
            )
    else:
        print(say(f"留痕被破坏：{verdict.text}", f"broken: {verdict.text_en}"))


def _print_anchors(options: argparse.Namespace, say: Speaker) -> int:
    if options.copy:
        raise WrongInput(say("anchor 不读副本。", "anchor reads no copy."))
    since = _day(options.since, say)
    open_database(options, say)
    from lingyan.platform.audit.anchors import anchors_text, list_anchors

    anchors = list_anchors(since=since)
    if options.format == "json":
        print_json([_as_data(one) for one in anchors])
    else:
        print(anchors_text(anchors), end="")
    return 0


def _day(text: str | None, say: Speaker) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise WrongInput(
            say(
                f"日期应写成 2026-11-01 的样子，现为“{text}”。",
                f'a day is written 2026-11-01, not "{text}".',
            )
        ) from wrong


def _as_data(one: Anchor) -> dict[str, object]:
    return {
        "day": one.day.isoformat(),
        "day_count": one.day_count,
        "last_number": one.last_number,
        "last_hash": one.last_hash,
    }
