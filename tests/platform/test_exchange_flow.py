"""A file comes in whole or not at all, once, and goes out again as it was."""

from __future__ import annotations

import pytest

from lingyan.common.refusals import Refused
from lingyan.directory.models import Unit
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.audit.verify import verify_chain
from lingyan.platform.exchange import actions
from lingyan.platform.exchange.models import ImportedRow
from tests.platform.sheets import brought_in, changes, problems, sent, workbook
from tests.world import World

HEADINGS = ("单位", "单位类别", "所在乡镇")


def three_units() -> bytes:
    return workbook(
        HEADINGS,
        [
            ("县水利局", "机关", "北山镇"),
            ("县财政局", "事业单位", None),
            ("县第一小学", None, None),
        ],
    )


def test_the_preview_tells_new_changed_and_same_apart(world: World) -> None:
    run = sent("units", three_units(), world.admin)

    assert run.state == "checked"
    assert (run.new_count, run.changed_count, run.same_count, run.wrong_count) == (1, 1, 1, 0)
    assert changes(run) == [(3, [["单位类别", "县级部门（单位）", "事业单位"]])]
    assert Unit.objects.count() == 2


def test_applying_writes_exactly_what_was_shown_and_traces_each_record(world: World) -> None:
    run = brought_in("units", three_units(), world.admin)

    assert run.state == "applied"
    assert Unit.objects.get(name="县水利局").place == world.north
    assert Unit.objects.get(name="县财政局").category == "institution"
    actions_seen = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"directory.unit.created", "directory.unit.changed"} <= actions_seen
    assert "exchange.import.applied" in actions_seen
    assert verify_chain().text is None
    numbers = {row.number: row.created for row in ImportedRow.objects.filter(of=run)}
    assert numbers == {2: True, 3: False}


def test_one_wrong_row_stops_the_whole_file(world: World) -> None:
    data = workbook(
        HEADINGS, [(f"县{n}局", "机关", None) for n in range(3000)] + [("县外局", "工厂", "西天镇")]
    )

    run = sent("units", data, world.admin)

    assert run.state == "refused"
    assert (3002, "单位类别", "“工厂”不在可选内容中") in problems(run)
    with pytest.raises(Refused, match="有误"):
        actions.apply_import(run, actor=world.admin)
    assert Unit.objects.count() == 2


def test_an_unknown_name_is_answered_with_the_nearest_ones(world: World) -> None:
    run = sent("units", workbook(HEADINGS, [("县水利局", "机关", "北山乡")]), world.admin)
    assert run.state == "checked"

    run = sent("units", workbook(HEADINGS, [("县水利局", "机关", "北由镇")]), world.admin)
    assert "您的管辖范围内没有这个乡镇；相近的有：北山镇" in problems(run)[0][2]


def test_the_second_press_does_not_apply_twice(world: World) -> None:
    run = brought_in("units", three_units(), world.admin)

    with pytest.raises(Refused, match="已经导入"):
        actions.apply_import(run, actor=world.officer)

    assert Unit.objects.count() == 3


def test_the_same_file_again_is_same_and_says_when_it_came(world: World) -> None:
    data = three_units()
    earlier = brought_in("units", data, world.admin)

    run = sent("units", data, world.admin)

    assert (run.new_count, run.changed_count, run.same_count) == (0, 0, 3)
    page = world.client(world.admin).get(f"/exchange/imports/{run.pk}/")
    assert "内容完全相同的文件已于" in page.content.decode()
    assert str(earlier.pk) in page.content.decode()


def test_what_changed_after_the_preview_is_shown_again_and_not_applied(world: World) -> None:
    run = sent("units", three_units(), world.admin)
    world.finance.category = "enterprise"
    world.finance.save()

    with pytest.raises(Refused, match="预览之后"):
        actions.apply_import(run, actor=world.admin)

    run.refresh_from_db()
    assert run.state == "checked"
    assert changes(run) == [(3, [["单位类别", "企业", "事业单位"]])]
    assert Unit.objects.count() == 2
    assert actions.apply_import(run, actor=world.admin).state == "applied"


def test_undo_puts_everything_back(world: World) -> None:
    run = brought_in("units", three_units(), world.admin)

    run = actions.undo_import(run, actor=world.admin)

    assert run.state == "undone"
    assert sorted(Unit.objects.values_list("name", "category")) == [
        ("县第一小学", "institution"),
        ("县财政局", "county_dept"),
    ]
    entry = AuditEntry.objects.get(action="exchange.row.restored")
    assert entry.subject_id == str(world.finance.pk)
    assert entry.changes["category"] == ["institution", "county_dept"]
    assert verify_chain().text is None


def test_an_undone_file_can_be_checked_and_applied_again(world: World) -> None:
    run = actions.undo_import(brought_in("units", three_units(), world.admin), actor=world.admin)

    run = actions.check_import(run, actor=world.admin)

    assert run.new_count == 1
    assert actions.apply_import(run, actor=world.admin).state == "applied"


def test_undo_is_refused_when_a_record_was_changed_since(world: World) -> None:
    from lingyan.directory.actions.units import change_unit

    run = brought_in("units", three_units(), world.admin)
    change_unit(Unit.objects.get(name="县水利局"), actor=world.admin, values={"sector": "水利"})

    with pytest.raises(Refused, match="导入之后又改动过：县水利局"):
        actions.undo_import(run, actor=world.admin)

    run.refresh_from_db()
    assert run.state == "applied"
    assert Unit.objects.count() == 3


def test_undo_is_refused_when_something_later_depends_on_a_record(world: World) -> None:
    run = brought_in("units", three_units(), world.admin)
    world.li.unit = Unit.objects.get(name="县水利局")
    world.li.save()

    with pytest.raises(Refused, match="后来的办理已用到：县水利局"):
        actions.undo_import(run, actor=world.admin)

    assert Unit.objects.filter(name="县水利局").exists()


def test_a_large_file_is_written_and_its_trace_sealed_in_chunks(world: World) -> None:
    data = workbook(HEADINGS, [(f"县第{n}单位", "机关", None) for n in range(2300)])
    told: list[tuple[int, str]] = []

    run = sent("units", data, world.admin)
    actions.apply_import(run, actor=world.admin, report=lambda *said: told.append(said))

    assert Unit.objects.count() == 2302
    assert [percent for percent, _ in told] == sorted(percent for percent, _ in told)
    assert told[-1] == (100, "已导入 2300 行")
    assert len(set(ImportedRow.objects.values_list("audit_number", flat=True))) == 3
    actions.undo_import(run, actor=world.admin)
    assert Unit.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_people_who_confirm_at_once_import_once() -> None:
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    from tests.world import build_world

    world = build_world()
    data = workbook(HEADINGS, [(f"县第{n}单位", "机关", None) for n in range(700)])
    run = sent("units", data, world.admin)

    def confirm(number: int) -> str:
        try:
            return actions.apply_import(run, actor=world.admin).state
        except Refused as refused:
            return refused.refusals[0].code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(confirm, range(4)))

    assert answers.count("applied") == 1
    assert set(answers) <= {"applied", "exchange.busy", "exchange.applied_already"}
    assert Unit.objects.count() == 702
