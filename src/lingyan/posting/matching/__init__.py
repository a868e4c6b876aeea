"""How does a round become a problem for the engine, and a plan of the engine become drafts?"""

from lingyan.posting.matching.gathering import (
    Gathered,
    evidence_of,
    gather,
    levels_of,
    profile_of,
    village_key,
)
from lingyan.posting.matching.plans import (
    MODES,
    SECONDS_FOR_BEST,
    BrokenDraft,
    LoadedPlan,
    load_plan,
    price_bounds,
    public_failures,
    recheck,
    solve_largest_stable,
    solve_modes,
    split_post,
    store_plan,
)
from lingyan.posting.matching.questions import asks_solver, key_of_change, question_of

__all__ = [
    "MODES",
    "SECONDS_FOR_BEST",
    "BrokenDraft",
    "Gathered",
    "LoadedPlan",
    "asks_solver",
    "evidence_of",
    "gather",
    "key_of_change",
    "levels_of",
    "load_plan",
    "price_bounds",
    "profile_of",
    "public_failures",
    "question_of",
    "recheck",
    "solve_largest_stable",
    "solve_modes",
    "split_post",
    "store_plan",
    "village_key",
]
