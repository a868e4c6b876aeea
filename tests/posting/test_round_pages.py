"""Do the pages of rounds open for those they are for, and for nobody else?"""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from lingyan.common import clock
from lingyan.directory.models import Person
from lingyan.posting.actions import rounds, wishes
from lingyan.posting.matching import gather
from lingyan.posting.models import Objection, Plan, PoolEntry, Posting, Round
from lingyan.posting.queries import rounds as queries
from lingyan.posting.rules import required
from tests.posting.scene import STARTS, TODAY, Scene, again


def address(name: str, *things: Any) -> str:
    return reverse(name, args=[getattr(thing, "pk", thing) for thing in things])


STAGES = ["filled", "locked", "wished", "asked", "computed", "decided", "announced"]


@pytest.mark.parametrize("stage", STAGES)
def test_every_page_of_a_round_opens_in_every_state(scene: Scene, stage: str) -> None:
    round = getattr(scene, stage)()

    for actor in (scene.world.officer, scene.world.leader, scene.world.admin):
        client = scene.world.client(actor)
        for name in ("round_detail", "round_villages", "round_people", "objection_list"):
            assert client.get(address(name, round)).status_code == 200
        assert client.get(address("round_list")).status_code == 200


def test_an_issued_round_shows_notice_plans_and_postings(scene: Scene) -> None:
    posting = scene.issued()[0]
    client = scene.world.client(scene.world.officer)

    assert "公示" in client.get(address("round_notice", posting.round)).text
    plan = again(posting.round).chosen_plan
    assert "复核通过" in client.get(address("plan_detail", plan)).text
    assert posting.person.name in client.get(address("posting_list")).text
    assert posting.document_number in client.get(address("posting_detail", posting)).text


@pytest.mark.parametrize("name", ["round_detail", "round_villages", "round_people", "round_notice"])
def test_anonymous_is_asked_to_sign_in(scene: Scene, client: Any, name: str) -> None:
    round = scene.announced()

    answer = client.get(address(name, round))

    assert answer.status_code == 302
    assert "/sign-in/" in answer["Location"]


@pytest.mark.parametrize(
    "name", ["round_detail", "round_villages", "round_people", "round_notice", "objection_list"]
)
def test_another_county_gets_404(scene: Scene, name: str) -> None:
    round = scene.announced()

    assert scene.world.client(scene.world.stranger).get(address(name, round)).status_code == 404


def test_a_town_sees_its_villages_and_no_people(scene: Scene) -> None:
    round = scene.asked()
    client = scene.world.client(scene.world.north_org)

    villages = client.get(address("round_villages", round)).text
    people = client.get(address("round_people", round)).text

    assert "松树村" in villages
    assert "石桥村" not in villages
    assert "李甲一" not in people


def test_a_unit_sees_its_own_people(scene: Scene) -> None:
    round = scene.wished()

    text = scene.world.client(scene.world.unit_admin).get(address("round_people", round)).text

    assert "李甲一" in text
    assert "钱甲四" not in text


def test_towns_and_units_do_not_see_plans(scene: Scene) -> None:
    round = scene.computed()
    for actor in (scene.world.north_org, scene.world.unit_admin, scene.world.candidate):
        client = scene.world.client(actor)
        assert client.get(address("plan_detail", round.chosen_plan)).status_code == 403


def test_the_notice_is_not_there_before_it_is_announced(scene: Scene) -> None:
    round = scene.decided()

    answer = scene.world.client(scene.world.north_org).get(address("round_notice", round))

    assert answer.status_code == 404


def test_the_page_says_why_not_yet_before_anybody_presses(scene: Scene) -> None:
    round = scene.opened()

    text = scene.world.client(scene.world.officer).get(address("round_detail", round)).text

    assert "批次里还没有需求清单" in text
    assert "posting.no_need_lists" in text


def test_the_page_of_a_round_costs_the_same_queries_at_any_size(
    scene: Scene, django_assert_max_num_queries: Any
) -> None:
    round = scene.announced()
    client = scene.world.client(scene.world.admin)

    with django_assert_max_num_queries(62):
        client.get(address("round_detail", round))


@pytest.mark.parametrize(
    ("name", "most"),
    [("round_villages", 26), ("round_people", 26), ("round_list", 22), ("objection_list", 24)],
)
def test_lists_cost_the_same_queries_at_any_size(
    scene: Scene, django_assert_max_num_queries: Any, name: str, most: int
) -> None:
    round = scene.announced()
    client = scene.world.client(scene.world.officer)
    where = address(name) if name == "round_list" else address(name, round)

    with django_assert_max_num_queries(most):
        client.get(where)


def test_a_round_is_opened_from_its_form(scene: Scene) -> None:
    client = scene.world.client(scene.world.officer)
    page = client.get(address("round_open"))
    given = {
        field.name: field.value() for field in page.context["form"] if field.value() is not None
    }

    answer = client.post(address("round_open"), {**given, "name": "2026 年第二批"})

    round = Round.objects.get(name="2026 年第二批")
    assert answer["Location"] == address("round_detail", round)
    assert round.settings["weights"]["cover"] == 60


