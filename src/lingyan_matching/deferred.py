"""How does deferred acceptance run, in the Python that the compiled carrier understands, too?

Every argument is a flat sequence of integers: lists on the plain carrier, arrays when compiled.
An edge is a number. `order` holds the edges of each person (or post) from best to worst, in the
slice that `ptr` names; `place` says at which place of the other side's list an edge stands.
"""

from __future__ import annotations

from typing import Protocol


class Ints(Protocol):
    """A flat sequence of integers that a kernel may write to."""

    def __getitem__(self, index: int, /) -> int: ...

    def __setitem__(self, index: int, value: int, /) -> None: ...

    def __len__(self) -> int: ...


Columns = tuple[Ints, ...]
NOTHING, REFUSED = -1, -2


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


def people_propose(edges: Columns, people: Columns, posts: Columns, units: Columns) -> None:
    """Let the people apply; fill `held` with each person's edge or -1.

    1. A person without a unit limit starts a chain of applications.
    2. A unit first gathers its people in waiting, each with the best edge left; then it starts as
       many chains as it may send people, each with the best of those in waiting.
    """
    ptr, unit = people[0], people[4]
    limit = units[1]
    for person in range(len(ptr) - 1):
        if unit[person] < 0:
            run_chain(person, edges, people, posts, units)
        else:
            wait_in_unit(person, edges, people, units)
    for u in range(len(limit)):
        for _ in range(limit[u]):
            run_chain(next_of_unit(u, edges, units), edges, people, posts, units)


def run_chain(person: int, edges: Columns, people: Columns, posts: Columns, units: Columns) -> None:
    """Follow one chain to its end: a seat that was empty, or nobody left to apply.

    1. The person applies at the next post of the list. An empty seat ends the chain.
    2. A full post turns down the worse of the person and of the worst it holds, which lies on top
       of its heap (places are stored negative: least is worst).
    3. Whoever is turned down moves on to the next edge. Without a unit limit he applies at once;
       with one he joins those in waiting, and the best of these applies in his place.
    """
    edge_person, edge_post, post_place = edges[:3]
    ptr, order, offered, held, unit = people
    post_ptr, post_order, seats, heap_ptr, heap, load = posts
    while person >= 0 and offered[person] < ptr[person + 1]:
        edge = order[offered[person]]
        post = edge_post[edge]
        place = post_place[edge]
        base = heap_ptr[post]
        if load[post] < seats[post]:
            push(heap, base, load[post], -place)
            load[post] += 1
            held[person] = edge
            return
        if load[post] > 0 and -heap[base] > place:
            worst = edge_person[post_order[post_ptr[post] - heap[base]]]
            replace(heap, base, load[post], -place)
            held[person] = edge
            held[worst] = -1
            person = worst
        offered[person] += 1
        if unit[person] >= 0:
            wait_in_unit(person, edges, people, units)
            person = next_of_unit(unit[person], edges, units)


def wait_in_unit(person: int, edges: Columns, people: Columns, units: Columns) -> None:
    """Put a person with the next edge among those in waiting, unless the list has ended."""
    ptr, order, offered, _, unit = people
    if offered[person] < ptr[person + 1]:
        heap_ptr, _, _, heap, load = units
        u = unit[person]
        push(heap, heap_ptr[u], load[u], edges[3][order[offered[person]]])
        load[u] += 1


def next_of_unit(u: int, edges: Columns, units: Columns) -> int:
    """Take the person whose next edge is the best of a unit; -1 if nobody waits."""
    heap_ptr, _, key_edge, heap, load = units
    if load[u] == 0:
        return -1
    base = heap_ptr[u]
    person = edges[0][key_edge[heap[base]]]
    load[u] -= 1
    replace(heap, base, load[u], heap[base + load[u]])
    return person


def posts_propose(edges: Columns, people: Columns, posts: Columns, units: Columns) -> None:
    """Let the posts invite; fill `held` with each person's edge or -1.

    1. A post with empty seats invites down its list until its seats are taken or its list ends.
    2. A post that is given up has an empty seat again and goes on inviting.
    """
    ptr, order, offered, empty, stack = posts
    edge_post = edges[1]
    for starter in range(len(ptr) - 1):
        stack[0] = starter
        waiting = 1
        while waiting > 0:
            post = stack[waiting - 1]
            if empty[post] == 0 or offered[post] == ptr[post + 1]:
                waiting -= 1
                continue
            edge = order[offered[post]]
            offered[post] += 1
            given_up = invite_once(edge, edges, people, units)
            if given_up != REFUSED:
                empty[post] -= 1
            if given_up >= 0:
                empty[edge_post[given_up]] += 1
                stack[waiting] = edge_post[given_up]
                waiting += 1


def invite_once(edge: int, edges: Columns, people: Columns, units: Columns) -> int:
    """Invite along an edge; return the edge given up for it, NOTHING or REFUSED.

    1. A person who holds an invitation keeps the better one, and always one that is fixed.
    2. A person who holds none needs a place of his unit: a full unit gives up the invitation that
       stands last in its order, or refuses.
    """
    edge_person, _, person_place, unit_key = edges
    held, unit = people
    person = edge_person[edge]
    u = unit[person]
    given_up = held[person]
    if given_up >= 0:
        if person_place[given_up] <= person_place[edge]:
            return REFUSED
    elif u >= 0:
        given_up = place_in_unit(u, unit_key[edge], edges, people, units)
        if given_up == REFUSED:
            return REFUSED
        if given_up >= 0:
            held[edge_person[given_up]] = -1
    held[person] = edge
    if u >= 0:
        heap_ptr, heap, size = units[0], units[3], units[4]
        push(heap, heap_ptr[u], size[u], -unit_key[edge])
        size[u] += 1
    return given_up


def place_in_unit(u: int, key: int, edges: Columns, people: Columns, units: Columns) -> int:
    """Find a place in a unit for an edge of this key: the edge given up, NOTHING or REFUSED.

    The heap has the last edge on top; edges given up meanwhile are passed over.
    """
    edge_person, held = edges[0], people[0]
    heap_ptr, limit, key_edge, heap, size, load = units
    if load[u] < limit[u]:
        load[u] += 1
        return NOTHING
    if limit[u] == 0:
        return REFUSED
    base = heap_ptr[u]
    last = key_edge[-heap[base]]
    while held[edge_person[last]] != last:
        size[u] -= 1
        replace(heap, base, size[u], heap[base + size[u]])
        last = key_edge[-heap[base]]
    return REFUSED if -heap[base] < key else last


NAMES = (
    "push",
    "replace",
    "wait_in_unit",
    "next_of_unit",
    "run_chain",
    "people_propose",
    "place_in_unit",
    "invite_once",
    "posts_propose",
)
