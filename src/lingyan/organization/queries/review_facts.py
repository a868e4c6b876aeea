"""What do the records say of a secretary's year? The report is written by them (R-13-04)."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Q

from lingyan.organization import facts_of_neighbours as neighbours
from lingyan.organization.models import DutyList, RectificationCase, ReviewProblem, SecretaryReview
from lingyan.organization.queries import reserve
from lingyan.organization.queries.committees import committee_of
from lingyan.organization.queries.reviews import tasks_of
from lingyan.organization.rules.committees import members
from lingyan.organization.rules.review_words import DutyLevel
from lingyan.platform.accounts.actor import Scope
from lingyan.supervision.models import SupervisionTask
from lingyan.supervision.rules.words import SETTLED

Fact = tuple[str, str]
KINDS = {DutyLevel.VILLAGE: "village", DutyLevel.TOWN: "town", DutyLevel.UNIT: "unit"}


def facts_of(result: SecretaryReview) -> list[Fact]:
    """Labels and values; what nobody knows is left out rather than shown as nothing."""
    round = result.round
    found = [*_duties(result), *_tasks(result), *_last_year(result)]
    if round.level == DutyLevel.VILLAGE:
        found += _village(result)
    thing_id = result.unit_id or result.place_id
    kind = KINDS[DutyLevel(round.level)]
    return [*found, *neighbours.year_facts(kind, thing_id, round.year)]


def _of_office(result: SecretaryReview) -> Q:
    return Q(unit=result.unit_id) if result.unit_id else Q(place=result.place_id, unit=None)


def _duties(result: SecretaryReview) -> list[Fact]:
    found = DutyList.objects.filter(
        _of_office(result), year=result.round.year, level=result.round.level
    ).first()
    if found is None:
        return [("责任清单", "没有下达")]
    return [("责任清单", f"{found.items.count()} 项，{found.get_state_display()}")]


def _tasks(result: SecretaryReview) -> list[Fact]:
    asked = Q(unit=result.unit_id) if result.unit_id else Q(asked=result.place_id, unit=None)
    year = result.round.year
    tasks = SupervisionTask.objects.filter(
        asked, due_on__gte=date(year, 1, 1), due_on__lt=date(year + 1, 1, 1)
    ).exclude(state="void")
    total = tasks.count()
    if not total:
        return []
    on_time = tasks.filter(state__in=SETTLED, answered_on__lte=F("due_on")).count()
    return [("督办任务", f"{total} 件，按期办结 {on_time} 件")]


def _last_year(result: SecretaryReview) -> list[Fact]:
    """What the review before asked to be put right, and how far it is."""
    rows = ReviewProblem.objects.filter(
        result__round__year=result.round.year - 1, result__round__level=result.round.level,
        result__place=result.place_id, result__unit=result.unit_id,
    )  # fmt: skip
    problems = list(rows.order_by("pk"))
    if not problems:
        return []
    tasks = tasks_of(one.task_id for one in problems)
    done = sum(
        1 for one in problems if one.task_id in tasks and tasks[one.task_id].state in SETTLED
    )
    return [("上年问题整改", f"{len(problems)} 个，已核验 {done} 个")]


def _village(result: SecretaryReview) -> list[Fact]:
    day = result.round.opened_on
    committee = committee_of(result.place, day)
    scope = Scope(place_paths=(result.place.path,))
    found = [("两委成员", f"{len(members(committee))} 人")]
    if kept := reserve.counted(scope, day).count():
        found.append(("后备力量", f"{kept} 人"))
    if RectificationCase.objects.open().filter(village=result.place_id).exists():
        found.append(("整顿", "正在整顿"))
    return found
