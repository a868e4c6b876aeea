"""May somebody who is posted already go to this village, by the rules that look at the village?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from lingyan.directory.models import Person, Place
from lingyan.posting import rules
from lingyan.posting.matching.gathering import (
    NOT_IN_POOL,
    facts_of,
    homes_of,
    relatives_named,
    village_key,
)
from lingyan.posting.matching.plans import public_failures
from lingyan.posting.queries import gathering as rows

# Whoever is transferred was eligible when appointed; what is new is the village (R-2-13, R-2-14).
PLACE_RULES = tuple(one for one in rules.DEFAULT_RULES if one.code in ("R02", "R03", "R08"))


def recusal_failures(person: Person, village: Place, *, role: str, on: date) -> tuple[str, ...]:
    """Every reason of place or kin that stands in the way, in words for everybody (G-30)."""
    homes, towns = homes_of(person)
    entry = getattr(person, "pool_entry", None) or NOT_IN_POOL
    facts = replace(
        facts_of(person, entry, rows.postings_of([person.pk])),
        home_villages=homes,
        home_towns=towns,
        relatives=(*_relatives(person), *relatives_named(entry)),
    )
    officers = rows.officers_of([village.pk], on=on)
    there = rules.VillageFacts(
        id=village_key(village.pk),
        name=village.short_name,
        town=village.parent.name if village.parent else None,
        officers=tuple(
            rules.Officer(one.person.name, one.post, one.person.number) for one in officers
        ),
    )
    results = rules.pair_results(facts, there, role, PLACE_RULES)
    return public_failures(results)


def _relatives(person: Person) -> Iterator[rules.Relative]:
    """Declared on either side."""
    for row in rows.relatives_of([person.pk]):
        if row.person_id == person.pk:
            yield rules.Relative(row.other.name, row.relation, row.other.number)
        else:
            yield rules.Relative(row.person.name, None, row.person.number)
