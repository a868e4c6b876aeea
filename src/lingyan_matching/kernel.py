"""How is the cheapest assignment found? The hot loops, in Python that numba can compile too.

Every function works on flat sequences of integers: plain lists, or NumPy arrays once compiled
(``carrier.py``). There is no second implementation to keep equal.

The task: rows take at most one column each; a column has room for several rows; a column may
belong to a unit, and a unit lets only so many of its columns be used. A row that takes nothing
pays its opt-out price. Wanted: least total cost, with prices that prove it.

Prices are at most 0. Column ``c`` has ``price[c]``, unit ``g`` has ``price[columns + g]``; the
price of a free column is that of its unit (0 without one). Throughout,

    cost - price >= cost of the row's own choice - its price      for every pair,
    price < 0 only for full columns and full units,

which together say that the rows seated so far sit as cheaply as they can.
"""

# ruff: noqa: FURB136, PLR0912, PLR0915, PLR0917, PLR1730 - a hot loop takes its columns by position,
# stands in one piece and calls no min() for each edge, which is slow when plain

from __future__ import annotations

from collections.abc import MutableSequence

from lingyan_matching.heap import pop_least, sift_up

Ints = MutableSequence[int]
Edges = tuple[Ints, Ints, Ints]
"""ptr, target, cost: list ``a`` names the columns ``target[ptr[a]:ptr[a + 1]]``, ascending."""
Rows = tuple[Ints, Ints, Ints, Ints]
"""list_of, out, column_of, slot_of: whose list a row reads, what opting out costs, where it is."""
Columns = tuple[Ints, Ints, Ints, Ints, Ints]
"""first_slot, holder, used, unit_of, price; the holders of a column stand from its first slot."""
Units = tuple[Ints, Ints, Ints, Ints]
"""limit, used, member_ptr, member: how many a unit gives and has given, and its columns."""
Search = tuple[Ints, Ints, Ints, Ints, Ints, Ints, Ints, Ints]
"""dist, seen, pred, heap, place_of, order (by node: columns, then units), waiting, mark.

``mark`` is (distance of the nearest end, its column or OUT, size of the heap, row that opts out).
``pred`` of a column is the row it was reached from, or -3 - unit; of a unit the free column.
"""

Inverse = tuple[Ints, Ints, Ints, Ints]
"""starts, edge_at, list_of_edge, first_row: the edges of each column, and the rows of each list."""

FREE = -1
OUT = -2
FAR = 1 << 61


def assign(
    edges: Edges,
    rows: Rows,
    columns: Columns,
    units: Units,
    search: Search,
    budget: int,
    patience: int,
) -> int:
    """Seat every row as cheaply as possible; return how many rows had to wait.

    1. Row reduction: quick bids while they settle anything (``reduce_rows``). If it leaves more
       rows waiting than patience allows, stop here: other prices may be a better start.
    2. For each row still waiting, one shortest path to a free place (``seat_row``).
    """
    waiting = search[6]
    count = reduce_rows(edges, rows, columns, units, waiting, budget)
    if count > patience:
        return count
    for number in range(count):
        seat_row(waiting[number], number + 1, edges, rows, columns, units, search)
    return count


def least_costs(edges: Edges, list_of: Ints, least: Ints) -> None:
    """Lower each column's entry to the least cost at which any row can have it."""
    ptr, target, cost = edges
    before = FREE
    for row in range(len(list_of)):
        mine = list_of[row]
        if mine == before:
            continue
        before = mine
        for k in range(ptr[mine], ptr[mine + 1]):
            least[target[k]] = min(least[target[k]], cost[k])


def guess_prices(least: Ints, threshold: int, price: Ints) -> None:
    """Guess that what a column offers below the threshold is what rows would outbid each other by.

    Where everybody wants the same columns, bids and paths would find these prices only slowly.
    A wrong guess is mended by ``release_columns``.
    """
    for c in range(len(least)):
        if least[c] < threshold:
            price[c] = least[c] - threshold


def count_unpaid(columns: Columns) -> int:
    """How many columns stayed free although their price is below 0."""
    used, price = columns[2], columns[4]
    count = 0
    for c in range(len(used)):
        if used[c] == 0 and price[c] < 0:
            count += 1
    return count


