"""Do towns say whom they would like, for their own villages and without private matters?"""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from lingyan.common.refusals import Refused
from lingyan.posting.actions import intentions, rounds
from lingyan.posting.models import Intention, Objection, RoundVillage
from tests.posting.scene import Scene, codes


def pine_of(scene: Scene) -> RoundVillage:
    return scene.village(scene.asking(), scene.world.pine)


def test_a_town_ranks_candidates_for_each_post(scene: Scene) -> None:
    pine = pine_of(scene)
    li, wang = (scene.taking_part(pine.round, one) for one in (scene.world.li, scene.world.wang))

    intentions.save_intentions(
        pine,
        {("first_secretary", li.pk): 1, ("first_secretary", wang.pk): 1, ("member", wang.pk): 1},
        actor=scene.world.north_org,
    )
    intentions.submit_intentions(pine, actor=scene.world.north_org)

    pine.refresh_from_db()
    assert pine.intentions_done
    assert Intention.objects.count() == 3


def test_changing_a_list_takes_the_submission_back(scene: Scene) -> None:
    pine = scene.village(scene.asked(), scene.world.pine)
    assert pine.intentions_done

    intentions.save_intentions(pine, {}, actor=scene.world.north_org)

    pine.refresh_from_db()
    assert not pine.intentions_done


def test_an_empty_list_is_not_submitted(scene: Scene) -> None:
    with pytest.raises(Refused) as refused:
        intentions.submit_intentions(pine_of(scene), actor=scene.world.north_org)

    assert codes(refused) == ["posting.ranking_empty"]


def test_another_town_says_nothing_of_this_village(scene: Scene) -> None:
    pine = pine_of(scene)
    li = scene.taking_part(pine.round, scene.world.li)

    with pytest.raises(Refused) as refused:
        intentions.save_intentions(
            pine, {("first_secretary", li.pk): 1}, actor=scene.world.south_org
        )
    assert codes(refused) == ["posting.intentions_not_own"]
    client = scene.world.client(scene.world.south_org)
    assert client.get(reverse("intention_edit", args=[pine.pk])).status_code == 404
    add = reverse("intention_add", args=[pine.pk, "first_secretary", li.pk])
    assert client.post(add).status_code == 404
    assert not Intention.objects.exists()


def test_intentions_are_closed_outside_their_time(scene: Scene) -> None:
    pine = scene.village(scene.wished(), scene.world.pine)

    with pytest.raises(Refused) as refused:
        intentions.save_intentions(pine, {}, actor=scene.world.north_org)

    assert codes(refused) == ["posting.intentions_closed"]


def test_somebody_who_is_not_eligible_is_not_submitted(scene: Scene) -> None:
    pine = pine_of(scene)
    scene.world.li.native_place = scene.world.pine
    scene.world.li.save()
    li = scene.taking_part(pine.round, scene.world.li)
    intentions.save_intentions(pine, {("first_secretary", li.pk): 1}, actor=scene.world.north_org)

    with pytest.raises(Refused) as refused:
        intentions.submit_intentions(pine, actor=scene.world.north_org)

    assert codes(refused) == ["posting.not_eligible"]


def test_the_town_works_on_its_page(scene: Scene) -> None:
    pine = pine_of(scene)
    li = scene.taking_part(pine.round, scene.world.li)
    client = scene.world.client(scene.world.north_org)

    assert "松树村" in client.get(reverse("intention_list")).text
    assert "李甲一" in client.get(reverse("intention_edit", args=[pine.pk])).text
    client.post(reverse("intention_add", args=[pine.pk, "first_secretary", li.pk]))
    client.post(
        reverse("intention_save", args=[pine.pk]),
        {f"first_secretary-{li.pk}": "2", "submit": "yes"},
    )

    pine.refresh_from_db()
    assert pine.intentions_done
    assert Intention.objects.get().rank == 2


