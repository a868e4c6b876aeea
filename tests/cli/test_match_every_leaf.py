"""Does verify notice a change of anything in plan.json, but for what is documented as unchecked?"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import lingyan_matching as engine
from lingyan.cli.match.pairing import read_pairing_round
from lingyan.cli.match.rounds import read_round
from lingyan.cli.match.verify import Answer, Rebuilt, compared, judged
from lingyan.cli.speaking import Speaker
from lingyan.pairing.problem.document import plan_document as pairing_document
from lingyan.posting.problem.document import plan_document as posting_document
from tests.cli.books import NEEDS, PEOPLE, Desk, person
from tests.cli.test_match_pairing import PairDesk, a_wider_round

Path_ = tuple[Any, ...]
Check = Callable[[dict[str, Any]], Answer]
SAY = Speaker("zh")
DOCUMENTED = Path(__file__).parents[2] / "docs" / "plan-format.md"
SHOWN = 2
"""How many of the rows of a list are changed: the first ones; the others are alike."""


def unchecked(heading: str) -> set[str]:
    """The places that the documentation lists below a heading, like `run.carrier`."""
    text = DOCUMENTED.read_text("utf-8").split(f"\n### {heading}\n")[1].split("\n#")[0]
    return set(re.findall(r"^- `([^`]+)`", text, re.MULTILINE))


UNCHECKED_ALONE = unchecked("Of any plan") | unchecked("Alone")


def leaves(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """The way to everything that holds nothing more."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list) and value:
        for number, inner in enumerate(value[:SHOWN]):
            yield from leaves(inner, (*path, number))
    else:
        yield path


def flipped(document: dict[str, Any], path: Path_) -> dict[str, Any]:
    """A copy in which one leaf says something else of the same kind."""
    changed = copy.deepcopy(document)
    *way, last = path
    holder: Any = changed
    for step in way:
        holder = holder[step]
    holder[last] = other_than(holder[last])
    return changed


def other_than(value: Any) -> Any:
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return f"{value}x"
        case list():
            return ["x"]
        case dict():
            return {"x": 1}
        case _:
            return 1


def place(path: Path_) -> str:
    """The way as the documentation writes it: numbers of rows left out."""
    return "".join("[]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")


def holds(document: dict[str, Any], check: Check) -> bool:
    try:
        return check(document).violation is None
    except engine.BadInstance:
        return False


def not_noticed(document: dict[str, Any], check: Check) -> set[str]:
    assert holds(document, check)
    return {place(path) for path in leaves(document) if holds(flipped(document, path), check)}


def is_listed(found: str, listed: set[str]) -> bool:
    """Whether a place, or something that holds it, is listed."""
    return any(found == one or found.startswith((f"{one}.", f"{one}[]")) for one in listed)


def assert_as_documented(found: set[str], listed: set[str]) -> None:
    assert sorted(one for one in found if not is_listed(one, listed)) == []


def parsed(document: dict[str, Any]) -> engine.Plan:
    return engine.plan_from_json(document)


# --- alone --------------------------------------------------------------------------------------


def alone(document: dict[str, Any]) -> Answer:
    problem = engine.parse_instance(document["instance"])
    return judged(problem, parsed(document), document, "", SAY)


def ranked_instance() -> engine.Problem:
    """Ties on both sides, a unit that is full, a pin, a ban, and a post that stays short."""
    return engine.Problem(
        people=tuple(engine.Person(f"p{i}", "u" if i < 3 else None) for i in range(5)),
        posts=(
            engine.Post("a", upper=2, lower=1),
            engine.Post("b", klass=2),
            engine.Post("c", upper=3),
        ),
        units=(engine.Unit("u", 2),),
        edge_person=[0, 1, 2, 3, 0, 1, 3, 4, 2],
        edge_post=[0, 0, 0, 0, 1, 1, 1, 1, 2],
        edge_score=[500, 500, 700, 200, 300, 400, 400, 100, 900],
        edge_person_rank=[1, 2, 1, 1, 2, 1, 0, 1, 2],
        edge_post_rank=[1, 1, 2, 3, 1, 1, 2, 0, 1],
        pins=(("p4", "b"),),
        bans=(("p3", "a"),),
    )


@pytest.mark.parametrize("mode", ["total", "stable-people", "stable-posts", "stable-best"])
def test_alone_a_neutral_plan_is_checked_whole(mode: str) -> None:
    problem = ranked_instance()
    graph = engine.build(problem)
    base = engine.solve(graph, mode="total" if "stable" in mode else "stable-people")
    plan = engine.solve(graph, mode=mode, base_plan=base)
    document = json.loads(json.dumps(engine.plan_to_json(plan, problem)))

    assert {line["changed"] for line in document["assignments"]} >= {"kept"}
    assert_as_documented(not_noticed(document, alone), UNCHECKED_ALONE)


