"""Problems told to pairs: solved only when village and beneficiaries say so, one thing once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.periods import ONE_DAY, Period
from lingyan.common.refusals import Refused
from lingyan.config import wiring
from lingyan.directory.roles import Role
from lingyan.pairing.actions import claims
from lingyan.pairing.actions import pair_problems as actions
from lingyan.pairing.actions.pair_problems import Said
from lingyan.pairing.models import Pairing, PairProblem
from lingyan.pairing.queries import figures, pair_problems
from lingyan.platform.accounts.actor import Actor
from lingyan.posting.models import Problem
from tests.pairing.ledger_records import problem_of, solved
from tests.pairing.scene import TODAY, paired, unit_admin
from tests.posting.duty_scene import acting, posted
from tests.world import World


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@pytest.fixture
def pair(world: World) -> Pairing:
    return paired(world)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in refused.value.refusals]


def waits(actor: Actor) -> list[str]:
    return [one.title for one in wiring.worklist(actor) if "联建问题" in one.title]


def test_from_the_telling_to_the_confirmation(world: World, pair: Pairing) -> None:
    """The village tells, the unit solves, village and a beneficiary confirm."""
    village, unit = world.client(world.pine_secretary), world.client(world.unit_admin)

    said = {
        "pairings": [str(pair.pk)], "kind": "road", "text": "三组的路塌方", "channel": "wechat",
        "raised_by": "张三", "raised_on": "2026-02-28",
    }  # fmt: skip
    assert village.post(reverse("pair_problem_add"), said).status_code == 302
    problem = PairProblem.objects.get()
    assert waits(world.unit_admin) == ["1 个联建问题等您办"]
    assert "受理" in unit.get(reverse("pair_problem_detail", args=[problem.pk])).content.decode()

    def step(client: Any, act: str, **words: str) -> int:
        return int(
            client.post(reverse("pair_problem_step", args=[problem.pk, act]), words).status_code
        )

    assert step(village, "accept", due_on="2026-03-20") == 409
    assert step(unit, "accept", due_on="2026-03-20") == 302
    assert step(unit, "begin", text="已联系交通局") == 302
    assert step(unit, "finish", text="") == 422
    assert step(unit, "finish", text="路已通") == 302
    assert waits(world.unit_admin) == []
    assert waits(world.pine_secretary) == ["1 个联建问题等村里确认"]
    assert step(unit, "confirm", beneficiaries="张三", confirmed_on="2026-03-02") == 409
    assert step(village, "reopen", text="还差护栏") == 302
    assert step(unit, "finish", text="护栏已装") == 302
    assert step(village, "confirm", beneficiaries="、", confirmed_on="2026-03-02") == 409
    assert step(village, "confirm", beneficiaries="张三，李四", confirmed_on="2026-03-02") == 302
    problem.refresh_from_db()
    assert (problem.state, problem.beneficiaries) == ("solved", "张三、李四")
    assert (problem.solved_on, problem.confirmed_by_name) == (TODAY, "宋乙八")
    pair.refresh_from_db()
    assert pair.still_since == TODAY


@pytest.mark.parametrize(
    ("act", "who", "told"),
    [
        ("confirm", "unit_admin", ["pairing.problem.wrong_state"]),
        ("accept", "officer", ["pairing.problem.wrong_role"]),
        ("accept", "school", ["pairing.problem.not_yours"]),
        ("confirm_handled", "north_org", ["pairing.problem.wrong_role"]),
        ("confirm_handled", "mill", ["pairing.problem.not_village"]),
    ],
)
def test_whose_step_it_is(world: World, pair: Pairing, act: str, who: str, told: list[str]) -> None:
    problem = problem_of(pair, actor=world.pine_secretary)
    if act == "confirm_handled":
        act, problem.state = "confirm", "handled"
        problem.save(update_fields=["state"])
    actors = {
        "school": lambda: unit_admin(world, world.school),
        "mill": lambda: acting(world.sun, Role.VILLAGE_SECRETARY, world.mill),
    }
    actor = actors[who]() if who in actors else getattr(world, who)

    reasons = actions.reasons_against(problem, act, actor=actor)

    assert [one.code for one in reasons][: len(told)] == told


def test_two_of_the_same_kind_at_the_same_time_are_asked_about(world: World, pair: Pairing) -> None:
    beside = paired(world, unit=world.school, is_lead=False)
    school = unit_admin(world, world.school)
    problem = problem_of(pair, actor=world.unit_admin)

    with pytest.raises(Refused) as refused:
        problem_of(beside, actor=school, text="路断了")
    claims.claim_problem(problem, pairing=beside, actor=school)
    another = problem_of(beside, actor=school, text="另一条路", is_another=True)

    assert codes(refused) == ["pairing.problem.twin"]
    problem.refresh_from_db()
    assert (problem.claimants, another.claimants) == (2, 1)


def found_by(world: World, text: str, found_on: date, **more: Any) -> Problem:
    posting = posted(world.li, world.pine, "first_secretary")
    return Problem.objects.create(
        posting=posting, text=text, found_on=found_on, owner="village", due_on=TODAY,
        created_at=clock.now(), **more,
    )  # fmt: skip


def test_what_the_first_secretary_found_and_the_pair_was_told_is_one_thing(
    world: World, pair: Pairing
) -> None:
    """Joined by choice: the likeliest comes first, both pages say so, and it counts once."""
    same = found_by(world, "三组道路塌方", date(2026, 2, 10), state="solved", solved_on=TODAY)
    Problem.objects.create(
        posting=same.posting, text="饮水管道冻裂", found_on=date(2026, 2, 20), owner="village",
        due_on=TODAY, created_at=clock.now(), state="solved", solved_on=TODAY,
    )  # fmt: skip
    problem = problem_of(pair, actor=world.unit_admin)
    problem = solved(problem, unit=world.unit_admin, village=world.pine_secretary)
    village = world.client(world.pine_secretary)
    period = Period(date(2026, 1, 1), TODAY + ONE_DAY)
    before = figures.found_and_solved(world.officer.scope, period)

    likely = pair_problems.likely_same(problem, world.pine_secretary.scope)
    answer = village.post(
        reverse("pair_problem_join", args=[problem.pk]), {"source": str(likely[0].id)}
    )

    assert answer.status_code == 302
    assert [one.text for one in likely] == ["三组道路塌方", "饮水管道冻裂"]
    after = figures.found_and_solved(world.officer.scope, period)
    assert before == {"found": 2, "joined": 0}
    assert after == {"found": 2, "joined": 1}
    claim = problem.claims.get(person=world.li)
    assert claim.source_id == same.pk
    page = village.get(reverse("problem_detail", args=[same.pk])).content.decode()
    assert reverse("pair_problem_detail", args=[problem.pk]) in page
    with pytest.raises(Refused) as refused:
        actions.join_found(problem, source_id=same.pk, actor=world.pine_secretary)
    assert codes(refused) == ["pairing.join.not_there"]


def test_who_cannot_see_the_first_secretarys_record_cannot_join_it(
    world: World, pair: Pairing
) -> None:
    school = unit_admin(world, world.school)
    beside = paired(world, unit=world.school, is_lead=False)
    found_by(world, "三组道路塌方", date(2026, 2, 10))
    problem = problem_of(beside, actor=school)

    assert pair_problems.likely_same(problem, school.scope) == []
    assert len(pair_problems.likely_same(problem, world.unit_admin.scope)) == 1


def test_a_first_secretary_who_tells_has_a_part_in_it(world: World, pair: Pairing) -> None:
    posted(world.li, world.pine, "first_secretary")
    first_secretary = acting(world.li, Role.FIRST_SECRETARY, world.pine)

    problem = problem_of(pair, actor=first_secretary)
    actions.step_problem(problem, "accept", Said(), actor=first_secretary)

    assert {str(one) for one in problem.claims.all()} == {str(pair), "第一书记李甲一"}
    assert problem.claimants == 2


def test_a_problem_handed_on_or_voided_is_not_solved(world: World, pair: Pairing) -> None:
    handed = problem_of(pair, actor=world.unit_admin)
    voided = problem_of(pair, actor=world.unit_admin, kind="water")
    actions.step_problem(handed, "transfer", Said(text="转县交通局"), actor=world.north_org)
    actions.step_problem(voided, "void", Said(text="记错村"), actor=world.pine_secretary)

    with pytest.raises(Refused) as refused:
        actions.step_problem(handed, "accept", Said(), actor=world.unit_admin)

    assert codes(refused) == ["pairing.problem.wrong_state"]
    period = Period(date(2000, 1, 1), TODAY + ONE_DAY)
    assert figures.solved(world.officer.scope, period).count() == 0
    assert world.client(world.officer).get(reverse("pair_problem_export")).status_code == 200
