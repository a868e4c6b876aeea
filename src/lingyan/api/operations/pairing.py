"""组织联建 for programs: pairs and activities are listed and read, and an activity is recorded."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID, uuid4

from ninja import Query, Router, Schema
from pydantic import Field

from lingyan.api.gate import CalledRequest, operation, roles_of
from lingyan.api.operations.common import only, page_of
from lingyan.api.paging import ListQuery, PageOut
from lingyan.pairing.actions import activities as actions
from lingyan.pairing.models import PairActivity, Pairing
from lingyan.pairing.queries import activities, pairings
from lingyan.pairing.rules import activities as rules
from lingyan.pairing.views import activities as activity_pages
from lingyan.pairing.views import pairings as pair_pages

router = Router(tags=["组织联建"])

KindCode = Literal[
    "joint_meeting", "theme_day", "tech_training", "law_promotion", "free_clinic", "service",
    "visit", "exchange", "observation", "sharing", "online_study", "other",
]  # fmt: skip
Goal = Literal["organization", "team", "activity", "resource", "development"]
ModeCode = Literal["offline", "online", "mixed"]


# --- pairs --------------------------------------------------------------------------------------


class PairingOut(Schema):
    id: UUID
    unit: str
    village: str
    town: str
    level: str
    is_lead: bool
    state: str
    points: int | None
    since: date | None
    planned_until: date | None = Field(description="到期日，当天不再算")
    until: date | None
    goals: list[str]


class PairingQuery(ListQuery):
    state: str | None = None
    unit: UUID | None = None
    village: UUID | None = None
    sort: Literal["village", "-village", "since", "-since"] = "village"


def pairing_out(one: Pairing) -> PairingOut:
    return PairingOut(
        id=one.pk, unit=one.unit.name, village=one.village.short_name,
        town=str(one.village.parent or ""), level=one.level, is_lead=one.is_lead, state=one.state,
        points=one.points, since=one.since, planned_until=one.planned_until, until=one.until,
        goals=one.goals,
    )  # fmt: skip


@operation(
    router, "GET", "/pairings", roles=roles_of(pair_pages.pairing_list), summary="结对",
    answer=PageOut[PairingOut],
)  # fmt: skip
def list_pairings(request: CalledRequest, query: Query[PairingQuery]) -> PageOut[PairingOut]:
    wanted = only({"state": query.state, "unit_id": query.unit, "village_id": query.village})
    rows = pairings.list_pairings(request.actor.scope).filter(**wanted)
    sorts = {"village": ("village__path", "is_lead"), "since": ("since", "village__path")}
    return page_of(
        rows,
        query,
        pairing_out,
        sort=query.sort,
        sorts=sorts,
        search=("unit__name", "village__short_name"),
    )


@operation(
    router, "GET", "/pairings/{pairing_id}", roles=roles_of(pair_pages.pairing_detail),
    summary="一对结对", answer=PairingOut,
)  # fmt: skip
def read_pairing(request: CalledRequest, pairing_id: UUID) -> PairingOut:
    return pairing_out(pairings.get_pairing(request.actor.scope, pairing_id))


# --- activities ---------------------------------------------------------------------------------


class ActivityOut(Schema):
    id: UUID
    kind: str
    mode: str
    state: str
    day: date
    place: str
    hours: str
    has_oath: bool
    pairings: list[UUID] = Field(description="服务的结对；别的单位、村的结对也在内，只给编号")
    unit_people: int = Field(description="各结对单位参加的人数合计")
    villagers: int
    beneficiaries: int
    summary: str
    check_outcome: str


class ActivityQuery(ListQuery):
    pairing: UUID | None = None
    kind: KindCode | None = None
    state: Literal["planned", "held", "cancelled"] | None = None
    since: date | None = Field(None, description="从这一天起")
    until: date | None = Field(None, description="到这一天以前")
    sort: Literal["day", "-day"] = "-day"


class TakingPartIn(Schema):
    person: UUID
    is_online: bool = False


class ActivityIn(Schema):
    number: UUID | None = Field(None, description="自己编的编号；同一编号只记一场")
    state: Literal["held", "planned"] = "held"
    kind: KindCode
    mode: ModeCode = "offline"
    day: date
    pairings: list[UUID] = Field(min_length=1, max_length=30)
    place: UUID | None = Field(None, description="线上的不填")
    venue: str = Field("", max_length=rules.VENUE_MAX)
    hours: Decimal | None = Field(None, gt=0, le=24)
    has_oath: bool = False
    goals: list[Goal] = Field(default_factory=list, max_length=5)
    people: list[TakingPartIn] = Field(default_factory=list, max_length=300)
    villagers: int = Field(0, ge=0, le=rules.HEADS_MAX)
    beneficiaries: int = Field(0, ge=0, le=rules.HEADS_MAX)
    summary: str = Field("", max_length=rules.TEXT_MAX)
    is_another: bool = Field(False, description="同一天同一对结对确实办了两场同类活动")

    def said(self) -> actions.Said:
        online = self.mode == "online"
        return actions.Said(
            kind=self.kind, mode=self.mode, day=self.day, pairings=self.pairings,
            place=None if online else self.place, venue=self.venue.strip(),
            minutes=None if self.hours is None else int(self.hours * 60),
            has_oath=self.has_oath, goals=list(dict.fromkeys(self.goals)), villagers=self.villagers,
            beneficiaries=self.beneficiaries, summary=self.summary.strip(),
            people={
                one.person: "online" if online or one.is_online else "spot" for one in self.people
            },
            is_another=self.is_another,
        )  # fmt: skip


def activity_out(one: PairActivity, people: int) -> ActivityOut:
    return ActivityOut(
        id=one.pk, kind=one.kind, mode=one.mode, state=one.state, day=one.day,
        place=f"{one.place or ''}{one.venue}", hours=one.hours, has_oath=one.has_oath,
        pairings=[pair.pk for pair in one.pairings.all()], unit_people=people,
        villagers=one.villagers, beneficiaries=one.beneficiaries, summary=one.summary,
        check_outcome=one.check_outcome,
    )  # fmt: skip


@operation(
    router, "GET", "/pair-activities", roles=roles_of(activity_pages.activity_list),
    summary="联建活动", answer=PageOut[ActivityOut],
)  # fmt: skip
def list_activities(request: CalledRequest, query: Query[ActivityQuery]) -> PageOut[ActivityOut]:
    wanted: dict[str, Any] = only(
        {"kind": query.kind, "state": query.state, "day__gte": query.since, "day__lt": query.until}
    )
    rows = activities.list_activities(request.actor.scope).filter(**wanted)
    rows = rows.prefetch_related("participants")
    if query.pairing is not None:
        rows = rows.filter(activities.of_pairing_q(query.pairing))
    return page_of(
        rows, query, lambda one: activity_out(one, len(one.participants.all())), sort=query.sort,
        sorts={"day": ("day", "pk")}, search=("summary", "venue"),
    )  # fmt: skip


@operation(
    router, "GET", "/pair-activities/{activity_id}",
    roles=roles_of(activity_pages.activity_detail), summary="一场联建活动", answer=ActivityOut,
)  # fmt: skip
def read_activity(request: CalledRequest, activity_id: UUID) -> ActivityOut:
    return _read(request, activity_id)


@operation(
    router, "POST", "/pair-activities", roles=roles_of(activity_pages.activity_add),
    summary="登记一场联建活动", answer=ActivityOut, status=201,
)  # fmt: skip
def record_activity(request: CalledRequest, body: ActivityIn) -> ActivityOut:
    enter = actions.plan_activity if body.state == "planned" else actions.enter_activity
    made = enter(body.said(), number=body.number or uuid4(), actor=request.actor)
    return _read(request, made.pk)


def _read(request: CalledRequest, activity_id: UUID) -> ActivityOut:
    found = activities.get_activity(request.actor.scope, activity_id)
    return activity_out(found, len(found.participants.all()))