TOWN = engine.Bound("town", None, ("a", "b"), 1, 2)
STAFF = engine.Bound("staff", ("p0", "p1"), None, 1, None)
BOTH = engine.Bound("both", ("p2", "p3"), ("a", "c"), 1, 1)


@pytest.mark.parametrize("bounds", [(TOWN, STAFF), (TOWN, BOTH)])
def test_alone_a_plan_under_bounds_is_checked_whole(bounds: tuple[engine.Bound, ...]) -> None:
    problem = replace(ranked_instance(), bounds=bounds)
    graph = engine.build(problem)
    goals = ["lower", "class-1", "score", "changes", "lot"]
    plan = engine.solve(graph, base_plan=engine.solve(graph, seed=7), goals=goals)
    document = json.loads(json.dumps(engine.plan_to_json(plan, problem)))

    assert [line["arranged"] for line in document["bounds"]]
    assert_as_documented(not_noticed(document, alone), UNCHECKED_ALONE)


def test_alone_a_plan_with_a_slack_is_checked_whole() -> None:
    problem = ranked_instance()
    graph = engine.build(problem)
    goals = ["seats", "score~5%", "changes"]
    plan = engine.solve(graph, base_plan=engine.solve(graph, mode="stable-people"), goals=goals)
    document = json.loads(json.dumps(engine.plan_to_json(plan, problem)))

    assert_as_documented(not_noticed(document, alone), UNCHECKED_ALONE)


def test_alone_a_plan_with_its_explanations_is_checked_as_far_as_it_can_be(desk: Desk) -> None:
    desk.match()

    assert_as_documented(not_noticed(desk.plan(), alone), UNCHECKED_ALONE)


def test_alone_a_neutral_pairing_is_checked_whole() -> None:
    problem = engine.Problem(
        people=(engine.Person("u", None, 1, 2), engine.Person("w", None, 1, 1)),
        posts=tuple(engine.Post(name, lower=1, klass=1 + n % 2) for n, name in enumerate("abcd")),
        units=(),
        edge_person=[0, 1, 0, 1, 0, 1],
        edge_post=[0, 0, 1, 1, 2, 3],
        edge_score=[500, 500, 700, 200, 300, 400],
        pins=(("w", "d"),),
    )
    plan = engine.solve(engine.build(problem), mode="pairing")
    document = json.loads(json.dumps(engine.plan_to_json(plan, problem)))
    assert document["certificate"]["hall"]

    assert_as_documented(not_noticed(document, alone), UNCHECKED_ALONE)


# --- with workbooks -----------------------------------------------------------------------------


def test_with_its_workbooks_a_posting_plan_is_checked_whole(desk: Desk) -> None:
    desk.needs((*NEEDS, ("红山村", "白马镇", "产业基础薄弱村", 1, 2, None)))
    desk.people((*PEOPLE, person("李甲六", "县林业局", 入库状态="出库")))
    desk.rules(指定=(("人选", "村", "理由"), ("李甲二", "罗盘村", "熟悉产业")))
    desk.match()
    document = desk.plan()
    assert document["hall"]
    options = SimpleNamespace(
        needs=str(desk.folder / "needs.xlsx"),
        people=str(desk.folder / "people.xlsx"),
        rules=str(desk.folder / "rules.xlsx"),
        format="text",
    )
    found = read_round(options, SAY, today=date.fromisoformat(document["run"]["as_of"])).problem

    def check(changed: dict[str, Any]) -> Answer:
        plan = parsed(changed)
        rebuilt = Rebuilt(
            found.problem, lambda: posting_document(found, plan, hall=changed["hall"]), ()
        )
        return compared(plan, changed, rebuilt, SAY)

    listed = unchecked("Of any plan") | unchecked("With workbooks")
    assert_as_documented(not_noticed(document, check), listed)


def test_with_its_workbooks_a_pairing_is_checked_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = PairDesk(tmp_path, capsys)
    a_wider_round(desk)
    desk.match()
    document = desk.plan()
    options = SimpleNamespace(
        villages=str(tmp_path / "villages.xlsx"),
        units=str(tmp_path / "units.xlsx"),
        rules=None,
        format="text",
    )
    found = read_pairing_round(options, SAY).problem
    day = document["run"]["as_of"]

    def check(changed: dict[str, Any]) -> Answer:
        plan = parsed(changed)
        rebuilt = Rebuilt(found.problem, lambda: pairing_document(found, plan, as_of=day), ())
        return compared(plan, changed, rebuilt, SAY)

    listed = unchecked("Of any plan") | unchecked("With workbooks")
    assert_as_documented(not_noticed(document, check), listed)
