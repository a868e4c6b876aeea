"""Which records does 组织联建 keep, from what each side stated to what the pair has done?"""

from lingyan.pairing.models.assessments import PairAssessment
from lingyan.pairing.models.pairings import Pairing, PairingStep
from lingyan.pairing.models.rounds import (
    PairAdjustment,
    PairAnswer,
    PairDraft,
    PairFix,
    PairPlan,
    PairRound,
    PairRoundUnit,
    PairRoundVillage,
)

__all__ = [
    "PairAdjustment",
    "PairAnswer",
    "PairAssessment",
    "PairDraft",
    "PairFix",
    "PairPlan",
    "PairRound",
    "PairRoundUnit",
    "PairRoundVillage",
    "Pairing",
    "PairingStep",
]
