"""`lingyan match verify`: does a plan hold, judged from the inputs and without any solver?

Alone: the plan against the instance inside it, and said so. With an instance or with workbooks:
the problem is built again from them, and any difference refutes the plan.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import lingyan_matching as engine
from lingyan.cli.match.differences import first_difference
from lingyan.cli.match.instance import bad_instance
from lingyan.cli.match.rounds import TownBounds, town_bounds
from lingyan.cli.speaking import Speaker, WrongInput, print_json
from lingyan_matching.plan import same_json

PROVEN, REFUTED = 0, 1


@dataclass(frozen=True, slots=True)
class Answer:
    """What the check found: the first violated line, if any, and what was looked at."""

    violation: str | None
    checked: tuple[str, ...]
    scope: str
    unchecked: tuple[str, ...] = ()


def run_verify(options: Any, say: Speaker) -> int:
    """0 proven, 1 refuted, 2 unreadable."""
    source = _source(options, say)
    try:
        plan, document = engine.read_plan(options.plan)
        answer = SOURCES[source](plan, document, options, say)
    except engine.BadInstance as bad:
        raise bad_instance(bad, say) from bad
    except RecursionError as deep:
        raise WrongInput(
            say(
                "方案的括号嵌套太深，读不出来；请给出由本系统写出的文件。",
                "the plan nests too deeply to be read; give a file written by this system.",
            ),
        ) from deep
    _tell(answer, options, say)
    return REFUTED if answer.violation else PROVEN


def _source(options: Any, say: Speaker) -> str:
    """Which inputs were given; half a pair of workbooks is a mistake."""
    given = {
        "instance": bool(options.instance),
        "posting": bool(options.needs or options.people),
        "pairing": bool(options.villages or options.units),
    }
    sources = [name for name, there in given.items() if there]
    whole = {
        "posting": bool(options.needs and options.people),
        "pairing": bool(options.villages and options.units),
    }
    if len(sources) > 1 or not all(whole.get(name, True) for name in sources):
        raise WrongInput(
            say(
                "请只给一种依据：--instance，或 --needs 和 --people，或 --villages 和 --units。",
                "give one source: --instance, or --needs and --people, or --villages and --units.",
            ),
        )
    source = sources[0] if sources else "alone"
    if options.rules and source not in whole:
        raise WrongInput(
            say(
                "--rules 要和 --needs、--people（或 --villages、--units）一起给。",
                "--rules goes with --needs and --people, or with --villages and --units.",
            ),
        )
    return source


def _alone(plan: engine.Plan, document: Mapping[str, Any], options: Any, say: Speaker) -> Answer:
    if not isinstance(document.get("instance"), dict):
        raise WrongInput(
            say(
                "方案里没有题目，不能单独核对；请用 --instance 或工作簿。",
                "the plan holds no instance; give --instance or workbooks.",
            ),
        )
    problem = engine.parse_instance(document["instance"])
    scope = say("只核对了文件自身", "checked against the file itself only")
    return judged(problem, plan, document, scope, say)


def _with_instance(
    plan: engine.Plan, document: Mapping[str, Any], options: Any, say: Speaker
) -> Answer:
    problem = engine.load_instance(options.instance)
    scope = say(f"依据 {Path(options.instance).name}", f"against {Path(options.instance).name}")
    return judged(problem, plan, document, scope, say)


def judged(
    problem: engine.Problem,
    plan: engine.Plan,
    document: Mapping[str, Any],
    scope: str,
    say: Speaker,
) -> Answer:
    """The engine's verdict, and that the lists beside the plan say the same as the plan."""
    verdict = engine.verify(problem, plan)
    violation = (
        verdict.violation
        or _claims_differ(problem, plan, document)
        or _lists_differ(problem, plan, document, say)
    )
    return Answer(violation, verdict.checked, scope, verdict.unchecked)


def _claims_differ(
    problem: engine.Problem, plan: engine.Plan, document: Mapping[str, Any]
) -> str | None:
    """The number of the plan, and the sets of posts that are said to lack people."""
    if document.get("id") != plan.id:
        return f"方案编号应为 {plan.id} / the id of this plan is {plan.id}"
    if document.get("kind") != "posting" and "hall" not in document:
        return None
    from lingyan_matching.verify_hall import check_hall

    return check_hall(problem, plan, document.get("hall", []))


def _lists_differ(
    problem: engine.Problem, plan: engine.Plan, document: Mapping[str, Any], say: Speaker
) -> str | None:
    rebuilt = engine.plan_to_json(plan, problem)
    for key in ("empty", "unused", "units", "bounds", "assignments"):
        right = rebuilt.get(key, [])
        if key in document and not same_json(_bare(document[key], right), right):
            return say(f"“{key}”一栏与安排不符", f'"{key}" does not follow from the assignments')
    return _fit_differs(plan, document, say)


