"""Do the pages of the workbench open for those they are for, and do they show what they must?"""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import lingyan_matching as engine
from lingyan.cli import main
from lingyan.common.workbook import read_workbook
from lingyan.directory.models import Place, RoleAssignment
from lingyan.directory.queries import actor_of
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.models import User
from lingyan.platform.audit.models import AuditEntry
from lingyan.posting import matching
from lingyan.posting.actions import plans, rounds
from lingyan.posting.exports import plans as exports
from lingyan.posting.matching import pricing
from lingyan.posting.models import Adjustment, Objection, Plan
from lingyan.posting.panels.workbench import lists, overview, shortage
from lingyan.posting.panels.workbench.words import regret_text, regret_weight
from lingyan.posting.problem.explanation import plain_classes
from lingyan_matching.stable_prices import StableBook
from tests.marks import assert_marked
from tests.posting.scene import TODAY, Scene, again
from tests.posting.workbench_scene import (
    FIRST,
    REASON,
    address,
    change_address,
    chosen,
    loaded,
    make,
    post_of,
    rows,
    somebody_else,
)
from tests.world import SINCE

PLAN_PAGES = (
    "workbench",
    "plan_shortages",
    "plan_compare",
    "plan_verification",
    "plan_workbook",
    "plan_json",
    "plan_print",
)


@pytest.fixture
def plan(scene: Scene) -> Plan:
    return chosen(scene.computed())


@pytest.fixture
def officer(scene: Scene) -> Client:
    return scene.world.client(scene.world.officer)


def every_page(scene: Scene, plan: Plan) -> list[str]:
    person, post = next(iter(rows(plan).items()))
    village, _, role = post.rpartition("/")
    other = plan.round.plans.get(origin=Plan.Origin.STABLE_POSTS)
    return [
        *(address(name, plan) for name in PLAN_PAGES),
        address("workbench_village", plan, village),
        address("workbench_prices", plan, village, role),
        address("workbench_pair", plan, village, role, person),
        address("workbench_person", plan, person),
        address("plan_compare_with", plan, other),
    ]


def officer_of_another_county(scene: Scene) -> Actor:
    county = Place.objects.get(name="邻水县")
    user = User.objects.create_user("next", name="外县一")
    return actor_of(
        RoleAssignment.objects.create(
            user=user, role=Role.COUNTY_ORG_STAFF, place=county, since=SINCE
        )
    )


# --- who may open them --------------------------------------------------------------------------


def test_every_page_opens_for_the_county_and_for_nobody_else(scene: Scene, plan: Plan) -> None:
    world = scene.world
    outsider = world.client(officer_of_another_county(scene))
    for page in every_page(scene, plan):
        for actor in (world.officer, world.admin, world.leader):
            assert world.client(actor).get(page).status_code == 200, page
        assert outsider.get(page).status_code == 404, page
        for actor in (world.north_org, world.unit_admin, world.candidate, world.stranger):
            assert world.client(actor).get(page).status_code == 403, page
        assert Client().get(page).status_code == 302, page


def test_the_leader_reads_but_finds_nothing_to_press(scene: Scene, plan: Plan) -> None:
    person, post = next(iter(rows(plan).items()))
    client = scene.world.client(scene.world.leader)

    for page in every_page(scene, plan):
        assert "/change/" not in client.get(page).content.decode(errors="ignore"), page
    asked = change_address(plan, kind="ban", person=person, post=post)
    assert client.get(asked).status_code == 403
    assert client.post(asked, {"reason": "x", "outcome": "y"}).status_code == 403
    assert client.post(address("plan_undo", plan), {"reason": "x"}).status_code == 403
    assert again(plan.round).chosen_plan_id == plan.pk


def test_the_round_leads_to_the_plan_in_use(scene: Scene, plan: Plan, officer: Client) -> None:
    answer = officer.get(address("workbench_round", plan.round))

    assert answer["Location"] == address("workbench", plan)
    assert (
        address("workbench_round", plan.round)
        in officer.get(address("round_detail", plan.round)).text
    )


def test_a_round_without_a_plan_has_no_workbench(scene: Scene, officer: Client) -> None:
    assert officer.get(address("workbench_round", scene.asked())).status_code == 404


