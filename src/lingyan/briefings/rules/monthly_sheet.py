"""What does the table of a month look like: a row for each village, a column for each item?

What goes out comes in again: the columns that only tell are passed over.
"""

from __future__ import annotations

from collections.abc import Sequence

from lingyan.briefings.rules.monthly import NUMBER_MOST, TEXT_MAX, Item
from lingyan.briefings.rules.monthly_words import ItemKind
from lingyan.common.sheet import Column, Kind, Sheet

KINDS = {
    ItemKind.NUMBER: Kind.INTEGER, ItemKind.YES_NO: Kind.BOOLEAN, ItemKind.TEXT: Kind.TEXT,
}  # fmt: skip


def sheet_of(items: Sequence[Item]) -> Sheet:
    return Sheet(
        kind="monthly_reports",
        title="村月报",
        columns=(
            Column("town", "乡镇"),
            Column("village", "村", Kind.REFERENCE, required=True),
            Column("month", "月份", Kind.DATE, month_allowed=True),
            Column("state", "状态"),
            Column("version", "第几份", Kind.INTEGER),
            Column("submitted_on", "提交日期", Kind.DATE),
            *map(_column, items),
        ),
        key=("town", "village", "version"),
    )


def _column(item: Item) -> Column:
    heading = f"{item.name}（{item.unit}）" if item.unit else item.name
    kind = KINDS[ItemKind(item.kind)]
    most = NUMBER_MOST - 1 if kind is Kind.INTEGER else None
    least = 0 if kind is Kind.INTEGER else None
    return Column(
        item.code, heading, kind, minimum=least, maximum=most, max_length=TEXT_MAX
    )  # fmt: skip
