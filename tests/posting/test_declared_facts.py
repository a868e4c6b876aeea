"""What was declared of a person: kept, read by the rules, shown to few, the same again?"""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.directory.models import Person
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.exchange import actions, exporting
from lingyan.platform.exchange.models import CheckedRow
from lingyan.platform.exchange.registry import KINDS
from lingyan.posting import matching
from lingyan.posting.actions import pool
from lingyan.posting.models import PoolEntry
from lingyan.posting.problem import snapshot
from tests.platform.sheets import brought_in, problems, sent, workbook
from tests.posting.scene import TODAY, Scene, codes, pool_entry
from tests.world import World

HEADINGS = (
    "姓名", "单位", "转正日期", "预计退休日期", "人选来源", "在派", "处分和审查", "处分影响期至",
    "召回日期", "召回村", "召回情形", "上次派驻结束", "近亲属", "有经济往来的村", "不愿去的村",
    "不愿去的理由",
)  # fmt: skip
WU = (
    "吴甲七", "县财政局", "2012-07-01", "2046-05-01", "国有企业", "是", "处分影响期内",
    "2030-06-30", "2019-03-01", "石桥村", "群众反映强烈，满意度低", "2019-03-02",
    "王乙一（父亲）、赵乙二", "溪口村", "松树村、磨坊村", "路途太远",
)  # fmt: skip


def file(*rows: tuple[Any, ...]) -> bytes:
    return workbook(HEADINGS, rows)


def row(**changed: Any) -> tuple[Any, ...]:
    cells = dict(zip(HEADINGS, WU, strict=True)) | changed
    return tuple(cells.values())


# --- sheets -------------------------------------------------------------------------------------


def test_the_sheet_keeps_everything_that_the_rules_read(world: World) -> None:
    brought_in("people", file(row()), world.officer)

    entry = PoolEntry.objects.get(person__name="吴甲七")
    assert entry.full_member_since == date(2012, 7, 1)
    assert entry.retires_on == date(2046, 5, 1)
    assert entry.source == "soe"
    assert entry.posted_elsewhere
    assert (entry.discipline, entry.sanction_until) == ("sanctioned", date(2030, 6, 30))
    assert (entry.recalled_on, entry.recall_ground) == (date(2019, 3, 1), "RG03")
    assert entry.recall_village == world.stone
    assert entry.last_posting_until == date(2019, 3, 2)
    assert entry.relatives_named == ["王乙一（父亲）", "赵乙二"]
    assert entry.business_villages == [str(world.brook.pk)]
    assert entry.refused_villages == [str(world.pine.pk), str(world.mill.pk)]
    assert entry.refusal_reason == "路途太远"


def test_only_the_wishes_are_named_as_not_kept(world: World) -> None:
    kept_elsewhere = {f"wish_{rank}" for rank in range(1, 6)}

    assert KINDS["people"].not_kept == kept_elsewhere


def test_the_export_comes_in_again_as_the_same(world: World) -> None:
    brought_in("people", file(row()), world.officer)
    target = io.BytesIO()
    exporting.export_records(
        KINDS["people"], target, option="", actor=world.officer, purpose="名册核对"
    )

    again = sent("people", target.getvalue(), world.officer)

    assert problems(again) == []
    assert (again.same_count, again.changed_count) == (1, 0)


def test_a_source_that_is_the_usual_one_is_not_stored_twice(world: World) -> None:
    brought_in("people", file(row(人选来源="机关")), world.officer)

    entry = PoolEntry.objects.get(person__name="吴甲七")
    assert entry.source == ""
    assert matching.gathering.source_of(entry.person, entry) == "agency"


def test_an_empty_cell_leaves_what_was_declared_and_undo_takes_it_back(world: World) -> None:
    brought_in("people", file(row()), world.officer)
    later = ("吴甲七", "县财政局", *[None] * 11, None, "石桥村", "老人多病")

    run = brought_in("people", file(later), world.officer)
    entry = PoolEntry.objects.get(person__name="吴甲七")
    assert entry.refused_villages == [str(world.stone.pk)]
    assert entry.full_member_since == date(2012, 7, 1)
    assert entry.posted_elsewhere

    actions.undo_import(run, actor=world.officer)
    entry.refresh_from_db()
    assert entry.refused_villages == [str(world.pine.pk), str(world.mill.pk)]


