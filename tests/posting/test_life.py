"""Does a posting go from appointment to its end, each step by whom the table names?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.config import wiring
from lingyan.directory.models import Relative, VillageOfficer
from lingyan.posting import facts_of_neighbours
from lingyan.posting.actions import insurance, life, postings
from lingyan.posting.actions.support import record_support
from lingyan.posting.models import Posting, PostingStep, SupportRecord
from lingyan.posting.panels import life as panels
from lingyan.supervision.models import GateOverride
from tests.posting.life_scene import ARRIVED, POLICY, STARTS, UNTIL, Life, build_life, post
from tests.posting.scene import codes
from tests.world import World

DAY = timedelta(days=1)
SUMMER = date(2026, 6, 1)


@pytest.fixture
def scene(world: World) -> Life:
    return build_life(world)


@pytest.fixture
def bound(scene: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    """松树村 has a case of rectification that is open."""
    pine = frozenset({scene.world.pine.pk})
    monkeypatch.setattr(facts_of_neighbours, "BINDERS", [lambda ids: pine & frozenset(ids)])


def test_a_posting_is_trained_arrives_and_is_at_work(scene: Life) -> None:
    posting = scene.at_work()

    assert (posting.state, posting.arrived_on, posting.training_hours) == ("active", ARRIVED, 16)
    assert [one.number for one in posting.policies.all()] == [POLICY.number]
    assert set(PostingStep.objects.values_list("act", flat=True)) == {"train", "arrive"}


def test_less_than_sixteen_hours_are_no_training(scene: Life) -> None:
    with clock.at(SUMMER), pytest.raises(Refused) as refused:
        life.train_posting(scene.posting, training_hours=15, on=SUMMER, actor=scene.world.officer)

    assert codes(refused) == ["posting.training_too_short"]
    scene.posting.refresh_from_db()
    assert scene.posting.state == "appointed"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"policy": insurance.Policy("1", STARTS + DAY, UNTIL)}, "posting.not_insured"),
        ({"policy": insurance.Policy("1", STARTS, UNTIL - DAY)}, "posting.not_insured"),
        ({"policy": None}, "posting.not_insured"),
        ({"policy": insurance.Policy(" ", STARTS, UNTIL)}, "posting.policy_number_missing"),
        ({"party_relation_on": None}, "posting.party_relation_missing"),
        ({"party_relation_on": ARRIVED + DAY}, "posting.day_in_future"),
        ({"on": STARTS - DAY}, "posting.day_before"),
        ({"on": ARRIVED + DAY}, "posting.day_in_future"),
    ],
)
def test_nobody_arrives_uninsured_unregistered_or_on_a_wrong_day(
    scene: Life, said: dict[str, Any], code: str
) -> None:
    Posting.objects.filter(pk=scene.posting.pk).update(state="trained")
    given = {"on": ARRIVED, "party_relation_on": STARTS, "policy": POLICY, **said}

    with clock.at(ARRIVED), pytest.raises(Refused) as refused:
        life.confirm_arrival(scene.posting, actor=scene.world.north_org, **given)

    assert codes(refused) == [code]
    scene.posting.refresh_from_db()
    assert scene.posting.arrived_on is None


def test_the_county_does_not_confirm_an_arrival(scene: Life) -> None:
    Posting.objects.filter(pk=scene.posting.pk).update(state="trained")

    with clock.at(ARRIVED), pytest.raises(Refused) as refused:
        life.confirm_arrival(
            scene.posting, on=ARRIVED, party_relation_on=STARTS, policy=POLICY,
            actor=scene.world.officer,
        )  # fmt: skip

    assert codes(refused) == ["posting.posting.wrong_role"]


def test_who_is_suspended_has_a_substitute_and_comes_back(scene: Life) -> None:
    posting, officer = scene.at_work(), scene.world.officer
    with clock.at(SUMMER), pytest.raises(Refused) as refused:
        life.suspend_posting(posting, text="治病", substitute=None, actor=officer)
    assert codes(refused) == ["posting.substitute_missing"]
    with clock.at(SUMMER), pytest.raises(Refused) as refused:
        life.suspend_posting(posting, text="", substitute=scene.world.li, actor=officer)
    assert codes(refused) == ["posting.reason_missing", "posting.substitute_self"]

    with clock.at(SUMMER):
        held = life.suspend_posting(
            posting, text="治病", substitute=scene.world.wang, actor=officer
        )
        assert held.state == "suspended"
        back = life.resume_posting(posting, text="医院证明已康复", actor=officer)

    assert (back.state, back.until) == ("active", None)


def extension(scene: Life, **said: Any) -> PostingStep:
    return life.propose_step(
        scene.posting,
        **{
            "act": "extend",
            "text": "产业项目正在建设",
            "planned_until": UNTIL + timedelta(days=184),
            "actor": scene.world.officer,
            **said,
        },
    )


def test_an_extension_is_proposed_by_one_and_decided_by_another(scene: Life) -> None:
    scene.at_work()
    with clock.at(SUMMER):
        step = extension(scene)
        assert [one.title for one in wiring.worklist(scene.world.leader) if "延期" in one.title]
        life.decide_step(step, agrees=True, answer="", actor=scene.world.leader)
        again = Posting.objects.get(pk=scene.posting.pk)
        assert (again.state, again.planned_until) == ("extended", UNTIL + timedelta(days=184))
        told = life.continue_posting(again, text="单位和村都已知悉", actor=scene.world.north_org)

    assert told.state == "active"
    assert told.planned_until == UNTIL + timedelta(days=184)
    with clock.at(SUMMER):
        page = scene.world.client(scene.world.north_org).get(
            reverse("posting_detail", args=[told.pk])
        )
    assert "2028-04-01 至 2028-10-01 没有意外伤害保险" in page.content.decode()
    assert "林乙三决定" in page.content.decode()


def test_a_refused_extension_leaves_everything_as_it_was(scene: Life) -> None:
    scene.at_work()
    with clock.at(SUMMER):
        step = extension(scene)
        with pytest.raises(Refused) as refused:
            life.decide_step(step, agrees=False, answer=" ", actor=scene.world.leader)
        assert codes(refused) == ["posting.reason_missing"]
        life.decide_step(step, agrees=False, answer="已有接任者", actor=scene.world.leader)
        with pytest.raises(Refused) as refused:
            life.decide_step(step, agrees=True, answer="", actor=scene.world.leader)
    assert codes(refused) == ["posting.step_decided"]

    scene.posting.refresh_from_db()
    assert (scene.posting.state, scene.posting.planned_until) == ("active", UNTIL)


def test_whoever_proposed_does_not_decide(scene: Life) -> None:
    scene.at_work()
    step = extension(scene)
    PostingStep.objects.filter(pk=step.pk).update(made_by_id=scene.world.leader.user_id)

    with pytest.raises(Refused) as refused:
        life.decide_step(step, agrees=True, answer="", actor=scene.world.leader)

    assert codes(refused) == ["directory.same_person"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"text": ""}, "posting.reason_missing"),
        ({"planned_until": UNTIL}, "posting.extension_day"),
        ({"planned_until": None}, "posting.extension_day"),
    ],
)
def test_an_extension_has_a_reason_and_a_later_day(
    scene: Life, said: dict[str, Any], code: str
) -> None:
    scene.at_work()

    with pytest.raises(Refused) as refused:
        extension(scene, **said)

    assert codes(refused) == [code]
    assert not PostingStep.objects.filter(state="proposed").exists()


def test_one_proposal_waits_at_a_time(scene: Life) -> None:
    scene.at_work()
    extension(scene)

    with pytest.raises(Refused) as refused:
        extension(scene)

    assert codes(refused) == ["posting.proposal_open"]


def transfer(scene: Life, **said: Any) -> PostingStep:
    return life.propose_step(
        scene.posting,
        **{
            "act": "transfer",
            "text": "石桥村缺第一书记",
            "village": scene.world.stone,
            "document_number": "山组发（2026）8号",
            "actor": scene.world.officer,
            **said,
        },
    )


def test_a_transfer_ends_here_and_begins_there(scene: Life) -> None:
    scene.at_work()
    with clock.at(SUMMER):
        life.decide_step(transfer(scene), agrees=True, answer="", actor=scene.world.leader)

    scene.posting.refresh_from_db()
    assert (scene.posting.state, scene.posting.until) == ("transferred", SUMMER)
    new = Posting.objects.get(village=scene.world.stone)
    assert (new.state, new.origin, new.person) == ("trained", "transfer", scene.world.li)
    assert (new.since, new.planned_until) == (SUMMER, UNTIL)


def test_a_transfer_asks_for_a_free_village_and_a_document(scene: Life) -> None:
    scene.at_work()
    with pytest.raises(Refused) as refused:
        transfer(scene, village=scene.world.pine, document_number="")
    assert codes(refused) == ["posting.document_number_missing", "posting.same_village"]
    with pytest.raises(Refused) as refused:
        transfer(scene, village=None)
    assert codes(refused) == ["posting.village_missing"]

    step = transfer(scene)
    post(scene.world.sun, scene.world.stone)
    with pytest.raises(Refused) as refused:
        life.decide_step(step, agrees=True, answer="", actor=scene.world.leader)
    assert codes(refused) == ["posting.village_has_first_secretary"]
    assert PostingStep.objects.get(pk=step.pk).state == "proposed"


def test_nobody_is_transferred_to_the_village_of_origin_or_of_relatives(scene: Life) -> None:
    scene.at_work()
    li, world = scene.world.li, scene.world
    step = transfer(scene)
    li.native_place = world.stone
    li.save(update_fields=["native_place"])
    with pytest.raises(Refused) as refused:
        life.decide_step(step, agrees=True, answer="", actor=world.leader)
    assert codes(refused) == ["posting.recusal"]

    li.native_place = None
    li.save(update_fields=["native_place"])
    VillageOfficer.objects.create(
        person=world.zhou, village=world.stone, post="vc_director", since=STARTS
    )
    Relative.objects.create(person=world.zhou, other=li, relation="spouse")
    with pytest.raises(Refused) as refused:
        life.decide_step(step, agrees=True, answer="", actor=world.leader)
    assert codes(refused) == ["posting.recusal"]
    assert not Posting.objects.filter(village=world.stone).exists()


def test_nobody_is_transferred_out_of_a_bound_village(scene: Life, bound: None) -> None:
    scene.at_work()
    with pytest.raises(Refused) as refused:
        transfer(scene)

    assert codes(refused) == ["posting.village_bound"]


def test_a_village_bound_meanwhile_stops_the_decision(
    scene: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.at_work()
    step = transfer(scene)
    monkeypatch.setattr(facts_of_neighbours, "BINDERS", [frozenset])

    with pytest.raises(Refused) as refused:
        life.decide_step(step, agrees=True, answer="", actor=scene.world.leader)

    assert codes(refused) == ["posting.village_bound"]


def test_the_term_is_appraised_from_sixty_days_before_its_end(scene: Life) -> None:
    posting, officer = scene.at_work(), scene.world.officer
    opens = UNTIL - timedelta(days=60)
    with clock.at(opens - DAY), pytest.raises(Refused) as refused:
        life.appraise_term(posting, text="考察情况良好", actor=officer)
    assert codes(refused) == ["posting.term_not_near"]

    with clock.at(opens):
        assert life.appraise_term(posting, text="考察情况良好", actor=officer).state == (
            "term_appraised"
        )


def test_a_bound_village_keeps_its_people_past_the_end(scene: Life, bound: None) -> None:
    """A.9: the day after the planned end the posting is IN_POST and an extension is due."""
    posting = scene.at_work()
    with clock.at(UNTIL):
        due = panels.due_of(posting, scene.world.officer)
        assert due is not None
        assert (due.due.act, due.level) == ("extend", "red")
        life.appraise_term(posting, text="届满", actor=scene.world.officer)
        Posting.objects.filter(pk=posting.pk).update(handover_until=UNTIL)
        post(scene.world.sun, scene.world.pine, state="active", predecessor=posting)
        posting.refresh_from_db()
        with pytest.raises(Refused) as refused:
            postings.hand_over_posting(posting, text="台账", actor=scene.secretary)

    assert codes(refused) == ["posting.village_bound"]


def test_a_handed_over_posting_is_not_completed_while_the_village_is_bound(
    scene: Life, bound: None
) -> None:
    posting = scene.at_work()
    Posting.objects.filter(pk=posting.pk).update(state="handed_over", until=SUMMER)
    with pytest.raises(Refused) as refused:
        postings.complete_posting(posting, actor=scene.world.admin)

    assert codes(refused) == ["posting.village_bound"]


def test_the_page_says_what_holds_a_posting_back_and_what_would_open_it(
    scene: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    posting = scene.at_work()
    Posting.objects.filter(pk=posting.pk).update(state="handed_over", until=SUMMER)
    admin, where = (
        scene.world.client(scene.world.admin),
        reverse("posting_detail", args=[posting.pk]),
    )
    assert reverse("posting_complete", args=[posting.pk]) in admin.get(where).text
    monkeypatch.setattr(facts_of_neighbours, "BINDERS", [frozenset])
    page = admin.get(where).text

    assert "整顿工作未达标，干部不得撤回" in page
    assert "整顿事项销号后放开" in page
    assert reverse("posting_complete", args=[posting.pk]) not in page


def test_ceasing_ends_at_once_even_in_a_bound_village(scene: Life, bound: None) -> None:
    posting = scene.at_work()
    with clock.at(SUMMER):
        with pytest.raises(Refused) as refused:
            life.cease_posting(posting, text="", document_number="", actor=scene.world.officer)
        assert codes(refused) == ["posting.reason_missing", "posting.document_number_missing"]
        done = life.cease_posting(
            posting, text="去世", document_number="山组发（2026）9号", actor=scene.world.officer
        )
        due = panels.due_of(done, scene.world.officer)

    assert (done.state, done.until) == ("ceased", SUMMER)
    # Let through by the document, and told in the month's report (G-1).
    (override,) = GateOverride.objects.all()
    assert (override.gate, override.document) == ("G-1", "山组发（2026）9号")
    assert due is not None
    # Fifteen working days after 1 June 2026; 19 June is the Dragon Boat Festival.
    assert (due.due.act, due.due.on) == ("replace", date(2026, 6, 23))


def test_a_recall_begins_is_dropped_or_ends_the_posting(scene: Life, bound: None) -> None:
    posting = scene.at_work()
    with clock.at(SUMMER):
        begun = life.begin_recall(posting, actor=scene.world.officer, case=posting)
        assert begun.state == "recall_pending"
        assert life.drop_recall(begun, actor=scene.world.leader, case=posting).state == "active"
        begun = life.begin_recall(posting, actor=scene.town_secretary, case=posting)
        with pytest.raises(Refused) as refused:
            life.end_by_recall(begun, actor=scene.world.officer, case=posting)
        assert codes(refused) == ["posting.posting.wrong_role"]
        done = life.end_by_recall(
            begun, actor=scene.world.leader, case=posting, document_number="山组发（2026）7号"
        )

    assert (done.state, done.until) == ("recalled", SUMMER)


# --- pages ----------------------------------------------------------------------------------------


def test_the_first_steps_are_taken_on_their_pages(scene: Life) -> None:
    world, pk = scene.world, scene.posting.pk
    with clock.at(ARRIVED):
        officer, town = world.client(world.officer), world.client(world.north_org)
        assert "待登记岗前培训" in officer.get(reverse("worklist")).content.decode()
        assert "李甲一" in officer.get(reverse("life_due")).content.decode()
        said = {"on": "2026-03-28", "training_hours": "16"}
        answer: Any = officer.post(reverse("posting_train", args=[pk]), said)
        assert answer.status_code == 302
        assert "待确认到岗" in town.get(reverse("worklist")).content.decode()
        wrong: Any = town.post(reverse("posting_arrive", args=[pk]), {"on": "x"})
        assert wrong.status_code == 422
        answer = town.post(
            reverse("posting_arrive", args=[pk]),
            {
                "on": "2026-04-02", "party_relation_on": "2026-04-01", "policy_number": "1",
                "insured_since": "2026-04-01", "insured_last_day": "2028-03-31",
            },
        )  # fmt: skip
        assert answer.status_code == 302
        page = town.get(reverse("posting_detail", args=[pk])).content.decode()

    assert "登记岗前培训" in page
    assert Posting.objects.get(pk=pk).state == "active"


def test_whoever_is_insured_already_is_not_asked_for_the_policy_again(scene: Life) -> None:
    Posting.objects.filter(pk=scene.posting.pk).update(state="trained")
    where = reverse("posting_arrive", args=[scene.posting.pk])
    with clock.at(ARRIVED):
        insurance.add_policy(
            scene.posting, insurance.Policy("1", STARTS, SUMMER), actor=scene.world.officer
        )
        insurance.add_policy(
            scene.posting, insurance.Policy("2", SUMMER, UNTIL), actor=scene.world.unit_admin
        )
        town = scene.world.client(scene.world.north_org)
        assert "policy_number" not in town.get(where).content.decode()
        answer: Any = town.post(where, {"on": "2026-04-02", "party_relation_on": "2026-04-01"})

    assert answer.status_code == 302
    assert Posting.objects.get(pk=scene.posting.pk).state == "active"


def test_a_proposal_and_its_decision_have_their_pages(scene: Life) -> None:
    scene.at_work()
    world = scene.world
    with clock.at(SUMMER):
        officer, leader = world.client(world.officer), world.client(world.leader)
        said = {"last_day": "2028-09-30", "text": "项目在建"}
        answer: Any = officer.post(reverse("posting_extend", args=[scene.posting.pk]), said)
        assert answer.status_code == 302
        step = PostingStep.objects.get(act="extend")
        where = reverse("step_decide", args=[step.pk])
        assert where in leader.get(reverse("step_list")).content.decode()
        assert officer.get(where).status_code == 403
        assert leader.post(where, {"outcome": "maybe"}).status_code == 422
        assert leader.post(where, {"outcome": "yes"}).status_code == 302

    assert Posting.objects.get(pk=scene.posting.pk).planned_until == date(2028, 10, 1)


@pytest.mark.parametrize(
    "name", ["suspend", "resume", "continue", "appraise_term", "cease", "extend", "transfer"]
)
def test_a_step_page_says_why_it_is_closed_and_a_stranger_finds_nothing(
    scene: Life, name: str
) -> None:
    world, where = scene.world, reverse(f"posting_{name}", args=[scene.posting.pk])

    page: Any = world.client(world.officer).get(where)

    assert page.status_code == 200
    if name != "transfer":  # somebody appointed may still be sent elsewhere
        assert "posting.posting.wrong_state" in page.content.decode()
    stranger: Any = world.client(world.stranger).get(where)
    assert stranger.status_code in (403, 404)


def test_the_page_of_due_steps_costs_the_same_for_one_and_for_many(
    scene: Life, django_assert_max_num_queries: Any
) -> None:
    world = scene.world
    client = world.client(world.officer)
    for person, village in ((world.wang, world.brook), (world.qian, world.stone)):
        post(person, village, state="appointed")
    client.get(reverse("life_due"))

    with clock.at(ARRIVED), django_assert_max_num_queries(36):
        page = client.get(reverse("life_due")).content.decode()

    assert all(name in page for name in ("李甲一", "王甲二", "钱甲四"))


def test_whose_successor_is_there_hands_over_when_the_overlap_ends(scene: Life) -> None:
    posting = scene.at_work()
    Posting.objects.filter(pk=posting.pk).update(handover_until=SUMMER, state="term_appraised")
    posting.refresh_from_db()

    with clock.at(SUMMER):
        due = panels.due_of(posting, scene.secretary)

    assert due is not None
    assert (due.due.act, due.due.on, due.is_mine) == ("hand_over", SUMMER, True)


def test_the_administrator_lets_somebody_arrive_and_insure_within_fifteen_days(
    scene: Life,
) -> None:
    world, pk = scene.world, scene.posting.pk
    Posting.objects.filter(pk=pk).update(state="trained")
    where = reverse("insurance_waive", args=[pk])
    with clock.at(ARRIVED):
        assert world.client(world.officer).get(where).status_code == 403
        admin = world.client(world.admin)
        assert where in admin.get(reverse("posting_detail", args=[pk])).text
        said: Any = {"reason": "保险公司下周出单", "document_number": "太组发〔2026〕8号"}
        answer: Any = admin.post(where, said)
        assert answer.status_code == 302
        assert admin.post(where, said | {"reason": "再来一次"}).status_code == 409
    scene.posting.refresh_from_db()
    insure_by = scene.posting.insure_by
    assert insure_by is not None
    said = {"party_relation_on": STARTS, "actor": world.north_org}
    with clock.at(insure_by + timedelta(days=1)), pytest.raises(Refused) as late:
        life.confirm_arrival(scene.posting, on=ARRIVED, **said)
    with clock.at(ARRIVED):
        life.confirm_arrival(scene.posting, on=ARRIVED, **said)

    assert (insure_by - ARRIVED).days == 15
    assert codes(late) == ["posting.not_insured"]


def test_an_examination_owed_from_an_earlier_posting_is_made_before_the_new_one(
    scene: Life,
) -> None:
    """G-18: nobody arrives anew who owes one; who is in post is only reminded."""
    world, pk = scene.world, scene.posting.pk
    earlier = post(
        scene.posting.person, world.brook, state="completed", arrived_on=date(2025, 3, 1),
        since=date(2025, 3, 1), planned_until=date(2026, 3, 1), until=date(2026, 3, 1),
    )  # fmt: skip
    Posting.objects.filter(pk=pk).update(state="trained")
    said: Any = {"on": ARRIVED, "party_relation_on": STARTS, "policy": POLICY}
    with clock.at(ARRIVED):
        with pytest.raises(Refused) as owed:
            life.confirm_arrival(scene.posting, **said, actor=world.north_org)
        for posting, on in ((earlier, date(2025, 9, 1)), (scene.posting, ARRIVED)):
            record_support(
                posting, item="health_exam", on=on, by_whom="县人民医院", actor=world.officer
            )
        arrived = life.confirm_arrival(scene.posting, **said, actor=world.north_org)
        with pytest.raises(Refused) as early:
            record_support(
                scene.posting, item="care_visit", on=STARTS - DAY, by_whom="县委组织部",
                actor=world.officer,
            )  # fmt: skip

    assert codes(owed) == ["posting.exam_overdue"]
    assert codes(early) == ["posting.support_before_arrival"]
    with clock.at(date(2027, 1, 4)):
        assert not panels.of_posting(arrived, world.officer)["exam_warnings"]
    SupportRecord.objects.update(void_reason="误登")
    with clock.at(date(2027, 1, 4)):
        page = world.client(world.officer).get(reverse("posting_detail", args=[pk])).text
    assert "健康体检逾期没有做" in page
