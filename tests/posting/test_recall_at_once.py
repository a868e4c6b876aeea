"""When two leaders decide the same recall at the same moment, what does each of them hear?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from lingyan.common import clock
from lingyan.directory.roles import Role
from lingyan.platform.audit.models import AuditEntry
from lingyan.posting.actions import recall, replacements
from lingyan.posting.models import Posting, RecallCase, RecallStep
from tests.posting.recall_scene import DAY, RecallScene, build_recall
from tests.posting.test_two_at_once import both
from tests.world import _actor, build_world

pytestmark = pytest.mark.django_db(transaction=True)
LATER = date(2026, 9, 9)


@pytest.fixture
def scene(transactional_db: None) -> Iterator[RecallScene]:
    with clock.at(DAY):
        yield build_recall(build_world())


def test_two_leaders_decide_at_once_and_one_is_told_that_it_is_decided(
    scene: RecallScene,
) -> None:
    case = scene.case(upto="propose")
    second = _actor("leader2", "林乙五", Role.COUNTY_ORG_LEADER, place=scene.world.county)

    ends = both(
        lambda: recall.take_step(
            case, "decide", actor=scene.world.leader, text="研究", document_number="文"
        ),
        lambda: recall.take_step(case, "reject", actor=second, text="情节轻微"),
        on=DAY,
    )

    assert ends == ["done", "posting.recall.wrong_state"]
    case.refresh_from_db()
    scene.posting.refresh_from_db()
    assert (case.state, scene.posting.state) in {("decided", "recalled"), ("dropped", "active")}
    assert RecallStep.objects.filter(act__in=("decide", "reject")).count() == 1


def test_two_open_a_case_or_issue_a_replacement_at_once(scene: RecallScene) -> None:
    world = scene.world

    def opens() -> RecallCase:
        return scene.case(actor=world.officer)

    assert both(opens, opens, on=DAY) == ["done", "posting.recall.open_already"]
    RecallCase.objects.update(state="dropped")
    left = scene.recalled()
    found = replacements.propose(left, number=world.sun.number, text="", actor=world.officer)
    found = replacements.decide(found, agrees=True, answer="", actor=world.leader)
    found = replacements.announce(found, actor=world.officer)

    def issues() -> Posting:
        return replacements.issue(found, document_number="文", starts_on=LATER, actor=world.admin)

    assert both(issues, issues, on=LATER) == ["done", "posting.replacement.wrong_state"]
    assert Posting.objects.filter(origin="replace").count() == 1
    assert AuditEntry.objects.filter(action="posting.replacement.issued").count() == 1
