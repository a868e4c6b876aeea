"""Is an instance read with every error at once, and does its order not matter?"""

from __future__ import annotations

import gzip
import json
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lingyan_matching import (
    BadInstance,
    BadPlan,
    Blocking,
    build,
    canonical,
    load_instance,
    load_plan,
    parse_instance,
    plan_from_json,
    plan_to_json,
    read_plan,
    snapshot_sha256,
    solve,
    to_json,
    verify,
    write_plan,
)
from lingyan_matching.carrier import arrays, plain
from lingyan_matching.problem import canonical_bytes, edge_between
from tests.matching.every_plan import pairs_of, random_problem, shuffled

GOOD = {
    "format": "lingyan.instance/1",
    "people": [{"id": "甲一", "unit": "教育局"}, {"id": "乙二"}],
    "posts": [
        {"id": "罗盘村", "class": 2},
        {"id": "青山村", "upper": 2, "village": "v", "role": "r"},
    ],
    "units": [{"id": "教育局", "limit": 1}],
    "edges": {
        "person": [1, 0, 1],
        "post": [1, 0, 0],
        "score": [5, 6, 7],
        "person_rank": [0, 1, 2],
        "post_rank": [1, 1, 0],
    },
    "pins": [["乙二", "青山村"]],
    "bans": [{"person": "甲一", "post": "青山村"}],
}


def changed(path, value):
    """The good instance with one value replaced, or taken out if the value is None."""
    data = json.loads(json.dumps(GOOD))
    *outer, last = path
    holder = data
    for key in outer:
        holder = holder[key]
    if value is None:
        del holder[last]
    else:
        holder[last] = value
    return data


def errors_of(data):
    with pytest.raises(BadInstance) as refused:
        parse_instance(data)
    return refused.value.errors


def test_a_good_instance_is_read_and_written_back():
    problem = parse_instance(GOOD)

    assert problem.people[0].unit == "教育局"
    assert problem.posts[0].klass == 2
    assert list(problem.edge_person_rank) == [0, 1, 2]
    assert problem.bans == (("甲一", "青山村"),)
    assert parse_instance(to_json(problem)) == problem


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (["format"], "lingyan.instance/3", "format"),
        (["people"], None, "people"),
        (["people"], {"id": "x"}, "people"),
        (["people", 1], "乙二", "people[1]"),
        (["people", 1, "id"], "", "people[1].id"),
        (["people", 1, "id"], 7, "people[1].id"),
        (["people", 1, "id"], "\ud800", "people[1].id"),
        (["people", 1, "id"], "甲一", "people[1].id"),
        (["people", 1, "unit"], 3, "people[1].unit"),
        (["people", 1, "unit"], "没有的局", "people[1].unit"),
        (["people", 1, "lower"], 2, "people[1].lower"),
        (["people", 1, "upper"], -1, "people[1].upper"),
        (["posts", 0, "id"], "青山村", "posts[1].id"),
        (["posts", 0, "upper"], True, "posts[0].upper"),
        (["posts", 0, "upper"], 1.0, "posts[0].upper"),
        (["posts", 0, "lower"], 2, "posts[0].lower"),
        (["posts", 0, "class"], 0, "posts[0].class"),
        (["posts", 0, "class"], 10, "posts[0].class"),
        (["units", 0, "limit"], None, "units[0].limit"),
        (["units", 0, "limit"], 0, "a pin"),
        (["units"], "教育局", "units"),
        (["edges"], None, "edges"),
        (["edges"], [], "edges"),
        (["edges", "score"], None, "edges.score"),
        (["edges", "score"], [1, 2], "edges"),
        (["edges", "score", 2], 10**9 + 1, "edges.score[2]"),
        (["edges", "score", 2], 10**400, "edges.score[2]"),
        (["edges", "score", 1], "6", "edges.score[1]"),
        (["edges", "score", 1], True, "edges.score[1]"),
        (["edges", "person", 0], 2, "edges.person[0]"),
        (["edges", "post", 0], -1, "edges.post[0]"),
        (["edges", "person_rank", 1], -1, "edges.person_rank[1]"),
        (["edges", "person"], [1, 1, 1], "edges[2]"),
        (["pins"], "乙二", "pins"),
        (["pins", 0], ["乙二"], "pins[0]"),
        (["pins", 0], [1, 2], "pins[0][0]"),
        (["pins", 0], ["丙三", "青山村"], "pins[0]"),
        (["pins", 0], ["甲一", "罗盘县"], "pins[0]"),
        (["pins", 0], ["甲一", "青山村"], "pins[0]"),
        (["bans", 0], ["乙二", "青山村"], "pins[0]"),
        (["pins"], [["乙二", "青山村"], ["乙二", "青山村"]], "pins[1]"),
        (["pins"], [["乙二", "青山村"], ["乙二", "罗盘村"]], "pins[1]"),
        (["pins"], [["甲一", "罗盘村"], ["乙二", "罗盘村"]], "pins[1]"),
        (["bans", 0], 5, "bans[0]"),
        (["sense"], "most", "sense"),
        (["sense"], ["max"], "sense"),
    ],
)
def test_each_error_says_where_what_and_how_to_mend_it(path, value, where):
    data = changed(path, value)
    if where == "a pin":
        data["pins"], where = [["甲一", "罗盘村"]], "pins[0]"

    errors = errors_of(data)

    assert where in [error.where for error in errors]
    for error in errors:
        assert all((error.what, error.mend, error.what_en, error.mend_en))
        assert error.text().startswith(error.where)
        assert error.text("en").startswith(error.where)


