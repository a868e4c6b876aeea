"""What does the sheet of needs say, and how does it become need lists of villages?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from lingyan.common.pages import Flaw
from lingyan.common.sheet import ParsedRow
from lingyan.directory.imports.naming import Names, RowReader
from lingyan.directory.models import Place
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.exchange.comparing import outcome_of, wrong
from lingyan.platform.exchange.images import image_of
from lingyan.platform.exchange.registry import (
    ExchangeKind,
    FieldChange,
    Incoming,
    RowOutcome,
    Written,
)
from lingyan.platform.exchange.rules import Verdict
from lingyan.posting import rules
from lingyan.posting.actions.need_lists import (
    NeedItemRow,
    NeedListRow,
    change_need_list,
    create_need_lists,
)
from lingyan.posting.models import NeedItem, NeedList
from lingyan.posting.queries.needs import list_need_lists_with_items
from lingyan.posting.rules import assessments
from lingyan.posting.sheets import NEED_ITEMS, NEEDS

KEPT = frozenset(
    {
        "village", "town", "code", "types", "klass", "first_secretaries", "members",
        "first_secretary_required", "members_min", "capabilities", "severity", "level",
        "ranks", "languages_asked",
    }
)  # fmt: skip
NOT_KEPT = frozenset(column.name for column in NEEDS.columns) - KEPT
ITEM_CELLS = ("capabilities", "severity", "level")
SEVERITY_DEFAULT = 4
DOMAIN_OF_CAPABILITY: Mapping[str, rules.NeedDomain] = {
    rules.Capability.PARTY_WORK: rules.NeedDomain.TEAM,
    rules.Capability.GRASSROOTS_LEAD: rules.NeedDomain.TEAM,
    rules.Capability.SOCIAL_GOV: rules.NeedDomain.GOVERNANCE,
    rules.Capability.LAW: rules.NeedDomain.GOVERNANCE,
    rules.Capability.MASS_WORK: rules.NeedDomain.GOVERNANCE,
}
SEVERAL_ITEMS = Flaw(
    "该村的需求清单有多项需求，不能用一行表格改",
    "请在需求清单页面上修改各项需求，或把这几格空着",
    "the village's list has several needs",
    "change them on the page of the list, or leave these cells empty",
)
NO_MAIN_ROW = Flaw(
    "“需求清单”工作表里没有这个村",
    "请在“需求清单”工作表里加上这个村",
    "the main worksheet does not name this village",
    "add it to the main worksheet",
)
VILLAGE_TWICE = Flaw(
    "与另一行是同一个村", "请删去一行", "another row is the same village", "delete a row"
)
TOO_LONG = Flaw("超过 40 个字", "请缩短", "longer than 40 characters", "shorten it")


@dataclass(frozen=True, slots=True)
class _Plan:
    """The list as it would be; `waiting` is the one that may still be changed."""

    row: NeedListRow
    waiting: NeedList | None


def _lists_in_force(actor: Actor) -> dict[UUID, NeedList]:
    """For each village the list that waits to be issued, else the one that has been."""
    lists = list_need_lists_with_items(actor.scope).exclude(state=NeedList.State.SUPERSEDED)
    found: dict[UUID, NeedList] = {}
    for one in lists.order_by("village__path", "created_at"):
        if one.village_id not in found or one.state == NeedList.State.CONFIRMED:
            found[one.village_id] = one
    return found


def match_needs(incoming: Incoming, *, actor: Actor) -> list[RowOutcome]:
    names, lists = Names(actor), _lists_in_force(actor)
    seen: set[UUID] = set()
    beside, outcomes = _items_beside(incoming.beside.get(NEED_ITEMS.kind, ()), names)
    readers = [RowReader(row, NEEDS, names) for row in incoming.rows]
    outcomes += [_match(reader, lists, seen, beside, actor) for reader in readers]
    left = [reader for key, (reader, _) in beside.items() if key not in seen]
    return outcomes + [_without_row(reader) for reader in left]


def _items_beside(
    rows: Sequence[ParsedRow], names: Names
) -> tuple[dict[UUID, tuple[RowReader, list[NeedItemRow]]], list[RowOutcome]]:
    """The needs of the second worksheet by village; rows of unknown villages are wrong."""
    found: dict[UUID, tuple[RowReader, list[NeedItemRow]]] = {}
    outcomes = []
    for row in rows:
        reader = RowReader(row, NEED_ITEMS, names)
        village = reader.village()
        if village is None:
            outcomes.append(_wrong_beside(reader))
        else:
            found.setdefault(village.pk, (reader, []))[1].append(_item_of(row.values))
    return found, outcomes


def _item_of(values: Mapping[str, Any]) -> NeedItemRow:
    item = values["item"] or ""
    capabilities = tuple(values["capabilities"])
    domain = rules.CheckItem(item).domain if item else _domain(capabilities[0])
    return NeedItemRow(
        domain.value, values["severity"], capabilities, item,
        values["weight"] or 1, values["level"], values["text"] or "",
    )  # fmt: skip


def _without_row(reader: RowReader) -> RowOutcome:
    reader.fault("village", NO_MAIN_ROW)
    return _wrong_beside(reader)


def _wrong_beside(reader: RowReader) -> RowOutcome:
    placed = [
        replace(fault, sheet=NEED_ITEMS.title, number=reader.row.number) for fault in reader.faults
    ]
    return wrong(reader.row, reader.text("village"), placed)


def _match(
    reader: RowReader,
    lists: Mapping[UUID, NeedList],
    seen: set[UUID],
    beside: Mapping[UUID, tuple[RowReader, list[NeedItemRow]]],
    actor: Actor,
) -> RowOutcome:
    village = reader.village()
    if village is None:
        return wrong(reader.row, reader.text("village"), reader.faults)
    if village.pk in seen:
        reader.fault("village", VILLAGE_TWICE)
    seen.add(village.pk)
    stored = lists.get(village.pk)
    items = tuple(beside[village.pk][1]) if village.pk in beside else ()
    given = _given(reader, village, stored, items)
    row = _list_row(reader, village, stored, given, actor)
    if items:
        row = _with_items(row, items, given)
    label = f"{village.parent}{village}" if village.parent else str(village)
    if reader.faults:
        return wrong(reader.row, label, reader.faults)
    waiting = stored if stored and stored.state == NeedList.State.CONFIRMED else None
    outcome = outcome_of(
        reader.row,
        NEEDS,
        label=label,
        stored=_row_of(stored) if stored else None,
        given=given,
        subject=stored,
        plan=_Plan(row, waiting),
        leave=NOT_KEPT | (set(ITEM_CELLS) if items else set()),
    )
    return _with_item_change(outcome, stored, row) if items else outcome


def _with_items(
    row: NeedListRow, items: Sequence[NeedItemRow], given: Mapping[str, Any]
) -> NeedListRow:
    """The needs of the second worksheet, and the one of the row itself if it names one."""
    own = row.items if given["capabilities"] else ()
    return replace(row, items=(*own, *items))


def _with_item_change(outcome: RowOutcome, stored: NeedList | None, row: NeedListRow) -> RowOutcome:
    """Say in words how the needs differ; needs that are the same are left as they are."""
    before = [_as_row(item) for item in stored.items.all()] if stored else []
    if sorted(map(_essence, before)) == sorted(map(_essence, row.items)):
        plan = replace(outcome.plan, row=replace(row, items=tuple(before)))
        return replace(outcome, plan=plan)
    change = FieldChange(
        NEED_ITEMS.title, "；".join(map(_in_words, before)), "；".join(map(_in_words, row.items))
    )
    verdict = Verdict.CHANGED if stored else Verdict.NEW
    return replace(outcome, verdict=verdict, changes=(*outcome.changes, change))


def _essence(row: NeedItemRow) -> tuple[Any, ...]:
    capabilities = tuple(sorted(row.capabilities))
    return (row.item, capabilities, row.severity, row.weight, row.level or 0, row.text)


def _in_words(row: NeedItemRow) -> str:
    capabilities = "、".join(rules.Capability(code).label for code in row.capabilities)
    subject = rules.CheckItem(row.item).label if row.item else rules.NeedDomain(row.domain).label
    return f"{subject} {row.severity}：{capabilities}"


def _given(
    reader: RowReader, village: Place, stored: NeedList | None, items: Sequence[NeedItemRow]
) -> dict[str, Any]:
    """The row as it would be stored: names in full, defaults where nothing is stored yet."""
    given = reader.row.values.copy()
    given |= {
        "village": village.short_name,
        "town": village.parent.short_name if village.parent else None,
        "code": village.code or None,
    }
    if given["capabilities"] and given["severity"] is None:
        one = _single(stored)
        given["severity"] = one.severity if one else SEVERITY_DEFAULT
    if stored is None and not given["capabilities"] and not items:
        # A list without a need cannot be issued; the village's type says what is needed most.
        mains = [rules.MAIN_OF_TYPE.get(rules.VillageType(one)) for one in given["types"] or ()]
        given["capabilities"] = tuple(dict.fromkeys(one.value for one in mains if one)) or None
        given["severity"] = (given["severity"] or SEVERITY_DEFAULT) if any(mains) else None
    return given


def _single(stored: NeedList | None) -> NeedItem | None:
    """The need that a row of the main worksheet can say in full, if there is no other."""
    items = list(stored.items.all()) if stored else []
    is_plain = len(items) == 1 and not (items[0].item or items[0].text) and items[0].weight == 1
    return items[0] if is_plain else None


def _list_row(
    reader: RowReader,
    village: Place,
    stored: NeedList | None,
    given: Mapping[str, Any],
    actor: Actor,
) -> NeedListRow:
    def cell(name: str, kept: Any) -> Any:
        return kept if given[name] is None else given[name]

    old = stored or NeedList(first_secretary_seats=1)
    must = given["first_secretary_required"]
    types = tuple(cell("types", old.village_types))
    row = NeedListRow(
        village=village,
        village_types=types,
        priority_class=cell("klass", None if given["types"] else stored and old.priority_class),
        first_secretary_seats=cell("first_secretaries", old.first_secretary_seats),
        first_secretary_lower=old.first_secretary_lower if must is None else int(must),
        member_seats=cell("members", old.member_seats),
        member_lower=cell("members_min", old.member_lower),
        language=_joined(reader, "languages_asked", old.language),
        rank_wanted=_joined(reader, "ranks", old.rank_wanted),
        remark=old.remark,
        items=_items(reader, stored, given),
    )
    reader.refuse(
        "first_secretaries",
        assessments.refuse_seats(
            first_secretary=row.first_secretary_seats,
            members=row.member_seats,
            first_secretary_lower=row.first_secretary_lower,
            members_lower=row.member_lower,
        ),
    )
    reader.refuse(
        "village",
        assessments.refuse_need_list_act(state="confirmed", act="change", role=actor.role),
    )
    return row


def _joined(reader: RowReader, column: str, kept: str) -> str:
    names = reader.row.values[column]
    text = "、".join(names) if names else kept
    if len(text) > 40:
        reader.fault(column, TOO_LONG, text)
    return text


def _items(
    reader: RowReader, stored: NeedList | None, given: Mapping[str, Any]
) -> tuple[NeedItemRow, ...]:
    items = tuple(_as_row(item) for item in stored.items.all()) if stored else ()
    if all(reader.row.values[name] is None for name in ITEM_CELLS) and items:
        return items
    if len(items) > 1:
        reader.fault("capabilities", SEVERAL_ITEMS)
        return items
    capabilities = given["capabilities"] or (items[0].capabilities if items else ())
    if not capabilities:
        return ()
    old = items[0] if items else None
    return (
        NeedItemRow(
            domain=old.domain if old else _domain(capabilities[0]).value,
            severity=_first(given["severity"], old and old.severity, SEVERITY_DEFAULT),
            capabilities=tuple(capabilities),
            item=old.item if old else "",
            weight=old.weight if old else 1,
            level=_first(given["level"], old and old.level, None),
            text=old.text if old else "",
            deadline_on=old.deadline_on if old else None,
        ),
    )


def _first(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)


def _domain(capability: str) -> rules.NeedDomain:
    return DOMAIN_OF_CAPABILITY.get(capability, rules.NeedDomain.INDUSTRY)


def _as_row(item: NeedItem) -> NeedItemRow:
    return NeedItemRow(
        item.domain, item.severity, tuple(item.capabilities), item.item,
        item.weight, item.level, item.text, item.deadline_on,
    )  # fmt: skip


def apply_needs(outcomes: Sequence[RowOutcome], *, actor: Actor, option: str) -> list[Written]:
    """A list that waits is changed; beside one in force a new one is put, to be issued."""
    fresh = [one for one in outcomes if one.is_written and one.plan.waiting is None]
    rows = [one.plan.row for one in fresh]
    created = create_need_lists(rows, actor=actor) if rows else []
    written = []
    for one, need_list in zip(fresh, created, strict=True):
        written.append(Written(one.number, need_list, None))
        written += [Written(one.number, item, None) for item in need_list.items.all()]
    for one in outcomes:
        if one.verdict is Verdict.CHANGED and one.plan.waiting is not None:
            written += _change(one, actor)
    return written


def _change(outcome: RowOutcome, actor: Actor) -> list[Written]:
    """Items that are replaced count as taken away and new ones as created."""
    before = outcome.plan.waiting
    images = {item.pk: (item, image_of(item)) for item in before.items.all()}
    head = image_of(before)
    after = change_need_list(before, actor=actor, row=outcome.plan.row)
    now = {item.pk: item for item in NeedItem.objects.filter(need_list=after)}
    written = [Written(outcome.number, after, head)]
    written += [
        Written(outcome.number, item, image)
        for key, (item, image) in images.items()
        if key not in now
    ]
    return written + [
        Written(outcome.number, item, None) for key, item in now.items() if key not in images
    ]


def _row_of(one: NeedList) -> dict[str, Any]:
    item = _single(one)
    village = one.village
    return {
        "village": village.short_name,
        "town": village.parent.short_name if village.parent else None,
        "code": village.code or None,
        "types": tuple(one.village_types) or None,
        "klass": one.priority_class,
        "first_secretaries": one.first_secretary_seats,
        "members": one.member_seats,
        "first_secretary_required": bool(one.first_secretary_lower),
        "members_min": one.member_lower,
        "capabilities": tuple(item.capabilities) if item else None,
        "severity": item.severity if item else None,
        "level": item.level if item else None,
        "languages_asked": tuple(one.language.split("、")) if one.language else None,
        "ranks": tuple(one.rank_wanted.split("、")) if one.rank_wanted else None,
    }


def export_items(*, actor: Actor, option: str) -> Iterator[Mapping[str, Any]]:
    """The needs that do not fit into a row of the main worksheet."""
    for one in _lists_in_force(actor).values():
        if _single(one):
            continue
        village = one.village
        for item in one.items.all():
            yield {
                "village": village.short_name,
                "town": village.parent.short_name if village.parent else None,
                "item": item.item or None,
                "severity": item.severity,
                "capabilities": tuple(item.capabilities),
                "weight": item.weight,
                "level": item.level,
                "text": item.text or None,
            }


def export_needs(*, actor: Actor, option: str) -> Iterator[Mapping[str, Any]]:
    for one in _lists_in_force(actor).values():
        yield _row_of(one)


KIND = ExchangeKind(
    code="needs",
    sheet=NEEDS,
    about="村的需求清单：村类型、名额、需要的能力；导入后为已确认，待下达",
    import_roles=(Role.COUNTY_ORG_ADMIN, Role.COUNTY_ORG_STAFF),
    export_roles=(
        Role.COUNTY_ORG_ADMIN,
        Role.COUNTY_ORG_STAFF,
        Role.COUNTY_ORG_LEADER,
        Role.TOWN_ORG,
        Role.TOWN_SECRETARY,
    ),
    match=match_needs,
    apply=apply_needs,
    export_rows=export_needs,
    not_kept=NOT_KEPT,
    beside=(NEED_ITEMS,),
    export_beside={NEED_ITEMS.kind: export_items},
)
