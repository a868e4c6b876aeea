"""Who keeps in touch in the demo county, and who has come to see the shown first secretary?"""

from __future__ import annotations

from datetime import date, timedelta

from lingyan.common import clock
from lingyan.demo.cast import Cast
from lingyan.directory.models import RoleAssignment
from lingyan.posting.actions import liaison
from lingyan.posting.models import Posting

TALKED = "看了茶园和村部，听了半年的工作；希望县里帮助联系茶叶销路"
DAYS_AGO = (100, 45, 9)


def keep_in_touch(cast: Cast, posting: Posting, today: date) -> None:
    """The leader has the town; he came once, the unit's office once, the town last week."""
    town = posting.village.parent
    assert town is not None
    assert posting.unit is not None
    holder = RoleAssignment.objects.select_related("user").get(user_id=cast.leader.user_id or 0)
    first, second, last = (today - timedelta(days=days) for days in DAYS_AGO)
    with clock.at(first):
        liaison.assign_liaison(holder, kind="area", since=first, town=town, actor=cast.officer)
        if posting.since <= first:
            liaison.record_visit(
                posting, form="both", happened_on=first, text=TALKED, actor=cast.leader,
                raised={"about": "village", "text": "茶叶销路窄，需要县里帮助对接",
                        "owner": "county", "due_on": today + timedelta(days=20)},
            )  # fmt: skip
    for day, actor in ((second, cast.unit(posting.unit)), (last, cast.town(town))):
        with clock.at(day):
            if posting.since <= day:
                liaison.record_visit(
                    posting, form="both", happened_on=day, text="到村走访，看了在办的事，谈了近况",
                    by_head=True, actor=actor,
                )  # fmt: skip
