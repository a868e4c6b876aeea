"""How is a briefing written, checked, passed on, issued and recalled, and what changes then?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lingyan.briefings.actions import briefings as actions
from lingyan.briefings.exports.issued import bundle_of
from lingyan.briefings.models import Briefing, BriefingFigure
from lingyan.briefings.queries import briefings as queries
from lingyan.briefings.queries.frozen import (
    changes_since,
    freeze,
    kept_of,
    list_figures,
    parts_of_row,
)
from lingyan.briefings.rules.frozen import Kept, parts_kept
from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.directory.models import Person, Place
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.indicators import registry
from lingyan.platform.indicators.definitions import Record, add_up
from lingyan.supervision.models import GateOverride
from tests.briefings.scene import (
    ISSUED,
    TEXT,
    drafted,
    hand,
    office,
    passed_on,
    registered,
    scene,
    written,
)
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _scene(world: World) -> Iterator[None]:
    scene(world)
    with registered(), clock.at(date(2026, 7, 1)):
        yield


def counted(one: Kept) -> Record:
    return Record("", "", "", (), "", Fraction(one.part), one.of, one.counts, one.is_base)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in refused.value.refusals]


def test_a_briefing_goes_its_way_and_is_numbered_at_signing(world: World) -> None:
    briefing = passed_on(world, *ISSUED)

    assert (briefing.state, briefing.issue_year, briefing.issue_no) == ("issued", 2026, 1)
    assert passed_on(world, "check", "review", "sign").issue_no == 2
    assert passed_on(world, "check", "review", "sign", series="乡村振兴简报").issue_no == 1
    assert passed_on(world, "check", "review", "sign", is_supplement=True).issue_no == 1
    acts = AuditEntry.objects.filter(subject_id=str(briefing.pk)).order_by("number")
    assert [one.action.rpartition(".")[2] for one in acts] == [
        "drafted", "checked", "reviewed", "signed", "issued",
    ]  # fmt: skip


def test_what_is_frozen_can_be_counted_again_from_its_records(world: World) -> None:
    briefing = passed_on(world, "check")

    rows = list(briefing.figures.order_by("position"))
    assert [(row.written, row.value, row.record_count) for row in rows] == [
        ("6名", "6", 6), ("3名", "3", 3), ("50%", "50.0", 6), ("2名", "2", 2),
    ]  # fmt: skip
    for row in rows:
        assert add_up(map(counted, kept_of(row))) == parts_of_row(row)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("共12名。", "briefings.text.unbound"),
        ("共{T-NONE}。", "indicators.unknown"),
        ("共{T-PEOPLE|期间=2031}。", "indicators.ahead"),
        ("共{T-PEOPLE|期间=哪天}。", "indicators.bad_period"),
        ("共{T-PEOPLE|地方=东坡镇}。", "briefings.figure.no_place"),
        ("共{T-PEOPLE|写法=超6人}。", "wording.untrue"),
        ("共{T-WOMEN}，其中{T-PEOPLE}。", "briefings.figure.part"),
        ("共{T-PEOPLE|合计=T-WOMEN+T-NONE}。", "indicators.unknown"),
        ("共{T-PEOPLE", "briefings.text.open_brace"),
        ("", "briefings.briefing.no_text"),
    ],
)
def test_a_text_that_is_wrong_is_not_checked(world: World, text: str, code: str) -> None:
    briefing = drafted(world, text=text)

    with pytest.raises(Refused) as refused:
        actions.check_data(briefing, actor=world.second_officer)

    assert codes(refused) == [code]
    assert not BriefingFigure.objects.exists()


def test_who_wrote_checks_nothing_and_who_checked_passes_nothing(world: World) -> None:
    briefing = drafted(world)
    with pytest.raises(Refused) as refused:
        actions.check_data(briefing, actor=world.officer)
    assert codes(refused) == ["briefings.briefing.own_work"]
    actions.save_briefing(briefing, written(title="改"), version=1, actor=world.admin)
    actions.check_data(briefing, actor=world.second_officer)

    with pytest.raises(Refused) as refused:
        actions.step_briefing(briefing, "review", actor=world.admin)

    assert codes(refused) == ["briefings.briefing.own_work"]
    briefing.refresh_from_db()
    assert briefing.state == "data_checked"
    Briefing.objects.filter(pk=briefing.pk).update(checked_by_id=world.leader.user_id)
    with pytest.raises(Refused) as refused:
        actions.step_briefing(briefing, "review", actor=world.leader)
    assert codes(refused) == ["briefings.briefing.own_check"]


def test_the_later_of_two_writers_is_told_and_loses_nothing(world: World) -> None:
    briefing = drafted(world)
    actions.save_briefing(briefing, written(title="先存的"), version=1, actor=world.admin)

    with pytest.raises(Refused) as refused:
        actions.save_briefing(
            briefing, written(title="后存的"), version=1, actor=world.second_officer
        )

    assert codes(refused) == ["briefings.briefing.changed_meanwhile"]
    actions.save_briefing(briefing, written(title="对好的"), version=2, actor=world.second_officer)
    assert [(one.number, one.title) for one in queries.list_editions(briefing)] == [
        (3, "对好的"), (2, "先存的"), (1, "队伍建设情况"),
    ]  # fmt: skip


def test_saving_the_same_makes_no_edition_and_a_checked_text_stays(world: World) -> None:
    briefing = drafted(world)
    assert actions.save_briefing(briefing, written(), version=1, actor=world.officer).version == 1
    actions.check_data(briefing, actor=world.second_officer)

    with pytest.raises(Refused) as refused:
        actions.save_briefing(briefing, written(title="改"), version=1, actor=world.officer)

    assert codes(refused) == ["briefings.briefing.not_open"]


def test_what_is_returned_after_signing_keeps_its_number_and_cannot_vanish(world: World) -> None:
    briefing = passed_on(world, "check", "review", "sign")
    actions.step_briefing(briefing, "return", note="标题要改", actor=world.leader)

    with pytest.raises(Refused) as refused:
        actions.step_briefing(briefing, "void", note="不要了", actor=world.officer)

    assert codes(refused) == ["briefings.briefing.numbered"]
    for act in ISSUED:
        briefing = actions.step_briefing(briefing, act, actor=hand(world, act))
    assert briefing.issue_no == 1
    assert passed_on(world, "check", "review", "sign").issue_no == 2


def test_a_number_once_given_holds_its_series(world: World) -> None:
    briefing = passed_on(world, "check", "review", "sign")
    actions.step_briefing(briefing, "return", note="标题要改", actor=world.leader)

    for changed in ({"series": "乡村振兴简报"}, {"is_supplement": True}, {"total_no": 9}):
        with pytest.raises(Refused) as refused:
            actions.save_briefing(briefing, written(**changed), version=1, actor=world.officer)
        assert codes(refused) == ["briefings.briefing.number_stays"]
    assert actions.save_briefing(briefing, written(title="改"), version=1, actor=world.officer)


def test_the_total_number_goes_on_from_the_first_over_the_years(world: World) -> None:
    sign = ("check", "review", "sign")
    assert passed_on(world, *sign).total_no is None
    assert passed_on(world, *sign, total_no=313).total_no == 313
    assert passed_on(world, *sign, is_supplement=True, total_no=5).total_no is None
    assert passed_on(world, *sign, series="另一种").total_no is None
    with clock.at(date(2027, 1, 4)):
        later = passed_on(world, *sign)
    assert (later.issue_no, later.total_no) == (1, 314)


def test_what_was_not_seen_is_not_passed_on(world: World) -> None:
    briefing = passed_on(world, "check")
    seen = actions.stamp_of(briefing)
    actions.step_briefing(briefing, "return", note="要改", actor=world.leader)
    actions.save_briefing(briefing, written(title="改过的"), version=1, actor=world.officer)
    briefing = actions.step_briefing(briefing, "check", actor=world.second_officer)

    with pytest.raises(Refused) as refused:
        actions.step_briefing(briefing, "review", seen=seen, actor=world.admin)

    assert codes(refused) == ["briefings.briefing.changed_since"]
    seen = actions.stamp_of(briefing)
    assert actions.step_briefing(briefing, "review", seen=seen, actor=world.admin)


def test_what_was_written_while_the_numbers_were_read_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    briefing = drafted(world)

    def meanwhile(*given: Any) -> Any:
        actions.save_briefing(briefing, written(title="改过的"), version=1, actor=world.officer)
        return freeze(*given)

    monkeypatch.setattr(actions, "freeze", meanwhile)
    with pytest.raises(Refused) as refused:
        actions.check_data(briefing, actor=world.second_officer)

    assert codes(refused) == ["briefings.briefing.changed_since"]
    assert not briefing.figures.exists()


def test_a_relation_is_held_against_the_numbers_of_the_check(world: World) -> None:
    text = "女同志{T-WOMEN|不超过=T-PEOPLE}。"
    briefing = passed_on(world, "check", "review", "sign", text=text)
    assert parts_kept(briefing.figures.get().named["T-PEOPLE"]).part == 6

    Person.objects.update(place=world.elsewhere)

    assert actions.step_briefing(briefing, "issue", actor=world.officer).state == "issued"


def test_what_was_checked_is_of_its_place_whatever_that_is_called_since(world: World) -> None:
    """Its village goes to the other town under another name; its old name is another one's."""
    Place.objects.filter(pk=world.stone.pk).update(name="松树村", short_name="松树村")
    text = "{T-PEOPLE|地方=北山镇松树村}，其中女同志{T-WOMEN|地方=北山镇松树村}。"
    briefing = passed_on(world, "check", "review", "sign", text=text)
    assert {row.place_label for row in briefing.figures.all()} == {"北山镇松树村"}
    assert {bundled.place for bundled in bundle_of(briefing).figures} == {"北山镇松树村"}

    Place.objects.filter(pk=world.pine.pk).update(
        name="青松村", short_name="青松村", path=f"{world.south.path}0009", parent=world.south
    )
    Place.objects.filter(pk=world.stone.pk).update(parent=world.north, path="000100010009")

    assert not actions.reasons_against(briefing, "issue", actor=world.officer)
    assert not changes_since(list_figures(briefing))
    Person.objects.filter(pk=world.wang.pk).update(place=world.stone)
    assert {at: one.now for at, one in changes_since(list_figures(briefing)).items()} == {
        0: "1人", 1: "0人",
    }  # fmt: skip


