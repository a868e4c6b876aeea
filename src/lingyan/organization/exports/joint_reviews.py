"""How does the list of those who are reviewed leave for the letters to the departments?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from django.db.models import QuerySet

from lingyan.common import clock
from lingyan.common.sheet import Column, Kind, Sheet
from lingyan.directory.queries import masked_id_number
from lingyan.organization.models import JointReview
from lingyan.organization.queries import joint_reviews as queries
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.reading import note_listed
from lingyan.platform.exchange.exporting import export_list

LIST = Sheet(
    kind="joint_review_list",
    title="联审名单",
    columns=(
        Column("town", "乡镇"),
        Column("village", "村"),
        Column("purpose", "事由"),
        Column("name", "姓名"),
        Column("gender", "性别"),
        Column("birth_on", "出生日期", Kind.DATE),
        Column("id_number", "身份证号（部分遮住）"),
        Column("present", "现任职务"),
        Column("stands", "参选职务"),
        Column("opened_on", "发起日期", Kind.DATE),
        Column("due_on", "答复期限", Kind.DATE),
        Column("answered", "已答复部门", Kind.INTEGER),
        Column("waiting", "未答复部门", max_length=400),
        Column("verdict", "联审结论"),
    ),
    key=(),
    guidance=(),
)


def write_reviews(target: BinaryIO, reviews: QuerySet[JointReview], *, actor: Actor) -> None:
    export_list(LIST, _rows(reviews), target, actor=actor)


def _rows(reviews: QuerySet[JointReview]) -> Iterator[dict[str, Any]]:
    """What a department found stays on the page: a list goes through many hands (10.1)."""
    today, valid = clock.today(), queries.how_long_valid()
    for one in reviews.iterator(chunk_size=200):
        note_listed(one.person)
        told = dict(queries.person_lines(one))
        yield {
            "town": str(one.village.parent or ""),
            "village": str(one.village),
            "purpose": one.get_purpose_display(),
            "name": one.person.name,
            "gender": one.person.get_gender_display(),
            "birth_on": one.person.birth_on,
            "id_number": masked_id_number(one.person),
            "present": told.get("现任职务", ""),
            "stands": told.get("参选职务", ""),
            "opened_on": one.opened_on,
            "due_on": one.due_on,
            "answered": sum(bool(each.result) for each in one.answers.all()),
            "waiting": "、".join(queries.waiting_for(one)),
            "verdict": queries.verdict_of(one, today, valid).label,
        }
