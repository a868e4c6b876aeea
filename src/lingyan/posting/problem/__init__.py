"""Plain needs and portraits → the engine's problem, and back into reasons for people."""

from lingyan.common.cover import cover, points_won
from lingyan.common.nearness import TownMap
from lingyan.posting.problem.build import (
    ROLES,
    PostingProblem,
    PostPlace,
    build_posting,
    filling_class,
    filling_label,
    pin_of,
    post_id,
)
from lingyan.posting.problem.explanation import (
    explanation,
    fit_table,
    names_of,
    post_name,
)
from lingyan.posting.problem.fit import FitParts, total_fit
from lingyan.posting.problem.given import (
    Candidate,
    FitWeights,
    Intention,
    Pin,
    PostingSettings,
    VillageNeed,
    Wish,
)
from lingyan.posting.problem.snapshot import from_snapshot, snapshot, snapshot_digest

__all__ = [
    "ROLES",
    "Candidate",
    "FitParts",
    "FitWeights",
    "Intention",
    "Pin",
    "PostPlace",
    "PostingProblem",
    "PostingSettings",
    "TownMap",
    "VillageNeed",
    "Wish",
    "build_posting",
    "cover",
    "explanation",
    "filling_class",
    "filling_label",
    "fit_table",
    "from_snapshot",
    "names_of",
    "pin_of",
    "points_won",
    "post_id",
    "post_name",
    "snapshot",
    "snapshot_digest",
    "total_fit",
]
