"""From a weak village to the day on which the work begins: each step, each reason against it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.directory.models import RoleAssignment, VillageOfficer
from lingyan.directory.roles import Role
from lingyan.organization.actions import screening
from lingyan.organization.actions.rect_listing import (
    answer_consultation,
    ask_departments,
    name_support,
    rank_cases,
    strike_problem,
    take_from_records,
)
from lingyan.organization.actions.rectification import Said, reasons_against, step_case
from lingyan.organization.facts import rectification_open, serves_rectification
from lingyan.organization.models import RectificationCase, RectScreening
from lingyan.organization.queries import rectification as queries
from lingyan.organization.queries.screening import line_of, signals_of
from lingyan.organization.rules.screening import Finding
from lingyan.pairing import facts_of_neighbours as asked_by_pairing
from lingyan.platform.accounts.models import User
from lingyan.platform.audit.models import AuditEntry
from lingyan.posting import facts_of_neighbours as asked_by_posting
from lingyan.posting.models import Posting
from lingyan.supervision.models import SupervisionTask
from tests.organization.listing_scene import DECISION, TODAY, W01, RectScene, user_of
from tests.world import World, _actor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@pytest.fixture
def scene(world: World) -> RectScene:
    return RectScene(world)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code.removeprefix("organization.") for one in refused.value.refusals]


def refused(act: Any, *args: Any, **said: Any) -> list[str]:
    with pytest.raises(Refused) as told:
        act(*args, **said)
    return codes(told)


def secretary_left(world: World, on: date) -> None:
    VillageOfficer.objects.create(
        person=world.sun, village=world.pine, post="party_secretary", since=date(2021, 1, 1),
        until=on,
    )  # fmt: skip


# --- screening ------------------------------------------------------------------------------------


def test_the_records_hint_and_a_person_confirms(world: World, scene: RectScene) -> None:
    secretary_left(world, date(2025, 12, 15))
    with clock.at(date(2026, 3, 15)):
        assert signals_of([world.pine.pk]) == {}  # three months are not more than three months
    [signal] = line_of(world.pine, 2026).waiting
    assert (signal.code, "2025-12-15" in signal.text) == ("W01", True)

    assert RectificationCase.objects.count() == 0
    case = scene.found(Finding("W01", "经核实属实", signal.text))

    assert line_of(world.pine, 2026).waiting == []
    assert (case.number, case.state) == ("〔2026〕1号", "screened")
    assert RectScreening.objects.get().outcome == "found"


def test_a_hint_is_answered_before_a_village_passes(world: World, scene: RectScene) -> None:
    secretary_left(world, date(2025, 10, 1))
    act = screening.pass_village

    assert refused(act, world.pine, actor=scene.town) == ["screening.answer"]
    assert refused(act, world.brook, actor=world.officer) == ["screening.wrong_role"]
    act(world.pine, text="镇长兼任书记，班子运行正常", actor=scene.town)
    assert line_of(world.pine, 2026).waiting == []
    # What comes up later is asked about again.
    world.sun.offices.update(until=date(2025, 10, 2))
    assert len(line_of(world.pine, 2026).waiting) == 1


def test_the_hint_of_a_vacant_post_becomes_one_task_of_the_town(
    world: World, scene: RectScene
) -> None:
    secretary_left(world, date(2025, 10, 1))

    screening.ask_about_signals()
    screening.ask_about_signals()

    [task] = SupervisionTask.objects.all()
    assert (task.office, task.due_on, task.rule) == (world.north, date(2026, 4, 15), "G-5 W01")


def test_no_village_has_two_cases_and_every_situation_has_evidence(
    world: World, scene: RectScene
) -> None:
    scene.found()
    again = screening.open_case

    assert refused(again, world.pine, [W01], actor=scene.town) == ["screening.under_way"]
    assert refused(again, world.brook, [], actor=scene.town) == ["screening.nothing"]
    bare = [Finding("W03", " "), Finding("W03", "有记录")]
    assert refused(again, world.brook, bare, actor=scene.town) == [
        "screening.twice", "screening.evidence",
    ]  # fmt: skip
    assert refused(again, world.brook, [W01], actor=world.officer) == ["rect.wrong_role"]
    assert RectificationCase.objects.count() == 1


def test_more_is_added_until_the_case_is_proposed(world: World, scene: RectScene) -> None:
    case = scene.found()
    screening.add_situations(case, [Finding("W11", "三年没有发展党员")], actor=scene.town)

    assert queries.situation_codes(case) == ["W01", "W11"]
    assert refused(
        screening.add_situations, case, [Finding("W11", "又一次")], actor=scene.town
    ) == ["screening.twice"]
    step_case(case, "propose", Said(), actor=scene.town)
    late = screening.add_situations
    assert refused(late, case, [Finding("W12", "收入低")], actor=scene.town) == [
        "screening.proposed"
    ]


# --- consultation and decision --------------------------------------------------------------------


def test_seven_departments_answer_for_themselves(world: World, scene: RectScene) -> None:
    world.school.name = "山阳县民政局"
    world.school.save(update_fields=["name"])
    case = scene.asked()
    asked = {one.department: one for one in case.consultations.all()}
    civil = _actor("civil", "民丁四", Role.DEPT_STAFF, unit=world.school)

    assert len(asked) == 7
    assert refused(answer_consultation, asked["police"], opinion="none", actor=civil) == [
        "rect.not_your_department"
    ]
    assert refused(answer_consultation, asked["civil_affairs"], opinion="agree", actor=civil) == [
        "rect.opinion_text"
    ]
    answer_consultation(asked["civil_affairs"], opinion="agree", text="村务混乱", actor=civil)
    answer_consultation(asked["agriculture"], opinion="none", actor=world.agri)
    assert refused(step_case, case, "consult", Said(), actor=world.officer) == ["rect.unanswered"]
    assert refused(ask_departments, case, actor=world.officer) == ["rect.asked_already"]
    entry = AuditEntry.objects.filter(action="organization.rect.answered").latest("pk")
    assert entry.changes["department"][1] == "农业农村"


def test_the_county_decides_by_other_hands_and_with_a_document(
    world: World, scene: RectScene
) -> None:
    case = scene.consulted()
    confirm = Said(document_number=DECISION, on=TODAY)

    assert refused(step_case, case, "confirm", confirm, actor=world.officer) == ["rect.wrong_role"]
    assert refused(step_case, case, "confirm", Said(), actor=world.leader) == ["rect.document"]
    early = Said(document_number=DECISION, on=date(2026, 3, 1))
    assert refused(step_case, case, "confirm", early, actor=world.leader) == ["rect.decided_on"]
    case = step_case(case, "confirm", confirm, actor=world.leader)
    assert (case.state, case.identify_mode, case.document_number) == (
        "confirmed", "direct", DECISION,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("found", "opinion", "mode"),
    [
        (("W11", "W13"), "none", "composite"),
        (("W13",), "none", None),
        (("W13",), "agree", "composite"),  # the departments' joint opinion
    ],
)
def test_what_does_not_suffice_is_not_listed(
    world: World, scene: RectScene, found: tuple[str, ...], opinion: str, mode: str | None
) -> None:
    """A.9: W11 and W13 together are enough, W13 alone is not."""
    case = scene.found(*(Finding(code, "有记录") for code in found))
    case = scene.consulted(step_case(case, "propose", Said(), actor=scene.town), opinion)
    said = Said(document_number=DECISION, on=TODAY)

    if mode is None:
        told = refused(step_case, case, "confirm", said, actor=world.leader)
        assert told == ["rect.not_identified"]
        assert refused(step_case, case, "dismiss", Said(), actor=world.leader) == [
            "rect.text_missing"
        ]
        said = Said(text="情形不够认定")
        assert step_case(case, "dismiss", said, actor=world.leader).state == "not_listed"
    else:
        assert step_case(case, "confirm", said, actor=world.leader).identify_mode == mode


def test_ranks_are_given_once_each(world: World, scene: RectScene) -> None:
    case = scene.proposed()

    assert refused(rank_cases, {case.pk: 0}, actor=world.officer) == ["rect.ranks"]
    assert rank_cases({case.pk: 1}, actor=world.officer) == 1
    assert rank_cases({case.pk: 1}, actor=world.officer) == 0


# --- the plan and the four ------------------------------------------------------------------------


def test_a_plan_names_a_problem_for_every_situation(world: World, scene: RectScene) -> None:
    case = scene.confirmed()
    said = Said(text="配齐班子")

    assert refused(step_case, case, "plan", said, actor=scene.town_secretary) == [
        "rect.bare_situation"
    ]
    planned = scene.planned(case)
    assert planned.state == "planned"
    problem = planned.problems.get()
    assert refused(strike_problem, problem, actor=scene.town) == ["rect.plan_closed"]


def test_a_village_without_first_secretary_asks_for_one_and_cannot_start(
    world: World, scene: RectScene
) -> None:
    """G-2."""
    case = scene.planned()
    [task] = SupervisionTask.objects.filter(rule="G-2")

    assert task.due_on == date(2026, 4, 15)
    told = refused(step_case, case, "start", Said(), actor=world.officer)
    assert told == ["rect.support_missing", "rect.no_first_secretary"]
    assert refused(take_from_records, case, "S3", actor=world.officer) == ["rect.no_secretary"]
    assert refused(take_from_records, case, "S4", actor=world.officer) == ["rect.no_pair"]


def test_the_work_begins_when_all_four_are_there(world: World, scene: RectScene) -> None:
    scene.post_and_pair()
    case = scene.supported()

    assert not SupervisionTask.objects.filter(rule="G-2").exists()
    case = step_case(case, "start", Said(), actor=world.officer)

    assert (case.state, case.started_on, case.due_on) == (
        "rectifying", TODAY, date(2026, 9, 16),
    )  # fmt: skip
    assert queries.missing_supports(case) == []
    # The leader's account reaches the village from this day on.
    assert RoleAssignment.objects.filter(
        user=scene.leader.user_id, role=Role.COUNTY_LEADER, place=world.pine
    ).exists()


def test_a_posting_that_ended_leaves_its_place_among_the_four_empty(
    world: World, scene: RectScene
) -> None:
    posting = scene.post_and_pair()
    case = scene.supported()
    Posting.objects.filter(pk=posting.pk).update(state="completed", until=TODAY)

    assert [one.value for one in queries.missing_supports(case)] == ["S3"]
    assert [one.code for one in reasons_against(case, "start", actor=world.officer)] == [
        "organization.rect.no_first_secretary"
    ]


def test_a_leader_who_leaves_hands_over_to_a_named_one(world: World, scene: RectScene) -> None:
    scene.post_and_pair()
    case = scene.supported()
    other = _actor("county-leader-2", "纪丁五", Role.COUNTY_LEADER, place=world.county)

    assert refused(name_support, case, "S1", user=user_of(scene.leader), actor=world.officer) == [
        "rect.support_same"
    ]
    stranger = User.objects.get(pk=world.agri.user_id)
    assert refused(name_support, case, "S1", user=stranger, actor=world.officer) == [
        "rect.no_leader"
    ]
    name_support(case, "S1", user=user_of(other), actor=world.officer)

    served = [(one.name, one.until) for one in case.supports.filter(kind="S1").order_by("pk")]
    assert sorted(served, key=lambda one: one[1] is None) == [("常丁二", TODAY), ("纪丁五", None)]
    ended = RoleAssignment.objects.get(user=scene.leader.user_id, place=world.pine)
    assert ended.until == TODAY


# --- what the neighbours are told -----------------------------------------------------------------


def test_posting_and_pairing_learn_who_is_bound(world: World, scene: RectScene) -> None:
    """R-4-10 with G-1 and G-3, from the day of the list."""
    scene.post_and_pair()
    villages, pair = [world.pine.pk, world.brook.pk], (world.finance.pk, world.pine.pk)
    consulted = scene.consulted()
    assert rectification_open(villages) == frozenset()

    case = step_case(consulted, "confirm", Said(document_number=DECISION), actor=world.leader)
    assert asked_by_posting.villages_bound(villages) == {world.pine.pk}
    assert serves_rectification([pair]) == frozenset()
    scene.supported(scene.planned(case))
    assert asked_by_pairing.pairs_bound([pair, (world.school.pk, world.pine.pk)]) == {pair}
    RectificationCase.objects.update(state="cleared")
    assert asked_by_posting.villages_bound(villages) == frozenset()
    assert serves_rectification([pair]) == frozenset()


@pytest.mark.parametrize(
    ("state", "child", "is_bound"),
    [
        ("accepting", None, True),
        ("following", None, False),
        ("not_listed", None, False),
        ("reopened", None, True),
        ("reopened", "confirmed", True),
        ("reopened", "cleared", False),
    ],
)
def test_a_relapsed_case_speaks_until_its_child_does(
    world: World, scene: RectScene, state: str, child: str | None, is_bound: bool
) -> None:
    """A.9."""
    case = scene.found()
    RectificationCase.objects.update(state=state)
    if child:
        RectificationCase.objects.create(
            county=world.county, village=world.pine, year=2026, serial=2, state=child,
            state_since=TODAY, opened_on=TODAY, parent=case,
        )  # fmt: skip

    assert rectification_open([world.pine.pk]) == ({world.pine.pk} if is_bound else set())
