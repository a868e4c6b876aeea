"""Which digits of a text did somebody type by hand, so that no record stands behind them?

Years, dates, times of day, document numbers and ordinals are no figures and are known by how they
are written. Everything else has to be a bound figure, or declared as text with a reason.

依据：R-9-01 正文中的每个数字都要绑定指标；不绑定的要说明来源。
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lingyan.briefings.rules.text import Figure, Mistake, Parsed, Spot, Words
from lingyan.common.money import HALF_WIDTH
from lingyan.common.refusals import Refusal

_YEAR = r"(?:19|20)\d{2}"
_MONTH, _DAY = "(?:1[0-2]|0?[1-9])", "(?:3[01]|[12][0-9]|0?[1-9])"
NO_FIGURES = (
    rf"〔{_YEAR}〕\s?\d{{1,5}}\s?号",  # 〔2025〕14号
    rf"{_YEAR}年{_MONTH}月(?:{_DAY}日)?",
    rf"{_YEAR}\s?[-—至~]\s?{_YEAR}\s?年",
    rf"{_YEAR}\s?年(?!限|均|龄)",
    rf"{_YEAR}[-/.]{_MONTH}[-/.]{_DAY}",
    rf"(?<!\d){_MONTH}月(?:{_DAY}日|份|底|初|末|中旬|上旬|下旬)?",
    r"(?<!\d)(?:2[0-3]|[01]?\d):[0-5]\d",
    r"第\s?\d{1,4}\s?(?:届|号|期|条|款|项|章|次|季度|批|版|页)",
    r"GB/T\s?\d+(?:-\d{4})?",
)  # fmt: skip
_KNOWN = re.compile("|".join(NO_FIGURES))
_TYPED = re.compile(r"\d+(?:[.,]\d+)*[%‰]?")
_ONES = "一二三四五六七八九"
_COUNTED = "名人个件场户村家处所元万"
# 三百余人, 两千多, 百余件, 八十七名, 十余场, 百分之三十; not 千家万户, 百年, 五项, 十四五.
_TYPED_WORDS = re.compile(
    r"[百千万]分之[一二两三四五六七八九十百零点]+"
    r"|(?:[一二两三四五六七八九十]+[百千万亿])+[一二三四五六七八九十百千零]*[余多]?|[百千万亿][余多]"
    rf"|(?<!第)(?:[{_ONES}]十[{_ONES}]?|十[{_ONES}])[余多]?(?=[{_COUNTED}])|十[余多](?=[{_COUNTED}])"
)


@dataclass(frozen=True, slots=True)
class Typed:
    """A number typed by hand, where it stands."""

    text: str
    spot: Spot


def typed_numbers(words: Words) -> Iterator[Typed]:
    """Every number of this piece of text that is none of the known kinds."""
    plain = words.text.translate(HALF_WIDTH)  # one for one: every character keeps its place
    text = _KNOWN.sub(lambda found: "·" * len(found[0]), plain)
    places = [*_TYPED.finditer(text), *_TYPED_WORDS.finditer(text)]
    for found in sorted(places, key=lambda one: one.start()):
        yield Typed(
            words.text[found.start() : found.end()],
            Spot(words.spot.line, words.spot.column + found.start()),
        )


def unbound(parsed: Parsed) -> tuple[Mistake, ...]:
    """A sentence for each; none of them may go out."""
    return tuple(
        Mistake(
            typed.spot,
            Refusal(
                "briefings.text.unbound",
                f"“{typed.text}”是手写的数字，请换成指标；确实不是统计数的，"
                f"写成 {{文字={typed.text}|理由=…}}",
            ),
        )
        for words in (*parsed.pieces(Words), *_units(parsed))
        for typed in typed_numbers(words)
    )


def _units(parsed: Parsed) -> Iterator[Words]:
    """What a figure has printed behind its number is typed by hand as well."""
    return (Words(one.unit, one.spot) for one in parsed.pieces(Figure) if one.unit)


def unbound_above(name: str, text: str, printed: Iterable[str]) -> Iterator[Mistake]:
    """Numbers of the title, or of the note above the text, that the text does not say as well."""
    for told in filter(None, printed):
        alone = rf"(?<![\d.近超过约]){re.escape(told)}(?![\d.%‰余多百千万亿])"
        text = re.sub(alone, "·" * len(told), text)
    for typed in typed_numbers(Words(text, Spot(0, 1))):
        yield Mistake(
            typed.spot,
            Refusal(
                "briefings.text.unbound_above",
                f"{name}里的“{typed.text}”没有绑定指标；正文里要有同样写法的数字，或者改成不带数字",
            ),
        )
