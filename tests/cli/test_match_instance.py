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


def test_an_out_that_is_a_folder(desk: Desk, instance: Path) -> None:
    status, _, err = desk.run(
        "match", "instance", instance, "--mode", "total", "--out", desk.folder
    )

    assert status == 2
    assert "是文件夹" in err
