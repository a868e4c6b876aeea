"""What does the sheet of candidates say, and how does it become people, pool and portraits?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import chain, islice
from typing import Any, cast

from django.db.models import Prefetch, QuerySet

from lingyan.common import clock
from lingyan.common.identity import Identity, mask_identity, read_identity
from lingyan.common.pages import Flaw
from lingyan.common.refusals import Refusal
from lingyan.common.sheet import Values
from lingyan.directory import queries as directory
from lingyan.directory import rules as register_rules
from lingyan.directory.actions.people import (
    OF_IDENTITY,
    SOMEBODY,
    PersonChange,
    PersonRow,
    change_people,
    create_people,
    draft_people,
    number_to_meet,
)
from lingyan.directory.imports.naming import Names, RowReader, several
from lingyan.directory.models import Person, Place, Unit
from lingyan.directory.roles import Role
from lingyan.directory.rules import PlaceLevel, plain_name
from lingyan.platform import cipher
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.creation import Draft
from lingyan.platform.audit.reading import note_listed
from lingyan.platform.exchange.comparing import outcome_of, wrong
from lingyan.platform.exchange.images import image_of, sealed
from lingyan.platform.exchange.registry import ExchangeKind, Incoming, RowOutcome, Written
from lingyan.platform.exchange.rules import Verdict
from lingyan.platform.inserting import make_compact
from lingyan.platform.wall import reach
from lingyan.posting import rules
from lingyan.posting.actions.pool import (
    Declaration,
    EvidenceRow,
    PoolRow,
    change_declarations,
    create_pool_entries,
    draft_pool_entries,
    record_evidence_rows,
)
from lingyan.posting.imports.levels import LEVEL_UNKNOWN, Proof, flaw_of_level, proofs_for, texts_of
from lingyan.posting.matching.gathering import SOURCE_OF_UNIT, is_posted, source_of
from lingyan.posting.models import PoolEntry
from lingyan.posting.rules import pool_entries, required
from lingyan.posting.sheets import PEOPLE

HOMES = ("native_place", "household_place", "grown_up_place")
RESULTS = ("result_1", "result_2", "result_3")
CAPABILITIES = tuple(capability.value for capability in rules.Capability)
STATED = frozenset({"evidence", *CAPABILITIES})
KEPT = frozenset(
    {
        "name", "number", "id_number", "unit", "gender", "birth_on", "political_status",
        "party_joined_on", "work_since", "pool_state", "category", "rank", "health", "discipline",
        "home_villages", "home_towns", "minutes_max", "languages", "residence",
        "grassroots_years", "evidence", *RESULTS, *CAPABILITIES,
        "full_member_since", "retires_on", "source", "in_post", "sanction_until", "recalled_on",
        "recall_village", "recall_ground", "last_posting_until", "relatives", "refusals",
        "refusal_reason", "contract_villages",
    }
)  # fmt: skip
NOT_KEPT = frozenset(column.name for column in PEOPLE.columns) - KEPT
# Compared elsewhere: the identity number by its blind index, evidence by the levels it gives.
LEFT = NOT_KEPT | {"id_number", "evidence"}
PRIVATE = frozenset(pool_entries.PRIVATE_FIELDS)
OUTSIDE = "县外"
# Cells that the pool entry keeps as they are written.
DECLARED_FIELDS = (
    "category", "health", "discipline", "full_member_since", "retires_on", "sanction_until",
    "recalled_on", "recall_ground", "last_posting_until", "refusal_reason",
)  # fmt: skip
PERSON_FIELDS = {
    "gender": "gender",
    "birth_on": "birth_on",
    "political_status": "political_status",
    "party_joined_on": "party_joined_on",
    "work_since": "work_started_on",
    "rank": "rank",
}
NUMBER_ELSEWHERE = Flaw(
    "这个编号已登记在您的管辖范围以外",
    "请核对编号",
    "the number belongs to somebody outside your scope",
    "check the number",
)
NAME_DIFFERS = Flaw(
    "这个编号登记的是另一个姓名",
    "请核对编号和姓名；改名请在人员页面办理",
    "this number belongs to another name",
    "check number and name",
)
PERSON_TWICE = Flaw(
    "与另一行是同一个人", "请删去一行", "another row is the same person", "delete a row"
)
NO_COUNTY = Flaw(
    "不知道此人在哪个县管理", "请填写单位", "the person's county is unknown", "fill in the unit"
)
STATE_BY_HAND = Flaw(
    "入库状态不能用表格改",
    "请在人才储备库页面上审核、入库或出库",
    "the state of the pool is not changed by a sheet",
    "use the page of the pool",
)
IN_POST_HERE = Flaw(
    "系统里此人有尚未结束的派驻",
    "请先在“派驻名册”办理交接或离任",
    "the person holds a posting that has not ended",
    "end the posting first",
)
TOO_MANY_HOMES = Flaw(
    "籍贯、户籍、成长地最多三处",
    "请删去多余的村或乡镇",
    "at most three places of origin",
    "delete some of them",
)
PRIVATE_NUMBER = Flaw(
    "人选编号不能用身份证号或手机号",
    "请改用单位自编的编号",
    "an identity or telephone number may not serve as a number",
    "use a number of your own",
)


@dataclass(slots=True)
class _Plan:
    """What is to be written of one row, names already looked up."""

    given: Values
    unit: Unit | None
    place: Place
    homes: tuple[Place, ...]
    residence: Place | None
    person: Person | None
    entry: PoolEntry | None
    proofs: tuple[Proof, ...]
    declared: Declaration
    redeclared: bool = False
    row: PersonRow | None = None
    new_person: Draft[Person] | None = None
    pool_row: PoolRow | None = None
    new_entry: Draft[PoolEntry] | None = None
    change: PersonChange | None = None
    person_before: bytes = b""
    entry_before: bytes = b""


PEOPLE_AT_ONCE = 2_000


class _Known:
    """The people in scope by everything that a row may call them by."""

    def __init__(self, actor: Actor, incoming: Incoming) -> None:
        self.actor = actor
        self.names = Names(actor)
        self.today = clock.today()
        self.by_number: dict[str, Person] = {}
        self.by_index: dict[str, Person] = {}
        self.by_name: dict[str, list[Person]] = defaultdict(list)
        self.used: set[Any] = set()
        said: dict[str, str] = {}
        for person in each_known(known_people(actor), PEOPLE_AT_ONCE):
            make_compact(person, said)
            if (entry := getattr(person, "pool_entry", None)) is not None:
                make_compact(entry, said)
            self.by_number[person.number] = person
            if person.id_number_index:
                self.by_index[person.id_number_index] = person
            self.by_name[plain_name(person.name)].append(person)
        self._numbers = {row.values["number"] for row in incoming.rows} - {None}
        self._indexes = {
            index
            for row in incoming.rows
            if row.values["id_number"]
            for index in cipher.blind_indexes(row.values["id_number"])
        }

    @cached_property
    def villages(self) -> Mapping[str, Place]:
        return villages_by_id(self.names)

    @cached_property
    def numbers_elsewhere(self) -> set[str]:
        with reach.everything():
            people = Person.objects.filter(number__in=self._numbers)
            taken = set(people.values_list("number", flat=True))
        return taken - self.by_number.keys()

    @cached_property
    def holders_elsewhere(self) -> dict[str, str]:
        """Somebody whom the sender may not see has no name here."""
        with reach.everything():
            held = Person.objects.filter(id_number_index__in=self._indexes)
            indexes = list(held.values_list("id_number_index", flat=True))
        return {str(index): SOMEBODY for index in indexes if index not in self.by_index}


def villages_by_id(names: Names) -> dict[str, Place]:
    return {str(one.pk): one for one in names.places if one.level == PlaceLevel.VILLAGE}


def known_people(actor: Actor) -> QuerySet[Person]:
    """Cadres in scope (not villagers who hold a post); what a row shows comes with `each_known`."""
    return (
        directory.list_people(actor.scope)
        .exclude(place__level=PlaceLevel.VILLAGE)
        .select_related(None)
        .select_related("pool_entry")
        .prefetch_related(
            Prefetch("capability_evidence", to_attr="own_evidence"),
            Prefetch("postings", to_attr="own_postings"),
        )
        .order_by("number")
    )


def each_known(people: QuerySet[Person], at_once: int) -> Iterator[Person]:
    """Thousands share a few hundred places and units: each is read once and handed to all."""
    rows, shared = people.iterator(chunk_size=at_once), _Shared()
    while chunk := list(islice(rows, at_once)):
        shared.hand_to(chunk)
        yield from chunk


PLACES_OF_PERSON = ("place", "residence_place", *HOMES)


class _Shared:
    """Places and units by their keys; a pointer to nothing leads to nothing."""

    def __init__(self) -> None:
        self.places: dict[Any, Any] = {None: None}
        self.units: dict[Any, Any] = {None: None}

    def hand_to(self, people: Sequence[Person]) -> None:
        entries = [entry for one in people if (entry := getattr(one, "pool_entry", None))]
        keys = {getattr(one, f"{name}_id") for one in people for name in PLACES_OF_PERSON}
        keys |= {entry.recall_village_id for entry in entries}
        places = Place._base_manager.select_related("parent")
        self.places |= places.in_bulk(keys - self.places.keys())
        self.units |= Unit._base_manager.in_bulk(
            {one.unit_id for one in people} - self.units.keys()
        )
        for one in people:
            held = one._state.fields_cache
            held["unit"] = self.units[one.unit_id]
            for name in PLACES_OF_PERSON:
                held[name] = self.places[getattr(one, f"{name}_id")]
        for entry in entries:
            village = self.places[entry.recall_village_id]
            entry._state.fields_cache["recall_village"] = village


def _fetched(person: Person, name: str) -> list[Any]:
    """What `known_people` has fetched beside the person."""
    found: list[Any] = getattr(person, name)
    return found


# --- matching -----------------------------------------------------------------------------------


def match_people(incoming: Incoming, *, actor: Actor) -> list[RowOutcome]:
    known = _Known(actor, incoming)
    outcomes = [_match(RowReader(row, PEOPLE, known.names), known) for row in incoming.rows]
    for person in known.by_number.values():
        part_from_entry(person)
    return outcomes


def part_from_entry(person: Person) -> None:
    """Person and entry hold each other: parted, thousands go from memory as soon as nobody asks."""
    person._state.fields_cache.pop("pool_entry", None)


def _match(reader: RowReader, known: _Known) -> RowOutcome:
    row, given = reader.row, reader.row.values.copy()
    unit = reader.unit()
    person = _identified(reader, known, unit)
    plan = _plan(reader, known, person, unit, given)
    label = f"{given['name']}（{unit.name}）" if unit else given["name"]
    if reader.faults or plan is None:
        return wrong(row, label, _masked(reader))
    stored = row_of(person, known.today, known.villages) if person else None
    outcome = outcome_of(
        row, PEOPLE, label=label, stored=stored, given=given, subject=person, plan=plan,
        leave=LEFT, private=PRIVATE, others=(plan.entry,) if plan.entry else (),
    )  # fmt: skip
    adds = person is not None and (_adds_identity(person, given) or plan.entry is None)
    return replace(outcome, verdict=Verdict.CHANGED) if adds else outcome


def _masked(reader: RowReader) -> list[Any]:
    secret = next(one.heading for one in PEOPLE.columns if one.name == "id_number")
    return [
        replace(fault, value=mask_identity(fault.value)) if fault.heading == secret else fault
        for fault in reader.faults
    ]


def _identified(reader: RowReader, known: _Known, unit: Unit | None) -> Person | None:
    """By number, else by identity number, else by name and unit; nobody means a new person.

    Where the unit that is written is not known, somebody of the same name may be a stranger.
    """
    values = reader.row.values
    person = _by_number(reader, known) or _by_identity(reader, known)
    unit_unknown = bool(values["unit"]) and unit is None
    if person is None and not values["number"] and not unit_unknown:
        alike = [
            one
            for one in known.by_name[plain_name(values["name"])]
            if unit is None or one.unit_id == unit.pk
        ]
        if len(alike) > 1:
            reader.fault("name", several("人员", [f"{one.name}（{one.number}）" for one in alike]))
        person = alike[0] if len(alike) == 1 else None
    key = person.pk if person else values["number"] or (plain_name(values["name"]), unit)
    if key in known.used and person is not None:
        reader.fault("name", PERSON_TWICE)
    if person is not None:
        note_listed(person)
    known.used.add(key)
    return person


def _by_number(reader: RowReader, known: _Known) -> Person | None:
    values = reader.row.values
    number = values["number"]
    if not number:
        return None
    person = known.by_number.get(number)
    if person is None and number in known.numbers_elsewhere:
        reader.fault("number", NUMBER_ELSEWHERE)
    if person is not None and plain_name(person.name) != plain_name(values["name"]):
        reader.fault("name", NAME_DIFFERS)
    if _is_private(number):
        reader.fault("number", PRIVATE_NUMBER, "（不显示）")
    return person


def _is_private(number: str) -> bool:
    digits = number.strip().upper()
    return (len(digits) == 18 and digits[:17].isdigit()) or (
        len(digits) == 11 and digits.isdigit() and digits[0] == "1"
    )


def _by_identity(reader: RowReader, known: _Known) -> Person | None:
    number = reader.row.values["id_number"]
    return cipher.by_index(known.by_index, number) if number else None


def _plan(
    reader: RowReader,
    known: _Known,
    person: Person | None,
    unit: Unit | None,
    given: Values,
) -> _Plan | None:
    """Look the names up and let the rules speak; `given` becomes what would be stored."""
    homes = _homes(reader, given)
    residence = _residence(reader, given)
    place = unit.place if unit else person.place if person else known.names.root
    if place is None:
        reader.fault("unit", NO_COUNTY)
        return None
    entry = getattr(person, "pool_entry", None) if person else None
    _refuse_register(reader, known, person, unit)
    declared = _declaration(given, entry, _looked_up(reader, given, person, unit))
    redeclared = entry is not None and declared != _declaration({}, entry)
    _refuse_pool(reader, known, entry, declared, redeclared=redeclared)
    proofs = _proofs(reader, known, person, given)
    given["unit"] = unit.name if unit else None
    given["number"] = given["number"] or (person.number if person else None)
    if entry is not None and not redeclared:
        declared = NOTHING_NEW  # thousands of people whose entry stays as it is
    return _Plan(given, unit, place, homes, residence, person, entry, proofs, declared, redeclared)


def _looked_up(
    reader: RowReader, given: dict[str, Any], person: Person | None, unit: Unit | None
) -> dict[str, Any]:
    """What names of villages, the source and 在派 mean for the pool entry.

    `given` becomes what a row of the export would say, so that equal things compare as equal.
    """
    found: dict[str, Any] = {}
    for column, field in VILLAGE_LISTS.items():
        if given[column]:
            villages = reader.each_place(column, reader.names.villages)
            found[field] = tuple(str(one.pk) for one in villages)
            given[column] = tuple(map(_village_name, villages))
    if given["recall_village"]:
        village = reader.village("recall_village", town="recall_town")
        found["recall_village"] = village
        given["recall_village"] = _village_name(village) if village else None
    if given["relatives"]:
        found["relatives_named"] = given["relatives"]
    if given["source"]:
        owner = unit or (person.unit if person else None)
        usual = SOURCE_OF_UNIT.get(owner.category) if owner else None
        found["source"] = "" if given["source"] == usual else given["source"]
    if given["in_post"] is not None:
        posted = person is not None and is_posted(_fetched(person, "own_postings"))
        if posted and not given["in_post"]:
            reader.fault("in_post", IN_POST_HERE)
        found["posted_elsewhere"] = bool(given["in_post"]) and not posted
    return found


VILLAGE_LISTS = {"refusals": "refused_villages", "contract_villages": "business_villages"}


def _homes(reader: RowReader, given: dict[str, Any]) -> tuple[Place, ...]:
    villages = reader.each_place("home_villages", reader.names.villages)
    towns = reader.each_place("home_towns", reader.names.towns)
    # A town that only repeats where one of the villages lies needs no place of its own.
    around = {village.parent_id for village in villages}
    homes = tuple(dict.fromkeys([*villages, *(town for town in towns if town.pk not in around)]))
    if len(homes) > len(HOMES):
        reader.fault("home_villages", TOO_MANY_HOMES)
    if homes:
        given |= _home_cells(homes)
    return homes


def _home_cells(homes: Iterable[Place]) -> dict[str, tuple[str, ...] | None]:
    places = list(dict.fromkeys(homes))
    villages = [_village_name(one) for one in places if one.level == PlaceLevel.VILLAGE]
    towns = [one.short_name for one in places if one.level == PlaceLevel.TOWNSHIP]
    return {"home_villages": tuple(villages) or None, "home_towns": tuple(towns) or None}


def _village_name(village: Place) -> str:
    town = f"（{village.parent.short_name}）" if village.parent else ""
    return f"{village.short_name}{town}"


def _residence(reader: RowReader, given: dict[str, Any]) -> Place | None:
    if given["residence"] == OUTSIDE:
        given["residence"] = None
    if not given["residence"]:
        return None
    town = reader.town("residence")
    given["residence"] = town.short_name if town else None
    return town


BESIDE = {"directory.birth_conflict": "birth_on", "directory.gender_conflict": "gender"}
DAYS = (
    ("出生日期", "birth_on"),
    ("参加工作日期", "work_since"),
    ("入党日期", "party_joined_on"),
)


def _refuse_register(
    reader: RowReader, known: _Known, person: Person | None, unit: Unit | None
) -> None:
    """The same rule as on the page of a person."""
    values = reader.row.values
    number = values["id_number"] or ""
    holder = cipher.by_index(known.by_index, number) if number else None
    other = holder.name if holder and holder is not person else ""
    if number and not other:
        other = cipher.by_index(known.holders_elsewhere, number) or ""
    adds = number if person is not None and _adds_identity(person, values) else ""
    stored, kept = number_to_meet(person, _of_identity(values), adds)
    claim = register_rules.PersonClaim(
        name=values["name"],
        today=known.today,
        id_number=stored or number,
        gender=values["gender"] or (person.gender if person else ""),
        birth_on=values["birth_on"] or (person.birth_on if person else None),
        work_started_on=values["work_since"] or (person.work_started_on if person else None),
        party_joined_on=values["party_joined_on"] or (person.party_joined_on if person else None),
        kept=kept,
        id_number_holder=other,
    )
    for refusal in register_rules.refuse_person(claim):
        reader.refuse(_column_of(refusal, "id_number" if number else "name"), [refusal])


def _column_of(refusal: Refusal, other: str) -> str:
    """The cell that a refusal speaks of: of a day its own, by the label it begins with."""
    days = (column for label, column in DAYS if refusal.text.startswith(label))
    return BESIDE.get(refusal.code) or next(days, other)


def _of_identity(values: Mapping[str, Any]) -> dict[str, Any]:
    """An empty cell leaves what is registered."""
    return {name: values[name] for name in OF_IDENTITY if values[name]}


def _refuse_pool(
    reader: RowReader,
    known: _Known,
    entry: PoolEntry | None,
    declared: Declaration,
    *,
    redeclared: bool,
) -> None:
    state = reader.row.values["pool_state"]
    reader.refuse("name", declared.refusals())
    if entry is None:
        refusals: tuple[Refusal, ...] = pool_entries.refuse_imported_state(
            role=known.actor.role, state=state or rules.PoolState.RECOMMENDED
        )
        reader.refuse("pool_state", refusals)
        return
    if state not in (None, entry.state):
        reader.fault("pool_state", STATE_BY_HAND)
    if redeclared:
        refusals = pool_entries.refuse_to_declare(role=known.actor.role, state=entry.state)
        reader.refuse("name", refusals)


def _proofs(
    reader: RowReader, known: _Known, person: Person | None, given: dict[str, Any]
) -> tuple[Proof, ...]:
    """What must be recorded for the stated levels; what only waits for its proof is the same."""
    if not STATED & reader.row.values.keys():
        return ()
    evidence = _evidence(person)
    proved = rules.capability_levels(evidence, as_of=known.today)
    claims = [replace(one, verified=True) for one in evidence]
    claimed = rules.capability_levels(claims, as_of=known.today)
    texts = texts_of(reader.row.values["evidence"])
    wanted: dict[str, int] = {}
    for capability in CAPABILITIES:
        level, stands = reader.row.values[capability], proved.get(capability, 0)
        if level is None:
            if capability in texts and not claimed.get(capability):
                reader.fault("evidence", LEVEL_UNKNOWN)
        elif level in {stands, claimed.get(capability, 0)}:
            given[capability] = stands
        elif flaw := flaw_of_level(capability, level, stands):
            reader.fault(capability, flaw, str(level))
        else:
            wanted[capability] = level
    return tuple(proofs_for(wanted, texts, claims, today=known.today))


def _evidence(person: Person | None) -> list[rules.Evidence]:
    if person is None:
        return []
    return [
        rules.Evidence(one.capability, one.text, one.since, one.until, one.level, one.verified)
        for one in _fetched(person, "own_evidence")
    ]


def _adds_identity(person: Person, given: Mapping[str, Any]) -> bool:
    number = given["id_number"]
    return bool(number) and person.id_number_index not in cipher.blind_indexes(number)


# --- what a row leaves open -----------------------------------------------------------------------


def cautions_people(outcomes: Sequence[RowOutcome]) -> list[str]:
    """Who would be in the pool and could not be sent, because a required field stays empty."""
    today = clock.today()
    term = rules.TermFacts(as_of=today, starts_on=today)
    lacking = [
        fields
        for one in outcomes
        if one.is_written and (fields := required.lacking_fields(_facts_after(one.plan), term))
    ]
    text = required.lacking_text(len(lacking), Counter(chain.from_iterable(lacking)))
    return [text] if text else []


def _facts_after(plan: _Plan) -> rules.PersonFacts:
    """What the required fields will say; an empty cell leaves what is stored."""
    given, person, entry = plan.given, plan.person or NOBODY, plan.entry or NOTHING_DECLARED
    identity = read_identity(given["id_number"]) if given["id_number"] else None
    born_on = identity.born_on if isinstance(identity, Identity) else None
    return rules.PersonFacts(
        plan.given["number"] or "",
        given["name"],
        birth_on=given["birth_on"] or person.birth_on or born_on,
        work_since=given["work_since"] or person.work_started_on,
        political_status=given["political_status"] or person.political_status or None,
        party_joined_on=given["party_joined_on"] or person.party_joined_on,
        full_member_since=given["full_member_since"] or entry.full_member_since,
        retires_on=given["retires_on"] or entry.retires_on,
    )


# --- preparing ----------------------------------------------------------------------------------

NOTHING_MORE = Values(frozenset())


def prepare_people(outcomes: Sequence[RowOutcome], *, actor: Actor) -> None:
    """Make new records and seal the images of old ones before anybody has to wait."""
    new = [one.plan for one in outcomes if one.verdict is Verdict.NEW]
    people = [_person_row(plan) for plan in new]
    for plan, row, person in zip(new, people, draft_people(people), strict=True):
        plan.row, plan.new_person = row, person
    rows = [_pool_row(plan, plan.new_person.thing) for plan in new]
    for plan, in_pool, entry in zip(new, rows, draft_pool_entries(rows, actor=actor), strict=True):
        plan.pool_row, plan.new_entry = in_pool, entry
        plan.given = NOTHING_MORE
    for plan in (one.plan for one in outcomes if one.verdict is Verdict.CHANGED):
        plan.change = _person_change(plan)
        if plan.change is not None:
            plan.person_before = sealed(image_of(plan.change.person))
        if plan.redeclared:
            plan.entry_before = sealed(image_of(plan.entry))


# --- applying -----------------------------------------------------------------------------------


def apply_people(outcomes: Sequence[RowOutcome], *, actor: Actor, option: str) -> list[Written]:
    """People, then their place in the pool, then what proves their abilities."""
    people: dict[int, Person] = {}
    written = _create_people(outcomes, people, actor)
    written += _change_people(outcomes, people, actor)
    written += _create_entries(outcomes, people, actor)
    written += _change_entries(outcomes, actor)
    return written + _record_proofs(outcomes, people, actor)


def _create_people(
    outcomes: Sequence[RowOutcome], people: dict[int, Person], actor: Actor
) -> list[Written]:
    new = [one for one in outcomes if one.verdict is Verdict.NEW]
    rows = [one.plan.row for one in new]
    drafts = [one.plan.new_person for one in new]
    created = create_people(rows, actor=actor, drafts=drafts) if new else []
    people.update({one.number: person for one, person in zip(new, created, strict=True)})
    return [Written(number, person, None) for number, person in people.items()]


def _person_row(plan: _Plan) -> PersonRow:
    given = plan.given
    named: dict[str, Any] = {
        field: given[name] for name, field in PERSON_FIELDS.items() if given[name] is not None
    }
    named |= dict(zip(HOMES, plan.homes, strict=False))
    return PersonRow(
        name=given["name"],
        place=plan.place,
        unit=plan.unit,
        number=given["number"] or "",
        id_number=given["id_number"] or "",
        residence_place=plan.residence,
        **named,
    )


def _change_people(
    outcomes: Sequence[RowOutcome], people: dict[int, Person], actor: Actor
) -> list[Written]:
    known = [
        one
        for one in outcomes
        if one.verdict is Verdict.CHANGED and isinstance(one.subject, Person)
    ]
    people.update({one.number: cast("Person", one.subject) for one in known})
    changing = [one for one in known if one.plan.change is not None]
    # The exchange holds the records and has seen that nobody changed them since they were read.
    changed = change_people([one.plan.change for one in changing], actor=actor, held=True)
    return [
        Written(one.number, person, one.plan.person_before)
        for one, person in zip(changing, changed, strict=True)
    ]


def _person_change(plan: _Plan) -> PersonChange | None:
    """What is registered anew of somebody known, if anything is."""
    assert plan.person is not None, "somebody known is changed"
    values = _person_changes(plan)
    adds = _adds_identity(plan.person, plan.given)
    number = plan.given["id_number"] if adds else ""
    return PersonChange(plan.person, values, number) if values or number else None


def _person_changes(plan: _Plan) -> dict[str, Any]:
    given, person = plan.given, plan.person
    values = {field: given[name] for name, field in PERSON_FIELDS.items()}
    if plan.unit:
        values |= {"unit": plan.unit, "place": plan.place}
    if plan.homes:
        values |= dict.fromkeys(HOMES) | dict(zip(HOMES, plan.homes, strict=False))
    if plan.residence:
        values["residence_place"] = plan.residence
    cleared = HOMES if plan.homes else ()
    return {
        name: value
        for name, value in values.items()
        if (value is not None or name in cleared) and getattr(person, name) != value
    }


def _create_entries(
    outcomes: Sequence[RowOutcome], people: Mapping[int, Person], actor: Actor
) -> list[Written]:
    written = []
    for is_new in (True, False):
        without = [
            one
            for one in outcomes
            if one.is_written
            and one.plan.entry is None
            and (one.plan.new_entry is not None) == is_new
        ]
        rows = [one.plan.pool_row or _pool_row(one.plan, people[one.number]) for one in without]
        drafts = [one.plan.new_entry for one in without] if is_new else []
        created = create_pool_entries(rows, actor=actor, drafts=drafts) if rows else []
        written += [
            Written(one.number, entry, None) for one, entry in zip(without, created, strict=True)
        ]
    return written


def _pool_row(plan: _Plan, person: Person) -> PoolRow:
    state = plan.given["pool_state"] or rules.PoolState.RECOMMENDED.value
    return PoolRow(person, state, plan.declared)


def _change_entries(outcomes: Sequence[RowOutcome], actor: Actor) -> list[Written]:
    changing = [one for one in outcomes if one.is_written and one.plan.redeclared]
    changes = [(one.plan.entry, one.plan.declared) for one in changing]
    changed = change_declarations(changes, actor=actor)
    return [
        Written(one.number, entry, one.plan.entry_before)
        for one, entry in zip(changing, changed, strict=True)
    ]


NOBODY, NOTHING_DECLARED = Person(), PoolEntry()


NOTHING_NEW = Declaration()


def _declaration(
    given: Mapping[str, Any], entry: PoolEntry | None, looked_up: Mapping[str, Any] | None = None
) -> Declaration:
    """What is declared already, with what the row says on top; an empty cell says nothing."""
    old = entry or NOTHING_DECLARED
    results = [given.get(name) for name in RESULTS]
    kept = list(old.yearly_results) + [None] * len(RESULTS)
    merged = [new or before for new, before in zip(results, kept, strict=False)]
    years = given.get("grassroots_years")
    minutes = given.get("minutes_max")
    before = {name: getattr(old, name) for name in (*DECLARED_FIELDS, *KEPT_AS_DECLARED)}
    before["recall_village"] = old.recall_village
    said = {name: given[name] for name in DECLARED_FIELDS if given.get(name)}
    held = {
        "languages": tuple(given.get("languages") or old.languages),
        "grassroots_years": old.grassroots_years if years is None else years,
        "yearly_results": tuple(result for result in merged if result),
        "distance_minutes_max": old.distance_minutes_max if minutes is None else minutes,
        "wanted_kinds": tuple(old.wanted_kinds),
        "relatives_named": tuple(old.relatives_named),
        "refused_villages": tuple(old.refused_villages),
        "business_villages": tuple(old.business_villages),
    }
    return Declaration(**(before | held | said | dict(looked_up or {})))


KEPT_AS_DECLARED = ("hardship", "remark", "source", "posted_elsewhere")


def _record_proofs(
    outcomes: Sequence[RowOutcome], people: Mapping[int, Person], actor: Actor
) -> list[Written]:
    """What the county brings in counts as verified; what a unit states waits for the county."""
    verified = not actor.holds(*rules.UNIT)
    pairs = [(one, proof) for one in outcomes if one.is_written for proof in one.plan.proofs]
    rows = [
        EvidenceRow(
            people[one.number], proof.capability, proof.text, proof.since, proof.until,
            proof.level, verified,
        )
        for one, proof in pairs
    ]  # fmt: skip
    recorded = record_evidence_rows(rows, actor=actor) if rows else []
    return [
        Written(one.number, proof, None) for (one, _), proof in zip(pairs, recorded, strict=True)
    ]


# --- out ----------------------------------------------------------------------------------------


def row_of(person: Person, today: date, villages: Mapping[str, Place]) -> dict[str, Any]:
    """The person as a row of the sheet; the identity number never goes out."""
    entry = getattr(person, "pool_entry", None)
    homes = [home for home in (getattr(person, name) for name in HOMES) if home is not None]
    home = person.residence_place
    town = home.parent if home and home.level == PlaceLevel.VILLAGE else home
    in_town = town is not None and town.level == PlaceLevel.TOWNSHIP
    row: dict[str, Any] = {
        "name": person.name,
        "number": person.number,
        "unit": person.unit.name if person.unit else None,
        "residence": town.short_name if town and in_town else None,
        **{name: getattr(person, field) or None for name, field in PERSON_FIELDS.items()},
        **_home_cells(homes),
        **_levels(person, today),
    }
    row |= {
        "source": source_of(person, entry),
        "in_post": is_posted(_fetched(person, "own_postings"))
        or bool(entry and entry.posted_elsewhere),
    }
    return row | (_entry_cells(entry, villages) if entry else {})


LABELS = dict(rules.Capability.choices())
NO_LEVELS: dict[str, Any] = {**dict.fromkeys(CAPABILITIES, 0), "evidence": None}


def _levels(person: Person, today: date) -> dict[str, Any]:
    evidence = _evidence(person)
    if not evidence:
        return NO_LEVELS
    texts = dict.fromkeys(f"{LABELS[one.capability]}：{one.text}" for one in evidence)
    levels = rules.capability_levels(evidence, as_of=today)
    named = {capability: levels.get(capability, 0) for capability in CAPABILITIES}
    return named | {"evidence": "；".join(texts)[:1000] or None}


def _entry_cells(entry: PoolEntry, villages: Mapping[str, Place]) -> dict[str, Any]:
    recalled_from = entry.recall_village
    results = [*entry.yearly_results, None, None, None][: len(RESULTS)]
    return {
        "pool_state": entry.state,
        **{name: getattr(entry, name) or None for name in DECLARED_FIELDS},
        "recall_village": _village_name(recalled_from) if recalled_from else None,
        "relatives": tuple(entry.relatives_named) or None,
        **{
            column: _named(getattr(entry, field), villages) or None
            for column, field in VILLAGE_LISTS.items()
        },
        "minutes_max": entry.distance_minutes_max,
        "languages": tuple(entry.languages) or None,
        "grassroots_years": entry.grassroots_years,
        **dict(zip(RESULTS, results, strict=True)),
    }


def _named(ids: Iterable[str], villages: Mapping[str, Place]) -> tuple[str, ...]:
    return tuple(_village_name(villages[one]) for one in ids if one in villages)


def export_people(*, actor: Actor, option: str) -> Iterator[Mapping[str, Any]]:
    """Everybody of the pool in scope; health and discipline only for those who may read them."""
    today = clock.today()
    hides = not pool_entries.may_read_private(actor.role) and actor.role != "system"
    hidden = dict.fromkeys(PRIVATE) if hides else {}
    villages = villages_by_id(Names(actor))
    people = known_people(actor).filter(pool_entry__isnull=False)
    for person in each_known(people, 1000):
        note_listed(person)
        yield row_of(person, today, villages) | hidden
        part_from_entry(person)


KIND = ExchangeKind(
    code="people",
    sheet=PEOPLE,
    about="人选：基本情况、入库状态、申报情况和能力等级；新的人登记为推荐人选",
    import_roles=(Role.COUNTY_ORG_ADMIN, Role.COUNTY_ORG_STAFF, Role.UNIT_PARTY_ADMIN),
    export_roles=(
        Role.COUNTY_ORG_ADMIN,
        Role.COUNTY_ORG_STAFF,
        Role.COUNTY_ORG_LEADER,
        Role.UNIT_PARTY_ADMIN,
    ),
    match=match_people,
    apply=apply_people,
    prepare=prepare_people,
    cautions=cautions_people,
    export_rows=export_people,
    private_fields=PRIVATE,
    not_kept=NOT_KEPT,
    identity=("number",),
)
