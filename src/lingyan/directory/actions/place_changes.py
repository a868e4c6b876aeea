"""Which act renames, joins, parts or moves villages, and how is it taken back?

What points to a place keeps pointing to it. A village that is merged ends and lies under its
successor from then on, so that whoever sees the successor sees its history.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import Q

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.directory import history, rules
from lingyan.directory.actions.checking import refuse_outside, require_role
from lingyan.directory.actions.places import MAY_MANAGE, kind_of_code, next_path
from lingyan.directory.models import (
    Place,
    PlaceChange,
    PlaceEdition,
    PlaceSuccession,
    RoleAssignment,
)
from lingyan.directory.rules import PlaceChangeKind, PlaceLevel
from lingyan.directory.rules import places as place_rules
from lingyan.directory.scoping import path_end
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import Trace, record, record_many
from lingyan.platform.columns import derived_names

KEPT_FIELDS = (
    "name", "short_name", "village_kind", "code", "code_edition", "parent_id", "path", "ended_on",
)  # fmt: skip
OWN_TABLES = (PlaceEdition, PlaceSuccession)


@dataclass(frozen=True, slots=True)
class Result:
    """A place that comes out of a change: a new one, or one of the old ones that goes on."""

    name: str
    code: str = ""
    edition: str = ""
    keeps: Place | None = None


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """What a letter of approval orders."""

    kind: str
    sources: tuple[Place, ...]
    results: tuple[Result, ...]
    effective_on: date
    document_number: str
    town: Place | None = None
    reason: str = ""

    @property
    def text(self) -> str:
        return place_rules.text_of_change(
            self.kind,
            [place.short_name for place in self.sources],
            [short_name(self, result.name) for result in self.results],
            self.town.short_name if self.town else "",
        )

    def row(self) -> dict[str, Any]:
        """What was asked for, as the sheet of changes says it."""
        first = self.results[0]
        return {
            "kind": self.kind,
            "places": [label(place) for place in self.sources],
            "names": [one.name for one in self.results if self._is_told(one)],
            "goes_on": any(one.keeps for one in self.results),
            "code": first.code or None,
            "edition": first.edition or None,
            "town": self.town.short_name if self.town else None,
            "effective_on": self.effective_on.isoformat(),
            "document_number": self.document_number.strip(),
            "reason": self.reason or None,
        }

    def _is_told(self, result: Result) -> bool:
        """A village that only goes on is not named again among those that come out."""
        return result.keeps is None or self.kind in (PlaceChangeKind.MERGE, PlaceChangeKind.RENAME)


@dataclass(slots=True)
class _Work:
    """What the act has touched so far."""

    request: ChangeRequest
    change: PlaceChange
    before: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    touched: dict[UUID, Place] = field(default_factory=dict)
    created: list[Place] = field(default_factory=list)
    roles: dict[str, str] = field(default_factory=dict)

    def remember(self, place: Place) -> Place:
        """Its image before the first alteration; from here on one and the same object."""
        if place.pk not in self.touched:
            self.touched[place.pk] = place
            self.before[place.pk] = _image(place)
        return self.touched[place.pk]


def label(place: Place) -> str:
    """A name that leads back to the place, whatever it is called later."""
    if place.level != PlaceLevel.VILLAGE or place.parent is None:
        return place.short_name
    return f"{place.short_name}（{place.parent.short_name}）"


def short_name(request: ChangeRequest, name: str) -> str:
    village = request.sources[0].level == PlaceLevel.VILLAGE
    return rules.short_village_name(name) if village else name


@transaction.atomic
def change_places(request: ChangeRequest, *, actor: Actor) -> PlaceChange:
    """Carry out one change of the register of places."""
    request = _locked(request)
    refuse_change(request, actor=actor)
    work = _Work(request, _new_change(request, actor))
    work.change.save(force_insert=True)
    ACTS[PlaceChangeKind(request.kind)](work)
    for place in work.touched.values():
        place.save(update_fields=[*_columns(), *derived_names(Place)])
    _keep_editions(work)
    _seal(work, actor)
    return work.change


def _locked(request: ChangeRequest) -> ChangeRequest:
    """The places as they are now; two offices may change one village at once."""
    ids = {place.pk for place in request.sources} | {request.town.pk if request.town else None}
    ids |= {place.parent_id for place in request.sources}
    rows = Place.objects.select_for_update(of=("self",)).select_related("parent")
    now = {place.pk: place for place in rows.filter(pk__in=ids - {None}).order_by("path")}
    return ChangeRequest(
        request.kind,
        tuple(now[place.pk] for place in dict.fromkeys(request.sources)),
        tuple(
            Result(one.name, one.code, one.edition, one.keeps and now[one.keeps.pk])
            for one in request.results
        ),
        request.effective_on,
        request.document_number,
        now[request.town.pk] if request.town else None,
        request.reason,
    )


def refuse_change(request: ChangeRequest, *, actor: Actor) -> None:
    """Raise every reason why this may not be done; the preview asks the same."""
    require_role(actor, MAY_MANAGE, "办理区划变更")
    refusals = [*place_rules.refuse_place_change(_claim(request))]
    places = [*request.sources, *([request.town] if request.town else [])]
    for place in places:
        refusals += [one for one in refuse_outside(actor, place.path) if one not in refusals]
    if refusals:
        raise Refused(refusals)


def _claim(request: ChangeRequest) -> place_rules.PlaceChangeClaim:
    last = history.last_changes(request.sources)
    sources = tuple(
        place_rules.SourceFacts(
            place.short_name, place.level, place.since, place.ended_on, last.get(place.pk)
        )
        for place in request.sources
    )
    town = request.town
    return place_rules.PlaceChangeClaim(
        kind=request.kind,
        effective_on=request.effective_on,
        today=clock.today(),
        document_number=request.document_number,
        sources=sources,
        results=tuple(_result_facts(request, one) for one in request.results),
        town_given=town is not None and town.level == PlaceLevel.TOWNSHIP,
        town_is_other=town is not None and town.pk != request.sources[0].parent_id,
    )


def _result_facts(request: ChangeRequest, result: Result) -> place_rules.ResultFacts:
    others = Place.objects.exclude(pk__in=[place.pk for place in request.sources])
    named = others.filter(
        parent=_parent_of(request),
        short_name=short_name(request, result.name),
        ended_on__isnull=True,
    )
    coded = others.filter(code=result.code, code_edition=result.edition)
    return place_rules.ResultFacts(
        result.name,
        result.code,
        result.edition,
        result.keeps.short_name if result.keeps else "",
        code_taken=bool(result.code) and coded.exists(),
        name_taken=named.exists(),
    )


def _parent_of(request: ChangeRequest) -> Place | None:
    return request.town or request.sources[0].parent


def _new_change(request: ChangeRequest, actor: Actor) -> PlaceChange:
    return PlaceChange(
        kind=request.kind,
        effective_on=request.effective_on,
        document_number=request.document_number.strip(),
        reason=request.reason,
        text=request.text[:300],
        asked=request.row(),
        path=request.sources[0].path,
        made_at=clock.now(),
        made_by_name=actor.name,
    )


# --- the five acts --------------------------------------------------------------------------------


def _rename(work: _Work) -> None:
    [source], [result] = work.request.sources, work.request.results
    _give(work, work.remember(source), result)


def _move(work: _Work) -> None:
    [source], town = work.request.sources, work.request.town
    assert town is not None, "the rule has asked for it"
    place = work.remember(source)
    place.parent = town
    _carry(work, place, next_path(town.path))
    for result in work.request.results:
        _give(work, place, result)


def _merge(work: _Work) -> None:
    [result] = work.request.results
    successor = _come_out(work, result)
    for source in work.request.sources:
        if source.pk != successor.pk:
            _end(work, source)
            _carry(work, work.remember(source), next_path(successor.path, work.touched.values()))
            _succeed(work, source, successor)
            _lead_roles(work, source, successor)


def _split(work: _Work) -> None:
    [source] = work.request.sources
    results = [(one, _come_out(work, one)) for one in work.request.results]
    if not any(result.keeps for result, _ in results):
        _end(work, source)
    for _, place in results:
        if place.pk != source.pk:
            _succeed(work, source, place)


ACTS = {
    PlaceChangeKind.RENAME: _rename,
    PlaceChangeKind.RECODE: _rename,
    PlaceChangeKind.MERGE: _merge,
    PlaceChangeKind.SPLIT: _split,
    PlaceChangeKind.MOVE: _move,
}


def _come_out(work: _Work, result: Result) -> Place:
    """One of the old places under its new name, or a new place beside them."""
    if result.keeps is not None:
        place = work.remember(result.keeps)
        _give(work, place, result)
        return place
    if result.code:
        _free_code(work, result)
    parent = _parent_of(work.request)
    base = parent.path if parent else ""
    place = Place(
        path=next_path(base, [*work.touched.values(), *work.created]),
        level=work.request.sources[0].level,
        parent=parent,
        name=result.name.strip(),
        short_name=short_name(work.request, result.name),
        village_kind=kind_of_code(result.code) or work.request.sources[0].village_kind,
        code=result.code,
        code_edition=result.edition if result.code else "",
        since=work.request.effective_on,
        is_demo=work.request.sources[0].is_demo,
    )
    place.save(force_insert=True)
    work.created.append(place)
    return place


def _give(work: _Work, place: Place, result: Result) -> None:
    """The new name and, where there is one, the new code."""
    if result.name.strip() != place.name:
        place.name = result.name.strip()
        place.short_name = short_name(work.request, place.name)
    if result.code:
        _free_code(work, result)
        place.code, place.code_edition = result.code, result.edition


def _free_code(work: _Work, result: Result) -> None:
    """A code that one of the old places had may be the new one's; history keeps who had it."""
    for source in work.request.sources:
        if (source.code, source.code_edition) == (result.code, result.edition):
            held = work.remember(source)
            held.code = held.code_edition = ""
            held.save(update_fields=["code", "code_edition"])


