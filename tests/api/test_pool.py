"""The talent pool for programs: what each reader is told, and who may change it."""

from __future__ import annotations

from typing import Any

import pytest

from lingyan.api.operations.pool import pool_entry_out
from lingyan.common import clock
from lingyan.posting.models import PoolEntry
from tests.api.programs import data, program
from tests.posting.scene import TODAY, Scene, candidate_of
from tests.world import World


@pytest.fixture
def entry(world: World) -> Any:
    with clock.at(TODAY):
        Scene(world)
        PoolEntry.objects.filter(person=world.li).update(hardship="家在县城", category="reserve")
        yield PoolEntry.objects.get(person=world.li)


def test_what_is_private_is_told_to_the_office_and_the_unit_only(
    world: World, entry: PoolEntry
) -> None:
    shown = {
        role: pool_entry_out(entry, role).private
        for role in ("county_org_staff", "unit_party_admin", "unit_leader")
    }
    asked = data(program(world.unit_admin).get(f"/pool/{entry.pk}"))

    assert shown["unit_leader"] is None
    assert shown["county_org_staff"] == shown["unit_party_admin"] == asked["private"]
    assert asked["private"]["hardship"] == "家在县城"


def test_a_candidate_reads_the_own_portrait_only(world: World, entry: PoolEntry) -> None:
    mine = program(candidate_of(world.li))

    assert data(mine.get("/my-portrait"))["id"] == str(entry.pk)
    assert mine.get(f"/pool/{entry.pk}").status_code == 403
    assert mine.get("/pool").status_code == 403


def test_a_declaration_keeps_what_is_not_named(world: World, entry: PoolEntry) -> None:
    answer = program(world.officer).patch(f"/pool/{entry.pk}", {"grassroots_years": 7})

    assert answer.status_code == 200, answer.content
    assert data(answer)["grassroots_years"] == 7
    assert data(answer)["private"]["hardship"] == "家在县城"


def test_a_person_leaves_the_pool_and_is_recommended_again(world: World, entry: PoolEntry) -> None:
    county, unit = program(world.officer), program(world.unit_admin)
    removed = county.post(f"/pool/{entry.pk}/remove", {"removal_reason": "own_request"})
    assert data(removed)["state"] == "removed"

    wanted = {"person": str(world.li.pk), "category": entry.category}
    again = unit.post("/pool", wanted)
    assert again.status_code == 201, again.content
    assert data(again)["state"] == "recommended"
    assert unit.post("/pool", wanted).status_code == 422
    assert unit.post(f"/pool/{entry.pk}/review").status_code == 403
    assert data(county.post(f"/pool/{entry.pk}/review"))["state"] == "reviewed"
    assert data(county.post(f"/pool/{entry.pk}/admit"))["state"] == "in_pool"


def test_evidence_is_recorded_and_verified(world: World, entry: PoolEntry) -> None:
    proof = {"capability": "law", "text": "法律职业资格", "level": 3}
    made = program(world.unit_admin).post(f"/pool/{entry.pk}/evidence", proof)
    assert made.status_code == 201, made.content
    assert data(made)["verified"] is False

    seen = program(world.officer).post(f"/evidence/{data(made)['id']}/verify")

    assert data(seen)["verified"] is True


def test_a_declaration_that_has_changed_meanwhile_is_not_overwritten(
    world: World, entry: PoolEntry
) -> None:
    county, unit = program(world.officer), program(world.unit_admin)
    read = county.get(f"/pool/{entry.pk}")
    assert county.patch(f"/pool/{entry.pk}", {"remark": "先到"}).status_code == 200
    late = {"grassroots_years": 9}

    assert county.patch(f"/pool/{entry.pk}", late, If_Match=read["ETag"]).status_code == 412
    now = county.get(f"/pool/{entry.pk}")
    assert county.patch(f"/pool/{entry.pk}", late, If_Match=now["ETag"]).status_code == 200
    # Admitted people are the county's to correct.
    assert unit.patch(f"/pool/{entry.pk}", late).status_code == 409


def test_several_are_reviewed_together_or_none(world: World, entry: PoolEntry) -> None:
    county = program(world.officer)
    other = PoolEntry.objects.get(person=world.wang)
    both = {"entries": [str(entry.pk), str(other.pk)]}
    PoolEntry.objects.filter(pk=entry.pk).update(state="recommended")

    refused = county.post("/pool/review", both)
    assert refused.status_code == 409
    assert PoolEntry.objects.get(pk=entry.pk).state == "recommended"
    assert county.post("/pool/review", {"entries": [str(world.li.pk)]}).status_code == 404
    PoolEntry.objects.filter(pk=other.pk).update(state="recommended")
    assert data(county.post("/pool/review", both)) == {"count": 2}


def test_a_unit_sees_and_recommends_its_own_people_only(world: World, entry: PoolEntry) -> None:
    unit = program(world.unit_admin)
    qian = PoolEntry.objects.get(person=world.qian)

    listed = data(unit.get("/pool"))["items"]
    assert {one["unit"] for one in listed} == {"县财政局"}
    assert unit.get(f"/pool/{qian.pk}").status_code == 404
    assert unit.post("/pool", {"person": str(world.zhou.pk)}).status_code == 422


def test_reading_a_portrait_is_kept_for_the_person(world: World, entry: PoolEntry) -> None:
    from lingyan.platform.audit.models import AuditEntry

    program(world.unit_admin).get(f"/pool/{entry.pk}")

    read = AuditEntry.objects.filter(is_reading=True, subject_id=str(world.li.pk)).latest("number")
    assert read.actor_name == world.unit_admin.name
    assert "试验程序" in read.actor_scope
