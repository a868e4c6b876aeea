"""`lingyan match posting`: from two workbooks to a proved plan of postings."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lingyan.cli.files import write_whole
from lingyan.cli.match.instance import bad_instance
from lingyan.cli.match.pricing import found_by_solver, unpriced, wants_prices
from lingyan.cli.match.rounds import day_of, read_round, town_bounds
from lingyan.cli.speaking import Speaker, WrongInput, print_json
from lingyan.common import clock

if TYPE_CHECKING:
    from lingyan.posting.problem import PostingProblem
    from lingyan_matching import Graph, Plan

MODES = ("total", "stable-people", "stable-posts")


def run_posting(options: Any, say: Speaker) -> int:
    """Read, build, solve three ways, write both files, say what came out."""
    import lingyan_matching as engine
    from lingyan.posting.problem.document import plan_document
    from lingyan.posting.problem.figures import figures
    from lingyan.posting.problem.plan_sheets import plan_parts
    from lingyan.posting.problem.towns import bounded, goals_of, under_town_bounds

    found = read_round(options, say, today=day_of(options.as_of, say))
    towns = town_bounds(options.town_min, options.town_max, say)
    problem = under_town_bounds(bounded(found.problem), **towns)
    if not problem.posts:
        raise WrongInput(
            say("需求清单里没有一个岗位。请填写第一书记或队员人数。",
                "the needs ask for nobody; fill in first secretaries or members."),
        )  # fmt: skip
    try:
        graph = engine.build(problem.problem)
    except engine.BadInstance as bad:
        raise bad_instance(bad, say) from bad
    plans = _solve(graph, seed=options.seed, goals=goals_of(problem))
    plan = plans["total"]
    reasons = _reasons(problem, graph, plan, wanted=options.reasons)
    texts, hall = _shortage(problem, graph, plan)
    untold = unpriced(graph, plan, wanted=options.reasons)
    counted = {mode: figures(problem, each) for mode, each in plans.items()}
    document = plan_document(
        problem,
        plan,
        engine=reasons,
        hall=hall,
        notes=[*found.notes, *untold],
        counted=counted["total"],
        created=clock.now().isoformat(timespec="seconds"),
        towns=towns if options.town_min or options.town_max is not None else None,
    )
    parts = plan_parts(
        problem,
        plans,
        notes=found.notes,
        shortage=texts,
        engine=reasons,
        counted=counted,
        unpriced="".join(untold),
    )
    paths = write_whole(
        Path(options.out),
        {
            "plan.xlsx": partial(write_book, parts, found.banner),
            "plan.json": partial(write_json, document, found.banner),
        },
        say,
    )
    _tell(document, plans, paths, options, say)
    return 0


def _solve(graph: Graph, *, seed: int, goals: tuple[str, ...] | None) -> dict[str, Plan]:
    """Mode A, and both ends of mode B; where only one stable plan exists, it is both ends."""
    import lingyan_matching as engine

    plans = {
        "total": engine.solve(graph, mode="total", seed=seed, goals=goals),
        "stable-people": engine.solve(graph, mode="stable-people", seed=seed),
    }
    only = plans["stable-people"].certificate["stable"].get("unique", False)
    plans["stable-posts"] = (
        plans["stable-people"] if only else engine.solve(graph, mode="stable-posts", seed=seed)
    )
    return plans


def write_book(parts: Any, banner: str, path: Path) -> None:
    """What comes from a demo's workbooks says so, as they do."""
    from lingyan.common import workbook

    workbook.write_book(path, parts, banner=banner)


def write_json(document: Mapping[str, Any], banner: str, path: Path) -> None:
    from lingyan_matching import write_plan

    write_plan(path, {**document, "banner": banner} if banner else document)


def _reasons(
    problem: PostingProblem, graph: Graph, plan: Plan, *, wanted: str
) -> Mapping[tuple[str, str], Mapping[str, Any]]:
    """What the engine says of everybody: the next best, its price, what would flip it."""
    if not wants_prices(graph, wanted) or found_by_solver(plan):
        return {}
    from lingyan.posting.problem import names_of
    from lingyan.posting.problem.reasons import reasons_of_all
    from lingyan_matching.residual import residual_of

    residual = residual_of(graph, plan, lots=True)
    return reasons_of_all(problem, graph, plan, names=names_of(problem), residual=residual)