def test_all_errors_come_at_once():
    data = changed(["edges", "score"], [1.5, "x", None])
    data["people"][0]["id"] = ""
    data["posts"][1] = None

    wheres = [error.where for error in errors_of(data)]

    assert wheres == [
        "people[0].id",
        "posts[1]",
        "edges.score[0]",
        "edges.score[1]",
        "edges.score[2]",
    ]


def test_without_units_the_names_of_units_are_labels():
    data = changed(["units"], None)

    assert parse_instance(data).people[0].unit == "教育局"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "person", "post", "score", "limit", "x"]), inner)
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([*GOOD, "sense"]),
    st.one_of(json_values, st.lists(json_values, max_size=3)),
)
def test_no_json_whatever_ends_in_a_traceback(key, value):
    data = {**GOOD, key: value}
    result = result_of(parse_instance, data)

    if isinstance(result, BadInstance):
        assert result.text("en")
    else:
        assert snapshot_sha256(result)


def result_of(read, data):
    """What was read, or the refusal."""
    try:
        return read(data)
    except BadInstance as refused:
        return refused


@pytest.mark.parametrize("value", [None, 3, "x", [], [[]], {}])
def test_what_is_not_an_instance_at_all_is_refused(value):
    assert errors_of(value)


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_canonical_form_does_not_depend_on_order_and_is_its_own(rng):
    problem = random_problem(rng, size=5)
    first = canonical(problem)

    assert canonical(first) == first
    assert canonical(shuffled(rng, problem)) == first
    assert snapshot_sha256(shuffled(rng, problem)) == snapshot_sha256(problem)


def test_whatever_changes_the_problem_changes_the_snapshot():
    problem = parse_instance(GOOD)
    for path, value in (
        (["people", 0, "id"], "丙三"),
        (["posts", 0, "class"], 1),
        (["posts", 0, "upper"], 2),
        (["units", 0, "limit"], 2),
        (["edges", "score", 0], 6),
        (["edges", "person_rank", 0], 3),
        (["pins"], []),
        (["bans"], []),
        (["sense"], "min"),
    ):
        data = changed(path, value)
        if value == "丙三":
            data["bans"] = []
        assert snapshot_sha256(parse_instance(data)) != snapshot_sha256(problem)


def test_the_graph_leaves_out_what_is_decided():
    graph = build(parse_instance(GOOD))
    person, post = graph.person_index["乙二"], graph.post_index["青山村"]

    assert graph.pinned == ((person, post, graph.pinned[0][2]),)
    assert graph.problem.edge_score[graph.pinned[0][2]] == 5
    assert graph.seats[post] == 1
    assert graph.room[person] == 0
    assert [graph.ids(edge) for edge in range(len(graph.edge_score))] == [("甲一", "罗盘村")]


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_graph_finds_every_open_edge_from_both_sides(rng):
    problem = random_problem(rng, size=5)
    graph = build(problem)
    pinned = {person for person, _ in problem.pins}
    expected = {pair for pair in pairs_of(problem) if pair[0] not in pinned} - set(problem.bans)

    assert {graph.ids(edge) for edge in range(len(graph.edge_score))} == expected
    for person in range(len(problem.people)):
        edges = graph.person_edge[graph.person_ptr[person] : graph.person_ptr[person + 1]]
        assert all(graph.edge_person[edge] == person for edge in edges)
        for post in range(len(problem.posts)):
            edge = edge_between(graph.edge_person, graph.post_ptr, person, post)
            name = (graph.problem.people[person].id, graph.problem.posts[post].id)
            assert (edge is not None) == (name in expected)
            assert edge is None or graph.ids(edge) == name


