"""Which node is the nearest? A binary heap on flat sequences, for every search that is a hot loop.

``heap`` holds nodes, ``place_of`` says where each stands, and ``dist`` orders them, least on top.
Whoever uses it lists both functions in its own ``NAMES``, so that they are compiled with it.
"""

from __future__ import annotations

from lingyan_matching.deferred import Ints


def sift_up(heap: Ints, place_of: Ints, dist: Ints, place: int) -> None:
    """Move the node at a place of the heap up to where it belongs."""
    node = heap[place]
    key = dist[node]
    while place > 0:
        above = (place - 1) >> 1
        other = heap[above]
        if dist[other] <= key:
            break
        heap[place] = other
        place_of[other] = place
        place = above
    heap[place] = node
    place_of[node] = place


def pop_least(heap: Ints, place_of: Ints, dist: Ints, size: int) -> int:
    """Take the nearest node out of a heap of that size."""
    least = heap[0]
    size -= 1
    node = heap[size]
    key = dist[node]
    place = 0
    below = 1
    while below < size:
        if below + 1 < size and dist[heap[below + 1]] < dist[heap[below]]:
            below += 1
        other = heap[below]
        if key <= dist[other]:
            break
        heap[place] = other
        place_of[other] = place
        place = below
        below = 2 * place + 1
    heap[place] = node
    place_of[node] = place
    return least
