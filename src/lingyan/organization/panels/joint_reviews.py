"""What does a reader see of a joint review: everybody how far it is, few what was found?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from lingyan.common import clock
from lingyan.common.alerts import AlertLevel, alert_level
from lingyan.directory.models import Place
from lingyan.directory.rules.hands import STAFF
from lingyan.organization.models import JointReview, ReviewAnswer, ReviewSeat
from lingyan.organization.queries import joint_reviews as queries
from lingyan.organization.rules import joint_reviews as rules
from lingyan.organization.rules.term_words import Department, NegativeItem, SeatWay, Verdict
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.ui.worklist import Waiting, page_of

TONE_OF_VERDICT = {
    Verdict.CLEAR: "g", Verdict.EXEMPTED: "g", Verdict.ABSOLUTE: "r", Verdict.NEGATIVE: "r",
    Verdict.EXPIRED: "y", Verdict.WAITING: "b",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReviewLine:
    review: JointReview
    verdict: Verdict | None
    tone: str
    answered: int
    asked: int
    own: ReviewAnswer | None

    @property
    def is_late(self) -> bool:
        return self.answered < self.asked and clock.today() > self.review.due_on


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One department: whether it has answered, and to whoever may read it, what."""

    answer: ReviewAnswer
    shows: bool
    items: tuple[str, ...]
    may_answer: bool


def sees_verdict(actor: Actor) -> bool:
    """A department that was asked learns nothing of what the others found."""
    return bool(actor.scope.place_paths)


def review_lines(reviews: Iterable[JointReview], actor: Actor) -> list[ReviewLine]:
    rows = list(reviews)
    asked = queries.own_answers(actor).filter(review__in=rows)
    if actor.role in STAFF:
        asked = asked.filter(department="organization")
    own = {one.review_id: one for one in asked}
    found, valid = [], queries.how_long_valid()
    for one in rows:
        answers = list(one.answers.all())
        verdict = queries.verdict_of(one, clock.today(), valid) if sees_verdict(actor) else None
        found.append(
            ReviewLine(
                one, verdict, TONE_OF_VERDICT.get(verdict, "") if verdict else "",
                sum(bool(each.result) for each in answers), len(answers), own.get(one.pk),
            )
        )  # fmt: skip
    return found


def found_lines(review: JointReview) -> list[str]:
    return [item.label for item in rules.items_found(queries.answers_of(review))]


def of_review(review: JointReview, actor: Actor) -> dict[str, Any]:
    today = clock.today()
    may = {one.pk for one in queries.own_answers(actor).filter(review=review)}
    verdict = queries.verdict_of(review, today)
    answers = [one for one in review.answers.all() if _is_seen(one, actor)]
    open_ones = queries.waiting_for(review)
    level = alert_level(review.due_on, today) if open_ones else AlertLevel.GREEN
    return {
        "person": queries.person_lines(review),
        "verdict": verdict if sees_verdict(actor) else None,
        "tone": TONE_OF_VERDICT.get(verdict, ""),
        "level": level,
        "waiting": open_ones if sees_verdict(actor) else (),
        "answers": [
            AnswerLine(
                one,
                queries.may_read_detail(actor, one) or one.pk in may,
                tuple(NegativeItem(item).label for item in one.items),
                one.pk in may,
            )
            for one in answers
        ],
        "may_exempt": actor.role in rules.EXEMPTERS and verdict is Verdict.NEGATIVE,
        "may_again": actor.role in STAFF and verdict is Verdict.EXPIRED,
        "shows_detail": actor.role in rules.DETAIL_READERS,
    }


def _is_seen(answer: ReviewAnswer, actor: Actor) -> bool:
    """A department sees its own line; offices see all of them."""
    return bool(actor.scope.place_paths) or answer.unit_id in actor.scope.unit_ids


# --- who is asked (review.depts) ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SeatLine:
    """One department: what the county has settled, and whether anybody there can answer."""

    department: Department
    seat: ReviewSeat | None
    is_by_role: bool
    is_dumb: bool  # a unit in which nobody may answer

    @property
    def shown(self) -> str:
        if self.seat is None:
            return SeatWay.OWN.label if self.is_by_role else ""
        return str(self.seat.unit or self.seat.get_way_display())


def seat_lines(county: Place) -> list[SeatLine]:
    today = clock.today()
    seats = queries.seats_on(county, today)
    units = {one.unit_id for one in seats.values() if one.unit_id is not None}
    able = queries.units_that_answer(units, today)
    return [
        SeatLine(
            one, seats.get(one), one in rules.BY_ROLE,
            one in seats and seats[one].unit_id is not None and seats[one].unit_id not in able,
        )
        for one in Department
    ]  # fmt: skip


def _yearly(actor: Actor) -> Iterable[Waiting]:
    """R-1-31: sitting cadres are asked about once a year; told in its second half."""
    today = clock.today()
    if today.month < rules.YEARLY_REMIND_MONTH:
        return
    yield Waiting(
        "个乡镇还有在任村干部今年没有联审", "按乡镇发起年度联审",
        queries.towns_to_review(actor.scope, today), page_of("joint_review_yearly"),
        due_on=date(today.year, 12, 31), icon="search",
    )  # fmt: skip


SOURCES = ((STAFF, _yearly),)
