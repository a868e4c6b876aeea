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
_TIME = r"(?<!\d)(?:2[0-3]|[01]?\d):[0-5]\d"
_TIMES = rf"{_TIME}(?:\s?[-—至~]\s?{_TIME})?"
NO_FIGURES = (
    rf"〔{_YEAR}〕\s?\d{{1,5}}\s?号",  # 〔2025〕14号
    rf"{_YEAR}年{_MONTH}月(?:{_DAY}日)?",
    rf"{_YEAR}\s?[-—至~]\s?{_YEAR}\s?年",
    rf"{_YEAR}\s?年(?!限|均|龄)",
    rf"{_YEAR}[-/.]{_MONTH}[-/.]{_DAY}",
    rf"(?<!\d){_MONTH}月(?:{_DAY}日|份|底|初|末|中旬|上旬|下旬)?",
    rf"(?:(?<=[午早晚上晨日间])|(?<=[午早晚上晨日间] )|(?<=周[一二三四五六])){_TIMES}",
    rf"{_TIMES}(?=\s?(?:集合|起|开会|开始|开班|签到|出发|准时))",  # 9:30, and not a ratio
    r"第\s?\d{1,4}\s?(?:届|号|期|条|款|项|章|次|季度|批|版|页)",
    r"GB/T\s?\d+(?:-\d{4})?",
)  # fmt: skip
_ONES = "一二三四五六七八九"
_WORD = f"[{_ONES}两十百千万零]"  # of a number in words
ORDINARY = (
    rf"第{_WORD}+",
    rf"前{_WORD}+名|[{_ONES}两]名[额单称师校医录牌言著]",
    rf"一成不变|[统划归单合专唯]一成|[{_ONES}两]成[立员果长绩就熟套效品型]",
    r"(?:[近过超]|一大?|大)半(?:年|月(?![报度底])|天(?!然)|小时|个[小月多世])",
    r"大半(?:生|辈子|夜|路|空)|半(?:导体|岛)|年过半百|过半[途路]|减半征收",
    r"(?:信心|精神|勇气)百倍|百倍(?:努力|珍惜|用心|关注)",
    r"千家万户|万众一心|一比高[低下]",
)  # fmt: skip
"""Words that hold what looks like a number in words."""
_KNOWN = re.compile("|".join((*NO_FIGURES, *ORDINARY)))
_THINGS = "名人个件场户村家处所元万次份亩岁对套"
TYPED = (
    r"\d+(?:[.,]\d+)*[%‰]?(?:\s?[:\u2236/比]\s?\d+(?:[.,]\d+)*)*",  # 87, 75%, 1:20, 1比20
    rf"{_WORD}+分之{_WORD}+(?:点{_WORD}+)?|百分百",  # 三分之二, 百分之三十
    rf"{_WORD}+个?百分点|{_WORD}+比{_WORD}+",  # 一比二十
    rf"[{_ONES}两]成[半多]?",  # 三成, 两成多
    r"(?:超过|将近|[超近约过])?半数|(?:超过|将近|[超近过大减]|一大?)半",  # 过半, 近半, 一半
    rf"{_WORD}+倍|翻了?[{_ONES}两]?番|翻倍",
    rf"(?:[{_ONES}两十]+[百千万亿])+[{_ONES}十百千零]*[余多]?",  # 三百余, 两千多
    r"(?<!\d)[百千万亿][余多]|(?<!\d)[百千万](?=名)",  # 百余件; 千名 (R-0-17)
    rf"[近超逾约破过上数几][十百千万亿]+(?=[{_THINGS}])",  # 近百名, 数十个
    rf"(?:[{_ONES}]十[{_ONES}]?|十[{_ONES}])(?=[{_THINGS}])",  # 八十七名; not 十二项制度
    rf"[{_ONES}]?十[{_ONES}]?[余多](?=[{_THINGS}项条期])",  # 十余场, 三十多项
    rf"[{_ONES[1:]}两](?=名)|(?<!\d){_WORD}+(?=[人件场户]次)",  # 三名, 五人次; not 每村一名
    "[壹贰叁肆伍陆柒捌玖拾佰仟]{2,}",
)  # fmt: skip
"""Numbers, in digits or words; not 千家万户, 百年, 五项举措, 十四五."""
_TYPED = re.compile("|".join(TYPED))


@dataclass(frozen=True, slots=True)
class Typed:
    """A number typed by hand, where it stands."""

    text: str
    spot: Spot


def typed_numbers(words: Words) -> Iterator[Typed]:
    """Every number of this piece of text that is none of the known kinds."""
    plain = words.text.translate(HALF_WIDTH)  # one for one: every character keeps its place
    text = _KNOWN.sub(lambda found: "·" * len(found[0]), plain)
    for found in _TYPED.finditer(text):
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
