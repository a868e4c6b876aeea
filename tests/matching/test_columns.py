"""Is what comes out of bare columns the best, and is it proved?"""

from __future__ import annotations

import random
import subprocess
import sys
from dataclasses import replace

import numpy
import pytest
from scipy.optimize import linear_sum_assignment

from lingyan_matching import columns as columns_module
from lingyan_matching.carrier import plain
from lingyan_matching.check_columns import check_columns
from lingyan_matching.columns import Columns, Parts, seat_columns, seat_parts
from lingyan_matching.table_kernel import GAVE_UP, PAIRS_MAX, is_dense

CARRIERS = ("plain", "compiled")


def drawn(
    people: int, posts: int, *, share: float = 0.6, span: int = 1000, seed: int = 1
) -> Columns:
    """Pairs in mixed order, scores drawn evenly."""
    dice = random.Random(seed)
    pairs = [(i, p) for i in range(people) for p in range(posts) if dice.random() < share]
    dice.shuffle(pairs)
    person, post = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return Columns(people, posts, person, post, [dice.randint(0, span) for _ in pairs])


def sought_after(columns: Columns, *, noise: int = 50, seed: int = 1) -> Columns:
    dice = random.Random(seed)
    quality = [dice.randint(0, 1000 - noise) for _ in range(columns.people)]
    score = [quality[person] + dice.randint(0, noise) for person in columns.person]
    return Columns(columns.people, columns.posts, columns.person, columns.post, score)


def on_arrays(columns: Columns, kind: str) -> Columns:
    parts = (numpy.array(c, kind) for c in (columns.person, columns.post, columns.score))
    return Columns(columns.people, columns.posts, *parts)


def best_filling(columns: Columns) -> tuple[int, int]:
    """Most posts filled and then the best sum of scores, by scipy."""
    empty = 10**7
    cost = numpy.full((columns.posts, columns.people), float(empty))
    cost[columns.post, columns.person] = -numpy.array(columns.score, dtype=float)
    values = cost[linear_sum_assignment(cost)]
    values = values[values < empty]
    return len(values), int(-values.sum())


def proved(columns: Columns, seated) -> tuple[int, int]:
    """Hold the answer against every pair; posts filled and sum of scores."""
    u, v, post_of = (list(map(int, c)) for c in (seated.u, seated.v, seated.post_of_person))
    chosen = []
    for i, p, score in zip(columns.person, columns.post, columns.score, strict=True):
        assert u[p] + v[i] <= seated.best - score
        if post_of[i] == p:
            chosen.append(score)
    filled = [post for post in post_of if post >= 0]
    assert len(set(filled)) == len(filled) == len(chosen)
    assert max(v, default=0) <= 0
    assert max(u, default=0) <= seated.empty
    assert seated.spent == sum(seated.best - score for score in chosen)
    assert seated.spent + seated.empty * (columns.posts - len(chosen)) == sum(u) + sum(v)
    return len(chosen), sum(chosen)


SHAPES = [(12, 5), (5, 12), (9, 9), (130, 110), (110, 130), (120, 120), (3, 1), (1, 3)]


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize(("people", "posts"), SHAPES)
@pytest.mark.parametrize("share", [0.9, 0.3, 0.05])
def test_columns_get_the_best_assignment_and_a_proof(people, posts, share, carrier):
    for seed in range(3):
        columns = drawn(people, posts, share=share, seed=seed, span=(1000, 3, 0)[seed])
        if columns.score:
            seated = seat_columns(columns, carrier=carrier)
            assert proved(columns, seated) == best_filling(columns)


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("kind", ["int32", "int64"])
def test_where_everybody_wants_the_same_people_the_table_gives_up(carrier, kind, monkeypatch):
    columns = sought_after(drawn(150, 120))
    laid = []
    real = columns_module.on_edges

    def noted(*asked):
        laid.append(asked)
        return real(*asked)

    monkeypatch.setattr(columns_module, "on_edges", noted)

    seated = seat_columns(on_arrays(columns, kind) if carrier == "compiled" else columns,
                          carrier=carrier)  # fmt: skip

    assert proved(columns, seated) == best_filling(columns)
    assert len(laid) == 1


