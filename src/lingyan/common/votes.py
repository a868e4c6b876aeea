"""Is a share of people reached? Whole numbers only, never a quotient."""

from __future__ import annotations


def at_least(count: int, whole: int, *, share: tuple[int, int]) -> bool:
    """以上、不少于、至少: the share itself is enough. 依据：R-0-01。"""
    part, of = share
    return of * count >= part * whole


def more_than(count: int, whole: int, *, share: tuple[int, int] = (1, 2)) -> bool:
    """过半数、超过: the share itself is not enough. 依据：R-0-02。"""
    part, of = share
    return of * count > part * whole
