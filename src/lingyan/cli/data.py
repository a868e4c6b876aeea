"""Which kind of sheet, of which round, does a command mean?"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from lingyan.cli.database import add_data
from lingyan.cli.speaking import Speaker, WrongInput
from lingyan.cli.template import KINDS

if TYPE_CHECKING:
    from lingyan.platform.accounts.actor import Actor
    from lingyan.platform.exchange.registry import ExchangeKind

ACTOR_NAME = "命令行"


def add_kind_and_data(parser: argparse.ArgumentParser, say: Speaker) -> None:
    parser.add_argument(
        "kind", metavar="KIND", choices=KINDS, help=say("哪一种：", "one of: ") + ", ".join(KINDS)
    )
    parser.add_argument("file", metavar="FILE", help=say("表格文件", "the workbook"))
    parser.add_argument(
        "--round",
        default="",
        metavar="NAME",
        help=say(
            "批次名称（志愿、意向、规则用；只有一个批次时可不写）",
            "name of the round (wishes, intentions, rules; needless if there is but one)",
        ),
    )
    add_data(parser, say)


def find_kind(code: str, say: Speaker) -> ExchangeKind:
    from lingyan.platform.exchange.registry import KINDS as REGISTERED

    if code not in REGISTERED:
        raise WrongInput(
            say(
                f"“{code}”这种表格只供 lingyan match 使用，不存入系统。",
                f'"{code}" is read by lingyan match only and not stored.',
            )
        )
    return REGISTERED[code]


def command_actor() -> Actor:
    from lingyan.platform.accounts.actor import Actor

    return Actor.system(ACTOR_NAME)


def find_option(kind: ExchangeKind, name: str, say: Speaker) -> str:
    """The round that the file belongs to: by name, or the only one."""
    if not kind.option_label:
        if name:
            raise WrongInput(
                say("这种表格不分批次，请去掉 --round。", "this kind has no rounds; drop --round.")
            )
        return ""
    options = dict(kind.options(command_actor()))
    named = {label: code for code, label in options.items()}
    if name in named:
        return named[name]
    if not name and len(named) == 1:
        return next(iter(named.values()))
    known = "、".join(named) or say("（没有）", "(none)")
    raise WrongInput(
        say(
            f"请用 --round 写明批次名称；现有批次：{known}",
            f"name the round by --round; there are: {known}",
        )
    )