def test_both_carriers_find_the_same_prices():
    for seed in range(12):
        people, posts = (40, 30) if seed % 2 else (30, 40)
        columns = drawn(people, posts, share=(0.9, 0.5, 0.1)[seed % 3], seed=seed, span=40)
        plain, compiled = (seat_columns(columns, carrier=name) for name in CARRIERS)
        for name in ("post_of_person", "u", "v"):
            assert list(getattr(plain, name)) == getattr(compiled, name).tolist()
        assert (plain.best, plain.empty, plain.spent) == (
            compiled.best,
            compiled.empty,
            compiled.spent,
        )


def test_a_table_is_laid_only_where_it_is_small_and_full():
    assert is_dense(10, 10, 25)
    assert not is_dense(10, 10, 24)
    assert is_dense(1024, 1024, PAIRS_MAX)
    assert not is_dense(1024, 1025, 1024 * 1025)
    assert not is_dense(0, 10, 0)


def test_scores_too_wide_for_a_key_are_seated_on_the_edges():
    columns = drawn(30, 20)
    wide = [score * 10**14 for score in columns.score]
    columns = Columns(30, 20, columns.person, columns.post, wide)

    filled, _ = proved(columns, seat_columns(columns, carrier="plain"))
    assert filled == 20


def test_nothing_to_decide_leaves_everything_empty():
    seated = seat_columns(Columns(3, 2, [], [], []))

    assert list(seated.post_of_person) == [-1, -1, -1]
    assert list(seated.u) == [1, 1]
    assert seated.spent == 0


FORGERIES = {
    "moved to a dearer pair": lambda s: {"post_of_person": swapped(s.post_of_person)},
    "one sent home": lambda s: {"post_of_person": without_one(s.post_of_person)},
    "two at one post": lambda s: {"post_of_person": doubled(s.post_of_person)},
    "one who is not there": lambda s: {"post_of_person": [*s.post_of_person, -1]},
    "a post less": lambda s: {"u": list(s.u)[:-1]},
    "a price of a person above 0": lambda s: {"v": [1, *list(s.v)[1:]]},
    "a price above an empty seat": lambda s: {"u": [s.empty + 1, *list(s.u)[1:]]},
    "a pair too cheap": lambda s: {"u": [s.u[0] + 1, *list(s.u)[1:]]},
    "prices that prove less": lambda s: {"u": [s.u[0] - 1, *list(s.u)[1:]]},
    "another best score": lambda s: {"best": s.best + 1},
    "a price that nobody asks for": lambda s: {"v": lowered(s.v, s.post_of_person)},
    "a cheap empty seat": lambda s: {"empty": s.empty - 1},
    "a wrong sum": lambda s: {"spent": s.spent - 1},
}


REFUTED = {"a price that nobody asks for": "the assignment costs more than its prices prove"}


def swapped(post_of):
    post_of = list(post_of)
    first, second = [i for i, post in enumerate(post_of) if post >= 0][:2]
    post_of[first], post_of[second] = post_of[second], post_of[first]
    return post_of


def lowered(prices, post_of):
    """Somebody who sits nowhere gets a lower price: every pair still costs what it may."""
    prices = list(prices)
    prices[list(post_of).index(-1)] -= 1
    return prices


def without_one(post_of):
    post_of = list(post_of)
    post_of[next(i for i, post in enumerate(post_of) if post >= 0)] = -1
    return post_of


def doubled(post_of):
    post_of = list(post_of)
    first, second = [i for i, post in enumerate(post_of) if post >= 0][:2]
    post_of[second] = post_of[first]
    return post_of


def as_arrays(seated):
    return replace(
        seated,
        **{name: numpy.array(getattr(seated, name)) for name in ("post_of_person", "u", "v")},
    )


@pytest.mark.parametrize("name", FORGERIES)
def test_the_checker_refutes_a_forgery_and_on_arrays_in_the_same_words(name):
    columns = drawn(20, 12, share=0.7, seed=4)
    seated = seat_columns(columns, carrier="plain")
    assert check_columns(columns, seated) is None

    forged = replace(seated, **FORGERIES[name](seated))

    said = check_columns(columns, forged)
    assert said == REFUTED.get(name, said) is not None
    assert check_columns(on_arrays(columns, "int64"), as_arrays(forged)) == said