def test_what_is_not_in_the_plan_is_404(scene: Scene, plan: Plan, officer: Client) -> None:
    nowhere = scene.world.elsewhere.pk
    someone = next(iter(rows(plan)))
    pine = scene.world.pine.pk
    for page in (
        address("workbench_village", plan, nowhere),
        address("workbench_person", plan, "R9999"),
        address("workbench_prices", plan, pine, "nobody"),
        address("workbench_pair", plan, pine, FIRST, "R9999"),
        address("workbench_pair", plan, nowhere, FIRST, someone),
        address("plan_compare_with", plan, nowhere),
        change_address(plan, kind="pin", person="R9999", post=post_of(scene.world.pine)),
        change_address(plan, kind="mend", person=someone, post=post_of(scene.world.pine)),
        change_address(plan, kind="withdraw", person="R9999"),
        change_address(plan, kind="swap", person="R9999"),
    ):
        assert officer.get(page).status_code == 404, page


# --- what they show -----------------------------------------------------------------------------


def test_both_sides_and_the_team_of_each_village(scene: Scene, plan: Plan, officer: Client) -> None:
    text = officer.get(address("workbench", plan)).text

    for village in (scene.world.pine, scene.world.brook, scene.world.stone, scene.world.mill):
        assert village.short_name in text
    for one in plan.drafts.select_related("person"):
        assert one.person.name in text


@pytest.mark.parametrize(
    ("asked", "shown", "hidden"),
    [
        ({"q": "松树"}, "松树村", "磨坊村"),
        ({"town": "南河镇"}, "磨坊村", "松树村"),
        ({"klass": "1"}, "溪口村", "磨坊村"),
        ({"state": "empty"}, "没有符合条件的村", "松树村"),
        ({"state": "full", "sort": "fit"}, "松树村", "没有符合条件"),
        ({"type": "weak_industry"}, "松树村", "磨坊村"),
        ({"klass": "x", "town": "无此镇", "type": "?", "sort": "?"}, "松树村", "没有符合条件"),
    ],
)
def test_villages_are_searched_and_filtered(
    plan: Plan, officer: Client, asked: dict[str, str], shown: str, hidden: str
) -> None:
    text = officer.get(address("workbench", plan), asked, HTTP_HX_TARGET="wb-villages").text

    assert shown in text
    assert hidden not in text
    assert "wb-people" not in text


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({}, 0),
        ({"pstate": "all"}, 5),
        ({"pstate": "seated"}, 5),
        ({"pstate": "all", "pq": "李甲一"}, 1),
        ({"pstate": "all", "punit": "县财政局"}, 3),
        ({"pstate": "all", "pcap": "economy"}, 2),
        ({"pstate": "all", "ppage": "99"}, 5),
        ({"pstate": "all", "ppage": "x"}, 5),
    ],
)
def test_people_are_searched_and_filtered(
    plan: Plan, officer: Client, asked: dict[str, str], count: int
) -> None:
    text = officer.get(address("workbench", plan), asked, HTTP_HX_TARGET="wb-people").text

    assert f"<b>{count}</b> 人" in text
    assert text.count('class="wb-row"') == count


def test_each_state_says_how_many_villages_it_leaves(plan: Plan, officer: Client) -> None:
    page, asked = address("workbench", plan), {"town": "北山镇"}
    text = officer.get(page, asked, HTTP_HX_TARGET="wb-villages").text
    chips = dict(re.findall(r'class="wb-chip"[^>]*>(\S+) <b>(\d+)</b>', text))

    assert chips == {"全部": "2", "配齐": "2"}
    assert "空村" not in text


def test_who_is_searched_for_among_those_left_is_found_among_all(
    plan: Plan, officer: Client
) -> None:
    text = officer.get(
        address("workbench", plan), {"pq": "李甲一"}, HTTP_HX_TARGET="wb-people"
    ).text

    assert "没有符合条件的人选" in text
    assert "在全部人选里有 1 人" in text


