"""How do a payment list and the overview of support leave as workbooks?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from lingyan.common.money import NOTHING
from lingyan.common.workbook import write_book
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.reading import note_listed
from lingyan.platform.exchange.exporting import export_banner
from lingyan.posting.models import PaymentLine, PaymentList
from lingyan.posting.rules.support import ItemLine
from lingyan.posting.rules.support_words import SupportItem
from lingyan.posting.sheets import PAYMENTS, SUPPORT_OVERVIEW


def write_payment(
    target: BinaryIO, payment: PaymentList, lines: Sequence[PaymentLine], *, actor: Actor
) -> int:
    """The lines of a list and, below them, their sum; answers how many people stand on it."""
    banner = f"{payment}（{payment.get_state_display()}）。{export_banner(actor, '补贴发放')}"
    write_book(target, [(PAYMENTS, _payment_rows(lines))], banner=banner)
    return len(lines)


def _payment_rows(lines: Sequence[PaymentLine]) -> Iterator[dict[str, Any]]:
    total = NOTHING
    for number, one in enumerate(lines, 1):
        note_listed(one.person)
        total += one.amount
        yield {
            "number": number,
            "person": one.person.name,
            "town": str(one.posting.village.parent or ""),
            "village": str(one.posting.village),
            "unit": str(one.posting.unit or ""),
            "days": one.days,
            "rate": one.rate,
            "amount": one.amount,
            "note": f"更正 {one.month:%Y-%m}：{one.correction.reason}" if one.correction else None,
        }
    yield {"person": "合计", "amount": total}


def write_overview(
    target: BinaryIO, rows: Sequence[tuple[Any, Sequence[ItemLine]]], *, actor: Actor
) -> int:
    """Each person with the state of each item, as the page shows it."""
    return write_book(
        target,
        [(SUPPORT_OVERVIEW, _overview_rows(rows))],
        banner=export_banner(actor, "保障落实核对"),
    )


def _overview_rows(
    rows: Sequence[tuple[Any, Sequence[ItemLine]]],
) -> Iterator[dict[str, Any]]:
    for posting, lines in rows:
        note_listed(posting.person)
        states = {f"{one.item.value}": told(one) for one in lines}
        yield {
            "person": posting.person.name,
            "town": str(posting.village.parent or ""),
            "village": str(posting.village),
            "unit": str(posting.unit or ""),
            **states,
            "overdue": sum(one.overdue for one in lines),
        }


def told(line: ItemLine) -> str:
    """已落实, or 逾期（2/10） where there are several in a year."""
    several = f"（{line.done}/{line.due}）" if line.item in MONTHLY else ""
    return f"{line.state.label}{several}"


MONTHLY = (SupportItem.LIVING, SupportItem.TRANSPORT_COMM)
