"""How does a process that lives long get ready for large problems before somebody waits?"""

from __future__ import annotations

from lingyan_matching.carrier import has_compiler
from lingyan_matching.problem import Person, Post, Problem, Unit, build

MODES = ("total", "stable-people", "stable-posts")


def warm_up() -> bool:
    """Load the compiled loops, or compile them for the first time; False without a compiler.

    A few people are seated in each mode that large problems run compiled: more than there are
    posts, fewer, and with a unit; then prices and changes are asked for. The first time on a
    machine this takes a minute of one processor, later about two seconds; so it belongs into the
    background of a long-lived worker.
    """
    if not has_compiler():
        return False
    from lingyan_matching import solve
    from lingyan_matching.changes import Ban, Withdraw
    from lingyan_matching.columns import Columns, seat_columns
    from lingyan_matching.price_book import PriceBook
    from lingyan_matching.quick_repair import way_of

    for people, posts, units in ((3, 2, ()), (2, 3, ()), (3, 2, (Unit("u", 2),))):
        graph = build(small(people, posts, units), carrier="compiled")
        for mode in MODES:
            solve(graph, mode=mode, carrier="compiled")
        plan = solve(graph, goals=("seats", "score"), carrier="compiled")
        book = PriceBook(graph, plan, carrier="compiled")
        book.of_post("g0")
        book.losses()
        for row in plan.assignments[:1]:
            way_of(book, Withdraw(row.person))
            way_of(book, Ban(row.person, row.post))
    seat_columns(Columns(2, 1, [0, 1], [0, 0], [1, 2]), carrier="compiled")
    return True


def small(people: int, posts: int, units: tuple[Unit, ...]) -> Problem:
    """Everybody may go everywhere, all equally well."""
    pairs = [(person, post) for person in range(people) for post in range(posts)]
    return Problem(
        tuple(Person(f"p{number}", "u" if units else None) for number in range(people)),
        tuple(Post(f"g{number}") for number in range(posts)),
        units,
        edge_person=[person for person, _ in pairs],
        edge_post=[post for _, post in pairs],
        edge_score=[1] * len(pairs),
    )
