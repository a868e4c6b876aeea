"""Plain villages and units → the engine's problem (mode pairing), and back into reasons."""

from lingyan.pairing.problem.build import (
    PairingProblem,
    PairingSettings,
    Pin,
    build_pairing,
)
from lingyan.pairing.problem.explanation import pair_explanation

__all__ = [
    "PairingProblem",
    "PairingSettings",
    "Pin",
    "build_pairing",
    "pair_explanation",
]
