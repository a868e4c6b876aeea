"""Who reads what of a term change, and what a department is shown of the others."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date

import openpyxl
import pytest
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.directory.models import Unit, VillageOfficer
from lingyan.organization.actions import joint_reviews as reviews
from lingyan.organization.panels.term_changes import worklist
from lingyan.organization.rules.term_words import Department
from lingyan.platform.accounts.actor import Actor
from tests.organization.elect_scene import TODAY, Election, election
from tests.world import World


@pytest.fixture
def scene(world: World) -> Iterator[Election]:
    with clock.at(TODAY):
        yield election(world)


def test_a_department_reads_its_own_answer_and_the_town_only_the_outcome(scene: Election) -> None:
    change = scene.submitted()
    reviews.answer_review(
        scene.answer_of(change, "hua", "discipline"), result="negative", items=["n05"],
        text="正在核查的线索", answered_on=TODAY, actor=scene.discipline,
    )  # fmt: skip
    address = reverse("joint_review_detail", args=[scene.review_of(change, "hua").pk])
    read = {
        name: scene.world.client(actor).get(address).content.decode()
        for name, actor in (
            ("police", scene.police), ("discipline", scene.discipline),
            ("leader", scene.world.leader), ("town", scene.world.north_org),
        )
    }  # fmt: skip

    assert "正在核查的线索" in read["discipline"]
    assert "正在核查的线索" in read["leader"]
    assert "正在核查的线索" not in read["town"]
    assert "联审有问题" in read["town"]
    assert "纪委监委" not in read["police"]
    assert "联审有问题" not in read["police"]
    assert scene.world.client(scene.world.south_org).get(address).status_code == 404


def test_a_department_answers_its_own_line_alone(scene: Election) -> None:
    change = scene.submitted()
    own = reverse(
        "joint_review_answer", args=[scene.answer_of(change, "hua", "public_security").pk]
    )
    other = reverse("joint_review_answer", args=[scene.answer_of(change, "hua", "court").pk])
    client = scene.world.client(scene.police)

    answer = client.post(own, {"result": "negative", "items": ["n01"], "answered_on": str(TODAY)})
    done = client.post(own, {"result": "clear", "answered_on": str(TODAY)})

    assert answer.status_code == 409
    assert "须写明情况" in answer.content.decode()
    assert done.status_code == 302
    assert client.get(other).status_code == 404
    assert scene.world.client(scene.world.north_org).get(own).status_code == 403
    assert "joint-reviews" in next(one.url for one in worklist(scene.police))


def test_the_worklist_asks_whoever_has_the_next_step(scene: Election) -> None:
    def asked(actor: Actor) -> list[str]:
        return [one.title for one in worklist(actor)]

    scene.opened()
    approve = asked(scene.town_secretary)
    scene.world.pine.term_changes.update(plan_approved_on=TODAY)

    assert approve == ["1 个村的换届方案待批准"]
    assert asked(scene.town_secretary) == []
    assert asked(scene.world.north_org) == ["1 个村的换届方案已批准"]
    scene.world.pine.term_changes.update(state="assessing")
    assert asked(scene.world.pine_secretary) == ["1 个村待提名候选人"]


def test_the_button_says_why_before_it_is_pressed(scene: Election) -> None:
    change = scene.submitted()
    reviews.answer_review(
        scene.answer_of(change, "mei", "public_security"), result="negative", items=["n02"],
        text="欺压群众", answered_on=TODAY, actor=scene.police,
    )  # fmt: skip
    page = scene.world.client(scene.world.officer).get(
        reverse("term_change_detail", args=[change.pk])
    )

    assert "联审不通过，不得提名" in page.content.decode()
    assert 'data-code="organization.candidate.review_failed"' in page.content.decode()


def test_the_lists_leave_as_workbooks(scene: Election) -> None:
    scene.filed()
    client = scene.world.client(scene.world.officer)

    def rows(name: str) -> list[tuple[object, ...]]:
        content = client.get(reverse(name), {"purpose": ""}).content
        sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
        return [row for row in sheet.iter_rows(values_only=True) if "松树村" in row]

    results, listed = rows("term_change_export"), rows("joint_review_export")
    assert [(row[3], row[4], row[11]) for row in results] == [
        ("村党组织书记", "田丁二", 15), ("村民委员会主任", "田丁二", 150),
        ("村民委员会委员", "田丁三", 120), ("村民委员会委员", "田丁四", 130),
    ]  # fmt: skip
    assert len(listed) == 4
    assert {row[11] for row in listed} == {11}
    assert {row[13] for row in listed} == {"联审通过"}
    assert all("*" in str(row[6]) for row in listed)


# --- who is asked (review.depts) ------------------------------------------------------------------


def test_the_administrator_settles_who_answers_and_nobody_is_asked_before(world: World) -> None:
    where = reverse("joint_review_departments")
    police = Unit.objects.create(name="山阳县公安局", category="county_dept", place=world.county)
    VillageOfficer.objects.create(
        person=world.sun, village=world.pine, post="party_secretary", since=date(2024, 1, 1)
    )
    admin = world.client(world.admin)
    with clock.at(TODAY):
        with pytest.raises(Refused) as early:
            reviews.open_yearly_reviews(world.north, actor=world.officer)
        page = admin.get(where).text
        assert page.count("还没有确定") == 8
        assert "按名称推荐的单位" in page
        said = {one.value: "paper" for one in Department} | {
            "discipline": "own", "organization": "own", "agriculture": "own",
            "court": "out", "public_security": str(police.pk),
            "since": TODAY.isoformat(), "clause": "无文件",
        }  # fmt: skip
        assert admin.post(where, {**said, "court": "own"}).status_code == 422
        assert admin.post(where, {**said, "clause": ""}).status_code == 422
        assert admin.post(where, said).status_code == 302
        assert admin.post(where, said).status_code == 409  # nothing changed
        [review] = reviews.open_yearly_reviews(world.north, actor=world.officer)
        page = world.client(world.officer).get(where).text

    assert [one.code for one in early.value.refusals] == ["organization.review.not_appointed"]
    assert review.answers.count() == 10
    assert review.answers.get(department="public_security").unit == police
    assert "这个单位还没有能答复的账号" in page
    assert "<form method=" not in page.partition("<main")[2]
    assert world.client(world.officer).post(where, said).status_code == 403
    for stranger in (world.north_org, world.unit_admin, world.pine_secretary):
        assert world.client(stranger).get(where).status_code == 403
