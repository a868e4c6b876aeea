"""What do the gates of postings ask of people by themselves (12, TRIGGER)?"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet

from lingyan.common import clock, gates
from lingyan.common.gates import Fact
from lingyan.platform.accounts.actor import EVERYTHING, Actor
from lingyan.posting.facts_of_neighbours import villages_bound
from lingyan.posting.models import Posting
from lingyan.posting.queries.life import list_in_post
from lingyan.posting.queries.recall_signals import fresh_signals
from lingyan.supervision.actions.tasks import Source, raise_task
from lingyan.supervision.rules.words import TaskLevel

PRODUCT = Actor.system()
PAGE = "posting_detail"


def ask_for_extensions(*, actor: Actor = PRODUCT) -> int:
    """G-1: the term is over in a bound village. The person stays; the county is to decide."""
    today = clock.today()
    over = list(_in_post().filter(planned_until__lte=today))
    bound = villages_bound([one.village_id for one in over])
    asked = 0
    for posting in over:
        facts = {Fact.RECT_OPEN: posting.village_id in bound}
        for gate, line in gates.triggered("posting.term.reached", facts):
            raise_task(
                what=f"{posting.person}在{posting.village}任期已满，村在整顿中，不能撤回：请决定延期",
                place=posting.village, level=TaskLevel.COUNTY,
                due_on=today + timedelta(days=line.days), source=Source.of(posting, PAGE),
                rule=gate.id, period=str(posting.planned_until), actor=actor,
            )  # fmt: skip
            asked += 1
    return asked


def ask_to_verify_signals(*, actor: Actor = PRODUCT) -> int:
    """G-16: the records speak against somebody. People verify it, the system opens no case.

    What is registered of discipline stays where it may be read: it raises nothing here.
    """
    today = clock.today()
    in_post = list(_in_post())
    fresh = fresh_signals(in_post, today=today, with_discipline=False)
    asked = 0
    for posting in in_post:
        for signal in fresh.get(posting.pk, ()):
            for gate, line in gates.triggered("posting.recall.signal", {Fact.RECALL_SIGNAL: True}):
                raise_task(
                    what=f"{posting.person}（{posting.village}）：{signal.text}，请核实",
                    place=posting.village, level=TaskLevel.COUNTY,
                    due_on=today + timedelta(days=line.days), source=Source.of(posting, PAGE),
                    rule=f"{gate.id} {signal.ground}", period=str(signal.last_on), actor=actor,
                )  # fmt: skip
                asked += 1
    return asked


def _in_post() -> QuerySet[Posting]:
    found = list_in_post(EVERYTHING).select_related("person", "village__parent", "unit")
    return found.order_by("planned_until", "pk")