def test_two_villages_of_one_name_are_told_apart_or_asked_for(world: World) -> None:
    Place.objects.filter(pk=world.stone.pk).update(name="松树村", short_name="松树村")

    checked = queries.check(drafted(world, text="共{T-PEOPLE|地方=松树村}。"), world.officer)

    (mistake,) = checked.untrue
    assert mistake.refusal.code == "briefings.figure.which_place"
    assert mistake.refusal.text.endswith("北山镇松树村、南河镇松树村")


def test_a_figure_may_be_of_a_unit_where_units_are_counted(world: World) -> None:
    text = f"{world.finance}结对{{IND-3-02|地方={world.finance}}}。"
    briefing = passed_on(world, *ISSUED, text=text)

    row = briefing.figures.get()
    assert (row.place, row.of_unit, row.place_label) == (None, world.finance, "县财政局")
    assert not changes_since(list_figures(briefing))
    asked = drafted(world, text=f"共{{T-PEOPLE|地方={world.finance}}}。")
    (mistake,) = queries.check(asked, world.officer).untrue
    assert mistake.refusal.code == "briefings.figure.not_of_units"


def test_a_text_that_was_changed_past_the_check_is_not_issued(world: World) -> None:
    briefing = passed_on(world, "check", "review", "sign")
    Briefing.objects.filter(pk=briefing.pk).update(text=TEXT.replace("北山镇", "南河镇"))
    briefing.refresh_from_db()

    found = [one.text for one in actions.reasons_against(briefing, "issue", actor=world.officer)]

    assert "{T-PEOPLE|地方=南河镇|单位=名}”没有核对过" in "；".join(found)


