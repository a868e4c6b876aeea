"""`lingyan match instance`: the neutral form for benchmarks and outsiders."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from tests.cli.books import Desk

INSTANCE = {
    "format": "lingyan.instance/1",
    "people": [{"id": "a"}, {"id": "b"}],
    "posts": [{"id": "x"}, {"id": "y"}],
    "units": [],
    "edges": {"person": [0, 0, 1], "post": [0, 1, 0], "score": [900, 500, 800]},
    "pins": [],
    "bans": [],
}


@pytest.fixture
def instance(desk: Desk) -> Path:
    path = desk.folder / "instance.json"
    path.write_text(json.dumps(INSTANCE), "utf-8")
    return path


@pytest.mark.parametrize("mode", ["total", "stable-people", "stable-posts"])
def test_a_plan_is_written_and_proves_itself(desk: Desk, instance: Path, mode: str) -> None:
    plan = desk.folder / "plan.json"

    status, out, _ = desk.run("match", "instance", instance, "--mode", mode, "--out", plan)

    assert status == 0
    assert "已写出" in out
    document = json.loads(plan.read_text("utf-8"))
    assert len(document["run"]["snapshot_sha256"]) == 64
    assert desk.run("match", "verify", plan)[0] == 0
    assert desk.run("match", "verify", plan, "--instance", instance)[0] == 0


def test_the_best_plan_fills_before_it_counts_points(desk: Desk, instance: Path) -> None:
    plan = desk.folder / "plan.json"
    desk.run("match", "instance", instance, "--mode", "total", "--out", plan)

    rows = json.loads(plan.read_text("utf-8"))["assignments"]

    assert [(row["person"], row["post"]) for row in rows] == [("b", "x"), ("a", "y")]


def test_gzip_goes_in_and_out(desk: Desk) -> None:
    packed, plan = desk.folder / "i.json.gz", desk.folder / "plan.json.gz"
    packed.write_bytes(gzip.compress(json.dumps(INSTANCE).encode()))

    status, out, _ = desk.run(
        "match", "instance", packed, "--mode", "total", "--out", plan, "--format", "json"
    )

    assert status == 0
    assert json.loads(out)["assignments"] == 2
    assert desk.run("match", "verify", plan)[0] == 0


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_error_of_an_instance_is_named(desk: Desk, instance: Path, lang: str) -> None:
    bad = INSTANCE | {"people": [{"id": "a"}, {"id": "a"}], "pins": [["q", "x"]]}
    instance.write_text(json.dumps(bad), "utf-8")
    words = ["match", "instance", instance, "--mode", "total", "--out", desk.out / "p.json"]

    status, _, err = desk.run(*words, "--lang", lang)
    assert status == 2
    assert len(err.splitlines()) >= 2

    status, out, _ = desk.run(*words, "--format", "json")
    assert status == 2
    assert len(json.loads(out)["errors"]) >= 2


def test_bounds_are_kept_and_shown_and_a_forgery_of_them_is_refuted(
    desk: Desk, instance: Path
) -> None:
    bounded = INSTANCE | {
        "format": "lingyan.instance/2",
        "bounds": [{"id": "全镇", "posts": ["x", "y"], "upper": 1}],
    }
    instance.write_text(json.dumps(bounded), "utf-8")
    plan = desk.folder / "plan.json"

    status, out, _ = desk.run("match", "instance", instance, "--mode", "total", "--out", plan)

    assert status == 0
    assert "安排 1 项" in out
    document = json.loads(plan.read_text("utf-8"))
    assert document["bounds"] == [{"bound": "全镇", "arranged": 1, "lower": 0, "upper": 1}]
    assert desk.run("match", "verify", plan, "--instance", instance)[0] == 0
    document["bounds"][0]["arranged"] = 0
    plan.write_text(json.dumps(document), "utf-8")
    status, out, _ = desk.run("match", "verify", plan)
    assert status == 1
    assert "“bounds”一栏与安排不符" in out


def test_goals_in_an_order_of_ones_own_and_a_plan_in_force(desk: Desk, instance: Path) -> None:
    first, second = desk.folder / "first.json", desk.folder / "second.json"
    start = ("match", "instance", instance, "--mode", "total")
    desk.run(*start, "--goals", "score, lot", "--out", first)

    status, out, _ = desk.run(
        *start, "--base", first, "--goals", "changes,seats,score", "--out", second
    )

    assert status == 0
    assert [line.split(":")[0].strip() for line in out.splitlines()[1:4]] == [
        "changes",
        "class-1",
        "score",
    ]
    assert desk.run("match", "verify", second)[0] == 0
    run = json.loads(second.read_text("utf-8"))["run"]
    assert run["goals"] == ["changes", "seats", "score"]


def test_a_slack_is_proved_as_far_as_its_prices_reach(desk: Desk, instance: Path) -> None:
    plan = desk.folder / "plan.json"
    desk.run("match", "instance", instance, "--mode", "total", "--goals", "seats,score~5%",
             "--out", plan)  # fmt: skip

    status, out, _ = desk.run("match", "verify", plan)

    assert status == 0
    assert "线性规划对偶凭证成立，没有更好的方案：第 1 类岗位、总匹配度" in out
    assert "未复核" not in out


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("mode", "goals", "word"),
    [("stable-people", "score", "--goals"), ("total", "score,beauty", "beauty")],
)
def test_goals_that_cannot_be_are_refused(
    desk: Desk, instance: Path, lang: str, mode: str, goals: str, word: str
) -> None:
    plan = desk.folder / "plan.json"

    status, _, err = desk.run(
        "match", "instance", instance, "--mode", mode, "--goals", goals, "--out", plan,
        "--lang", lang,
    )  # fmt: skip

    assert status == 2
    assert word in err
    assert not plan.exists()


def test_an_out_that_is_a_folder(desk: Desk, instance: Path) -> None:
    status, _, err = desk.run(
        "match", "instance", instance, "--mode", "total", "--out", desk.folder
    )

    assert status == 2
    assert "是文件夹" in err