def test_private_cells_stand_neither_in_the_preview_nor_in_the_trail(world: World) -> None:
    brought_in("people", file(row()), world.officer)
    brought_in("people", file(row(处分影响期至="2031-07-31")), world.officer)

    kept = str(list(CheckedRow.objects.values_list("details", flat=True)))
    kept += str(list(AuditEntry.objects.values_list("changes", "reason", "subject_text")))
    for secret in ("2030-06-30", "2031-07-31", "RG03", "满意度低", "sanctioned"):
        assert secret not in kept


def test_who_may_not_read_them_gets_no_private_columns(world: World) -> None:
    private = KINDS["people"].private_fields

    assert {"sanction_until", "recall_ground", "discipline", "health"} <= private


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"不愿去的理由": None}, "填了不愿去的村，请写明理由"),
        ({"召回日期": None}, "请填写召回日期"),
        ({"召回日期": "2031-01-01"}, "召回日期不能晚于今天"),
        ({"转正日期": "2031-01-01"}, "转正日期不能晚于今天"),
        ({"不愿去的村": "没有的村"}, "没有这个村"),
        ({"召回村": "没有的村"}, "没有这个村"),
        ({"召回情形": "不高兴"}, "不在可选内容中"),
    ],
)
def test_what_is_wrong_is_said(world: World, changed: dict[str, Any], reason: str) -> None:
    run = sent("people", file(row(**changed)), world.officer)

    assert any(reason in text for _, _, text in problems(run)), problems(run)
    assert not Person.objects.filter(name="吴甲七").exists()


def test_who_is_posted_here_cannot_be_called_free(scene: Scene) -> None:
    posting = scene.issued()[0]
    headings = ("姓名", "单位", "在派")
    person = posting.person
    said = workbook(headings, [(person.name, person.unit.name, "否")])

    run = sent("people", said, scene.world.officer)

    assert any("尚未结束的派驻" in text for _, _, text in problems(run))


# --- what the rules read ------------------------------------------------------------------------


def changed(scene: Scene, person: Person, **declared: Any) -> None:
    PoolEntry.objects.filter(person=person).update(**declared)


def outcomes(scene: Scene, person: Person, place: Any) -> dict[str, str]:
    round = scene.round
    now = matching.gather(round, as_of=TODAY)
    one, need = now.candidate(person.number), now.need(matching.village_key(place.pk))
    assert one is not None
    assert need is not None
    return {
        result.rule: result.outcome.value for result in now.results(one, need, "first_secretary")
    }


@pytest.fixture
def ready(scene: Scene) -> Scene:
    scene.round = scene.asked()  # type: ignore[attr-defined]  # handed to `outcomes`
    return scene


@pytest.mark.parametrize(
    ("declared", "rule", "before", "after"),
    [
        ({"posted_elsewhere": True}, "R01", "pass", "fail"),
        ({"full_member_since": date(2026, 1, 1)}, "R04", "pass", "fail"),
        ({"retires_on": date(2027, 1, 1)}, "R06", "pass", "warn"),
        ({"recalled_on": date(2025, 6, 1)}, "R08", "undeclared", "fail"),
        ({"discipline": "sanctioned", "sanction_until": date(2026, 3, 2)}, "R09", "pass", "fail"),
    ],
)
def test_a_declared_fact_decides_its_rule(
    ready: Scene, declared: dict[str, Any], rule: str, before: str, after: str
) -> None:
    li, pine = ready.world.li, ready.world.pine
    assert outcomes(ready, li, pine)[rule] == before

    changed(ready, li, **declared)

    assert outcomes(ready, li, pine)[rule] == after


def test_a_sanction_whose_period_is_over_is_no_obstacle(ready: Scene) -> None:
    changed(ready, ready.world.li, discipline="sanctioned", sanction_until=date(2026, 3, 1))

    assert outcomes(ready, ready.world.li, ready.world.pine)["R09"] == "pass"


def test_a_recall_for_health_bans_nowhere_and_another_one_its_village_for_ever(
    ready: Scene,
) -> None:
    world = ready.world
    changed(ready, world.li, recalled_on=date(2019, 1, 1), recall_village=world.pine)
    assert outcomes(ready, world.li, world.pine)["R08"] == "fail"
    assert outcomes(ready, world.li, world.brook)["R08"] == "pass"

    changed(ready, world.li, recall_ground="RG09", recalled_on=date(2026, 2, 1))
    assert outcomes(ready, world.li, world.pine)["R08"] == "pass"


