"""How do the five, deeds, meetings and projects leave as lists for the files of an office?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from django.db.models import QuerySet

from lingyan.common.sheet import Column, Kind, Sheet
from lingyan.pairing.models import PairDeed, Pairing, PairMeeting, PairProject
from lingyan.pairing.queries import year as queries
from lingyan.pairing.rules.words import FiveOne
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.exchange.exporting import export_list

PAIR_COLUMNS = (Column("units", "单位"), Column("villages", "村"))


def _pairs(thing: PairDeed | PairMeeting | PairProject) -> dict[str, str]:
    pairs = list(thing.pairings.all())
    return {
        "units": "、".join(dict.fromkeys(str(one.unit) for one in pairs)),
        "villages": "、".join(dict.fromkeys(str(one.village) for one in pairs)),
    }


FIVE_ONES = Sheet(
    kind="pair-five-ones",
    title="五个一",
    columns=(
        Column("year", "年度", Kind.INTEGER),
        Column("town", "乡镇"),
        Column("village", "村"),
        Column("unit", "单位"),
        *(Column(one.value, one.label, Kind.BOOLEAN) for one in FiveOne),
        Column("done", "完成项数", Kind.INTEGER),
    ),
    key=(),
    guidance=(),
)


def write_five_ones(
    target: BinaryIO, pairs: Iterable[Pairing], *, year: int, actor: Actor
) -> None:  # fmt: skip
    pairs = list(pairs)
    done = queries.five_ones([one.pk for one in pairs], year)

    def rows() -> Iterator[dict[str, Any]]:
        for one in pairs:
            found = done.get(one.pk, frozenset())
            yield {
                "year": year,
                "town": str(one.village.parent or ""),
                "village": str(one.village),
                "unit": str(one.unit),
                **{each.value: each in found for each in FiveOne},
                "done": len(found),
            }

    export_list(FIVE_ONES, rows(), target, actor=actor)


DEEDS = Sheet(
    kind="pair-deeds",
    title="结对实事",
    columns=(
        Column("done_on", "办成日期", Kind.DATE),
        Column("title", "实事"),
        *PAIR_COLUMNS,
        Column("text", "怎样办的", max_length=2000),
        Column("beneficiaries", "受益人数", Kind.INTEGER),
        Column("state", "状态"),
        Column("confirmed_on", "群众确认日期", Kind.DATE),
        Column("confirmed", "确认人数", Kind.INTEGER),
    ),
    key=(),
    guidance=(),
)


def write_deeds(target: BinaryIO, rows: QuerySet[PairDeed], *, actor: Actor) -> None:
    found = (
        {
            "done_on": one.done_on,
            "title": one.title,
            **_pairs(one),
            "text": one.text,
            "beneficiaries": one.beneficiaries,
            "state": one.get_state_display(),
            "confirmed_on": one.confirmed_on,
            "confirmed": len(one.confirmations.all()),
        }
        for one in rows.prefetch_related("confirmations").iterator(chunk_size=500)
    )
    export_list(DEEDS, found, target, actor=actor)


MEETINGS = Sheet(
    kind="pair-meetings",
    title="联席会议和互访",
    columns=(
        Column("day", "日期", Kind.DATE),
        Column("kind", "类别"),
        *PAIR_COLUMNS,
        Column("mode", "方式"),
        Column("with_whom", "双方参加的人"),
        Column("topics", "议了什么、看了什么", max_length=2000),
        Column("agreed", "议定的事", max_length=2000),
        Column("withdrawn", "撤回理由"),
    ),
    key=(),
    guidance=(),
)


def write_meetings(target: BinaryIO, rows: QuerySet[PairMeeting], *, actor: Actor) -> None:
    found = (
        {
            "day": one.day,
            "kind": one.get_kind_display(),
            **_pairs(one),
            "mode": one.get_mode_display(),
            "with_whom": one.with_whom,
            "topics": one.topics,
            "agreed": one.agreed,
            "withdrawn": one.withdrawn,
        }
        for one in rows.iterator(chunk_size=500)
    )
    export_list(MEETINGS, found, target, actor=actor)


PROJECTS = Sheet(
    kind="pair-projects",
    title="共建项目",
    columns=(
        Column("name", "项目"),
        *PAIR_COLUMNS,
        Column("owner", "负责人"),
        Column("since", "开始日期", Kind.DATE),
        Column("due_on", "计划完成日期", Kind.DATE),
        Column("state", "状态"),
        Column("milestones", "节点数", Kind.INTEGER),
        Column("reached", "已完成节点", Kind.INTEGER),
        Column("closed_on", "完成（停止）日期", Kind.DATE),
        Column("close_text", "完成（停止）情况"),
    ),
    key=(),
    guidance=(),
)


def write_projects(target: BinaryIO, rows: QuerySet[PairProject], *, actor: Actor) -> None:
    found = (
        {
            "name": one.name,
            **_pairs(one),
            "owner": one.owner,
            "since": one.since,
            "due_on": one.due_on,
            "state": one.get_state_display(),
            "milestones": len(one.milestones.all()),
            "reached": sum(each.reached_on is not None for each in one.milestones.all()),
            "closed_on": one.closed_on,
            "close_text": one.close_text,
        }
        for one in rows.iterator(chunk_size=500)
    )
    export_list(PROJECTS, found, target, actor=actor)
