"""Which records does 组织联建 keep, from what each side stated to what the pair has done?"""

from lingyan.pairing.models.assessments import PairAssessment
from lingyan.pairing.models.funds import FundClaim, PairFund, PairFundEntry
from lingyan.pairing.models.pairings import Pairing, PairingStep
from lingyan.pairing.models.problems import PairProblem, ProblemClaim
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
from lingyan.pairing.models.sites import DemoSite

__all__ = [
    "DemoSite",
    "FundClaim",
    "PairAdjustment",
    "PairAnswer",
    "PairAssessment",
    "PairDraft",
    "PairFix",
    "PairFund",
    "PairFundEntry",
    "PairPlan",
    "PairProblem",
    "PairRound",
    "PairRoundUnit",
    "PairRoundVillage",
    "Pairing",
    "PairingStep",
    "ProblemClaim",
]