def _bare(told: Any, rebuilt: Any) -> Any:
    """The rows of a list with those keys only that the plan itself gives."""
    if not isinstance(told, list) or len(told) != len(rebuilt):
        return told
    return [
        {key: row.get(key) for key in own}
        if isinstance(own, dict) and isinstance(row, dict)
        else row
        for row, own in zip(told, rebuilt, strict=True)
    ]


def _fit_differs(plan: engine.Plan, document: Mapping[str, Any], say: Speaker) -> str | None:
    """Every explanation must speak of the points that the assignment has."""
    scores = {(row.person, row.post): row.score for row in plan.assignments}
    lines = document.get("explanations", [])
    if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
        return say("“explanations”一栏的写法不对", '"explanations" is not well formed')
    for line in lines:
        fit, pair = line.get("fit"), (line.get("person"), line.get("post"))
        if not isinstance(fit, dict) or "parts" not in fit or set(map(type, pair)) != {str}:
            continue
        if pair in scores and not same_json(fit.get("total"), scores[pair]):
            return say(
                f"{pair[0]}到{pair[1]}的理由写的匹配度与安排不符",
                f"the explanation of {pair[0]} at {pair[1]} has another fit than the assignment",
            )
    return None


def _with_posting(
    plan: engine.Plan, document: Mapping[str, Any], options: Any, say: Speaker
) -> Answer:
    from lingyan.cli.match.rounds import read_round
    from lingyan.posting.problem.document import plan_document
    from lingyan.posting.problem.towns import bounded, under_town_bounds

    if wrong := _other_kind(document, "posting", say):
        return wrong
    found = read_round(options, say, today=_day_of_run(document, say))
    towns = _towns_of_run(document, say)
    problem = under_town_bounds(bounded(found.problem), **towns)
    files = (options.needs, options.people)
    return compared(
        plan,
        document,
        Rebuilt(
            problem.problem,
            lambda: plan_document(problem, plan, hall=document.get("hall", []), towns=towns),
            files,
        ),
        say,
    )


def _other_kind(document: Mapping[str, Any], kind: str, say: Speaker) -> Answer | None:
    """A plan of postings against workbooks of a pairing, or the other way about."""
    told = document.get("kind")
    if told == kind or told not in ("posting", "pairing"):
        return None
    scope = say("没有与工作簿核对", "not compared with the workbooks")
    if told == "posting":
        text = say(
            "这是选派方案，请用 --needs 和 --people",
            "this is a plan of postings: give --needs and --people",
        )
    else:
        text = say(
            "这是结对方案，请用 --villages 和 --units",
            "this is a plan of pairings: give --villages and --units",
        )
    return Answer(text, (), scope)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What the workbooks give: the problem, and the document that a plan on it would have."""

    problem: engine.Problem
    document: Callable[[], Mapping[str, Any]]
    files: tuple[str, ...]


def compared(
    plan: engine.Plan, document: Mapping[str, Any], rebuilt: Rebuilt, say: Speaker
) -> Answer:
    """First the problem itself, then the engine's verdict on it, then every other line."""
    names = [Path(file).name for file in rebuilt.files]
    scope = say(f"依据 {'、'.join(names)}", f"against {', '.join(names)}")
    violation = None
    if isinstance(document.get("instance"), dict):
        written = engine.canonical(engine.parse_instance(document["instance"]))
        violation = instance_difference(written, engine.canonical(rebuilt.problem), say)
    if violation:
        return Answer(violation, (), scope)
    verdict = engine.verify(rebuilt.problem, plan)
    violation = verdict.violation or _claims_differ(rebuilt.problem, plan, document)
    if violation:
        return Answer(violation, verdict.checked, scope)
    found = first_difference(document, rebuilt.document())
    if found is not None:
        where, there, here = found
        violation = say(
            f"{where}：方案写的是 {_shown(there)}，按工作簿应为 {_shown(here)}",
            f"{where}: the plan says {_shown(there)}, the workbooks give {_shown(here)}",
        )
        return Answer(violation, verdict.checked, scope)
    rules = say("资格、匹配度和理由与工作簿一致", "eligibility, fit and reasons rebuilt")
    return Answer(None, (*verdict.checked, rules), scope)


