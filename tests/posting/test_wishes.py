"""Does a candidate's list stay his own, and does the unit confirm without changing it?"""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from lingyan.common.refusals import Refused
from lingyan.directory.models import Relative, VillageOfficer
from lingyan.posting.actions import intentions, rounds, wishes
from lingyan.posting.models import Objection, RoundPerson, Wish
from tests.posting.scene import Scene, candidate_of, codes
from tests.world import SINCE


def own(scene: Scene) -> RoundPerson:
    return scene.taking_part(scene.wishing(), scene.world.li)


def ranks(scene: Scene, li: RoundPerson, **given: int) -> dict:
    return {
        scene.village(li.round, getattr(scene.world, name)).pk: rank for name, rank in given.items()
    }


def test_ties_are_allowed(scene: Scene) -> None:
    li = own(scene)

    wishes.save_wishes(li, ranks(scene, li, pine=1, mill=1), actor=scene.world.candidate)
    wishes.submit_wishes(li, actor=scene.world.candidate)

    assert [wish.rank for wish in Wish.objects.all()] == [1, 1]


def test_a_draft_may_be_emptied_but_not_submitted(scene: Scene) -> None:
    li = own(scene)
    wishes.save_wishes(li, ranks(scene, li, pine=1), actor=scene.world.candidate)

    wishes.save_wishes(li, {}, actor=scene.world.candidate)
    with pytest.raises(Refused) as refused:
        wishes.submit_wishes(li, actor=scene.world.candidate)

    assert codes(refused) == ["posting.ranking_empty"]
    assert not Wish.objects.exists()


def test_a_rank_beyond_five_is_refused(scene: Scene) -> None:
    li = own(scene)

    with pytest.raises(Refused) as refused:
        wishes.save_wishes(li, ranks(scene, li, pine=6), actor=scene.world.candidate)

    assert codes(refused) == ["posting.rank_out_of_range"]


def test_a_village_that_is_not_in_the_round_is_refused(scene: Scene) -> None:
    li = own(scene)

    with pytest.raises(Refused) as refused:
        wishes.save_wishes(li, {scene.needs[0].pk: 1}, actor=scene.world.candidate)

    assert codes(refused) == ["posting.not_in_round"]


def test_the_own_village_may_not_be_wished(scene: Scene) -> None:
    scene.world.li.native_place = scene.world.pine
    scene.world.li.save()
    li = own(scene)
    wishes.save_wishes(li, ranks(scene, li, pine=1), actor=scene.world.candidate)

    with pytest.raises(Refused) as refused:
        wishes.submit_wishes(li, actor=scene.world.candidate)

    assert codes(refused) == ["posting.not_eligible"]
    assert "籍贯" in str(refused.value)


def test_a_village_with_a_relative_in_office_may_not_be_wished(scene: Scene) -> None:
    VillageOfficer.objects.create(
        person=scene.world.zhou, village=scene.world.pine, post="vc_director", since=SINCE
    )
    Relative.objects.create(person=scene.world.zhou, other=scene.world.li, relation="spouse")
    li = own(scene)
    wishes.save_wishes(li, ranks(scene, li, pine=1), actor=scene.world.candidate)

    with pytest.raises(Refused) as refused:
        wishes.submit_wishes(li, actor=scene.world.candidate)

    assert codes(refused) == ["posting.not_eligible"]


def test_health_and_discipline_are_never_told(scene: Scene) -> None:
    entry = scene.entries[0]
    entry.health, entry.discipline = "unfit", "under_investigation"
    entry.save()
    li = own(scene)
    wishes.save_wishes(li, ranks(scene, li, pine=1), actor=scene.world.candidate)

    page = scene.world.client(scene.world.candidate).get(reverse("wish_edit", args=[li.pk]))
    with pytest.raises(Refused) as refused:
        wishes.submit_wishes(li, actor=scene.world.candidate)

    assert "不符合条件" in page.text
    for word in ("不适合驻村", "接受调查", "健康状况"):
        assert word not in page.text
        assert word not in str(refused.value)


def test_nobody_writes_for_somebody_else(scene: Scene) -> None:
    round = scene.wishing()
    wang = scene.taking_part(round, scene.world.wang)

    for actor in (scene.world.candidate, scene.world.unit_admin, scene.world.officer):
        with pytest.raises(Refused) as refused:
            wishes.save_wishes(wang, {}, actor=actor)
        assert "posting.wishes_not_own" in codes(refused)


