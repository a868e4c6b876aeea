"""Do the sheets of insurance, examinations and honours come in, and do lists go out with sums?"""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from lingyan.common import clock
from lingyan.platform.exchange import actions
from lingyan.posting.models import Honor, InsurancePolicy, SupportRecord
from lingyan.posting.rules.support_words import SupportItem
from tests.platform.sheets import brought_in, problems, sent, workbook
from tests.posting.support_scene import JUNE_5, MAY, Support, appraised, build_support
from tests.world import World

INSURED = ("派驻人员", "保单号", "生效日", "最后一天")
EXAMINED = ("派驻人员", "项目", "日期", "医院或慰问人")
HONOURED = ("派驻人员", "级别", "类别", "称号", "决定日期", "文号")


@pytest.fixture
def scene(world: World) -> Support:
    return build_support(world)


def test_three_sheets_come_in_through_the_actions(scene: Support) -> None:
    world = scene.world
    appraised(scene, "excellent")
    with clock.at(JUNE_5):
        brought_in(
            "insurance", workbook(INSURED, [("钱甲四", "人保9", "2026-01-05", "2028-01-04")]),
            world.officer,
        )  # fmt: skip
        brought_in(
            "support_records", workbook(EXAMINED, [("李甲一", "体检", "2026-05-12", "县医院")]),
            world.officer,
        )  # fmt: skip
        row = ("李甲一", "市级", "最美第一书记", "最美第一书记", "2026-05-01", "市组发8号")
        brought_in("honors", workbook(HONOURED, [row]), world.admin)

    assert InsurancePolicy.objects.filter(posting=scene.qian).count() == 1
    assert SupportRecord.objects.get().happened_on == date(2026, 5, 12)
    honor = Honor.objects.get()
    assert (honor.state, honor.appraisal) == ("granted", "2025 年度考核 优秀")


@pytest.mark.parametrize(
    ("code", "headings", "row", "reason"),
    [
        ("insurance", INSURED, ("钱甲四", "9", "2026-01-05", "2025-01-04"), "不能早于生效日"),
        ("insurance", INSURED, ("李甲一", "人保1", "2026-01-05", "2026-12-31"), "内容不同"),
        ("insurance", INSURED, ("王甲二", "9", "2026-01-05", "2028-01-04"), "没有派驻记录"),
        ("support_records", EXAMINED, ("李甲一", "体检", "2026-06-30", "县医院"), "不能晚于今天"),
        ("support_records", EXAMINED, ("李甲一", "体检", "2025-06-30", "县医院"), "到岗"),
        ("honors", HONOURED, ("李甲一", "市级", "其他", "先进", "2026-09-01", "9"), "不能晚于今天"),
        ("honors", HONOURED, ("李甲一", "市级", "其他", "先进", "2026-05-01", "9"), "未取得称职"),
    ],
)
def test_what_the_rules_refuse_stands_beside_its_row(
    scene: Support, code: str, headings: Any, row: Any, reason: str
) -> None:
    if reason != "未取得称职":
        appraised(scene, "competent")
    with clock.at(JUNE_5):
        run = sent(code, workbook(headings, [row]), scene.world.admin)

    [(number, _, said)] = problems(run)
    assert number == 2
    assert reason in said


def test_an_import_is_taken_back(scene: Support) -> None:
    data = workbook(INSURED, [("钱甲四", "人保9", "2026-01-05", "2028-01-04")])
    with clock.at(JUNE_5):
        run = brought_in("insurance", data, scene.world.officer)
        actions.undo_import(run, actor=scene.world.officer)

    assert not InsurancePolicy.objects.filter(posting=scene.qian).exists()


def test_a_list_goes_out_with_its_sum_and_marks(scene: Support) -> None:
    scene.confirm(scene.li, 20)
    scene.confirm(scene.qian, 22)
    made = scene.list_of(SupportItem.LIVING, MAY)
    with clock.at(JUNE_5):
        client = scene.world.client(scene.finance)
        answer: Any = client.get(reverse("payment_export", args=[made.pk]))
    page = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert page is not None
    cells = [[cell.value for cell in row] for row in page.iter_rows()]

    assert "石丁二（县财政局 · 山阳县）2026-06-05" in str(cells[0][0])
    names = {row[1]: row for row in cells}
    assert names["李甲一"][5:8] == [20, 80.5, 1610]
    assert names["合计"][7] == 3381
