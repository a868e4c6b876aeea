"""Which records does 组织联建 keep, from what each side stated to what the pair has done?"""

from lingyan.pairing.models.assessments import PairAssessment
from lingyan.pairing.models.pairings import Pairing, PairingStep

__all__ = ["PairAssessment", "Pairing", "PairingStep"]
