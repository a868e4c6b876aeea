"""Do the packages of rules and problems offer exactly what they say?"""

from __future__ import annotations

from types import ModuleType

import pytest

import lingyan.posting.problem
import lingyan.posting.rules
import lingyan_matching


@pytest.mark.parametrize(
    "package", [lingyan.posting.rules, lingyan.posting.problem, lingyan_matching]
)
def test_every_name_that_is_offered_is_there_and_once(package: ModuleType) -> None:
    assert [name for name in package.__all__ if not hasattr(package, name)] == []
    assert len(set(package.__all__)) == len(package.__all__)
