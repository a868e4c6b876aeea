"""How far is a solver's plan from the best one, as far as its prices prove it?

Nothing here solves. Goal by goal the prices of the certificate prove, from the problem alone, what
no plan can pass (`relaxation.py`). Where that is less than one step above what the plan reaches,
the goal is proved; where not, what remains open is told in numbers, and is the solver's word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lingyan_matching.goals import Asked, asked_goals
from lingyan_matching.lot import SOLVER_BITS
from lingyan_matching.plan import Goal, Plan, same_json
from lingyan_matching.problem import Pair, Problem, holds
from lingyan_matching.relaxation import Floors, Key, Prices, Relaxation
from lingyan_matching.said import Said

Answer = tuple[str | None, tuple[str, ...]]
PROVED = {"prices": "optimal", "solver": "solver", "time": "gap"}
"""How a claim is proved, and how its goal says so; "time": the solver itself had not finished."""
GOAL_WORDS = {
    "lower": ("下限内的配备", "seats below lower bounds"),
    "seats": ("配备的岗位", "seats"),
    "changes": ("变动", "changes"),
    "score": ("总匹配度", "score"),
    "lot": ("并列时的抽签", "lot"),
}
WORD_OF_SOLVER = {
    "solver": (
        "没有更好的方案只由求解器证明",
        "that nothing is better is proved by the solver only",
    ),
    "time": (
        "求解器没有证完，可能还有更好的方案",
        "the solver did not finish its proof, something better may exist",
    ),
}


@dataclass(frozen=True, slots=True)
class Task:
    """Everything that a plan by a solver is asked for, goal by goal, in the open part."""

    problem: Problem
    relaxation: Relaxation
    goals: tuple[Asked, ...]

    def sign(self, name: str) -> int:
        """Changes and costs are lost, so their negative is what is to be as great as can be."""
        return -1 if name == "changes" or (name == "score" and self.problem.sense == "min") else 1

    def fixed(self, name: str) -> int:
        """What the pins alone reach of a goal, counted so that more is better."""
        pins = self.problem.pins
        if name == "lower":
            return _pinned_minimums(self.problem)
        if name == "seats":
            return len(pins)
        if name == "changes":
            return -sum(pin not in self.relaxation.base for pin in pins)
        if name == "score":
            return self.sign(name) * _score(self.problem, pins)
        klass = {post.id: f"class-{post.klass}" for post in self.problem.posts}
        return sum(klass[post] == name for _, post in pins)

    def floor(self, goal: Asked, best: int) -> int:
        """What must be reached of a goal by all later ones, of which this is the best."""
        fixed = self.fixed(goal.name)
        return goal.least(best + fixed) - fixed

    def claim(
        self,
        goal: Asked,
        priced: tuple[int, Prices],
        floors: Floors,
        *,
        rows: Sequence[int],
        witness: Sequence[int],
        by: str,
    ) -> dict[str, Any]:
        """What a certificate says of one goal: all but prices and witness follows from them."""
        (scale, prices), name = priced, goal.name
        value, best = (self.relaxation.reached(name, one) for one in (rows, witness))
        exact = self.relaxation.most(name, prices, scale, floors)
        found = {
            "goal": name,
            "best": self._told(name, best),
            "value": self._told(name, value),
            "proves": self._told(name, exact // scale),
            "proved_by": "prices" if exact // scale == best else by,
            "exact": [exact, scale],
            "prices": [[*key, price] for key, price in sorted(prices.items())],
        }
        if best != value:
            found["witness"] = sorted([*self.relaxation.pairs[number]] for number in witness)
        return found

    def _told(self, name: str, reached: int) -> int:
        """A number as people read it: with the pins, and costs as costs."""
        return self.sign(name) * (reached + self.fixed(name))


def task_of(
    problem: Problem, *, mode: str, goals: Sequence[str], seed: int, base: Iterable[Pair]
) -> Task:
    """The task under the pins, bans and limits of the run."""
    stable = mode == "stable-best"
    relaxation = Relaxation(problem, seed=seed, base=base, stable=stable)
    if stable:
        asked = (*([Asked("lower")] if relaxation.parts else []), *map(Asked, goals))
    else:
        lot = [Asked("lot")] if goals[-1] == "lot" else []
        asked = (*asked_goals(problem, goals), *lot)
    return Task(problem, relaxation, asked)


def check_bound(problem: Problem, plan: Plan, certificate: Mapping[str, Any]) -> Answer:
    """The first thing that is wrong with what the certificate claims, or None; what was checked.

    That the rows are a plan of its mode has been checked before. For each goal in order:

    1. The best that a later goal may give up from is reached by a plan that is written down.
    2. The plan itself gives up no more of it than was allowed.
    3. The prices are whole numbers of 0 or more, of limits that there are; what they prove is
       computed from the problem, and the whole claim must say just that.

    Then each goal of the plan must say how it is proved, and how much is open, as its claim does.
    """
    settings, claims = plan.settings, certificate["bound"]
    task = task_of(
        problem, mode=plan.mode, goals=settings.goals, seed=plan.seed, base=settings.base
    )
    wrong = _wrong_frame(task, plan, certificate) or _wrong_claims(task, plan, claims)
    if not wrong and [*plan.goals] != told_goals(plan.goals, claims, stable=plan.mode != "total"):
        wrong = "方案写的证明情况不属实 / how the goals are proved is stated wrongly"
    return wrong, () if wrong else _proved_lines(claims)


def _wrong_frame(task: Task, plan: Plan, certificate: Mapping[str, Any]) -> str | None:
    goals = plan.settings.goals
    named = [claim["goal"] for claim in certificate["bound"]]
    covers = plan.mode != "total" or certificate.get("covers") == list(goals)
    if not covers or named != [goal.name for goal in task.goals]:
        return "凭证写的目标不属实 / the goals that the certificate states differ"
    bits = SOLVER_BITS if goals[-1] == "lot" else 0
    if plan.ties_left != (len(task.relaxation.edges).bit_length() + 1 > bits):
        return "并列是否未尽写得不属实 / whether ties are left is stated wrongly"
    return None


def _wrong_claims(task: Task, plan: Plan, claims: Sequence[Mapping[str, Any]]) -> str | None:
    """Hold the claims one after another; each sets the floor for those after it."""
    pins, number_of = set(task.problem.pins), task.relaxation.number_of
    pairs = [(row.person, row.post) for row in plan.assignments]
    rows = [number_of[pair] for pair in pairs if pair not in pins]
    floors: dict[str, int] = {}
    for goal, claim in zip(task.goals, claims, strict=True):
        named = claim.get("witness")
        witness = rows if named is None else [number_of[who, where] for who, where in named]
        if named is not None and not _keeps(task.relaxation, witness, floors):
            return (
                f"凭证为目标 {goal.name} 另写的方案不成立 / "
                f"the other plan that is named for goal {goal.name} is none"
            )
        best = task.relaxation.reached(goal.name, witness)
        floor, value = task.floor(goal, best), task.relaxation.reached(goal.name, rows)
        if not floor <= value <= best:
            return (
                f"目标 {goal.name} 为 {claim['value']}，最好 {claim['best']}，"
                f"超出了允许放宽的范围 / goal {goal.name} is {claim['value']} of {claim['best']}, "
                "beyond the slack"
            )
        priced = _prices(task.relaxation, claim, floors)
        by = "time" if claim["proved_by"] == "time" else "solver"
        right = task.claim(goal, priced, floors, rows=rows, witness=witness, by=by)
        if not same_json(claim, right):
            return _differs(claim, right)
        floors[goal.name] = floor
    return None


def _keeps(relaxation: Relaxation, chosen: Sequence[int], floors: Floors) -> bool:
    """Whether some edges are a plan that reaches what earlier goals ask for."""
    return relaxation.is_plan(chosen) and all(
        relaxation.reached(name, chosen) >= floor for name, floor in floors.items()
    )


def _prices(
    relaxation: Relaxation, claim: Mapping[str, Any], floors: Floors
) -> tuple[int, dict[Key, int]]:
    """The scale and the prices as they are written; anything else is not well formed."""
    scale, known = claim["exact"][1], relaxation.limit_keys | {("goal", name) for name in floors}
    prices = {tuple(line[:-1]): line[-1] for line in claim["prices"]}
    if {type(number) for number in (scale, *prices.values())} != {int}:
        raise ValueError("prices are whole numbers")
    if {type(part) for key in prices for part in key} - {int, str}:
        raise ValueError("limits have names, and whole numbers of classes")
    if (
        scale < 1
        or (scale > 1 and not prices)
        or min(prices.values(), default=0) < 0
        or not prices.keys() <= known
    ):
        raise ValueError("prices are 0 or more, each of a limit of the problem")
    return scale, prices


def _differs(claim: Mapping[str, Any], right: Mapping[str, Any]) -> str:
    name = next((key for key in right if claim.get(key) != right[key]), "prices")
    return (
        f"凭证写目标 {right['goal']} 的 {name} 为 {claim.get(name)}，按题目重算为 {right[name]} / "
        f"the certificate says {name} = {claim.get(name)} of goal {right['goal']}, "
        f"from the problem it is {right[name]}"
    )


# --- what the plan says --------------------------------------------------------------------------


def told_goals(
    goals: Iterable[Goal], claims: Sequence[Mapping[str, Any]], *, stable: bool
) -> list[Goal]:
    """The goals with how each is proved; seats by class in mode C, not asked for, like all.

    The bound of a goal is the best that was found, or, while time ran out, what is proved; seats
    below lower bounds keep all of them as their bound in a stable plan.
    """
    by_name = {claim["goal"]: claim for claim in claims}
    counted = {claim["proved_by"] for claim in claims if claim["goal"] != "lot"}
    found = []
    for goal in goals:
        claim = by_name.get(goal.name)
        if claim is not None:
            proved = PROVED[claim["proved_by"]]
            bound = claim["proves" if proved == "gap" else "best"]
            if stable and goal.name == "lower":
                bound = goal.bound
            found.append(
                replace(goal, bound=bound, proved=proved, gap_permille=gap_permille(claim))
            )
        else:
            known = goal.name == "blocking_pairs" or goal.value == goal.bound
            proved = "optimal" if known or counted <= {"prices"} else "solver"
            found.append(replace(goal, proved=proved, gap_permille=0))
    return found


def gap_permille(claim: Mapping[str, Any]) -> int:
    """How far what is proved lies beyond the best that was found, against that best."""
    open_steps: int = abs(claim["proves"] - claim["best"])
    most: int = max(1, abs(claim["best"]))
    return 1000 * open_steps // most


def _proved_lines(claims: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """What the prices prove whole, and what they prove if the goals before stay as they are."""
    proved = [claim["proved_by"] == "prices" for claim in claims]
    first_open = proved.index(False) if False in proved else len(proved)
    lines = []
    if first_open:
        zh, en = _names(claims[:first_open])
        lines.append(
            f"线性规划对偶凭证成立，没有更好的方案：{zh} / proved optimal by rational duals: {en}"
        )
    later = [claim for claim in claims[first_open:] if claim["proved_by"] == "prices"]
    if later:
        zh, en = _names(later)
        lines.append(
            f"前面的目标保持不变时，没有更好的方案：{zh} / "
            f"proved optimal while earlier goals stay as they are: {en}"
        )
    return tuple(lines)


def _names(claims: Iterable[Mapping[str, Any]]) -> tuple[str, str]:
    words = [_words(claim["goal"]) for claim in claims]
    return "、".join(zh for zh, _ in words), ", ".join(en for _, en in words)


def _words(name: str) -> tuple[str, str]:
    if name.startswith("class-"):
        return f"第 {name[6:]} 类岗位", name
    return GOAL_WORDS[name]


def open_lines(claims: Iterable[Mapping[str, Any]]) -> tuple[Said, ...]:
    """What the prices do not close, each with its numbers, in words."""
    return tuple(_open_line(claim) for claim in claims if claim["proved_by"] != "prices")


def open_notes(claims: Sequence[Mapping[str, Any]]) -> tuple[Said, ...]:
    """The same as notes of a plan: sentences with their end."""
    notes = []
    for line in open_lines(claims):
        note = Said(f"{line}。")
        note.english = f"{line.english}."
        notes.append(note)
    return tuple(notes)


def _open_line(claim: Mapping[str, Any]) -> Said:
    (zh, en), by = _words(claim["goal"]), claim["proved_by"]
    best, proves, share = claim["best"], claim["proves"], gap_permille(claim)
    most, most_en = ("至多", "at most") if proves > best else ("至少", "at least")
    end, end_en = WORD_OF_SOLVER[by]
    said = Said(
        f"{zh}：求得 {best}，凭证证明{most} {proves}，"
        f"相差 {abs(proves - best)}（千分之 {share}）；{end}"
    )
    said.english = (
        f"{en}: {best} found, {most_en} {proves} by rational duals, "
        f"gap {abs(proves - best)} ({share} per mille); {end_en}"
    )
    return said


# --- pins ----------------------------------------------------------------------------------------


def _score(problem: Problem, pairs: Iterable[Pair]) -> int:
    wanted = set(pairs)
    columns = zip(problem.edge_person, problem.edge_post, problem.edge_score, strict=True)
    return sum(
        score for i, g, score in columns if (problem.people[i].id, problem.posts[g].id) in wanted
    )


def _pinned_minimums(problem: Problem) -> int:
    posts = [post for _, post in problem.pins]
    kept = sum(min(posts.count(post.id), post.lower) for post in problem.posts)
    return kept + sum(
        min(sum(holds(bound, pin) for pin in problem.pins), bound.lower) for bound in problem.bounds
    )
