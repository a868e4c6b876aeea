"""How much can any plan reach at most, by the prices that a solver left behind?

Nothing here solves. Every limit of a problem, and every condition of being stable, may have a price
of 0 or more. Whatever the prices are: what is paid for all limits together, and what each person
still brings at the best after paying, is no less than what any plan reaches (Lagrange). So prices
may be rounded at will: what they prove becomes a little weaker, never wrong.

The price of a limit is named by a key: ("post", id), ("unit", id), ("bound", id) for room;
("lower-post", id), ("lower-bound", id) for seats below a lower bound, which count only where
somebody sits; ("goal", name) for an earlier goal that is not given up. Of stable plans also
("pair", person, post): both have something as good, or a set around one of them is full with what
is as good; ("full-unit", id, n), ("full-bound", id, n): full with its best n + 1 classes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from lingyan_matching.lot import SOLVER_BITS, tickets
from lingyan_matching.problem import Bound, Pair, Problem, holds

Key = tuple[str | int, ...]
Prices = Mapping[Key, int]
Floors = Mapping[str, int]
"""What of each earlier goal must be reached, pins left out."""
Limits = dict[Key, tuple[list[int], int]]
"""Some open edges, and how many of them there is room for, or how many count."""
Classes = list[list[int]]
"""Open edges, best class first; those of one class are tied."""


class Relaxation:
    """The open part of a problem without the demand that people go as a whole.

    Edges are counted anew, 0 to the number of open ones; `pairs` are their names. Goals are counted
    so that more is better, pins left out.
    """

    def __init__(self, problem: Problem, *, seed: int, base: Iterable[Pair], stable: bool) -> None:
        self.problem, self.seed, self.base = problem, seed, set(base)
        self._open_edges()
        self.limits = self._limits()
        self.parts = self._parts()
        self.limit_keys = {*self.limits, *self.parts}
        if stable:
            self._read_preferences()
            self.limit_keys |= {*self._pair_keys(), *self._full_keys()}
        self.stable = stable
        self.weights: dict[str, list[int]] = {}

    def _open_edges(self) -> None:
        """Pinned people, people without room and banned pairs are not open."""
        problem, bans = self.problem, set(self.problem.bans)
        shut = {person for person, _ in problem.pins}
        shut.update(person.id for person in problem.people if person.upper == 0)
        self.edges, self.pairs = [], []
        self.person, self.post = [], []
        for edge, (i, g) in enumerate(zip(problem.edge_person, problem.edge_post, strict=True)):
            pair = (problem.people[i].id, problem.posts[g].id)
            if pair[0] not in shut and pair not in bans:
                self.edges.append(edge)
                self.pairs.append(pair)
                self.person.append(i)
                self.post.append(g)
        pinned = Counter(post for _, post in problem.pins)
        self.seats = [post.upper - pinned[post.id] for post in problem.posts]
        self.number_of = {pair: number for number, pair in enumerate(self.pairs)}

    def _limits(self) -> Limits:
        problem, found = self.problem, Limits()
        at_post, of_unit = defaultdict[int, list[int]](list), defaultdict[str, list[int]](list)
        for number, (i, g) in enumerate(zip(self.person, self.post, strict=True)):
            at_post[g].append(number)
            of_unit[problem.people[i].unit or ""].append(number)
        for g, post in enumerate(problem.posts):
            found["post", post.id] = at_post[g], self.seats[g]
        unit_of = {person.id: person.unit for person in problem.people}
        sent = Counter(unit_of[person] for person, _ in problem.pins)
        for unit in problem.units:
            found["unit", unit.id] = of_unit[unit.id], unit.limit - sent[unit.id]
        for bound in problem.bounds:
            if bound.upper is not None:
                found["bound", bound.id] = self._inside(bound), bound.upper - self._pins(bound)
        return found

    def _parts(self) -> Limits:
        """Seats below lower bounds that pins have not filled."""
        pinned, found = Counter(post for _, post in self.problem.pins), Limits()
        for post in self.problem.posts:
            if post.lower > pinned[post.id]:
                mine = self.limits["post", post.id][0]
                found["lower-post", post.id] = mine, post.lower - pinned[post.id]
        for bound in self.problem.bounds:
            if bound.lower > self._pins(bound):
                found["lower-bound", bound.id] = (
                    self._inside(bound),
                    bound.lower - self._pins(bound),
                )
        return found

    def _inside(self, bound: Bound) -> list[int]:
        return [number for number, pair in enumerate(self.pairs) if holds(bound, pair)]

    def _pins(self, bound: Bound) -> int:
        return sum(holds(bound, pin) for pin in self.problem.pins)

    # --- stable plans

    def _read_preferences(self) -> None:
        """The wishes of all, class by class, and the sets that may be full around an edge."""
        problem = self.problem
        every, post_class = range(len(self.edges)), self._class_of(problem.edge_post_rank)
        person_class = self._class_of(problem.edge_person_rank)
        self.wishes = _by_owner(self.person, every, person_class)
        self.wanted = _by_owner(self.post, every, post_class)
        self.full: dict[Key, Classes] = {}
        for unit in problem.units:
            mine, room = self.limits["unit", unit.id]
            if room < len({self.person[number] for number in mine}):
                self.full["full-unit", unit.id] = _classes(mine, person_class)
        for bound in problem.bounds:
            if bound.upper is not None:
                mine = self.limits["bound", bound.id][0]
                ranked = person_class if bound.people is not None else self._filling(post_class)
                self.full["full-bound", bound.id] = _classes(mine, ranked)

    def _class_of(self, ranks: Sequence[int] | None) -> Callable[[int], tuple[int, ...]]:
        """Who is mentioned stands by rank, the others follow by score."""
        sign = 1 if self.problem.sense == "min" else -1

        def ranked(number: int) -> tuple[int, ...]:
            edge = self.edges[number]
            if ranks is not None and ranks[edge]:
                return 0, ranks[edge]
            return 1, sign * self.problem.edge_score[edge]

        return ranked

    def _filling(
        self, ranked: Callable[[int], tuple[int, ...]]
    ) -> Callable[[int], tuple[int, ...]]:
        """A township fills its posts of the first class first."""
        return lambda number: (self.problem.posts[self.post[number]].klass, *ranked(number))

    def _pair_keys(self) -> Iterator[Key]:
        seats, pairs = self.seats, enumerate(self.pairs)
        return (("pair", *pair) for number, pair in pairs if seats[self.post[number]] > 0)

    def _full_keys(self) -> Iterator[Key]:
        return ((*key, place) for key, own in self.full.items() for place in range(len(own)))

    # --- goals

    def weight(self, name: str) -> list[int]:
        """What each edge brings of a goal."""
        if name not in self.weights:
            self.weights[name] = self._weight(name)
        return self.weights[name]

    def _weight(self, name: str) -> list[int]:
        problem = self.problem
        if name == "lower":
            return [0] * len(self.edges)
        if name == "seats":
            return [1] * len(self.edges)
        if name == "score":
            sign = -1 if problem.sense == "min" else 1
            return [sign * problem.edge_score[edge] for edge in self.edges]
        if name == "changes":
            return [-int(pair not in self.base) for pair in self.pairs]
        if name == "lot":
            return [-drawn for drawn in tickets(self.seed, self.pairs, SOLVER_BITS)]
        return [int(f"class-{problem.posts[g].klass}" == name) for g in self.post]

    def reached(self, name: str, chosen: Iterable[int]) -> int:
        """What a choice of edges reaches of a goal."""
        taken = set(chosen)
        if name == "lower":
            return sum(min(len(taken.intersection(own)), low) for own, low in self.parts.values())
        weight = self.weight(name)
        return sum(weight[number] for number in taken)

    def is_plan(self, chosen: Sequence[int]) -> bool:
        """Whether a choice of edges keeps all room; of stability nothing is asked."""
        taken = set(chosen)
        people = {self.person[number] for number in taken}
        return len(people) == len(taken) == len(chosen) and all(
            len(taken.intersection(own)) <= room for own, room in self.limits.values()
        )

    # --- the bound

    def most(self, name: str, prices: Prices, scale: int, floors: Floors) -> int:
        """How many parts of `scale` of a goal any plan reaches at most that keeps the floors.

        1. Every room is paid at its price, every floor pays its own back.
        2. What an edge brings, in parts, less what it pays and what it is paid for.
        3. Each person takes the edge that brings the most, or none.
        """
        total, worth = self._paid(name, prices, scale, floors)
        return total + sum(self._best(worth))

    def short(self, name: str, prices: Prices, scale: int, floors: Floors) -> tuple[int, list[int]]:
        """The same, and what a plan with an edge falls short of it at the least, edge by edge."""
        total, worth = self._paid(name, prices, scale, floors)
        best = self._best(worth)
        short = [best[i] - own for i, own in zip(self.person, worth, strict=True)]
        return total + sum(best), short

    def _paid(self, name: str, prices: Prices, scale: int, floors: Floors) -> tuple[int, list[int]]:
        """What all rooms are paid (step 1), and what each edge still brings (step 2)."""
        paid = [0] * len(self.edges)
        total = 0
        for key, (own, room) in self.limits.items():
            if price := prices.get(key):
                total += price * room
                _add(paid, own, price)
        for goal, floor in floors.items():
            if price := prices.get(("goal", goal)):
                total -= price * floor
                for number, weight in enumerate(self.weight(goal)):
                    paid[number] -= price * weight
        total += self._pay_parts(paid, prices, scale * (name == "lower"))
        if self.stable:
            total += self._pay_stability(paid, prices)
        own = [scale * weight for weight in self.weight(name)]
        return total, [worth - cost for worth, cost in zip(own, paid, strict=True)]

    def _pay_parts(self, paid: list[int], prices: Prices, worth: int) -> int:
        """Seats below lower bounds count as they are sat on."""
        total, worth = 0, worth + prices.get(("goal", "lower"), 0)
        for key, (own, low) in self.parts.items():
            price = prices.get(key, 0)
            _add(paid, own, -price)
            total += low * max(0, worth - price)
        return total

    def _pay_stability(self, paid: list[int], prices: Prices) -> int:
        """What the conditions of being stable are paid, and what full sets still bring."""
        price = [prices.get(("pair", *pair), 0) for pair in self.pairs]
        asked = [own * self.seats[g] for own, g in zip(price, self.post, strict=True)]
        for wishes in self.wishes:
            _pay_as_good(paid, wishes, asked)
        for wanted in self.wanted:
            _pay_as_good(paid, wanted, price)
        return sum(
            self._pay_full(paid, prices, key, classes, asked) for key, classes in self.full.items()
        ) - sum(asked)

    def _pay_full(
        self, paid: list[int], prices: Prices, key: Key, classes: Classes, asked: Sequence[int]
    ) -> int:
        """A set counts as full with some classes as far as these fill its room."""
        room = self.limits[key[0][5:], key[1]][1]  # type: ignore[index]
        total = running = 0
        for place in reversed(range(len(classes))):
            price = prices.get((*key, place), 0)
            running += price
            _add(paid, classes[place], -running)
            total += max(0, sum(asked[number] for number in classes[place]) - price * room)
        return total

    def _best(self, worth: Sequence[int]) -> list[int]:
        """What each person brings at the best, staying away included."""
        best = [0] * len(self.problem.people)
        for number, i in enumerate(self.person):
            if self.seats[self.post[number]] > 0:
                best[i] = max(best[i], worth[number])
        return best


def _add(paid: list[int], own: Iterable[int], price: int) -> None:
    if price:
        for number in own:
            paid[number] += price


def _pay_as_good(paid: list[int], classes: Classes, price: Sequence[int]) -> None:
    """An edge is paid for every condition that it meets: its own, and those of what is worse."""
    running = 0
    for tied in reversed(classes):
        running += sum(price[number] for number in tied)
        _add(paid, tied, -running)


def _by_owner(
    owner: Sequence[int], edges: Iterable[int], ranked: Callable[[int], tuple[int, ...]]
) -> list[Classes]:
    mine = defaultdict[int, list[int]](list)
    for number in edges:
        mine[owner[number]].append(number)
    return [_classes(own, ranked) for own in mine.values()]


def _classes(edges: Iterable[int], ranked: Callable[[int], tuple[int, ...]]) -> Classes:
    groups = defaultdict[tuple[int, ...], list[int]](list)
    for number in edges:
        groups[ranked(number)].append(number)
    return [groups[key] for key in sorted(groups)]