def test_weights_that_are_not_100_are_said_beside_the_field(scene: Scene) -> None:
    client = scene.world.client(scene.world.officer)
    page = client.get(address("round_open"))
    given = {
        field.name: field.value() for field in page.context["form"] if field.value() is not None
    }

    answer = client.post(address("round_open"), {**given, "name": "甲", "weight_cover": "10"})

    assert answer.status_code == 422
    assert "应为 100" in answer.text
    assert not Round.objects.exists()


def test_all_villages_of_a_town_join_with_one_press(scene: Scene) -> None:
    round = scene.opened()
    client = scene.world.client(scene.world.officer)
    where = f"{address('round_villages_add', round)}?town={scene.world.north.path}"

    client.post(where, {"all": "yes"})

    joined = round.villages.values_list("village__short_name", flat=True)
    assert sorted(joined) == ["松树村", "溪口村"]


def test_villages_that_have_a_first_secretary_are_left_out_with_one_choice(scene: Scene) -> None:
    village, person = scene.world.pine, scene.world.zhao
    Posting.objects.create(
        village=village, person=person, kind="first_secretary", since=TODAY, document_number="一号",
        planned_until=TODAY.replace(year=2028), state="active", created_at=clock.now(),
    )  # fmt: skip
    round = scene.opened()
    client = scene.world.client(scene.world.officer)
    where = address("round_villages_add", round)

    everybody, some = client.get(where).text, client.get(f"{where}?sitting=no").text
    client.post(f"{where}?sitting=no", {"all": "yes"})

    assert "加入全部 4 个村" in everybody
    assert "其中 1 个村有现任第一书记" in everybody
    assert "加入筛出的全部 3 个村" in some
    assert "有现任第一书记" not in some
    joined = round.villages.values_list("village__short_name", flat=True)
    assert sorted(joined) == ["溪口村", "石桥村", "磨坊村"]


def test_who_lacks_a_required_field_is_told_before_a_plan_and_found_with_one_press(
    scene: Scene,
) -> None:
    round = scene.filled()
    client = scene.world.client(scene.world.officer)
    detail = address("round_detail", round)
    assert "缺少必填项" not in client.get(detail).text
    Person.objects.filter(pk=scene.world.li.pk).update(birth_on=None, work_started_on=None)
    Person.objects.filter(pk=scene.world.wang.pk).update(party_joined_on=None)
    Person.objects.filter(pk=scene.world.zhao.pk).update(political_status="")
    PoolEntry.objects.filter(person=scene.world.wang).update(full_member_since=None)
    told = (
        "3 名人选缺少必填项（出生日期 1 人、参加工作时间 1 人、政治面貌 1 人、转正日期 1 人）："
        "缺出生日期或参加工作时间的，对任何岗位都是待核实；缺政治面貌或转正日期的，不能任第一书记。"
    )

    found = client.get(f"{address('round_people', round)}?withdrawn=no&lacks=any").text
    one = client.get(f"{address('round_people', round)}?lacks=political_status").text

    assert told in client.get(detail).text
    assert told in client.get(address("round_close_demand", round)).text
    assert "缺出生日期、参加工作时间" in found
    assert "缺转正日期" in found
    assert "钱甲四" not in found
    assert "赵" in one.split("<tbody>")[1]
    assert "李甲一" not in one.split("<tbody>")[1]
    rounds.cancel_round(round, reason="人选不齐", actor=scene.world.admin)
    assert "缺少必填项" not in client.get(detail).text


def test_a_field_that_no_rule_of_the_round_reads_is_not_missed(scene: Scene) -> None:
    round = scene.opened(effects={"R05": "off", "R06": "off"})
    rounds.add_people(round, scene.entries, actor=scene.world.officer)
    Person.objects.update(birth_on=None, work_started_on=None)

    page = scene.world.client(scene.world.officer).get(address("round_detail", round))

    assert "缺少必填项" not in page.text


def test_the_empty_fields_of_the_list_are_those_that_the_rules_find(scene: Scene) -> None:
    """The list asks the database, the plan asks the rules; both speak of the same people."""
    round = scene.filled()
    Person.objects.filter(pk=scene.world.li.pk).update(birth_on=None)
    Person.objects.filter(pk=scene.world.wang.pk).update(work_started_on=None)
    Person.objects.filter(pk=scene.world.qian.pk).update(party_joined_on=None)
    Person.objects.filter(pk=scene.world.sun.pk).update(political_status="")
    PoolEntry.objects.filter(person=scene.world.zhao).update(retires_on=STARTS)
    Person.objects.filter(pk=scene.world.zhao.pk).update(birth_on=None)
    gathered = gather(round, as_of=TODAY)
    by_rules = {
        (one.facts.name, key)
        for one in gathered.candidates
        for key in required.lacking_fields(one.facts, gathered.settings.term)
    }

    empty = queries.empty_fields(required.asked_for())
    by_list = {
        (one.person.name, key)
        for key, condition in empty.items()
        for one in round.people.filter(condition).select_related("person")
    }

    assert by_list == by_rules
    assert len(by_list) == 4


