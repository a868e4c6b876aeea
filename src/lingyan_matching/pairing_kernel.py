"""How is the best pairing under quotas found? The hot loops, in Python that numba can compile too.

The task: rows and columns, a profit per pair, each pair taken at most once. The n-th pair of a row
(or of a column) brings it a gain that never rises with n, and after its last gain it takes no more.
Wanted: the greatest sum of profits and gains, with prices that prove it.

Throughout, for the seats of rows that have been opened so far,

    profit <= price of row + price of column      for every pair that is not taken,
    profit >= price of row + price of column      for every pair that is taken,
    gain of the last pair + price >= 0 >= gain of a next pair + price      for rows and columns,

which together say that what is taken is best. Prices of rows only fall, those of columns only rise.
"""

from __future__ import annotations

from lingyan_matching.deferred import Columns, Ints

INFINITE = 1 << 62
END, BEST, WAITING, SETTLED, STAMP = 0, 1, 2, 3, 4


def pair_all(edges: Columns, rows: Columns, columns: Columns, search: Columns) -> int:
    """Open the seats of all rows one by one; return how many shortest paths it took.

    A row whose next seat is not worth its price stops there: its later seats gain no more than
    this one, and its price can only fall.
    """
    target, profit = edges[0], edges[1]
    ptr, gain_ptr, gain, price = rows[0], rows[1], rows[2], rows[3]
    column_price = columns[2]
    paths = 0
    for row in range(len(price)):
        if ptr[row] == ptr[row + 1]:
            if gain_ptr[row] < gain_ptr[row + 1]:
                price[row] = -gain[gain_ptr[row]]
            continue
        best = profit[ptr[row]] - column_price[target[ptr[row]]]
        for k in range(ptr[row] + 1, ptr[row + 1]):
            best = max(best, profit[k] - column_price[target[k]])
        price[row] = best
        for seat in range(gain_ptr[row], gain_ptr[row + 1]):
            if gain[seat] + price[row] <= 0:
                break
            paths += 1
            if open_seat(row, edges, rows, columns, search) == 0:
                break
    return paths


def open_seat(start: int, edges: Columns, rows: Columns, columns: Columns, search: Columns) -> int:
    """Open one more seat of a row by a shortest path over reduced costs; 0 if it stays empty.

    1. Reach out from the row. Ends of a path are a free seat of a column, and a row that would
       rather give up its last seat; note the nearest one.
    2. While a waiting node is nearer than the nearest end: settle the nearest, reach out from it.
    3. Move the price of every settled node by what it is nearer than the end.
    4. Walk back from the end and change what is taken along the path.
    """
    price, taken = rows[3], rows[4]
    column_price = columns[2]
    dist, seen, _, waiting, settled, mark = search
    taken[start] += 1
    mark[STAMP] += 1
    mark[BEST] = INFINITE
    mark[WAITING] = 0
    mark[SETTLED] = 1
    width = len(column_price)
    settled[0] = width + start
    dist[width + start] = 0
    seen[width + start] = mark[STAMP]
    reach_from_row(start, edges, rows, columns, search)
    while mark[WAITING] > 0:
        least = 0
        nearest = dist[waiting[0]]
        for place in range(1, mark[WAITING]):
            if dist[waiting[place]] < nearest:
                nearest = dist[waiting[place]]
                least = place
        if nearest >= mark[BEST]:
            break
        node = waiting[least]
        mark[WAITING] -= 1
        waiting[least] = waiting[mark[WAITING]]
        settled[mark[SETTLED]] = node
        mark[SETTLED] += 1
        if node < width:
            reach_from_column(node, edges, rows, columns, search)
        else:
            reach_from_row(node - width, edges, rows, columns, search)
    for place in range(mark[SETTLED]):
        node = settled[place]
        if node < width:
            column_price[node] += mark[BEST] - dist[node]
        else:
            price[node - width] -= mark[BEST] - dist[node]
    return walk_back(start, edges, rows, columns, search)


