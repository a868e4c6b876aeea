"""Is this installation safe and whole? `lingyan check`."""

from __future__ import annotations

import argparse

from lingyan.cli.database import add_data, open_database
from lingyan.cli.speaking import Speaker, add_format, print_json


def configure(parser: argparse.ArgumentParser, say: Speaker) -> None:
    add_data(parser, say)
    add_format(parser, say)


def run(options: argparse.Namespace, say: Speaker) -> int:
    """0 nothing found, 1 something to mend."""
    open_database(options, say)
    from lingyan.config.checks import findings, row_security_text
    from lingyan.platform.exchange.actions import recover_interrupted_imports

    recover_interrupted_imports()
    found = findings()
    if options.format == "json":
        print_json([{"code": one.code, "text": one.text, "mend": one.mend} for one in found])
    else:
        for one in found:
            print(f"✗ {one.text}。{one.mend}")
        if about_rows := row_security_text():
            print(about_rows)
        if not found:
            print(say("没有发现问题", "nothing found"))
    return 1 if found else 0
