"""山阳县 asks its villages for February 2026: how many work outside, is the road open?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from lingyan.briefings.actions import monthly as actions
from lingyan.briefings.models import MonthlyPeriod, MonthlyReport
from lingyan.briefings.queries import monthly as queries
from lingyan.briefings.rules.monthly import Answer, Item
from lingyan.common import clock
from lingyan.directory.models import Place
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from tests.world import World, _actor

MONTH, OPENED, DUE = date(2026, 2, 1), date(2026, 3, 1), date(2026, 3, 5)
OUTSIDE = Item("外出务工人数", "number", "安排春节慰问和培训", "人", "at_end")
GUESTS = Item("接待游客人次", "number", "研究文旅融合", "人次", "of_month")
ROAD = Item("通村路是否畅通", "yes_no", "汛期抢修排序")
NOTE = Item("需要县里协调的事", "text", "报部务会研究")
ITEMS = (OUTSIDE, GUESTS, ROAD, NOTE)
CODES = ("YB-990100-01", "YB-990100-02", "YB-990100-03", "YB-990100-04")


@dataclass
class Monthly:
    """The county's form, one open month, and whoever has a hand in it."""

    world: World
    first_secretary: Actor
    period: MonthlyPeriod

    def report(self, village: Place, version: int = 1) -> MonthlyReport:
        return MonthlyReport.objects.get(period=self.period, village=village, version=version)

    def secretary(self, village: Place) -> Actor:
        """Of any village: the one of 松树村, standing there."""
        scope = replace(self.world.pine_secretary.scope, place_paths=(village.path,))
        return replace(self.world.pine_secretary, scope=scope)

    def fill(
        self, village: Place, outside: int = 60, guests: int = 12, *, is_open: bool = True,
        version: int = 1,
    ) -> MonthlyReport:  # fmt: skip
        said = {
            CODES[0]: Answer(number=outside), CODES[1]: Answer(number=guests),
            CODES[2]: Answer(is_so=is_open), CODES[3]: Answer(text="修水渠"),
        }  # fmt: skip
        report = self.report(village, version)
        return actions.fill_report(report, said, actor=self.secretary(village))

    def send(
        self, village: Place, outside: int = 60, guests: int = 12, *, is_open: bool = True,
        version: int = 1,
    ) -> MonthlyReport:  # fmt: skip
        report = self.fill(village, outside, guests, is_open=is_open, version=version)
        return actions.step_report(report, "submit", actor=self.secretary(village))

    def lock(
        self, village: Place, outside: int = 60, guests: int = 12, *, is_open: bool = True,
        version: int = 1,
    ) -> MonthlyReport:  # fmt: skip
        report = self.send(village, outside, guests, is_open=is_open, version=version)
        is_north = village.path.startswith(self.world.north.path)
        town = self.world.north_org if is_north else self.world.south_org
        report = actions.step_report(report, "approve", actor=town)
        return actions.step_report(report, "lock", actor=self.world.officer)


def opened(world: World, month: date = MONTH, due_on: date = DUE) -> MonthlyPeriod:
    if queries.find_form(world.county) is None:
        actions.set_form(world.county, ITEMS, actor=world.officer)
    return actions.open_period(
        world.county, month=month, due_on=due_on, towns=[world.north, world.south],
        actor=world.officer,
    )  # fmt: skip


def monthly(world: World) -> Monthly:
    """The clock stands at the first of March."""
    with clock.at(OPENED):
        secretary = _actor("fs-pine", "邹乙七", Role.FIRST_SECRETARY, place=world.pine)
        return Monthly(world, secretary, opened(world))
