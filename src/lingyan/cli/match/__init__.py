"""`lingyan match`: plans out of workbooks, without server and database. Imports no Django."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from lingyan.cli.speaking import CommandParser, Speaker, add_format

SEED_MAX = 2**63 - 1


def configure(parser: argparse.ArgumentParser, say: Speaker) -> None:
    """The four ways of matching."""
    kinds = parser.add_subparsers(
        title=say("做什么", "what to do"), dest="kind", required=True, metavar="KIND"
    )

    def add(name: str, chinese: str, english: str) -> CommandParser:
        text = say(chinese, english)
        prog = f"lingyan match {name}"
        made = kinds.add_parser(name, help=text, description=text, say=say, prog=prog)
        assert isinstance(made, CommandParser)
        return made

    _configure_posting(
        add("posting", "由需求和人选得出选派方案", "postings from needs and people"), say
    )
    _configure_pairing(
        add("pairing", "由村和单位得出结对方案", "pairings from villages and units"), say
    )
    _configure_instance(add("instance", "解一个中性格式的题目", "solve a neutral instance"), say)
    _configure_verify(
        add(
            "verify",
            "复核一个方案：0 成立，1 不成立，2 读不出",
            "check a plan: 0 proven, 1 refuted, 2 unreadable",
        ),
        say,
    )


def run(options: argparse.Namespace, say: Speaker) -> int:
    answer: int = RUNNERS[options.kind](options, say)
    return answer


def _configure_posting(parser: CommandParser, say: Speaker) -> None:
    file = "FILE"
    parser.add_argument("--needs", metavar=file, required=True, help=say("需求清单", "needs"))
    parser.add_argument("--people", metavar=file, required=True, help=say("人选", "candidates"))
    for name, chinese, english in (
        ("--town-max", "每个乡镇合计最多派几人", "how many people each township gets at most"),
        ("--town-min", "每个乡镇合计至少派几人", "how many people each township gets at least"),
    ):
        parser.add_argument(name, type=number, metavar="N", help=say(chinese, english))
    _configure_common(parser, say)


def _configure_pairing(parser: CommandParser, say: Speaker) -> None:
    file = "FILE"
    parser.add_argument("--villages", metavar=file, required=True, help=say("村", "villages"))
    parser.add_argument("--units", metavar=file, required=True, help=say("单位", "units"))
    _configure_common(parser, say)


def _configure_common(parser: CommandParser, say: Speaker) -> None:
    parser.add_argument(
        "--rules", metavar="FILE", help=say("规则工作簿或 JSON", "rules, a workbook or JSON")
    )
    _add_seed(parser, say)
    parser.add_argument(
        "--as-of",
        metavar="DATE",
        help=say("按哪一天核查，默认今天", "the day to measure against, today by default"),
    )
    parser.add_argument(
        "--out",
        metavar="DIR",
        required=True,
        help=say("写出 plan.xlsx 和 plan.json 的文件夹", "folder for plan.xlsx and plan.json"),
    )
    parser.add_argument(
        "--reasons",
        choices=("auto", "brief", "full"),
        default="auto",
        help=say(
            "理由的详细程度：full 连同每种改动的代价；表很大时默认不算",
            "how much to explain: full adds the price of every exchange, left out of large rounds",
        ),
    )
    add_format(parser, say)


def _add_seed(parser: CommandParser, say: Speaker) -> None:
    parser.add_argument(
        "--seed",
        type=number,
        default=1,
        metavar="N",
        help=say("抽签用的数，默认 1", "number for the drawing of lots, 1 by default"),
    )


def number(text: str) -> int:
    """A seed; argparse names this function where the text is none."""
    seed = int(text)
    if not 0 <= seed <= SEED_MAX:
        raise ValueError(text)
    return seed


def _configure_instance(parser: CommandParser, say: Speaker) -> None:
    from lingyan_matching import MODES

    parser.add_argument("instance", metavar="FILE.json", help=say("题目", "the instance"))
    parser.add_argument(
        "--mode", choices=MODES, required=True, help=say("哪一种方案", "which kind of plan")
    )
    _add_seed(parser, say)
    parser.add_argument(
        "--goals",
        metavar="LIST",
        help=say(
            "目标的次序，如 seats,score~1%%,changes,lot；~ 后是允许放宽多少",
            "the goals in order, such as seats,score~1%%,changes,lot; ~ says what may be given up",
        ),
    )
    parser.add_argument(
        "--base",
        metavar="PLAN.json",
        help=say("现行方案，用来计变动", "the plan in force, to count changes against"),
    )
    parser.add_argument(
        "--out", metavar="PLAN.json", required=True, help=say("写到哪里", "where to write")
    )
    add_format(parser, say)


def _configure_verify(parser: CommandParser, say: Speaker) -> None:
    parser.add_argument("plan", metavar="PLAN.json", help=say("方案", "the plan"))
    for name, chinese, english in (
        ("instance", "题目文件", "the instance"),
        ("needs", "需求清单", "needs"),
        ("people", "人选", "candidates"),
        ("villages", "村", "villages"),
        ("units", "单位", "units"),
        ("rules", "规则", "rules"),
    ):
        parser.add_argument(f"--{name}", metavar="FILE", help=say(chinese, english))
    add_format(parser, say)


def _run_posting(options: argparse.Namespace, say: Speaker) -> int:
    from lingyan.cli.match.posting import run_posting

    return run_posting(options, say)


def _run_pairing(options: argparse.Namespace, say: Speaker) -> int:
    from lingyan.cli.match.pairing import run_pairing

    return run_pairing(options, say)


def _run_instance(options: argparse.Namespace, say: Speaker) -> int:
    from lingyan.cli.match.instance import run_instance

    return run_instance(options, say)


def _run_verify(options: argparse.Namespace, say: Speaker) -> int:
    from lingyan.cli.match.verify import run_verify

    return run_verify(options, say)


RUNNERS: dict[str, Callable[[Any, Speaker], int]] = {
    "posting": _run_posting,
    "pairing": _run_pairing,
    "instance": _run_instance,
    "verify": _run_verify,
}
