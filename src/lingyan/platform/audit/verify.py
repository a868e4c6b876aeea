"""Is the history whole, and if not, which entry is the first broken one?"""

from __future__ import annotations

from dataclasses import dataclass

from lingyan.platform.audit.chain import FIRST_HASH, sealed_hash
from lingyan.platform.audit.models import AuditEntry, ChainHead


@dataclass(frozen=True, slots=True)
class AuditVerdict:
    """How many entries were read; the first broken one and what is wrong, or None."""

    entries: int
    broken_number: int | None = None
    text: str | None = None


def verify_chain() -> AuditVerdict:
    """Read the whole chain once, in order, in constant memory."""
    previous, expected, count = FIRST_HASH, 1, 0
    for entry in AuditEntry.objects.order_by("number").iterator(chunk_size=2000):
        if entry.number != expected:
            return AuditVerdict(count, expected, f"缺少第 {expected} 条留痕")
        if entry.previous_hash != previous:
            return AuditVerdict(count, expected, f"第 {expected} 条与上一条不衔接")
        if entry.entry_hash != sealed_hash(previous, entry.sealed_fields()):
            return AuditVerdict(count, expected, f"第 {expected} 条内容被改动")
        previous, expected, count = entry.entry_hash, expected + 1, count + 1
    head = ChainHead.objects.filter(pk=1).first()
    if (head.last_number if head else 0) != count or (head and head.last_hash != previous):
        return AuditVerdict(count, expected, f"第 {expected} 条起的留痕被删除")
    return AuditVerdict(count)
