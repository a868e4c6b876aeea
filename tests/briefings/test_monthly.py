"""Does a month go from the county's question to locked numbers, each step by the right hand?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lingyan.briefings.actions import monthly as actions
from lingyan.briefings.actions.monthly_late import ask_about_late_reports
from lingyan.briefings.models import MonthlyAnswer, MonthlyForm, MonthlyPeriod, MonthlyReport
from lingyan.briefings.panels import monthly as panels
from lingyan.briefings.queries import monthly as queries
from lingyan.briefings.rules.monthly import Answer, Item
from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.indicators import registry
from lingyan.supervision.models import SupervisionTask
from tests.briefings.monthly_scene import CODES, DUE, ITEMS, MONTH, OPENED, Monthly, monthly
from tests.world import World, _actor


@pytest.fixture
def scene(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Monthly]:
    """What else the system knows of a village costs a question each: the journey asks them all."""
    monkeypatch.setattr(registry, "INDICATORS", {})
    found = monthly(world)
    with clock.at(OPENED):
        yield found


def codes(refused: Any) -> list[str]:
    return [one.code.removeprefix("briefings.monthly.") for one in refused.value.refusals]


def page(name: str, *args: Any) -> str:
    return reverse(name, args=args)


# --- the journey ----------------------------------------------------------------------------------


def test_a_month_goes_by_the_pages_from_the_question_to_locked_numbers(world: World) -> None:
    officer, north = world.client(world.officer), world.client(world.north_org)
    village = world.client(world.pine_secretary)
    with clock.at(OPENED):
        _ask(officer)
        _open(officer, [str(world.north.pk)])
        report = MonthlyReport.objects.get(village=world.pine)
        assert "1 份村月报等您填写" in village.get("/").content.decode()
        fill = page("monthly_fill", report.pk)
        shown = village.get(fill).content.decode()
        assert "外出务工人数（人）" in shown
        assert "安排春节慰问" in shown
        half = village.post(fill, {"item_1": "61", "act": "submit"})
        assert half.status_code == 409
        assert "还没有填：通村路是否畅通" in half.content.decode()
        assert MonthlyAnswer.objects.get(report=report, code="YB-990100-01").number == 61
        sent = village.post(fill, {"item_1": "62", "item_2": "yes", "act": "submit"})
        assert sent.status_code == 302

        assert "1 份村月报等您审核" in north.get("/").content.decode()
        north.post(page("monthly_step", report.pk, "return"), {"reason": "人数与台账不符"})
        back = village.get(fill).content.decode()
        assert "退回的理由：人数与台账不符" in back
        village.post(fill, {"item_1": "60", "item_2": "yes", "act": "submit"})
        north.post(page("monthly_step", report.pk, "approve"))
        locked = officer.post(page("monthly_lock", report.period_id), follow=True)

    assert "已锁定 1 份" in locked.content.decode()
    report.refresh_from_db()
    assert report.state == "locked"
    assert report.first_submitted_on == OPENED
    acts = AuditEntry.objects.filter(subject_id=str(report.pk), is_reading=False)
    assert list(acts.order_by("number").values_list("action", flat=True)) == [
        f"briefings.monthly.{act}"
        for act in ("filled", "filled", "submitted", "returned", "filled", "submitted", "approved",
                    "locked")
    ]  # fmt: skip


def _ask(officer: Client) -> None:
    lines = {"item-TOTAL_FORMS": "4", "item-INITIAL_FORMS": "0"}
    asked = (("外出务工人数", "number", "人", "at_end", "安排春节慰问和培训"),
             ("通村路是否畅通", "yes_no", "", "of_month", "汛期抢修排序"))  # fmt: skip
    for position, said in enumerate(asked):
        for name, value in zip(("name", "kind", "unit", "time", "why"), said, strict=True):
            lines[f"item-{position}-{name}"] = value
    for position in (2, 3):
        lines |= {f"item-{position}-kind": "number", f"item-{position}-time": "of_month"}
    wrong = officer.post(page("monthly_form_edit"), {**lines, "item-1-name": "两委成员数"})
    assert wrong.status_code == 409
    assert "系统已有：名录，不再向村里要" in wrong.content.decode()
    assert officer.post(page("monthly_form_edit"), lines).status_code == 302


def _open(officer: Client, towns: list[str]) -> None:
    given = {"month": "2026-02", "due_on": "2026-03-05", "towns": towns}
    assert officer.post(page("monthly_open"), given).status_code == 302
    again = officer.post(page("monthly_open"), given)
    assert again.status_code == 409
    assert "这个月已经开始填报" in again.content.decode()


# --- what is asked --------------------------------------------------------------------------------


def test_a_new_version_leaves_an_open_month_as_it_was(scene: Monthly) -> None:
    form = actions.set_form(scene.world.county, ITEMS[:2], actor=scene.world.admin)

    assert form.version == 2
    assert scene.period.form.version == 1
    assert [one.item.name for one in panels.lines_of(scene.report(scene.world.pine))] == [
        one.name for one in ITEMS
    ]


def test_a_question_that_a_figure_answers_is_refused_and_stops_an_old_form(
    scene: Monthly, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = scene.world
    monkeypatch.setattr(actions, "names_of_figures", lambda: {"IND-7-01": "接待游客"})

    with pytest.raises(Refused) as asked:
        actions.set_form(world.county, ITEMS, actor=world.officer)
    with pytest.raises(Refused) as opening:
        actions.open_period(
            world.county, month=OPENED, due_on=date(2026, 4, 5), towns=[world.north],
            actor=world.officer,
        )  # fmt: skip

    assert codes(asked) == codes(opening) == ["known"]
    assert "（IND-7-01）" in str(opening.value)
    assert MonthlyForm.objects.count() == 1
    assert MonthlyPeriod.objects.count() == 1


def test_only_the_office_of_the_own_county_asks(scene: Monthly) -> None:
    world = scene.world
    elsewhere = _actor("o2", "吕丙四", Role.COUNTY_ORG_STAFF, place=world.elsewhere.parent)
    for actor in (world.north_org, world.leader, elsewhere):
        with pytest.raises(Refused):
            actions.set_form(world.county, ITEMS[:1], actor=actor)
        with pytest.raises(Refused):
            actions.open_period(
                world.county, month=OPENED, due_on=date(2026, 4, 5), towns=[world.north],
                actor=actor,
            )  # fmt: skip
    assert MonthlyForm.objects.count() == MonthlyPeriod.objects.count() == 1


# --- filling in -----------------------------------------------------------------------------------


def test_a_first_secretary_writes_and_the_village_sends(scene: Monthly) -> None:
    pine, client = scene.report(scene.world.pine), scene.world.client(scene.first_secretary)
    given = {"item_1": "60", "item_2": "0", "item_3": "no"}

    assert client.post(page("monthly_fill", pine.pk), given).status_code == 302
    assert client.post(page("monthly_step", pine.pk, "submit")).status_code == 403
    with pytest.raises(Refused) as sending:
        actions.step_report(pine, "submit", actor=scene.first_secretary)

    pine.refresh_from_db()
    assert codes(sending) == ["wrong_role"]
    assert (pine.state, pine.filled_by_name) == ("draft", "邹乙七")
    answers = queries.answers_of(pine)
    assert answers == {
        CODES[0]: Answer(number=60), CODES[1]: Answer(number=0), CODES[2]: Answer(is_so=False),
    }  # fmt: skip


def test_what_was_sent_is_written_no_more_and_nobody_writes_for_another_village(
    scene: Monthly,
) -> None:
    world = scene.world
    pine, brook = scene.send(world.pine), scene.report(world.brook)
    said = {CODES[0]: Answer(number=1)}

    with pytest.raises(Refused) as after:
        actions.fill_report(pine, said, actor=world.pine_secretary)
    with pytest.raises(Refused) as next_door:
        actions.fill_report(brook, said, actor=world.pine_secretary)
    with pytest.raises(Refused) as county:
        actions.fill_report(brook, said, actor=world.officer)

    assert codes(after) == ["wrong_state"]
    assert codes(next_door) == ["directory.outside_scope"]
    assert codes(county) == ["wrong_role"]
    assert queries.answers_of(pine)[CODES[0]] == Answer(number=60)
    assert queries.answers_of(brook) == {}


def test_what_the_system_knew_is_kept_with_what_was_sent(
    scene: Monthly, monkeypatch: pytest.MonkeyPatch
) -> None:
    pine = scene.fill(scene.world.pine)
    knew = [{"code": "IND-3-01", "name": "结对的单位", "group": "组织联建", "text": "2 个"}]
    monkeypatch.setattr(actions, "known_of", lambda report: knew)

    actions.step_report(pine, "submit", actor=scene.world.pine_secretary)

    shown = scene.world.client(scene.world.north_org).get(page("monthly_report", pine.pk))
    assert "<dt>结对的单位</dt><dd>2 个</dd>" in shown.content.decode()


# --- looking at it --------------------------------------------------------------------------------


def test_who_sent_it_neither_approves_nor_locks_it(scene: Monthly) -> None:
    world = scene.world
    pine = scene.send(world.pine)
    same = replace(world.north_org, user_id=world.pine_secretary.user_id)

    with pytest.raises(Refused) as approving:
        actions.step_report(pine, "approve", actor=same)
    pine = actions.step_report(pine, "approve", actor=world.north_org)
    with pytest.raises(Refused) as locking:
        actions.step_report(
            pine, "lock", actor=replace(world.officer, user_id=world.north_org.user_id)
        )

    assert codes(approving) == codes(locking) == ["same_hand"]
    pine.refresh_from_db()
    assert pine.state == "approved"


def _no_hand(report: MonthlyReport, act: str, actor: Actor) -> None:
    with pytest.raises(Refused) as refused:
        actions.step_report(report, act, actor=actor)
    assert codes(refused) == ["same_hand"]


def test_a_delegate_and_whom_he_stands_for_are_one_pair_of_hands(scene: Monthly) -> None:
    """R-0-20: by whichever of the two it was made, neither approves it; nor is it locked so."""
    world = scene.world
    made = scene.send(world.pine)
    secretary = world.pine_secretary.user_id
    assert secretary is not None
    town = replace(world.north_org, user_id=9001)

    _no_hand(made, "approve", replace(town, stands_for=frozenset({secretary})))
    _no_hand(made, "approve", replace(town, for_user_id=secretary))
    by_delegate = replace(scene.secretary(world.brook), user_id=9002, for_user_id=9001)
    said = {CODES[0]: Answer(number=1), CODES[1]: Answer(number=0), CODES[2]: Answer(is_so=True)}
    stood_in = actions.fill_report(scene.report(world.brook), said, actor=by_delegate)
    stood_in = actions.step_report(stood_in, "submit", actor=scene.secretary(world.brook))
    _no_hand(stood_in, "approve", town)

    stood_in = actions.step_report(stood_in, "approve", actor=world.north_org)
    made = actions.step_report(made, "approve", actor=town)
    again = replace(world.officer, stands_for=frozenset({9001}))
    _no_hand(made, "lock", again)
    assert actions.lock_reports(scene.period, actor=again) == 0
    assert actions.lock_reports(scene.period, actor=world.officer) == 2


def test_whoever_typed_any_number_of_it_is_a_maker_also_after_others_and_a_correction(
    scene: Monthly,
) -> None:
    world = scene.world
    actions.fill_report(
        scene.report(world.pine), {CODES[0]: Answer(number=61)}, actor=world.north_org
    )
    _no_hand(scene.send(world.pine), "approve", world.north_org)
    other = replace(world.north_org, user_id=9003)
    old = actions.step_report(scene.report(world.pine), "approve", actor=other)
    old = actions.step_report(old, "lock", actor=world.officer)

    made = actions.correct_report(old, reason="漏报", actor=world.pine_secretary)
    made = actions.step_report(made, "submit", actor=world.pine_secretary)
    _no_hand(made, "approve", world.north_org)
    assert made.reason == "漏报"
    assert actions.step_report(made, "approve", actor=other).state == "approved"


def test_what_the_county_sends_back_the_same_officer_approves_again(scene: Monthly) -> None:
    world = scene.world
    report = actions.step_report(scene.send(world.pine), "approve", actor=world.north_org)
    report = actions.step_report(report, "send_back", reason="核对人数", actor=world.officer)
    report = actions.step_report(report, "submit", actor=world.pine_secretary)

    assert (report.approved_by_name, report.approved_on, report.reason) == ("", None, "")
    assert actions.step_report(report, "approve", actor=world.north_org).state == "approved"


def test_the_village_takes_back_what_nobody_has_looked_at(scene: Monthly) -> None:
    world = scene.world
    report = actions.step_report(scene.send(world.pine), "take_back", actor=world.pine_secretary)
    assert (report.state, report.first_submitted_on) == ("draft", None)

    with clock.at(date(2026, 3, 6)):
        report = scene.send(world.pine, 61)
    assert report.first_submitted_on == date(2026, 3, 6)
    report = actions.step_report(report, "approve", actor=world.north_org)
    with pytest.raises(Refused) as late:
        actions.step_report(report, "take_back", actor=world.pine_secretary)
    assert codes(late) == ["wrong_state"]


def test_all_that_towns_have_approved_is_locked_at_once_and_nothing_else(scene: Monthly) -> None:
    world = scene.world
    scene.send(world.brook)
    for village, town in ((world.pine, world.north_org), (world.mill, world.south_org)):
        actions.step_report(scene.send(village), "approve", actor=town)

    assert actions.lock_reports(scene.period, actor=world.officer) == 2
    assert actions.lock_reports(scene.period, actor=world.officer) == 0

    states = MonthlyReport.objects.order_by("village__path").values_list("state", flat=True)
    assert list(states) == ["locked", "submitted", "draft", "locked"]


def test_a_correction_stands_beside_the_old_one_until_it_is_locked(scene: Monthly) -> None:
    world = scene.world
    old = scene.lock(world.pine, 60)
    made = actions.correct_report(old, reason="漏报一户", actor=world.pine_secretary)
    with pytest.raises(Refused) as twice:
        actions.correct_report(old, reason="又漏", actor=world.officer)

    old.refresh_from_db()
    assert (made.version, made.state, old.state) == (2, "draft", "locked")
    assert queries.answers_of(made)[CODES[0]] == Answer(number=60)
    assert codes(twice) == ["under_way"]

    with clock.at(date(2026, 4, 20)):
        assert panels.tone_of(made) == ("", "")
        titles = [one.title for one in panels.worklist(world.north_org)]
        assert "1 份村月报超期没有报" in titles, "溪口村 alone"
    page_of_draft = world.client(world.pine_secretary).get(page("monthly_step", made.pk, "drop"))
    assert "撤销更正" in page_of_draft.content.decode()
    dropped = actions.step_report(made, "drop", actor=world.pine_secretary)
    assert (dropped.state, dropped.reason) == ("dropped", "漏报一户")
    again = actions.correct_report(old, reason="又漏一户", actor=world.officer)
    assert again.version == 3

    scene.lock(world.pine, 63, version=3)
    old.refresh_from_db()
    assert (old.state, queries.answers_of(old)[CODES[0]]) == ("replaced", Answer(number=60))
    assert scene.report(world.pine, 3).state == "locked"


def test_a_village_may_be_let_off_and_asked_again(scene: Monthly) -> None:
    world, pine = scene.world, scene.report(scene.world.pine)

    pine = actions.step_report(pine, "excuse", reason="整村搬迁", actor=world.officer)
    [north, _] = queries.progress_by_town(world.officer.scope, scene.period, OPENED)
    assert (pine.state, north.owed, north.to_fill) == ("excused", 1, 1)
    pine = actions.step_report(pine, "ask_again", actor=world.officer)

    assert pine.state == "draft"


# --- how far it is --------------------------------------------------------------------------------


def test_the_towns_stand_side_by_side_and_each_sees_its_own(scene: Monthly) -> None:
    world = scene.world
    scene.lock(world.pine)
    scene.send(world.stone)

    with clock.at(date(2026, 3, 6)):
        month = panels.month_of_towns(world.officer.scope, scene.period)
        [own] = panels.month_of_towns(world.north_org.scope, scene.period).towns

    north, south = month.towns
    assert (north.name, north.owed, north.locked, north.to_fill, north.late) == (
        "北山镇", 2, 1, 1, 1,
    )  # fmt: skip
    assert (south.owed, south.with_town, south.late) == (2, 1, 1)
    assert (month.whole.owed, month.whole.late) == (4, 2)
    assert own == north


@pytest.mark.parametrize(
    ("on", "said"),
    [
        (OPENED, []),
        (DUE, []),
        (date(2026, 3, 6), ["4 份村月报超期没有报"]),
    ],
)
def test_the_town_hears_of_what_is_late_the_day_after(
    scene: Monthly, on: date, said: list[str]
) -> None:
    county = replace(scene.world.north_org, scope=scene.world.officer.scope)
    with clock.at(on):
        assert [one.title for one in panels.worklist(county)] == said
        assert panels.count(county) == len(said)


def _asked() -> list[tuple[str, str, str]]:
    rows = SupervisionTask.objects.order_by("office__path", "pk")
    return [(str(one.office), one.level, one.state) for one in rows]


def test_a_town_is_asked_once_about_what_is_long_overdue_and_freed_by_itself(
    scene: Monthly,
) -> None:
    """0.8, R-13-01: more than 30 days late, or what the county has set; nobody before."""
    world = scene.world
    scene.send(world.stone)
    with clock.at(date(2026, 4, 4)):
        assert ask_about_late_reports() == 0
    with clock.at(date(2026, 4, 5)):
        assert ask_about_late_reports() == ask_about_late_reports() == 2
        north, _ = SupervisionTask.objects.order_by("office__path")
        [mill] = SupervisionTask.objects.filter(what__contains="磨坊村 1 个村超过期限 30 天")
        scene.send(world.pine)
        ask_about_late_reports()
        assert _asked() == [("北山镇", "town", "open"), ("南河镇", "town", "open")]
        actions.step_report(scene.report(world.brook), "excuse", reason="迁", actor=world.officer)
        assert ask_about_late_reports() == 1
    assert _asked() == [("北山镇", "town", "void"), ("南河镇", "town", "open")]
    assert "松树村、溪口村 2 个村" in north.what
    assert (mill.due_on, str(mill.source_id)) == (date(2026, 4, 12), str(scene.period.pk))


def test_the_county_sets_another_day_and_adds_what_was_left_out(scene: Monthly) -> None:
    world = scene.world
    MonthlyReport.objects.filter(village=world.mill).delete()
    scene.send(world.pine)
    officer, change = world.client(world.officer), page("monthly_change", scene.period.pk)
    with clock.at(date(2026, 3, 6)):
        assert "南河镇" in officer.get(change).content.decode()
        back = officer.post(change, {"due_on": "2026-03-04"})
        same = officer.post(change, {"due_on": "2026-03-05"})
        done = officer.post(change, {"due_on": "2026-03-10", "towns": [str(world.south.pk)]})
        again = officer.get(change).content.decode()

    assert (back.status_code, same.status_code, done.status_code) == (409, 409, 302)
    assert "南河镇" not in again
    reports = MonthlyReport.objects.order_by("village__path").values_list("state", "due_on")
    assert set(reports) == {("submitted", date(2026, 3, 10)), ("draft", date(2026, 3, 10))}
    assert len(reports) == 4
    with pytest.raises(Refused):
        actions.change_period(scene.period, due_on=date(2026, 3, 20), actor=world.north_org)


# --- pages and files ------------------------------------------------------------------------------


def test_each_page_shows_the_own_villages_only(scene: Monthly) -> None:
    world = scene.world
    scene.lock(world.pine)
    seen = {
        "officer": ["松树村", "溪口村", "石桥村", "磨坊村"],
        "north_org": ["松树村", "溪口村"],
        "pine_secretary": ["松树村"],
        "stranger": [],
    }
    for name, villages in seen.items():
        text = world.client(getattr(world, name)).get(page("monthly_list")).content.decode()
        for village in seen["officer"]:
            assert (f"{village}</td>" in text) is (village in villages), (name, village)
    stranger = world.client(world.stranger)
    pine = scene.report(world.pine)
    assert stranger.get(page("monthly_report", pine.pk)).status_code == 404
    assert stranger.get(page("monthly_period", scene.period.pk)).status_code == 404
    assert world.client(world.unit_admin).get(page("monthly_list")).status_code == 403
    assert Client().get(page("monthly_list")).status_code == 302


def test_the_turn_of_the_list_is_the_turn_of_the_worklist(scene: Monthly) -> None:
    world = scene.world
    scene.send(world.pine)
    client = world.client(world.north_org)

    for turn, village, other in (("check", "松树村", "溪口村"), ("fill", "溪口村", "松树村")):
        text = client.get(page("monthly_list"), {"turn": turn}).content.decode()
        assert f"{village}</td>" in text
        assert f"{other}</td>" not in text


def test_the_table_of_a_month_has_a_column_for_each_item(scene: Monthly) -> None:
    world = scene.world
    scene.lock(world.pine, 60, 12)

    answer = world.client(world.officer).get(page("monthly_export", scene.period.pk))

    [sheet] = openpyxl.load_workbook(BytesIO(answer.content)).worksheets
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    heads = next(row for row in rows if "乡镇" in row)
    assert heads[6:] == [
        "外出务工人数（人）",
        "接待游客人次（人次）",
        "通村路是否畅通",
        "需要县里协调的事",
    ]
    pine = next(row for row in rows if "松树村" in row)
    assert pine[3:5] == ["已锁定", 1]
    assert pine[6:] == [60, 12, "是", "修水渠"]


def _table(world: World, scene: Monthly) -> openpyxl.Workbook:
    answer = world.client(world.north_org).get(page("monthly_export", scene.period.pk))
    return openpyxl.load_workbook(BytesIO(answer.content))


def _sent(scene: Monthly, book: openpyxl.Workbook, actor: Actor) -> Any:
    target = BytesIO()
    book.save(target)
    file = SimpleUploadedFile("二月.xlsx", target.getvalue())
    return scene.world.client(actor).post(page("monthly_table", scene.period.pk), {"file": file})


def _row(book: openpyxl.Workbook, village: str) -> int:
    rows = enumerate(book.active.iter_rows(values_only=True), 1)
    return next(number for number, row in rows if village in row)


def test_the_table_that_went_out_comes_in_filled_and_the_village_sends_it(scene: Monthly) -> None:
    world = scene.world
    book = _table(world, scene)
    for column, value in ((7, 45), (8, 0), (9, "否"), (10, "修桥")):
        book.active.cell(_row(book, "溪口村"), column, value)

    assert _sent(scene, book, world.north_org).status_code == 302

    brook = scene.report(world.brook)
    assert queries.answers_of(brook) == {
        CODES[0]: Answer(number=45), CODES[1]: Answer(number=0), CODES[2]: Answer(is_so=False),
        CODES[3]: Answer(text="修桥"),
    }  # fmt: skip
    assert queries.answers_of(scene.report(world.pine)) == {}
    sent = actions.step_report(brook, "submit", actor=scene.secretary(world.brook))
    with pytest.raises(Refused) as approving:
        actions.step_report(sent, "approve", actor=world.north_org)
    assert codes(approving) == ["same_hand"]


def test_of_a_table_with_anything_wrong_nothing_is_taken(scene: Monthly) -> None:
    world = scene.world
    scene.send(world.pine)
    book = _table(world, scene)
    pine, brook = _row(book, "松树村"), _row(book, "溪口村")
    book.active.cell(pine, 7, 61)
    book.active.cell(brook, 7, "很多")
    book.active.cell(brook, 8, 3)
    book.active.append(["南河镇", "石桥村", None, None, None, None, 5])
    before = MonthlyAnswer.objects.count()

    answer = _sent(scene, book, world.north_org)

    text = answer.content.decode()
    assert answer.status_code == 409
    assert "这份月报已经提交" in text
    assert "您的管辖范围内没有这个村" in text
    assert "很多" in text
    assert MonthlyAnswer.objects.count() == before
    assert _sent(scene, book, world.officer).status_code == 403
    assert _sent(scene, book, world.stranger).status_code == 404


def test_pages_ask_the_database_as_often_for_many_villages_as_for_few(
    scene: Monthly, django_assert_max_num_queries: Any
) -> None:
    client = scene.world.client(scene.world.officer)
    for name, args, most in (
        ("monthly_list", (), 14), ("monthly_periods", (), 12),
        ("monthly_period", (scene.period.pk,), 14),
    ):  # fmt: skip
        client.get(page(name, *args))
        with django_assert_max_num_queries(most):
            assert client.get(page(name, *args)).status_code == 200


def test_last_time_stands_beside_each_question(scene: Monthly) -> None:
    world = scene.world
    scene.lock(world.pine, 58)
    with clock.at(date(2026, 4, 1)):
        actions.open_period(
            world.county, month=date(2026, 3, 1), due_on=date(2026, 4, 5), towns=[world.north],
            actor=world.officer,
        )  # fmt: skip
        march = MonthlyReport.objects.get(village=world.pine, month=date(2026, 3, 1))
        text = world.client(world.pine_secretary).get(page("monthly_fill", march.pk))

    assert "（上次：58 人）" in text.content.decode()


def test_a_month_is_not_told_before_it_ends(scene: Monthly) -> None:
    world = scene.world
    march = actions.open_period(
        world.county, month=OPENED, due_on=date(2026, 4, 5), towns=[world.north],
        actor=world.officer,
    )  # fmt: skip
    early = Monthly(world, scene.first_secretary, march)

    with pytest.raises(Refused) as sending:
        early.send(world.pine)

    assert codes(sending) == ["early"]
    assert str(MONTH) not in str(sending.value)


def test_an_item_that_is_no_number_has_no_unit(scene: Monthly) -> None:
    given = Item("有无信访苗头", "yes_no", "提前介入", "人")
    form = actions.set_form(scene.world.county, [given], actor=scene.world.officer)
    assert form.items.get().unit == ""
