"""By whose hands was a record made, seen through delegation (R-0-20)?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.models import AuditEntry


def hand_of(actor: Actor, *, makers: Iterable[Any], records: Iterable[Any]) -> str:
    """Who the actor is to a rule that asks for another person than the makers.

    A delegate and whom he stands for are one pair of hands: whoever stands in for a maker today, in
    whatever role he acts, is that maker; so is the holder for what a delegate made in his stead.
    `records` are the ids whose history tells for whom the makers acted.
    """
    known = sorted(str(maker) for maker in makers if maker not in (None, "", "None"))
    own = str(actor.user_id)
    if actor.user_id is None or own in known:
        return own
    behind = {str(one) for one in (*actor.stands_for, actor.for_user_id)}
    for maker in known:
        if maker in behind:
            return maker
    return _made_for(actor.user_id, known, records) or own


def _made_for(holder_id: int, makers: list[str], records: Iterable[Any]) -> str:
    """Which of the makers worked on one of the records in the holder's stead."""
    found = AuditEntry.objects.filter(
        subject_id__in=[str(one) for one in records],
        actor_for_id=holder_id,
        actor_user_id__in=[int(maker) for maker in makers if maker.isdigit()],
    )
    maker = found.values_list("actor_user_id", flat=True).first()
    return "" if maker is None else str(maker)
