"""What is proposed: who goes where, how good it is, and what proves it?

A plan is a plain value; as JSON (``lingyan.plan/1``) it carries its certificate and, if wanted,
the instance and the explanations, so that the file can be checked by itself.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from lingyan_matching.problem import (
    BadInstance,
    InstanceError,
    Pair,
    Problem,
    holds,
    read_json,
    to_json,
)

FORMAT = "lingyan.plan/1"
ENGINE_VERSION = "1.0"
CERTIFICATE = "lingyan.certificate/1"
CHECKER_VERSION = "1"

T = TypeVar("T", str, int, bool, dict[str, Any], list[Any])


@dataclass(frozen=True, slots=True)
class Assignment:
    """One person at one post; ranks are preference classes, 1 best, None if not mentioned."""

    person: str
    post: str
    score: int
    person_rank: int | None = None
    post_rank: int | None = None
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Goal:
    """What one goal reached, the most it could be, and how that is known."""

    name: str
    value: int
    bound: int
    unit: str
    proved: str = "optimal"
    gap_permille: int = 0


@dataclass(frozen=True, slots=True)
class Blocking:
    """A pair that would both rather have each other; ranks 1-based, gains in rank steps."""

    person: str
    post: str
    person_gain: int
    post_gain: int


@dataclass(frozen=True, slots=True)
class Settings:
    """What was asked beyond the problem: it is part of what a certificate speaks about."""

    pins: tuple[Pair, ...] = ()
    bans: tuple[Pair, ...] = ()
    limits: tuple[tuple[str, int], ...] = ()
    goals: tuple[str, ...] = ()
    base: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A proposed plan; ``assignments`` are sorted by post id and then person id."""

    mode: str
    seed: int
    snapshot_sha256: str
    assignments: tuple[Assignment, ...]
    goals: tuple[Goal, ...]
    certificate: Mapping[str, Any]
    carrier: str
    engine_version: str = ENGINE_VERSION
    elapsed_ms: Mapping[str, int] = field(default_factory=dict)
    ties_left: bool = False
    settings: Settings = field(default_factory=Settings)
    blocking: tuple[Blocking, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """A name that equal plans share."""
        parts = [self.snapshot_sha256, self.mode, str(self.seed)]
        parts += [f"{row.person}\t{row.post}" for row in self.assignments]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    def goal(self, name: str) -> Goal | None:
        """The goal of that name, if the plan states it."""
        return next((goal for goal in self.goals if goal.name == name), None)


class BadPlan(BadInstance):
    """The file does not hold a plan that can be read."""


# --- writing -----------------------------------------------------------------------------------


def plan_to_json(
    plan: Plan,
    problem: Problem | None = None,
    *,
    explanations: Sequence[Mapping[str, Any]] = (),
    run: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The plan as JSON; with the problem it is self-contained and lists what stayed empty.

    ``run`` may add what only the caller knows: rules_version, weights, created.
    """
    roles = {post.id: post.role for post in problem.posts if post.role} if problem else {}
    data: dict[str, Any] = {
        "format": FORMAT,
        "id": plan.id,
        "run": {**_run_json(plan), **(run or {})},
        "assignments": [_assignment_json(plan, roles, row) for row in plan.assignments],
        "goals": [_goal_json(goal) for goal in plan.goals],
        "blocking": [
            {
                "person": pair.person,
                "post": pair.post,
                "person_gain": pair.person_gain,
                "post_gain": pair.post_gain,
            }
            for pair in plan.blocking
        ],
        "notes": list(plan.notes),
        "certificate": {**plan.certificate, "plan": plan.id},
        "explanations": [dict(row) for row in explanations],
    }
    if problem is not None:
        data.update(_left_over_json(plan, problem))
        data["instance"] = to_json(problem)
    return data


def _run_json(plan: Plan) -> dict[str, Any]:
    settings = plan.settings
    return {
        "snapshot_sha256": plan.snapshot_sha256,
        "mode": plan.mode,
        "seed": plan.seed,
        "carrier": plan.carrier,
        "engine_version": plan.engine_version,
        "elapsed_ms": dict(plan.elapsed_ms),
        "ties_left": plan.ties_left,
        "goals": list(settings.goals),
        "pins": [list(pair) for pair in settings.pins],
        "bans": [list(pair) for pair in settings.bans],
        "limits": [list(pair) for pair in settings.limits],
        "base": [list(pair) for pair in settings.base],
    }


def _assignment_json(plan: Plan, roles: Mapping[str, str], row: Assignment) -> dict[str, Any]:
    data: dict[str, Any] = {
        "person": row.person,
        "post": row.post,
        "fit": row.score,
        "wish_rank": row.person_rank,
        "wanted_rank": row.post_rank,
        "pinned": row.pinned,
    }
    if row.post in roles:
        data["role"] = roles[row.post]
    if plan.settings.base:
        data["changed"] = _changed(plan.settings.base, row)
    return data


def _changed(base: Sequence[Pair], row: Assignment) -> str:
    if (row.person, row.post) in base:
        return "kept"
    return "moved" if any(row.person == person for person, _ in base) else "new"


def _goal_json(goal: Goal) -> dict[str, Any]:
    return {
        "name": goal.name,
        "value": goal.value,
        "bound": goal.bound,
        "unit": goal.unit,
        "proved": goal.proved,
        "gap_permille": goal.gap_permille,
    }


def _left_over_json(plan: Plan, problem: Problem) -> dict[str, Any]:
    filled = Counter(row.post for row in plan.assignments)
    placed = Counter(row.person for row in plan.assignments)
    unit_of = {person.id: person.unit for person in problem.people}
    sent = Counter(unit_of.get(row.person) for row in plan.assignments)
    limits = dict(plan.settings.limits)
    rows = [(row.person, row.post) for row in plan.assignments]
    bounds = [
        {
            "bound": bound.id,
            "arranged": sum(holds(bound, pair) for pair in rows),
            "lower": bound.lower,
            "upper": bound.upper,
        }
        for bound in sorted(problem.bounds, key=lambda bound: bound.id)
    ]
    return {
        **({"bounds": bounds} if bounds else {}),
        "empty": [
            {"post": post.id, "seats": post.upper - filled[post.id]}
            for post in sorted(problem.posts, key=lambda post: post.id)
            if filled[post.id] < post.upper
        ],
        "unused": sorted(person.id for person in problem.people if not placed[person.id]),
        "units": [
            {"unit": unit.id, "sent": sent[unit.id], "limit": limits.get(unit.id, unit.limit)}
            for unit in sorted(problem.units, key=lambda unit: unit.id)
        ],
    }


def same_json(one: Any, other: Any) -> bool:
    """Whether two values are the same JSON: 1 is neither 1.0 nor true there."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def write_plan(path: str | Path, data: Mapping[str, Any]) -> None:
    """Write the JSON of a plan; a name that ends in .gz is packed, always to the same bytes."""
    raw = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    target = Path(path)
    target.write_bytes(gzip.compress(raw, mtime=0) if target.suffix == ".gz" else raw)


# --- reading -----------------------------------------------------------------------------------


def read_plan(path: str | Path) -> tuple[Plan, dict[str, Any]]:
    """The plan in a file, plain or gzip, and the whole JSON (instance, explanations, …)."""
    try:
        data = read_json(path)
    except BadInstance as error:
        raise BadPlan(error.errors) from None
    return plan_from_json(data), data


def plan_from_json(data: Any) -> Plan:
    """The plan in a JSON value; raises BadPlan and says which field cannot be read."""
    reader = _Reader()
    plan = reader.plan(data)
    if reader.errors:
        raise BadPlan(reader.errors)
    if plan.certificate.get("plan") != plan.id:
        return plan  # none is named, or another one, which the checker refutes
    parts = {name: part for name, part in plan.certificate.items() if name != "plan"}
    return replace(plan, certificate=parts)


@dataclass(slots=True)
class _Reader:
    """Reads fields of the right type and notes where one is missing or wrong."""

    errors: list[InstanceError] = field(default_factory=list)

    def plan(self, data: Any) -> Plan:
        top = self.take(data, "$", dict)
        if top.get("format") != FORMAT:
            self.refuse("format")
        run = self.take(top.get("run"), "run", dict)
        settings = Settings(
            pins=self.pairs(run, "pins"),
            bans=self.pairs(run, "bans"),
            limits=self.limits(run),
            goals=tuple(
                self.take(name, "run.goals", str) for name in self.rows(run, "run", "goals")
            ),
            base=self.pairs(run, "base"),
        )
        return Plan(
            mode=self.take(run.get("mode"), "run.mode", str),
            seed=self.take(run.get("seed"), "run.seed", int),
            snapshot_sha256=self.take(run.get("snapshot_sha256"), "run.snapshot_sha256", str),
            assignments=tuple(
                self.assignment(f"assignments[{n}]", row)
                for n, row in enumerate(self.rows(top, "", "assignments"))
            ),
            goals=tuple(
                self.goal(f"goals[{n}]", row) for n, row in enumerate(self.rows(top, "", "goals"))
            ),
            certificate=self.take(top.get("certificate"), "certificate", dict),
            carrier=self.take(run.get("carrier"), "run.carrier", str),
            engine_version=self.take(run.get("engine_version"), "run.engine_version", str),
            elapsed_ms=self.take(run.get("elapsed_ms", {}), "run.elapsed_ms", dict),
            ties_left=self.take(run.get("ties_left", False), "run.ties_left", bool),
            settings=settings,
            blocking=tuple(
                self.blocking(f"blocking[{n}]", row)
                for n, row in enumerate(self.rows(top, "", "blocking"))
            ),
            notes=tuple(self.take(note, "notes", str) for note in self.rows(top, "", "notes")),
        )

    def refuse(self, where: str) -> None:
        self.errors.append(
            InstanceError(
                where,
                "缺少，或类型不对",
                f"请给出由本系统写出的 {FORMAT} 文件",
                "missing or of the wrong type",
                f"give a file of the form {FORMAT} as written by this system",
            )
        )

    def take(self, value: Any, where: str, kind: type[T]) -> T:
        if type(value) is kind:
            return value
        self.refuse(where)
        return kind()

    def rows(self, holder: Mapping[str, Any], where: str, key: str) -> list[Any]:
        return self.take(holder.get(key, []), f"{where}.{key}".lstrip("."), list)

    def pairs(self, run: Mapping[str, Any], key: str) -> tuple[Pair, ...]:
        pairs = []
        for number, row in enumerate(self.rows(run, "run", key)):
            where = f"run.{key}[{number}]"
            pair = self.take(row, where, list)
            if len(pair) != 2:
                self.refuse(where)
            else:
                pairs.append((self.take(pair[0], where, str), self.take(pair[1], where, str)))
        return tuple(pairs)

    def limits(self, run: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
        limits = []
        for number, row in enumerate(self.rows(run, "run", "limits")):
            where = f"run.limits[{number}]"
            pair = self.take(row, where, list)
            if len(pair) != 2:
                self.refuse(where)
            else:
                limits.append((self.take(pair[0], where, str), self.take(pair[1], where, int)))
        return tuple(limits)

    def assignment(self, where: str, value: Any) -> Assignment:
        row = self.take(value, where, dict)
        return Assignment(
            self.take(row.get("person"), f"{where}.person", str),
            self.take(row.get("post"), f"{where}.post", str),
            self.take(row.get("fit"), f"{where}.fit", int),
            self.rank(row.get("wish_rank"), f"{where}.wish_rank"),
            self.rank(row.get("wanted_rank"), f"{where}.wanted_rank"),
            self.take(row.get("pinned", False), f"{where}.pinned", bool),
        )

    def rank(self, value: Any, where: str) -> int | None:
        return None if value is None else self.take(value, where, int)

    def goal(self, where: str, value: Any) -> Goal:
        row = self.take(value, where, dict)
        return Goal(
            self.take(row.get("name"), f"{where}.name", str),
            self.take(row.get("value"), f"{where}.value", int),
            self.take(row.get("bound"), f"{where}.bound", int),
            self.take(row.get("unit"), f"{where}.unit", str),
            self.take(row.get("proved"), f"{where}.proved", str),
            self.take(row.get("gap_permille", 0), f"{where}.gap_permille", int),
        )

    def blocking(self, where: str, value: Any) -> Blocking:
        row = self.take(value, where, dict)
        return Blocking(
            self.take(row.get("person"), f"{where}.person", str),
            self.take(row.get("post"), f"{where}.post", str),
            self.take(row.get("person_gain"), f"{where}.person_gain", int),
            self.take(row.get("post_gain"), f"{where}.post_gain", int),
        )
