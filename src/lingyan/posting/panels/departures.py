"""Which postings and entries of the pool hang on a person (G-28)?"""

from __future__ import annotations

from collections.abc import Iterator

from lingyan.directory.models import Person, Unit
from lingyan.posting.models import PoolEntry, Posting
from lingyan.posting.rules import POST_HELD
from lingyan.posting.rules.words import PoolState
from lingyan.supervision.facts_of_neighbours import Depending


def depending(person: Person, unit: Unit | None) -> Iterator[Depending]:
    held = Posting.objects.filter(person=person, state__in=POST_HELD, until__isnull=True)
    for posting in held.select_related("village__parent").order_by("since", "pk"):
        what = f"办理在{posting.village}派驻的终止或调整"
        yield Depending(posting, what, posting.village, "posting_detail")
    entries = PoolEntry.objects.filter(
        person=person, state__in=(PoolState.RECOMMENDED, PoolState.REVIEWED, PoolState.IN_POOL)
    )
    for entry in entries.order_by("pk"):
        yield Depending(entry, "核对人才储备库里的申报，办理出库", person.place, "pool_entry")
