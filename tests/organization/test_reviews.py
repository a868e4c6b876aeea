"""A year of secretaries: their lists, the review from its opening to the file, a unit's target."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date

import pytest
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.directory.actions.officers import OfficerRow, register_officer
from lingyan.directory.roles import Role
from lingyan.organization.actions import agency_targets, duty_lists, reviews
from lingyan.organization.models import AgencyTarget, DutyList, ReviewRound
from lingyan.organization.panels.reviews import count, indicator_names, worklist
from lingyan.organization.queries import reviews as queries
from lingyan.organization.rules.duty_lists import INDICATORS
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.models import AuditEntry
from lingyan.supervision.actions.tasks import step_task
from lingyan.supervision.models import SupervisionTask
from tests.furnished import body
from tests.world import World, _actor

DAY = date(2026, 3, 9)
COUNTS = {"good": 20, "fairly_good": 5, "fair": 2, "poor": 1}
POINTS = {"duty": 1800, "life": 2400, "members": 900, "clean": 1500}


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.at(DAY):
        yield


def town_secretary(world: World) -> Actor:
    return _actor("north-secretary", "彭丙四", Role.TOWN_SECRETARY, place=world.north)


def refused(act: object) -> list[str]:
    with pytest.raises(Refused) as found:
        act()  # type: ignore[operator]  # a lambda of the test
    return [one.code for one in found.value.refusals]


# --- duty lists -----------------------------------------------------------------------------------


def test_a_list_begins_with_the_usual_is_submitted_and_approved_above(world: World) -> None:
    town, village = town_secretary(world), world.pine_secretary
    duty = duty_lists.start_duty_list(year=2026, actor=village)
    again = duty_lists.start_duty_list(year=2026, actor=village)

    duty = duty_lists.submit_duty_list(duty, actor=village)
    assert refused(lambda: duty_lists.approve_duty_list(duty, actor=village))
    duty = duty_lists.return_duty_list(duty, reason="写细一点", actor=town)
    duty = duty_lists.submit_duty_list(duty, actor=village)
    duty = duty_lists.approve_duty_list(duty, actor=town)

    assert again.pk == duty.pk
    assert duty.state == "approved"
    acts = AuditEntry.objects.filter(subject_id=str(duty.pk)).order_by("number")
    assert [one.rsplit(".", 1)[1] for one in acts.values_list("action", flat=True)] == [
        "drafted", "submitted", "returned", "submitted", "approved",
    ]  # fmt: skip


def test_the_next_year_begins_with_what_was_there(world: World) -> None:
    duty = duty_lists.start_duty_list(year=2025, actor=world.pine_secretary)
    own = [duty_lists.Item("members", "自己的事", "自己的措施", date(2025, 6, 1))]
    duty_lists.save_duty_list(duty, items=own, actor=world.pine_secretary)

    after = duty_lists.start_duty_list(year=2026, actor=world.pine_secretary)

    [item] = after.items.all()
    assert (item.duty, item.due_on) == ("自己的事", date(2026, 6, 1))


def test_a_number_that_measures_an_item_opens_its_page(world: World) -> None:
    """Each that a list may name is in the catalogue; the page is of the list's place and year."""
    assert list(indicator_names()) == list(INDICATORS)
    village, town = world.pine_secretary, town_secretary(world)
    duty = duty_lists.start_duty_list(year=2026, actor=village)
    duty_lists.submit_duty_list(duty, actor=village)

    page = body(world.client(town).get(reverse("duty_list", args=[duty.pk])))
    found = re.search(r'data-l="数据"><a href="([^"]*IND-1-13[^"]*)">村级后备力量</a>', page)
    assert found
    assert f"area=place-{world.pine.pk}" in found[1]
    assert world.client(town).get(html.unescape(found[1])).status_code == 200


