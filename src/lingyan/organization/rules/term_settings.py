"""Which numbers does a county set for a term change, and what holds where it has set none?

依据：附录 C。The keys are those of the register. These are the rulebook's values; which of
them a county may set for itself is said in `settings`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TermSettings:
    review_days: int = 10  # review.days, working days
    review_valid_days: int = 180  # review.valid_days
    lookback_months: int = 6  # term.lookback_months
    handover_days: int = 10  # V [S08 art.20]: no setting
    strict_mend_days: int = 30  # R-1-32: LB01, LB11
    mend_days: int = 90  # R-1-32: others


DEFAULTS = TermSettings()
