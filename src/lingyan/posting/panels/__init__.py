"""What does 精准选派 show on pages that are not its own: the worklist, a village, a person?"""

from __future__ import annotations

from lingyan.platform.accounts.actor import Actor
from lingyan.platform.ui.worklist import Waiting, WorkItem, count_waiting, items
from lingyan.posting.panels import needs, postings, rounds


def worklist(actor: Actor) -> list[WorkItem]:
    """What waits for this person in posting."""
    return [*items(_kinds(actor)), *rounds.worklist(actor)]


def count(actor: Actor) -> int:
    """How many lines the worklist has, for the menu of every page."""
    return count_waiting(_kinds, actor) + rounds.count(actor)


def _kinds(actor: Actor) -> tuple[Waiting, ...]:
    return (*needs.kinds(actor), *postings.kinds(actor))


def under_way(actor: Actor) -> list[WorkItem]:
    """What goes on in posting that others move on; asked for readers of rounds only."""
    return rounds.under_way(actor)