def test_two_who_are_worth_the_same_cannot_both_have_the_post():
    columns = Columns(2, 1, [0, 1], [0, 0], [5, 5])
    seated = seat_columns(columns, carrier="plain")
    assert check_columns(columns, seated) is None

    both = replace(seated, post_of_person=[0, 0])

    assert check_columns(columns, both) == "a post has two people"


@pytest.mark.parametrize("kind", ["int32", "int64"])
def test_the_checker_accepts_what_is_best_in_arrays_of_either_width(kind):
    for people, posts in ((60, 40), (40, 60)):
        columns = on_arrays(drawn(people, posts, seed=posts), kind)
        assert check_columns(columns, seat_columns(columns, carrier="compiled")) is None


@pytest.mark.parametrize("place", ["person", "post"])
@pytest.mark.parametrize("index", [-1, 20])
def test_a_pair_that_names_nobody_is_refuted(place, index):
    columns = drawn(20, 20, seed=2)
    seated = seat_columns(columns, carrier="plain")
    getattr(columns, place)[0] = index

    said = check_columns(columns, seated)

    assert said == "a pair names somebody who is not there"
    assert check_columns(on_arrays(columns, "int32"), as_arrays(seated)) == said


def test_the_checker_of_columns_loads_no_solver():
    program = (
        "import sys, lingyan_matching.check_columns;"
        "names = {'seating', 'columns', 'table_kernel', 'total'};"
        "print(sorted(names & {name.rpartition('.')[2] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("person", [[0, 3], [0, -1], [0]])
def test_columns_that_name_nobody_are_refused(person, carrier):
    for columns in (
        Columns(3, 3, person, [0, 1], [5, 5]),
        Columns(3, 3, [0, 1], person, [5, 5]),
    ):
        with pytest.raises(ValueError, match=r"not there|differ in length"):
            seat_columns(columns, carrier=carrier)


@pytest.mark.parametrize("at_once", [1, 7, 64])
def test_the_look_at_every_pair_does_not_depend_on_how_many_are_looked_at_at_once(
    at_once, monkeypatch
):
    monkeypatch.setattr("lingyan_matching.edge_pass.EDGES_AT_ONCE", at_once)
    columns = on_arrays(drawn(20, 12, share=0.7, seed=4), "int64")
    seated = as_arrays(seat_columns(columns, carrier="plain"))
    assert check_columns(columns, seated) is None

    last = int(columns.post[-1])
    dearer = seated.u.copy()
    dearer[last] += 1
    cheaper = seated.u.copy()
    cheaper[last] -= 1

    assert "ask for" in check_columns(columns, replace(seated, u=dearer))
    assert check_columns(columns, replace(seated, u=cheaper)) is not None


def joined(several: list[Columns]) -> Parts:
    """The columns of several problems one after another."""
    starts = [[0], [0], [0]]
    for columns in several:
        sizes = columns.people, columns.posts, len(columns.score)
        for start, size in zip(starts, sizes, strict=True):
            start.append(start[-1] + size)
    names = ("person", "post", "score")
    return Parts(*starts, *([x for c in several for x in getattr(c, name)] for name in names))


SEVERAL = [
    drawn(20, 12, share=0.9, seed=1),
    drawn(12, 20, share=0.9, seed=2),
    drawn(30, 20, share=0.1, seed=3),
    Columns(4, 3, [], [], []),
    sought_after(drawn(140, 120, seed=4)),
    Columns(0, 2, [], [], []),
    drawn(9, 9, share=0.7, seed=5, span=3),
]


@pytest.mark.parametrize("carrier", CARRIERS)
def test_parts_are_seated_as_if_each_were_alone(carrier):
    together = seat_parts(joined(SEVERAL), carrier=carrier)

    assert len(together) == len(SEVERAL)
    for columns, seated in zip(SEVERAL, together, strict=True):
        alone = seat_columns(columns, carrier=carrier)
        for name in ("post_of_person", "u", "v"):
            assert list(getattr(seated, name)) == list(getattr(alone, name))
        assert (seated.best, seated.empty, seated.spent) == (alone.best, alone.empty, alone.spent)
        if columns.score:
            assert proved(columns, seated) == best_filling(columns)
        assert check_columns(columns, seated) is None


@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_part_that_names_somebody_of_the_next_part_is_refused(carrier):
    parts = joined(SEVERAL)
    parts.person[-1] = 9

    with pytest.raises(ValueError, match="somebody who is not there"):
        seat_parts(parts, carrier=carrier)


@pytest.mark.parametrize("kind", ["int32", "int64"])
@pytest.mark.parametrize("shape", [(60, 40), (40, 60), (50, 50)])
@pytest.mark.parametrize("share", [0.9, 0.15])
def test_packed_columns_get_the_same_seats_and_prices_in_arrays(kind, shape, share, monkeypatch):
    monkeypatch.setattr(columns_module, "ARRAYS_FROM_EDGES", 0)
    columns = drawn(*shape, share=share, seed=6)
    assert columns_module.carrier_for(columns, "plain").name == "plain"

    given = on_arrays(columns, kind)
    assert columns_module.carrier_for(given, "plain").name == "packed"
    packed, lists = seat_columns(given, carrier="plain"), seat_columns(columns, carrier="plain")

    for name in ("post_of_person", "u", "v"):
        assert getattr(packed, name).dtype == "int64"
        assert getattr(packed, name).tolist() == list(getattr(lists, name))
    assert (packed.best, packed.empty, packed.spent) == (lists.best, lists.empty, lists.spent)
    assert check_columns(given, packed) is None


def test_a_part_whose_scores_are_too_wide_does_not_keep_the_next_from_its_table():
    first = SEVERAL[0]
    wide = replace_score(first, [score * 10**14 for score in first.score])
    parts = joined([wide, first])

    _, waited = columns_module.on_tables(parts, plain())

    assert waited[0] == GAVE_UP
    assert waited[1] >= 0


def replace_score(columns: Columns, score: list[int]) -> Columns:
    return Columns(columns.people, columns.posts, columns.person, columns.post, score)


def test_many_small_towns_where_some_find_no_place_are_seated_best_on_a_table():
    towns = [
        drawn(2 + seed % 5, 2 + seed // 5 % 5, share=0.45, seed=seed, span=(2, 9, 1000)[seed % 3])
        for seed in range(300)
    ]
    dense = [town for town in towns if is_dense(town.people, town.posts, len(town.score))]

    found, waited = columns_module.on_tables(joined(dense), plain())

    assert len(dense) > 200
    assert min(waited) >= 0 < max(waited)
    for town, seated in zip(dense, found, strict=True):
        assert proved(town, seated) == best_filling(town)


def test_packed_columns_of_people_whom_everybody_wants_are_seated_from_a_guess(monkeypatch):
    monkeypatch.setattr(columns_module, "ARRAYS_FROM_EDGES", 0)
    columns = sought_after(drawn(260, 200, share=0.2, seed=7))

    packed = seat_columns(on_arrays(columns, "int32"), carrier="plain")

    assert proved(columns, packed) == best_filling(columns)


@pytest.mark.parametrize("carrier", CARRIERS)
def test_scores_too_far_apart_for_arrays_are_refused_not_wrapped(carrier, monkeypatch):
    monkeypatch.setattr(columns_module, "ARRAYS_FROM_EDGES", 0)
    columns = drawn(30, 20)
    wide = [score * 10**14 for score in columns.score]
    columns = on_arrays(Columns(30, 20, columns.person, columns.post, wide), "int64")

    with pytest.raises(ValueError, match="too far apart"):
        seat_columns(columns, carrier=carrier)


def test_a_province_without_a_compiler_loads_none():
    program = (
        "import sys, numpy; from lingyan_matching.columns import Columns, seat_columns;"
        "n = 150_000; three = numpy.arange(n, dtype='int32');"
        "columns = Columns(n, n, three, three, three);"
        "print(seat_columns(columns, carrier='plain').spent, 'numba' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == [str(sum(range(150_000))), "False"]
