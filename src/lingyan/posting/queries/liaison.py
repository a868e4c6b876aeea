"""Who is in touch with whom, who came when, and who still owes a visit?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse

from lingyan.common.alerts import AlertLevel, alert_level
from lingyan.common.periods import Period, half_year_of
from lingyan.directory.assignments import in_force
from lingyan.directory.models import Place, RoleAssignment, Unit
from lingyan.directory.scoping import place_q
from lingyan.platform.accounts.actor import Actor, Scope
from lingyan.posting.models import Liaison, Posting, Problem, Visit
from lingyan.posting.queries.postings import list_postings
from lingyan.posting.queries.standards import Numbers, numbers_on
from lingyan.posting.rules import IN_POST, POSTED
from lingyan.posting.rules import liaison as rules
from lingyan.posting.rules.liaison_words import IN_VILLAGE, LiaisonKind, VisitSide
from lingyan.posting.rules.presence import PresenceFact
from lingyan.posting.rules.support_words import StandardKey

OF_LIAISON = ("holder__user", "town", "posting__person", "posting__village__parent")


# --- who keeps in touch -------------------------------------------------------------------------


def list_liaisons(scope: Scope) -> QuerySet[Liaison]:
    return Liaison.objects.visible_to(scope).select_related(*OF_LIAISON)


def get_liaison(scope: Scope, liaison_id: UUID) -> Liaison:
    return get_object_or_404(list_liaisons(scope), pk=liaison_id)


def list_holders(scope: Scope, kind: LiaisonKind, day: date) -> QuerySet[RoleAssignment]:
    """Who may be given towns or postings: those of the scope who hold the role on that day."""
    held = RoleAssignment.objects.filter(
        in_force(day), place_q(scope, "place__"), role=rules.HOLDER_ROLE[kind]
    )
    return held.filter(handed_from__isnull=True).select_related("user").order_by("user__name", "pk")


def find_open(*, town: Place | None = None, posting: Posting | None = None) -> Liaison | None:
    """Who is in touch with the town or the posted person now."""
    open_ones = Liaison.objects.open().select_related("holder__user")
    if town is not None:
        return open_ones.filter(town=town).first()
    return open_ones.filter(posting=posting).first()


def find_own(actor: Actor, posting: Posting) -> Liaison | None:
    """The actor's own open liaison that reaches this posting."""
    reaches = Q(posting=posting) | Q(town_id=posting.village.parent_id)
    own = Liaison.objects.open().filter(reaches, holder__user_id=_hand(actor) or 0)
    return own.order_by("kind").first()


def _hand(actor: Actor) -> int | None:
    """A delegate keeps in touch for the one he stands for."""
    return actor.for_user_id or actor.user_id


def contacts_of_village(village: Place) -> QuerySet[Liaison]:
    """Of its town and of the people posted to it, the present ones."""
    reaches = Q(town_id=village.parent_id) | Q(posting__village=village)
    return Liaison.objects.open().filter(reaches).select_related(*OF_LIAISON)


# --- visits and talks ---------------------------------------------------------------------------


def list_visits(actor: Actor) -> QuerySet[Visit]:
    """In scope; of posted people only their own: what a colleague said is between the two."""
    visits = Visit.objects.visible_to(actor.scope)
    if actor.role in POSTED:
        own = actor.scope.person_id
        visits = visits.filter(posting__person_id=own) if own else visits.none()
    return visits.select_related("posting__person", "posting__village__parent", "posting__unit")


def get_visit(actor: Actor, visit_id: UUID) -> Visit:
    return get_object_or_404(list_visits(actor), pk=visit_id)


def is_twice(posting: Posting, on: date, form: str, maker: int | None) -> bool:
    same = Visit.objects.counted().filter(posting=posting, happened_on=on, form=form)
    return same.filter(made_by_id=maker).exists()


def raised_at(visit: Visit) -> QuerySet[Problem]:
    return Problem.objects.filter(visit=visit).order_by("due_on", "pk")


def visits_of(posting: Posting, actor: Actor) -> QuerySet[Visit]:
    return list_visits(actor).filter(posting=posting)


def presence_facts(
    posting_ids: Collection[UUID], since: date, until: date
) -> Iterable[PresenceFact]:
    """A visit to the village that met the person there shows that the person was there (R-2-21)."""
    visits = Visit.objects.counted().filter(
        posting_id__in=posting_ids, happened_on__gte=since, happened_on__lt=until,
        form__in=IN_VILLAGE, met_person=True,
    )  # fmt: skip
    for pk, posting_id, day, side in visits.values_list("pk", "posting_id", "happened_on", "side"):
        text = f"{VisitSide(side).label}到村，见到本人"
        yield PresenceFact(posting_id, day, "走访", text, reverse("visit_detail", args=[pk]))


# --- what is owed -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OwedLine:
    """Visits of one side to one village: so many needed, so many made, until when."""

    side: VisitSide
    who: str
    village: Place
    posting: Posting  # one of them, to begin the record from
    owed: rules.VisitOwed
    made: int
    today: date
    unit_id: UUID | None = None
    holder_id: int | None = None
    last_on: date | None = None  # of the visits that count

    @property
    def missing(self) -> int:
        return max(self.owed.needed - self.made, 0)

    @property
    def level(self) -> AlertLevel:
        if not self.missing:
            return AlertLevel.GREEN
        return alert_level(self.owed.due_on, self.today)


SIDES = (VisitSide.UNIT, VisitSide.AREA)