def test_what_is_typed_is_kept_when_it_cannot_be_submitted(world: World) -> None:
    duty = duty_lists.start_duty_list(year=2026, actor=world.pine_secretary)
    client = world.client(world.pine_secretary)
    assert body(client.get(reverse("duty_list", args=[duty.pk]))).count('value="2026-12-31"') == 3
    form = {
        "item-TOTAL_FORMS": "1", "item-INITIAL_FORMS": "0", "item-MIN_NUM_FORMS": "0",
        "item-MAX_NUM_FORMS": "30", "item-0-topic": "team", "item-0-duty": "配齐班子",
        "item-0-measure": "三个月内", "item-0-due_on": "2026-12-31", "act": "submit",
    }  # fmt: skip

    answer = client.post(reverse("duty_list_step", args=[duty.pk]), form)

    page = body(answer)
    assert answer.status_code == 409
    assert "发展党员" in page
    assert "配齐班子" in page
    assert [one.duty for one in duty.items.all()] == ["配齐班子"]
    assert DutyList.objects.get().state == "draft"


def test_the_worklist_asks_the_writer_and_then_the_approver(world: World) -> None:
    town, village = town_secretary(world), world.pine_secretary
    assert [one.title for one in worklist(village)] == ["1 份本年党建责任清单还没有写"]

    duty = duty_lists.start_duty_list(year=2026, actor=village)
    assert [one.title for one in worklist(village)] == ["1 份责任清单待提交"]
    duty_lists.submit_duty_list(duty, actor=village)

    assert not worklist(village)
    assert "1 份责任清单待批准" in [one.title for one in worklist(town)]
    assert count(town) == len(worklist(town))
    with clock.at(date(2026, 1, 15)):
        duty.delete()
        assert not worklist(village)


# --- the review -----------------------------------------------------------------------------------


def opened(world: World) -> ReviewRound:
    register_officer(
        OfficerRow(world.sun, world.pine, "party_secretary", date(2024, 1, 1)), actor=world.admin
    )
    return reviews.open_round(
        level="village", year=2025, place=world.north, form="on_site", actor=world.north_org
    )


def test_a_review_goes_from_its_opening_to_the_file(world: World) -> None:
    round, north, leader = opened(world), world.north_org, world.leader
    [result] = round.results.all()
    assert result.name == "孙甲五"
    assert refused(lambda: reviews.step_round(round, "report", actor=north)) == [
        "organization.review_not_reported"
    ]

    result = reviews.confirm_report(result, remark="", actor=world.pine_secretary)
    assert ["两委成员", "1 人"] in result.facts
    round = reviews.step_round(round, "report", actor=north)
    reviews.count_votes(result, counts=COUNTS, actor=north)
    round = reviews.step_round(round, "evaluate", actor=north)
    assert refused(lambda: reviews.step_round(round, "grade", actor=north)) == [
        "organization.review_round.wrong_role", "organization.review_no_grade",
        "organization.review_undecided", "directory.same_person",
    ]  # fmt: skip
    reviews.grade_result(result, grade="middle", is_weak=False, reason="", actor=leader)
    round = reviews.step_round(round, "grade", actor=leader)
    assert refused(lambda: reviews.step_round(round, "list_problems", actor=north)) == [
        "organization.review_no_problem"
    ]
    reviews.add_problem(result, text="记录不全", due_on=date(2026, 6, 30), actor=north)
    round = reviews.step_round(round, "list_problems", actor=north)
    assert refused(lambda: reviews.step_round(round, "rectify", actor=north)) == [
        "organization.review_problem_open"
    ]
    [task] = SupervisionTask.objects.all()
    step_task(task, "accept", actor=world.pine_secretary)
    step_task(task, "submit", text="补齐了", evidence="记录本", actor=world.pine_secretary)
    step_task(task, "verify", text="看过", actor=north)
    round = reviews.step_round(round, "rectify", actor=north)
    assert not queries.list_rounds(north.scope).filter(queries.linked_q())
    round = reviews.step_round(round, "archive", actor=world.officer)

    assert round.state == "archived"
    assert list(queries.list_rounds(north.scope).filter(queries.linked_q())) == [round]
    [due] = queries.towns_due(world.officer.scope)
    assert due == world.north