def instance_difference(there: engine.Problem, here: engine.Problem, say: Speaker) -> str | None:
    """Name the first person, post, unit or pair on which two problems differ."""
    for what, what_en, mine, yours in (
        ("人选", "candidate", _by_id(there.people), _by_id(here.people)),
        ("岗位", "post", _by_id(there.posts), _by_id(here.posts)),
        ("单位", "unit", _by_id(there.units), _by_id(here.units)),
        ("总量", "bound", _by_id(there.bounds), _by_id(here.bounds)),
        ("组合", "pair", _edges(there), _edges(here)),
        ("指定", "pin", dict.fromkeys(there.pins), dict.fromkeys(here.pins)),
        ("排除", "ban", dict.fromkeys(there.bans), dict.fromkeys(here.bans)),
    ):
        for key in sorted({*mine, *yours}):
            name = " → ".join(key) if isinstance(key, tuple) else key
            if key not in yours:
                return say(
                    f"方案里有{what}“{name}”，工作簿里没有（或不合格）",
                    f'the plan has the {what_en} "{name}", the workbooks do not',
                )
            if key not in mine:
                return say(
                    f"工作簿里有{what}“{name}”，方案里没有",
                    f'the workbooks have the {what_en} "{name}", the plan does not',
                )
            if mine[key] != yours[key]:
                return say(
                    f"{what}“{name}”：方案写的是 {_shown(mine[key])}，"
                    f"按工作簿应为 {_shown(yours[key])}",
                    f'{what_en} "{name}": the plan says {_shown(mine[key])}, '
                    f"the workbooks give {_shown(yours[key])}",
                )
    return None


def _by_id(rows: Iterable[Any]) -> dict[Any, Any]:
    return {row.id: tuple(getattr(row, name) for name in row.__slots__[1:]) for row in rows}


def _edges(problem: engine.Problem) -> dict[Any, Any]:
    """Pair → points and ranks."""
    nothing = [0] * len(problem.edge_person)
    columns = zip(
        problem.edge_person,
        problem.edge_post,
        problem.edge_score,
        problem.edge_person_rank or nothing,
        problem.edge_post_rank or nothing,
        strict=True,
    )
    people = [person.id for person in problem.people]
    posts = [post.id for post in problem.posts]
    return {(people[i], posts[g]): found for i, g, *found in columns}


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else f"{text[:117]}…"


def _day_of_run(document: Mapping[str, Any], say: Speaker) -> date:
    """The day against which the plan was measured; without it nothing can be built again."""
    run = document.get("run")
    day = run.get("as_of") if isinstance(run, dict) else None
    try:
        return date.fromisoformat(day or "")
    except (TypeError, ValueError) as error:
        raise WrongInput(
            say(
                "方案里没有统计日期（run.as_of），不能按工作簿重算。",
                "the plan does not say its day (run.as_of); it cannot be built again.",
            ),
        ) from error


def _towns_of_run(document: Mapping[str, Any], say: Speaker) -> TownBounds:
    """The bounds of townships that the plan was made under; the instance shows whether it was."""
    run = document.get("run")
    told = run.get("towns", {}) if isinstance(run, dict) else {}
    given = [told.get(key) if isinstance(told, dict) else None for key in ("lower", "upper")]
    lower, upper = (one if type(one) is int else None for one in given)
    return town_bounds(lower, upper, say)


def _tell(answer: Answer, options: Any, say: Speaker) -> None:
    if options.format == "json":
        print_json(
            {
                "proven": answer.violation is None,
                "violation": answer.violation,
                "checked": list(answer.checked),
                "unchecked": list(answer.unchecked),
                "scope": answer.scope,
            }
        )
        return
    for line in answer.checked:
        print(f"  ✓ {_half(line, say)}")
    for line in () if answer.violation else answer.unchecked:
        print(f"  – {say('未复核：', 'not checked: ')}{_half(line, say)}")
    if answer.violation:
        violation = _half(answer.violation, say)
        print(say(f"不成立：{violation}", f"refuted: {violation}"))
    else:
        print(say("成立。", "proven."))
    print(f"{answer.scope}{say('。', '.')}")
    if (
        answer.violation
        and answer.checked
        and not options.rules
        and (options.needs or options.villages)
    ):
        print(
            say(
                "计算方案时用了规则文件的，请加上 --rules 再复核一次。",
                "if the plan was made with a file of rules, check it again with --rules.",
            )
        )


def _with_pairing(
    plan: engine.Plan, document: Mapping[str, Any], options: Any, say: Speaker
) -> Answer:
    from lingyan.cli.match.pairing import read_pairing_round
    from lingyan.pairing.problem.document import plan_document

    if wrong := _other_kind(document, "pairing", say):
        return wrong
    day = _day_of_run(document, say).isoformat()
    found = read_pairing_round(options, say)
    files = (options.villages, options.units)
    return compared(
        plan,
        document,
        Rebuilt(
            found.problem.problem,
            lambda: plan_document(found.problem, plan, as_of=day),
            files,
        ),
        say,
    )


def _half(text: str, say: Speaker) -> str:
    """The engine says each line as “中文 / English”; a name that holds the mark keeps both."""
    chinese, mark, english = text.partition(" / ")
    return say(chinese, english) if mark and " / " not in english else text


SOURCES: Mapping[str, Callable[[engine.Plan, Mapping[str, Any], Any, Speaker], Answer]] = {
    "alone": _alone,
    "instance": _with_instance,
    "posting": _with_posting,
    "pairing": _with_pairing,
}
