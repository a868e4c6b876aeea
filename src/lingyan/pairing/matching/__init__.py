"""How does a round become a problem for the engine, and a plan of the engine a stored plan?"""

from lingyan.pairing.matching.gathering import gather
from lingyan.pairing.matching.plans import (
    BrokenPair,
    LoadedPlan,
    load_plan,
    plan_ready,
    recheck,
    rows_of,
    solve,
    store_plan,
)

__all__ = [
    "BrokenPair",
    "LoadedPlan",
    "gather",
    "load_plan",
    "plan_ready",
    "recheck",
    "rows_of",
    "solve",
    "store_plan",
]
