"""What have people settled by hand on the way to a plan?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lingyan.pairing.models import PairAdjustment

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Hand:
    """What people have settled on this snapshot so far: pairs to make, and pairs not to make."""

    pins: frozenset[Pair] = frozenset()
    bans: frozenset[Pair] = frozenset()


@dataclass(frozen=True, slots=True)
class Change:
    """One change by hand; of a swap `other` is the second pair, and both change their villages."""

    kind: str
    pair: Pair
    other: Pair | None = None

    @property
    def crossed(self) -> tuple[Pair, Pair]:
        assert self.other is not None
        return (self.pair[0], self.other[1]), (self.other[0], self.pair[1])

    @property
    def wanted(self) -> tuple[Pair, ...]:
        """The pairs that a person, not the engine, asks for."""
        if self.kind == "swap":
            return self.crossed
        return (self.pair,) if self.kind == "pin" else ()

    @property
    def parted(self) -> tuple[Pair, ...]:
        if self.kind == "swap":
            assert self.other is not None
            return self.pair, self.other
        return (self.pair,) if self.kind == "ban" else ()


def hand_after(hand: Hand, change: Change) -> Hand:
    """What people have settled once the change is made."""
    pins, bans = set(hand.pins), set(hand.bans)
    if change.kind in ("unpin", "ban", "swap"):
        pins -= {change.pair, *change.parted}
    if change.kind == "unban":
        bans -= {change.pair}
    if change.kind == "ban":
        bans |= {change.pair}
    pins |= set(change.wanted)
    bans -= set(change.wanted)
    return Hand(frozenset(pins), frozenset(bans))


def hand_of(steps: Sequence[PairAdjustment]) -> Hand:
    """What stands after these changes; they come with the last one first."""
    hand = Hand()
    for one in reversed(steps):
        hand = hand_after(hand, change_of(one))
    return hand


def change_of(made: PairAdjustment) -> Change:
    other = (str(made.other_unit_id), str(made.other_village_id)) if made.other_unit_id else None
    return Change(made.kind, (str(made.unit_id), str(made.village_id)), other)
