"""Where does a pair stand among all eligible pairs of its post and of its person?"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection

from lingyan.posting.problem.build import PostingProblem


class Standings:
    """One pass over the eligible pairs; then each question is a look-up."""

    def __init__(self, problem: PostingProblem) -> None:
        self._problem = problem
        self._of_post: list[list[tuple[int, int]]] = [[] for _ in problem.posts]
        self._of_person: list[list[int]] = [[] for _ in problem.people]
        edges = problem.problem
        for person, post, score in zip(
            edges.edge_person, edges.edge_post, edges.edge_score, strict=True
        ):
            self._of_post[post].append((-score, person))
            self._of_person[person].append(-score)
        for pairs in self._of_post:
            pairs.sort()
        for scores in self._of_person:
            scores.sort()

    def of(self, person: str, post: str, score: int) -> tuple[int, int]:
        """The person's place at the post and the post's place for the person; equals share."""
        at_post = self._of_post[self._problem.post_number[post]]
        at_person = self._of_person[self._problem.person_number[person]]
        better = bisect_right(at_post, (-score, -1))
        return better + 1, bisect_right(at_person, -score - 1) + 1

    def counts(self, person: str, post: str) -> tuple[int, int]:
        """How many are eligible for the post, and for how many posts the person is."""
        return (
            len(self._of_post[self._problem.post_number[post]]),
            len(self._of_person[self._problem.person_number[person]]),
        )

    def runner_up(self, post: str, seated: Collection[str]) -> tuple[str, int] | None:
        """The best of those who are eligible and were sent nowhere: id and fit."""
        for negative, number in self._of_post[self._problem.post_number[post]]:
            person = self._problem.people[number].id
            if person not in seated:
                return person, -negative
        return None
