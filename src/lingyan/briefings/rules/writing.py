"""How does a figure stand in the text, is that true of its value, and do figures fit each other?

依据：R-0-16、R-0-17、9.4。
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from lingyan.briefings.rules.text import Block, Figure, Mistake, Parsed, Piece, Words
from lingyan.common.money import WAN
from lingyan.common.refusals import Refusal
from lingyan.common.wording import approximately, in_quotes, is_true, refuse_wording
from lingyan.platform.indicators.definitions import Indicator, Parts, rounded

EXACTLY, ROUGHLY = "准确", "概数"
NO_UNIT = "无"
OF_A_HUNDRED = ("%", "个百分点")
_PART, _SHARE = "其中", re.compile(r"占[^，,。；;]*$")
_ENDS = re.compile(r"[。；！？;!?]")


def write(indicator: Indicator, parts: Parts, figure: Figure) -> str:
    """As it is printed: the words of the text, or those that are true of the value today."""
    value = indicator.value(parts)
    if value is None:
        return indicator.shown(parts)
    if figure.wording not in ("", EXACTLY, ROUGHLY):
        return figure.wording
    unit = figure.unit or indicator.unit
    if figure.wording == ROUGHLY:
        return _with_unit(approximately(value, indicator.unit), indicator.unit, unit)
    if figure.wording == EXACTLY or indicator.exact(parts) == value == 0:
        return _exactly(value, indicator.unit, unit)
    return _with_unit(indicator.written(parts), indicator.unit, unit)


def _exactly(value: Decimal, own: str, unit: str) -> str:
    """Money in 万元 with up to two digits where that tells all of it, else in yuan."""
    if own == "元" and abs(value) >= WAN and value / WAN == round(value / WAN, 2):
        return f"{_plain(value / WAN)}万元"
    return f"{_plain(value)}{'' if unit == NO_UNIT else unit}"


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _with_unit(text: str, own: str, unit: str) -> str:
    if unit == own:
        return text
    return text.removesuffix(own) + ("" if unit == NO_UNIT else unit)


class Number(Protocol):
    """A figure as others are held against it; `exact` is None where there is nothing to tell."""

    @property
    def name(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def written(self) -> str: ...
    @property
    def exact(self) -> Fraction | None: ...


@dataclass(frozen=True, slots=True)
class FrozenNumber:
    """A number as it was frozen, whatever its indicator and its place have become since."""

    name: str
    unit: str
    written: str
    exact: Fraction | None


@dataclass(frozen=True, slots=True)
class Told:
    """What a figure of the text amounts to today."""

    indicator: Indicator
    parts: Parts
    written: str

    @property
    def name(self) -> str:
        return self.indicator.name

    @property
    def unit(self) -> str:
        return self.indicator.unit

    @property
    def exact(self) -> Fraction | None:
        told = self.indicator.is_told(self.parts)
        return self.indicator.exact(self.parts) if told else None


NOTHING_TOLD, OTHER_UNIT = "briefings.figure.nothing", "briefings.figure.unit"


def _refuse_nothing(name: str) -> Refusal:
    text = f"{in_quotes(name)}现在没有可写的数（没有记录或样本不足）"
    return Refusal(NOTHING_TOLD, text)


def _refuse_unit(wording: str, told: Number) -> Refusal:
    text = f"“{wording}”的单位和{in_quotes(told.name)}的单位“{told.unit}”不是一回事"
    return Refusal(OTHER_UNIT, text)


def refuse_written(figure: Figure, told: Number) -> tuple[Refusal, ...]:
    """Whether what stands there is true of the value. 依据：R-0-17。"""
    exact = told.exact
    if exact is None:
        return (_refuse_nothing(told.name),)
    is_own = figure.wording not in ("", EXACTLY, ROUGHLY)
    if is_own and _of_a_hundred(figure.wording) != _of_a_hundred(told.unit):
        return (_refuse_unit(figure.wording, told),)
    return refuse_wording(told.written, _plainly(exact))


def _plainly(exact: Fraction) -> Decimal | Fraction:
    """A whole number is told as one."""
    return Decimal(exact.numerator) if exact.denominator == 1 else exact


def _of_a_hundred(unit: str) -> bool:
    return unit.endswith(OF_A_HUNDRED)


# --- figures among themselves ---------------------------------------------------------------------

ByPosition = Mapping[int, Number]
ByCode = Mapping[tuple[int, str], Number]
"""Of each figure (by its position) the figures that it names, at the same place and period."""


def contradictions(parsed: Parsed, told: ByPosition, named: ByCode) -> tuple[Mistake, ...]:
    """Where a part is more than its whole, a sum is no sum, a share is that of other numbers."""
    found = [*_declared(parsed.figures, told, named)]
    for block in parsed.blocks:
        for sentence in _sentences(block):
            found += _implied(sentence, told)
    return tuple(found)


def _declared(figures: Sequence[Figure], told: ByPosition, named: ByCode) -> Iterator[Mistake]:
    for figure in figures:
        own = told.get(figure.position)
        if own is None or own.exact is None:
            continue
        others = {code: one.exact for (at, code), one in named.items() if at == figure.position}
        for refusal in _against(figure, own, others):
            yield Mistake(figure.spot, refusal)


def _against(
    figure: Figure, own: Number, others: Mapping[str, Fraction | None]
) -> Iterator[Refusal]:
    def of(codes: Sequence[str]) -> list[Fraction] | None:
        found = [one for code in codes if (one := others.get(code)) is not None]
        return found if len(found) == len(codes) else None

    if figure.at_most and (whole := of((figure.at_most,))):
        yield from _refuse_part(own, whole[0])
    if figure.sum_of and (parts := of(figure.sum_of)) and own.exact != sum(parts):
        yield Refusal(
            "briefings.figure.sum",
            f"{own.written} 不等于 {' + '.join(figure.sum_of)} 的合计 {_short(sum(parts))}",
        )
    if figure.share_of and (two := of(figure.share_of)):
        yield from _refuse_share(figure, own, two[0], two[1])


def _refuse_part(own: Number, whole: Fraction) -> Iterator[Refusal]:
    if own.exact is not None and own.exact > whole:
        yield Refusal(
            "briefings.figure.part", f"{own.written} 是其中的一部分，却多于总数 {_short(whole)}"
        )


def _refuse_share(
    figure: Figure, own: Number, part: Fraction, whole: Fraction
) -> Iterator[Refusal]:
    share = 100 * part / whole if whole else None
    if share is None or not _is_share(figure, own, share):
        shown = "无" if share is None else f"{rounded(share, Decimal('0.1'))}%"
        yield Refusal(
            "briefings.figure.share",
            f"{own.written} 与 {_short(part)} 占 {_short(whole)} 的比例 {shown} 不符",
        )


def _is_share(figure: Figure, own: Number, share: Fraction) -> bool:
    if figure.wording not in ("", EXACTLY, ROUGHLY):
        return is_true(figure.wording, share)
    return own.exact is not None and rounded(own.exact, Decimal("0.1")) == rounded(
        share, Decimal("0.1")
    )


def _short(value: Fraction | int) -> str:
    value = Fraction(value)
    return str(value.numerator) if value.denominator == 1 else f"{rounded(value, Decimal('0.1'))}"


def _sentences(block: Block) -> Iterator[list[Piece]]:
    """The pieces of each sentence; a full stop or semicolon ends one."""
    sentence: list[Piece] = []
    for piece in block.pieces:
        if not isinstance(piece, Words) or not _ENDS.search(piece.text):
            sentence.append(piece)
            continue
        first, *rest = _ENDS.split(piece.text)
        yield [*sentence, Words(first, piece.spot)]
        sentence = [Words(rest[-1], piece.spot)]
    yield sentence


def _implied(sentence: Sequence[Piece], told: ByPosition) -> Iterator[Mistake]:
    """其中 makes a part of what stands before it; 占 makes a share of both."""
    whole: Number | None = None
    part: Number | None = None
    is_part, is_share = False, False
    for piece in sentence:
        if isinstance(piece, Words):
            is_part = is_part or (whole is not None and _PART in piece.text)
            is_share = bool(_SHARE.search(piece.text))
            continue
        own = told.get(piece.position) if isinstance(piece, Figure) else None
        if own is None or own.exact is None or not isinstance(piece, Figure):
            continue
        if _of_a_hundred(own.unit):
            if is_share and part is not None and whole is not None and not piece.share_of:
                yield from _mistakes(piece, _share_of(piece, own, part, whole))
        elif not is_part:
            whole = own
        elif whole is not None and own.unit == whole.unit:
            part = own
            if not piece.at_most and whole.exact is not None:
                yield from _mistakes(piece, _refuse_part(own, whole.exact))


def _share_of(figure: Figure, own: Number, part: Number, whole: Number) -> Iterator[Refusal]:
    if part.exact is not None and whole.exact is not None:
        yield from _refuse_share(figure, own, part.exact, whole.exact)


def _mistakes(figure: Figure, refusals: Iterator[Refusal]) -> Iterator[Mistake]:
    return (Mistake(figure.spot, one) for one in refusals)
