"""`lingyan template KIND OUT.xlsx`: an empty workbook with guidance, choices and examples."""

from __future__ import annotations

import argparse
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from lingyan.cli.files import add_force, refuse_to_lose, write_file
from lingyan.cli.speaking import Speaker, WrongInput

if TYPE_CHECKING:
    from lingyan.common.sheet import Sheet

KINDS = (
    "accounts",
    "places",
    "place_changes",
    "units",
    "people",
    "needs",
    "officers",
    "relatives",
    "wishes",
    "intentions",
    "villages",
    "adjoining",
    "calendar",
    "rules",
    "insurance",
    "support_records",
    "honors",
    "presence",
    "pairings",
    "pair_units",
    "pair_villages",
    "pair_matrix",
    "terms",
    "party_organizations",
    "village_reserve",
)


def sheets_of(kind: str) -> tuple[Sheet, ...]:
    """The worksheets of a template: the one that its kind names, and what may stand beside it."""
    from lingyan.directory import sheets as directory
    from lingyan.organization import sheets as organization
    from lingyan.pairing import sheets as pairing
    from lingyan.pairing.problem.to_sheets import WEIGHT_NAMES
    from lingyan.posting import sheets as posting

    weights = "、".join(f"{name} pair.{key}" for key, name in WEIGHT_NAMES.items())
    rules = replace(
        posting.RULES,
        guidance=(*posting.RULES.guidance, "结对的权重（填“数值”，写编号）：", f"　　{weights}"),
    )
    beside = {
        "needs": (posting.NEED_ITEMS,),
        "rules": (posting.PINS, posting.BANS, directory.ADJOINING, pairing.RELATED),
    }
    main = {
        sheet.kind: sheet
        for sheet in (
            *directory.SHEETS,
            *posting.SHEETS,
            *organization.SHEETS,
            *pairing.SHEETS,
        )  # pairing's units last
    }
    return (rules if kind == "rules" else main[kind], *beside.get(kind, ()))


def configure(parser: argparse.ArgumentParser, say: Speaker) -> None:
    parser.add_argument(
        "template",
        metavar="KIND",
        choices=KINDS,
        help=say("哪一种：", "one of: ") + ", ".join(KINDS),
    )
    parser.add_argument("out", metavar="OUT.xlsx", help=say("写到哪里", "where to write"))
    add_force(parser, say)


def run(options: argparse.Namespace, say: Speaker) -> int:
    from lingyan.common.workbook import write_template

    out = Path(options.out)
    if out.suffix.lower() != ".xlsx":
        raise WrongInput(
            say(f"文件名请以 .xlsx 结尾：{out.name}", f"the name should end in .xlsx: {out.name}")
        )
    sheets = sheets_of(options.template)

    def is_own(path: Path) -> bool:
        empty = BytesIO()
        write_template(empty, sheets)
        return path.read_bytes() == empty.getvalue()

    if not options.force:
        refuse_to_lose(out, say, is_own=is_own)
    write_file(out, lambda path: write_template(path, sheets), say)
    print(say(f"已写出 {out}", f"written: {out}"))
    return 0
