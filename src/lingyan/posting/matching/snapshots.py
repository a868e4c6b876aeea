"""What exactly was computed? The inputs of a run, kept so that it can be repeated and explained.

A snapshot holds the facts on both sides, the settings, and the engine's instance beside them.
"""

from __future__ import annotations

from dataclasses import replace

from lingyan.common.packed import pack, unpack
from lingyan.posting.problem import PostingProblem, from_snapshot, snapshot
from lingyan_matching import canonical, parse_instance, to_json


def snapshot_of(problem: PostingProblem) -> bytes:
    return pack({**snapshot(problem), "instance": to_json(canonical(problem.problem))})


def problem_of(packed: bytes) -> PostingProblem:
    """The problem as it was given to the engine, with what is needed to explain it.

    The engine's instance is the stored one: a rule that is written differently today changes what
    can be explained, never what was computed.
    """
    data = unpack(packed)
    return replace(from_snapshot(data), problem=parse_instance(data["instance"]))
