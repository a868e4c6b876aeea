"""The pages of the health check: who sees what, and what they change."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from lingyan.common import clock
from lingyan.directory.models import Place
from lingyan.organization.models import ReviewRound
from lingyan.pairing.models import PairProblem
from lingyan.posting.actions.health_checks import record_opinion
from lingyan.posting.models import HealthCheck, NeedList
from lingyan.posting.panels.needs import evidence_of
from tests.organization.committee_records import committee_records
from tests.organization.rect_scene import rectifying
from tests.posting.checks import SCORES, check_at, fresh, need_list_of
from tests.world import World

FORM = {"first_secretary_seats": "1", "member_seats": "2", "profile_remark": ""}


def filled(**changes: str) -> dict[str, str]:
    scores = {f"score_{item}": str(score) for item, score in SCORES.items()}
    return {**FORM, **scores, **changes}


def url(name: str, thing: Any) -> str:
    return reverse(name, args=[thing.pk])


def test_the_list_shows_every_village_in_scope_with_its_state(world: World) -> None:
    check_at(world, "draft")

    page = world.client(world.officer).get(reverse("health_check_list"))

    text = page.content.decode()
    for village in (world.pine, world.brook, world.stone, world.mill):
        assert village.short_name in text
    assert text.count("未开始") >= 3


def test_a_town_sees_its_own_villages_only(world: World) -> None:
    text = world.client(world.north_org).get(reverse("health_check_list")).content.decode()
    assert "松树村" in text
    assert "石桥村" not in text


@pytest.mark.parametrize(
    ("query", "seen", "unseen"),
    [
        ("state=draft", "松树村", "溪口村"),
        ("state=none", "溪口村", "松树村</a>"),
        ("q=石桥", "石桥村", "松树村"),
        ("town=00010002", "磨坊村", "松树村"),
        ("type=weak_org", "石桥村", "松树村"),
    ],
)
def test_the_list_is_filtered(world: World, query: str, seen: str, unseen: str) -> None:
    check_at(world, "draft")
    check_at(world, "confirmed", village=world.stone, town=world.south_org)

    page = world.client(world.officer).get(f"{reverse('health_check_list')}?{query}")

    table = page.content.decode().split("<tbody>")[1]
    assert seen in table
    assert unseen not in table


def test_the_list_costs_the_same_queries_at_any_size(
    world: World, django_assert_max_num_queries: Any
) -> None:
    Place.objects.bulk_create(
        Place(
            path=f"000100010{number:03d}", level="village", name=f"样村{number}",
            short_name=f"样村{number}", parent=world.north,
        )
        for number in range(100, 170)
    )  # fmt: skip
    villages = Place.objects.filter(name__startswith="样村")
    checks = HealthCheck.objects.bulk_create(
        HealthCheck(village=village, year=clock.today().year, created_at=clock.now())
        for village in villages
    )
    assert len(checks) == 70
    client = world.client(world.officer)
    with django_assert_max_num_queries(26):
        page = client.get(f"{reverse('health_check_list')}?size=100")
    assert "样村169" in page.content.decode()


def test_anonymous_is_sent_to_sign_in(world: World) -> None:
    answer = Client().get(reverse("health_check_list"))
    assert answer.status_code == 302
    assert "/sign-in/" in answer["Location"]


@pytest.mark.parametrize("role", ["candidate", "sys_admin", "unit_admin"])
def test_other_roles_are_told_so(world: World, role: str) -> None:
    answer = world.client(getattr(world, role)).get(reverse("health_check_list"))
    assert answer.status_code == 403


@pytest.mark.parametrize("name", ["health_check", "health_check_edit"])
def test_a_stranger_finds_no_check(world: World, name: str) -> None:
    check = check_at(world, "draft")
    client = world.client(world.stranger)

    assert client.get(url(name, check)).status_code == 404
    assert client.get(reverse(name, args=[uuid4()])).status_code == 404


def test_a_stranger_changes_nothing(world: World) -> None:
    check = check_at(world, "draft", scores={"T1": 3})
    client = world.client(world.stranger)

    answers = [
        client.post(url("health_check_edit", check), filled(submit="yes")),
        client.post(url("health_check_submit", check)),
        client.post(url("health_check_suggest", check), filled()),
        client.post(url("health_check_start", world.brook)),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert fresh(check).state == "draft"
    assert check.items.count() == 1
    assert HealthCheck.objects.count() == 1


def test_the_secretary_of_another_village_finds_nothing(world: World) -> None:
    check = check_at(world, "draft", village=world.brook)
    assert world.client(world.pine_secretary).get(url("health_check", check)).status_code == 404


def test_a_reader_sees_no_buttons_of_others(world: World) -> None:
    check = check_at(world, "submitted")
    text = world.client(world.leader).get(url("health_check", check)).content.decode()
    assert "书记年龄偏大" in text
    assert "送部门会商</button>" not in text


def test_a_town_starts_fills_in_and_submits(world: World) -> None:
    client = world.client(world.north_org)

    started = client.post(url("health_check_start", world.pine))
    check = HealthCheck.objects.get()
    edit = url("health_check_edit", check)
    assert started["Location"] == edit
    assert client.get(edit).status_code == 200
    answer = client.post(edit, filled(text_T1="书记空缺", submit="yes"))

    assert answer["Location"] == url("health_check", check)
    assert fresh(check).state == "submitted"
    assert check.items.get(item="T1").text == "书记空缺"


def test_half_a_form_is_saved_as_a_draft_and_submitting_says_what_is_missing(
    world: World,
) -> None:
    check = check_at(world, "draft", scores={"T1": 1})
    client = world.client(world.north_org)

    answer = client.post(url("health_check_edit", check), {**FORM, "score_T1": "4", "submit": "y"})

    assert answer.status_code == 409
    assert "还有未打分的项" in answer.content.decode()
    assert check.items.get().score == 4
    assert fresh(check).state == "draft"


def test_a_bad_remark_is_said_beside_its_field(world: World) -> None:
    check = check_at(world, "draft")
    answer = world.client(world.north_org).post(
        url("health_check_edit", check), filled(profile_remark="限男性")
    )
    assert answer.status_code == 422
    assert "只写与工作有关的要求" in answer.content.decode()


def test_the_suggested_types_follow_what_is_typed(world: World) -> None:
    check = check_at(world, "draft")
    answer = world.client(world.north_org).post(
        url("health_check_suggest", check), {"score_I1": "4", "score_T1": "1"}
    )
    text = answer.content.decode()
    assert "产业基础薄弱村" in text
    assert "基层党组织软弱村" not in text
    assert "<html" not in text


def test_evidence_is_offered_from_the_register(world: World) -> None:
    from lingyan.directory.actions.officers import OfficerRow, create_officers
    from tests.world import SINCE

    create_officers(
        [
            OfficerRow(world.wang, world.pine, "party_secretary", SINCE),
            OfficerRow(world.wang, world.pine, "vc_director", SINCE),
        ],
        actor=world.officer,
    )
    check = check_at(world, "draft")

    text = world.client(world.north_org).get(url("health_check_edit", check)).content.decode()

    assert "现任书记王甲二" in text
    assert "已实现一肩挑" in text
    assert "两委成员 1 人，其中女性 1 人" in text


def test_evidence_is_offered_from_the_other_modules(world: World) -> None:
    """The table of 2.2: T1 appraisal, T5 reserve persons, I6 problems of the pairs."""
    committee_records(world)  # one reserve cadre
    rectifying(world)
    made = {
        "place": world.north,
        "level": "village",
        "form": "on_site",
        "opened_on": date(2026, 1, 5),
    }
    for year, state in ((2024, "archived"), (2025, "graded"), (2026, "evaluated")):
        review = ReviewRound.objects.create(year=year, state=state, **made)
        review.results.create(place=world.pine, name="高乙六", grade="fairly_high")
    for kind, state in (("road", "raised"), ("road", "handled"), ("water", "solving"),
                        ("other", "voided")):  # fmt: skip
        PairProblem.objects.create(
            village=world.pine, kind=kind, channel="visit", text="三组的事", state=state,
            raised_on=date(2026, 2, 1), due_on=date(2026, 3, 1), made_at=clock.now(),
            made_by_name="高乙六",
        )  # fmt: skip
    check, other = check_at(world, "draft"), check_at(world, "draft", village=world.brook)

    found, nothing = evidence_of(check), evidence_of(other)

    assert found["T1"] == ("2025 年述职评议：高乙六，较好", "村党组织正在整顿")
    assert found["T5"] == ("村级后备力量 1 人（已确认、培养中）",)
    assert found["I6"] == ("联建问题没有办结的 3 件：道路 2、饮水 1",)
    assert nothing == {}


def test_the_county_reviews_the_bureau_speaks_and_the_county_confirms(world: World) -> None:
    check = check_at(world, "submitted")
    officer, agri = world.client(world.officer), world.client(world.agri)

    officer.post(url("health_check_start_review", check))
    assert agri.get(url("health_check_opinion", check)).status_code == 200
    agri.post(url("health_check_opinion", check), {"text": "产业一般"})
    assert officer.get(url("health_check_confirm", check)).status_code == 200
    answer = officer.post(
        url("health_check_confirm", check), {"summary": "同意", "village_types": ["weak_org"]}
    )

    assert answer.status_code == 302
    assert fresh(check).state == "confirmed"
    assert need_list_of(check).state == "confirmed"


def test_a_refused_act_answers_409_and_changes_nothing(world: World) -> None:
    check = check_at(world, "joint_review")
    answer = world.client(world.officer).post(
        url("health_check_confirm", check), {"summary": "同意", "village_types": ["weak_org"]}
    )
    assert answer.status_code == 409
    assert "县农业农村局尚未填写会商意见" in answer.content.decode()
    assert fresh(check).state == "joint_review"


def test_chosen_checks_go_to_review_together(world: World) -> None:
    one = check_at(world, "submitted")
    other = check_at(world, "submitted", village=world.stone, town=world.south_org)

    world.client(world.officer).post(
        reverse("health_checks_bulk"), {"act": "start_review", "check": [one.pk, other.pk]}
    )

    assert {fresh(one).state, fresh(other).state} == {"joint_review"}


def test_the_bureau_speaks_on_several_at_once(world: World) -> None:
    check = check_at(world, "joint_review")
    world.client(world.agri).post(
        reverse("health_checks_bulk"), {"act": "opinion", "check": [check.pk], "text": "同意"}
    )
    assert fresh(check).agriculture_opinion == "同意"


def test_choosing_nothing_is_said_in_words(world: World) -> None:
    answer = world.client(world.officer).post(reverse("health_checks_bulk"), {"act": "confirm"})
    assert answer.status_code == 409
    assert "请先勾选" in answer.content.decode()


def test_a_check_is_returned_with_a_reason(world: World) -> None:
    check = check_at(world, "submitted")
    client = world.client(world.officer)

    assert client.post(url("health_check_return", check), {"reason": ""}).status_code == 422
    client.post(url("health_check_return", check), {"reason": "请写明集体收入"})

    assert fresh(check).state == "draft"
    town = world.client(world.north_org).get(url("health_check", check)).content.decode()
    assert "请写明集体收入" in town


# --- need lists ---------------------------------------------------------------------------------


def test_the_need_list_is_read_changed_and_issued(world: World) -> None:
    need_list = need_list_of(check_at(world, "confirmed"))
    client = world.client(world.officer)
    page = client.get(url("need_list_edit", need_list))
    data = form_data(page)
    data["first_secretary_lower"] = "1"
    data["need-0-severity"] = "4"
    data["need-1-DELETE"] = "on"

    answer = client.post(url("need_list_edit", need_list), data)

    assert answer.status_code == 302
    need_list.refresh_from_db()
    assert need_list.first_secretary_lower == 1
    assert need_list.items.count() == 4
    assert need_list.items.filter(severity=4).count() == 1
    client.post(url("need_list_issue", need_list))
    need_list.refresh_from_db()
    assert need_list.state == "issued"
    assert need_list.issued_on == clock.today()
    assert client.get(url("need_list", need_list)).status_code == 200


def form_data(page: Any) -> dict[str, Any]:
    """What a browser would send back of the need list's forms."""
    forms = [page.context["form"], page.context["needs"].management_form, *page.context["needs"]]
    data: dict[str, Any] = {}
    for form in forms:
        for field in form:
            value = field.value()
            if value is not None and value is not False:
                data[field.html_name] = value
    return data


