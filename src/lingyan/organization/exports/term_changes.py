"""How do the results of term changes leave as a list for the files of an office?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from django.db.models import QuerySet

from lingyan.common.sheet import Column, Kind, Sheet
from lingyan.directory.rules import SourceCategory
from lingyan.organization.models import TermChange
from lingyan.organization.queries import term_changes as queries
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.reading import note_listed
from lingyan.platform.exchange.exporting import export_list

RESULTS = Sheet(
    kind="term_change_results",
    title="换届选举结果",
    columns=(
        Column("town", "乡镇"),
        Column("village", "村"),
        Column("state", "换届状态"),
        Column("post", "职务"),
        Column("name", "姓名"),
        Column("gender", "性别"),
        Column("birth_on", "出生日期", Kind.DATE),
        Column("education", "学历"),
        Column("sources", "四类人员"),
        Column("held_on", "选举日", Kind.DATE),
        Column("kind", "次别"),
        Column("votes", "得票", Kind.INTEGER),
        Column("attended", "实到（参加投票）", Kind.INTEGER),
        Column("due", "应到（登记选民）", Kind.INTEGER),
        Column("approval_number", "批复文号"),
        Column("filing_number", "备案文号"),
    ),
    key=(),
    guidance=(),
)


def write_results(target: BinaryIO, changes: QuerySet[TermChange], *, actor: Actor) -> None:
    export_list(RESULTS, _rows(changes), target, actor=actor)


def _rows(changes: QuerySet[TermChange]) -> Iterator[dict[str, Any]]:
    labels = dict(SourceCategory.choices())
    for change in changes.iterator(chunk_size=200):
        for one in queries.elected(change):
            person, meeting = one.candidate.person, one.meeting
            note_listed(person)
            yield {
                "town": str(change.village.parent or ""),
                "village": str(change.village),
                "state": change.get_state_display(),
                "post": one.get_post_display(),
                "name": person.name,
                "gender": person.get_gender_display(),
                "birth_on": person.birth_on,
                "education": person.education,
                "sources": "、".join(labels[code] for code, _ in one.candidate.sources),
                "held_on": meeting.held_on,
                "kind": meeting.get_kind_display(),
                "votes": one.votes,
                "attended": meeting.attended,
                "due": meeting.due,
                "approval_number": change.approval_number,
                "filing_number": change.filing_number,
            }
