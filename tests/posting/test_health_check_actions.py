"""From a draft to a confirmed check: who may, what refuses it, and what it leaves behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.platform.audit.models import AuditEntry
from lingyan.posting.actions.health_checks import (
    Answers,
    confirm_health_check,
    confirm_health_checks,
    proposed_types,
    record_opinion,
    return_health_check,
    save_health_check,
    start_health_check,
    start_joint_review,
    submit_health_check,
)
from lingyan.posting.actions.need_lists import issue_need_list
from lingyan.posting.models import HealthCheck, NeedList, Posting
from tests.organization.rect_scene import rectifying
from tests.posting.checks import SCORES, check_at, fresh, need_list_of
from tests.world import World


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {one.code for one in refused.value.refusals}


def test_every_step_leaves_a_trace_and_ends_in_a_need_list(world: World) -> None:
    check = check_at(world, "confirmed")

    assert check.state == "confirmed"
    assert check.village_types == ["weak_org"]
    acts = AuditEntry.objects.filter(subject_id=str(check.pk)).order_by("number")
    assert [entry.action.rsplit(".")[-1] for entry in acts] == [
        "started", "saved", "submitted", "review_started", "opinion", "confirmed",
    ]  # fmt: skip
    need_list = need_list_of(check)
    assert need_list.state == NeedList.State.CONFIRMED
    assert (need_list.first_secretary_seats, need_list.member_seats) == (1, 2)
    assert need_list.priority_class == 1
    assert {item.item for item in need_list.items.all()} == {"T1", "T2", "T3", "T4", "T5"}
    assert need_list.items.get(item="T1").text == "书记年龄偏大"


def test_a_village_has_one_check_a_year(world: World) -> None:
    check_at(world, "draft")

    with pytest.raises(Refused) as refused:
        start_health_check(world.pine, actor=world.pine_secretary)

    assert codes(refused) == {"posting.check_exists"}
    assert HealthCheck.objects.count() == 1


def test_a_town_is_not_checked(world: World) -> None:
    with pytest.raises(Refused) as refused:
        start_health_check(world.north, actor=world.north_org)
    assert codes(refused) == {"posting.not_a_village"}


def test_the_county_does_not_fill_in_for_the_town(world: World) -> None:
    with pytest.raises(Refused) as refused:
        start_health_check(world.pine, actor=world.officer)
    assert codes(refused) == {"posting.wrong_role"}


def test_a_village_secretary_drafts_but_does_not_submit(world: World) -> None:
    check = start_health_check(world.pine, actor=world.pine_secretary)
    save_health_check(check, actor=world.pine_secretary, answers=Answers(scores=SCORES))

    with pytest.raises(Refused) as refused:
        submit_health_check(check, actor=world.pine_secretary)

    assert codes(refused) == {"posting.health_check.wrong_role"}
    assert fresh(check).state == "draft"


def test_an_unfinished_check_is_not_submitted_and_says_what_is_missing(world: World) -> None:
    check = check_at(world, "draft", scores={"T1": 3})

    with pytest.raises(Refused) as refused:
        submit_health_check(check, actor=world.north_org)

    assert "班子结构" in refused.value.refusals[0].text
    assert fresh(check).state == "draft"


def test_a_submitted_check_is_no_longer_changed(world: World) -> None:
    check = check_at(world, "submitted")

    with pytest.raises(Refused) as refused:
        save_health_check(check, actor=world.north_org, answers=Answers(scores={"T1": 0}))

    assert codes(refused) == {"posting.check_not_draft"}
    assert check.items.get(item="T1").score == 3


def test_saving_changes_exactly_what_was_changed(world: World) -> None:
    check = check_at(world, "draft")
    answers = Answers(scores={**SCORES, "I1": 4}, texts={"T1": "书记年龄偏大"}, member_seats=2)

    save_health_check(check, actor=world.north_org, answers=answers)

    entry = AuditEntry.objects.filter(action="posting.health_check.saved").first()
    assert entry is not None
    assert entry.changes == {"I1": [[1, ""], [4, ""]]}
    assert check.items.count() == 16


@pytest.mark.parametrize("remark", ["限男性", "35岁以下", "未婚", "要求女同志", "形象好"])
def test_a_remark_that_is_not_about_the_work_is_refused(world: World, remark: str) -> None:
    check = check_at(world, "draft")
    with pytest.raises(Refused) as refused:
        save_health_check(
            check, actor=world.north_org, answers=Answers(scores=SCORES, profile_remark=remark)
        )
    assert codes(refused) == {"posting.remark_not_job_related"}


@pytest.mark.parametrize("remark", ["熟悉茶叶产销", "能做留守妇女工作", "会说土家语"])
def test_a_remark_about_the_work_is_kept(world: World, remark: str) -> None:
    check = check_at(world, "draft")
    answers = Answers(scores=SCORES, profile_remark=remark)
    assert save_health_check(check, actor=world.north_org, answers=answers).profile_remark == remark


def test_confirming_needs_both_opinions(world: World) -> None:
    check = check_at(world, "joint_review")

    with pytest.raises(Refused) as refused:
        confirm_health_check(
            check, actor=world.officer, summary="班子软弱", village_types=["weak_org"]
        )

    assert "县农业农村局尚未填写会商意见" in str(refused.value)
    assert not NeedList.objects.exists()


def test_whoever_submitted_does_not_confirm_in_another_role(world: World) -> None:
    """R-0-20."""
    check = check_at(world, "joint_review")
    record_opinion(check, actor=world.agri, text="同意")
    also_officer = replace(world.officer, user_id=world.north_org.user_id)

    with pytest.raises(Refused) as refused:
        confirm_health_check(check, actor=also_officer, summary="同意", village_types=["weak_org"])

    assert codes(refused) == {"directory.same_person"}
    assert fresh(check).state == "joint_review"


def test_only_the_agriculture_bureau_speaks_for_itself_and_only_in_the_review(
    world: World,
) -> None:
    check = check_at(world, "submitted")

    with pytest.raises(Refused) as refused:
        record_opinion(check, actor=world.officer, text="同意")

    assert codes(refused) == {"posting.wrong_role", "posting.not_in_review"}


def test_a_return_needs_a_reason_and_opens_the_draft_again(world: World) -> None:
    check = check_at(world, "submitted")
    with pytest.raises(Refused):
        return_health_check(check, actor=world.officer, reason=" ")

    return_health_check(check, actor=world.officer, reason="集体收入请写明数额")

    assert fresh(check).state == "draft"
    assert AuditEntry.objects.get(action="posting.health_check.returned").reason.startswith("集体")


def test_several_are_confirmed_together_or_not_at_all(world: World) -> None:
    ready = check_at(world, "joint_review")
    record_opinion(ready, actor=world.agri, text="同意")
    waiting = check_at(world, "joint_review", village=world.stone, town=world.south_org)

    with pytest.raises(Refused) as refused:
        confirm_health_checks([ready, waiting], actor=world.officer, summary="同意")

    assert "石桥村" in str(refused.value)
    assert "松树村" not in str(refused.value)
    assert fresh(ready).state == "joint_review"
    assert not NeedList.objects.exists()


def test_confirming_together_takes_the_suggested_types(world: World) -> None:
    check = check_at(world, "joint_review")
    record_opinion(check, actor=world.agri, text="同意")

    assert confirm_health_checks([check], actor=world.officer, summary="同意") == 1

    assert fresh(check).village_types == ["weak_org"]


def test_what_a_village_is_stays_with_it_from_year_to_year(world: World) -> None:
    """R-2-09: nobody ticks 脱贫村 again; 软弱涣散村 is who is under rectification (R-4-10)."""
    with clock.at(date(2025, 3, 1)):
        old = check_at(world, "joint_review")
        record_opinion(old, actor=world.agri, text="同意")
        types = ["poverty_lifted", "weak_industry", "listed_weak"]
        confirm_health_check(old, actor=world.officer, summary="同意", village_types=types)
        issue_need_list(need_list_of(old), actor=world.officer)
    new = check_at(world, "joint_review")
    record_opinion(new, actor=world.agri, text="同意")
    assert proposed_types(new) == ("weak_org", "poverty_lifted")
    rectifying(world)

    confirm_health_checks([new], actor=world.officer, summary="同意")

    assert fresh(new).village_types == ["weak_org", "poverty_lifted", "listed_weak"]
    assert need_list_of(new).priority_class == 1


def test_next_years_list_supersedes_this_years_list_and_check(world: World) -> None:
    with clock.at(date(2025, 3, 1)):
        old = check_at(world, "confirmed")
        issue_need_list(need_list_of(old), actor=world.officer)
    with clock.at(date(2026, 3, 1)):
        new = check_at(world, "confirmed")
        assert need_list_of(old).state == "issued"

        issue_need_list(need_list_of(new), actor=world.officer)

    assert (need_list_of(old).state, need_list_of(new).state) == ("superseded", "issued")
    assert (fresh(old).state, fresh(new).state) == ("superseded", "need_list_issued")


def test_a_check_in_which_nothing_is_needed_issues_no_list(world: World) -> None:
    check = check_at(world, "confirmed", scores=dict.fromkeys(SCORES, 1))

    with pytest.raises(Refused) as refused:
        issue_need_list(need_list_of(check), actor=world.officer)

    assert codes(refused) == {"posting.no_need", "posting.profile_missing"}
    assert need_list_of(check).state == "confirmed"


def test_a_weak_village_asks_for_a_first_secretary_unless_one_is_there(world: World) -> None:
    """R-2-01: 党组织软弱涣散村全部选派第一书记."""
    check = check_at(world, "confirmed")
    need_list = need_list_of(check)
    NeedList.objects.filter(pk=need_list.pk).update(
        first_secretary_seats=0, village_types=["weak_org", "listed_weak"]
    )

    with pytest.raises(Refused) as refused:
        issue_need_list(need_list, actor=world.officer)

    assert codes(refused) == {"posting.weak_village_without_secretary"}
    assert need_list_of(check).state == "confirmed"
    Posting.objects.create(
        person=world.li, village=world.pine, unit=world.finance, kind="first_secretary",
        state="active", document_number="山组发1号", since=date(2025, 3, 1),
        planned_until=date(2027, 3, 1), created_at=clock.now(),
    )  # fmt: skip
    assert issue_need_list(need_list, actor=world.officer).state == "issued"


def test_the_review_is_started_by_the_county_only(world: World) -> None:
    check = check_at(world, "submitted")
    with pytest.raises(Refused):
        start_joint_review(check, actor=world.north_org)
    assert fresh(check).state == "submitted"
