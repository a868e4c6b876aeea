"""How far are the villages of one town with last month's report (村月报)?"""

from __future__ import annotations

from datetime import date, timedelta

from lingyan.briefings.actions import monthly
from lingyan.briefings.models import MonthlyPeriod, MonthlyReport
from lingyan.briefings.rules.monthly import Answer, Item
from lingyan.common import clock
from lingyan.common.periods import add_months
from lingyan.demo.cast import Cast
from lingyan.directory.models import Place

DAY = timedelta(days=1)
ITEMS = (
    Item("外出务工人数", "number", "安排技能培训和春节慰问", "人", "at_end"),
    Item("来村考察和游客", "number", "研究文旅融合的路子", "人次", "of_month"),
    Item("通村路是否畅通", "yes_no", "排抢修的先后"),
    Item("需要县里协调的事", "text", "汇总后报部务会研究"),
)


def keep(cast: Cast, shown: Place, today: date) -> None:
    """The shown village still has to write; of its neighbours each is one step further."""
    town, month = shown.parent, add_months(today.replace(day=1), -1)
    assert town is not None
    with clock.at(today - 5 * DAY):
        form = monthly.set_form(cast.county, ITEMS, actor=cast.officer)
        codes = [one.code for one in form.items.order_by("position")]
        period = monthly.open_period(
            cast.county, month=month, due_on=today + 3 * DAY, towns=[town], actor=cast.officer
        )
    owing = MonthlyReport.objects.filter(period=period).exclude(village=shown)
    found = list(owing.select_related("village").order_by("village__path")[:4])
    for number, report in enumerate(found):
        _walk(cast, report, codes, town, steps=number, today=today)
    _lock(cast, period, today)


def _walk(
    cast: Cast, report: MonthlyReport, codes: list[str], town: Place, *, steps: int, today: date
) -> None:
    """Written, sent, looked at; the third was sent back."""
    village, said = cast.village(report.village), (186 + 31 * steps, 40 * steps)
    with clock.at(today - 2 * DAY):
        monthly.fill_report(
            report,
            {
                codes[0]: Answer(number=said[0]), codes[1]: Answer(number=said[1]),
                codes[2]: Answer(is_so=steps != 1), codes[3]: Answer(text="机耕道涵洞垮塌"),
            },
            actor=village,
        )  # fmt: skip
        if steps:
            monthly.step_report(report, "submit", actor=village)
    with clock.at(today - DAY):
        if steps == 2:
            monthly.step_report(
                report, "return", reason="外出务工人数与台账不符，请核对", actor=cast.town(town)
            )
        if steps == 3:
            monthly.step_report(report, "approve", actor=cast.town(town))


def _lock(cast: Cast, period: MonthlyPeriod, today: date) -> None:
    with clock.at(today):
        monthly.lock_reports(period, actor=cast.officer)
