"""Two devices of one person send at the same moment: each thing is taken in once."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from lingyan.common import clock
from lingyan.platform.audit.verify import verify_chain
from lingyan.posting.actions import diary, reports
from lingyan.posting.models import DiaryConflict, DiaryEntry, DiaryReceipt, DutyReport
from lingyan.posting.rules.diary_sync import Sent
from tests.posting.duty_scene import TODAY, Duty, on_duty, said
from tests.posting.test_reports import FEBRUARY
from tests.posting.test_two_at_once import both
from tests.world import build_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def duty(transactional_db: None) -> Iterator[Duty]:
    with clock.at(TODAY):
        yield on_duty(build_world())


def test_the_same_backlog_from_two_pages_is_taken_in_once(duty: Duty) -> None:
    number = str(uuid.uuid4())
    sent = Sent(number, number, said())

    ends = both(*[lambda: diary.receive_entry(sent, actor=duty.actor)] * 3, on=TODAY)

    assert ends == ["done"] * 3
    assert (DiaryEntry.objects.count(), DiaryReceipt.objects.count()) == (1, 1)


def test_two_corrections_at_once_lose_neither(duty: Duty) -> None:
    entry = duty.write().entry

    def correct(text: str) -> None:
        sent = Sent(str(uuid.uuid4()), str(entry.pk), said(text), said())
        diary.receive_entry(sent, actor=duty.actor)

    ends = both(lambda: correct("手机上改的"), lambda: correct("电脑上改的"), on=TODAY)

    assert ends == ["done", "done"]
    entry.refresh_from_db()
    [clash] = [one.clashes["text"] for one in DiaryConflict.objects.all()]
    assert {entry.text, clash["phone"]} == {"手机上改的", "电脑上改的"}


def test_a_report_confirmed_twice_at_once_is_one(duty: Duty) -> None:
    def confirm() -> None:
        reports.confirm_report(duty.posting, FEBRUARY, remark="", actor=duty.actor)

    ends = both(confirm, confirm, on=TODAY)

    assert ends == ["done", "posting.report.nothing_new"]
    assert DutyReport.objects.count() == 1
    assert verify_chain().broken_number is None
