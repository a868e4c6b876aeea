"""Which village does a row of a worksheet, or a name in a cell, mean?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lingyan.common.pages import Findings, Flaw, Page, rows_of
from lingyan.common.sheet import ParsedRow
from lingyan.directory.rules import (
    NameBook,
    Named,
    TownBook,
    is_village_code,
    short_village_name,
)
from lingyan_matching.said import Said


@dataclass(frozen=True, slots=True)
class VillageRow:
    """A village of the main worksheet: its id is its code, else town and name."""

    id: str
    name: str
    town: str | None
    row: ParsedRow


def town_names(pages: Iterable[Page], places: Iterable[Page], *columns: str) -> list[str]:
    """Every town that worksheets name in these columns, and those of the places worksheet."""
    names = [values[name] for _, _, values in rows_of(pages) for name in columns if name in values]
    names += [values["name"] for _, _, values in rows_of(places) if _is_town(values["code"])]
    return [name for name in names if name]


class VillageRows:
    """The villages of the main worksheet, each once, and the names by which cells mention them."""

    def __init__(
        self, page: Page, found: Findings, *, towns: TownBook, places: Sequence[Page] = ()
    ) -> None:
        self.page, self.found, self.towns = page, found, towns
        self.whole = not page.parsed.errors
        self.rows: dict[str, VillageRow] = {}
        self._places = self._register(places) if _lists_villages(places) else None
        self._read()
        self.book = NameBook(
            (
                Named(
                    each.id,
                    each.name,
                    label_of(each.name, each.town),
                    each.town,
                    each.row.values["code"],
                )
                for each in self.rows.values()
            ),
            short=short_village_name,
        )

    def _read(self) -> None:
        twins = self._names_that_need_a_town()
        for row in self.page.rows:
            values = row.values
            name, town = short_village_name(values["village"]), self.towns.name_of(values["town"])
            code = values["code"]
            if code is not None and not is_village_code(code):
                self._refuse(row, "code", code, NOT_A_VILLAGE_CODE)
            if self._places is not None:
                town, code = self._checked_place(self._places, row, town)
            if code is None and town is None and name in twins:
                self._refuse(row, "village", values["village"], twin_flaw(name))
                continue
            village = VillageRow(
                values.get("village_id") or code or f"{town or ''}{name}", name, town, row
            )
            before = self.rows.get(village.id) or self._same_place(village)
            if before is None:
                self.rows[village.id] = village
            else:
                self._refuse(row, "village", name, repeated_flaw(before.row.number))

    def _names_that_need_a_town(self) -> frozenset[str]:
        """Names of more than one row: of these each must say which one it is."""
        seen: dict[str, int] = {}
        for row in self.page.rows:
            name = short_village_name(row.values["village"])
            seen[name] = seen.get(name, 0) + 1
        return frozenset(name for name, times in seen.items() if times > 1)

    def _same_place(self, one: VillageRow) -> VillageRow | None:
        for other in self.rows.values():
            if other.name == one.name and other.town is not None and other.town == one.town:
                return other
        return None

    def _register(self, pages: Sequence[Page]) -> NameBook:
        """The register of places, where a worksheet 行政区划 gives it."""
        rows = [values for _, _, values in rows_of(pages)]
        names = {values["code"]: values["name"] for values in rows}
        return NameBook(
            (
                Named(
                    values["code"],
                    values["name"],
                    label_of(short_village_name(values["name"]), names.get(_town_code(values))),
                    names.get(_town_code(values)),
                    values["code"],
                )
                for values in rows
                if is_village_code(values["code"])
            ),
            short=short_village_name,
        )

    def _checked_place(
        self, places: NameBook, row: ParsedRow, town: str | None
    ) -> tuple[str | None, str | None]:
        """Town and code as the register has them; a village that it lacks is an error."""
        values = row.values
        written = values["code"] or values["village"]
        hits = places.find(written, None if values["code"] else town)
        if len(hits) == 1:
            return self.towns.name_of(hits[0].within), hits[0].id
        column = "code" if values["code"] else "village"
        flaw = (
            ambiguous_village(hits)
            if hits
            else unknown_village(places.nearest(written), "行政区划", "the list of places")
        )
        self._refuse(row, column, written, flaw)
        return town, values["code"]

    def find(
        self, page: Page, row: ParsedRow, column: str, text: str, *, town: str | None = None,
        must: bool = True,
    ) -> str | None:  # fmt: skip
        """The id of the village that a cell names; if there is none, an error, or else a note.

        While the main worksheet has errors of its own, a village may be missing for that reason
        alone: then an unknown name is passed over.
        """
        hits = self.book.find(text, town)
        if len(hits) == 1:
            return hits[0].id
        if hits:
            self.found.refuse(page, row, column, text, ambiguous_village(hits))
        elif not must:
            near = self.book.nearest(text, 1)
            hint, hint_en = (f"；相近的有 {near[0]}", f"; like {near[0]}") if near else ("", "")
            said = Said(f"该村不在本批次，未用到{hint}", f"not in this round, left out{hint_en}")
            self.found.note(page, row, column, text, said)
        elif self.whole:
            self.found.refuse(page, row, column, text, unknown_village(self.book.nearest(text)))
        return None

    def _refuse(self, row: ParsedRow, column: str, value: str, flaw: Flaw) -> None:
        self.found.refuse(self.page, row, column, value, flaw)


def _lists_villages(places: Iterable[Page]) -> bool:
    """A list of nothing but towns says which towns there are, not which villages."""
    return any(is_village_code(values["code"]) for _, _, values in rows_of(places))


def label_of(name: str, within: str | None) -> str:
    return f"{name}（{within}）" if within else name


def _is_town(code: str) -> bool:
    return code.endswith("000") and code[6:9] != "000"


def _town_code(values: Mapping[str, Any]) -> str:
    return str(values["parent_code"] or values["code"][:9] + "000")


# --- sentences ----------------------------------------------------------------------------------

NOT_A_VILLAGE_CODE = Flaw(
    "不是村级区划代码",
    "村级代码 12 位，后三位不是 000",
    "is not the code of a village",
    "a village code has 12 digits and does not end in 000",
)


def repeated_flaw(number: int) -> Flaw:
    return Flaw(
        f"与第 {number} 行重复", "请删除其中一行", f"repeats row {number}", "delete one of them"
    )


def twin_flaw(name: str) -> Flaw:
    return Flaw(
        f"有不止一个“{name}”，分不清是哪一个",
        "请在“乡镇”一列写明各自的乡镇，或填写区划代码；若是同一个村写了两次，请删除一行",
        f'there is more than one "{name}"',
        "write the town of each, or its code; if it is one village, delete a row",
    )


def ambiguous_village(hits: Sequence[Named]) -> Flaw:
    labels = "、".join(hit.label for hit in hits)
    return Flaw(
        f"同名的村不止一个：{labels}",
        "请在村名前加上乡镇，或写成 村名（乡镇）",
        f"several villages have this name: {labels}",
        "add the town: village(town)",
    )


def unknown_village(
    near: Sequence[str], where: str = "本批次的村", where_en: str = "the villages of this round"
) -> Flaw:
    hint = f"；相近的有：{'、'.join(near)}" if near else ""
    hint_en = f"; similar: {', '.join(near)}" if near else ""
    return Flaw(
        f"{where}里没有这个村{hint}",
        "请改正村名，或在表里加上这个村",
        f"it is not among {where_en}{hint_en}",
        "correct the name or add the village",
    )


def adjoining_of(
    pages: Iterable[Page], towns: TownBook
) -> tuple[dict[str, tuple[str, ...]] | None, dict[tuple[str, str], int]]:
    """Neighbours of each town (None without such a worksheet) and minutes between towns."""
    pages = tuple(pages)
    if not pages:
        return None, {}
    adjoining: dict[str, set[str]] = {}
    minutes: dict[tuple[str, str], int] = {}
    for _, _, values in rows_of(pages):
        one, other = towns.name_of(values["town"]), towns.name_of(values["other"])
        assert one is not None
        assert other is not None
        if values["adjoins"] is not False:
            adjoining.setdefault(one, set()).add(other)
            adjoining.setdefault(other, set()).add(one)
        if values["minutes"] is not None:
            minutes[one, other] = minutes[other, one] = values["minutes"]
    return {town: tuple(sorted(near)) for town, near in sorted(adjoining.items())}, minutes
