"""How does a posting round go from workbooks to the engine's problem, for match and verify?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from lingyan.cli.files import read_book, unreadable, wrong_cells
from lingyan.cli.speaking import Speaker, WrongInput
from lingyan.common import clock

if TYPE_CHECKING:
    from lingyan.common.sheet import Sheet
    from lingyan.common.workbook import Workbook
    from lingyan.posting.problem import PostingProblem


@dataclass(frozen=True, slots=True)
class Round:
    """A problem with what is worth a look in its workbooks."""

    problem: PostingProblem
    notes: tuple[str, ...]
    banner: str


def day_of(text: str | None, say: Speaker) -> date:
    """The day of --as-of, today without it."""
    if text is None:
        return clock.today()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise WrongInput(
            say(
                f"--as-of 的日期不对：{text}。请写成 2026-03-01 的样子。",
                f"--as-of is not a date: {text}; write it like 2026-03-01.",
            )
        ) from error


class TownBounds(TypedDict):
    """How many people each township gets."""

    lower: int
    upper: int | None


def town_bounds(lower: int | None, upper: int | None, say: Speaker) -> TownBounds:
    """What --town-min and --town-max ask for, or what a plan says that they did."""
    if upper is not None and (lower or 0) > upper:
        raise WrongInput(
            say(
                f"--town-min {lower} 大于 --town-max {upper}。请减小前者或增大后者。",
                f"--town-min {lower} is above --town-max {upper}; lower the first.",
            ),
        )
    return TownBounds(lower=lower or 0, upper=upper)


def read_rules(path: str | None, sheets: Sequence[Sheet], say: Speaker) -> Workbook | None:
    """The rules file, a workbook or the same as JSON."""
    if path is None:
        return None
    if not path.lower().endswith(".json"):
        return _titled(read_book(path, say), sheets)
    from lingyan.common.pages import workbook_from_json
    from lingyan.common.workbook import not_opened

    name = Path(path).name
    try:
        data: Any = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise unreadable(name, not_opened(error), say) from error
    except (ValueError, RecursionError) as error:
        line = f"{error.lineno}" if isinstance(error, json.JSONDecodeError) else "1"
        raise WrongInput(
            say(
                f"{name}：不是正确的 JSON，第 {line} 行附近读不通。请改正，或改用规则的表格。",
                f"{name}: not well-formed JSON near line {line}; mend it, or use a workbook.",
            ),
        ) from error
    kinds = {sheet.kind for sheet in sheets} | {sheet.title for sheet in sheets}
    if not isinstance(data, dict) or not set(data) - {"format"} <= kinds:
        known = say("、", ", ").join(sheet.kind for sheet in sheets)
        raise WrongInput(
            say(
                f"{name}：规则的 JSON 应是对象，每项是一张表的各行。可用的表：{known}。",
                f"{name}: rules in JSON are an object of sheets, each a list of rows: {known}.",
            ),
        )
    for key, rows in data.items():
        if key != "format" and not _is_table(rows):
            raise WrongInput(
                say(
                    f'{name}：“{key}”应是一列对象，一行一个，如 [{{"编号": "R05"}}]。请改正。',
                    f'{name}: "{key}" should be a list of objects, one for each row; mend it.',
                ),
            )
    return workbook_from_json(name, data, sheets)


def _is_table(rows: Any) -> bool:
    return isinstance(rows, list) and all(isinstance(row, dict) for row in rows)


def _titled(book: Workbook, sheets: Sequence[Sheet]) -> Workbook:
    """A rules file with one worksheet of another name (a csv) is taken for 规则."""
    from dataclasses import replace

    from lingyan.common.sheet import RawSheet
    from lingyan.posting.sheets import RULES

    titles = {sheet.title for sheet in sheets}
    if len(book.sheets) != 1 or titles & set(book.sheets):
        return book
    (only,) = book.sheets.values()
    assert isinstance(only, RawSheet)
    return replace(book, sheets={RULES.title: replace(only, name=RULES.title)})


def read_round(options: Any, say: Speaker, *, today: date) -> Round:
    """Read --needs, --people and --rules and build the problem; every mistake is said at once."""
    from lingyan.common.pages import BadSheets
    from lingyan.common.workbook import UnreadableFile
    from lingyan.posting.problem.from_sheets import read_posting
    from lingyan.posting.problem.refusing import build_from_sheets
    from lingyan.posting.sheets import EXTRA_SHEETS

    needs = read_book(options.needs, say)
    people = needs if options.people == options.needs else read_book(options.people, say)
    rules = read_rules(options.rules, EXTRA_SHEETS, say)
    try:
        given = read_posting(needs, people, rules, today=today)
        return Round(build_from_sheets(given), given.notes, given.banner)
    except BadSheets as bad:
        raise wrong_cells(bad.errors, say) from bad
    except UnreadableFile as error:
        name = Path(options.needs).name
        raise unreadable(name, error, say) from error