def test_an_issued_list_is_not_changed(world: World) -> None:
    need_list = need_list_of(check_at(world, "confirmed"))
    client = world.client(world.officer)
    data = form_data(client.get(url("need_list_edit", need_list)))
    client.post(url("need_list_issue", need_list))

    answer = client.post(url("need_list_edit", need_list), {**data, "member_seats": "5"})

    assert answer.status_code == 409
    need_list.refresh_from_db()
    assert need_list.member_seats == 2


def test_all_refusals_of_a_bulk_issue_are_shown_at_once(world: World) -> None:
    good = need_list_of(check_at(world, "confirmed"))
    nothing = dict.fromkeys(SCORES, 0)
    bad = [
        need_list_of(check_at(world, "confirmed", village=village, town=town, scores=nothing))
        for village, town in ((world.brook, world.north_org), (world.stone, world.south_org))
    ]

    answer = world.client(world.officer).post(reverse("need_lists_issue"), {"all": "yes"})

    text = answer.content.decode()
    assert answer.status_code == 409
    assert "溪口村" in text
    assert "石桥村" in text
    good.refresh_from_db()
    assert {good.state, *(one.state for one in bad)} == {"confirmed"}


def test_chosen_lists_are_issued(world: World) -> None:
    need_list = need_list_of(check_at(world, "confirmed"))
    world.client(world.officer).post(
        reverse("need_lists_issue"), {"need_list": [str(need_list.pk), "not an id"]}
    )
    need_list.refresh_from_db()
    assert need_list.state == "issued"


