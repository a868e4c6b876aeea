"""What do the workbooks say: needs, candidates and settings, with every mistake named?

Steps: 1 read the worksheets; 2 give every village, town and person one id; 3 look up every name
that a cell mentions; 4 hand over frozen facts. Nothing stops at the first error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from lingyan.common.identity import Identity, read_identity
from lingyan.common.nearness import OUTSIDE_COUNTY
from lingyan.common.pages import Findings, Flaw, Page, extra_pages, left_out, main_page, rows_of
from lingyan.common.sheet import ParsedRow, Values
from lingyan.common.workbook import Workbook, demo_banner
from lingyan.directory.rules import (
    NameBook,
    Named,
    TownBook,
    plain_name,
)
from lingyan.directory.sheets import PLACES
from lingyan.directory.sheets.naming import VillageRows, adjoining_of, label_of, town_names
from lingyan.posting.problem.given import (
    Candidate,
    Intention,
    Pin,
    PostingSettings,
    VillageNeed,
    Wish,
)
from lingyan.posting.problem.settings import read_settings
from lingyan.posting.rules import (
    Capability,
    Effect,
    NeedItem,
    Officer,
    PersonFacts,
    Recall,
    Relative,
    Role,
    RuleSetting,
    VillageFacts,
    unchecked_rules,
    weighted_needs,
)
from lingyan.posting.sheets import (
    EXTRA_SHEETS,
    NEEDS,
    PEOPLE,
    RANKS,
    SEVERITY_DEFAULT,
)
from lingyan_matching.said import Said

PARTY_DAYS = frozenset({"full_member_since", "party_joined_on"})
NOT_A_CANDIDATE = Said("人选里没有此人，未用到", "not among the candidates, left out")
UNIT_OF_NOBODY = Said("人选里没有这个单位的人", "no candidate is of this unit")
OF_PAIRING = ("行业相关",)  # the template of rules has it too
OUTSIDE = frozenset({"县外", "外县", "县外居住", "外地"})


@dataclass(frozen=True, slots=True)
class PostingInput:
    """What the workbooks hold; `pin_rows` tells where each pin stands, for later refusals."""

    needs: tuple[VillageNeed, ...]
    people: tuple[Candidate, ...]
    settings: PostingSettings
    notes: tuple[str, ...]
    need_rows: Mapping[str, tuple[Page, ParsedRow]]
    pin_rows: tuple[tuple[Page, ParsedRow], ...] = ()
    banner: str = ""  # what a file made from a demo's workbooks says in its first line


def read_posting(
    needs: Workbook, people: Workbook, rules: Workbook | None, *, today: date
) -> PostingInput:
    """Read the workbooks of a round; raises BadSheets with every error."""
    return _Reader(needs, people, rules, today).read()


@dataclass(slots=True)
class _Village:
    id: str
    name: str
    town: str | None
    row: ParsedRow
    items: list[NeedItem] = field(default_factory=list)
    officers: list[Officer] = field(default_factory=list)
    intentions: list[Intention] = field(default_factory=list)
    vetoes: dict[str, str] = field(default_factory=dict)
    bans: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Person:
    id: str
    name: str
    unit: str | None
    row: ParsedRow
    relatives: list[Relative] = field(default_factory=list)
    wishes: list[Wish] = field(default_factory=list)


class _Cell(NamedTuple):
    """Where something is written."""

    page: Page
    row: ParsedRow
    column: str


class _Reader:
    def __init__(
        self, needs: Workbook, people: Workbook, rules: Workbook | None, today: date
    ) -> None:
        self.found = Findings()
        self.today = today
        self.needs_page = main_page(needs, replace(NEEDS, key=()), beside=(*EXTRA_SHEETS, PLACES))
        self.people_page = main_page(people, replace(PEOPLE, key=()), beside=EXTRA_SHEETS)
        books = tuple({id(book): book for book in (needs, people, rules) if book}.values())
        self.banner = demo_banner(books)
        self.extra = {sheet.kind: extra_pages(books, sheet) for sheet in (*EXTRA_SHEETS, PLACES)}
        for page in self._pages():
            self.found.errors += page.parsed.errors
        self.found.notes += left_out(books, self._pages(), elsewhere=OF_PAIRING)
        self.whole = not self.found.errors
        self.pin_rows: list[tuple[Page, ParsedRow]] = []

    def _pages(self) -> Iterable[Page]:
        yield self.needs_page
        yield self.people_page
        for pages in self.extra.values():
            yield from pages

    def read(self) -> PostingInput:
        self._refuse_empty()
        places = self.extra["places"]
        pages = (self.needs_page, *self.extra["adjoining"])
        self.towns = TownBook(town_names(pages, places, "town", "other"))
        self.places = VillageRows(self.needs_page, self.found, towns=self.towns, places=places)
        self.villages = {
            each.id: _Village(each.id, each.name, each.town, each.row)
            for each in self.places.rows.values()
        }
        self.people = self._people()
        self.person_book = NameBook(
            (
                Named(
                    each.id,
                    each.name,
                    label_of(each.name, each.unit),
                    each.unit,
                    each.row.values["number"],
                )
                for each in self.people.values()
            ),
            short=plain_name,
        )
        self._read_need_items()
        self._read_officers()
        self._read_vetoes()
        self._read_intentions()
        self._read_relatives()
        self._read_wishes()
        self._read_bans()
        pins = self._pins()
        settings = self._settings(pins)
        people = tuple(self._candidate(each) for each in self.people.values())
        needs = tuple(self._need(each) for each in self.villages.values())
        self.found.stop()
        rows = {each.id: (self.needs_page, each.row) for each in self.villages.values()}
        return PostingInput(
            needs,
            people,
            settings,
            tuple(self.found.notes),
            rows,
            tuple(self.pin_rows),
            self.banner,
        )

    def _refuse_empty(self) -> None:
        for page, what, what_en in (
            (self.needs_page, "村", "village"),
            (self.people_page, "人选", "candidate"),
        ):
            if not page.rows and not page.parsed.errors:
                first = ParsedRow(1, Values(frozenset()))
                column = page.sheet.columns[0].name
                self.found.refuse(
                    page, first, column, "", Flaw(
                        f"工作表里没有一个{what}",
                        "请在表头下面逐行填写",
                        f"the worksheet holds no {what_en}",
                        "fill in rows below the headings",
                    ),
                )  # fmt: skip
        if not self.needs_page.rows or not self.people_page.rows:
            self.found.stop()

    def village(
        self, page: Page, row: ParsedRow, column: str, text: str, *, must: bool = True
    ) -> str | None:
        return self.places.find(page, row, column, text, must=must)

    # --- people ---------------------------------------------------------------------------------

    def _people(self) -> dict[str, _Person]:
        people: dict[str, _Person] = {}
        page = self.people_page
        alike: dict[str, int] = {}
        for row in page.rows:
            name = plain_name(row.values["name"])
            alike[name] = alike.get(name, 0) + 1
        by_identity: dict[str, ParsedRow] = {}
        for row in page.rows:
            values = row.values
            name, unit, number = plain_name(values["name"]), values["unit"], values["number"]
            if number is not None and _is_private(number):
                self._refuse(page, row, "number", "", PRIVATE_NUMBER)
            identity = values["id_number"]
            if identity is not None:
                if identity in by_identity:
                    before = by_identity[identity]
                    self._refuse_repeated(page, row, "id_number", name, before)
                    continue
                by_identity[identity] = row
                self._check_identity(row)
            self._check_days(row)
            person = _Person(
                number or (label_of(name, unit) if alike[name] > 1 and unit else name),
                name,
                unit,
                row,
            )
            if person.id in people:
                self._refuse_repeated(page, row, "name", name, people[person.id].row, person=True)
            else:
                people[person.id] = person
        return people

    def _check_identity(self, row: ParsedRow) -> None:
        """Birth date and gender come out of the number; another entry is an error (R-1-04)."""
        identity = read_identity(row.values["id_number"], today=self.today)
        if not isinstance(identity, Identity):
            flaw = Flaw(
                identity.text, "请核对身份证号", "not a valid identity number", "check the number"
            )
            self._refuse(self.people_page, row, "id_number", "", flaw)
            return
        values = row.values
        if values["birth_on"] not in (None, identity.born_on) and not (
            values["birth_on"].day == 1 and values["birth_on"] == identity.born_on.replace(day=1)
        ):
            self._refuse(
                self.people_page, row, "birth_on", values["birth_on"].isoformat(), BIRTH_DIFFERS
            )
        if values["gender"] not in (None, identity.sex):
            self._refuse(self.people_page, row, "gender", "", GENDER_DIFFERS)
        values["birth_on"], values["gender"] = identity.born_on, identity.sex

    def _check_days(self, row: ParsedRow) -> None:
        """Nobody is born after the day of the plan, or works before being born."""
        born = row.values["birth_on"]
        if born is None:
            return
        if born > self.today:
            self._refuse(self.people_page, row, "birth_on", born.isoformat(), BORN_LATER)
            return
        for name in ("work_since", "party_joined_on", "full_member_since"):
            day = row.values[name]
            if day is not None and day <= born:
                self._refuse(self.people_page, row, name, day.isoformat(), BEFORE_BIRTH)

    def person(
        self, page: Page, row: ParsedRow, column: str, text: str, unit: str | None = None,
        *, must: bool = True,
    ) -> str | None:  # fmt: skip
        hits = self.person_book.find(text, unit)
        if len(hits) == 1:
            return hits[0].id
        if hits:
            self._refuse(page, row, column, text, ambiguous_person([hit.label for hit in hits]))
        elif must:
            if self.whole:
                near = self.person_book.nearest(text)
                self._refuse(page, row, column, text, unknown_person(near))
        else:
            self.found.note(page, row, column, text, NOT_A_CANDIDATE)
        return None

    # --- what the further cells and worksheets add ----------------------------------------------

    def _place_of_row(self, page: Page, row: ParsedRow) -> _Village | None:
        values = row.values
        id_ = self.places.find(page, row, "village", values["village"], town=values["town"])
        return self.villages[id_] if id_ else None

    def _person_of_row(self, page: Page, row: ParsedRow) -> _Person | None:
        id_ = self.person(page, row, "person", row.values["person"], row.values["unit"])
        return self.people[id_] if id_ else None

    def _read_need_items(self) -> None:
        for village in self.villages.values():
            asked = village.row.values
            if asked["capabilities"]:
                severity = asked["severity"]
                if severity is None:
                    severity = SEVERITY_DEFAULT
                item = NeedItem(asked["capabilities"], severity, level=asked["level"])
                village.items.append(item)
        for page, row, values in rows_of(self.extra["need_items"]):
            found = self._place_of_row(page, row)
            if found is not None:
                found.items.append(
                    NeedItem(
                        values["capabilities"],
                        values["severity"],
                        values["weight"] or 1,
                        values["level"],
                        values["item"],
                        values["text"] or "",
                    )
                )

    def _read_officers(self) -> None:
        for village in self.villages.values():
            for name in village.row.values["officers"] or ():
                village.officers.append(Officer(*name_and_bracket(name)))
        for page, row, values in rows_of(self.extra["officers"]):
            if values["until"] is not None and values["until"] <= self.today:
                continue
            id_ = self.places.find(
                page, row, "village", values["village"], town=values["town"], must=False
            )
            if id_ is not None:
                self.villages[id_].officers.append(Officer(values["name"], values["post"]))

    def _read_vetoes(self) -> None:
        page = self.needs_page
        for village in self.villages.values():
            names = village.row.values["vetoes"] or ()
            reason = village.row.values["veto_reason"]
            if names and not reason:
                self._refuse(page, village.row, "veto_reason", "", reason_missing("不接收人选"))
            for name in names:
                person = self.person(page, village.row, "vetoes", name, must=False)
                if person is not None:
                    village.vetoes[person] = reason or ""

    def _read_intentions(self) -> None:
        page = self.needs_page
        for village in self.villages.values():
            for rank in RANKS:
                cell = _Cell(page, village.row, f"intention_{rank}")
                for name in village.row.values[cell.column] or ():
                    person = self.person(*cell, name)
                    if person is not None:
                        self._add_intention(cell, village, Intention(person, rank))
        for page, row, values in rows_of(self.extra["intentions"]):
            place, someone = self._place_of_row(page, row), self._person_of_row(page, row)
            if place is not None and someone is not None:
                line = Intention(someone.id, values["rank"], values["role"])
                self._add_intention(_Cell(page, row, "person"), place, line)

    def _add_intention(self, cell: _Cell, village: _Village, new: Intention) -> None:
        """At most five people a post, each once. 依据：R-2-20。"""
        for line in village.intentions:
            if line.person == new.person and _overlap(line.role, new.role):
                if line.rank != new.rank:
                    flaw = ranked_twice("意向", line.rank, new.rank)
                    self._refuse(*cell, new.person, flaw)
                return
        village.intentions.append(new)
        together = [line for line in village.intentions if _overlap(line.role, new.role)]
        if len(together) == len(RANKS) + 1:
            self._refuse(*cell, new.person, too_many("意向", "people"))

    def _read_relatives(self) -> None:
        for person in self.people.values():
            for name in person.row.values["relatives"] or ():
                person.relatives.append(Relative(*name_and_bracket(name)))
        for page, row, values in rows_of(self.extra["relatives"]):
            found = self._person_of_row(page, row)
            if found is not None:
                found.relatives.append(Relative(values["relative"], values["relation"]))

    def _read_wishes(self) -> None:
        page = self.people_page
        for person in self.people.values():
            for rank in RANKS:
                cell = _Cell(page, person.row, f"wish_{rank}")
                for name in person.row.values[cell.column] or ():
                    village = self.village(*cell, name)
                    if village is not None:
                        self._add_wish(cell, person, Wish(village, rank))
        for page, row, values in rows_of(self.extra["wishes"]):
            found, place = self._person_of_row(page, row), self._place_of_row(page, row)
            if found is not None and place is not None:
                line = Wish(place.id, values["rank"], values["role"])
                self._add_wish(_Cell(page, row, "village"), found, line)

    def _add_wish(self, cell: _Cell, person: _Person, new: Wish) -> None:
        """At most five villages, each once. 依据：R-2-20。"""
        name = self.villages[new.village].name
        for line in person.wishes:
            if line.village == new.village and _overlap(line.role, new.role):
                if line.rank != new.rank:
                    self._refuse(*cell, name, ranked_twice("志愿", line.rank, new.rank))
                return
        person.wishes.append(new)
        if len({line.village for line in person.wishes}) == len(RANKS) + 1:
            self._refuse(*cell, name, too_many("志愿", "villages"))

    def _read_bans(self) -> None:
        for page, row, values in rows_of(self.extra["bans"]):
            person, place = self._person_of_row(page, row), self._place_of_row(page, row)
            if person is not None and place is not None:
                role = values["role"]
                place.bans[f"{person.id}/{role}" if role else person.id] = values["reason"]

    def _pins(self) -> tuple[Pin, ...]:
        pins: list[Pin] = []
        for page, row, values in rows_of(self.extra["pins"]):
            person, place = self._person_of_row(page, row), self._place_of_row(page, row)
            if person is None or place is None:
                continue
            if any(pin.person == person.id for pin in pins):
                self._refuse(page, row, "person", person.name, PINNED_TWICE)
                continue
            pins.append(
                Pin(
                    person.id,
                    place.id,
                    values["role"] or Role.FIRST_SECRETARY.value,
                    values["reason"],
                    values["decided_by"] or "",
                    values["decided_on"],
                )
            )
            self.pin_rows.append((page, row))
        return tuple(pins)

    # --- settings -------------------------------------------------------------------------------

    def _settings(self, pins: tuple[Pin, ...]) -> PostingSettings:
        settings = read_settings(self.extra["rules"], self.found, today=self.today)
        limits = self._unit_limits()
        adjoining, minutes = adjoining_of(self.extra["adjoining"], self.towns)
        present = self._present()
        unchecked = unchecked_rules(present, settings.rules)
        rules = settings.rules
        if "R04" not in unchecked and present.isdisjoint(PARTY_DAYS):
            rules = tuple(map(self._without_party_years, rules))
        return replace(
            settings,
            rules=rules,
            unchecked=unchecked,
            adjoining=adjoining,
            minutes=minutes,
            towns=tuple(self.towns.names),
            unit_limits=limits,
            pins=pins,
        )

    def _without_party_years(self, rule: RuleSetting) -> RuleSetting:
        """Where no sheet has a day, R04 looks at the status alone, and says so."""
        if (
            rule.code != "R04"
            or not rule.parameters["min_party_years"]
            or rule.effect == Effect.OFF
        ):
            return rule
        page = self.people_page
        self.found.notes.append(
            Said(
                f"{page.file}“{page.title}”：没有“转正日期”和“入党日期”两列，"
                "R04 只核查了政治面貌，党龄未核查",
                f'{page.file}, sheet "{page.title}": no column of days in the Party, '
                "so R04 looked at the status alone",
            )
        )
        return replace(rule, parameters={**rule.parameters, "min_party_years": 0})

    def _unit_limits(self) -> dict[str, int]:
        """At most so many people of a unit; a unit of nobody is worth a look."""
        limits: dict[str, int] = {}
        units = {person.unit for person in self.people.values()}
        for page, row, values in rows_of(self.extra["units"]):
            if values["limit"] is None:
                continue
            limits[values["unit"]] = values["limit"]
            if values["unit"] not in units:
                self.found.note(page, row, "unit", values["unit"], UNIT_OF_NOBODY)
        return limits

    def _present(self) -> frozenset[str]:
        """The columns that the workbooks have, for the rules that need them."""
        present = set(self.people_page.columns | self.needs_page.columns)
        for kind, name in (
            ("officers", "officers"),
            ("relatives", "relatives"),
        ):
            if self.extra[kind]:
                present.add(name)
        if any("barred_towns" in page.columns for page in self.extra["units"]):
            present.add("barred_towns")
        if "id_number" in present:
            present.add("birth_on")
        return frozenset(present)

    # --- facts ----------------------------------------------------------------------------------

    def _need(self, village: _Village) -> VillageNeed:
        values = village.row.values
        facts = VillageFacts(
            village.id,
            village.name,
            village.town,
            tuple(sorted(set(village.officers), key=repr)),
            values["languages_asked"] or (),
            values["categories"] or (),
            values["sources"] or (),
            values["ranks"] or (),
            dict(sorted(village.vetoes.items())),
            dict(sorted(village.bans.items())),
        )
        first = 1 if values["first_secretaries"] is None else values["first_secretaries"]
        members, members_min = values["members"] or 0, values["members_min"] or 0
        required = bool(values["first_secretary_required"])
        if members_min > members:
            flaw = more_than_wanted(members_min, members)
            self._refuse(self.needs_page, village.row, "members_min", str(members_min), flaw)
        if required and not first:
            self._refuse(
                self.needs_page, village.row, "first_secretary_required", "是",
                more_than_wanted(1, 0),
            )  # fmt: skip
        types = values["types"] or ()
        return VillageNeed(
            facts,
            types,
            weighted_needs(types, village.items),
            values["klass"],
            first,
            int(required),
            members,
            members_min,
            tuple(sorted(village.intentions, key=repr)) or None,
            tuple(sorted(values["paired_units"] or ())),
        )

    def _candidate(self, person: _Person) -> Candidate:
        values = person.row.values
        levels = {
            capability.value: values[capability.value]
            for capability in Capability
            if values[capability.value]
        }
        results = tuple(values[f"result_{year}"] for year in (1, 2, 3) if values[f"result_{year}"])
        return Candidate(
            self._facts(person),
            levels,
            _evidence(values["evidence"]),
            values["grassroots_years"] or 0,
            results,
            self._residence(values["residence"]),
            tuple(sorted(person.wishes, key=repr)) or None,
        )

    def _residence(self, text: str | None) -> str | None:
        return OUTSIDE_COUNTY if text in OUTSIDE else self.towns.name_of(text)

    def _facts(self, person: _Person) -> PersonFacts:
        values, page, row = person.row.values, self.people_page, person.row
        homes = self._named_villages(page, row, "home_villages")
        refusals = self._named_villages(page, row, "refusals")
        reason = values["refusal_reason"] or ""
        if values["refusals"] and not reason:
            self._refuse(page, row, "refusal_reason", "", reason_missing("不愿去的村"))
        home_towns = {self.towns.name_of(town) for town in values["home_towns"] or ()}
        home_towns |= {self.villages[home].town for home in homes}
        return PersonFacts(
            id=person.id,
            name=person.name,
            unit=person.unit,
            gender=values["gender"],
            birth_on=values["birth_on"],
            retires_on=values["retires_on"],
            political_status=values["political_status"],
            full_member_since=values["full_member_since"],
            party_joined_on=values["party_joined_on"],
            work_since=values["work_since"],
            pool_state=values["pool_state"],
            in_post=values["in_post"],
            health=values["health"],
            discipline=values["discipline"],
            sanction_until=values["sanction_until"],
            recalls=self._recalls(person),
            last_posting_until=values["last_posting_until"],
            source=values["source"],
            category=values["category"],
            rank=values["rank"],
            languages=tuple(sorted(values["languages"] or ())),
            minutes_max=values["minutes_max"],
            home_villages=homes,
            home_towns=tuple(sorted(town for town in home_towns if town)),
            relatives=tuple(sorted(set(person.relatives), key=repr)),
            contract_villages=self._named_villages(page, row, "contract_villages"),
            refusals=dict.fromkeys(refusals, reason),
            barred_towns=self._barred(person.unit),
        )

    def _named_villages(self, page: Page, row: ParsedRow, column: str) -> tuple[str, ...]:
        found = [
            self.village(page, row, column, name, must=False) for name in row.values[column] or ()
        ]
        return tuple(sorted({village for village in found if village}))

    def _recalls(self, person: _Person) -> tuple[Recall, ...]:
        values, row = person.row.values, person.row
        village = None
        if values["recall_village"]:
            village = self.village(
                self.people_page, row, "recall_village", values["recall_village"], must=False
            )
        if values["recalled_on"] is None:
            if values["recall_village"]:
                self._refuse(self.people_page, row, "recalled_on", "", RECALL_WITHOUT_DAY)
            return ()
        return (Recall(values["recalled_on"], village, values["recall_ground"]),)

    def _barred(self, unit: str | None) -> tuple[str, ...]:
        towns: set[str] = set()
        for _, _, values in rows_of(self.extra["units"]):
            if unit is not None and values["unit"] == unit:
                towns |= {self.towns.name_of(town) or town for town in values["barred_towns"] or ()}
        return tuple(sorted(towns))

    # --- saying what is wrong -------------------------------------------------------------------

    def _refuse(self, page: Page, row: ParsedRow, column: str, value: str, flaw: Flaw) -> None:
        self.found.refuse(page, row, column, value, flaw)

    def _refuse_repeated(
        self, page: Page, row: ParsedRow, column: str, value: str, before: ParsedRow,
        *, person: bool = False,
    ) -> None:  # fmt: skip
        mend, mend_en = "请删除其中一行", "delete one of them"
        if person:
            mend += "；若是同名的两人，请填写不同的单位或人选编号"
            mend_en += "; if they are two people, give their units or numbers"
        flaw = Flaw(f"与第 {before.number} 行重复", mend, f"repeats row {before.number}", mend_en)
        self._refuse(page, row, column, value, flaw)


def _overlap(one: str | None, other: str | None) -> bool:
    """Two lines speak of the same post if a role is left open or the roles are equal."""
    return one == other or one is None or other is None


def _is_private(number: str) -> bool:
    """An identity number or a mobile number would travel into the plan with the id."""
    digits = number.strip().upper()
    if len(digits) == 18 and digits[:17].isdigit():
        return True
    return len(digits) == 11 and digits.isdigit() and digits[0] == "1"


def name_and_bracket(text: str) -> tuple[str, str | None]:
    """王甲一(父亲) → 王甲一 and 父亲."""
    name, _, inner = text.translate(str.maketrans("（）", "()")).partition("(")
    return name.strip(), inner.rstrip(")").strip() or None


def _evidence(text: str | None) -> dict[str, tuple[str, ...]]:
    """“熟悉经济工作：…；农技：…” by capability; what names none belongs to all ("")."""
    found: dict[str, list[str]] = {}
    for part in (text or "").replace(";", "；").replace("\n", "；").split("；"):
        head, mark, rest = part.replace(":", "：").partition("：")
        capability = CAPABILITY_OF_LABEL.get(plain_name(head)) if mark else None
        line = rest.strip() if capability else part.strip()
        if line:
            found.setdefault(capability or "", []).append(line)
    return {capability: tuple(lines) for capability, lines in sorted(found.items())}


CAPABILITY_OF_LABEL = {
    plain_name(label): column.name
    for column in PEOPLE.columns
    if column.name in set(Capability)
    for label in (column.heading, *column.aliases)
}

# --- sentences ----------------------------------------------------------------------------------

PRIVATE_NUMBER = Flaw(
    "人选编号不能用身份证号或手机号",
    "请改用单位自编的编号",
    "an identity or telephone number may not serve as the number of a candidate",
    "use a number of your own",
)
BORN_LATER = Flaw(
    "出生日期晚于统计日期",
    "请核对出生日期",
    "born after the day of the plan",
    "check the birth date",
)
BEFORE_BIRTH = Flaw(
    "这个日期不能早于出生日期",
    "请核对这个日期和出生日期",
    "this day is before the birth date",
    "check both days",
)
BIRTH_DIFFERS = Flaw(
    "出生日期与身份证号不一致",
    "请核对出生日期和身份证号",
    "the birth date differs from the identity number",
    "check both",
)
GENDER_DIFFERS = Flaw(
    "性别与身份证号不一致",
    "请核对性别和身份证号",
    "the gender differs from the identity number",
    "check both",
)
PINNED_TWICE = Flaw(
    "同一人指定了两次",
    "每人只能指定一个岗位，请删去一行",
    "the person is pinned twice",
    "a person can hold one post; delete one row",
)
RECALL_WITHOUT_DAY = Flaw(
    "写了召回村，没有写召回日期",
    "请填写召回日期",
    "a recall village without a recall date",
    "fill in the date",
)


def unknown_person(near: Sequence[str]) -> Flaw:
    hint = f"；相近的有：{'、'.join(near)}" if near else ""
    hint_en = f"; similar: {', '.join(near)}" if near else ""
    return Flaw(
        f"人选表里没有此人{hint}",
        "请改正姓名，或在人选表里加上此人",
        f"there is no such candidate{hint_en}",
        "correct the name or add the person to the candidates",
    )


def ambiguous_person(labels: Sequence[str]) -> Flaw:
    names = "、".join(labels)
    return Flaw(
        f"同名的人选不止一个：{names}",
        "请写成 姓名（单位），或写人选编号",
        f"several candidates have this name: {names}",
        "write name(unit) or the number of the candidate",
    )


def reason_missing(what: str) -> Flaw:
    return Flaw(f"填了{what}，没有写理由", "请写明理由", "a reason is missing", "write the reason")


def ranked_twice(what: str, first: int, second: int) -> Flaw:
    return Flaw(
        f"同一个对象在{what}里写了两次（第 {first} 和第 {second}）",
        "请只保留一处",
        f"ranked twice (as {first} and as {second})",
        "keep one of them",
    )


def too_many(what: str, things_en: str) -> Flaw:
    return Flaw(
        f"{what}超过 {len(RANKS)} 个",
        f"最多 {len(RANKS)} 个，请删去多余的",
        f"more than {len(RANKS)} {things_en} are ranked",
        f"rank {len(RANKS)} at most",
    )


def more_than_wanted(least: int, most: int) -> Flaw:
    return Flaw(
        f"至少 {least} 名，但名额只有 {most} 名，无法满足",
        "请改小至少数，或增加名额",
        f"at least {least} wanted, but there are {most} seats",
        "lower the minimum or add seats",
    )