def test_one_review_a_year_and_only_of_ones_own_level(world: World) -> None:
    opened(world)

    def again(level: str, actor: Actor, place: object = world.north) -> list[str]:
        return refused(
            lambda: reviews.open_round(
                level=level,
                year=2025,
                place=place,
                form="on_site",
                actor=actor,  # type: ignore[arg-type]  # a place of the world
            )
        )

    assert again("village", world.north_org) == ["organization.review_twice"]
    assert again("town", world.north_org) == ["organization.review_place"]
    assert again("village", world.officer, world.county) == ["organization.review_place"]
    assert again("unit", world.officer, world.county) == ["organization.review_nobody"]


def test_a_secretary_confirms_the_own_report_and_reads_no_other_line(world: World) -> None:
    round = opened(world)
    [result] = round.results.all()
    stone = _actor("stone-sec", "石书记", Role.VILLAGE_SECRETARY, place=world.stone)

    assert refused(lambda: reviews.confirm_report(result, remark="", actor=stone)) == [
        "organization.review_round.wrong_role"
    ]
    page = reverse("review_result", args=[result.pk])
    assert world.client(stone).get(page).status_code == 404
    own = body(world.client(world.pine_secretary).get(page))
    assert "确认述职报告" in own
    assert "还没有述职评议" in body(world.client(stone).get(reverse("review_list")))


def test_votes_are_counted_on_the_page_and_kept_as_counts(world: World) -> None:
    round = opened(world)
    [result] = round.results.all()
    client, page = world.client(world.north_org), reverse("review_result", args=[result.pk])
    reviews.confirm_report(result, remark="", actor=world.pine_secretary)
    client.post(reverse("review_step", args=[round.pk]), {"act": "report"})

    short = client.post(page, {"good": "3"})
    done = client.post(page, {key: str(value) for key, value in COUNTS.items()})

    result.refresh_from_db()
    assert short.status_code == 422
    assert done.status_code == 302
    assert result.votes == 28
    file = client.get(reverse("review_export", args=[round.pk]))
    assert file.status_code == 200


# --- targets --------------------------------------------------------------------------------------


def test_a_target_takes_the_pairs_part_from_the_records_and_is_approved(world: World) -> None:
    made = agency_targets.write_target(
        world.finance, year=2026, points=POINTS, evidence="台账", actor=world.officer
    )
    assert (made.has_pairing, made.total) == (False, 9429)  # 66 of 70

    made = agency_targets.submit_target(made, actor=world.officer)
    made = agency_targets.return_target(made, reason="再核对", actor=world.leader)
    made = agency_targets.write_target(
        world.finance, year=2026, points={**POINTS, "duty": 2000}, evidence="", actor=world.officer
    )
    made = agency_targets.submit_target(made, actor=world.officer)
    made = agency_targets.approve_target(made, actor=world.leader)

    assert made.state == "approved"
    assert AgencyTarget.objects.get().total == 9714
    client = world.client(world.officer)
    assert "97.14" in body(client.get(reverse("target_list"), {"year": "2026"}))
    assert client.get(reverse("target_export")).status_code == 200


def test_a_target_is_typed_without_the_pairs_part(world: World) -> None:
    client, page = world.client(world.officer), reverse("target", args=[world.finance.pk, 2026])
    typed = {"duty": "18", "life": "24", "members": "9", "clean": "15", "evidence": ""}

    wrong = client.post(page, {**typed, "duty": "21"})
    right = client.post(page, {**typed, "pairing": "30"})

    assert wrong.status_code == 422
    assert right.status_code == 302
    assert AgencyTarget.objects.get().pairing_score is None
    assert refused(
        lambda: agency_targets.write_target(
            world.finance, year=2026, points={**POINTS, "pairing": 3000}, evidence="",
            actor=world.officer,
        )
    ) == ["organization.target_typed"]  # fmt: skip
