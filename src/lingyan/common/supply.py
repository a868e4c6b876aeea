"""Which needs that are not met could bring the points that are missing, and are they enough?

依据：matching-design 3.7（a smallest change in points is shown as which needs could supply it）。
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from lingyan.common.cover import WeightedNeed


@dataclass(frozen=True, slots=True)
class Supply:
    """One need that is not met: meeting it would bring these points."""

    dim: str
    label: str
    has: int
    needed: int
    points: int

    @property
    def text(self) -> str:
        return f"{self.label}（现 {self.has} 级，需 {self.needed} 级，补足加 {self.points} 分）"


Gain = Callable[[Mapping[str, int]], int]
"""By how many points the pair would rise if it had these levels at least."""


def supplies(
    needs: Iterable[WeightedNeed], has: Mapping[str, int], labels: Mapping[str, str], gain: Gain
) -> tuple[Supply, ...]:
    """The needs that could bring points, the most useful first."""
    lines = [
        Supply(
            need.capability,
            labels.get(need.capability, need.capability),
            has.get(need.capability, 0),
            need.level,
            gain({need.capability: need.level}),
        )
        for need in needs
    ]
    found = [line for line in lines if line.has < line.needed and line.points]
    return tuple(sorted(found, key=lambda line: (-line.points, line.dim)))


def supplied(
    change: Mapping[str, Any],
    needs: Sequence[WeightedNeed],
    found: Sequence[Supply],
    gain: Gain,
    *,
    others: str,
) -> dict[str, Any]:
    """A smallest change with the needs behind it; `others` are what else brings points."""
    most = gain({need.capability: need.level for need in needs})
    text = f"可由这些需求项补：{'、'.join(line.text for line in found)}"
    if not found:
        text = f"没有可补的需求项，这些分只能来自{others}。"
    elif most < change["need"]:
        text += f"；全部补足共加 {most} 分，不够，其余须来自{others}。"
    else:
        text += "。"
    return {**change, "supply": [asdict(line) for line in found], "supply_text": text}
