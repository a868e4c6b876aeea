"""How does deferred acceptance run, in the subset of Python that the compiled carrier understands?

Every argument is a flat sequence of integers: lists on the plain carrier, arrays on the compiled one.
An edge is a number. `order` holds the edges of each person (or post) from best to worst, in the
slice that `ptr` names; `place` says at which place of the other side's list an edge stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Ints(Protocol):
    """A flat sequence of integers that a kernel may write to."""

    def __getitem__(self, index: int, /) -> int: ...

    def __setitem__(self, index: int, value: int, /) -> None: ...

    def __len__(self) -> int: ...


def push(heap: Ints, base: int, size: int, item: int) -> None:
    """Put an item into the heap of `size` items that starts at `base`; the least lies on top."""
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if heap[base + above] <= item:
            break
        heap[base + at] = heap[base + above]
        at = above
    heap[base + at] = item


def replace(heap: Ints, base: int, size: int, item: int) -> None:
    """Put an item in the place of the least one of a heap of `size` items."""
    at = 0
    below = 1
    while below < size:
        if below + 1 < size and heap[base + below + 1] < heap[base + below]:
            below += 1
        if heap[base + below] >= item:
            break
        heap[base + at] = heap[base + below]
        at = below
        below = 2 * at + 1
    heap[base + at] = item


def people_propose(
    person_ptr: Sequence[int],
    person_order: Sequence[int],
    edge_person: Sequence[int],
    edge_post: Sequence[int],
    post_ptr: Sequence[int],
    post_order: Sequence[int],
    post_place: Sequence[int],
    seats: Sequence[int],
    seat_ptr: Sequence[int],
    unit: Sequence[int],
    unit_ptr: Sequence[int],
    unit_limit: Sequence[int],
    unit_key: Sequence[int],
    key_edge: Sequence[int],
    offered: Ints,
    held: Ints,
    seat_heap: Ints,
    seat_load: Ints,
    unit_heap: Ints,
    unit_load: Ints,
) -> int:
    """Let the people apply; fill `held` with each person's edge or -1; return the offers made.

    1. A person without a unit limit starts a chain; a unit starts as many chains as it may send
       people, each with the best next application (`unit_key`) among its people in waiting.
    2. The application goes to the post. A post with an empty seat takes it; a full post keeps
       the better of it and the worst it holds (a heap with the worst on top).
    3. Whoever is turned down moves on to the next edge. Without a unit limit he applies at once;
       with one he joins those in waiting and the best of these applies in his place.
    4. The chain ends when a seat was filled or nobody is left to apply.
    """
    offers = 0
    people = len(person_ptr) - 1
    for person in range(people):
        u = unit[person]
        if u >= 0 and offered[person] < person_ptr[person + 1]:
            key = unit_key[person_order[offered[person]]]
            push(unit_heap, unit_ptr[u], unit_load[u], key)
            unit_load[u] += 1
    units = len(unit_limit)
    for starter in range(people + units):
        chains = 1
        if starter >= people:
            chains = unit_limit[starter - people]
        elif unit[starter] >= 0:
            chains = 0
        for _ in range(chains):
            person = -1
            u = -1
            if starter < people:
                person = starter
            else:
                u = starter - people
            while True:
                if u >= 0:
                    if unit_load[u] == 0:
                        break
                    base = unit_ptr[u]
                    person = edge_person[key_edge[unit_heap[base]]]
                    unit_load[u] -= 1
                    replace(unit_heap, base, unit_load[u], unit_heap[base + unit_load[u]])
                if offered[person] == person_ptr[person + 1]:
                    break
                edge = person_order[offered[person]]
                offers += 1
                post = edge_post[edge]
                base = seat_ptr[post]
                load = seat_load[post]
                place = post_place[edge]
                if load < seats[post]:
                    push(seat_heap, base, load, -place)
                    seat_load[post] = load + 1
                    held[person] = edge
                    break
                if load > 0 and -seat_heap[base] > place:
                    worst = post_order[post_ptr[post] - seat_heap[base]]
                    replace(seat_heap, base, load, -place)
                    held[person] = edge
                    person = edge_person[worst]
                    held[person] = -1
                offered[person] += 1
                u = unit[person]
                if u >= 0 and offered[person] < person_ptr[person + 1]:
                    key = unit_key[person_order[offered[person]]]
                    push(unit_heap, unit_ptr[u], unit_load[u], key)
                    unit_load[u] += 1
    return offers


def posts_propose(
    post_ptr: Sequence[int],
    post_order: Sequence[int],
    edge_person: Sequence[int],
    edge_post: Sequence[int],
    person_place: Sequence[int],
    unit: Sequence[int],
    unit_ptr: Sequence[int],
    unit_limit: Sequence[int],
    unit_key: Sequence[int],
    key_edge: Sequence[int],
    offered: Ints,
    held: Ints,
    empty: Ints,
    stack: Ints,
    unit_heap: Ints,
    unit_size: Ints,
    unit_load: Ints,
) -> int:
    """Let the posts invite; fill `held` with each person's edge or -1; return the offers made.

    1. A post with empty seats invites down its list until its seats are taken or its list ends.
    2. A person who holds a better invitation refuses; else he gives up the one he holds.
    3. A person who holds none needs a place of his unit. A full unit gives up the invitation
       that stands last in its order (a heap with the last on top; those given up meanwhile are
       passed over), or refuses the new one if that stands behind it.
    4. A post that is given up has an empty seat again and goes back to the stack.
    """
    offers = 0
    waiting = 0
    posts = len(post_ptr) - 1
    for starter in range(posts):
        if empty[starter] == 0:
            continue
        stack[0] = starter
        waiting = 1
        while waiting > 0:
            post = stack[waiting - 1]
            if empty[post] == 0 or offered[post] == post_ptr[post + 1]:
                waiting -= 1
                continue
            edge = post_order[offered[post]]
            offered[post] += 1
            offers += 1
            person = edge_person[edge]
            old = held[person]
            u = unit[person]
            if old >= 0 and person_place[old] < person_place[edge]:
                continue
            if old < 0 and u >= 0 and unit_load[u] == unit_limit[u]:
                if unit_limit[u] == 0:
                    continue
                base = unit_ptr[u]
                while held[edge_person[key_edge[-unit_heap[base]]]] != key_edge[-unit_heap[base]]:
                    unit_size[u] -= 1
                    replace(unit_heap, base, unit_size[u], unit_heap[base + unit_size[u]])
                if -unit_heap[base] < unit_key[edge]:
                    continue
                old = key_edge[-unit_heap[base]]
                held[edge_person[old]] = -1
            held[person] = edge
            empty[post] -= 1
            if u >= 0:
                push(unit_heap, unit_ptr[u], unit_size[u], -unit_key[edge])
                unit_size[u] += 1
            if old >= 0:
                giver = edge_post[old]
                empty[giver] += 1
                stack[waiting] = giver
                waiting += 1
            elif u >= 0:
                unit_load[u] += 1
    return offers
