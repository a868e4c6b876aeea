"""Do the pages of a village, a person and a unit show what 精准选派 knows, to whom it may?"""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests.posting.checks import check_at
from tests.posting.scene import Scene, again


def page(scene: Scene, name: str, thing: Any, who: str = "officer") -> str:
    client = scene.world.client(getattr(scene.world, who))
    answer = client.get(reverse(name, args=[thing.pk]))
    assert answer.status_code == 200
    text: str = answer.text
    return text


def test_a_village_without_anything_says_so(scene: Scene) -> None:
    text = page(scene, "place", scene.world.mill)

    for sentence in ("还没有做过体检。", "没有派驻人员。", "没有参加过选派批次。"):
        assert sentence in text
    assert "第一书记 1 名，工作队员 0 名" in text


def test_a_town_has_no_panels_of_a_village(scene: Scene) -> None:
    assert "村情体检</h2>" not in page(scene, "place", scene.world.north)


def test_the_village_shows_check_needs_postings_and_rounds(scene: Scene) -> None:
    check = check_at(scene.world, "submitted")
    made = scene.issued()
    here = [one for one in made if one.village == scene.world.pine]

    text = page(scene, "place", scene.world.pine)

    assert reverse("health_check", args=[check.pk]) in text
    assert "主导产业不成规模（较急）" in text
    for posting in here:
        assert reverse("posting_detail", args=[posting.pk]) in text
        assert posting.person.name in text
    assert f"派驻：{here[0].person.name}" in text


def test_before_the_notice_a_town_does_not_read_who_is_proposed(scene: Scene) -> None:
    round = scene.decided()
    proposed = again(round).chosen_plan.drafts.get(village=scene.world.pine, role="first_secretary")

    assert f"拟派：{proposed.person.name}" in page(scene, "place", scene.world.pine)
    assert "拟派：" not in page(scene, "place", scene.world.pine, "north_org")


def test_once_announced_the_town_reads_it_too(scene: Scene) -> None:
    scene.announced()

    assert "拟派：" in page(scene, "place", scene.world.pine, "north_org")


def test_a_person_shows_pool_portrait_wishes_and_posting(scene: Scene) -> None:
    scene.issued()

    text = page(scene, "person", scene.world.li)

    assert "熟悉经济工作 4 级" in text
    assert reverse("pool_entry", args=[scene.world.li.pool_entry.pk]) in text
    assert "第1志愿 松树村" in text
    assert "拟派 松树村第一书记" in text
    assert "没有派驻经历。" not in text


def test_a_villager_shows_nothing_of_it(scene: Scene) -> None:
    assert "派驻经历" not in page(scene, "person", scene.world.zhou)


def test_a_unit_shows_whom_it_sent_and_has(scene: Scene) -> None:
    before = page(scene, "unit", scene.world.finance)
    assert "现在没有派出人员。" in before
    assert "在库 " in before

    made = scene.issued()

    after = page(scene, "unit", scene.world.finance)
    own = [one for one in made if one.unit == scene.world.finance]
    assert own
    for posting in own:
        assert reverse("posting_detail", args=[posting.pk]) in after
    assert "已选派 " in after


@pytest.mark.parametrize(
    ("name", "thing", "most"),
    [("place", "pine", 60), ("person", "li", 60), ("unit", "finance", 46)],
)
def test_a_panel_costs_a_fixed_number_of_queries(
    scene: Scene, name: str, thing: str, most: int, django_assert_max_num_queries: Any
) -> None:
    scene.issued()
    client = scene.world.client(scene.world.officer)
    where = reverse(name, args=[getattr(scene.world, thing).pk])

    with django_assert_max_num_queries(most):
        client.get(where)