def test_the_filters_go_along_to_the_village_and_to_the_next_one(
    scene: Scene, plan: Plan, officer: Client
) -> None:
    asked = {"sort": "town", "pstate": "all"}
    text = officer.get(address("workbench", plan), asked).text
    links = re.findall(r'class="wb-row" href="(/posting/plans/[^"]+/villages/[^"]+)"', text)

    assert len(links) == 4
    assert all(link.endswith("/?sort=town&amp;pstate=all") for link in links)
    second = officer.get(links[1].replace("&amp;", "&")).text
    assert "2 / 4" in second
    bar = second.split('class="wb-step"')[1].split("</nav>")[0]
    assert links[0] in bar
    assert links[2] in bar
    assert "上一个村" not in officer.get(links[0].replace("&amp;", "&")).text


def test_each_need_says_whether_the_team_meets_it(
    scene: Scene, plan: Plan, officer: Client
) -> None:
    row = officer.get(address("workbench", plan), {"q": "松树"}).text.split('class="wb-row"')[1]
    picked = officer.get(address("workbench_village", plan, scene.world.pine)).text
    matrix = picked.split('class="wb-matrix"')[1].split("</table>")[0]
    met, asked = map(int, re.findall(r"需求满足 (\d+)/(\d+)", row)[0])

    assert matrix.count('<th scope="row">') == asked > 0
    assert matrix.count('<span class="tag g">满足</span>') == met
    assert matrix.count("（满足）") == 0
    assert f"全队合起来满足 {met} 项" in picked


def test_the_overview_adds_up_class_by_class_and_town_by_town(plan: Plan) -> None:
    found = overview.overview(lists.village_rows(plan.pk, loaded(plan)))
    figures = plan.figures

    assert (found.total.filled, found.total.seats) == (figures["filled"], figures["seats"])
    for lines in (found.classes, (*found.short, *found.full)):
        assert sum(line.villages for line in lines) == figures["villages"]
        assert sum(line.filled for line in lines) == figures["filled"]
        assert sum(line.met for line in lines) == found.total.met
    assert found.total.fit == figures["fit_total"] // figures["filled"]


def test_one_village_shows_needs_parts_rules_and_ranks(
    scene: Scene, plan: Plan, officer: Client
) -> None:
    text = officer.get(address("workbench_village", plan, scene.world.pine)).text

    for word in ("需求匹配", "村镇意向", "具备 / 需要", "失分", "硬性条件通过", "合格人选"):
        assert word in text
    assert "本人第 1 志愿" in text
    assert "从事相关工作" in text


def test_htmx_gets_the_middle_only(scene: Scene, plan: Plan, officer: Client) -> None:
    page = address("workbench_village", plan, scene.world.pine)

    part = officer.get(page, HTTP_HX_REQUEST="true", HTTP_HX_TARGET="wb-detail").text
    restored = officer.get(
        page, HTTP_HX_TARGET="wb-detail", HTTP_HX_HISTORY_RESTORE_REQUEST="true"
    ).text

    assert "<html" not in part
    assert "松树村" in part
    assert "<html" in restored


def test_prices_are_said_goal_by_goal(scene: Scene, plan: Plan, officer: Client) -> None:
    page = address("workbench_prices", plan, scene.world.mill.pk, FIRST)

    text = officer.get(page, HTTP_HX_TARGET="prices-x").text

    assert "<html" not in text
    assert "配备人数不变，总匹配度少" in text
    assert text.count("kind=pin") == 4


def test_a_pair_says_what_would_flip_it(scene: Scene, plan: Plan, officer: Client) -> None:
    post = post_of(scene.world.mill)
    page = address("workbench_pair", plan, scene.world.mill.pk, FIRST, somebody_else(plan, post))

    text = officer.get(page).text

    assert "没有派到这里" in text
    assert "若坚持派到这里：配备人数不变" in text
    assert "怎样才会改变" in text
    assert "匹配分" not in text


