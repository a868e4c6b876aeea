"""Do the numbers of locked reports, and no others, become figures that open their records?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse

from lingyan.briefings.actions import monthly as actions
from lingyan.briefings.indicators import INDICATORS
from lingyan.briefings.queries import monthly as queries
from lingyan.briefings.queries.figures import may_read
from lingyan.common import clock
from lingyan.common.periods import Period, month_of, year_of
from lingyan.platform.accounts.actor import EVERYTHING, Scope
from lingyan.platform.indicators import registry
from lingyan.platform.indicators.definitions import Parts, Question
from tests.briefings.monthly_scene import CODES, MONTH, OPENED, Monthly, monthly, opened
from tests.indicators.recount import check
from tests.world import World

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
TODAY = date(2026, 4, 20)
OUTSIDE, GUESTS, ROAD, _ = CODES


@pytest.fixture
def two_months(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Monthly]:
    """February locked in three villages, March in one; 松树村 reported March too, not locked.

    What else the system knows of a village is asked elsewhere, and costs a question each.
    """
    monkeypatch.setattr(registry, "INDICATORS", {one.code: one for one in INDICATORS})
    february = monthly(world)
    with clock.at(OPENED):
        february.lock(world.pine, 60, 10)
        february.lock(world.brook, 30, 0, is_open=False)
        february.lock(world.mill, 7, 5)
    with clock.at(APRIL):
        march = Monthly(world, february.first_secretary, opened(world, MARCH, date(2026, 4, 5)))
        march.lock(world.brook, 33, 4)
        march.send(world.pine, 999, 999)
    with clock.at(TODAY):
        yield february


def number(code: str, scope: Scope = EVERYTHING, *, on: date = TODAY, period: Period) -> Parts:
    indicator = registry.find(code)
    assert indicator is not None
    return indicator.parts(Question(scope, on, period))


def test_numbers_of_the_month_are_added_and_those_of_its_end_are_the_last(
    two_months: Monthly,
) -> None:
    year = year_of(TODAY)

    assert number(GUESTS, period=year).part == 10 + 0 + 5 + 4
    assert number(GUESTS, period=month_of(MARCH)).part == 4
    assert number(GUESTS, period=Period(MONTH, date(2026, 3, 31))).part == 15
    assert number(OUTSIDE, period=year).part == 60 + 33 + 7
    assert number(OUTSIDE, on=date(2026, 3, 30), period=year).part == 60 + 30 + 7
    assert number(OUTSIDE, on=date(2026, 2, 27), period=year).part == 0
    assert number(ROAD, period=year).part == 3
    assert number(ROAD, on=date(2026, 3, 1), period=year).part == 2


def test_how_many_are_in_and_in_time(two_months: Monthly) -> None:
    world, year, due = two_months.world, year_of(TODAY), month_of(MARCH)
    late = two_months.report(world.stone)
    with clock.at(date(2026, 3, 9)):
        two_months.send(world.stone)

    locked, in_time = number("P-28-LOCKED", period=year), number("P-28-INTIME", period=due)
    assert (locked.part, locked.of) == (4, 4)
    assert (in_time.part, in_time.of) == (3, 4)
    with clock.at(OPENED):
        excused = actions.step_report(
            actions.step_report(late, "return", reason="核对", actor=world.south_org),
            "excuse", reason="撤并", actor=world.officer,
        )  # fmt: skip
    assert excused.state == "excused"
    assert number("P-28-INTIME", period=due).of == 3


def test_what_is_due_today_is_not_late_today(two_months: Monthly) -> None:
    """Two of the four have sent March, which is due on the fifth: the others have that day."""
    due, april = date(2026, 4, 5), month_of(APRIL)
    for today, on, said in (
        (date(2026, 4, 4), date(2026, 4, 4), (0, 0)),
        (due, due, (2, 2)),
        (date(2026, 4, 6), date(2026, 4, 6), (2, 4)),
        (date(2026, 4, 20), due, (2, 4)),  # as at a day that is over by now
    ):
        with clock.at(today):
            found = number("P-28-INTIME", on=on, period=april)
        assert (found.part, found.of) == said, today


def test_each_number_is_another_count_of_its_records(two_months: Monthly) -> None:
    world = two_months.world
    scopes = {
        "all": EVERYTHING, "county": Scope((world.county.path,)),
        "north": Scope((world.north.path,)), "pine": Scope((world.pine.path,)),
        "nothing": Scope(),
    }  # fmt: skip
    figures = registry.everything()
    assert [one.code for one in figures] == ["P-28-INTIME", "P-28-LOCKED", *CODES[:3]]
    for indicator in figures:
        check(indicator, Question(EVERYTHING, TODAY, year_of(TODAY)), scopes, scopes)


def test_a_correction_changes_exactly_the_figures_that_count_it(two_months: Monthly) -> None:
    world, year = two_months.world, year_of(TODAY)
    before = {code: number(code, period=year) for code in CODES[:3]}
    actions.correct_report(
        two_months.report(world.mill), reason="漏报", actor=two_months.secretary(world.mill)
    )

    two_months.fill(world.mill, 9, 5, version=2)
    assert {code: number(code, period=year) for code in CODES[:3]} == before
    two_months.lock(world.mill, 9, 5, version=2)

    after = {code: number(code, period=year) for code in CODES[:3]}
    assert after.pop(OUTSIDE).part == before.pop(OUTSIDE).part + 2
    assert after == before


def test_what_a_county_asks_is_a_figure_of_its_own_and_of_no_other(two_months: Monthly) -> None:
    world = two_months.world
    indicator = registry.find(OUTSIDE.lower())
    assert indicator is not None

    assert [one.code for one in registry.everything() if one.within] == list(CODES[:3])
    assert may_read(world.officer, indicator)
    assert may_read(world.pine_secretary, indicator)
    assert not may_read(world.stranger, indicator)
    assert not may_read(world.unit_admin, indicator)
    page = reverse("figure_detail", args=[OUTSIDE])
    assert "外出务工人数" in world.client(world.north_org).get(page).content.decode()
    assert world.client(world.stranger).get(page).status_code == 404
    assert registry.find("YB-990100-09") is None
    assert registry.find(CODES[3]) is None


def test_an_item_in_new_words_goes_on_under_its_code(two_months: Monthly) -> None:
    world = two_months.world
    [first, *_] = queries.items_of(two_months.period.form)
    renamed = replace(queries.item_of(first), name="在外务工的人")
    actions.set_form(world.county, [renamed], actor=world.officer)

    indicator = registry.find(OUTSIDE)
    assert indicator is not None
    assert indicator.name == "在外务工的人"
    assert number(OUTSIDE, period=year_of(TODAY)).part == 100
