"""`lingyan briefing`: a draft from a template as a Word file, and the check of an issued bundle.

`verify` needs neither Django nor a database: it runs on any machine.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from lingyan.cli.speaking import Speaker, WrongInput, add_format, print_json

if TYPE_CHECKING:
    from lingyan.briefings.rules.bundle import Verdict

VERIFY = "verify"
LARGEST = 64 * 2**20  # bytes of a bundle


def configure(parser: argparse.ArgumentParser, say: Speaker) -> None:
    parser.add_argument(
        "what",
        metavar="verify",
        choices=(VERIFY,),
        help=say(
            "核对一份印发简报的核验包：0 属实，1 不属实，2 读不出；不需要数据库",
            "check the bundle of an issued briefing: 0 true, 1 refuted, 2 unreadable; no database",
        ),
    )
    parser.add_argument("file", metavar="FILE", help=say("核验包", "the bundle"))
    parser.add_argument(
        "--digest",
        default="",
        metavar="HEX",
        help=say("与印发时公布的摘要比对", "the digest that was told when the briefing was issued"),
    )
    add_format(parser, say)


def run(options: argparse.Namespace, say: Speaker) -> int:
    return _verify(Path(options.file), options, say)


def _verify(path: Path, options: argparse.Namespace, say: Speaker) -> int:
    from lingyan.briefings.rules.bundle import UnreadableError, verify_bundle

    as_json = options.format == "json"
    try:
        verdict = verify_bundle(_content(path, say), options.digest)
    except UnreadableError as wrong:
        raise WrongInput(
            say(f"{path.name}：{wrong}。", f"{path.name} is no bundle of a briefing."),
            as_json=as_json,
        ) from wrong
    if as_json:
        print_json(_as_data(verdict, say))
    else:
        print(_told(verdict, path.name, say))
    return 0 if verdict.text is None else 1


def _content(path: Path, say: Speaker) -> bytes:
    if not path.is_file():
        raise WrongInput(say(f"没有这个文件：{path}", f"there is no file {path}"))
    if path.stat().st_size > LARGEST:
        raise WrongInput(say(f"{path.name} 太大，不是核验包", f"{path.name} is too large"))
    return path.read_bytes()


def _told(verdict: Verdict, name: str, say: Speaker) -> str:
    if verdict.text is not None:
        return say(f"{name} 不属实：{verdict.text}", f"{name} is refuted: {verdict.text_en}")
    return say(
        f"{name} 属实：{verdict.figures} 个数字由 {verdict.records} 条记录重新算出，写法相符，"
        f"摘要相连\n摘要 {verdict.digest}",
        f"{name} is true: {verdict.figures} figures recounted from {verdict.records} records, "
        f"their wording holds, the digests are linked\ndigest {verdict.digest}",
    )


def _as_data(verdict: Verdict, say: Speaker) -> dict[str, object]:
    return {
        "ok": verdict.text is None,
        "figures": verdict.figures,
        "records": verdict.records,
        "digest": verdict.digest,
        "text": say(verdict.text or "", verdict.text_en or "") or None,
    }
