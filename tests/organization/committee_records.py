"""A branch, two terms and a reserve cadre of 松树村, for the tests of every address."""

from __future__ import annotations

from datetime import date
from typing import Any

from lingyan.common import clock
from lingyan.directory.models import PartyOrganization, Person
from lingyan.organization.models import Term, VillageReserve
from tests.world import World

ELECTED = date(2021, 3, 1)


def committee_records(world: World) -> dict[str, Any]:
    """Written straight into the tables."""
    branch = PartyOrganization.objects.create(
        name="松树村党支部", kind="branch", domain="village", place=world.pine, state="active",
        member_count=21, counted_on=ELECTED, since=ELECTED,
    )  # fmt: skip
    branch.steps.create(
        act="register", to_state="active", on=ELECTED, document_number="山组发8号",
        made_by_name="何乙四", made_at=clock.now(),
    )  # fmt: skip
    for number, since, until in ((9, date(2016, 3, 1), ELECTED), (10, ELECTED, None)):
        Term.objects.create(
            village=world.pine, kind="party", number=number, since=since, until=until,
            planned_until=date(since.year + 5, 3, 1), made_by_name="何乙四", made_at=clock.now(),
        )  # fmt: skip
    young = Person.objects.create(
        number="V0901", name="章戊一", place=world.pine, gender="female", birth_on=date(1996, 5, 4)
    )
    reserve = VillageReserve.objects.create(
        person=young, village=world.pine, found_on=date(2025, 6, 1), mentor="高乙六",
        sources=[["returnee", "务工合同"]], state="confirmed", confirmed_on=date(2025, 7, 1),
        made_by_name="高乙六", made_at=clock.now(),
    )  # fmt: skip
    return {
        "organization_id": branch.pk,
        "reserve_id": reserve.pk,
    }
