"""Do the pages of rounds of pairing lead from the statements to the decision, for whom they are?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lingyan.cli import main
from lingyan.common import clock
from lingyan.directory.models import Place, Unit
from lingyan.pairing.actions import rounds
from lingyan.pairing.models import Pairing, PairPlan, PairRound, PairRoundUnit
from tests.pairing.round_scene import NAME, RoundScene, again, compute
from tests.pairing.scene import TODAY
from tests.world import World


@pytest.fixture
def scene(world: World) -> Iterator[RoundScene]:
    with clock.at(TODAY):
        yield RoundScene(world)


def at(name: str, *things: Any) -> str:
    return reverse(name, args=[getattr(thing, "pk", thing) for thing in things])


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def test_the_whole_round_is_led_through_its_pages(scene: RoundScene) -> None:
    world = scene.world
    officer, leader = world.client(world.officer), world.client(world.leader)
    unit, village = world.client(world.unit_admin), world.client(world.pine_secretary)

    weights = {"weight_near": 25, "weight_related": 25, "weight_complement": 30}
    opened = officer.post(
        at("pair_round_open"),
        {"name": NAME, "seat": world.north.pk, "middle": 30, "large": 80, "seed": 1,
         "weight_consent": 20, "renewal": 100, **weights},
    )  # fmt: skip
    round = PairRound.objects.get()
    assert opened.headers["Location"] == at("pair_round_detail", round)
    assert officer.post(at("pair_round_units_add", round), {"all": "yes"}).status_code == 302
    assert officer.post(at("pair_round_villages_add", round), {"all": "yes"}).status_code == 302
    finance, pine = scene.unit(round, world.finance), scene.village(round, world.pine)

    assert "填报结对情况：县财政局" in text(unit, at("worklist"))
    levels = {"talent": 2, "fund": 4, "technology": 0, "information": 0, "venue": 0}
    given = {"words": "财政、金融", "lower": 1, "upper": 2, **levels}
    crossed = unit.post(at("pair_unit_statement", finance), {**given, "lower": 3})
    assert crossed.status_code == 422
    assert "最少 3 大于最多 2" in crossed.content.decode()
    assert unit.post(at("pair_unit_statement", finance), given).status_code == 302
    said = {f"answer-{pine.pk}": "asked", f"reason-{pine.pk}": ""}
    assert unit.post(at("pair_unit_answers", finance), said).status_code == 302
    needs = {"words": "茶叶", "lower": 1, "upper": 1, **levels}
    assert village.post(at("pair_village_statement", pine), needs).status_code == 302
    silent = village.post(
        at("pair_village_answers", pine), {f"answer-{finance.pk}": "refused"}, follow=True
    )
    assert "请写明理由" in silent.content.decode()
    assert "填报结对情况" not in text(village, at("worklist"))
    assert "财政" in text(officer, at("pair_round_matrix", round))

    compute(again(round), world)
    plan = again(round).chosen_plan
    assert "县财政局" in text(officer, at("pair_workbench", plan))
    assert "决定方案" in text(leader, at("pair_round_detail", round))
    change = (
        f"{at('pair_plan_change', plan)}?kind=pin&unit={world.school.pk}&village={pine.village_id}"
    )
    page = text(officer, change)
    assert "总结对分" in page
    outcome = page.split('name="outcome" value="')[1].split('"')[0]
    assert officer.post(change, {"outcome": outcome}).status_code == 422
    assert officer.post(change, {"outcome": outcome, "reason": "县里商定"}).status_code == 302
    assert "县里商定" in text(officer, at("pair_workbench", again(round).chosen_plan))

    step = at("pair_round_step", round, "decide")
    assert officer.post(step, {"decision": "同意", "decided_on": "2026-03-02"}).status_code == 409
    assert leader.post(step, {"decision": "同意", "decided_on": "2026-03-02"}).status_code == 302
    assert again(round).state == "decided"
    assert Pairing.objects.filter(origin="round").count() == 4


def test_every_page_of_a_plan_opens_for_the_county_and_for_nobody_else(scene: RoundScene) -> None:
    world, plan = scene.world, scene.plan()
    pair = plan.drafts.order_by("pk").first()
    assert pair is not None
    pages = [
        at("pair_workbench", plan), at("pair_plan_list", plan), at("pair_plan_left", plan),
        at("pair_plan_print", plan),
        at("pair_plan_compare", plan), at("pair_plan_verification", plan),
        at("pair_workbench_village", plan, pair.village_id),
        at("pair_workbench_unit", plan, pair.unit_id),
        at("pair_workbench_prices", plan, pair.village_id),
        at("pair_workbench_pair", plan, pair.village_id, pair.unit_id),
    ]  # fmt: skip
    officer, unit = world.client(world.officer), world.client(world.unit_admin)

    assert [officer.get(page).status_code for page in pages] == [200] * len(pages)
    assert {unit.get(page).status_code for page in pages} == {403}
    assert "已证明最优" in text(officer, at("pair_plan_verification", plan))


def test_a_refuted_plan_is_shown_as_refuted(scene: RoundScene) -> None:
    plan = scene.plan()
    PairPlan.objects.filter(pk=plan.pk).update(verified=False, verdict_text="价格不符")
    officer = scene.world.client(scene.world.officer)

    assert "复核未通过" in text(officer, at("pair_workbench", plan))
    detail = text(scene.world.client(scene.world.leader), at("pair_round_detail", plan.round))
    assert "方案没有通过复核" in detail


def test_who_is_left_is_told_why(scene: RoundScene) -> None:
    from lingyan.pairing.actions import statements
    from lingyan.pairing.actions.statements import Said

    world, round = scene.world, scene.filled()
    pine = scene.village(round, world.pine)
    for unit in (world.finance, world.school):
        said = {pine.pk: Said("refused", "路远")}
        statements.save_answers(scene.unit(round, unit), said, actor=world.officer)
    PairRound.objects.update(seat=None)

    page = text(world.client(world.officer), at("pair_plan_left", scene.plan(again(round))))

    assert "2 个单位一个也不能结对：县第一小学、县财政局不愿意与它结对" in page.replace(
        "县财政局、县第一小学", "县第一小学、县财政局"
    )
    assert "没有一个单位可以结对" in page
    assert "没有所在乡镇的单位（2）" in page


def test_the_files_of_a_plan_are_checked_by_the_command(
    scene: RoundScene, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan, officer = scene.plan(), scene.world.client(scene.world.officer)

    answer = officer.get(at("pair_plan_json", plan))
    (tmp_path / "plan.json").write_bytes(answer.content)

    assert len(json.loads(answer.content)["assignments"]) == 4
    assert main(["match", "verify", str(tmp_path / "plan.json")]) == 0
    assert "成立" in capsys.readouterr().out
    book = officer.get(at("pair_plan_workbook", plan))
    assert book.headers["Content-Type"].endswith("sheet")


@pytest.mark.parametrize(
    ("name", "most"),
    [("pair_workbench", 12), ("pair_plan_list", 14), ("pair_round_units", 14),
     ("pair_round_villages", 14), ("pair_unit_answers", 16)],
)  # fmt: skip
def test_more_units_and_villages_ask_no_more_queries(
    scene: RoundScene, name: str, most: int
) -> None:
    world, round = scene.world, scene.filled()
    officer = world.client(world.officer)
    few = asked(officer, scene, round, name)
    more = [
        Place.objects.create(
            path=f"00010001{n:04}", level="village", name=f"{n}村", short_name=f"{n}村",
            parent=world.north,
        )
        for n in range(100, 112)
    ]  # fmt: skip
    units = [
        Unit.objects.create(name=f"县{n}局", category="county_dept", place=world.county)
        for n in range(6)
    ]
    PairRound.objects.filter(pk=round.pk).update(state="collecting")
    rounds.add_villages(again(round), more, actor=world.officer)
    rounds.add_units(again(round), units, actor=world.officer)

    many = asked(officer, scene, again(round), name)

    assert many <= few <= most


def asked(officer: Client, scene: RoundScene, round: PairRound, name: str) -> int:
    compute(round, scene.world)
    plan = again(round).chosen_plan
    thing: Any = plan if name.startswith(("pair_workbench", "pair_plan")) else round
    if name == "pair_unit_answers":
        thing = PairRoundUnit.objects.get(round=round, unit=scene.world.finance)
    officer.get(at(name, thing))
    with CaptureQueriesContext(connection) as queries:
        assert officer.get(at(name, thing)).status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    ("asked", "villages"),
    [("?q=songshu", 1), ("?q=SS", 1), ("?q=松树", 1), ("?q=zzz", 0), ("?q=xk", 1), ("", 4)],
)
def test_a_side_is_searched_by_name_pinyin_and_initials(
    scene: RoundScene, asked: str, villages: int
) -> None:
    plan = scene.plan(scene.filled())

    page = text(scene.world.client(scene.world.officer), at("pair_workbench", plan) + asked)

    assert f"<b>{villages}</b> 个村" in page


def test_the_decided_plan_is_printed_with_its_decision(scene: RoundScene) -> None:
    plan = scene.plan()
    PairRound.objects.filter(pk=plan.round_id).update(
        state="decided", decision_text="部务会研究同意", decided_on=TODAY, decided_by_name="林部长"
    )

    page = text(scene.world.client(scene.world.officer), at("pair_plan_print", plan))

    assert "部务会研究同意" in page
    assert (
        page.count("<td>县财政局</td>") + page.count("<td>县第一小学</td>") == plan.drafts.count()
    )