def test_building_refuses_a_pin_that_cannot_hold():
    problem = replace(parse_instance(GOOD), pins=(("甲一", "青山村"),))

    with pytest.raises(BadInstance, match="人工指定“甲一”到“青山村”不成立"):
        build(problem)


# --- files -------------------------------------------------------------------------------------


def test_an_instance_is_loaded_plain_or_packed(tmp_path):
    raw = json.dumps(GOOD, ensure_ascii=False).encode()
    (tmp_path / "plain.json").write_bytes(b"\xef\xbb\xbf" + raw)
    (tmp_path / "packed.json.gz").write_bytes(gzip.compress(raw, mtime=0))

    assert load_instance(tmp_path / "plain.json") == parse_instance(GOOD)
    assert load_instance(tmp_path / "packed.json.gz") == parse_instance(GOOD)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a":' + b"9" * 5000 + b"}",
        b"\x1f\x8b broken",
        gzip.compress(b"{}", mtime=0)[:-9],
        b"NaN",
    ],
)
def test_a_file_that_holds_no_instance_is_one_clear_error(tmp_path, raw):
    path = tmp_path / "x.json"
    path.write_bytes(raw)

    with pytest.raises(BadInstance) as refused:
        load_instance(path)
    assert refused.value.errors[0].mend


def test_a_missing_file_and_a_packed_flood_are_refused(tmp_path):
    path = tmp_path / "flood.json.gz"
    path.write_bytes(gzip.compress(b" " * 10_000, mtime=0))

    with pytest.raises(BadInstance, match="读不出来"):
        load_instance(path, bytes_max=1000)
    with pytest.raises(BadInstance, match="找不到文件"):
        load_instance(tmp_path / "absent.json")


@pytest.mark.parametrize("name", ["plan.json", "plan.json.gz"])
def test_a_plan_file_is_self_contained(tmp_path, name):
    problem = parse_instance(GOOD)
    plan = solve(build(problem))
    path = tmp_path / name

    write_plan(path, plan_to_json(plan, problem, run={"rules_version": "2026-01"}))
    first = path.read_bytes()
    write_plan(path, plan_to_json(plan, problem, run={"rules_version": "2026-01"}))

    assert path.read_bytes() == first
    assert load_plan(path) == plan
    data = json.loads(gzip.decompress(first) if name.endswith("gz") else first)
    assert data["run"]["rules_version"] == "2026-01"
    assert data["empty"] == [{"post": "青山村", "seats": 1}]
    assert data["unused"] == []
    assert data["units"] == [{"unit": "教育局", "sent": 1, "limit": 1}]
    assert verify(parse_instance(data["instance"]), plan_from_json(data)).ok


def test_the_role_of_a_post_stands_beside_its_people_where_the_instance_gives_one():
    problem = parse_instance(GOOD)

    rows = plan_to_json(solve(build(problem)), problem)["assignments"]

    assert [(row["post"], row.get("role")) for row in rows] == [("罗盘村", None), ("青山村", "r")]
    assert "role" not in rows[0]


def test_a_plan_file_says_who_is_new_moved_or_kept():
    problem = parse_instance(changed(["pins"], []))
    graph = build(problem)
    base = solve(graph)
    plan = solve(graph, base_plan=base)

    rows = plan_to_json(plan, problem)["assignments"]

    assert {row["changed"] for row in rows} == {"kept"}


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(["format", "run", "assignments", "goals", "certificate", "blocking", "notes"]),
    st.one_of(json_values, st.lists(json_values, max_size=3)),
)
def test_no_plan_file_whatever_ends_in_a_traceback(key, value):
    problem = parse_instance(GOOD)
    plan = solve(build(problem))
    result = result_of(plan_from_json, {**plan_to_json(plan, problem), key: value})

    if isinstance(result, BadPlan):
        assert result.errors
    elif verify(problem, result).ok:
        assert (result.assignments, result.goals) == (plan.assignments, plan.goals)
        assert result.certificate == plan.certificate