def _end(work: _Work, source: Place) -> None:
    place = work.remember(source)
    place.ended_on = work.request.effective_on
    place.code = place.code_edition = ""


def _carry(work: _Work, place: Place, path: str) -> None:
    """Put a place elsewhere, with everything that lies under it."""
    old = place.path
    for below in Place.objects.filter(path__gt=old, path__lt=path_end(old)).select_for_update():
        moved = work.remember(below)
        moved.path = path + moved.path[len(old) :]
    place.path = path


def _succeed(work: _Work, source: Place, successor: Place) -> None:
    PlaceSuccession.objects.create(change=work.change, predecessor=source, successor=successor)


def _lead_roles(work: _Work, source: Place, successor: Place) -> None:
    """Who acted for the village acts for its successor; what has ended already stays."""
    today = clock.today()
    open_ = Q(until__isnull=True) | Q(until__gt=today)
    for assignment in RoleAssignment.objects.select_for_update().filter(open_, place=source):
        work.roles[str(assignment.pk)] = str(source.pk)
        assignment.place = successor
        assignment.save(update_fields=["place"])


# --- traces ---------------------------------------------------------------------------------------


def _columns() -> list[str]:
    return [name.removesuffix("_id") for name in KEPT_FIELDS]


def _image(place: Place) -> dict[str, Any]:
    return {name: _plain(getattr(place, name)) for name in KEPT_FIELDS}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str) else str(value)


