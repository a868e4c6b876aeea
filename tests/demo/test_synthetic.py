"""Are the demo's people plainly invented and their numbers well formed?"""

from __future__ import annotations

from datetime import date

from lingyan.common.identity import Identity, read_identity
from lingyan.demo.synthetic import Invented, People, names

YOUNGEST, OLDEST = date(1998, 1, 1), date(1972, 1, 1)


def some(seed: int, count: int = 400) -> list[Invented]:
    people = People(seed)
    return [people.next(youngest=YOUNGEST, oldest=OLDEST) for _ in range(count)]


def test_names_follow_the_pattern_and_never_repeat() -> None:
    found = list(names())

    assert len(set(found)) == len(found) == 5200
    assert {name[1] for name in found} == set("甲乙丙丁戊己庚辛壬癸")
    assert {name[2] for name in found} == set("一二三四五六七八九十百千万")


def test_identity_numbers_are_valid_unique_and_of_an_area_never_issued() -> None:
    people = some(7)

    numbers = [one.id_number for one in people]
    assert len(set(numbers)) == len(numbers)
    for one in people:
        identity = read_identity(one.id_number)
        assert isinstance(identity, Identity)
        assert identity.born_on == one.birth_on
        assert one.id_number.startswith("990000")


def test_both_sexes_occur() -> None:
    assert {one.gender for one in some(7)} == {"male", "female"}


def test_the_same_seed_makes_the_same_people() -> None:
    assert some(3) == some(3)
    assert some(3) != some(4)
