"""Which records stand behind each figure of the villages' committees (1.11)?

Each row is what it adds: another count of the rows gives the figure again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.urls import reverse

from lingyan.directory.models import Place
from lingyan.directory.rules import OfficerPost, SourceCategory
from lingyan.organization.models import JointReview, LookBackCheck
from lingyan.organization.queries import committees, reserve, teams, terms
from lingyan.organization.queries.teams import Seat
from lingyan.organization.rules.committees import DIRECTORS
from lingyan.organization.rules.comparison import (
    YOUNG_AGE,
    AgeMode,
    Member,
    Reference,
    TeamScope,
    age_of,
    one_digit,
)
from lingyan.organization.rules.education import is_high_school
from lingyan.organization.rules.term_words import ItemResult, MendState, ReviewResult
from lingyan.platform.accounts.actor import Scope

POST_LABELS = dict(OfficerPost.choices())
SOURCE_LABELS = dict(SourceCategory.choices())


@dataclass(frozen=True, slots=True)
class Asked:
    """As at which day, of which members, and how an age is taken."""

    on: date
    team: str = TeamScope.TWO_COMMITTEES.value
    mode: str = AgeMode.COMPLETED.value
    reference: str = Reference.SAME_DATE.value


@dataclass(frozen=True, slots=True)
class Row:
    """One record behind a figure: where it lies, what a list shows, and what it adds."""

    path: str
    cells: tuple[str, ...]
    url: str
    part: Fraction | int
    of: int = 1
    is_old: bool = False


def place_text(place: Place) -> str:
    return f"{place.parent or ''}{place}"


def village_url(village_id: UUID) -> str:
    return reverse("committee", args=[village_id])


# --- members --------------------------------------------------------------------------------------


def _people(seats: Iterable[Seat]) -> list[tuple[Member, Sequence[Seat]]]:
    """Each member once, with all own posts."""
    of: dict[str, list[Seat]] = defaultdict(list)
    for one in seats:
        of[str(one.office.person_id)].append(one)
    return [(one, of[one.person]) for one in teams.members(s for held in of.values() for s in held)]


Weigh = Callable[[Member, Asked], tuple[Fraction | int, int, str]]
"""What a member adds, to how many it belongs, and the cell that shows why."""


def _member_rows(seats: Iterable[Seat], asked: Asked, weigh: Weigh, *, is_old: bool) -> list[Row]:
    rows = []
    for member, held in _people(teams.within(seats, asked.team)):
        part, of, cell = weigh(member, asked)
        village = held[0].office.village
        posts = "、".join(POST_LABELS[one.office.post] for one in held)
        rows.append(
            Row(
                village.path,
                (place_text(village), held[0].office.person.name, posts, cell),
                village_url(village.pk),
                part,
                of,
                is_old,
            )
        )
    return rows


def new_members(weigh: Weigh) -> Callable[[Scope, Asked], list[Row]]:
    """The new teams of all villages."""

    def rows(scope: Scope, asked: Asked) -> list[Row]:
        found = teams.teams(scope, asked.on, asked.reference)
        return _member_rows(found.new, asked, weigh, is_old=False)

    return rows


def both_teams(weigh: Weigh) -> Callable[[Scope, Asked], list[Row]]:
    """New and old teams of the villages that have both."""

    def rows(scope: Scope, asked: Asked) -> list[Row]:
        found = teams.teams(scope, asked.on, asked.reference)
        new = _member_rows(teams.compared(found), asked, weigh, is_old=False)
        return new + _member_rows(found.old, asked, weigh, is_old=True)

    return rows


def weigh_age(member: Member, asked: Asked) -> tuple[Fraction | int, int, str]:
    if member.birth_on is None:
        return 0, 0, "没有登记出生日期"
    age = age_of(member.birth_on, member.counted_on, asked.mode)
    return age, 1, f"{one_digit(age) if asked.mode == AgeMode.DECIMAL else age} 岁"


def weigh_schooling(member: Member, _: Asked) -> tuple[int, int, str]:
    return int(is_high_school(member.education)), 1, member.education or "没有登记学历"


def weigh_source(member: Member, _: Asked) -> tuple[int, int, str]:
    kinds = "、".join(SOURCE_LABELS[one] for one in sorted(member.sources))
    return int(bool(member.sources)), 1, kinds


def weigh_woman(member: Member, _: Asked) -> tuple[int, int, str]:
    is_woman = member.gender == "female"
    return int(is_woman), 1, {"female": "女", "male": "男"}.get(member.gender, "没有登记性别")


def weigh_young(member: Member, asked: Asked) -> tuple[int, int, str]:
    age, known, cell = weigh_age(member, asked)
    return int(bool(known) and age <= YOUNG_AGE), known, cell


# --- villages -------------------------------------------------------------------------------------


def one_shoulder_rate(scope: Scope, asked: Asked) -> list[Row]:
    found: list[Any] = list(committees.both_posts_filled(scope, asked.on))
    return _village_rows(found, asked, lambda one: int(one.is_one))


def one_shoulder_villages(scope: Scope, asked: Asked) -> list[Row]:
    return _village_rows(
        list(committees.one_shoulder_villages(scope, asked.on)), asked, lambda _: 1
    )


def _village_rows(villages: Sequence[Any], asked: Asked, part: Callable[[Any], int]) -> list[Row]:
    heads = committees.heads_of(villages, asked.on)
    rows = []
    for one in villages:
        held = heads.get(one.pk, {})
        directors = [name for post in sorted(DIRECTORS) for name in held.get(post, [])]
        cells = (
            place_text(one),
            "、".join(held.get(OfficerPost.PARTY_SECRETARY, [])),
            "、".join(directors),
        )
        rows.append(Row(one.path, cells, village_url(one.pk), part(one)))
    return rows


def vacancies(scope: Scope, asked: Asked) -> list[Row]:
    """One row for each village; it adds as many as it has vacant posts."""
    found: list[Any] = list(committees.vacant_villages(scope, asked.on))
    left = committees.secretaries_left_on([one.pk for one in found], asked.on)
    rows = []
    for one in found:
        posts = []
        if not one.has_secretary:
            days = f"（{(asked.on - left[one.pk]).days} 天）" if one.pk in left else ""
            posts.append(f"{OfficerPost.PARTY_SECRETARY.label}{days}")
        if not one.has_director:
            posts.append("村（居）民委员会主任")
        cells = (place_text(one), "、".join(posts))
        rows.append(Row(one.path, cells, village_url(one.pk), len(posts)))
    return rows


def ending_terms(scope: Scope, asked: Asked) -> list[Row]:
    return [
        Row(
            one.village.path,
            (place_text(one.village), one.get_kind_display(), f"第 {one.number} 届",
             f"{one.planned_until} 届满"),
            village_url(one.village_id),
            1,
        )
        for one in terms.ending(scope, asked.on).order_by("planned_until", "village__path", "kind")
    ]  # fmt: skip


def reserve_people(scope: Scope, asked: Asked) -> list[Row]:
    """Each person once, in whatever number of villages."""
    seen = set[UUID]()
    rows = []
    for one in reserve.counted(scope, asked.on).order_by("village__path", "found_on", "pk"):
        cells = (place_text(one.village), one.person.name, one.get_state_display(), one.mentor)
        url = reverse("reserve_detail", args=[one.pk])
        rows.append(Row(one.village.path, cells, url, int(one.person_id not in seen)))
        seen.add(one.person_id)
    return rows


def negative_reviews(scope: Scope, asked: Asked) -> list[Row]:
    """People of whom a department answered that there is a problem; each once (IND-1-11).

    What was answered stays with those who decide (10.1).
    """
    rows, seen = [], set[UUID]()
    found = JointReview.objects.visible_to(scope).filter(
        answers__result=ReviewResult.NEGATIVE, answers__answered_on__lte=asked.on
    )
    ordered = found.distinct().select_related("person", "village__parent")
    for one in ordered.order_by("village__path", "opened_on", "pk"):
        cells = (place_text(one.village), one.person.name, one.get_purpose_display())
        rows.append(
            Row(one.village.path, cells, village_url(one.village_id),
                int(one.person_id not in seen))
        )  # fmt: skip
        seen.add(one.person_id)
    return rows


def mended(scope: Scope, asked: Asked) -> list[Row]:
    """Problems of the look-back, closed or not (IND-1-12)."""
    found = LookBackCheck.objects.filter(
        change__village__in=committees.list_villages(scope).order_by().values("pk"),
        result=ItemResult.PROBLEM, checked_on__lte=asked.on,
    ).select_related("change__village__parent")  # fmt: skip
    rows = []
    for one in found.order_by("change__village__path", "item", "pk"):
        village = one.change.village
        done = one.state in (MendState.CLOSED, MendState.EXEMPTED) and (
            one.closed_on is None or one.closed_on <= asked.on
        )
        cells = (place_text(village), one.get_item_display(), one.get_state_display())
        rows.append(Row(village.path, cells, village_url(village.pk), int(done)))
    return rows
