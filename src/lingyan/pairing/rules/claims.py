"""How is one fact counted once when several have a part in it?

A road that a unit and a first secretary both had mended is one problem solved; a sum that two units
brought is one sum. Totals count facts; everybody who had a part shows a share, and the shares make
up the whole to the fen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from lingyan.common.money import NOTHING
from lingyan.common.refusals import Refusal

REASON_MAX = 200


def split(amount: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Whole fen for each, in proportion to the weights, together exactly the amount.

    1. Each gets its part without the fraction. 2. What is left goes fen by fen to those with the
    largest fractions, the earlier first. A negative amount is split like the positive one, so that
    a counter-entry takes back from each what it was given.
    """
    whole, total = abs(amount), sum(weights)
    assert total > 0, "somebody has a part"
    parts = [whole * weight // total for weight in weights]
    order = sorted(range(len(weights)), key=lambda at: (-(whole * weights[at] % total), at))
    for at in order[: whole - sum(parts)]:
        parts[at] += 1
    return tuple(part if amount >= 0 else -part for part in parts)


def weights_of(given: Sequence[int | None]) -> list[int]:
    """The parts that were agreed on; equal ones as long as not everybody's is known."""
    known = [one for one in given if one is not None]
    if len(known) < len(given) or not sum(known):
        return [1] * len(given)
    return known


def equal_part(claimants: int) -> Fraction:
    """The part of each in a fact that cannot be divided: one of two who solved a problem."""
    return Fraction(1, claimants)


@dataclass(frozen=True, slots=True)
class Sums:
    """What a scope may say of sums or of problems: facts once, claims in full, its own share."""

    total: Decimal = NOTHING  # each fact once
    claimed: Decimal = NOTHING  # each claimant in scope with the whole of it
    share: Decimal = NOTHING  # the parts of the claimants in scope
    facts: int = 0
    shared: int = 0  # facts with more than one claimant

    @property
    def overlap(self) -> Decimal:
        """What would be counted again if claims were added up."""
        return self.claimed - self.total

    @property
    def of_others(self) -> Decimal:
        """The parts of those outside the scope."""
        return self.total - self.share


def refuse_claim(
    *, is_held: bool, same_village: bool, is_claimed: bool, started: bool
) -> tuple[Refusal, ...]:
    """A pair of the same village may say that it had a part in the fact; once. 依据：R-0-13。"""
    refusals = []
    if not started:
        refusals.append(Refusal("pairing.claim.not_started", "这对结对还没有开始共建"))
    if not is_held:
        refusals.append(Refusal("pairing.claim.not_yours", "只能为本单位、本村的结对认领"))
    if not same_village:
        refusals.append(Refusal("pairing.claim.other_village", "认领的结对应是同一个村的"))
    if is_claimed:
        refusals.append(Refusal("pairing.claim.known", "已经认领过，不用再认领"))
    return tuple(refusals)


def refuse_drop(*, reason: str, remaining_pairs: int) -> tuple[Refusal, ...]:
    """A claim made by mistake is taken back with a reason; the fact keeps a pair of its village."""
    refusals = []
    if not reason.strip():
        refusals.append(Refusal("pairing.claim.reason_missing", "请写明为什么撤回认领"))
    if remaining_pairs < 1:
        refusals.append(
            Refusal("pairing.claim.last_pair", "至少要有一对这个村的结对认领；记错的请冲销或作废")
        )
    return tuple(refusals)


def refuse_join(*, may: bool, is_there: bool, is_claimed: bool) -> tuple[Refusal, ...]:
    """What a first secretary found near that day in the same village may be the same thing."""
    refusals = []
    if not may:
        refusals.append(Refusal("pairing.join.wrong_role", "您的角色不能把两件问题合为一件"))
    if not is_there:
        refusals.append(
            Refusal("pairing.join.not_there", "没有这条第一书记的记录，或已经合到另一件问题")
        )
    if is_claimed:
        refusals.append(Refusal("pairing.join.known", "这名第一书记的一条记录已经合进来"))
    return tuple(refusals)


def refuse_split(amount: int, parts: Sequence[int]) -> tuple[Refusal, ...]:
    """An own split is whole fen for each and makes up the amount. 依据：R-0-16。"""
    refusals = []
    if any(part < 0 for part in parts):
        refusals.append(Refusal("pairing.split.negative", "各方份额不能是负数"))
    if amount <= 0:
        refusals.append(Refusal("pairing.split.nothing", "还没有到位金额，不用分"))
    elif sum(parts) != amount:
        more = sum(parts) - amount
        words = "多" if more > 0 else "少"
        refusals.append(
            Refusal(
                "pairing.split.sum",
                f"各方份额合计应等于到位金额，现在{words} {abs(more) / Decimal(100):,.2f} 元",
            )
        )
    return tuple(refusals)


def distinct_solved(pair_problems: int, found_problems: int, joined: int) -> int:
    """Problems of a village solved by pairs or by its first secretary, each once."""
    return pair_problems + found_problems - joined
