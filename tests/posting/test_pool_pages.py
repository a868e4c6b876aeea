"""The pages of the talent pool: who sees whom, and how much."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lingyan.common import clock
from lingyan.directory.models import Person
from lingyan.directory.roles import Role
from lingyan.posting.actions.pool import (
    Declaration,
    EvidenceRow,
    PoolRow,
    create_pool_entries,
    record_evidence,
    remove_pool_entry,
)
from lingyan.posting.models import CapabilityEvidence, PoolEntry
from tests.world import World, _actor

DECLARED = Declaration(category="reserve", health="unfit", discipline="sanctioned")
FORM = {"category": "reserve", "health": "fit", "discipline": "clear", "grassroots_years": "3"}


@pytest.fixture
def entry(world: World) -> PoolEntry:
    """李甲一, recommended by the finance bureau with two proofs."""
    [entry] = create_pool_entries(
        [PoolRow(world.li, state="recommended", declared=DECLARED)], actor=world.unit_admin
    )
    record_evidence(
        EvidenceRow(world.li, "economy", "预算股科员", since=date(2020, 1, 1), verified=True),
        actor=world.officer,
    )
    record_evidence(EvidenceRow(world.li, "project_mgmt", "农田项目"), actor=world.unit_admin)
    world.li.set_id_number("11010519491231002X")
    world.li.set_phone("13800001234")
    world.li.save()
    return entry


def url(name: str, thing: Any) -> str:
    return reverse(name, args=[thing.pk])


def page(world: World, actor: Any, address: str) -> str:
    return str(world.client(actor).get(address).content.decode())


def test_the_list_names_people_and_nothing_private(world: World, entry: PoolEntry) -> None:
    text = page(world, world.officer, reverse("pool_list"))
    assert "李甲一" in text
    assert "熟悉经济工作" in text
    for private in ("11010519", "138000012", "110105**", "138**", "不适合驻村", "处分影响期内"):
        assert private not in text


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("state=recommended", True),
        ("state=in_pool", False),
        ("category=reserve", True),
        ("capability=economy", True),
        ("capability=project_mgmt", False),
        ("source=agency", True),
        ("source=soe", False),
        ("q=R0001", True),
        ("q=没有此人", False),
        ("sort=-unit", True),
    ],
)
def test_the_list_is_filtered(world: World, entry: PoolEntry, query: str, seen: bool) -> None:
    text = page(world, world.officer, f"{reverse('pool_list')}?{query}")
    assert ("李甲一" in text) is seen


def test_the_list_costs_the_same_queries_at_any_size(
    world: World, django_assert_max_num_queries: Any
) -> None:
    people = Person.objects.bulk_create(
        Person(number=f"T{number:03d}", name="样人", unit=world.finance, place=world.county)
        for number in range(70)
    )
    PoolEntry.objects.bulk_create(
        PoolEntry(person=person, state="in_pool", updated_at=clock.now()) for person in people
    )
    CapabilityEvidence.objects.bulk_create(
        CapabilityEvidence(
            person=person, capability="law", text="法考", level=3, verified=True,
            recorded_on=clock.today(),
        )
        for person in people
    )  # fmt: skip
    client = world.client(world.officer)
    with django_assert_max_num_queries(25):
        answer = client.get(f"{reverse('pool_list')}?size=100")
    assert "T069" in answer.content.decode()


def test_the_portrait_shows_levels_dates_and_what_is_not_verified(
    world: World, entry: PoolEntry
) -> None:
    with clock.at(date(2024, 6, 1)):
        text = page(world, world.officer, url("pool_entry", entry))
    assert "4 级" in text
    assert "农田项目" in text
    assert "未核实" in text
    assert "已过期" not in text


def test_old_evidence_is_marked(world: World, entry: PoolEntry) -> None:
    CapabilityEvidence.objects.update(recorded_on=date(2020, 1, 1), verified_on=None)
    assert "已过期，请更新" in page(world, world.officer, url("pool_entry", entry))


def test_identity_number_and_phone_are_masked(world: World, entry: PoolEntry) -> None:
    text = page(world, world.officer, url("pool_entry", entry))
    assert "110105**********2X" in text
    assert "138****1234" in text
    assert "11010519491231002X" not in text
    assert "13800001234" not in text


@pytest.mark.parametrize("name", ["officer", "admin", "leader", "unit_admin"])
def test_named_roles_read_health_and_discipline(world: World, entry: PoolEntry, name: str) -> None:
    text = page(world, getattr(world, name), url("pool_entry", entry))
    assert "不适合驻村" in text


def test_the_units_leader_reads_only_that_a_condition_is_not_met(
    world: World, entry: PoolEntry
) -> None:
    leader = _actor("boss", "丁丁一", Role.UNIT_LEADER, unit=world.finance)
    text = page(world, leader, url("pool_entry", entry))
    assert "不符合条件" in text
    assert "不适合驻村" not in text
    assert "处分" not in text.replace("处分和审查", "")


def test_a_removal_for_health_reads_only_as_not_eligible_to_the_units_leader(
    world: World, entry: PoolEntry
) -> None:
    remove_pool_entry(entry, actor=world.officer, removal_reason="health")
    leader = _actor("boss", "丁丁一", Role.UNIT_LEADER, unit=world.finance)
    text = page(world, leader, url("pool_entry", entry))
    assert "<dd>健康</dd>" not in text


def test_what_is_not_stated_is_said_to_be_so(world: World) -> None:
    world.qian.party_joined_on = None
    world.qian.save()
    [entry] = create_pool_entries([PoolRow(world.qian)], actor=world.officer)
    text = page(world, world.officer, url("pool_entry", entry))
    assert "待核实" in text
    assert "未申报" in text


def test_anonymous_is_sent_to_sign_in(world: World, entry: PoolEntry) -> None:
    for address in (reverse("pool_list"), url("pool_entry", entry), reverse("my_portrait")):
        assert Client().get(address).status_code == 302


@pytest.mark.parametrize("name", ["stranger", "north_org", "pine_secretary", "agri", "candidate"])
def test_other_roles_do_not_read_the_pool(world: World, entry: PoolEntry, name: str) -> None:
    client = world.client(getattr(world, name))
    assert client.get(reverse("pool_list")).status_code == 403
    assert client.get(url("pool_entry", entry)).status_code == 403


def test_another_unit_finds_nobody_and_changes_nothing(world: World, entry: PoolEntry) -> None:
    school = _actor("school", "丁丁二", Role.UNIT_PARTY_ADMIN, unit=world.school)
    client = world.client(school)

    assert "李甲一" not in client.get(reverse("pool_list")).content.decode()
    for name in ("pool_entry", "pool_entry_edit", "evidence_add"):
        assert client.get(url(name, entry)).status_code == 404
    assert client.post(url("pool_entry_edit", entry), FORM).status_code == 404
    entry.refresh_from_db()
    assert entry.health == "unfit"


def test_another_countys_office_finds_nobody(world: World, entry: PoolEntry) -> None:
    other = _actor("other", "丁丁三", Role.COUNTY_ORG_STAFF, place=world.elsewhere.parent)
    client = world.client(other)

    assert client.get(url("pool_entry", entry)).status_code == 404
    for name in ("pool_entry_review", "pool_entry_admit", "pool_entry_remove"):
        assert client.post(url(name, entry), {"removal_reason": "health"}).status_code == 404
    proof = CapabilityEvidence.objects.filter(verified=False).get()
    assert client.post(url("evidence_verify", proof)).status_code == 404
    entry.refresh_from_db()
    proof.refresh_from_db()
    assert (entry.state, proof.verified) == ("recommended", False)


def test_a_candidate_sees_the_own_portrait(world: World, entry: PoolEntry) -> None:
    text = page(world, world.candidate, reverse("my_portrait"))
    assert "李甲一" in text
    assert "预算股科员" in text
    assert "办理过程" not in text


def test_a_candidate_who_was_not_recommended_is_told_so(world: World) -> None:
    assert "还没有被推荐" in page(world, world.candidate, reverse("my_portrait"))


def test_a_unit_recommends_declares_and_adds_evidence(world: World) -> None:
    client = world.client(world.unit_admin)
    assert "钱甲四" not in client.get(reverse("pool_recommend")).content.decode()

    answer = client.post(reverse("pool_recommend"), {**FORM, "person": str(world.wang.pk)})
    entry = PoolEntry.objects.get()
    assert answer["Location"] == url("pool_entry", entry)
    client.post(
        url("pool_entry_edit", entry),
        {**FORM, "languages": "土家语，苗语", "result_1": "excellent"},
    )
    client.post(
        url("evidence_add", entry),
        {"capability": "economy", "text": "预算股", "since": "2020-01-01"},
    )

    entry.refresh_from_db()
    assert entry.languages == ["土家语", "苗语"]
    assert entry.yearly_results == ["excellent"]
    assert not CapabilityEvidence.objects.get().verified


def test_a_person_of_another_unit_cannot_be_chosen(world: World) -> None:
    answer = world.client(world.unit_admin).post(
        reverse("pool_recommend"), {**FORM, "person": str(world.qian.pk)}
    )
    assert answer.status_code == 422
    assert not PoolEntry.objects.exists()


def test_the_county_reviews_verifies_and_admits(world: World, entry: PoolEntry) -> None:
    client = world.client(world.officer)
    proof = CapabilityEvidence.objects.get(verified=False)

    client.post(reverse("pool_review_many"), {"entry": [str(entry.pk)]})
    client.post(url("evidence_verify", proof))
    client.post(url("pool_entry_admit", entry))

    entry.refresh_from_db()
    proof.refresh_from_db()
    assert (entry.state, proof.verified) == ("in_pool", True)
    text = client.get(url("pool_entry", entry)).content.decode()
    assert "人选入库" in text
    assert "核实能力佐证" in text


def test_a_removal_asks_for_its_reason(world: World, entry: PoolEntry) -> None:
    client = world.client(world.officer)
    assert client.get(url("pool_entry_remove", entry)).status_code == 200
    assert (
        client.post(
            url("pool_entry_remove", entry), {"removal_reason": "", "note": "x"}
        ).status_code
        == 422
    )
    client.post(url("pool_entry_remove", entry), {"removal_reason": "own_request"})
    entry.refresh_from_db()
    assert entry.state == "removed"


def test_the_worklist_names_recommendations(world: World, entry: PoolEntry) -> None:
    assert "1 名推荐人选待审核" in page(world, world.officer, "/")
