"""How were the village secretaries of 太白 reviewed at the end of last year (T16)?

In every town: each confirmed a report made of the records, was voted on and graded; put away.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from lingyan.common import clock
from lingyan.demo.cast import Cast
from lingyan.directory.models import Place
from lingyan.organization.actions import reviews
from lingyan.organization.models import ReviewRound, SecretaryReview
from lingyan.organization.rules.review_words import DutyLevel, Grade, ReportForm
from lingyan.platform.accounts.actor import Actor

VOTERS = 30
BEST = 3  # every third is graded 好


def keep(cast: Cast, towns: Sequence[Place], today: date) -> None:
    year = today.year - 1
    for town in towns:
        _review(cast, town, year)


def _review(cast: Cast, town: Place, year: int) -> None:
    office = cast.town(town)
    with clock.at(date(year, 12, 8)):
        round = reviews.open_round(
            level=DutyLevel.VILLAGE, year=year, place=town, form=ReportForm.ON_SITE, actor=office
        )
    rows = SecretaryReview.objects.filter(round=round).select_related("place")
    results = list(rows.order_by("place__path"))
    with clock.at(date(year, 12, 15)):
        for one in results:
            reviews.confirm_report(one, remark="", actor=cast.village(one.place))
    with clock.at(date(year, 12, 18)):
        _step(round, office, "report")
        for number, one in enumerate(results):
            good = 20 + number * 3 % 9
            counts = {"good": good, "fairly_good": VOTERS - good, "fair": 0, "poor": 0}
            reviews.count_votes(one, counts=counts, actor=office)
        _step(round, office, "evaluate")
    with clock.at(date(year, 12, 25)):
        for number, one in enumerate(results):
            grade = Grade.FAIRLY_HIGH if number % BEST else Grade.HIGH
            reviews.grade_result(one, grade=grade, is_weak=False, reason="", actor=cast.leader)
        _step(round, cast.leader, "grade")
    with clock.at(date(year, 12, 28)):
        _step(round, office, "list_problems", "rectify")
        _step(round, cast.officer, "archive")


def _step(round: ReviewRound, actor: Actor, *acts: str) -> None:
    for act in acts:
        reviews.step_round(round, act, actor=actor)