def _shortage(
    problem: PostingProblem, graph: Graph, plan: Plan
) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """Sentence per post that competes for too few people, and the counted sets."""
    seats = sum(post.upper for post in problem.problem.posts)
    if len(plan.assignments) == seats:
        return {}, []
    from lingyan.posting.problem import names_of
    from lingyan_matching.infeasible import why_empty

    names = names_of(problem)
    names |= {rule.code: f"{rule.code} {rule.name}" for rule in problem.settings.rules}
    shortage = why_empty(graph, plan, lift=problem.liftable(), names=names)
    texts = {}
    for group in shortage.sets:
        if group.people:
            texts.update(dict.fromkeys(group.posts, group.text(names)))
    for bound in shortage.full_bounds:
        texts.update(dict.fromkeys(bound.posts, bound.text(names)))
    return texts, [group.to_json() for group in shortage.sets]


def say_proved(plan: Plan) -> tuple[str, str]:
    """Whether anybody can check that nothing is better, or whether it is the word of a solver."""
    if any(goal.proved != "optimal" for goal in plan.goals):
        return "由求解器算定最优", "optimal by the word of the solver"
    return "已证明最优", "proved optimal"


def _stability(plans: Mapping[str, Plan], mode: str, points: int, say: Speaker) -> str:
    """What a stable plan gives up against mode total: posts by class first, then points."""
    from lingyan.posting.problem.price_words import gain_text

    before, after = (
        {goal.name: goal.value for goal in plans[one].goals} for one in ("total", mode)
    )
    gains = {
        int(name.removeprefix("class-")): after[name] - before[name]
        for name in before
        if name.startswith("class-")
    }
    seats = ", ".join(f"{gain:+} of class {klass}" for klass, gain in gains.items() if gain)
    return say(gain_text(gains, -points), f"{seats or 'no post fewer'}, {-points:+} points")


def _tell(
    document: Mapping[str, Any],
    plans: Mapping[str, Plan],
    paths: list[Path],
    options: Any,
    say: Speaker,
) -> None:
    from lingyan.posting.rules import RULE_NAMES_EN
    from lingyan_matching.said import english_of

    figures = document["figures"]
    price = {
        mode: figures["fit_total"] - sum(row.score for row in plans[mode].assignments)
        for mode in MODES[1:]
    }
    if options.format == "json":
        print_json(
            {
                "ok": True,
                "plan": document["id"],
                "figures": figures,
                "goals": document["goals"],
                "price_of_stability": price,
                "unchecked": [line["rule"] for line in document["unchecked"]],
                "remarks": [say(note, english_of(note)) for note in document["remarks"]],
                "files": [str(path) for path in paths],
            }
        )
        return
    filled, seats, empty = figures["filled"], figures["seats"], figures["seats"] - figures["filled"]
    print(
        say(
            f"岗位 {seats} 个，配备 {filled} 人，空缺 {empty} 个；"
            f"匹配度合计 {figures['fit_total']}，{say_proved(plans['total'])[0]}。",
            f"{filled} of {seats} seats filled, {empty} empty; "
            f"total fit {figures['fit_total']}, {say_proved(plans['total'])[1]}.",
        )
    )
    people, posts = (_stability(plans, mode, price[mode], say) for mode in MODES[1:])
    print(
        say(
            f"互选稳定的代价：人选优先，{people}；村优先，{posts}；"
            f"统筹方案里互选不稳定的有 {figures['blocking_pairs']} 对。",
            f"price of stability: best for people, {people}; best for villages, {posts}; "
            f"{figures['blocking_pairs']} blocking pairs in this plan.",
        )
    )
    for goal in document["goals"]:
        if goal["name"] == "lower" and goal["value"] < goal["bound"]:
            met = f"{goal['value']}/{goal['bound']}"
            print(
                say(
                    f"必须配备的名额只能满足 {met}，原因见“空缺原因”。",
                    f"only {met} of the required seats can be filled; see plan.xlsx.",
                )
            )
    if document["unchecked"]:
        lines = [(line["rule"], line["name"]) for line in document["unchecked"]]
        rules = [f"{rule} {say(name, RULE_NAMES_EN.get(rule, name))}" for rule, name in lines]
        print(say(f"未核查的规则：{'、'.join(rules)}。", f"rules not checked: {', '.join(rules)}."))
    for note in document["remarks"]:
        print(say(f"请留意：{note}", f"note: {english_of(note)}"))
    print(say("已写出：", "written: ") + say("、", ", ").join(str(path) for path in paths))
