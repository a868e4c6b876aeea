"""Which records does 精准选派 keep, from a village's needs to a person's posting?"""

from lingyan.posting.models.appraisal import (
    AppraisalAppeal,
    AppraisalCycle,
    AppraisalEntry,
    AppraisalScheme,
    AppraisalScore,
    BallotBox,
    BallotCode,
)
from lingyan.posting.models.burden import FormUse
from lingyan.posting.models.diary import (
    DiaryConflict,
    DiaryEntry,
    DiaryPhoto,
    DiaryReceipt,
    DiaryVersion,
)
from lingyan.posting.models.help_requests import HelpRequest
from lingyan.posting.models.honors import CareerUse, Honor
from lingyan.posting.models.liaison import Liaison, Visit
from lingyan.posting.models.life import Absence, LeaveRequest, MonthPresence, PostingStep
from lingyan.posting.models.needs import (
    HealthCheck,
    HealthCheckItem,
    NeedItem,
    NeedList,
)
from lingyan.posting.models.outside_records import (
    OutsideRecord,
)
from lingyan.posting.models.people import CapabilityEvidence, PoolEntry
from lingyan.posting.models.plans import Adjustment, Draft, Plan, PlanQuestion
from lingyan.posting.models.postings import Posting
from lingyan.posting.models.problems import Problem
from lingyan.posting.models.recall import (
    RecallCase,
    RecallStep,
    Replacement,
    ReplacementNominee,
)
from lingyan.posting.models.reports import DutyReport
from lingyan.posting.models.rounds import (
    Intention,
    NoticeObjection,
    Objection,
    Round,
    RoundPerson,
    RoundVillage,
    Wish,
)
from lingyan.posting.models.sign_ins import SignIn
from lingyan.posting.models.support import (
    InsurancePolicy,
    PaymentCorrection,
    PaymentLine,
    PaymentList,
    SupportRecord,
    WorkFundBudget,
    WorkFundEntry,
)

__all__ = [
    "Absence",
    "Adjustment",
    "AppraisalAppeal",
    "AppraisalCycle",
    "AppraisalEntry",
    "AppraisalScheme",
    "AppraisalScore",
    "BallotBox",
    "BallotCode",
    "CapabilityEvidence",
    "CareerUse",
    "DiaryConflict",
    "DiaryEntry",
    "DiaryPhoto",
    "DiaryReceipt",
    "DiaryVersion",
    "Draft",
    "DutyReport",
    "FormUse",
    "HealthCheck",
    "HealthCheckItem",
    "HelpRequest",
    "Honor",
    "InsurancePolicy",
    "Intention",
    "LeaveRequest",
    "Liaison",
    "MonthPresence",
    "NeedItem",
    "NeedList",
    "NoticeObjection",
    "Objection",
    "OutsideRecord",
    "PaymentCorrection",
    "PaymentLine",
    "PaymentList",
    "Plan",
    "PlanQuestion",
    "PoolEntry",
    "Posting",
    "PostingStep",
    "Problem",
    "RecallCase",
    "RecallStep",
    "Replacement",
    "ReplacementNominee",
    "Round",
    "RoundPerson",
    "RoundVillage",
    "SignIn",
    "SupportRecord",
    "Visit",
    "Wish",
    "WorkFundBudget",
    "WorkFundEntry",
]
