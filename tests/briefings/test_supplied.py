"""Can the templates that come with the product be read, and is every number in them bound?"""

from __future__ import annotations

import pytest

from lingyan.briefings.rules.briefings import WRITERS
from lingyan.briefings.rules.numbers import unbound
from lingyan.briefings.rules.paper import TITLE_CHARACTERS, title_lines
from lingyan.briefings.rules.supplied import KEYS, find_supplied, supplied_templates
from lingyan.briefings.rules.text import parse
from lingyan.platform.indicators.registry import find


@pytest.mark.parametrize("key", KEYS)
def test_a_supplied_text_is_whole_and_binds_every_number(key: str) -> None:
    template = find_supplied(key)
    assert template is not None
    parsed = parse(template.text)

    assert not parsed.mistakes
    assert not unbound(parsed)
    assert [one.code for one in parsed.figures if find(one.code) is None] == []
    shut = [
        (one.code, role)
        for one in parsed.figures
        for role in WRITERS
        if (found := find(one.code)) and role not in found.readers
    ]
    assert shut == []
    assert all(len(one) <= TITLE_CHARACTERS for one in title_lines(template.title))


def test_each_has_its_name_and_is_found_by_it() -> None:
    names = [one.name for one in supplied_templates()]

    assert len(set(names)) == len(KEYS)
    assert all(find_supplied(name) is not None for name in names)
    assert find_supplied("没有的") is None
