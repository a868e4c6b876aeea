"""Which postings does each gate hold now, as far as this reader may see them (12)?"""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from lingyan.common import clock
from lingyan.common.periods import Period
from lingyan.platform.accounts.actor import Actor
from lingyan.posting.facts_of_neighbours import villages_bound
from lingyan.posting.models import Posting
from lingyan.posting.queries.life import list_in_post
from lingyan.posting.queries.support import insured_periods, owing_exams
from lingyan.posting.rules.support import gaps
from lingyan.supervision.facts_of_neighbours import Holding

SHOWN = 8


def _told(held: Sequence[Posting]) -> Holding:
    names = tuple(f"{one.person}（{one.village}）" for one in held[:SHOWN])
    return Holding(len(held), names, reverse("posting_list"))


def bound(actor: Actor) -> Holding:
    """G-1: nobody leaves these villages."""
    in_post = list(list_in_post(actor.scope).order_by("village__path", "pk"))
    villages = villages_bound([one.village_id for one in in_post])
    return _told([one for one in in_post if one.village_id in villages])


def uninsured(actor: Actor) -> Holding:
    """G-18: at work with days that no insurance covers, or with an examination owed."""
    in_post = list(list_in_post(actor.scope).order_by("village__path", "pk"))
    people = [one.person_id for one in in_post]
    insured, owing = insured_periods(people), owing_exams(people, clock.today())
    return _told(
        [
            one
            for one in in_post
            if one.person_id in owing
            or gaps(insured.get(one.person_id, []), Period(one.since, one.planned_until))
        ]
    )
