"""How do the data of a round leave as the two workbooks that `lingyan match posting` reads?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from lingyan.common import clock, workbook
from lingyan.directory.sheets import ADJOINING, OFFICERS, PLACES, UNITS
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.reading import note_listed
from lingyan.platform.exchange.exporting import export_banner
from lingyan.posting import matching
from lingyan.posting.matching.gathering import Gathered, need_items_of, village_key
from lingyan.posting.models import Round
from lingyan.posting.problem import to_sheets
from lingyan.posting.queries import gathering as rows
from lingyan.posting.sheets import BANS, INTENTIONS, NEED_ITEMS, NEEDS, PEOPLE, RULES, WISHES


def write_needs(target: BinaryIO, round: Round, *, actor: Actor) -> int:
    """Villages, their needs, officers and intentions, and every setting of the round."""
    now = matching.gather(round, as_of=clock.today())
    _note_villages(round)
    parts: list[Any] = [
        (NEEDS, to_sheets.need_rows(now.needs)),
        (NEED_ITEMS, _items(round, now)),
        (OFFICERS, to_sheets.officer_rows(now.needs)),
        (INTENTIONS, to_sheets.intention_rows(now.needs)),
        (BANS, to_sheets.ban_rows(now.needs)),
        (RULES, to_sheets.rule_rows(now.settings)),
        (PLACES, _towns(round)),
    ]
    if now.settings.adjoining is not None:
        parts.append((ADJOINING, to_sheets.adjoining_rows(now.settings)))
    return workbook.write_book(target, parts, banner=export_banner(actor, "批次统筹研究"))


def write_people(target: BinaryIO, round: Round, *, actor: Actor) -> int:
    """Candidates, their wishes and their units; with what was declared of health and discipline.

    Only for those who may read that: the page asks for their role.
    """
    now = matching.gather(round, as_of=clock.today())
    _note_people(round)
    needs = {need.id: need for need in now.needs}
    parts: list[Any] = [
        (PEOPLE, _people(round, now, needs)),
        (WISHES, to_sheets.wish_rows(now.candidates, needs)),
        (UNITS, to_sheets.unit_rows(now.candidates, now.settings)),
    ]
    return workbook.write_book(target, parts, banner=export_banner(actor, "批次统筹研究"))


def _note_villages(round: Round) -> None:
    """The officers of the villages, and whom the villages have ranked."""
    villages = list(rows.villages_of(round))
    officers = rows.officers_of([one.village_id for one in villages], on=clock.today())
    note_listed(*(one.person for one in officers))
    for one in villages:
        note_listed(*(intention.round_person.person for intention in one.intentions.all()))


def _note_people(round: Round) -> None:
    """The candidates, and the relatives whom they have declared."""
    people = [one.person for one in rows.people_of(round)]
    note_listed(*people)
    for one in rows.relatives_of(person.pk for person in people):
        note_listed(one.person, one.other)


def _items(round: Round, now: Gathered) -> Iterator[dict[str, Any]]:
    items = {
        village_key(one.village_id): need_items_of(one.need_list) for one in rows.villages_of(round)
    }
    for need in now.needs:
        yield from to_sheets.item_rows(need, items[need.id])


def _people(round: Round, now: Gathered, needs: to_sheets.Needs) -> Iterator[dict[str, Any]]:
    entries = {
        one.person.number: getattr(one.person, "pool_entry", None) for one in rows.people_of(round)
    }
    for candidate in now.candidates:
        entry = entries[candidate.id]
        private = {
            "health": (entry.health or None) if entry else None,
            "discipline": (entry.discipline or None) if entry else None,
            "sanction_until": entry.sanction_until if entry else None,
        }
        yield to_sheets.person_row(candidate, needs) | private


def _towns(round: Round) -> Iterator[dict[str, Any]]:
    """The towns of the county, so that a home in one of them is known to be near."""
    for town in rows.towns_of(round.county):
        if town.code:
            yield {"code": town.code, "name": town.name, "level": town.level}
