"""Is a task taken by its owner, passed up when nobody takes it, and looked at by another hand?"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.directory.roles import Role
from lingyan.platform.indicators import registry
from lingyan.platform.indicators.definitions import Parts, Question
from lingyan.supervision.actions import tasks as actions
from lingyan.supervision.actions.tasks import Source, raise_task, step_task
from lingyan.supervision.models import SupervisionTask
from lingyan.supervision.panels import tasks as panels
from lingyan.supervision.queries import report
from lingyan.supervision.queries import tasks as queries
from lingyan.supervision.rules import tasks as rules
from tests.world import World, _actor

# A Monday; three working days later is Thursday 5 March.
MONDAY, THURSDAY, FRIDAY = date(2026, 3, 2), date(2026, 3, 5), date(2026, 3, 6)
DUE = date(2026, 3, 20)


@pytest.fixture
def monday(world: World) -> Iterator[World]:
    with clock.at(MONDAY):
        yield world


def given(world: World, **said: Any) -> SupervisionTask:
    """松树村 is to mend the roof, unless something else is said."""
    return raise_task(
        **{
            "what": "修好会议室", "place": world.pine, "level": "village", "due_on": DUE,
            "actor": world.north_org, **said,
        }
    )  # fmt: skip


def codes(refused: Any) -> list[str]:
    return [one.code.removeprefix("supervision.task.") for one in refused.value.refusals]


# --- raising -------------------------------------------------------------------------------------


def test_a_source_raises_one_task_for_a_rule_and_a_period_however_often_it_asks(
    monday: World,
) -> None:
    source = Source.of(monday.li, "person_detail")
    once = given(monday, source=source, rule="R-4-04", period="2026-02", actor=actions.PRODUCT)
    again = given(monday, source=source, rule="R-4-04", period="2026-02", actor=actions.PRODUCT)
    other = given(monday, source=source, rule="R-4-04", period="2026-03", actor=actions.PRODUCT)

    assert once.pk == again.pk != other.pk
    assert (once.source_title, once.source_page) == ("李甲一", "person_detail")


@pytest.mark.parametrize(
    ("said", "role", "refused"),
    [
        ({"what": " "}, "north_org", ["what_missing"]),
        ({"due_on": date(2026, 3, 1)}, "north_org", ["due_on"]),
        ({}, "pine_secretary", ["wrong_role"]),
    ],
)
def test_a_person_raises_one_in_words_for_a_day_to_come(
    monday: World, said: dict[str, Any], role: str, refused: list[str]
) -> None:
    with pytest.raises(Refused) as why:
        given(monday, **said, actor=getattr(monday, role))

    assert codes(why) == refused
    assert not SupervisionTask.objects.exists()


# --- the whole way -------------------------------------------------------------------------------


def test_from_the_taking_to_the_report_of_the_month(monday: World) -> None:
    task = given(monday, is_evidence_required=True)
    assert [one.pk for one in queries.list_mine(monday.pine_secretary)] == [task.pk]
    task = step_task(task, "accept", actor=monday.pine_secretary)
    with pytest.raises(Refused) as bare:
        step_task(task, "submit", text="已修好", actor=monday.pine_secretary)
    step_task(task, "submit", text="修了", evidence="照片三张", actor=monday.pine_secretary)
    with pytest.raises(Refused) as own:
        step_task(task, "verify", actor=monday.pine_secretary)
    step_task(task, "return", text="屋角还漏", actor=monday.north_org)
    step_task(task, "submit", text="都修好", evidence="照片五张", actor=monday.pine_secretary)
    assert [one.pk for one in queries.list_to_check(monday.north_org)] == [task.pk]
    task = step_task(task, "verify", actor=monday.north_org)

    assert codes(bare) == ["evidence_missing"]
    assert "wrong_role" in codes(own)
    assert task.state == "verified"
    with clock.at(date(2026, 4, 1)):
        assert actions.close_tasks() == 1
        assert actions.close_tasks() == 0
    task.refresh_from_db()
    assert task.state == "closed"


@pytest.mark.parametrize(
    ("state", "act", "who", "refused"),
    [
        ("open", "accept", "south_org", ["not_yours"]),
        ("open", "accept", "north_org", ["not_yours"]),
        ("open", "accept", "officer", ["not_yours"]),
        ("open", "submit", "pine_secretary", ["wrong_state"]),
        ("submitted", "verify", "south_org", ["not_checker"]),
        ("submitted", "verify", "officer", ["not_checker"]),
        ("open", "void", "officer", ["wrong_role"]),
    ],
)
def test_nobody_does_what_is_with_another(
    monday: World, state: str, act: str, who: str, refused: list[str]
) -> None:
    task = given(monday)
    SupervisionTask.objects.filter(pk=task.pk).update(state=state)
    with pytest.raises(Refused) as why:
        step_task(task, act, text="意见", evidence="照片", actor=getattr(monday, who))

    assert codes(why) == refused


def test_who_did_it_does_not_say_that_it_is_done_even_from_above(monday: World) -> None:
    """R-0-20: the county took what its own officer did."""
    task = given(monday, level="county", actor=monday.leader)
    step_task(task, "accept", actor=monday.officer)
    step_task(task, "submit", text="已办", actor=monday.officer)
    with pytest.raises(Refused) as own:
        step_task(task, "verify", actor=monday.officer)

    assert codes(own) == ["own_work"]
    assert step_task(task, "verify", actor=monday.leader).state == "verified"


# --- nobody took it ------------------------------------------------------------------------------


def test_what_nobody_takes_goes_to_the_town_and_to_the_county_and_no_further(
    monday: World,
) -> None:
    task = given(monday)
    came = task.came_at
    with clock.at(THURSDAY):
        assert actions.escalate_tasks() == 0
    with clock.at(FRIDAY):
        assert actions.escalate_tasks() == 1
        assert actions.escalate_tasks() == 0  # the town has its own three days
        task.refresh_from_db()
        assert (task.level, task.office, task.with_you_at) == ("town", monday.north, clock.now())
        assert not queries.list_mine(monday.pine_secretary)
        assert [one.pk for one in queries.list_mine(monday.north_org)] == [task.pk]
        assert [one.pk for one in queries.list_tasks(monday.pine_secretary)] == [task.pk]
    with clock.at(date(2026, 3, 12)):
        assert actions.escalate_tasks() == 1
    with clock.at(date(2026, 6, 1)):
        assert actions.escalate_tasks() == 0
    task.refresh_from_db()

    assert (task.level, task.office, task.state) == ("county", monday.county, "open")
    assert (task.came_at, task.due_on) == (came, DUE)


def test_a_unit_and_a_person_are_passed_over_as_well(monday: World) -> None:
    of_unit = given(monday, level="unit", unit=monday.finance, actor=monday.officer)
    leader = _actor("liang", "梁丁一", Role.COUNTY_LEADER, place=monday.pine)
    monday.li.user_id = leader.user_id
    monday.li.save(update_fields=["user"])
    named = given(monday, level="county", person=monday.li, actor=actions.PRODUCT)
    assert [one.pk for one in queries.list_mine(monday.unit_admin)] == [of_unit.pk]
    assert [one.pk for one in queries.list_mine(leader)] == [named.pk]
    assert named.pk not in [one.pk for one in queries.list_mine(monday.officer)]

    with clock.at(FRIDAY):
        assert actions.escalate_tasks() == 2
    of_unit.refresh_from_db()
    named.refresh_from_db()

    assert (of_unit.level, of_unit.holder) == ("county", "山阳县")
    assert (named.level, named.person) == ("county", None)


def test_what_was_taken_stays_and_what_fell_away_is_void(monday: World) -> None:
    source = Source.of(monday.li)
    taken = step_task(given(monday), "accept", actor=monday.pine_secretary)
    gone = given(monday, source=source, rule="R-4-04", actor=actions.PRODUCT)
    actions.withdraw_task(source.label, source.id, "R-4-04", why="已补督查")
    with clock.at(FRIDAY):
        assert actions.escalate_tasks() == 0
    taken.refresh_from_db()
    gone.refresh_from_db()

    assert (taken.level, gone.state, gone.remark) == ("village", "void", "已补督查")


# --- the month (IND-13-02) ------------------------------------------------------------------------


def parts_of(code: str, question: Question) -> Parts:
    indicator = registry.find(code)
    assert indicator is not None
    return indicator.parts(question)


def test_the_share_done_in_time_counts_by_the_day_of_the_report(monday: World) -> None:
    for number, (state, answered) in enumerate(
        (("verified", DUE), ("closed", date(2026, 3, 21)), ("submitted", DUE), ("open", None),
         ("void", None))
    ):  # fmt: skip
        task = given(monday, what=f"事项{number}")
        SupervisionTask.objects.filter(pk=task.pk).update(state=state, answered_on=answered)
    with clock.at(date(2026, 3, 31)):
        month = report.month_figures(
            monday.officer, report.Period(date(2026, 3, 1), date(2026, 4, 1)), clock.today()
        )
        elsewhere = report.month_figures(
            monday.stranger, report.Period(date(2026, 3, 1), date(2026, 4, 1)), clock.today()
        )

    assert (month.tasks.part, month.tasks.whole, month.tasks.text) == (1, 4, "25.0%")
    with clock.at(date(2026, 3, 31)):
        listed = monday.client(monday.officer).get(
            reverse("supervision_task_list"), {"turn": "due", "month": "2026-03"}
        )
    assert listed.context["listing"].total == 4
    assert "2026 年 3 月到期" in listed.text
    assert (month.raised, month.overdue) == (4, 3)
    late = monday.client(monday.officer)
    for today, on, said in (
        (DUE - timedelta(days=1), DUE - timedelta(days=1), (0, 0)),
        (DUE, DUE, (1, 1)),  # the others have the whole day
        (DUE + timedelta(days=1), DUE, (1, 4)),
        (date(2026, 3, 31), date(2026, 3, 31), (1, 4)),
    ):
        march = report.Period(date(2026, 3, 1), date(2026, 4, 1))
        with clock.at(today):
            found = parts_of("IND-13-02", Question(monday.officer.scope, on, march))
            shown = report.month_figures(monday.officer, march, on)
            asked = {"turn": "late", "month": "2026-03"}
            listed = late.get(reverse("supervision_task_list"), asked)
        assert (found.part, found.of) == said, today
        if today == on:
            assert (shown.tasks.part, shown.tasks.whole) == said
            assert listed.context["listing"].total == shown.overdue
    assert elsewhere.tasks.text == "—"


# --- the pages -----------------------------------------------------------------------------------


def test_it_is_given_taken_and_verified_on_the_pages(monday: World) -> None:
    town, village = monday.client(monday.north_org), monday.client(monday.pine_secretary)
    said = {"place": str(monday.pine.pk), "what": "修好会议室", "due_on": "2026-03-20"}
    answer: Any = town.post(reverse("supervision_task_raise"), said | {"place": "x"})
    assert answer.status_code == 422
    answer = town.post(reverse("supervision_task_raise"), said)
    task = SupervisionTask.objects.get()
    assert answer.url == reverse("supervision_task_detail", args=[task.pk])
    assert "1 件督办任务等您办" in village.get(reverse("worklist")).text

    def sent(client: Client, act: str, text: str = "") -> int:
        where = reverse("supervision_task_step", args=[task.pk, act])
        return client.post(where, {"text": text}).status_code

    assert sent(village, "accept") == 302
    assert sent(village, "submit") == 422
    assert sent(village, "submit", "修好了") == 302
    assert "1 件督办任务等您核验" in town.get(reverse("worklist")).text
    assert sent(village, "verify") == 409
    assert sent(village, "unknown") == 404
    assert sent(town, "verify") == 302
    page = village.get(reverse("supervision_task_detail", args=[task.pk])).text

    assert "已核验" in page
    assert "修好了" in page


def picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), (90, 120, 60)).save(out, "JPEG")
    return SimpleUploadedFile("屋顶.jpg", out.getvalue(), "image/jpeg")


def test_photos_and_records_are_evidence_of_those_who_see_the_task_alone(
    monday: World, django_capture_on_commit_callbacks: Any
) -> None:
    task = step_task(
        given(monday, is_evidence_required=True), "accept", actor=monday.pine_secretary
    )
    village, where = monday.client(monday.pine_secretary), [task.pk, "submit"]
    address = reverse("place", args=[monday.pine.pk])

    def sent(**said: Any) -> int:
        form = {"text": "修好了", **said}
        return village.post(reverse("supervision_task_step", args=where), form).status_code

    assert sent() == 409
    assert sent(links="https://elsewhere.example/a/") == 422
    assert sent(links="/no/such/page/") == 422
    assert sent(photos=SimpleUploadedFile("a.jpg", b"none", "image/jpeg")) == 409
    assert sent(photos=picture(), links=f"http://testserver{address}?x=1") == 302
    task.refresh_from_db()
    photo = task.photos.get()
    shown = reverse("supervision_photo", args=[photo.pk, "small"])
    page = village.get(reverse("supervision_task_detail", args=[task.pk])).text

    assert (task.state, task.links) == ("submitted", [address])
    assert shown in page
    assert f'href="{address}"' in page
    assert "删去" not in page
    for reader, status in ((monday.north_org, 200), (monday.officer, 200), (monday.stranger, 404),
                           (monday.south_org, 404), (monday.unit_admin, 404)):  # fmt: skip
        assert monday.client(reader).get(shown).status_code == status
    remove = reverse("supervision_photo_remove", args=[photo.pk])
    assert village.post(remove).status_code == 409  # reported as done: it stands
    step_task(task, "return", text="屋角还漏", actor=monday.north_org)
    assert monday.client(monday.north_org).post(remove).status_code == 409
    with django_capture_on_commit_callbacks(execute=True):
        assert village.post(remove).status_code == 302
    assert not task.photos.exists()
    assert not default_storage.exists(photo.stored_name)


@pytest.mark.pure
@pytest.mark.parametrize(
    ("links", "found"),
    [
        (["/organization/terms/"], []),
        (["//elsewhere.example/"], ["link_foreign"]),
        (["javascript:alert(1)"], ["link_foreign"]),
        (["/a"] * 6, ["links_many"]),
    ],
)
def test_a_link_leads_to_a_page_of_this_system(links: list[str], found: list[str]) -> None:
    facts = rules.TaskFacts(is_owner=True, text="办好", links=links, is_evidence_required=True)
    refusals = rules.refuse_step("submit", facts)
    assert [one.code.removeprefix("supervision.task.") for one in refusals] == found


def test_others_see_neither_the_task_nor_a_line_of_it(monday: World) -> None:
    task = given(monday)
    for stranger in (monday.stranger, monday.south_org, monday.unit_admin):
        client = monday.client(stranger)
        where = reverse("supervision_task_detail", args=[task.pk])
        assert client.get(where).status_code == 404
        assert "修好会议室" not in client.get(reverse("supervision_task_list")).text
        assert not panels.worklist(stranger)


def test_the_list_costs_the_same_queries_at_any_length(monday: World) -> None:
    client, where = monday.client(monday.officer), reverse("supervision_task_list")

    def cost(total: int) -> int:
        assert client.get(where).context["listing"].total == total
        with CaptureQueriesContext(connection) as asked:
            client.get(where)
        return len(asked)

    given(monday)
    one = cost(1)
    for number, place in enumerate((monday.brook, monday.stone, monday.mill)):
        given(monday, what=f"第{number}件", place=place, actor=monday.officer)
    given(monday, what="单位的", level="unit", unit=monday.finance, actor=monday.officer)

    assert cost(5) == one


@pytest.mark.pure
@pytest.mark.parametrize("act", sorted({line.act for line in rules.TASK_FLOW} - {"raise"}))
def test_every_act_of_the_table_leaves_a_trace_with_words(act: str) -> None:
    events = {**actions.EVENTS, "escalate": "supervision.task.escalated"}
    assert events[act] in rules.AUDIT_TEXTS


# --- long overdue (0.8) ---------------------------------------------------------------------------


def test_what_is_black_is_told_one_level_up_once_also_when_somebody_took_it(
    monday: World,
) -> None:
    taken = step_task(given(monday), "accept", actor=monday.pine_secretary)
    done = step_task(given(monday, what="换灯"), "accept", actor=monday.pine_secretary)
    of_unit = given(monday, level="unit", unit=monday.finance, actor=monday.officer)
    step_task(of_unit, "accept", actor=monday.unit_admin)
    with clock.at(DUE + timedelta(days=30)):
        assert actions.report_severe_tasks() == 0
    SupervisionTask.objects.filter(pk=done.pk).update(state="verified")
    with clock.at(DUE + timedelta(days=31)):
        assert actions.report_severe_tasks() == 2
        assert actions.report_severe_tasks() == 0
        taken.refresh_from_db()
        of_unit.refresh_from_db()
        told = {
            who: [one.pk for one in queries.list_reported(getattr(monday, who))]
            for who in ("north_org", "south_org", "officer", "pine_secretary", "unit_admin")
        }
        lines = [one.title for one in panels.worklist(monday.north_org)]
        listed = monday.client(monday.north_org).get(
            reverse("supervision_task_list"), {"turn": "reported"}
        )
        page = monday.client(monday.north_org).get(
            reverse("supervision_task_detail", args=[taken.pk])
        )

    assert (taken.level, taken.state, taken.reported_to) == ("village", "accepted", monday.north)
    assert (of_unit.level, of_unit.reported_to) == ("unit", monday.county)
    assert told == {
        "north_org": [taken.pk], "officer": [of_unit.pk], "south_org": [], "pine_secretary": [],
        "unit_admin": [],
    }  # fmt: skip
    assert "1 件督办任务严重超期" in lines
    assert listed.context["listing"].total == 1
    assert "上报北山镇" in page.text
