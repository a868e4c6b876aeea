"""Does a sentence keep its English, and stay plain Chinese in a file?"""

from __future__ import annotations

import copy
import json
import pickle

import pytest

from lingyan_matching import Person, Post, Problem, build, plan_to_json, solve
from lingyan_matching.said import Said, english_of


def test_a_sentence_is_its_chinese_and_knows_its_english():
    said = Said("下限不足", "below the bound")

    assert said == "下限不足"
    assert json.dumps(said, ensure_ascii=False) == '"下限不足"'
    assert english_of(said) == "below the bound"
    assert english_of("只有中文") == "只有中文"
    assert english_of(copy.deepcopy(said)) == english_of(pickle.loads(pickle.dumps(said)))


@pytest.mark.parametrize("mode", ["stable-people", "stable-posts", "stable-best", "pairing"])
def test_whatever_the_engine_notes_has_an_english_text(mode):
    problem = Problem(
        people=(Person("a"), Person("b")),
        posts=(Post("v", lower=2, upper=3),),
        units=(),
        edge_person=(0, 1)[: 1 if mode == "pairing" else 2],
        edge_post=(0, 0)[: 1 if mode == "pairing" else 2],
        edge_score=(5, 5)[: 1 if mode == "pairing" else 2],
    )
    if mode != "pairing":
        problem = Problem(
            problem.people, (Post("v", lower=3, upper=3),), (), (0, 1), (0, 0), (5, 5)
        )

    plan = solve(build(problem), mode=mode)

    assert plan.notes
    for note in plan.notes:
        assert english_of(note).isascii()
    assert json.loads(json.dumps(plan_to_json(plan)))["notes"] == [str(note) for note in plan.notes]
