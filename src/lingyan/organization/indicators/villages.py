"""Which posts and terms do the villages have, whom have they found, and what was put right?"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import Case, Q, QuerySet, Sum, When
from django.urls import reverse

from lingyan.directory import search
from lingyan.directory.rules import OfficerPost
from lingyan.directory.rules.hands import LEADER, TOWN
from lingyan.organization.indicators.members import TERMS, of_committees, place_text
from lingyan.organization.models import JointReview, LookBackCheck, Term, VillageReserve
from lingyan.organization.queries import committees, figures, reserve, terms
from lingyan.organization.rules.joint_reviews import ANSWERERS, DEPT_STAFF
from lingyan.organization.rules.term_words import MendState
from lingyan.platform.indicators.definitions import Measure, Question, Record
from lingyan.platform.indicators.sources import FromQuery

HEADS = ("村", "书记", "主任")
# For those who ask and decide; a department learns nothing of what the others found (10.1).
ASKED = tuple(
    role for role in dict.fromkeys((*ANSWERERS, *LEADER, *TOWN)) if role not in DEPT_STAFF
)
MENDED = (MendState.CLOSED, MendState.EXEMPTED)
of_village = partial(search.of_villages_q, prefix="village")


def _url(village_id: object) -> str:
    return reverse("committee", args=[village_id])


# --- posts ----------------------------------------------------------------------------------------


def _headed(one: Any) -> Record:
    cells = (place_text(one), one.secretary or "", one.director or "")
    named = (one.secretary_key, one.director_key)
    people = tuple(dict.fromkeys(str(key) for key in named if key))
    return Record("directory.Place", str(one.pk), one.path, cells, _url(one.pk), people=people)


def _with_heads(rows: QuerySet[Any], asked: Question) -> QuerySet[Any]:
    return figures.with_heads(rows, asked.on)


def _vacant(one: Any) -> Record:
    posts = []
    if not one.has_secretary:
        since = f"（{one.left_on} 起）" if one.left_on else ""
        posts.append(f"{OfficerPost.PARTY_SECRETARY.label}{since}")
    if not one.has_director:
        posts.append("村（居）民委员会主任")
    cells = (place_text(one), "、".join(posts))
    return Record("directory.Place", str(one.pk), one.path, cells, _url(one.pk), part=len(posts))


def _with_day_left(rows: QuerySet[Any], _: Question) -> QuerySet[Any]:
    return figures.with_day_left(rows)


# One for each of the two posts that nobody holds.
VACANCIES = Sum(
    Case(When(has_secretary=False, then=1), default=0)
    + Case(When(has_director=False, then=1), default=0)
)


# --- terms, people, problems ----------------------------------------------------------------------


def _term(one: Term) -> Record:
    cells = (
        place_text(one.village),
        one.get_kind_display(),
        f"第 {one.number} 届",
        one.planned_until,
    )
    return Record("organization.Term", str(one.pk), one.village.path, cells, _url(one.village_id))


def _of_person(label: str, one: JointReview | VillageReserve, *cells: str, url: str) -> Record:
    return Record(
        label, str(one.pk), one.village.path,
        (place_text(one.village), one.person.name, *cells), url, counts=str(one.person_id),
    )  # fmt: skip


def _reserve(one: VillageReserve) -> Record:
    return _of_person(
        "organization.VillageReserve", one, one.get_state_display(), one.mentor,
        url=reverse("reserve_detail", args=[one.pk]),
    )  # fmt: skip


def _review(one: JointReview) -> Record:
    """What was answered stays with those who decide (10.1)."""
    return _of_person(
        "organization.JointReview", one, one.get_purpose_display(), url=_url(one.village_id)
    )


def _problem(one: LookBackCheck) -> Record:
    village = one.change.village
    return Record(
        "organization.LookBackCheck", str(one.pk), village.path,
        (place_text(village), one.get_item_display(), one.get_state_display()),
        _url(village.pk),
    )  # fmt: skip


def _is_mended(asked: Question) -> Q:
    closed = Q(closed_on__isnull=True) | Q(closed_on__lte=asked.on)
    return Q(state__in=MENDED) & closed


INDICATORS = (
    of_committees(
        code="IND-1-06", name="“一肩挑”比例", unit="%", rule="R-1-19",
        basis="统计日书记和主任都有人的村中，由同一人担任的占比；由任职登记算出",
        measure=Measure.SHARE, heads=HEADS, is_good_high=True,
        source=FromQuery(
            lambda asked: committees.both_posts_filled(asked.scope, asked.on), _headed,
            ("path",), "", done=lambda _: Q(is_one=True), shown=_with_heads,
            search=search.villages_q,
        ),
    ),
    of_committees(
        code="IND-1-14", rows=("T20",), name="“一肩挑”的村", unit="个", rule="R-1-19",
        basis="统计日书记和村（居）民委员会主任由同一人担任的村",
        measure=Measure.NUMBER, heads=HEADS, is_good_high=True,
        source=FromQuery(
            lambda asked: committees.one_shoulder_villages(asked.scope, asked.on), _headed,
            ("path",), "", shown=_with_heads, search=search.villages_q,
        ),
    ),
    of_committees(
        code="IND-1-09", name="班子缺额", unit="个", rule="R-1-23",
        basis="统计日没有人担任的书记、主任职务", measure=Measure.NUMBER,
        heads=("村", "空缺的职务"), is_good_high=False,
        source=FromQuery(
            lambda asked: committees.vacant_villages(asked.scope, asked.on), _vacant,
            ("path",), "", added=VACANCIES, shown=_with_day_left, search=search.villages_q,
        ),
    ),
    of_committees(
        code="IND-1-10", name="届期临近的班子", unit="个", rule="R-1-30",
        basis="统计日起 180 天内届满、或已届满还没有换届的班子", measure=Measure.NUMBER,
        heads=("村", "班子", "届次", "届满"), is_good_high=False,
        source=FromQuery(
            lambda asked: terms.ending(asked.scope, asked.on), _term,
            ("planned_until", "village__path", "kind"), "village", search=of_village,
        ),
    ),
    of_committees(
        code="IND-1-11", group=TERMS, name="联审有问题的人", unit="人", rule="R-1-31",
        basis="资格联审中有部门答复“有问题”的人，一人只算一次；答复内容只给办理的人看",
        measure=Measure.NUMBER, heads=("村", "姓名", "事由"), is_good_high=False,
        readers=ASKED, openers=ASKED,
        source=FromQuery(
            lambda asked: figures.negative_reviews(asked.scope, asked.on), _review,
            ("village__path", "opened_on"), "village", counted="person", search=of_village,
        ),
    ),
    of_committees(
        code="IND-1-12", group=TERMS, name="回头看问题整改率", unit="%", rule="R-1-32",
        basis="换届“回头看”发现的问题中，到统计日已销号或经批准不追究的占比",
        measure=Measure.SHARE, heads=("村", "项目", "整改"), is_good_high=True,
        source=FromQuery(
            lambda asked: figures.lookback_problems(asked.scope, asked.on), _problem,
            ("change__village__path", "item"), "change__village", done=_is_mended,
            search=partial(search.of_villages_q, prefix="change__village"),
        ),
    ),
    of_committees(
        code="IND-1-13", group=TERMS, name="村级后备力量", unit="人", rule="R-1-40",
        basis="统计日已确认或在培养的后备力量，一人只算一次", measure=Measure.NUMBER,
        heads=("村", "姓名", "状态", "联系培养人"), is_good_high=True,
        source=FromQuery(
            lambda asked: reserve.counted(asked.scope, asked.on), _reserve,
            ("village__path", "found_on"), "village", counted="person", search=of_village,
        ),
    ),
)  # fmt: skip
