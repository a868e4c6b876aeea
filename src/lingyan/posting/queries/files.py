"""What belongs into the file of a village, person or unit up to a day? Few rows, scope first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum

from lingyan.common.periods import add_months, year_of
from lingyan.platform.accounts.actor import Actor
from lingyan.posting.models import (
    DiaryEntry,
    DutyReport,
    LeaveRequest,
    Liaison,
    MonthPresence,
    PostingStep,
    Problem,
    Visit,
)
from lingyan.posting.models.diary import posting_q
from lingyan.posting.queries import liaison
from lingyan.posting.queries.records import made_by
from lingyan.posting.rules.life_words import LeaveState, StepState


@dataclass(frozen=True, slots=True)
class About:
    """Whose postings a file is about: how a row that names a posting is reached from it."""

    condition: Q

    @classmethod
    def village(cls, village: Any) -> About:
        return cls(Q(posting__village=village))

    @classmethod
    def person(cls, person: Any) -> About:
        return cls(Q(posting__person=person))

    @classmethod
    def unit(cls, unit: Any) -> About:
        return cls(Q(posting__unit=unit))


@dataclass(frozen=True, slots=True)
class DiarySums:
    entries: int
    days: int
    households: int
    last_on: date | None


def diary_sums(about: About, actor: Actor, on: date) -> DiarySums:
    """Of the year of that day, up to it: one query over an index."""
    since = year_of(on).since
    rows = DiaryEntry.objects.visible_to(actor.scope).counted().filter(about.condition)
    told = rows.filter(happened_on__gte=since, happened_on__lte=on).aggregate(
        entries=Count("pk"), days=Count("happened_on", distinct=True),
        households=Sum("households"), last_on=Max("happened_on"),
    )  # fmt: skip
    return DiarySums(told["entries"], told["days"], told["households"] or 0, told["last_on"])


def last_entries(about: About, actor: Actor, on: date, most: int) -> list[DiaryEntry]:
    """The newest of the last three months, so that nobody sorts three years."""
    rows = DiaryEntry.objects.visible_to(actor.scope).counted().filter(about.condition)
    rows = rows.filter(happened_on__gt=add_months(on, -3), happened_on__lte=on)
    return list(
        rows.select_related("posting__person", "posting__village").order_by(
            "-happened_on", "-created_at", "pk"
        )[:most]
    )


def problems(about: About, actor: Actor, on: date) -> QuerySet[Problem]:
    """Found up to that day, what is due first at the head."""
    found = Problem.objects.visible_to(actor.scope).filter(about.condition, found_on__lte=on)
    return found.select_related("posting__village").order_by("-found_on", "pk")


def visits(about: About, actor: Actor, on: date) -> QuerySet[Visit]:
    rows = liaison.list_visits(actor).filter(about.condition, happened_on__lte=on, withdrawn="")
    return rows.order_by("-happened_on", "-made_at", "pk")


def contacts(village: Any, on: date) -> QuerySet[Liaison]:
    """Who was in touch with the village's town or its people on that day."""
    there = Q(until__isnull=True) | Q(until__gt=on)
    reaches = Q(town_id=village.parent_id) | Q(posting__village=village)
    rows = Liaison.objects.filter(reaches, there, since__lte=on)
    return rows.select_related(*liaison.OF_LIAISON).order_by("kind", "pk")


def months(about: About, actor: Actor, on: date) -> QuerySet[MonthPresence]:
    """Months over by that day, as the village has confirmed them."""
    rows = MonthPresence.objects.filter(posting_q(actor.scope), about.condition)
    rows = rows.filter(made_by(on, "confirmed_at"), month__lte=on)
    return rows.select_related("posting__person").order_by("-month", "posting__village__path", "pk")


def leave(about: About, actor: Actor, on: date) -> QuerySet[LeaveRequest]:
    rows = LeaveRequest.objects.filter(posting_q(actor.scope), about.condition)
    return (
        rows.filter(made_by(on, "asked_at"))
        .exclude(state=LeaveState.WITHDRAWN)
        .select_related("posting__person")
        .order_by("-since", "pk")
    )


def steps(about: About, actor: Actor, on: date) -> QuerySet[PostingStep]:
    rows = PostingStep.objects.filter(posting_q(actor.scope), about.condition)
    rows = rows.filter(made_by(on, "made_at"), state=StepState.DONE)
    return rows.select_related("posting__village").order_by("-happened_on", "-made_at", "pk")


def reports(about: About, actor: Actor, on: date) -> QuerySet[DutyReport]:
    """Confirmed up to that day, those that held then."""
    rows = DutyReport.objects.visible_to(actor.scope).filter(about.condition)
    rows = rows.filter(made_by(on, "confirmed_at")).defer("content", "records")
    return rows.order_by("-since", "kind", "-number")
