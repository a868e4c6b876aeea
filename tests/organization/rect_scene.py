"""松树村 under rectification: who answers for it, its problems, and the steps to its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lingyan.common import clock
from lingyan.directory.roles import Role
from lingyan.organization.actions import acceptance, rect_ballots, rect_problems
from lingyan.organization.models import RectificationCase, RectProblem, RectSupport
from lingyan.organization.rules import acceptance as rules
from lingyan.platform.accounts.actor import Actor
from tests.world import World, _actor

STARTED = date(2026, 3, 2)
DUE = date(2026, 9, 2)
GROUP = "安丁一 县纪委监委\n白丁二\n车丁三"
POINTS = {"team_run": 20, "members": 20, "govern": 20, "economy": 20}


@dataclass
class Scene:
    world: World
    case: RectificationCase
    problem: RectProblem
    head: Actor  # 县级领导
    town: Actor  # 乡镇党委书记
    secretary: Actor  # 村党组织书记
    first: Actor  # 第一书记

    def again(self) -> RectificationCase:
        return RectificationCase.objects.select_related("village__parent").get(pk=self.case.pk)


def rectifying(world: World, *, situation: str = "W07") -> Scene:
    """A case that started on 2 March 2026, with one problem and the four who serve."""
    head = _actor("head", "康丁四", Role.COUNTY_LEADER, place=world.pine)
    town = _actor("northsec", "杜丁五", Role.TOWN_SECRETARY, place=world.north)
    first = _actor("first", "李甲一", Role.FIRST_SECRETARY, place=world.pine)
    case = RectificationCase.objects.create(
        county=world.county, village=world.pine, year=2026, serial=1, state="rectifying",
        state_since=STARTED, opened_on=date(2026, 1, 15), decided_on=date(2026, 2, 10),
        document_number="山委〔2026〕3号", started_on=STARTED, due_on=DUE, identify_mode="direct",
        made_by_id=world.north_org.user_id, made_by_name=world.north_org.name,
    )  # fmt: skip
    case.situations.create(
        code=situation, evidence="村务公开栏半年没有更新", confirmed_by_name="高乙六",
        confirmed_on=date(2026, 1, 15),
    )  # fmt: skip
    for kind, name, more in (
        ("S1", head.name, {"user_id": head.user_id, "is_standing_committee": True}),
        ("S2", "方丁六", {}),
        ("S3", first.name, {"person": world.li}),
        ("S4", world.finance.name, {"unit": world.finance}),
    ):
        RectSupport.objects.create(
            case=case, kind=kind, name=name, since=STARTED, made_by_name="陈乙一", **more
        )
    problem = RectProblem.objects.create(
        case=case, situation=situation, description="村务公开不及时", cause="没有专人",
        measure="每月10日公开", owner="宋乙八", due_on=date(2026, 5, 31),
        made_by_name="杜丁五", made_on=STARTED,
    )  # fmt: skip
    return Scene(world, case, problem, head, town, world.pine_secretary, first)


def put_right(scene: Scene, problem: RectProblem | None = None) -> None:
    """A problem on its way to 已核实."""
    said = rect_problems.Said
    problem = problem or scene.problem
    problem = rect_problems.step_problem(
        problem, "begin", said(measure="每月10日公开", owner="宋乙八", due_on=date(2026, 8, 31)),
        actor=scene.secretary,
    )  # fmt: skip
    problem = rect_problems.step_problem(
        problem, "finish", said(text="公开栏照片3张"), actor=scene.first
    )
    rect_problems.step_problem(problem, "verify", said(text="到村看过"), actor=scene.town)


def into_acceptance(scene: Scene) -> RectificationCase:
    acceptance.sign_self_check(scene.case, text="都改了", actor=scene.secretary)
    acceptance.sign_self_check(scene.case, text="都改了", actor=scene.first)
    acceptance.pass_town_check(scene.case, text="到村看过", actor=scene.town)
    acceptance.open_inspection(
        scene.case, members=rules.members_of(GROUP), actor=scene.world.officer
    )
    return scene.again()


def judged(scene: Scene, *, content: int, against: int, issued: int = 30) -> RectificationCase:
    """Scored with 80 points, and a vote counted on paper."""
    officer = scene.world.officer
    acceptance.score_inspection(scene.case, points=POINTS, text="逐项看过", actor=officer)
    vote = rect_ballots.make_slips(scene.case, households=120, slips=issued, actor=officer)
    vote = rect_ballots.hand_out(vote, actor=officer)
    rect_ballots.count_papers(
        vote, papers=content + against, satisfied=content, basic=0, unsatisfied=against,
        counters="安丁一、白丁二", no_cadres=True, actor=officer,
    )  # fmt: skip
    return scene.again()


def cleared(scene: Scene, on: date) -> RectificationCase:
    """All the way to 跟踪巩固."""
    with clock.at(on):
        put_right(scene)
        into_acceptance(scene)
        judged(scene, content=24, against=6)
        acceptance.clear_case(scene.again(), actor=scene.world.leader)
        return acceptance.begin_following(scene.again(), actor=scene.world.north_org)