def test_a_stable_plan_has_its_prices_too(scene: Scene, plan: Plan, officer: Client) -> None:
    """Each is what making the plan again with the pair fixed gives."""
    stable = plan.round.plans.get(origin=Plan.Origin.STABLE_PEOPLE)
    ready = loaded(stable)
    post = post_of(scene.world.mill)

    text = officer.get(address("workbench_prices", stable, scene.world.mill.pk, FIRST)).text

    assert "按同样的互选办法重新算过" in text
    assert "这不是现在采用的方案" in text
    assert "/change/" not in text
    person, seat = next(iter(rows(stable).items()))
    loss = StableBook(ready.graph, ready.engine_plan).withdrawal(person)
    where = matching.split_post(seat)
    told = officer.get(address("workbench_pair", stable, *where, person)).text
    assert f"若这位退出：{regret_text(loss)}" in told
    others = [one for one in engine.prices(ready.graph, ready.engine_plan, post) if not one.held]
    assert others
    for one in others:
        assert one.regret is not None
        assert regret_text(one.regret) in text


def test_who_would_rather_have_each_other_is_part_of_a_stable_price(
    scene: Scene, plan: Plan, officer: Client
) -> None:
    stable = plan.round.plans.get(origin=Plan.Origin.STABLE_PEOPLE)
    ready = loaded(stable)
    found = [
        (one, post)
        for post in ready.posting_problem.post_number
        for one in engine.prices(ready.graph, ready.engine_plan, post)
        if one.blocking
    ]
    assert found
    price, post = found[0]
    village, _, role = post.partition("/")

    page = address("workbench_pair", stable, village, role, price.person)

    assert f"另有 {len(price.blocking)} 对更愿意选对方却不能如愿" in officer.get(page).text
    assert regret_weight(price.regret).tone != "g"


def test_somebody_left_over_is_told_why(scene: Scene, plan: Plan, officer: Client) -> None:
    person = next(iter(rows(plan)))
    after = make(plan, pricing.Withdraw(person), actor=scene.world.officer)

    text = officer.get(address("workbench_person", after, person)).text

    assert "没有派出" in text
    assert "已退出本批次" in text.split('id="wb-people"')[1]
    assert "已退出本批次" in text
    assert "/change/" not in text.split('id="wb-detail"')[1].split('id="wb-people"')[0]


def test_empty_seats_are_explained(scene: Scene, plan: Plan, officer: Client) -> None:
    assert "岗位全部配齐" in officer.get(address("plan_shortages", plan)).text
    after = make(plan, pricing.Withdraw(next(iter(rows(plan)))), actor=scene.world.officer)

    text = officer.get(address("plan_shortages", after)).text

    assert "还有 <b>1</b> 个岗位空缺" in text
    assert "全县只有 4 名人选可派" in text
    assert "必然空缺 1 个" in text
    assert "其余" not in text


