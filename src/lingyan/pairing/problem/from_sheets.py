"""What do the workbooks of villages and units say, with every mistake named?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from lingyan.common.nearness import UNKNOWN, point_of
from lingyan.common.pages import Findings, Flaw, Page, extra_pages, left_out, main_page, rows_of
from lingyan.common.sheet import ParsedRow, Values
from lingyan.common.workbook import Workbook, demo_banner
from lingyan.directory.rules import NameBook, Named, TownBook, plain_name
from lingyan.directory.sheets import PLACES
from lingyan.directory.sheets.naming import (
    VillageRow,
    VillageRows,
    adjoining_of,
    repeated_flaw,
    town_names,
)
from lingyan.pairing.problem.build import PairingProblem, PairingSettings, Pin, build_pairing
from lingyan.pairing.problem.words import listed, unknown_towns
from lingyan.pairing.rules import (
    UNIT_LOWER,
    UNIT_UPPER,
    UNIT_UPPER_MAX,
    VILLAGE_LOWER,
    VILLAGE_UPPER,
    Answer,
    PairWeights,
    Resource,
    UnitFacts,
    VillageFacts,
    may_pair,
    pair_results,
)
from lingyan.pairing.sheets import EXTRA_SHEETS, UNITS, VILLAGES
from lingyan_matching.said import Said

WEIGHT_KEYS = {f"pair.{part.name}": part.name for part in fields(PairWeights)}
# One file of rules may serve both kinds of matching.
OF_POSTING = ("需求条目", "村干部", "近亲属", "志愿", "意向", "单位")
ANSWER_COLUMNS = (
    ("asked", Answer.ASKED),
    ("willing", Answer.WILLING),
    ("refused", Answer.REFUSED),
)


@dataclass(frozen=True, slots=True)
class PairingInput:
    """The built problem, what is worth a look, and the first line of a demo's files."""

    problem: PairingProblem
    notes: tuple[str, ...]
    banner: str = ""


def read_pairing(villages: Workbook, units: Workbook, rules: Workbook | None) -> PairingInput:
    """Read the workbooks and build the problem; raises BadSheets with every error."""
    return _Reader(villages, units, rules).read()


