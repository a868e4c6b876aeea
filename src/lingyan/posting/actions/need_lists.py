"""Which acts make, change and issue the need list of a village?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from lingyan.common import clock
from lingyan.common.refusals import Refusal, Refused
from lingyan.directory.actions.checking import raise_all, refuse_outside, row_number
from lingyan.directory.models import Place
from lingyan.directory.rules import PlaceLevel
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.creation import create_recorded
from lingyan.platform.audit.record import Trace, record, record_many
from lingyan.posting import facts, rules
from lingyan.posting.actions.together import act_on_all
from lingyan.posting.facts_of_neighbours import villages_bound
from lingyan.posting.models import HealthCheck, NeedItem, NeedList
from lingyan.posting.rules import assessments

HEAD_FIELDS = (
    "village_types", "priority_class", "first_secretary_seats", "first_secretary_lower",
    "member_seats", "member_lower", "language", "rank_wanted", "remark",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NeedItemRow:
    """One need: how grave, which capabilities help, how heavily, at which level."""

    domain: str
    severity: int
    capabilities: tuple[str, ...]
    item: str = ""
    weight: int = 1
    level: int | None = None
    text: str = ""
    deadline_on: date | None = None


@dataclass(frozen=True, slots=True)
class NeedListRow:
    """What a need list says of its village. Without a class, the types decide it."""

    village: Place
    village_types: tuple[str, ...] = ()
    priority_class: int | None = None
    first_secretary_seats: int = 1
    first_secretary_lower: int = 0
    member_seats: int = 0
    member_lower: int = 0
    language: str = ""
    rank_wanted: str = ""
    remark: str = ""
    items: tuple[NeedItemRow, ...] = field(default=())

    def head(self) -> dict[str, Any]:
        return {
            "village_types": list(self.village_types),
            "priority_class": self.priority_class or rules.village_class(self.village_types),
            "first_secretary_seats": self.first_secretary_seats,
            "first_secretary_lower": self.first_secretary_lower,
            "member_seats": self.member_seats,
            "member_lower": self.member_lower,
            "language": self.language,
            "rank_wanted": self.rank_wanted,
            "remark": self.remark,
        }


@transaction.atomic
def create_need_lists(rows: Sequence[NeedListRow], *, actor: Actor) -> list[NeedList]:
    """Enter confirmed need lists without a health check, as an import brings them."""
    taken = _villages_with_confirmed(row.village for row in rows)
    found = []
    for position, row in enumerate(rows):
        refusals = [
            *_refuse_row(row, actor),
            *refuse_outside(actor, row.village.path),
        ]
        if row.village.pk in taken:
            refusals.append(Refusal("posting.need_list_exists", "该村已有待下达的需求清单"))
        taken.add(row.village.pk)
        found.append((row_number(position, rows), str(row.village), refusals))
    raise_all(found)
    lists = [NeedList(village=row.village, created_at=clock.now(), **row.head()) for row in rows]
    create_recorded(
        lists, action="posting.need_list.created", actor=actor, fields=("state", *HEAD_FIELDS)
    )
    _create_items(zip(lists, [row.items for row in rows], strict=True))
    return lists


def _villages_with_confirmed(villages: Iterable[Place]) -> set[Any]:
    # Locked, so that two imports at once do not both find the place free.
    ids = [village.pk for village in villages]
    list(Place.objects.select_for_update().filter(pk__in=ids).order_by("path"))
    confirmed = NeedList.objects.filter(village_id__in=ids, state=NeedList.State.CONFIRMED)
    return set(confirmed.values_list("village_id", flat=True))


def _refuse_row(row: NeedListRow, actor: Actor) -> list[Refusal]:
    refusals = [
        *assessments.refuse_need_list_act(state="confirmed", act="change", role=actor.role),
        *assessments.refuse_seats(
            first_secretary=row.first_secretary_seats,
            members=row.member_seats,
            first_secretary_lower=row.first_secretary_lower,
            members_lower=row.member_lower,
        ),
        *assessments.refuse_remark(row.remark),
    ]
    if row.village.level != PlaceLevel.VILLAGE:
        refusals.append(Refusal("posting.not_a_village", "需求清单只对村和社区"))
    return refusals


def _create_items(lists: Iterable[tuple[NeedList, Sequence[NeedItemRow]]]) -> None:
    NeedItem.objects.bulk_create(
        NeedItem(
            need_list=need_list,
            domain=row.domain,
            item=row.item,
            severity=row.severity,
            capabilities=list(row.capabilities),
            weight=row.weight,
            level=row.level,
            text=row.text,
            deadline_on=row.deadline_on,
        )
        for need_list, rows in lists
        for row in rows
    )


def draft_need_list(check: HealthCheck, *, actor: Actor) -> NeedList:
    """The need list that follows from a confirmed check; part of the act that confirms it.

    An earlier one that was never issued gives way.
    """
    waiting = NeedList.objects.select_for_update().filter(
        village=check.village, state=NeedList.State.CONFIRMED
    )
    for need_list in waiting:
        _supersede(need_list, actor)
    row = NeedListRow(
        village=check.village,
        village_types=tuple(check.village_types),
        first_secretary_seats=check.first_secretary_seats,
        member_seats=check.member_seats,
        remark=check.profile_remark,
    )
    need_list = NeedList.objects.create(
        village=check.village, health_check=check, created_at=clock.now(), **row.head()
    )
    scored = {one.item: one for one in check.items.all()}
    needs = assessments.needs_of_check(
        {item: one.score for item, one in scored.items()},
        {item: one.text for item, one in scored.items()},
    )
    items = [
        NeedItemRow(
            need.domain.value, need.severity, need.capabilities, need.item.value, text=need.text
        )
        for need in needs
    ]
    _create_items([(need_list, items)])
    record(
        "posting.need_list.drafted",
        actor=actor,
        subject=need_list,
        changes={"state": [None, need_list.state], "items": [0, len(items)]},
    )
    return need_list


@transaction.atomic
def change_need_list(need_list: NeedList, *, actor: Actor, row: NeedListRow) -> NeedList:
    """Change head and needs before the list is issued."""
    need_list = _locked(need_list)
    refusals = [
        *assessments.refuse_need_list_act(state=need_list.state, act="change", role=actor.role),
        *_refuse_row(row, actor),
    ]
    if refusals:
        raise Refused(dict.fromkeys(refusals))
    changes: dict[str, Any] = {}
    for name, value in row.head().items():
        if getattr(need_list, name) != value:
            changes[name] = [getattr(need_list, name), value]
            setattr(need_list, name, value)
    if changes:
        need_list.save(update_fields=list(changes))
    changes.update(_replace_items(need_list, row.items))
    if changes:
        record("posting.need_list.changed", actor=actor, subject=need_list, changes=changes)
    return need_list


def _replace_items(need_list: NeedList, rows: Sequence[NeedItemRow]) -> Mapping[str, Any]:
    before = [_as_row(item) for item in need_list.items.all()]
    if before == list(rows):
        return {}
    need_list.items.all().delete()
    _create_items([(need_list, rows)])
    return {"items": [[_in_words(row) for row in before], [_in_words(row) for row in rows]]}


def row_of(need_list: NeedList) -> NeedListRow:
    """What a list says, as somebody would enter it."""
    head = {name: getattr(need_list, name) for name in HEAD_FIELDS}
    head["village_types"] = tuple(need_list.village_types)
    items = tuple(_as_row(item) for item in need_list.items.all())
    return NeedListRow(village=need_list.village, **head, items=items)


def _as_row(item: NeedItem) -> NeedItemRow:
    return NeedItemRow(
        item.domain, item.severity, tuple(item.capabilities), item.item,
        item.weight, item.level, item.text, item.deadline_on,
    )  # fmt: skip


def _in_words(row: NeedItemRow) -> str:
    capabilities = "、".join(rules.Capability(code).label for code in row.capabilities)
    subject = rules.CheckItem(row.item).label if row.item else rules.NeedDomain(row.domain).label
    return f"{subject} {row.severity}：{capabilities}"


@transaction.atomic
def issue_need_list(need_list: NeedList, *, actor: Actor) -> NeedList:
    """Put the list in force (R-2-09); last year's list and check give way."""
    need_list = _locked(need_list)
    refusals = [
        *assessments.refuse_need_list_act(state=need_list.state, act="issue", role=actor.role),
        *rules.refuse_to_issue_need_list(_facts(need_list)),
    ]
    if refusals:
        raise Refused(refusals)
    in_force = NeedList.objects.select_for_update().filter(
        village=need_list.village, state=NeedList.State.ISSUED
    )
    for older in in_force:
        _supersede(older, actor)
    before, need_list.state = need_list.state, NeedList.State.ISSUED
    need_list.issued_on = clock.today()
    need_list.save(update_fields=["state", "issued_on"])
    record(
        "posting.need_list.issued",
        actor=actor,
        subject=need_list,
        changes={"state": [before, need_list.state], "issued_on": [None, need_list.issued_on]},
    )
    _move_checks(need_list, actor)
    return need_list


