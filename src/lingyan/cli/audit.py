"""Is the sealed history whole? `lingyan audit verify`."""

from __future__ import annotations

import argparse

from lingyan.cli.database import add_data, open_database
from lingyan.cli.speaking import Speaker, add_format, print_json


def configure(parser: argparse.ArgumentParser, say: Speaker) -> None:
    parser.add_argument("act", choices=("verify",), help=say("核对全部留痕", "check every entry"))
    add_data(parser, say)
    add_format(parser, say)


def run(options: argparse.Namespace, say: Speaker) -> int:
    """0 whole, 1 broken, naming the first broken entry."""
    open_database(options, say)
    from lingyan.platform.audit.verify import verify_chain

    verdict = verify_chain()
    if options.format == "json":
        print_json(
            {
                "ok": verdict.text is None,
                "entries": verdict.entries,
                "broken_number": verdict.broken_number,
                "text": verdict.text,
            }
        )
    elif verdict.text is None:
        count = verdict.entries
        print(say(f"已核对 {count} 条留痕，链条完整", f"{count} entries, the chain is whole"))
    else:
        print(say(f"留痕被破坏：{verdict.text}", f"broken at entry {verdict.broken_number}"))
    return 0 if verdict.text is None else 1
