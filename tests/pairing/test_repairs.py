"""A lead pair has ended: which unit follows by the least change?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.directory.models import Unit
from lingyan.pairing.actions import pairings, repairs
from lingyan.pairing.models import Pairing
from lingyan.pairing.queries import pairings as queries
from tests.pairing.scene import TODAY, paired
from tests.world import World


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    with clock.at(TODAY):
        yield


def dissolved(world: World) -> Pairing:
    """县财政局 leaves 松树村; 县第一小学 stays in 石桥村, 县水利局 has no village yet."""
    left = paired(world)
    paired(world, unit=world.school, village=world.stone)
    Unit.objects.create(name="县水利局", category="county_dept", place=world.county)
    return pairings.dissolve_pairing(
        left, text="机构改革，单位撤并", document_number="山组发（2026）8号", actor=world.leader
    )


def test_the_repair_names_units_with_room_and_moves_nobody(world: World) -> None:
    left = dissolved(world)

    repair = repairs.find_repair(left, list(queries.list_left(world.officer.scope)))

    assert repair is not None
    assert {one.unit.name for one in repair.options} == {"县水利局", "县第一小学"}
    assert sum(one.is_first for one in repair.options) == 1
    assert repair.kept == 1
    assert repair.out == (("县财政局", "人工排除：刚与这个村结束结对"),)


def test_the_first_choice_is_proposed_as_a_repair_of_the_old_pair(world: World) -> None:
    left = dissolved(world)
    first = repairs.find_repair(left, [left])
    assert first is not None
    assert first.first is not None

    made = repairs.propose_repair(left, unit_id=first.first.unit.pk, actor=world.officer)

    assert (made.origin, made.predecessor, made.is_lead) == ("repair", left, True)
    assert made.points == first.first.parts.total
    assert not queries.list_left(world.officer.scope).exists()
    assert Pairing.objects.get(village=world.stone).state == "active"


@pytest.mark.parametrize(
    ("which", "text", "code"),
    [
        ("other", "", "pairing.reason_missing"),
        ("nobody", "", "pairing.not_an_option"),
        ("old", "", "pairing.not_an_option"),
        ("again", "", "pairing.not_left"),
    ],
)
def test_a_repair_is_refused(world: World, which: str, text: str, code: str) -> None:
    left = dissolved(world)
    repair = repairs.find_repair(left, [left])
    assert repair is not None
    other = next(one for one in repair.options if not one.is_first)
    unit_id = {"other": other.unit.pk, "old": world.finance.pk}.get(which)
    if which == "again":
        repairs.propose_repair(left, unit_id=other.unit.pk, text="更近", actor=world.officer)

    with pytest.raises(Refused) as refused:
        repairs.propose_repair(left, unit_id=unit_id, text=text, actor=world.officer)

    assert [one.code for one in refused.value.refusals] == [code]
    assert Pairing.objects.filter(origin="repair").count() == (which == "again")


def test_a_single_pair_gets_its_points_by_what_is_known(world: World) -> None:
    made = repairs.propose_direct(world.school, world.brook, is_lead=True, actor=world.officer)

    assert made.points is not None
    assert set(made.parts) == {"near", "related", "complement", "consent", "renewal"}


def test_a_village_whose_pair_goes_on_waits_for_nobody(world: World) -> None:
    paired(world)

    assert not queries.list_left(world.officer.scope).exists()
