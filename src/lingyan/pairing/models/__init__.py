"""Which records does 组织联建 keep, from what each side stated to what the pair has done?"""

from lingyan.pairing.models.activities import (
    ActivityCheck,
    ActivityParticipant,
    ActivityPhoto,
    ActivitySample,
    ActivityVersion,
    PairActivity,
)
from lingyan.pairing.models.assessments import PairAssessment
from lingyan.pairing.models.funds import FundClaim, PairFund, PairFundEntry
from lingyan.pairing.models.invitations import PairInvitation
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
from lingyan.pairing.models.year import (
    DeedConfirmation,
    DeedVersion,
    MeetingVersion,
    PairDeed,
    PairMeeting,
    PairPath,
    PairProject,
    PairYearPlan,
    PairYouth,
    ProjectMilestone,
)

__all__ = [
    "ActivityCheck",
    "ActivityParticipant",
    "ActivityPhoto",
    "ActivitySample",
    "ActivityVersion",
    "DeedConfirmation",
    "DeedVersion",
    "DemoSite",
    "FundClaim",
    "MeetingVersion",
    "PairActivity",
    "PairAdjustment",
    "PairAnswer",
    "PairAssessment",
    "PairDeed",
    "PairDraft",
    "PairFix",
    "PairFund",
    "PairFundEntry",
    "PairInvitation",
    "PairMeeting",
    "PairPath",
    "PairPlan",
    "PairProblem",
    "PairProject",
    "PairRound",
    "PairRoundUnit",
    "PairRoundVillage",
    "PairYearPlan",
    "PairYouth",
    "Pairing",
    "PairingStep",
    "ProblemClaim",
    "ProjectMilestone",
]
