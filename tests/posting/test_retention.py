"""Wishes, what removed candidates declared and places of sign-ins go after the county's months."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from lingyan.common import clock
from lingyan.common.periods import add_months
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.exchange import clearing
from lingyan.platform.exchange.kept import KINDS
from lingyan.posting.actions import support
from lingyan.posting.models import (
    PoolEntry,
    Round,
    RoundPerson,
    RoundVillage,
    SignIn,
    Wish,
)
from lingyan.posting.rules.support_words import StandardKey as Key
from tests.posting.life_scene import post
from tests.posting.scene import Scene
from tests.world import World

BEGUN = date(2026, 3, 2)
CODES = ("wishes", "rejected", "sign_ins")


def overdue(world: World, day: date) -> dict[str, int]:
    with clock.at(day):
        return {one.kind.code: one.count for one in clearing.list_overdue(world.admin)}


def clear(world: World, code: str, day: date) -> None:
    """As two people do it on the page."""
    page = "/exchange/clearing/"
    with clock.at(day):
        assert world.client(world.admin).post(f"{page}{code}/propose/").status_code == 302
        asked = clearing.list_proposed(world.leader).get()
        assert world.client(world.admin).post(f"{page}{asked.pk}/confirm/").status_code == 409
        assert world.client(world.leader).post(f"{page}{asked.pk}/confirm/").status_code == 302
        assert "已清理" in world.client(world.leader).get(page).text


@pytest.fixture
def kept(world: World) -> Any:
    """One of each, three years and a day old on 2029-03-03, and one of each that stays."""
    with clock.at(BEGUN):
        scene = Scene(world)
        scene.wished()
        entry = PoolEntry.objects.get(person=world.wang)
        entry.state, entry.updated_at = "removed", clock.now()
        entry.health, entry.hardship, entry.relatives_named = "healthy", "母亲患病", ["王乙"]
        entry.save()
        SignIn.objects.create(
            county=world.county, posting=post(world.li, world.pine), happened_on=BEGUN,
            within=True, latitude=Decimal("31.23"), longitude=Decimal("107.99"),
        )  # fmt: skip
    return world


def test_each_waits_for_its_months_and_a_running_round_is_no_past(kept: World) -> None:
    assert overdue(kept, add_months(BEGUN, 12)) | {"sign_ins": 0} == dict.fromkeys(KINDS, 0)
    assert overdue(kept, date(2027, 3, 3))["sign_ins"] == 1
    assert overdue(kept, date(2029, 3, 3))["wishes"] == 0, "the round still runs"

    Round.objects.update(state="issued", created_at=clock.now().replace(2026, 3, 2))
    PoolEntry.objects.filter(person=kept.wang).update(updated_at=clock.now().replace(2026, 3, 2))
    people = RoundPerson.objects.filter(wishes__isnull=False).distinct().count()
    assert people

    found = overdue(kept, date(2029, 3, 3))
    assert [found[code] for code in CODES] == [people, 1, 1]
    with clock.at(date(2027, 1, 4)):
        support.set_standard(
            kept.county, key=Key.KEEP_WISHES, amount=Decimal(60), since=date(2027, 1, 4),
            clause="山档发〔2027〕1号", actor=kept.admin,
        )  # fmt: skip
    assert overdue(kept, date(2029, 3, 3))["wishes"] == 0, "the county keeps them for five years"


def test_what_goes_is_the_personal_part_and_what_stays_is_the_record(kept: World) -> None:
    day = date(2029, 3, 3)
    Round.objects.update(state="issued", created_at=clock.now().replace(2026, 3, 2))
    PoolEntry.objects.filter(person=kept.wang).update(updated_at=clock.now().replace(2026, 3, 2))
    people, villages = RoundPerson.objects.count(), RoundVillage.objects.count()
    in_pool = list(PoolEntry.objects.exclude(person=kept.wang).order_by("pk").values())

    for code in CODES:
        clear(kept, code, day)

    assert not Wish.objects.exists()
    assert (RoundPerson.objects.count(), RoundVillage.objects.count()) == (people, villages)
    entry = PoolEntry.objects.get(person=kept.wang)
    assert (entry.state, entry.health, entry.hardship, entry.relatives_named) == (
        "removed", "", "", [],
    )  # fmt: skip
    assert list(PoolEntry.objects.exclude(person=kept.wang).order_by("pk").values()) == in_pool
    signed = SignIn.objects.get()
    assert (signed.happened_on, signed.within, signed.latitude) == (BEGUN, True, None)
    assert [overdue(kept, day)[code] for code in CODES] == [0, 0, 0]
    told = AuditEntry.objects.filter(action__endswith=".cleared")
    assert {one.action for one in told} == {
        "posting.wish.cleared", "posting.pool.cleared", "posting.sign_in.cleared",
    }  # fmt: skip
    assert "母亲患病" not in str([one.changes for one in told])


def test_the_next_county_sees_and_clears_nothing_of_it(kept: World) -> None:
    Round.objects.update(state="issued", created_at=clock.now().replace(2026, 3, 2))

    page = kept.client(kept.stranger).get("/exchange/clearing/")
    assert page.status_code == 403
    for kind in (KINDS[code] for code in CODES):
        assert sum(rows.count() for rows in kind.past(date(2030, 1, 1), "0002")) == 0
