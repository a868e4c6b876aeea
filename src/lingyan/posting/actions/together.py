"""How does one act fall on many records, all or nothing, with every refusal named?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db import models, transaction

from lingyan.common.refusals import Refusal, Refused

Thing = TypeVar("Thing", bound=models.Model)


def act_on_all(things: Iterable[Thing], act: Callable[[Thing], object]) -> int:
    """Act on each and say how many there were. Call it inside the action's transaction.

    Each act stands in a savepoint, so that the refusals of all can be gathered before the whole
    is taken back.
    """
    refusals: list[Refusal] = []
    count = 0
    for thing in things:
        count += 1
        try:
            with transaction.atomic():
                act(thing)
        except Refused as refused:
            refusals += [Refusal(one.code, f"{thing}：{one.text}") for one in refused.refusals]
    if refusals:
        raise Refused(refusals)
    if not count:
        raise Refused([Refusal("posting.nothing_chosen", "没有选中任何一条，请先勾选")])
    return count
