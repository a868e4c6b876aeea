"""`lingyan evidence CODE-OR-ROW --place CODE`: the records behind one number."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from lingyan.cli.data import command_actor
from lingyan.cli.figures import add_question, find_indicator, read_question
from lingyan.cli.speaking import Speaker, print_json

if TYPE_CHECKING:
    from lingyan.directory.models import Person


def configure(parser: argparse.ArgumentParser, say: Speaker) -> None:
    parser.add_argument(
        "indicator",
        metavar="CODE-OR-ROW",
        help=say("指标代码或文稿行号，如 IND-3-03 或 X12", "code or row, IND-3-03 or X12"),
    )
    add_question(parser, say)


def run(options: argparse.Namespace, say: Speaker) -> int:
    question = read_question(options, say)
    indicator = find_indicator(options, say)
    from lingyan.briefings.exports.figure_data import indicator_data, record_data
    from lingyan.briefings.queries.figures import evidence_of, people_in

    parts = indicator.parts(question)
    # A command speaks for the product itself, so nothing is hidden from it.
    found = evidence_of(indicator, question, question.scope).evidence
    _note(people_in(found.records))
    if options.format == "json":
        told = {"count": found.count, "hidden": found.hidden}
        records = [record_data(indicator, one) for one in found.records]
        print_json({**indicator_data(indicator, parts), **told, "records": records})
        return 0
    print(f"{indicator.name}  {indicator.written(parts)}")
    print("\t".join(indicator.heads))
    for one in found.records:
        print("\t".join(map(str, one.cells)))
    print(say(f"共 {found.count} 条", f"{found.count} records"))
    return 0


def _note(people: list[Person]) -> None:
    """Whoever is on the list finds in the own record that it was taken out."""
    from lingyan.api.rules import LISTED
    from lingyan.platform.audit.reading import Look, seal

    if people:
        seal([Look(LISTED, one) for one in people], actor=command_actor())
