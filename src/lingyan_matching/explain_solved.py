"""What does insisting on a pair cost in a plan that only a solver could find?

There are no prices to read it off, so the plan is made again with the pair fixed, and both are
compared goal by goal. Each answer takes the solver once more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from lingyan_matching.changes import Pin, Withdraw
from lingyan_matching.explain import Counterfactual, Explanation, Price, cheapest_first, standing_of
from lingyan_matching.plan import Plan
from lingyan_matching.problem import Graph, Problem
from lingyan_matching.regret import Regret, chain_text
from lingyan_matching.repair import whatif
from lingyan_matching.residual import problem_of
from lingyan_matching.wording import words_of


def solved_prices(graph: Graph, plan: Plan, post_id: str) -> list[Price]:
    """What insisting on each eligible person for a post costs, cheapest first."""
    if post_id not in graph.post_index:
        raise KeyError(f"there is no post {post_id!r}")
    problem = problem_of(graph, plan)
    scores = _scores(problem)
    pairs = [pair for pair in scores if pair[1] == post_id]
    return sorted((_price(graph, plan, pair, scores[pair]) for pair in pairs), key=cheapest_first)


def _scores(problem: Problem) -> dict[tuple[str, str], int]:
    """The score of each open pair by its names."""
    people, posts, banned = problem.people, problem.posts, set(problem.bans)
    columns = zip(problem.edge_person, problem.edge_post, problem.edge_score, strict=True)
    named = {(people[i].id, posts[g].id): score for i, g, score in columns}
    return {pair: score for pair, score in named.items() if pair not in banned}


def _price(graph: Graph, plan: Plan, pair: tuple[str, str], score: int) -> Price:
    if any((row.person, row.post) == pair for row in plan.assignments):
        names = tuple(goal.name for goal in plan.goals)
        nothing = Regret(names, (0,) * len(names), graph.problem.sense)
        return Price(*pair, score, True, nothing)
    delta = whatif(graph, plan, Pin(*pair))
    return Price(*pair, score, False, delta.regret, delta.moves)


def explain_solved(
    graph: Graph, plan: Plan, person_id: str, post_id: str, *, names: Mapping[str, str]
) -> Explanation:
    """One pair: where it stands, what insisting on it costs, or what a withdrawal would."""
    problem = problem_of(graph, plan)
    scores, pair = _scores(problem), (person_id, post_id)
    words = words_of(plan.mode)
    own = _price(graph, plan, pair, scores[pair]) if pair in scores else None
    held = own is not None and own.held
    loss = whatif(graph, plan, Withdraw(person_id)).regret if held else None
    banned = Counterfactual("rule", None, words.rule.format(*_named(pair, names)))
    explanation = Explanation(
        plan=plan.id,
        person=person_id,
        post=post_id,
        eligible=own is not None,
        assigned=held,
        pinned=pair in problem.pins,
        score=scores.get(pair),
        standing=standing_of(graph, plan, person_id, post_id),
        regret=own.regret if own else None,
        chain=own.chain if own else (),
        other_people=(),
        other_posts=(),
        loss_if_withdrawn=loss,
        counterfactual=() if own else (banned,),
        text_zh="",
    )
    return replace(explanation, text_zh=_text(explanation, names))


def _named(pair: tuple[str, str], names: Mapping[str, str]) -> tuple[str, str]:
    return names.get(pair[0], pair[0]), names.get(pair[1], pair[1])


def _text(facts: Explanation, names: Mapping[str, str]) -> str:
    words, who = words_of("total"), _named((facts.person, facts.post), names)
    lines = [f"{(words.joined if facts.assigned else words.apart).format(*who)}。"]
    if facts.eligible and facts.regret is None:
        lines.append(words.no_room.format(*who))
    if facts.regret is not None and not facts.assigned:
        lines.append(f"{words.insist.format(*who)}：{facts.regret.text()}。")
        lines.append(f"连带调动：{chain_text(facts.chain, names, pool=words.pool)}。")
    if facts.loss_if_withdrawn is not None:
        lines.append(f"若{who[0]}退出：{facts.loss_if_withdrawn.text()}。")
    lines += [change.text for change in facts.counterfactual]
    return "".join(lines)
