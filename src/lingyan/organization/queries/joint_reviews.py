"""Which departments were asked about whom, and what have they answered?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.shortcuts import get_object_or_404

from lingyan.common import clock
from lingyan.common.periods import Deadline, WorkingCalendar
from lingyan.directory import search
from lingyan.directory.models import (
    CountySetting,
    Place,
    RoleAssignment,
    Unit,
    VillageOfficer,
)
from lingyan.directory.queries import calendar_overrides, masked_id_number
from lingyan.directory.roles import Role
from lingyan.directory.rules import PlaceLevel
from lingyan.directory.rules.hands import STAFF
from lingyan.directory.settings import History, history_of, number_for
from lingyan.organization.models import (
    ElectionCandidate,
    JointReview,
    ReviewAnswer,
    ReviewSeat,
    TermChange,
)
from lingyan.organization.queries.term_changes import COMMITTEE_POSTS
from lingyan.organization.rules import joint_reviews as rules
from lingyan.organization.rules import settings
from lingyan.organization.rules.term_settings import TermSettings
from lingyan.organization.rules.term_words import (
    Department,
    ReviewPurpose,
    SeatWay,
    Verdict,
    posts_text,
)
from lingyan.platform.accounts.actor import Actor, Scope


def list_reviews(scope: Scope) -> QuerySet[JointReview]:
    answers = ReviewAnswer.objects.order_by("department", "pk")
    return (
        JointReview.objects.visible_to(scope)
        .select_related("person", "village__parent", "change")
        .prefetch_related(Prefetch("answers", queryset=answers))
    )


def get_review(scope: Scope, review_id: UUID) -> JointReview:
    return get_object_or_404(list_reviews(scope), pk=review_id)


def own_answers(actor: Actor) -> QuerySet[ReviewAnswer]:
    """What this actor may answer: staff for every department, the others for their own."""
    rows = ReviewAnswer.objects.visible_to(actor.scope).select_related(
        "review__person", "village__parent", "unit"
    )
    departments = [one for one in Department if rules.may_answer(one, actor.role)]
    return rows.filter(department__in=departments)


def asked_of_own(actor: Actor) -> QuerySet[ReviewAnswer]:
    """What waits for the actor's own department; paper that staff may enter for others does not."""
    rows = own_answers(actor)
    if actor.role in STAFF:
        rows = rows.filter(department=Department.ORGANIZATION)
    return rows.filter(result="")


def get_answer(actor: Actor, answer_id: UUID) -> ReviewAnswer:
    return get_object_or_404(own_answers(actor), pk=answer_id)


def may_read_detail(actor: Actor, answer: ReviewAnswer) -> bool:
    """What a department wrote is for those who decide and for itself (10.1)."""
    own = answer.unit_id is not None and answer.unit_id in actor.scope.unit_ids
    return actor.role in rules.DETAIL_READERS or own


def search_q(text: str) -> Q:
    return search.of_villages_q(text, "village") | search.of_people_q(text, "person")


def unanswered_q() -> Q:
    """Reviews of which some department has not answered yet."""
    return Q(Exists(ReviewAnswer.objects.filter(review=OuterRef("pk"), result="")))


def person_lines(review: JointReview) -> list[tuple[str, str]]:
    """Who it is, as a department needs it to look somebody up; the number is masked (10.1)."""
    person = review.person
    offices = VillageOfficer.objects.filter(
        village=review.village_id, person=person, until__isnull=True
    ).order_by("post", "pk")
    stands = ElectionCandidate.objects.filter(
        change=review.change_id, person=person, dropped_on__isnull=True
    ).first()
    lines = [
        ("姓名", person.name), ("性别", person.get_gender_display()),
        ("出生日期", str(person.birth_on or "")), ("身份证号", masked_id_number(person)),
        ("村", f"{review.village.parent or ''}{review.village}"),
        ("现任职务", "、".join(one.get_post_display() for one in offices)),
        ("参选职务", posts_text(stands.posts) if stands else ""),
    ]  # fmt: skip
    return [(label, value) for label, value in lines if value]


# --- what the answers come to ---------------------------------------------------------------------


def answers_of(review: JointReview) -> list[rules.Answer]:
    return [
        rules.Answer(one.department, one.result, tuple(one.items)) for one in review.answers.all()
    ]


def verdict_of(review: JointReview, on: date, valid_days: History | None = None) -> Verdict:
    """`valid_days` for a list: what `how_long_valid` has read once for all of its rows."""
    days = [one.answered_on for one in review.answers.all() if one.answered_on is not None]
    held = term_settings(review.village.path, days, valid_days)
    last = rules.valid_until(days, settings=held)
    return rules.verdict(answers_of(review), exempted=review.exempted, valid_until=last, today=on)


