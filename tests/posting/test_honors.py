"""Is nobody nominated without a final appraisal, and does another hand decide (G-16)?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.periods import year_of
from lingyan.common.refusals import Refused
from lingyan.config import wiring
from lingyan.platform.accounts.actor import EVERYTHING
from lingyan.posting.actions import honors
from lingyan.posting.models import CareerUse, Honor, RecallCase
from lingyan.posting.queries import figures
from lingyan.posting.queries import honors as queries
from tests.posting.scene import codes
from tests.posting.support_scene import JUNE_5, Support, appraised, build_support
from tests.world import World

YEAR = year_of(JUNE_5)
SAID = {"level": "city", "kind": "best_first_secretary", "title": "最美第一书记"}


@pytest.fixture
def scene(world: World) -> Support:
    return build_support(world)


def test_without_a_final_appraisal_the_page_says_why_and_nothing_is_written(
    scene: Support,
) -> None:
    appraised(scene, "excellent", state="notified")
    with clock.at(JUNE_5):
        client = scene.world.client(scene.world.officer)
        where = reverse("honor_nominate", args=[scene.li.pk])
        assert "未取得称职以上的考核结果" in client.get(where).content.decode()
        answer: Any = client.post(where, SAID)

    assert answer.status_code == 409
    assert not Honor.objects.exists()


def test_a_nomination_is_decided_by_another_hand(scene: Support) -> None:
    world = scene.world
    appraised(scene, "excellent")
    with clock.at(JUNE_5):
        officer, leader = world.client(world.officer), world.client(world.leader)
        [eligible] = queries.list_eligible(EVERYTHING)
        assert (eligible.posting, eligible.is_excellent) == (scene.li, True)
        assert "李甲一" in officer.get(reverse("honor_eligible")).content.decode()
        answer: Any = officer.post(reverse("honor_nominate", args=[scene.li.pk]), SAID)
        assert answer.status_code == 302
        again: Any = officer.post(reverse("honor_nominate", args=[scene.li.pk]), SAID)
        assert again.status_code == 409
        honor = Honor.objects.get()
        assert honor.appraisal == "2025 年度考核 优秀"
        assert any("表彰提名待决定" in one.title for one in wiring.worklist(world.leader))
        where = reverse("honor_detail", args=[honor.pk])
        said = {"outcome": "grant", "decided_on": "2026-06-05", "document_number": ""}
        assert officer.post(where, said).status_code == 403
        wrong: Any = leader.post(where, said)
        assert wrong.status_code == 409
        answer = leader.post(where, {**said, "document_number": "市组发8号"})
        assert answer.status_code == 302
        twice: Any = leader.post(where, {**said, "document_number": "市组发8号"})

    honor.refresh_from_db()
    assert honor.state == "granted"
    assert twice.status_code == 409
    assert figures.honoured(EVERYTHING, YEAR, YEAR.last_day).count() == 1


def test_a_career_step_is_for_the_county_alone(scene: Support) -> None:
    world = scene.world
    appraised(scene, "competent")
    with clock.at(JUNE_5):
        with pytest.raises(Refused) as refused:
            honors.nominate_career(
                scene.li, kind="promoted", position="副科长", actor=world.north_org
            )
        career = honors.nominate_career(
            scene.li, kind="promoted", position="副科长", actor=world.officer
        )
        honors.settle_career(
            career, grants=True, decided_on=JUNE_5, document_number="山组任3号", answer="",
            actor=world.leader,
        )  # fmt: skip
        town: Any = world.client(world.north_org).get(reverse("career_list"))

    assert codes(refused) == ["posting.career.wrong_role"]
    assert town.status_code == 403
    assert CareerUse.objects.get().state == "granted"
    assert figures.promoted(EVERYTHING, YEAR, YEAR.last_day).count() == 1


def test_nobody_is_promoted_while_a_recall_bars_it(scene: Support) -> None:
    """A proposal of before the recall is not granted either; afterwards it is."""
    world, last = scene.world, date(2026, 9, 1)
    appraised(scene, "competent")
    said = {"kind": "promoted", "position": "副科长"}
    with clock.at(JUNE_5):
        before = honors.nominate_career(
            scene.li, kind="rank_up", position="一级科员", actor=world.officer
        )
        case = RecallCase.objects.create(
            posting=scene.li, ground="RG07", source="report", state="closed",
            opened_on=JUNE_5, decided_on=JUNE_5, promotion_ban_until=last,
        )  # fmt: skip
        officer = world.client(world.officer)
        where = reverse("career_nominate", args=[scene.li.pk])
        told = "因召回，至 2026-08-31 前不得提拔使用"
        assert told in officer.get(where).text
        assert officer.post(where, said).status_code == 409
        settle: Any = {
            "decided_on": JUNE_5, "document_number": "山组任3号", "answer": "不通过",
            "actor": world.leader,
        }  # fmt: skip
        with pytest.raises(Refused) as refused:
            honors.settle_career(before, grants=True, **settle)
        honors.settle_career(before, grants=False, **settle)
    with clock.at(last):
        honors.nominate_career(scene.li, **said, actor=world.officer)

    assert codes(refused) == ["posting.career.barred"]
    assert list(CareerUse.objects.order_by("kind").values_list("kind", "state")) == [
        ("promoted", "nominated"), ("rank_up", "not_granted"),
    ]  # fmt: skip
    assert case.promotion_ban_until == last
