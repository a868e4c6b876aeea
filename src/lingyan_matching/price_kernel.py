"""What does every pair cost, as the cheapest round trip through it? Hot loops, on either carrier.

The residual graph of a best plan, with its people left out of sight: nodes are the posts and,
behind them, the units; a unit counts only if it is full. A post passes its place on to a holder,
who goes on along one of his edges to another post, or back to the pool: to his unit, where the
place is then taken by one of its free people, or to the hub, where all other free people are and
any seat may be given up or filled. So each node has

- ``level``: the cheapest way to it from the hub, which is also its price: by these prices no arc
  is cheaper than 0 (``slack`` of an edge), and whoever can be reached from the hub is so for 0;
- ``exit``: the cheapest way from it to the hub, prices taken off.

A way of any length to anywhere costs at most the exit of its start, over the hub. Therefore the
search from a post ends as soon as it has come as far as its own exit: that is what makes it short.
"""

# ruff: noqa: PLR0917, PLR0912 - a hot loop takes its columns by position and stands in one piece

from __future__ import annotations

from lingyan_matching.deferred import Columns, Ints
from lingyan_matching.heap import pop_least, sift_up

HUB = -1
NOBODY = -1


def reach(node: int, key: int, over: int, size: int, search: Columns) -> int:
    """Note a way to a node if it is nearer than those known; return the size of the heap."""
    heap, place_of, dist, seen, entry, mark = search
    if seen[node] == mark[0]:
        if key >= dist[node]:
            return size
        place = place_of[node]
    else:
        seen[node] = mark[0]
        place = size
        size += 1
        heap[place] = node
    dist[node] = key
    entry[node] = over
    sift_up(heap, place_of, dist, place)
    return size


def edges_of_rows(rows: Columns, edges: Columns, held: Ints) -> int:
    """Find the edge of each row of a plan; return how many rows have none."""
    row_person, row_post = rows
    edge_person, post_ptr = edges[0], edges[2]
    missing = 0
    for row in range(len(row_person)):
        low = post_ptr[row_post[row]]
        high = post_ptr[row_post[row] + 1]
        while high - low > 1:
            middle = (low + high) >> 1
            if edge_person[middle] <= row_person[row]:
                low = middle
            else:
                high = middle
        if low < high and edge_person[low] == row_person[row]:
            held[row_person[row]] = low
        else:
            missing += 1
    return missing


def count_holders(edges: Columns, held: Ints, holder_ptr: Ints, holder: Ints, fill: Ints) -> None:
    """Index the people who sit at each post; ``fill`` comes in as zeros."""
    edge_post = edges[1]
    for person in range(len(held)):
        if held[person] >= 0:
            holder_ptr[edge_post[held[person]] + 1] += 1
    for post in range(len(holder_ptr) - 1):
        holder_ptr[post + 1] += holder_ptr[post]
    for person in range(len(held)):
        if held[person] >= 0:
            post = edge_post[held[person]]
            holder[holder_ptr[post] + fill[post]] = person
            fill[post] += 1


def ways_from_hub(
    edges: Columns, cost: Ints, plan: Columns, ends: Columns, known: Columns, search: Columns
) -> None:
    """Find the cheapest way from the hub to each node; ``dist`` comes out as the level.

    ``known`` are prices under which no arc between people, posts and units is cheaper than 0; what
    a seat is worth may have changed since, for only the first step of a way from the hub asks it.

    1. From the hub: a post gives up a seat; a free person whose unit is not full takes one.
    2. Dijkstra over the arcs as they are priced already.
    """
    node_price = known[0]
    dist, seen, mark = search[2], search[3], search[5]
    posts = len(plan[2]) - 1
    mark[0] += 1
    size = first_steps(edges, cost, plan, ends, node_price, search)
    while size > 0:
        node = pop_least(search[0], search[1], dist, size)
        size -= 1
        level = dist[node] + node_price[node]
        if node < posts:
            for at in range(plan[2][node], plan[2][node + 1]):
                person = plan[3][at]
                base = level - cost[plan[0][person]]
                if plan[1][person] >= 0:
                    unit = posts + plan[1][person]
                    size = reach(unit, base - node_price[unit], -2 - person, size, search)
                size = pass_on(person, base, size, edges, cost, plan, node_price, search)
        else:
            for at in range(plan[4][node - posts], plan[4][node - posts + 1]):
                if plan[0][plan[5][at]] < 0:
                    size = pass_on(plan[5][at], level, size, edges, cost, plan, node_price, search)
    for node in range(len(dist)):
        dist[node] = dist[node] + node_price[node] if seen[node] == mark[0] else ends[2][0]


