"""Is an assignment of bare columns the best one? Checked from the columns, without any solver.

The prices prove it: if no pair costs less than both its prices, no plan costs less than all prices
together, and this one costs exactly that. NumPy reads arrays of pairs, loops read lists.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from lingyan_matching.edge_pass import near_prices

if TYPE_CHECKING:
    from lingyan_matching.columns import Columns, Seated


def check_columns(columns: Columns, seated: Seated) -> str | None:
    """The first thing that does not hold, or None: then no assignment is better.

    1. The cost of a pair is what its score lacks of the best one, and an empty seat costs more
       than all pairs of a plan together.
    2. No price of a person is above 0, none of a post above that of an empty seat.
    3. No pair costs less than both its prices; one look at each.
    4. Everybody seated has an eligible pair, and no post has two people.
    5. What the pairs and the empty seats cost is the sum of all prices.
    """
    return next(_faults(columns, seated), None)


def _faults(columns: Columns, seated: Seated) -> Iterator[str]:
    """What does not hold; nobody may ask for more than the first."""
    low, high = _span(columns.score)
    if (seated.best, seated.empty) != (high, (high - low) * max(columns.people, columns.posts) + 1):
        yield "the best score or the price of an empty seat is not that of the columns"
    sizes = tuple(len(part) for part in (seated.post_of_person, seated.v, seated.u))
    if sizes != (columns.people, columns.people, columns.posts):
        yield "there is not one price for each, or not one post for each person"
    if not (_within(columns.person, columns.people) and _within(columns.post, columns.posts)):
        yield "a pair names somebody who is not there"
    if _span(seated.v)[1] > 0 or _span(seated.u)[1] > seated.empty:
        yield "a price is too high"
    cheap, twice, seats, spent = _look(columns, seated)
    if cheap:
        yield "a pair costs less than its prices ask for"
    filled = _count(seated.post_of_person)
    if seats != filled:
        yield "somebody sits where no pair is, or where it costs more than its prices"
    if twice:
        yield "a post has two people"
    if seated.spent != spent:
        yield "the pairs do not cost what is said"
    if spent + seated.empty * (columns.posts - filled) != _total(seated.u) + _total(seated.v):
        yield "the assignment costs more than its prices prove"


def _count(post_of: Any) -> int:
    """How many people have a post."""
    if hasattr(post_of, "dtype"):
        return int((post_of >= 0).sum())
    return sum(post >= 0 for post in post_of)


def _total(column: Any) -> int:
    """The exact sum: in 64 bits only where it cannot leave them."""
    if not hasattr(column, "dtype"):
        return sum(column)
    widest = max(map(abs, _span(column)))
    return int(column.sum()) if widest * len(column) < 1 << 62 else sum(column.tolist())


def _span(column: Any) -> tuple[int, int]:
    if not len(column):
        return 0, 0
    if hasattr(column, "dtype"):
        return int(column.min()), int(column.max())
    return min(column), max(column)


def _within(column: Any, size: int) -> bool:
    """Whether every entry is an index below this; read without a sign, -1 is a large number."""
    if hasattr(column, "dtype"):
        return not len(column) or int(column.view(f"u{column.itemsize}").max()) < size
    return all(0 <= entry < size for entry in column)


def _look(columns: Columns, seated: Seated) -> tuple[bool, bool, int, int]:
    """One look at every pair: is one too cheap, has a post two people, how many sit, what is spent.

    Whoever sits where the pair costs more than its prices is not counted.
    """
    u, v, best, post_of = seated.u, seated.v, seated.best, seated.post_of_person
    person, post, score = columns.person, columns.post, columns.score
    if hasattr(score, "dtype"):
        near = near_prices((person, post, score), (v, u), best=best, weight=1, slack=0)
        person, post, score = person[near], post[near], score[near]
        if bool((u[post] + v[person] + score > best).any()):
            return True, False, 0, 0
        mine = post_of[person] == post
        held = post[mine].astype("int64")
        held.sort()
        twice = bool((held[1:] == held[:-1]).any())
        return False, twice, len(held), best * len(held) - _total(score[mine].astype("int64"))
    posts, spent = [], 0
    for i, p, points in zip(person, post, score, strict=True):
        above = u[p] + v[i] + points - best
        if above > 0:
            return True, False, 0, 0
        if above == 0 and post_of[i] == p:
            posts.append(p)
            spent += best - points
    return False, len(set(posts)) < len(posts), len(posts), spent
