"""Do deep calls with room leave the system alone, and answer as they would without?"""

from __future__ import annotations

import resource

import pytest

from lingyan.common.stack_room import with_room

DEPTH, CALLS = 300, 500


def leaf() -> None:
    return None


def deep(left: int) -> None:
    """Wherever the edge of a chunk lies, one depth calls across it again and again."""
    for _ in range(CALLS):
        leaf()
    if left:
        deep(left - 1)


def pages_asked_for() -> int:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    with_room(deep, DEPTH)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def test_a_deep_call_asks_the_system_for_memory_once() -> None:
    assert pages_asked_for() < CALLS


def test_it_answers_and_raises_as_the_function_does() -> None:
    assert with_room(divmod, 7, 2) == (3, 1)
    assert with_room(sorted, "ba", reverse=True) == ["b", "a"]
    with pytest.raises(ZeroDivisionError):
        with_room(divmod, 1, 0)
