"""Does the command line find in the exported workbooks the plan that the page has found?"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lingyan.cli import main
from lingyan.common.packed import unpack
from lingyan.common.workbook import DEMO_BANNER, read_workbook
from lingyan.directory.models import AdjoiningTowns, Place, Relative, VillageOfficer
from lingyan.platform.audit.models import AuditEntry
from lingyan.posting.actions import intentions, plans
from lingyan.posting.models import Objection, Plan, PoolEntry, Round
from lingyan_matching import plan_from_json
from tests.marks import assert_marked
from tests.posting.scene import Scene, again

SEED = 7


def fetched(client: Client, round: Round, folder: Path) -> tuple[Path, Path]:
    paths = []
    for name in ("needs", "people"):
        answer = client.get(reverse(f"round_{name}_workbook", args=[round.pk]))
        assert answer.status_code == 200
        path = folder / f"{name}.xlsx"
        path.write_bytes(answer.content)
        paths.append(path)
    return paths[0], paths[1]


def on_the_command_line(needs: Path, people: Path, out: Path) -> dict[str, Any]:
    asked = ["match", "posting", "--needs", str(needs), "--people", str(people)]
    assert main([*asked, "--seed", str(SEED), "--out", str(out)]) == 0
    document: dict[str, Any] = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    return document


def computed(scene: Scene, round: Round) -> Plan:
    plans.compute_plans(
        actor=scene.world.officer, report=lambda percent, text: None, round_id=str(round.pk)
    )
    return Plan.objects.get(round=round, origin=Plan.Origin.TOTAL)


def same_plan(scene: Scene, round: Round, folder: Path) -> Plan:
    """Both ways give one instance, hence one plan; answers the plan."""
    plan = computed(scene, round)
    books = fetched(scene.world.client(scene.world.officer), again(round), folder)

    document = on_the_command_line(*books, folder / "out")

    ours = plan_from_json(unpack(bytes(plan.result)))
    theirs = plan_from_json(document)
    assert document["unchecked"] == []
    assert document["instance"] == unpack(bytes(plan.snapshot))["instance"]
    assert theirs.snapshot_sha256 == plan.snapshot_sha256
    assert theirs.assignments == ours.assignments
    assert theirs.goals == ours.goals
    assert_the_pages_file_holds(scene, plan, books, document)
    return plan


def assert_the_pages_file_holds(
    scene: Scene, plan: Plan, books: tuple[Path, Path], theirs: dict[str, Any]
) -> None:
    """plan.json of the page is what the command line writes, and it accepts it from the books."""
    path = books[0].with_name("from-the-page.json")
    path.write_bytes(
        scene.world.client(scene.world.officer).get(reverse("plan_json", args=[plan.pk])).content
    )
    needs, people = map(str, books)
    assert main(["match", "verify", str(path), "--needs", needs, "--people", people]) == 0
    ours = json.loads(path.read_text(encoding="utf-8"))
    assert set(ours) == set(theirs)
    assert set(ours["run"]) == set(theirs["run"])
    assert [set(one) for one in ours["explanations"]] == [
        set(one) for one in theirs["explanations"]
    ]
    priced = any(one.get("loss_if_withdrawn") for one in ours["explanations"])
    assert priced == (theirs["certificate"]["kind"] == "dual")


def test_an_ordinary_round_gives_the_same_plan(scene: Scene, tmp_path: Path) -> None:
    assert same_plan(scene, scene.asked(), tmp_path).drafts.count() == 5
    assert "演示数据" not in (tmp_path / "out" / "plan.json").read_text(encoding="utf-8")


def test_what_is_made_from_the_workbooks_of_a_demo_says_so_too(
    scene: Scene, tmp_path: Path
) -> None:
    Place.objects.update(is_demo=True)

    same_plan(scene, scene.asked(), tmp_path)

    made = tmp_path / "out"
    assert json.loads((made / "plan.json").read_text(encoding="utf-8"))["banner"] == DEMO_BANNER
    for sheet in read_workbook(made / "plan.xlsx").sheets.values():
        assert sheet.rows[0][0] == DEMO_BANNER


def test_with_every_rule_at_work_it_still_does(scene: Scene, tmp_path: Path) -> None:
    world = scene.world
    officer = VillageOfficer.objects.create(
        person=world.zhou, village=world.brook, post="clerk", since=date(2024, 1, 1)
    )
    Relative.objects.create(person=world.wang, other=officer.person, relation="sibling")
    AdjoiningTowns.objects.create(first=world.north, second=world.south)
    world.qian.native_place = world.stone
    world.qian.residence_place = world.north
    world.qian.save()
    PoolEntry.objects.filter(person=world.zhao).update(
        refused_villages=[str(world.mill.pk)], refusal_reason="路远",
        business_villages=[str(world.brook.pk)], languages=["土家语"],
        recalled_on=date(2020, 1, 1), recall_village=world.stone, source="soe",
        grassroots_years=3, yearly_results=["excellent", "competent"],
        full_member_since=date(2015, 7, 1), retires_on=date(2040, 1, 1),
    )  # fmt: skip
    PoolEntry.objects.filter(person=world.sun).update(discipline="under_investigation")
    round = scene.asked()
    intentions.enter_objection(
        round, Objection.Kind.COUNTY_BAN, person=world.li, place=world.brook,
        reason="另有安排", actor=world.officer,
    )  # fmt: skip
    intentions.enter_objection(
        round, Objection.Kind.UNIT_TOWN, unit=world.school, place=world.south,
        reason="业务往来", actor=world.officer,
    )  # fmt: skip

    plan = same_plan(scene, round, tmp_path)

    assert world.sun.pk not in {one.person_id for one in plan.drafts.all()}


def test_settings_that_were_frozen_otherwise_travel_along(scene: Scene, tmp_path: Path) -> None:
    weights = {"cover": 40, "lead": 15, "near": 15, "wish": 20, "wanted": 10}
    round = scene.asked()
    settings = {**round.settings, "weights": weights, "unit_limit": 1}
    settings["rules"]["R05"]["effect"] = "off"
    settings["rules"]["R02"]["parameters"]["own_town_blocks"] = 1
    Round.objects.filter(pk=round.pk).update(settings=settings)

    same_plan(scene, again(round), tmp_path)


def test_the_export_leaves_a_trace_and_the_page_offers_it(scene: Scene, tmp_path: Path) -> None:
    round = scene.asked()
    client = scene.world.client(scene.world.officer)

    text = client.get(reverse("round_detail", args=[round.pk])).text
    fetched(client, round, tmp_path)

    assert reverse("round_needs_workbook", args=[round.pk]) in text
    assert f"--seed {round.seed}" in text
    entries = AuditEntry.objects.filter(action="posting.round.exported").order_by("number")
    assert [one.changes["form"][1] for one in entries] == ["需求清单工作簿", "人选工作簿"]
    for name in ("needs", "people"):
        for sheet in read_workbook(tmp_path / f"{name}.xlsx").sheets.values():
            assert_marked(sheet.rows[0][0], scene.world.officer)


@pytest.mark.parametrize("name", ["round_needs_workbook", "round_people_workbook"])
@pytest.mark.parametrize("who", ["north_org", "unit_admin", "candidate", "agri"])
def test_only_the_county_office_takes_it_along(scene: Scene, name: str, who: str) -> None:
    round = scene.asked()
    client = scene.world.client(getattr(scene.world, who))

    assert client.get(reverse(name, args=[round.pk])).status_code == 403
    assert not AuditEntry.objects.filter(action="posting.round.exported").exists()
    page = client.get(reverse("round_detail", args=[round.pk]))
    assert reverse(name, args=[round.pk]) not in page.text


def test_no_identity_number_and_no_phone_is_in_them(scene: Scene, tmp_path: Path) -> None:
    scene.world.li.set_id_number("99000019850302001X")
    scene.world.li.save()
    round = scene.asked()

    for path in fetched(scene.world.client(scene.world.officer), round, tmp_path):
        cells = str(
            [sheet.rows for sheet in read_workbook(path, filename="a.xlsx").sheets.values()]
        )
        assert "99000019850302001X" not in cells