def test_a_number_of_title_or_note_stands_in_the_text_too(world: World) -> None:
    passed_on(world, "check", title="全县共有6名干部", editor_note="女同志占50%。")
    briefing = drafted(world, title="全县共有7名干部", editor_note="女同志占60%。")

    with pytest.raises(Refused) as refused:
        actions.check_data(briefing, actor=world.second_officer)

    assert codes(refused) == ["briefings.text.unbound_above"] * 2


def test_who_issues_need_not_read_the_records_behind_each_number(world: World) -> None:
    people = registry.INDICATORS["T-PEOPLE"]
    few = tuple(one for one in people.readers if one != "county_office")
    registry.INDICATORS["T-PEOPLE"] = replace(people, readers=few)
    briefing = passed_on(world, "check", "review", "sign")

    assert not actions.reasons_against(briefing, "issue", actor=office(world))


def test_old_data_are_not_issued_unless_the_bureau_lets_their_age_pass(world: World) -> None:
    briefing = passed_on(world, "check", "review", "sign")
    assert briefing.checked_at is not None
    with clock.at(briefing.checked_at + timedelta(days=7, seconds=1)):
        with pytest.raises(Refused) as refused:
            actions.step_briefing(briefing, "issue", actor=world.officer)
        assert codes(refused) == ["briefings.briefing.snapshot_old"]
        with pytest.raises(Refused):
            actions.let_age_through(briefing, reason="会期临近", actor=world.admin)
        actions.let_age_through(briefing, reason="会期临近", actor=world.leader)

        issued = actions.step_briefing(briefing, "issue", actor=world.officer)

    assert issued.state == "issued"
    override = GateOverride.objects.get()
    assert (override.gate, override.document) == ("G-24", "组工简报2026年第1期")


