"""How does a plan look in Excel, for the people who discuss it?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from lingyan.common.sheet import Column, Kind, Sheet
from lingyan.posting.problem.build import PRIORITIES, PostingProblem, filling_label, pin_of
from lingyan.posting.problem.emptiness import why_empty
from lingyan.posting.problem.explanation import (
    fit_table,
    fit_text,
    plain_classes,
    rules_text,
)
from lingyan.posting.problem.figures import figures
from lingyan.posting.problem.left import TAKEN, unused_people
from lingyan.posting.problem.price_words import loss_text
from lingyan.posting.problem.standing import Standings
from lingyan.posting.problem.supply import with_supplies
from lingyan.posting.rules import (
    PRIVATE_RULES,
    Effect,
    Outcome,
    Role,
    RuleSetting,
    codes_of,
    public_results,
)
from lingyan_matching import Goal, Plan

Row = dict[str, Any]
Part = tuple[Sheet, Iterable[Row]]


def _text(name: str, heading: str, example: str = "") -> Column:
    return Column(name, heading, example=example)


def _long(name: str, heading: str) -> Column:
    return Column(name, heading, max_length=32_000)


def _whole(name: str, heading: str) -> Column:
    return Column(name, heading, Kind.INTEGER)


PLAN = Sheet(
    "plan",
    "方案",
    (
        _text("town", "乡镇"),
        _text("village", "村"),
        _whole("klass", "优先级"),
        _text("role", "岗位"),
        _text("person", "人选"),
        _text("unit", "单位"),
        _whole("fit", "匹配度"),
        _whole("cover", "需求匹配"),
        _whole("lead", "领导经历"),
        _whole("near", "地域"),
        _whole("wish", "本人志愿分"),
        _whole("wanted", "村镇意向分"),
        _whole("wish_rank", "第几志愿"),
        _whole("wanted_rank", "第几意向"),
        _long("pin", "指定"),
        _text("runner_up", "未派的备选"),
        _long("warnings", "提醒和未申报"),
        _long("reasons", "理由"),
    ),
)
EMPTY = Sheet(
    "empty",
    "空缺原因",
    (
        _text("town", "乡镇"),
        _text("village", "村"),
        _whole("klass", "优先级"),
        _text("role", "岗位"),
        _whole("seats", "空缺"),
        _whole("eligible", "合格人选"),
        _long("reason", "原因"),
    ),
)
UNUSED = Sheet(
    "unused",
    "未派人选及原因",
    (
        _text("person", "人选"),
        _text("unit", "单位"),
        _whole("posts", "合格岗位"),
        _text("best", "最合适的岗位"),
        _whole("fit", "该岗位匹配度"),
        _long("reason", "原因"),
        _long("price", "坚持派去的代价"),
        _long("flip", "怎样才会派去"),
    ),
)
CHECKS = Sheet(
    "checks",
    "规则与核查",
    (
        _text("code", "编号"),
        _text("name", "规则"),
        _text("number", "依据"),
        _text("state", "本次", "拦截（第一书记、工作队员）"),
        _long("parameters", "参数"),
        _whole("out", "不符合的组合"),
        _whole("warned", "提醒的组合"),
        _long("note", "说明"),
    ),
)
FIGURES = Sheet(
    "figures",
    "汇总指标",
    (_text("name", "指标"), _whole("value", "数值"), _text("unit", "单位"), _long("note", "说明")),
)
COMPARISON = Sheet(
    "comparison",
    "方案对比",
    (
        _text("name", "指标"),
        _whole("total", "统筹最优"),
        _whole("people", "双向稳定·人选优先"),
        _whole("posts", "双向稳定·村优先"),
        _long("note", "说明"),
    ),
)


def plan_parts(
    problem: PostingProblem,
    plans: Mapping[str, Plan],
    *,
    notes: Sequence[str] = (),
    shortage: Mapping[str, str] | None = None,
    engine: Mapping[tuple[str, str], Mapping[str, Any]] | None = None,
    counted: Mapping[str, Mapping[str, int]] | None = None,
    unpriced: str = "",
) -> list[Part]:
    """The worksheets of plan.xlsx; `plans` holds total, stable-people, stable-posts;
    on the pages `total` is the plan itself, and stable-best is there if somebody has asked for it.

    `counted` are the figures of each, where somebody has counted them already; `unpriced` is the
    sentence that says why `engine` has no prices, and how to ask for one.
    """
    plan = plans["total"]
    found = counted or {mode: figures(problem, each) for mode, each in plans.items()}
    return [
        (PLAN, plan_rows(problem, plan, engine or {})),
        (EMPTY, empty_rows(problem, plan, shortage or {})),
        (UNUSED, unused_rows(problem, plan, engine=engine or {}, unpriced=bool(unpriced))),
        (CHECKS, check_rows(problem, notes)),
        (FIGURES, [*figure_rows(problem, plan, found["total"]), *_unpriced_rows(unpriced)]),
        (_comparison_sheet(plans), comparison_rows(plans, found)),
    ]


def plan_rows(
    problem: PostingProblem, plan: Plan, engine: Mapping[tuple[str, str], Mapping[str, Any]]
) -> list[Row]:
    """One row per assignment, the most urgent villages first."""
    rows = []
    standings = Standings(problem)
    seated = {line.person for line in plan.assignments}
    for line in plan.assignments:
        candidate, need, role = problem.pair(line.person, line.post)
        parts = problem.parts(line.person, line.post)
        results = public_results(problem.results(line.person, line.post))
        pin = pin_of(problem, line.person, line.post)
        said = engine.get((line.person, line.post), {})
        reasons = fit_text(parts, fit_table(candidate, need))
        reasons += plain_classes(said.get("text_zh", ""))
        row = {
            "town": need.facts.town,
            "village": need.facts.name,
            "klass": need.priority,
            "role": Role(role).label,
            "person": candidate.facts.name,
            "unit": candidate.facts.unit,
            "fit": line.score,
            "cover": parts.cover,
            "lead": parts.lead,
            "near": parts.near,
            "wish": parts.wish,
            "wanted": parts.wanted,
            "wish_rank": line.person_rank,
            "wanted_rank": line.post_rank,
            "pin": pin.reason if pin else None,
            "runner_up": _runner_up(problem, standings.runner_up(line.post, seated)),
            "warnings": rules_text(results, ()),
            "reasons": reasons,
        }
        rows.append((need.priority, need.facts.town or "", need.id, role, line.person, row))
    return [row for *_, row in sorted(rows, key=lambda each: each[:-1])]


def _runner_up(problem: PostingProblem, found: tuple[str, int] | None) -> str:
    if found is None:
        return "没有合格的备选"
    person, fit = found
    return f"{problem.people[problem.person_number[person]].label} {fit} 分"


def empty_rows(problem: PostingProblem, plan: Plan, shortage: Mapping[str, str]) -> list[Row]:
    """Posts with empty seats and why; `shortage` has the sentence of a competing set."""
    filled: dict[str, int] = {}
    for line in plan.assignments:
        filled[line.post] = filled.get(line.post, 0) + 1
    rows = []
    for place, post in zip(problem.posts, problem.problem.posts, strict=True):
        left = post.upper - filled.get(place.id, 0)
        if left <= 0:
            continue
        need = problem.needs[place.village]
        eligible = len(problem.eligible_people(place.id))
        rows.append(
            {
                "town": need.facts.town,
                "village": need.facts.name,
                "klass": need.priority,
                "role": Role(place.role).label,
                "seats": left,
                "eligible": eligible,
                "reason": shortage.get(place.id) or why_empty(problem, place.id, eligible),
            }
        )
    return sorted(rows, key=lambda row: (row["klass"], row["town"] or "", row["village"]))


def unused_rows(
    problem: PostingProblem,
    plan: Plan,
    *,
    engine: Mapping[tuple[str, str], Mapping[str, Any]] | None = None,
    unpriced: bool = False,
) -> list[Row]:
    """People left in the pool and why, rules with their codes.

    What the engine says of the best post is told where it was asked: what insisting on it would
    cost, and the smallest change after which the plan would send this person there.
    """
    rows = []
    for one in unused_people(problem, plan):
        facts = problem.people[one.number].facts
        row: dict[str, Any] = {"person": facts.name, "unit": facts.unit, "posts": one.open}
        if one.post:
            row |= {"best": one.best, "fit": one.fit}
        row["reason"] = f"{TAKEN}{one.holders}担任。" if one.holders else one.reason
        pair = problem.people[one.number].id, one.post
        said = (engine or {}).get(pair)
        told = {"price": UNPRICED} if unpriced and one.post and said is None else {}
        rows.append(row | told | _insisting(problem, pair, said))
    return rows


UNPRICED = "未计算，不是 0"


def _unpriced_rows(unpriced: str) -> list[Row]:
    return [{"name": "坚持派去的代价", "note": unpriced}] if unpriced else []


def _insisting(
    problem: PostingProblem, pair: tuple[str, str], said: Mapping[str, Any] | None
) -> Row:
    """The price of insisting on a pair goal by goal, and what would flip the answer."""
    if said is None:
        return {}
    regret, moves = said.get("regret"), len(said.get("chain", []))
    price = "不能派去，见“怎样才会派去”" if regret is None else loss_text(regret)
    if moves > 1:
        price += f"；连带调动 {moves} 人"
    changes = with_supplies(problem, pair, said.get("counterfactual", []))
    flips = [plain_classes(change["text"]) + change.get("supply_text", "") for change in changes]
    return {"price": price, "flip": "".join(flips)}


def check_rows(problem: PostingProblem, notes: Sequence[str]) -> list[Row]:
    """Every rule: was it checked, with which parameters, how many pairs did it touch."""
    out, warned = _touched(problem)
    rows: list[Row] = []
    for rule in problem.settings.rules:
        row: dict[str, Any] = {
            "code": rule.code,
            "name": rule.name,
            "number": rule.number,
            "state": _state(problem, rule),
            "parameters": _parameters(rule),
        }
        if rule.code in PRIVATE_RULES:
            row["note"] = "不公开不符合的人数"
        else:
            row |= {"out": out.get(rule.code, 0), "warned": warned.get(rule.code, 0)}
        rows.append(row)
    rows += [{"code": "说明", "name": "需要留意", "note": note} for note in notes]
    return rows


def _parameters(rule: RuleSetting) -> str:
    return "，".join(
        OWN_TOWN_TEXTS[bool(value)]
        if key == "own_town_blocks"
        else PARAMETER_TEXTS[key].format(value)
        for key, value in rule.parameters.items()
    )


OWN_TOWN_TEXTS = ("同乡镇只提醒", "同乡镇也拦截")
PARAMETER_TEXTS = {
    "min_party_years": "党龄满 {} 年",
    "min_work_years": "工作满 {} 年",
    "min_months_to_retire": "距退休满 {} 个月",
    "retirement_age_men": "男 {} 岁退休",
    "retirement_age_women": "女 {} 岁退休",
    "ban_months": "召回后 {} 个月内不派",
    "rest_months": "期满后轮休 {} 个月",
}


def _state(problem: PostingProblem, rule: RuleSetting) -> str:
    if rule.effect == Effect.OFF:
        return "不核查"
    if rule.code in problem.settings.unchecked:
        return "未核查（表里没有这一列）"
    roles = "、".join(Role(role).label for role in sorted(rule.roles))
    return f"{Effect(rule.effect).label}（{roles}）"


def _touched(problem: PostingProblem) -> tuple[dict[str, int], dict[str, int]]:
    masks: dict[int, int] = {}
    for column in problem.masks:
        for mask in column:
            masks[mask] = masks.get(mask, 0) + 1
    out: dict[str, int] = {}
    for mask, times in masks.items():
        for code in codes_of(mask):
            out[code] = out.get(code, 0) + times
    warned: dict[str, int] = {}
    for column_warned in problem.warned:
        for mask in column_warned.values():
            for code in codes_of(mask):
                warned[code] = warned.get(code, 0) + 1
    return out, warned


FIGURE_LINES = (
    ("seats", "岗位", "个"),
    ("filled", "已配备", "人"),
    ("first_secretaries", "其中第一书记", "人"),
    ("people", "人选", "人"),
    ("unused", "未派人选", "人"),
    ("villages", "有需求的村", "个"),
    ("villages_empty", "一个人也没有派到的村", "个"),
    ("fit_total", "匹配度合计", "分"),
    ("cover_total", "需求匹配合计", "分"),
    ("people_with_wishes", "填报志愿的人选", "人"),
    ("first_wish", "到第一志愿的", "人"),
    ("top_three_wishes", "到前三志愿的", "人"),
    ("villages_with_intentions", "提出意向的村", "个"),
    ("first_intention", "得到第一意向的岗位", "个"),
    ("blocking_pairs", "互选不稳定对", "对"),
)
GOAL_NAMES = {
    "lower": "必须配备的名额",
    **{f"class-{klass}": filling_label(klass) for klass in range(1, 2 * PRIORITIES + 1)},
    "score": "匹配度合计",
}


def how_proved(goal: Goal) -> str:
    """Whether anybody can check that nothing is better, and else how much is left open."""
    if goal.proved == "optimal":
        return "已证明最优"
    left = f"凭证还差千分之 {goal.gap_permille}"
    return f"求解器证明最优，{left}" if goal.proved == "solver" else f"未证明最优，{left}"


def figure_rows(problem: PostingProblem, plan: Plan, found: Mapping[str, int]) -> list[Row]:
    rows: list[Row] = [
        {"name": name, "value": found[key], "unit": unit} for key, name, unit in FIGURE_LINES
    ]
    rows += [
        {
            "name": f"目标：{GOAL_NAMES.get(goal.name, goal.name)}",
            "value": goal.value,
            "note": f"上限 {goal.bound}，{how_proved(goal)}",
        }
        for goal in plan.goals
    ]
    undeclared = _undeclared(problem, plan)
    if undeclared:
        rows.append({"name": "未申报", "value": undeclared, "unit": "人", "note": "见“方案”"})
    if plan.ties_left:
        rows.append({"name": "并列未尽", "note": "有同样好的方案，按编号顺序取定"})
    rows += [{"name": "说明", "note": note} for note in plan.notes]
    return rows


def _undeclared(problem: PostingProblem, plan: Plan) -> int:
    return sum(
        any(
            result.outcome == Outcome.UNDECLARED
            for result in problem.results(line.person, line.post)
        )
        for line in plan.assignments
    )


def _comparison_sheet(plans: Mapping[str, Plan]) -> Sheet:
    """The plan itself beside the stable ones; the largest of these only where it was asked for."""
    name, own, *ends, note = COMPARISON.columns
    if plans["total"].mode != "total":
        own = replace(own, heading="本方案")
    best = [_whole("best", "稳定且配得最多")] if "stable-best" in plans else []
    return replace(COMPARISON, columns=(name, own, *ends, *best, note))


def comparison_rows(plans: Mapping[str, Plan], found: Mapping[str, Mapping[str, int]]) -> list[Row]:
    """Mode A beside both ends of mode B, and what stability costs."""
    modes = (
        ("total", "total"),
        ("people", "stable-people"),
        ("posts", "stable-posts"),
        ("best", "stable-best"),
    )
    rows: list[Row] = []
    for key, name, unit in FIGURE_LINES:
        row: dict[str, Any] = {"name": f"{name}（{unit}）"}
        row |= {column: found[mode][key] for column, mode in modes if mode in found}
        rows.append(row)
    for key, name in (
        ("filled", "稳定的代价：少配备"),
        ("first_secretaries", "稳定的代价：少配备第一书记"),
        ("fit_total", "稳定的代价：少得匹配度"),
    ):
        if plans["total"].mode != "total":
            continue
        price: dict[str, Any] = {"name": name, "total": 0}
        for column, mode in modes[1:]:
            if mode in found:
                price[column] = found["total"][key] - found[mode][key]
        rows.append(price)
    same = _same(plans.get("stable-people"), plans.get("stable-posts"))
    note = "稳定方案唯一" if same else "稳定方案不止一个"
    rows.append({"name": "稳定方案", "note": note})
    return rows


def _same(one: Plan | None, other: Plan | None) -> bool:
    if one is None or other is None:
        return False
    return {(line.person, line.post) for line in one.assignments} == {
        (line.person, line.post) for line in other.assignments
    }
