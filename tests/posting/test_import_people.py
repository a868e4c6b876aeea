"""The sheet of candidates becomes people, pool entries and portraits, and comes out as it was."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest

from lingyan.common import clock
from lingyan.directory.models import Person
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.exchange import actions, exporting
from lingyan.platform.exchange.models import CheckedRow
from lingyan.platform.exchange.registry import KINDS
from lingyan.posting import rules
from lingyan.posting.models import CapabilityEvidence, PoolEntry
from tests.platform.sheets import brought_in, changes, problems, sent, workbook
from tests.world import World

HEADINGS = (
    "姓名", "单位", "性别", "出生日期", "政治面貌", "参加工作日期", "入库状态", "健康状况",
    "回避村", "居住乡镇", "年度考核1", "熟悉经济工作", "涉农专业", "项目管理经历", "基层领导经历",
    "法治", "能力佐证",
)  # fmt: skip
WU = (
    "吴甲七", "县财政局", "男", "1986-05", "党员", "2009.7.1", "在库", "健康", "松树村", "南河镇",
    "优秀", 3, 4, 2, 2, 1, "熟悉经济工作：县财政局预算股 3 年",
)  # fmt: skip
LI = ("李甲一", "县财政局", *[None] * 15)


def file(*rows: tuple[Any, ...]) -> bytes:
    return workbook(HEADINGS, rows)


def test_a_new_person_gets_pool_entry_and_the_levels_that_the_row_states(world: World) -> None:
    run = brought_in("people", file(WU), world.officer)

    person = Person.objects.get(name="吴甲七")
    assert run.new_count == 1
    assert (person.birth_on, person.unit, person.native_place) == (
        date(1986, 5, 1),
        world.finance,
        world.pine,
    )
    assert person.pool_entry.state == "in_pool"
    assert person.pool_entry.yearly_results == ["excellent"]
    proofs = [
        rules.Evidence(one.capability, one.text, one.since, one.until, one.level, one.verified)
        for one in CapabilityEvidence.objects.filter(person=person)
    ]
    levels = rules.capability_levels(proofs, as_of=clock.today())
    assert levels == {
        "economy": 3, "agri_major": 4, "project_mgmt": 2, "grassroots_lead": 2, "law": 1,
    }  # fmt: skip
    assert "县财政局预算股 3 年" in {proof.text for proof in proofs}


def test_who_could_not_be_sent_for_an_empty_field_is_told_in_the_preview(world: World) -> None:
    """An empty cell leaves what is registered: 李甲一 lacks nothing."""
    lacking = sent("people", workbook(("姓名", "单位"), [("吴甲七", "县财政局")]), world.officer)
    complete = sent("people", file(WU, LI), world.officer)

    assert lacking.state == "checked"
    assert "".join(lacking.notices) == (
        "1 名人选缺少必填项（出生日期 1 人、参加工作时间 1 人、政治面貌 1 人）："
        "缺出生日期或参加工作时间的，对任何岗位都是待核实；缺政治面貌的，不能任第一书记。"
        "补齐以后才会派去。"
    )
    assert complete.notices == [
        "1 名人选缺少必填项（转正日期 1 人）：缺转正日期的，不能任第一书记。补齐以后才会派去。"
    ]


def test_health_and_identity_number_are_nowhere_in_preview_or_trail(world: World) -> None:
    number = "99000019860502001X"
    from lingyan.common.identity import check_character

    number = number[:17] + check_character(number[:17])
    headings = ("姓名", "单位", "身份证号", "健康状况")
    run = brought_in(
        "people", workbook(headings, [("吴甲七", "县财政局", number, "不适合驻村")]), world.officer
    )
    actions.undo_import(run, actor=world.officer)

    kept = str(list(CheckedRow.objects.values_list("details", flat=True)))
    kept += str(list(AuditEntry.objects.values_list("changes", "reason", "subject_text")))
    assert number not in kept
    assert "unfit" not in kept
    assert "不适合驻村" not in kept


def test_a_person_known_by_name_and_unit_is_changed_not_doubled(world: World) -> None:
    run = brought_in("people", file(LI), world.officer)
    assert (run.new_count, run.changed_count) == (0, 1)
    assert PoolEntry.objects.get(person=world.li).state == "recommended"

    headings = ("姓名", "单位", "职级", "最远车程（分钟）")
    run = sent(
        "people", workbook(headings, [("李甲一", "县财政局", "四级主任科员", 60)]), world.officer
    )
    assert changes(run) == [(2, [["职级", "", "四级主任科员"], ["最远车程（分钟）", "", "60"]])]
    actions.apply_import(run, actor=world.officer)
    world.li.refresh_from_db()
    assert world.li.rank == "四级主任科员"
    assert world.li.pool_entry.distance_minutes_max == 60
    assert world.li.birth_on == date(1985, 3, 2)

    actions.undo_import(run, actor=world.officer)
    world.li.refresh_from_db()
    assert world.li.rank == ""
    assert PoolEntry.objects.get(person=world.li).distance_minutes_max is None


@pytest.mark.parametrize(
    ("change", "heading", "reason"),
    [
        ({"单位": "县财政所"}, "单位", "没有这个单位"),
        ({"回避村": "松木村"}, "回避村", "没有这个村；相近的有：北山镇松树村"),
        ({"出生日期": "2031-01-01"}, "出生日期", "出生日期不能晚于今天"),
        ({"参加工作日期": "1931-01-01"}, "参加工作日期", "不能早于出生日期"),
        ({"涉农专业": 2}, "涉农专业", "只有 0、4"),
        ({"熟悉经济工作": None}, "能力佐证", "没有写对应能力的等级"),
        ({"入库状态": "出库了"}, "入库状态", "不在可选内容中"),
    ],
)
def test_what_is_wrong_is_named_with_its_cell(
    world: World, change: dict[str, Any], heading: str, reason: str
) -> None:
    row = tuple(change.get(name, value) for name, value in zip(HEADINGS, WU, strict=True))

    run = sent("people", file(row, LI), world.officer)

    assert run.state == "refused"
    found = [(number, named, text) for number, named, text in problems(run)]
    assert any(n == 2 and h == heading and reason in text for n, h, text in found), found
    assert not Person.objects.filter(name="吴甲七").exists()


def test_one_person_in_two_rows_is_refused(world: World) -> None:
    run = sent(
        "people",
        workbook(("姓名", "人选编号"), [("李甲一", None), ("李甲一", "R0001")]),
        world.officer,
    )

    assert any("与另一行是同一个人" in reason for _, _, reason in problems(run))


def test_two_of_one_name_are_told_apart_by_unit_or_number(world: World) -> None:
    Person.objects.create(number="R0099", name="李甲一", unit=world.school, place=world.county)

    run = sent("people", workbook(("姓名",), [("李甲一",)]), world.officer)
    assert "同名的人员不止一个：李甲一（R0001）、李甲一（R0099）" in problems(run)[0][2]

    run = sent("people", workbook(("姓名", "单位"), [("李甲一", "县第一小学")]), world.officer)
    assert run.state == "checked"


def test_who_comes_from_an_unknown_unit_is_not_taken_for_somebody_of_the_same_name(
    world: World,
) -> None:
    """李甲一 of the register was born in 1985; the row speaks of another one."""
    headings, cells = ("姓名", "单位", "参加工作日期"), ("李甲一", "县财政所", "1984-01-01")

    run = sent("people", workbook(headings, [cells]), world.officer)

    assert [heading for _, heading, _ in problems(run)] == ["单位"]


def test_a_unit_brings_in_its_own_people_as_recommended_only(world: World) -> None:
    own = workbook(("姓名", "单位", "法治"), [("吴甲七", "县财政局", 2)])
    brought_in("people", own, world.unit_admin)
    entry = PoolEntry.objects.get(person__name="吴甲七")
    assert entry.state == "recommended"
    assert not CapabilityEvidence.objects.get(person=entry.person).verified
    assert sent("people", own, world.unit_admin).same_count == 1

    other = ("郑甲八", *WU[1:])
    run = sent("people", file(other), world.unit_admin)
    assert any("由县委组织部审核" in reason for _, _, reason in problems(run))

    run = sent("people", workbook(("姓名", "单位"), [("钱甲四", "县第一小学")]), world.unit_admin)
    assert any("没有这个单位" in reason for _, _, reason in problems(run))


def test_the_export_comes_in_again_as_the_same(world: World) -> None:
    brought_in("people", file(WU, LI), world.officer)
    target = io.BytesIO()

    exporting.export_records(
        KINDS["people"], target, option="", actor=world.officer, purpose="名册核对"
    )

    run = sent("people", target.getvalue(), world.officer)
    assert problems(run) == []
    assert (run.same_count, run.changed_count, changes(run)) == (2, 0, [])


def test_undo_takes_person_pool_entry_and_evidence_back(world: World) -> None:
    before = Person.objects.count()
    run = brought_in("people", file(WU, LI), world.officer)

    actions.undo_import(run, actor=world.officer)

    assert Person.objects.count() == before
    assert PoolEntry.objects.count() == 0
    assert CapabilityEvidence.objects.count() == 0