def test_the_town_sees_capabilities_but_nothing_private(scene: Scene) -> None:
    pine = pine_of(scene)
    scene.world.li.set_id_number("990000198503020011")
    scene.world.li.set_phone("13900000000")
    scene.world.li.save()
    entry = scene.entries[1]
    entry.health = "unfit"
    entry.save()

    text = (
        scene.world.client(scene.world.north_org)
        .get(reverse("intention_edit", args=[pine.pk]))
        .text
    )

    assert "熟悉经济工作 4" in text
    assert "不符合条件" in text
    for word in ("990000198503020011", "13900000000", "不适合驻村", "健康状况"):
        assert word not in text


def test_a_village_vetoes_with_a_reason(scene: Scene) -> None:
    pine = pine_of(scene)
    li = scene.taking_part(pine.round, scene.world.li)
    client = scene.world.client(scene.world.north_org)
    where = reverse("intention_veto", args=[pine.pk, li.pk])

    assert client.get(where).status_code == 200
    assert client.post(where, {"reason": " "}).status_code == 422
    client.post(where, {"reason": "与村班子成员共过事"})

    assert Objection.objects.get().kind == "village_veto"
    assert "共过事" in client.get(reverse("intention_edit", args=[pine.pk])).text


@pytest.mark.parametrize(
    ("kind", "actor", "code"),
    [
        ("village_veto", "officer", "posting.objection_wrong_role"),
        ("county_ban", "north_org", "posting.objection_wrong_role"),
        ("person_refusal", "north_org", "posting.objection_wrong_role"),
        ("village_veto", "south_org", "posting.objection_not_own"),
    ],
)
def test_each_refusal_belongs_to_its_side(scene: Scene, kind: str, actor: str, code: str) -> None:
    round = scene.asking()

    with pytest.raises(Refused) as refused:
        intentions.enter_objection(
            round,
            kind,
            person=scene.world.li,
            place=scene.world.pine,
            reason="理由",
            actor=getattr(scene.world, actor),
        )

    assert code in codes(refused)
    assert not Objection.objects.exists()


def test_the_same_refusal_is_entered_once(scene: Scene) -> None:
    round = scene.asking()
    said = {
        "person": scene.world.li,
        "place": scene.world.pine,
        "reason": "理由",
        "actor": scene.world.officer,
    }
    intentions.enter_objection(round, "county_ban", **said)

    with pytest.raises(Refused) as refused:
        intentions.enter_objection(round, "county_ban", **said)

    assert codes(refused) == ["posting.objection_known"]


def test_a_unit_keeps_its_people_out_of_a_town(scene: Scene) -> None:
    round = scene.asking()

    intentions.enter_objection(
        round,
        "unit_town",
        unit=scene.world.finance,
        place=scene.world.south,
        reason="单位与该镇有未了结的审计事项",
        actor=scene.world.unit_admin,
    )

    stone = scene.village(round, scene.world.stone)
    problem = intentions.eligibility_at(stone)
    post = f"{scene.world.stone.pk}/first_secretary"
    assert problem.failed_rules(scene.world.li.number, post) == ("R15",)
    assert problem.failed_rules(scene.world.qian.number, post) == ()


def test_the_intention_page_costs_the_same_queries_at_any_size(
    scene: Scene, django_assert_max_num_queries: Any
) -> None:
    pine = pine_of(scene)
    client = scene.world.client(scene.world.north_org)

    with django_assert_max_num_queries(32):
        client.get(reverse("intention_edit", args=[pine.pk]))


def test_a_town_hears_that_somebody_does_not_go_but_not_why(scene: Scene) -> None:
    round = scene.wished()
    intentions.enter_objection(
        round,
        "person_refusal",
        person=scene.world.li,
        place=scene.world.pine,
        reason="家中老人需要照料",
        actor=scene.world.candidate,
    )
    rounds.open_intentions(round, actor=scene.world.officer)
    pine = scene.village(round, scene.world.pine)
    client = scene.world.client(scene.world.north_org)

    page = client.get(reverse("intention_edit", args=[pine.pk])).text
    listed = client.get(reverse("objection_list", args=[round.pk])).text

    assert "本人不愿去" in page
    assert "家中老人" not in page + listed
    officer = scene.world.client(scene.world.officer)
    assert "家中老人" in officer.get(reverse("objection_list", args=[round.pk])).text