def test_a_long_shortage_shows_a_dozen_and_folds_the_rest(
    plan: Plan, officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = shortage.EmptyPost("p", plan.pk, "松树村第一书记", 1, 0, 3)
    person = shortage.Candidate("1", "李甲一", "")
    one = shortage.CompetingSet((post,) * 110, (person,) * 15, 100, 110, 15, (), (), ())
    many = shortage.Shortages((one,), (post,) * 13, (), 95)
    monkeypatch.setattr(shortage, "shortages", lambda *_: many)

    text = officer.get(address("plan_shortages", plan)).text

    for folded in ("其余 98 个岗位", "其余 3 名人选", "其余 1 个岗位"):
        assert f"<summary>{folded}</summary>" in text
    assert text.split("<summary>其余 98 个岗位")[0].count("松树村第一书记") == 12


def test_what_is_the_same_of_many_is_said_once(scene: Scene, officer: Client) -> None:
    """One village of one seat, five people: four would be best there too."""
    round, actor = scene.opened(), scene.world.officer
    rounds.add_villages(round, scene.needs[3:], actor=actor)
    rounds.add_people(round, scene.entries, actor=actor)
    for step in (rounds.close_demand, rounds.open_wishes, rounds.open_intentions):
        step(round, actor=actor)
    plans.compute_plans(actor=actor, report=lambda percent, text: None, round_id=str(round.pk))
    plan = chosen(round)
    holder = plan.drafts.get().person

    side = officer.get(address("workbench", plan)).text.split('id="wb-people"')[1]
    reasons = [row.reason for row in lists.people_rows(plan.pk, loaded(plan)) if row.taken_by]

    assert len(reasons) == 4
    assert side.count(f"由{holder.name}（") == 4
    assert side.count(lists.TAKEN_NOTE) == 1
    assert "名额已满：" not in side


def test_comparison_shows_the_price_of_stability(plan: Plan, officer: Client) -> None:
    text = officer.get(address("plan_compare", plan)).text

    for word in ("稳定的代价", "双向选择五项", "不稳定互选", "第1志愿", "<svg", "更好"):
        assert word in text


def test_verification_lists_what_was_checked(plan: Plan, officer: Client) -> None:
    text = officer.get(address("plan_verification", plan)).text

    assert text.count("已复核：") >= 5
    assert "已证明最优" in text
    assert plan.snapshot_sha256 in text


def test_the_number_of_queries_does_not_grow(
    scene: Scene, plan: Plan, officer: Client, django_assert_max_num_queries: Any
) -> None:
    for page in every_page(scene, plan):
        officer.get(page)
        with django_assert_max_num_queries(30):
            officer.get(page)


# --- changing -----------------------------------------------------------------------------------


def test_a_change_from_the_page(scene: Scene, plan: Plan, officer: Client) -> None:
    post = post_of(scene.world.mill)
    person = somebody_else(plan, post)
    asked = change_address(plan, kind="pin", person=person, post=post)

    shown = officer.get(asked)
    outcome = shown.context["shown"].outcomes[0].fingerprint
    empty = officer.post(asked, {"outcome": outcome, "reason": ""})
    done = officer.post(asked, {"outcome": outcome, "reason": "村里需要"})
    twice = officer.post(asked, {"outcome": outcome, "reason": "村里需要"})

    assert "变动最少" in shown.text
    assert "确认调整" in shown.text
    assert empty.status_code == 422
    after = chosen(plan.round)
    assert done["Location"] == address("workbench_village", after, scene.world.mill)
    assert rows(after)[person] == post
    assert twice.status_code == 409
    assert "方案已经变了" in twice.text
    assert Adjustment.objects.count() == 1


def test_a_price_that_has_changed_is_shown_again(scene: Scene, plan: Plan, officer: Client) -> None:
    post = post_of(scene.world.mill)
    asked = change_address(plan, kind="pin", person=somebody_else(plan, post), post=post)

    answer = officer.post(asked, {"outcome": "0" * 16, "reason": "村里需要"})

    assert answer.status_code == 422
    assert "按现在显示的代价重新选择" in answer.text
    assert again(plan.round).chosen_plan_id == plan.pk


def test_an_outdated_plan_shows_no_button(scene: Scene, plan: Plan, officer: Client) -> None:
    person, post = next(iter(rows(plan).items()))
    make(plan, pricing.Ban(person, post), actor=scene.world.officer)

    text = officer.get(change_address(plan, kind="ban", person=person, post=post)).text

    assert "方案已经变了" in text
    assert "确认调整" not in text


def test_a_pin_against_a_rule_shows_the_rule_and_no_button(scene: Scene) -> None:
    round = scene.asked()
    Objection.objects.create(
        round=round,
        kind=Objection.Kind.VILLAGE_VETO,
        person=scene.world.zhao,
        place=scene.world.mill,
        reason="与村里有纠纷",
        entered_on=TODAY,
    )
    from lingyan.posting.actions import plans

    plans.compute_plans(
        actor=scene.world.officer, report=lambda percent, text: None, round_id=str(round.pk)
    )
    plan = chosen(round)
    number, post = scene.world.zhao.number, post_of(scene.world.mill)
    client = scene.world.client(scene.world.officer)

    text = client.get(change_address(plan, kind="pin", person=number, post=post)).text

    assert "不通过：村不接收" in text
    assert "村不接收：村不接收" not in text
    assert "赵甲三" in text
    assert "不能这样调整" in text
    assert "确认调整" not in text
    assert str(scene.world.mill.pk) not in text.split("不能这样调整")[1].split("</p>")[0]
    pair = client.get(address("workbench_pair", plan, scene.world.mill.pk, FIRST, number)).text
    assert "不符合" in pair


def test_a_swap_asks_for_the_other_one_first(scene: Scene, plan: Plan, officer: Client) -> None:
    first, second = [p for p, post in sorted(rows(plan).items()) if post.endswith(FIRST)][:2]

    choices = officer.get(change_address(plan, kind="swap", person=first)).text
    shown = officer.get(change_address(plan, kind="swap", person=first, other=second)).text

    assert f'value="{second}"' in choices
    assert "互换岗位" in shown
    assert "变动 2 人" in shown


def test_undo_from_the_page(scene: Scene, plan: Plan, officer: Client) -> None:
    person, post = next(iter(rows(plan).items()))
    after = make(plan, pricing.Ban(person, post), actor=scene.world.officer)
    page = address("plan_undo", after)

    asked = officer.get(page)
    empty = officer.post(page, {"reason": ""})
    done = officer.post(page, {"reason": "另有意见"})

    assert "撤回的是" in asked.text
    assert empty.status_code == 422
    assert done["Location"] == address("workbench", plan)
    assert again(plan.round).chosen_plan_id == plan.pk
    assert officer.post(page, {"reason": "另有意见"}).status_code == 409


def test_history_names_price_reason_and_person(scene: Scene, plan: Plan, officer: Client) -> None:
    person, post = next(iter(rows(plan).items()))
    after = make(plan, pricing.Ban(person, post), actor=scene.world.officer)

    text = officer.get(address("workbench", after)).text

    assert "班子需要熟悉经济工作的同志" in text
    assert scene.world.officer.name in text
    assert "撤回最近一次" in text


# --- taking it along ----------------------------------------------------------------------------


def test_the_workbook_holds_the_plan_and_its_changes(
    scene: Scene, plan: Plan, officer: Client
) -> None:
    post = post_of(scene.world.mill)
    after = make(plan, pricing.Pin(somebody_else(plan, post), post), actor=scene.world.officer)

    book = read_workbook(officer.get(address("plan_workbook", after)).content, filename="a.xlsx")

    assert list(book.sheets) == [
        "方案",
        "空缺原因",
        "未派人选及原因",
        "规则与核查",
        "汇总指标",
        "方案对比",
        "调整记录",
    ]
    said = "\n".join(str(cell) for row in book.sheets["方案"].rows for cell in row)
    for sheet in book.sheets.values():
        assert_marked(sheet.rows[0][0], scene.world.officer)
    assert "班子需要熟悉经济工作的同志" in said
    figures = {row[0]: row for row in book.sheets["汇总指标"].rows}
    assert figures["人工调整"][1] in (1, "1")
    changed = "\n".join(str(cell) for row in book.sheets["调整记录"].rows for cell in row)
    assert "指定" in changed
    assert "总匹配度" in changed


def test_each_row_of_the_workbook_says_what_the_engine_says(
    scene: Scene, plan: Plan, officer: Client
) -> None:
    """The points alone say how good a pair is; only the engine says why nobody else is there."""
    ready = loaded(plan)
    said = exports.engine_reasons(plan.pk, ready)
    assert set(said) == set(rows(plan).items())

    book = read_workbook(officer.get(address("plan_workbook", plan)).content, filename="a.xlsx")

    head, *lines = book.sheets["方案"].rows[-len(said) - 1 :]
    cells = [str(line[list(head).index("理由")]) for line in lines]
    for one in said.values():
        assert any(plain_classes(one["text_zh"]) in cell for cell in cells)


def test_a_stable_plan_leaves_as_a_workbook_too(scene: Scene, plan: Plan, officer: Client) -> None:
    stable = plan.round.plans.get(origin="stable-people")

    answer = officer.get(address("plan_workbook", stable))

    assert answer.status_code == 200
    assert "方案" in read_workbook(answer.content, filename="a.xlsx").sheets


def test_no_page_shows_the_code_of_a_rule(scene: Scene, officer: Client) -> None:
    scene.world.sun.work_started_on = date(2025, 8, 1)
    scene.world.sun.save()
    plan = chosen(scene.computed())
    assert "工作不满2年" in officer.get(address("workbench", plan)).text
    person, post = next(iter(rows(plan).items()))
    village = post.partition("/")[0]
    pages = [
        officer.get(address("workbench", plan)),
        officer.get(address("workbench_village", plan, village)),
        officer.get(address("workbench_pair", plan, village, FIRST, person)),
        officer.get(address("plan_shortages", plan)),
        officer.get(address("pool_entry", scene.world.li.pool_entry)),
    ]

    for page in pages:
        assert page.status_code == 200
        assert not re.search(r">[^<]*\bR(-\d-)?\d\d\b[^<]*<", page.text), page.request["PATH_INFO"]


def test_no_name_of_a_plan_nests_its_brackets(plan: Plan) -> None:
    for one in plan.round.plans.all():
        assert str(one).count("（") == 1


def test_the_plan_says_how_often_it_was_changed_by_hand(
    scene: Scene, plan: Plan, officer: Client
) -> None:
    assert "没有人工调整" in officer.get(address("plan_detail", plan)).text
    person, post = next(iter(rows(plan).items()))
    after = make(plan, pricing.Ban(person, post), actor=scene.world.officer)

    text = officer.get(address("plan_detail", after)).text

    assert re.search(r"人工调整</span><div class=\"v\">1", text)
    assert REASON.reason in text


def test_a_stable_plan_that_is_the_only_one_is_called_so(
    scene: Scene, plan: Plan, officer: Client
) -> None:
    ends = [plan.round.plans.get(origin=side) for side in ("stable-people", "stable-posts")]
    same = rows(ends[0]) == rows(ends[1])
    assert same == ends[0].figures["stable_unique"]

    for unique in (True, False):
        for end in ends:
            end.figures["stable_unique"] = unique
            end.save()
        shown = officer.get(address("round_detail", plan.round)).text
        assert ("稳定方案唯一" in shown) is unique
        compared = officer.get(address("plan_compare_with", plan, ends[0])).text
        assert ("稳定方案唯一" in compared) is unique


def test_the_json_is_accepted_by_the_command_line(
    scene: Scene, plan: Plan, officer: Client, tmp_path: Path
) -> None:
    first, second = [p for p, post in sorted(rows(plan).items()) if post.endswith(FIRST)][:2]
    after = make(plan, pricing.Swap(first, second), actor=scene.world.officer)
    path = tmp_path / "plan.json"

    path.write_bytes(officer.get(address("plan_json", after)).content)

    assert main(["match", "verify", str(path)]) == 0
    document = json.loads(path.read_text(encoding="utf-8"))
    assert {line["pin_reason"] for line in document["assignments"] if line["pinned"]} == {
        "班子需要熟悉经济工作的同志"
    }
    for word in ("id_number", "phone", "health", "discipline"):
        assert word not in path.read_text(encoding="utf-8")


def test_every_export_leaves_an_entry(scene: Scene, plan: Plan, officer: Client) -> None:
    for name in ("plan_workbook", "plan_json", "plan_print"):
        officer.get(address(name, plan))

    forms = [
        entry.changes["form"][1]
        for entry in AuditEntry.objects.filter(action="posting.plan.exported").order_by("number")
    ]
    assert forms == ["Excel 工作簿", "plan.json", "打印页"]


def test_a_demo_says_so_in_workbook_and_file(scene: Scene, plan: Plan, officer: Client) -> None:
    Place.objects.update(is_demo=True)

    document = officer.get(address("plan_json", plan)).json()
    book = officer.get(address("plan_workbook", plan)).content
    printed = officer.get(address("plan_print", plan)).text

    assert_marked(printed, scene.world.officer, act="打印")
    assert "演示数据" in document["banner"]
    assert "演示数据" in printed
    rows_there = read_workbook(book, filename="a.xlsx").sheets["方案"].rows
    assert "演示数据" in str(rows_there[0][0])


def test_the_names_of_the_pin_stay_out_of_the_snapshot(scene: Scene, plan: Plan) -> None:
    """The reason of a pin stands in the record of changes; the snapshot is that of the round."""
    post = post_of(scene.world.mill)
    after = make(plan, pricing.Pin(somebody_else(plan, post), post), actor=scene.world.officer)

    assert loaded(after).engine_plan.snapshot_sha256 == plan.snapshot_sha256
    assert loaded(after).posting_problem.settings.pins == ()
