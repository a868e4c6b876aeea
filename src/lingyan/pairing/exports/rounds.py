"""How do the data of a round leave as the two workbooks that `lingyan match pairing` reads?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from lingyan.common import workbook
from lingyan.directory.sheets import ADJOINING, PLACES
from lingyan.pairing import matching
from lingyan.pairing.models import PairRound
from lingyan.pairing.problem import to_sheets
from lingyan.pairing.queries import gathering as rows
from lingyan.pairing.sheets import BANS, PINS, RELATED, SETTINGS, UNITS, VILLAGES
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.exchange.exporting import export_banner


def write_villages(target: BinaryIO, round: PairRound, *, actor: Actor) -> int:
    """The villages with what they need, and every setting of the round."""
    now = matching.gather(round)
    units = {one.id: one for one in now.units}
    villages = {one.id: one for one in now.villages}
    parts: list[Any] = [
        (VILLAGES, to_sheets.village_rows(now.villages, units)),
        (RELATED, to_sheets.related_rows(now.settings)),
        (SETTINGS, to_sheets.rule_rows(now.settings.weights)),
        (PINS, to_sheets.pin_rows(now.settings, units, villages)),
        (BANS, to_sheets.ban_rows(now.villages, units)),
        (PLACES, _towns(round)),
    ]
    if now.settings.adjoining is not None:
        parts.append((ADJOINING, to_sheets.adjoining_rows(now.settings)))
    return workbook.write_book(target, parts, banner=export_banner(actor, "结对批次统筹研究"))


def write_units(target: BinaryIO, round: PairRound, *, actor: Actor) -> int:
    """The units with what they give and whom they would like."""
    now = matching.gather(round)
    villages = {one.id: one for one in now.villages}
    parts: list[Any] = [(UNITS, to_sheets.unit_rows(now.units, villages))]
    return workbook.write_book(target, parts, banner=export_banner(actor, "结对批次统筹研究"))


def _towns(round: PairRound) -> Iterator[dict[str, Any]]:
    """The towns of the county, so that a seat in one of them is known to be near."""
    for town in rows.towns_of(round.county):
        if town.code:
            yield {"code": town.code, "name": town.name, "level": town.level}
