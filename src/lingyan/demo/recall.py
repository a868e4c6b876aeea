"""Which of the demo's people were warned, and whose place waits for somebody new?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from lingyan.common import clock
from lingyan.demo.cast import Cast
from lingyan.platform.accounts.actor import Actor
from lingyan.posting.actions import pool, presence, recall
from lingyan.posting.models import Posting, RecallCase

DAY = timedelta(days=1)


def keep(cast: Cast, postings: Sequence[Posting], today: date) -> None:
    """One warned, one recalled last week, one being asked, one of whom only records speak."""
    warned, recalled, asked, missed = postings
    case = _open(
        cast, warned, "RG01", "产业项目停在前期两个季度，村里反映推动不力", today - 34 * DAY
    )
    _walk(
        cast, case, today - 32 * DAY,
        ("tell", _town, {"text": "请说明今年产业项目的推进情况"}),
        ("hear", _town, {"text": "在镇党委会议室当面听取：项目用地没有落实，已联系自然资源所"}),
        ("verify", _town, {"text": "项目台账停在三月，用地手续确实未办，本人催办不够"}),
        ("warn", _officer, {"text": "两个月以内办妥用地手续，每半月向镇党委报告一次", "months": 2}),
    )  # fmt: skip
    case = _open(
        cast, recalled, "RG08", "镇里三次走访都不在村，村干部反映每周只来一天", today - 21 * DAY
    )
    _walk(
        cast, case, today - 20 * DAY,
        ("tell", _town, {"text": "核实近三个月的在村情况"}),
        ("hear", _town, {"text": "本人承认原单位工作没有交接完，来村时间不足"}),
        ("verify", _town, {"text": "核对走访记录和村组证明，近三个月每月在村不到十天"}),
        ("opine", _unit, {"text": "尊重组织决定，单位另荐人选"}),
        ("propose", _officer, {"text": "不按规定驻村，建议召回"}),
    )  # fmt: skip
    _walk(
        cast, case, today - 5 * DAY,
        ("decide", _leader, {
            "text": "部务会研究，同意召回", "document_number": f"宣组发〔{today.year}〕召 1 号",
        }),
        ("deliver", _officer, {"text": "当面送达本人"}),
    )  # fmt: skip
    with clock.at(today - 5 * DAY):
        pool.return_pool_entry(recalled.person.pool_entry, actor=cast.officer)
    case = _open(cast, asked, "RG10", "有群众来信反映与村干部配合不好", today - 2 * DAY)
    _walk(cast, case, today - DAY, ("tell", _town, {"text": "请说明与村两委配合的情况"}))
    for days in (33, 19, 6):
        _absent(cast, missed, today - days * DAY)


def _absent(cast: Cast, posting: Posting, day: date) -> None:
    """Found by the town, explained, upheld by its head."""
    assert posting.village.parent is not None
    with clock.at(day + DAY):
        found = presence.find_absence(
            posting, on=day, text="走访时不在村", actor=_town(cast, posting)
        )
        presence.state_absence(found, statement="在县城办私事", actor=_town(cast, posting))
        head = cast.town_secretary(posting.village.parent)
        presence.settle_absence(found, upholds=True, answer="没有请假，属实", actor=head)


def _open(cast: Cast, posting: Posting, ground: str, text: str, day: date) -> RecallCase:
    with clock.at(day):
        return recall.open_case(
            posting, ground=ground, source="check", text=text, actor=_town(cast, posting)
        )


def _walk(cast: Cast, case: RecallCase, day: date, *steps: tuple[str, Any, dict[str, Any]]) -> None:
    with clock.at(day):
        for act, who, said in steps:
            recall.take_step(case, act, actor=who(cast, case.posting), **said)


def _town(cast: Cast, posting: Posting) -> Actor:
    assert posting.village.parent is not None
    return cast.town(posting.village.parent)


def _unit(cast: Cast, posting: Posting) -> Actor:
    assert posting.unit is not None
    return cast.unit(posting.unit)


def _officer(cast: Cast, _posting: Posting) -> Actor:
    return cast.officer


def _leader(cast: Cast, _posting: Posting) -> Actor:
    return cast.leader