def _unplain(name: str, value: str | None) -> Any:
    if value is None:
        return None
    if name == "parent_id":
        return UUID(value)
    return date.fromisoformat(value) if name == "ended_on" else value


def _differences(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    return {name: [before[name], after[name]] for name in before if before[name] != after[name]}


def _keep_editions(work: _Work) -> None:
    for pk, before in work.before.items():
        if set(_differences(before, _image(work.touched[pk]))) - {"path"}:
            PlaceEdition.objects.create(
                place_id=pk,
                change=work.change,
                until=work.request.effective_on,
                **{name: before[name] for name in KEPT_FIELDS if name != "ended_on"},
            )


def _seal(work: _Work, actor: Actor) -> None:
    change = work.change
    change.before = {str(pk): before for pk, before in work.before.items()}
    change.after = {str(pk): _image(place) for pk, place in work.touched.items()}
    change.created = [str(place.pk) for place in work.created]
    change.moved_roles = work.roles
    change.save(update_fields=["before", "after", "created", "moved_roles"])
    paper = f"{change.text}（{change.document_number}）"
    traces = [
        Trace("directory.place.created", place, _first(place), paper) for place in work.created
    ]
    for pk, before in work.before.items():
        place = work.touched[pk]
        code = "directory.place.ended" if place.ended_on else "directory.place.changed"
        traces.append(Trace(code, place, _differences(before, _image(place)), paper))
    for assignment in RoleAssignment.objects.filter(pk__in=list(work.roles)).select_related(
        "user", "place"
    ):
        old = work.touched[UUID(work.roles[str(assignment.pk)])]
        traces.append(
            Trace(
                "directory.account.role_led_on",
                assignment,
                {"place": [str(old), str(assignment.place)]},
                paper,
            )
        )
    record_many(traces, actor=actor)
    record(
        "directory.place_change.made",
        actor=actor,
        subject=change,
        changes={
            "kind": [None, change.kind],
            "effective_on": [None, change.effective_on],
            "document_number": [None, change.document_number],
        },
        reason=change.reason,
    )


def _first(place: Place) -> dict[str, list[Any]]:
    names = ("name", "code", "code_edition", "since")
    return {name: [None, getattr(place, name)] for name in names if getattr(place, name)}


# --- taking back ----------------------------------------------------------------------------------


@transaction.atomic
def undo_change(change: PlaceChange, *, actor: Actor, reason: str) -> PlaceChange:
    """Put everything back as it was, while nothing depends on the change."""
    change = PlaceChange.objects.select_for_update().get(pk=change.pk)
    require_role(actor, MAY_MANAGE, "撤销区划变更")
    places = {
        str(place.pk): place
        for place in Place.objects.select_for_update().filter(pk__in=list(change.before))
    }
    outside = [one for place in places.values() for one in refuse_outside(actor, place.path)]
    if refusals := [*outside[:1], *_refuse_undo(change, places)]:
        raise Refused(refusals)
    roles = RoleAssignment.objects.select_for_update().filter(pk__in=list(change.moved_roles))
    for assignment in roles:
        assignment.place_id = UUID(change.moved_roles[str(assignment.pk)])
        assignment.save(update_fields=["place"])
    after = {key: _image(place) for key, place in places.items()}
    change.successions.all().delete()
    change.editions.all().delete()
    Place.objects.filter(pk__in=change.created).delete()
    _put_back(change, places)
    change.undone_at, change.undone_by_name = clock.now(), actor.name
    change.save(update_fields=["undone_at", "undone_by_name"])
    record_many(
        [
            Trace(
                "directory.place.restored",
                place,
                _differences(after[key], change.before[key]),
                f"撤销：{change.text}",
            )
            for key, place in places.items()
        ],
        actor=actor,
    )
    record("directory.place_change.undone", actor=actor, subject=change, reason=reason)
    return change


def _put_back(change: PlaceChange, places: dict[str, Place]) -> None:
    """Codes first go away everywhere: one may be on its way back from another place."""
    Place.objects.filter(pk__in=list(places)).update(code="", code_edition="")
    for key, place in places.items():
        for name, value in change.before[key].items():
            setattr(place, name, _unplain(name, value))
        place.save(update_fields=[*_columns(), *derived_names(Place)])


def refusals_to_undo(change: PlaceChange) -> tuple[Any, ...]:
    """For the page: why it cannot be taken back now."""
    found = Place.objects.filter(pk__in=list(change.before))
    return _refuse_undo(change, {str(place.pk): place for place in found})


def _refuse_undo(change: PlaceChange, places: dict[str, Place]) -> tuple[Any, ...]:
    if change.undone_at is not None:
        return place_rules.refuse_to_undo_change(undone=True, later=(), used=(), altered=())
    made = list(Place.objects.filter(pk__in=change.created))
    later = _later_changes(change, [*places, *change.created])
    altered = [one.short_name for key, one in places.items() if _image(one) != change.after[key]]
    return place_rules.refuse_to_undo_change(
        undone=False,
        later=[one.text for one in later],
        used=dependents(made, besides=(*OWN_TABLES, RoleAssignment)) + _new_roles(change, made),
        altered=[] if later else altered,
    )


def _later_changes(change: PlaceChange, keys: Sequence[str]) -> list[PlaceChange]:
    """Changes since then of the same places; what was taken back counts no more."""
    later, wanted = PlaceChange.objects.filter(undone_at__isnull=True, pk__gt=change.pk), set(keys)
    return [one for one in later if wanted & {*one.before, *one.created}]


def _new_roles(change: PlaceChange, made: Sequence[Place]) -> list[str]:
    held = RoleAssignment.objects.filter(place__in=made).exclude(pk__in=list(change.moved_roles))
    return [f"身份授权 {count} 项"] if (count := held.count()) else []


def dependents(
    places: Sequence[Place], *, besides: Sequence[type[models.Model]] = OWN_TABLES
) -> list[str]:
    """What points to these places, counted in words: 村干部任职 5 条."""
    found: dict[str, int] = {}
    for relation in Place._meta.related_objects:
        model, column = relation.related_model, relation.field.name
        if model in besides or isinstance(model, str):
            continue
        if count := model._base_manager.filter(**{f"{column}__in": places}).count():
            label = str(model._meta.verbose_name)
            found[label] = found.get(label, 0) + count
    return [f"{label} {count} 条" for label, count in sorted(found.items())]
