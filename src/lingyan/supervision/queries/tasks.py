"""Which tasks may this person read, which wait for whom, and which did nobody take?"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from lingyan.common.periods import WorkingCalendar
from lingyan.directory import search
from lingyan.directory.models import Place
from lingyan.directory.queries import calendar_overrides, county_of
from lingyan.directory.rules import PlaceLevel
from lingyan.directory.scoping import place_q
from lingyan.directory.settings import number_for
from lingyan.platform.accounts.actor import Actor
from lingyan.supervision.models import SupervisionTask
from lingyan.supervision.rules import settings
from lingyan.supervision.rules import tasks as rules
from lingyan.supervision.rules.words import UNDER_WAY, TaskLevel, TaskState

OWNER_STATES = (TaskState.OPEN, TaskState.ACCEPTED, TaskState.RETURNED)
LEVEL_OF_PLACE: dict[str, str] = {
    PlaceLevel.VILLAGE: TaskLevel.VILLAGE,
    PlaceLevel.TOWNSHIP: TaskLevel.TOWN,
    PlaceLevel.COUNTY: TaskLevel.COUNTY,
}


NAMED = ("place__parent", "asked", "office", "unit", "person", "reported_to")


def seen_q(actor: Actor) -> Q:
    """The office that was asked first, whoever is above it, the unit, the person by name."""
    seen = place_q(actor.scope, "asked__") | Q(unit__in=actor.scope.unit_ids)
    if actor.user_id is not None:
        seen |= Q(raised_by_id=actor.user_id)
    return seen | _by_name_q(actor)


def _by_name_q(actor: Actor) -> Q:
    """Tasks that name this person: a county leader's account has a person, his role has none."""
    if actor.user_id is None:
        return Q(pk__in=())
    return Q(person__user=actor.user_id, person__isnull=False)


def list_tasks(actor: Actor) -> QuerySet[SupervisionTask]:
    return SupervisionTask.objects.filter(seen_q(actor)).select_related(*NAMED)


def list_inside(actor: Actor) -> QuerySet[SupervisionTask]:
    """Those of the places and units in the scope alone, whoever asked for them."""
    inside = place_q(actor.scope, "place__") | Q(unit__in=actor.scope.unit_ids)
    return list_tasks(actor).filter(inside)


def get_task(actor: Actor, task_id: UUID) -> SupervisionTask:
    return get_object_or_404(list_tasks(actor), pk=task_id)


def find_task(label: str, source_id: UUID, rule: str, period: str = "") -> SupervisionTask | None:
    """The task that this source raised by this rule, in whatever state it is now."""
    return SupervisionTask.objects.filter(
        source_label=label, source_id=source_id, rule=rule, period=period
    ).first()


def list_untaken(today: date) -> QuerySet[SupervisionTask]:
    """What was not accepted in time and can still go up a level."""
    at_the_top = Q(level=TaskLevel.COUNTY, person__isnull=True)
    found = SupervisionTask.objects.filter(state=TaskState.OPEN, accept_by__lt=today)
    return found.exclude(at_the_top).order_by("accept_by", "pk")


def list_long_open(today: date) -> QuerySet[SupervisionTask]:
    """What is past its day, in whatever hands, and was not reported upwards yet."""
    found = SupervisionTask.objects.filter(overdue_q(today), reported_on__isnull=True)
    return found.select_related("place").order_by("due_on", "pk")


def list_reported(actor: Actor) -> QuerySet[SupervisionTask]:
    """Long overdue below, and told to the own office: until it is settled."""
    mine = Q(pk__in=())
    for level in (TaskLevel.TOWN, TaskLevel.COUNTY):
        if actor.role in rules.OF_LEVEL[level]:
            paths = actor.scope.place_paths
            mine |= Q(reported_level=level, reported_to__path__in=paths)
    return list_tasks(actor).filter(mine, state__in=UNDER_WAY)


def list_verified_before(day: date) -> QuerySet[SupervisionTask]:
    found = SupervisionTask.objects.filter(state=TaskState.VERIFIED, checked_on__lt=day)
    return found.order_by("checked_on", "pk")


def office_of(place: Place, level: str) -> Place:
    """The office at this level that answers for the place; a unit's tasks are the county's."""
    if level == TaskLevel.VILLAGE:
        return place
    if level == TaskLevel.TOWN and place.level == PlaceLevel.VILLAGE:
        assert place.parent is not None
        return place.parent
    if level == TaskLevel.TOWN:
        return place
    return county_of(place)


def accept_by(place: Place, today: date) -> date:
    calendar = WorkingCalendar(calendar_overrides())
    return calendar.add_working_days(today, number_for(place.path, settings.ACCEPT, today)).on


def owned_q(actor: Actor) -> Q:
    """Tasks that are with this person: by name, with the unit, or with the office of the role."""
    mine = _by_name_q(actor)
    if actor.role in rules.UNIT:
        mine |= Q(level=TaskLevel.UNIT, person__isnull=True, unit__in=actor.scope.unit_ids)
    for level in (TaskLevel.VILLAGE, TaskLevel.TOWN, TaskLevel.COUNTY):
        if actor.role in rules.OF_LEVEL[level]:
            mine |= Q(level=level, person__isnull=True, office__path__in=actor.scope.place_paths)
    return mine


def is_owner(actor: Actor, task: SupervisionTask) -> bool:
    return SupervisionTask.objects.filter(owned_q(actor), pk=task.pk).exists()


def checked_q(actor: Actor) -> Q:
    """Tasks that this person raised, or that lie one level below the own office."""
    mine = Q(raised_by_id=actor.user_id, raised_by_id__isnull=False)
    paths = actor.scope.place_paths
    if actor.role in rules.TOWN:
        mine |= Q(level=TaskLevel.VILLAGE, office__parent__path__in=paths)
    if actor.role in rules.COUNTY:
        mine |= Q(level=TaskLevel.TOWN, office__parent__path__in=paths)
        mine |= Q(level__in=(TaskLevel.UNIT, TaskLevel.COUNTY), office__path__in=paths)
    return mine


def is_checker(actor: Actor, task: SupervisionTask) -> bool:
    return SupervisionTask.objects.filter(checked_q(actor), pk=task.pk).exists()


def list_mine(actor: Actor) -> QuerySet[SupervisionTask]:
    """What waits for this person to be taken or done."""
    found = list_tasks(actor).filter(owned_q(actor), state__in=OWNER_STATES)
    return found.order_by("due_on", "came_at", "pk")


def list_to_check(actor: Actor) -> QuerySet[SupervisionTask]:
    """What was reported as done and waits for this person's look; not the own work."""
    found = list_tasks(actor).filter(checked_q(actor), state=TaskState.SUBMITTED)
    own = Q(accepted_by_id=actor.user_id) | Q(answered_by_id=actor.user_id)
    return found.exclude(own) if actor.user_id is not None else found


def overdue_q(today: date) -> Q:
    return Q(state__in=UNDER_WAY, due_on__lt=today)


def search_q(text: str) -> Q:
    """By what is to be done, where it comes from, or the place."""
    return (
        Q(what__icontains=text)
        | Q(source_title__icontains=text)
        | search.of_villages_q(text, "place")
    )