def test_after_submitting_the_list_is_closed_until_it_is_returned(scene: Scene) -> None:
    li = own(scene)
    wishes.save_wishes(li, ranks(scene, li, pine=1), actor=scene.world.candidate)
    wishes.submit_wishes(li, actor=scene.world.candidate)

    with pytest.raises(Refused) as refused:
        wishes.save_wishes(li, {}, actor=scene.world.candidate)
    assert codes(refused) == ["posting.wishes_submitted"]

    wishes.return_wishes(li, reason="请先与单位沟通", actor=scene.world.unit_admin)
    wishes.save_wishes(li, ranks(scene, li, mill=1), actor=scene.world.candidate)
    wishes.submit_wishes(li, actor=scene.world.candidate)

    li.refresh_from_db()
    assert li.wish_state == "submitted"
    assert li.returned_reason == ""


def test_the_unit_confirms_exactly_what_it_has_read(scene: Scene) -> None:
    li = own(scene)
    wishes.save_wishes(li, ranks(scene, li, pine=1, mill=2), actor=scene.world.candidate)
    wishes.submit_wishes(li, actor=scene.world.candidate)
    seen = wishes.order_of(li)

    with pytest.raises(Refused) as refused:
        wishes.confirm_wishes(li, order_seen=seen[::-1], actor=scene.world.unit_admin)
    assert codes(refused) == ["posting.order_changed"]

    wishes.confirm_wishes(li, order_seen=seen, actor=scene.world.unit_admin)
    li.refresh_from_db()
    assert li.wish_state == "confirmed"


def test_another_unit_confirms_and_returns_nothing(scene: Scene) -> None:
    round = scene.wishing()
    qian = scene.taking_part(round, scene.world.qian)
    actor = candidate_of(scene.world.qian)
    wishes.save_wishes(qian, ranks(scene, qian, pine=1), actor=actor)
    wishes.submit_wishes(qian, actor=actor)

    with pytest.raises(Refused) as refused:
        wishes.confirm_wishes(qian, order_seen=wishes.order_of(qian), actor=scene.world.unit_admin)
    assert codes(refused) == ["posting.other_unit"]
    client = scene.world.client(scene.world.unit_admin)
    assert client.get(reverse("unit_wish_detail", args=[qian.pk])).status_code == 404
    assert client.post(reverse("unit_wish_confirm", args=[qian.pk])).status_code == 404
    qian.refresh_from_db()
    assert qian.wish_state == "submitted"


def test_returning_needs_a_reason(scene: Scene) -> None:
    li = own(scene)
    wishes.save_wishes(li, ranks(scene, li, pine=1), actor=scene.world.candidate)
    wishes.submit_wishes(li, actor=scene.world.candidate)

    with pytest.raises(Refused) as refused:
        wishes.return_wishes(li, reason=" ", actor=scene.world.unit_admin)

    assert codes(refused) == ["posting.reason_missing"]


def test_wishes_close_when_towns_are_asked(scene: Scene) -> None:
    li = own(scene)
    rounds.open_intentions(li.round, actor=scene.world.officer)

    with pytest.raises(Refused) as refused:
        wishes.save_wishes(li, {}, actor=scene.world.candidate)

    assert codes(refused) == ["posting.wishes_closed"]


def test_the_county_waits_for_units_or_says_why_not(scene: Scene) -> None:
    li = own(scene)
    wishes.save_wishes(li, ranks(scene, li, pine=1), actor=scene.world.candidate)
    wishes.submit_wishes(li, actor=scene.world.candidate)

    with pytest.raises(Refused) as refused:
        rounds.open_intentions(li.round, actor=scene.world.officer)
    assert codes(refused) == ["posting.wishes_not_confirmed"]
    assert "李甲一" in str(refused.value)

    round = rounds.open_intentions(li.round, actor=scene.world.officer, waive_reason="期限已过")
    assert round.state == "village_ranking"


# --- pages --------------------------------------------------------------------------------------


def test_a_candidate_fills_and_submits_on_the_phone_page(scene: Scene) -> None:
    li = own(scene)
    client = scene.world.client(scene.world.candidate)
    pine, mill = (
        scene.village(li.round, place).pk for place in (scene.world.pine, scene.world.mill)
    )

    assert client.get(reverse("wish_list"))["Location"] == reverse("wish_edit", args=[li.pk])
    client.post(reverse("wish_add", args=[li.pk, pine]))
    client.post(reverse("wish_add", args=[li.pk, mill]))
    client.post(
        reverse("wish_save", args=[li.pk]),
        {f"wish-{pine}": "2", f"wish-{mill}": "1", "submit": "y"},
    )

    li.refresh_from_db()
    assert li.wish_state == "submitted"
    assert [wish.round_village_id for wish in li.wishes.order_by("rank")] == [mill, pine]