def first_steps(
    edges: Columns, cost: Ints, plan: Columns, ends: Columns, node_price: Ints, search: Columns
) -> int:
    """Take the first step from the hub to each post: the better of both kinds."""
    edge_person, post_ptr = edges[0], edges[2]
    held, full_unit = plan[0], plan[1]
    give, far = ends[0], ends[2][0]
    size = 0
    for post in range(len(plan[2]) - 1):
        best = give[post]
        over = HUB
        for edge in range(post_ptr[post], post_ptr[post + 1]):
            if cost[edge] < best:
                person = edge_person[edge]
                if held[person] < 0 and full_unit[person] < 0:
                    best = cost[edge]
                    over = edge
        if best < far:
            size = reach(post, best - node_price[post], over, size, search)
    return size


def pass_on(
    person: int,
    base: int,
    size: int,
    edges: Columns,
    cost: Ints,
    plan: Columns,
    node_price: Ints,
    search: Columns,
) -> int:
    """Let a person go on to any other post, at known prices; return the size of the heap."""
    edge_post, person_ptr, person_edge = edges[1], edges[3], edges[4]
    own = plan[0][person]
    dist, seen, mark = search[2], search[3], search[5]
    for k in range(person_ptr[person], person_ptr[person + 1]):
        edge = person_edge[k]
        post = edge_post[edge]
        key = base + cost[edge] - node_price[post]
        if (key < dist[post] or seen[post] != mark[0]) and edge != own:
            size = reach(post, key, edge, size, search)
    return size


def take_off_prices(
    edges: Columns, cost: Ints, plan: Columns, ends: Columns, prices: Columns, slack: Ints
) -> int:
    """Take the prices off all costs; return how many arcs are then cheaper than 0.

    None: the plan is the best one. ``prices`` are the level of each node (known price and more
    where no way from the hub leads) and room for the price of each person.
    """
    edge_person, edge_post = edges[0], edges[1]
    held, full_unit, holder_ptr = plan[0], plan[1], plan[2]
    fill, far = ends[1], ends[2][0]
    level, person_price = prices
    posts = len(holder_ptr) - 1
    wrong = 0
    for person in range(len(held)):
        own = 0
        if held[person] >= 0:
            own = level[edge_post[held[person]]] - cost[held[person]]
            back = level[posts + full_unit[person]] if full_unit[person] >= 0 else 0
            if own < back:
                wrong += 1
        elif full_unit[person] >= 0:
            own = level[posts + full_unit[person]]
        person_price[person] = own
    for edge in range(len(cost)):
        slack[edge] = person_price[edge_person[edge]] + cost[edge] - level[edge_post[edge]]
        if slack[edge] < 0:
            wrong += 1
    for node in range(len(level)):
        if fill[node] < far and level[node] < fill[node]:
            wrong += 1
    return wrong


def ways_to_hub(
    edges: Columns, slack: Ints, plan: Columns, ends: Columns, prices: Columns, search: Columns
) -> None:
    """Find the cheapest way from each node to the hub; ``dist`` comes out as the exit.

    ``entry`` of a node says how the way begins: along an edge, by somebody who goes back to the
    pool or to his full unit (-2 - person), or at once (HUB: a seat is filled, a place is free).
    """
    edge_person, edge_post, post_ptr = edges[0], edges[1], edges[2]
    held, full_unit, member_ptr, member = plan[0], plan[1], plan[4], plan[5]
    fill, far = ends[1], ends[2][0]
    level, person_price, home = prices
    dist, seen, mark = search[2], search[3], search[5]
    posts = len(plan[2]) - 1
    mark[0] += 1
    size = 0
    for node in range(len(level)):
        if fill[node] < far:
            size = reach(node, level[node] - fill[node], HUB, size, search)
    for person in range(len(held)):
        home[person] = -1
        if held[person] >= 0:
            home[person] = edge_post[held[person]]
            if full_unit[person] < 0:
                size = reach(home[person], person_price[person], -2 - person, size, search)
        elif full_unit[person] >= 0:
            home[person] = posts + full_unit[person]
    while size > 0:
        node = pop_least(search[0], search[1], dist, size)
        size -= 1
        base = dist[node]
        if node >= posts:
            for at in range(member_ptr[node - posts], member_ptr[node - posts + 1]):
                person = member[at]
                if held[person] >= 0:
                    key = base + person_price[person] - level[node]
                    size = reach(home[person], key, -2 - person, size, search)
            continue
        for edge in range(post_ptr[node], post_ptr[node + 1]):
            start = home[edge_person[edge]]
            if start < 0:
                continue
            key = base + slack[edge]
            if key < dist[start] or seen[start] != mark[0]:
                size = reach(start, key, edge, size, search)
    for node in range(len(dist)):
        if seen[node] != mark[0]:
            dist[node] = far


