"""How are the departments asked about somebody, what do they answer, and what follows (1.7)?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

from django.db import transaction

from lingyan.common import clock
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.actions.checking import refuse_outside, require_role
from lingyan.directory.models import Person, Place, VillageOfficer
from lingyan.directory.queries import county_of
from lingyan.directory.rules.hands import ADMIN, STAFF
from lingyan.organization.models import JointReview, ReviewAnswer, ReviewSeat, TermChange
from lingyan.organization.queries import joint_reviews as queries
from lingyan.organization.queries import term_changes as change_queries
from lingyan.organization.rules import joint_reviews as rules
from lingyan.organization.rules.term_words import Department, ReviewPurpose, Verdict
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record
from lingyan.supervision.actions.tasks import Source, raise_task
from lingyan.supervision.rules.words import TaskLevel

REVIEW_PAGE = "joint_review_detail"


def _open(
    village: Place, people: Sequence[Person], *, purpose: str, change: TermChange | None,
    actor: Actor,
) -> list[JointReview]:  # fmt: skip
    """Ask every department that the county has settled on; on paper where no unit answers."""
    today = clock.today()
    due = queries.answer_due(village, today)
    seats = queries.seats_on(county_of(village), today)
    refuse(rules.refuse_to_ask(seats))
    asked = queries.asked_departments(seats)
    made = []
    for person in people:
        review = JointReview.objects.create(
            person=person, village=village, purpose=purpose, change=change, opened_on=today,
            due_on=due.on, is_provisional=due.provisional, opened_by_id=actor.user_id,
            opened_by_name=actor.name, opened_at=clock.now(),
        )  # fmt: skip
        ReviewAnswer.objects.bulk_create(
            [
                ReviewAnswer(review=review, village=village, department=one, unit_id=unit)
                for one, unit in asked
            ]
        )
        record(
            "organization.review.opened", actor=actor, subject=review,
            changes={"person": [None, str(person)], "due_on": [None, due.on]},
        )  # fmt: skip
        made.append(review)
    return made


@transaction.atomic
def appoint_departments(
    county: Place, seats: Mapping[Department, rules.Seat], *, since: date, clause: str, actor: Actor
) -> list[ReviewSeat]:
    """联审部门: who answers from a day on; what was asked before stays with whom it is."""
    require_role(actor, ADMIN, "确定联审部门")
    refuse(refuse_outside(actor, county.path))
    county = Place.objects.select_for_update(of=("self",)).get(pk=county.pk)
    before = queries.plain_seats(queries.seats_on(county, since))
    known = set(queries.list_county_units(county).values_list("pk", flat=True))
    refuse(
        rules.refuse_seats(
            seats, before=before, known=known, clause=clause, since=since, today=clock.today()
        )
    )
    return [
        _appoint(county, department, seat, since=since, clause=clause, actor=actor)
        for department, seat in seats.items()
        if before.get(department) != seat
    ]


def _appoint(
    county: Place, department: Department, seat: rules.Seat, *, since: date, clause: str,
    actor: Actor,
) -> ReviewSeat:  # fmt: skip
    made = ReviewSeat.objects.create(
        county=county, department=department, way=seat.way, unit_id=seat.unit, since=since,
        clause=clause.strip(), made_by_id=actor.user_id, made_by_name=actor.name,
        made_at=clock.now(),
    )  # fmt: skip
    record(
        "organization.review.appointed", actor=actor, subject=made,
        changes={"seat": [None, str(made)], "since": [None, since]}, reason=made.clause,
    )  # fmt: skip
    return made


def open_candidacy_review(change: TermChange, person: Person, *, actor: Actor) -> JointReview:
    """For whoever submits a candidate; the rules of the term change have been asked."""
    return _open(
        change.village, [person], purpose=ReviewPurpose.CANDIDACY, change=change, actor=actor
    )[0]


@transaction.atomic
def open_again(review: JointReview, *, actor: Actor) -> JointReview:
    """A result that is too old is asked for again (R-1-31)."""
    require_role(actor, STAFF, "重新发起联审")
    review = queries.get_review(actor.scope, review.pk)
    expired = queries.verdict_of(review, clock.today()) is Verdict.EXPIRED
    refuse(() if expired else (Refusal("organization.review.not_expired", "联审结果还没有过期"),))
    return _open(
        review.village, [review.person], purpose=review.purpose, change=review.change, actor=actor
    )[0]


@transaction.atomic
def open_yearly_reviews(town: Place, *, actor: Actor) -> list[JointReview]:
    """在任村干部年度联审: everybody in office in the villages of a town who was not asked about."""
    require_role(actor, STAFF, "发起在任村干部联审")
    refuse(refuse_outside(actor, town.path))
    refuse(rules.refuse_yearly(is_on=queries.is_yearly_on(town.path)))
    Place.objects.select_for_update(of=("self",)).get(pk=town.pk)
    villages = list(
        Place.objects.filter(parent=town, level="village", ended_on__isnull=True).order_by("path")
    )
    known = queries.reviewed_this_year([one.pk for one in villages], clock.today().year)
    made: list[JointReview] = []
    for village in villages:
        people = {one.person_id: one.person for one in change_queries.list_officers(village.pk)}
        fresh = [person for key, person in people.items() if key not in known]
        known |= set(people)
        made += _open(village, fresh, purpose=ReviewPurpose.YEARLY, change=None, actor=actor)
    if not made:
        refuse((Refusal("organization.review.all_known", "本年度都已经发起联审"),))
    return made


@transaction.atomic
def answer_review(
    answer: ReviewAnswer,
    *,
    result: str,
    items: Collection[str] = (),
    text: str = "",
    answered_on: date,
    letter_number: str = "",
    actor: Actor,
) -> ReviewAnswer:
    """A department says what it knows; staff enter what came on paper, with the letter."""
    review = JointReview.objects.select_for_update(of=("self",)).get(pk=answer.review_id)
    answer = queries.get_answer(actor, answer.pk)
    on_paper = actor.role in STAFF and answer.department != Department.ORGANIZATION
    refuse(
        rules.refuse_answer(
            result=result, items=items, text=text, on=answered_on, opened_on=review.opened_on,
            today=clock.today(), letter=letter_number, on_paper=on_paper,
        )
    )  # fmt: skip
    before = answer.result
    answer.result, answer.items, answer.text = result, sorted(items), text.strip()
    answer.answered_on, answer.letter_number = answered_on, letter_number.strip()
    answer.answered_by_id, answer.answered_by_name = actor.user_id, actor.name
    answer.save(
        update_fields=["result", "items", "text", "answered_on", "letter_number",
                       "answered_by_id", "answered_by_name"]
    )  # fmt: skip
    # What was found stays in the answer: the history is read by more people (10.1).
    record(
        "organization.review.answered",
        actor=actor,
        subject=answer,
        changes={"department": [None, answer.get_department_display()]}
        | ({"again": [bool(before), True]} if before else {}),
    )
    _follow(review)
    return answer


def _follow(review: JointReview) -> None:
    """G-14: whoever is in office and found unfit leaves it within thirty days."""
    review = JointReview.objects.select_related("person", "village").get(pk=review.pk)
    found = queries.verdict_of(review, clock.today())
    offices = VillageOfficer.objects.filter(
        person=review.person, village=review.village, until__isnull=True
    ).order_by("post", "pk")
    committees = [one for one in offices if one.post in change_queries.COMMITTEE_POSTS]
    for office in committees:
        for gate, line in rules.follows_for(office.post, found):
            raise_task(
                what=f"{review.person}（{office.get_post_display()}）：{line.label}",
                place=review.village,
                level=TaskLevel.TOWN,
                due_on=clock.today() + timedelta(days=line.days),
                source=Source.of(review, REVIEW_PAGE),
                rule=f"{gate.id} {office.post}",
                is_evidence_required=True,
            )


@transaction.atomic
def exempt_review(
    review: JointReview, *, text: str, document_number: str, actor: Actor
) -> JointReview:
    """部务会成员 lets somebody stand in spite of N05 to N12; never of N01 to N04."""
    require_role(actor, rules.EXEMPTERS, "批准联审例外")
    review = JointReview.objects.select_for_update(of=("self",)).get(pk=review.pk)
    refuse(refuse_outside(actor, review.village.path))
    answers = queries.answers_of(review)
    refuse(rules.refuse_exemption(answers, reason=text, document_number=document_number))
    review.exempted = [item.value for item in rules.items_found(answers)]
    review.exempt_reason, review.exempt_number = text.strip(), document_number.strip()
    review.exempted_by_name, review.exempted_on = actor.name, clock.today()
    review.save(
        update_fields=["exempted", "exempt_reason", "exempt_number", "exempted_by_name",
                       "exempted_on"]
    )  # fmt: skip
    record(
        "organization.review.exempted", actor=actor, subject=review,
        changes={"exempt_number": ["", review.exempt_number]}, reason=review.exempt_reason,
    )  # fmt: skip
    return review