@transaction.atomic
def issue_need_lists(need_lists: Sequence[NeedList], *, actor: Actor) -> int:
    """Issue several, all or nothing, with every refusal of every village at once."""
    return act_on_all(need_lists, lambda one: issue_need_list(one, actor=actor))


def _facts(need_list: NeedList) -> rules.HealthCheckFacts:
    items = list(need_list.items.all())
    return rules.HealthCheckFacts(
        scores={item.item or f"need {item.pk}": item.severity for item in items},
        first_secretaries=need_list.first_secretary_seats,
        members=need_list.member_seats,
        profile_capabilities=len({code for item in items for code in item.capabilities}),
        weak_without_secretary=_is_weak(need_list)
        and facts.first_secretary_in_post(need_list.village_id) is None,
    )


def _is_weak(need_list: NeedList) -> bool:
    """As the county has confirmed, or under rectification by now."""
    listed = rules.VillageType.LISTED_WEAK in need_list.village_types
    return listed or bool(villages_bound([need_list.village_id]))


def _supersede(need_list: NeedList, actor: Actor) -> None:
    before, need_list.state = need_list.state, NeedList.State.SUPERSEDED
    need_list.save(update_fields=["state"])
    record(
        "posting.need_list.superseded",
        actor=actor,
        subject=need_list,
        changes={"state": [before, need_list.state]},
    )


def _move_checks(need_list: NeedList, actor: Actor) -> None:
    """The check behind the list is issued with it; earlier checks of the village are superseded."""
    states = rules.HealthCheckState
    checks = HealthCheck.objects.select_for_update(of=("self",)).select_related("village")
    moved = []
    behind = need_list.health_check
    if behind is not None:
        moved.append((checks.get(pk=behind.pk), states.NEED_LIST_ISSUED))
    older = checks.filter(village=need_list.village, state=states.NEED_LIST_ISSUED)
    moved += [(check, states.SUPERSEDED) for check in older if check != behind]
    traces = []
    for check, after in moved:
        before, check.state = check.state, after.value
        check.save(update_fields=["state"])
        event = "issued" if after == states.NEED_LIST_ISSUED else "superseded"
        traces.append(
            Trace(f"posting.health_check.{event}", check, {"state": [before, check.state]})
        )
    if traces:
        record_many(traces, actor=actor)


def _locked(need_list: NeedList) -> NeedList:
    return (
        NeedList.objects.select_for_update(of=("self",))
        .select_related("village")
        .get(pk=need_list.pk)
    )
