"""The indicators of supervision (13.6): is what was asked done in time, and looked at again?"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.periods import ONE_DAY, Period, over_before
from lingyan.directory import search
from lingyan.platform.indicators.definitions import (
    Indicator,
    Measure,
    PeriodKind,
    Question,
    Record,
)
from lingyan.platform.indicators.sources import FromQuery
from lingyan.supervision.models import Interview, SupervisionTask
from lingyan.supervision.queries import figures as queries
from lingyan.supervision.queries.report import IN_TIME, REVIEWED_IN_TIME
from lingyan.supervision.queries.tasks import search_q
from lingyan.supervision.rules.interviews import NAMED
from lingyan.supervision.rules.tasks import READERS

GROUP = "督查督办"
OFFICE = "county_office"  # writes briefings: reads the numbers and opens no record
TASK_HEADS = ("事项", "所在地", "现在何处", "办结期限", "报结日期", "状态")
of_tasks = partial(
    Indicator,
    group=GROUP,
    rule="R-13-01",
    readers=(*READERS, OFFICE),
    openers=READERS,
    heads=TASK_HEADS,
)
of_place = partial(search.of_villages_q, prefix="place")


def _come(asked: Question) -> Period:
    """The days of the period that have come; what is due later is not held against anybody."""
    return Period(asked.period.since, min(asked.period.until, asked.on + ONE_DAY))


def _over(asked: Question) -> date:
    """Nor is what is due today, before the day is over."""
    return over_before(asked.on, today=clock.today())


def _place(one: Any) -> str:
    return f"{one.parent or ''}{one}"


def _task(one: SupervisionTask) -> Record:
    cells = (
        one.what[:60], _place(one.place), one.holder, one.due_on, one.answered_on or "",
        one.get_state_display(),
    )  # fmt: skip
    url = reverse("supervision_task_detail", args=[one.pk])
    return Record("supervision.SupervisionTask", str(one.pk), one.asked.path, cells, url)


def _talk(one: Interview) -> Record:
    """Whom it was held with is read on its own page, by whom it is open to."""
    cells = (
        _place(one.place), one.get_kind_display(), one.held_on or "",
        one.review_due_on or "", one.reviewed_on or "还没有回访",
    )  # fmt: skip
    url = reverse("interview_detail", args=[one.pk])
    return Record("supervision.Interview", str(one.pk), one.place.path, cells, url)


def _late(asked: Question) -> QuerySet[SupervisionTask]:
    return queries.tasks_under_way(asked.scope).filter(due_on__lt=asked.on)


INDICATORS: tuple[Indicator, ...] = (
    of_tasks(
        code="IND-13-02", name="督办按期办结率", unit="%",
        basis="统计期内到期的督办任务中，在期限内报结并核验通过的占比；作废的不算",
        kind=PeriodKind.OF_PERIOD, measure=Measure.SHARE, is_good_high=True,
        source=FromQuery(
            lambda asked: queries.tasks_due(asked.scope, _come(asked), _over(asked)), _task,
            ("due_on",), "asked",
            done=lambda asked: IN_TIME & Q(answered_on__lte=asked.on),
            search=search_q,
        ),
    ),
    Indicator(
        code="IND-13-03", name="约谈回访率", unit="%", group=GROUP, rule="R-13-02",
        basis="统计期内应回访的约谈中，在期限内回访的占比",
        kind=PeriodKind.OF_PERIOD, measure=Measure.SHARE, is_good_high=True,
        heads=("所在地", "方式", "约谈日期", "回访期限", "回访日期"),
        readers=(*NAMED, OFFICE), openers=NAMED,
        source=FromQuery(
            lambda asked: queries.reviews_due(asked.scope, _come(asked), _over(asked)), _talk,
            ("review_due_on",), "place",
            done=lambda asked: REVIEWED_IN_TIME & Q(reviewed_on__lte=asked.on), search=of_place,
        ),
    ),
    of_tasks(
        code="P-13-LATE", name="超期未办结的督办任务", unit="件",
        basis="现在还没有报结、办结期限在统计日以前的督办任务",
        kind=PeriodKind.OF_DAY, measure=Measure.NUMBER, is_good_high=False,
        source=FromQuery(_late, _task, ("due_on",), "asked", search=search_q),
    ),
)  # fmt: skip