def follow(
    person: int, base: int, radius: int, size: int, book: Columns, plan: Columns, search: Columns
) -> int:
    """Reach out from a person who gives up his place, along his edges and back to a full unit."""
    edge_post, person_ptr, person_edge, slack, level, person_price = book[:6]
    held, full_unit, holder_ptr = plan[0], plan[1], plan[2]
    dist, seen, mark = search[2], search[3], search[5]
    for k in range(person_ptr[person], person_ptr[person + 1]):
        edge = person_edge[k]
        key = base + slack[edge]
        if key < radius and edge != held[person]:
            post = edge_post[edge]
            if seen[post] != mark[0] or key < dist[post]:
                size = reach(post, key, edge, size, search)
    if held[person] >= 0 and full_unit[person] >= 0:
        unit = len(holder_ptr) - 1 + full_unit[person]
        key = base + person_price[person] - level[unit]
        if key < radius:
            size = reach(unit, key, -2 - person, size, search)
    return size


def spread(
    start: int, radius: int, size: int, book: Columns, plan: Columns, search: Columns
) -> None:
    """Find the cheapest ways from a node, prices taken off, up to a radius.

    With a heap that holds something already, go on from what is there. What is nearer than the
    radius is settled in the end.
    """
    held, _, holder_ptr, holder, member_ptr, member = plan
    heap, place_of, dist = search[:3]
    posts = len(holder_ptr) - 1
    if size == 0:
        size = reach(start, 0, HUB, size, search)
    while size > 0:
        node = pop_least(heap, place_of, dist, size)
        size -= 1
        if dist[node] >= radius:
            break
        if node < posts:
            for at in range(holder_ptr[node], holder_ptr[node + 1]):
                size = follow(holder[at], dist[node], radius, size, book, plan, search)
        else:
            for at in range(member_ptr[node - posts], member_ptr[node - posts + 1]):
                if held[member[at]] < 0:
                    size = follow(member[at], dist[node], radius, size, book, plan, search)


def distance_to(person: int, radius: int, book: Columns, plan: Columns, search: Columns) -> int:
    """How far a person is from where the last search began; he is reached from one node only."""
    edge_post = book[0]
    held, full_unit, holder_ptr = plan[0], plan[1], plan[2]
    dist, seen, mark = search[2], search[3], search[5]
    if held[person] >= 0:
        node = edge_post[held[person]]
    elif full_unit[person] >= 0:
        node = len(holder_ptr) - 1 + full_unit[person]
    else:
        return radius
    if seen[node] == mark[0] and dist[node] < radius:
        return dist[node]
    return radius


def price_post(post: int, book: Columns, plan: Columns, search: Columns, loss: Ints) -> None:
    """Write what insisting on each edge of a post costs; ``far`` or more: it cannot be.

    1. Search from the post, as far as its exit: beyond, the way over the hub is as cheap.
    2. The price of an edge is the way to its person and its own slack.
    """
    edge_person, post_ptr, outer, lost, far = book[6:11]
    slack = book[3]
    held, mark = plan[0], search[5]
    radius = outer[post] if lost[post] == 0 else far[0]
    mark[0] += 1
    spread(post, radius, 0, book, plan, search)
    for edge in range(post_ptr[post], post_ptr[post + 1]):
        person = edge_person[edge]
        if held[person] == edge:
            loss[edge] = 0
        else:
            loss[edge] = distance_to(person, radius, book, plan, search) + slack[edge]


def price_all(book: Columns, plan: Columns, search: Columns, loss: Ints) -> None:
    """Write what insisting on each edge of each post costs."""
    for post in range(len(plan[2]) - 1):
        price_post(post, book, plan, search, loss)


def spread_from_person(
    person: int, radius: int, book: Columns, plan: Columns, search: Columns
) -> None:
    """Find the cheapest ways from a person who has to leave where he sits."""
    search[5][0] += 1
    size = follow(person, 0, radius, 0, book, plan, search)
    if size > 0:
        spread(HUB, radius, size, book, plan, search)


NAMES = (
    "sift_up",
    "pop_least",
    "reach",
    "edges_of_rows",
    "count_holders",
    "first_steps",
    "pass_on",
    "ways_from_hub",
    "take_off_prices",
    "ways_to_hub",
    "follow",
    "spread",
    "distance_to",
    "price_post",
    "price_all",
    "spread_from_person",
)
