"""Plain needs and portraits → the engine's problem, and back into reasons for people."""

from lingyan.posting.problem.build import (
    ROLES,
    PostingProblem,
    PostPlace,
    build_posting,
    pin_of,
    post_id,
)
from lingyan.posting.problem.fit import FitParts, TownMap, cover, points_won, total_fit
from lingyan.posting.problem.given import (
    Candidate,
    FitWeights,
    Intention,
    Pin,
    PostingSettings,
    VillageNeed,
    Wish,
)

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
    "pin_of",
    "points_won",
    "post_id",
    "total_fit",
]
