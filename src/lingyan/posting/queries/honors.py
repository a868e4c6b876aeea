"""Who was honoured or promoted, and who may be nominated (G-16)?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from lingyan.common.periods import ONE_DAY
from lingyan.platform.accounts.actor import Scope
from lingyan.posting.models import CareerUse, Honor, Posting
from lingyan.posting.models.diary import posting_q
from lingyan.posting.queries.appraisal import GradeFact, final_grades, grades_of_many
from lingyan.posting.queries.life import list_in_post
from lingyan.posting.rules.appraisal_scores import COUNTING_KINDS, may_be_honoured
from lingyan.posting.rules.appraisal_words import AppraisalGrade
from lingyan.posting.rules.honors import appraisal_text
from lingyan.posting.rules.support_words import NominationState

NAMED = ("posting__person", "posting__village__parent", "posting__unit")


def list_honors(scope: Scope) -> QuerySet[Honor]:
    return Honor.objects.filter(posting_q(scope)).select_related(*NAMED)


def get_honor(scope: Scope, honor_id: UUID) -> Honor:
    return get_object_or_404(list_honors(scope), pk=honor_id)


def list_careers(scope: Scope) -> QuerySet[CareerUse]:
    return CareerUse.objects.filter(posting_q(scope)).select_related(*NAMED)


def get_career(scope: Scope, career_id: UUID) -> CareerUse:
    return get_object_or_404(list_careers(scope), pk=career_id)


def honors_of(posting: Posting) -> QuerySet[Honor]:
    return Honor.objects.filter(posting__person_id=posting.person_id).select_related(*NAMED)


def find_honor(posting: Posting, level: str, title: str) -> Honor | None:
    found = Honor.objects.filter(posting=posting, level=level, title=title)
    return found.exclude(state=NominationState.REFUSED).first()


def find_career(posting: Posting, kind: str, position: str) -> CareerUse | None:
    found = CareerUse.objects.filter(posting=posting, kind=kind, position=position)
    return found.exclude(state=NominationState.REFUSED).first()


def grades_of_person(posting: Posting) -> list[tuple[str, str, date]]:
    """Archived appraisals of the person: kind, grade, last day."""
    return [_plain(one) for one in final_grades(posting.person)]


def _plain(fact: GradeFact) -> tuple[str, str, date]:
    return fact.kind.value, fact.grade.value, fact.until - ONE_DAY


@dataclass(frozen=True, slots=True)
class Eligible:
    """Somebody who may be nominated, with the appraisal that allows it."""

    posting: Posting
    appraisal: str
    is_excellent: bool


def list_eligible(scope: Scope) -> list[Eligible]:
    """Who is in post and may be nominated; 优秀 comes first, a person decides. 依据：2.9。"""
    held = list(list_in_post(scope).order_by("village__path", "person__number", "pk"))
    people = {one.person_id for one in held}
    rows = Posting.objects.filter(person_id__in=people).values_list("pk", "person_id")
    person_of: dict[UUID, UUID] = dict(rows)
    grades: dict[UUID, list[tuple[str, str, date]]] = {}
    for posting_id, facts in grades_of_many(list(person_of)).items():
        grades.setdefault(person_of[posting_id], []).extend(map(_plain, facts))
    found = []
    for one in held:
        told = sorted(grades.get(one.person_id, ()), key=lambda grade: grade[2], reverse=True)
        counting = [grade for grade in told if grade[0] in COUNTING_KINDS]
        if may_be_honoured([(kind, grade) for kind, grade, _ in told]):
            excellent = counting[0][1] == AppraisalGrade.EXCELLENT
            found.append(Eligible(one, appraisal_text(told), excellent))
    return sorted(found, key=lambda one: not one.is_excellent)
