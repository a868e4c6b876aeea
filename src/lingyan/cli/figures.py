"""Of which place and which period does a command ask figures?"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from lingyan.cli.database import add_data, open_database
from lingyan.cli.english import told
from lingyan.cli.speaking import Speaker, WrongInput, add_format

if TYPE_CHECKING:
    from lingyan.common.refusals import Refused
    from lingyan.directory.models import Place
    from lingyan.platform.indicators.definitions import Indicator, Question


def add_question(parser: argparse.ArgumentParser, say: Speaker) -> None:
    parser.add_argument(
        "--place",
        required=True,
        metavar="CODE",
        help=say("区划代码（12 位），县、乡镇或村", "12-digit code of a county, town or village"),
    )
    parser.add_argument(
        "--period",
        default="",
        metavar="P",
        help=say(
            "2026、2026Q1、2026-03 或 2025-01-01..2026-01-23；不写是去年以来",
            "2026, 2026Q1, 2026-03 or 2025-01-01..2026-01-23; since last year by default",
        ),
    )
    add_data(parser, say)
    add_format(parser, say)


def read_question(options: argparse.Namespace, say: Speaker) -> Question:
    """Start the product and find what is meant; wrong input says what is wrong with it."""
    open_database(options, say)
    from lingyan.briefings.rules.periods import USUAL, read_period
    from lingyan.common import clock
    from lingyan.common.refusals import Refused
    from lingyan.platform.accounts.actor import Scope
    from lingyan.platform.indicators.definitions import Question

    try:
        period = read_period(options.period or USUAL, today=clock.today())
    except Refused as refused:
        raise refused_input(refused, say) from None
    return Question(Scope((place_of(options.place, say).path,)), period.on, period.period)


def place_of(code: str, say: Speaker) -> Place:
    from lingyan.briefings.queries.drafts import find_place

    found = find_place(code)
    if found is None:
        raise WrongInput(
            say(f"没有代码为“{code}”的地方，请写 12 位区划代码。",
                f'there is no place with the code "{code}"; give its 12 digits.')
        )  # fmt: skip
    return found


def find_indicator(options: argparse.Namespace, say: Speaker) -> Indicator:
    from lingyan.platform.indicators import registry

    found = registry.find(options.indicator)
    if found is None:
        asked = options.indicator
        raise WrongInput(
            say(f"没有“{asked}”这个指标，请用 lingyan indicators 查看有哪些。",
                f'there is no indicator "{asked}"; lingyan indicators lists them.')
        )  # fmt: skip
    return found


def refused_input(refused: Refused, say: Speaker) -> WrongInput:
    return WrongInput(*(f"{told(one, say)}{say('。', '.')}" for one in refused.refusals))
