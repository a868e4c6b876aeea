"""A problem found in the village: somebody owns it until the finder says that it is solved."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.config import wiring
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.posting.actions import problems
from lingyan.posting.models import Problem
from lingyan.posting.rules import problems as rules
from lingyan.posting.rules.diary_words import ProblemOwner, ProblemState
from tests.posting.duty_scene import TODAY, Duty, acting, on_duty, posted
from tests.posting.scene import codes
from tests.world import World

DUE = date(2026, 3, 20)


@pytest.fixture
def duty(world: World) -> Any:
    with clock.at(TODAY):
        yield on_duty(world)


def found(duty: Duty, owner: str = "village", **more: Any) -> Problem:
    return problems.find_problem(
        **{"text": "饮水管道冻裂", "found_on": TODAY, "owner": owner, "due_on": DUE, **more},
        actor=duty.actor,
    )  # fmt: skip


def waits(actor: Actor) -> list[str]:
    return [one.title for one in wiring.worklist(actor) if "问题" in one.title]


def test_from_the_entry_to_the_solution(duty: Duty) -> None:
    """The finder writes it down, the village handles it, the finder confirms."""
    entry, world = duty.write().entry, duty.world
    finder, village = world.client(duty.actor), world.client(world.pine_secretary)

    finder.post(
        f"{reverse('problem_add')}?entry={entry.pk}",
        {"text": "饮水管道冻裂", "found_on": "2026-03-05", "owner": "village", "due_on": DUE},
    )
    problem = Problem.objects.get()
    assert problem.entry == entry
    assert waits(world.pine_secretary) == ["1 个发现的问题等您办"]
    assert waits(duty.actor) == []
    village.post(reverse("problem_step", args=[problem.pk, "handle"]), {"text": "换了管子"})
    assert waits(world.pine_secretary) == []
    assert waits(duty.actor) == ["1 个发现的问题等您办"]
    finder.post(reverse("problem_step", args=[problem.pk, "confirm"]))

    problem.refresh_from_db()
    assert (problem.state, problem.solved_on) == (ProblemState.SOLVED, TODAY)
    assert waits(duty.actor) == []
    page = finder.get(reverse("problem_detail", args=[problem.pk])).content.decode()
    assert "换了管子" in page
    assert "宋乙八" in page


def test_not_solved_goes_on_with_a_new_day(duty: Duty) -> None:
    problem = problems.handle_problem(found(duty), text="换了管子", actor=duty.world.pine_secretary)

    problem = problems.reopen_problem(
        problem, text="又裂了", owner="town", due_on=date(2026, 4, 1), actor=duty.actor
    )

    assert (problem.state, problem.owner) == ("found", "town")
    assert waits(duty.world.north_org) == ["1 个发现的问题等您办"]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"text": " "}, "posting.problem.text_missing"),
        ({"text": "长" * 501}, "posting.problem.text_long"),
        ({"owner": "heaven"}, "posting.problem.owner_missing"),
        ({"due_on": date(2026, 3, 4)}, "posting.problem.due_on"),
        ({"found_on": date(2026, 3, 6)}, "posting.problem.found_on"),
        ({"found_on": date(2026, 1, 11)}, "posting.problem.outside_term"),
    ],
)
def test_what_cannot_stand_is_refused(duty: Duty, more: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        found(duty, **more)

    assert codes(refused) == [code]


def test_only_the_owner_handles_and_only_the_finder_confirms(duty: Duty) -> None:
    problem, world = found(duty), duty.world
    posted(world.wang, world.pine, "team_member")
    other = acting(world.wang, Role.TEAM_MEMBER, world.pine)

    for who in (world.north_org, world.unit_admin, world.officer, duty.actor, other):
        with pytest.raises(Refused) as refused:
            problems.handle_problem(problem, text="办了", actor=who)
        assert "posting.problem.not_owner" in codes(refused)
    problem = problems.handle_problem(problem, text="办了", actor=world.pine_secretary)
    with pytest.raises(Refused) as refused:
        problems.confirm_problem(problem, actor=other)
    assert codes(refused) == ["posting.problem.not_finder"]
    with pytest.raises(Refused) as refused:
        problems.confirm_problem(problem, actor=world.pine_secretary)
    assert "posting.problem.wrong_role" in codes(refused)


def test_two_people_who_handle_the_same_problem(duty: Duty) -> None:
    problem = found(duty)
    problems.handle_problem(problem, text="办了", actor=duty.world.pine_secretary)

    with pytest.raises(Refused) as refused:
        problems.handle_problem(problem, text="也办了", actor=duty.world.pine_secretary)

    assert codes(refused) == ["posting.problem.wrong_state"]
    assert Problem.objects.get().handled_text == "办了"


def test_who_sees_a_problem(duty: Duty) -> None:
    world, address = duty.world, reverse("problem_detail", args=[found(duty).pk])

    for reader in (world.officer, world.north_org, world.unit_admin, world.pine_secretary):
        assert world.client(reader).get(address).status_code == 200
    for stranger in (world.south_org, world.stranger):
        assert world.client(stranger).get(address).status_code == 404
        assert (
            "饮水管道" not in world.client(stranger).get(reverse("problem_list")).content.decode()
        )
    assert world.client(world.agri).get(address).status_code == 403
    assert Client().get(address).status_code == 302


def test_every_step_has_a_page_and_no_other_has(duty: Duty) -> None:
    problem, client = found(duty, owner="self"), duty.world.client(duty.actor)

    for act in ("handle", "pass_on", "confirm", "reopen"):
        assert client.get(reverse("problem_step", args=[problem.pk, act])).status_code == 200
    assert client.get(reverse("problem_step", args=[problem.pk, "burn"])).status_code == 404
    silent = client.post(reverse("problem_step", args=[problem.pk, "handle"]), {"text": ""})
    assert silent.status_code == 422
    refused = client.post(reverse("problem_step", args=[problem.pk, "confirm"]))
    assert refused.status_code == 409


def test_the_list_finds_what_waits_and_what_is_late(duty: Duty) -> None:
    found(duty, owner="self")
    found(duty, owner="town", text="路灯不亮")
    client = duty.world.client(duty.actor)

    with clock.at(date(2026, 3, 25)):
        mine = client.get(f"{reverse('problem_list')}?turn=waiting").content.decode()
        late = client.get(f"{reverse('problem_list')}?turn=overdue").content.decode()
        of_posting = client.get(f"{reverse('problem_list')}?posting={duty.posting.pk}")

    assert "饮水管道冻裂" in mine
    assert "路灯不亮" not in mine
    assert "路灯不亮" in late
    assert "超期" in late
    assert of_posting.context["listing"].total == 2


def test_the_table_of_steps_leaves_no_state_without_an_end() -> None:
    states = {state.value for state in ProblemState}

    assert {line.before for line in rules.PROBLEM_FLOW} | {"solved"} == states
    assert {line.after for line in rules.PROBLEM_FLOW} == states
    assert set(rules.OWNING_ROLES) == set(ProblemOwner)
