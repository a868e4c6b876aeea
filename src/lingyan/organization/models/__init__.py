"""Which records does 组织建设 keep?"""

from lingyan.organization.models.joint_reviews import JointReview, ReviewAnswer, ReviewSeat
from lingyan.organization.models.lookback import LookBackCheck
from lingyan.organization.models.rectification import (
    RectConsultation,
    RectificationCase,
    RectProblem,
    RectScreening,
    RectSituation,
    RectStep,
    RectSupport,
)
from lingyan.organization.models.rectification_work import (
    LeaderVisit,
    RectBallotCode,
    RectCheckup,
    RectFollowUp,
    RectInspection,
    RectInspector,
    RectReport,
    SatisfactionVote,
)
from lingyan.organization.models.reserve import VillageReserve
from lingyan.organization.models.reviews import (
    AgencyTarget,
    DutyItem,
    DutyList,
    ReviewProblem,
    ReviewRound,
    SecretaryReview,
)
from lingyan.organization.models.term_changes import (
    ElectionCandidate,
    ElectionMeeting,
    TermChange,
    TermChangeStep,
    VoteCount,
)
from lingyan.organization.models.terms import Term

__all__ = [
    "AgencyTarget",
    "DutyItem",
    "DutyList",
    "ElectionCandidate",
    "ElectionMeeting",
    "JointReview",
    "LeaderVisit",
    "LookBackCheck",
    "RectBallotCode",
    "RectCheckup",
    "RectConsultation",
    "RectFollowUp",
    "RectInspection",
    "RectInspector",
    "RectProblem",
    "RectReport",
    "RectScreening",
    "RectSituation",
    "RectStep",
    "RectSupport",
    "RectificationCase",
    "ReviewAnswer",
    "ReviewProblem",
    "ReviewRound",
    "ReviewSeat",
    "SatisfactionVote",
    "SecretaryReview",
    "Term",
    "TermChange",
    "TermChangeStep",
    "VillageReserve",
    "VoteCount",
]
