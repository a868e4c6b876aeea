"""Is a number another count of the records that it shows, for every area and every reader?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from lingyan.platform.accounts.actor import EVERYTHING, Scope
from lingyan.platform.indicators.definitions import Indicator, Parts, Question, Record, add_up
from lingyan.platform.indicators.registry import INDICATORS

PAGE = 7


def check(
    indicator: Indicator,
    asked: Question,
    scopes: Mapping[str, Scope],
    readers: Mapping[str, Scope],
) -> dict[str, Parts]:
    """Every promise of a source, of each area; the parts of each come back."""
    found = {}
    for name, scope in scopes.items():
        question = Question(scope, asked.on, asked.period)
        told = (indicator.code, name)
        parts = found[name] = indicator.parts(question)
        whole = _evidence(indicator, question, EVERYTHING)
        assert add_up(whole) == parts, told
        if scope == EVERYTHING:
            assert _paged(indicator, question, len(whole)) == whole, told
        for one in whole:
            assert len(one.cells) == len(indicator.heads), told
        keys = _keys(whole)
        for reader, own in readers.items():
            seen = _evidence(indicator, question, own, keys)
            assert set(seen) <= set(whole), (*told, reader)
    _check_towns(indicator, asked, scopes, found)
    return found


def _evidence(
    indicator: Indicator, question: Question, reader: Scope, keys: set[str] | None = None
) -> list[Record]:
    """All that the reader sees; what is hidden and what is seen are the whole."""
    found = indicator.source.evidence(question, reader)
    assert found.count == len(found.records), indicator.code
    assert found.own == add_up(found.records), indicator.code
    whole = found.count if keys is None else len(keys)
    assert found.count + found.hidden == whole, (indicator.code, reader)
    assert len(_keys(found.records)) == found.count, f"{indicator.code} shows a record twice"
    return found.records


def _keys(records: Iterable[Record]) -> set[str]:
    return {f"{one.label} {one.key} {one.is_base}" for one in records}


def _paged(indicator: Indicator, question: Question, count: int) -> list[Record]:
    records: list[Record] = []
    for start in range(0, count, PAGE):
        records += indicator.source.evidence(
            question, EVERYTHING, start=start, stop=start + PAGE
        ).records
    return records


def _check_towns(
    indicator: Indicator,
    asked: Question,
    scopes: Mapping[str, Scope],
    found: Mapping[str, Parts],
) -> None:
    """What stands beside each place is what the place itself is told."""
    of_place = {
        one.place_paths[0]: name
        for name, one in scopes.items()
        if len(one.place_paths) == 1 and not one.unit_ids and not one.person_id
    }
    paths = [path for path in of_place if path]
    county = Question(EVERYTHING, asked.on, asked.period)
    for length in {len(path) for path in paths}:
        level = [path for path in paths if len(path) == length]
        beside = indicator.source.parts_by(county, level)
        both = (indicator.parts(county), beside)
        assert indicator.source.with_places(county, level) == both, indicator.code
        for path in level:
            told = found[of_place[path]]
            assert beside.get(path, Parts()) == told, (indicator.code, of_place[path])


@contextmanager
def changed_by(asked: Question) -> Iterator[set[str]]:
    """Of which registered indicators the number is another one after the act than before."""
    before = {code: one.parts(asked) for code, one in INDICATORS.items()}
    changed = set[str]()
    yield changed
    for code, one in INDICATORS.items():
        if one.exact(one.parts(asked)) != one.exact(before[code]):
            changed.add(code)