def release_columns(
    edges: Edges, inverse: Inverse, rows: Rows, columns: Columns, search: Search, stamp: int
) -> None:
    """After a guess: bring every free column to price 0, one shortest path for each.

    Every column has one place and no unit here. ``waiting`` of the search holds, meanwhile, what
    each row pays: the cost of its own choice less the price.
    """
    list_of, out, column_of = rows[0], rows[1], rows[2]
    used, price = columns[2], columns[4]
    value = search[6]
    for row in range(len(list_of)):
        if column_of[row] < 0:
            value[row] = out[row]
        else:
            value[row] = held_cost(row, column_of[row], edges, rows) - price[column_of[row]]
    for c in range(len(used)):
        if used[c] == 0 and price[c] < 0:
            stamp += 1
            release_column(c, stamp, edges, inverse, rows, columns, search)


def scan_column(
    column: int,
    base: int,
    stamp: int,
    edges: Edges,
    inverse: Inverse,
    rows: Rows,
    columns: Columns,
    search: Search,
) -> None:
    """Reach out from a column to the rows that could come, and to the columns they would leave."""
    cost, price, column_of = edges[2], columns[4], rows[2]
    starts, edge_at, list_of_edge, first_row = inverse
    dist, seen, pred, heap, place_of = search[0], search[1], search[2], search[3], search[4]
    value, mark = search[6], search[7]
    for at in range(starts[column], starts[column + 1]):
        k = edge_at[at]
        for row in range(first_row[list_of_edge[k]], first_row[list_of_edge[k] + 1]):
            d = base + cost[k] - value[row]
            c = column_of[row]
            if d >= mark[0] or c == column:
                continue
            if c == OUT:
                mark[0] = d
                mark[1] = column
                mark[3] = row
                continue
            if seen[c] == stamp:
                if d >= dist[c]:
                    continue
                place = place_of[c]
            else:
                seen[c] = stamp
                place = mark[2]
                heap[place] = c
                mark[2] += 1
            dist[c] = d
            pred[c] = column
            sift_up(heap, place_of, dist, place)
            if d - price[c] < mark[0]:
                mark[0] = d - price[c]
                mark[1] = c
                mark[3] = FREE


def release_column(
    start: int,
    stamp: int,
    edges: Edges,
    inverse: Inverse,
    rows: Rows,
    columns: Columns,
    search: Search,
) -> None:
    """Raise the price of a free column until somebody takes it or it is 0: ``seat_row`` reversed.

    1. Reach out from the column: a row comes as soon as the price has risen by its distance, and
       the column that it leaves is then in the same position.
    2. The nearest end is a row that had opted out, or a column whose price reaches 0.
    3. Raise the price of every settled column by what it is nearer than the end.
    4. Everybody on the path moves on by one, towards the start.
    """
    first_slot, holder, used, price = columns[0], columns[1], columns[2], columns[4]
    dist, seen, pred, heap, place_of = search[0], search[1], search[2], search[3], search[4]
    order, value, mark = search[5], search[6], search[7]
    mark[0] = -price[start]
    mark[1] = start
    mark[2] = 1
    mark[3] = FREE
    dist[start] = 0
    seen[start] = stamp
    heap[0] = start
    place_of[start] = 0
    settled = 0
    while mark[2] > 0 and dist[heap[0]] < mark[0]:
        c = pop_least(heap, place_of, dist, mark[2])
        mark[2] -= 1
        order[settled] = c
        settled += 1
        scan_column(c, dist[c] - price[c], stamp, edges, inverse, rows, columns, search)
    for number in range(settled):
        c = order[number]
        price[c] += mark[0] - dist[c]
        if used[c] > 0:
            value[holder[first_slot[c]]] -= mark[0] - dist[c]
    column = mark[1]
    row = mark[3]
    while True:
        slot = first_slot[column]
        mover = holder[slot]
        holder[slot] = row
        used[column] = int(row >= 0)
        if row >= 0:
            rows[2][row] = column
            rows[3][row] = slot
        if column == start:
            return
        column = pred[column]
        row = mover