class _Reader:
    def __init__(self, villages: Workbook, units: Workbook, rules: Workbook | None) -> None:
        self.found = Findings()
        beside = (*EXTRA_SHEETS, PLACES)
        self.village_page = main_page(villages, replace(VILLAGES, key=()), beside=beside)
        self.unit_page = main_page(units, replace(UNITS, key=()), beside=beside)
        books = tuple({id(book): book for book in (villages, units, rules) if book}.values())
        self.banner = demo_banner(books)
        self.extra = {sheet.kind: extra_pages(books, sheet) for sheet in beside}
        beside_them = (page for found in self.extra.values() for page in found)
        pages = (self.village_page, self.unit_page, *beside_them)
        for page in pages:
            self.found.errors += page.parsed.errors
        self.found.notes += left_out(books, pages, elsewhere=OF_POSTING)

    def read(self) -> PairingInput:
        self._refuse_empty()
        places = self.extra["places"]
        towns = (
            *town_names((self.village_page,), places, "town"),
            *town_names((self.unit_page, *self.extra["adjoining"]), (), "town", "other"),
        )
        self.towns = TownBook(towns)
        self.places = VillageRows(self.village_page, self.found, towns=self.towns, places=places)
        self.units = self._units()
        self.unit_book = NameBook(
            (Named(id_of(name, row), name, name) for name, row in self.units.items()),
            short=plain_name,
        )
        bans = self._bans()
        settings = self._settings()
        villages = [self._village(row, bans) for row in self.places.rows.values()]
        units = [self._unit(name, row) for name, row in self.units.items()]
        problem = build_pairing(villages, units, settings)
        self._check_pins(problem)
        self.found.stop()
        notes = (*self.found.notes, *_missing_towns(problem))
        return PairingInput(problem, notes, self.banner)

    def _refuse_empty(self) -> None:
        for page in (self.village_page, self.unit_page):
            if not page.rows and not page.parsed.errors:
                column = page.sheet.columns[0].name
                self.found.refuse(
                    page, ParsedRow(1, Values(frozenset())), column, "", NOTHING_THERE
                )
        if not self.village_page.rows or not self.unit_page.rows:
            self.found.stop()

    def _units(self) -> dict[str, ParsedRow]:
        units: dict[str, ParsedRow] = {}
        for row in self.unit_page.rows:
            name = plain_name(row.values["unit"])
            if name in units:
                flaw = repeated_flaw(units[name].number)
                self.found.refuse(self.unit_page, row, "unit", name, flaw)
            else:
                units[name] = row
        return units

    def _unit_named(self, page: Page, row: ParsedRow, column: str, text: str) -> str | None:
        hits = self.unit_book.find(text)
        if hits:
            return hits[0].id
        if not self.unit_page.parsed.errors:
            near = self.unit_book.nearest(text)
            self.found.refuse(page, row, column, text, unknown_unit(near))
        return None

    def _unit(self, name: str, row: ParsedRow) -> UnitFacts:
        values = row.values
        answers: dict[str, str] = {}
        for column, answer in ANSWER_COLUMNS:
            for text in values[column] or ():
                village = self.places.find(self.unit_page, row, column, text)
                if village is not None:
                    self._answer(self.unit_page, row, column, text, (answers, village, answer))
        bounds = self._bounds(self.unit_page, row, (UNIT_LOWER, UNIT_UPPER))
        if bounds[1] > UNIT_UPPER_MAX:
            self.found.note(
                self.unit_page, row, "upper", str(bounds[1]),
                Said(
                    f"一个单位一般不超过 {UNIT_UPPER_MAX} 个村",
                    f"a unit usually has no more than {UNIT_UPPER_MAX} villages",
                ),
            )  # fmt: skip
        return UnitFacts(
            id_of(name, row),
            name,
            self.towns.name_of(values["town"]),
            tuple(sorted(values["sectors"] or ())),
            _levels(row),
            answers,
            *bounds,
            point_of(values["latitude"], values["longitude"]),
        )

    def _village(self, place: VillageRow, bans: Mapping[str, dict[str, str]]) -> VillageFacts:
        row, values = place.row, place.row.values
        answers: dict[str, str] = {}
        for column, answer in ANSWER_COLUMNS:
            for text in values[column] or ():
                unit = self._unit_named(self.village_page, row, column, text)
                if unit is not None:
                    self._answer(self.village_page, row, column, text, (answers, unit, answer))
        kept = [
            self._unit_named(self.village_page, row, "kept", text) for text in values["kept"] or ()
        ]
        lower, upper = self._bounds(self.village_page, row, (VILLAGE_LOWER, VILLAGE_UPPER))
        return VillageFacts(
            place.id,
            place.name,
            place.town,
            values["types"] or (),
            tuple(sorted(values["industries"] or ())),
            _levels(row),
            answers,
            lower,
            upper,
            values["klass"],
            tuple(sorted(unit for unit in kept if unit)),
            bans.get(place.id, {}),
            point_of(values["latitude"], values["longitude"]),
        )

    def _answer(
        self, page: Page, row: ParsedRow, column: str, text: str,
        said: tuple[dict[str, str], str, Answer],
    ) -> None:  # fmt: skip
        """One answer each; a second, different one is an error."""
        answers, other, answer = said
        if answers.setdefault(other, answer.value) != answer.value:
            first = Answer(answers[other]).label
            self.found.refuse(page, row, column, text, two_answers(first, answer.label))

    def _bounds(self, page: Page, row: ParsedRow, default: tuple[int, int]) -> tuple[int, int]:
        """What was typed; a bound that was left open gives way to the one that was not."""
        lower, upper = row.values["lower"], row.values["upper"]
        if lower is None:
            lower = default[0] if upper is None else min(default[0], upper)
        if upper is None:
            upper = max(default[1], lower)
        if lower > upper:
            self.found.refuse(page, row, "lower", str(lower), crossed_bounds(lower, upper))
        return lower, upper

    def _bans(self) -> dict[str, dict[str, str]]:
        bans: dict[str, dict[str, str]] = {}
        for page, row, values in rows_of(self.extra["bans"]):
            pair = self._pair(page, row)
            if pair is not None:
                bans.setdefault(pair[1], {})[pair[0]] = values["reason"]
        return bans

    def _pair(self, page: Page, row: ParsedRow) -> tuple[str, str] | None:
        values = row.values
        unit = self._unit_named(page, row, "unit", values["unit"])
        village = self.places.find(page, row, "village", values["village"], town=values["town"])
        return (unit, village) if unit and village else None

    def _settings(self) -> PairingSettings:
        adjoining, minutes = adjoining_of(self.extra["adjoining"], self.towns)
        matrix = {
            (values["sector"], values["industry"]): values["points"]
            for _, _, values in rows_of(self.extra["related"])
        }
        self.pin_rows: list[tuple[Page, ParsedRow]] = []
        pins: list[Pin] = []
        for page, row, values in rows_of(self.extra["pins"]):
            pair = self._pair(page, row)
            if pair is not None:
                pins.append(Pin(*pair, values["reason"]))
                self.pin_rows.append((page, row))
        return PairingSettings(
            self._weights(), matrix, adjoining, minutes, tuple(self.towns.names), tuple(pins)
        )

    def _weights(self) -> PairWeights:
        """The rows pair.*; a rules file may hold the rows of posting as well."""
        changed: dict[str, int] = {}
        last: tuple[Page, ParsedRow] | None = None
        for page, row, values in rows_of(self.extra["rules"]):
            code = values["code"].strip()
            if code in WEIGHT_KEYS and values["value"] is None:
                self.found.refuse(page, row, "value", "", NUMBER_MISSING)
            elif code in WEIGHT_KEYS:
                changed[WEIGHT_KEYS[code]] = values["value"]
                last = page, row
            elif code.startswith("pair."):
                self.found.refuse(page, row, "code", code, UNKNOWN_SETTING)
        try:
            return replace(PairWeights(), **changed)
        except ValueError as wrong:
            assert last is not None
            flaw = replace(WEIGHTS_NOT_100, reason=str(wrong))
            self.found.refuse(*last, "value", str(last[1].values["value"]), flaw)
            return PairWeights()

    def _check_pins(self, problem: PairingProblem) -> None:
        for pin, (page, row) in zip(problem.settings.pins, self.pin_rows, strict=True):
            results = pair_results(*problem.pair(pin.unit, pin.village))
            if not may_pair(results):
                texts = "；".join(item.text for item in results if not item.passed)
                self.found.refuse(page, row, "unit", pin.unit, broken_pin(texts))
        for name, number, upper in self._pinned_too_often(problem):
            page, row = self.pin_rows[number]
            self.found.refuse(page, row, "unit", name, too_many_pins(upper))

    def _pinned_too_often(self, problem: PairingProblem) -> list[tuple[str, int, int]]:
        counts: dict[str, int] = {}
        found = []
        for number, pin in enumerate(problem.settings.pins):
            unit, village = problem.pair(pin.unit, pin.village)
            for key, name, upper in (
                (f"unit {unit.id}", unit.name, unit.upper),
                (f"village {village.id}", village.name, village.upper),
            ):
                counts[key] = counts.get(key, 0) + 1
                if counts[key] == upper + 1:
                    found.append((name, number, upper))
        return found


