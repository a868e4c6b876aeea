"""Is every objection during the notice taken down, settled by somebody else, and heeded?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.models import AuditEntry
from lingyan.posting.actions import notices, plans, postings, rounds
from lingyan.posting.matching import pricing
from lingyan.posting.models import Draft, NoticeObjection, Posting, Round
from lingyan.posting.rules import RoundState
from lingyan.posting.rules.notices import refuse_to_record_objection, refuse_to_settle_objection
from tests.posting.scene import STARTS, TODAY, Scene, again, codes
from tests.posting.workbench_scene import chosen, make

AFTER_NOTICE = date(2026, 3, 10)


def line_of(round: Round, scene: Scene) -> Draft:
    """The line of the notice that names 李甲一."""
    return Draft.objects.get(plan=again(round).chosen_plan, person=scene.world.li)


def said(scene: Scene, round: Round, **changed: Any) -> NoticeObjection:
    given = {
        "draft": line_of(round, scene),
        "raised_by": "村民赵某",
        "raised_on": TODAY,
        "text": "他的表兄在村里承包鱼塘",
        "actor": scene.world.officer,
        **changed,
    }
    return notices.record_objection(round, **given)


def settle(scene: Scene, objection: NoticeObjection, **changed: Any) -> NoticeObjection:
    given = {
        "outcome": "rejected",
        "text": "经查不属实",
        "actor": scene.world.leader,
        **changed,
    }
    return notices.settle_objection(objection, **given)


def issue(scene: Scene, round: Round) -> list[Posting]:
    with clock.at(AFTER_NOTICE):
        return postings.issue_round(
            round, document_number="山组发(2026)3号", starts_on=STARTS, actor=scene.world.admin
        )


def refusals_of_issuing(scene: Scene, round: Round) -> list[str]:
    with pytest.raises(Refused) as refused:
        issue(scene, round)
    return codes(refused)


def test_an_open_objection_blocks_the_issue_and_the_system_counts_them(scene: Scene) -> None:
    round = scene.announced()
    said(scene, round)
    said(scene, round, draft=None, raised_by="", text="名单里女同志太少")

    with pytest.raises(Refused) as refused:
        issue(scene, round)

    assert codes(refused) == ["posting.objection_open"]
    assert "2 件公示异议" in str(refused.value)
    assert not Posting.objects.exists()


def test_an_objection_that_does_not_hold_lets_the_round_be_issued(scene: Scene) -> None:
    round = scene.announced()
    settle(scene, said(scene, round))

    assert len(issue(scene, round)) == 5


def test_an_objection_that_holds_blocks_until_the_plan_says_otherwise(scene: Scene) -> None:
    round = scene.announced()
    objection = said(scene, round)
    settle(scene, objection, outcome="accepted", text="属实")
    assert refusals_of_issuing(scene, round) == ["posting.objection_accepted"]

    with clock.at(date(2026, 3, 3)):
        plans.send_back_round(round, reason="公示异议成立", actor=scene.world.leader)
        line = line_of(round, scene)
        ban = pricing.Ban(line.person.number, f"{line.village_id}/{line.role}")
        make(chosen(round), ban, actor=scene.world.officer)
        plans.deliberate_round(
            again(round), decision="同意", decided_on=clock.today(), actor=scene.world.leader
        )
        plans.announce_round(again(round), actor=scene.world.officer)
    with clock.at(date(2026, 3, 20)):
        made_postings = postings.issue_round(
            again(round), document_number="文", starts_on=STARTS, actor=scene.world.admin
        )

    assert not [
        one
        for one in made_postings
        if (one.person_id, one.village_id, one.kind)
        == (scene.world.li.pk, objection.village_id, "first_secretary")
    ]


def test_an_objection_to_the_whole_list_that_holds_blocks_that_list(scene: Scene) -> None:
    round = scene.announced()
    settle(scene, said(scene, round, draft=None), outcome="accepted", text="程序有误")

    assert refusals_of_issuing(scene, round) == ["posting.objection_accepted"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"text": " "}, "posting.objection_text_missing"),
        ({"raised_on": date(2026, 3, 1)}, "posting.objection_day"),
        ({"raised_on": date(2026, 3, 3)}, "posting.objection_day"),
    ],
)
def test_what_is_taken_down_is_complete(scene: Scene, changed: dict, code: str) -> None:
    round = scene.announced()

    with pytest.raises(Refused) as refused:
        said(scene, round, **changed)

    assert codes(refused) == [code]
    assert not NoticeObjection.objects.exists()


def test_a_line_of_another_plan_is_not_on_the_notice(scene: Scene) -> None:
    round = scene.announced()
    other = Draft.objects.exclude(plan=again(round).chosen_plan).first()

    with pytest.raises(Refused) as refused:
        said(scene, round, draft=other)

    assert codes(refused) == ["posting.not_on_the_notice"]


@pytest.mark.parametrize("who", ["leader", "north_org", "unit_admin", "stranger"])
def test_only_the_county_office_takes_objections_down(scene: Scene, who: str) -> None:
    round = scene.announced()

    with pytest.raises(Refused) as refused:
        said(scene, round, actor=getattr(scene.world, who))

    assert "posting.wrong_role" in codes(refused)
    assert not NoticeObjection.objects.exists()


def test_before_the_notice_nothing_is_taken_down() -> None:
    found = refuse_to_record_objection(
        role="county_org_staff", round_state=RoundState.DELIBERATED, raised_on=TODAY,
        announced_on=None, today=TODAY, text="有话说", on_the_list=True,
    )  # fmt: skip

    assert [one.code for one in found] == ["posting.no_notice_now"]


def test_after_the_round_has_ended_nothing_is_settled() -> None:
    found = refuse_to_settle_objection(
        round_state=RoundState.ISSUED, text="查过", recorder="1", makers=(), actor="2"
    )

    assert [one.code for one in found] == ["posting.round_over"]


def test_the_one_who_took_it_down_does_not_settle_it(scene: Scene) -> None:
    round = scene.announced()
    objection = said(scene, round, actor=scene.world.admin)

    for actor in (scene.world.admin, scene.world.officer):  # recorder; maker of the plan
        with pytest.raises(Refused) as refused:
            settle(scene, objection, actor=actor)
        assert codes(refused) == ["directory.same_person"]

    assert settle(scene, objection).handled_by_name == scene.world.leader.name


def test_without_a_finding_it_stays_open_and_once_settled_it_stays_settled(scene: Scene) -> None:
    objection = said(scene, scene.announced())

    with pytest.raises(Refused) as refused:
        settle(scene, objection, text="  ")
    assert codes(refused) == ["posting.outcome_missing"]

    settle(scene, objection)
    with pytest.raises(Refused) as refused:
        settle(scene, objection, outcome="accepted")
    assert "posting.notice_objection.wrong_state" in codes(refused)


def test_the_trail_names_the_line_and_never_who_objected(scene: Scene) -> None:
    settle(scene, said(scene, scene.announced()))

    entries = AuditEntry.objects.filter(action__startswith="posting.notice_objection")
    texts = " ".join(f"{one.changes} {one.reason}" for one in entries)
    assert [one.action for one in entries.order_by("number")] == [
        "posting.notice_objection.recorded",
        "posting.notice_objection.settled",
    ]
    assert "李甲一" in texts
    assert "赵某" not in texts
    assert "鱼塘" not in texts
    assert "不属实" not in texts


def test_a_cancelled_round_keeps_its_register(scene: Scene) -> None:
    round = scene.announced()
    said(scene, round)
    rounds.cancel_round(again(round), reason="另行组织", actor=scene.world.admin)

    page = scene.world.client(scene.world.officer).get(
        reverse("notice_objection_list", args=[round.pk])
    )

    assert "鱼塘" in page.text


# --- pages --------------------------------------------------------------------------------------


def register(round: Round) -> str:
    return reverse("notice_objection_list", args=[round.pk])


def posted(client: Any, round: Round, **changed: str) -> Any:
    draft = Draft.objects.filter(plan=again(round).chosen_plan).first()
    given = {
        "draft": str(draft.pk), "raised_by": "", "raised_on": str(TODAY), "text": "不符合条件",
        **changed,
    }  # fmt: skip
    return client.post(reverse("notice_objection_add", args=[round.pk]), given)


def test_the_office_takes_down_and_the_leader_settles_on_the_pages(scene: Scene) -> None:
    round = scene.announced()
    office = scene.world.client(scene.world.officer)
    leader = scene.world.client(scene.world.leader)

    assert "没有收到异议" in office.get(register(round)).text
    assert posted(office, round, text="").status_code == 422
    assert posted(office, round, draft="00000000-0000-0000-0000-000000000000").status_code == 422
    assert posted(office, round).status_code == 302
    assert "匿名" in office.get(register(round)).text
    assert "办结公示异议" in leader.get("/").text
    assert "办结公示异议" not in office.get("/").text

    where = reverse("notice_objection_settle", args=[NoticeObjection.objects.get().pk])
    assert "不符合条件" in leader.get(where).text
    assert leader.post(where, {"outcome": "rejected", "text": ""}).status_code == 422
    assert leader.post(where, {"outcome": "rejected", "text": "已核查"}).status_code == 302
    assert "异议不成立" in leader.get(register(round)).text
    assert "办结公示异议" not in leader.get("/").text


def test_the_page_of_the_round_says_what_keeps_it_from_being_issued(scene: Scene) -> None:
    round = scene.announced()
    said(scene, round)

    with clock.at(AFTER_NOTICE):
        page = scene.world.client(scene.world.admin).get(reverse("round_issue", args=[round.pk]))

    assert "还有 1 件公示异议没有办结" in page.text
    assert "open_objections" not in page.text


@pytest.mark.parametrize("who", ["north_org", "unit_admin", "candidate", "pine_secretary"])
def test_towns_units_and_people_do_not_read_the_register(scene: Scene, who: str) -> None:
    round = scene.announced()
    objection = said(scene, round)
    client = scene.world.client(getattr(scene.world, who))

    assert client.get(register(round)).status_code == 403
    where = reverse("notice_objection_settle", args=[objection.pk])
    assert client.post(where, {"outcome": "rejected", "text": "查"}).status_code == 403
    assert NoticeObjection.objects.get().state == "open"


def test_another_county_finds_nothing(scene: Scene) -> None:
    round = scene.announced()
    objection = said(scene, round)
    county = scene.world.elsewhere.parent
    stranger = Actor(
        scene.world.stranger.user_id, "外县", "county_org_staff", "工作人员",
        type(scene.world.officer.scope)(place_paths=(county.path,)),
    )  # fmt: skip

    with pytest.raises(Refused) as refused:
        settle(scene, objection, actor=stranger)
    assert "posting.other_county" in codes(refused)


def test_anonymous_is_asked_to_sign_in(scene: Scene, client: Any) -> None:
    assert "/sign-in/" in client.get(register(scene.announced()))["Location"]


def test_the_register_costs_the_same_queries_at_any_size(
    scene: Scene, django_assert_max_num_queries: Any
) -> None:
    round = scene.announced()
    for _ in range(6):
        said(scene, round)
    client = scene.world.client(scene.world.officer)

    with django_assert_max_num_queries(24):
        client.get(register(round))
