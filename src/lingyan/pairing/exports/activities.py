"""How do activities leave as a list for the files of an office?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from django.db.models import QuerySet

from lingyan.common.sheet import Column, Kind, Sheet
from lingyan.pairing.models import PairActivity, Pairing
from lingyan.pairing.rules.activity_words import Attendance
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.reading import note_listed
from lingyan.platform.exchange.exporting import export_list

ACTIVITIES = Sheet(
    kind="pair-activities",
    title="联建活动",
    columns=(
        Column("day", "日期", Kind.DATE),
        Column("kind", "类别"),
        Column("state", "状态"),
        Column("mode", "方式"),
        Column("units", "单位"),
        Column("villages", "村"),
        Column("pairs", "服务结对数", Kind.INTEGER),
        Column("place", "地点"),
        Column("hours", "时长(小时)"),
        Column("has_oath", "重温入党誓词", Kind.BOOLEAN),
        Column("spot", "单位到现场人数", Kind.INTEGER),
        Column("online", "单位线上人数", Kind.INTEGER),
        Column("people", "单位参加的人", max_length=4000),
        Column("villagers", "村里参加人数", Kind.INTEGER),
        Column("beneficiaries", "受益人数", Kind.INTEGER),
        Column("summary", "做了什么", max_length=1000),
        Column("made_by", "登记人"),
        Column("cancel_reason", "取消理由"),
    ),
    key=(),
    guidance=(),
)


def write_activities(target: BinaryIO, rows: QuerySet[PairActivity], *, actor: Actor) -> None:
    export_list(ACTIVITIES, _rows(rows, actor), target, actor=actor)


def _rows(rows: QuerySet[PairActivity], actor: Actor) -> Iterator[dict[str, Any]]:
    """Names of the units that the reader sees; of other units only how many came."""
    found = rows.prefetch_related("participants__person")
    seen = set(Pairing.objects.visible_to(actor.scope).order_by().values_list("unit_id", flat=True))
    for one in found.iterator(chunk_size=500):
        pairs, people = list(one.pairings.all()), list(one.participants.all())
        others = {pair.unit_id for pair in pairs} - seen
        named = [each for each in people if each.unit_id not in others]
        for participant in named:
            note_listed(participant.person)
        yield {
            "day": one.day,
            "kind": one.get_kind_display(),
            "state": one.get_state_display(),
            "mode": one.get_mode_display(),
            "units": "、".join(dict.fromkeys(str(pair.unit) for pair in pairs)),
            "villages": "、".join(dict.fromkeys(str(pair.village) for pair in pairs)),
            "pairs": len(pairs),
            "place": f"{one.place or ''}{one.venue}",
            "hours": one.hours,
            "has_oath": one.has_oath,
            "spot": sum(each.attendance == Attendance.SPOT for each in people),
            "online": sum(each.attendance == Attendance.ONLINE for each in people),
            "people": "、".join(each.person.name for each in named),
            "villagers": one.villagers,
            "beneficiaries": one.beneficiaries,
            "summary": one.summary,
            "made_by": one.made_by_name,
            "cancel_reason": one.cancel_reason,
        }