def _missing_towns(problem: PairingProblem) -> tuple[Said, ...]:
    """Whose nearness is unknown, once for all of them; without any town nobody asked for it."""
    names = unknown_towns(problem)
    if not names or not any(village.town for village in problem.villages):
        return ()
    return (
        Said(
            f"{len(names)} 个单位没有写所在乡镇（{listed(names)}），地域相邻按不明计 {UNKNOWN} 分，"
            "请在“所在乡镇”一列填写",
            f"{len(names)} units have no town ({listed(names)}); their nearness counts as unknown, "
            f"{UNKNOWN} points; fill in the town",
        ),
    )


def id_of(name: str, row: ParsedRow) -> str:
    """A unit's id where the product has written the file, else its name."""
    return row.values["unit_id"] or name


def _levels(row: ParsedRow) -> dict[str, int]:
    return {item.value: row.values[item.value] for item in Resource if row.values[item.value]}


# --- sentences ----------------------------------------------------------------------------------

NOTHING_THERE = Flaw(
    "工作表里没有一行内容",
    "请在表头下面逐行填写",
    "the worksheet holds no rows",
    "fill in rows below the headings",
)
UNKNOWN_SETTING = Flaw(
    "没有这个设置项",
    f"可以填：{'、'.join(WEIGHT_KEYS)}",
    "there is no such setting",
    f"known are: {', '.join(WEIGHT_KEYS)}",
)
NUMBER_MISSING = Flaw(
    "没有填数值", "请在“数值”一列填写", "the number is missing", "fill in the number"
)
WEIGHTS_NOT_100 = Flaw(
    "结对四项权重之和应为 100",
    "请把四项权重都写上，合计 100",
    "the four weights of a pair should add up to 100",
    "write all four, 100 in all",
)


def unknown_unit(near: tuple[str, ...]) -> Flaw:
    hint = f"；相近的有：{'、'.join(near)}" if near else ""
    hint_en = f"; similar: {', '.join(near)}" if near else ""
    return Flaw(
        f"单位表里没有这个单位{hint}",
        "请改正单位名称，或在单位表里加上这个单位",
        f"there is no such unit{hint_en}",
        "correct the name or add the unit",
    )


def two_answers(first: str, second: str) -> Flaw:
    return Flaw(
        f"既写了{first}，又写了{second}",
        "请只保留一种",
        "two different answers are given",
        "keep one of them",
    )


def crossed_bounds(lower: int, upper: int) -> Flaw:
    return Flaw(
        f"最少 {lower} 大于最多 {upper}，无法满足",
        "请改小最少数，或改大最多数",
        f"the minimum {lower} is above the maximum {upper}",
        "lower the minimum or raise the maximum",
    )


def broken_pin(texts: str) -> Flaw:
    return Flaw(
        f"指定的结对不成立：{texts}",
        "一方不愿意或已排除的不能指定，请删去这一行",
        f"the pinned pair may not be: {texts}",
        "a refused or banned pair cannot be pinned; delete the row",
    )


def too_many_pins(upper: int) -> Flaw:
    return Flaw(
        f"指定的结对超过上限（{upper}）",
        "请减少指定，或改大上限",
        f"more pairs are pinned than the maximum ({upper})",
        "pin fewer or raise the maximum",
    )
