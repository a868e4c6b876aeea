"""Codes stand in tables and files for years: their spelling is agreed, their labels are words."""

from __future__ import annotations

import re

import pytest

from lingyan.common.choices import Choice
from lingyan.posting.rules import words

CHOICES = [
    kind
    for kind in vars(words).values()
    if isinstance(kind, type) and issubclass(kind, Choice) and kind is not Choice
]


@pytest.mark.parametrize("kind", CHOICES, ids=lambda kind: kind.__name__)
def test_a_code_is_spelt_like_its_name_and_has_a_label(kind: type[Choice]) -> None:
    for member in kind:
        assert re.fullmatch(r"[a-z][a-z0-9_]*|[TIG]\d|\d|RG\d\d", member.value), member
        assert member.value == member.name or member.value.lower() in (
            member.name.lower(),
            str(list(kind).index(member)),
        ), member
        assert member.label


def test_no_label_is_used_twice_within_a_list() -> None:
    for kind in CHOICES:
        labels = [member.label for member in kind]
        assert len(set(labels)) == len(labels), kind
