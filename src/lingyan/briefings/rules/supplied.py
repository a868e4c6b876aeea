"""Which templates come with the product? One for each of the three counties' practices.

The texts are our own words and lie in `supplied/`; a county changes them as it likes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

KEYS = ("xuanhan", "taibai", "longxian")
HEADS = ("名称", "简报", "标题")


@dataclass(frozen=True, slots=True)
class Supplied:
    key: str
    name: str
    series: str
    title: str
    text: str


@cache
def supplied_templates() -> tuple[Supplied, ...]:
    folder = resources.files("lingyan.briefings") / "supplied"
    return tuple(_read(key, (folder / f"{key}.txt").read_text("utf-8")) for key in KEYS)


def find_supplied(key_or_name: str) -> Supplied | None:
    found = (one for one in supplied_templates() if key_or_name in (one.key, one.name))
    return next(found, None)


def _read(key: str, content: str) -> Supplied:
    head, _, text = content.partition("\n\n")
    rows = [line.partition("：") for line in head.split("\n")]
    assert tuple(name for name, _, _ in rows) == HEADS, f"{key}: the head is {HEADS}"
    name, series, title = (told for _, _, told in rows)
    return Supplied(key, name, series, title, text.strip())
