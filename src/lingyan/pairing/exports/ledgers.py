"""How do sums and problems leave as a list?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from django.db.models import QuerySet

from lingyan.common.sheet import Column, Kind, Sheet
from lingyan.pairing.models import PairFund, PairProblem
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.exchange.exporting import export_list

PLACES = (Column("town", "乡镇"), Column("village", "村"))
FUNDS = Sheet(
    kind="pair_funds",
    title="项目资金台账",
    columns=(
        *PLACES,
        Column("project", "项目"),
        Column("source", "来源"),
        Column("committed", "协议（意向）金额（元）", Kind.DECIMAL),
        Column("committed_on", "协议日期", Kind.DATE),
        Column("arrived", "协调到位金额（元）", Kind.DECIMAL),
        Column("arrived_on", "到位日期", Kind.DATE),
        Column("spent", "拨付金额（元）", Kind.DECIMAL),
        Column("spent_on", "拨付日期", Kind.DATE),
        Column("claimants", "认领方（个）", Kind.INTEGER),
    ),
)
PROBLEMS = Sheet(
    kind="pair_problems",
    title="联建问题台账",
    columns=(
        *PLACES,
        Column("kind", "类别"),
        Column("channel", "来源"),
        Column("text", "问题", max_length=500),
        Column("raised_by", "提出人"),
        Column("raised_on", "提出日期", Kind.DATE),
        Column("due_on", "办理期限", Kind.DATE),
        Column("state", "状态"),
        Column("handled_text", "办理情况", max_length=500),
        Column("beneficiaries", "确认的受益群众"),
        Column("solved_on", "确认解决日期", Kind.DATE),
        Column("claimants", "认领方（个）", Kind.INTEGER),
    ),
)
FUND_FIELDS = (
    "project", "committed", "committed_on", "arrived", "arrived_on", "spent", "spent_on",
    "claimants",
)  # fmt: skip
PROBLEM_FIELDS = (
    "text", "raised_by", "raised_on", "due_on", "handled_text", "beneficiaries", "solved_on",
    "claimants",
)  # fmt: skip


def write_funds(target: BinaryIO, funds: QuerySet[PairFund], *, actor: Actor) -> None:
    export_list(FUNDS, _fund_rows(funds), target, actor=actor)


def _fund_rows(funds: QuerySet[PairFund]) -> Iterator[dict[str, Any]]:
    for one in funds.iterator(chunk_size=500):
        yield {
            "town": str(one.village.parent or ""),
            "village": str(one.village),
            "source": one.get_source_display(),
            **{name: getattr(one, name) for name in FUND_FIELDS},
        }


def write_problems(target: BinaryIO, problems: QuerySet[PairProblem], *, actor: Actor) -> None:
    export_list(PROBLEMS, _problem_rows(problems), target, actor=actor)


def _problem_rows(problems: QuerySet[PairProblem]) -> Iterator[dict[str, Any]]:
    for one in problems.iterator(chunk_size=500):
        yield {
            "town": str(one.village.parent or ""),
            "village": str(one.village),
            "kind": one.get_kind_display(),
            "channel": one.get_channel_display(),
            "state": one.get_state_display(),
            **{name: getattr(one, name) for name in PROBLEM_FIELDS},
        }
