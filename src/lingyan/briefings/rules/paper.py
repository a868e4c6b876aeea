"""How does a briefing stand on paper: head, title, headings, tail and list of figures?

依据：GB/T 9704-2012 的版面与字体，简报的报头、报尾从习惯（第9.1至9.3节）。
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from lingyan.briefings.rules.numbers import typed_numbers
from lingyan.briefings.rules.text import Block, Declared, Figure, Parsed, Words
from lingyan.briefings.rules.text import Piece as Read

TITLE_CHARACTERS = 20  # of 2号 that fit into one line
NOT_BOUND = "这里的数字没有取到"
TYPED = "手写的数字，没有关联台账"
NOT_COUNTED = "—"
INTERNAL = "内部资料　注意保存"  # the only mark of secrecy that there may be (9.2)
BREAKS_AFTER = "，、：；—》”）"
AROUND = 10  # characters on each side of a number that is listed
NEVER_FIRST = "，、：；。》”）的了着和与"


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a line; `wrong` says why a draft marks it."""

    text: str
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph (level 0) or a heading (1 to 4), its number in the first piece.

    `lead` of the pieces belong to the heading, where that runs on into its paragraph.
    """

    level: int
    pieces: tuple[Piece, ...]
    lead: int = 0

    @property
    def is_heading(self) -> bool:
        return self.level > 0 and self.lead == len(self.pieces)

    @property
    def text(self) -> str:
        return "".join(one.text for one in self.pieces)


@dataclass(frozen=True, slots=True)
class ListedFigure:
    """One row of the list of figures that goes with the text (R-9-03)."""

    written: str
    code: str
    name: str
    version: int
    value: str
    place: str
    period: str
    records: str = NOT_COUNTED  # those of a draft are not frozen
    digest: str = NOT_COUNTED


@dataclass(frozen=True, slots=True)
class ListedWords:
    """A number that somebody declared to be none of ours: where it stands, and why (R-9-01)."""

    text: str
    reason: str
    around: str
    line: int


@dataclass(frozen=True, slots=True)
class Paper:
    series: str
    issuer: str
    title: str
    lines: tuple[Line, ...]
    signed_on: date | None = None
    issue_no: int | None = None
    total_no: int | None = None
    is_supplement: bool = False
    mark: str = ""  # INTERNAL, or nothing
    banners: tuple[str, ...] = ()  # 演示数据, 草稿
    editor_note: str = ""
    to_report: str = ""
    to_send: str = ""
    to_distribute: str = ""
    printer: str = ""
    copies: int | None = None
    figures: tuple[ListedFigure, ...] = ()
    declared: tuple[ListedWords, ...] = ()

    @property
    def issue(self) -> str:
        """第12期, 增刊第1期, and the blank line of a draft."""
        number = str(self.issue_no) if self.issue_no else "　"
        told = f"{'增刊' if self.is_supplement else ''}第{number}期"
        return f"{told}（总第{self.total_no}期）" if self.total_no else told

    @property
    def recipients(self) -> tuple[tuple[str, str], ...]:
        """报, 送 and 发, as far as there is anybody; each ends with a full stop."""
        rows = (("报", self.to_report), ("送", self.to_send), ("发", self.to_distribute))
        return tuple((head, told.rstrip("。 ") + "。") for head, told in rows if told.strip())

    @property
    def printed(self) -> str:
        if self.copies:
            return f"共印{self.copies}份"
        return f"{written_day(self.signed_on)}印发" if self.signed_on else ""


def written_day(day: date) -> str:
    """2026年1月3日: the whole year, no leading nought."""
    return f"{day.year}年{day.month}月{day.day}日"


def lines_of(
    parsed: Parsed, written: Mapping[int, Piece], *, marked: bool = False
) -> tuple[Line, ...]:
    """The text with its figures in their places; `written` by the position of the figure.

    A draft is `marked`: what somebody typed that looks like a figure is told apart.
    """
    return tuple(_line(block, written, marked=marked) for block in parsed.blocks)


def _line(block: Block, written: Mapping[int, Piece], *, marked: bool) -> Line:
    number = [Piece(block.number)] if block.number else []
    pieces = tuple(_pieces(block.pieces, written, marked=marked))
    lead = len(tuple(_pieces(block.pieces[: block.lead], written, marked=marked)))
    return Line(block.level, (*number, *pieces), lead + len(number) if lead else 0)


def _pieces(
    pieces: Iterable[Read], written: Mapping[int, Piece], *, marked: bool
) -> Iterator[Piece]:
    for one in pieces:
        if isinstance(one, Figure):
            yield written.get(one.position, Piece(one.source, NOT_BOUND))
        elif marked and isinstance(one, Words):
            yield from _marked(one)
        else:
            yield Piece(one.text)


def _marked(words: Words) -> Iterator[Piece]:
    done = 0
    for typed in typed_numbers(words):
        start = typed.spot.column - words.spot.column
        if start > done:
            yield Piece(words.text[done:start])
        yield Piece(typed.text, TYPED)
        done = start + len(typed.text)
    if done < len(words.text):
        yield Piece(words.text[done:])


def declared_in(parsed: Parsed) -> tuple[ListedWords, ...]:
    """In the order of the text, each with a few of the words around it."""
    return tuple(
        ListedWords(one.text, one.reason, _around(block, place), one.spot.line)
        for block in parsed.blocks
        for place, one in enumerate(block.pieces)
        if isinstance(one, Declared)
    )


def _around(block: Block, place: int) -> str:
    told = ["…" if isinstance(one, Figure) else one.text for one in block.pieces]
    before, after = "".join(told[:place]), "".join(told[place + 1 :])
    return f"{before[-AROUND:]}{told[place]}{after[:AROUND]}"


def title_lines(title: str, room: int = TITLE_CHARACTERS) -> tuple[str, ...]:
    """Broken where the writer breaks it; else by meaning, into lines of about one length."""
    typed = tuple(line.strip() for line in title.splitlines() if line.strip())
    if len(typed) != 1 or len(typed[0]) <= room:
        return typed
    left = typed[0]
    found = []
    for count in range(-(-len(left) // room), 1, -1):
        place = _break_near(left, -(-len(left) // count), room)
        found.append(left[:place])
        left = left[place:]
    return (*found, left)


def _break_near(text: str, wanted: int, room: int) -> int:
    """The place nearest to the wanted one: after a mark where there is one close by."""
    places = [one for one in range(2, min(room, len(text) - 1) + 1) if text[one] not in NEVER_FIRST]
    after = [one for one in places if text[one - 1] in BREAKS_AFTER and abs(one - wanted) <= 4]
    return min(after or places, key=lambda one: (abs(one - wanted), one))