def reach_from_row(
    row: int, edges: Columns, rows: Columns, columns: Columns, search: Columns
) -> None:
    """Reach the columns that a row does not hold, and the end of giving up its last seat."""
    target, profit, used = edges[0], edges[1], edges[2]
    ptr, gain_ptr, gain, price, taken = rows
    column_gain_ptr, column_gain, column_price, load = columns[:4]
    dist, seen, before, waiting, _, mark = search
    stamp = mark[STAMP]
    base = dist[len(column_price) + row] + price[row]
    best = mark[BEST]
    count = mark[WAITING]
    end = base + gain[gain_ptr[row] + taken[row] - 1]
    if end < best:
        best = end
        mark[END] = len(column_price) + row
    for k in range(ptr[row], ptr[row + 1]):
        column = target[k]
        d = base + column_price[column] - profit[k]
        if d >= best or used[k] == 1:
            continue
        if seen[column] != stamp:
            seen[column] = stamp
            waiting[count] = column
            count += 1
        elif d >= dist[column]:
            continue
        dist[column] = d
        before[column] = k
        seat = column_gain_ptr[column] + load[column]
        if seat < column_gain_ptr[column + 1]:
            end = d - column_gain[seat] - column_price[column]
            if end < best:
                best = end
                mark[END] = column
    mark[BEST] = best
    mark[WAITING] = count


def reach_from_column(
    column: int, edges: Columns, rows: Columns, columns: Columns, search: Columns
) -> None:
    """Reach the rows that hold a column: each might move on to another one."""
    profit, row_of = edges[1], edges[3]
    price = rows[3]
    gain_ptr, _, column_price, load, held = columns
    dist, seen, before, waiting, _, mark = search
    stamp = mark[STAMP]
    base = dist[column] - column_price[column]
    for slot in range(gain_ptr[column], gain_ptr[column] + load[column]):
        k = held[slot]
        node = len(column_price) + row_of[k]
        d = base + profit[k] - price[row_of[k]]
        if d >= mark[BEST]:
            continue
        if seen[node] != stamp:
            seen[node] = stamp
            waiting[mark[WAITING]] = node
            mark[WAITING] += 1
        elif d >= dist[node]:
            continue
        dist[node] = d
        before[node] = k


def walk_back(start: int, edges: Columns, rows: Columns, columns: Columns, search: Columns) -> int:
    """Take and release the pairs of the path; 0 if the seat of the start is given up at once."""
    target, used, row_of, slot_of = edges[0], edges[2], edges[3], edges[4]
    taken = rows[4]
    gain_ptr, load, held = columns[0], columns[3], columns[4]
    before, mark = search[2], search[5]
    width = len(load)
    column = mark[END]
    if column >= width:
        taken[column - width] -= 1
        if column == width + start:
            return 0
        k = before[column]
        used[k] = 0
        column = target[k]
        slot = slot_of[k]
    else:
        slot = gain_ptr[column] + load[column]
        load[column] += 1
    while True:
        k = before[column]
        used[k] = 1
        held[slot] = k
        slot_of[k] = slot
        if row_of[k] == start:
            return 1
        k = before[width + row_of[k]]
        used[k] = 0
        column = target[k]
        slot = slot_of[k]


def all_taken(used: Ints, found: Ints) -> int:
    """Find the pairs that are taken."""
    count = 0
    for k in range(len(used)):
        if used[k] == 1:
            found[count] = k
            count += 1
    return count


def undecided(edges: Columns, row_price: Ints, column_price: Ints, found: Ints) -> int:
    """Find the pairs that can stand in a best pairing: those taken and those at their price."""
    target, profit, used, row_of = edges[:4]
    count = 0
    for k in range(len(target)):
        if used[k] == 1 or profit[k] == row_price[row_of[k]] + column_price[target[k]]:
            found[count] = k
            count += 1
    return count


NAMES = (
    "reach_from_row",
    "reach_from_column",
    "walk_back",
    "open_seat",
    "pair_all",
    "all_taken",
    "undecided",
)
