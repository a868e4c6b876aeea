"""Why is this person at this post, or why not, and what would it cost or take to change that?

Where the plan is the best one for its goals (modes total and pairing) every answer is a shortest
path in the residual graph: exact, and without solving again. A stable plan is explained by the
wishes of both sides (``explain_stable.py``).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import nsmallest
from typing import TYPE_CHECKING, Any

from lingyan_matching.plan import Plan
from lingyan_matching.problem import Graph, Pair, Problem
from lingyan_matching.regret import Move, Regret, chain_text, moves_of, moves_to_json
from lingyan_matching.residual import Places, Residual, problem_of, residual_of
from lingyan_matching.ways import Tree
from lingyan_matching.wording import words_of

if TYPE_CHECKING:
    from lingyan_matching.explain_solved import SolverBook
    from lingyan_matching.stable_prices import StableBook

FORMAT = "lingyan.explanation/1"
BEST_MODES = ("total", "pairing")
ALTERNATIVES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Price:
    """What insisting on one person for one post costs; no regret means that it cannot be.

    In a stable plan `blocking` are the pairs that would then rather have each other. It is not
    `proved` where a solver ran out of time: then the true price may be less.
    """

    person: str
    post: str
    score: int
    held: bool
    regret: Regret | None
    chain: tuple[Move, ...] = ()
    blocking: tuple[Pair, ...] = ()
    proved: bool = True

    def to_json(self) -> dict[str, Any]:
        blocking = {"blocking": [list(pair) for pair in self.blocking]} if self.blocking else {}
        return {
            "person": self.person,
            "post": self.post,
            "fit": self.score,
            "held": self.held,
            "regret": None if self.regret is None else self.regret.to_json(),
            "chain": moves_to_json(self.chain),
            **blocking,
            **({} if self.proved else {"proved": False}),
        }


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a pair stands among all pairs of its post and of its person; equal scores share."""

    of_person: int | None
    of_post: int | None
    eligible_for_post: int
    eligible_for_person: int
    wish_rank: int | None
    wanted_rank: int | None

    def to_json(self) -> dict[str, int | None]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """The smallest change that would flip the answer; `need` is its size, None if there is none."""

    kind: str
    need: int | None
    text: str

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "need": self.need, "text": self.text}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything the engine knows about one pair; the fit is taken apart by the caller."""

    plan: str
    person: str
    post: str
    eligible: bool
    assigned: bool
    pinned: bool
    score: int | None
    standing: Standing
    regret: Regret | None
    chain: tuple[Move, ...]
    other_people: tuple[Price, ...]
    other_posts: tuple[Price, ...]
    loss_if_withdrawn: Regret | None
    counterfactual: tuple[Counterfactual, ...]
    text_zh: str

    def to_json(self) -> dict[str, Any]:
        """The explanation in the form of ``lingyan.explanation/1``."""
        loss = self.loss_if_withdrawn
        return {
            "format": FORMAT,
            "plan": self.plan,
            "person": self.person,
            "post": self.post,
            "eligible": self.eligible,
            "assigned": self.assigned,
            "pinned": self.pinned,
            "fit": {"total": self.score},
            "rank": self.standing.to_json(),
            "regret": None if self.regret is None else self.regret.to_json(),
            "chain": moves_to_json(self.chain),
            "alternatives": [
                *({"side": "person", **price.to_json()} for price in self.other_people),
                *({"side": "post", **price.to_json()} for price in self.other_posts),
            ],
            "loss_if_withdrawn": None if loss is None else loss.to_json(),
            "counterfactual": [change.to_json() for change in self.counterfactual],
            "text_zh": self.text_zh,
        }


def by_solver(plan: Plan) -> bool:
    """Whether a solver found the best plan, so that no prices prove it."""
    return plan.mode == "total" and plan.certificate.get("kind") == "bound"


# --- prices ------------------------------------------------------------------------------------


def prices(
    graph: Graph, plan: Plan, post_id: str, *, residual: Residual | None = None
) -> list[Price]:
    """What insisting on each eligible person for this post would cost, cheapest first.

    Insisting means: this person sits there, and everything else is arranged as well as it can be.

    1. Settle prices on the residual graph of the plan.
    2. Grow the tree of cheapest ways from the post: whoever gives up a seat there moves on, and
       so forth, until somebody is set free.
    3. Insisting on j costs what j's pair takes away from the goals plus the way from the post to
       j: the round trip that puts j there. It is the difference of two full solves, since the best
       plan with the pair differs from this one by just one round trip through it.

    A stable plan is made again for each person instead (``stable_prices.py``), and so is one that a
    solver found (``explain_solved.py``).
    """
    if plan.mode not in BEST_MODES:
        from lingyan_matching.stable_prices import stable_prices

        return stable_prices(graph, plan, post_id)
    if by_solver(plan):
        from lingyan_matching.explain_solved import solved_prices

        return solved_prices(graph, plan, post_id)
    residual = residual or residual_of(graph, plan)
    post = _place(residual.problem.posts, post_id, "post")
    way = residual.tree(post)
    pairs = [(person, post) for person in range(len(residual.problem.people))]
    found = [_price(residual, pair, way) for pair in pairs if pair in residual.gains]
    return sorted(found, key=cheapest_first)


def cheapest_first(price: Price) -> tuple[bool, tuple[int, ...], bool, str]:
    amounts = () if price.regret is None else price.regret.amounts
    return (price.regret is None, amounts, not price.held, price.person)


def _price(residual: Residual, pair: Places, way: Tree) -> Price:
    """The price of one pair, out of the ways from its post or of those to its person."""
    problem, loss = residual.problem, _loss(residual, pair, way)
    person, post, score = (
        problem.people[pair[0]].id,
        problem.posts[pair[1]].id,
        residual.score(pair),
    )
    if loss is None or pair in residual.taken:
        regret = None if loss is None else Regret.of(residual, 0)
        return Price(person, post, score, pair in residual.taken, regret)
    path = way.path(_far_end(residual, pair, way))
    path = path if way.source == pair[1] else path[::-1]
    chain = moves_of(residual, [pair, *residual.pairs_on(path)])
    return Price(person, post, score, False, Regret.of(residual, loss), chain)


def _loss(residual: Residual, pair: Places, way: Tree) -> int | None:
    """What insisting on a pair loses, all goals in one integer; None where it cannot be."""
    if pair in residual.taken:
        return 0
    cost = way.cost.get(_far_end(residual, pair, way))
    return None if cost is None else cost - residual.gains[pair]


def _far_end(residual: Residual, pair: Places, way: Tree) -> int:
    """The end of a pair that is not the root of the tree."""
    return residual.first_person + pair[0] if way.source == pair[1] else pair[1]


def _alternatives(residual: Residual, pairs: Iterable[Places], way: Tree) -> tuple[Price, ...]:
    """The cheapest few of the pairs that are not in the plan; equally cheap ones by the lot."""
    gains, taken, cost = residual.gains, residual.taken, way.cost
    of_post, first = way.source < residual.first_person, residual.first_person
    losses = [
        (cost[end] - gain, pair)
        for pair in pairs
        if (gain := gains.get(pair)) is not None and pair not in taken
        if (end := first + pair[0] if of_post else pair[1]) in cost
    ]
    return tuple(_price(residual, pair, way) for _, pair in nsmallest(ALTERNATIVES_SHOWN, losses))


def loss_if_withdrawn(
    graph: Graph, plan: Plan, person_id: str, *, residual: Residual | None = None
) -> Regret:
    """What the county would truly lose if this person withdrew and all others were rearranged."""
    if by_solver(plan):
        from lingyan_matching.changes import Withdraw
        from lingyan_matching.repair import whatif

        found = whatif(graph, plan, Withdraw(person_id)).regret
        assert found is not None, "whoever is there can leave"
        return found
    residual = residual or residual_of(graph, plan)
    person = _place(residual.problem.people, person_id, "person")
    return Regret.of(residual, residual.copy().withdraw(person))


# --- one pair ----------------------------------------------------------------------------------


def explain(
    graph: Graph,
    plan: Plan,
    person_id: str,
    post_id: str,
    *,
    names: Mapping[str, str] | None = None,
    residual: Residual | None = None,
    book: StableBook | None = None,
    solver_book: SolverBook | None = None,
    span: tuple[int, int] | None = None,
    brief: bool = False,
) -> Explanation:
    """Everything about one pair: standing, alternatives, price and the smallest change that flips.

    `names` gives the words for ids; `residual` may be one with lots, made once for many pairs. In a
    stable plan the price of a pair is told if a `book` to make the plan again with is given; a plan
    by the solver has a `solver_book`, which is made here if it is not given. `span` is the least
    and the greatest score that there can be; `brief` leaves the alternatives out.
    """
    if plan.mode not in BEST_MODES:
        from lingyan_matching.explain_stable import explain_stable

        return explain_stable(graph, plan, person_id, post_id, names=names or {}, book=book)
    if by_solver(plan):
        from lingyan_matching.explain_solved import explain_solved

        return explain_solved(
            graph, plan, person_id, post_id, names=names or {}, book=solver_book, span=span
        )
    residual = residual or residual_of(graph, plan, lots=True)
    question = _Question(graph, plan, residual, (person_id, post_id), names or {}, span=span)
    return question.answer(brief=brief)


class _Question:
    """One pair of one best plan, with what is needed to answer for it."""

    def __init__(
        self,
        graph: Graph,
        plan: Plan,
        residual: Residual,
        named: tuple[str, str],
        names: Mapping[str, str],
        *,
        span: tuple[int, int] | None,
    ) -> None:
        self.graph, self.plan, self.residual, self.names = graph, plan, residual, names
        self.words, self.span = words_of(plan.mode), span
        self.person_id, self.post_id = person_id, post_id = named
        person = _place(residual.problem.people, person_id, "person")
        self.pair = (person, _place(residual.problem.posts, post_id, "post"))
        self.who, self.where = names.get(person_id, person_id), names.get(post_id, post_id)
        self.way = residual.tree(self.pair[1])
        self.held = [post for post in self._posts() if (person, post) in residual.taken]
        self.toward = residual.tree_to(self.held_first) if self.held else None

    @property
    def held_first(self) -> int:
        """The post asked about if the person has it, else the first one that the person has."""
        return self.pair[1] if self.pair in self.residual.taken else self.held[0]

    def _posts(self) -> range:
        return range(len(self.residual.problem.posts))

    def said(self, phrase: str) -> str:
        """A phrase about this pair."""
        return phrase.format(self.who, self.where)

    def answer(self, *, brief: bool) -> Explanation:
        """Put the pieces together.

        1. The price of this pair, and the cheapest others of its post: the ways from the post.
        2. The cheapest other posts of the person: the ways to the person.
        3. The smallest change of the score that flips the answer; what a withdrawal would cost.
        """
        residual, (person, post) = self.residual, self.pair
        eligible = self.pair in residual.gains
        own = _price(residual, self.pair, self.way) if eligible else None
        others = range(0 if brief else len(residual.problem.people))
        explanation = Explanation(
            plan=self.plan.id,
            person=self.person_id,
            post=self.post_id,
            eligible=eligible,
            assigned=self.pair in residual.taken,
            pinned=self.pair in residual.frozen,
            score=residual.score(self.pair) if eligible else None,
            standing=standing_of(
                self.graph, self.plan, self.person_id, self.post_id, own=residual.edges_of(person)
            ),
            regret=own.regret if own else None,
            chain=own.chain if own else (),
            other_people=_alternatives(residual, [(i, post) for i in others], self.way),
            other_posts=() if brief else self._other_posts(),
            loss_if_withdrawn=self._withdrawal(),
            counterfactual=(self._flip(own) if own else self._not_eligible(),),
            text_zh="",
        )
        return replace(explanation, text_zh=self._text(explanation))

    def _other_posts(self) -> tuple[Price, ...]:
        residual, person = self.residual, self.pair[0]
        if self.toward is None:
            way = residual.tree_to(residual.first_person + person)
        else:
            way = residual.ways_to_seated(person, self.held_first, self.toward)
        return _alternatives(residual, [(person, post) for post in self._posts()], way)

    def _withdrawal(self) -> Regret | None:
        if self.toward is None:
            return None
        loss = self.residual.loss_without(self.pair[0], self.held_first, self.toward)
        return Regret.of(self.residual, loss)

    def _not_eligible(self) -> Counterfactual:
        pair = (self.person_id, self.post_id)
        if pair in self.residual.problem.bans:
            text = f"{self.said(self.words.pair)}已人工排除，须先取消排除。"
            return Counterfactual("ban", None, text)
        return Counterfactual("rule", None, self.said(self.words.rule))

    def _flip(self, own: Price) -> Counterfactual:
        if self.pair in self.residual.frozen:
            return Counterfactual("pin", None, "这是人工指定，取消指定后才会重新比较。")
        if own.held:
            return self._flip_out()
        if own.regret is None:
            return self._impossible()
        if not self.residual.scale.worth("score"):
            return self._score_is_no_goal(own.regret)
        if own.regret.is_beyond_score:
            points = self.words.points
            text = f"{own.regret.text()}；这些目标先于{points}，提高{points}不能改变结果。"
            return Counterfactual("fill", None, text)
        return self._flip_in(own)

    def _score_is_no_goal(self, regret: Regret) -> Counterfactual:
        points = self.words.points
        text = f"{regret.text()}；本次的目标中没有{points}，改变{points}不能改变结果。"
        return Counterfactual("fill", None, text)

    def _impossible(self) -> Counterfactual:
        """Say whether pins stand in the way, or a bound that leaves no place at all."""
        if self.residual.frozen:
            text = f"{self.said(self.words.pair)}，与人工指定冲突，须先取消有关的指定。"
            return Counterfactual("pin", None, text)
        return Counterfactual("bound", None, self.said(self.words.no_room))

    def _flip_in(self, own: Price) -> Counterfactual:
        """How much the score of the pair must rise: just past the price, the lot included."""
        node = self.residual.first_person + self.pair[0]
        loss = self.way.cost[node] - self.residual.gains[self.pair]
        tie = f"{self.said(self.words.tie_in)}，现由公布的抽签决定；"
        before = tie if own.regret is not None and own.regret.is_nothing else ""
        return self._score_change(loss, 1, before)

    def _flip_out(self) -> Counterfactual:
        """How far the score of the pair may fall before the plan does without it."""
        assert self.toward is not None
        node = self.residual.first_person + self.pair[0]
        loss = self.toward.cost[node] + self.residual.gains[self.pair]
        regret = Regret.of(self.residual, loss)
        if not self.residual.scale.worth("score"):
            return self._score_is_no_goal(regret)
        if regret.is_beyond_score:
            words = self.words
            text = (
                f"{words.if_not}{regret.text()}；这些目标先于{words.points}，"
                f"{words.points}降低{words.kept}。"
            )
            return Counterfactual("fill", None, text)
        tie = f"{self.words.tie_out}，现由公布的抽签决定；" if regret.is_nothing else ""
        return self._score_change(loss, -1, tie)

    def _score_change(self, loss: int, sign: int, before: str) -> Counterfactual:
        """The least whole number of points that outweighs the loss.

        It may only make both plans equal, if the lot of the other one is better.
        """
        need = loss // self.residual.scale.worth("score") + 1
        return score_change(
            ScoreChange(self.residual.score(self.pair), need, sign),
            before=before,
            after=self.said(self.words.flip_in if sign > 0 else self.words.flip_out),
            drawn=need == abs(Regret.of(self.residual, loss).points),
            costs=self.residual.problem.sense == "min",
            points=self.words.points,
            span=self.span,
        )

    def _text(self, facts: Explanation) -> str:
        lines = [self._verdict(facts), self._standing_text(facts.standing)]
        if facts.regret is not None and not facts.assigned:
            lines.append(f"{self.said(self.words.insist)}：{facts.regret.text()}。")
            if facts.chain:
                chain = chain_text(facts.chain, self.names, pool=self.words.pool)
                lines.append(f"连带调动：{chain}。")
        if facts.assigned:
            lines += self._alternative_text(facts)
        if facts.loss_if_withdrawn is not None:
            lines.append(f"若{self.who}退出：{facts.loss_if_withdrawn.text()}。")
        lines += [change.text for change in facts.counterfactual]
        return "".join(line for line in lines if line)

    def _verdict(self, facts: Explanation) -> str:
        if facts.assigned:
            return f"{self.said(self.words.joined)}{'（人工指定）' if facts.pinned else ''}。"
        return f"{self.said(self.words.apart)}。"

    def _standing_text(self, standing: Standing) -> str:
        if standing.of_person is None:
            return ""
        wishes = ""
        if standing.wish_rank is not None:
            wishes += self.words.wish_rank.format(standing.wish_rank)
        if standing.wanted_rank is not None:
            wishes += self.words.wanted_rank.format(standing.wanted_rank)
        places = self.words.standing.format(
            standing.eligible_for_post,
            standing.of_person,
            standing.eligible_for_person,
            standing.of_post,
        )
        return f"{places}{wishes}。"

    def _alternative_text(self, facts: Explanation) -> Iterable[str]:
        for price in facts.other_people[:1]:
            assert price.regret is not None
            other = self.names.get(price.person, price.person)
            yield self.words.next_person.format(other, price.regret.text())
        for price in facts.other_posts[:1]:
            assert price.regret is not None
            other = self.names.get(price.post, price.post)
            yield self.words.next_post.format(other, price.regret.text())


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """By how much a score has to become better (sign 1) or worse (-1)."""

    score: int
    need: int
    sign: int


def score_change(
    wanted: ScoreChange,
    *,
    before: str,
    after: str,
    drawn: bool,
    costs: bool,
    points: str = "匹配度",
    span: tuple[int, int] | None,
) -> Counterfactual:
    """Say by how much the score has to change; with costs, better means less.

    Where the change only makes both plans equal (`drawn`) say that the lot decides. What no score
    can be is not asked for: then say that the score alone changes nothing.
    """
    score, need = wanted.score, wanted.need
    change = -wanted.sign * need if costs else wanted.sign * need
    what, more = "费用" if costs else points, "提高" if change > 0 else "降低"
    if span and not span[0] <= score + change <= span[1]:
        most = f"最高 {span[1]}" if change > 0 else f"最低 {span[0]}"
        text = (
            f"{before}{what}须{more} {need} 分，而现为 {score}，{most}："
            f"只{more}{what}不能改变结果。"
        )
        return Counterfactual("limit", need, text)
    text = (
        f"{before}{what}{more} {need} 分（由 {score} 到 {score + change}），{after}"
        f"{'（届时两个方案同样好，按公布的抽签取这一个）' if drawn else ''}。"
    )
    return Counterfactual("fit", need, text)


def standing_of(
    graph: Graph,
    plan: Plan,
    person_id: str,
    post_id: str,
    *,
    own: Sequence[int] | None = None,
) -> Standing:
    """Count who else is eligible on both sides and who scores better.

    `own` are the numbers of all edges of the person, where somebody has looked already.
    """
    problem = problem_of(graph, plan)
    person, post = graph.person_index[person_id], graph.post_index[post_id]
    first, last = bisect_left(problem.edge_post, post), bisect_left(problem.edge_post, post + 1)
    banned = {(graph.person_index[i], graph.post_index[g]) for i, g in problem.bans}
    at_post = dict(zip(problem.edge_person[first:last], range(first, last), strict=True))
    if own is None:
        own = [edge for edge, i in enumerate(problem.edge_person) if i == person]
    at_person = {problem.edge_post[edge]: edge for edge in own}
    for i, g in banned:
        if g == post:
            at_post.pop(i, None)
        if i == person:
            at_person.pop(g, None)
    edge = at_post.get(person)
    return Standing(
        _rank(problem, at_post, person),
        _rank(problem, at_person, post),
        len(at_post),
        len(at_person),
        _mentioned(problem.edge_person_rank, edge),
        _mentioned(problem.edge_post_rank, edge),
    )


def _mentioned(ranks: Sequence[int] | None, edge: int | None) -> int | None:
    return None if ranks is None or edge is None else ranks[edge] or None


def _rank(problem: Problem, edges: Mapping[int, int], which: int) -> int | None:
    if which not in edges:
        return None
    own, scores = (
        problem.edge_score[edges[which]],
        map(problem.edge_score.__getitem__, edges.values()),
    )
    is_beaten_by = own.__gt__ if problem.sense == "min" else own.__lt__
    return 1 + sum(map(is_beaten_by, scores))


def _place(rows: Iterable[Any], name: str, kind: str) -> int:
    for number, row in enumerate(rows):
        if row.id == name:
            return number
    raise KeyError(f"there is no {kind} {name!r}")
