"""How are wishes numbered and sorted? Loops in the Python that the compiled carrier understands."""

# ruff: noqa: PLR1730 - a hot loop calls no max() for each edge, which is slow when plain

from __future__ import annotations

from lingyan_matching.deferred import Ints


def wish_classes(scores: Ints, ranks: Ints, sign: int, found: Ints) -> None:
    """Number wishes, 1 best: ranks as given, then what has rank 0 (or no rank) by score.

    `sign` is 1 if a higher score is better, -1 if a lower one is.
    """
    if len(scores) == 0:
        return
    best = sign * scores[0]
    for edge in range(len(scores)):
        if sign * scores[edge] > best:
            best = sign * scores[edge]
    last = 0
    for edge in range(len(ranks)):
        if ranks[edge] > last:
            last = ranks[edge]
    least = last + 1 + best
    for edge in range(len(scores)):
        found[edge] = least - sign * scores[edge]
    for edge in range(len(ranks)):
        if ranks[edge] > 0:
            found[edge] = ranks[edge]


def sort_keys(owner: Ints, classes: Ints, keys: Ints) -> None:
    """Write owner, class and number of each edge into one integer that sorts in this order."""
    width = 1
    for edge in range(len(classes)):
        if classes[edge] >= width:
            width = classes[edge] + 1
    count = len(keys)
    for edge in range(count):
        keys[edge] = (owner[edge] * width + classes[edge]) * count + edge


def read_keys(keys: Ints, owner: Ints, ptr: Ints, order: Ints, place: Ints) -> int:
    """Read the order off sorted keys; return how many edges tie with the one before."""
    count = len(keys)
    ties = 0
    before = -1
    for at in range(count):
        wish = keys[at] // count
        edge = keys[at] - wish * count
        order[at] = edge
        place[edge] = at - ptr[owner[edge]]
        if wish == before:
            ties += 1
        before = wish
    return ties


NAMES = ("wish_classes", "sort_keys", "read_keys")
