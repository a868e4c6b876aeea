"""Which bounds hold which others, so that a plan with all of them is still a flow?

A bound over several posts, or over several people, is a node through which their pairs flow. That
works where the sets on each side form trees: any two lie apart or one within the other. Units with
limits are sets of people as well. What is no tree can only be decided by a solver
(``solver_total.py``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from lingyan_matching.problem import Problem

ROOT = -1


@dataclass(frozen=True, slots=True)
class Crossing:
    """Two sets that overlap although neither holds the other; or one set that binds both sides."""

    first: str
    second: str | None = None

    def text(self) -> str:
        if self.second is None:
            return f"总量“{self.first}”同时限定人选和岗位"
        return f"“{self.first}”与“{self.second}”部分重叠，谁也不包含谁"

    def text_en(self) -> str:
        if self.second is None:
            return f'the bound "{self.first}" picks people and posts at once'
        return f'"{self.first}" and "{self.second}" overlap, and neither holds the other'


@dataclass(frozen=True, slots=True)
class Trees:
    """Who stands right above each post, person, unit and bound.

    Sets are numbered units first, then bounds, in their order in the problem; ROOT is above all.
    """

    above_post: list[int]
    above_person: list[int]
    above_set: list[int]
    of_posts: list[bool]


def trees_of(problem: Problem) -> Trees | Crossing:
    """The trees of a problem, or the first two sets that do not fit into trees."""
    units = {unit.id: number for number, unit in enumerate(problem.units)}
    staff: list[list[int]] = [[] for _ in units]
    for number, person in enumerate(problem.people):
        if person.unit in units:
            staff[units[person.unit]].append(number)
    people, posts = list(enumerate(staff)), list[tuple[int, list[int]]]()
    person_of = {person.id: number for number, person in enumerate(problem.people)}
    post_of = {post.id: number for number, post in enumerate(problem.posts)}
    for number, bound in enumerate(problem.bounds, start=len(units)):
        if bound.people is None:
            posts.append((number, _places(bound.posts, post_of)))
        elif bound.posts is None:
            people.append((number, _places(bound.people, person_of)))
        else:
            return Crossing(bound.id)
    above = [ROOT] * (len(units) + len(problem.bounds))
    above_post, above_person = [ROOT] * len(problem.posts), [ROOT] * len(problem.people)
    for sets, owner in ((posts, above_post), (people, above_person)):
        size = {number: len(members) for number, members in sets}
        for number, members in sorted(sets, key=lambda one: -len(one[1])):
            owners = {owner[member] for member in members}
            if len(owners) > 1:
                names = [unit.id for unit in problem.units] + [b.id for b in problem.bounds]
                other = min(sorted(owners - {ROOT}), key=lambda one: size[one])
                return Crossing(names[other], names[number])
            above[number] = owners.pop() if owners else ROOT
            for member in members:
                owner[member] = number
    of_posts = [False] * len(units) + [bound.people is None for bound in problem.bounds]
    return Trees(above_post, above_person, above, of_posts)


def _places(names: tuple[str, ...] | None, known: dict[str, int]) -> list[int]:
    return list(known.values()) if names is None else [known[name] for name in names]


def most_of(names: Iterable[str], sets: Iterable[tuple[Collection[str], int]]) -> int:
    """How many of some names can be taken if each set gives so many at most; the sets form trees.

    From the smallest set up: what is left of a set beyond its room counts no more.
    """
    worth = dict.fromkeys(names, 1)
    for members, room in sorted(sets, key=lambda one: len(one[0])):
        inside = [name for name in worth if name in members]
        if sum(worth[name] for name in inside) > room:
            for name in inside:
                del worth[name]
            worth[inside[0]] = room
    return sum(worth.values())


def rooms_of_people(problem: Problem) -> list[tuple[Collection[str], int]]:
    """The units and the bounds over people alone, with what pins leave of their room."""
    staff: dict[str, set[str]] = {unit.id: set() for unit in problem.units}
    for person in problem.people:
        if person.unit in staff:
            staff[person.unit].add(person.id)
    sets = [(staff[unit.id], unit.limit) for unit in problem.units]
    sets += [
        (set(bound.people), bound.upper)
        for bound in problem.bounds
        if bound.people is not None and bound.posts is None and bound.upper is not None
    ]
    pinned = {person for person, _ in problem.pins}
    return [(members, room - len(pinned & members)) for members, room in sets]
