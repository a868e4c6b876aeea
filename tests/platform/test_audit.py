"""Is every change of the sealed history found?"""

from __future__ import annotations

import pytest
from django.db import transaction

from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.models import AuditEntry, ChainHead
from lingyan.platform.audit.record import Trace, record, record_many
from lingyan.platform.audit.verify import verify_chain
from tests.world import World


@pytest.fixture
def chain(world: World) -> list[AuditEntry]:
    with transaction.atomic():
        record("directory.place.changed", actor=world.officer, subject=world.pine)
        return record_many(
            [
                Trace("directory.place.changed", place, {"name": ["旧", "新"]}, "更名")
                for place in (world.pine, world.brook, world.stone)
            ],
            actor=Actor.system(),
        )


def test_an_untouched_chain_is_whole(chain: list[AuditEntry]) -> None:
    verdict = verify_chain()

    assert verdict.entries == 4
    assert verdict.broken_number is None


@pytest.mark.parametrize(
    "change",
    [
        {"action": "directory.place.removed"},
        {"actor_name": "别人"},
        {"actor_role": "town_org"},
        {"actor_user_id": 7},
        {"subject_text": "别处"},
        {"subject_id": "1"},
        {"subject_type": "directory.unit"},
        {"place_path": "9"},
        {"changes": {"name": ["旧", "更新"]}},
        {"reason": ""},
        {"entry_hash": "0" * 64},
        {"previous_hash": "0" * 64},
    ],
)
def test_flipping_any_field_is_found(chain: list[AuditEntry], change: dict[str, object]) -> None:
    AuditEntry.objects.filter(number=3).update(**change)

    assert verify_chain().broken_number == 3


def test_moving_a_moment_is_found(chain: list[AuditEntry]) -> None:
    for name in ("acted_at", "written_at"):
        entry = AuditEntry.objects.get(number=2)
        kept = getattr(entry, name)
        AuditEntry.objects.filter(number=2).update(**{name: kept.replace(year=2001)})

        assert verify_chain().broken_number == 2
        AuditEntry.objects.filter(number=2).update(**{name: kept})


@pytest.mark.parametrize(("gone", "named"), [(1, 1), (2, 2), (4, 4)])
def test_a_deleted_entry_is_found(chain: list[AuditEntry], gone: int, named: int) -> None:
    AuditEntry.objects.filter(number=gone).delete()

    assert verify_chain().broken_number == named


def test_an_entry_beyond_the_head_is_found(chain: list[AuditEntry]) -> None:
    ChainHead.objects.update(last_number=3)

    assert verify_chain().text is not None


def test_an_entry_needs_the_transaction_of_its_act(
    transactional_db: None,
) -> None:
    with pytest.raises(AssertionError):
        record("directory.place.changed", actor=Actor.system(), subject=ChainHead(pk=1))


def test_only_the_audit_administrator_reads_the_history(
    world: World, chain: list[AuditEntry]
) -> None:
    page = world.client(world.audit_admin).get("/audit/").content.decode()

    assert "松树村" in page
    assert "更名" in page
    for actor in world.everyone:
        if actor is not world.audit_admin:
            assert world.client(actor).get("/audit/").status_code == 403


def test_a_changed_field_of_any_name_is_shown(world: World) -> None:
    with transaction.atomic():
        for name in ("items", "keys", "0"):
            changes = {name: [["T1 3"], ["T1 4"]]}
            record("directory.place.changed", actor=world.admin, subject=world.pine,
                   changes=changes)  # fmt: skip

    page = world.client(world.audit_admin).get("/audit/").content.decode()

    assert "items：" in page
    assert page.count("T1 4") == 3


def test_the_page_checks_the_chain_and_names_the_broken_entry(
    world: World, chain: list[AuditEntry]
) -> None:
    AuditEntry.objects.filter(number=3).update(reason="")

    page = world.client(world.audit_admin).post("/audit/verify/", follow=True).content.decode()

    assert "第 3 条内容被改动" in page
