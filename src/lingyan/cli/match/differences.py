"""Where does a plan file say something else than what the inputs give?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Difference = tuple[str, Any, Any]

# Not compared: what the engine's own check has looked at, what only the engine knows (prices,
# alternatives), times, remarks, which name the files, and the line that says what is demo data.
NOT_COMPARED = frozenset(
    {
        "format",
        "id",
        "goals",
        "blocking",
        "notes",
        "certificate",
        "hall",
        "instance",
        "remarks",
        "banner",
    }
)
RUN_NOT_COMPARED = frozenset(
    {
        "snapshot_sha256",
        "mode",
        "seed",
        "carrier",
        "engine_version",
        "elapsed_ms",
        "created",
        "ties_left",
        "goals",
        "pins",
        "bans",
        "limits",
        "base",
    }
)
ENGINE_ONLY = frozenset(
    {
        "alternatives",
        "loss_if_withdrawn",
        "counterfactual",
        "regret",
        "chain",
        "text_zh",
        "plan",
    }
)


def first_difference(document: Mapping[str, Any], rebuilt: Mapping[str, Any]) -> Difference | None:
    """Place, what stands there, and what the inputs give; None where both say the same.

    What was asked comes first: of another set of rules everything else follows.
    """
    for key in sorted({*document, *rebuilt} - NOT_COMPARED, key=lambda key: (key != "run", key)):
        there, here = document.get(key), rebuilt.get(key)
        if key == "run":
            there, here = _without(there, RUN_NOT_COMPARED), _without(here, RUN_NOT_COMPARED)
        for found in _differences(key, there, here):
            return found
    return None


def _differences(where: str, there: Any, here: Any) -> Iterator[Difference]:
    if isinstance(there, dict) and isinstance(here, dict):
        if where.startswith("explanations["):
            there, here = _without(there, ENGINE_ONLY), _without(here, ENGINE_ONLY)
        for key in sorted({*there, *here}):
            yield from _differences(f"{where}.{key}", there.get(key), here.get(key))
    elif isinstance(there, list) and isinstance(here, list) and len(there) == len(here):
        for number, pair in enumerate(zip(there, here, strict=True)):
            yield from _differences(f"{where}[{number}]", *pair)
    elif there != here or type(there) is not type(here):
        yield where, there, here


def _without(line: Any, names: frozenset[str]) -> Any:
    if not isinstance(line, dict):
        return line
    return {key: value for key, value in line.items() if key not in names}
