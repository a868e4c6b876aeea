"""What does insisting on a pair cost in a plan that only a solver could find?

There are no prices to read it off, so the plan is made again with the pair fixed, and both are
compared goal by goal. Each answer takes the solver once more; the model is built only once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from lingyan_matching.changes import Withdraw, task_after
from lingyan_matching.chosen import assignments_of, marked
from lingyan_matching.explain import (
    Counterfactual,
    Explanation,
    Price,
    ScoreChange,
    cheapest_first,
    score_change,
    standing_of,
)
from lingyan_matching.plan import Plan
from lingyan_matching.problem import Graph, Pair, Problem, build
from lingyan_matching.regret import Regret, chain_text, moves_between
from lingyan_matching.solver import SECONDS_MAX
from lingyan_matching.solver_total import Search, search_of
from lingyan_matching.total import goal_values
from lingyan_matching.wording import words_of


@dataclass(frozen=True, slots=True)
class Again:
    """The plan made again: its pairs, what the goals lose, and what the lot gains."""

    rows: tuple[Pair, ...]
    regret: Regret
    lot: int
    proved: bool


class SolverBook:
    """The model of a solver's plan, kept to ask for one change after the other.

    Insisting on a pair fixes its column at one, a ban closes it; everything else stays. That is
    the same as solving anew with a pin or a ban, and skips building the model and its certificate.
    `out_of_time` counts the answers that the solver did not prove in its seconds.
    """

    def __init__(self, graph: Graph, plan: Plan, *, seconds_max: float = SECONDS_MAX) -> None:
        self.given, self.plan, self.seconds_max = graph, plan, seconds_max
        self.graph = marked(graph, plan.settings)
        self.problem: Problem = self.graph.problem
        self.score = scores_of(self.problem)
        self.rows = tuple((row.person, row.post) for row in plan.assignments)
        self.out_of_time = 0
        self._last: tuple[Pair, Again | None] | None = None

    @cached_property
    def search(self) -> Search:
        return search_of(self.graph, settings=self.plan.settings, seed=self.plan.seed)

    @cached_property
    def edge_of(self) -> dict[Pair, int]:
        return {self.graph.ids(edge): edge for edge in range(len(self.graph.edge_post))}

    @cached_property
    def limits(self) -> dict[int, list[tuple[frozenset[int], float]]]:
        """For each edge the rows that limit it from above: their edges, and how many may be."""
        model, found = self.search.model, defaultdict[int, list[tuple[frozenset[int], float]]](list)
        for terms, most in zip(model.rows, model.row_upper, strict=True):
            if most < float("inf"):
                row = frozenset(edge for edge, _ in terms)
                for edge in row:
                    found[edge].append((row, most))
        return found

    # --- one question --------------------------------------------------------------------------

    def price(self, person_id: str, post_id: str) -> Price:
        """What insisting on an eligible pair costs; no regret means that it cannot be."""
        pair = (person_id, post_id)
        if pair in self.rows:
            names = tuple(goal.name for goal in self.plan.goals)
            nothing = Regret(names, (0,) * len(names), self.problem.sense)
            return Price(*pair, self.score[pair], True, nothing)
        again = self.insisting(pair)
        if again is None:
            return Price(*pair, self.score[pair], False, None)
        moves = moves_between(self.rows, again.rows)
        chain = tuple(sorted(moves, key=lambda move: (move.person != person_id, move.person)))
        return Price(*pair, self.score[pair], False, again.regret, chain, proved=again.proved)

    def insisting(self, pair: Pair) -> Again | None:
        """The plan made again with a pair; None where some limit leaves no place for it.

        The last one is kept: whoever tells a price also tells what would flip it.
        """
        if self._last is None or self._last[0] != pair:
            self._last = pair, self._insisting(pair)
        return self._last[1]

    def _insisting(self, pair: Pair) -> Again | None:
        edge = self.edge_of.get(pair)
        if edge is None or any(most < 1 for _, most in self.limits[edge]):
            return None
        start = {*self._held, edge}
        for row, most in self.limits[edge]:
            others = sorted(start & row - {edge}, key=self._worth)
            start.difference_update(others[: max(0, len(others) + 1 - int(most))])
        return self._solved(start, fixed=edge)

    def without(self, pair: Pair) -> Again:
        """The plan made again without a pair."""
        edge = self.edge_of[pair]
        return self._solved({*self._held} - {edge}, closed=[edge])

    def withdrawal(self, person_id: str) -> Again:
        """The plan made again without a person."""
        if any(person == person_id for person, _ in self.problem.pins):
            task = task_after(self.given, self.plan, Withdraw(person_id))
            less = replace(self.plan, settings=task.settings)
            twin = SolverBook(build(task.problem), less, seconds_max=self.seconds_max)
            return replace(twin._solved(twin._held), lot=0)
        mine = [edge for pair, edge in self.edge_of.items() if pair[0] == person_id]
        return self._solved({*self._held} - {*mine}, closed=mine)

    @property
    def _held(self) -> set[int]:
        return {self.edge_of[pair] for pair in self.rows if pair in self.edge_of}

    def _worth(self, edge: int) -> tuple[int, int]:
        score = self.graph.edge_score[edge]
        return (-score if self.problem.sense == "min" else score), edge

    def _solved(
        self, start: Iterable[int], *, fixed: int | None = None, closed: Sequence[int] = ()
    ) -> Again:
        model = self.search.model.copied()
        model.seconds_max = self.seconds_max
        if fixed is not None:
            model.low[fixed] = 1.0
        for edge in closed:
            model.upper[edge] = 0.0
        answers = self.search.reach(model, sorted(start))
        edges = answers[-1][1].edges
        rows = assignments_of(self.graph, edges)
        after = goal_values(self.problem, rows, self.plan.settings)
        names = tuple(goal.name for goal in self.plan.goals)
        amounts = tuple(
            _sign(then.name, self.problem) * (now.value - then.value)
            for now, then in zip(self.plan.goals, after, strict=True)
        )
        proved = all(answer.proved for _, answer in answers) and is_proved(self.plan)
        self.out_of_time += not proved
        regret = Regret(names, amounts, self.problem.sense)
        lot = self.search.levels[-1]
        gained = lot.reached(edges) - lot.reached(self._held) if lot.name == "lot" else 0
        return Again(tuple((row.person, row.post) for row in rows), regret, gained, proved)

    # --- many questions ------------------------------------------------------------------------

    def of_post(self, post_id: str) -> list[Price]:
        """What insisting on each eligible person for a post costs, cheapest first."""
        if post_id not in self.graph.post_index:
            raise KeyError(f"there is no post {post_id!r}")
        asked = [pair for pair in self.open_pairs() if pair[1] == post_id]
        return sorted((self.price(*pair) for pair in asked), key=cheapest_first)

    def open_pairs(self) -> list[Pair]:
        """All eligible pairs that are not banned."""
        closed = set(self.problem.bans)
        return [pair for pair in self.score if pair not in closed]

    def in_turn(self, asked: Sequence[Pair], *, enough: int) -> Iterator[Price]:
        """Prices of pairs, the one that may be cheapest first.

        What each loses at the least is known from the prices in the certificate. It ends early when
        `enough` are cheaper than any that is left can be.
        """
        waiting = sorted((self.at_least(pair), pair) for pair in asked)
        found: list[Price] = []
        for least, pair in waiting:
            dear = [one for one in found if one.regret and one.regret.amounts[: len(least)] < least]
            if least and len(dear) >= enough:
                return
            found.append(self.price(*pair))
            yield found[-1]

    def at_least(self, pair: Pair) -> tuple[int, ...]:
        """What insisting on a pair loses at the least, goal by goal up to the score.

        Any plan with the pair reaches no more than what the prices prove of all plans, less what
        the pair falls short of the best for its person (Lagrange). Nothing where an earlier goal
        is the word of the solver.
        """
        edge = self.search.task.relaxation.number_of.get(pair)
        if edge is None or self._short is None:
            return ()
        before, open_gap, scale, short = self._short
        return (*before, -((open_gap - short[edge]) // scale))

    @cached_property
    def _short(self) -> tuple[tuple[int, ...], int, int, list[int]] | None:
        """Goals before the score, how much of it is open in parts, and what each edge falls short.

        The floors of earlier goals are those of the certificate.
        """
        task, floors = self.search.task, dict[str, int]()
        for goal, claim in zip(task.goals, self.plan.certificate["bound"], strict=True):
            name, sign = goal.name, task.sign(goal.name)
            if name == "score":
                scale = claim["exact"][1]
                prices = {tuple(line[:-1]): line[-1] for line in claim["prices"]}
                most, short = task.relaxation.short(name, prices, scale, floors)
                value = sign * claim["value"] - task.fixed(name)
                return (0,) * len(floors), most - scale * value, scale, short
            if goal.slack or claim["proved_by"] != "prices":
                return None
            floors[name] = task.floor(goal, sign * claim["best"] - task.fixed(name))
        return None


def is_proved(plan: Plan) -> bool:
    """Whether the solver finished with the plan itself."""
    return all(goal.proved != "gap" for goal in plan.goals)


def solved_prices(graph: Graph, plan: Plan, post_id: str) -> list[Price]:
    """What insisting on each eligible person for a post costs, cheapest first."""
    return SolverBook(graph, plan).of_post(post_id)


def scores_of(problem: Problem) -> dict[Pair, int]:
    """The score of each pair by its names."""
    people, posts = problem.people, problem.posts
    columns = zip(problem.edge_person, problem.edge_post, problem.edge_score, strict=True)
    return {(people[i].id, posts[g].id): score for i, g, score in columns}


def _sign(name: str, problem: Problem) -> int:
    return -1 if name == "changes" or (name == "score" and problem.sense == "min") else 1


# --- one pair ------------------------------------------------------------------------------------


def explain_solved(
    graph: Graph,
    plan: Plan,
    person_id: str,
    post_id: str,
    *,
    names: Mapping[str, str],
    book: SolverBook | None = None,
    span: tuple[int, int] | None = None,
) -> Explanation:
    """One pair: where it stands, what insisting on it costs, or what a withdrawal would.

    1. Of a pair that is not in the plan: the plan made again with it.
    2. Of one that is: the plan made again without the person.
    3. The smallest change of the score that flips the answer: of a pair in the plan the plan made
       again without it; where a slack is allowed there is none, and it is said why.
    """
    book = book or SolverBook(graph, plan)
    pair, problem = (person_id, post_id), book.problem
    eligible = pair in book.score and pair not in problem.bans
    own = book.price(*pair) if eligible else None
    held = own is not None and own.held
    loss = book.withdrawal(person_id).regret if held else None
    explanation = Explanation(
        plan=plan.id,
        person=person_id,
        post=post_id,
        eligible=eligible,
        assigned=held,
        pinned=pair in problem.pins,
        score=book.score[pair] if eligible else None,
        standing=standing_of(graph, plan, person_id, post_id),
        regret=own.regret if own else None,
        chain=own.chain if own else (),
        other_people=(),
        other_posts=(),
        loss_if_withdrawn=loss,
        counterfactual=(
            _flip(book, own, _named(pair, names), span) if own else _closed(book, pair, names),
        ),
        text_zh="",
    )
    return replace(explanation, text_zh=_text(explanation, names))


def _closed(book: SolverBook, pair: Pair, names: Mapping[str, str]) -> Counterfactual:
    """Why a pair has no price at all."""
    words, who = words_of("total"), _named(pair, names)
    if pair in book.problem.bans:
        text = f"{words.pair.format(*who)}已人工排除，须先取消排除。"
        return Counterfactual("ban", None, text)
    return Counterfactual("rule", None, words.rule.format(*who))


def _flip(book: SolverBook, own: Price, who: Pair, span: tuple[int, int] | None) -> Counterfactual:
    """The least change of the score after which the plan made again differs.

    More points for a pair raise every plan with it by as much, and no other. So what insisting on
    it loses in points is what is needed, or one more where the plan in force is still preferred
    for later goals or by the lot. With a slack this is not so: the best itself rises, too.
    """
    words, pair = words_of("total"), (own.person, own.post)
    if pair in book.problem.pins:
        return Counterfactual("pin", None, "这是人工指定，取消指定后才会重新比较。")
    if own.regret is None:
        return Counterfactual("bound", None, words.no_room.format(*who))
    if any(goal.slack for goal in book.search.task.goals):
        return Counterfactual("slack", None, WITH_SLACK)
    again = book.without(pair) if own.held else book.insisting(pair)
    assert again is not None, "there was room before"
    regret, points = again.regret, words.points
    if "score" not in regret.names:
        text = f"{regret.text()}；本次的目标中没有{points}，改变{points}不能改变结果。"
        return Counterfactual("fill", None, text)
    if regret.is_beyond_score:
        end = f"{points}降低{words.kept}" if own.held else f"提高{points}不能改变结果"
        before = words.if_not if own.held else ""
        text = f"{before}{regret.text()}；这些目标先于{points}，{end}。"
        return Counterfactual("fill", None, text)
    later = regret.amounts[regret.names.index("score") + 1 :]
    wins = (*(-amount for amount in later), again.lot) > (0,) * (len(later) + 1)
    tie = words.tie_out if own.held else words.tie_in.format(*who)
    return score_change(
        ScoreChange(own.score, max(regret.points, 0) + (not wins), 1 if not own.held else -1),
        before=f"{tie}，现由公布的抽签决定；" if regret.is_nothing else "",
        after=(words.flip_out if own.held else words.flip_in).format(*who),
        drawn=wins and not any(later),
        costs=book.problem.sense == "min",
        span=span,
    )


WITH_SLACK = (
    "本次允许靠前的目标让出一部分：分数一变，让出后的底线也跟着变，"
    "所以没有一个能说定的分数；要改派，请用指定，代价会先算出来。"
)


def _named(pair: Pair, names: Mapping[str, str]) -> Pair:
    return names.get(pair[0], pair[0]), names.get(pair[1], pair[1])


def _text(facts: Explanation, names: Mapping[str, str]) -> str:
    words, who = words_of("total"), _named((facts.person, facts.post), names)
    lines = [f"{(words.joined if facts.assigned else words.apart).format(*who)}。"]
    if facts.regret is not None and not facts.assigned:
        lines.append(f"{words.insist.format(*who)}：{facts.regret.text()}。")
        lines.append(f"连带调动：{chain_text(facts.chain, names, pool=words.pool)}。")
    if facts.loss_if_withdrawn is not None:
        lines.append(f"若{who[0]}退出：{facts.loss_if_withdrawn.text()}。")
    lines += [change.text for change in facts.counterfactual]
    return "".join(lines)
