"""How is a share of the month's tasks written?"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many; no share where there is nothing to be a part of. 依据：R-0-16。"""

    part: int
    whole: int

    @property
    def text(self) -> str:
        if not self.whole:
            return "—"
        share = Decimal(self.part * 100) / Decimal(self.whole)
        return f"{share.quantize(Decimal('0.1'), ROUND_HALF_UP)}%"
