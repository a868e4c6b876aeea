"""The pages of an appraisal: what each kind of person reads and may press."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.db import transaction
from django.urls import reverse

from lingyan.common import clock
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.posting.models import AppraisalScore
from lingyan.posting.panels import appraisal as panels
from tests.posting.appraisal_scene import OPENED, TOLD, Appraised, build_appraised
from tests.posting.life_scene import posted_actor
from tests.world import build_world

pytestmark = [pytest.mark.django_db, pytest.mark.pure]


@pytest.fixture(scope="module")
def _scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[Appraised]:
    """Told to everybody; built once, each test takes its changes back."""
    with django_db_blocker.unblock(), transaction.atomic():
        found = build_appraised(build_world())
        found.told()
        yield found
        transaction.set_rollback(True)


@pytest.fixture
def told(_scene: Appraised, db: None) -> Iterator[Appraised]:
    with clock.at(TOLD):
        yield _scene


@pytest.fixture
def scoring(_scene: Appraised, db: None) -> Iterator[Appraised]:
    """The same, as if nobody had summed up yet."""
    AppraisalScore.objects.filter(entry__posting=_scene.postings["li"]).delete()
    cycle = _scene.fresh()
    cycle.state = "scoring"
    cycle.save(update_fields=["state"])
    with clock.at(OPENED):
        yield _scene


def get(scene: Appraised, actor: Actor, name: str, *args: Any) -> Any:
    return scene.world.client(actor).get(reverse(name, args=args))


def text(answer: Any) -> str:
    said: str = answer.content.decode()
    return said


# --- who reads what -------------------------------------------------------------------------------


def test_each_reads_the_own_people_and_nobody_elses(told: Appraised) -> None:
    world, pk = told.world, told.cycle.pk
    seen = {
        "officer": "李甲一 王甲二 赵甲三 钱甲四",
        "leader": "李甲一 王甲二 赵甲三 钱甲四",
        "north_org": "李甲一 王甲二",
        "south_org": "赵甲三 钱甲四",
        "unit_admin": "李甲一 王甲二 赵甲三",
    }
    for who, names in seen.items():
        page = text(get(told, getattr(world, who), "appraisal_ranking", pk))
        found = [n for n in ("李甲一", "王甲二", "赵甲三", "钱甲四") if n in page]
        assert found == names.split(), who
        assert ("名次" in page) == (who in ("officer", "leader"))
    assert get(told, world.stranger, "appraisal_ranking", pk).status_code == 404
    assert get(told, world.pine_secretary, "appraisal_ranking", pk).status_code == 403
    assert get(told, told.li, "appraisal_ranking", pk).status_code == 403


def test_somebody_posted_reads_the_own_result_only_after_the_notice(told: Appraised) -> None:
    own, other = told.entry("li").pk, told.entry("wang").pk
    page = text(get(told, told.li, "appraisal_entry", own))
    assert "优秀" in page
    assert "提出申诉" in page
    assert get(told, told.li, "appraisal_entry", other).status_code == 404
    assert "2026 年第三季度考评" in text(get(told, told.li, "appraisal_own"))

    cycle = told.fresh()
    cycle.state = "deliberated"
    cycle.save(update_fields=["state"])

    assert get(told, told.li, "appraisal_entry", own).status_code == 404
    assert "2026 年第三季度考评" not in text(get(told, told.li, "appraisal_own"))


def test_a_member_of_the_same_village_does_not_read_the_first_secretarys_result(
    told: Appraised,
) -> None:
    member = posted_actor(told.world.sun, told.world.pine, Role.TEAM_MEMBER)

    assert get(told, member, "appraisal_entry", told.entry("li").pk).status_code == 404
    assert "李甲一" not in text(get(told, member, "appraisal_own"))


def test_before_the_notice_each_side_reads_its_own_points_only(scoring: Appraised) -> None:
    entry = scoring.entry("wang")
    page = text(get(scoring, scoring.world.north_org, "appraisal_entry", entry.pk))

    assert "乡镇党委" in page
    assert not re.search(r">\s*85\b|85 分", page), "what the county gave"
    assert "权重 40%" in page
    assert "权重 20%" not in page


# --- the sheet ------------------------------------------------------------------------------------


def sheet(scene: Appraised, actor: Actor, **cells: Any) -> Any:
    address = reverse("appraisal_scores", args=[scene.cycle.pk])
    entry = scene.entry("li").pk
    data = {f"p-{entry}-{name[1:]}": value for name, value in cells.items()}
    return scene.world.client(actor).post(address, {f"was-{entry}": "", **data})


FULL = {"c0": "18", "c1": "18", "c2": "18", "c3": "18"}


@pytest.mark.parametrize(
    ("last", "said"),
    [
        ("21", "应为 0 到 20 的整数"), ("-1", "应为 0 到 20 的整数"), ("1.5", "应为 0 到 20"),
        ("八", "应为 0 到 20"), ("", "没有填"), ("9" * 400, "应为 0 到 20"),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_said_and_what_was_typed_stays(
    scoring: Appraised, last: str, said: str
) -> None:
    answer = sheet(scoring, scoring.world.north_org, **FULL, c4=last)

    assert answer.status_code == 422
    assert said in text(answer)
    assert text(answer).count('value="18"') == 4
    assert not AppraisalScore.objects.filter(entry=scoring.entry("li")).exists()


def test_a_page_is_saved_at_once_and_pressing_twice_changes_nothing(scoring: Appraised) -> None:
    first = sheet(scoring, scoring.world.north_org, **FULL, c4="20")
    second = sheet(scoring, scoring.world.north_org, **FULL, c4="20")

    assert first.status_code == second.status_code == 302
    assert AppraisalScore.objects.get(entry=scoring.entry("li")).total == 92


def test_a_colleague_who_was_quicker_is_named(scoring: Appraised) -> None:
    sheet(scoring, scoring.world.north_org, **FULL, c4="20")

    late = sheet(scoring, scoring.world.north_org, **FULL, c4="1")

    assert late.status_code == 409
    assert "李甲一的评分刚被别人改过" in text(late)


# --- export, lists, worklist ----------------------------------------------------------------------


def test_the_ranking_leaves_as_a_marked_table(told: Appraised) -> None:
    answer = get(told, told.world.officer, "appraisal_workbook", told.cycle.pk)

    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer)))
    rows = [[cell.value for cell in row] for row in book.active.iter_rows()]
    said = "\n".join(" ".join(str(one or "") for one in row) for row in rows)
    assert "陈乙一" in said, "who took it out"
    assert said.count("2026 年第三季度考评") == 4
    assert "李甲一" in said


@pytest.mark.parametrize("who", ["officer", "leader", "north_org", "unit_admin"])
def test_the_worklist_says_what_waits_and_until_when(scoring: Appraised, who: str) -> None:
    items = {one.title: one for one in panels.worklist(getattr(scoring.world, who))}

    if who == "leader":
        assert items == {}
    else:
        assert items["1 名同志待评分"].due_on == date(2026, 10, 20)


def test_one_s_own_result_stands_in_the_worklist_while_one_may_appeal(told: Appraised) -> None:
    [item] = panels.worklist(told.li)
    assert item.due_on == date(2026, 10, 29)
    with clock.at(date(2026, 10, 30)):
        assert panels.worklist(told.li) == []


def test_pages_ask_the_database_a_bounded_number_of_times(
    told: Appraised, django_assert_max_num_queries: Any
) -> None:
    client = told.world.client(told.world.officer)
    for name, budget in (
        ("appraisal", 20), ("appraisal_ranking", 12), ("appraisal_scores", 16), ("ballot_list", 14),
    ):  # fmt: skip
        address = reverse(name, args=[told.cycle.pk])
        client.get(address)  # the first visit counts what waits, for an hour
        with django_assert_max_num_queries(budget):
            assert client.get(address).status_code == 200


def test_the_posting_and_the_person_show_what_was_appraised(told: Appraised) -> None:
    world, posting = told.world, told.postings["li"]
    page = text(get(told, world.officer, "posting_detail", posting.pk))
    assert "2026 年第三季度考评" in page
    assert "2026 年第三季度考评" not in text(
        get(told, world.pine_secretary, "posting_detail", posting.pk)
    )
    assert panels.of_person(world.li, world.officer, TOLD)[0].rows == (), "not archived yet"

    cycle = told.fresh()
    cycle.state, cycle.archived_on = "final", TOLD
    cycle.save(update_fields=["state", "archived_on"])

    [card] = panels.of_person(world.li, world.officer, TOLD)
    assert [row.tag for row in card.rows] == ["优秀"]
    assert panels.of_person(world.li, world.officer, OPENED)[0].rows == (), "not on that day"
    assert panels.of_person(world.li, world.south_org, TOLD)[0].rows == ()
    assert panels.of_person(world.li, world.pine_secretary, TOLD) == []
