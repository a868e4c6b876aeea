"""How does the register of pairs leave as a list for the files of an office?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from django.db.models import QuerySet

from lingyan.common.sheet import Column, Kind, Sheet
from lingyan.pairing.models import Pairing
from lingyan.pairing.rules.pairings import last_day
from lingyan.pairing.rules.words import Goal
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.exchange.exporting import export_list

REGISTER = Sheet(
    kind="pairing_register",
    title="结对名册",
    columns=(
        Column("unit", "单位"),
        Column("town", "乡镇"),
        Column("village", "村"),
        Column("level", "层级"),
        Column("part", "牵头或协助"),
        Column("state", "状态"),
        Column("origin", "来源"),
        Column("points", "结对分", Kind.INTEGER),
        Column("goals", "共建目标"),
        Column("unit_contact", "单位联系人"),
        Column("village_contact", "村联系人"),
        Column("agreement_number", "协议编号"),
        Column("signed_on", "签订日期", Kind.DATE),
        Column("since", "开始日期", Kind.DATE),
        Column("last_day", "期限最后一天", Kind.DATE),
        Column("until", "实际结束日", Kind.DATE),
        Column("end_reason", "结束原因", max_length=1000),
    ),
    key=(),
    guidance=(),
)


def write_pairings(target: BinaryIO, pairings: QuerySet[Pairing], *, actor: Actor) -> None:
    export_list(REGISTER, _rows(pairings), target, actor=actor)


def _rows(pairings: QuerySet[Pairing]) -> Iterator[dict[str, Any]]:
    labels = dict(Goal.choices())
    for one in pairings.iterator(chunk_size=500):
        yield {
            "unit": str(one.unit),
            "town": str(one.village.parent or ""),
            "village": str(one.village),
            "level": one.get_level_display(),
            "part": "牵头" if one.is_lead else "协助",
            "state": one.get_state_display(),
            "origin": one.get_origin_display(),
            "points": one.points,
            "goals": "、".join(labels.get(code, code) for code in one.goals),
            "unit_contact": one.unit_contact,
            "village_contact": one.village_contact,
            "agreement_number": one.agreement_number,
            "signed_on": one.signed_on,
            "since": one.since,
            "last_day": last_day(one.planned_until) if one.planned_until else None,
            "until": one.until,
            "end_reason": one.end_reason,
        }