def test_a_candidate_refuses_a_village_with_a_reason_and_takes_it_back(scene: Scene) -> None:
    li = own(scene)
    client = scene.world.client(scene.world.candidate)
    where = reverse("wish_refuse", args=[li.pk, scene.village(li.round, scene.world.pine).pk])

    assert client.post(where, {"reason": ""}).status_code == 422
    client.post(where, {"reason": "家中老人需要照料"})

    objection = Objection.objects.get()
    assert (objection.kind, objection.person) == ("person_refusal", scene.world.li)
    assert "家中老人" in client.get(reverse("wish_edit", args=[li.pk])).text
    client.post(
        reverse("objection_lift", args=[li.round_id, objection.pk]), {"reason": "已有人照料"}
    )
    assert not Objection.objects.exists()


def test_a_refusal_stands_in_the_way_of_the_wish(scene: Scene) -> None:
    li = own(scene)
    wishes.save_wishes(li, ranks(scene, li, pine=1), actor=scene.world.candidate)
    intentions.enter_objection(
        li.round,
        "person_refusal",
        person=scene.world.li,
        place=scene.world.pine,
        reason="路太远",
        actor=scene.world.candidate,
    )

    with pytest.raises(Refused) as refused:
        wishes.submit_wishes(li, actor=scene.world.candidate)

    assert codes(refused) == ["posting.not_eligible"]


def test_a_candidate_sees_only_his_own_list(scene: Scene) -> None:
    round = scene.wishing()
    wang = scene.taking_part(round, scene.world.wang)
    client = scene.world.client(scene.world.candidate)

    assert client.get(reverse("wish_edit", args=[wang.pk])).status_code == 404
    assert client.post(reverse("wish_save", args=[wang.pk])).status_code == 404


@pytest.mark.parametrize("name", ["wish_list", "unit_wish_list", "intention_list"])
def test_the_pages_of_choosing_are_not_for_the_county(scene: Scene, name: str) -> None:
    assert scene.world.client(scene.world.officer).get(reverse(name)).status_code == 403


def test_the_unit_reads_confirms_and_returns_on_its_pages(scene: Scene) -> None:
    li = own(scene)
    wishes.save_wishes(li, ranks(scene, li, pine=1), actor=scene.world.candidate)
    wishes.submit_wishes(li, actor=scene.world.candidate)
    client = scene.world.client(scene.world.unit_admin)

    assert "李甲一" in client.get(reverse("unit_wish_list")).text
    page = client.get(reverse("unit_wish_detail", args=[li.pk]))
    assert "松树村" in page.text
    client.post(reverse("unit_wish_return", args=[li.pk]), {"reason": "请补充"})
    li.refresh_from_db()
    assert li.wish_state == "returned"

    wishes.submit_wishes(li, actor=scene.world.candidate)
    client.post(reverse("unit_wish_confirm", args=[li.pk]), {"seen": page.context["order"]})
    li.refresh_from_db()
    assert li.wish_state == "confirmed"


def test_the_wish_page_costs_the_same_queries_at_any_size(
    scene: Scene, django_assert_max_num_queries: Any
) -> None:
    li = own(scene)
    client = scene.world.client(scene.world.candidate)

    with django_assert_max_num_queries(34):
        client.get(reverse("wish_edit", args=[li.pk]))


# --- after the period ---------------------------------------------------------------------------


def test_who_never_chose_is_no_longer_called_choosing(scene: Scene) -> None:
    """While wishes are written an empty list is 填报中; once towns are asked it is 未填报."""
    sun = candidate_of(scene.world.sun)
    officer = scene.world.client(scene.world.officer)
    own = scene.world.client(sun)

    round = scene.wished()
    people = reverse("round_people", args=[round.pk])
    assert "填报中</span>" in officer.get(people).text
    assert "未填报</span>" not in officer.get(people).text

    rounds.open_intentions(round, actor=scene.world.officer)
    assert "未填报</span>" in officer.get(people).text
    assert "填报中</span>" not in officer.get(people).text
    assert "填报已经结束，您没有提交志愿" in own.get(reverse("wish_list"), follow=True).text
