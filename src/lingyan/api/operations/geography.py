"""区划变更、相邻乡镇、工作日历 for programs."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from ninja import Path, Query, Router, Schema
from pydantic import Field

from lingyan.api.gate import CalledRequest, operation, roles_of
from lingyan.api.operations.common import CountOut, only, page_of
from lingyan.api.operations.register import filled, sent
from lingyan.api.paging import ListQuery, PageOut
from lingyan.api.problems import not_found
from lingyan.directory import history, queries, rules
from lingyan.directory.actions import geography as actions
from lingyan.directory.forms.records import AdjoiningForm, CalendarForm
from lingyan.directory.models import AdjoiningTowns, CalendarDay, PlaceChange
from lingyan.directory.views import place_changes as change_pages
from lingyan.directory.views import places as pages

router = Router(tags=["名录"])
WHOLE_NUMBER_MAX = 2**63 - 1


# --- changes of places --------------------------------------------------------------------------


class SuccessionOut(Schema):
    predecessor_id: UUID
    successor_id: UUID


class PlaceChangeOut(Schema):
    id: int
    kind: str
    text: str
    effective_on: date
    document_number: str
    reason: str
    is_undone: bool
    successions: list[SuccessionOut] = Field(description="合并、拆分时，哪个村成了哪个村")


class PlaceChangeQuery(ListQuery):
    sort: Literal["day", "-day", "made", "-made"] = "-day"
    kind: rules.PlaceChangeKind | None = None


def place_change_out(one: PlaceChange) -> PlaceChangeOut:
    return PlaceChangeOut(
        id=one.pk,
        kind=one.kind,
        text=one.text,
        effective_on=one.effective_on,
        document_number=one.document_number,
        reason=one.reason,
        is_undone=one.undone_at is not None,
        successions=[SuccessionOut.from_orm(line) for line in one.successions.all()],
    )


@operation(
    router, "GET", "/place-changes", roles=roles_of(change_pages.place_change_list),
    summary="区划变更", answer=PageOut[PlaceChangeOut],
)  # fmt: skip
def list_place_changes(
    request: CalledRequest, query: Query[PlaceChangeQuery]
) -> PageOut[PlaceChangeOut]:
    rows = history.list_place_changes(request.actor.scope).prefetch_related("successions")
    rows = rows.filter(**only({"kind": query.kind}))
    sorts = {"day": ("effective_on",), "made": ("made_at",)}
    search = ("text", "document_number")
    return page_of(rows, query, place_change_out, sort=query.sort, sorts=sorts, search=search)


# --- adjoining towns ----------------------------------------------------------------------------


class AdjoiningOut(Schema):
    id: int
    first_id: UUID
    first: str
    second_id: UUID
    second: str


class AdjoiningQuery(ListQuery):
    sort: Literal["towns", "-towns"] = "towns"


class AdjoiningIn(Schema):
    first: UUID
    second: UUID


def adjoining_out(pair: AdjoiningTowns) -> AdjoiningOut:
    return AdjoiningOut(
        id=pair.pk,
        first_id=pair.first_id,
        first=pair.first.short_name,
        second_id=pair.second_id,
        second=pair.second.short_name,
    )


@operation(
    router, "GET", "/adjoining-towns", roles=roles_of(pages.adjoining_list), summary="相邻乡镇",
    answer=PageOut[AdjoiningOut],
)  # fmt: skip
def list_adjoining_towns(
    request: CalledRequest, query: Query[AdjoiningQuery]
) -> PageOut[AdjoiningOut]:
    rows = queries.list_adjoining_towns(request.actor.scope)
    sorts = {"towns": ("first__path", "second__path")}
    search = ("first__short_name", "second__short_name")
    return page_of(rows, query, adjoining_out, sort=query.sort, sorts=sorts, search=search)


@operation(
    router, "POST", "/adjoining-towns", roles=roles_of(pages.adjoining_list),
    summary="登记相邻乡镇；已登记的不变", answer=CountOut,
)  # fmt: skip
def add_adjoining_towns(request: CalledRequest, body: AdjoiningIn) -> CountOut:
    form = AdjoiningForm(sent(body), towns=queries.list_towns(request.actor.scope))
    given = filled(form)
    pair = (given["first"], given["second"])
    return CountOut(count=len(actions.add_adjoining_towns([pair], actor=request.actor)))


@operation(
    router, "POST", "/adjoining-towns/{pair_id}/remove", roles=roles_of(pages.adjoining_remove),
    summary="撤销相邻乡镇", answer=AdjoiningOut,
)  # fmt: skip
def remove_adjoining_towns(
    request: CalledRequest,
    pair_id: int = Path(ge=1, le=WHOLE_NUMBER_MAX),  # type: ignore[type-arg]  # ninja's own
) -> AdjoiningOut:
    """The answer is what was taken back."""
    pair = queries.get_adjoining_towns(request.actor.scope, pair_id)
    shown = adjoining_out(pair)
    actions.remove_adjoining_towns(pair, actor=request.actor)
    return shown


# --- the calendar -------------------------------------------------------------------------------


class DayOut(Schema):
    day: date
    is_workday: bool
    note: str


class DayQuery(ListQuery):
    sort: Literal["day", "-day"] = "-day"
    year: int | None = Field(None, ge=1, le=9999)


class DayIn(Schema):
    day: date
    is_workday: bool
    note: str = Field("", max_length=60)


class OnDayIn(Schema):
    day: date


def day_out(one: CalendarDay) -> DayOut:
    return DayOut.from_orm(one)


@operation(
    router, "GET", "/calendar", roles=roles_of(pages.calendar), summary="本地设定的工作日和休息日",
    answer=PageOut[DayOut],
)  # fmt: skip
def list_calendar_days(request: CalledRequest, query: Query[DayQuery]) -> PageOut[DayOut]:
    rows = queries.list_calendar_days().filter(**only({"day__year": query.year}))
    sorts = {"day": ("day",)}
    return page_of(rows, query, day_out, sort=query.sort, sorts=sorts, search=("note",))


@operation(
    router, "POST", "/calendar", roles=roles_of(pages.calendar), summary="设定一天上班或休息",
    answer=DayOut,
)  # fmt: skip
def set_calendar_day(request: CalledRequest, body: DayIn) -> DayOut:
    form = CalendarForm({**sent(body), "is_workday": "yes" if body.is_workday else "no"})
    given = filled(form)
    day = (given["day"], given["is_workday"], given["note"])
    actions.set_calendar_days([day], actor=request.actor)
    return day_out(queries.list_calendar_days().get(day=given["day"]))


@operation(
    router, "POST", "/calendar/remove", roles=roles_of(pages.calendar_remove),
    summary="撤销一天的设定", answer=DayOut,
)  # fmt: skip
def remove_calendar_day(request: CalledRequest, body: OnDayIn) -> DayOut:
    """By the day, not by a number; the answer is what was taken back."""
    one = queries.list_calendar_days().filter(day=body.day).first()
    if one is None:
        raise not_found()
    shown = day_out(one)
    actions.remove_calendar_day(one, actor=request.actor)
    return shown
