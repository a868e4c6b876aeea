"""Sign-in by location: off and nowhere to be seen, or one source of a day beside the others."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.periods import month_of
from lingyan.common.refusals import Refused
from lingyan.platform.audit.models import AuditEntry
from lingyan.posting.actions import sign_ins, support
from lingyan.posting.models import Posting, SignIn
from lingyan.posting.queries import presence
from lingyan.posting.rules.presence import month_figures
from lingyan.posting.rules.support_words import StandardKey
from tests.posting.duty_scene import TODAY, Duty, on_duty
from tests.posting.scene import codes
from tests.world import World

PLACE = {"latitude": "31.234567", "longitude": "107.987654"}


@pytest.fixture
def duty(world: World) -> Any:
    with clock.at(TODAY):
        duty = on_duty(world)
        Posting.objects.filter(pk=duty.posting.pk).update(arrived_on=duty.posting.since)
        duty.posting.refresh_from_db()
        yield duty


def switch(duty: Duty, number: int, since: date = TODAY) -> None:
    support.set_standard(
        duty.world.county, key=StandardKey.SIGN_IN, amount=Decimal(number), since=since,
        clause="山组发〔2026〕9号", actor=duty.world.admin,
    )  # fmt: skip


def pages_of(duty: Duty) -> str:
    """Whatever the person and the village see of these days."""
    month = f"{TODAY:%Y-%m}"
    own, village = duty.world.client(duty.actor), duty.world.client(duty.world.pine_secretary)
    read = (
        own.get(reverse("diary_list")),
        village.get(reverse("presence_today")),
        village.get(reverse("presence_month", args=[duty.posting.pk, month])),
    )
    assert [one.status_code for one in read] == [200, 200, 200]
    return "".join(one.text for one in read)


def test_off_as_delivered_there_is_no_trace_of_it(duty: Duty) -> None:
    assert "定位" not in pages_of(duty)

    assert duty.world.client(duty.actor).post(reverse("sign_in"), PLACE).status_code == 404
    with pytest.raises(Refused) as refused:
        sign_ins.sign_in(duty.posting, **PLACE, actor=duty.actor)
    assert codes(refused) == ["posting.sign_in_off"]
    assert not SignIn.objects.exists()


def test_on_it_is_one_press_a_coarse_place_and_one_source_of_the_day(duty: Duty) -> None:
    switch(duty, 1)
    client = duty.world.client(duty.actor)
    assert "登记今天在村" in client.get(reverse("diary_list")).text

    for _ in range(2):
        answer: Any = client.post(reverse("sign_in"), PLACE)
        assert answer.status_code == 302

    made = SignIn.objects.get()
    assert (made.latitude, made.longitude) == (Decimal("31.23"), Decimal("107.99"))
    [fact] = presence.facts_on(duty.posting, TODAY)
    assert (fact.kind, fact.text, fact.url) == ("定位登记", "", "")
    figures = presence.figures_of([duty.posting.pk], TODAY)[duty.posting.pk]
    assert figures == month_figures([TODAY], [], month_of(TODAY))
    trace = AuditEntry.objects.get(action="posting.sign_in.made")
    assert "31.2" not in str(trace.changes)
    told = pages_of(duty)
    assert "今天在村已登记" in told
    assert "31.2" not in told


def test_switched_off_again_what_was_pressed_is_told_nowhere(duty: Duty) -> None:
    with clock.at(TODAY.replace(day=4)):
        switch(duty, 1, since=TODAY.replace(day=4))
        sign_ins.sign_in(duty.posting, **PLACE, actor=duty.actor)
    switch(duty, 0)

    assert presence.facts_on(duty.posting, TODAY.replace(day=4)) == []
    assert "定位" not in pages_of(duty)


@pytest.mark.parametrize(
    ("state", "place", "code"),
    [
        ("on_leave", PLACE, "posting.sign_in_away"),
        ("active", {"latitude": "", "longitude": ""}, "posting.sign_in_place"),
        ("active", {"latitude": "95", "longitude": "1"}, "posting.sign_in_place"),
        ("active", {"latitude": "NaN", "longitude": "1"}, "posting.sign_in_place"),
    ],
)
def test_it_is_for_the_days_of_work_and_for_a_place(
    duty: Duty, state: str, place: dict[str, str], code: str
) -> None:
    switch(duty, 1)
    Posting.objects.filter(pk=duty.posting.pk).update(state=state)

    with pytest.raises(Refused) as refused:
        sign_ins.sign_in(duty.posting, **place, actor=duty.actor)

    assert codes(refused) == [code]


def test_nobody_presses_for_somebody_else(duty: Duty) -> None:
    switch(duty, 1)

    with pytest.raises(Refused) as refused:
        sign_ins.sign_in(duty.posting, **PLACE, actor=duty.world.pine_secretary)

    assert codes(refused) == ["posting.sign_in.wrong_role"]


def test_without_a_written_decision_it_stays_off(duty: Duty) -> None:
    with pytest.raises(Refused) as refused:
        support.set_standard(
            duty.world.county, key=StandardKey.SIGN_IN, amount=Decimal(1), since=TODAY,
            clause="无文件", actor=duty.world.admin,
        )  # fmt: skip

    assert codes(refused) == ["directory.setting.document"]
