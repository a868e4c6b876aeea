"""Does a village get its next first secretary while the present one hands over (R-2-04)?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.config import wiring
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.models import AuditEntry
from lingyan.posting import facts
from lingyan.posting.actions import postings
from lingyan.posting.models import Posting, Round
from lingyan.posting.rules import HandOverFacts, refuse_to_hand_over
from tests.posting.scene import STARTS, Scene, codes

AFTER_NOTICE = date(2026, 3, 10)
WEEK = timedelta(days=7)
LIST = "产业项目台账、公章、未了的三件纠纷"


def incumbent(scene: Scene, *, until: date, state: str = "term_appraised") -> Posting:
    """周甲六 whose term in 松树村 ends on the day before `until`."""
    return Posting.objects.create(
        person=scene.world.zhou,
        village=scene.world.pine,
        kind="first_secretary",
        origin="new",
        state=state,
        document_number="旧文",
        since=date(2024, 3, 1),
        planned_until=until,
        created_at=clock.now(),
    )


def issue(scene: Scene, round: Round) -> list[Posting]:
    with clock.at(AFTER_NOTICE):
        return postings.issue_round(
            round, document_number="文", starts_on=STARTS, actor=scene.world.admin
        )


def successor_of(old: Posting) -> Posting:
    return Posting.objects.get(predecessor=old)


@pytest.mark.parametrize("until", [date(2026, 3, 1), STARTS, STARTS + WEEK])
def test_whose_term_ends_by_the_end_of_the_overlap_is_followed(scene: Scene, until: date) -> None:
    old = incumbent(scene, until=until)
    round = scene.announced()

    issue(scene, round)

    old.refresh_from_db()
    assert old.until is None
    assert old.handover_until == STARTS + WEEK
    new = successor_of(old)
    assert (new.village, new.kind, new.state) == (old.village, old.kind, "appointed")
    assert AuditEntry.objects.filter(action="posting.posting.succeeded").count() == 1


def test_whose_term_lasts_longer_than_the_overlap_stands_in_the_way(scene: Scene) -> None:
    old = incumbent(scene, until=STARTS + WEEK + timedelta(days=1))
    round = scene.announced()

    with pytest.raises(Refused) as refused:
        issue(scene, round)

    assert codes(refused) == ["posting.village_has_first_secretary"]
    assert "松树村现任第一书记周甲六" in str(refused.value)
    assert "任期到 2026-04-08" in str(refused.value)
    assert Posting.objects.get() == old
    assert Posting.objects.get().handover_until is None


def test_members_of_a_team_follow_nobody(scene: Scene) -> None:
    incumbent(scene, until=STARTS)

    made = issue(scene, scene.announced())

    assert [one.kind for one in made if one.predecessor_id] == ["first_secretary"]


def test_after_the_overlap_the_hand_over_ends_the_old_posting(scene: Scene) -> None:
    old = incumbent(scene, until=STARTS)
    issue(scene, scene.announced())
    Posting.objects.filter(predecessor=old).update(state="active")

    with clock.at(STARTS + WEEK):
        done = postings.hand_over_posting(old, text=LIST, actor=scene.world.pine_secretary)

    assert (done.state, done.until, done.handover_text) == ("handed_over", STARTS + WEEK, LIST)
    assert facts.posted(old.person_id) is None
    assert facts.first_secretary_in_post(old.village_id) == "李甲一"
    with clock.at(STARTS + WEEK):
        assert postings.complete_posting(done, actor=scene.world.admin).state == "completed"


def test_during_the_overlap_the_new_one_speaks_for_the_village(scene: Scene) -> None:
    old = incumbent(scene, until=STARTS)
    issue(scene, scene.announced())
    assert facts.first_secretary_in_post(old.village_id) == "周甲六"

    Posting.objects.filter(predecessor=old).update(state="active")

    assert facts.first_secretary_in_post(old.village_id) == "李甲一"


def test_before_the_overlap_is_over_nothing_is_handed_over(scene: Scene) -> None:
    old = incumbent(scene, until=STARTS)
    issue(scene, scene.announced())

    with clock.at(STARTS + WEEK - timedelta(days=1)), pytest.raises(Refused) as refused:
        postings.hand_over_posting(old, text=LIST, actor=scene.world.pine_secretary)

    assert codes(refused) == ["posting.overlap_running"]
    old.refresh_from_db()
    assert (old.state, old.until) == ("term_appraised", None)


@pytest.mark.parametrize("state", ["active", "extended", "on_leave", "suspended"])
def test_before_the_term_is_appraised_nothing_is_handed_over(scene: Scene, state: str) -> None:
    old = incumbent(scene, until=STARTS, state=state)
    issue(scene, scene.announced())

    with clock.at(STARTS + WEEK):
        with pytest.raises(Refused) as refused:
            postings.hand_over_posting(old, text=LIST, actor=scene.world.pine_secretary)
        client = scene.world.client(scene.world.pine_secretary)
        page = client.get(reverse("posting_detail", args=[old.pk])).text

    assert codes(refused) == ["posting.not_appraised"]
    assert "先由县委组织部或派出单位办理期满考察" in page
    assert reverse("posting_hand_over", args=[old.pk]) not in page


def test_without_a_successor_or_a_list_nothing_is_handed_over() -> None:
    found = refuse_to_hand_over(HandOverFacts(today=STARTS, text="  "))

    assert [one.code for one in found] == ["posting.no_successor", "posting.handover_missing"]


@pytest.mark.parametrize("who", ["leader", "candidate", "unit_admin"])
def test_others_do_not_hand_over(scene: Scene, who: str) -> None:
    old = incumbent(scene, until=STARTS)
    issue(scene, scene.announced())

    with clock.at(STARTS + WEEK), pytest.raises(Refused) as refused:
        postings.hand_over_posting(old, text=LIST, actor=getattr(scene.world, who))

    assert codes(refused) == ["posting.posting.wrong_role"]


def test_a_village_that_hands_over_gets_no_third(scene: Scene) -> None:
    """The successor is the one whom the next round would have to follow."""
    old = incumbent(scene, until=STARTS)
    issue(scene, scene.announced())
    new = successor_of(old)

    with pytest.raises(IntegrityError):
        Posting.objects.create(
            person=scene.world.zhou, village=new.village, kind="first_secretary", origin="new",
            document_number="文", since=STARTS, planned_until=date(2028, 4, 1),
            created_at=clock.now(),
        )  # fmt: skip


# --- pages --------------------------------------------------------------------------------------


def test_the_pages_name_who_hands_over_before_and_after_the_issue(scene: Scene) -> None:
    old = incumbent(scene, until=STARTS)
    round = scene.announced()
    admin = scene.world.client(scene.world.admin)

    assert "压茬交接" in admin.get(reverse("round_detail", args=[round.pk])).text
    assert "周甲六" in admin.get(reverse("round_issue", args=[round.pk])).text
    issue(scene, round)

    page = admin.get(reverse("posting_detail", args=[old.pk])).text
    assert "接任者" in page
    assert "李甲一" in page
    listed = admin.get(reverse("posting_list")).text
    assert "交接中" in listed
    assert "2026-03-31" in listed, "the last day of the term, as on the page of the posting"
    assert "前任" in admin.get(reverse("posting_detail", args=[successor_of(old).pk])).text


def test_the_secretary_hands_over_on_the_page(scene: Scene) -> None:
    old = incumbent(scene, until=STARTS)
    issue(scene, scene.announced())
    secretary = scene.world.client(scene.world.pine_secretary)
    where = reverse("posting_hand_over", args=[old.pk])

    assert "交接期还没有满" in secretary.get(where).text
    assert secretary.post(where, {"text": LIST}).status_code == 409
    with clock.at(STARTS + WEEK):
        assert secretary.post(where, {"text": ""}).status_code == 422
        assert secretary.post(where, {"text": LIST}).status_code == 302
        admin = scene.world.client(scene.world.admin)
        assert LIST in admin.get(reverse("posting_detail", args=[old.pk])).text
        assert admin.post(reverse("posting_complete", args=[old.pk])).status_code == 302
    assert Posting.objects.get(pk=old.pk).state == "completed"


@pytest.mark.parametrize(("who", "status"), [("south_org", 404), ("stranger", 404), ("agri", 403)])
def test_nobody_else_opens_the_hand_over(scene: Scene, who: str, status: int) -> None:
    old = incumbent(scene, until=STARTS)
    issue(scene, scene.announced())
    client = scene.world.client(getattr(scene.world, who))

    with clock.at(STARTS + WEEK):
        answer: Any = client.post(reverse("posting_hand_over", args=[old.pk]), {"text": LIST})

    assert answer.status_code == status
    assert Posting.objects.get(pk=old.pk).state == "term_appraised"


def titles(actor: Actor) -> list[str]:
    return [item.title for item in wiring.worklist(actor)]


def test_the_worklist_names_who_has_to_hand_over_once_the_overlap_is_over(scene: Scene) -> None:
    world, due = scene.world, "1 名第一书记交接期满"
    old = incumbent(scene, until=STARTS)
    issue(scene, scene.announced())

    with clock.at(STARTS + WEEK - timedelta(days=1)):
        assert due not in titles(world.pine_secretary)
    with clock.at(STARTS + WEEK):
        for actor in (world.pine_secretary, world.north_org, world.officer):
            assert due in titles(actor), actor.role
            assert wiring.count_worklist(actor) == len(titles(actor))
        for actor in (world.south_org, world.stranger, world.leader, world.candidate):
            assert due not in titles(actor), actor.role
        postings.hand_over_posting(old, text=LIST, actor=world.pine_secretary)

        assert due not in titles(world.pine_secretary)
        assert "1 名第一书记已交接" in titles(world.admin)
        assert "1 名第一书记已交接" not in titles(world.officer)
        postings.complete_posting(old, actor=world.admin)
        assert "1 名第一书记已交接" not in titles(world.admin)


def test_the_line_of_the_worklist_opens_exactly_those_postings(scene: Scene) -> None:
    old = incumbent(scene, until=STARTS)
    issue(scene, scene.announced())
    secretary = scene.world.client(scene.world.pine_secretary)

    with clock.at(STARTS + WEEK):
        lines = wiring.worklist(scene.world.pine_secretary)
        line = next(one for one in lines if "交接期满" in one.title)
        shown = secretary.get(line.url).context["listing"]
        running = secretary.get(reverse("posting_list"), {"hand_over": "running"})

    assert [one.pk for one in shown] == [old.pk]
    assert not list(running.context["listing"])
