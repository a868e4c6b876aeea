"""The pages of activities and of a pair's year, as unit, village, town and stranger see them."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from lingyan.common import clock
from lingyan.pairing.actions import activities as actions
from lingyan.pairing.models import ActivityPhoto, PairActivity, PairDeed, PairProject, PairYouth
from tests.pairing.acts_scene import DAY, Acts, build_acts
from tests.pairing.scene import TODAY
from tests.world import World


@pytest.fixture
def acts(world: World) -> Iterator[Acts]:
    with clock.at(TODAY):
        yield build_acts(world)


def sent(acts: Acts, **changed: Any) -> dict[str, Any]:
    """What a phone sends of 技术培训 in 松树村."""
    return {
        "number": uuid.uuid4(),
        "state": "held",
        "pairings": [acts.pine.pk],
        "kind": "tech_training",
        "day": DAY.isoformat(),
        "mode": "offline",
        "place": acts.world.pine.pk,
        "hours": "1.5",
        "people": [acts.world.li.pk],
        "names": "",
        "villagers": "30",
        "summary": "教果树剪枝",
        **changed,
    }


def photo(colour: int = 90) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), (colour, 120, 60)).save(out, "JPEG")
    return SimpleUploadedFile("a.jpg", out.getvalue(), "image/jpeg")


def test_an_activity_comes_in_with_ticks_names_and_a_photo_and_once(acts: Acts) -> None:
    """王甲二 by initials, 赵甲三 by name; the program that is called a photo is refused alone."""
    client = acts.world.client(acts.world.unit_admin)
    form = client.get(reverse("activity_add"))
    said = sent(acts, names="wje 赵甲三", pairings=[acts.pine.pk, acts.stone.pk])
    program = SimpleUploadedFile("b.jpg", b"MZ\x90\x00" * 50, "image/jpeg")

    first = client.post(
        reverse("activity_add"), {**said, "photos": [photo(), program]}, follow=True
    )
    again = client.post(reverse("activity_add"), said)

    held = PairActivity.objects.get()
    assert "县财政局—石桥村" in form.content.decode()
    assert {one.person for one in held.participants.all()} == {
        acts.world.li, acts.world.wang, acts.world.zhao,
    }  # fmt: skip
    assert (held.minutes, held.villagers, held.pairings.count()) == (90, 30, 2)
    assert "这不是照片" in first.content.decode()
    assert ActivityPhoto.objects.count() == 1
    assert again.headers["Location"] == reverse("activity_detail", args=[held.pk])


@pytest.mark.parametrize(
    ("changed", "status", "text"),
    [
        ({"day": "2026-03-03"}, 409, "还没有到"),
        ({"day": "2025-12-31"}, 409, "才开始"),
        ({"hours": "0"}, 422, "0 到 24 小时"),
        ({"hours": "25"}, 422, "0 到 24 小时"),
        ({"hours": ""}, 409, "用了几小时"),
        ({"names": "钱甲四"}, 422, "没有找到“钱甲四”"),
        ({"people": []}, 409, "哪些人参加"),
        ({"pairings": []}, 422, "请选这次活动服务哪一对结对"),
        ({"summary": ""}, 409, "一句话就够"),
        ({"villagers": "60000"}, 422, "5000"),
        ({"kind": ""}, 422, "请选活动类别"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_stored(
    acts: Acts, changed: dict[str, Any], status: int, text: str
) -> None:
    client = acts.world.client(acts.world.unit_admin)

    answer = client.post(reverse("activity_add"), sent(acts, **changed))

    assert answer.status_code == status
    assert text in answer.content.decode()
    assert "教果树剪枝" in answer.content.decode() or not changed.get("summary", "有")
    assert not PairActivity.objects.exists()


def test_forty_megabytes_are_refused_before_they_are_read(acts: Acts) -> None:
    client = acts.world.client(acts.world.unit_admin)

    answer = client.generic(
        "POST", reverse("activity_add"), b"", content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(40 * 1024 * 1024),
    )  # fmt: skip

    assert answer.status_code == 409
    assert "40 MB" in answer.content.decode()


def test_from_planned_to_held_in_one_press_and_set_right(acts: Acts) -> None:
    client = acts.world.client(acts.world.unit_admin)
    plan = sent(acts, state="planned", day="2026-03-10", people=[], hours="", summary="")
    client.post(reverse("activity_add"), plan)
    planned = PairActivity.objects.get()
    with clock.at(date(2026, 3, 11)):
        overdue = client.get(reverse("activity_list"), {"state": "overdue"})
        form = client.get(reverse("activity_hold", args=[planned.pk]))
        client.post(
            reverse("activity_hold", args=[planned.pk]),
            sent(acts, day="2026-03-10", version=planned.version),
        )
        held = PairActivity.objects.get()
        client.post(
            reverse("activity_correct", args=[held.pk]),
            sent(acts, day="2026-03-10", villagers="12", version=held.version, reason="按签到改"),
        )
        page = client.get(reverse("activity_detail", args=[held.pk])).content.decode()
        client.post(reverse("activity_cancel", args=[held.pk]), {"reason": "登记错了"})

    gone = PairActivity.objects.get()
    assert overdue.context["listing"].total == 1
    assert 'value="2026-03-10"' in form.content.decode()
    assert "按签到改" in page
    assert (gone.state, gone.villagers, gone.cancel_reason) == ("cancelled", 12, "登记错了")


def test_who_reads_who_writes_and_who_sees_nothing(acts: Acts) -> None:
    world = acts.world
    held = acts.held()
    page, change = (reverse(f"activity_{name}", args=[held.pk]) for name in ("detail", "correct"))

    seen = {actor.role: world.client(actor).get(page).status_code for actor in world.everyone}
    changed = {
        actor.role: world.client(actor).get(change).status_code
        for actor in (world.unit_admin, world.pine_secretary, world.north_org, world.officer)
    }

    assert world.client(world.south_org).get(page).status_code == 404
    assert world.client(world.stranger).get(page).status_code == 404
    assert seen["county_org_staff"] == seen["village_secretary"] == 200
    assert seen["candidate"] == seen["sys_admin"] == 403
    assert changed == {
        "unit_party_admin": 200, "village_secretary": 200, "town_org": 403, "county_org_staff": 403,
    }  # fmt: skip


def test_the_list_finds_and_leaves_as_a_workbook_with_who_was_there(acts: Acts) -> None:
    world = acts.world
    acts.held(world.li, world.wang)
    acts.held(kind="sharing", pairings=[acts.stone.pk], place=world.stone.pk)
    client = world.client(world.officer)

    listed = client.get(reverse("activity_list"), {"q": "松树", "year": "2026"})
    pair = client.get(reverse("activity_list"), {"pair": acts.stone.pk})
    book = openpyxl.load_workbook(
        io.BytesIO(client.get(reverse("activity_export"), {"kind": "tech_training"}).content)
    )

    rows = [
        [cell for cell in row if cell] for row in book.worksheets[0].iter_rows(values_only=True)
    ]
    assert [one.kind for one in listed.context["listing"]] == ["tech_training"]
    assert [one.kind for one in pair.context["listing"]] == ["sharing"]
    assert any("李甲一、王甲二" in row for row in rows)
    assert not any("经验交流" in row for row in rows)


def test_a_list_of_one_pair_stays_one_when_it_is_filtered(acts: Acts) -> None:
    acts.held()
    acts.held(pairings=[acts.stone.pk], place=acts.world.stone.pk, kind="law_promotion")
    client = acts.world.client(acts.world.unit_admin)
    asked = {"pair": str(acts.pine.pk), "year": "2026"}

    page = client.get(reverse("activity_list"), asked).content.decode()

    assert f'<option value="{acts.pine.pk}" selected>' in page
    rows = page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert ("技术培训" in rows, "普法宣传" in rows) == (True, False)
    for name in ("meeting_list", "deed_list", "project_list"):
        assert f'<option value="{acts.pine.pk}" selected>' in client.get(
            reverse(name), asked
        ).content.decode()  # fmt: skip


def test_a_list_asks_as_often_for_many_as_for_one(
    acts: Acts, django_assert_max_num_queries: Any
) -> None:
    for day in range(1, 9):
        acts.held(day=date(2026, 2, day), pairings=[acts.pine.pk, acts.stone.pk])
    client = acts.world.client(acts.world.officer)
    client.get(reverse("activity_list"))

    with django_assert_max_num_queries(18):
        answer = client.get(reverse("activity_list"))

    assert answer.content.decode().count("技术培训</td>") == 8


def test_the_year_of_a_pair_is_played_by_both_sides(acts: Acts) -> None:
    """Deed, youth, path, meeting, project; each where the page of the year leads to it."""
    unit = acts.world.client(acts.world.unit_admin)
    village = acts.world.client(acts.world.pine_secretary)
    pair, day = acts.pine.pk, DAY.isoformat()
    both = {"number": uuid.uuid4(), "pairings": [pair]}
    unit.post(
        reverse("deed_add"),
        {**both, "title": "装路灯", "text": "单位出钱", "done_on": day, "beneficiaries": ""},
    )
    deed = PairDeed.objects.get()
    village.post(
        reverse("deed_confirm", args=[deed.pk]),
        {"names": "周大娘、吴大爷", "means": "face", "confirmed_on": TODAY.isoformat()},
    )
    wrong = unit.post(
        reverse("youth_add", args=[pair]),
        {"youth": "青丁一 1998-05-01\n青丁二", "trained_on": day, "content": "跟班"},
    )
    unit.post(
        reverse("youth_add", args=[pair]),
        {"youth": "青丁一 1998-05-01\n青丁二，1999年5月1日\n青丁三 2000/5/1", "trained_on": day,
         "content": "跟班"},
    )  # fmt: skip
    unit.post(
        reverse("path_add", args=[pair]), {"title": "核桃", "text": "扩种", "drafted_on": day}
    )
    path = acts.pine.pairpath_set.get()
    village.post(
        reverse("path_approve", args=[path.pk]), {"approved_on": day, "meeting": "村民代表会议"}
    )
    village.post(
        reverse("meeting_add"),
        {"number": uuid.uuid4(), "pairings": [pair], "kind": "meeting", "mode": "offline",
         "day": day, "with_whom": "双方", "topics": "春耕", "agreed": ""},
    )  # fmt: skip
    village.post(
        reverse("project_add"),
        {"number": uuid.uuid4(), "pairings": [pair], "name": "加工点", "owner": "宋乙八",
         "since": day, "due_on": "2026-10-31", "text": "", "milestones": "选址 2026-04-30"},
    )  # fmt: skip
    milestone = PairProject.objects.get().milestones.get()
    unit.post(reverse("milestone_reach", args=[milestone.pk]), {"reached_on": day})
    unit.post(reverse("year_plan_write", args=[pair, 2026]), {"text": "四月教嫁接"})

    page = unit.get(reverse("pair_year", args=[pair, 2026])).content.decode()
    listed = village.get(reverse("five_one_list"), {"which": "missing"}).content.decode()

    assert "第 2 行读不出来" in wrong.content.decode()
    assert PairYouth.objects.count() == 3
    for text in ("3 / 5", "装路灯", "青丁二", "加工点", "四月教嫁接", "联席会议 1 / 1"):
        assert text in page
    assert "3 / 5" in listed


def test_the_town_draws_looks_and_sends_back(acts: Acts) -> None:
    acts.held()
    town = acts.world.client(acts.world.north_org)
    with clock.at(date(2026, 4, 2)):
        town.post(reverse("sample_draw", args=[acts.world.north.pk]))
        page = town.get(reverse("sample_list")).content.decode()
        [one] = PairActivity.objects.all()
        town.post(
            reverse("activity_check", args=[one.pk]), {"outcome": "returned", "text": "人数不实"}
        )
        unit = acts.world.client(acts.world.unit_admin)
        told = unit.get(reverse("activity_detail", args=[one.pk])).content.decode()

    assert "已查 0 / 1" in page
    assert "人数不实" in told
    assert actions.said_of(PairActivity.objects.get()).villagers == 30
