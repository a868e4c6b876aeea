"""What do plan.json and plan.xlsx say of a pairing?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from lingyan.common.sheet import Column, Kind, Sheet
from lingyan.pairing.problem.build import PairingProblem
from lingyan.pairing.problem.explanation import pair_explanation, pair_text
from lingyan.pairing.problem.reasons import best_pairs_left, pairs_told
from lingyan.pairing.problem.supply import with_supplies
from lingyan.pairing.problem.words import goal_label, shorts_of
from lingyan_matching import Plan, plan_to_json
from lingyan_matching.regret import Regret

KIND = "pairing"
RULES_VERSION = "2021"
Row = dict[str, Any]


def plan_document(
    problem: PairingProblem,
    plan: Plan,
    *,
    as_of: str = "",
    created: str = "",
    engine: Mapping[tuple[str, str], Mapping[str, Any]] | None = None,
    notes: Sequence[str] = (),
) -> dict[str, Any]:
    """The whole of plan.json."""
    engine = engine or {}
    made = len(plan.assignments)
    run = {
        "rules_version": RULES_VERSION,
        "weights": asdict(problem.settings.weights),
        "as_of": as_of,
        "matrix": [[*pair, points] for pair, points in sorted(problem.settings.matrix.items())],
    }
    document = plan_to_json(
        plan,
        problem.problem,
        explanations=[
            pair_explanation(problem, engine.get(pair), *pair, assigned=number < made)
            for number, pair in enumerate(pairs_told(problem, plan))
        ],
        run=run,
    )
    document["run"] |= {"created": created} if created else {}
    document["kind"] = KIND
    document["assignments"] = [_assignment(problem, line) for line in document["assignments"]]
    document["villages"] = _village_lines(problem, plan)
    document["figures"] = figures(problem, plan)
    document["remarks"] = list(notes)
    return document


def _assignment(problem: PairingProblem, line: Mapping[str, Any]) -> Row:
    unit, village = problem.pair(line["person"], line["post"])
    more = {"person_name": unit.name, "post_name": village.name, "village": village.id}
    reasons = {(pin.unit, pin.village): pin.reason for pin in problem.settings.pins}
    if (unit.id, village.id) in reasons:
        more["pin_reason"] = reasons[unit.id, village.id]
    return {**line, **more}


def _village_lines(problem: PairingProblem, plan: Plan) -> list[Row]:
    counts: dict[str, int] = {}
    for row in plan.assignments:
        counts[row.post] = counts.get(row.post, 0) + 1
    return [
        {
            "village": village.id,
            "name": village.name,
            "town": village.town,
            "class": village.priority,
            "seats": village.upper,
            "filled": counts.get(village.id, 0),
        }
        for village in problem.villages
    ]


def figures(problem: PairingProblem, plan: Plan) -> dict[str, int]:
    pairs = [(row.person, row.post) for row in plan.assignments]
    kept = [unit in problem.pair(unit, village)[1].kept for unit, village in pairs]
    return {
        "units": len(problem.units),
        "units_paired": len({unit for unit, _ in pairs}),
        "villages": len(problem.villages),
        "villages_paired": len({village for _, village in pairs}),
        "pairs": len(pairs),
        "points_total": sum(row.score for row in plan.assignments),
        "kept": sum(kept),
    }


# --- for people -----------------------------------------------------------------------------------


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
        _text("unit", "单位"),
        _text("town", "乡镇"),
        _text("village", "村"),
        _whole("klass", "优先级"),
        _whole("points", "结对分"),
        _whole("near", "地域相邻"),
        _whole("related", "行业相关"),
        _whole("complement", "优势相补"),
        _whole("consent", "自愿双向"),
        _whole("renewal", "保留加分"),
        _long("pin", "指定"),
        _long("reasons", "理由"),
    ),
)
OPEN = Sheet(
    "open",
    "未足数及原因",
    (
        _text("side", "哪一方"),
        _text("name", "名称"),
        _whole("pairs", "已结对"),
        _whole("lower", "最少"),
        _whole("upper", "最多"),
        _whole("open", "可结对"),
        _long("reason", "原因"),
        _text("best", "最合适的对方"),
        _whole("points", "结对分"),
        _long("price", "坚持结对的代价"),
        _long("flip", "怎样才会结对"),
    ),
)
FIGURES = Sheet(
    "figures", "汇总指标", (_text("name", "指标"), _whole("value", "数值"), _long("note", "说明"))
)
FIGURE_LINES = (
    ("units", "单位"),
    ("units_paired", "已结对单位"),
    ("villages", "村"),
    ("villages_paired", "已结对村"),
    ("pairs", "结对"),
    ("kept", "其中保留原结对"),
    ("points_total", "结对分合计"),
)


def plan_parts(
    problem: PairingProblem,
    plan: Plan,
    *,
    notes: Sequence[str] = (),
    shortage: str = "",
    engine: Mapping[tuple[str, str], Mapping[str, Any]] | None = None,
) -> list[tuple[Sheet, Iterable[Row]]]:
    """The worksheets of plan.xlsx."""
    return [
        (PLAN, _plan_rows(problem, plan, engine or {})),
        (OPEN, _open_rows(problem, plan, engine or {})),
        (FIGURES, _figure_rows(problem, plan, notes, shortage)),
    ]


def _plan_rows(
    problem: PairingProblem, plan: Plan, engine: Mapping[tuple[str, str], Mapping[str, Any]]
) -> list[Row]:
    reasons = {(pin.unit, pin.village): pin.reason for pin in problem.settings.pins}
    rows = []
    for line in plan.assignments:
        unit, village = problem.pair(line.person, line.post)
        parts = problem.parts(line.person, line.post)
        said = engine.get((line.person, line.post), {}).get("text_zh", "")
        rows.append(
            {
                "unit": unit.name,
                "town": village.town,
                "village": village.name,
                "klass": village.priority,
                "points": line.score,
                **{name: value for name, value in asdict(parts).items() if name != "total"},
                "pin": reasons.get((unit.id, village.id)),
                "reasons": pair_text(unit, village, parts) + said,
            }
        )
    return sorted(rows, key=lambda row: (row["unit"], row["klass"], row["village"]))


def _open_rows(
    problem: PairingProblem, plan: Plan, engine: Mapping[tuple[str, str], Mapping[str, Any]]
) -> list[Row]:
    """Units and villages with fewer pairs than their minimum, or with none.

    Of those with none: what insisting on the best pair would cost, and what would flip it.
    """
    best_of = best_pairs_left(problem, plan)
    shorts = sorted(shorts_of(problem, plan), key=lambda one: one.side)  # units before villages
    return [
        {
            "side": "单位" if one.side == "unit" else "村",
            "name": one.name,
            "pairs": one.pairs,
            "lower": one.lower,
            "upper": one.upper,
            "open": one.may,
            "reason": f"{one.reason}。",
            **_insisting(problem, best_of.get((one.side, one.id)), engine),
        }
        for one in shorts
    ]


def _insisting(
    problem: PairingProblem,
    pair: tuple[str, str] | None,
    engine: Mapping[tuple[str, str], Mapping[str, Any]],
) -> Row:
    if pair is None:
        return {}
    unit, village = problem.pair(*pair)
    said = engine.get(pair)
    row: Row = {"best": f"{unit.name} — {village.name}", "points": problem.parts(*pair).total}
    if said is not None:
        changes = with_supplies(problem, pair, said["counterfactual"])
        row["price"] = _loss_text(said["regret"])
        row["flip"] = "".join(one["text"] + one.get("supply_text", "") for one in changes)
    return row


def _loss_text(regret: Mapping[str, int] | None) -> str:
    if regret is None:
        return "不能结对，见“怎样才会结对”"
    return Regret(tuple(regret), tuple(regret.values())).text()


def _figure_rows(
    problem: PairingProblem, plan: Plan, notes: Sequence[str], shortage: str
) -> list[Row]:
    found = figures(problem, plan)
    rows: list[Row] = [{"name": name, "value": found[key]} for key, name in FIGURE_LINES]
    rows += [
        {
            "name": f"目标：{goal_label(goal.name)}",
            "value": goal.value,
            "note": f"上限 {goal.bound}，{'已证明最优' if goal.proved == 'optimal' else '未证明'}",
        }
        for goal in plan.goals
    ]
    texts = [line for line in shortage.splitlines() if line]
    return rows + [{"name": "说明", "note": note} for note in (*plan.notes, *texts, *notes)]
