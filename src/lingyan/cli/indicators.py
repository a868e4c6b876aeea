"""`lingyan indicators --place CODE`: every indicator of a place, as a briefing would say it."""

from __future__ import annotations

import argparse

from lingyan.cli.figures import add_question, read_question
from lingyan.cli.speaking import Speaker, print_json


def configure(parser: argparse.ArgumentParser, say: Speaker) -> None:
    add_question(parser, say)


def run(options: argparse.Namespace, say: Speaker) -> int:
    question = read_question(options, say)
    from lingyan.briefings.exports.figure_data import indicator_data
    from lingyan.platform.indicators.registry import everything

    [place] = question.scope.place_paths
    # What a county asks of its villages is a number of that county's places only.
    known = [one for one in everything() if place.startswith(one.within)]
    found = [indicator_data(one, one.parts(question)) for one in known]
    if options.format == "json":
        print_json(found)
        return 0
    for one in found:
        row = f"（{one['row']}）" if one["row"] else ""
        print(f"{one['code']:<12} {one['name']}{row}  {one['text']}")
    return 0
