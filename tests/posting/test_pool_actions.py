"""Into the pool, out of it, and the proofs behind a portrait."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from lingyan.common.refusals import Refused
from lingyan.platform.audit.models import AuditEntry
from lingyan.posting.actions.pool import (
    Declaration,
    EvidenceRow,
    PoolRow,
    admit_pool_entry,
    change_declaration,
    create_pool_entries,
    recommend_person,
    record_evidence,
    record_evidence_rows,
    remove_pool_entry,
    return_pool_entry,
    review_pool_entry,
    select_pool_entry,
    verify_evidence,
)
from lingyan.posting.models import CapabilityEvidence, PoolEntry
from tests.world import World

DECLARED = Declaration(category="reserve", health="fit", discipline="clear")


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {one.code for one in refused.value.refusals}


def test_a_unit_recommends_the_county_reviews_and_admits(world: World) -> None:
    entry = recommend_person(world.li, actor=world.unit_admin, declared=DECLARED)
    record_evidence(
        EvidenceRow(world.li, "economy", "预算股科员", since=date(2018, 1, 1)),
        actor=world.unit_admin,
    )

    review_pool_entry(entry, actor=world.officer)
    admit_pool_entry(entry, actor=world.officer)

    entry.refresh_from_db()
    assert entry.state == "in_pool"
    assert entry.unit == world.finance
    acts = AuditEntry.objects.filter(subject_id=str(entry.pk)).order_by("number")
    assert [one.action for one in acts] == [
        "posting.pool.recommended",
        "posting.pool.reviewed",
        "posting.pool.admitted",
    ]


def test_a_unit_recommends_only_its_own_people(world: World) -> None:
    with pytest.raises(Refused) as refused:
        recommend_person(world.qian, actor=world.unit_admin, declared=DECLARED)
    assert codes(refused) == {"posting.other_unit"}
    assert not PoolEntry.objects.exists()


def test_nobody_stands_in_the_pool_twice(world: World) -> None:
    recommend_person(world.li, actor=world.unit_admin, declared=DECLARED)
    with pytest.raises(Refused) as refused:
        recommend_person(world.li, actor=world.officer, declared=DECLARED)
    assert codes(refused) == {"posting.in_pool_already"}


def test_whoever_recommends_does_not_review(world: World) -> None:
    """R-0-20."""
    entry = recommend_person(world.li, actor=world.officer, declared=DECLARED)

    with pytest.raises(Refused) as refused:
        review_pool_entry(entry, actor=world.officer)

    assert codes(refused) == {"directory.same_person"}
    review_pool_entry(entry, actor=world.second_officer)


def test_an_empty_portrait_is_not_admitted(world: World) -> None:
    entry = recommend_person(world.li, actor=world.unit_admin, declared=DECLARED)
    review_pool_entry(entry, actor=world.officer)
    with pytest.raises(Refused) as refused:
        admit_pool_entry(entry, actor=world.officer)
    assert codes(refused) == {"posting.portrait_missing"}


def test_a_removal_names_its_reason_and_may_be_followed_by_a_new_recommendation(
    world: World,
) -> None:
    entry = recommend_person(world.li, actor=world.unit_admin, declared=DECLARED)
    with pytest.raises(Refused):
        remove_pool_entry(entry, actor=world.officer, removal_reason="tired")

    remove_pool_entry(entry, actor=world.officer, removal_reason="new_post", note="调县委办")

    entry.refresh_from_db()
    assert (entry.state, entry.removal_reason) == ("removed", "new_post")
    again = recommend_person(world.li, actor=world.unit_admin, declared=DECLARED)
    assert (again.pk, again.state, again.removal_reason) == (entry.pk, "recommended", "")


def test_a_unit_removes_nobody(world: World) -> None:
    entry = recommend_person(world.li, actor=world.unit_admin, declared=DECLARED)
    with pytest.raises(Refused):
        remove_pool_entry(entry, actor=world.unit_admin, removal_reason="health")
    entry.refresh_from_db()
    assert entry.state == "recommended"


def test_the_trail_is_silent_on_health_and_discipline(world: World) -> None:
    entry = recommend_person(world.li, actor=world.unit_admin, declared=DECLARED)
    changed = replace(DECLARED, health="unfit", discipline="sanctioned", hardship="照顾老人")

    change_declaration(entry, actor=world.unit_admin, declared=changed)

    entry.refresh_from_db()
    assert entry.health == "unfit"
    trail = str(list(AuditEntry.objects.values_list("changes", flat=True)))
    assert "unfit" not in trail
    assert "sanctioned" not in trail
    assert "照顾老人" not in trail
    assert "健康" not in trail


def test_after_the_review_the_unit_changes_nothing_any_more(world: World) -> None:
    entry = recommend_person(world.li, actor=world.unit_admin, declared=DECLARED)
    review_pool_entry(entry, actor=world.officer)
    with pytest.raises(Refused) as refused:
        change_declaration(entry, actor=world.unit_admin, declared=Declaration(category="reserve"))
    assert codes(refused) == {"posting.reviewed_already"}


def test_a_ledger_is_taken_over_with_a_trace_for_each(world: World) -> None:
    people = [world.li, world.wang, world.qian]

    entries = create_pool_entries(
        [PoolRow(person, declared=DECLARED) for person in people], actor=world.officer
    )

    assert {entry.state for entry in entries} == {"in_pool"}
    traced = AuditEntry.objects.filter(action="posting.pool.created")
    assert {one.subject_id for one in traced} == {str(entry.pk) for entry in entries}


def test_a_ledger_with_somebody_twice_is_refused_whole(world: World) -> None:
    with pytest.raises(Refused) as refused:
        create_pool_entries([PoolRow(world.li), PoolRow(world.li)], actor=world.officer)
    assert "第 2 条（李甲一）" in str(refused.value)
    assert not PoolEntry.objects.exists()


def test_a_unit_cannot_import_people_straight_into_the_pool(world: World) -> None:
    with pytest.raises(Refused):
        create_pool_entries([PoolRow(world.li)], actor=world.unit_admin)
    assert not PoolEntry.objects.exists()


def test_only_the_county_verifies(world: World) -> None:
    proof = record_evidence(
        EvidenceRow(world.li, "project_mgmt", "高标准农田项目"), actor=world.unit_admin
    )
    assert not proof.verified
    with pytest.raises(Refused):
        verify_evidence(proof, actor=world.unit_admin)
    with pytest.raises(Refused):
        record_evidence(
            EvidenceRow(world.li, "project_mgmt", "某项目", verified=True), actor=world.unit_admin
        )

    verify_evidence(proof, actor=world.officer)

    proof.refresh_from_db()
    assert proof.verified
    assert CapabilityEvidence.objects.count() == 1


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"capability": "economy"}, "posting.period_missing"),
        ({"capability": "law"}, "posting.level_missing"),
        ({"capability": "law", "level": 5}, "posting.level_range"),
        (
            {"capability": "economy", "since": date(2020, 1, 1), "until": date(2019, 1, 1)},
            "posting.evidence_period",
        ),
        ({"capability": "economy", "since": date(2999, 1, 1)}, "posting.evidence_in_future"),
    ],
)
def test_evidence_that_gives_no_level_is_refused(
    world: World, row: dict[str, object], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        record_evidence_rows(
            [EvidenceRow(person=world.li, text="佐证", **row)],  # type: ignore[arg-type]
            actor=world.officer,
        )
    assert codes(refused) == {code}


def test_a_selected_person_returns_when_the_posting_has_ended(world: World) -> None:
    [entry] = create_pool_entries([PoolRow(world.li)], actor=world.officer)
    select_pool_entry(entry, actor=world.admin)
    return_pool_entry(entry, actor=world.officer)
    entry.refresh_from_db()
    assert entry.state == "returned"
    review_pool_entry(entry, actor=world.second_officer)
