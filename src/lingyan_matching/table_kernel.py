"""How is a small town seated where nearly everybody may go nearly everywhere? On one table.

Like ``kernel.py`` this runs plain and compiled, on flat sequences of integers. The task is the
simplest one: rows take at most one column each, a column takes one row, and a row that takes
nothing pays ``out``. The table holds a key for every pair, so that the least key of a line names
the cheapest column as well, and a line is read in a straight run:

    key = cost << (shift + 1) | column,   NONE where the pair is not eligible.

The price of a column stands in the same form; a column that is taken counts as half a point
dearer, so that of equally cheap columns a free one comes first.

A nation is many such tables, one after another in the same room, which stays in the cache.
"""

# ruff: noqa: PLR0912, PLR0915, PLR0917, PLR1730 - a hot loop takes its columns by position and calls no min()

from __future__ import annotations

from collections.abc import MutableSequence

Ints = MutableSequence[int]
Three = tuple[Ints, Ints, Ints]
Rows = tuple[Ints, Ints, Ints]
"""column_of, waiting, value: where each row is, who waits for a path, what each row pays."""
Columns = tuple[Ints, Ints]
"""holder, price."""
Search = tuple[Ints, Ints, Ints, Ints]
"""dist, pred, settled (0 or NONE) by column, and the settled columns in order."""
Room = tuple[Ints, Rows, Columns, Search]
"""The table and all that belongs to it; there may be more of each than is needed."""
Sizes = tuple[int, int, int]
"""Rows, columns, and the bits of a column's number."""

NONE = 1 << 60
OUT = -2
FREE = -1

GAVE_UP = -1
NOT_THERE = -2

SHARE = 4
PAIRS_MAX = 1 << 20
PATIENT_BELOW = 100
PATIENCE_SHARE = 8


def seat_parts(
    pairs: Three, starts: Three, found: Three, sums: Three, waited: Ints, room: Room
) -> None:
    """Seat several parts that know nothing of each other, each on a table of its own.

    ``pairs`` are person, post (both counted within the part) and score; ``starts`` say where the
    people, the posts and the pairs of each part begin. ``found`` gets the post of every person and
    the prices of posts and people; ``sums`` the best score, the price of an empty seat and what all
    pairs cost, by part; ``waited`` how many rows had to wait, or why there is no answer.
    """
    for part in range(len(waited)):
        people = starts[0][part + 1] - starts[0][part]
        posts = starts[1][part + 1] - starts[1][part]
        person = pairs[0][starts[2][part] : starts[2][part + 1]]
        post = pairs[1][starts[2][part] : starts[2][part + 1]]
        score = pairs[2][starts[2][part] : starts[2][part + 1]]
        waited[part] = GAVE_UP
        if not is_dense(people, posts, len(score)):
            continue
        low, high = span(score)
        shift = bits(max(people, posts))
        if high - low >= NONE >> (2 * shift + 6):
            continue
        out = (high - low) * max(people, posts) + 1
        sums[0][part] = high
        sums[1][part] = out
        if posts <= people:
            sizes = (posts, people, shift)
            count, spent = seat_table((post, person, score), high, out, sizes, room)
        else:
            sizes = (people, posts, shift)
            count, spent = seat_table((person, post, score), high, out, sizes, room)
        waited[part] = count
        sums[2][part] = spent
        if count >= 0:
            write_part(people, posts, starts[0][part], starts[1][part], out, found, room)


def is_dense(people: int, posts: int, pairs: int) -> bool:
    """Whether the pairs fill a good part of a table that is not too large."""
    return 0 < people * posts <= min(PAIRS_MAX, SHARE * pairs)


def span(column: Ints) -> tuple[int, int]:
    """The least and the greatest entry."""
    low = column[0]
    high = low
    for k in range(len(column)):
        if column[k] < low:
            low = column[k]
        if column[k] > high:
            high = column[k]
    return low, high


def write_part(
    people: int, posts: int, first: int, first_post: int, out: int, found: Three, room: Room
) -> None:
    """Copy what stands on a table to where it belongs.

    Where people are the rows, not to be used costs them what an empty seat costs, and prices move
    by that much.
    """
    post_of, u, v = found
    column_of, _, value = room[1]
    holder, price = room[2]
    if posts <= people:
        for c in range(people):
            post_of[first + c] = holder[c]
            v[first + c] = price[c]
        for row in range(posts):
            u[first_post + row] = value[row]
    else:
        for row in range(people):
            post_of[first + row] = column_of[row]
            v[first + row] = value[row] - out
        for c in range(posts):
            u[first_post + c] = price[c] + out


def bits(number: int) -> int:
    """How many bits a number takes."""
    count = 0
    while number >> count > 0:
        count += 1
    return count


