"""Do the pages that show a person's evaluation or posting say in the history who read them?"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from lingyan.common import clock
from lingyan.directory.models import Person
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.audit.reading import list_looks
from lingyan.posting.models import Posting
from tests.posting.scene import Scene


def posting_of(scene: Scene, person: Person) -> Posting:
    return Posting.objects.create(
        person=person,
        village=scene.world.pine,
        kind="first_secretary",
        origin="new",
        state="active",
        document_number="山组发(2024)1号",
        since=date(2024, 3, 1),
        planned_until=date(2027, 3, 1),
        created_at=clock.now(),
    )


def readings() -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(is_reading=True))


def opened(scene: Scene, actor: Actor, address: str) -> Any:
    answer = scene.world.client(actor).get(address)
    assert answer.status_code == 200
    return answer


def test_a_candidate_on_the_workbench_is_one_entry_a_request(scene: Scene) -> None:
    plan_id = scene.computed().chosen_plan_id
    address = reverse("workbench_person", args=[plan_id, scene.world.li.number])

    opened(scene, scene.world.officer, address)

    [entry] = readings()
    assert (entry.subject_id, entry.actor_name) == (str(scene.world.li.pk), "陈乙一")
    assert [one.reader for one in list_looks(scene.world.li, most=5)] == ["陈乙一"]


def test_nobody_of_that_number_is_no_reading(scene: Scene) -> None:
    plan_id = scene.computed().chosen_plan_id
    address = reverse("workbench_person", args=[plan_id, "R9999"])

    assert scene.world.client(scene.world.officer).get(address).status_code == 404
    assert readings() == []


def test_a_posting_is_one_entry_and_the_lists_are_none(scene: Scene) -> None:
    posting = posting_of(scene, scene.world.zhou)

    opened(scene, scene.world.officer, reverse("posting_list"))
    assert readings() == []
    opened(scene, scene.world.officer, reverse("posting_detail", args=[posting.pk]))

    [entry] = readings()
    assert entry.subject_id == str(scene.world.zhou.pk)


def test_the_own_posting_is_no_look(scene: Scene) -> None:
    posting = posting_of(scene, scene.world.li)

    opened(scene, scene.world.candidate, reverse("posting_detail", args=[posting.pk]))

    assert readings() == []


def test_another_county_reads_nothing_and_leaves_nothing(scene: Scene) -> None:
    posting = posting_of(scene, scene.world.zhou)
    address = reverse("posting_detail", args=[posting.pk])

    assert scene.world.client(scene.world.stranger).get(address).status_code == 404
    assert readings() == []