def owed_lines(scope: Scope, day: date, *sides: VisitSide) -> list[OwedLine]:
    """One or both sides in the periods of this day: four queries, however many the postings."""
    return _lines(_there(scope, day), day, sides or SIDES)


def owed_lines_of_unit(scope: Scope, unit: Unit, day: date) -> list[OwedLine]:
    return _lines(_there(scope, day).filter(unit=unit), day, SIDES)


def _lines(there: QuerySet[Posting], day: date, sides: Sequence[VisitSide]) -> list[OwedLine]:
    postings, numbers = list(there), numbers_on(day)
    lines: list[OwedLine] = []
    visits = _visits_made([one.pk for one in postings], day, sides)
    if VisitSide.UNIT in sides:
        lines += _of_units(postings, visits, day, numbers)
    if VisitSide.AREA in sides:
        contacts = _contacts({one.village.parent_id for one in postings})
        lines += _of_areas(postings, visits, contacts, day, numbers)
    return sorted(lines, key=lambda one: (-one.missing, one.village.path, one.side))


def _there(scope: Scope, day: date) -> QuerySet[Posting]:
    """Who is in post on the day."""
    return (
        list_postings(scope)
        .filter(state__in=IN_POST, until__isnull=True, since__lte=day)
        .select_related(None)
        .select_related("village__parent", "unit")
        .only(*OF_LINE)
        .order_by("village__path", "kind", "pk")
    )


# Three hundred of them are read at once, and of each no more than a line says.
_PLACE = ("path", "short_name", "ended_on", "parent_id")
OF_LINE = (
    "state", "since", "arrived_on", "planned_until", "village_id", "unit_id", "unit__name",
    *(f"village__{name}" for name in _PLACE), *(f"village__parent__{name}" for name in _PLACE),
)  # fmt: skip


Made = list[tuple[UUID, str, bool, date]]


def _visits_made(posting_ids: Sequence[UUID], day: date, sides: Sequence[VisitSide]) -> Made:
    """What counts of each side in its own period; the longest of them holds the others."""
    since = min(rules.period_of(side, day).since for side in sides)
    until = max(rules.period_of(side, day).until for side in sides)
    rows = Visit.objects.counted().filter(
        posting_id__in=posting_ids, happened_on__gte=since, happened_on__lt=until,
        form__in=IN_VILLAGE, side__in=sides,
    )  # fmt: skip
    return list(rows.values_list("posting_id", "side", "by_head", "happened_on"))


def _contacts(town_ids: Collection[UUID | None]) -> dict[UUID, Liaison]:
    rows = Liaison.objects.open().filter(kind=LiaisonKind.AREA, town_id__in=town_ids)
    return {one.town_id: one for one in rows.select_related("holder__user") if one.town_id}


def _of_units(
    postings: Sequence[Posting], visits: Made, day: date, numbers: Numbers
) -> Iterable[OwedLine]:
    groups: dict[tuple[UUID, UUID], list[Posting]] = {}
    for one in postings:
        if one.unit_id:
            groups.setdefault((one.unit_id, one.village_id), []).append(one)
    made = _by_posting(
        (posting_id, on) for posting_id, side, by_head, on in visits
        if side == VisitSide.UNIT and by_head
    )  # fmt: skip
    for (unit_id, _), group in groups.items():
        first, days = group[0], _days(group, made)
        full = numbers.of(first.village.path, StandardKey.UNIT_VISITS)
        yield OwedLine(
            VisitSide.UNIT, str(first.unit), first.village, first,
            rules.owed(VisitSide.UNIT, day, _stays(group), full), len(days), day,
            unit_id=unit_id, last_on=max(days, default=None),
        )  # fmt: skip


def _of_areas(
    postings: Sequence[Posting],
    visits: Made,
    contacts: dict[UUID, Liaison],
    day: date,
    numbers: Numbers,
) -> Iterable[OwedLine]:
    half = half_year_of(day)
    made = _by_posting(
        (posting_id, on) for posting_id, side, _, on in visits
        if side == VisitSide.AREA and on in half
    )  # fmt: skip
    groups: dict[UUID, list[Posting]] = {}
    for one in postings:
        groups.setdefault(one.village_id, []).append(one)
    for group in groups.values():
        first = group[0]
        contact = contacts.get(first.village.parent_id) if first.village.parent_id else None
        days = _days(group, made)
        full = numbers.of(first.village.path, StandardKey.AREA_VISITS)
        yield OwedLine(
            VisitSide.AREA, contact.holder.user.name if contact else "", first.village, first,
            rules.owed(VisitSide.AREA, day, _stays(group), full), len(days), day,
            holder_id=contact.holder.user_id if contact else None,
            last_on=max(days, default=None),
        )  # fmt: skip


def _by_posting(found: Iterable[tuple[UUID, date]]) -> dict[UUID, list[date]]:
    made: dict[UUID, list[date]] = {}
    for posting_id, on in found:
        made.setdefault(posting_id, []).append(on)
    return made


def _days(group: Iterable[Posting], made: Mapping[UUID, list[date]]) -> list[date]:
    """Two who go there on one day to see two people make one visit to the village."""
    return sorted({on for one in group for on in made.get(one.pk, ())})


def _stays(group: Iterable[Posting]) -> list[Period]:
    return [Period(one.came_on or one.since, one.planned_until) for one in group]


def is_mine(line: OwedLine, actor: Actor) -> bool:
    if line.side is VisitSide.UNIT:
        return line.unit_id in actor.scope.unit_ids
    return line.holder_id is not None and line.holder_id == _hand(actor)