def bid(
    edges: Edges,
    rows: Rows,
    columns: Columns,
    waiting: Ints,
    known: Ints,
    bits: tuple[int, int],
    budget: int,
) -> None:
    """Find prices to start from where every row and every column will be needed.

    An auction on so many times the costs (the second of ``bits``), in rounds of falling steps. Only
    a start: whatever prices it leaves, the paths afterwards are exact, as long as in the end no
    column stays free. So costs may be cut (the first of ``bits``) to leave room beside them for the
    number of the column.

    1. Each column asks what it costs the cheapest row; the first step follows from how far the two
       cheapest choices of a row then lie apart.
    2. One round of bids for each step (``bid_round``); the next has an eighth of it, the last 1.
    3. Move all prices to 0 or below, and undo the factor where that disturbs the fewest seats
       (``rarest_rest``).
    4. Keep the seats that these prices still bear, unseat the others (``keep_seats``).

    Prices stay at 0 and nobody sits if a row or a column has no choice, or if the bids exceed the
    budget.
    """
    holder, price = columns[1], columns[4]
    drop, fine = bits
    step = open_prices(edges, bits, price)
    left = budget if step > 0 else FREE
    while step > 0 and left >= 0:
        left = bid_round(edges, rows[0], columns, waiting, known, bits, step, left)
        step = max(1, step >> 3) if step > 1 else 0
    if left < 0:
        for c in range(len(holder)):
            price[c] = 0
            holder[c] = FREE
        return
    fall = max(0, fine - drop)
    rise = max(0, drop - fine)
    highest = price[0]
    for c in range(len(holder)):
        highest = max(highest, price[c])
    for c in range(len(holder)):
        price[c] -= highest
    rest = rarest_rest(edges, rows[0], columns, known, bits, (1 << fall) - 1)
    for c in range(len(holder)):
        price[c] = (price[c] - rest - 1) >> fall << rise
    keep_seats(edges, rows, columns)


def rarest_rest(
    edges: Edges,
    list_of: Ints,
    columns: Columns,
    count: Ints,
    bits: tuple[int, int],
    mask: int,
) -> int:
    """Where to round prices so that the fewest seats suffer.

    After an auction a seat is dearer than the cheapest choice by one step at most. Rounding down to
    whole points keeps that below a point, so that the seat is a cheapest one again, unless its
    price leaves the greatest rest. So count such seats by the rest of their price: the rarest rest
    shall become the greatest.
    """
    ptr, target, cost = edges
    holder, price = columns[1], columns[4]
    drop, fine = bits
    for rest in range(mask + 1):
        count[rest] = 0
    for c in range(len(holder)):
        mine = list_of[holder[c]]
        best = FAR
        own = FAR
        for k in range(ptr[mine], ptr[mine + 1]):
            w = (cost[k] >> drop << fine) - price[target[k]]
            best = w if w < best else best
            own = w if target[k] == c else own
        if own > best:
            count[price[c] & mask] += 1
    rarest = 0
    for rest in range(mask + 1):
        if count[rest] < count[rarest]:
            rarest = rest
    return rarest


def keep_seats(edges: Edges, rows: Rows, columns: Columns) -> None:
    """Seat every row that holds a cheapest choice at these prices; free the other columns."""
    ptr, target, cost = edges
    list_of, out, column_of, slot_of = rows
    holder, used, price = columns[1], columns[2], columns[4]
    for c in range(len(holder)):
        row = holder[c]
        mine = list_of[row]
        best = out[row]
        own = FAR
        for k in range(ptr[mine], ptr[mine + 1]):
            w = cost[k] - price[target[k]]
            best = w if w < best else best
            own = w if target[k] == c else own
        if own == best:
            column_of[row] = c
            slot_of[row] = c
            used[c] = 1
        else:
            holder[c] = FREE


