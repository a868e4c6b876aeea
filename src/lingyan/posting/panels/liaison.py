"""Which visits does this person still owe, and what of them shows a posting's page?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from lingyan.common import clock
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.ui.worklist import WorkItem
from lingyan.posting import rules
from lingyan.posting.models import Posting
from lingyan.posting.queries import liaison as queries
from lingyan.posting.rules import liaison as liaison_rules
from lingyan.posting.rules.liaison_words import VisitSide

REMIND_DAYS = 60
SHOWN = 6
TITLES = {
    VisitSide.UNIT: "个派驻村今年还没有走访够",
    VisitSide.AREA: "个联系的村这半年还没有走访",
}
DETAILS = {
    VisitSide.UNIT: "单位主要负责人每年走访 {} 次以上",
    VisitSide.AREA: "分片联系的部务会成员每半年走访 {} 次以上",
}
SIDES: dict[str, VisitSide] = {
    **dict.fromkeys(rules.UNIT, VisitSide.UNIT),
    **dict.fromkeys(rules.LEADER, VisitSide.AREA),
}


def worklist(actor: Actor) -> list[WorkItem]:
    """In the last two months of a period: the villages to which one still has to go."""
    lines = _open_lines(actor)
    if not lines:
        return []
    side = SIDES[actor.role]
    asked = urlencode({"side": side.value, "state": "open", "whose": "mine"})
    url = f"{reverse('visit_due')}?{asked}"
    detail = DETAILS[side].format(max(one.owed.needed for one in lines))
    return [WorkItem(f"{len(lines)} {TITLES[side]}", detail, url, lines[0].owed.due_on)]


def count(actor: Actor) -> int:
    return int(bool(_open_lines(actor)))


def _open_lines(actor: Actor) -> list[queries.OwedLine]:
    side, today = SIDES.get(actor.role), clock.today()
    if side is None or not _is_near(side):
        return []
    return [
        line
        for line in queries.owed_lines(actor.scope, today, side)
        if line.missing and queries.is_mine(line, actor)
    ]


def _is_near(side: VisitSide) -> bool:
    """Nothing is read before the last two months, when it is on nobody's list yet."""
    today = clock.today()
    return today >= liaison_rules.period_of(side, today).last_day - timedelta(days=REMIND_DAYS)


def of_posting(posting: Posting, actor: Actor) -> dict[str, Any]:
    """The last visits and who is in touch, for the page of one posting."""
    return {
        "contacts": list(queries.contacts_of_village(posting.village)),
        "visits": list(queries.visits_of(posting, actor)[:SHOWN])
        if actor.role in liaison_rules.VISIT_READERS
        else None,
        "may_record": actor.role in liaison_rules.VISITORS and posting.state in rules.IN_POST,
    }