def test_ticked_people_join_and_leave(scene: Scene) -> None:
    round = scene.opened()
    client = scene.world.client(scene.world.officer)

    client.post(
        address("round_people_add", round), {"chosen": [str(scene.entries[0].pk), "nonsense"]}
    )
    assert [str(one.person) for one in round.people.all()] == ["李甲一"]

    client.post(address("round_people_remove", round), {"chosen": [str(round.people.get().pk)]})
    assert not round.people.exists()


@pytest.mark.parametrize(
    ("stage", "name", "after"),
    [
        ("filled", "round_close_demand", "demand_closed"),
        ("locked", "round_open_wishes", "candidate_ranking"),
        ("wished", "round_open_intentions", "village_ranking"),
        ("decided", "round_announce", "announced"),
    ],
)
def test_the_officer_leads_a_round_on_by_its_pages(
    scene: Scene, stage: str, name: str, after: str
) -> None:
    round = getattr(scene, stage)()
    client = scene.world.client(scene.world.officer)

    assert client.get(address(name, round)).status_code == 200
    client.post(address(name, round), {})

    assert again(round).state == after


def test_computing_leads_over_the_page_of_its_job(
    scene: Scene, django_capture_on_commit_callbacks: Any
) -> None:
    round = scene.asked()
    client = scene.world.client(scene.world.officer)
    replaced = "现在采用的方案会换成"
    assert replaced not in client.get(address("round_compute", round)).text

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(address("round_compute", round))

    assert answer["Location"].startswith("/jobs/")
    assert client.get(answer["Location"])["Location"] == address("round_detail", round)
    assert again(round).state == "computed"
    assert replaced in client.get(address("round_compute", round)).text
    assert Plan.objects.filter(round=round).count() == 3


def test_a_refusal_is_answered_409_with_its_code_and_changes_nothing(scene: Scene) -> None:
    round = scene.filled()

    answer = scene.world.client(scene.world.leader).post(address("round_close_demand", round))

    assert answer.status_code == 409
    assert "posting.round.wrong_role" in answer.text
    assert again(round).state == "open"


def test_a_town_may_not_press_the_steps_of_the_county(scene: Scene) -> None:
    round = scene.filled()

    answer = scene.world.client(scene.world.north_org).post(address("round_close_demand", round))

    assert answer.status_code == 403
    assert again(round).state == "open"


def test_the_county_enters_and_lifts_an_objection(scene: Scene) -> None:
    round = scene.locked()
    client = scene.world.client(scene.world.officer)
    said = {
        "kind": "business",
        "person": str(scene.world.li.pk),
        "place": str(scene.world.pine.pk),
        "reason": "与该村有未了结的合同",
    }

    client.post(address("objection_add", round), said)

    objection = Objection.objects.get(round=round)
    assert "未了结" in client.get(address("objection_list", round)).text
    assert client.get(address("objection_lift", round, objection)).status_code == 200
    client.post(address("objection_lift", round, objection), {"reason": "合同已了结"})
    assert not Objection.objects.exists()


def test_the_page_of_a_step_that_is_not_open_says_so_and_offers_no_button(scene: Scene) -> None:
    round = scene.filled()

    text = scene.world.client(scene.world.officer).get(address("round_announce", round)).text
    other = scene.world.client(scene.world.leader).get(address("round_close_demand", round)).text

    assert "posting.round.wrong_state" in text
    assert "posting.round.wrong_role" in other
    assert '<button class="btn pri">' not in text + other


@pytest.mark.parametrize(
    ("stage", "who", "waiting"),
    [
        ("filled", "officer", "锁定需求"),
        ("wishing", "candidate", "填报志愿"),
        ("asking", "north_org", "提出意向：松树村"),
        ("asked", "officer", "计算方案"),
        ("computed", "leader", "部务会研究"),
        ("decided", "officer", "公示"),
    ],
)
def test_what_waits_stands_on_the_first_page_of_the_one_who_does_it(
    scene: Scene, stage: str, who: str, waiting: str
) -> None:
    getattr(scene, stage)()

    text = scene.world.client(getattr(scene.world, who)).get("/").text

    assert waiting in text


def test_the_unit_is_told_whose_list_waits(scene: Scene) -> None:
    round = scene.wishing()
    li = scene.taking_part(round, scene.world.li)
    pine = scene.village(round, scene.world.pine)
    wishes.save_wishes(li, {pine.pk: 1}, actor=scene.world.candidate)
    wishes.submit_wishes(li, actor=scene.world.candidate)

    assert "确认志愿：李甲一" in scene.world.client(scene.world.unit_admin).get("/").text
    assert "李甲一" not in scene.world.client(scene.world.officer).get("/").text


def test_a_withdrawal_is_entered_on_its_page(scene: Scene) -> None:
    round = scene.asked()
    li = scene.taking_part(round, scene.world.li)
    client = scene.world.client(scene.world.officer)

    assert client.get(address("round_person_withdraw", li)).status_code == 200
    client.post(address("round_person_withdraw", li), {"reason": "工作调动"})

    assert "工作调动" in client.get(address("round_people", round)).text
