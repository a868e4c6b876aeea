"""How is a small town seated where nearly everybody may go nearly everywhere? On one table.

Like ``kernel.py`` this runs plain and compiled, on flat sequences of integers. The task is the
simplest one: rows take at most one column each, a column takes one row, and a row that takes
nothing pays ``out``. The table holds a key for every pair, so that the least key of a line names
the cheapest column as well, and a line is read in a straight run:

    key = cost << (shift + 1) | column,   NONE where the pair is not eligible.

The price of a column stands in the same form; a column that is taken counts as half a point
dearer, so that of equally cheap columns a free one comes first.
"""

# ruff: noqa: PLR0912, PLR0915, PLR0917, PLR1730 - a hot loop takes its columns by position and calls no min()

from __future__ import annotations

from collections.abc import MutableSequence

Ints = MutableSequence[int]
Rows = tuple[Ints, Ints, Ints]
"""column_of, waiting, value: where each row is, who waits for a path, what each row pays."""
Columns = tuple[Ints, Ints]
"""holder, price."""
Search = tuple[Ints, Ints, Ints, Ints]
"""dist, pred, settled (0 or NONE) by column, and the settled columns in order."""

NONE = 1 << 60
OUT = -2
FREE = -1


def seat_table(
    pairs: tuple[Ints, Ints, Ints],
    shift: int,
    patience: int,
    table: Ints,
    rows: Rows,
    columns: Columns,
    search: Search,
    sums: Ints,
) -> int:
    """Seat all rows as cheaply as possible; return how many had to wait for a path.

    1. A pair costs what its score lacks of the best one, and ``out`` is more than all of them.
    2. Lay the table, and let rows bid. Beyond patience stop here: another way is better.
    3. One shortest path for each row still waiting.
    4. Read the prices off the keys; ``sums`` gets the best score, ``out`` and what all pairs cost.

    The answer is FREE if the numbers are too wide for a key.
    """
    column_of, waiting, value = rows
    price = columns[1]
    score = pairs[2]
    best = score[0]
    least = best
    for k in range(len(score)):
        if score[k] > best:
            best = score[k]
        if score[k] < least:
            least = score[k]
    out = (best - least) * max(len(column_of), len(price)) + 1
    sums[0] = best
    sums[1] = out
    if out >= NONE >> (shift + 6):
        return FREE
    lay_table(pairs, best, shift, len(price), table)
    count = bid_on_table(out, shift, patience, table, rows, columns)
    if count > patience:
        return count
    for number in range(count):
        find_place(waiting[number], out, shift, table, rows, columns, search)
    spent = 0
    for row in range(len(column_of)):
        value[row] = out
        c = column_of[row]
        if c < 0:
            column_of[row] = FREE
        else:
            spent += table[row * len(price) + c] >> (shift + 1)
            value[row] = (table[row * len(price) + c] - price[c]) >> (shift + 1)
    for c in range(len(price)):
        price[c] = ((price[c] >> shift) + 1) >> 1
    sums[2] = spent
    return count


def lay_table(
    pairs: tuple[Ints, Ints, Ints], best: int, shift: int, width: int, table: Ints
) -> None:
    """Write the key of every pair."""
    row_of, column, score = pairs
    for k in range(len(table)):
        table[k] = NONE
    for k in range(len(score)):
        c = column[k]
        table[row_of[k] * width + c] = ((best - score[k]) << (shift + 1)) + c


def bid_on_table(
    out: int, shift: int, patience: int, table: Ints, rows: Rows, columns: Columns
) -> int:
    """Let rows bid as ``reduce_rows`` of the kernel does; return how many must wait for a path.

    As soon as they are more than patience allows nobody bids any further.
    """
    column_of, waiting, _ = rows
    holder, price = columns
    width = len(price)
    budget = 8 * len(column_of)
    count = 0
    for start in range(len(column_of)):
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
    start: int, out: int, shift: int, table: Ints, rows: Rows, columns: Columns, search: Search
) -> None:
    """Seat one more row by a shortest path over reduced costs.

    1. Reach out from the row, and from the row of each column that is settled.
    2. Settle the nearest column, until that is a free one, or a row would rather opt out.
    3. Lower the price of every settled column by what it is nearer than the end.
    4. Walk back from the end and let everybody on the path move on by one.
    """
    column_of = rows[0]
    holder, price = columns
    dist, pred, settled, order = search
    width = len(price)
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


NAMES = ("lay_table", "bid_on_table", "find_place", "seat_table", "raise_all")
