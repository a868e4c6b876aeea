"""Does an announced round become postings: all of them, at the right time, by the right person?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.audit.verify import verify_chain
from lingyan.posting import facts
from lingyan.posting.actions import postings
from lingyan.posting.models import PoolEntry, Posting, Round
from tests.posting.scene import STARTS, TODAY, Scene, again, codes

AFTER_NOTICE = date(2026, 3, 10)
DOCUMENT = "山组发(2026)3号"


def issue(scene: Scene, round: Round, *, on: date = AFTER_NOTICE, **changed: Any) -> list[Posting]:
    given = {
        "document_number": DOCUMENT,
        "starts_on": STARTS,
        "actor": scene.world.admin,
        **changed,
    }
    with clock.at(on):
        return postings.issue_round(round, **given)


def nothing_happened(round: Round) -> bool:
    return (
        again(round).state == "announced"
        and not Posting.objects.filter(round=round).exists()
        and not PoolEntry.objects.filter(state="selected").exists()
    )


def test_each_posting_leaves_a_trace_and_the_chain_holds(scene: Scene) -> None:
    made = issue(scene, scene.announced())

    assert AuditEntry.objects.filter(action="posting.posting.created").count() == len(made) == 5
    assert AuditEntry.objects.filter(action="posting.pool.selected").count() == 5
    assert verify_chain().broken_number is None


def test_facts_tell_the_neighbours(scene: Scene) -> None:
    issue(scene, scene.announced())

    assert facts.posted(scene.world.li.pk) == scene.world.pine.pk
    assert facts.posted(scene.world.zhou.pk) is None
    assert facts.first_secretary_in_post(scene.world.pine.pk) is None

    Posting.objects.update(state="active")
    assert facts.first_secretary_in_post(scene.world.pine.pk) == "李甲一"
    assert len(facts.villages_with_first_secretary()) == 4
    assert "李甲一" in facts.people_in_post(scene.world.pine.pk)


@pytest.mark.parametrize("on", [TODAY, date(2026, 3, 9)])
def test_until_the_notice_has_ended_nothing_is_issued(scene: Scene, on: date) -> None:
    round = scene.announced()

    with pytest.raises(Refused) as refused:
        issue(scene, round, on=on)

    assert codes(refused) == ["posting.notice_running"]
    assert "2026-03-09" in str(refused.value)
    assert nothing_happened(round)


def test_without_a_document_number_nothing_is_issued(scene: Scene) -> None:
    round = scene.announced()

    with pytest.raises(Refused) as refused:
        issue(scene, round, document_number="  ")

    assert codes(refused) == ["posting.document_number_missing"]
    assert nothing_happened(round)


@pytest.mark.parametrize("who", ["officer", "leader", "north_org"])
def test_only_the_administrator_issues(scene: Scene, who: str) -> None:
    round = scene.announced()

    with pytest.raises(Refused) as refused:
        issue(scene, round, actor=getattr(scene.world, who))

    assert "posting.round.wrong_role" in codes(refused)
    assert nothing_happened(round)


def test_the_one_who_computed_may_not_issue(scene: Scene) -> None:
    round = scene.announced()
    officer = scene.world.officer
    as_admin = Actor(
        officer.user_id, officer.name, "county_org_admin", "管理员", scene.world.admin.scope
    )

    with pytest.raises(Refused) as refused:
        issue(scene, round, actor=as_admin)

    assert codes(refused) == ["directory.same_person"]
    assert nothing_happened(round)


def test_hard_rules_are_checked_once_more_for_every_draft(scene: Scene) -> None:
    """G-30: what was true when the plan was decided may have changed during the notice."""
    round = scene.announced()
    scene.world.li.native_place = scene.world.pine
    scene.world.li.save()
    entry = PoolEntry.objects.get(person=scene.world.wang)
    entry.discipline = "under_investigation"
    entry.save()

    with pytest.raises(Refused) as refused:
        issue(scene, round)

    assert codes(refused) == ["posting.rule_broken"]
    text = str(refused.value)
    assert "李甲一—松树村" in text
    assert "王甲二" in text
    assert "不符合条件" in text
    assert "调查" not in text
    assert nothing_happened(round)


def test_somebody_who_got_a_post_meanwhile_stops_the_issue(scene: Scene) -> None:
    round = scene.announced()
    Posting.objects.create(
        person=scene.world.li,
        village=scene.world.mill,
        kind="assist",
        origin="new",
        state="active",
        document_number="旧文",
        since=date(2025, 1, 1),
        planned_until=date(2027, 1, 1),
        created_at=clock.now(),
    )

    with pytest.raises(Refused) as refused:
        issue(scene, round)

    assert set(codes(refused)) == {"posting.rule_broken", "posting.person_has_post"}
    assert nothing_happened(round)


def test_the_second_press_finds_it_issued(scene: Scene) -> None:
    round = scene.announced()
    issue(scene, round)

    with pytest.raises(Refused) as refused:
        issue(scene, round)

    assert "posting.round.wrong_state" in codes(refused)
    assert Posting.objects.count() == 5


def test_an_issue_that_dies_in_the_middle_leaves_nothing(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    round = scene.announced()
    monkeypatch.setattr(
        postings, "select_from_pool", lambda made: (_ for _ in ()).throw(RuntimeError("killed"))
    )

    with pytest.raises(RuntimeError):
        issue(scene, round)

    assert nothing_happened(round)
    assert verify_chain().broken_number is None


def test_the_administrator_issues_on_the_page(scene: Scene) -> None:
    round = scene.announced()
    client = scene.world.client(scene.world.admin)
    where = reverse("round_issue", args=[round.pk])
    said = {"document_number": DOCUMENT, "starts_on": "2026-04-01"}

    assert "公示到 2026-03-09 届满" in client.get(where).text
    assert client.post(where, said).status_code == 409
    with clock.at(AFTER_NOTICE):
        assert client.post(where, {**said, "document_number": ""}).status_code == 422
        assert client.post(where, said).status_code == 302

    assert again(round).document_number == DOCUMENT
    listed = client.get(f"{reverse('posting_list')}?round={round.pk}&kind=first_secretary")
    assert listed.context["listing"].total == 4


def test_the_work_waits_for_the_administrator_once_the_notice_has_ended(scene: Scene) -> None:
    scene.announced()
    client = scene.world.client(scene.world.admin)

    assert "期满，可以发文" not in client.get("/").text
    with clock.at(AFTER_NOTICE):
        assert "期满，可以发文" in client.get("/").text


def test_the_posted_person_and_the_village_see_the_posting_and_a_stranger_does_not(
    scene: Scene,
) -> None:
    posting = next(one for one in issue(scene, scene.announced()) if one.person == scene.world.li)
    where = reverse("posting_detail", args=[posting.pk])

    for actor in (
        scene.world.candidate,
        scene.world.pine_secretary,
        scene.world.unit_admin,
        scene.world.north_org,
    ):
        assert scene.world.client(actor).get(where).status_code == 200
    for actor in (scene.world.south_org, scene.world.stranger):
        assert scene.world.client(actor).get(where).status_code == 404
    assert scene.world.client(scene.world.sys_admin).get(where).status_code == 403


def test_the_list_of_postings_costs_the_same_queries_at_any_size(
    scene: Scene, django_assert_max_num_queries: Any
) -> None:
    issue(scene, scene.announced())
    client = scene.world.client(scene.world.officer)

    # Two of them are asked behind the wall only: how far the reader reaches.
    client.get(reverse("posting_list"))
    with django_assert_max_num_queries(18):
        client.get(reverse("posting_list"))
