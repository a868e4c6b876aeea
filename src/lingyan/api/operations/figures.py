"""数据与简报 for programs: indicators with their numbers, and the records behind each."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import Any

from ninja import Query, Router, Schema
from pydantic import Field

from lingyan.api.gate import CalledRequest, operation, roles_of
from lingyan.api.paging import LIMIT_MAX
from lingyan.api.problems import Problem
from lingyan.api.rules import LISTED
from lingyan.briefings.exports.figure_data import indicator_data, number_of, record_data
from lingyan.briefings.queries import asking
from lingyan.briefings.queries import figures as queries
from lingyan.briefings.queries.asking import Asked
from lingyan.briefings.views import figures as pages
from lingyan.common.refusals import Refused
from lingyan.platform.audit.reading import note_reading
from lingyan.platform.indicators.definitions import Indicator

router = Router(tags=["数据与简报"])


class FigureQuery(Schema):
    """Of which area and which period is asked."""

    area: str = Field(
        "", max_length=60, description="空为本范围；county 为全县；place-编号、unit-编号"
    )
    period: str = Field(
        "",
        max_length=40,
        description="2026、2026Q1、2026-03、2025-01-01..2026-01-23 或 since_last_year；"
        "空为去年以来",
    )
    on: str = Field("", max_length=10, description="统计日，如 2026-01-23；空为今天")


class ListedQuery(FigureQuery):
    group: str = Field("", max_length=30, description="只要这个模块的")


class EvidenceQuery(FigureQuery):
    q: str = Field("", max_length=60, description="搜索")
    page: int = Field(1, ge=1, le=100_000)
    limit: int = Field(50, ge=1, le=LIMIT_MAX, description="一次读多少条")


class FigureOut(Schema):
    code: str
    row: str | None = Field(description="文稿的行号，如 X12")
    name: str
    value: float | int | None = Field(description="样本不足或没有可比的为空")
    unit: str
    text: str = Field(description="写稿时的写法")


class OfPlaceOut(Schema):
    place: str
    area: str = Field(description="查看这个地方时 area 的值")
    value: float | int | None


class FigureDetailOut(FigureOut):
    group: str
    basis: str = Field(description="口径")
    rule: str
    version: int = Field(description="口径的版本")
    since: date
    until: date = Field(description="到这一天以前")
    on: date = Field(description="统计日")
    places: list[OfPlaceOut] = Field(description="下一级各地，只列看得到的")


class RecordOut(Schema):
    type: str
    id: str
    cells: dict[str, Any] = Field(description="各列的名称和内容")
    part: float | int | None = Field(description="计入的数")
    of: int = Field(description="计入的基数")
    counts: str = Field(description="写明的，同一个只计一次")
    is_base: bool = Field(description="是对比的一期")
    url: str = Field(description="记录的网页；您的身份打不开的为空")


class FigureEvidenceOut(FigureOut):
    count: int = Field(description="看得到的、符合搜索的记录数")
    hidden: int = Field(description="不在查看范围内、但计入了的记录数")
    records: list[RecordOut]


def _asked(request: CalledRequest, query: FigureQuery) -> Asked:
    """What cannot be read as a period is 422, as on the page."""
    try:
        return asking.read(
            request.actor, {"area": query.area, "period": query.period, "on": query.on}
        )
    except Refused as refused:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, refused.refusals) from None


@operation(
    router, "GET", "/indicators", roles=roles_of(pages.figure_list), summary="全部指标",
    answer=list[FigureOut],
)  # fmt: skip
def list_indicators(request: CalledRequest, query: Query[ListedQuery]) -> list[FigureOut]:
    asked = _asked(request, query)
    return [
        FigureOut.model_validate(indicator_data(one, queries.parts_of(one, asked.question)))
        for one in queries.list_indicators(request.actor)
        if not query.group or one.group == query.group
    ]


@operation(
    router, "GET", "/indicators/{code}", roles=roles_of(pages.figure_detail), summary="一个指标",
    answer=FigureDetailOut,
)  # fmt: skip
def read_indicator(request: CalledRequest, code: str, query: Query[FigureQuery]) -> FigureDetailOut:
    asked = _asked(request, query)
    found = queries.get_indicator(request.actor, code)
    places = queries.places_within(request.actor, asked.area.scope)
    parts, beside = queries.with_places(found, asked.question, places)
    return FigureDetailOut(
        **indicator_data(found, parts), group=found.group, basis=found.basis, rule=found.rule,
        version=found.version, since=asked.told.period.since, until=asked.told.period.until,
        on=asked.told.on, places=_places(found, beside),
    )  # fmt: skip


def _places(indicator: Indicator, beside: list[queries.OfPlace]) -> list[OfPlaceOut]:
    return [
        OfPlaceOut(
            place=str(one.place),
            area=f"place-{one.place.pk}",
            value=number_of(indicator.value(one.parts)) if one.is_told else None,
        )
        for one in beside
    ]


@operation(
    router, "GET", "/indicators/{code}/evidence", roles=roles_of(pages.figure_records),
    summary="指标背后的记录", answer=FigureEvidenceOut,
)  # fmt: skip
def list_evidence(
    request: CalledRequest, code: str, query: Query[EvidenceQuery]
) -> FigureEvidenceOut:
    asked = _asked(request, query)
    found = queries.get_indicator(request.actor, code)
    start = (query.page - 1) * query.limit
    seen = queries.evidence_of(
        found, asked.question, request.actor.scope, text=query.q.strip(),
        start=start, stop=start + query.limit,
    ).evidence  # fmt: skip
    note_reading(*queries.people_in(seen.records), action=LISTED)
    may_open = queries.may_open(request.actor, found)
    return FigureEvidenceOut(
        **indicator_data(found, queries.parts_of(found, asked.question)),
        count=seen.count, hidden=seen.hidden,
        records=[
            RecordOut.model_validate(record_data(found, one, may_open=may_open))
            for one in seen.records
        ],
    )  # fmt: skip
