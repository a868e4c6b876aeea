"""The pages of pairs: who opens which, what they say, and what the sheet of present pairs does."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.urls import reverse
from docx import Document

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.pairing.models import Pairing, PairingStep
from lingyan.platform.exchange import actions as exchange
from lingyan.platform.exchange.exporting import export_records
from lingyan.platform.exchange.registry import KINDS
from tests.pairing.acts_scene import Acts
from tests.pairing.scene import TODAY, paired
from tests.pairing.test_pairings import agreed, approved, proposed
from tests.platform.sheets import brought_in, problems, sent, workbook
from tests.world import World

SHEET = ("单位", "村", "牵头", "开始日期", "期限最后一天", "共建目标", "协议编号")
ROW = ("县财政局", "松树村", "是", "2026-01-05", "2028-01-04", "组织共建、发展共谋", "1号")
AGREED = {
    "goals": ["organization", "development"],
    "plan_text": "每季度一次联席会议",
    "unit_contact": "郑乙九",
    "village_contact": "宋乙八",
    "term_months": "24",
    "number": "",
}


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    with clock.at(TODAY):
        yield


def page(name: str, pairing: Pairing) -> str:
    return reverse(name, args=[pairing.pk])


# --- who opens what -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("officer", 200), ("leader", 200), ("agri", 200), ("north_org", 200),
        ("pine_secretary", 200), ("unit_admin", 200),
        ("south_org", 404), ("stranger", 404), ("candidate", 403), ("sys_admin", 403),
    ],
)  # fmt: skip
def test_who_opens_the_page_of_a_pair(world: World, who: str, status: int) -> None:
    pairing = paired(world, points=640, parts={"near": 1000})
    client = world.client(getattr(world, who))

    for name in ("pairing_detail", "pairing_agreement", "pairing_agreement_word"):
        assert client.get(page(name, pairing)).status_code == status, name
    answer: Any = client.get(reverse("pairing_list"))
    assert answer.status_code == (200 if status == 404 else status)
    assert ("县财政局" in answer.content.decode()) is (status == 200)


@pytest.mark.parametrize(
    ("act", "state", "may"),
    [
        ("agree_unit", "proposed", {"unit_admin"}),
        ("agree_village", "unit_agreed", {"pine_secretary"}),
        ("decline", "unit_agreed", {"unit_admin", "pine_secretary"}),
        ("approve", "village_agreed", {"officer", "admin"}),
        ("withdraw", "approved", {"officer", "admin"}),
        ("start", "approved", {"unit_admin", "pine_secretary", "officer", "admin"}),
        ("draft", "approved", {"unit_admin", "pine_secretary", "officer", "admin"}),
        ("renew", "active", {"officer", "admin"}),
        ("end", "active", {"officer", "admin"}),
        ("dissolve", "active", {"leader"}),
    ],
)
def test_each_step_has_a_page_for_its_roles(
    world: World, act: str, state: str, may: set[str]
) -> None:
    pairing = paired(world, state=state, state_since=TODAY)
    everyone = ("officer", "admin", "leader", "unit_admin", "pine_secretary", "north_org")

    opened = {
        who: world.client(getattr(world, who)).get(page(f"pairing_{act}", pairing)).status_code
        for who in everyone
    }

    assert {who for who, status in opened.items() if status == 200} == may
    assert set(opened.values()) <= {200, 403}
    answer = world.client(world.stranger).get(page(f"pairing_{act}", pairing))
    assert answer.status_code in (403, 404)


def test_nobody_signed_in_is_led_to_the_door(world: World, client: Any) -> None:
    pairing = paired(world)

    assert client.get(page("pairing_detail", pairing)).status_code == 302
    sent = client.post(page("pairing_dissolve", pairing), {"text": "因"})
    assert sent.status_code == 403
    assert "请重新登录" in sent.content.decode()
    pairing.refresh_from_db()
    assert pairing.state == "active"


def test_the_next_town_and_county_change_nothing(world: World) -> None:
    pairing = proposed(world)

    for actor in (world.stranger, world.south_org):
        for act in ("agree-unit", "decline", "approve"):
            url = f"/pairing/pairings/{pairing.pk}/{act}/"
            assert world.client(actor).post(url, {"text": "不"}).status_code in (403, 404)

    pairing.refresh_from_db()
    assert pairing.state == "proposed"
    assert PairingStep.objects.count() == 1


# --- what the pages do ----------------------------------------------------------------------------


def test_the_unit_agrees_by_two_presses_and_the_village_too(world: World) -> None:
    pairing = proposed(world)
    unit, village = world.client(world.unit_admin), world.client(world.pine_secretary)
    seen: Any = unit.get(page("pairing_detail", pairing))
    first = page("pairing_agree_unit", pairing)
    assert f'href="{first}"' in seen.content.decode()

    unit.post(first, {"text": ""})
    seen = village.get(page("pairing_agree_village", pairing))
    village.post(page("pairing_agree_village", pairing), {"meeting_on": "2026-03-02", "text": ""})

    pairing.refresh_from_db()
    assert 'value="2026-03-02"' in seen.content.decode()
    assert pairing.state == "village_agreed"


def test_the_county_approves_what_it_has_seen(world: World) -> None:
    pairing = agreed(world)
    client = world.client(world.second_officer)
    shown: Any = client.get(page("pairing_approve", pairing))
    assert "结对分 640" in shown.content.decode()
    Pairing.objects.filter(pk=pairing.pk).update(points=655)

    refused: Any = client.post(page("pairing_approve", pairing), {"points_seen": "640"})
    done = client.post(page("pairing_approve", pairing), {"points_seen": "655"})

    assert refused.status_code == 409
    assert "结对分与您看到的不一致" in refused.content.decode()
    assert done.status_code == 302


def test_an_agreement_is_written_printed_and_signed(world: World) -> None:
    pairing = approved(world)
    client = world.client(world.unit_admin)
    assert client.get(page("pairing_agreement_word", pairing)).status_code == 404

    wrong: Any = client.post(page("pairing_draft", pairing), AGREED | {"goals": []})
    client.post(page("pairing_draft", pairing), AGREED)
    word: Any = client.get(page("pairing_agreement_word", pairing))
    text = "\n".join(one.text for one in Document(io.BytesIO(word.content)).paragraphs)
    client.post(page("pairing_start", pairing), AGREED | {"signed_on": "2026-03-02"})

    pairing.refresh_from_db()
    assert wrong.status_code == 422
    assert "每季度一次联席会议" in text
    assert (pairing.state, pairing.planned_until) == ("active", date(2028, 3, 2))


def test_the_words_of_a_pair_are_escaped(world: World) -> None:
    pairing = paired(world, plan_text="<script>alert(1)</script>")

    for name in ("pairing_detail", "pairing_agreement"):
        answer: Any = world.client(world.officer).get(page(name, pairing))
        assert "<script>alert(1)" not in answer.content.decode()


def test_what_refuses_stands_beside_the_form_and_nothing_is_lost(world: World) -> None:
    proposed(world)
    client = world.client(world.officer)

    answer: Any = client.post(
        reverse("pairing_propose"),
        {"unit": str(world.school.pk), "village": str(world.pine.pk), "is_lead": "yes",
         "text": "相邻"},
    )  # fmt: skip

    text = answer.content.decode()
    assert answer.status_code == 409
    assert "该村已有牵头结对单位：县财政局" in text
    assert "相邻" in text


def test_a_single_pair_is_proposed_and_a_repair_too(world: World) -> None:
    client = world.client(world.officer)
    left = paired(world, unit=world.school, village=world.stone, state="dissolved", until=TODAY)

    client.post(
        reverse("pairing_propose"),
        {"unit": str(world.school.pk), "village": str(world.brook.pk), "is_lead": "yes"},
    )
    shown: Any = client.get(page("repair_detail", left))
    client.post(page("repair_detail", left), {"unit": str(world.finance.pk), "text": ""})

    made = Pairing.objects.exclude(pk=left.pk).order_by("created_at", "origin")
    assert {(one.origin, one.unit.name) for one in made} == {
        ("direct", "县第一小学"), ("repair", "县财政局"),
    }  # fmt: skip
    assert "首选 <b>县财政局</b>" in shown.content.decode()
    again: Any = client.get(page("repair_detail", left))
    assert "已经有牵头结对单位" in again.content.decode()
    assert "没有待补结的村" in client.get(reverse("repair_list")).content.decode()


@pytest.mark.parametrize(
    ("asked", "villages"),
    [
        ("", {"松树村", "石桥村"}),
        ("?q=松树", {"松树村"}),
        ("?q=县第一小学", {"石桥村"}),
        ("?state=dissolved", {"石桥村"}),
        ("?lead=no", set()),
        ("?term=soon", {"松树村"}),
        ("?term=over", set()),
        ("?sort=-until", {"松树村", "石桥村"}),
    ],
)
def test_the_list_is_searched_filtered_and_exported_alike(
    world: World, asked: str, villages: set[str]
) -> None:
    paired(world, since=date(2024, 4, 1))
    paired(world, unit=world.school, village=world.stone, state="dissolved", until=TODAY)
    client = world.client(world.officer)

    shown: Any = client.get(reverse("pairing_list") + asked)
    file: Any = client.get(reverse("pairing_export") + asked)

    assert {one.village.short_name for one in shown.context["listing"]} == villages
    sheet = openpyxl.load_workbook(io.BytesIO(file.content)).active
    assert sheet is not None
    cells = {row[2].value for row in sheet.iter_rows()}
    assert cells & {"松树村", "石桥村"} == villages


def test_the_list_costs_the_same_for_one_and_for_many(
    world: World, django_assert_max_num_queries: Any
) -> None:
    for unit in (world.finance, world.school):
        for village in (world.pine, world.brook, world.stone, world.mill):
            paired(world, unit=unit, village=village, is_lead=unit == world.finance)
    client = world.client(world.officer)
    client.get(reverse("pairing_list"))

    with django_assert_max_num_queries(14):
        client.get(reverse("pairing_list"))


# --- the sheet ------------------------------------------------------------------------------------


def test_present_pairs_come_in_go_out_and_are_taken_back(world: World) -> None:
    run = brought_in("pairings", workbook(SHEET, [ROW]), world.officer)
    made = Pairing.objects.get()
    file, kind = io.BytesIO(), KINDS["pairings"]
    export_records(kind, file, option="", actor=world.officer, purpose="核对结对名册")
    again = sent("pairings", file.getvalue(), world.officer)

    assert (made.state, made.planned_until, made.term_months) == ("active", date(2028, 1, 5), 24)
    assert made.goals == ["organization", "development"]
    assert problems(again) == []
    assert [row.verdict for row in again.checked_rows.all()] == ["same"]
    exchange.undo_import(run, actor=world.officer)
    assert not Pairing.objects.exists()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("县水利局", *ROW[1:]), "没有这个单位"),
        (("县财政局", "无名村", *ROW[2:]), "没有这个村"),
        ((*ROW[:3], "2026-03-03", *ROW[4:]), "不能晚于今天"),
        ((*ROW[:4], "2026-03-01", *ROW[5:]), "期限已过"),
        ((*ROW[:4], "2026-01-01", *ROW[5:]), "不能早于开始日期"),
        (("县第一小学", "石桥村", *ROW[2:]), "内容不同"),
        (("县财政局", "石桥村", *ROW[2:]), "该村已有牵头结对单位"),
    ],
)
def test_what_the_sheet_may_not_say(world: World, row: Any, reason: str) -> None:
    paired(world, unit=world.school, village=world.stone)

    run = sent("pairings", workbook(SHEET, [row]), world.officer)

    assert reason in problems(run)[0][2]


def test_a_pair_with_an_activity_is_not_taken_back(world: World) -> None:
    run = brought_in("pairings", workbook(SHEET, [ROW]), world.officer)
    pairing = Pairing.objects.get()
    activity = Acts(world, pairing, pairing).held()

    with pytest.raises(Refused):
        exchange.undo_import(run, actor=world.officer)

    assert activity.pairings.get().agreement_number == "1号"


def test_one_pair_may_not_stand_twice_in_the_sheet(world: World) -> None:
    otherwise = (ROW[0], "松树村（北山镇）", *ROW[2:])
    run = sent("pairings", workbook(SHEET, [ROW, otherwise]), world.officer)

    assert [(number, said) for number, _, said in problems(run)] == [
        (3, "这一对在表里写了不止一次")
    ]
