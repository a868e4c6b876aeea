"""How is a Chinese name typed in Latin letters: in full, and by its initials?"""

from __future__ import annotations

import json
import unicodedata
from array import array
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

# Family names that are read otherwise than the same character elsewhere.
SURNAMES = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "查": "zha", "区": "ou", "朴": "piao",
    "盖": "ge", "缪": "miao", "乐": "yue", "翟": "zhai", "冼": "xian", "秘": "bi", "覃": "qin",
    "逄": "pang", "召": "shao", "种": "chong", "繁": "po", "尉迟": "yu chi", "万俟": "mo qi",
    "长孙": "zhang sun",
}  # fmt: skip
# In given names a character that has two readings is nearly always read as here.
IN_NAMES = {"长": "chang"}


def spelt(text: str) -> tuple[str, str]:
    """(letters in full, initials) without blanks: 财政局 → caizhengju, czj."""
    syllables = _syllables(text)
    return "".join(syllables), "".join(one[0] for one in syllables)


def spelt_person(name: str) -> tuple[str, str]:
    """As `spelt`, with the family name read as one: 单立 → shanli, not danli.

    Character by character: names are in no table of phrases, and that table takes 50 MB.
    """
    for length in (2, 1):
        head, rest = name[:length], name[length:]
        if head in SURNAMES and (rest or length == 1):
            return _joined([*SURNAMES[head].split(), *map(_reading, rest.lower())])
    return _joined(list(map(_reading, name.lower())))


def _joined(readings: Sequence[str]) -> tuple[str, str]:
    return "".join(readings), "".join(one[:1] for one in readings)


@lru_cache(maxsize=10_000)
def _reading(character: str) -> str:
    if character in IN_NAMES:
        return IN_NAMES[character]
    number, (places, readings) = ord(character), _readings()
    reading = readings[places[number]] if number < len(places) else ""
    return reading or _letters_only(character)


@lru_cache(maxsize=1)
def _readings() -> tuple[Sequence[int], Sequence[str]]:
    """For each character where its reading stands, and the readings.

    Importing the package would load its phrases as well; as a dictionary the characters alone take
    7 MB of every process, so 0.5.
    """
    package = find_spec("pypinyin")
    assert package is not None, "it is among our needs"
    assert package.submodule_search_locations, "it is a folder"
    path = Path(package.submodule_search_locations[0]) / "pinyin_dict.json"
    known: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    places = array("H", bytes(2 * (max(map(int, known)) + 1)))
    readings = {"": 0}
    for number, several in known.items():
        first = several.partition(",")[0]
        places[int(number)] = readings.setdefault(first, len(readings))
    return places, [_plain(one) for one in readings]


def _plain(reading: str) -> str:
    """ü is typed as v; every other sign above a letter is a tone."""
    return _letters_only(unicodedata.normalize("NFD", reading).replace("u\u0308", "v"))


@lru_cache(maxsize=20_000)
def _syllables(text: str) -> tuple[str, ...]:
    # Loaded when first asked: its tables cost a quarter of a second, and most commands need none.
    from pypinyin import lazy_pinyin

    found = lazy_pinyin(text.lower(), v_to_u=False, errors=_letters_only)
    return tuple(one for one in found if one)


def _letters_only(text: str) -> str:
    """What is no Chinese character: letters and digits stay, signs and blanks go."""
    return "".join(one for one in text if one.isascii() and one.isalnum())