def test_a_stranger_finds_no_need_list_and_issues_none(world: World) -> None:
    need_list = need_list_of(check_at(world, "confirmed"))
    client = world.client(world.stranger)

    assert client.get(url("need_list", need_list)).status_code == 404
    assert client.post(url("need_list_issue", need_list)).status_code == 403
    assert "松树村" not in client.get(reverse("need_list_list")).content.decode()
    need_list.refresh_from_db()
    assert need_list.state == "confirmed"


def test_a_town_reads_its_need_list_and_finds_no_button(world: World) -> None:
    need_list = need_list_of(check_at(world, "confirmed"))
    text = world.client(world.north_org).get(url("need_list", need_list)).content.decode()
    assert "熟悉党群工作" in text
    assert "下达</button>" not in text


def test_the_need_lists_cost_the_same_queries_at_any_size(
    world: World, django_assert_max_num_queries: Any
) -> None:
    Place.objects.bulk_create(
        Place(
            path=f"000100010{number:03d}", level="village", name=f"样村{number}",
            short_name=f"样村{number}", parent=world.north,
        )
        for number in range(100, 170)
    )  # fmt: skip
    NeedList.objects.bulk_create(
        NeedList(village=village, created_at=clock.now())
        for village in Place.objects.filter(name__startswith="样村")
    )
    client = world.client(world.officer)
    with django_assert_max_num_queries(23):
        page = client.get(f"{reverse('need_list_list')}?size=100")
    assert "样村169" in page.content.decode()


# --- what waits ---------------------------------------------------------------------------------


def test_the_worklist_names_what_waits_for_each(world: World) -> None:
    check_at(world, "draft")
    reviewed = check_at(world, "joint_review", village=world.stone, town=world.south_org)

    def waits(actor: Any) -> str:
        return str(world.client(actor).get("/").content.decode())

    assert "1 个村的体检待提交" in waits(world.north_org)
    assert "1 个村还没有开始今年的体检" in waits(world.north_org)
    assert "1 个村的体检等您会商" in waits(world.agri)
    assert "1 个村的体检在会商" in waits(world.officer)
    record_opinion(reviewed, actor=world.agri, text="同意")
    assert "等您会商" not in waits(world.agri)