def test_declared_villages_and_relatives_put_the_pair_out(ready: Scene) -> None:
    world = ready.world
    officer = ready.world.pine.officers.first()
    if officer is None:
        from lingyan.directory.models import VillageOfficer

        officer = VillageOfficer.objects.create(
            person=world.zhou, village=world.pine, post="party_secretary", since=date(2024, 1, 1)
        )
    changed(
        ready, world.li,
        refused_villages=[str(world.brook.pk)], refusal_reason="路远",
        business_villages=[str(world.stone.pk)], relatives_named=[f"{officer.person.name}（父亲）"],
    )  # fmt: skip

    assert outcomes(ready, world.li, world.brook)["R14"] == "fail"
    assert outcomes(ready, world.li, world.stone)["R17"] == "fail"
    assert outcomes(ready, world.li, world.pine)["R03"] == "fail"
    assert outcomes(ready, world.li, world.pine)["R14"] == "pass"


def test_no_snapshot_holds_a_sanction_or_the_ground_of_a_recall(ready: Scene) -> None:
    changed(
        ready, ready.world.li, discipline="sanctioned", sanction_until=date(2030, 6, 30),
        recalled_on=date(2025, 6, 1), recall_ground="RG05",
    )  # fmt: skip

    text = str(snapshot(matching.gather(ready.round, as_of=TODAY).problem()))  # type: ignore[attr-defined]

    assert "2030-06" not in text
    assert "2030, 6" not in text
    assert "sanctioned" not in text
    assert "RG05" not in text
    assert "2025-06-01" in text


# --- pages --------------------------------------------------------------------------------------


def form(**changed: str) -> dict[str, Any]:
    return {"category": "reserve", "grassroots_years": "1", **changed}


def test_a_unit_declares_on_the_page_and_finds_it_there(world: World) -> None:
    with clock.at(TODAY):
        entry = pool_entry(world.li)
        PoolEntry.objects.filter(pk=entry.pk).update(state="recommended")
        client = world.client(world.unit_admin)
        where = reverse("pool_entry_edit", args=[entry.pk])
        told = form(
            refused_villages=world.pine.short_name, refusal_reason="路途太远",
            business_villages=world.mill.short_name, recall_village=world.stone.short_name,
            recalled_on="2020-01-01", recall_ground="RG09", relatives_named="王乙一（父亲）",
            full_member_since="2012-07-01", posted_elsewhere="on",
        )  # fmt: skip

        assert client.post(where, told).status_code == 302

        shown = client.get(reverse("pool_entry", args=[entry.pk])).text
        again = client.get(where).text
    for text in (world.pine.short_name, "路途太远", "王乙一（父亲）", "健康等原因不能履职"):
        assert text in shown
        assert text in again
    entry.refresh_from_db()
    assert entry.recall_village == world.stone


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"refused_villages": "没有的村", "refusal_reason": "远"}, 422),
        ({"recall_village": "松树村、石桥村", "recalled_on": "2020-01-01"}, 422),
        ({"recall_ground": "RG03"}, 409),
    ],
)
def test_a_wrong_declaration_changes_nothing(
    world: World, told: dict[str, str], status: int
) -> None:
    entry = pool_entry(world.li)
    where = reverse("pool_entry_edit", args=[entry.pk])

    answer = world.client(world.officer).post(where, form(**told))

    assert answer.status_code == status
    entry.refresh_from_db()
    assert entry.category == ""


# --- who recorded a proof -----------------------------------------------------------------------


def test_nobody_verifies_what_he_recorded_himself(world: World) -> None:
    """R-0-20."""
    pool_entry(world.li)
    row = pool.EvidenceRow(world.li, "law", "法律职业资格证书", level=3)
    proof = pool.record_evidence(row, actor=world.officer)
    assert proof.recorded_by_id == world.officer.user_id

    with pytest.raises(Refused) as refused:
        pool.verify_evidence(proof, actor=world.officer)
    assert codes(refused) == ["directory.same_person"]
    proof.refresh_from_db()
    assert not proof.verified

    assert pool.verify_evidence(proof, actor=world.admin).verified
