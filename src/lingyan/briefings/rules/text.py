"""What does the text of a briefing say: which headings and paragraphs, which bound figures?

A line is a paragraph. One that begins with 一、 （一） 1. or （1） is numbered, and a heading where
it ends without a stop. A figure is written {X12} or {X12|期间=去年以来|地方=洛盘镇|写法=560余场};
a number that is no figure is declared: {文字=2035|理由=规划年份}.

依据：9.1（层次序数）、R-9-01。
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from lingyan.common.refusals import Refusal

PERIOD, PLACE, WORDING, UNIT = "期间", "地方", "写法", "单位"
AT_MOST, SUM_OF, SHARE_OF = "不超过", "合计", "占比"
DECLARED, REASON = "文字", "理由"
OPTIONS = (PERIOD, PLACE, WORDING, UNIT, AT_MOST, SUM_OF, SHARE_OF)

_CODE = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_SAME = str.maketrans(dict(zip(map(chr, (0xFF5C, 0xFF1D, 0xFF5B, 0xFF5D)), "|={}", strict=True)))
"""A full-width bar, equals sign or brace is as good; each is one character for one."""
_STOPS = "。；：！？;!?"
_TENS = "零一二三四五六七八九"
_CHINESE = "[一二三四五六七八九十]+"
_NUMBERED = (
    re.compile(rf"(?P<number>{_CHINESE})、\s*"),
    re.compile(rf"（(?P<number>{_CHINESE})）\s*"),
    re.compile(r"(?P<number>\d{1,2})\.(?!\d)\s*"),
    re.compile(r"（(?P<number>\d{1,2})）\s*"),
)
LONGEST_LEAD = 40  # characters of a heading that runs on into its paragraph
LONGEST_FIGURE, LONGEST_WORDING = 300, 40  # with its braces; as it is printed


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something stands in the text, counted from 1; line 0 is above the text."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"第 {self.line} 行第 {self.column} 字" if self.line else "正文之外"


@dataclass(frozen=True, slots=True)
class Words:
    """Ordinary text."""

    text: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Declared:
    """A number typed by hand, with the reason why it is no figure."""

    text: str
    reason: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Figure:
    """A bound figure. `position` counts the figures of the text from 0; empty means: as usual."""

    position: int
    code: str  # as written, in upper case: X12 or IND-3-03
    spot: Spot
    source: str  # as it stands in the text, with its braces
    period: str = ""
    place: str = ""
    wording: str = ""  # as it is to be printed, or 准确, or 概数
    unit: str = ""  # the word for the unit where it is not the indicator's, or 无
    at_most: str = ""  # the code of the whole that it is a part of
    sum_of: tuple[str, ...] = ()
    share_of: tuple[str, ...] = ()  # the codes of the part and of the whole

    @property
    def named(self) -> tuple[str, ...]:
        """The codes of the figures that it is held against."""
        at_most = (self.at_most,) if self.at_most else ()
        return tuple(dict.fromkeys((*at_most, *self.sum_of, *self.share_of)))


Piece = Words | Declared | Figure


@dataclass(frozen=True, slots=True)
class Block:
    """A line: level 0 is a plain paragraph, 1 to 4 are 一、（一） 1. （1）, with `number` in front.

    `lead` is how many pieces, from the first, belong to the heading: all of a heading of its own,
    the first where it runs on into its paragraph, none of a plain paragraph.
    """

    level: int
    number: str  # as written: 一、
    pieces: tuple[Piece, ...]
    spot: Spot
    lead: int = 0

    @property
    def is_heading(self) -> bool:
        return self.level > 0 and self.lead == len(self.pieces)


@dataclass(frozen=True, slots=True)
class Mistake:
    """Why the text cannot be read there, or cannot be issued so."""

    spot: Spot
    refusal: Refusal

    def __str__(self) -> str:
        return f"{self.spot}：{self.refusal.text}"


@dataclass(frozen=True, slots=True)
class Parsed:
    blocks: tuple[Block, ...]
    mistakes: tuple[Mistake, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        return tuple(self.pieces(Figure))

    def pieces(self, kind: type[OneKind]) -> Iterator[OneKind]:
        for block in self.blocks:
            for piece in block.pieces:
                if isinstance(piece, kind):
                    yield piece


OneKind = TypeVar("OneKind", Words, Declared, Figure)


def parse(text: str) -> Parsed:
    """Every block and every mistake; what cannot be read stays as words, so nothing is lost."""
    reader = _Reader([], [])
    blocks = [
        reader.block(line, number)
        for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1)
        if line.strip()
    ]
    order = _mistakes_of_order(blocks)
    found = sorted((*reader.mistakes, *order), key=lambda one: (one.spot.line, one.spot.column))
    return Parsed(tuple(blocks), tuple(found))


class _UnreadableError(Exception):
    """What stands between two braces is none of ours."""

    def __init__(self, code: str, text: str) -> None:
        self.code, self.text = code, text


@dataclass(slots=True)
class _Reader:
    """Reads line by line; collects mistakes and counts figures."""

    mistakes: list[Mistake]
    figures: list[Figure]

    def block(self, line: str, number: int) -> Block:
        start = len(line) - len(line.lstrip())
        level, mark = _numbering(line[start:])
        pieces = self._pieces(line.rstrip(), start + len(mark), number)
        lead = 0
        if level:
            pieces, lead = _lead(pieces)
        return Block(level, mark.strip(), pieces, Spot(number, start + 1), lead)

    def _pieces(self, line: str, start: int, number: int) -> tuple[Piece, ...]:
        same, found = line.translate(_SAME), list[Piece]()
        while start < len(line):
            opening = same.find("{", start)
            end = len(line) if opening < 0 else opening
            self._words(line, start, end, number, found)
            if opening < 0:
                break
            start = self._token(line, same, opening, number, found)
        return tuple(found)

    def _words(self, line: str, start: int, end: int, number: int, found: list[Piece]) -> None:
        text, spot = line[start:end], Spot(number, start + 1)
        stray = text.translate(_SAME).find("}")
        if stray >= 0:
            self._refuse(Spot(number, start + stray + 1), "stray_brace", "多了一个“}”")
        if text:
            found.append(Words(text, spot))

    def _token(self, line: str, same: str, at: int, number: int, found: list[Piece]) -> int:
        """Where the text goes on."""
        spot = Spot(number, at + 1)
        closing, next_one = same.find("}", at), same.find("{", at + 1)
        if closing < 0 or 0 <= next_one < closing:
            self._refuse(spot, "open_brace", "这里的“{”没有对应的“}”")
            end = len(line) if next_one < 0 else next_one
            found.append(Words(line[at:end], spot))
            return end
        source = line[at : closing + 1]
        try:
            found.append(self._inside(same[at + 1 : closing], spot, source))
        except _UnreadableError as why:
            self._refuse(spot, why.code, why.text)
            found.append(Words(source, spot))
        return closing + 1

    def _inside(self, text: str, spot: Spot, source: str) -> Piece:
        head, *rest = (part.strip() for part in text.split("|"))
        name, is_option, value = (part.strip() for part in head.partition("="))
        options = self._options(rest, (REASON,) if is_option else OPTIONS)
        if is_option:
            return self._declared(name, value, options.get(REASON, ""), spot)
        if not _CODE.fullmatch(head):
            raise _UnreadableError("bad_token", f"“{source}”里看不出是哪个指标")
        return self._figure(head.upper(), options, spot, source)

    def _options(self, parts: Sequence[str], allowed: Sequence[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for part in parts:
            name, _, value = (one.strip() for one in part.partition("="))
            if name not in allowed:
                told = "、".join(allowed)
                raise _UnreadableError("bad_option", f"“{name}”不是可写的项，可写：{told}")
            if not value or name in found:
                raise _UnreadableError("bad_option", f"“{name}”没有写值，或者写了两次")
            found[name] = value
        return found

    def _declared(self, name: str, value: str, reason: str, spot: Spot) -> Declared:
        if name != DECLARED or not value:
            raise _UnreadableError("bad_token", "申明文字写作 {文字=…|理由=…}")
        if not reason:
            raise _UnreadableError("reason_missing", f"申明“{value}”是文字，要写理由")
        return Declared(value, reason, spot)

    def _figure(self, code: str, options: dict[str, str], spot: Spot, source: str) -> Figure:
        sum_of = _codes(options.get(SUM_OF, ""), "+")
        share_of = _codes(options.get(SHARE_OF, ""), "/")
        at_most = options.get(AT_MOST, "").upper()
        named = (*sum_of, *share_of, *([at_most] if at_most else []))
        printed = (options.get(WORDING, ""), options.get(UNIT, ""))
        if len(source) > LONGEST_FIGURE or max(map(len, printed)) > LONGEST_WORDING:
            raise _UnreadableError("too_long", "一个数字写得太长")
        if not all(_CODE.fullmatch(one) for one in named) or len(share_of) not in (0, 2):
            raise _UnreadableError(
                "bad_relation", "关系写作 不超过=X01、合计=X04+X05 或 占比=X04/X01"
            )
        figure = Figure(
            len(self.figures),
            code,
            spot,
            source,
            period=options.get(PERIOD, ""),
            place=options.get(PLACE, ""),
            wording=options.get(WORDING, ""),
            unit=options.get(UNIT, ""),
            at_most=at_most,
            sum_of=sum_of,
            share_of=share_of,
        )
        self.figures.append(figure)
        return figure

    def _refuse(self, spot: Spot, code: str, text: str) -> None:
        self.mistakes.append(Mistake(spot, Refusal(f"briefings.text.{code}", text)))


def _codes(text: str, between: str) -> tuple[str, ...]:
    return tuple(one.strip().upper() for one in text.split(between)) if text else ()


def _numbering(line: str) -> tuple[int, str]:
    """Which level, and the number as it stands."""
    for level, pattern in enumerate(_NUMBERED, start=1):
        if found := pattern.match(line):
            return level, found[0]
    return 0, ""


def _lead(pieces: tuple[Piece, ...]) -> tuple[tuple[Piece, ...], int]:
    """Part a heading from what follows it in the same line: 一、选优派强。新选派……"""
    if not pieces or not isinstance(pieces[-1], Words) or pieces[-1].text[-1] not in _STOPS:
        return pieces, len(pieces)
    first = pieces[0]
    if not isinstance(first, Words) or "。" not in first.text[:LONGEST_LEAD]:
        return pieces, 0
    end = first.text.index("。") + 1
    rest = Words(first.text[end:], Spot(first.spot.line, first.spot.column + end))
    parted = (Words(first.text[:end], first.spot), *([rest] if rest.text else []), *pieces[1:])
    return (parted, 1) if len(parted) > 1 else (parted, 0)


def as_number(text: str) -> int:
    """十二 → 12; only as far as headings are numbered."""
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    return (_TENS.find(tens) if tens else 1) * 10 * bool(ten) + (_TENS.find(ones) if ones else 0)


def _mistakes_of_order(blocks: Sequence[Block]) -> Iterator[Mistake]:
    """No level is skipped downward (short texts may go from 一、 to 1.), none counts wrongly."""
    last = [0] * (len(_NUMBERED) + 1)
    above = 0
    for block in blocks:
        if not block.level:
            continue
        if block.level > above + 1 and (above, block.level) != (1, 3):
            yield Mistake(block.spot, _refuse_level(block))
        last[block.level + 1 :] = [0] * (len(_NUMBERED) - block.level)
        last[block.level] += 1
        if as_number(block.number.strip("、（）.")) != last[block.level]:
            yield Mistake(block.spot, _refuse_count(block))
        first = block.pieces[0] if block.pieces else None
        if block.level in (2, 4) and isinstance(first, Words) and first.text.startswith("、"):
            yield Mistake(block.spot, _refuse_comma(block))
        above = block.level


def _refuse_level(block: Block) -> Refusal:
    return Refusal(
        "briefings.text.level", f"“{block.number}”前面少了一层，层次是 一、（一） 1. （1）"
    )


def _refuse_count(block: Block) -> Refusal:
    return Refusal("briefings.text.count", f"“{block.number}”的序号不连续")


def _refuse_comma(block: Block) -> Refusal:
    return Refusal("briefings.text.comma", f"“{block.number}”后面不加顿号")
