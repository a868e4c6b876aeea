"""A deed and a meeting are set right: the old words stay, and those served are asked again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.pairing.actions import corrections, year
from lingyan.pairing.models import PairDeed, PairMeeting
from lingyan.pairing.queries.year import five_ones
from tests.pairing.acts_scene import DAY, Acts, build_acts
from tests.pairing.scene import TODAY
from tests.world import World

DEED = {"title": "装路灯", "text": "单位出钱，村里出工", "done_on": DAY, "beneficiaries": 0}
MEETING = {
    "kind": "meeting", "day": DAY, "mode": "offline", "with_whom": "双方", "topics": "春耕",
    "agreed": "",
}  # fmt: skip
WHY = {"reason": "日期写错了", "version": 1}


@pytest.fixture
def acts(world: World) -> Iterator[Acts]:
    with clock.at(TODAY):
        yield build_acts(world)


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {one.code for one in refused.value.refusals}


def done(acts: Acts) -> PairDeed:
    return year.record_deed([acts.pine.pk], actor=acts.world.unit_admin, **DEED)


def met(acts: Acts, **said: Any) -> PairMeeting:
    return year.record_meeting([acts.pine.pk], actor=acts.world.unit_admin, **{**MEETING, **said})


def test_a_corrected_deed_is_confirmed_again_and_keeps_its_old_words(acts: Acts) -> None:
    world, deed = acts.world, done(acts)
    said = {"means": "face", "confirmed_on": TODAY}
    year.confirm_deed(deed, names=["周大娘"], actor=world.pine_secretary, **said)
    right = {**DEED, "done_on": date(2026, 2, 20)}

    corrected = corrections.correct_deed(
        deed, [acts.pine.pk, acts.stone.pk], actor=world.unit_admin, **WHY, **right
    )

    assert (corrected.version, corrected.state) == (2, "waiting")
    old = corrected.versions.get()
    assert (old.values["done_on"], old.values["confirmed_by"]) == (DAY.isoformat(), ["周大娘"])
    assert (old.reason, old.replaced_by) == ("日期写错了", world.unit_admin.name)
    assert not five_ones([acts.pine.pk, acts.stone.pk], 2026)
    year.confirm_deed(corrected, names=["周大娘"], actor=world.pine_secretary, **said)
    assert set(five_ones([acts.pine.pk, acts.stone.pk], 2026)) == {acts.pine.pk, acts.stone.pk}
    page = world.client(world.unit_admin).get(reverse("deed_detail", args=[deed.pk]))
    assert "日期写错了" in page.content.decode()


@pytest.mark.parametrize(
    ("changed", "who", "told"),
    [
        ({"reason": " "}, "unit_admin", {"pairing.year.reason_missing"}),
        ({"version": 7}, "unit_admin", {"pairing.year.moved_on"}),
        ({}, "pine_secretary", {"pairing.year.not_own_words"}),
        ({}, "officer", {"pairing.year.wrong_role"}),
        ({}, "stranger", {"pairing.year.wrong_role"}),
        ({"day": date(2026, 3, 3)}, "unit_admin", {"pairing.year.day_to_come"}),
        ({"topics": ""}, "unit_admin", {"pairing.year.text_missing"}),
        ({"day": date(2026, 2, 1)}, "unit_admin", {"pairing.meeting.twice"}),
        ({"kind": "unit_visit", "mode": "online"}, "unit_admin", {"pairing.meeting.visit_online"}),
    ],
)
def test_what_is_refused_changes_nothing(
    acts: Acts, changed: dict[str, Any], who: str, told: set[str]
) -> None:
    met(acts, day=date(2026, 2, 1))
    meeting = met(acts)

    with pytest.raises(Refused) as refused:
        corrections.correct_meeting(
            meeting, [acts.pine.pk], actor=getattr(acts.world, who),
            **{**WHY, **MEETING, "agreed": "下月再来", **changed},
        )  # fmt: skip

    assert codes(refused) == told
    meeting.refresh_from_db()
    assert (meeting.agreed, meeting.version, meeting.versions.count()) == ("", 1, 0)


def test_the_page_of_a_correction_begins_with_the_words_as_they_are(acts: Acts) -> None:
    meeting = met(acts)
    client = acts.world.client(acts.world.unit_admin)
    url = reverse("meeting_correct", args=[meeting.pk])
    detail = reverse("meeting_detail", args=[meeting.pk])
    shown = client.get(url).content.decode()
    sent = {**MEETING, "agreed": "下月再来", "pairings": [str(acts.pine.pk)], "version": 1}

    missing = client.post(url, sent)
    answer = client.post(url, {**sent, "reason": "漏写了"})

    assert "春耕" in shown
    assert missing.status_code == 422
    assert answer.url == detail
    meeting.refresh_from_db()
    assert (meeting.agreed, meeting.versions.get().values["agreed"]) == ("下月再来", "")
    assert "漏写了" in client.get(detail).content.decode()
    village = acts.world.client(acts.world.pine_secretary)
    assert url not in village.get(detail).content.decode()