def test_every_part_of_a_plan_survives_a_file(tmp_path):
    problem = parse_instance(GOOD)
    plan = replace(
        solve(build(problem), limits={"教育局": 1}, bans=[("甲一", "青山村")]),
        blocking=(Blocking("甲一", "罗盘村", 1, 2),),
        notes=("说明",),
        ties_left=True,
    )

    write_plan(tmp_path / "plan.json", plan_to_json(plan))
    again, data = read_plan(tmp_path / "plan.json")

    assert again == plan
    assert "instance" not in data


def test_a_plan_file_that_is_no_json_is_refused(tmp_path):
    (tmp_path / "plan.json").write_text("{")

    with pytest.raises(BadPlan, match="不是 JSON"):
        load_plan(tmp_path / "plan.json")


def test_whoever_is_new_or_moved_is_marked():
    problem = parse_instance(changed(["pins"], []))
    graph = build(problem)
    base = solve(graph, bans=[("乙二", "罗盘村")])
    plan = replace(
        solve(graph, base_plan=base),
        settings=replace(base.settings, base=(("乙二", "罗盘村"), ("丙三", "罗盘村"))),
    )

    changes = {row["person"]: row["changed"] for row in plan_to_json(plan)["assignments"]}

    assert changes == {"甲一": "new", "乙二": "moved"}


@pytest.mark.parametrize("key", ["pins", "bans", "base", "limits"])
def test_a_broken_setting_in_a_plan_file_is_named(key):
    problem = parse_instance(GOOD)
    data = plan_to_json(solve(build(problem)), problem)
    data["run"][key] = [["one"]]

    with pytest.raises(BadPlan, match=f"run.{key}"):
        plan_from_json(data)


def test_a_plan_has_a_name_that_equal_plans_share():
    problem = parse_instance(GOOD)
    plan = solve(build(problem))

    assert plan.id == solve(build(shuffled(random.Random(1), problem))).id
    assert plan.id != solve(build(problem), seed=2).id
    assert plan.goal("score").value == 11
    assert plan.goal("nothing") is None


@pytest.mark.parametrize("arrays_from", [0, 10**9])
def test_the_canonical_bytes_are_those_of_an_encoder(monkeypatch, arrays_from):
    monkeypatch.setattr("lingyan_matching.carrier.ARRAYS_FROM_EDGES", arrays_from)
    rng = random.Random(31)
    for number in range(200):
        problem = random_problem(rng, size=7)
        if number % 3 == 0:
            people = tuple(replace(p, id=f"{p.id}“\\\n李") for p in problem.people)
            problem = replace(problem, people=people, pins=(), bans=())
        encoded = json.dumps(
            to_json(canonical(problem)), ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )
        assert canonical_bytes(problem) == encoded.encode()


@pytest.mark.parametrize("rows", [1, 7, 65_536, 65_537, 1 << 33])
def test_arrays_sort_like_lists(rows):
    rng = random.Random(rows)
    column = [rng.choice([rng.randrange(rows), rows - 1, 0]) for _ in range(500)]
    lists, on = plain(), arrays()

    assert on.ints(on.order(on.column(column), rows)) == lists.order(column, rows)
    assert on.text(on.column(column)) == lists.text(column)
    assert on.counted(on.column(column)) == lists.counted(column)
    pairs = sorted(set(zip(column, column[::-1], strict=True)))
    for rows_of in (pairs, pairs[::-1], [*pairs, *pairs[-1:]]):
        major, minor = ([row[place] for row in rows_of] for place in range(2))
        in_order = on.in_order(on.column(major), on.column(minor))
        assert in_order == lists.in_order(major, minor) == (rows_of is pairs or len(rows_of) < 2)


def test_arrays_bring_a_problem_into_the_same_order(monkeypatch):
    rng = random.Random(37)
    problems = [shuffled(rng, random_problem(rng, size=7)) for _ in range(100)]
    plain = [canonical(problem) for problem in problems]
    monkeypatch.setattr("lingyan_matching.carrier.ARRAYS_FROM_EDGES", 0)

    assert [canonical(problem) for problem in problems] == plain
