"""How do the demo's postings live: trained, arrived, now and then on leave?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from lingyan.common import clock
from lingyan.demo.cast import SYSTEM, Cast
from lingyan.directory.actions import accounts
from lingyan.directory.models import Place, RoleAssignment
from lingyan.directory.queries import actor_of
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.posting.actions import insurance, leave, life, presence
from lingyan.posting.models import LeaveRequest, Posting
from lingyan.posting.rules import PostingKind

DAY = timedelta(days=1)


def settle_in(cast: Cast, postings: Iterable[Posting]) -> None:
    """Everybody is trained before the first day and seen by the town on it."""
    for posting in postings:
        town = posting.village.parent
        assert town is not None
        with clock.at(posting.since - 3 * DAY):
            life.train_posting(
                posting, training_hours=24, on=posting.since - 3 * DAY, actor=cast.officer
            )
            receiver = cast.town(town)
        with clock.at(posting.since):
            life.confirm_arrival(
                posting,
                on=posting.since,
                party_relation_on=posting.since,
                policy=insurance.Policy(
                    f"意外险演示 {posting.person.number}", posting.since, posting.planned_until
                ),
                actor=receiver,
            )


def waiting_to_settle(today: date) -> list[Posting]:
    """Issued postings whose first day has come, in the order of their days."""
    found = Posting.objects.filter(until__isnull=True, state="appointed", since__lte=today)
    return list(found.select_related("village__parent", "person").order_by("since", "pk"))


def first_secretary_of(village: Place) -> Posting:
    """Who is there and hands over to nobody."""
    return Posting.objects.select_related("village__parent", "person__user").get(
        village=village, kind=PostingKind.FIRST_SECRETARY, until__isnull=True,
        handover_until__isnull=True,
    )  # fmt: skip


def open_account(cast: Cast, posting: Posting) -> Actor:
    """One person, one account: a candidate's becomes the first secretary's."""
    user = posting.person.user
    held = RoleAssignment.objects.filter(user=user, role=Role.FIRST_SECRETARY, until__isnull=True)
    if user is not None and (known := held.first()):
        return actor_of(known)
    with clock.at(posting.since):
        if user is None:
            return cast.first_secretary(posting.village, posting.person)
        for old in RoleAssignment.objects.filter(user=user, role=Role.CANDIDATE):
            accounts.end_role(old, actor=SYSTEM, reason="已派驻到村")
        assignment = accounts.grant_role(
            user, role=Role.FIRST_SECRETARY, place=posting.village, actor=SYSTEM
        )
    return actor_of(assignment)


def take_leave(cast: Cast, posting: Posting, secretary: Actor, today: date) -> Actor:
    """One leave that ended, and one that waits for the town; answers who asked."""
    own, town = open_account(cast, posting), posting.village.parent
    assert town is not None
    past = today - timedelta(days=40)
    with clock.at(past - DAY):
        asked = _ask(posting, own, past, "annual", "回家探望老人")
        leave.approve_leave(asked, actor=cast.town(town))
    with clock.at(past + 2 * DAY):
        leave.confirm_return(asked, back_on=past + 2 * DAY, actor=secretary)
    with clock.at(today - DAY):
        _ask(posting, own, today + 5 * DAY, "personal", "孩子就医")
    return own


def others_on_leave(cast: Cast, postings: list[Posting], today: date) -> None:
    """In other villages: two away since yesterday, one on an errand, a long leave for the county,
    and one whom nobody found in the village.
    """
    away, ill, errand, long, missing = postings
    for posting, kind, reason in (
        (away, "personal", "家中有事"), (ill, "sick", "感冒发热"), (errand, "business", "县里培训"),
    ):  # fmt: skip
        with clock.at(today - DAY):
            asked = _ask(posting, _town_of(cast, posting), today - DAY, kind, reason)
            leave.approve_leave(asked, actor=_head_of(cast, posting))
    with clock.at(today - DAY):
        _ask(long, _town_of(cast, long), today + 7 * DAY, "family", "探亲")
        presence.find_absence(
            missing, on=today - 2 * DAY, text="镇里走访时不在村，电话没有接通",
            actor=_town_of(cast, missing),
        )  # fmt: skip


# 探亲假 takes a week and is for the county to approve; everything else here two or three days.
DAYS_OF_KIND = {"annual": 2, "personal": 2, "sick": 3, "business": 3, "family": 6}


def _ask(posting: Posting, actor: Actor, since: date, kind: str, reason: str) -> LeaveRequest:
    until = since + DAYS_OF_KIND[kind] * DAY
    return leave.ask_leave(posting, kind=kind, since=since, until=until, reason=reason, actor=actor)


def _town_of(cast: Cast, posting: Posting) -> Actor:
    assert posting.village.parent is not None
    return cast.town(posting.village.parent)


def _head_of(cast: Cast, posting: Posting) -> Actor:
    assert posting.village.parent is not None
    return cast.town_secretary(posting.village.parent)
