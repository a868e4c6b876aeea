"""Why is a pair not together in a stable plan, and whom would it have to pass?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lingyan_matching.explain import Counterfactual, Explanation, Price, Standing, standing_of
from lingyan_matching.plan import Plan
from lingyan_matching.problem import Graph, Problem
from lingyan_matching.regret import chain_text
from lingyan_matching.residual import problem_of
from lingyan_matching.stable_prices import StableBook, blocking_text
from lingyan_matching.verify_stable import View, look


def explain_stable(
    graph: Graph,
    plan: Plan,
    person_id: str,
    post_id: str,
    *,
    names: Mapping[str, str],
    book: StableBook | None = None,
) -> Explanation:
    """Everything about one pair of a stable plan: both sides' wishes, and what stands between.

    1. Lay the plan beside the problem, ties broken by the lot of the plan.
    2. If the two are together, say what each of them would have turned to.
    3. If not, one side holds something better: name it, and the place that must be reached.
    4. With a book, make the plan again with the pair, or without the person who is there, and say
       what that costs; where it takes the solver only the pair is asked about.
    """
    problem = problem_of(graph, plan)
    seed = None if plan.mode == "stable-best" else plan.seed
    view = look(problem, [(row.person, row.post) for row in plan.assignments], seed=seed)
    question = _Question(problem, plan, view, (person_id, post_id), names)
    standing = standing_of(graph, plan, person_id, post_id)
    changes = question.changes()
    price = None if book is None or question.edge is None else book.price(person_id, post_id)
    loss = None
    if book is not None and question.assigned and not book.asks_solver:
        loss = book.withdrawal(person_id)
    return Explanation(
        plan=plan.id,
        person=person_id,
        post=post_id,
        eligible=question.edge is not None,
        assigned=question.assigned,
        pinned=(person_id, post_id) in problem.pins,
        score=None if question.edge is None else problem.edge_score[question.edge],
        standing=standing,
        regret=None if price is None else price.regret,
        chain=() if price is None else price.chain,
        other_people=(),
        other_posts=(),
        loss_if_withdrawn=loss,
        counterfactual=changes,
        text_zh="".join(
            [
                question.verdict(standing),
                question.insisting(price),
                "" if loss is None else f"若{question.word(person_id)}退出：{loss.text()}。",
                *(change.text for change in changes),
            ]
        ),
    )


@dataclass(frozen=True, slots=True)
class _Question:
    """One pair of one stable plan."""

    problem: Problem
    plan: Plan
    view: View
    named: tuple[str, str]
    names: Mapping[str, str]

    @property
    def edge(self) -> int | None:
        """The number of the pair among the edges of the problem."""
        if self.named in self.problem.bans:
            return None
        columns = zip(self.problem.edge_person, self.problem.edge_post, strict=True)
        for edge, (i, g) in enumerate(columns):
            if (self.problem.people[i].id, self.problem.posts[g].id) == self.named:
                return edge
        return None

    @property
    def assigned(self) -> bool:
        return any((row.person, row.post) == self.named for row in self.plan.assignments)

    def word(self, name: str) -> str:
        return self.names.get(name, name)

    def verdict(self, standing: Standing) -> str:
        who, where = map(self.word, self.named)
        text = f"{who}{'派到' if self.assigned else '没有派到'}{where}。"
        if standing.wish_rank is not None:
            text += f"本人志愿第 {standing.wish_rank}。"
        if standing.wanted_rank is not None:
            text += f"村（镇）意向第 {standing.wanted_rank}。"
        return text

    def insisting(self, price: Price | None) -> str:
        """What insisting on the pair costs, and who would then rather have each other."""
        if price is None or price.held or price.regret is None:
            return ""
        who, where = map(self.word, self.named)
        chain = f"连带调动：{chain_text(price.chain, self.names)}。" if price.chain else ""
        blocking = blocking_text(price.blocking, self.names)
        return f"若坚持派{who}到{where}：{price.regret.text()}。{blocking}{chain}"

    def changes(self) -> tuple[Counterfactual, ...]:
        """What stands between the two, or between the pair and its end."""
        who, where = map(self.word, self.named)
        edge = self.edge
        if self.named in self.problem.bans:
            text = f"{who}到{where}已人工排除，须先取消排除。"
            return (Counterfactual("ban", None, text),)
        if edge is None:
            text = f"{who}不符合{where}的资格条件，须先解决不符合的条件。"
            return (Counterfactual("rule", None, text),)
        if self.named in self.problem.pins:
            return (Counterfactual("pin", None, "这是人工指定，取消指定后才会重新比较。"),)
        if self.assigned:
            return ()
        if self.problem.edge_person[edge] in self._pinned_people():
            return (Counterfactual("pin", None, f"{who}已人工指定在别处，须先取消指定。"),)
        return (*self._person_side(edge), *self._post_side(edge))

    def _pinned_people(self) -> set[int]:
        pinned = {person for person, _ in self.problem.pins}
        return {i for i, person in enumerate(self.problem.people) if person.id in pinned}

    def _person_side(self, edge: int) -> tuple[Counterfactual, ...]:
        """What the person has, or what a full unit sends, if that comes first."""
        if self.view.wanted_by_people(edge):
            return ()
        who, where = map(self.word, self.named)
        held = self.view.given_up_for(edge)
        if held is None or held < 0:
            return (
                Counterfactual(
                    "unit", None, f"{self._around('people', edge)}的名额已全部被指定占用，须放宽。"
                ),
            )
        rank, same = self._place(self.problem.edge_person_rank, held)
        if self.problem.edge_person[held] == self.problem.edge_person[edge]:
            own = self.word(self.problem.posts[self.problem.edge_post[held]].id)
            text = f"{who}更愿意去现在的{own}；须把{where}排在{own}之前{same}。"
            return (Counterfactual("wish", rank, text),)
        last = self.word(self.problem.people[self.problem.edge_person[held]].id)
        text = (
            f"{self._around('people', edge)}名额已满，且所派人选都排在{who}之前；"
            f"须超过其中最后一名{last}，或放宽名额。"
        )
        return (Counterfactual("unit", rank, text),)

    def _post_side(self, edge: int) -> tuple[Counterfactual, ...]:
        """The people the post prefers, and the place that must be passed."""
        if self.view.wanted_by_post(edge):
            return ()
        who, where = map(self.word, self.named)
        worst = self.view.given_up("posts", edge)
        around = self._around("posts", edge)
        if worst is None or worst < 0:
            text = f"{around or where}的岗位已全部人工指定，须先取消指定。"
            return (Counterfactual("pin", None, text),)
        if around:
            rank, same = self._place(self.problem.edge_post_rank, worst)
            last = self.word(self.problem.people[self.problem.edge_person[worst]].id)
            text = (
                f"总量{around}已满，且其中的人都排在{who}之前；"
                f"{who}须超过其中最后一名{last}{same}，或放宽总量。"
            )
            return (Counterfactual("bound", rank, text),)
        preferred = self._team(edge)
        rank, same = self._place(self.problem.edge_post_rank, worst)
        text = (
            f"{where}更愿意要这 {len(preferred)} 人：{'、'.join(preferred)}；"
            f"{who}的意向名次须超过其中最后一名{preferred[-1]}{same}，或由{where}把其往后排。"
        )
        return (Counterfactual("rank", rank, text),)

    def _around(self, side: str, edge: int) -> str:
        """The unit or the bound that is full around an edge; nothing for a person or a post."""
        units, bounds = self.problem.units, self.problem.bounds
        first = len(self.problem.people if side == "people" else self.problem.posts)
        number = self.view.full_around(side, edge)[0] - first
        if number < 0:
            return ""
        return "派出单位" if number < len(units) else f"“{bounds[number - len(units)].id}”"

    def _team(self, edge: int) -> list[str]:
        """Those who hold the seats of the post without a pin, the most wanted first."""
        post = self.problem.edge_post[edge]
        held = [e for e in self.view.at.values() if self.problem.edge_post[e] == post]
        held.sort(key=self.view.post_key)
        return [self.word(self.problem.people[self.problem.edge_person[e]].id) for e in held]

    def _place(self, ranks: Sequence[int] | None, edge: int) -> tuple[int | None, str]:
        """The place of an edge in words: its rank, or its score where no rank was given.

        Only mode stable-best leaves ties as they are; elsewhere the lot has broken them.
        """
        drawn = self.plan.mode != "stable-best"
        if ranks is not None and (rank := ranks[edge]):
            return rank, f"（现第 {rank}，{'同名次由抽签定' if drawn else '同名次不算超过'}）"
        score = self.problem.edge_score[edge]
        return (
            None,
            f"（未填名次，按匹配度 {score} 分，{'同分由抽签定' if drawn else '同分不算超过'}）",
        )