def seat_table(pairs: Three, best: int, out: int, sizes: Sizes, room: Room) -> tuple[int, int]:
    """Seat all rows as cheaply as possible: how many had to wait for a path, what all pairs cost.

    1. A pair costs what its score lacks of the best one, and ``out`` is more than all of them.
    2. Lay the table, and let rows bid. If many would have to wait stop: another way is better.
    3. One shortest path for each row still waiting.
    4. Read the prices off the keys.

    In place of how many stands NOT_THERE if a pair names a row or a column that is not there, and
    GAVE_UP if too many would wait.
    """
    table, rows, columns, search = room
    column_of, waiting, value = rows
    price = columns[1]
    count, width, shift = sizes
    if not lay_table(pairs, best, sizes, table):
        return NOT_THERE, 0
    patience = count if count < PATIENT_BELOW else count // PATIENCE_SHARE
    waits = bid_on_table(out, sizes, patience, table, rows, columns)
    if waits > patience:
        return GAVE_UP, 0
    for number in range(waits):
        find_place(waiting[number], out, sizes, table, rows, columns, search)
    spent = 0
    for row in range(count):
        value[row] = out
        c = column_of[row]
        if c < 0:
            column_of[row] = FREE
        else:
            spent += table[row * width + c] >> (shift + 1)
            value[row] = (table[row * width + c] - price[c]) >> (shift + 1)
    for c in range(width):
        price[c] = ((price[c] >> shift) + 1) >> 1
    return waits, spent


def lay_table(pairs: Three, best: int, sizes: Sizes, table: Ints) -> bool:
    """Write the key of every pair; False if one names a row or a column that is not there."""
    row_of, column, score = pairs
    count, width, shift = sizes
    for k in range(count * width):
        table[k] = NONE
    for k in range(len(score)):
        row = row_of[k]
        c = column[k]
        if row < 0 or row >= count or c < 0 or c >= width:
            return False
        table[row * width + c] = ((best - score[k]) << (shift + 1)) + c
    return True


def bid_on_table(
    out: int, sizes: Sizes, patience: int, table: Ints, rows: Rows, columns: Columns
) -> int:
    """Let rows bid as ``reduce_rows`` of the kernel does; return how many must wait for a path.

    As soon as they are more than patience allows nobody bids any further.
    """
    height, width, shift = sizes
    column_of, waiting, _ = rows
    holder, price = columns
    for c in range(width):
        holder[c] = FREE
        price[c] = 0
    for row in range(height):
        column_of[row] = FREE
    budget = 8 * height
    count = 0
    for start in range(height):
        row = start
        if count > patience:
            break
        while row >= 0:
            line = table[row * width : row * width + width]
            best = NONE
            for c in range(width):
                key = line[c] - price[c]
                if key < best:
                    best = key
            second = NONE
            for c in range(width):
                key = line[c] - price[c]
                if key != best and key < second:
                    second = key
            cheapest = best >> (shift + 1)
            if cheapest >= out:
                column_of[row] = OUT
                break
            gap = min(second >> (shift + 1), out) - cheapest
            choice = best & ((1 << shift) - 1)
            displaced = holder[choice]
            if displaced < 0:
                price[choice] -= 1 << shift
            elif gap > 0 and budget > 0:
                budget -= 1
                column_of[displaced] = FREE
            else:
                waiting[count] = row
                count += 1
                break
            price[choice] -= gap << (shift + 1)
            holder[choice] = row
            column_of[row] = choice
            row = displaced
    return count


def find_place(
    start: int, out: int, sizes: Sizes, table: Ints, rows: Rows, columns: Columns, search: Search
) -> None:
    """Seat one more row by a shortest path over reduced costs.

    1. Reach out from the row, and from the row of each column that is settled.
    2. Settle the nearest column, until that is a free one, or a row would rather opt out.
    3. Lower the price of every settled column by what it is nearer than the end.
    4. Walk back from the end and let everybody on the path move on by one.
    """
    _, width, shift = sizes
    column_of = rows[0]
    holder, price = columns
    dist, pred, settled, order = search
    for c in range(width):
        dist[c] = NONE
        settled[c] = 0
    base = 0
    row = start
    end = out
    leaving = start
    count = 0
    while True:
        line = table[row * width : row * width + width]
        for c in range(width):
            key = base + line[c] - price[c]
            if key < dist[c]:
                dist[c] = key
                pred[c] = row
        least = NONE
        for c in range(width):
            key = dist[c] + settled[c]
            if key < least:
                least = key
        column = OUT
        if least >> (shift + 1) >= end:
            break
        column = least & ((1 << shift) - 1)
        if holder[column] < 0:
            end = least >> (shift + 1)
            price[column] -= 1 << shift
            break
        settled[column] = NONE
        order[count] = column
        count += 1
        row = holder[column]
        base = least - (table[row * width + column] - price[column])
        if (base >> (shift + 1)) + out < end:
            end = (base >> (shift + 1)) + out
            leaving = row
    for number in range(count):
        c = order[number]
        price[c] += ((dist[c] >> (shift + 1)) - end) << (shift + 1)
    if column < 0:
        column = column_of[leaving]
        column_of[leaving] = OUT
        if leaving == start:
            return
    while True:
        row = pred[column]
        before = column_of[row]
        holder[column] = row
        column_of[row] = column
        if row == start:
            return
        column = before


def raise_all(column: Ints, amount: int) -> None:
    """Add an amount to every entry."""
    for place in range(len(column)):
        column[place] += amount


NAMES = (
    "is_dense",
    "span",
    "bits",
    "write_part",
    "lay_table",
    "bid_on_table",
    "find_place",
    "seat_table",
    "seat_parts",
    "raise_all",
)
