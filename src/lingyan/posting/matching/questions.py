"""What would a change cost in a plan that only a solver could find: how is it worked out and kept?

Each price takes the solver again, so a page never waits for one: the background job works it out,
and the answer stays with the plan. A question is named by a key:

- ``pair|person|post``: what insisting on this pair costs, or what the person's withdrawal would;
  the next best on both sides; what would flip it;
- ``post|post``: what insisting on each eligible person costs;
- ``change|kind|person|post`` (of a swap the other person in the place of the post): the outcomes
  of a change by hand, each solved in full with its certificate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any
from uuid import UUID

import lingyan_matching as engine
from lingyan.common.packed import unpack
from lingyan.common.shelf import Shelf
from lingyan.platform.jobs.registry import Report
from lingyan.posting.matching import pricing
from lingyan.posting.matching.plans import LoadedPlan
from lingyan.posting.matching.pricing import Change, Option, Pair
from lingyan.posting.models import PlanQuestion
from lingyan.posting.problem.supply import FIT_SPAN
from lingyan.posting.problem.towns import goals_of
from lingyan_matching import plan_from_json, plan_to_json
from lingyan_matching.explain import Price, by_solver, cheapest_first
from lingyan_matching.explain_solved import SolverBook
from lingyan_matching.regret import Move, Regret
from lingyan_matching.stable_prices import StableBook

SECONDS_PER_GOAL = 20.0
"""After so long the solver stops with one goal, and the price is called not proved."""
SECONDS_FOR_OTHERS, SECONDS_FOR_POST = 15.0, 240.0
OTHERS, ENOUGH = 3, 8
OUT_OF_TIME = {
    "kind": "time",
    "need": None,
    "text": "求解器在时限内没有证完，说不准要变多少才会改变。",
}
BOOKS = Shelf(2)
Book = SolverBook | StableBook


@dataclass(frozen=True, slots=True)
class Question:
    """A key taken apart: a pair, a post (no person), or a change."""

    key: str
    person: str = ""
    post: str = ""
    change: Change | None = None

    @property
    def kind(self) -> str:
        return self.key.partition("|")[0]

    @property
    def pair(self) -> Pair:
        return self.person, self.post


def asks_solver(loaded: LoadedPlan) -> bool:
    """Whether each price of this plan takes the solver once more."""
    return loaded.engine_plan.mode == "stable-best" or by_solver(loaded.engine_plan)


def change_asks_solver(loaded: LoadedPlan) -> bool:
    """Whether the price of a change does: of a mended plan also where its companion would."""
    goals = goals_of(loaded.posting_problem) or ()
    mended = "changes" in loaded.engine_plan.settings.goals
    return asks_solver(loaded) or (mended and any("~" in goal for goal in goals))


# --- keys ---------------------------------------------------------------------------------------


def key_of_pair(pair: Pair) -> str:
    return f"pair|{pair[0]}|{pair[1]}"


def key_of_post(post: str) -> str:
    return f"post||{post}"


KINDS: Mapping[str, type] = {
    "pin": pricing.Pin,
    "ban": pricing.Ban,
    "unpin": pricing.Unpin,
    "unban": pricing.Admit,
    "swap": pricing.Swap,
    "withdraw": pricing.Withdraw,
}
"""What an address calls each change."""


def key_of_change(change: Change) -> str:
    kind = next(name for name, made in KINDS.items() if type(change) is made)
    if isinstance(change, pricing.Withdraw):
        return f"change|{kind}|{change.person}|"
    if isinstance(change, pricing.Swap):
        return f"change|{kind}|{change.first}|{change.second}"
    return f"change|{kind}|{change.person}|{change.post}"


def question_of(loaded: LoadedPlan, key: str) -> Question | None:
    """What a key asks; None if it speaks of something that is not in this plan."""
    kind, *parts = key.split("|")
    problem = loaded.posting_problem
    people, posts = problem.person_number, problem.post_number
    if kind in ("pair", "post") and len(parts) == 2:
        person, post = parts
        known = post in posts and (person in people if kind == "pair" else not person)
        return Question(key, person, post) if known else None
    if kind == "change" and len(parts) == 3 and parts[0] in KINDS:
        made, first, second = KINDS[parts[0]], parts[1], parts[2]
        others = {pricing.Swap: people, pricing.Withdraw: {"": 0}}.get(made, posts)
        if first not in people or second not in others:
            return None
        return Question(key, first, second, _change(loaded, made, first, second))
    return None


def _change(loaded: LoadedPlan, made: type, first: str, second: str) -> Change:
    if made is pricing.Withdraw:
        return pricing.Withdraw(first)
    if made is pricing.Admit:
        return pricing.Admit(first, second, loaded.posting_problem.parts(first, second).total)
    change: Change = made(first, second)
    return change


# --- working it out -----------------------------------------------------------------------------


def answer(
    plan_id: UUID, loaded: LoadedPlan, question: Question, *, report: Report, known: Any
) -> dict[str, Any]:
    """Work a question out; `known` is an earlier answer to it that was not complete."""
    if question.change is not None:
        return _answer_change(plan_id, loaded, question.change, report)
    book: Book = BOOKS.get(plan_id, lambda: _book(loaded))
    if question.kind == "post":
        here = [pair for pair in book.open_pairs() if pair[1] == question.post]
        return _prices(book, here, known, report, enough=ENOUGH, seconds=SECONDS_FOR_POST)
    return _answer_pair(loaded, book, question.pair, report)


def _book(loaded: LoadedPlan) -> Book:
    made = SolverBook if by_solver(loaded.engine_plan) else StableBook
    return made(loaded.graph, loaded.engine_plan, seconds_max=SECONDS_PER_GOAL)


def _prices(
    book: Book,
    asked: Sequence[Pair],
    known: Any,
    report: Report,
    *,
    enough: int,
    seconds: float,
    span: tuple[int, int] = (5, 95),
) -> dict[str, Any]:
    """Prices of pairs, the likeliest first, until the time is over or the rest is surely dearer."""
    found = prices_from((known or {}).get("prices", []), book.problem.sense)
    done = {(price.person, price.post) for price in found}
    waiting = [pair for pair in asked if pair not in done and pair not in book.rows]
    until, low, high, all_told = monotonic() + seconds, *span, len(waiting)
    left, is_over = all_told, False
    for price in book.in_turn(waiting, enough=enough):
        found.append(price)
        left -= 1
        report(low + (high - low) * (all_told - left) // all_told, f"已算 {len(found)} 个")
        if is_over := monotonic() > until:
            break
    found.sort(key=cheapest_first)
    return {
        "prices": [price_to_json(price) for price in found],
        "left": left,
        "ruled_out": bool(left and not is_over),
    }


def _answer_pair(loaded: LoadedPlan, book: Book, pair: Pair, report: Report) -> dict[str, Any]:
    """The pair itself; of one in the plan also the next best on both sides."""
    report(10, "正在重新求解")
    made = {"solver_book": book} if isinstance(book, SolverBook) else {}
    options: dict[str, Any] = {**made, "names": pricing.names_ready(loaded), "span": FIT_SPAN}
    out_of_time = book.out_of_time
    said = engine.explain(loaded.graph, loaded.engine_plan, *pair, **options)
    own = book.price(*pair) if said.eligible and not said.assigned else None
    loss = said.loss_if_withdrawn
    if said.assigned and isinstance(book, StableBook):
        loss = book.withdrawal(pair[0])
    proved = book.out_of_time == out_of_time
    found: dict[str, Any] = {
        "own": price_to_json(own) if own else None,
        "withdrawal": _regret_to_json(loss),
        "flips": [change.to_json() for change in said.counterfactual] if proved else [OUT_OF_TIME],
        "proved": proved,
    }
    if said.assigned:
        pairs = book.open_pairs()
        few: dict[str, Any] = {"enough": OTHERS, "seconds": SECONDS_FOR_OTHERS}
        here = [one for one in pairs if one[1] == pair[1]]
        found["people"] = _prices(book, here, None, report, span=(30, 65), **few)
        mine = [one for one in pairs if one[0] == pair[0]]
        found["posts"] = _prices(book, mine, None, report, span=(65, 95), **few)
    return found


def _answer_change(
    plan_id: UUID, loaded: LoadedPlan, change: Change, report: Report
) -> dict[str, Any]:
    """Each outcome as a whole plan, so that what is confirmed need not be solved again."""
    report(10, "正在重新求解")
    try:
        options = pricing.options_of(plan_id, loaded, change)
        report(60, "正在算复核凭证")
        solved = [(one, pricing.solved(loaded, one, change)) for one in options]
    except pricing.Impossible as why:
        return {"refusal": str(why)}
    return {"options": [{"key": one.key, "plan": plan_to_json(plan)} for one, plan in solved]}


# --- reading it back ----------------------------------------------------------------------------


def kept_options(plan_id: UUID, loaded: LoadedPlan, change: Change) -> tuple[Option, ...] | None:
    """The outcomes that were worked out for a change; None if nobody has asked yet.

    Raises Impossible where there is none.
    """
    kept = PlanQuestion.objects.filter(plan_id=plan_id, key=key_of_change(change)).first()
    if kept is None or kept.answer is None:
        return None
    said = unpack(bytes(kept.answer))
    if "refusal" in said:
        raise pricing.Impossible(said["refusal"])
    options = []
    for one in said["options"]:
        after = plan_from_json(one["plan"])
        rows = pricing.rows_of(after)
        options.append(
            Option(one["key"], pricing.price_of(loaded, rows), rows, after, solved=after)
        )
    return tuple(options)


def price_to_json(price: Price) -> dict[str, Any]:
    """A price with its goals in their order, which canonical JSON would sort."""
    return {**price.to_json(), "regret": _regret_to_json(price.regret)}


def _regret_to_json(regret: Regret | None) -> list[list[Any]] | None:
    if regret is None:
        return None
    return [[name, amount] for name, amount in zip(regret.names, regret.amounts, strict=True)]


def regret_from(lines: Sequence[Sequence[Any]] | None, sense: str) -> Regret | None:
    if lines is None:
        return None
    return Regret(tuple(name for name, _ in lines), tuple(lost for _, lost in lines), sense)


def prices_from(kept: Iterable[Mapping[str, Any]], sense: str) -> list[Price]:
    return [price_from(one, sense) for one in kept]


def price_from(one: Mapping[str, Any], sense: str) -> Price:
    return Price(
        one["person"],
        one["post"],
        one["fit"],
        one["held"],
        regret_from(one["regret"], sense),
        tuple(Move(move["person"], move["from"], move["to"]) for move in one["chain"]),
        tuple((person, post) for person, post in one.get("blocking", [])),
        one.get("proved", True),
    )
