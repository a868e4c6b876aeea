"""How is a Chinese name typed in Latin letters: in full, and by its initials?"""

from __future__ import annotations

from functools import lru_cache

# Family names that are read otherwise than the same character elsewhere.
SURNAMES = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "查": "zha", "区": "ou", "朴": "piao",
    "盖": "ge", "缪": "miao", "乐": "yue", "翟": "zhai", "冼": "xian", "秘": "bi", "覃": "qin",
    "逄": "pang", "召": "shao", "种": "chong", "繁": "po", "尉迟": "yuchi", "万俟": "moqi",
    "长孙": "zhangsun",
}  # fmt: skip


def spelt(text: str) -> tuple[str, str]:
    """(letters in full, initials) without blanks: 财政局 → caizhengju, czj."""
    syllables = _syllables(text)
    return "".join(syllables), "".join(one[0] for one in syllables)


def spelt_person(name: str) -> tuple[str, str]:
    """As `spelt`, with the family name read as one: 单立 → shanli, not danli."""
    for length in (2, 1):
        head, rest = name[:length], name[length:]
        if head in SURNAMES and (rest or length == 1):
            letters, initials = spelt(rest)
            own = SURNAMES[head]
            first = own[0] if length == 1 else "".join(one[0] for one in _syllables(head))
            return own + letters, first + initials
    return spelt(name)


@lru_cache(maxsize=20_000)
def _syllables(text: str) -> tuple[str, ...]:
    # Loaded when first asked: its tables cost a quarter of a second, and most commands need none.
    from pypinyin import lazy_pinyin

    found = lazy_pinyin(text.lower(), v_to_u=False, errors=_letters_only)
    return tuple(one for one in found if one)


def _letters_only(text: str) -> str:
    """What is no Chinese character: letters and digits stay, signs and blanks go."""
    return "".join(one for one in text if one.isascii() and one.isalnum())
