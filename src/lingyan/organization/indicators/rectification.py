"""How many villages are in rectification, how is it looked after, and what came of it (4.6)?"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import Q
from django.urls import reverse

from lingyan.common.periods import full_months
from lingyan.directory import search
from lingyan.organization.indicators.members import RECTIFICATION, place_text
from lingyan.organization.models import RectificationCase, RectStep
from lingyan.organization.queries import figures, rect_supports
from lingyan.organization.queries import rect_work as work
from lingyan.organization.queries.rectification import list_cases
from lingyan.organization.rules.acceptance import SHOWN_FROM, Tally
from lingyan.organization.rules.rect_problems import WORK_READERS
from lingyan.organization.rules.rectification_words import InspectionResult
from lingyan.organization.rules.visits import MonthState
from lingyan.platform.indicators.definitions import (
    Indicator,
    Measure,
    PeriodKind,
    Question,
    Record,
)
from lingyan.platform.indicators.sources import FromQuery, FromRecords

of_rectification = partial(
    Indicator, group=RECTIFICATION, readers=WORK_READERS, openers=WORK_READERS
)
of_village = partial(search.of_villages_q, prefix="village")


def _record(case: RectificationCase, key: str, *cells: Any, **parts: Any) -> Record:
    label = parts.pop("label", "organization.RectificationCase")
    told = (place_text(case.village), *cells)
    url = reverse("rect_case_detail", args=[case.pk])
    return Record(label, key, case.village.path, told, url, **parts)


def _open(one: RectificationCase) -> Record:
    told = one.get_state_display(), one.due_on or ""
    return _record(one, str(one.pk), *told, counts=str(one.village_id))


def _cleared(one: RectificationCase) -> Record:
    return _record(one, str(one.pk), one.decided_on or "", one.cleared_on or "还没有销号")


def _relapse(one: RectStep) -> Record:
    return _record(
        one.case, str(one.pk), one.on, one.text[:60],
        label="organization.RectStep", counts=str(one.case.village_id),
    )  # fmt: skip


def _months(asked: Question) -> list[Record]:
    """Each month that owed a visit, and whether there was one (T09).

    A month that has not ended is not held against anybody.
    """
    started = list_cases(asked.scope).filter(started_on__isnull=False, started_on__lte=asked.on)
    found = list(started.order_by("village__path", "pk"))
    leaders = work.leaders_of(found)
    months = work.months_of(found, asked.on)
    records = []
    for case in found:
        leader = leaders[case.pk].name if case.pk in leaders else ""
        for month in reversed(months[case.pk]):
            if month.first in asked.period and month.state != MonthState.OPEN:
                told = f"{month.visits} 次" if month.visits else month.state.label
                key = f"{case.pk}:{month.first:%Y-%m}"
                done = int(month.state == MonthState.DONE)
                records.append(_record(case, key, month.label, leader, told, part=done))
    return records


def _durations(asked: Question) -> list[Record]:
    """Whole months from the start to the clearing."""
    found = list_cases(asked.scope).filter(
        cleared_on__gte=asked.period.since, cleared_on__lt=asked.period.until,
        cleared_on__lte=asked.on, started_on__isnull=False,
    )  # fmt: skip
    records = []
    for one in found.order_by("cleared_on", "pk"):
        assert one.started_on is not None
        assert one.cleared_on is not None
        months = full_months(one.started_on, one.cleared_on)
        records.append(
            _record(one, str(one.pk), one.started_on, one.cleared_on, f"{months} 个月", part=months)
        )
    return records


def _votes(asked: Question) -> list[Record]:
    """Content and valid ballots of the votes on which was decided.

    A vote of fewer than ten is listed but adds nothing: else the rates of two areas or of two
    periods that differ by this one vote would tell what it said (7.7).
    """
    found = figures.votes_decided(asked.scope, asked.period, asked.on)
    records = []
    for vote in found.order_by("inspection__decided_on", "pk"):
        tally, round_ = work.tally_of(vote), vote.inspection
        records.append(
            _record(
                round_.case, str(vote.pk), f"第 {round_.round} 次验收", round_.decided_on or "",
                f"{tally.valid} 张", tally.rate_shown,
                InspectionResult(round_.result).label,
                label="organization.SatisfactionVote", **ballots_counted(tally),
            )
        )  # fmt: skip
    return records


def ballots_counted(tally: Tally) -> dict[str, int]:
    return {"part": tally.content, "of": tally.valid} if tally.is_shown else {"part": 0, "of": 0}


def _four_ones(asked: Question) -> list[Record]:
    """Of the villages in rectification those whom all four serve."""
    found = list(figures.open_on(asked.scope, asked.on).order_by("village__path", "pk"))
    missing = rect_supports.missing_on(found, asked.on)
    return [
        _record(
            one, str(one.pk),
            "、".join(kind.label for kind in missing[one.pk]) or "都已到位",
            part=int(not missing[one.pk]),
        )
        for one in found
    ]  # fmt: skip


INDICATORS = (
    of_rectification(
        code="IND-4-01", name="在整顿的村", unit="个", rule="R-4-10",
        basis="统计日县委已确定整顿、还没有销号的村，一村只算一次；"
        "反弹的算到新事项立项为止，以后由新事项计",
        kind=PeriodKind.OF_DAY, measure=Measure.NUMBER, heads=("村", "状态", "整顿期限"),
        source=FromQuery(
            lambda asked: figures.open_on(asked.scope, asked.on), _open, ("village__path",),
            "village", counted="village", search=of_village,
        ),
        is_good_high=False,
    ),
    of_rectification(
        code="IND-4-02", name="销号率", unit="%", rule="4.5",
        basis="统计期内在整顿名单上的事项中，到统计日已销号的占比",
        kind=PeriodKind.OF_PERIOD, measure=Measure.SHARE,
        heads=("村", "县委决定日期", "销号日期"),
        source=FromQuery(
            lambda asked: figures.open_in(asked.scope, asked.period), _cleared,
            ("village__path",), "village", done=lambda asked: Q(cleared_on__lte=asked.on),
            search=of_village,
        ),
        is_good_high=True,
    ),
    of_rectification(
        code="IND-4-03", rows=("T09",), name="月度督查完成率", unit="%", rule="R-4-04",
        basis="统计期内每个村每个应督查的月，有一次以上县级领导到村督查的占比；没有过完的月不算欠",
        kind=PeriodKind.OF_PERIOD, measure=Measure.SHARE,
        heads=("村", "月份", "联村领导", "督查"), source=FromRecords(_months),
        is_good_high=True,
    ),
    of_rectification(
        code="IND-4-04", name="平均整顿时间", unit="个月", rule="R-4-05",
        basis="统计期内销号的村，从开始整顿到销号的整月数，取平均",
        kind=PeriodKind.OF_PERIOD, measure=Measure.MEAN,
        heads=("村", "开始整顿", "销号", "整月"), source=FromRecords(_durations),
        is_good_high=False,
    ),
    of_rectification(
        code="IND-4-05", name="整顿满意度", unit="%", rule="R-4-07",
        basis="统计期内有结论的验收，满意和基本满意的票除以有效票；"
        f"有效票不足 {SHOWN_FROM} 张的一次测评样本不足，列出但不计入",
        kind=PeriodKind.OF_PERIOD, measure=Measure.SHARE,
        heads=("村", "验收", "结论日期", "有效票", "满意度", "结论"),
        source=FromRecords(_votes), shown_from=SHOWN_FROM, is_good_high=True,
    ),
    of_rectification(
        code="IND-4-06", name="反弹的村", unit="个", rule="4.5",
        basis="统计期内认定反弹的村，反弹几次也只算一个",
        kind=PeriodKind.OF_PERIOD, measure=Measure.NUMBER,
        heads=("村", "认定日期", "情况"),
        source=FromQuery(
            lambda asked: figures.relapses(asked.scope, asked.period), _relapse, ("on",),
            "case__village", counted="case__village",
            search=partial(search.of_villages_q, prefix="case__village"),
        ),
        is_good_high=False,
    ),
    of_rectification(
        code="IND-4-07", name="“四个一”到位率", unit="%", rule="R-4-03",
        basis="统计日在整顿的村，县级领导、乡镇领导、第一书记、结对单位都到位的占比",
        kind=PeriodKind.OF_DAY, measure=Measure.SHARE, heads=("村", "还缺"),
        source=FromRecords(_four_ones), is_good_high=True,
    ),
)  # fmt: skip