def test_who_stands_in_for_the_writer_is_the_writer(world: World) -> None:
    assert world.officer.user_id is not None
    standing = replace(world.leader, stands_for=frozenset({world.officer.user_id}))
    briefing = passed_on(world, "check", "review")

    with pytest.raises(Refused) as refused:
        actions.step_briefing(briefing, "sign", actor=standing)
    assert codes(refused) == ["briefings.briefing.own_work"]
    briefing = actions.step_briefing(briefing, "sign", actor=world.leader)
    with clock.at(date(2026, 7, 20)), pytest.raises(Refused) as refused:
        actions.let_age_through(briefing, reason="会期临近", actor=standing)
    assert codes(refused) == ["briefings.briefing.own_work"]


def test_a_passed_age_does_not_last(world: World) -> None:
    briefing = passed_on(world, "check", "review", "sign")
    with clock.at(date(2026, 7, 20)):
        actions.let_age_through(briefing, reason="会期临近", actor=world.leader)
        assert not actions.reasons_against(briefing, "issue", actor=world.officer)

    with clock.at(date(2026, 7, 28)):
        found = actions.reasons_against(briefing, "issue", actor=world.officer)

    assert [one.code for one in found] == ["briefings.briefing.snapshot_old"]


def test_the_seventh_day_is_not_yet_too_old(world: World) -> None:
    briefing = passed_on(world, "check", "review", "sign")
    assert briefing.checked_at is not None

    with clock.at(briefing.checked_at + timedelta(days=7)):
        assert not actions.reasons_against(briefing, "issue", actor=world.officer)


def test_a_passed_age_lets_no_typed_number_through(world: World) -> None:
    briefing = passed_on(world, "check", "review", "sign")
    Briefing.objects.filter(pk=briefing.pk).update(text="共12名，{T-PEOPLE|写法=超6人}。")
    briefing.refresh_from_db()

    found = {one.code for one in actions.reasons_against(briefing, "issue", actor=world.officer)}

    assert found == {
        "briefings.briefing.number_unbound", "briefings.briefing.wording_untrue",
    }  # fmt: skip


def test_a_changed_record_marks_exactly_the_figures_that_count_it(world: World) -> None:
    briefing = passed_on(world, *ISSUED)
    assert not changes_since(briefing.figures.all())

    Person.objects.filter(pk=world.li.pk).update(gender="female")

    since = changes_since(briefing.figures.all())
    assert {at: one.words for at, one in since.items()} == {
        0: "记录有更正", 1: "已更正，现为 4人", 2: "已更正，现为 66.7%", 3: "记录有更正",
    }  # fmt: skip
    Person.objects.filter(pk=world.li.pk).update(gender="male")
    Person.objects.filter(pk=world.wang.pk).update(place=world.stone)
    since = changes_since(briefing.figures.all())
    assert set(since) == {0, 1, 2, 3}
    assert since[3].now == "1人"
    assert [row.value for row in briefing.figures.order_by("position")] == ["6", "3", "50.0", "2"]


def test_a_recalled_briefing_keeps_text_and_number_and_says_why(world: World) -> None:
    briefing = passed_on(world, *ISSUED)
    with pytest.raises(Refused):
        actions.step_briefing(briefing, "recall", note=" ", actor=world.admin)

    recalled = actions.step_briefing(briefing, "recall", note="第二段有误", actor=world.admin)

    assert (recalled.state, recalled.issue_no, recalled.recall_notice) == (
        "recalled", 1, "第二段有误",
    )  # fmt: skip


def test_forty_figures_ask_each_question_once(world: World) -> None:
    text = "\n".join(
        f"共{{T-PEOPLE|期间={year}}}，女同志{{T-WOMEN|期间={year}}}，占{{T-SHARE|期间={year}}}，"
        f"{{T-PEOPLE|期间={year}|单位=名}}。"
        for year in range(2016, 2026)
    )
    briefing = drafted(world, text=text)

    with CaptureQueriesContext(connection) as asked:
        checked = queries.check(briefing, world.officer)

    assert len(checked.figures) == 40
    assert not checked.mistakes
    assert len(asked) == 30
