"""Villagers' ballots: codes, one vote each, counts of papers, and nothing that leads to a voter."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.ballots import shown_code
from lingyan.common.refusals import Refused
from lingyan.platform.accounts.models import SignInGuard
from lingyan.platform.audit.models import AuditEntry
from lingyan.posting.actions import ballots
from lingyan.posting.models import BallotBox, BallotCode
from tests.posting.appraisal_scene import DUE, OPENED, Appraised, build_appraised
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(world: World) -> Appraised:
    found = build_appraised(world)
    found.started()
    return found


def refused(call: Callable[..., Any], *args: Any, on: date = OPENED, **said: Any) -> set[str]:
    with pytest.raises(Refused) as caught, clock.at(on):
        call(*args, **said)
    return {one.code.rsplit(".", 1)[-1] for one in caught.value.refusals}


def slips(scene: Appraised, count: int = 30) -> tuple[BallotBox, list[str]]:
    """松树村 with its slips printed and handed out."""
    town = scene.world.north_org
    box = scene.box(scene.world.pine, town, count)
    codes = ballots.show_slips(box, actor=town)
    with clock.at(OPENED):
        return ballots.hand_out(box, actor=town), codes


def cast(code: str, scene: Appraised, choice: str = "satisfied", on: date = OPENED) -> None:
    found = ballots.find_ballot(code)
    assert found is not None
    with clock.at(on):
        ballots.cast_ballot(found, {str(scene.entry("li").pk): choice}, actor=ballots.VILLAGER)


# --- slips ----------------------------------------------------------------------------------------


def test_slips_are_shown_until_they_are_handed_out_and_count_from_then_on(
    scene: Appraised,
) -> None:
    town = scene.world.north_org
    box = scene.box(scene.world.pine, town)
    codes = ballots.show_slips(box, actor=town)
    assert len(set(codes)) == 30
    early = ballots.find_ballot(codes[0])
    assert early is not None
    assert {one.code for one in ballots.reasons_against_voting(early, [])} == {
        "posting.ballot.not_live"
    }

    with clock.at(OPENED):
        ballots.hand_out(box, actor=town)

    assert ballots.show_slips(box, actor=town) == []
    assert refused(ballots.hand_out, box, actor=town) == {"none_new"}
    cast(codes[0], scene)
    assert BallotBox.objects.get().cast == 1


def test_codes_lie_sealed_in_the_table(scene: Appraised) -> None:
    _, codes = slips(scene)

    stored = b"".join(
        bytes(one.sealed) + str(one.index).encode() for one in BallotCode.objects.all()
    )
    assert not [code for code in codes if code.encode() in stored]


def test_more_slips_may_be_made_later(scene: Appraised) -> None:
    town = scene.world.north_org
    box, first = slips(scene)
    with clock.at(OPENED):
        ballots.make_ballots(scene.fresh(), scene.world.pine, households=280, slips=5, actor=town)

    more = ballots.show_slips(BallotBox.objects.get(), actor=town)
    assert len(more) == 5
    assert not set(more) & set(first)
    assert box.slips + 5 == BallotBox.objects.get().slips


def test_only_town_and_county_make_and_show_them(scene: Appraised) -> None:
    world = scene.world
    box = scene.box(world.pine, world.north_org)
    for actor in (world.pine_secretary, world.unit_admin, world.leader, scene.li):
        assert refused(ballots.show_slips, box, actor=actor) == {"wrong_role"}
        assert "wrong_role" in refused(
            ballots.make_ballots, scene.fresh(), world.pine, households=280, slips=30, actor=actor
        )


# --- one vote -------------------------------------------------------------------------------------


def test_a_ballot_counts_once(scene: Appraised) -> None:
    _, codes = slips(scene)
    cast(codes[0], scene)
    again = ballots.find_ballot(codes[0])
    stale = ballots.find_ballot(codes[1])
    choice = {str(scene.entry("li").pk): "unsatisfied"}

    assert refused(ballots.cast_ballot, again, choice) == {"used"}
    # Two presses at once: both have read the code as unused, the second waits and is refused.
    cast(codes[1], scene)
    assert refused(ballots.cast_ballot, stale, choice) == {"used"}
    entry = scene.entry("li")
    assert (entry.satisfied, entry.unsatisfied, BallotBox.objects.get().cast) == (2, 0, 2)


def test_it_counts_only_while_the_voting_runs_and_only_whole(scene: Appraised) -> None:
    _, codes = slips(scene)
    code, li = ballots.find_ballot(codes[0]), str(scene.entry("li").pk)
    wang = str(scene.entry("wang").pk)

    for choices in ({}, {li: "best"}, {li: "satisfied", wang: "satisfied"}, {wang: "satisfied"}):
        assert refused(ballots.cast_ballot, code, choices) == {"incomplete"}
    late = date(2026, 10, 21)
    assert refused(ballots.cast_ballot, code, {li: "satisfied"}, on=late) == {"not_open"}
    assert BallotBox.objects.get().cast == 0
    cast(codes[0], scene, on=DUE)


def test_nothing_leads_from_a_slip_to_an_answer(scene: Appraised) -> None:
    """No table holds a row per vote with its answer, and no trace says when, whence or what."""
    _, codes = slips(scene)
    before = {model: model._base_manager.count() for model in apps.get_models()}
    cast(codes[0], scene, "unsatisfied")
    cast(codes[1], scene, "satisfied")

    grown = {
        model._meta.label: model._base_manager.count() - count
        for model, count in before.items()
        if model._base_manager.count() != count
    }
    assert grown == {"audit.AuditEntry": 2}
    names = {one.name for one in BallotCode._meta.concrete_fields}
    assert names == {"id", "box", "sealed", "index", "live", "used"}
    used = BallotCode.objects.filter(used=True)
    assert used.count() == 2
    for trace in AuditEntry.objects.filter(action="posting.ballots.cast"):
        assert trace.changes == {}
        assert (trace.client_address, trace.request_id, trace.actor_user_id) == ("", "", None)
        assert trace.subject_type == "posting.ballotbox"


def test_wrong_codes_are_nobodys(scene: Appraised) -> None:
    slips(scene)
    for text in ("", "ABC", "ABCD234", "ABCD23456", "甲乙丙丁戊己庚辛", "x" * 400):
        assert ballots.find_ballot(text) is None


# --- papers ---------------------------------------------------------------------------------------


def count(scene: Appraised, box: BallotBox, *row: int, papers: int = 30) -> BallotBox:
    with clock.at(OPENED):
        return ballots.count_papers(
            box, papers=papers, counts={scene.entry("li").pk: row}, counters="刘唱票、吴监票",
            actor=scene.world.north_org,
        )  # fmt: skip


def test_a_count_of_papers_may_be_mended_and_closes_the_codes(scene: Appraised) -> None:
    box, codes = slips(scene)
    count(scene, box, 20, 5, 3, 2)
    count(scene, box, 21, 5, 2, 2)

    li = scene.entry("li")
    assert (li.satisfied, li.basic, li.unsatisfied, li.unknown) == (21, 5, 2, 2)
    code = ballots.find_ballot(codes[0])
    choice = {str(li.pk): "satisfied"}
    assert refused(ballots.cast_ballot, code, choice) == {"not_live"}
    assert refused(
        ballots.make_ballots, scene.fresh(), scene.world.pine, households=280, slips=5,
        actor=scene.world.north_org,
    ) == {"counted"}  # fmt: skip


def test_a_village_that_votes_by_code_counts_no_papers(scene: Appraised) -> None:
    """Else the difference of the two would say how the few have voted."""
    box, codes = slips(scene)
    cast(codes[0], scene)

    found = refused(
        ballots.count_papers, box, papers=29, counts={scene.entry("li").pk: (29, 0, 0, 0)},
        counters="刘唱票、吴监票", actor=scene.world.north_org,
    )  # fmt: skip
    assert found == {"phone"}


# --- on the phone ---------------------------------------------------------------------------------


def vote(client: Client, code: str, **choices: str) -> Any:
    said = {f"choice-{pk}": choice for pk, choice in choices.items()}
    return client.post(reverse("ballot_cast"), {"code": code, **said}, follow=True)


def test_a_villager_votes_without_an_account(scene: Appraised) -> None:
    _, codes = slips(scene)
    client, li = Client(), str(scene.entry("li").pk)
    with clock.at(OPENED):
        opened = client.post(reverse("ballot_vote"), {"code": shown_code(codes[0]).lower()})
        page = opened.content.decode()
        missing = vote(client, codes[0])
        done = vote(client, codes[0], **{li: "basic"})
        twice = vote(client, codes[0], **{li: "satisfied"})
        reopened = client.post(reverse("ballot_vote"), {"code": codes[0]})

    assert "李甲一" in page
    assert "王甲二" not in page, "who is in another village"
    assert len(opened.content) < 60_000
    assert missing.status_code == 422
    assert "请给每一位同志选一项" in missing.content.decode()
    assert "已收到" in done.content.decode()
    assert twice.status_code == reopened.status_code == 422
    assert "已经投过" in twice.content.decode()
    assert (scene.entry("li").basic, scene.entry("li").satisfied) == (1, 0)
    assert not re.search(codes[0], "".join(done.redirect_chain[0][0]))


def test_whoever_guesses_has_to_wait_and_a_right_code_leaves_no_address(
    scene: Appraised, settings: Any
) -> None:
    _, codes = slips(scene)
    settings.LOCK_ADDRESS_AFTER = 4
    client = Client()
    with clock.at(OPENED):
        for code in codes[:6]:
            assert client.post(reverse("ballot_vote"), {"code": code}).status_code == 200
        assert not SignInGuard.objects.exists()
        said = [client.post(reverse("ballot_vote"), {"code": "ABCD2345"}) for _ in range(5)]
        shut = client.post(reverse("ballot_vote"), {"code": codes[0]})

    assert "没有这个编号" in said[0].content.decode()
    assert "次数太多" in said[-1].content.decode()
    assert "次数太多" in shut.content.decode()


def test_figures_are_told_only_when_all_is_summed_up(scene: Appraised) -> None:
    """While the votes come in one by one, a live figure would tell how the last one voted."""
    box, codes = slips(scene)
    for code in codes[:12]:
        cast(code, scene)
    world = scene.world
    for actor in (world.officer, world.leader, world.north_org):
        client = world.client(actor)
        with clock.at(OPENED):
            text = client.get(reverse("appraisal_entry", args=[scene.entry("li").pk])).content
            ranking = client.get(reverse("appraisal_ranking", args=[scene.cycle.pk]))
        assert "满意" not in text.decode()
        assert ranking.status_code == 404
    assert BallotBox.objects.get(pk=box.pk).cast == 12