def waiting_for(review: JointReview) -> tuple[str, ...]:
    return rules.waiting_for(answers_of(review))


def latest_reviews(change: TermChange) -> dict[UUID, JointReview]:
    """The last review of each person in this change."""
    rows = change.reviews.prefetch_related("answers").select_related("person")
    return {one.person_id: one for one in rows.order_by("opened_at", "pk")}


# --- who is asked, and until when -----------------------------------------------------------------


def answer_due(village: Place, opened_on: date) -> Deadline:
    calendar = WorkingCalendar(calendar_overrides())
    days = number_for(village.path, settings.REVIEW_DAYS, opened_on)
    return calendar.add_working_days(opened_on, days)


def how_long_valid() -> History:
    return history_of(settings.REVIEW_VALID)


def term_settings(
    path: str, answered_on: Collection[date], valid_days: History | None = None
) -> TermSettings:
    """As they held on the day of the last answer: a later number ends no result before its day."""
    day = max(answered_on, default=clock.today())
    return TermSettings(review_valid_days=(valid_days or how_long_valid()).of(path, day))


def seats_on(county: Place, day: date) -> dict[Department, ReviewSeat]:
    """What the county has settled for each department by that day; the latest line holds."""
    rows = ReviewSeat.objects.filter(county=county, since__lte=day).select_related("unit")
    held = {Department(one.department): one for one in rows.order_by("since", "made_at", "pk")}
    return {one: held[one] for one in Department if one in held}


def plain_seats(seats: Mapping[Department, ReviewSeat]) -> dict[Department, rules.Seat]:
    return {one: rules.Seat(seat.way, seat.unit_id) for one, seat in seats.items()}


def asked_departments(seats: Mapping[Department, ReviewSeat]) -> list[tuple[Department, Any]]:
    """Who is asked, and the unit that answers, if one does. 依据：`review.depts`。"""
    return [
        (one, seats[one].unit_id if one in seats else None)
        for one in Department
        if one not in seats or seats[one].way != SeatWay.OUT
    ]


def units_that_answer(units: Iterable[UUID], on: date) -> set[UUID]:
    """Of these units, those in which somebody may answer."""
    ends = Q(until__isnull=True) | Q(until__gt=on)
    held = RoleAssignment.objects.filter(
        ends, unit__in=list(units), role=Role.DEPT_STAFF, since__lte=on, user__is_active=True
    )
    return {one for one in held.values_list("unit_id", flat=True) if one is not None}


def list_county_units(county: Place) -> QuerySet[Unit]:
    return Unit.objects.filter(place=county).order_by("name", "pk")


def units_of_departments(county: Place) -> dict[Department, Unit]:
    """Which unit of the county each department may be by its name: for whoever appoints."""
    ends = Q()
    for names in rules.ALIASES.values():
        for name in names:
            ends |= Q(name__endswith=name)
    found: dict[Department, Unit] = {}
    for unit in Unit.objects.filter(ends, place=county).order_by("name", "pk"):
        department = rules.department_of(unit.name)
        if department is not None:
            found.setdefault(department, unit)
    return found


def is_yearly_on(path: str) -> bool:
    return bool(number_for(path, settings.REVIEW_YEARLY))


def towns_to_review(scope: Scope, today: date) -> QuerySet[Place]:
    """Towns where somebody in office was not asked about this year, unless the county does not.

    One question without a look at the settings beforehand, as every page asks it.
    """
    asked = JointReview.objects.filter(
        person=OuterRef("person"), purpose=ReviewPurpose.YEARLY, opened_on__year=today.year
    )
    officers = VillageOfficer.objects.filter(
        ~Exists(asked), village__parent=OuterRef("pk"), village__level=PlaceLevel.VILLAGE,
        village__ended_on__isnull=True, until__isnull=True, post__in=sorted(COMMITTEE_POSTS),
    )  # fmt: skip
    switched = CountySetting.objects.filter(
        county=OuterRef("parent"), key=settings.REVIEW_YEARLY.key, since__lte=today
    ).order_by("-since", "-pk")
    towns = Place.objects.visible_to(scope).filter(
        Exists(officers), level=PlaceLevel.TOWNSHIP, ended_on__isnull=True
    )
    return towns.annotate(switch=Subquery(switched.values("amount")[:1])).filter(
        Q(switch__isnull=True) | ~Q(switch=0)
    )


def reviewed_this_year(village_ids: Iterable[UUID], year: int) -> set[UUID]:
    """People of these villages whose yearly review was opened in that year."""
    rows = JointReview.objects.filter(
        village__in=list(village_ids), purpose=ReviewPurpose.YEARLY, opened_on__year=year
    )
    return set(rows.values_list("person_id", flat=True))