def open_prices(edges: Edges, bits: tuple[int, int], price: Ints) -> int:
    """Let each column ask its least cost; an eighth of the mean gap, 0 if a column has no row."""
    ptr, target, cost = edges
    drop, fine = bits
    for c in range(len(price)):
        price[c] = FAR
    for k in range(len(target)):
        w = cost[k] >> drop << fine
        if w < price[target[k]]:
            price[target[k]] = w
    for c in range(len(price)):
        if price[c] == FAR:
            return 0
    gaps = 0
    for row in range(len(ptr) - 1):
        best = FAR
        second = FAR
        for k in range(ptr[row], ptr[row + 1]):
            w = (cost[k] >> drop << fine) - price[target[k]]
            higher = best if best > w else w
            second = higher if higher < second else second
            best = w if w < best else best
        if second < FAR:
            gaps += second - best
    return max(1, gaps // (8 * len(price)))


def bid_round(
    edges: Edges,
    list_of: Ints,
    columns: Columns,
    waiting: Ints,
    known: Ints,
    bits: tuple[int, int],
    step: int,
    budget: int,
) -> int:
    """Let every row bid in turn until all are seated; return what is left of the budget.

    1. A row bids for its cheapest column: the price falls by the gap to the second cheapest and one
       step more. A displaced row bids again.
    2. What a column costs, less its price, stands in front of the column's number in one key, so
       the least key names the column too, and equal ones go by that number.
    3. Prices only fall, so keys only rise. ``known`` holds, for each list, its seven least keys
       when all were looked at last (without the prices), and before them the eighth. As long
       as the second of the seven lies below that one, nobody else can have come below it.

    Below 0: a row has no choice, or there are no bids or bits left.
    """
    ptr, target, cost = edges
    holder, price = columns[1], columns[4]
    drop, fine = bits
    shift = 1
    while len(holder) >> shift > 0:
        shift += 1
    mask = (1 << shift) - 1
    for row in range(len(list_of)):
        waiting[row] = row
    for c in range(len(holder)):
        holder[c] = FREE
    size = len(list_of)
    while size > 0:
        size -= 1
        row = waiting[size]
        mine = list_of[row]
        at = 8 * mine
        best = FAR
        second = FAR
        if known[at] >= 0:
            for place in range(at + 1, at + 8):
                key = known[place]
                key -= price[key & mask] << shift
                higher = best if best > key else key
                second = higher if higher < second else second
                best = key if key < best else best
        if second > known[at]:
            best = second = third = fourth = fifth = sixth = seventh = eighth = FAR
            for k in range(ptr[mine], ptr[mine + 1]):
                c = target[k]
                key = (((cost[k] >> drop << fine) - price[c]) << shift) + c
                # Without a jump: each keeps the lower one and hands the higher one on.
                high = best if best > key else key
                best = key if key < best else best
                more = second if second > high else high
                second = high if high < second else second
                high = third if third > more else more
                third = more if more < third else third
                more = fourth if fourth > high else high
                fourth = high if high < fourth else fourth
                high = fifth if fifth > more else more
                fifth = more if more < fifth else fifth
                more = sixth if sixth > high else high
                sixth = high if high < sixth else sixth
                high = seventh if seventh > more else more
                seventh = more if more < seventh else seventh
                eighth = high if high < eighth else eighth
            known[at] = eighth
            known[at + 1] = best + (price[best & mask] << shift)
            known[at + 2] = second + (price[second & mask] << shift)
            known[at + 3] = third + (price[third & mask] << shift)
            known[at + 4] = fourth + (price[fourth & mask] << shift)
            known[at + 5] = fifth + (price[fifth & mask] << shift)
            known[at + 6] = sixth + (price[sixth & mask] << shift)
            known[at + 7] = seventh + (price[seventh & mask] << shift)
        budget -= 1
        if best >= FAR or budget < 0:
            return FREE
        if second >= FAR:
            second = best + (step << (shift + 3))
        choice = best & mask
        price[choice] -= (second >> shift) - (best >> shift) + step
        if price[choice] < -(1 << (58 - shift)):
            return FREE
        if holder[choice] >= 0:
            waiting[size] = holder[choice]
            size += 1
        holder[choice] = row
    return budget


def reduce_rows(
    edges: Edges, rows: Rows, columns: Columns, units: Units, waiting: Ints, budget: int
) -> int:
    """Let rows without a seat bid; return how many must wait for a path.

    1. A row looks up its cheapest and second cheapest choice; opting out is a choice too.
    2. It opts out if nothing is cheaper.
    3. It takes a free column, if the unit still gives people.
    4. From a full column with one place it displaces the holder, if it can pay more: in both
       cases the price falls by the gap to the second choice. The displaced row goes on at once.
    5. Whoever meets a tie, a full unit or a full column with several places waits; until the path
       is found that counts as opting out, so that nobody's turn comes twice.
    """
    ptr, target, cost = edges
    list_of, out, column_of, slot_of = rows
    first_slot, holder, used, unit_of, price = columns
    limit, unit_used = units[0], units[1]
    count = 0
    for start in range(len(list_of)):
        row = start if column_of[start] == FREE else FREE
        while row >= 0:
            mine = ptr[list_of[row]]
            end = ptr[list_of[row] + 1]
            best = out[row]
            second = best
            choice = OUT
            for c, points in zip(target[mine:end], cost[mine:end]):  # noqa: B905 - not compilable
                w = points - price[c]
                if w > second:
                    continue
                if w < best:
                    second = best
                    best = w
                    choice = c
                else:
                    second = w
                    full = used[choice] == first_slot[choice + 1] - first_slot[choice]
                    if w == best and choice >= 0 and full:
                        choice = c
            if choice == OUT:
                column_of[row] = OUT
                break
            room = first_slot[choice + 1] - first_slot[choice]
            unit = unit_of[choice]
            if used[choice] < room and (unit < 0 or unit_used[unit] < limit[unit]):
                slot = first_slot[choice] + used[choice]
                used[choice] += 1
                if unit >= 0:
                    unit_used[unit] += 1
                displaced = FREE
            elif used[choice] == room and room == 1 and best < second and budget > 0:
                budget -= 1
                slot = first_slot[choice]
                displaced = holder[slot]
            else:
                waiting[count] = row
                count += 1
                column_of[row] = OUT
                break
            if room == 1:
                price[choice] -= second - best
            holder[slot] = row
            column_of[row] = choice
            slot_of[row] = slot
            if displaced >= 0:
                column_of[displaced] = FREE
            row = displaced
    return count


def scan_row(
    row: int,
    base: int,
    stamp: int,
    edges: Edges,
    rows: Rows,
    columns: Columns,
    units: Units,
    search: Search,
) -> None:
    """Reach out from a row: note the nearest end, and put full columns and units in the heap."""
    ptr, target, cost = edges
    list_of, out = rows[0], rows[1]
    first_slot, used, unit_of, price = columns[0], columns[2], columns[3], columns[4]
    limit, unit_used = units[0], units[1]
    dist, seen, pred, heap, place_of = search[0], search[1], search[2], search[3], search[4]
    mark = search[7]
    best = mark[0]
    size = mark[2]
    if base + out[row] < best:
        best = base + out[row]
        mark[1] = OUT
        mark[3] = row
    for k in range(ptr[list_of[row]], ptr[list_of[row] + 1]):
        c = target[k]
        d = base + cost[k] - price[c]
        if d >= best:
            continue
        node = c
        if used[c] < first_slot[c + 1] - first_slot[c]:
            unit = unit_of[c]
            if unit < 0 or unit_used[unit] < limit[unit]:
                best = d
                mark[1] = c
                pred[c] = row
                continue
            node = len(used) + unit
        if seen[node] == stamp:
            if d >= dist[node]:
                continue
            place = place_of[node]
        else:
            seen[node] = stamp
            place = size
            heap[place] = node
            size += 1
        dist[node] = d
        pred[c] = row
        if node != c:
            pred[node] = c
        sift_up(heap, place_of, dist, place)
    mark[0] = best
    mark[2] = size


def scan_unit(unit: int, stamp: int, columns: Columns, units: Units, search: Search) -> None:
    """Reach out from a full unit: it may take back any of its columns that is in use."""
    used, price = columns[2], columns[4]
    member_ptr, member = units[2], units[3]
    dist, seen, pred, heap, place_of = search[0], search[1], search[2], search[3], search[4]
    mark = search[7]
    node = len(used) + unit
    base = dist[node] + price[node]
    for k in range(member_ptr[unit], member_ptr[unit + 1]):
        c = member[k]
        d = base - price[c]
        if used[c] == 0 or d >= mark[0]:
            continue
        if seen[c] == stamp:
            if d >= dist[c]:
                continue
            place = place_of[c]
        else:
            seen[c] = stamp
            place = mark[2]
            heap[place] = c
            mark[2] += 1
        dist[c] = d
        pred[c] = -3 - unit
        sift_up(heap, place_of, dist, place)


def seat_row(
    start: int, stamp: int, edges: Edges, rows: Rows, columns: Columns, units: Units, search: Search
) -> None:
    """Seat one more row by a shortest path over reduced costs.

    1. Reach out from the row; its distance counts from its own choice, so it starts at 0.
    2. While the nearest node in the heap is nearer than the nearest end (a free column whose
       unit still gives people, or a row that would rather opt out): settle that node and reach
       out from the rows that hold it, or, if it is a unit, to its columns in use.
    3. Lower the price of every settled node by what it is nearer than the end.
    4. Walk back from the end and let everybody on the path move on by one.
    """
    first_slot, holder, used, price = columns[0], columns[1], columns[2], columns[4]
    dist, heap, place_of = search[0], search[3], search[4]
    order, mark = search[5], search[7]
    mark[0] = rows[1][start]
    mark[1] = OUT
    mark[2] = 0
    mark[3] = start
    settled = 0
    scan_row(start, settled, stamp, edges, rows, columns, units, search)
    while mark[2] > 0 and dist[heap[0]] < mark[0]:
        node = pop_least(heap, place_of, dist, mark[2])
        mark[2] -= 1
        order[settled] = node
        settled += 1
        if node >= len(used):
            scan_unit(node - len(used), stamp, columns, units, search)
            continue
        for slot in range(first_slot[node], first_slot[node] + used[node]):
            row = holder[slot]
            base = dist[node] + price[node] - held_cost(row, node, edges, rows)
            scan_row(row, base, stamp, edges, rows, columns, units, search)
    for number in range(settled):
        price[order[number]] += dist[order[number]] - mark[0]
    for number in range(settled):
        if order[number] >= len(used):
            follow_unit(order[number] - len(used), columns, units)
    walk_back(start, rows, columns, units, search)


def held_cost(row: int, column: int, edges: Edges, rows: Rows) -> int:
    """The cost of the pair that a row holds (each list names a column once, in order)."""
    ptr, target, cost = edges
    low = ptr[rows[0][row]]
    high = ptr[rows[0][row] + 1]
    while high - low > 1:
        middle = (low + high) >> 1
        if target[middle] <= column:
            low = middle
        else:
            high = middle
    return cost[low]


def follow_unit(unit: int, columns: Columns, units: Units) -> None:
    """Free columns of a unit have the price of the unit."""
    used, price = columns[2], columns[4]
    member_ptr, member = units[2], units[3]
    for k in range(member_ptr[unit], member_ptr[unit + 1]):
        if used[member[k]] == 0:
            price[member[k]] = price[len(used) + unit]


def walk_back(start: int, rows: Rows, columns: Columns, units: Units, search: Search) -> None:
    """Let everybody on the path move on: the end receives, the start is seated."""
    column_of, slot_of = rows[2], rows[3]
    first_slot, holder, used, unit_of = columns[0], columns[1], columns[2], columns[3]
    unit_used = units[1]
    pred, mark = search[2], search[7]
    column = mark[1]
    if column == OUT:
        row = mark[3]
        column = column_of[row]
        slot = slot_of[row]
        column_of[row] = OUT
        if row == start:
            return
    else:
        slot = first_slot[column] + used[column]
        used[column] += 1
        if unit_of[column] >= 0:
            unit_used[unit_of[column]] += 1
    while True:
        row = pred[column]
        if row <= -3:
            used[column] = 0
            column = pred[len(used) - 3 - row]
            used[column] = 1
            slot = first_slot[column]
            row = pred[column]
        next_column = column_of[row]
        next_slot = slot_of[row]
        holder[slot] = row
        column_of[row] = column
        slot_of[row] = slot
        if row == start:
            return
        column = next_column
        slot = next_slot


def row_prices(edges: Edges, out: Ints, price: Ints, found: Ints) -> None:
    """Write the price of every list: its cheapest choice, opting out included."""
    ptr, target, cost = edges
    for row in range(len(out)):
        best = out[row]
        for k in range(ptr[row], ptr[row + 1]):
            w = cost[k] - price[target[k]]
            if w < best:
                best = w
        found[row] = best


def post_prices(
    edges: Edges,
    seated: tuple[Ints, Ints],
    top: Ints,
    price: Ints,
    known: Ints,
    found: Ints,
) -> None:
    """The price of each post: what its cheapest person costs, at most its dearest seat.

    Whoever is seated sits as cheaply as anybody could, so only empty posts have to look.
    """
    ptr, target, cost = edges
    edge_of, post_of = seated
    for person in range(len(edge_of)):
        if edge_of[person] >= 0:
            post = post_of[person]
            found[post] = cost[edge_of[person]] - price[person]
            known[post] = 1
    for post in range(len(top)):
        if known[post] == 0:
            best = top[post]
            for k in range(ptr[post], ptr[post + 1]):
                w = cost[k] - price[target[k]]
                if w < best:
                    best = w
            found[post] = best


def tight_edges(edges: Edges, u: Ints, price: Ints, found: Ints, row_of: Ints) -> int:
    """The edges whose cost equals both prices, and their rows: only these can be in a best plan."""
    ptr, target, cost = edges
    count = 0
    for row in range(len(u)):
        best = u[row]
        for k in range(ptr[row], ptr[row + 1]):
            if cost[k] - price[target[k]] == best:
                found[count] = k
                row_of[count] = row
                count += 1
    return count


def rising(column: Ints) -> bool:
    """Whether no entry is below the one before it."""
    falls = 0
    for k in range(1, len(column)):
        if column[k] < column[k - 1]:
            falls += 1
    return falls == 0


def within(column: Ints, size: int) -> bool:
    """Whether every entry is an index below this."""
    low = 0
    high = -1
    for k in range(len(column)):
        if column[k] < low:
            low = column[k]
        if column[k] > high:
            high = column[k]
    return low >= 0 and high < size


def lay_rows(
    pairs: tuple[Ints, Ints, Ints], best: int, starts: Ints, fill: Ints, target: Ints, cost: Ints
) -> None:
    """Write pairs (row, column, score) as rows of edges; their order within a row stays.

    An edge costs what its score lacks of the best one.
    """
    row_of, column, score = pairs
    for row in range(len(fill)):
        fill[row] = starts[row]
    for k in range(len(score)):
        row = row_of[k]
        place = fill[row]
        fill[row] = place + 1
        target[place] = column[k]
        cost[place] = best - score[k]


def spread_rows(
    columns: tuple[Ints, Ints, Ints], starts: Ints, fill: Ints, found: tuple[Ints, Ints, Ints]
) -> None:
    """Write three parallel columns by rows, which the first of them names; order within stays."""
    row_of, minor, score = columns
    found_row, found_minor, found_score = found
    for row in range(len(fill)):
        fill[row] = starts[row]
    for k in range(len(score)):
        row = row_of[k]
        place = fill[row]
        fill[row] = place + 1
        found_minor[place] = minor[k]
        found_score[place] = score[k]
    for row in range(len(fill)):
        for place in range(starts[row], starts[row + 1]):
            found_row[place] = row


def sum_of_costs(cost: Ints, edge_of: Ints) -> int:
    """What the chosen edges cost together."""
    total = 0
    for person in range(len(edge_of)):
        if edge_of[person] >= 0:
            total += cost[edge_of[person]]
    return total


def invert(column_of: Ints, row_of: Ints) -> None:
    """Write the row of every column that some row has."""
    for row in range(len(column_of)):
        if column_of[row] >= 0:
            row_of[column_of[row]] = row


def lists_of_edges(ptr: Ints, found: Ints) -> None:
    """Write the list that each edge belongs to."""
    for row in range(len(ptr) - 1):
        for k in range(ptr[row], ptr[row + 1]):
            found[k] = row


def count_rows(column: Ints, starts: Ints) -> None:
    """Where each row begins if the column is sorted; ``starts`` comes in as zeros."""
    for k in range(len(column)):
        starts[column[k] + 1] += 1
    for row in range(len(starts) - 1):
        starts[row + 1] += starts[row]


def add_up(counts: Ints, starts: Ints) -> None:
    """Where each of several blocks begins, given how long they are."""
    for block in range(len(counts)):
        starts[block + 1] = starts[block] + counts[block]


def in_order(major: Ints, minor: Ints) -> bool:
    """Whether pairs stand in strictly rising order."""
    for k in range(1, len(major)):
        if major[k] < major[k - 1] or (major[k] == major[k - 1] and minor[k] <= minor[k - 1]):
            return False
    return True


def gather(column: Ints, order: Ints, found: Ints) -> None:
    """Write the entries of a column in this order."""
    for k in range(len(order)):
        found[k] = column[order[k]]


def transpose(target: Ints, starts: Ints, order: Ints, fill: Ints) -> None:
    """Index the edges from the other side: starts per target, and edge numbers in order."""
    count_rows(target, starts)
    for c in range(len(starts) - 1):
        fill[c] = starts[c]
    for k in range(len(target)):
        c = target[k]
        order[fill[c]] = k
        fill[c] += 1


def edge_costs(score: Ints, best: int, sign: int, cost: Ints) -> None:
    """The cost of an edge is what its score lacks of the best score."""
    for k in range(len(score)):
        cost[k] = sign * (best - score[k])


def lay_tiers(post_ptr: Ints, seats: Ints, lower: Ints, tier_count: Ints) -> None:
    """Count the seats of each post below its lower bound and above it, at most one a candidate."""
    for post in range(len(seats)):
        room = min(seats[post], post_ptr[post + 1] - post_ptr[post])
        must = min(lower[post], room)
        tier_count[2 * post] = must
        tier_count[2 * post + 1] = room - must


def lay_seats(tier_count: Ints, tier_price: Ints, row_list: Ints, out: Ints) -> None:
    """Write one row for each seat: the list of its post, and what it pays if empty."""
    row = 0
    for tier in range(len(tier_count)):
        for _ in range(tier_count[tier]):
            row_list[row] = tier >> 1
            out[row] = tier_price[tier]
            row += 1


def split_by_person(
    by_person: tuple[Ints, Ints],
    post_of_edge: Ints,
    cost: Ints,
    tier_count: Ints,
    tier_price: Ints,
    edges: Edges,
) -> None:
    """Write the edges seen from the people: one for each tier of seats, its price taken off."""
    starts, order = by_person
    ptr, target, net = edges
    count = 0
    for row in range(len(starts) - 1):
        for place in range(starts[row], starts[row + 1]):
            k = order[place]
            tier = 2 * post_of_edge[k]
            for t in range(tier, tier + 2):
                if tier_count[t] > 0:
                    target[count] = t
                    net[count] = cost[k] - tier_price[t]
                    count += 1
        ptr[row + 1] = count


def place_people(
    row_list: Ints,
    column_of: Ints,
    by_seat: bool,
    post_ptr: Ints,
    person: Ints,
    seated: tuple[Ints, Ints],
) -> None:
    """Write the edge and the post of everybody who was seated, whichever side the rows were."""
    edge_of, post_of = seated
    for row in range(len(row_list)):
        if column_of[row] < 0:
            continue
        who = column_of[row] if by_seat else row
        post = row_list[row] if by_seat else column_of[row] >> 1
        low = post_ptr[post]
        high = post_ptr[post + 1]
        while high - low > 1:
            middle = (low + high) >> 1
            if person[middle] <= who:
                low = middle
            else:
                high = middle
        edge_of[who] = low
        post_of[who] = post


NAMES = (
    "sift_up",
    "pop_least",
    "held_cost",
    "follow_unit",
    "walk_back",
    "scan_row",
    "scan_unit",
    "seat_row",
    "open_prices",
    "bid_round",
    "rarest_rest",
    "keep_seats",
    "bid",
    "reduce_rows",
    "assign",
    "least_costs",
    "guess_prices",
    "count_unpaid",
    "scan_column",
    "release_column",
    "release_columns",
    "row_prices",
    "post_prices",
    "tight_edges",
    "count_rows",
    "rising",
    "within",
    "lay_rows",
    "spread_rows",
    "lists_of_edges",
    "sum_of_costs",
    "invert",
    "add_up",
    "in_order",
    "gather",
    "transpose",
    "edge_costs",
    "lay_tiers",
    "lay_seats",
    "split_by_person",
    "place_people",
)
